"""A graph, and the graphs of the functions that it calls, as one list of operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from argand.frontend.operation import run_operation
from argand.frontend.source import source_line
from argand.program import Operation, Program
from argand.subject import TargetError

_PASS_THROUGH = {
    "CheckNumerics",
    "EnsureShape",
    "Identity",
    "IdentityN",
    "PreventGradient",
    "Snapshot",
}
STOP = "StopGradient"
_CALLS = {"PartitionedCall", "StatefulPartitionedCall"}
_CONDITIONALS = {"If", "StatelessIf"}
# What a conditional hands to its own gradient: there for the branch taken, absent for the other.
_HANDED_ON = {"OptionalFromValue", "OptionalGetValue"}
_ABSENT = {"FakeParam", "OptionalNone"}
_OF_INTEGERS = {"Bitcast", "Cast", "Range"}  # exact, whatever they make
_SHAPES = {"Shape", "ShapeN", "Size", "Rank"}


def flattened(concrete: Any, stopped: bool = False) -> Program:
    """The Program of a concrete function, in which tf.stop_gradient is an operation only where it
    is ``stopped``. Raises TargetError where it assigns what it reads."""
    outputs = concrete.structured_outputs
    if isinstance(outputs, tf.Tensor):
        outputs = (outputs,)
    flat = _Flattening(_PASS_THROUGH | _HANDED_ON | (set() if stopped else {STOP}))
    captured = {inner.name: outer for outer, inner in concrete.graph.captures}
    index: _Index = {}
    inputs = [t for t in concrete.graph.inputs if t.name not in captured]
    for tensor in inputs:
        index[tensor.name] = flat.add(tensor)
    for name, tensor in captured.items():
        value = index[name] = flat.add(tensor)
        if tensor.dtype == tf.resource:
            flat.variables[value] = tensor
        else:
            flat.constants[value] = _exact(tensor.numpy())
    flat.graph(concrete.graph, outputs, index)
    return Program(
        tuple(_there(index, t) for t in inputs),
        tuple(None if t is None else index[t.name] for t in outputs),
        tuple(flat.operations),
        flat.constants,
        tuple(flat.dtypes),
        tuple(flat.shapes),
        tuple(flat.reads),
        tuple(dict.fromkeys(flat.conditions)),
    )


_Index = dict[str, int | None]  # where each tensor is, by name; None: in the branch not taken


def _there(index: _Index, tensor: Any) -> int:
    value = index[tensor.name]
    if value is None:
        raise TargetError(
            f"the operation that makes {tensor.name} belongs to a branch that is not taken; write "
            "the branches with tf.where"
        )
    return value


class _Flattening:
    """What is gathered on the way: the fields of a Program, and the variables' handles."""

    def __init__(self, passed: set[str]) -> None:
        self.passed = passed
        self.dtypes: list[str] = []
        self.shapes: list[tuple[int, ...]] = []
        self.constants: dict[int, np.ndarray] = {}
        self.variables: dict[int, Any] = {}
        self.reads: list[tuple[int, Any]] = []
        self.conditions: list[int] = []
        self.operations: list[Operation] = []

    def add(self, tensor: Any) -> int:
        """A new value with the dtype and shape of ``tensor``."""
        self.dtypes.append(tensor.dtype.base_dtype.name)
        rank = tensor.shape.rank
        self.shapes.append(() if rank is None else tuple(tensor.shape.as_list()))
        return len(self.dtypes) - 1

    def graph(self, graph: Any, outputs: Sequence[Any], index: _Index) -> None:
        """Append what ``outputs`` need, and say in ``index`` where it is.

        Raises TargetError where a variable is assigned and read.
        """
        assigned = _assigned(graph)
        for op in _needed(graph, outputs):
            if op.type == "ReadVariableOp" and op.inputs[0].name in assigned:
                raise TargetError(
                    f"the function assigns to the variable that it reads ({op.name}, "
                    f"{source_line(op)}), so it has no value of its own; take the assignment out"
                )
            if op.type != "Placeholder":
                self._append(graph, op, index)

    def _append(self, graph: Any, op: Any, index: _Index) -> None:
        """Append one operation, or say in ``index`` where its outputs are already."""
        made: Sequence[int | None]
        if op.type in _ABSENT:
            made = [None] * len(op.outputs)
        elif op.type in self.passed:
            made = [index[i.name] for i in op.inputs][: len(op.outputs)]
        else:
            inputs = tuple(_there(index, i) for i in op.inputs)
            if op.type in _CALLS:
                made = self._called(graph, op, "f", inputs)
            elif op.type in _CONDITIONALS and op.inputs[0].dtype == tf.bool:
                made = self._conditional(graph, op, inputs)
            else:
                made = self._operation(op, inputs)
        index.update(zip((o.name for o in op.outputs), made, strict=False))

    def _operation(self, op: Any, inputs: tuple[int, ...]) -> list[int]:
        outs = [self.add(out) for out in op.outputs]
        attributes = {k: op.get_attr(k) for k in op.node_def.attr if not k.startswith("_")}
        operation = Operation(op.type, op.name, inputs, tuple(outs), attributes, source_line(op))
        known = self._known(op, operation)
        if known is None:
            self.operations.append(operation)
        else:
            self.constants.update(zip(outs, known, strict=True))
            if op.type == "ReadVariableOp":
                self.reads.append((outs[0], self.variables[inputs[0]]))
        return outs

    def _called(
        self, graph: Any, op: Any, function: str, inputs: Sequence[int]
    ) -> list[int | None]:
        """Append the body of the ``function`` of ``op``; where its outputs are."""
        body = graph._get_function(op.get_attr(function).name).graph
        inside: _Index = {t.name: i for t, i in zip(body.inputs, inputs, strict=True)}
        self.graph(body, body.outputs, inside)
        return [inside[t.name] for t in body.outputs]

    def _conditional(self, graph: Any, op: Any, inputs: Sequence[int]) -> list[int | None]:
        """Append both branches, and for each output the selection by the condition."""
        condition, *operands = inputs
        then, other = (
            self._called(graph, op, branch, operands) for branch in ("then_branch", "else_branch")
        )
        if condition in self.constants:
            return then if self.constants[condition].all() else other
        self.conditions.append(condition)
        chosen: list[int | None] = []
        at = source_line(op)
        for k, (tensor, a, b) in enumerate(zip(op.outputs, then, other, strict=True)):
            if a is None or b is None or a == b:
                chosen.append(b if a is None else a)
                continue
            selected = self.add(tensor)
            name, attributes = f"{op.name}:{k}", {"T": tensor.dtype}
            select = Operation("SelectV2", name, (condition, a, b), (selected,), attributes, at)
            self.operations.append(select)
            chosen.append(selected)
        return chosen

    def _known(self, op: Any, operation: Operation) -> list[np.ndarray] | None:
        """The outputs where no input decides them: constants, variables, and integers, which
        are exact; what is computed in floats is left to the balls."""
        if op.type == "Const":
            return [_exact(np.asarray(tf.get_static_value(op.outputs[0])))]
        if op.type == "ReadVariableOp" and operation.inputs[0] in self.variables:
            handle = self.variables[operation.inputs[0]]
            value = tf.raw_ops.ReadVariableOp(resource=handle, dtype=op.outputs[0].dtype)
            return [_exact(value.numpy())]
        if op.type in _SHAPES:
            if not all(i.shape.is_fully_defined() for i in op.inputs):
                return None
            return run_operation(operation, [np.zeros(i.shape, np.int8) for i in op.inputs])
        static = all(i in self.constants for i in operation.inputs)
        if not static or op.op_def.is_stateful or not op.outputs:
            return None
        if _whole(op.outputs) or (_whole(op.inputs) and op.type in _OF_INTEGERS):
            return run_operation(operation, [self.constants[i] for i in operation.inputs])
        return None


