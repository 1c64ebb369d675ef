"""What a module owns, how it is walked and what a call does."""

import copy
import pickle
import threading

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core.modes import MODE


class Block(nn.Module):
    def __init__(self, width=2):
        super().__init__()
        self.first = nn.Linear(width, width)
        self.scale = nn.Parameter(ag.ones(width))
        self.second = nn.Linear(width, width, bias=False)
        self.register_buffer("seen", ag.zeros(1))
        self.register_buffer("scratch", ag.zeros(1), persistent=False)

    def forward(self, x):
        return self.second(nn.functional.relu(self.first(x)) * self.scale)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block()
        self.head = nn.Sequential(nn.ReLU(), nn.Linear(2, 3))

    def forward(self, x):
        return self.head(self.block(x))


def test_own_parameters_come_before_those_of_children():
    assert [name for name, _ in Net().named_parameters()] == [
        "block.scale",
        "block.first.weight",
        "block.first.bias",
        "block.second.weight",
        "head.1.weight",
        "head.1.bias",
    ]
    assert [name for name, _ in Block().named_parameters(recurse=False)] == ["scale"]
    assert next(name for name, _ in Block().named_parameters(prefix="m")) == "m.scale"
    assert [name for name, _ in Net().named_buffers()] == ["block.seen", "block.scratch"]


def test_modules_are_walked_parents_first():
    net = Net()
    assert [name for name, _ in net.named_modules()] == [
        "",
        "block",
        "block.first",
        "block.second",
        "head",
        "head.0",
        "head.1",
    ]
    assert [name for name, _ in net.named_children()] == ["block", "head"]
    assert list(net.children()) == [net.block, net.head]
    assert len(list(net.modules())) == 7


def test_what_is_shared_is_given_once():
    layer = nn.Linear(2, 2)
    model = nn.Sequential(layer, layer)
    assert len(list(model.parameters())) == 2
    assert len(list(model.modules())) == 2
    assert len(list(model.children())) == 1
    assert len(list(model.named_parameters(remove_duplicate=False))) == 4
    tied = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    tied[1].weight = tied[0].weight
    assert [name for name, _ in tied.named_parameters()] == ["0.weight", "0.bias", "1.bias"]
    assert list(tied.state_dict()) == ["0.weight", "0.bias", "1.weight", "1.bias"]


def test_a_name_belongs_to_what_was_assigned_last():
    module = nn.Module()
    module.thing = 3
    module.thing = nn.Parameter(ag.zeros(1))
    assert [name for name, _ in module.named_parameters()] == ["thing"]
    module.thing = nn.Linear(1, 1)
    assert [name for name, _ in module.named_parameters()] == ["thing.weight", "thing.bias"]
    del module.thing
    assert not list(module.parameters())
    assert not hasattr(module, "thing")
    with pytest.raises(AttributeError, match="no attribute 'thing'"):
        del module.thing


def test_none_keeps_the_place():
    layer = nn.Linear(2, 2)
    bias = layer.bias
    layer.bias = None
    assert [name for name, _ in layer.named_parameters()] == ["weight"]
    assert layer(ag.ones(1, 2)).shape == (1, 2)
    layer.bias = bias
    assert [name for name, _ in layer.named_parameters()] == ["weight", "bias"]
    sequence = nn.Sequential(nn.ReLU())
    sequence.add_module("empty", None)
    assert len(list(sequence.modules())) == 2
    assert "(empty): None" in repr(sequence)


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("weight", ag.zeros(2, 2), "cannot assign 'Tensor' as parameter 'weight'"),
        ("weight", 3.0, "cannot assign 'float' as parameter 'weight'"),
        ("child", ag.zeros(1), "cannot assign 'Tensor' as child module 'child'"),
        ("kept", [1.0], "cannot assign 'list' as buffer 'kept'"),
    ],
)
def test_a_name_refuses_the_wrong_kind(name, value, what):
    layer = nn.Linear(2, 2)
    layer.child = nn.ReLU()
    layer.register_buffer("kept", ag.zeros(1))
    with pytest.raises(TypeError, match=what):
        setattr(layer, name, value)


