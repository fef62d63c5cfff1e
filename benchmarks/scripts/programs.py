"""TensorFlow programs drawn from all operations that argand follows, as Python source.

``choose(n)`` gives a number below n: of a random generator, or of hypothesis. The source defines a
function ``f`` of tensors [n], or of rows [n, 3]; TensorFlow may refuse it.
"""

from __future__ import annotations

from collections.abc import Callable

from tensorflow.core.framework.types_pb2 import DT_BOOL, DT_COMPLEX128, DT_DOUBLE
from tensorflow.python.framework import op_def_registry

from argand.exact.rules.composed import ALIASES, COMPOSED
from argand.exact.rules.shaped import SHAPED
from argand.exact.rules.structural import STRUCTURAL
from argand.exact.rules.table import RULES

Choose = Callable[[int], int]
NUMBERS = (
    "0.0", "1.0", "-1.0", "0.5", "2.0", "3.0", "-0.0", "-2.5", "20.0", "1e-3", "1e30", "1e-30",
    "float('inf')", "float('nan')",
)  # fmt: skip
_ROWS = ("[1.0, 0.0, -2.0]", "[0.5, 0.5, 3.0]", "[[0.2, 0.3, 0.5]]")
_KINDS = {"r": "R", "c": "C"}  # of a value: real, complex, or "b" for a truth value
_CHANGED = {"Real": "r", "Imag": "r", "ComplexAbs": "r", "Angle": "r", "Complex": "c"}
# {a}, {b} are values of one kind, {p} is a truth value; those that begin with "row" need rows
_ALONG = {
    **{name: f"tf.raw_ops.{name}(input={{a}}, axis=[-1], keep_dims={{k}})"
       for name in ("Sum", "Prod", "Mean", "Max", "Min")},
    **{name: f"tf.raw_ops.{name}(x={{a}}, axis=-1, exclusive={{k}}, reverse={{l}})"
       for name in ("Cumsum", "Cumprod")},
    "Softmax": "tf.nn.softmax({a})",
    "LogSoftmax": "tf.nn.log_softmax({a})",
    "All": "tf.where(tf.reduce_all({a} == {b}, -1, keepdims=True), {a}, {b})",
    "Any": "tf.where(tf.reduce_any({a} == {b}, -1, keepdims=True), {a}, {b})",
    "Bitcast": "tf.bitcast(tf.bitcast({a}, I), R)",
    "LeftShift": "tf.bitcast(tf.bitwise.left_shift(tf.bitcast({a}, I), tf.constant(1, I)), R)",
    "RightShift": "tf.bitcast(tf.bitwise.right_shift(tf.bitcast({a}, I), tf.constant(1, I)), R)",
    "UnsortedSegmentSum": "tf.math.unsorted_segment_sum({a}, tf.zeros_like({a}, tf.int32), 1)",
    "BroadcastTo": "tf.broadcast_to({a}[..., :1], tf.shape({a}))",
    "Concat": "tf.concat([{a}, {b}], -1)",
    "ConcatV2": "tf.concat([{a}, {b}], -1)[..., 1:4]",
    "DeepCopy": "tf.raw_ops.DeepCopy(x={a})",
    "Diag": "tf.raw_ops.Diag(diagonal={a}[0])[None, 1]",
    "DiagPart": "tf.raw_ops.DiagPart(input=tf.raw_ops.Diag(diagonal={a}[0]))[None]",
    "ExpandDims": "tf.squeeze(tf.expand_dims({a}, 1), 1)",
    "Fill": "{a} * tf.fill(tf.shape({a}), {b}[..., :1][0, 0])",
    "Gather": "tf.gather({a}, [2, 0, 0], axis=-1)",
    "GatherNd": "tf.gather_nd({a}, [[0, 0]])",
    "GatherV2": "tf.gather({a}, 1, axis=-1)",
    "InvertPermutation": "tf.gather({a}, tf.math.invert_permutation([2, 0, 1]), axis=-1)",
    "MatrixDiag": "tf.raw_ops.MatrixDiagPart(input=tf.raw_ops.MatrixDiag(diagonal={a}))",
    "MatrixDiagPart": "tf.reduce_sum(tf.raw_ops.MatrixDiag(diagonal={a}), -1)",
    "MatMul": "tf.matmul({a}, {b}, transpose_b=True)",
    "MirrorPad": "tf.pad({a}, [[0, 0], [1, 0]], 'REFLECT')",
    "Pack": "tf.stack([{a}[..., 0], {b}[..., 1]], -1)",
    "Pad": "tf.pad({a}, [[0, 0], [1, 1]])",
    "ParallelConcat": "tf.raw_ops.ParallelConcat(values=[{a}], shape=[1, 3])",
    "Reshape": "tf.reshape({a}, [-1, 3])",
    "Reverse": "tf.raw_ops.Reverse(tensor={a}, dims=[False, True])",
    "ReverseV2": "tf.reverse({a}, [-1])",
    "Roll": "tf.roll({a}, 1, -1)",
    "Slice": "tf.slice({a}, [0, 1], [-1, 2])",
    "Split": "tf.split({a}, 3, -1)[1]",
    "SplitV": "tf.split({a}, [1, 2], -1)[1]",
    "Squeeze": "tf.squeeze({a}[..., :1])",
    "StridedSlice": "{a}[..., ::2]",
    "StridedSliceGrad": "{a}[:, 0]",
    "Tile": "tf.tile({a}, [1, 2])",
    "Transpose": "tf.transpose(tf.transpose({a}))",
    "Unpack": "tf.unstack({a}, axis=-1)[0]",
}  # fmt: skip
_REAL_ALONG = {"Max", "Min", "Softmax", "LogSoftmax", "Bitcast", "LeftShift", "RightShift"}
_OTHERS = (
    "tf.where({p}, {a}, {b})",
    "tf.where({p}, {a}, tf.zeros_like({a}))",
    "tf.cast({p}, R)",
    "tf.cast({a}, R)",
    "tf.cast({a}, C)",
    "tf.cast({a}, tf.bool)",
    "tf.cast(tf.cast({a}, tf.float32), R)",
    "tf.cast(tf.cast({a}, tf.int32), R)",
    "tf.stop_gradient({a})",
    "{a} ** 2",
    "tf.clip_by_value({a}, -1.0, 1.0)",
    "tf.cond(tf.reduce_all(tf.math.real({a}) > 0), lambda: {a} * {b}, lambda: {b})",
    "tf.custom_gradient(lambda t: (t * {b}, lambda u: u * {b}))({a})",
)
_OTHER_KINDS = ("", "", "r", "r", "c", "b", "r", "r", "", "", "", "", "")


