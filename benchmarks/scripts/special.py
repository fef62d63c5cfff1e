"""``python -m benchmarks.scripts.special``: 40 points where TensorFlow is wrong, 40 where it is
right.

argand is asked of each function with and without a domain. Exits 1 unless each wrong gradient gives
a defect, or a finding at the special point, and each right one nothing there. Points
and derivatives are in ``benchmarks/strangers/special_wrong.py`` and ``special_right.py``;
``--verify`` holds them against mpmath and measures TensorFlow's gradients, without argand.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.strangers.special_point import Special, agrees

SAMPLES = 256
MODES = ("eager",)


def verified(point: Special, wrong: bool) -> str:
    """What is not as the list says, or nothing."""
    want, tape = point.right_components(), point.tape_components()
    above, below = ([float(sides[k]) for sides in point.one_sided()] for k in (0, 1))
    if not (agrees(above, want) and agrees(below, want)):
        return f"the sides' quotients are {above} and {below}, not {want}"
    if point.value_differs() > 1e-11:
        return "the plain form is another function"
    if agrees(tape, want) is wrong:
        return f"TensorFlow gives {tape}, right is {want}"
    return ""


def at_point(finding: Any, point: Special) -> bool:
    """Whether the finding's witness is the special point."""
    return tuple(map(float.fromhex, finding.input)) == point.components()


def outcome(point: Special, domain: Any) -> tuple[str, list[Any]]:
    """("no defect", "defect", "at the point", "elsewhere" or a failure, the findings)."""
    import argand
    from argand.subject import TargetError

    try:
        report = argand.check(
            point.fn, dtypes=[point.dtype], modes=MODES, samples=SAMPLES, domain=domain
        )
    except TargetError as error:
        return f"refused: {error}", []
    except Exception as error:
        return f"{type(error).__name__}: {error}", []
    findings = list(report.findings)
    if any(at_point(f, point) for f in findings):
        return ("defect, at the point" if not report.ok else "at the point"), findings
    if report.ok:
        return "no defect", findings
    return ("defect, elsewhere" if findings else "nothing decided"), findings


def passes(word: str, findings: Sequence[Any], wrong: bool) -> bool:
    """Whether that is what the list asks for: of a wrong one a defect or its witness, of a right
    one nothing at the point; what it breaks elsewhere is shown and counted."""
    right = word in ("no defect", "defect, elsewhere")
    return bool(findings) and word != "no defect" if wrong else right


def try_list(points: Sequence[Special], wrong: bool, say: Callable[[str], None]) -> int:
    """How many outcomes are not as they should be; a line for each point and domain."""
    failed = 0
    words: Counter[str] = Counter()
    for point in points:
        for domain in (point.domain, None):
            word, findings = outcome(point, domain)
            good = passes(word, findings, wrong)
            failed += not good
            words[word.partition(":")[0]] += 1
            kinds = ", ".join(f"{k} {n}" for k, n in Counter(f.kind for f in findings).items())
            where = "with domain" if domain else "without"
            sign = "✓" if good else "✗"
            text = f"{sign} {'wrong' if wrong else 'right'} {point.name:28} {where:12} {word}"
            say(" ".join(f"{text}  {kinds}".rstrip().splitlines()))
    total, counts = 2 * len(points), ", ".join(f"{w} {n}" for w, n in words.most_common())
    say(f"{'wrong' if wrong else 'right'}: {total - failed} of {total} as listed; {counts}")
    return failed


def main(argv: Sequence[str], say: Callable[[str], None] = print) -> int:
    """The exit code."""
    from benchmarks.strangers import special_right, special_wrong

    failed = 0
    for points, wrong in ((special_wrong.ALL, True), (special_right.ALL, False)):
        if "--verify" in argv:
            for point in points:
                text = verified(point, wrong)
                failed += bool(text)
                say(f"{point.name}: {text or 'as listed'}")
        else:
            failed += try_list(points, wrong, say)
    return int(failed > 0)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.exit(main(sys.argv[1:], lambda text: print(text, flush=True)))
