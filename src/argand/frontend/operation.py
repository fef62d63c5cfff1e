"""One of TensorFlow's operations, run alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow.python.eager import context, execute
from tensorflow.python.framework import op_def_registry

from argand.program import Operation
from argand.subject import TargetError


def run_operation(operation: Operation, inputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
    """The outputs of ``operation`` on arrays, as TensorFlow computes them on the processor.

    The inputs' own dtypes replace those that the operation was traced with. Raises TargetError
    where TensorFlow refuses.
    """
    tensors = [tf.convert_to_tensor(x) for x in inputs]
    attributes = {
        k: v.as_datatype_enum if isinstance(v, tf.DType) else v
        for k, v in operation.attributes.items()
    }
    rest = list(tensors)
    for argument in op_def_registry.get(operation.type).input_arg:
        count = attributes[argument.number_attr] if argument.number_attr else 1
        if argument.type_attr and rest:
            attributes[argument.type_attr] = rest[0].dtype.as_datatype_enum
        rest = rest[count:]
    flat = tuple(x for pair in attributes.items() for x in pair)
    try:
        with tf.device("CPU"):
            outs = execute.execute(
                operation.type, len(operation.outputs), tensors, flat, context.context()
            )
    except tf.errors.OpError as error:
        raise TargetError(
            f"the operation {operation.type} ({operation.name}, {operation.source}) fails: "
            f"{error.message.splitlines()[0]}"
        ) from error
    return [np.asarray(o.numpy()) for o in outs]
