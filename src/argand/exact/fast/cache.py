"""Where compiled kernels are kept: the user's cache folder, one subfolder for these sources.

Numba looks only at the file of the function that it compiles, not at what that calls, so a
changed bound in another file would not be seen; hence the digest of all of them in the name.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import config, njit


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


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function`` compiled at its first call, or loaded where an earlier process compiled it.

    Strict IEEE arithmetic: no reassociation, no contraction, subnormals kept.
    """
    before = config.CACHE_DIR
    config.CACHE_DIR = _FOLDER  # read when the cache is set up, so only these kernels see it
    try:
        return njit(cache=_KEPT, error_model="numpy", nogil=True)(function)
    finally:
        config.CACHE_DIR = before
