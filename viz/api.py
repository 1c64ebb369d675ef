"""The functions users call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from autograd_core import Tensor
from autograd_core.node import Node

from .backward import BackwardGraph, backward_picture
from .drawing import Drawing
from .forward import forward_picture
from .tree import tree
from .values import Values
from .words import Lang, Words

Direction = Literal["right", "down"]


def draw(
    result: Tensor | Node,
    *,
    names: Mapping[str, Tensor] | None = None,
    depth: int | None = None,
    direction: Direction = "right",
    lang: Lang = "en",
) -> Drawing:
    """Draw the forward graph: every operation with its value, its gradient and its local derivatives.

    Works before and after ``backward()``. Arrays that are too large to write out are shown by shape
    and range; after ``backward()`` freed them by shape.

    Args:
        result: the tensor, or its node, that everything leads to. If it has several elements the
            gradients are those of its sum.
        names: names for tensors, besides those in ``t.name``; for a module
            ``dict(module.named_parameters())``.
        depth: how many levels of modules are shown open; by default modules are folded into one box
            each where the graph would be too large to read.
        direction: ``right``, from left to right, or ``down``.
        lang: the language of titles, notes and labels: ``en`` or ``zh-TW``, Traditional Chinese.

    Returns:
        A drawing.

    Raises:
        TypeError: ``result`` is not a Tensor or Node, or ``names`` not a dict of Tensors.
        RuntimeError: ``result`` does not require grad, so that nothing was recorded.
        ValueError: ``depth`` is negative, or there is no such direction or language.

    Example:
        >>> import autograd_core as ag, viz
        >>> x = ag.tensor(2.0, requires_grad=True)
        >>> w = ag.tensor(-3.0, requires_grad=True)
        >>> "×" in viz.draw(x * w, names={"x": x, "w": w}).to_svg()
        True
    """
    node, value = _rooted(result, "draw")
    return Drawing(forward_picture(node, value, names, depth, Words(lang)), _is_down(direction))


def draw_backward(
    result: Tensor | Node,
    *,
    names: Mapping[str, Tensor] | None = None,
    depth: int | None = None,
    direction: Direction = "right",
    lang: Lang = "en",
) -> Drawing:
    """Draw the backward graph: how the gradient flows from a result to the leaves.

    Each box belongs to the operation that caused it, each arrow carries the rule's formula and the
    number it gave, and where a value was used several times a ``+`` adds what its uses bring.

    Args:
        result: the tensor, or its node, whose gradient is taken.
        names: names for tensors, as in :func:`draw`.
        depth: how many levels of modules are shown open, as in :func:`draw`.
        direction: ``right`` or ``down``: where gradients flow to.
        lang: the language, as in :func:`draw`.

    Returns:
        A drawing.

    Raises:
        TypeError: ``result`` is not a Tensor or Node, or ``names`` not a dict of Tensors.
        RuntimeError: ``result`` does not require grad, so that nothing was recorded.
        ValueError: ``depth`` is negative, or there is no such direction or language.

    Example:
        >>> import autograd_core as ag, viz
        >>> x = ag.tensor(3.0, requires_grad=True)
        >>> viz.draw_backward(x * x)
        <Drawing: backward graph of L, 4 boxes, 4 arrows>
    """
    node, value = _rooted(result, "draw_backward")
    return Drawing(backward_picture(node, value, names, depth, Words(lang)), _is_down(direction))


def text(
    result: Tensor | Node,
    *,
    names: Mapping[str, Tensor] | None = None,
    depth: int | None = None,
    lang: Lang = "en",
) -> str:
    """The forward graph as a tree of text, for terminals.

    The result stands first, below each value what it was computed from. A value that is used several times is written
    out once; large graphs are folded.

    Args:
        result: the tensor, or its node, that everything leads to.
        names: names for tensors, as in :func:`draw`.
        depth: how many levels of modules are shown open, as in :func:`draw`.
        lang: the language, as in :func:`draw`.

    Returns:
        The lines, to be printed.

    Raises:
        TypeError: ``result`` is not a Tensor or Node, or ``names`` not a dict of Tensors.
        RuntimeError: ``result`` does not require grad, so that nothing was recorded.
        ValueError: ``depth`` is negative, or there is no such language.

    Example:
        >>> import autograd_core as ag, viz
        >>> x = ag.tensor(3.0, requires_grad=True)
        >>> print(viz.text(x * x + 1))
        Forward graph of L
        <BLANKLINE>
        L = v₁ + 1     = 10  ∂L/∂L = 1   add
        └─ v₁ = x × x  = 9   ∂L/∂v₁ = 1  multiply
           └─ x        = 3   ∂L/∂x = 6   leaf, used 2 times
    """
    return tree(*_rooted(result, "text"), names, depth, Words(lang))


def backward_graph(result: Tensor | Node) -> BackwardGraph:
    """The backward graph of a result as data: steps and the gradients that flow between them.

    Args:
        result: the tensor, or its node, whose gradient is taken.

    Returns:
        The graph.

    Raises:
        TypeError: ``result`` is not a Tensor or Node.
        RuntimeError: ``result`` does not require grad, so that nothing was recorded.

    Example:
        >>> import autograd_core as ag, viz
        >>> x = ag.tensor(3.0, requires_grad=True)
        >>> [(step.kind, float(step.gradient)) for step in viz.backward_graph(x * x).steps]
        [('seed', 1.0), ('rule', 1.0), ('sum', 6.0), ('leaf', 6.0)]
    """
    return BackwardGraph(Values(*_rooted(result, "backward_graph")))


def _rooted(result: Any, name: str) -> tuple[Node, Any]:
    if isinstance(result, Node):
        return result, None
    if not isinstance(result, Tensor):
        raise TypeError(f"{name} takes a Tensor or a Node, got {type(result).__name__}")
    if result.node is None:
        raise RuntimeError(
            f"{name} needs a tensor that requires grad, this one has no graph: give an input requires_grad=True "
            "before computing it, outside no_grad and detach()"
        )
    return result.node, result.array


def _is_down(direction: str) -> bool:
    if direction not in ("right", "down"):
        raise ValueError(f"direction= is 'right' or 'down', got {direction!r}")
    return direction == "down"
