"""Sequences of different lengths: padding, packing, and what recurrent networks make of them."""

import numpy as np
import pytest
import twins

import autograd_core as ag
import nn
from nn.utils import rnn

RNG = np.random.default_rng(0)
SEQUENCES = [RNG.standard_normal((length, 3)) for length in (2, 20, 7, 20, 1)]


def tensors(lib):
    return [lib.tensor(a) for a in SEQUENCES]


def utils(lib):
    return rnn if lib is ag else twins.torch().nn.utils.rnn


@pytest.mark.peers
@pytest.mark.parametrize("batch_first", [True, False])
def test_padding_and_packing_as_in_pytorch(batch_first):
    found = []
    for lib in (ag, twins.torch()):
        padded = utils(lib).pad_sequence(tensors(lib), batch_first, 0.5)
        left = utils(lib).pad_sequence(tensors(lib), batch_first, padding_side="left")
        lengths = lib.tensor([len(a) for a in SEQUENCES])
        packed = utils(lib).pack_padded_sequence(padded, lengths, batch_first, enforce_sorted=False)
        back, sizes = utils(lib).pad_packed_sequence(packed, batch_first, -1.0, total_length=22)
        in_order = utils(lib).pack_sequence(sorted(tensors(lib), key=len, reverse=True))
        lists = utils(lib).unpack_sequence(packed), utils(lib).unpad_sequence(padded.clone(), lengths, batch_first)
        found.append(
            [padded, left, packed.data, packed.batch_sizes, back, sizes, in_order.data, in_order.batch_sizes]
            + [item for items in lists for item in items]
        )
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs.numpy())
    assert in_order.sorted_indices is None


@pytest.mark.peers
@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("enforce_sorted", [False, True])
def test_networks_on_packed_sequences_as_in_pytorch(name, bidirectional, enforce_sorted):
    order = np.argsort([-len(a) for a in SEQUENCES], kind="stable") if enforce_sorted else range(len(SEQUENCES))
    arrays = [SEQUENCES[i] for i in order]
    states = [RNG.standard_normal((2 * (1 + bidirectional), len(arrays), 4)) for _ in range(1 + (name == "LSTM"))]

    def call(module, *inputs):
        lib = ag if isinstance(module, nn.Module) else twins.torch()
        packed = utils(lib).pack_sequence(inputs[: len(arrays)], enforce_sorted=enforce_sorted)
        hx = inputs[len(arrays) :]
        output, last = module(packed, tuple(hx) if name == "LSTM" else hx[0])
        plain, _ = module(packed)
        return output.data, utils(lib).pad_packed_sequence(plain)[0], last

    twins.same(lambda lib, nn: getattr(nn, name)(3, 4, 2, bidirectional=bidirectional), *arrays, *states, call=call)


def test_a_packed_sequence_is_read_as_it_would_be_alone():
    network = nn.LSTM(3, 4, bidirectional=True).double()
    packed = rnn.pack_sequence(tensors(ag), enforce_sorted=False)
    output, (h, c) = network(packed)
    for i, (found, alone) in enumerate(zip(rnn.unpack_sequence(output), tensors(ag), strict=True)):
        expected, (last_h, last_c) = network(alone)
        np.testing.assert_allclose(found.detach().numpy(), expected.detach().numpy(), rtol=1e-10)
        np.testing.assert_allclose(h[:, i].detach().numpy(), last_h.detach().numpy(), rtol=1e-10)
        np.testing.assert_allclose(c[:, i].detach().numpy(), last_c.detach().numpy(), rtol=1e-10)


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda: rnn.pad_sequence([]), "at least one sequence"),
        (lambda: rnn.pad_sequence([ag.ones(2)], padding_side="top"), "either 'right' or 'left'"),
        (lambda: rnn.pack_sequence([ag.ones(1), ag.ones(2)]), "sorted in decreasing order"),
        (lambda: rnn.pack_padded_sequence(ag.ones(3, 2), [3]), "a length for each of 2 sequences"),
        (lambda: rnn.pack_padded_sequence(ag.ones(3, 2), [4, 1]), "between 1 and the longest"),
        (lambda: rnn.pack_padded_sequence(ag.ones(3, 2), [3, 0]), "between 1 and the longest"),
        (lambda: rnn.pad_packed_sequence(rnn.pack_sequence([ag.ones(3)]), total_length=2), "at least"),
        (lambda: nn.GRU(3, 4)(rnn.pack_sequence([ag.ones(2, 5)])), r"got \(2, 5\)"),
    ],
)
def test_what_is_refused(call, what):
    with pytest.raises(ValueError, match=what):
        call()