def _elementwise() -> dict[str, tuple[list[str], set[str], str]]:
    """Each operation with its arguments' names, the kinds that it takes and that of its result."""
    found = {}
    for name in sorted({*RULES, *COMPOSED, *ALIASES}):
        definition = op_def_registry.get(name)
        if definition is None or name in ("Cast", "SelectV2", "Select", "AddN", "BiasAdd"):
            continue
        allowed = [a.allowed_values.list.type for a in definition.attr if a.name == "T"]
        every = not allowed or not allowed[0]
        kinds = {k for k, t in (("r", DT_DOUBLE), ("c", DT_COMPLEX128)) if every or t in allowed[0]}
        if name.startswith("Logical"):
            kinds = {"b"}
        elif name in _CHANGED:
            kinds = {"r"} if name == "Complex" else {"c"}
        result = "b" if definition.output_arg[0].type == DT_BOOL else _CHANGED.get(name, "")
        found[name] = [a.name for a in definition.input_arg], kinds, result
    return found


ELEMENTWISE = _elementwise()
COVERED = {*ELEMENTWISE, *_ALONG, "Cast", "SelectV2", "Select", "AddN", "BiasAdd"}
MISSING = sorted(
    name
    for name in {*RULES, *COMPOSED, *SHAPED, *STRUCTURAL, *ALIASES} - COVERED
    if op_def_registry.get(name) is not None
)


