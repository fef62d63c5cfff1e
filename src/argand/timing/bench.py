"""``python -m argand.timing.bench``: register the machine, run asv on HEAD, and sum it up."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from asv.machine import Machine, MachineCollection
from asv.util import UserError
from rich.console import Console

from argand.passport import passport
from argand.subject import TargetError
from argand.timing.asv_results import read_results
from argand.timing.machine import machine_name
from argand.timing.summary import summarise

RESULTS = Path(".asv", "results")


def main(arguments: list[str]) -> int:
    """Run ``asv run`` with ``arguments`` added, in the current folder; asv's exit code.

    Cells that HEAD has already are not measured again. Raises TargetError outside a full clone.
    """
    commit = head()
    name = register(machine_name(passport()))
    command = [sys.executable, "-m", "asv", "run", "--quick", "--skip-existing-successful"]
    command += ["--show-stderr", "--machine", name, *arguments, "HEAD^!"]
    with _progress() as file:
        code = subprocess.run(command, env=os.environ | {"ARGAND_PROGRESS": file}).returncode
    table, unreadable = read_results(RESULTS)
    console = Console()
    console.print(summarise(table[(table["commit"] == commit) & (table["machine"] == name)]))
    for line in unreadable:
        console.print(f"not read: {line}", markup=False)
    return code


def head() -> str:
    """The commit that asv builds. Raises TargetError where asv could not."""
    if _git("rev-parse", "--is-shallow-repository") == "true":
        raise TargetError(
            "this clone is shallow and asv needs the history: run `git fetch --unshallow`"
        )
    if _git("status", "--porcelain", "--untracked-files=no"):
        print("note: asv builds HEAD; what is not committed is not measured", file=sys.stderr)
    return _git("rev-parse", "HEAD")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True)
    if done.returncode:
        raise TargetError(f"git {arguments[0]}: {done.stderr.strip()}; run it in a git clone")
    return done.stdout.strip()


def register(name: str) -> str:
    """Make ``name`` known to asv on this machine, unless it is; returns it."""
    try:
        MachineCollection.load(name)
    except UserError:
        MachineCollection.save(name, Machine.get_defaults() | {"machine": name})
    return name


@contextmanager
def _progress() -> Iterator[str]:
    """The name of a file whose new lines are shown while the context lasts: asv shows nothing
    of a cache that takes a minute to set up."""
    over = threading.Event()
    with tempfile.NamedTemporaryFile("r", suffix=".txt") as file:

        def show() -> None:
            while not over.wait(0.5):
                for line in file:
                    print(f"\n   measuring {line.rstrip()}", end="", file=sys.stderr, flush=True)

        thread = threading.Thread(target=show, daemon=True)
        thread.start()
        try:
            yield file.name
        finally:
            over.set()
            thread.join()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except TargetError as error:
        sys.exit(f"argand: {error}")
