"""The server of a preview: one page for browsers on this computer, and word of every newer one."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import parse_qs, urlsplit

from pathway.cli.web.admission import GUARDED, LOOPBACK, Admission

HELD = 20.0  # seconds that a question for a newer page is kept open
SLOWEST = 60.0  # seconds that a browser may take to ask or to listen
LONGEST_NUMBER = 12  # digits of a revision
COMMAND = "pathway draw --watch"
FRAMED = "frame-ancestors 'none'"  # the rest of the policy stands in the page, with its hashes


@dataclass(slots=True)
class Board:
    """The page as it is now; whoever waits for a newer one is told when there is."""

    _changed: threading.Condition = field(default_factory=threading.Condition)
    _revision: int = 0
    _page: str = ""
    _is_closed: bool = False

    def put_up(self, revision: int, page: str) -> None:
        """Show this page from now on."""
        with self._changed:
            self._revision, self._page = revision, page
            self._changed.notify_all()

    def page(self) -> str:
        """What is shown."""
        with self._changed:
            return self._page

    def newer(self, than: int, seconds: float = HELD) -> str | None:
        """A page of another revision as soon as there is one; None after so many seconds without."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._revision != than, seconds)
            return self._page if self._revision != than and not self._is_closed else None

    def close(self) -> None:
        """Let everybody go who waits."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()


class Site(ThreadingHTTPServer):
    """One preview under one address of this computer, at a port of the system's choice.

    Every question is answered in a thread of its own; none of them outlives the command.
    """

    daemon_threads = True

    def __init__(self, board: Board) -> None:
        super().__init__((LOOPBACK, 0), _Answer)
        self.board = board
        self.admission = Admission(self.server_port, COMMAND)

    def close(self) -> None:
        """Stop answering."""
        self.board.close()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in the middle of an answer is no fault."""


class _Answer(BaseHTTPRequestHandler):
    """Answers one question of a browser."""

    timeout = SLOWEST
    server_version, sys_version = "pathway", ""

    def do_GET(self) -> None:
        """The page, or a newer one; nothing for whoever was not let in."""
        asked = urlsplit(self.path)
        said = {name: values[0] for name, values in parse_qs(asked.query).items()}
        ours, host = cast(Site, self.server).admission, self.headers.get("Host")
        if asked.path == "/" and ours.spends(host, said.get("token")):
            kept = f"{ours.cookie_name}={ours.cookie}; Path=/; HttpOnly; SameSite=Strict"
            return self._say(200, self._board.page(), {"Set-Cookie": kept})
        refusal = ours.refusal(host, self._cookie(ours.cookie_name))
        if refusal is not None:
            return self._say(403, refusal)
        return self._tell(asked.path, said.get("after", ""))

    def _tell(self, path: str, after: str) -> None:
        if path == "/":
            return self._say(200, self._board.page())
        if path != "/wait" or not (after.isascii() and after.isdecimal() and len(after) <= LONGEST_NUMBER):
            return self._say(404, "404: there is no such page.")
        newer = self._board.newer(int(after))
        return self._say(204, "") if newer is None else self._say(200, newer)

    @property
    def _board(self) -> Board:
        return cast(Site, self.server).board

    def _cookie(self, name: str) -> str | None:
        """The cookie of this name; what else a browser sends along is left aside."""
        pairs = (one.strip().partition("=") for one in self.headers.get("Cookie", "").split(";"))
        return next((value for known, _, value in pairs if known == name), None)

    def _say(self, status: int, words: str, further: dict[str, str] | None = None) -> None:
        content = words.encode()
        kind = "text/html" if status == 200 else "text/plain"
        self.send_response(status)
        for name, value in {"Content-Security-Policy": FRAMED, **GUARDED, **(further or {})}.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the terminal belongs to the author."""