class _Writer:
    """The lines of one function, and which of its names are of which kind."""

    def __init__(self, choose: Choose, rows: bool) -> None:
        self.choose, self.rows, self.lines = choose, rows, list[str]()
        self.names: dict[str, list[str]] = {"r": [], "c": [], "b": []}

    def pick(self, items: list[str] | tuple[str, ...]) -> str:
        return items[self.choose(len(items))]

    def operand(self, kind: str) -> str:
        """A value of this kind: the latest, an earlier one, or a constant of any rank."""
        known = self.names[kind]
        if known and self.choose(5):
            return known[-1] if self.choose(2) else self.pick(known)
        if kind == "b":
            return f"tf.constant({self.pick(['True', 'False'])})"
        held = self.pick(NUMBERS)
        if not self.choose(3):
            held = self.pick(_ROWS) if self.rows else f"[{held}]"
        return f"tf.constant({held}, {_KINDS[kind]})"

    def add(self, expression: str, kind: str) -> None:
        name = f"v{len(self.lines)}"
        self.lines.append(f"    {name} = {expression}")
        self.names[kind].append(name)

    def step(self, kind: str) -> None:
        """One more operation, mostly on values of this kind."""
        which = self.choose(8)
        if which < 5 or (which < 7 and not self.rows):
            name = self.pick([n for n, (_, kinds, _) in ELEMENTWISE.items() if {kind, "b"} & kinds])
            arguments, kinds, result = ELEMENTWISE[name]
            own = kind if kind in kinds else "b"
            given = [f"{a}={self.operand(own)}" for a in arguments]
            if name.startswith("LeakyRelu"):
                given.append("alpha=0.2")
            self.add(f"tf.raw_ops.{name}({', '.join(given)})", result or own)
        elif which < 7:
            names = [n for n in _ALONG if kind == "r" or n not in _REAL_ALONG]
            self.add(self.filled(_ALONG[self.pick(names)], kind), kind)
        else:
            k = self.choose(len(_OTHERS))
            self.add(self.filled(_OTHERS[k], kind), _OTHER_KINDS[k] or kind)

    def filled(self, template: str, kind: str) -> str:
        words = {"a": self.operand(kind), "b": self.operand(kind), "p": self.operand("b")}
        return template.format(**words, k=bool(self.choose(2)), l=bool(self.choose(2)))


def drawn(choose: Choose) -> tuple[str, list[str], int]:
    """The source of a function, the dtype of each of its inputs, and its ``core``."""
    rows, double = bool(choose(2)), bool(choose(3))
    kinds = ["c" if choose(2) else "r" for _ in range(1 + choose(2))]
    writer = _Writer(choose, rows)
    inputs = [f"x{i}" for i in range(len(kinds))]
    for name, kind in zip(inputs, kinds, strict=True):
        writer.names[kind].append(name)
    for _ in range(1 + choose(8)):
        writer.step(writer.pick(["r", "c"]) if not choose(4) else kinds[0])
    last = writer.lines[-1].split()[0]
    if last in writer.names["b"]:
        last = f"tf.cast({last}, R)"
    else:  # a constant gets the axis of samples
        last = f"{last} if {last}.shape.rank else {last} + tf.zeros_like(x0, {last}.dtype)"
    source = [
        f"def f({', '.join(inputs)}):",
        "    R = x0.dtype.real_dtype",
        "    C, I = (tf.complex64, tf.int32) if R == tf.float32 else (tf.complex128, tf.int64)",
        *writer.lines,
        f"    return {last}",
    ]
    if not choose(4):  # a gradient of its own, which is wrong as a rule
        line = f"    return {last}, lambda u: ({', '.join(f'u * {x}' for x in inputs)},)"
        source[-1] = line
        source.insert(0, "@tf.custom_gradient")
    dtypes = {"r": "float64", "c": "complex128"} if double else {"r": "float32", "c": "complex64"}
    return "\n".join(source) + "\n", [dtypes[k] for k in kinds], int(rows)
