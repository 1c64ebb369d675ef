"""state_dict and load_state_dict: all or nothing. save and load: numbers only."""

import os
import pickle
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autograd_core as ag
import nn


def model():
    return nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2, bias=False))


def values(module):
    return {name: tensor.tolist() for name, tensor in module.state_dict().items()}


def test_state_goes_from_one_model_to_another():
    a, b = model(), model()
    assert values(a) != values(b)
    result = b.load_state_dict(a.state_dict())
    assert values(a) == values(b)
    assert repr(result) == "<All keys matched successfully>"
    assert result == ([], [])


def test_a_state_dict_is_a_snapshot():
    net = model()
    state = net.state_dict()
    before = {name: tensor.tolist() for name, tensor in state.items()}
    with ag.no_grad():
        net[0].weight.zero_()
    assert {name: tensor.tolist() for name, tensor in state.items()} == before
    assert not any(tensor.requires_grad for tensor in state.values())
    kept = net.state_dict(keep_vars=True, prefix="m.")
    assert kept["m.0.weight"] is net[0].weight


def test_parameters_and_buffers_of_a_module_stand_together():
    class Norm(nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("mean", ag.zeros(2))
            self.register_buffer("scratch", ag.zeros(2), persistent=False)
            self.inner = nn.Linear(1, 1)
            self.weight = nn.Parameter(ag.ones(2))

    assert list(Norm().state_dict()) == ["weight", "mean", "inner.weight", "inner.bias"]


def test_loading_keeps_the_objects_the_dtype_and_no_link_to_the_arrays():
    net = model()
    weight = net[0].weight
    array = np.ones((4, 3))
    net.load_state_dict(net.state_dict() | {"0.weight": array})
    array[:] = 7
    assert net[0].weight is weight
    assert weight.dtype == np.float32
    assert weight.tolist() == np.ones((4, 3)).tolist()
    assert weight.requires_grad
    net(ag.ones(1, 3)).sum().backward()
    assert weight.grad is not None


WRONG = {
    "missing": (lambda s: s.pop("0.bias"), 'Missing key(s) in state_dict: "0.bias". '),
    "unexpected": (lambda s: s.update(extra=ag.zeros(1)), 'Unexpected key(s) in state_dict: "extra". '),
    "shape": (
        lambda s: s.update({"2.weight": ag.zeros(4, 2)}),
        "size mismatch for 2.weight: copying a param with shape (4, 2) from checkpoint, "
        "the shape in current model is (2, 4).",
    ),
    "broadcasts": (lambda s: s.update({"0.bias": ag.zeros(1)}), "size mismatch for 0.bias"),
    "words": (lambda s: s.update({"0.bias": ["a", "b"]}), "no tensor for 0.bias"),
    "objects": (lambda s: s.update({"0.bias": np.array([None] * 4)}), "no tensor for 0.bias"),
    "complex": (lambda s: s.update({"0.bias": np.ones(4) * 1j}), "no tensor for 0.bias"),
    "nothing": (lambda s: s.update({"0.bias": None}), "no tensor for 0.bias"),
}


@given(st.sets(st.sampled_from(["missing", "unexpected", "shape"]), min_size=1))
def test_an_error_names_everything_that_is_wrong(wrong):
    net, state = model(), model().state_dict()
    for name in wrong:
        WRONG[name][0](state)
    with pytest.raises(RuntimeError) as error:
        net.load_state_dict(state)
    lines = "\n\t".join(WRONG[name][1] for name in WRONG if name in wrong)
    assert str(error.value) == f"Error(s) in loading state_dict for Sequential:\n\t{lines}"


@pytest.mark.parametrize("name", WRONG)
def test_a_failed_load_changes_nothing(name):
    net, state = model(), model().state_dict()
    WRONG[name][0](state)
    before = values(net)
    with pytest.raises(RuntimeError) as error:
        net.load_state_dict(state)
    assert WRONG[name][1] in str(error.value)
    assert values(net) == before


def test_not_strict_allows_other_keys_but_no_other_shapes():
    net, state = model(), model().state_dict()
    expected = state["2.weight"].tolist()
    del state["0.bias"]
    state["extra"] = ag.zeros(1)
    result = net.load_state_dict(state, strict=False)
    assert result.missing_keys == ["0.bias"]
    assert result.unexpected_keys == ["extra"]
    assert "extra" in repr(result)
    assert net[2].weight.tolist() == expected
    with pytest.raises(RuntimeError, match="size mismatch"):
        net.load_state_dict({"0.bias": ag.zeros(9)}, strict=False)
    with pytest.raises(TypeError, match="dict-like"):
        net.load_state_dict([1])


def test_a_count_does_not_take_fractions():
    module = nn.Module()
    module.register_buffer("count", ag.tensor(3))
    with pytest.raises(RuntimeError, match="dtype mismatch for count"):
        module.load_state_dict({"count": 2.5})
    module.load_state_dict({"count": np.int32(5)})
    assert module.count.item() == 5
    assert module.count.dtype == np.int64


# Files

NUMBERS = st.sampled_from([np.bool_, np.int8, np.int64, np.uint8, np.float16, np.float32, np.float64])
NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="\0/\\", exclude_categories=["Cs"]), min_size=1, max_size=9
)


