"""What is to be checked: each variant of a target in each dtype, and what its truth is."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from argand.exact.evaluate import refuse_unsupported
from argand.exact.reference import Exact, certify
from argand.frontend.signature import asks_for_variables, signatures
from argand.frontend.trace import trace_value
from argand.program import Program
from argand.subject import Subject, TargetError, Variant
from argand.trial.finding import Finding

Domain = tuple[tuple[float, float], ...]  # (low, high) of each real component, inputs in order


@dataclass(frozen=True)
class Case:
    """One variant in one dtype. ``truth`` is ``plain`` traced: its derivatives are the right ones.

    ``domain`` is None for the whole float line in every component. ``cores`` are the shapes of
    one sample of each input: () for a number, (k,) for a row, which shares its input's domain.
    """

    variant: str
    fn: Callable[..., Any]
    dtype: str
    input_dtypes: tuple[str, ...]
    truth: Program
    domain: Domain | None
    cores: tuple[tuple[int, ...], ...]
    plain: Callable[..., Any]

    @property
    def output_dtype(self) -> str:
        """The dtype of the value that the truth has."""
        output = self.truth.outputs[0]
        assert output is not None
        return self.truth.dtypes[output]

    @property
    def core(self) -> tuple[int, ...]:
        """The shape of one sample of the value."""
        output = self.truth.outputs[0]
        assert output is not None
        return self.truth.shapes[output][1:]

    @property
    def rows(self) -> bool:
        """Whether a sample is more than one number, of an input or of the value."""
        return any((self.core, *self.cores))

    @cached_property
    def entry_dtypes(self) -> tuple[str, ...]:
        """The dtype of each number of a sample, inputs in order."""
        pairs = zip(self.input_dtypes, self.cores, strict=True)
        return tuple(d for d, core in pairs for _ in range(math.prod(core)))

    @cached_property
    def entry_domain(self) -> Domain | None:
        """(low, high) of each real component of each number of a sample, inputs in order."""
        if self.domain is None:
            return None
        pairs, found = iter(self.domain), []
        for dtype, core in zip(self.input_dtypes, self.cores, strict=True):
            own = [next(pairs) for _ in range(2 if dtype.startswith("complex") else 1)]
            found += own * math.prod(core)
        return tuple(found)

    def entries(self, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Each number of the samples, arrays (n,), inputs in order."""
        flat = [x.reshape(len(x), -1) for x in inputs]
        return [x[:, j] for x in flat for j in range(x.shape[1])]

    def inputs(self, entries: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The inputs, arrays (n, *core), that have these entries."""
        rest, made = iter(entries), []
        for core in self.cores:
            columns = [next(rest) for _ in range(math.prod(core))]
            made.append(np.stack(columns, axis=-1).reshape(len(columns[0]), *core))
        return made

    def of_entries(self, k: int) -> Case:
        """The same in rows of ``k`` entries. Raises TargetError where the plain formula does not
        take them, or its rows are not all of one length."""
        if len({core for core in self.cores if core}) != 1:
            raise TargetError("rows of several lengths")
        cores = tuple((k,) if core else () for core in self.cores)
        truth = _truth(self.plain, self.input_dtypes, cores)
        return replace(self, cores=cores, truth=truth)

    def exact(self, inputs: Sequence[np.ndarray], upstream: np.ndarray) -> Exact:
        """The certified value and gradient; of rows without the derivatives, which are many, and
        of zeros without their signs, which no verdict asks for."""
        many = max(math.prod(core) for core in (self.core, *self.cores)) > 1
        dtype = self.output_dtype
        return certify(self.truth, inputs, upstream, dtype, jacobian=not many, signs=False)


def cases(
    target: Subject | Variant | Callable[..., Any],
    dtypes: Sequence[str] | None,
    domain: Any,
    reference: Callable[..., Any] | None,
    core: int | Sequence[int] | None = None,
) -> tuple[list[Case], list[Finding]]:
    """The cases of ``target``, and findings for dtypes that it refuses though it takes their
    sibling. Raises TargetError for what cannot be checked at all."""
    declared = isinstance(target, Subject) or getattr(target, "subject", None) is not None
    if core is not None and declared:
        raise TargetError("core is for bare functions: a subject's inputs say their entries")
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
        found = signatures(fn, dtypes, core)
    except TargetError as error:
        if not asks_for_variables(str(error)):
            raise
        tried = re.search(r"traced for (\w+)", str(error))
        return [], refusal(name, tried[1] if tried else "", "gradient", str(error))
    for dtype, input_dtypes, cores in found:
        try:
            trace_value(fn, input_dtypes, cores)
        except TargetError as error:
            if dtypes and not asks_for_variables(str(error)):
                raise
            refused += refusal(name, dtype, "value", str(error))
            continue
        truth = _truth(reference or fn, input_dtypes, cores)
        bounds = _components(domain, input_dtypes)
        made.append(Case(name, fn, dtype, input_dtypes, truth, bounds, cores, reference or fn))
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
        plain = reference or subject.plain
        truth = _truth(plain, input_dtypes, subject.cores)
        own = None
        if not all(i.whole_line for i in subject.inputs):
            own = tuple(pair for i in subject.inputs for pair in i.window)
        bounds = _components(domain, input_dtypes) or own
        made += [
            Case(v.name, v.fn, dtype, input_dtypes, truth, bounds, subject.cores, plain)
            for v in variants
        ]
    return made


def _truth(
    fn: Callable[..., Any], input_dtypes: tuple[str, ...], cores: tuple[tuple[int, ...], ...]
) -> Program:
    program = trace_value(fn, input_dtypes, cores)
    refuse_unsupported(program)
    output = program.outputs[0]
    assert output is not None
    shape = program.shapes[output]
    whole = shape[:1] == (1,) and 0 not in shape
    if not (whole if any(cores) else shape == (1,)):
        given = ", ".join(str(["n", *core]).replace("'", "") for core in cores)
        raise TargetError(
            f"the function maps tensors of shape {given} to one of shape {list(shape)} for n = 1; "
            "argand checks functions of each entry, or along the last axis (core=1), whose value "
            "keeps the first axis"
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
