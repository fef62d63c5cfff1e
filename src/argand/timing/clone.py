"""The git clone in which asv is run: it needs the history, and builds what is committed."""

from __future__ import annotations

import subprocess
import sys

from argand.subject import TargetError


def head() -> str:
    """The commit that asv builds. Raises TargetError where asv could not."""
    refuse_shallow()
    if _git("status", "--porcelain", "--untracked-files=no"):
        print("note: asv builds HEAD; what is not committed is not measured", file=sys.stderr)
    return _git("rev-parse", "HEAD")


def refuse_shallow() -> None:
    """Raise TargetError in a clone without its history, and where there is none."""
    if _git("rev-parse", "--is-shallow-repository") == "true":
        raise TargetError(
            "this clone is shallow and asv needs the history: run `git fetch --unshallow`"
        )


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True)
    if done.returncode:
        raise TargetError(f"git {arguments[0]}: {done.stderr.strip()}; run it in a git clone")
    return done.stdout.strip()
