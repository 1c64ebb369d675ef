"""The functions users call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from autograd_core import Tensor
from autograd_core.node import Node, reachable

from .backward import BackwardGraph, backward_picture
from .derivation import Derivation, derivation
from .describe import Detail
from .drawing import Drawing, Engine
from .forward import forward_picture
from .picture import Picture
from .player import Player
from .tree import tree
from .values import Values
from .view import View
from .words import Lang, Words

Direction = Literal["right", "down"]


def draw(
    result: Tensor | Node,
    *,
    names: Mapping[str, Tensor] | None = None,
    detail: Detail = "formula",
    depth: int | None = None,
    of: Any = None,
    to: Any = None,
    direction: Direction = "right",
    lang: Lang = "en",
    engine: Engine = "viz",
) -> Drawing:
    """Draw the forward graph: every operation with its value, its gradient and its local derivatives.

    Works before and after ``backward()``. Arrays that are too large to write out are shown by shape,
    mean ± standard deviation, range and a small histogram; after ``backward()`` freed them by shape.
    Where a value is used several times, or repeated to fit another's shape, a box ``Σ`` shows that
    its gradient is a sum. What would be too large to read is folded: repeated stretches (the layers
    of a transformer, the steps of an unrolled network) into one box ``×12``, modules into one each.

    Args:
        result: the tensor, or its node, that everything leads to. If it has several elements the
            gradients are those of its sum.
        names: names for tensors, besides those in ``t.name``. The parameters of a module are called
            by their path, such as ``fc1.weight``.
        detail: ``formula`` writes formulas and numbers, ``numbers`` numbers alone, ``shapes`` shapes
            alone, for which nothing is computed.
        depth: how many levels of modules are shown open; 0 folds each module into one box. By
            default as many as are readable.
        of: draw only what depends on this: a tensor or its node, a module or its path, the name of a
            value, or a list of such. A module without ``to`` is what was computed in it.
        to: draw only what this was computed from, given likewise.
        direction: ``right``, from left to right, or ``down``.
        lang: the language of titles, notes and labels: ``en`` or ``zh-TW``, Traditional Chinese.
        engine: who lays it out: ``viz``, which needs nothing, or ``dot``, Graphviz's program; where that
            is not installed a warning says so.

    Returns:
        A drawing.

    Raises:
        TypeError: ``result`` is not a Tensor or Node, ``names`` not a dict of Tensors, ``depth`` no
            whole number, or ``of`` or ``to`` not a value or module.
        RuntimeError: ``result`` does not require grad, so that nothing was recorded.
        ValueError: ``depth`` is negative, there is no such detail, direction, language or engine, or ``of`` or
            ``to`` is not in the graph.

    Example:
        >>> import autograd_core as ag, viz
        >>> x = ag.tensor(2.0, requires_grad=True)
        >>> w = ag.tensor(-3.0, requires_grad=True)
        >>> "×" in viz.draw(x * w, names={"x": x, "w": w}).to_svg()
        True
    """
    node, value = _rooted(result, "draw")
    view = View(names, detail, depth, of, to, Words(lang))
    return _drawing(forward_picture(node, value, view), direction, engine, node, value, view)


def draw_backward(
    result: Tensor | Node,
    *,
    forward: bool = True,
    names: Mapping[str, Tensor] | None = None,
    detail: Detail = "formula",
    depth: int | None = None,
    of: Any = None,
    to: Any = None,
    direction: Direction = "right",
    lang: Lang = "en",
    engine: Engine = "viz",
) -> Drawing:
    """Draw the backward graph: how the gradient flows from a result to the leaves, beside the forward graph.

    Each box is the derivative rule of the operation that caused it, each arrow carries the rule's
    formula and what it gave. Where a value was used several times a ``+`` adds what its uses bring:
    ``∂L/∂x = Σ g·∂v/∂x`` over the uses v of x; where it was repeated to fit another's shape a ``Σ``
    sums over the repeats. Both graphs have the same places: each rule stands below its operation,
    gradients flow from right to left. A stripe of the same colour marks what belongs together, and
    pointing at a box shows its partner. A gradient computed with ``create_graph=True`` is a result
    like any other: its picture shows second derivatives.

    Args:
        result: the tensor, or its node, whose gradient is taken. If it has several elements the
            gradients are those of its sum.
        forward: whether the forward graph is drawn as well. Without it gradients flow from left to right.
        names: names for tensors, as in :func:`draw`.
        detail: ``formula``, ``numbers`` or ``shapes``, as in :func:`draw`.
        depth: how many levels of modules are shown open, as in :func:`draw`.
        of: draw only what depends on this, as in :func:`draw`.
        to: draw only what this was computed from, likewise.
        direction: ``right``, the forward graph above the other; or ``down``, beside it.
        lang: the language, as in :func:`draw`.
        engine: ``viz`` or ``dot``, as in :func:`draw`.

    Returns:
        A drawing.

    Raises:
        TypeError: ``result`` is not a Tensor or Node, ``names`` not a dict of Tensors, ``depth`` no
            whole number, or ``of`` or ``to`` not a value or module.
        RuntimeError: ``result`` does not require grad, so that nothing was recorded.
        ValueError: ``depth`` is negative, there is no such detail, direction, language or engine, or ``of`` or
            ``to`` is not in the graph.

    Example:
        >>> import autograd_core as ag, viz
        >>> x = ag.tensor(3.0, requires_grad=True)
        >>> viz.draw_backward(x * x)
        <Drawing: forward and backward graph of L, 7 boxes, 7 arrows>
        >>> viz.draw_backward(x * x, forward=False)
        <Drawing: backward graph of L, 4 boxes, 4 arrows>
    """
    node, value = _rooted(result, "draw_backward")
    view = View(names, detail, depth, of, to, Words(lang))
    return _drawing(backward_picture(node, value, view, forward), direction, engine, node, value, view)


def text(
    result: Tensor | Node,
    *,
    names: Mapping[str, Tensor] | None = None,
    depth: int | None = None,
    of: Any = None,
    to: Any = None,
    lang: Lang = "en",
) -> str:
    """The forward graph as a tree of text, for terminals.

    The result stands first, below each value what it was computed from. A value that is used several times is written
    out once; large graphs are folded.

    Args:
        result: the tensor, or its node, that everything leads to.
        names: names for tensors, as in :func:`draw`.
        depth: how many levels of modules are shown open, as in :func:`draw`.
        of: write only what depends on this, as in :func:`draw`.
        to: write only what this was computed from, likewise.
        lang: the language, as in :func:`draw`.

    Returns:
        The lines, to be printed.

    Raises:
        TypeError: ``result`` is not a Tensor or Node, ``names`` not a dict of Tensors, ``depth`` no
            whole number, or ``of`` or ``to`` not a value or module.
        RuntimeError: ``result`` does not require grad, so that nothing was recorded.
        ValueError: ``depth`` is negative, there is no such language, or ``of`` or ``to`` is not in the
            graph.

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
    return tree(*_rooted(result, "text"), View(names, depth=depth, of=of, to=to, words=Words(lang)))


