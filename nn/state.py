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


class IncompatibleKeys(NamedTuple):
    """The keys that a non-strict ``load_state_dict`` could not match."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return f"IncompatibleKeys(missing_keys={self.missing_keys}, unexpected_keys={self.unexpected_keys})"


def state_of(module: Module) -> Iterator[tuple[str, Tensor]]:
    """The parameters and persistent buffers of a module and those in it, shared ones under every path."""
    for path, part in module.named_modules(remove_duplicate=False):
        start = f"{path}." if path else ""
        for name, tensor in (*part._parameters.items(), *part._buffers.items()):
            if tensor is not None and name not in part._transient:
                yield start + name, tensor


def load(module: Module, state_dict: Mapping[str, Any], strict: bool) -> IncompatibleKeys:
    """Replace the values of a module's tensors; nothing is replaced unless everything fits."""
    if not isinstance(state_dict, Mapping):
        raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict).__name__}.")
    own = dict(state_of(module))
    missing = [key for key in own if key not in state_dict]
    unexpected = [key for key in state_dict if key not in own]
    problems = []
    if strict and missing:
        problems.append(f"Missing key(s) in state_dict: {_quoted(missing)}. ")
    if strict and unexpected:
        problems.append(f"Unexpected key(s) in state_dict: {_quoted(unexpected)}. ")
    arrays = {}
    for key, tensor in own.items():
        if key not in state_dict:
            continue
        try:
            array = to_array(state_dict[key], copy=True)
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
            arrays[key] = array.astype(tensor.dtype)
    if problems:
        raise RuntimeError(f"Error(s) in loading state_dict for {type(module).__name__}:\n\t" + "\n\t".join(problems))
    for key, array in arrays.items():
        tensor = own[key]
        if isinstance(tensor, Uninitialized):
            tensor.materialize(array.shape)
        tensor.array = array
    return IncompatibleKeys(missing, unexpected)


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
