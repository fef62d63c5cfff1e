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
from argand.timing.machine import devices, machine_name
from argand.timing.notice import Notice
from argand.timing.plan import QUICK, asked
from argand.timing.terminal import console, summarise
from benchmarks.full_clone import head

CONFIGURATION = "asv.conf.json"
RESULTS = Path(".asv", "results")
LOG = Path(".asv", "bench.log")
# What is shown of asv's words; "gradient_error" is a quantity's name.
STEPS = re.compile(
    r"·+ (Creating|Discovering|For \w+ commit|Building|Installing|Setting up)"
    r"|(?<!_)[Ee]rror\b|timed out"
)


def main(arguments: list[str]) -> int:
    """Run ``asv run --quick`` with ``arguments`` added, in the current folder, and sum it up.

    Returns asv's exit code, but 0 where all that failed are variants that get no time because
    their gradients are wrong. Raises TargetError outside a full clone.
    """
    commit = head()
    name = register(machine_name(passport()))
    command = [*asv_run(name, os.environ), *arguments, "HEAD^!"]
    LOG.parent.mkdir(exist_ok=True)
    with _progress() as (file, notices):
        code = _run(command, os.environ | {"ARGAND_PROGRESS": file})
    table, unreadable = read_results(RESULTS)
    screen = console()
    requirements = Config.load(CONFIGURATION).matrix["req"]
    own = (table["commit"] == commit) & (table["machine"] == name)
    own &= table["tensorflow"].isin(requirements["tensorflow"])
    screen.print(summarise(table[own]))
    for line in [*map(str, notices), *(f"not read: {line}" for line in unreadable)]:
        screen.print(line, markup=False, highlight=False)
    if devices() == ["CPU:0"]:
        screen.print("GPU: none timed, for NVIDIA's driver lists none")
    screen.print(f"all of asv's words: {LOG}", markup=False)
    whole, _ = read_results(RESULTS, timed=None)
    here = whole[(whole["commit"] == commit) & (whole["machine"] == name)]
    return 0 if code == 2 and only_refused(here, notices) else code


def only_refused(cells: pd.DataFrame, notices: Iterable[Notice]) -> bool:
    """Whether some of ``cells`` failed, and each of them is of a variant that gets no time.

    ``notices`` say which variants these are. A variant without a time is an answer, no failure.
    """
    refused = {notice.variant_of for notice in notices if notice.kind == "no time"}
    of = cells[cells["state"] == "failed"]
    failed = set(zip(of["subject"], of["variant"], of["dtype"], strict=True))
    return bool(failed) and failed <= refused


def asv_run(machine: str, environment: Mapping[str, str]) -> list[str]:
    """The command that measures the quick plan on ``machine``.

    What HEAD has already is not measured again, unless the environment asks for other sizes or
    seconds: asv does not know that these change the results.
    """
    plan = asked(True, environment)
    again = plan != QUICK
    return [
        *(sys.executable, "-m", "asv", "run", "--quick", "--show-stderr", "--machine", machine),
        *([] if again else ["--skip-existing-successful"]),
        *("--bench", plan.pattern),
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
def _progress() -> Iterator[tuple[str, list[Notice]]]:
    """The name of a file of notices, and a list of those that are to be told at the end.

    Progress is shown as soon as it is in the file: asv shows nothing of a cache that takes a
    minute to set up.
    """
    over = threading.Event()
    kept: list[Notice] = []
    with tempfile.NamedTemporaryFile("r", suffix=".txt") as file:

        def show() -> None:
            last = False
            while not last:
                last = over.wait(0.5)
                for line in file:
                    notice = Notice.of_line(line)
                    if notice.kind == "progress":
                        print(f"   measuring {notice}", file=sys.stderr, flush=True)
                    else:
                        kept.append(notice)

        thread = threading.Thread(target=show, daemon=True)
        thread.start()
        try:
            yield file.name, kept
        finally:
            over.set()
            thread.join()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except TargetError as error:
        print(f"argand: {error}", file=sys.stderr)
        sys.exit(2)
