"""Datasets in files: downloads from small servers here, and the forms the files must have."""

import gzip
import hashlib
import io
import os
import struct
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

import autograd_core as ag
from nn.data import DataLoader, transforms
from nn.data.datasets import CIFAR10, MNIST, FashionMNIST
from nn.data.datasets import download as downloads
from nn.data.datasets.download import Resource, cache, obtain
from nn.data.datasets.idx import read_idx

RNG = np.random.default_rng(0)


class Server(ThreadingHTTPServer):
    """Serves files by name on loopback; ``broken`` says how it fails."""

    daemon_threads = True

    def __init__(self, files, broken=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.broken, self.asked = files, broken, []
        self.address = f"http://127.0.0.1:{self.server_port}/"
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path[1:]
        self.server.asked.append(name)
        if self.server.broken == "missing" or name not in self.server.files:
            return self.send_error(404)
        body = self.server.files[name]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if self.server.broken == "truncated" else body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def serve():
    servers = []

    def start(files, broken=None):
        servers.append(Server(files, broken))
        return servers[-1]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def sha256(body):
    return hashlib.sha256(body).hexdigest()


BODY = RNG.bytes(3_000_000)  # more than one piece
GOOD = Resource("data.bin", sha256(BODY))


# Downloads


@pytest.mark.parametrize("resource", [GOOD, Resource("data.bin", hashlib.md5(BODY).hexdigest())])
def test_a_good_download_is_kept(serve, tmp_path, resource):
    server = serve({"data.bin": BODY})
    folder = tmp_path / "new" / "folder"
    for _ in range(2):
        path = obtain(resource, [server.address], folder, download=True)
        assert path.read_bytes() == BODY
    assert server.asked == ["data.bin"]
    assert os.listdir(folder) == ["data.bin"]
    assert obtain(resource, [], folder, download=False) == path


@pytest.mark.parametrize("broken", ["missing", "truncated", "other"])
def test_the_next_mirror_is_asked(serve, tmp_path, broken):
    bad = serve({"data.bin": BODY[::-1]} if broken == "other" else {"data.bin": BODY}, broken)
    good = serve({"data.bin": BODY})
    path = obtain(GOOD, [bad.address, good.address], tmp_path, download=True)
    assert path.read_bytes() == BODY
    assert bad.asked == good.asked == ["data.bin"]
    assert os.listdir(tmp_path) == ["data.bin"]


@pytest.mark.parametrize(
    ("broken", "what"),
    [("missing", "404"), ("truncated", "1500000 of 3000000 bytes"), ("other", "what it gave has the sha256")],
)
def test_nothing_is_left_of_a_bad_download(serve, tmp_path, broken, what):
    server = serve({"data.bin": BODY[::-1] if broken == "other" else BODY}, broken)
    with pytest.raises(ConnectionError, match=what) as caught:
        obtain(GOOD, [server.address], tmp_path, download=True)
    assert os.listdir(tmp_path) == []
    by_hand(str(caught.value), server.address, tmp_path)


def by_hand(said, mirror, folder):
    assert "place it by hand" in said
    assert f"{mirror}data.bin" in said
    assert str(folder / "data.bin") in said
    assert GOOD.checksum in said


def test_offline(tmp_path):
    nobody = "http://127.0.0.1:9/"  # where nothing listens
    with pytest.raises(ConnectionError, match="refused") as caught:
        obtain(GOOD, [nobody, nobody], tmp_path, download=True)
    by_hand(str(caught.value), nobody, tmp_path)
    with pytest.raises(FileNotFoundError, match="pass download=True") as missing:
        obtain(GOOD, [nobody], tmp_path, download=False)
    by_hand(str(missing.value), nobody, tmp_path)
    (tmp_path / "data.bin").write_bytes(BODY)
    assert obtain(GOOD, [nobody], tmp_path, download=True).read_bytes() == BODY


def test_a_file_that_is_not_whole_is_replaced_or_refused(serve, tmp_path):
    server = serve({"data.bin": BODY})
    (tmp_path / "data.bin").write_bytes(BODY[:100])
    with pytest.raises(ValueError, match=sha256(BODY[:100])) as caught:
        obtain(GOOD, [server.address], tmp_path, download=False)
    by_hand(str(caught.value), server.address, tmp_path)
    assert (tmp_path / "data.bin").read_bytes() == BODY[:100]
    assert obtain(GOOD, [server.address], tmp_path, download=True).read_bytes() == BODY


def test_a_bad_download_leaves_the_file_before(serve, tmp_path):
    server = serve({"data.bin": BODY}, "truncated")
    (tmp_path / "data.bin").write_bytes(b"before")
    with pytest.raises(ConnectionError):
        obtain(GOOD, [server.address], tmp_path, download=True)
    assert (tmp_path / "data.bin").read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["data.bin"]


def test_a_silent_server(tmp_path, monkeypatch):
    monkeypatch.setattr(downloads, "TIMEOUT", 0.2)
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        mirror = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(ConnectionError, match="timed out"):
            obtain(GOOD, [mirror], tmp_path, download=True)
    assert os.listdir(tmp_path) == []


def test_the_cache_is_the_users(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert cache() == tmp_path / "autograd-core"
    with pytest.raises(FileNotFoundError, match="MNIST"):
        MNIST()


# IDX


def idx(array, kind=0x08):
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, kind, array.ndim, *array.shape)
    return head + array.astype(array.dtype.newbyteorder(">")).tobytes()


@pytest.mark.parametrize(
    ("kind", "dtype"), [(8, np.uint8), (9, np.int8), (11, np.int16), (12, np.int32), (13, np.float32), (14, np.float64)]
)
def test_idx_files(tmp_path, kind, dtype):
    array = RNG.integers(0, 100, (3, 4, 5)).astype(dtype)
    for name, wrap in (("a.gz", gzip.compress), ("a", bytes)):
        (tmp_path / name).write_bytes(wrap(idx(array, kind)))
        found = read_idx(tmp_path / name)
        assert found.dtype == dtype
        np.testing.assert_array_equal(found, array)


WHOLE = idx(np.zeros((2, 3), np.uint8))


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "begins with nothing"),
        (WHOLE[:3], "begins with"),
        (b"\1" + WHOLE[1:], "begins with 01"),
        (b"\0\0\7\2" + WHOLE[4:], "kind of number"),
        (b"\0\0\10\0", "count of axes"),
        (WHOLE[:9], "ends within its 2 lengths"),
        (WHOLE[:-1], "takes 6 bytes, but it has 5"),
        (WHOLE + b"\0", "takes 6 bytes, but it has more"),
        (struct.pack(">BBBB3I", 0, 0, 14, 3, *[2**32 - 1] * 3), "would take"),
    ],
)
def test_files_that_are_not_idx(tmp_path, body, what):
    (tmp_path / "a").write_bytes(body)
    (tmp_path / "a.gz").write_bytes(gzip.compress(body))
    for name in ("a", "a.gz"):
        with pytest.raises(ValueError, match=what) as caught:
            read_idx(tmp_path / name)
        assert name in str(caught.value)


