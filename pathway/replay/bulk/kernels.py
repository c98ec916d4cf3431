"""Compiling functions over integer arrays to machine code: once, kept on disk, free of the interpreter.

The machine code is kept under a name made of the text of all pieces, so that a change in any of them compiles
anew: numba itself looks at the file of the outermost function alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

import numpy as np
import numpy.typing as npt
from platformdirs import user_cache_path

Function = TypeVar("Function", bound=Callable[..., Any])
Ints: TypeAlias = npt.NDArray[np.int64]
Bytes: TypeAlias = npt.NDArray[np.uint8]

# For tests and debuggers: the same functions, run by Python itself. Slow, but nothing has to be compiled.
INTERPRETED = os.environ.get("PATHWAY_KERNEL", "") == "interpreted"


def kernel_folder() -> Path:
    """Where the machine code of these very sources is kept; it is there once they were compiled."""
    text = b"".join(file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py")))
    base = os.environ.get("NUMBA_CACHE_DIR")
    return (Path(base) if base else user_cache_path("pathway")) / f"kernel-{sha256(text).hexdigest()[:16]}"


def part(function: Function) -> Function:
    """A piece of the kernel as machine code, called by other pieces alone."""
    return _compiled(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def inlined(function: Function) -> Function:
    """A small piece of the kernel, copied into its callers: a call costs more than what it does."""
    return _compiled(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)


def kernel(function: Function) -> Function:
    """A function as machine code that Python calls. It raises nothing and allocates nothing."""
    return _compiled(function)


def _compiled(function: Function, **options: bool) -> Function:
    if INTERPRETED:
        return function
    compiler, is_kept = _compiler()
    return cast("Function", compiler(cache=is_kept, nogil=True, _nrt=False, **options)(function))


@cache
def _compiler() -> tuple[Callable[..., Callable[[Any], Any]], bool]:
    """What compiles, and whether machine code can be kept on this disk."""
    import numba  # pyright: ignore[reportMissingTypeStubs]

    folder = kernel_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_kept = os.access(folder, os.W_OK)
    except OSError:
        is_kept = False
    cast("Any", numba).config.CACHE_DIR = str(folder)
    return cast("Callable[..., Callable[[Any], Any]]", cast("Any", numba).njit), is_kept
