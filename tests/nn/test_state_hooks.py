"""Hooks of state_dict and load_state_dict, state that is no tensor, and buffers by assignment."""

import copy
import pickle

import pytest

import autograd_core as ag
import nn


def test_hooks_are_called_with_each_modules_keys():
    model = nn.Sequential(nn.Linear(2, 2))
    seen = []
    model[0].register_state_dict_pre_hook(lambda *args: seen.append(("save_pre", *args[1:])))
    model.register_state_dict_post_hook(lambda module, state, *more: seen.append(("save_post", list(state), *more)))
    model[0].register_load_state_dict_pre_hook(lambda module, state, *more: seen.append(("load_pre", *more)))
    handle = model.register_load_state_dict_post_hook(lambda module, keys: seen.append(("load_post", keys)))
    model.load_state_dict(model.state_dict())
    assert seen == [
        ("save_pre", "0.", False),
        ("save_post", ["0.weight", "0.bias"], "", {}),
        ("load_pre", "0.", {}, True, [], [], []),
        ("load_post", ([], [])),
    ]
    seen.clear()
    handle.remove()
    model.load_state_dict({"0.weight": ag.ones(2, 2)}, strict=False)
    assert len(seen) == 1


class Renamed(nn.Linear):
    """Loads what an older version, with other names, has saved."""

    def __init__(self):
        super().__init__(1, 1)
        self.register_load_state_dict_pre_hook(self._rename)

    @staticmethod
    def _rename(module, state, prefix, *_):
        for name in ("weight", "bias"):
            if f"{prefix}old_{name}" in state:
                state[prefix + name] = state.pop(f"{prefix}old_{name}")


def test_old_names_are_translated():
    model = nn.ModuleDict({"layer": Renamed()})
    state = {"layer.old_weight": ag.tensor([[3.0]]), "layer.old_bias": ag.tensor([4.0])}
    model.load_state_dict(state)
    assert model["layer"](ag.tensor([2.0])).item() == 10.0
    assert list(state) == ["layer.old_weight", "layer.old_bias"]


def test_an_error_of_a_hook_changes_nothing():
    model = nn.Linear(1, 1)
    model.register_load_state_dict_pre_hook(lambda *args: args[-1].append("version 7 is too new"))
    before = model.weight.tolist()
    with pytest.raises(RuntimeError, match="version 7 is too new"):
        model.load_state_dict(nn.Linear(1, 1).state_dict())
    assert model.weight.tolist() == before


class Counting(nn.Module):
    def __init__(self):
        super().__init__()
        self.count = 3

    def get_extra_state(self):
        return {"count": self.count}

    def set_extra_state(self, state):
        self.count = state["count"]


def test_state_that_is_no_tensor():
    model = nn.Sequential(Counting())
    state = model.state_dict()
    assert state == {"0._extra_state": {"count": 3}}
    model[0].count = 7
    with pytest.raises(RuntimeError, match="Missing key") as missing:
        model.load_state_dict({})
    assert '"0._extra_state"' in str(missing.value)
    model.load_state_dict(state)
    assert model[0].count == 3


def test_assigned_buffers():
    model = nn.Module()
    model.mean = nn.Buffer(ag.ones(2))
    model.scratch = nn.Buffer([1, 2], persistent=False)
    assert [name for name, _ in model.named_buffers()] == ["mean", "scratch"]
    assert list(model.state_dict()) == ["mean"]
    for twin in (copy.deepcopy(model.scratch), pickle.loads(pickle.dumps(model.scratch))):
        assert type(twin) is nn.Buffer
        assert twin.persistent is False
        assert twin.tolist() == [1, 2]
    model.scratch = nn.Parameter(ag.zeros(1))
    assert list(model.state_dict()) == ["scratch", "mean"]


def test_dtypes_are_taken_over_when_asked_for():
    model = nn.Linear(1, 1)
    weight = model.weight
    model.load_state_dict({"weight": ag.ones(1, 1, dtype="float64"), "bias": ag.zeros(1)}, assign=True)
    assert model.weight is weight
    assert (weight.dtype, weight.requires_grad, model.bias.dtype) == ("float64", True, "float32")


def test_a_copied_parameter_has_no_gradient():
    model = nn.Linear(1, 1)
    model(ag.ones(1)).sum().backward()
    twin = copy.deepcopy(model)
    assert twin.weight.grad is None
    assert twin.weight.requires_grad
    assert model.weight.grad is not None
