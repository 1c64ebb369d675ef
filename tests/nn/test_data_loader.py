"""DataLoader: the same batches whoever makes them, errors that name the item, and no process left behind."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import autograd_core as ag
import nn
import optim
from nn.data import (
    BatchSampler,
    DataLoader,
    Dataset,
    IterableDataset,
    Sampler,
    SequentialSampler,
    Subset,
    TensorDataset,
    get_worker_info,
)

WORKERS = [0, 1, 3]


class Drawn(Dataset):
    """Each item: its index, and a random number."""

    def __len__(self):
        return 23

    def __getitem__(self, index):
        return index, ag.rand(())


class Failing(Drawn):
    def __init__(self, how):
        self.how = how

    def __getitem__(self, index):
        if index == 13:
            self.how()
        return np.zeros(50_000), index


class OddError(Exception):
    def __init__(self, one, two):
        super().__init__(f"{one}{two}")


class Count(IterableDataset):
    """The numbers from 0 to 19, each worker's own part of them."""

    def __iter__(self):
        info = get_worker_info()
        return iter(range(20)) if info is None else iter(range(info.id, 20, info.num_workers))

    def __len__(self):
        return 20


def fail():
    raise LookupError("no such file")


def odd():
    raise OddError(1, 2)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def wait():
    time.sleep(60)


def processes():
    """The loaders' own: joblib's, which other tests start, stay for later searches."""
    children = multiprocessing.active_children()
    return [child for child in children if type(child).__module__.startswith("multiprocessing.")]


@pytest.fixture(autouse=True)
def nothing_is_left():
    yield
    assert processes() == []


# Batches


@pytest.mark.parametrize("workers", WORKERS)
def test_every_item_once_in_order(workers):
    ag.manual_seed(0)
    loader = DataLoader(Drawn(), batch_size=5, num_workers=workers)
    for _ in range(2):
        assert [i.tolist() for i, _ in loader] == [list(range(k, min(k + 5, 23))) for k in range(0, 23, 5)]
    assert len(loader) == 5
    assert len(list(DataLoader(Drawn(), 5, drop_last=True, num_workers=workers))) == 4


def test_shuffling_and_random_items_do_not_depend_on_the_workers():
    def epochs(workers, seed):
        ag.manual_seed(seed)
        loader = DataLoader(Drawn(), batch_size=4, shuffle=True, num_workers=workers)
        return [[(i.tolist(), x.tolist()) for i, x in loader] for _ in range(2)]

    alone = epochs(0, 1)
    for workers in WORKERS[1:]:
        assert epochs(workers, 1) == alone
    assert epochs(0, 2) != alone
    first, second = alone
    assert first != second
    assert sorted(i for batch, _ in first for i in batch) == list(range(23))
    assert len({x for _, batch in first for x in batch}) == 23


def test_a_generator_decides_and_leaves_the_others_alone():
    def order(seed):
        loader = DataLoader(Drawn(), 23, shuffle=True, generator=ag.Generator().manual_seed(seed))
        return next(iter(loader))[0].tolist(), next(iter(loader))[1].tolist()

    ag.manual_seed(5)
    before = ag.rand(3).tolist()
    ag.manual_seed(5)
    assert order(1) == order(1) != order(2)
    assert ag.rand(3).tolist() == before


@pytest.mark.parametrize("workers", [0, 2])
def test_rows_of_tensors_are_what_collating_items_gives(workers):
    data = TensorDataset(ag.rand(10, 3), ag.arange(10))
    part = Subset(data, [9, 1, 4, 4])
    for dataset in (data, part, Subset(part, [2, 0])):
        quick = list(DataLoader(dataset, 3, num_workers=workers))
        slow = list(DataLoader([dataset[i] for i in range(len(dataset))], 3))
        assert [[part.tolist() for part in batch] for batch in quick] == [
            [part.tolist() for part in batch] for batch in slow
        ]
        assert all(isinstance(batch, list) for batch in quick)


@pytest.mark.parametrize("workers", [0, 2])
def test_own_order_own_batches_own_collating(workers):
    def taken(**options):
        return list(DataLoader("abcdef", collate_fn="".join, num_workers=workers, **options))

    assert taken(batch_size=2, sampler=[5, 0, 3]) == ["fa", "d"]
    assert taken(batch_sampler=[[0, 5], [3]]) == ["af", "d"]
    assert taken(batch_sampler=BatchSampler(SequentialSampler("abcdef"), 4, True)) == ["abcd"]
    assert taken(batch_size=None) == list("abcdef")
    (named,) = DataLoader({"a": np.arange(2)}, batch_size=None, sampler=["a"], num_workers=workers)
    assert named.tolist() == [0, 1]


