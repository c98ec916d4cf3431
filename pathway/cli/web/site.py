"""The server of one case: its page, the terminal behind it, and a refusal for everybody else."""

from __future__ import annotations

import html
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any, cast

from aiohttp import WSMsgType, web
from textual_serve.server import Server

from pathway.cli.web.admission import FOREIGN_PAGE, GUARDED, LOOPBACK, Admission
from pathway.cli.web.tab import Tab

HERE = Path(__file__).parent
MOST_PASTED = 1 << 20  # bytes of one message from the page
MOST_CELLS = 1000  # columns or rows of a window
FONT_SIZE = 16
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def headers(admission: Admission) -> dict[str, str]:
    """What every answer carries. The terminal emulator writes its own styles, hence `unsafe-inline`."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        f"img-src 'self' data:; connect-src 'self' ws://{admission.host}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {"Content-Security-Policy": policy, **GUARDED}


def page(title: str, admission: Admission) -> str:
    """The page around the terminal; nothing in it comes from outside."""
    words = {"title": title, "socket": f"ws://{admission.host}/ws", "font_size": str(FONT_SIZE)}
    template = Template((HERE / "page.html").read_text("utf-8"))
    return template.substitute({name: html.escape(text) for name, text in words.items()})


@dataclass(slots=True)
class Site:
    """One case under one address; every tab runs `command` in a process of its own."""

    title: str
    command: Sequence[str]
    admission: Admission

    def application(self) -> web.Application:
        """What aiohttp runs."""
        theirs = Server("", host=LOOPBACK, port=self.admission.port)
        open_pages = set[web.WebSocketResponse]()

        async def terminal(request: web.Request) -> web.WebSocketResponse:
            return await self._terminal(request, theirs, open_pages)

        async def close_pages(_: web.Application) -> None:
            for one in tuple(open_pages):
                await one.close()

        @web.middleware
        async def admitted(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._admitted(request, handler)

        app = web.Application(middlewares=[admitted])
        app.router.add_get("/", self._index)
        app.router.add_get("/ws", terminal)
        app.router.add_get("/download/{key}", theirs.handle_download)
        app.router.add_get("/page/{name}", _own_file)
        app.router.add_static("/static", theirs.statics_path)
        app.on_response_prepare.append(self._guarded)
        app.on_shutdown.append(close_pages)
        return app

    async def _admitted(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let a known browser through, and an unknown one by the token, once."""
        ours, host = self.admission, request.headers.get("Host")
        if request.path == "/" and ours.spends(host, request.query.get("token")):
            answer = await handler(request)
            answer.set_cookie(ours.cookie_name, ours.cookie, path="/", httponly=True, samesite="Strict")
            return answer
        refusal = ours.refusal(host, request.cookies.get(ours.cookie_name))
        return await handler(request) if refusal is None else web.Response(status=403, text=refusal)

    async def _guarded(self, _: web.Request, answer: web.StreamResponse) -> None:
        answer.headers.update(headers(self.admission))

    async def _index(self, _: web.Request) -> web.Response:
        return web.Response(text=page(self.title, self.admission), content_type="text/html")

    async def _terminal(
        self, request: web.Request, theirs: Server, open_pages: set[web.WebSocketResponse]
    ) -> web.WebSocketResponse:
        """A terminal for this page only: a page of another site cannot choose the Origin it is sent with."""
        if request.headers.get("Origin") != self.admission.origin:
            raise web.HTTPForbidden(text=FOREIGN_PAGE)
        here = web.WebSocketResponse(heartbeat=15, max_msg_size=MOST_PASTED)
        await here.prepare(request)
        tab = Tab(self.command, here, theirs.download_manager)
        open_pages.add(here)
        try:
            await tab.start(cells(request.query.get("width"), 80), cells(request.query.get("height"), 24))
            async for message in here:
                if message.type == WSMsgType.TEXT:
                    await _pass_on(message.data, tab, here)
        finally:
            open_pages.discard(here)
            await tab.stop()
        return here


def cells(given: object, otherwise: int) -> int:
    """Columns or rows of the page's window; what is no such number is `otherwise`.

    >>> cells("120", 80), cells(None, 80), cells("a", 24), cells(100_000, 24)
    (120, 80, 24, 24)
    """
    text = str(given)
    is_number = text.isascii() and text.isdecimal() and len(text) < 6
    return int(text) if is_number and 1 <= int(text) <= MOST_CELLS else otherwise


async def _pass_on(text: str, tab: Tab, here: web.WebSocketResponse) -> None:
    """Hand what the page says to the process; what is not said in its words is left aside."""
    match heard(text):
        case ["stdin", str(typed)]:
            await tab.send_bytes(typed.encode("utf-8", "replace"))
        case ["resize", {"width": width, "height": height}]:
            await tab.set_terminal_size(cells(width, 80), cells(height, 24))
        case ["ping", str(when)]:
            await here.send_json(["pong", when])
        case ["blur"]:
            await tab.blur()
        case ["focus"]:
            await tab.focus()
        case _:
            return


def heard(text: str) -> list[Any] | None:
    """The message in a text from the page, or None where there is none."""
    try:
        message: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("list[Any]", message) if isinstance(message, list) else None


async def _own_file(request: web.Request) -> web.StreamResponse:
    name = request.match_info["name"]
    if name not in ("page.css", "page.js"):
        raise web.HTTPNotFound(text="404: there is no such file.")
    return web.FileResponse(HERE / name)
