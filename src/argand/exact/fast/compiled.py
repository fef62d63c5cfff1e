"""How kernels are compiled, and where they are kept: in the user's cache folder.

Numba looks only at the file of the function that it compiles, not at the files of what that
calls, so it would miss a changed bound in one of these. Hence kernels have a subfolder that is
named by a digest of all these sources.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from numba import config, njit
from numba.extending import intrinsic

F = TypeVar("F", bound=Callable[..., Any])


def _folder() -> str:
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        root = Path(chosen)
    elif sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    else:
        root = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return str(root / "argand" / f"kernels-{digest.hexdigest()[:16]}")


def _writable(folder: str) -> bool:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


_FOLDER = _folder()
_KEPT = _writable(_FOLDER)


def kernel(function: F) -> F:
    """``function`` compiled at its first call, or loaded where an earlier process compiled it.

    Strict IEEE arithmetic: no reassociation, no contraction, subnormals kept.
    """
    before = config.CACHE_DIR
    config.CACHE_DIR = _FOLDER  # read when the cache is set up, so only these kernels see it
    try:
        compiled: F = njit(cache=_KEPT, error_model="numpy", nogil=True)(function)
    finally:
        config.CACHE_DIR = before
    return compiled


def inlined(function: F) -> F:
    """A piece of kernels, put into their loops so that these become vector instructions."""
    compiled: F = njit(error_model="numpy", forceinline=True)(function)
    return compiled


def instruction(function: Callable[..., Any]) -> Callable[..., Any]:
    """One instruction of LLVM's: ``function`` gives its signature and the code that makes it."""
    compiled: Callable[..., Any] = intrinsic(function)
    return compiled


def outlined(function: F) -> F:
    """A piece of kernels for few lanes, called."""
    compiled: F = njit(error_model="numpy")(function)
    return compiled
