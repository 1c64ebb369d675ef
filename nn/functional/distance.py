"""Distances and similarities of vectors, and the losses that pull some together and push others apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy.lib.array_utils import normalize_axis_index

import autograd_core as ag
from autograd_core import Tensor

from .inputs import floored, given, together, values
from .loss import check_reduction, check_target, reduced


def pairwise_distance(x1: Any, x2: Any, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Tensor:
    """The distances of matching vectors.

    Formula:
        y = (Σᵢ |x1ᵢ − x2ᵢ + ε|^p)^(1/p).

    Args:
        x1: (N, D) or (D,).
        x2: a shape that broadcasts with it.
        p: the order of the norm.
        eps: ε, which keeps the gradient finite where the vectors are equal.
        keepdim: keep the last axis, at length one.

    Returns:
        A Tensor (N,) or ().

    Raises:
        ValueError: the shapes do not broadcast.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.pairwise_distance(ag.tensor([[0.0, 0.0], [1.0, 1.0]]), ag.tensor([3.0, 4.0]))
        tensor([5.    , 3.6056])
    """
    a, b = together(x1, x2)
    return ag.linalg.vector_norm(a - b + float(eps), p, -1, keepdim)


def cosine_similarity(x1: Any, x2: Any, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """The cosine of the angle between vectors.

    Formula:
        y = Σᵢ x1ᵢ·x2ᵢ / (max(‖x1‖, ε)·max(‖x2‖, ε)); the gradient passes as if no norm were below ε.

    Args:
        x1: any shape.
        x2: any shape that broadcasts with it.
        dim: the axis of the vectors, in the broadcast shape.
        eps: ε, the least norm.

    Returns:
        A Tensor of the broadcast shape without this axis.

    Raises:
        IndexError: there is no such axis.
        ValueError: the shapes do not broadcast.
        TypeError: neither has floats.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.cosine_similarity(ag.tensor([[1.0, 0.0], [1.0, 1.0]]), ag.tensor([[0.0, 1.0], [2.0, 2.0]]))
        tensor([0., 1.])
    """
    a, b = given(x1), given(x2)
    if a.dtype.kind != "f" and b.dtype.kind != "f":
        raise TypeError(f"cosine_similarity needs floats, got {a.dtype} and {b.dtype}: convert with .float() first")
    a, b = together(a, b)
    products = a * b
    if not products.ndim:
        products = products.reshape(1)
    axis = normalize_axis_index(dim, products.ndim) - products.ndim  # from the right, where shapes are aligned
    return products.sum(axis) / (_length(a, axis, products.shape, eps) * _length(b, axis, products.shape, eps))


def _length(x: Tensor, axis: int, shape: tuple[int, ...], eps: float) -> Tensor:
    """The norm along an axis of x broadcast to a shape; broadcasting itself only if that axis is broadcast."""
    if x.ndim < -axis or x.shape[axis] != shape[axis]:
        x = ag.broadcast_to(x, shape)
    return floored(ag.linalg.vector_norm(x, 2, axis), eps)


def cosine_embedding_loss(
    input1: Any, input2: Any, target: Any, margin: float = 0.0, *, reduction: str = "mean"
) -> Tensor:
    """Pulls vectors together where the target is 1; where it is −1, pushes them apart until their cosine is the margin.

    Formula:
        L = 1 − cos(x1, x2) for t = 1, max(0, cos(x1, x2) − margin) for t = −1.

    Args:
        input1: x1, (N, D) or (D,).
        input2: x2, the same.
        target: t, 1 or −1, (N,) or ().
        margin: the cosine up to which vectors are far enough from each other, from −1 to 1.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        A 0-d Tensor; with ``"none"`` of the target's shape.

    Raises:
        ValueError: the shapes do not fit, or there is no such reduction.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> x = ag.tensor([[1.0, 0.0], [1.0, 0.0]])
        >>> F.cosine_embedding_loss(x, ag.tensor([[1.0, 1.0], [1.0, 1.0]]), ag.tensor([1, -1]), reduction="none")
        tensor([0.2929, 0.7071])
    """
    (a, b), t = together(input1, input2), values(target)
    if t.ndim > 1 or a.ndim != t.ndim + 1 or b.ndim != t.ndim + 1:
        raise ValueError(
            "cosine_embedding_loss takes inputs (N, D) with a target (N,), or (D,) with a 0-d target: "
            f"got {a.shape}, {b.shape} and a target {t.shape}"
        )
    squares1, squares2 = ag.square(a).sum(-1) + 1e-12, ag.square(b).sum(-1) + 1e-12
    cosine = (a * b).sum(-1) / ag.sqrt(squares1 * squares2)
    check_target("cosine_embedding_loss", cosine, t)
    near = ag.where(t == 1, 1 - cosine, 0.0)
    return reduced(near + ag.where(t == -1, ag.clamp_min(cosine - margin, 0.0), 0.0), reduction)


def triplet_margin_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    *,
    reduction: str = "mean",
) -> Tensor:
    """Wants each anchor nearer to its positive than to its negative, by a margin.

    Formula:
        L = max(0, d(a, p) − d(a, n) + margin), d as in :func:`pairwise_distance`.

    Args:
        anchor: a, (N, D) or (D,).
        positive: p, with as many axes.
        negative: n, with as many axes.
        margin: above 0.
        p: the order of the norm.
        eps: added to each difference.
        swap: take the smaller of d(a, n) and d(p, n).
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        A 0-d Tensor; with ``"none"`` (N,) or ().

    Raises:
        ValueError: the shapes do not fit, the margin is not above 0, or there is no such reduction.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> F.triplet_margin_loss(ag.tensor([0.0, 0.0]), ag.tensor([3.0, 4.0]), ag.tensor([0.0, 1.0]))
        tensor(5.)
    """

    def distance(x1: Tensor, x2: Tensor) -> Tensor:
        return pairwise_distance(x1, x2, p, eps)

    return _triplet("triplet_margin_loss", (anchor, positive, negative), distance, margin, swap, reduction)


def triplet_margin_with_distance_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    *,
    distance_function: Callable[[Any, Any], Tensor] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """As :func:`triplet_margin_loss`, with any distance.

    Formula:
        L = max(0, d(a, p) − d(a, n) + margin).

    Args:
        anchor: a, a batch of anything that the distance takes.
        positive: p, with as many axes.
        negative: n, with as many axes.
        distance_function: d, of two batches; by default :func:`pairwise_distance`.
        margin: above 0.
        swap: take the smaller of d(a, n) and d(p, n).
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Returns:
        A 0-d Tensor; with ``"none"`` of the shape of the distances.

    Raises:
        ValueError: the shapes do not fit, the margin is not above 0, or there is no such reduction.

    Example:
        >>> import autograd_core as ag, nn.functional as F
        >>> a, p, n = ag.tensor([[1.0, 0.0]]), ag.tensor([[1.0, 1.0]]), ag.tensor([[0.0, 1.0]])
        >>> F.triplet_margin_with_distance_loss(a, p, n, distance_function=lambda x, y: 1 - F.cosine_similarity(x, y))
        tensor(0.2929)
    """
    distance = pairwise_distance if distance_function is None else distance_function
    triplet = (anchor, positive, negative)
    return _triplet("triplet_margin_with_distance_loss", triplet, distance, margin, swap, reduction)


def _triplet(
    name: str,
    triplet: tuple[Any, Any, Any],
    distance: Callable[[Any, Any], Tensor],
    margin: float,
    swap: bool,
    reduction: str,
) -> Tensor:
    check_reduction(reduction)
    if not margin > 0:
        raise ValueError(f"{name} needs a margin above 0, got {margin}")
    a, p, n = together(*triplet)
    if not a.ndim == p.ndim == n.ndim:
        raise ValueError(f"{name} needs inputs with as many axes each, got {a.shape}, {p.shape} and {n.shape}")
    far = distance(a, n)
    if swap:
        far = ag.minimum(far, distance(p, n))
    return reduced(ag.clamp_min(distance(a, p) - far + margin, 0.0), reduction)