def test_files_that_are_not_whole_gzip_files(tmp_path):
    whole = gzip.compress(idx(RNG.integers(0, 255, (100, 10)).astype(np.uint8)))
    for body in (b"no gzip", whole[:-20], whole[:50] + b"\xff" * 200):
        (tmp_path / "a.gz").write_bytes(body)
        with pytest.raises(ValueError, match=r"is not (a whole gzip|an IDX) file"):
            read_idx(tmp_path / "a.gz")


# MNIST


def mnist_files(images=None, labels=None):
    files = {}
    for part, n in (("train", 30), ("t10k", 10)):
        pictures = RNG.integers(0, 255, (n, 28, 28)).astype(np.uint8) if images is None else images
        kinds = np.arange(n, dtype=np.uint8) % 10 if labels is None else labels
        files[f"{part}-images-idx3-ubyte.gz"] = gzip.compress(idx(pictures))
        files[f"{part}-labels-idx1-ubyte.gz"] = gzip.compress(idx(kinds))
    return files


def small(kind, monkeypatch, files, *mirrors):
    monkeypatch.setattr(kind, "mirrors", [server.address for server in mirrors])
    monkeypatch.setattr(kind, "resources", [(name, sha256(files[name])) for name, _ in kind.resources])


@pytest.mark.parametrize("kind", [MNIST, FashionMNIST])
def test_mnist(serve, tmp_path, monkeypatch, kind):
    files = mnist_files()
    first, second = serve(files, "missing"), serve(files)
    small(kind, monkeypatch, files, first, second)
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    train = kind(tmp_path, download=True, transform=transform, target_transform=lambda y: 9 - y)
    held_out = kind(tmp_path, train=False, download=True)
    assert (len(train), len(held_out), len(first.asked), len(second.asked)) == (30, 10, 4, 4)
    assert train.data.shape == (30, 28, 28)
    assert train.data.dtype == np.uint8
    image, target = train[3]
    assert (image.shape, target) == ((1, 28, 28), 6)
    plain, target = held_out[3]
    np.testing.assert_array_equal(plain, held_out.data[3].numpy())
    assert (type(target), target, len(kind.classes)) == (int, 3, 10)
    x, y = next(iter(DataLoader(train, 8, num_workers=1)))
    assert (x.shape, x.dtype, y.dtype) == ((8, 1, 28, 28), np.float32, np.int64)
    assert sorted(os.listdir(tmp_path / kind.__name__ / "raw")) == sorted(files)
    assert held_out.class_to_idx[kind.classes[4]] == 4
    assert repr(held_out).splitlines()[:2] == [f"Dataset {kind.__name__}", "    Number of datapoints: 10"]
    again = kind(tmp_path)
    assert ag.equal(again.data, train.data)


