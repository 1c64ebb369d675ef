"""Layers as they are taught, found in a graph whoever wrote it: z = x Wᵀ + b, then a = σ(z)."""

from __future__ import annotations

from dataclasses import dataclass

from autograd_core.node import Node

from .values import Values


@dataclass(frozen=True, slots=True)
class Layer:
    """An affine map, and the activation after it.

    Attributes:
        number: 1 for the first of the graph.
        product: the node of the product, which is ``z`` itself where no bias is added by a node of its own.
        weight: which input of the product is the weight.
        z: the result of the map.
        bias: which input of ``z`` is the bias, None if there is none.
        a: the activation of ``z``, None if there is none or ``z`` is used otherwise too.
    """

    number: int
    product: Node
    weight: int
    z: Node
    bias: int | None
    a: Node | None

    @property
    def source(self) -> int:
        """Which input of the product the layer's input is."""
        return 0 if self.product.op is not None and self.product.op.name == "linear" else 1 - self.weight


def find_layers(values: Values) -> list[Layer]:
    """The layers of a graph, oldest first.

    Args:
        values: the graph.

    Returns:
        The layers.
    """
    found: list[Layer] = []
    for product in values.nodes:
        weight = _weight(product)
        if weight is None or len(values.operands(product)[weight].shape) > 2:
            continue
        z, bias = product, 2 if _named(product, "linear") else None
        if bias is None and (after := _only_use(values, product)) is not None:
            user, position = after
            if _named(user, "add") and _is_bias(values, user, 1 - position, product):
                z, bias = user, 1 - position
        use = _only_use(values, z)
        a = use[0] if use is not None and is_activation(use[0]) else None
        found.append(Layer(len(found) + 1, product, weight, z, bias, a))
    return found


def is_activation(node: Node) -> bool:
    """Whether it is a function of each element of one input that has a name, such as tanh."""
    op = node.op
    return op is not None and op.elementwise and len(op.partials) == 1 and op.symbol.isidentifier()


def behind(node: Node | None) -> Node | None:
    """The node itself, or the matrix that it is the transpose of."""
    turned = node is not None and _named(node, "transpose") and len(node.shape) == 2
    return node.inputs[0] if turned and node is not None else node


def _named(node: Node, name: str) -> bool:
    return node.op is not None and node.op.name == name


def _only_use(values: Values, node: Node) -> tuple[Node, int] | None:
    uses = values.uses[node]
    return uses[0] if len(uses) == 1 and node is not values.root else None


def _weight(product: Node) -> int | None:
    """Which input of a product is the weight: a leaf or its transpose, or a constant beside what was computed."""
    if _named(product, "linear"):
        return 1
    if not _named(product, "matmul"):
        return None
    origins = [behind(node) for node in product.inputs]
    computed = [origin is not None and origin.op is not None for origin in origins]
    if all(computed):
        return None
    if any(computed):
        return computed.index(False)
    if None in origins:  # data times a parameter
        return 1 - origins.index(None)
    flat = [len(node.shape) < 2 for node in product.inputs if node is not None]
    turned = [node is not origin for node, origin in zip(product.inputs, origins, strict=True)]
    if flat[0] != flat[1]:
        return flat.index(False)
    return 0 if turned[0] and not turned[1] else 1


def _is_bias(values: Values, total: Node, position: int, product: Node) -> bool:
    """Whether what is added to a product is as long as one of its rows or columns."""
    node = total.inputs[position]
    if node is not None and node.op is not None:
        return False
    shape = values.operands(total)[position].shape
    sizes = [length for length in shape if length != 1]
    return len(sizes) <= 1 and total.shape == product.shape and (not sizes or sizes[0] in product.shape[-2:])