def test_several_items_at_once():
    class Many(Drawn):
        def __getitems__(self, indices):
            return [(i, 10 * i) for i in indices]

    for dataset in (Many(), Subset(Many(), range(23))):
        assert [b[1].tolist() for b in DataLoader(dataset, 2, sampler=[3, 1, 2])] == [[30, 10], [20]]


def test_classes_can_say_what_they_give():
    class Squares(Dataset[int]):
        def __getitem__(self, index):
            return index**2

    class Evens(Sampler[int]):
        def __iter__(self):
            return iter(range(0, 6, 2))

    loader: DataLoader[ag.Tensor] = DataLoader(Squares(), 2, sampler=Evens())
    assert [batch.tolist() for batch in loader] == [[0, 4], [16]]


@pytest.mark.parametrize("workers", WORKERS)
def test_items_without_indices(workers):
    loader = DataLoader(Count(), batch_size=3, num_workers=workers)
    for _ in range(2):
        batches = [batch.tolist() for batch in loader]
        assert sorted(i for batch in batches for i in batch) == list(range(20))
    assert len(loader) == 7
    whole = [batch.tolist() for batch in DataLoader(Count(), 3, drop_last=True, num_workers=workers)]
    assert {len(batch) for batch in whole} == {3}
    assert sorted(DataLoader(Count(), batch_size=None, num_workers=workers)) == list(range(20))
    if workers == 3:
        assert batches[:4] == [[0, 3, 6], [1, 4, 7], [2, 5, 8], [9, 12, 15]]


@pytest.mark.parametrize(
    "options",
    [
        {"shuffle": True, "sampler": [0]},
        {"batch_sampler": [[0]], "batch_size": 2},
        {"batch_sampler": [[0]], "shuffle": True},
        {"batch_size": None, "drop_last": True},
        {"batch_size": 0},
        {"num_workers": -1},
        {"timeout": 1},
        {"prefetch_factor": 2},
        {"persistent_workers": True},
        {"num_workers": 1, "prefetch_factor": 0},
        {"num_workers": 1, "timeout": -1},
    ],
)
def test_arguments_that_exclude_each_other(options):
    with pytest.raises(ValueError, match="DataLoader"):
        DataLoader([1, 2], **options)
    for more in ({"shuffle": True}, {"sampler": [0]}, {"batch_sampler": [[0]]}):
        with pytest.raises(ValueError, match="own order"):
            DataLoader(Count(), **more)


