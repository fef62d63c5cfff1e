"""A few times as asv itself takes them, each in a process of its own, for asv's own statistics:
a check on the suite from outside, and what the ratio of separate processes is worth."""

import os

from asv_runner.benchmarks.mark import SkipNotImplemented

from argand.timing.plan import quick_run

SIZE = 100_000


class ValueAndGradient:
    """Value and gradient of z·exp(z), complex128, graph, 100,000 numbers."""

    params = (["auto", "custom", "stable"],)
    param_names = ("variant",)
    timeout = 300

    def setup(self, variant):
        """asv calls it before each repeat; the function is traced in the first."""
        if quick_run():
            raise SkipNotImplemented("separate processes, each with TensorFlow: for full runs")
        if not hasattr(ValueAndGradient, "act"):
            ValueAndGradient.act = staticmethod(_prepared(variant))

    def time_value_and_gradient(self, variant):
        self.act()


def _prepared(variant):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from argand.targets import from_catalogue
    from argand.timing.cell import Workload
    from argand.timing.timed import prepare

    subject = from_catalogue("z_exp_z")
    on = Workload(subject, "complex128").operands(SIZE)
    fn = subject.variants[variant].fn
    return prepare(fn, "value and gradient", "graph", on.inputs, on.upstream).act