def derive(
    result: Tensor | Node,
    *,
    wrt: Tensor | Node | Iterable[Tensor | Node],
    names: Mapping[str, Tensor] | None = None,
    paths: int = 8,
    lang: Lang = "en",
) -> Derivation:
    """Write out the chain rule: how a gradient follows from the derivative of each operation.

    On a graph of single numbers every path from the value to the result is a product of factors,
    first in symbols, then by their formulas, then in numbers, and the gradient is the sum over the
    paths. On arrays the gradients follow each other from the result back; layers, however they are
    written, are found in the graph and have the form that is taught.

    Formula:
        ∂L/∂w = Σ over paths of ∂L/∂y · ∂y/∂z · … · ∂z/∂w; for layers z = x Wᵀ + b with a sample in
        each row δˡ = σ′(zˡ) ∘ (δˡ⁺¹ Wˡ⁺¹), ∂L/∂Wˡ = (δˡ)ᵀ aˡ⁻¹, ∂L/∂bˡ = Σ δˡ.

    Args:
        result: the tensor, or its node, that is differentiated. If it has several elements the
            gradients are those of its sum.
        wrt: the tensor or node to differentiate by, or several.
        names: names for tensors, besides those in ``t.name``.
        paths: how many paths are written out for each gradient. There may be very many; all are
            counted, and what they have in common is written once.
        lang: the language of sentences: ``en`` or ``zh-TW``, Traditional Chinese.

    Returns:
        The derivation: ``str()`` of it is text, and it has forms in LaTeX, MathML and HTML.

    Raises:
        TypeError: ``result`` or ``wrt`` is not a Tensor or Node, or ``names`` not a dict of Tensors.
        RuntimeError: ``result`` does not require grad, so that nothing was recorded.
        ValueError: ``result`` was not computed from ``wrt``, ``wrt`` is empty, ``paths`` is not
            positive, or there is no such language.

    Example:
        >>> import autograd_core as ag, viz
        >>> w = ag.tensor(2.0, requires_grad=True)
        >>> print(viz.derive(ag.tanh(w * 0.5), wrt=w, names={"w": w}))
        The values:
        <BLANKLINE>
          w  = 2
          v₁ = w·0.5 = 1
          L  = tanh(v₁) = 0.7616
        <BLANKLINE>
        ∂L/∂w
        ─────
        <BLANKLINE>
        1 path leads from w to L.
        <BLANKLINE>
          ∂L/∂w = ∂L/∂v₁ · ∂v₁/∂w
                = (1 − L²) · 0.5
                = 0.42 · 0.5
                = 0.21
        <BLANKLINE>
    """
    node, value = _rooted(result, "derive")
    if isinstance(paths, bool) or not isinstance(paths, int) or paths < 1:
        raise ValueError(f"paths= is how many paths are written out, at least 1, got {paths!r}")
    chosen = [wrt] if isinstance(wrt, (Tensor, Node)) else wrt
    if isinstance(chosen, (str, Mapping)) or not isinstance(chosen, Iterable):
        raise TypeError(f"wrt= takes a Tensor, a Node, or several, got {type(wrt).__name__}")
    wanted = [_behind(node, one) for one in chosen]
    if not wanted:
        raise ValueError("wrt= is empty: give at least one tensor to differentiate by")
    return derivation(node, value, wanted, names, paths, Words(lang))