def test_registering_by_name_is_checked():
    module = nn.Linear(2, 2)
    for register, value in (
        (module.register_parameter, nn.Parameter(ag.zeros(1))),
        (module.register_buffer, ag.zeros(1)),
        (module.add_module, nn.ReLU()),
    ):
        with pytest.raises(KeyError, match="be empty or contain"):
            register("a.b", value)
        with pytest.raises(KeyError, match="be empty or contain"):
            register("", value)
        with pytest.raises(KeyError, match="already exists"):
            register("forward", value)
        with pytest.raises(TypeError, match="should be a string"):
            register(3, value)
        with pytest.raises(TypeError, match="cannot assign 'int'"):
            register("fresh", 3)
    assert [name for name, _ in module.named_parameters()] == ["weight", "bias"]


def test_init_must_come_first():
    class Forgetful(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(1, 1)

    with pytest.raises(AttributeError, match=r"cannot assign modules before Module.__init__\(\) call"):
        Forgetful()


def test_finding_by_path():
    net = Net()
    assert net.get_submodule("head.1") is net.head[1]
    assert net.get_submodule("") is net
    assert net.get_parameter("block.first.bias") is net.block.first.bias
    assert net.get_buffer("block.seen") is net.block.seen
    for find, path in (
        (net.get_submodule, "head.7"),
        (net.get_submodule, "block.scale"),
        (net.get_parameter, "block.seen"),
        (net.get_parameter, "block.nothing"),
        (net.get_buffer, "block.scale"),
    ):
        with pytest.raises(AttributeError, match=path):
            find(path)
    assert {"block", "head", "training"} <= set(dir(net))


def test_replacing_by_path():
    net = Net()
    net.set_submodule("head.1", other := nn.Linear(2, 5))
    assert net.head[1] is other
    assert net(ag.ones(1, 2)).shape == (1, 5)
    net.set_submodule("head.extra", nn.Tanh())
    assert [name for name, _ in net.head.named_children()] == ["0", "1", "extra"]
    for path in ("head.none", "block.scale", "nothing"):
        with pytest.raises(AttributeError, match=path):
            net.set_submodule(path, nn.ReLU(), strict=True)
    for path, module in (("", nn.ReLU()), ("head.1", 3)):
        with pytest.raises(ValueError, match="needs a path and a Module"):
            net.set_submodule(path, module)


def test_train_and_eval_reach_everything():
    net = Net()
    assert net.eval() is net
    assert not any(module.training for module in net.modules())
    net.head.train()
    assert net.head[0].training
    assert not net.block.training
    with pytest.raises(ValueError, match="boolean"):
        net.train("yes")


def test_apply_visits_children_first():
    seen = []
    net = Net()
    assert net.apply(lambda module: seen.append(type(module).__name__)) is net
    assert seen == ["Linear", "Linear", "Block", "ReLU", "Linear", "Sequential", "Net"]


def test_freezing_and_gradients():
    net = Net()
    net.block.requires_grad_(False)
    net(ag.ones(4, 2)).sum().backward()
    assert all(p.grad is None for p in net.block.parameters())
    assert all(p.grad is not None for p in net.head.parameters())
    net.zero_grad(set_to_none=False)
    assert all((p.grad == 0).all() and p.grad.dtype == p.dtype for p in net.head.parameters())
    net.zero_grad()
    assert all(p.grad is None for p in net.parameters())
    net.requires_grad_()
    assert all(p.requires_grad for p in net.parameters())


def test_converting_keeps_the_objects_and_their_gradients():
    net = Net()
    before = list(net.parameters())
    net(ag.ones(4, 2)).sum().backward()
    net.register_buffer("count", ag.tensor([1, 2]))
    assert net.double() is net
    assert all(a is b for a, b in zip(before, net.parameters(), strict=True))
    assert {p.dtype for p in net.parameters()} == {np.dtype("float64")}
    assert {p.grad.dtype for p in net.parameters()} == {np.dtype("float64")}
    assert net.count.dtype == np.int64
    assert net.block.seen.dtype == np.float64
    assert net(ag.ones(4, 2, dtype="float64")).dtype == np.float64
    assert next(net.half().parameters()).dtype == np.float16
    assert next(net.float().parameters()).dtype == np.float32
    assert next(net.to(ag.zeros(1, dtype="float64")).parameters()).dtype == np.float64
    assert next(net.to("cpu").to(device="cpu", dtype="float32").parameters()).dtype == np.float32
    assert net.cpu() is net.to("cpu", non_blocking=True) is net
    assert next(net.type("float64").parameters()).dtype == np.float64
    with pytest.raises(ValueError, match="cuda"):
        net.cuda()
    net.float()(ag.ones(4, 2)).sum().backward()
    assert next(net.parameters()).grad is not None


@pytest.mark.parametrize(
    ("args", "error", "what"),
    [
        (("cuda",), ValueError, "'cuda'"),
        (("int64",), TypeError, "floating point"),
        (("nonsense",), TypeError, "nonsense"),
    ],
)
def test_converting_refuses(args, error, what):
    with pytest.raises(error, match=what):
        nn.Linear(1, 1).to(*args)
    with pytest.raises(TypeError, match="memory"):
        nn.Linear(1, 1).to(memory="much")


def test_copies_are_independent():
    net = Net()
    net.block.first.weight.grad = ag.ones(2, 2)
    twin = copy.deepcopy(net)
    with ag.no_grad():
        for parameter in twin.parameters():
            parameter.zero_()
    assert any((p != 0).any() for p in net.parameters())
    assert isinstance(twin.block.scale, nn.Parameter)
    tied = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2)])
    tied[1].weight = tied[0].weight
    twin = copy.deepcopy(tied)
    assert twin[1].weight is twin[0].weight
    again = pickle.loads(pickle.dumps(net))
    assert again(ag.ones(1, 2)).tolist() == net(ag.ones(1, 2)).tolist()


