"""The process behind one browser tab: `pathway step` on the case, ended when the tab goes away."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence

from aiohttp.web import WebSocketResponse
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

PATIENCE = 5  # seconds that a process has to leave by itself; whatever was recorded is on disk by then


class Tab(AppService):
    """Started without a shell. A process that ends closes its page, a page that closes ends its process."""

    def __init__(self, command: Sequence[str], page: WebSocketResponse, downloads: DownloadManager) -> None:
        super().__init__(
            "",
            write_bytes=page.send_bytes,
            write_str=page.send_str,
            close=self._close_page,
            download_manager=downloads,
        )
        self._arguments = tuple(command)
        self._page = page

    async def _close_page(self) -> None:
        await self._page.close()

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        environment = self._build_environment(width, height)
        process = await asyncio.create_subprocess_exec(
            *self._arguments, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment
        )
        self._process, self._stdin = process, process.stdin
        return process

    async def run(self) -> None:
        """Pass on what the process shows until it ends."""
        await super().run()
        await self._close_page()

    async def stop(self) -> None:
        """Ask the process to leave, and make it when it does not."""
        try:
            await asyncio.wait_for(super().stop(), PATIENCE)
        except TimeoutError:
            self._task = None
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
