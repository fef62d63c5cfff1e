"""Value and gradient of every subject of the catalogue, all variants side by side.

One process measures the whole suite, paired and interleaved (``setup_cache``); the cells only
read it, so that none of them imports TensorFlow. asv computes each median and its 99 % interval
from the samples that a cell hands over; a ratio has its own of 99.9 % beside it.
ARGAND_SECONDS_PER_CELL lengthens the measurement.
"""

import os
from pathlib import Path

from asv_runner.benchmarks.mark import SkipNotImplemented

from argand.subject import catalogue_names

SUBJECTS = list(catalogue_names())
VARIANTS = ["auto", "custom", "stable"]
FLOORS = ["exp_copy", "stream"]
PRECISIONS = ["single", "double"]
MODES = ["eager", "graph", "xla"]
SIZES = [1, 1_000, 100_000, 1_000_000]
DEVICES = ["CPU:0"]
AXES = ["subject", "variant", "precision", "mode", "size", "device"]

version = "1"  # raise it when what is measured changes: older results are then not compared


def setup_cache():
    """Measure the suite; leave the machine's passport beside asv's results."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from argand.timing.machine import record_passport
    from argand.timing.suite import measure_suite

    results = Path(os.environ["ASV_CONF_DIR"], ".asv", "results")
    record_passport(results, os.environ["ASV_COMMIT"])
    seconds = float(os.environ.get("ARGAND_SECONDS_PER_CELL", "0.5"))
    return measure_suite(SUBJECTS, MODES, SIZES, DEVICES, seconds, _tell)


setup_cache.timeout = 3600


def _tell(line):
    """Progress for whoever watches: asv keeps what setup_cache prints to itself."""
    if "ARGAND_PROGRESS" in os.environ:
        with open(os.environ["ARGAND_PROGRESS"], "a") as file:
            print(line, file=file, flush=True)


class NoTime(Exception):
    """The variant's gradient is wrong, or its function raised: it gets no time."""


def _read(cache, quantity, *key):
    if key in cache["refused"]:
        raise NoTime(f"{' '.join(map(str, key))}: {cache['refused'][key]}")
    if key not in cache[quantity]:
        raise SkipNotImplemented(f"no {quantity} of {key[0]} {key[1]}: no such variant, or no auto")
    return cache[quantity][key]


class Variants:
    """Seconds per call, and its ratio to ``auto`` in the same rounds; ``auto``'s own ratio is
    the control: the same callable, measured twice."""

    params = (SUBJECTS, VARIANTS, PRECISIONS, MODES, SIZES, DEVICES)
    param_names = AXES

    def track_time(self, cache, *key):
        return {"samples": _read(cache, "time", *key), "number": 1}

    track_time.unit = "seconds"

    def track_ratio(self, cache, *key):
        return {"samples": _read(cache, "ratio", *key), "number": 1}

    track_ratio.unit = "times auto"

    def track_ratio_low(self, cache, *key):
        return _read(cache, "ratio_low", *key)

    track_ratio_low.unit = "times auto"

    def track_ratio_high(self, cache, *key):
        return _read(cache, "ratio_high", *key)

    track_ratio_high.unit = "times auto"

    def track_gradient_error(self, cache, *key):
        return _read(cache, "gradient_error", *key)

    track_gradient_error.unit = "ulp"


class Floors:
    """Seconds per call of what value and gradient cannot beat, measured among the variants:
    one exponential and a copy, and two passes over memory."""

    params = (SUBJECTS, FLOORS, PRECISIONS, MODES, SIZES, DEVICES)
    param_names = AXES

    def track_floor(self, cache, *key):
        return {"samples": _read(cache, "time", *key), "number": 1}

    track_floor.unit = "seconds"


class Subjects:
    """1 where a subject's dtypes are complex64 and complex128, 0 where float32 and float64: it
    turns ``single`` and ``double`` into dtypes for whoever reads the results."""

    params = (SUBJECTS,)
    param_names = ("subject",)

    def track_complex(self, cache, subject):
        return int(cache["complex"][subject])

    track_complex.unit = "is complex"
