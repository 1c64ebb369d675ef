"""state_dict and load_state_dict: all or nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_old_states_of_batch_norm_have_no_count():
    norm = nn.Sequential(nn.BatchNorm1d(2))
    state = {name: value for name, value in norm.state_dict().items() if "num_batches" not in name}
    assert norm.load_state_dict(state).missing_keys == []
    with pytest.raises(RuntimeError, match=r'"0\.running_mean", .*"0\.num_batches_tracked"'):
        norm.load_state_dict({})
