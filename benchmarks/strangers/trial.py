"""One function is given to argand in a process of its own, so that a hang or a crash is counted."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".strangers"
STATES = ("right", "findings", "undecided", "refused", "traceback", "timeout", "crash")
RENEWED = 60  # jobs after which a new process follows, for TensorFlow keeps each trace
FAILURES = STATES[4:]  # argand's own: exit 3, or no end


@dataclass(frozen=True)
class Job:
    """A line of a list; ``alteration`` is "" where the function is tried as it is. Without
    ``dtypes`` argand chooses."""

    source: str
    inputs: int
    alteration: str = ""
    dtypes: tuple[str, ...] | None = None
    mode: str = "eager"
    samples: int = 256


def outcome(job: Job) -> dict[str, Any]:
    """What argand says of ``job``: state, kinds of findings with their count, message, and of each
    ``formula`` finding whether the independent route confirms it."""
    import argand
    from argand.subject import TargetError
    from benchmarks.strangers.altered import altered
    from benchmarks.strangers.listing import evaluated

    started = time.perf_counter()
    fn = evaluated(job.source)
    if job.alteration:
        fn = altered(fn, job.alteration, job.inputs)
    found: dict[str, Any] = {"kinds": {}, "message": "", "formula": []}
    try:
        report = argand.check(fn, dtypes=job.dtypes, modes=(job.mode,), samples=job.samples)
    except TargetError as error:
        found |= {"state": "refused", "message": str(error)}
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        words = " ".join(str(error).split())[:200]
        found |= {"state": "traceback", "message": f"{type(error).__name__} ({place}): {words}"}
    else:
        listed = [*report.findings]
        kinds = Counter(_kind(f) for f in listed)
        defects = any(getattr(f, "severity", "defect") == "defect" for f in listed)
        state = "right" if report.ok else "findings" if defects else "undecided"
        first = next((f.message for f in listed), "")
        formulas = [f for f in listed if f.kind == "formula"] if not job.alteration else []
        found |= {"state": state, "kinds": dict(kinds), "message": first}
        found["seconds of argand"] = time.perf_counter() - started
        found["formula"] = [_held(job, f) for f in formulas]
    found["seconds"] = time.perf_counter() - started
    return found


def _kind(finding: Any) -> str:
    """The kind, with its severity where that is less than a defect."""
    severity = getattr(finding, "severity", "defect")
    return str(finding.kind) if severity == "defect" else f"{finding.kind} ({severity})"


def _held(job: Job, finding: Any) -> dict[str, str]:
    """A formula finding beside the independent route."""
    from benchmarks.strangers.route import confirmed, witness

    fields = {k: str(getattr(finding, k)) for k in ("dtype", "computed", "exact", "message")}
    fields["input"] = " ".join(finding.input)
    try:
        if finding.quantity != "gradient":
            raise ValueError(f"a formula of the {finding.quantity}")
        at = witness(finding.input, finding.upstream, finding.dtype, job.inputs)
        word, why = confirmed(job.source, at)
    except (ValueError, SyntaxError) as error:
        word, why = "cannot tell", " ".join(str(error).split())
    return fields | {"word": word, "why": why}


def _serve(end: Connection) -> None:
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import tensorflow as tf

    import argand  # noqa: F401  # imported before the first job's clock starts
    from argand import watchdog

    tf.get_logger().setLevel("ERROR")

    def refuse(what: str) -> None:
        words = f"{what} has not returned after {watchdog.LIMIT:g} s: it loops or waits"
        end.send({"state": "refused", "message": words, "kinds": {}, "formula": [],
                  "seconds": watchdog.LIMIT, "ended": True})  # fmt: skip
        os._exit(2)  # as the command line does

    end.send("ready")
    with watchdog.watched(refuse):
        while True:
            end.send(outcome(end.recv()))


class Worker:
    """A process that tries one job after another; a new one follows where it hangs or dies."""

    def __init__(self) -> None:
        self._process: Any = None
        self._end: Any = None
        self._tried = 0

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._end, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other,), daemon=True)
        self._process.start()
        other.close()
        self._end.recv()  # ready

    def stop(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None

    def tries(self, job: Job, timeout: float) -> dict[str, Any]:
        """``outcome`` of ``job``, or the state "timeout" (seconds) or "crash"."""
        if self._tried == RENEWED:
            self.stop()
        if self._process is None:
            self._start()
            self._tried = 0
        self._tried += 1
        empty = {"kinds": {}, "formula": [], "seconds": timeout}
        try:
            self._end.send(job)
            if self._end.poll(timeout):
                found = dict(self._end.recv())
                if found.pop("ended", False):
                    self.stop()
                return found
        except (EOFError, ConnectionError):
            self._process.join()
            code = self._process.exitcode
            self._process = None
            return empty | {"state": "crash", "message": f"the process ended with {code}"}
        self.stop()
        return empty | {"state": "timeout", "message": f"no end in {timeout:g} s"}


def version() -> str:
    """A hash of argand's code and of what tries it: results of another version are not taken up."""
    digest = hashlib.sha256()
    for folder in ("src/argand", "benchmarks/strangers"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            digest.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:12]


class Kept:
    """Results in a file, a line each, by job; what is there is not tried again."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, dict[str, Any]] = {}
        if file.exists():
            for line in file.read_text().splitlines():
                row = json.loads(line)
                self._known[row["job"]] = row["found"]

    def result(
        self, job: Job, timeout: float, worker: Worker, say: Callable[[str], None]
    ) -> dict[str, Any]:
        """The result of ``job``, tried and told where it is not known."""
        key = json.dumps(asdict(job))
        if key not in self._known:
            self._known[key] = found = worker.tries(job, timeout)
            self._file.parent.mkdir(exist_ok=True)
            with self._file.open("a") as out:
                out.write(json.dumps({"job": key, "found": found}) + "\n")
            say(f"{found['seconds']:5.1f} s  {line(job, found)}")
        return self._known[key]


def line(job: Job, found: dict[str, Any]) -> str:
    """State, what was tried, and what was found."""
    kinds = ", ".join(f"{kind} {count}" for kind, count in found["kinds"].items())
    what = f"{job.alteration} of {job.source}" if job.alteration else job.source
    return f"{found['state']:9} {what}  {kinds or found['message'][:100]}".rstrip()