@pytest.mark.parametrize(
    ("images", "labels", "what"),
    [
        (np.zeros((4, 28), np.uint8), np.zeros(4, np.uint8), "need images"),
        (np.zeros((4, 28, 28), np.uint8), np.zeros(3, np.uint8), "need images"),
        (np.zeros((4, 28, 28), np.uint8), np.full(4, 10, np.uint8), "label 10, but there are 10 classes"),
    ],
)
def test_files_that_do_not_fit(serve, tmp_path, monkeypatch, images, labels, what):
    files = mnist_files(images, labels)
    small(MNIST, monkeypatch, files, serve(files))
    with pytest.raises(ValueError, match=what):
        MNIST(tmp_path, download=True)


# CIFAR-10


def archive(records, names=None, link=None):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name in names or [*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin"]:
            member = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            if name == link:
                member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
                tar.addfile(member)
                continue
            member.size = len(records)
            tar.addfile(member, io.BytesIO(records))
    return out.getvalue()


def cifar_records(labels):
    pixels = RNG.integers(0, 255, (len(labels), 3072)).astype(np.uint8)
    return np.concatenate([np.array(labels, np.uint8)[:, None], pixels], 1)


def test_cifar(serve, tmp_path, monkeypatch):
    records = cifar_records([3, 9])
    body = archive(records.tobytes())
    files = {"cifar-10-binary.tar.gz": body}
    small(CIFAR10, monkeypatch, files, serve(files))
    train, held_out = (CIFAR10(tmp_path, train, download=True) for train in (True, False))
    assert (len(train), len(held_out), train.targets) == (10, 2, [3, 9] * 5)
    assert train.data.shape == (10, 32, 32, 3)
    image, target = held_out[1]
    assert (target, CIFAR10.classes[target]) == (9, "truck")
    np.testing.assert_array_equal(image.transpose(2, 0, 1).reshape(-1), records[1, 1:])
    assert os.listdir(tmp_path) == ["cifar-10-binary.tar.gz"]
    assert CIFAR10(tmp_path, transform=transforms.ToTensor())[0][0].shape == (3, 32, 32)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (archive(cifar_records([10]).tobytes()), "label 10"),
        (archive(cifar_records([1]).tobytes()[:-1]), "records of 3073 bytes"),
        (archive(b""), "records of 3073 bytes"),
        (archive(cifar_records([1]).tobytes(), ["data_batch_1.bin"]), "lacks .*data_batch_2.bin"),
        (archive(cifar_records([1]).tobytes(), link="data_batch_2.bin"), "lacks .*data_batch_2.bin"),
        (archive(cifar_records([1]).tobytes())[:-400], "not a whole archive"),
        (b"no archive", "not a whole archive"),
    ],
)
def test_archives_that_are_refused(serve, tmp_path, monkeypatch, body, what):
    files = {"cifar-10-binary.tar.gz": body}
    small(CIFAR10, monkeypatch, files, serve(files))
    with pytest.raises(ValueError, match=what):
        CIFAR10(tmp_path, download=True)


def test_addresses_and_checksums_are_complete():
    for kind in (MNIST, FashionMNIST, CIFAR10):
        assert len(kind.mirrors) > 1
        assert all(mirror.startswith("http") and mirror.endswith("/") for mirror in kind.mirrors)
        assert all(len(bytes.fromhex(checksum)) in (16, 32) for _, checksum in kind.resources)
        assert len(set(kind.classes)) == 10
