"""Tables of vectors, looked up by number."""

from __future__ import annotations

from typing import Any, TypeVar

import autograd_core as ag
from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from . import init
from .module import Module
from .parameter import Parameter

Self = TypeVar("Self", bound="_Table")


class _Table(Module):
    """Base of the layers that have a table."""

    weight: Parameter

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None,
        max_norm: float | None,
        norm_type: float,
        scale_grad_by_freq: bool,
        sparse: bool,
        weight: Any,
        device: Any,
        dtype: Any,
    ) -> None:
        super().__init__()
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            raise ValueError(f"padding_idx must be within num_embeddings, {num_embeddings}: got {padding_idx}")
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.padding_idx = None if padding_idx is None else padding_idx % num_embeddings
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        self.sparse = sparse
        if weight is None:
            self.weight = Parameter(ag.zeros(num_embeddings, embedding_dim, device=device, dtype=dtype))
            self.reset_parameters()
        else:
            self.weight = weight if isinstance(weight, Parameter) else Parameter(weight)

    def reset_parameters(self) -> None:
        """Draw the table anew; the row of padding_idx is 0."""
        init.normal_(self.weight)
        if self.padding_idx is not None:
            with ag.no_grad():
                self.weight[self.padding_idx] = 0.0

    @classmethod
    def from_pretrained(cls: type[Self], embeddings: Any, freeze: bool = True, **options: Any) -> Self:
        """A layer with a table that is known.

        Args:
            embeddings: the table, (num_embeddings, embedding_dim).
            freeze: whether the table stays as it is.
            options: the other arguments of the layer, by name.

        Returns:
            The layer.

        Raises:
            ValueError: the table has not two axes.

        Example:
            >>> import autograd_core as ag, nn
            >>> table = ag.tensor([[1.0, 2.0], [3.0, 4.0]])
            >>> nn.Embedding.from_pretrained(table)(ag.tensor([1]))
            tensor([[3., 4.]])
        """
        table = ag.as_tensor(embeddings)
        if table.ndim != 2:
            raise ValueError(f"Embeddings parameter is expected to be 2-dimensional, got shape {table.shape}")
        layer = cls(*table.shape, _weight=table, **options)  # type: ignore[arg-type, call-arg]
        layer.weight.requires_grad_(not freeze)
        return layer

    def _told(self) -> str:
        text = f"{self.num_embeddings}, {self.embedding_dim}"
        usual = {"padding_idx": None, "max_norm": None, "norm_type": 2, "scale_grad_by_freq": False}
        return text + "".join(f", {name}={value}" for name in usual if (value := getattr(self, name)) != usual[name])


class Embedding(_Table):
    """The rows of a table that the input names; see :func:`nn.functional.embedding`.

    Formula:
        y[…] = W[x[…]]; ∂L/∂W adds up the gradients of equal rows. W starts normal, with mean 0 and variance 1.

    Args:
        num_embeddings: how many rows.
        embedding_dim: how long a row is.
        padding_idx: a row that starts as 0 and is not trained.
        max_norm: rows used with a greater norm are scaled down to it, in place.
        norm_type: which norm.
        scale_grad_by_freq: divide gradients by how often a row is used.
        sparse: accepted as PyTorch's; gradients are always dense.
        _weight: the table, instead of a random one.
        _freeze: whether the table stays as it is.
        device: ``"cpu"``.
        dtype: of the table; by default the default dtype.

    Returns:
        From a call with integers of any shape: a Tensor with an axis more, of length embedding_dim.

    Raises:
        ValueError: padding_idx is out of range.
        IndexError: from a call, there is no such row.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Embedding(10, 3)(ag.tensor([[1, 2, 4, 5], [4, 3, 2, 9]])).shape
        (2, 4, 3)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
        _weight: Any = None,
        _freeze: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            num_embeddings,
            embedding_dim,
            padding_idx,
            max_norm,
            norm_type,
            scale_grad_by_freq,
            sparse,
            _weight,
            device,
            dtype,
        )
        if _freeze:
            self.weight.requires_grad_(False)

    def forward(self, input: Any) -> Tensor:
        return F.embedding(
            input, self.weight, self.padding_idx, self.max_norm, self.norm_type, self.scale_grad_by_freq, self.sparse
        )

    def extra_repr(self) -> str:
        return self._told() + (", sparse=True" if self.sparse else "")


class EmbeddingBag(_Table):
    """Bags of rows of a table, each reduced to one row; see :func:`nn.functional.embedding_bag`.

    Args:
        num_embeddings: how many rows.
        embedding_dim: how long a row is.
        max_norm: rows used with a greater norm are scaled down to it, in place.
        norm_type: which norm.
        scale_grad_by_freq: divide gradients by how often a row is used; not with ``"max"``.
        mode: ``"sum"``, ``"mean"`` or ``"max"``.
        sparse: accepted as PyTorch's; gradients are always dense.
        _weight: the table, instead of a random one.
        include_last_offset: whether the offsets have one number more, the length of the input.
        padding_idx: a row that is left out of the bags.
        device: ``"cpu"``.
        dtype: of the table; by default the default dtype.

    Returns:
        From a call with integers (B, n), or (n,) and the offsets (B,) where bags start, and perhaps a factor for each:
        a Tensor (B, embedding_dim).

    Raises:
        ValueError: padding_idx is out of range; or, from a call, the arguments do not fit.
        IndexError: from a call, there is no such row.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.EmbeddingBag(10, 3)(ag.tensor([1, 2, 4, 5, 4]), ag.tensor([0, 3])).shape
        (2, 3)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        _weight: Any = None,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            num_embeddings,
            embedding_dim,
            padding_idx,
            max_norm,
            norm_type,
            scale_grad_by_freq,
            sparse,
            _weight,
            device,
            dtype,
        )
        self.mode = mode
        self.include_last_offset = include_last_offset

    def forward(self, input: Any, offsets: Any = None, per_sample_weights: Any = None) -> Tensor:
        return F.embedding_bag(
            input,
            self.weight,
            offsets,
            self.max_norm,
            self.norm_type,
            self.scale_grad_by_freq,
            self.mode,
            self.sparse,
            per_sample_weights,
            self.include_last_offset,
            self.padding_idx,
        )

    def extra_repr(self) -> str:
        text, padding, row = self._told(), "", f", padding_idx={self.padding_idx}"
        if self.padding_idx is not None:
            text, padding = text.replace(row, ""), row
        return f"{text}, mode={self.mode!r}{padding}"
