"""``python -m benchmarks.scripts.strangers``: 300 functions that argand has never seen.

Each is judged or refused in one line; each ``formula`` finding is held against an independent route
(``benchmarks/strangers/route.py``). Writes ``reports/strangers.md``. Exits 1 where argand fails
(a traceback, a crash, no end, a refusal of several lines) or a formula finding is refuted.

``--altered``: 60 of those that it judges right, with one thing wrong in their gradient; exits 1
unless each is found. A run that is cut off goes on where it was: results are in ``.strangers/``.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from sysconfig import get_path
from typing import Any

from benchmarks.strangers.altered import EACH, KINDS, candidates
from benchmarks.strangers.listing import read
from benchmarks.strangers.trial import FAILURES, KEPT, ROOT, STATES, Job, Kept, Worker, version

REPORT = ROOT / "reports" / "strangers.md"
PACKAGES = get_path("purelib")  # paths in the report begin below it
TIMEOUT = 120.0  # seconds for an entry
WORDS = ("confirmed", "refuted", "cannot tell")
Results = Sequence[tuple[Job, dict[str, Any]]]


def jobs(rows: Sequence[tuple[int, str]], mode: str, samples: int) -> list[Job]:
    """Of the lines of the list."""
    return [Job(source, inputs, mode=mode, samples=samples) for inputs, source in rows]


def failures(results: Results) -> list[str]:
    """What must not be, a line each."""
    found = []
    for job, result in results:
        state, message = result["state"], result["message"]
        if state in FAILURES:
            found.append(f"{job.source}: {state}: {message}")
        if state == "refused" and len(message.splitlines()) != 1:
            found.append(f"{job.source}: refused in {len(message.splitlines())} lines")
        for held in result["formula"]:
            if held["word"] == "refuted":
                where = f"{held['dtype']} at {held['input']}"
                found.append(f"{job.source}: formula, {where}, refuted by {held['why']}")
    return found


def table(results: Results) -> list[str]:
    """The report's lines."""
    states = Counter(result["state"] for _, result in results)
    words = Counter(held["word"] for _, result in results for held in result["formula"])
    rows = [
        f"# {len(results)} functions that argand has never seen",
        "",
        "`make strangers`. The list, `benchmarks/strangers/functions.txt`, is drawn by a rule from "
        "tf.math, tf.nn, keras.activations, keras.ops and their compositions.",
        "",
        ", ".join(f"{state}: {states[state]}" for state in STATES) + ".",
        "",
        "`formula` findings beside an independent route (mpmath where the function has a form "
        "there, else difference quotients with an error estimate): "
        + ", ".join(f"{word} {words[word]}" for word in WORDS)
        + ".",
        "",
        "| function | state | findings | formula, independently |",
        "| --- | --- | --- | --- |",
    ]
    for job, result in results:
        kinds = ", ".join(f"{kind} {count}" for kind, count in result["kinds"].items())
        held = Counter(f"{h['word']} ({h['why'].partition(':')[0]})" for h in result["formula"])
        cells = (
            f"`{job.source}`",
            result["state"],
            kinds or (result["message"] if result["state"] != "right" else ""),
            ", ".join(f"{word} {count}" for word, count in held.items()),
        )
        rows.append("| " + " | ".join(_cell(c) for c in cells) + " |")
    return [*rows, "", *_witnesses(results)]


def _cell(text: str) -> str:
    line = " ".join(text.split()).replace("|", "\\|")
    for folder in (PACKAGES, Path.cwd()):
        line = line.replace(f"{folder}/", "")
    return line if len(line) <= 160 else line[:159] + "…"


def _witnesses(results: Results) -> list[str]:
    """The formula findings, each with both gradients."""
    rows = [
        f"- `{job.source}` ({held['dtype']}) at {held['input']}: {held['word']}. {held['why']}"
        for job, result in results
        for held in result["formula"]
    ]
    return ["Each `formula` finding's witness, its derivative and TensorFlow's:", "", *rows, ""]


Asks = Callable[[Job, Callable[[str], None]], dict[str, Any]]


def try_all(ask: Asks, todo: list[Job], out: Path, say: Callable[[str], None]) -> int:
    """The exit code; the report is written to ``out``. ``ask`` gives a job's result, and says it
    where it is new."""
    results = []
    for k, job in enumerate(todo, 1):
        results.append((job, ask(job, lambda text, k=k: say(f"{k:3}/{len(todo)} {text}"))))
    out.write_text("\n".join(table(results)))
    wrong = failures(results)
    for text in wrong:
        say(text)
    say(f"{len(results)} tried, {len(wrong)} failures; {out}")
    return int(bool(wrong))


def try_altered(
    ask: Asks,
    candidates: Sequence[tuple[str, int, str]],
    each: int,
    like: Job,
    say: Callable[[str], None],
) -> int:
    """The exit code: of every kind ``each`` that are right unaltered, all found; where a kind has
    fewer, others fill up. Mode and samples are those of ``like``."""
    tried: Counter[str] = Counter()
    missed, done, wanted = [], set(), len(KINDS) * each
    rounds = [(row, most) for most in (each, wanted) for row in candidates]
    for row, most in rounds:
        kind, inputs, source = row
        if tried[kind] >= most or tried.total() == wanted or row in done:
            continue
        done.add(row)
        dtypes = ("complex128",) if kind == "conjugate" else None
        whole = replace(like, source=source, inputs=inputs, dtypes=dtypes)
        if ask(whole, lambda text: say(f"        {text}"))["state"] != "right":
            continue
        tried[kind] += 1
        spoiled = replace(whole, alteration=kind)
        result = ask(spoiled, lambda text: say(f"{tried.total():3}/{wanted:2}  {text}"))
        if result["state"] != "findings":
            missed.append(f"{kind} of {source}: {result['state']} {result['message']}")
    for text in missed:
        say(text)
    kinds = ", ".join(f"{kind} {tried[kind]}" for kind in KINDS)
    say(f"{tried.total()} of {wanted} altered ({kinds}), {tried.total() - len(missed)} found")
    return int(bool(missed) or tried.total() < wanted)


def main(argv: Sequence[str], say: Callable[[str], None] = print) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--altered", action="store_true", help="60 altered ones")
    parser.add_argument("--mode", default="eager", choices=("eager", "graph", "xla"))
    parser.add_argument("--samples", type=int, default=256)
    parser.add_argument("--timeout", type=float, default=TIMEOUT, help="seconds for an entry")
    parser.add_argument("--first", type=int, help="only so many of the list")
    parser.add_argument("--out", type=Path, default=REPORT)
    asked = parser.parse_args(argv)
    kept, worker = Kept(KEPT / f"{version()}.jsonl"), Worker()

    def ask(job: Job, tell: Callable[[str], None]) -> dict[str, Any]:
        return kept.result(job, asked.timeout, worker, tell)

    try:
        if asked.altered:
            like = Job("", 0, mode=asked.mode, samples=asked.samples)
            return try_altered(ask, candidates(), EACH, like, say)
        todo = jobs(read()[: asked.first], asked.mode, asked.samples)
        return try_all(ask, todo, asked.out, say)
    finally:
        worker.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], lambda text: print(text, flush=True)))
