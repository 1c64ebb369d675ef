"""Optimizer: parameter groups with their settings, and the state kept for each parameter."""

from __future__ import annotations

import copy
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from autograd_core import Tensor, enable_grad, tensor, zeros_like
from autograd_core.tensor import from_array

from .hooks import Hooked
from .rule import Group, State


class Optimizer(Hooked):
    """Base class: an optimiser defines :meth:`update`, the rule for one parameter.

    Parameters get new arrays, so a recorded graph keeps the values that it was computed with. The settings
    ``foreach``, ``fused`` and ``capturable`` choose among PyTorch's own implementations: they are taken and kept, so
    that its programs run and states look the same, and change nothing.

    Args:
        params: the parameters, such as ``model.parameters()`` or ``model.named_parameters()``, or dicts
            ``{"params": …, "lr": …}`` with settings of their own.
        defaults: the settings of groups that do not name them.

    Attributes:
        param_groups: the groups: dicts with ``params`` and the settings, which may be changed between steps.
        state: for each parameter what the rule keeps.
        numbers: the names of what is kept that is one number, in float32 as in PyTorch.

    Raises:
        ValueError: there is no parameter, one can't be trained, or one is in two groups.
        TypeError: ``params`` is not an iterable of Tensors or dicts.
        NotImplementedError: ``differentiable`` is asked for.
    """

    numbers: tuple[str, ...] = ("step",)

    def __init__(self, params: Iterable[Any], defaults: dict[str, Any]) -> None:
        if isinstance(params, (Tensor, np.ndarray)):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or dicts, "
                f"but got {type(params).__name__}: pass [tensor]"
            )
        super().__init__()
        self.defaults = defaults
        self.state: defaultdict[Tensor, State] = defaultdict(dict)
        self.param_groups: list[Group] = []
        groups = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    def add_param_group(self, param_group: Group) -> None:
        """Train more parameters, with settings of their own.

        Args:
            param_group: ``params``, and any of the settings.

        Raises:
            ValueError: a parameter is no leaf, does not require grad or is trained already.
            TypeError: ``param_group`` is not such a dict.
        """
        if not isinstance(param_group, dict) or "params" not in param_group:
            raise TypeError(f"param_group must be a dict with 'params', but got {type(param_group).__name__}")
        given = param_group["params"]
        if isinstance(given, (set, frozenset)):
            raise TypeError(
                "optimizer parameters need to be organized in ordered collections, but the ordering of tensors "
                "in sets will change between runs. Please use a list instead."
            )
        group: Group = {**self.defaults, **param_group, "params": [given] if isinstance(given, Tensor) else list(given)}
        _take_names_off(group)
        for parameter in group["params"]:
            if not isinstance(parameter, Tensor):
                raise TypeError(
                    f"optimizer can only optimize Tensors, but one of the params is {type(parameter).__name__}"
                )
            if not parameter.is_leaf:
                raise ValueError("can't optimize a non-leaf Tensor: detach it, and let it require grad")
        own = {id(parameter) for parameter in group["params"]}
        if len(own) != len(group["params"]):
            warnings.warn("optimizer contains a parameter group with duplicate parameters", stacklevel=3)
        if any(id(parameter) in own for other in self.param_groups for parameter in other["params"]):
            raise ValueError("some parameters appear in more than one parameter group")
        if group.get("differentiable"):
            raise NotImplementedError("steps are not recorded: write the rule with ag's functions to differentiate it")
        self.check(group)
        self.param_groups.append(group)

    def check(self, group: Group) -> None:
        """Raise ValueError for settings that make no sense; every optimiser checks its own."""

    def update(self, w: Any, g: Any, state: State, group: Group) -> Any:
        """The rule: the parameter's new array.

        Args:
            w: the parameter's array; must not be written to.
            g: its gradient's array; must not be written to.
            state: what is kept for this parameter, empty at first.
            group: the settings.
        """
        raise NotImplementedError

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change every parameter that has a gradient.

        Args:
            closure: computes the loss again and calls ``backward``.

        Returns:
            The closure's loss; None without one.
        """
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        for group in self.param_groups:
            maximize = group.get("maximize", False)
            for parameter in group["params"]:
                gradient = parameter.grad
                if gradient is not None:
                    g = -gradient.array if maximize else gradient.array
                    parameter.array = self.update(parameter.array, g, self.state[parameter], group)
        return loss

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters; with ``set_to_none=False`` make them zeros."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if set_to_none:
                    parameter.grad = None
                elif parameter.grad is not None:
                    parameter.grad = zeros_like(parameter)

    def state_dict(self) -> dict[str, Any]:
        """Settings and state, with parameters numbered in order, as in PyTorch.

        Returns:
            ``{"state": {number: {name: value}}, "param_groups": [{"lr": …, "params": [numbers]}]}``, a snapshot.
        """
        for hook in list(self._hooks["state_dict_pre"].values()):
            hook(self)
        order = self._order()
        number = {id(parameter): i for i, parameter in reversed(list(enumerate(order)))}
        groups = [
            {key: value for key, value in group.items() if key != "params"}
            | {"params": [number[id(parameter)] for parameter in group["params"]]}
            for group in self.param_groups
        ]
        state = {number[id(parameter)]: _copied(kept) for parameter, kept in self.state.items() if kept}
        saved: dict[str, Any] = self._passed("state_dict_post", {"state": state, "param_groups": groups})
        return saved

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over settings and state saved by :meth:`state_dict`: all of them, or none if they do not fit.

        Args:
            state_dict: what was saved, for the same parameters in the same order.

        Raises:
            ValueError: it is no such dict, the groups differ in number or size, or a state has another shape than
            its parameter; the optimizer stays as it was.
        """
        state_dict = self._passed("load_state_dict_pre", state_dict)
        if not isinstance(state_dict, Mapping) or not {"state", "param_groups"} <= set(state_dict):
            raise ValueError("an optimizer loads what its state_dict() gave: a dict with 'state' and 'param_groups'")
        saved = state_dict["param_groups"]
        if len(saved) != len(self.param_groups):
            raise ValueError("loaded state dict has a different number of parameter groups")
        if any(len(a["params"]) != len(b["params"]) for a, b in zip(saved, self.param_groups, strict=True)):
            raise ValueError(
                "loaded state dict contains a parameter group that doesn't match the size of optimizer's group"
            )
        numbers = [number for group in saved for number in group["params"]]
        by_number = dict(zip(numbers, self._order(), strict=True))
        state: defaultdict[Tensor, State] = defaultdict(dict)
        for number, kept in state_dict["state"].items():
            if number not in by_number:
                raise ValueError(f"loaded state dict has state for parameter {number}, which is in no group")
            state[by_number[number]] = self.fitted(kept, by_number[number])
        names = [{name: own[name] for name in ("params", "param_names") if name in own} for own in self.param_groups]
        groups = [{**self.defaults, **group, **kept} for kept, group in zip(names, saved, strict=True)]
        for group in groups:
            self.check(group)
        self.state, self.param_groups = state, groups
        for hook in list(self._hooks["load_state_dict_post"].values()):
            hook(self)

    def fitted(self, kept: Mapping[str, Any], parameter: Tensor) -> State:
        """What was saved for a parameter, with arrays of its own, in the parameter's dtype.

        Raises:
            ValueError: an array has not the parameter's shape.
        """
        if type(self).step is not Optimizer.step:  # a step of the user's own may keep anything
            return copy.deepcopy(dict(kept))
        fitted: State = {}
        for key, value in kept.items():
            if value is None:
                continue
            shape, dtype = ((), np.float32) if key in self.numbers else (parameter.shape, parameter.dtype)
            fitted[key] = own(value, dtype)
            if fitted[key].shape != shape:
                raise ValueError(f"loaded state {key!r} has shape {fitted[key].shape}, its parameter {shape}")
        return fitted

    def _order(self) -> list[Tensor]:
        return [parameter for group in self.param_groups for parameter in group["params"]]

    def __repr__(self) -> str:
        lines = []
        for i, group in enumerate(self.param_groups):
            lines.append(f"\nParameter Group {i}\n")
            lines += [f"    {key}: {group[key]}\n" for key in sorted(group) if key != "params"]
        return f"{type(self).__name__} ({''.join(lines)})"