def test_scope_is_the_path():
    net = Net()
    y = net(ag.ones(1, 2))
    scopes = {node.name: node.scope for node in ag.Graph([y.grad_fn]) if node.op is not None}
    assert scopes == {
        "linear": ("head", "1"),
        "relu": ("head", "0"),
        "multiply": ("block",),
        "matmul": ("block", "second"),
        "transpose": ("block", "second"),
    }
    assert net.block.first.weight.name == "block.first.weight"
    net.requires_grad_(False).requires_grad_(True)
    assert net.block.first.weight.name == "block.first.weight"


def test_a_call_leaves_the_mode_as_it_was():
    layer = nn.Sequential(nn.Linear(2, 2))
    mode = MODE.get()
    layer(ag.ones(1, 2))
    with pytest.raises(ValueError, match="expects 2 features"):
        layer(ag.ones(1, 3))
    assert MODE.get() is mode
    with ag.no_grad():
        assert not layer(ag.ones(1, 2)).requires_grad


def test_two_threads_keep_their_scopes_apart():
    inside, leave, seen = threading.Event(), threading.Event(), []

    class Waiting(nn.Module):
        def forward(self, x):
            inside.set()
            assert leave.wait(10)
            return x

    model = nn.Sequential(Waiting())
    thread = threading.Thread(target=model, args=(ag.ones(1),))
    thread.start()
    assert inside.wait(10)
    seen.append(MODE.get().scope)
    leave.set()
    thread.join()
    assert seen == [()]


def test_forward_must_be_defined():
    with pytest.raises(NotImplementedError, match=r'Module \[Module\] is missing the required "forward" function'):
        nn.Module()(1)


# Errors say where


def notes(error):
    return "\n".join(getattr(error.value, "__notes__", []))


def test_a_misfit_names_the_layer_its_path_and_the_layer_before():
    class VGG(nn.Module):
        def __init__(self):
            super().__init__()
            self.classifier = nn.Sequential(nn.Linear(8, 64), nn.ReLU(), nn.Linear(128, 10))

        def forward(self, x):
            return self.classifier(x)

    with pytest.raises(ValueError, match="expects") as error:
        VGG()(ag.ones(32, 8))
    assert str(error.value) == (
        "Linear 'classifier.2' expects 128 features in the last axis, got shape (32, 64): "
        "the layer before, 'classifier.1', gives 64"
    )
    assert notes(error) == "in module Linear 'classifier.2'"


def test_a_misfit_of_the_input():
    with pytest.raises(ValueError, match="expects") as error:
        nn.Linear(4, 2)(ag.ones(3))
    assert str(error.value) == "Linear expects 4 features in the last axis, got shape (3,): the input gives 3"
    assert notes(error) == "in module Linear"
    with pytest.raises(ValueError, match=r"expects 4 features in the last axis, got shape \(\)"):
        nn.Linear(4, 2)(ag.tensor(1.0))


def test_any_error_from_forward_is_located_once():
    class Broken(nn.Module):
        def forward(self, x):
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine") as error:
        nn.Sequential(nn.Identity(), nn.Sequential(Broken()))(ag.ones(1))
    assert notes(error) == "in module Broken '1.0'"


# Hooks