def _behind(root: Node, wrt: Any) -> Node:
    """The node of a tensor that a result was computed from."""
    if not isinstance(wrt, (Tensor, Node)):
        raise TypeError(f"wrt= takes a Tensor, a Node, or several, got {type(wrt).__name__}")
    node = wrt if isinstance(wrt, Node) else wrt.node
    if node is None:
        raise ValueError(
            "wrt= is a tensor that does not require grad, so nothing was differentiated by it: give it "
            "requires_grad=True before computing the result"
        )
    if node not in set(reachable([root], oldest=node.number)):
        raise ValueError(
            f"the result was not computed from wrt= ({node.name}, shape {node.shape}): "
            "give a tensor that it was computed from"
        )
    return node


def play(
    result: Tensor | Node,
    *,
    names: Mapping[str, Tensor] | None = None,
    direction: Direction = "right",
    lang: Lang = "en",
) -> Player:
    """A page to watch the chain rule on: values appear along the graph, then gradients flow back edge by edge.

    Each step of the way back says ``upstream × local = contribution``, and each node shows the sum of
    what has arrived so far. A click on a box pins its derivation. Leaves that are single numbers have
    sliders, which compute everything in the page anew, in the tensors' dtype; where that is not
    possible the page says why. The page is one file that loads nothing.

    Args:
        result: the tensor, or its node, that everything leads to. If it has several elements the
            gradients are those of its sum.
        names: names for tensors, as in :func:`draw`.
        direction: ``right``, from left to right, or ``down``.
        lang: the language of the page, ``en`` or ``zh-TW``.

    Returns:
        The page: ``.save("play.html")`` writes it, a notebook shows it by itself.

    Raises:
        TypeError: ``result`` is not a Tensor or Node, or ``names`` not a dict of Tensors.
        RuntimeError: ``result`` does not require grad, so that nothing was recorded.
        ValueError: there is no such direction or language.

    Example:
        >>> import autograd_core as ag, viz
        >>> x = ag.tensor(2.0, requires_grad=True)
        >>> viz.play(ag.tanh(x * 3))
        <Player: Forward and backward pass of L, 6 steps>
    """
    node, value = _rooted(result, "play")
    return Player(node, value, View(names, words=Words(lang)), _is_down(direction))


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
        several = ": give one of them, or their sum" if isinstance(result, (list, tuple, dict)) else ""
        raise TypeError(f"{name} takes a Tensor or a Node, got {type(result).__name__}{several}")
    if result.node is None:
        raise RuntimeError(
            f"{name} needs a tensor that requires grad, this one has no graph: give an input requires_grad=True "
            "before computing it, outside no_grad and detach()"
        )
    return result.node, result.array


def _drawing(picture: Picture, direction: Direction, engine: Engine, node: Node, value: Any, view: View) -> Drawing:
    return Drawing(picture, _is_down(direction), engine, lambda: tree(node, value, view))


def _is_down(direction: str) -> bool:
    if direction not in ("right", "down"):
        raise ValueError(f"direction= is 'right' or 'down', got {direction!r}")
    return direction == "down"