def settings(arguments: dict[str, Any]) -> dict[str, Any]:
    """What an ``__init__`` was given, its ``locals()``, without the parameters: all the others are settings."""
    return {name: value for name, value in arguments.items() if name not in ("self", "params", "__class__")}


def check_at_least_zero(group: Group, **names: str) -> None:
    """Raise ValueError for a setting below 0 or NaN; each comes with what to call it."""
    for name, what in names.items():
        if not group[name] >= 0:
            raise ValueError(f"Invalid {what}: {group[name]}")


def check_betas(group: Group) -> None:
    """Raise ValueError if a β is not in [0, 1)."""
    for i, beta in enumerate(group["betas"]):
        if not 0 <= beta < 1:
            raise ValueError(f"Invalid beta parameter at index {i}: {beta}")


def own(value: Any, dtype: Any) -> Tensor:
    """A tensor with an array of its own, of a tensor of ours or of PyTorch's."""
    return from_array(np.array(value.detach().numpy() if hasattr(value, "detach") else value, dtype, order="C"))


def _take_names_off(group: Group) -> None:
    """Keep the names of ``named_parameters()`` apart from the parameters, as PyTorch does."""
    named = [isinstance(given, tuple) for given in group["params"]]
    if any(named):
        if not all(named):
            raise ValueError("all optimizer params should be with/without names. Some param names are missing")
        group["param_names"] = [name for name, _ in group["params"]]
        group["params"] = [parameter for _, parameter in group["params"]]


def _copied(kept: State) -> State:
    return {key: _copy(value) for key, value in kept.items()}


def _copy(value: Any) -> Any:
    if isinstance(value, list):
        return [_copy(one) for one in value]
    return tensor(value) if isinstance(value, Tensor) else value
