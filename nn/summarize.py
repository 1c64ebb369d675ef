"""What a model consists of: its layers with their shapes, parameters and work, found by running it once."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.tree import leaves

from .module import Module
from .summary_table import COLUMNS, Lines, torchinfo_table, torchsummary_table

STYLES = ("torchinfo", "torchsummary")


class Size(NamedTuple):
    """What is kept of a tensor."""

    shape: tuple[int, ...]
    nbytes: int


@dataclass
class Call:
    """One run of a module, or a container in which others ran: a row of the table."""

    module: Module
    path: str
    inputs: list[Size] = field(default_factory=list)
    outputs: list[Size] = field(default_factory=list)
    recursive: bool = False  # it is in a row above, too
    ended: int = 0  # its place in the order in which runs ended; 0 for a container that did not run

    @property
    def depth(self) -> int:
        return self.path.count(".") + 1 if self.path else 0

    @property
    def leaf(self) -> bool:
        return not any(True for _ in self.module.children())

    @property
    def mult_adds(self) -> int:
        """Multiply-adds with the module's own parameters in this run."""
        return _mult_adds(self) if self.outputs else 0


class Summary:
    """The layers of a model, and totals; printed it is torchinfo's or torchsummary's table.

    Attributes:
        calls: every run of a module, and the containers in which others ran, in order.
        total_params: how many numbers the parameters hold; shared ones once.
        trainable_params: how many of them require grad.
        total_mult_adds: multiply-adds of one run with parameters: each weight and bias times the places where it is
            used. Scales and shifts of normalization are counted once for each sample, as in torchinfo.
        input_bytes: of the input.
        output_bytes: of the outputs of layers that have parameters, and of as many gradients.
        param_bytes: of the parameters.
    """

    def __init__(self, calls: list[Call], inputs: list[Size], table: Callable[[Summary], Lines]) -> None:
        parameters = list(calls[0].module.parameters())
        self.calls = calls
        self.total_params = sum(parameter.numel() for parameter in parameters)
        self.trainable_params = sum(parameter.numel() for parameter in parameters if parameter.requires_grad)
        self.total_mult_adds = sum(call.mult_adds for call in calls)
        with_parameters = [call for call in calls if call.leaf and any(True for _ in call.module.parameters())]
        self.input_bytes = sum(size.nbytes for size in inputs)
        self.output_bytes = 2 * sum(call.outputs[0].nbytes for call in with_parameters if call.outputs)
        self.param_bytes = sum(parameter.nbytes for parameter in parameters)
        self._table = table

    def inside(self, position: int) -> Iterator[Call]:
        """The calls of what is in the module at this position, which follow it."""
        for call in self.calls[position + 1 :]:
            if call.depth <= self.calls[position].depth:
                return
            yield call

    def __str__(self) -> str:
        return self._table(self).text()

    __repr__ = __str__

    def to_html(self) -> str:
        """The table as HTML."""
        return self._table(self).html()

    _repr_html_ = to_html


def summary(
    model: Module,
    input_size: Any = None,
    input_data: Any = None,
    *,
    style: str = "torchinfo",
    col_names: Sequence[str] = ("output_size", "num_params"),
    col_width: int = 25,
    depth: int = 3,
    dtypes: Sequence[Any] | None = None,
    row_settings: Sequence[str] = ("depth",),
    verbose: bool | None = None,
) -> Summary:
    """A model's layers with shapes and numbers of parameters, as a tree; found by running it once.

    It runs in evaluation mode, without recording, and is the same afterwards; lazy layers have their sizes then.

    Args:
        model: any Module.
        input_size: the shape of the input with the batch, or a list of shapes; in torchsummary's style without it.
        input_data: the input itself, instead: a Tensor or array, a list of arguments or a dict of named ones.
        style: ``"torchinfo"``, or ``"torchsummary"``.
        col_names: torchinfo's columns: "input_size", "output_size", "num_params", "params_percent", "kernel_size",
            "mult_adds", "trainable".
        col_width: of each of these columns.
        depth: how deep the tree is shown; numbers of what is deeper are added up.
        dtypes: of the inputs made from ``input_size``; by default that of the parameters.
        row_settings: "depth" numbers the layers, "var_names" tells their names.
        verbose: whether to print it; by default unless an interactive session shows what is returned.

    Returns:
        A Summary: ``print`` gives text, notebooks show HTML, ``total_params`` and others are its numbers.

    Raises:
        ValueError: both input_size and input_data are given or none, or a style, column or setting is not known.
        TypeError: input_size is not made of whole numbers above 0.

    Example:
        >>> import nn
        >>> model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))
        >>> found = nn.summary(model, (8, 4), verbose=False)
        >>> found.total_params, found.total_mult_adds
        (131, 1048)
        >>> print(str(found).split("=")[180])
        <BLANKLINE>
        Sequential                               [8, 3]                    --
        ├─Linear: 1-1                            [8, 16]                   80
        ├─ReLU: 1-2                              [8, 16]                   --
        ├─Linear: 1-3                            [8, 3]                    51
        <BLANKLINE>
    """
    _check("style", [style], STYLES)
    _check("row_settings", row_settings, ("depth", "var_names"))
    _check("col_names", col_names, tuple(COLUMNS))
    if (input_size is None) == (input_data is None):
        raise ValueError("summary takes either input_size, with the batch, or input_data")
    if input_data is None:
        shapes = _shapes(input_size)
        input_data = _made(model, [(1, *shape) for shape in shapes] if style == "torchsummary" else shapes, dtypes)
    if isinstance(input_data, (Tensor, np.ndarray)):
        input_data = [input_data]
    calls = _with_containers(model, _run(model, input_data))

    def table(found: Summary) -> Lines:
        if style == "torchsummary":
            return torchsummary_table(found)
        return torchinfo_table(found, col_names, col_width, depth, row_settings)

    found = Summary(calls, _sizes(input_data), table)
    if not hasattr(sys, "ps1") if verbose is None else verbose:
        print(found)
    return found


