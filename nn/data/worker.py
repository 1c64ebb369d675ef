"""Worker processes: each makes batches of its own copy of the dataset, which come back in order."""

from __future__ import annotations

import contextlib
import itertools
import pickle
import queue
import random
import signal
import threading
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any, NamedTuple

import numpy as np

import autograd_core as ag

from .fetcher import EXHAUSTED, Fetcher

PATIENCE = 5.0  # seconds that a worker may take to finish its batch when it is told to stop


class WorkerInfo(NamedTuple):
    """What a worker process is: its number, of how many, the seed it began with, and its copy of the dataset."""

    id: int
    num_workers: int
    seed: int
    dataset: Any


_info: WorkerInfo | None = None


def get_worker_info() -> WorkerInfo | None:
    """Which worker process this is, for datasets that give each worker another part.

    Returns:
        The worker's ``id``, ``num_workers``, ``seed`` and ``dataset``; None in the main process.

    Example:
        >>> from nn.data import get_worker_info
        >>> get_worker_info() is None
        True
    """
    return _info


class _Failure(NamedTuple):
    error: BaseException


def _failure(error: BaseException) -> _Failure:
    """An error as it can travel: with its traceback as a note, and as a RuntimeError if it can't be pickled."""
    told = "".join(traceback.format_exception(error)).rstrip()
    try:
        error = pickle.loads(pickle.dumps(error))  # this process's own
    except Exception:
        error = RuntimeError(f"{type(error).__name__}: {error}")
    assert _info is not None
    error.add_note(f"In DataLoader worker {_info.id}:\n{told}")
    return _Failure(error)


class _Begin(NamedTuple):
    seed: int


def _listen(connection: Connection, tasks: queue.SimpleQueue[Any]) -> None:
    """Take tasks at once, so that the main process never waits to hand them over."""
    with contextlib.suppress(EOFError, OSError):
        while (task := connection.recv()) is not None:
            tasks.put(task)
    tasks.put(None)


def _work(
    connection: Connection,
    inherited: list[Connection],
    info: WorkerInfo,
    fetcher: Fetcher,
    init: Callable[[int], Any] | None,
) -> None:
    """A worker's life: first told a seed, then given tasks; answers each; ends at None or when nobody is there."""
    for other in inherited:  # held open here, they would keep other workers from seeing that nobody is there
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process gets it too, and ends the workers
    global _info
    _info = info
    random.seed(info.seed)
    np.random.seed(info.seed % 2**32)
    ag.manual_seed(info.seed)
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(connection, tasks), daemon=True).start()
    problem: _Failure | None = None
    try:
        if init is not None:
            init(info.id)
    except Exception as error:
        problem = _failure(error)
    while (task := tasks.get()) is not None:
        try:
            if isinstance(task, _Begin):
                fetcher.begin(task.seed)
                continue
            made = problem or fetcher(*task)
            message = ForkingPickler.dumps(made, pickle.HIGHEST_PROTOCOL)
        except Exception as error:
            message = ForkingPickler.dumps(_failure(error))
        try:
            connection.send_bytes(message)
        except OSError:
            return


def _start(process: Any) -> None:
    with warnings.catch_warnings():  # of threads here, such as a progress bar's: a worker touches nothing of theirs
        warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
        process.start()


class Workers:
    """Processes that make batches.

    Args:
        context: how processes are started.
        count: how many.
        fetcher: makes a batch of a task.
        init: called in each with its number before anything else.
        seed: of the first epoch.
    """

    def __init__(
        self, context: Any, count: int, fetcher: Fetcher, init: Callable[[int], Any] | None, seed: int
    ) -> None:
        self._links: list[Connection] = []
        self._processes: list[Any] = []
        self._waiting: deque[int] = deque()  # whose answers are to come, oldest task first
        forked = context.get_start_method() == "fork"
        for i in range(count):
            ours, theirs = context.Pipe()
            info = WorkerInfo(i, count, seed + i, fetcher.dataset)
            inherited = [*self._links, ours] if forked else []
            process = context.Process(target=_work, args=(theirs, inherited, info, fetcher, init), daemon=True)
            try:
                _start(process)
            except BaseException:
                ours.close()
                self.close()
                raise
            finally:
                theirs.close()
            self._links.append(ours)
            self._processes.append(process)

    def epoch(self, tasks: Iterable[Any], ahead: int, timeout: float, seed: int) -> Iterator[Any]:
        """What the workers make of the tasks, in order.

        Args:
            tasks: what the fetcher takes.
            ahead: how many tasks each worker is given before the first is asked for.
            timeout: how many seconds to wait for a batch; 0 for ever.
            seed: of this epoch's random numbers.

        Returns:
            The batches.
        """
        given = enumerate(tasks)
        self.finish()
        for i in range(len(self._links)):
            self._send(i, _Begin(seed))
        for i in itertools.islice(itertools.cycle(range(len(self._links))), ahead * len(self._links)):
            self._give(i, given)
        while self._waiting:
            i = self._waiting.popleft()
            made = self._receive(i, timeout)
            if isinstance(made, _Failure):
                raise made.error
            if made is not EXHAUSTED:
                self._give(i, given)
                yield made

    def _give(self, i: int, given: Iterator[Any]) -> None:
        if (task := next(given, None)) is not None:
            self._send(i, task)
            self._waiting.append(i)

    def _send(self, i: int, message: Any) -> None:
        try:
            self._links[i].send(message)
        except OSError:
            raise self._ended(i) from None

    def _receive(self, i: int, timeout: float) -> Any:
        try:
            if timeout and not self._links[i].poll(timeout):
                raise RuntimeError(
                    f"DataLoader worker {i} (process {self._processes[i].pid}) gave no batch for {timeout:g} seconds: "
                    "raise the timeout, or look for what it waits for"
                )
            return self._links[i].recv()
        except (EOFError, ConnectionError):
            raise self._ended(i) from None

    def _ended(self, i: int) -> RuntimeError:
        process = self._processes[i]
        process.join(PATIENCE)
        return RuntimeError(
            f"DataLoader worker {i} (process {process.pid}) ended by itself with exit status {process.exitcode}; it "
            "may have run out of memory: num_workers=0 does the same in this process, where its error can be seen"
        )

    def finish(self) -> None:
        """Wait for what is under way, and drop it."""
        while self._waiting:
            self._receive(self._waiting.popleft(), 0)

    def close(self) -> None:
        """Let each worker finish its batch, and end it; one that takes too long is killed."""
        self._waiting.clear()
        for link in self._links:
            with contextlib.suppress(OSError):
                link.send(None)
        for link, process in zip(self._links, self._processes, strict=True):
            with contextlib.suppress(EOFError, OSError):
                while link.poll(PATIENCE):  # a worker can't end before its answers are taken
                    link.recv_bytes()
            link.close()
            process.join(PATIENCE / 10)
            if process.exitcode is None:
                process.terminate()
                process.join()
        self._links, self._processes = [], []