@given(st.dictionaries(NAMES, NUMBERS.flatmap(lambda d: hnp.arrays(d, hnp.array_shapes(min_dims=0, min_side=0)))))
def test_files_hold_what_was_saved(tmp_path_factory, state):
    path = tmp_path_factory.mktemp("state") / "w.npz"
    nn.save(state, path)
    loaded = nn.load(path)
    assert list(loaded) == list(state)
    for name, array in state.items():
        assert loaded[name].dtype == array.dtype
        np.testing.assert_array_equal(loaded[name].numpy(), array)


@pytest.mark.parametrize("name", ["file", "0.weight", "x.npy", "a b", "größe"])
def test_any_name_will_do(tmp_path, name):
    nn.save({name: ag.ones(2)}, tmp_path / "w.npz")
    assert nn.load(tmp_path / "w.npz")[name].tolist() == [1, 1]


def test_numpy_reads_the_file(tmp_path):
    net = model()
    nn.save(net.state_dict(), str(tmp_path / "w.npz"))
    with np.load(tmp_path / "w.npz") as archive:
        assert archive["0.weight"].tolist() == net[0].weight.tolist()
    with open(tmp_path / "other.npz", "wb") as file:
        np.savez_compressed(file, weight=np.ones(3))
    assert nn.load(tmp_path / "other.npz")["weight"].tolist() == [1, 1, 1]


def test_a_failed_save_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "w.npz"
    nn.save({"a": ag.ones(1)}, path)
    for wrong in ({"a": "words"}, {"a": np.array([None])}, {1: ag.ones(1)}, nn.Linear(1, 1), {"a": {"b": ag.ones(1)}}):
        with pytest.raises(TypeError, match="save takes"):
            nn.save(wrong, path)

    def full(*args, **kwargs):
        raise OSError("no space left")

    monkeypatch.setattr(np.lib.format, "write_array", full)
    with pytest.raises(OSError, match="no space left"):
        nn.save({"a": ag.zeros(1)}, path)
    monkeypatch.undo()
    assert os.listdir(tmp_path) == ["w.npz"]
    assert nn.load(path)["a"].tolist() == [1]


class Harmful:
    def __reduce__(self):
        return (os.system, ("touch harmed",))


def broken_files(directory):
    """Files that are no archive of arrays, by name."""
    good = directory / "good.npz"
    nn.save({"a": ag.ones(1000)}, good)
    data = good.read_bytes()
    yield "empty", b""
    yield "text", b"hello"
    yield "cut short", data[: len(data) // 2]
    yield "damaged", data[:600] + b"\xff" * 40 + data[640:]
    yield "pickle", pickle.dumps({"a": 1})
    np.save(directory / "single.npy", np.ones(3))
    yield "a single array", (directory / "single.npy").read_bytes()
    with open(directory / "objects", "wb") as file:
        np.savez(file, a=np.array([Harmful()], dtype=object))
    yield "objects", (directory / "objects").read_bytes()
    with zipfile.ZipFile(directory / "zip", "w") as archive:
        archive.writestr("readme.txt", "hello")
    yield "another archive", (directory / "zip").read_bytes()
    with open(directory / "strings", "wb") as file:
        np.savez(file, a=np.array(["x"]))
    yield "strings", (directory / "strings").read_bytes()
    with zipfile.ZipFile(directory / "fake", "w") as archive:
        archive.writestr("a.npy", b"no array")
    yield "a member that is no array", (directory / "fake").read_bytes()


def test_a_broken_or_foreign_file_is_refused_clearly(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, data in list(broken_files(tmp_path)):
        path = tmp_path / "broken"
        path.write_bytes(data)
        with pytest.raises(ValueError, match="broken, or not a file"):
            print(name, nn.load(path))
    assert not (tmp_path / "harmed").exists()
    with pytest.raises(FileNotFoundError):
        nn.load(tmp_path / "none")
