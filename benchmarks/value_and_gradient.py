"""Value and gradient of every subject of the catalogue, all variants side by side.

asv computes each median and its 99 % interval from the samples that a cell hands over; a ratio
has its own of 99.9 % beside it.
"""

from benchmarks.measured import (
    DEVICES,
    FLOORS,
    LONG,
    MODES,
    PRECISIONS,
    SIZES,
    SUBJECTS,
    VARIANTS,
    read,
    samples,
    setup_cache,
)

__all__ = ["setup_cache"]  # asv finds it here

AXES = ["subject", "variant", "precision", "mode", "size", "device"]
version = "3"  # raise it when what is measured changes: older results are then not compared


def _key(subject, variant, *where):
    return subject, variant, "value and gradient", *where


class Variants:
    """Seconds per call, and its ratio to ``auto`` in the same rounds; ``auto``'s own ratio is
    the control: the same callable, measured twice."""

    params = (SUBJECTS, VARIANTS, PRECISIONS, MODES, SIZES, DEVICES)
    param_names = AXES

    def track_time(self, *key):
        return samples("time", *_key(*key))

    track_time.unit = "seconds"

    def track_ratio(self, *key):
        return samples("ratio", *_key(*key))

    track_ratio.unit = "times auto"

    def track_ratio_low(self, *key):
        return read("ratio_low", *_key(*key))

    track_ratio_low.unit = "times auto"

    def track_ratio_high(self, *key):
        return read("ratio_high", *_key(*key))

    track_ratio_high.unit = "times auto"


class Worth:
    """What a time is worth: ``over_floor`` is its ratio to one exponential and a copy in the same
    rounds, ``stream_share`` the bytes moved a second over those of a mere stream; and from the
    same execution the gradient's largest error, and the samples with a failing verdict."""

    params = (SUBJECTS, VARIANTS, PRECISIONS, MODES, LONG, DEVICES)
    param_names = AXES

    def track_over_floor(self, *key):
        return samples("over_floor", *_key(*key))

    track_over_floor.unit = "times the floor"

    def track_stream_share(self, *key):
        return read("stream_share", *_key(*key))

    track_stream_share.unit = "of the streaming rate"

    def track_gradient_error(self, *key):
        return read("gradient_error", *_key(*key))

    track_gradient_error.unit = "ulp"

    def track_failing(self, *key):
        return read("failing", *_key(*key))

    track_failing.unit = "of 64 samples"


class Floors:
    """Seconds per call of what value and gradient cannot beat, measured among the variants:
    one exponential and a copy, and two passes over memory."""

    params = (SUBJECTS, FLOORS, PRECISIONS, MODES, SIZES, DEVICES)
    param_names = AXES

    def track_floor(self, *key):
        return samples("time", *_key(*key))

    track_floor.unit = "seconds"
