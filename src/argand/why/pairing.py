"""The two sides of a function at one point, its value and its gradient, and what belongs together:
the operations of the value that the gradient's Program repeats, and those that it belongs to."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from argand.exact.rules.structural import STRUCTURAL
from argand.frontend.source import TAPE
from argand.program import Operation, Program
from argand.trial.inside.blame import source
from argand.why.values import Values


class Pairing:
    """``forward`` has the value's steps, ``backward`` the gradient's; None where there is none."""

    def __init__(self, forward: Values, backward: Values | None) -> None:
        self.forward, self.backward = forward, backward
        self.both = [("forward", forward)]
        if backward is not None:
            self.both.append(("backward", backward))

    @cached_property
    def again(self) -> dict[int, int]:
        """Values of the gradient's Program that are the value's own, by their index there."""
        if self.backward is None:
            return {}
        known = {key: i for i, key in _keys(self.forward.program, 0).items()}
        keys = _keys(self.backward.program, 1)
        return {i: known[key] for i, key in keys.items() if key in known}

    def repeated(self, op: Operation) -> Operation | None:
        """The operation of the value that ``op`` of the gradient's Program repeats, if any."""
        found = [self.again[o] for o in op.outputs if o in self.again]
        return self.forward.program.maker(found[0]) if found else None

    def parent(self, op: Operation) -> Operation | None:
        """The operation of the value whose gradient ``op`` is part of, where TensorFlow made it;
        None where it is the user's own, or what it belongs to cannot be told."""
        if op.source != TAPE:
            return None
        found = self._parents(op, set())
        return found[0] if len(found) == 1 else None

    def _parents(self, op: Operation, seen: set[str]) -> list[Operation]:
        assert self.backward is not None  # ``op`` is of it
        forward, backward = self.forward.program, self.backward.program
        seen.add(op.name)
        scope = op.name.partition("gradient_tape/")[2].rpartition("/")[0]
        named = [one for one in forward.operations if scope and one.name == scope]
        if named:
            return named
        own = {self.again[i] for i in op.inputs if i in self.again}
        own = {i for i in own if _float(forward, i)}
        if own:
            around = [one for one in forward.operations if own <= _read(one)]
            alike = [one for one in around if one.type == op.type.removesuffix("Grad")]
            unnamed = [one for one in around if one.type not in _NAMED]
            return alike or _in_scope(around if len(around) < 2 else unnamed, scope)
        for i in op.inputs:
            maker = backward.maker(i)
            if maker is not None and maker.source == TAPE and maker.name not in seen:
                found = self._parents(maker, seen)
                if len(found) == 1:
                    return found
        return []

    def place(self, op: Operation) -> str:
        """The source line of an operation of the gradient's Program; "" where none is known."""
        assert self.backward is not None  # ``op`` is of it
        if op.source != TAPE:
            return op.source
        parent = self.parent(op)
        if parent is not None:
            return parent.source if parent.source != TAPE else ""
        told = source(self.backward.program, op)
        return told.removeprefix(f"{TAPE} of ") if told.startswith(f"{TAPE} of ") else ""

    @cached_property
    def reached(self) -> set[int]:
        """The value's values that the result is made of, as tf.where takes its branches."""
        program, computed = self.forward.program, self.forward.computed
        seen: set[int] = set()
        todo = [o for o in program.outputs if o is not None]
        while todo:
            i = todo.pop()
            if i in seen:
                continue
            seen.add(i)
            op = program.maker(i)
            if op is None:
                continue
            if op.type in ("SelectV2", "Select") and all(x in computed for x in op.inputs):
                condition, then, other = op.inputs
                todo.append(condition)
                held = computed[condition]
                todo += [then] * _takes(held, computed[then])
                todo += [other] * _takes(~held, computed[other])
            else:
                todo += op.inputs
        return seen

    def unused(self, op: Operation) -> bool:
        """Whether no tf.where takes the results of ``op``, an operation of the value."""
        return not self.reached & {*op.outputs}


# Their gradient is computed from their results, not from their operands.
_BY_RESULT = frozenset({
    "Elu", "Exp", "Inv", "Reciprocal", "Relu", "Rsqrt", "Sigmoid", "Softmax", "Sqrt", "Tanh",
})  # fmt: skip
_NAMED = frozenset({"Div", "Mul", "RealDiv"})  # the names of their gradients say so
_LINEAR = STRUCTURAL | {
    "Add", "AddN", "AddV2", "Cast", "Conj", "Equal", "Greater", "GreaterEqual", "Identity", "Imag",
    "Less", "LessEqual", "Mean", "Neg", "NotEqual", "Real", "Select", "SelectV2", "Sub", "Sum",
}  # fmt: skip


def _read(op: Operation) -> set[int]:
    """The values of a function's that the gradient of ``op``, one of its operations, may read."""
    if op.type in _LINEAR:
        return set()
    return {*op.outputs} if op.type in _BY_RESULT else {*op.inputs, *op.outputs}


def _in_scope(found: list[Operation], scope: str) -> list[Operation]:
    """The operations, or of several those in the name scope."""
    if len(found) < 2:
        return found
    return [op for op in found if scope and op.name.rpartition("/")[0] == scope]


def _takes(held: np.ndarray, branch: np.ndarray) -> bool:
    """Whether a tf.where with the condition ``held`` takes of a branch, and of one that has entries
    which are not finite, whether it takes such."""
    lost = ~np.isfinite(branch) if branch.dtype.kind in "fc" else np.zeros(branch.shape, bool)
    held, lost = np.broadcast_arrays(held, lost)
    return bool(np.any(held & lost) if np.any(lost) else np.any(held))


def _float(program: Program, i: int) -> bool:
    return program.dtypes[i].startswith(("float", "complex"))


def _keys(program: Program, first: int) -> dict[int, object]:
    """What each value is made of, as hashes that are alike where two Programs compute the same on
    the same line; the ``first`` inputs have none."""
    keys: dict[int, object] = {
        i: ("constant", c.dtype.str, c.shape, c.tobytes()) for i, c in program.constants.items()
    }
    keys.update({i: ("input", k) for k, i in enumerate(program.inputs[first:])})
    for op in program.operations:
        if all(i in keys for i in op.inputs):
            held = (
                op.type,
                op.source,
                repr(sorted(op.attributes.items())),
                *(keys[i] for i in op.inputs),
            )
            keys.update({o: (hash(held), k) for k, o in enumerate(op.outputs)})
    return {i: key for i, key in keys.items() if i not in program.constants}
