"""Can the suite's verdicts be believed on this machine? By hand, some minutes on a quiet one:

    python benchmarks/control.py                 # all three
    python benchmarks/control.py --only spread

aa: pairs of one thing with itself; at most 1 % may be called different. slowdown: a variant that
really computes as much more as takes 10 % longer; it must be called slower in 19 of 20 runs.
spread: the same ratios from whole runs, each in a process of its own; their coefficient of
variation at 100,000 numbers and more may be 4 %. It exits 1 where one of them is not so.
"""

import argparse
import json
import os
import subprocess
import sys

import numpy as np
import psutil

SUBJECT, DTYPE, MODE = "z_exp_z", "complex128", "graph"
PAIRS, MOST_DIFFERENT = 200, 0.01
RUNS, LEAST_SLOWER, SLOWDOWN = 20, 19, 1.10
WHOLE_RUNS, MOST_SPREAD = 5, 0.04
SIZES = (1_000, 100_000)
LONG = (100_000, 1_000_000)


def acts(size, extra=0):
    """Value and gradient of ``custom`` on ``size`` numbers, then on ``extra`` more."""
    from argand.targets import from_catalogue
    from argand.timing.cell import Workload
    from argand.timing.timed import prepare

    fn = from_catalogue(SUBJECT).variants["custom"].fn
    work = Workload(from_catalogue(SUBJECT), DTYPE)

    def on(n):
        operands = work.operands(n)
        made = prepare(fn, "value and gradient", MODE, operands.inputs, operands.upstream)
        return made.act

    if not extra:
        return on(size)
    whole, more = on(size), on(extra)
    return lambda: (whole(), more())


def measured_pair(a, b, seconds, seed):
    """The ratio b ÷ a, measured as the suite does; and what is called of it."""
    from argand.timing.paired import measure
    from argand.timing.statistics import compare, ratio_interval

    found = measure({"a": a, "b": b}, baseline="a", budget=seconds, seed=seed).seconds
    ratio = ratio_interval(found["b"], found["a"])
    return ratio, compare(ratio).judgement


def aa(seconds):
    """Whether equal things are hardly ever called different."""
    good = True
    for size in SIZES:
        act = acts(size)
        pairs = [measured_pair(act, act, seconds, seed) for seed in range(PAIRS)]
        said = [judgement for _, judgement in pairs]
        different = sum(word in ("faster", "slower") for word in said)
        width = np.median([ratio.width for ratio, _ in pairs])
        print(f"A/A, n = {size:,}: {different} of {PAIRS} pairs called different, "
              f"{said.count('same within 5 %')} the same, {said.count('cannot tell')} unknown; "
              f"interval typically ±{100 * width:.1f} %; {load()}", flush=True)  # fmt: skip
        good &= different <= MOST_DIFFERENT * PAIRS
    return good


def slowdown(seconds):
    """Whether 10 % more time is called slower."""
    size, seconds = LONG[-1], 4 * seconds  # where one call more costs nothing beside its numbers
    plain = acts(size)
    extra, calibrated = calibrate(size, plain, seconds)
    slow = acts(size, extra)
    pairs = [measured_pair(plain, slow, seconds, seed) for seed in range(RUNS)]
    slower = sum(judgement == "slower" for _, judgement in pairs)
    ratios = [ratio.value for ratio, _ in pairs]
    print(f"slowdown: {extra:,} more numbers than {size:,} took ×{calibrated:.3f}; called slower "
          f"in {slower} of {RUNS} runs, ratios {min(ratios):.3f} … {max(ratios):.3f}; {load()}",
          flush=True)  # fmt: skip
    return slower >= LEAST_SLOWER


def calibrate(size, plain, seconds):
    """How many more numbers take 10 % longer, by bisection on measured ratios."""
    low, high = 1, size // 2
    for _ in range(10):
        extra = (low + high) // 2
        ratio, _ = measured_pair(plain, acts(size, extra), seconds, 0)
        if abs(ratio.value - SLOWDOWN) < 0.005:
            break
        low, high = (extra, high) if ratio.value < SLOWDOWN else (low, extra)
    return extra, ratio.value


def spread(seconds):
    """Whether whole runs agree on the ratios at n ≥ 100,000."""
    runs = []
    for _ in range(WHOLE_RUNS):
        command = [sys.executable, __file__, "--only", "one-run", "--seconds", str(seconds)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    worst = 0.0
    for cell in runs[0]:
        ratios = np.array([run[cell] for run in runs if cell in run])
        variation = ratios.std(ddof=1) / ratios.mean()
        worst = max(worst, variation)
        print(f"spread: {cell}: {' '.join(f'{r:.3f}' for r in ratios)}: {100 * variation:.1f} %")
    print(f"spread: at worst {100 * worst:.1f} % of {len(runs[0])} ratios; {load()}", flush=True)
    return worst <= MOST_SPREAD


def one_run(seconds):
    """The ratios of one whole run, printed as one line of JSON."""
    from argand.timing.plan import Plan
    from argand.timing.suite import MODES, PRECISIONS, Suite

    cells = len(LONG) * len(MODES) * len(PRECISIONS)
    suite = Suite(Plan(LONG, (), 8 * seconds * cells), ["CPU:0"], lambda line: None)
    suite.measure([SUBJECT])
    ratios = suite.quantities[SUBJECT]["ratio"]
    print(json.dumps({" ".join(map(str, k)): float(np.median(v)) for k, v in ratios.items()}))
    return True


def load():
    return f"load {psutil.getloadavg()[0]:.1f} on {psutil.cpu_count()} cores"


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    checks = {"aa": aa, "slowdown": slowdown, "spread": spread}
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--only", choices=[*checks, "one-run"])
    asked.add_argument("--seconds", type=float, default=0.5, help="of timing, for each pair")
    given = asked.parse_args()
    if given.only == "one-run":
        return 0 if one_run(given.seconds) else 1
    chosen = [given.only] if given.only else list(checks)
    return 0 if all([checks[name](given.seconds) for name in chosen]) else 1


if __name__ == "__main__":
    sys.exit(main())
