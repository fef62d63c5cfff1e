"""What git says of the project in the current folder: its commits, and what changed since."""

from __future__ import annotations

import subprocess

from argand.subject import TargetError


def git(*arguments: str) -> str:
    """What the command ``git`` prints with ``arguments``, without the spaces around it.

    Raises TargetError with git's own words where it fails, and where there is no git.
    """
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, text=True)
    except OSError as error:
        raise TargetError(f"git cannot be run: {error.strerror or error}") from error
    if done.returncode:
        raise TargetError(f"git {arguments[0]}: {done.stderr.strip()}; run it in a git clone")
    return done.stdout.strip()


def commit() -> dict[str, str | bool] | None:
    """The commit that is checked out: its ``hash``, its ``date``, and whether files ``changed``
    since.

    Files under ``reports/`` do not count as changed, for results are kept there. Returns None
    outside a git clone, and in one without a commit.
    """
    try:
        found, date = git("log", "-1", "--format=%H %cI").split()
        changed = git("status", "--porcelain", "--", ":/", ":(top,exclude)reports")
    except TargetError:
        return None
    return {"hash": found, "date": date, "changed": bool(changed)}


def full_hash(name: str) -> str | None:
    """The hash of the commit that ``name`` (a branch, a tag, a short hash) names; else None."""
    try:
        return git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    except TargetError:
        return None