def _check(what: str, given: Sequence[str], known: Sequence[str]) -> None:
    for name in given:
        if name not in known:
            raise ValueError(f"summary knows no {what} {name!r}, only {', '.join(known)}")


def _shapes(input_size: Any) -> list[tuple[int, ...]]:
    sizes: list[Any] = list(input_size) if isinstance(input_size, (list, tuple)) else [None]
    shapes = sizes if any(isinstance(part, (list, tuple)) for part in sizes) else [sizes]
    for shape in shapes:
        if not isinstance(shape, (list, tuple)) or not all(type(length) is int and length > 0 for length in shape):
            raise TypeError(f"input_size is a shape, or a list of shapes, of whole numbers above 0, got {input_size!r}")
    return [tuple(shape) for shape in shapes]


def _made(model: Module, shapes: list[tuple[int, ...]], dtypes: Sequence[Any] | None) -> list[Tensor]:
    """Inputs of ones: 0 only where they are indices, of which each table has one."""
    if dtypes is None:
        floats = (tensor.dtype for tensor in (*model.parameters(), *model.buffers()) if tensor.is_floating_point())
        dtypes = [next(floats, ag.get_default_dtype())] * len(shapes)
    if len(dtypes) != len(shapes):
        raise ValueError(f"there are {len(shapes)} inputs, but {len(dtypes)} dtypes")
    made = (ag.zeros(shape, dtype=dtype) for shape, dtype in zip(shapes, dtypes, strict=True))
    return [tensor + 1 if tensor.is_floating_point() else tensor for tensor in made]


def _sizes(tree: Any) -> list[Size]:
    return [Size(value.shape, value.nbytes) for value in leaves(tree) if isinstance(value, (Tensor, np.ndarray))]


def _run(model: Module, data: Any) -> list[Call]:
    """Every call of a module while the model runs on the data, in the order in which they begin."""
    paths: dict[Module, list[str]] = {}
    for path, module in model.named_modules(remove_duplicate=False):
        paths.setdefault(module, []).append(path)
    calls: list[Call] = []
    running: list[Call] = []
    ended = 0

    def begin(module: Module, args: Any) -> None:
        around = f"{running[-1].path}." if running and running[-1].path else ""
        path = next((path for path in paths[module] if path.startswith(around)), paths[module][0])
        calls.append(Call(module, path, recursive=any(call.module is module for call in calls)))
        running.append(calls[-1])

    def end(module: Module, args: Any, kwargs: Any, output: Any) -> None:
        nonlocal ended
        ended += 1
        call = running.pop()
        call.inputs, call.outputs, call.ended = _sizes([args, kwargs]), _sizes(output), ended

    handles = [module.register_forward_pre_hook(begin) for module in paths]
    handles += [module.register_forward_hook(end, with_kwargs=True) for module in paths]
    modes = {module: module.training for module in paths}
    try:
        model.eval()
        with ag.no_grad():
            model(**data) if isinstance(data, Mapping) else model(*data)
    except Exception as error:
        shapes = ", ".join(str(size.shape) for size in _sizes(data))
        error.add_note(f"while nn.summary ran the model on {shapes}")
        raise
    finally:
        for handle in handles:
            handle.remove()
        for module, mode in modes.items():
            module.training = mode
    return calls


def _with_containers(model: Module, calls: list[Call]) -> list[Call]:
    """The calls, with rows for containers such as ModuleList, which do not run themselves, before what is in them."""
    rows: list[Call] = []
    here: list[str] = []  # the path of the last row at each depth
    for call in calls:
        parts = call.path.split(".") if call.path else []
        for depth in range(1, len(parts)):
            path = ".".join(parts[:depth])
            if len(here) <= depth or here[depth] != path:
                container = model.get_submodule(path)
                rows.append(Call(container, path, recursive=any(row.module is container for row in rows)))
                here = [*here[:depth], path]
        rows.append(call)
        here = [*here[: call.depth], call.path]
    return rows


def _mult_adds(call: Call) -> int:
    kinds = {kind.__name__ for kind in type(call.module).__mro__}
    output, batch = call.outputs[0].shape, call.outputs[0].shape[:1]
    attention = "MultiheadAttention" in kinds  # its output layer's weights are used without a call of that layer
    total = 0
    for name, parameter in call.module.named_parameters(recurse=attention):
        times = math.prod(batch)
        if "weight" not in name and "bias" not in name:
            times = 0
        elif any(kind.startswith("ConvTranspose") for kind in kinds) and "weight" in name:
            times = math.prod(batch + call.inputs[0].shape[2:])
        elif any(kind.startswith(("Conv", "LazyConv")) for kind in kinds):
            times = math.prod(batch + output[2:])
        elif attention or "Linear" in kinds or "Bilinear" in kinds or "RNNBase" in kinds:
            times = math.prod(output[:-1])
        elif kinds & {"Embedding", "EmbeddingBag"}:  # a look-up
            times = 0
        total += times * parameter.numel()
    return total
