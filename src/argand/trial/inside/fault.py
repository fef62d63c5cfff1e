"""An operation that goes wrong, with what is around it: what its operands and its users are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from argand.exact.rules.structural import STRUCTURAL
from argand.program import Operation, Program

MOVES = STRUCTURAL | {"Identity", "IdentityN", "Snapshot"}


@dataclass(frozen=True)
class Fault:
    """What is known of an operation that goes wrong.

    ``program`` holds ``op``, and ``kind`` is that of a blame's Cause, or "unknown". ``parent`` is
    the operation of ``forward``, the function's value, whose gradient ``op`` is part of; ``op``
    itself where it is one of the value's operations. ``unused``: tf.where does not take what goes
    wrong.
    """

    program: Program
    op: Operation
    kind: str
    forward: Program
    parent: Operation | None
    unused: bool = False

    @property
    def of(self) -> str:
        """The type of the operation of the value that is meant."""
        return "" if self.parent is None else self.parent.type

    @property
    def own(self) -> bool:
        """Whether it is an operation of the value, not of the gradient."""
        return self.op is self.parent

    @property
    def lost(self) -> bool:
        """Whether there is no exact result."""
        return self.kind in ("undefined", "unknown")


def moved(program: Program, value: int) -> Operation | None:
    """The operation that makes ``value``, past those that only move elements."""
    op = program.maker(value)
    while op is not None and op.type in MOVES and (before := program.maker(op.inputs[0])):
        op = before
    return None if op is None or op.type in MOVES else op


def used_by(program: Program, op: Operation) -> list[Operation]:
    """The operations that take what ``op`` makes, past those that only move elements."""
    found: list[Operation] = []
    todo = [op]
    while todo:
        made = {*todo.pop().outputs}
        for other in program.operations:
            if made & {*other.inputs}:
                (todo if other.type in MOVES else found).append(other)
    return found


def operands(program: Program, op: Operation | None) -> list[Operation | None]:
    """What makes the operands of ``op``, past what only moves elements."""
    return [] if op is None else [moved(program, i) for i in op.inputs]


def square(op: Operation | None) -> bool:
    """Whether it is the square of something."""
    if op is None:
        return False
    return op.type == "Square" or (op.type == "Mul" and len({*op.inputs}) == 1)


def path(program: Program, op: Operation) -> Iterator[Operation]:
    """What takes the operation's results, and what takes theirs, a few steps on."""
    seen, todo = {op.name}, [(op, 0)]
    while todo:
        one, depth = todo.pop(0)
        for other in used_by(program, one):
            if other.name not in seen and depth < 4:
                seen.add(other.name)
                todo.append((other, depth + 1))
                yield other


def has_one(program: Program, op: Operation) -> bool:
    """Whether an operand is the constant 1."""
    return any(i in program.constants and bool(np.all(program.constants[i] == 1))
               for i in op.inputs)  # fmt: skip
