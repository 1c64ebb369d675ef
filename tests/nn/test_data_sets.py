"""Datasets, their parts and joints, samplers, and batches made of items."""

from collections import namedtuple

import numpy as np
import pytest

import autograd_core as ag
from nn.data import (
    BatchSampler,
    ChainDataset,
    ConcatDataset,
    Dataset,
    IterableDataset,
    RandomSampler,
    Sampler,
    SequentialSampler,
    StackDataset,
    Subset,
    SubsetRandomSampler,
    TensorDataset,
    WeightedRandomSampler,
    default_collate,
    default_convert,
    random_split,
)

# Datasets


def test_tensors_side_by_side():
    data = TensorDataset(ag.arange(6).reshape(3, 2), ag.tensor([7, 8, 9]))
    assert len(data) == 3
    assert [part.tolist() for part in data[-1]] == [[4, 5], 9]
    assert [part.shape for part in data[:2]] == [(2, 2), (2,)]
    with pytest.raises(IndexError):
        data[3]
    for wrong in ((), (ag.zeros(3), ag.zeros(2)), (ag.tensor(1.0),)):
        with pytest.raises(ValueError, match="equally long first axes"):
            TensorDataset(*wrong)


def test_datasets_side_by_side():
    assert StackDataset("ab", "AB")[1] == ("b", "B")
    assert StackDataset(small="ab", large="AB")[0] == {"small": "a", "large": "A"}
    assert len(StackDataset("ab", "AB")) == len(StackDataset(one="ab")) == 2
    with pytest.raises(ValueError, match=r"lengths \[2, 1\]"):
        StackDataset("ab", "a")
    for given in (((), {}), (("ab",), {"one": "ab"})):
        with pytest.raises(ValueError, match="by position"):
            StackDataset(*given[0], **given[1])


def test_parts_and_joints():
    part = Subset(list(range(10)), [9, 0, 4])
    assert [list(part), len(part), part[-1]] == [[9, 0, 4], 3, 4]
    joined = ConcatDataset([part, "", "ab"])
    assert [joined[i] for i in range(-5, 5)] == [9, 0, 4, "a", "b"] * 2
    assert len(joined) == 5
    for index in (5, -6):
        with pytest.raises(IndexError, match=f"no item {index} in a dataset of 5"):
            joined[index]
    with pytest.raises(ValueError, match="at least one"):
        ConcatDataset([])
    with pytest.raises(ValueError, match="ChainDataset"):
        ConcatDataset([ChainDataset(["a"])])


def test_what_a_subclass_needs():
    with pytest.raises(NotImplementedError, match="__getitem__"):
        Dataset()[0]
    with pytest.raises(NotImplementedError, match="__iter__"):
        iter(IterableDataset())
    with pytest.raises(NotImplementedError, match="__iter__"):
        iter(Sampler())
    assert list(ChainDataset(["ab"]) + ChainDataset(["c"])) == ["a", "b", "c"]
    assert len(ChainDataset(["ab", "c"])) == 3


def test_random_split_parts_everything_once():
    ag.manual_seed(0)
    parts = random_split(range(100), [70, 30, 0])
    assert [len(part) for part in parts] == [70, 30, 0]
    assert sorted(i for part in parts for i in part.indices) == list(range(100))
    assert parts[0].indices != sorted(parts[0].indices)
    assert [len(part) for part in random_split(range(11), [0.3, 0.3, 0.4])] == [4, 3, 4]
    assert [len(part) for part in random_split(range(10), [0.7, 0.2, 0.1])] == [7, 2, 1]


def test_random_split_by_a_generator():
    ag.manual_seed(0)
    once, again, other = (
        [part.indices for part in random_split(range(50), [0.5, 0.5], generator=ag.Generator().manual_seed(seed))]
        for seed in (1, 1, 2)
    )
    assert once == again != other


@pytest.mark.parametrize("lengths", [[5, 6], [5, 4], [-1, 11], [0.5, 0.6], [1.5, -0.5], [], [4.5, 5.5]])
def test_random_split_refuses(lengths):
    with pytest.raises(ValueError, match="add up to"):
        random_split(range(10), lengths)


# Samplers


def test_orders():
    ag.manual_seed(0)
    assert list(SequentialSampler("abc")) == [0, 1, 2]
    order = list(RandomSampler(range(50)))
    assert sorted(order) == list(range(50)) != order
    assert order != list(RandomSampler(range(50)))
    assert sorted(SubsetRandomSampler([3, 5, 9])) == [3, 5, 9]
    assert len(SubsetRandomSampler([3, 5, 9])) == 3
    assert list(RandomSampler([])) == []


def test_how_many():
    ag.manual_seed(0)
    drawn = list(RandomSampler(range(5), num_samples=12))
    assert sorted(drawn[:5]) == sorted(drawn[5:10]) == list(range(5))
    assert len(drawn) == len(RandomSampler(range(5), num_samples=12)) == 12
    assert len(set(drawn[10:])) == 2
    repeated = list(RandomSampler(range(5), replacement=True, num_samples=100))
    assert len(repeated) == 100
    assert set(repeated) == set(range(5))
    assert len(set(RandomSampler(range(1000), replacement=True))) < 800


