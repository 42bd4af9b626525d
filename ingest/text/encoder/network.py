"""The network of the encoder as an ONNX graph, put together in memory.

One text at a time runs through it: no padding and no masks, and nothing that stands beside a text can
change its states. Weights are small integers (layers.py). Activations are rounded to 8 bits with a
scale for each token; one scale for all of a text costs accuracy, because a few numbers of e5's
states are a hundred times the others (measured on real texts, mean cosine to float32: .998 with a
scale a token, .985 with one a text).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.text.encoder.layers import Layer, Linear, Norm, RoundedLinear

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

INPUT, OUTPUT = "embeddings", "states"
_OPSET, _IR = 20, 9
_MIDDLE = 128  # stands for zero among unsigned 8-bit activations
_SMALLEST = 1e-6


class _Graph:
    """Collects nodes and constants; every method gives the name of its result."""

    def __init__(self, width: int, heads: int, epsilon: float) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._epsilon = epsilon
        self._heads = self.hold(np.array([0, heads, width // heads], dtype=np.int64))
        self._whole = self.hold(np.array([0, width], dtype=np.int64))
        self._last = self.hold(np.array([-1], dtype=np.int64))
        self._root = self.hold(np.float32((width // heads) ** -0.5))
        self._smallest = self.hold(np.float32(_SMALLEST))
        self._steps = self.hold(np.float32(127))
        self._step = self.hold(np.float32(1 / 127))
        self._centre = self.hold(np.float32(_MIDDLE + 0.5))  # casting cuts off: a half more rounds
        self._middle = self.hold(np.uint8(_MIDDLE))

    def hold(self, array: Any) -> str:
        """Add a constant."""
        from onnx import numpy_helper

        name = f"c{len(self.constants)}"
        self.constants.append(
            numpy_helper.from_array(np.ascontiguousarray(array).reshape(np.shape(array)), name)
        )
        return name

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add a node with one output."""
        from onnx import helper

        name = output or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def normalise(self, x: str, norm: Norm) -> str:
        weight, bias = self.hold(norm.weight), self.hold(norm.bias)
        return self.add("LayerNormalization", x, weight, bias, axis=-1, epsilon=self._epsilon)

    def round_rows(self, x: str) -> tuple[str, str]:
        """Round each row to unsigned 8 bits; gives it and the scales."""
        largest = self.add("ReduceMax", self.add("Abs", x), self._last, keepdims=1)
        largest = self.add("Max", largest, self._smallest)
        centred = self.add("Add", self.add("Mul", x, self.add("Div", self._steps, largest)), self._centre)
        return self.add("Cast", centred, to=2), self.add("Mul", largest, self._step)  # 2: uint8

    def multiply(self, x: str, linear: Linear | RoundedLinear, rows: tuple[str, str] | None = None) -> str:
        if isinstance(linear, Linear):
            product = self.add("MatMul", x, self.hold(linear.weight.T))
        else:
            rounded, scales = rows or self.round_rows(x)
            sums = self.add("MatMulInteger", rounded, self.hold(linear.rounded.T), self._middle)
            product = self.add("Mul", self.add("Cast", sums, to=1), scales)  # 1: float32
            product = self.add("Mul", product, self.hold(linear.scale))
        return self.add("Add", product, self.hold(linear.bias))

    def attend(self, x: str, layer: Layer[Any]) -> str:
        rows = self.round_rows(x) if isinstance(layer.query, RoundedLinear) else None

        def split(linear: Linear | RoundedLinear, order: list[int]) -> str:
            product = self.add("Reshape", self.multiply(x, linear, rows), self._heads)
            return self.add("Transpose", product, perm=order)

        query, key = split(layer.query, [1, 0, 2]), split(layer.key, [1, 2, 0])
        scores = self.add("Mul", self.add("MatMul", query, key), self._root)
        mixed = self.add("MatMul", self.add("Softmax", scores, axis=-1), split(layer.value, [1, 0, 2]))
        joined = self.add("Reshape", self.add("Transpose", mixed, perm=[1, 0, 2]), self._whole)
        return self.multiply(joined, layer.output)

    def transform(self, x: str, layer: Layer[Any]) -> str:
        """Add a whole layer."""
        x = self.normalise(self.add("Add", x, self.attend(x, layer)), layer.attention_norm)
        inner = self.add("Gelu", self.multiply(x, layer.up))
        return self.normalise(self.add("Add", x, self.multiply(inner, layer.down)), layer.output_norm)


def build_network(
    embedding_norm: Norm,
    layers: Sequence[Layer[Linear]] | Sequence[Layer[RoundedLinear]],
    heads: int,
    epsilon: float,
) -> bytes:
    """Put the network together: embeddings (tokens, width) in, states (tokens, width) out; as ONNX.

    Layers given in floats are computed in floats, rounded ones in integers.
    """
    from onnx import TensorProto, helper

    width = len(embedding_norm.weight)
    graph = _Graph(width, heads, epsilon)
    x = graph.normalise(INPUT, embedding_norm)
    for layer in layers:
        x = graph.transform(x, layer)
    graph.add("Identity", x, output=OUTPUT)
    begin, end = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["tokens", width]) for name in (INPUT, OUTPUT)
    )
    body = helper.make_graph(graph.nodes, "encoder", [begin], [end], graph.constants)
    opsets = [helper.make_opsetid("", _OPSET)]
    model = helper.make_model(body, opset_imports=opsets, ir_version=_IR)
    content: bytes = model.SerializeToString()
    return content


def open_session(network: bytes, threads: int = 1) -> InferenceSession:
    """Make onnxruntime ready to run a network. With one thread sums are added in one order."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors, which are raised as well
    return InferenceSession(network, options, providers=["CPUExecutionProvider"])
