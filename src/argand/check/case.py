"""What is to be checked: each variant of a target in each dtype, and what its truth is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from argand.check.finding import Finding
from argand.exact.evaluate import refuse_unsupported
from argand.signature import asks_for_variables, signatures
from argand.subject import Subject, TargetError, Variant
from argand.trace import Program, trace_value

Domain = tuple[tuple[float, float], ...]  # (low, high) of each real component, inputs in order


@dataclass(frozen=True)
class Case:
    """One variant in one dtype. ``truth`` is the Program whose derivatives are the right ones;
    ``domain`` is None for the whole float line in every component."""

    variant: str
    fn: Callable[..., Any]
    dtype: str
    input_dtypes: tuple[str, ...]
    truth: Program
    domain: Domain | None

    @property
    def output_dtype(self) -> str:
        """The dtype of the value that the truth has."""
        output = self.truth.outputs[0]
        assert output is not None
        return self.truth.dtypes[output]


def cases(
    target: Subject | Variant | Callable[..., Any],
    dtypes: Sequence[str] | None,
    domain: Any,
    reference: Callable[..., Any] | None,
) -> tuple[list[Case], list[Finding]]:
    """The cases of ``target``, and findings for dtypes that it refuses though it takes their
    sibling. Raises TargetError for what cannot be checked at all."""
    if isinstance(target, Subject):
        return _of_subject(target, list(target.variants.values()), dtypes, domain, reference), []
    if isinstance(target, Variant) and target.subject is not None:
        return _of_subject(target.subject, [target], dtypes, domain, reference), []
    if not callable(target):
        raise TargetError(f"{target!r} is a {type(target).__name__}, not callable: give a function")
    name = (
        target.name
        if isinstance(target, Variant)
        else getattr(target, "__name__", type(target).__name__)
    )
    fn = target.fn if isinstance(target, Variant) else target
    made: list[Case] = []
    refused: list[Finding] = []
    try:
        found = signatures(fn, dtypes)
    except TargetError as error:
        if not asks_for_variables(str(error)):
            raise
        tried = re.search(r"traced for (\w+)", str(error))
        return [], refusal(name, tried[1] if tried else "", "gradient", str(error))
    for dtype, input_dtypes in found:
        try:
            trace_value(fn, input_dtypes)
        except TargetError as error:
            if dtypes and not asks_for_variables(str(error)):
                raise
            refused += refusal(name, dtype, "value", str(error))
            continue
        truth = _truth(reference or fn, input_dtypes)
        made.append(Case(name, fn, dtype, input_dtypes, truth, _components(domain, input_dtypes)))
    if any(case.truth.reads for case in made) and any(f.kind == "dtype" for f in refused):
        refused = []  # a variable has its own dtype: it is not made for the sibling
    return made, refused


def refusal(
    variant: str, dtype: str, quantity: str, message: str, variables: bool = False
) -> list[Finding]:
    """The findings for a function that does not run in ``dtype``: ``error``, and ``dtype``
    or ``variables`` where TensorFlow's words are about one, or it reads ``variables``."""
    kinds = ["error"]
    words = message.partition(": ")[2]  # what precedes are argand's own, and name the dtype
    if variables or asks_for_variables(message):
        kinds.append("variables")
    elif re.search(r"dtype|float32|float64|complex64|complex128|type .* does not match", words):
        kinds.append("dtype")
    return [Finding(variant, "graph", dtype, quantity, kind, message) for kind in kinds]


def _of_subject(
    subject: Subject,
    variants: list[Variant],
    dtypes: Sequence[str] | None,
    domain: Any,
    reference: Callable[..., Any] | None,
) -> list[Case]:
    made = []
    for dtype in dtypes or subject.dtypes:
        input_dtypes = subject.input_dtypes(dtype)
        truth = _truth(reference or subject.plain, input_dtypes)
        own = None
        if not all(i.whole_line for i in subject.inputs):
            own = tuple(pair for i in subject.inputs for pair in i.window)
        bounds = _components(domain, input_dtypes) or own
        made += [Case(v.name, v.fn, dtype, input_dtypes, truth, bounds) for v in variants]
    return made


def _truth(fn: Callable[..., Any], input_dtypes: tuple[str, ...]) -> Program:
    program = trace_value(fn, input_dtypes)
    refuse_unsupported(program)
    output = program.outputs[0]
    assert output is not None
    if program.shapes[output] != (1,):
        raise TargetError(
            f"the function maps a tensor of shape [n] to one of shape "
            f"{list(program.shapes[output])}; argand checks functions that act on each entry"
        )
    if not program.dtypes[output].startswith(("float", "complex")):
        raise TargetError(
            f"the function returns {program.dtypes[output]}, which has no gradient; "
            "return a float or complex tensor"
        )
    return program


def _components(domain: Any, input_dtypes: tuple[str, ...]) -> Domain | None:
    """``domain`` as (low, high) pairs, one for each real component of the inputs in order."""
    if domain is None:
        return None
    wanted = sum(2 if d.startswith("complex") else 1 for d in input_dtypes)
    pairs = tuple(_pairs(domain))
    if len(pairs) != wanted:
        raise TargetError(
            f"the domain {domain!r} has {len(pairs)} (low, high) pair(s); the inputs have "
            f"{wanted} real component(s), two for each complex input"
        )
    for low, high in pairs:
        if not low < high:
            raise TargetError(f"the domain ({low}, {high}) is empty: low must be below high")
    return pairs


def _pairs(domain: Any) -> list[tuple[float, float]]:
    try:
        if len(domain) == 2 and all(isinstance(x, (int, float)) for x in domain):
            return [(float(domain[0]), float(domain[1]))]
        return [pair for part in domain for pair in _pairs(part)]
    except TypeError as error:
        raise TargetError(
            f"the domain {domain!r} is not made of (low, high) pairs, one a real component"
        ) from error
