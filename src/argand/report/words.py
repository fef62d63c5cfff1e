"""How the page writes numbers, shares and other people's texts."""

from __future__ import annotations

import math
import re

_PATH = re.compile(r"(?<![\w.<>])(?:[A-Za-z]:)?(?:[/\\][^\s/\\:'\"<>|()]+){2,}")
_ROOTS = re.compile(r"^.*[/\\](?:site-packages|src)[/\\]")


def percent(share: float | None) -> str:
    """A share in per cent, never rounded up to 100 or down to 0."""
    if share is None or math.isnan(share):
        return "—"
    if share in (0, 1):
        return f"{100 * share:.0f} %"
    digits = next((d for d in range(1, 6) if 0 < round(100 * share, d) < 100), 6)
    return f"{100 * share:.{digits}f} %"


def portable(text: str) -> str:
    """``text`` without this machine's folders: of each absolute path only the place in a package is
    left, else the file's name."""

    def cut(match: re.Match[str]) -> str:
        path = match[0]
        rest = _ROOTS.sub("", path)
        return rest if rest != path else re.split(r"[/\\]", path)[-1]

    return _PATH.sub(cut, text)


def spaced(name: str) -> str:
    """A name of the code's, as words."""
    return name.replace("_", " ")


def number(value: float) -> str:
    """Three digits, with a minus sign that is one."""
    return f"{value:.3g}".replace("-", "−")
