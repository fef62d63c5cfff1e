"""What value and gradient are made of, each measured apart: forward, backward, the gradient's own
gradient, tracing and compiling, memory, and the copy to and from the device."""

from benchmarks.measured import (
    DEVICES,
    LONG,
    MODES,
    PARTS,
    PARTS_SIZES,
    PRECISIONS,
    SIZES,
    SUBJECTS,
    TRANSFERS,
    VARIANTS,
    found,
    read,
    samples,
    setup_cache,
)

__all__ = ["setup_cache"]  # asv finds it here

AXES = ["subject", "variant", "precision", "mode", "size", "device"]
version = "1"


class Parts:
    """Seconds per call of the forward pass, of the backward pass of a forward one that was
    recorded, and of gradient and gradient's gradient together; and their ratio to ``auto``."""

    params = (SUBJECTS, VARIANTS, PARTS, PRECISIONS, MODES, PARTS_SIZES, DEVICES)
    param_names = ("subject", "variant", "timed", "precision", "mode", "size", "device")

    def track_time(self, *key):
        return samples("time", *key)

    track_time.unit = "seconds"

    def track_ratio(self, *key):
        return samples("ratio", *key)

    track_ratio.unit = "times auto"


def _key(subject, variant, *where):
    return subject, variant, "value and gradient", *where


class Once:
    """What value and gradient cost once: seconds of tracing, and of compiling, which is what the
    first call took beyond a later one (XLA's compilation, else the graph's optimisation)."""

    params = (SUBJECTS, VARIANTS, PRECISIONS, MODES[1:], PARTS_SIZES, DEVICES)
    param_names = AXES

    def track_trace_time(self, *key):
        return read("trace_time", *_key(*key))

    track_trace_time.unit = "seconds"

    def track_compile_time(self, *key):
        return read("compile_time", *_key(*key))

    track_compile_time.unit = "seconds"


class Memory:
    """Bytes at the peak of a call of value and gradient, beyond its operands."""

    params = (SUBJECTS, VARIANTS, PRECISIONS, MODES, LONG, DEVICES)
    param_names = AXES

    def track_peak_memory(self, *key):
        return read("peak_memory", *_key(*key))

    track_peak_memory.unit = "bytes"


class Transfer:
    """Seconds of a copy of so many complex numbers between NumPy's memory and the device's."""

    params = (TRANSFERS, PRECISIONS, SIZES, DEVICES)
    param_names = ("direction", "precision", "size", "device")

    def track_transfer(self, *key):
        return samples("transfer", "", *key)

    track_transfer.unit = "seconds"


class Subjects:
    """1 where a subject's dtypes are complex64 and complex128, 0 where float32 and float64: it
    turns ``single`` and ``double`` into dtypes for whoever reads the results."""

    params = (SUBJECTS,)
    param_names = ("subject",)

    def track_complex(self, subject):
        return int(found(subject, "complex"))

    track_complex.unit = "is complex"