def test_weights():
    counts = np.bincount(list(WeightedRandomSampler([1, 0, 3], 4000, generator=np.random.default_rng(0))))
    assert counts[1] == 0
    assert abs(counts[2] - 3000) < 5 * np.sqrt(4000 * 0.25 * 0.75)
    assert sorted(WeightedRandomSampler([1, 0, 3], 2, replacement=False)) == [0, 2]
    for weights, number, replacement in (([1, -1], 1, True), ([0, 0], 1, True), ([1, 0], 2, False), ([[1]], 1, True)):
        with pytest.raises(ValueError, match="WeightedRandomSampler"):
            WeightedRandomSampler(weights, number, replacement)


def test_seeded_samplers():
    for make in (
        lambda draw: RandomSampler(range(20), generator=draw),
        lambda draw: RandomSampler(range(20), True, 30, generator=draw),
        lambda draw: SubsetRandomSampler(range(20), generator=draw),
        lambda draw: WeightedRandomSampler([1.0] * 20, 20, generator=draw),
    ):
        once, again, other = (list(make(np.random.default_rng(seed))) for seed in (3, 3, 4))
        assert once == again != other


@pytest.mark.parametrize(("drop_last", "lists"), [(False, [[0, 1, 2], [3, 4, 5], [6]]), (True, [[0, 1, 2], [3, 4, 5]])])
def test_lists_of_indices(drop_last, lists):
    sampler = BatchSampler(SequentialSampler(range(7)), 3, drop_last)
    assert list(sampler) == lists
    assert len(sampler) == len(lists)


@pytest.mark.parametrize("wrong", [0, -1, 1.5, True])
def test_numbers_that_are_refused(wrong):
    with pytest.raises(ValueError, match="whole number above 0"):
        RandomSampler("abc", num_samples=wrong)
    with pytest.raises(ValueError, match="whole number above 0"):
        BatchSampler("abc", wrong, False)
    with pytest.raises(ValueError, match="whole number above 0"):
        WeightedRandomSampler([1.0], wrong)


# Batches of items

Pair = namedtuple("Pair", "a b")


def test_collating_nested_structures():
    batch = default_collate(
        [
            {"x": ag.ones(2), "p": Pair(i, 0.5), "t": ("name", [np.float32(i), np.arange(3)]), "b": True}
            for i in range(3)
        ]
    )
    assert batch["x"].shape == (3, 2)
    assert isinstance(batch["p"], Pair)
    assert batch["p"].a.tolist() == [0, 1, 2]
    assert [batch["p"].a.dtype, batch["p"].b.dtype] == [np.int64, np.float64]
    assert batch["t"][0] == ["name"] * 3
    assert batch["t"][1][0].dtype == np.float32
    assert batch["t"][1][1].shape == (3, 3)
    assert batch["b"].dtype == bool


def test_collating_keeps_gradients_and_copies_numbers():
    w = ag.ones(2, requires_grad=True)
    default_collate([w * 2, w * 3]).sum().backward()
    assert w.grad.tolist() == [5, 5]
    array = np.zeros(2)
    batch = default_collate([array, array])
    array[:] = 1
    assert batch.tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("items", "error", "what"),
    [
        (
            [(ag.ones(2), 1), (ag.ones(3), 1)],
            ValueError,
            r"shapes at item\[0\].* 0 has \(2,\) and its item 1 has \(3,\)",
        ),
        ([{"a": [1, 2]}, {"a": [1, 2]}, {"a": [1]}], ValueError, r"lengths at item\['a'\].*item 2 has 1"),
        ([{"a": 1}, {"b": 1}], ValueError, "equal keys"),
        ([None], TypeError, "NoneType: pass a collate_fn"),
        ([{"a": np.array(["x"])}], TypeError, r"dtype <U1 at item\['a'\]"),
    ],
)
def test_what_cannot_be_collated(items, error, what):
    with pytest.raises(error, match=what):
        default_collate(items)


def test_converting_one_item():
    given = {"a": np.arange(2), "b": Pair(np.float32(1), "t"), "c": [None, ag.ones(1)]}
    made = default_convert(given)
    assert made["a"].tolist() == [0, 1]
    assert isinstance(made["b"], Pair)
    assert isinstance(made["b"].a, ag.Tensor)
    assert made["b"].b == "t"
    assert made["c"][0] is None
    assert made["c"][1] is given["c"][1]


@pytest.mark.peers
def test_batches_are_pytorchs():
    torch = pytest.importorskip("torch")
    from torch.utils.data import default_collate as reference

    items = [(np.float32(1.5), 2, 2.5, True, np.arange(3), "t", {"k": np.ones((2, 2))}) for _ in range(2)]
    for ours, theirs in zip(default_collate(items), reference(items), strict=True):
        if isinstance(theirs, dict):
            ours, theirs = ours["k"], theirs["k"]
        if isinstance(theirs, torch.Tensor):
            assert ours.dtype == theirs.numpy().dtype
            np.testing.assert_array_equal(ours.numpy(), theirs.numpy())
        else:
            assert ours == list(theirs)
