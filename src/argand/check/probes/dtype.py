"""Has each gradient its input's dtype, and the value the exact one's?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from argand.check.asked import Asked
from argand.trial.finding import Finding

KINDS = {
    "dtype": "Return each gradient in its input's dtype; build constants with the input's dtype."
}


def probe(asked: Asked, rng: np.random.Generator) -> Iterator[Finding]:
    """A finding for each gradient of the traced backward pass, and each mode's value, that is of
    another dtype."""
    problem, backward = asked.problem, asked.problem.backward
    for i, (output, dtype) in enumerate(zip(backward.outputs, problem.input_dtypes, strict=True)):
        if output is not None and backward.dtypes[output] != dtype:
            yield problem.finding(
                "dtype", "graph", "gradient",
                f"The gradient by input {i} is {backward.dtypes[output]}; its input is {dtype}.",
            )  # fmt: skip
    for mode in asked.ran():
        value = asked.result(mode).value
        if value.shape == asked.samples.upstream.shape and value.dtype != problem.output_dtype:
            yield problem.finding(
                "dtype", mode, "value",
                f"The value is {value.dtype}; the exact one is {problem.output_dtype}.",
            )  # fmt: skip
