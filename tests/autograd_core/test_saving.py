"""save and load: what was saved comes back; what is broken or hostile is refused and changes nothing."""

import io
import json
import math
import os
import pickle
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autograd_core as ag
import nn
import optim
from autograd_core.safetensors import DTYPES

ENDINGS = ("npz", "safetensors")
both = pytest.mark.parametrize("ending", ENDINGS)
NUMBERS = st.sampled_from(
    [np.bool_, np.int8, np.int16, np.int64, np.uint8, np.uint16, np.uint64, np.float16, np.float32, np.float64]
)
ARRAYS = NUMBERS.flatmap(lambda d: hnp.arrays(d, hnp.array_shapes(min_dims=0, min_side=0)))
NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="\0/\\", exclude_categories=["Cs"]), min_size=1, max_size=9
)
KEYS = st.one_of(NAMES, st.integers(), st.tuples(st.integers(), NAMES))
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text())
TREES = st.recursive(
    st.one_of(PLAIN, ARRAYS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.lists(inner, max_size=3).map(tuple), st.dictionaries(KEYS, inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("saving")


def same(loaded, saved):
    if isinstance(saved, np.ndarray):
        assert isinstance(loaded, ag.Tensor)
        assert loaded.dtype == saved.dtype
        np.testing.assert_array_equal(loaded.numpy(), saved)
        return
    assert type(loaded) is type(saved)
    if isinstance(saved, dict):
        assert list(loaded) == list(saved)
        assert [type(key) for key in loaded] == [type(key) for key in saved]
        for key, value in saved.items():
            same(loaded[key], value)
    elif isinstance(saved, (list, tuple)):
        assert len(loaded) == len(saved)
        for a, b in zip(loaded, saved, strict=True):
            same(a, b)
    else:
        assert loaded == saved


@both
@given(st.dictionaries(NAMES, ARRAYS))
def test_files_hold_what_was_saved(ending, folder, state):
    ag.save(state, folder / f"w.{ending}")
    same(ag.load(folder / f"w.{ending}"), state)


@both
@given(TREES)
def test_nested_state_comes_back_with_its_types(ending, folder, tree):
    ag.save(tree, folder / f"t.{ending}")
    same(ag.load(folder / f"t.{ending}"), tree)


@both
@pytest.mark.parametrize("name", ["file", "0.weight", "x.npy", "a b", "größe", "__metadata__"])
def test_any_name_will_do(tmp_path, ending, name):
    ag.save({name: ag.ones(2)}, tmp_path / f"w.{ending}")
    assert ag.load(tmp_path / f"w.{ending}")[name].tolist() == [1, 1]


@both
def test_values_that_json_does_not_have(tmp_path, ending):
    path = tmp_path / f"w.{ending}"
    ag.save([math.inf, -math.inf, math.nan, np.float32(0.5), np.int64(3), np.bool_(True), 2**200, 0.1], path)
    loaded = ag.load(path)
    assert loaded[:2] == [math.inf, -math.inf]
    assert math.isnan(loaded[2])
    assert loaded[3:] == [0.5, 3, True, 2**200, 0.1]
    assert [type(value) for value in loaded[3:6]] == [float, int, bool]


@both
def test_paths_that_look_the_same_are_kept_apart(tmp_path, ending):
    ag.save({"a.b": ag.ones(1), "a": {"b": ag.zeros(1)}, 1: ag.ones(2), "1": ag.zeros(2)}, tmp_path / f"w.{ending}")
    loaded = ag.load(tmp_path / f"w.{ending}")
    assert loaded["a.b"].tolist() == [1]
    assert loaded["a"]["b"].tolist() == [0]
    assert loaded[1].tolist() == [1, 1]
    assert loaded["1"].tolist() == [0, 0]


@both
def test_a_single_tensor(tmp_path, ending):
    ag.save(ag.tensor([1.0, 2.0]), tmp_path / f"w.{ending}")
    assert ag.load(tmp_path / f"w.{ending}").tolist() == [1, 2]


@both
def test_arrays_in_any_layout_are_saved_by_value(tmp_path, ending):
    base = np.arange(24.0).reshape(2, 3, 4)
    views = {
        "transposed": base.T,
        "every other": base[:, ::2, 1::2],
        "backwards": base[::-1, :, ::-1],
        "broadcast": np.broadcast_to(base[0], (5, 3, 4)),
        "column": np.asfortranarray(base[0]),
        "big-endian": base.astype(">f8"),
        "read-only": ag.tensor(base).numpy(),
    }
    ag.save({**views, "tensor": ag.tensor(base).transpose(0, 2)}, tmp_path / f"w.{ending}")
    loaded = ag.load(tmp_path / f"w.{ending}")
    np.testing.assert_array_equal(loaded.pop("tensor").numpy(), base.T)
    for name, tensor in loaded.items():
        np.testing.assert_array_equal(tensor.numpy(), views[name])


@both
def test_training_goes_on_bit_for_bit(tmp_path, ending):
    """A checkpoint of the model, the optimizer and plain numbers, as programs write it."""

    def parts():
        model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
        groups = [{"params": model[0].parameters(), "lr": 0.1}, {"params": model[2].parameters()}]
        return model, optim.Adam(groups, lr=0.01, betas=(0.8, 0.99), amsgrad=True)

    def steps(model, optimizer, count):
        for i in range(count):
            optimizer.zero_grad()
            (model(ag.ones(2, 3) * i) ** 2).mean().backward()
            optimizer.step()

    model, optimizer = parts()
    steps(model, optimizer, 3)
    state = {"epoch": 3, "model": model.state_dict(), "optimizer": optimizer.state_dict(), "best": math.inf}
    ag.save(state, tmp_path / f"c.{ending}")
    loaded = ag.load(tmp_path / f"c.{ending}", map_location="cpu", weights_only=True)
    assert loaded["epoch"] == 3
    other, resumed = parts()
    other.load_state_dict(loaded["model"])
    resumed.load_state_dict(loaded["optimizer"])
    assert resumed.param_groups[0]["betas"] == (0.8, 0.99)
    steps(model, optimizer, 3)
    steps(other, resumed, 3)
    for a, b in zip(model.parameters(), other.parameters(), strict=True):
        assert a.tolist() == b.tolist()


OPTIMIZERS = [name for name in optim.__all__ if name not in ("Optimizer", "lr_scheduler")]
SCHEDULERS = {
    "LambdaLR": {"lr_lambda": lambda epoch: 0.9**epoch},
    "MultiplicativeLR": {"lr_lambda": lambda epoch: 0.9},
    "StepLR": {"step_size": 2},
    "MultiStepLR": {"milestones": [1, 4, 5]},
    "ConstantLR": {"total_iters": 4},
    "LinearLR": {"total_iters": 9},
    "ExponentialLR": {"gamma": 0.9},
    "PolynomialLR": {"total_iters": 9},
    "CosineAnnealingLR": {"T_max": 5},
    "CosineAnnealingWarmRestarts": {"T_0": 4},
    "CyclicLR": {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 4},
    "OneCycleLR": {"max_lr": 0.1, "total_steps": 10},
    "ReduceLROnPlateau": {"patience": 1},
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_goes_on_from_a_file(tmp_path, name):
    def parts():
        ag.manual_seed(0)
        model = nn.Linear(3, 2)
        return model, getattr(optim, name)(model.parameters())

    def steps(model, optimizer):
        def loss():
            optimizer.zero_grad()
            value = (model(ag.ones(4, 3)) ** 2).mean()
            value.backward()
            return value

        for _ in range(3):
            optimizer.step(loss)

    (model, optimizer), (other, resumed) = parts(), parts()
    steps(model, optimizer)
    ag.save([model.state_dict(), optimizer.state_dict()], tmp_path / "c.pt")
    weights, state = ag.load(tmp_path / "c.pt")
    other.load_state_dict(weights)
    resumed.load_state_dict(state)
    steps(model, optimizer)
    steps(other, resumed)
    assert other.weight.tolist() == model.weight.tolist()


@pytest.mark.parametrize("name", SCHEDULERS)
def test_every_schedule_goes_on_from_a_file(tmp_path, name):
    def parts():
        optimizer = optim.SGD([ag.ones(1, requires_grad=True)], lr=0.1, momentum=0.9)
        return optimizer, getattr(optim.lr_scheduler, name)(optimizer, **SCHEDULERS[name])

    def steps(optimizer, schedule):
        rates = []
        for _ in range(4):
            optimizer.step()
            schedule.step(*[1.0] * (name == "ReduceLROnPlateau"))
            rates.append(optimizer.param_groups[0]["lr"])
        return rates

    (optimizer, schedule), (other, resumed) = parts(), parts()
    steps(optimizer, schedule)
    ag.save({"optimizer": optimizer.state_dict(), "schedule": schedule.state_dict()}, tmp_path / "c.npz")
    loaded = ag.load(tmp_path / "c.npz")
    other.load_state_dict(loaded["optimizer"])
    resumed.load_state_dict(loaded["schedule"])
    assert steps(other, resumed) == steps(optimizer, schedule)


def test_numpy_reads_and_writes_archives(tmp_path):
    net = nn.Linear(2, 3)
    ag.save(net.state_dict(), str(tmp_path / "w.npz"))
    with np.load(tmp_path / "w.npz") as archive:
        assert archive["weight"].tolist() == net.weight.tolist()
    np.savez_compressed(tmp_path / "other.npz", weight=np.ones(3))
    assert ag.load(tmp_path / "other.npz")["weight"].tolist() == [1, 1, 1]


def test_the_layout_of_a_safetensors_file(tmp_path):
    """By the format's own words: the header's length, the header, the bytes; larger elements first, for alignment."""
    ag.save({"b": np.array([1, 2], np.uint8), "a": np.array([[1.5]], np.float32)}, tmp_path / "w.pt")
    data = (tmp_path / "w.pt").read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    assert length % 8 == 0
    assert json.loads(data[8 : 8 + length]) == {
        "b": {"dtype": "U8", "shape": [2], "data_offsets": [4, 6]},
        "a": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]},
    }
    assert data[8 + length :] == struct.pack("<f", 1.5) + b"\1\2"


@pytest.mark.peers
def test_the_safetensors_package_reads_our_files_and_the_reverse(tmp_path):
    package = pytest.importorskip("safetensors.numpy")
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file, save_file

    state = {name: (np.arange(6) % 2).astype(code).reshape(3, 2).T for name, code in DTYPES.items() if name != "BF16"}
    ag.save(state, tmp_path / "ours.safetensors")
    for loaded in (package.load_file(tmp_path / "ours.safetensors"), load_file(tmp_path / "ours.safetensors")):
        assert set(loaded) == set(state)
        for name, array in state.items():
            np.testing.assert_array_equal(np.asarray(loaded[name]), array)
    theirs = {name: torch.tensor(np.ascontiguousarray(array)) for name, array in state.items()}
    theirs["bf16"] = torch.tensor([1.0, -2.5, math.inf], dtype=torch.bfloat16)
    theirs["scalar"] = torch.tensor(3.0)
    theirs["empty"] = torch.zeros(2, 0)
    save_file(theirs, tmp_path / "theirs.safetensors", metadata={"format": "pt"})
    loaded = ag.load(tmp_path / "theirs.safetensors")
    assert loaded.pop("bf16").tolist() == [1.0, -2.5, math.inf]
    for name, tensor in loaded.items():
        assert tensor.shape == tuple(theirs[name].shape)
        np.testing.assert_array_equal(tensor.numpy(), theirs[name].numpy())
    layer = torch.nn.Linear(3, 2)
    save_file(layer.state_dict(), tmp_path / "layer.safetensors")
    ours = nn.Linear(3, 2)
    ours.load_state_dict(ag.load(tmp_path / "layer.safetensors"))
    assert ours.weight.tolist() == layer.weight.tolist()
    ag.save({"epoch": 1, "model": ours.state_dict()}, tmp_path / "nested.safetensors")
    assert load_file(tmp_path / "nested.safetensors")["model.weight"].tolist() == ours.weight.tolist()


# What goes wrong


@both
def test_a_failed_save_leaves_the_old_file_and_no_other(tmp_path, monkeypatch, ending):
    path = tmp_path / f"w.{ending}"
    ag.save({"a": ag.ones(1)}, path)
    wrongs = {
        "'b.c.1'": {"b": {"c": [1, object()]}},
        "given": nn.Linear(1, 1),
        "state_dict": {"model": nn.Linear(1, 1)},
        "'a' is none": {"a": np.array([None])},
        "'x.0' is none": {"x": [np.array(["words"])]},
        "complex": {"x": 1j},
        "keys": {ag.ones(1): 1},
    }
    for said, wrong in wrongs.items():
        with pytest.raises(TypeError, match="save takes") as caught:
            ag.save(wrong, path)
        assert said in str(caught.value)

    def full(*args, **kwargs):
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        ag.save({"a": ag.zeros(1)}, path)
    monkeypatch.undo()
    assert os.listdir(tmp_path) == [path.name]
    assert ag.load(path)["a"].tolist() == [1]


@pytest.mark.skipif(np.dtype(np.longdouble) == np.float64, reason="there is no longer float on this machine")
def test_a_dtype_that_the_format_does_not_have(tmp_path):
    with pytest.raises(TypeError, match="can't hold 'a', which is float"):
        ag.save({"a": np.ones(2, np.longdouble)}, tmp_path / "w.safetensors")
    assert not os.listdir(tmp_path)


class Harmful:
    def __reduce__(self):
        return (os.system, ("touch harmed",))


def broken_archives(directory):
    """Files that are no archive of arrays, by what is wrong."""
    ag.save({"a": ag.ones(1000)}, directory / "good.npz")
    data = (directory / "good.npz").read_bytes()
    yield "empty", b""
    yield "text", b"hello"
    yield "cut short", data[: len(data) // 2]
    yield "damaged", data[:600] + b"\xff" * 40 + data[640:]
    yield "pickle", pickle.dumps({"a": 1})
    np.save(directory / "single.npy", np.ones(3))
    yield "a single array", (directory / "single.npy").read_bytes()
    np.savez(directory / "objects.npz", a=np.array([Harmful()], dtype=object))
    yield "objects", (directory / "objects.npz").read_bytes()
    np.savez(directory / "strings.npz", a=np.array(["x"]))
    yield "strings", (directory / "strings.npz").read_bytes()
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (10000000000000,)}"
    members = {
        "another archive": {"readme.txt": b"hello"},
        "a member that is no array": {"a.npy": b"no array"},
        "an array of 80 TB": {"a.npy": b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header},
        "a structure of something else": {"autograd_core.structure.json": b'{"tensor":"a"}'},
        "a structure that is no JSON": {"autograd_core.structure.json": b"\xff"},
    }
    for name, contents in members.items():
        with zipfile.ZipFile(directory / "zip", "w") as archive:
            for member, content in contents.items():
                archive.writestr(member, content)
        yield name, (directory / "zip").read_bytes()


def test_a_broken_or_foreign_archive_is_refused_clearly(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, data in list(broken_archives(tmp_path)):
        path = tmp_path / "broken.npz"
        path.write_bytes(data)
        with pytest.raises(ValueError, match="is broken, or no npz file: "):
            print(name, ag.load(path))
    assert not (tmp_path / "harmed").exists()


def tensor_file(header, data=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def entry(begin, end, dtype="F32", shape=None):
    return {"dtype": dtype, "shape": [(end - begin) // 4] if shape is None else shape, "data_offsets": [begin, end]}


BROKEN = {
    "ends within its first 8 bytes": [b"", b"1234567"],
    "header would have": [
        struct.pack("<Q", 2**64 - 1) + b"{}",
        tensor_file({}, length=3),
        struct.pack("<Q", 100_000_001) + b"{",
    ],
    "not a JSON object": [tensor_file(b""), tensor_file(b"[]"), tensor_file(b" {}"), tensor_file(pickle.dumps({}))],
    "broken": [
        tensor_file(b"{"),
        tensor_file(b"{}x"),
        tensor_file(b'{"\xff": 1}'),
        tensor_file(b'{"a":' * 100_000),
        tensor_file({"a": entry(0, 0, shape=[0, 2**70])}),
        tensor_file({"a": entry(0, 4, shape=[1] * 65)}, bytes(4)),
    ],
    "no number in JSON": [tensor_file(b'{"a": NaN}')],
    "twice: 'a'": [
        tensor_file(b'{"a": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]}, "a": {}}'),
        tensor_file(b'{"a": {"a": 1, "a": 2}}'),
    ],
    "metadata is not text": [
        tensor_file({"__metadata__": {"a": 1}}),
        tensor_file({"__metadata__": "a"}),
        tensor_file({"__metadata__": None}),
    ],
    "not described by": [
        tensor_file({"a": 1}),
        tensor_file({"a": {"dtype": "F32", "shape": [0]}}),
        tensor_file({"a": {**entry(0, 0), "code": "x"}}),
        tensor_file({"a": {**entry(0, 0), "data_offsets": [0]}}),
        tensor_file({"a": {**entry(0, 0), "shape": "2"}}),
        tensor_file({"a": {**entry(0, 0), "dtype": 1}}),
    ],
    "which no tensor here can have": [
        tensor_file({"a": entry(0, 4, dtype="F8_E4M3", shape=[4])}, bytes(4)),
        tensor_file({"a": entry(0, 8, dtype="O", shape=[1])}, bytes(8)),
    ],
    "no counts": [
        tensor_file({"a": entry(0, 4, shape=[-1])}, bytes(4)),
        tensor_file({"a": entry(0, 4, shape=[True])}, bytes(4)),
        tensor_file({"a": entry(0, 4, shape=[1.0])}, bytes(4)),
        tensor_file({"a": entry(-4, 0, shape=[1])}, bytes(4)),
        tensor_file({"a": {**entry(0, 4), "data_offsets": ["0", "4"]}}, bytes(4)),
    ],
    "need": [
        tensor_file({"a": entry(0, 4, shape=[2])}, bytes(4)),
        tensor_file({"a": entry(4, 0, shape=[1])}, bytes(4)),
        tensor_file({"a": entry(0, 4, shape=[2**63, 2**63])}, bytes(4)),
    ],
    "those before it end at": [
        tensor_file({"a": entry(0, 8), "b": entry(4, 12)}, bytes(12)),
        tensor_file({"a": entry(0, 4), "b": entry(8, 12)}, bytes(12)),
        tensor_file({"a": entry(4, 8)}, bytes(8)),
        tensor_file({"a": entry(0, 8), "b": entry(0, 8)}, bytes(8)),
    ],
    "are there": [
        tensor_file({"a": entry(0, 8)}, bytes(7)),
        tensor_file({"a": entry(0, 8)}, bytes(9)),
        tensor_file({"a": entry(0, 2**50)}, bytes(8)),
        tensor_file({}, b"x"),
    ],
    "neither 0 nor 1": [tensor_file({"a": entry(0, 1, dtype="BOOL", shape=[1])}, b"\2")],
    "structure": [
        tensor_file({"__metadata__": {"autograd_core.structure": text}, "a": entry(0, 4)}, bytes(4))
        for text in (
            "[]",
            '{"tensor":"b"}',
            '[{"tensor":"a"},{"tensor":"a"}]',
            '{"float":"1"}',
            '{"tuple":1}',
            '{"dict":[[1]]}',
            '{"dict":[],"tuple":[]}',
            '{"call":"os.system"}',
            "{}",
        )
    ],
    "unhashable": [tensor_file({"__metadata__": {"autograd_core.structure": '{"dict":[[[],1]]}'}})],
}


@pytest.mark.parametrize("said", BROKEN)
def test_a_broken_or_hostile_safetensors_file_is_refused_clearly(tmp_path, said):
    model = nn.Linear(2, 2)
    before = model.weight.tolist()
    for data in BROKEN[said]:
        (tmp_path / "w.safetensors").write_bytes(data)
        with pytest.raises(ValueError, match="is broken, or no safetensors file: ") as caught:
            model.load_state_dict(ag.load(tmp_path / "w.safetensors"))
        assert said in str(caught.value)
    assert model.weight.tolist() == before


@both
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_loads_or_is_refused(ending, folder, data):
    """Any bytes may be wrong: the only error is the one that says so."""
    path = folder / f"damaged.{ending}"
    ag.save({"a": [ag.ones(3), 1], "b": ag.zeros(2, dtype="bool")}, path)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(len(content) - 20, len(content)))])
    try:
        ag.load(path)
    except ValueError as error:
        assert "is broken, or no" in str(error)  # noqa: PT017


def test_what_is_not_there_or_elsewhere(tmp_path):
    for ending in ENDINGS:
        with pytest.raises(FileNotFoundError):
            ag.load(tmp_path / f"none.{ending}")
    with zipfile.ZipFile(tmp_path / "model.pt", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Harmful()))
    with pytest.raises(ValueError, match=r"safetensors\.torch\.save_file"):
        ag.load(tmp_path / "model.pt")
    ag.save(ag.ones(1), tmp_path / "w.pt")
    with pytest.raises((ValueError, RuntimeError), match="cuda"):
        ag.load(tmp_path / "w.pt", map_location="cuda")


def test_a_link_is_followed_and_permissions_stay(tmp_path):
    target, link = tmp_path / "state", tmp_path / "link"
    ag.save({"a": ag.ones(1)}, target)
    target.chmod(0o600)
    link.symlink_to(target)
    ag.save({"a": ag.zeros(1)}, link)
    assert link.is_symlink()
    assert ag.load(target)["a"].tolist() == [0.0]
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_pipe_is_written_to_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        ag.save({"a": ag.ones(1)}, pipe)
        assert pipe.is_fifo()
        assert os.read(reading, 1000).endswith(np.ones(1, np.float32).tobytes())
    finally:
        os.close(reading)


def test_open_files(tmp_path):
    held = io.BytesIO()
    ag.save(obj={"a": [ag.ones(1), 2]}, f=held)
    assert ag.load(f=held) == {"a": [ag.ones(1), 2]}
    with pytest.raises(ValueError, match=r"BytesIO.* is broken, or no safetensors file"):
        ag.load(io.BytesIO(b"no"))
    with open(tmp_path / "state", "wb") as file:
        ag.save({"a": ag.ones(1)}, file)
    with open(tmp_path / "state", "rb") as file:
        assert ag.load(file)["a"].tolist() == [1.0]