@pytest.mark.parametrize("workers", [0, 2])
def test_the_courses_training_loop(workers):
    """As lecture 004 writes it, on images of three colours."""
    device = ag.device("cuda" if ag.cuda.is_available() else "cpu")
    ag.manual_seed(0)
    labels = ag.randint(0, 10, (200,))
    images = ag.rand(10, 3, 8, 8)[labels] + 0.1 * ag.rand(200, 3, 8, 8)
    model = nn.Sequential(nn.Flatten(), nn.Linear(192, 64), nn.ReLU(), nn.Linear(64, 10)).to(device)
    loss_fn, optimizer = nn.CrossEntropyLoss(), optim.SGD(model.parameters(), lr=0.1)
    dataloader = DataLoader(TensorDataset(images, labels), batch_size=20, shuffle=True, num_workers=workers)
    losses = []
    for _ in range(8):
        model.train()
        total = 0.0
        for x, y in dataloader:
            x, y = x.to(device), y.to(device)
            loss = loss_fn(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        losses.append(total / len(dataloader))
    assert losses[-1] < 0.7 * losses[0]


# Errors


@pytest.mark.parametrize("workers", [0, 2])
def test_an_error_names_the_item(workers):
    loader = DataLoader(Failing(fail), 2, num_workers=workers)
    seen = []
    with pytest.raises(LookupError, match="no such file") as caught:
        seen.extend(index.tolist() for _, index in loader)
    notes = "\n".join(caught.value.__notes__)
    assert "item 13 of Failing" in notes
    assert ("worker 0" in notes and "in fail" in notes) == bool(workers)
    assert seen == [[i, i + 1] for i in range(0, 12, 2)]


@pytest.mark.parametrize("workers", [0, 1])
def test_an_error_of_collating_names_the_batch(workers):
    items = [np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(3)]
    with pytest.raises(ValueError, match="equal shapes") as caught:
        list(DataLoader(items, 2, num_workers=workers))
    assert "batch of items [2, 3] of list" in "\n".join(caught.value.__notes__)


def test_an_error_that_cannot_travel():
    with pytest.raises(RuntimeError, match="OddError: 12") as caught:
        list(DataLoader(Failing(odd), 2, num_workers=1))
    assert "item 13" in "\n".join(caught.value.__notes__)


def test_an_item_that_cannot_travel():
    with pytest.raises(Exception, match="pickle") as caught:
        list(DataLoader([lambda: 0], None, num_workers=1))
    assert "worker 0" in caught.value.__notes__[-1]


def test_an_error_when_a_worker_starts():
    def start(number):
        raise LookupError(f"number {number}")

    with pytest.raises(LookupError, match="number 0"):
        list(DataLoader(Drawn(), 2, num_workers=2, worker_init_fn=start))


def test_a_worker_that_dies():
    with pytest.raises(RuntimeError, match=r"worker 0 \(process \d+\) ended by itself with exit status -9"):
        list(DataLoader(Failing(die), 2, num_workers=2))


def test_a_worker_that_takes_too_long(monkeypatch):
    monkeypatch.setattr("nn.data.worker.PATIENCE", 0.2)
    with pytest.raises(RuntimeError, match=r"gave no batch for 0\.3 seconds"):
        list(DataLoader(Failing(wait), 2, num_workers=2, timeout=0.3))


# Processes


def test_stopping_early_ends_the_workers():
    for index, _ in enumerate(DataLoader(Failing(wait), 1, sampler=[0] * 50, num_workers=2)):
        if index == 2:
            break
    assert processes() == []
    iterator = iter(DataLoader(Drawn(), 2, num_workers=2))
    next(iterator)
    assert len(processes()) == 2
    del iterator
    assert processes() == []


def test_workers_that_stay():
    loader = DataLoader(Drawn(), 4, shuffle=True, num_workers=2, persistent_workers=True)
    ag.manual_seed(0)
    kept = [[(i.tolist(), x.tolist()) for i, x in loader] for _ in range(2)]
    first = {process.pid for process in processes()}
    for _ in loader:
        break
    assert len(list(loader)) == 6
    assert {process.pid for process in processes()} == first
    ag.manual_seed(0)
    others = DataLoader(Drawn(), 4, shuffle=True)
    assert [[(i.tolist(), x.tolist()) for i, x in others] for _ in range(2)] == kept
    del loader, _
    assert processes() == []


def told(number):
    info = get_worker_info()
    assert info.id == number
    info.dataset.append(100 + number)


def test_what_a_worker_knows():
    assert get_worker_info() is None
    dataset = [0]
    loader = DataLoader(dataset, None, sampler=[0, 0, 1, 1], num_workers=2, worker_init_fn=told)
    assert list(loader) == [0, 0, 100, 101]
    assert dataset == [0]


def test_tasks_larger_than_a_pipe_holds():
    data = TensorDataset(ag.arange(200_000))
    loader = DataLoader(data, 100_000, num_workers=1, prefetch_factor=4)
    assert sum(int(x.sum()) for (x,) in loader) == 199_999 * 100_000


@pytest.mark.parametrize(
    "ending", ["", "keep = iterator", "os._exit(3)", "raise KeyboardInterrupt", "os.kill(os.getpid(), 9)"]
)
def test_a_program_that_ends_leaves_no_process(ending, tmp_path):
    program = f"""
import os, sys, multiprocessing
import nn.data
iterator = iter(nn.data.DataLoader(list(range(100000)), 1, num_workers=2))
next(iterator)
print(*(process.pid for process in multiprocessing.active_children()), flush=True)
{ending}
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[2]
    )
    workers = [int(pid) for pid in done.stdout.split()]
    assert len(workers) == 2
    if ending in ("", "keep = iterator"):
        assert done.stderr == ""
    deadline = time.monotonic() + 20
    while any(running(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(running(pid) for pid in workers)


def running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def test_processes_that_are_spawned():
    """With a dataset that can be pickled."""
    loader = DataLoader(list(range(6)), 2, num_workers=2, multiprocessing_context="spawn")
    assert [batch.tolist() for batch in loader] == [[0, 1], [2, 3], [4, 5]]