def _whole(tensors: Sequence[Any]) -> bool:
    return all(t.dtype.is_integer or t.dtype.is_bool for t in tensors)


def _exact(constant: np.ndarray) -> np.ndarray:
    """The same numbers in a dtype that NumPy knows: bfloat16 and its like as float32."""
    constant = np.asarray(constant)  # TensorFlow gives what has no axis as a scalar
    return constant.astype(np.float32) if constant.dtype.kind == "V" else constant


def _assigned(graph: Any) -> set[str]:
    """Names of the variables' handles that ``graph`` assigns to, itself or by what it calls."""
    names = set()
    for op in graph.get_operations():
        functions = ["f"] * (op.type in _CALLS)
        functions += ["then_branch", "else_branch"] * (op.type in _CONDITIONALS)
        for function in functions:
            called = graph._get_function(op.get_attr(function).name).graph
            inside = _assigned(called)
            operands = op.inputs[len(op.inputs) - len(called.inputs) :]
            pairs = zip(operands, called.inputs, strict=True)
            names |= {outer.name for outer, inner in pairs if inner.name in inside}
        if op.type.startswith(("Assign", "ResourceApply", "ResourceScatter")):
            names |= {i.name for i in op.inputs if i.dtype == tf.resource}
    return names


def _needed(graph: Any, outputs: Sequence[Any]) -> list[Any]:
    """The operations on which ``outputs`` depend, each after those that it depends on.

    The graph's own order is not such a one: the gradient of a loop gives the loop more inputs.
    """
    todo = [t.op for t in outputs if t is not None]
    needed: dict[str, Any] = {}
    while todo:
        op = todo.pop()
        if op.name not in needed:
            needed[op.name] = op
            todo.extend(i.op for i in op.inputs)
    made: dict[str, Any] = {}
    for first in (op for op in graph.get_operations() if op.name in needed):
        todo = [first]
        while todo:
            missing = [i.op for i in todo[-1].inputs if i.op.name not in made]
            if missing:
                todo.extend(missing)
            else:
                op = todo.pop()
                made[op.name] = op
    return list(made.values())
