"""Sequences of different lengths: padded to one length, and packed so that nothing is computed for the padding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

import autograd_core as ag
from autograd_core import Tensor


class PackedSequence(NamedTuple):
    """Sequences step by step: the first element of each, then the second of each that has one, and so on.

    Args:
        data: all elements, (elements, …), longer sequences first within a step.
        batch_sizes: how many sequences have each step, integers that do not grow.
        sorted_indices: which sequence came to each place, longest first; None if they were in order.
        unsorted_indices: where each sequence went; None if they were in order.
    """

    data: Tensor
    batch_sizes: Tensor
    sorted_indices: Tensor | None = None
    unsorted_indices: Tensor | None = None


def pad_sequence(
    sequences: Sequence[Any], batch_first: bool = False, padding_value: float = 0.0, padding_side: str = "right"
) -> Tensor:
    """Sequences of different lengths as one tensor.

    Args:
        sequences: each (length, …).
        batch_first: whether the batch comes before the steps.
        padding_value: what stands where a sequence has no element.
        padding_side: ``"right"`` or ``"left"``.

    Returns:
        A Tensor (longest, batch, …), or with the first two axes swapped.

    Raises:
        ValueError: there is no sequence, or the side is not known.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.utils.rnn.pad_sequence([ag.tensor([1, 2, 3]), ag.tensor([4])], batch_first=True)
        tensor([[1, 2, 3],
                [4, 0, 0]])
    """
    if not sequences:
        raise ValueError("pad_sequence needs at least one sequence, got none")
    if padding_side not in ("left", "right"):
        raise ValueError(f"padding_side should be either 'right' or 'left', but got {padding_side}")
    items = [ag.as_tensor(item) for item in sequences]
    longest = max(map(len, items))
    padded = []
    for item in items:
        fill = ag.full((longest - len(item), *item.shape[1:]), padding_value, dtype=item.dtype, device=item.device)
        padded.append(ag.cat((item, fill) if padding_side == "right" else (fill, item)))
    return ag.stack(padded, 0 if batch_first else 1)


def unpad_sequence(padded_sequences: Any, lengths: Any, batch_first: bool = False) -> list[Tensor]:
    """The sequences that :func:`pad_sequence` put together.

    Args:
        padded_sequences: (longest, batch, …), or with ``batch_first`` (batch, longest, …).
        lengths: of each sequence, (batch,).
        batch_first: whether the batch comes before the steps.

    Returns:
        A list of Tensors, each (length, …).

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.utils.rnn.unpad_sequence(ag.tensor([[1, 2], [4, 0]]), [2, 1], batch_first=True)
        [tensor([1, 2]), tensor([4])]
    """
    x = ag.as_tensor(padded_sequences)
    if not batch_first:
        x = x.transpose(0, 1)
    return [x[i, :length] for i, length in enumerate(_lengths(lengths).tolist())]


def _lengths(lengths: Any) -> Any:
    return np.asarray(lengths.numpy() if isinstance(lengths, Tensor) else lengths, np.int64)


def pack_padded_sequence(
    input: Any, lengths: Any, batch_first: bool = False, enforce_sorted: bool = True
) -> PackedSequence:
    """Padded sequences without their padding.

    Args:
        input: (longest, batch, …), or with ``batch_first`` (batch, longest, …).
        lengths: of each sequence, at least 1.
        batch_first: whether the batch comes before the steps.
        enforce_sorted: refuse sequences that do not come longest first; else they are sorted.

    Returns:
        A :class:`PackedSequence`.

    Raises:
        ValueError: a length is not positive or longer than the input, or the sequences are not sorted.

    Example:
        >>> import autograd_core as ag, nn
        >>> packed = nn.utils.rnn.pack_padded_sequence(ag.tensor([[1, 2], [4, 0]]), [2, 1], batch_first=True)
        >>> packed.data, packed.batch_sizes
        (tensor([1, 4, 2]), tensor([2, 1]))
    """
    x, sizes = ag.as_tensor(input), _lengths(lengths)
    if batch_first:
        x = x.transpose(0, 1)
    if sizes.shape != x.shape[1:2]:
        raise ValueError(f"expected a length for each of {x.shape[1]} sequences, got lengths of shape {sizes.shape}")
    if sizes.size == 0 or sizes.min() <= 0 or sizes.max() > len(x):
        raise ValueError(f"lengths must lie between 1 and the longest sequence's, {len(x)}: got {sizes.tolist()}")
    order = np.argsort(-sizes, kind="stable")
    indices: tuple[Tensor | None, Tensor | None] = (None, None)
    if enforce_sorted:
        if (sizes[1:] > sizes[:-1]).any():
            raise ValueError(
                "lengths must be sorted in decreasing order when enforce_sorted is True: pass enforce_sorted=False"
            )
    else:
        indices = (ag.tensor(order), ag.tensor(np.argsort(order)))
    steps = np.arange(sizes.max())
    here = sizes[order] > steps[:, None]
    step, place = np.nonzero(here)
    return PackedSequence(x[step, order[place]], ag.tensor(here.sum(1)), *indices)


def pad_packed_sequence(
    sequence: PackedSequence, batch_first: bool = False, padding_value: float = 0.0, total_length: int | None = None
) -> tuple[Tensor, Tensor]:
    """Packed sequences padded to one length, in the order in which they were packed.

    Args:
        sequence: what :func:`pack_padded_sequence` gives.
        batch_first: whether the batch comes before the steps.
        padding_value: what stands where a sequence has no element.
        total_length: the length to pad to, by default the longest sequence's.

    Returns:
        A Tensor (total_length, batch, …), or with the first two axes swapped; and the lengths.

    Raises:
        ValueError: total_length is less than the longest sequence's.

    Example:
        >>> import autograd_core as ag, nn
        >>> packed = nn.utils.rnn.pack_sequence([ag.tensor([1, 2]), ag.tensor([4])])
        >>> nn.utils.rnn.pad_packed_sequence(packed, batch_first=True)
        (tensor([[1, 2],
                 [4, 0]]), tensor([2, 1]))
    """
    data, sizes = sequence.data, sequence.batch_sizes.numpy()
    length = len(sizes) if total_length is None else total_length
    if length < len(sizes):
        raise ValueError(f"total_length must be at least the longest sequence's, {len(sizes)}, got {total_length}")
    places = np.full((length, sizes[0]), len(data))  # what is not there is the element after the last
    here = np.arange(sizes[0]) < sizes[:, None]
    places[: len(sizes)][here] = np.arange(len(data))
    lengths = here.sum(0)
    if sequence.unsorted_indices is not None:
        order = sequence.unsorted_indices.numpy()
        places, lengths = places[:, order], lengths[order]
    fill = ag.full((1, *data.shape[1:]), padding_value, dtype=data.dtype, device=data.device)
    return ag.cat((data, fill))[places.T if batch_first else places], ag.tensor(lengths)


def pack_sequence(sequences: Sequence[Any], enforce_sorted: bool = True) -> PackedSequence:
    """Sequences of different lengths, packed.

    Args:
        sequences: each (length, …).
        enforce_sorted: refuse sequences that do not come longest first; else they are sorted.

    Returns:
        A :class:`PackedSequence`.

    Raises:
        ValueError: there is no sequence, one is empty, or they are not sorted.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.utils.rnn.pack_sequence([ag.tensor([1, 2]), ag.tensor([4])]).data
        tensor([1, 4, 2])
    """
    lengths = [len(item) for item in sequences]
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Tensor]:
    """The sequences that were packed.

    Args:
        packed_sequences: what :func:`pack_sequence` gives.

    Returns:
        A list of Tensors, each (length, …).

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.utils.rnn.unpack_sequence(nn.utils.rnn.pack_sequence([ag.tensor([1, 2]), ag.tensor([4])]))
        [tensor([1, 2]), tensor([4])]
    """
    padded, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(padded, lengths, batch_first=True)
