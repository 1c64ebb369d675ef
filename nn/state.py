"""A module's state: which tensors it has, how they are replaced, all or none, and converted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograd_core import Tensor
from autograd_core.device import check_device, is_device
from autograd_core.tensor import from_array, to_array

from .parameter import Uninitialized

if TYPE_CHECKING:
    from .module import Module


EXTRA = "_extra_state"  # the key of what get_extra_state() returns


class IncompatibleKeys(NamedTuple):
    """The keys that a non-strict ``load_state_dict`` could not match."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return f"IncompatibleKeys(missing_keys={self.missing_keys}, unexpected_keys={self.unexpected_keys})"


def parts_of(module: Module) -> list[tuple[str, Module]]:
    """A module and those in it, parents first, with what is before their keys; shared ones under every path."""
    found = module.named_modules(remove_duplicate=False)
    return [(f"{path}." if path else "", part) for path, part in found]


def state_of(module: Module) -> Iterator[tuple[str, Tensor]]:
    """The parameters and persistent buffers of a module and those in it, shared ones under every path."""
    for start, part in parts_of(module):
        for name, tensor in own_state(part):
            yield start + name, tensor


def own_state(part: Module) -> Iterator[tuple[str, Tensor]]:
    """The parameters and persistent buffers of a module itself."""
    for name, tensor in (*part._parameters.items(), *part._buffers.items()):
        if tensor is not None and name not in part._transient:
            yield name, tensor


def save(module: Module, prefix: str, keep_vars: bool) -> dict[str, Any]:
    """The values of a module's state by key, with what its hooks make of it."""
    state: dict[str, Any] = {}
    parts = parts_of(module)
    for start, part in parts:
        start = prefix + start
        for hook in part._hooks_of("save_pre"):
            hook(part, start, keep_vars)
        for name, tensor in own_state(part):
            state[start + name] = tensor if keep_vars else tensor.detach()
        if hasattr(part, "get_extra_state"):
            state[start + EXTRA] = part.get_extra_state()
    for start, part in reversed(parts):
        for hook in part._hooks_of("save_post"):
            hook(part, state, prefix + start, {})
    return state


def load(module: Module, state_dict: Mapping[str, Any], strict: bool, assign: bool) -> IncompatibleKeys:
    """Replace the values of a module's tensors; nothing is replaced unless everything fits."""
    if not isinstance(state_dict, Mapping):
        raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict).__name__}.")
    state, parts = dict(state_dict), parts_of(module)
    keys, problems = IncompatibleKeys([], []), list[str]()
    for start, part in parts:
        part._bring_up_to_date(state, start)
        for hook in part._hooks_of("load_pre"):
            hook(part, state, start, {}, strict, *keys, problems)
    own = dict(state_of(module))
    extra = {start + EXTRA: part for start, part in parts if hasattr(part, "set_extra_state")}
    keys.missing_keys.extend(key for key in (*own, *extra) if key not in state)
    keys.unexpected_keys.extend(key for key in state if key not in own and key not in extra)
    if strict and keys.unexpected_keys:
        problems.insert(0, f"Unexpected key(s) in state_dict: {_quoted(keys.unexpected_keys)}. ")
    if strict and keys.missing_keys:
        problems.insert(0, f"Missing key(s) in state_dict: {_quoted(keys.missing_keys)}. ")
    arrays = {}
    for key, tensor in own.items():
        if key not in state:
            continue
        try:
            array = to_array(state[key], copy=True)
        except (TypeError, ValueError, RuntimeError) as error:
            problems.append(f"no tensor for {key}: {error}")
            continue
        if not isinstance(tensor, Uninitialized) and array.shape != tensor.shape:
            problems.append(
                f"size mismatch for {key}: copying a param with shape {array.shape} from checkpoint, "
                f"the shape in current model is {tensor.shape}."
            )
        elif tensor.dtype.kind != "f" and not np.can_cast(array.dtype, tensor.dtype, "same_kind"):
            problems.append(f"dtype mismatch for {key}: {array.dtype} does not go into {tensor.dtype}.")
        else:
            arrays[key] = array
    if problems:
        raise RuntimeError(f"Error(s) in loading state_dict for {type(module).__name__}:\n\t" + "\n\t".join(problems))
    for key, array in arrays.items():
        tensor = own[key]
        if isinstance(tensor, Uninitialized):
            tensor.materialize(array.shape)
        if assign and array.dtype.kind == "f":
            to_dtype(tensor, array.dtype)
        tensor.array = array.astype(tensor.dtype, copy=False)
    for key, part in extra.items():
        if key in state:
            part.set_extra_state(state[key])
    for _, part in reversed(parts):
        for hook in part._hooks_of("load_post"):
            hook(part, keys)
    return keys


def _quoted(keys: list[str]) -> str:
    return ", ".join(f'"{key}"' for key in keys)


def wanted_dtype(args: tuple[Any, ...], kwargs: dict[str, Any]) -> np.dtype[Any] | None:
    """The dtype that the arguments of ``Module.to`` ask for; None if only a device is named."""
    if unknown := set(kwargs) - {"dtype", "device", "non_blocking"}:
        raise TypeError(f"to() takes dtype and device, got {', '.join(sorted(unknown))}")
    dtype = None
    for given in (*args, *kwargs.values()):
        if given is None or isinstance(given, bool):  # non_blocking: nothing is waited for
            continue
        if is_device(given):
            check_device(given)
            continue
        dtype = given.dtype if isinstance(given, Tensor) else np.dtype(given)
        if dtype.kind != "f":
            raise TypeError(f"nn.Module.to only accepts floating point dtypes, but got desired dtype={dtype}")
    return dtype


def to_dtype(tensor: Tensor, dtype: np.dtype[Any]) -> None:
    """Convert a floating leaf in place, with its gradient; the object stays the one optimisers know."""
    if tensor.dtype.kind != "f" or tensor.dtype == dtype:
        return
    required, name, gradient = tensor.requires_grad, tensor.name, tensor.grad
    tensor.node = None
    tensor.array = tensor.array.astype(dtype)
    if required:
        tensor.requires_grad_()
        tensor.name = name
        tensor.grad = None if gradient is None else from_array(gradient.array.astype(dtype))
