"""``python -m benchmarks.scripts.bench``: register the machine, run asv on HEAD, and sum it up."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from asv.config import Config
from asv.machine import Machine, MachineCollection
from asv.util import UserError

from argand.passport import passport
from argand.subject import TargetError
from argand.timing.asv_results import read_results
from argand.timing.grid import QUICK, asked
from argand.timing.machine import devices, machine_name
from argand.timing.summary import console, summarise
from benchmarks.full_clone import head

CONFIGURATION = "asv.conf.json"
RESULTS = Path(".asv", "results")
LOG = Path(".asv", "bench.log")
STEPS = re.compile(r"·+ (Creating|Discovering|For |Building|Installing|Setting up)|rror|timed out")


def main(arguments: list[str]) -> int:
    """Run ``asv run --quick`` with ``arguments`` added, in the current folder; asv's exit code, but
    0 where all that failed are variants that get no time, for their gradients are wrong.

    Raises TargetError outside a full clone.
    """
    commit = head()
    name = register(machine_name(passport()))
    command = [*asv_run(name, os.environ), *arguments, "HEAD^!"]
    LOG.parent.mkdir(exist_ok=True)
    with _progress() as (file, told):
        code = _run(command, os.environ | {"ARGAND_PROGRESS": file})
    table, unreadable = read_results(RESULTS)
    screen = console()
    requirements = Config.load(CONFIGURATION).matrix["req"]
    own = (table["commit"] == commit) & (table["machine"] == name)
    own &= table["tensorflow"].isin(requirements["tensorflow"])
    screen.print(summarise(table[own]))
    for line in told + [f"not read: {line}" for line in unreadable]:
        screen.print(line, markup=False, highlight=False)
    if devices() == ["CPU:0"]:
        screen.print("GPU: none timed, for NVIDIA's driver lists none")
    screen.print(f"all of asv's words: {LOG}", markup=False)
    whole, _ = read_results(RESULTS, timed=None)
    here = whole[(whole["commit"] == commit) & (whole["machine"] == name)]
    return 0 if code == 2 and only_refused(here, told) else code


def only_refused(cells: pd.DataFrame, told: Iterable[str]) -> bool:
    """Whether some of ``cells`` failed, and each of these is a variant of which was ``told`` why it
    gets no time: that is an answer, not a failure."""
    words = [line.split() for line in told if line.startswith("no time: ")]
    refused = {(w[2], w[3], w[4].rstrip(":")) for w in words}
    of = cells[cells["state"] == "failed"]
    failed = set(zip(of["subject"], of["variant"], of["dtype"], strict=True))
    return bool(failed) and failed <= refused


def asv_run(machine: str, environment: Mapping[str, str]) -> list[str]:
    """The command that measures the quick grid. What HEAD has already is not measured again,
    unless the environment asks for other sizes or seconds: asv takes no notice of these."""
    grid = asked(True, environment)
    again = grid != QUICK
    return [
        *(sys.executable, "-m", "asv", "run", "--quick", "--show-stderr", "--machine", machine),
        *([] if again else ["--skip-existing-successful"]),
        *("--bench", grid.pattern),
    ]


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Run asv; its steps are shown, all it says is in LOG: its tables have thousands of lines."""
    with open(LOG, "w") as log, subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as asv:  # fmt: skip
        assert asv.stdout is not None
        for line in asv.stdout:
            log.write(line)
            if STEPS.search(line):
                print(line.rstrip(), file=sys.stderr, flush=True)
    if asv.returncode == 1:  # asv's own trouble; 2 is that of a benchmark
        sys.stderr.writelines(LOG.read_text().splitlines(keepends=True)[-20:])
    return asv.returncode


def register(name: str) -> str:
    """Make ``name`` known to asv on this machine, unless it is; returns it."""
    try:
        MachineCollection.load(name)
    except UserError:
        MachineCollection.save(name, Machine.get_defaults() | {"machine": name})
    return name


@contextmanager
def _progress() -> Iterator[tuple[str, list[str]]]:
    """The name of a file whose new lines are shown while the context lasts, for asv shows nothing
    of a cache that takes a minute to set up; and what is to be told at the end."""
    over = threading.Event()
    told: list[str] = []
    with tempfile.NamedTemporaryFile("r", suffix=".txt") as file:

        def show() -> None:
            last = False
            while not last:
                last = over.wait(0.5)
                for line in file:
                    if line.startswith(("skipped: ", "no time: ")):
                        told.append(line.rstrip())
                    else:
                        print(f"   measuring {line.rstrip()}", file=sys.stderr, flush=True)

        thread = threading.Thread(target=show, daemon=True)
        thread.start()
        try:
            yield file.name, told
        finally:
            over.set()
            thread.join()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except TargetError as error:
        print(f"argand: {error}", file=sys.stderr)
        sys.exit(2)
