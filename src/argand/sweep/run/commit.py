"""Which commit of the project at hand a result was made from."""

from __future__ import annotations

import subprocess


def commit() -> dict[str, str | bool] | None:
    """The commit's ``hash`` and ``date`` and whether files ``changed`` since, other than under
    ``reports/``, where results are; None outside git."""
    try:
        head = _git("log", "-1", "--format=%H %cI").split()
        changed = _git("status", "--porcelain", "--", ":/", ":(top,exclude)reports")
        return {"hash": head[0], "date": head[1], "changed": bool(changed)}
    except (OSError, subprocess.CalledProcessError, IndexError):
        return None


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()