def test_hooks_see_and_replace():
    layer = nn.Linear(2, 2)
    calls = []
    before = layer.register_forward_pre_hook(lambda module, args: calls.append("before") or (args[0] * 0,))
    after = layer.register_forward_hook(lambda module, args, output: calls.append("after") or output + 1)
    y = layer(ag.ones(1, 2))
    np.testing.assert_allclose(y.tolist(), [(layer.bias + 1).tolist()])
    before.remove()
    after.remove()
    after.remove()
    assert calls == ["before", "after"]
    assert layer(ag.ones(1, 2)).tolist() != y.tolist()
    assert calls == ["before", "after"]


def test_hooks_run_in_order_and_may_be_put_first():
    calls = []
    layer = nn.Identity()
    for name, first in (("a", False), ("b", False), ("c", True)):
        layer.register_forward_hook(lambda module, args, output, name=name: calls.append(name), prepend=first)
    handle = layer.register_forward_pre_hook(lambda module, args: calls.append("z"), prepend=True)
    layer(1)
    assert calls == ["z", "c", "a", "b"]
    handle.remove()
    layer(1)
    assert calls[4:] == ["c", "a", "b"]


def test_hooks_with_keyword_arguments():
    class Scaled(nn.Module):
        def forward(self, x, by=1):
            return x * by

    module = Scaled()
    module.register_forward_pre_hook(lambda module, args, kwargs: (args, {"by": kwargs["by"] + 1}), with_kwargs=True)
    module.register_forward_hook(lambda module, args, kwargs, output: output + kwargs["by"], with_kwargs=True)
    assert module(10, by=2) == 33
    broken = nn.Identity()
    broken.register_forward_pre_hook(lambda module, args, kwargs: 3, with_kwargs=True)
    with pytest.raises(RuntimeError, match="must return None or a tuple"):
        broken(1)


def test_a_pre_hook_may_return_a_single_value():
    module = nn.Identity()
    module.register_forward_pre_hook(lambda module, args: args[0] + 1)
    assert module(1) == 2


# Parameters


def test_parameters():
    array = np.ones((2, 2))
    parameter = nn.Parameter(array)
    array[:] = 0
    assert parameter.tolist() == [[1, 1], [1, 1]]
    assert parameter.requires_grad
    assert parameter.is_leaf
    assert not nn.Parameter(ag.zeros(2), requires_grad=False).requires_grad
    assert nn.Parameter(ag.tensor([1, 2]), requires_grad=False).dtype == np.int64
    with pytest.raises(TypeError, match="floating"):
        nn.Parameter(ag.tensor([1, 2]))
    assert nn.Parameter().shape == (0,)
    assert type(parameter * 2) is ag.Tensor
    source = ag.tensor([1.0], requires_grad=True)
    made = nn.Parameter(source * 2)
    assert made.is_leaf
    assert isinstance(copy.deepcopy(made), nn.Parameter)
    assert repr(made) == "Parameter containing:\ntensor([2.], requires_grad=True)"


class Sorting(nn.Module):
    """Calls flatten between its two parts."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU())
        self.classifier = nn.Linear(99, 10)

    def forward(self, x):
        return self.classifier(ag.flatten(self.features(x), 1))


@pytest.mark.parametrize("path", ["", "inner."])
def test_both_layers_are_named_where_a_function_is_between(path):
    model = nn.ModuleDict({"inner": Sorting()})["inner"] if path else Sorting()
    with pytest.raises(ValueError, match="expects") as error:
        model(ag.ones(2, 1, 5, 5))
    assert str(error.value) == (
        f"Linear '{path}classifier' expects 99 features in the last axis, got shape (2, 36): "
        f"the layer before, '{path}features.1', gives shape (2, 4, 3, 3), of which reshape makes 36"
    )


def test_where_an_input_without_layers_comes_from():
    x = ag.ones(2, 3, requires_grad=True)
    for given, words in ((x, "the input gives 3"), (ag.ones(2, 3), "the input gives 3"), (2 * x, "layer before gives")):
        with pytest.raises(ValueError, match=words):
            nn.Linear(4, 1)(given)
    with pytest.raises(ValueError, match="the input gives a number"):
        nn.LSTM(4, 1)(ag.tensor(1.0))


def test_the_layer_before_a_recurrent_one_is_named():
    with pytest.raises(ValueError, match=r"LSTM '1' expects .*got \(2, 3, 4\): the layer before, '0', gives 4"):
        nn.Sequential(nn.Embedding(5, 4), nn.LSTM(3, 2))(ag.tensor([[1, 2, 3], [1, 2, 3]]))
