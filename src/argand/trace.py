"""From a TensorFlow function, or its gradient, to a Program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from argand import patience
from argand.program import Operation, Program, run_operation
from argand.source import raised_at, source_line
from argand.subject import TargetError

_PASS_THROUGH = {
    "CheckNumerics",
    "EnsureShape",
    "Identity",
    "IdentityN",
    "PreventGradient",
    "Snapshot",
    "StopGradient",
}
_CALLS = {"PartitionedCall", "StatefulPartitionedCall"}
_CONDITIONALS = {"If", "StatelessIf"}
# What a conditional hands to its own gradient: there for the branch taken, absent for the other.
_HANDED_ON = {"OptionalFromValue", "OptionalGetValue"}
_ABSENT = {"FakeParam", "OptionalNone"}
_NOWHERE = -1


def trace_value(
    fn: Callable[..., Any], dtypes: Sequence[str], cores: Sequence[tuple[int, ...]] | None = None
) -> Program:
    """The forward computation of ``fn``; a custom gradient's body is inlined there.

    ``cores`` are the shapes of one sample of each input, () for elementwise functions.
    Raises TargetError when ``fn`` refuses these dtypes.
    """
    return _trace(fn, dtypes, cores or [()] * len(dtypes), "value")


def trace_gradient(
    fn: Callable[..., Any], dtypes: Sequence[str], cores: Sequence[tuple[int, ...]] | None = None
) -> Program:
    """The backward computation of ``fn``: inputs (upstream, *inputs), one output per input.

    An output is None where TensorFlow gives no gradient. Raises TargetError as above.
    """
    out = trace_value(fn, dtypes, cores)
    assert out.outputs[0] is not None
    upstream_dtype = out.dtypes[out.outputs[0]]
    upstream_core = out.shapes[out.outputs[0]][1:]

    def backward(upstream: tf.Tensor, *inputs: tf.Tensor) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            value = fn(*inputs)
        return tape.gradient(value, inputs, output_gradients=upstream)

    every_core = (upstream_core, *(cores or [()] * len(dtypes)))
    return _trace(backward, (upstream_dtype, *dtypes), every_core, "gradient")


def _trace(
    fn: Callable[..., Any], dtypes: Sequence[str], cores: Sequence[tuple[int, ...]], what: str
) -> Program:
    specs = [
        tf.TensorSpec([1, *core], dtype, name=f"argand_input_{i}")
        for i, (dtype, core) in enumerate(zip(dtypes, cores, strict=True))
    ]
    returned: list[Any] = []

    def kept(*args: Any) -> Any:
        returned.append(fn(*args))
        return returned[-1]

    nested = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)  # a tf.function called inside is inlined
    try:
        with patience.call(f"the {what} of the function, as it is traced,"):
            concrete = tf.function(kept, autograph=False).get_concrete_function(*specs)
    except TargetError:
        raise
    except (Exception, SystemExit) as error:
        raise TargetError(
            f"the {what} cannot be traced for {', '.join(dtypes)}: {describe(error)}"
            f"{raised_at(error)}"
        ) from error
    finally:
        tf.config.run_functions_eagerly(nested)
    if what == "value" and not tf.is_tensor(returned[-1]):
        raise TargetError(
            f"the function returns {type(returned[-1]).__name__}, not one tensor; return one tensor"
        )
    outputs = concrete.structured_outputs
    if isinstance(outputs, tf.Tensor):
        outputs = (outputs,)
    flat = _Flattening()
    captured = {inner.name: outer for outer, inner in concrete.graph.captures}
    index: dict[str, int] = {}
    inputs = [t for t in concrete.graph.inputs if t.name not in captured]
    for tensor in inputs:
        index[tensor.name] = flat.add(tensor)
    for name, tensor in captured.items():
        index[name] = flat.add(tensor)
        if tensor.dtype == tf.resource:
            flat.variables[index[name]] = tensor
        else:
            flat.constants[index[name]] = _exact(tensor.numpy())
    flat.graph(concrete.graph, outputs, index, "unknown source")
    return Program(
        tuple(index[t.name] for t in inputs),
        tuple(None if t is None else index[t.name] for t in outputs),
        tuple(flat.operations),
        flat.constants,
        tuple(flat.dtypes),
        tuple(flat.shapes),
        tuple(flat.reads),
        tuple(dict.fromkeys(flat.conditions)),
    )


class _Flattening:
    """A graph, and the graphs of the functions that it calls, as one list of operations."""

    def __init__(self) -> None:
        self.dtypes: list[str] = []
        self.shapes: list[tuple[int, ...]] = []
        self.constants: dict[int, np.ndarray] = {}
        self.variables: dict[int, Any] = {}
        self.reads: list[tuple[int, Any]] = []
        self.conditions: list[int] = []
        self.operations: list[Operation] = []

    def add(self, tensor: Any) -> int:
        self.dtypes.append(tensor.dtype.base_dtype.name)
        rank = tensor.shape.rank
        self.shapes.append(() if rank is None else tuple(tensor.shape.as_list()))
        return len(self.dtypes) - 1

    def graph(self, graph: Any, outputs: Sequence[Any], index: dict[str, int], at: str) -> None:
        """Append what ``outputs`` need; ``index`` says where each tensor is, by name; ``at`` is
        the source line of operations that do not know their own."""
        assigned = _assigned(graph)
        for op in _needed(graph, outputs):
            if op.type == "ReadVariableOp" and op.inputs[0].name in assigned:
                raise TargetError(
                    f"the function assigns to the variable that it reads ({op.name}, "
                    f"{source_line(op)}), so it has no value of its own; take the assignment out"
                )
            if op.type == "Placeholder":
                continue
            if op.type in _ABSENT:
                index.update((out.name, _NOWHERE) for out in op.outputs)
                continue
            if op.type in _PASS_THROUGH | _HANDED_ON:
                for into, out in zip(op.inputs, op.outputs, strict=False):
                    index[out.name] = index[into.name]
                continue
            source = source_line(op)
            source = at if source == "unknown source" else source
            inputs = tuple(index[i.name] for i in op.inputs)
            if op.type in _CALLS:
                results = self.called(graph, op, "f", inputs, source)
                index.update(zip((o.name for o in op.outputs), results, strict=True))
                continue
            if op.type in _CONDITIONALS and op.inputs[0].dtype == tf.bool:
                results = self.conditional(graph, op, inputs, source)
                index.update(zip((o.name for o in op.outputs), results, strict=True))
                continue
            outs = tuple(self.add(out) for out in op.outputs)
            index.update(zip((o.name for o in op.outputs), outs, strict=True))
            attributes = {k: op.get_attr(k) for k in op.node_def.attr if not k.startswith("_")}
            operation = Operation(op.type, op.name, inputs, outs, attributes, source)
            known = self._known(op, operation)
            if op.type == "ReadVariableOp" and known is not None:
                self.reads.append((outs[0], self.variables[inputs[0]]))
            if known is None:
                self.operations.append(operation)
            else:
                self.constants.update(zip(outs, known, strict=True))

    def called(
        self, graph: Any, op: Any, function: str, inputs: Sequence[int], at: str
    ) -> list[int]:
        """Append the body of the ``function`` of ``op``; where its outputs are."""
        body = graph._get_function(op.get_attr(function).name).graph
        inside = {t.name: i for t, i in zip(body.inputs, inputs, strict=True)}
        self.graph(body, body.outputs, inside, at)
        return [inside[t.name] for t in body.outputs]

    def conditional(self, graph: Any, op: Any, inputs: Sequence[int], at: str) -> list[int]:
        """Append both branches, and for each output the selection by the condition."""
        condition, *operands = inputs
        then, other = (
            self.called(graph, op, branch, operands, at)
            for branch in ("then_branch", "else_branch")
        )
        if condition in self.constants:
            return then if self.constants[condition].all() else other
        self.conditions.append(condition)
        chosen: list[int] = []
        for k, (tensor, a, b) in enumerate(zip(op.outputs, then, other, strict=True)):
            if _NOWHERE in (a, b) or a == b:
                chosen.append(max(a, b))
                continue
            chosen.append(self.add(tensor))
            name, attributes = f"{op.name}:{k}", {"T": tensor.dtype}
            inputs, outputs = (condition, a, b), (chosen[-1],)
            self.operations.append(Operation("SelectV2", name, inputs, outputs, attributes, at))
        return chosen

    def _known(self, op: Any, operation: Operation) -> list[np.ndarray] | None:
        """The outputs where they hang on no input: constants, variables, and integers, which
        are exact; what is computed in floats is left to the balls."""
        if op.type == "Const":
            return [_exact(np.asarray(tf.get_static_value(op.outputs[0])))]
        if op.type == "ReadVariableOp" and operation.inputs[0] in self.variables:
            handle = self.variables[operation.inputs[0]]
            value = tf.raw_ops.ReadVariableOp(resource=handle, dtype=op.outputs[0].dtype)
            return [_exact(value.numpy())]
        if op.type in ("Shape", "ShapeN", "Size", "Rank"):
            if not all(i.shape.is_fully_defined() for i in op.inputs):
                return None
            return run_operation(operation, [np.zeros(i.shape, np.int8) for i in op.inputs])
        static = all(i in self.constants for i in operation.inputs)
        integers = all(i.dtype.is_integer or i.dtype.is_bool for i in op.inputs)
        whole = all(o.dtype.is_integer or o.dtype.is_bool for o in op.outputs)
        if not static or op.op_def.is_stateful:
            return None
        if op.outputs and (whole or (integers and op.type in ("Cast", "Range"))):
            return run_operation(operation, [self.constants[i] for i in operation.inputs])
        return None


def _exact(constant: np.ndarray) -> np.ndarray:
    """The same numbers in a dtype that NumPy knows: bfloat16 and its like as float32."""
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
    """The operations on which ``outputs`` depend, in the graph's (topological) order."""
    todo = [t.op for t in outputs if t is not None]
    seen: set[str] = set()
    while todo:
        op = todo.pop()
        if op.name not in seen:
            seen.add(op.name)
            todo.extend(i.op for i in op.inputs)
    return [op for op in graph.get_operations() if op.name in seen]


_WHERE = ("Detected at node", "File ", "Node: ", "<stack traces unavailable>", "[[")


def describe(error: BaseException) -> str:
    """The error on one line: its type and the message's first informative line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = lines[0] if lines else "no message"
    if text.startswith(("in user code", "Exception encountered")) and len(lines) > 1:
        text = lines[-1]
    if text.startswith("Graph execution error"):  # where it was defined comes before what it is
        told = [line for line in lines[1:] if not line.startswith(_WHERE)]
        text = told[0] if told else text
    return f"{type(error).__name__}: {text}"
