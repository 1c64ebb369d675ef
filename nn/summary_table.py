"""A summary as a table: the rows and columns of torchinfo and torchsummary, as text and HTML."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .summarize import Call, Size, Summary

_MB = 1e6  # torchinfo's megabyte; torchsummary's is 1024² bytes


@dataclass(frozen=True)
class Lines:
    """A table, ready to be shown: its heading, rows with their depth, and groups of totals."""

    heading: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]
    totals: Sequence[Sequence[str]]
    line: Callable[[Sequence[str]], str]  # a row as text
    rules: tuple[str, str]  # what is drawn around and between totals, and below the heading

    def text(self) -> str:
        light, heavy = self.rules
        tree = [self.line([_branch(depth) + cells[0], *cells[1:]]) for depth, cells in self.rows]
        lines = [light, self.line(self.heading), heavy, *tree, heavy]
        for group in self.totals:
            lines += [*group, light]
        return "\n".join(lines)

    def html(self) -> str:
        """One table without outer styles; the tree is shown by indentation."""
        cell = "padding:0.1em 1em;text-align:left;white-space:nowrap"
        head = "".join(f'<th style="{cell}">{escape(title)}</th>' for title in self.heading)
        body = []
        for depth, cells in self.rows:
            indent = f'style="{cell};padding-left:{1 + 1.5 * max(depth, 0):g}em"'
            first, *others = (escape(text) for text in cells)
            body.append(f"<tr><td {indent}>{first}</td>" + "".join(f'<td style="{cell}">{o}</td>' for o in others))
        for group in self.totals:
            shown = "<br>".join(escape(line) for line in group)
            body.append(f'<tr><td colspan="{len(self.heading)}" style="{cell};border-top:1px solid">{shown}</td>')
        return f'<table style="border-collapse:collapse"><tr>{head}</tr>{"</tr>".join(body)}</tr></table>'


def _branch(depth: int) -> str:
    if depth <= 1:
        return "├─" * max(depth, 0)
    return "│    " * (depth - 1) + "└─"


# torchinfo


@dataclass(frozen=True)
class Row:
    """What a row tells: a call, the calls inside it, and whether these are left out; all calls of what is in it."""

    call: Call
    inside: Sequence[Call]
    below: Sequence[Call]
    last: bool
    total: int

    @property
    def params(self) -> int:
        """How many parameters the row stands for: those inside have rows of their own, unless they are left out."""
        kept = () if self.last else (parameter for call in self.below for parameter in call.module.parameters())
        others = {id(parameter) for parameter in kept}
        return sum(p.numel() for p in self.call.module.parameters() if id(p) not in others)

    def num_params(self) -> str:
        parameters = list(self.call.module.parameters())
        if self.call.recursive and parameters:
            return "(recursive)"
        if not self.params:
            return "--"
        frozen = (self.last or self.call.leaf) and not any(parameter.requires_grad for parameter in parameters)
        return f"({self.params:,})" if frozen else f"{self.params:,}"

    def params_percent(self) -> str:
        if self.call.recursive and self.params:
            return "(recursive)"
        return f"{self.params / self.total:>7.2%}" if self.params else "     --"

    def mult_adds(self) -> str:
        count = self.call.mult_adds + (sum(call.mult_adds for call in self.inside) if self.last else 0)
        return f"{count:,}" if count else "--"

    def trainable(self) -> str:
        wanted = {parameter.requires_grad for parameter in self.call.module.parameters()}
        return "--" if not wanted else "Partial" if len(wanted) == 2 else str(wanted.pop())

    def kernel_size(self) -> str:
        size = getattr(self.call.module, "kernel_size", None)
        return "--" if size is None else str(list(size) if isinstance(size, tuple) else size)


def _shape(sizes: Sequence[Size]) -> str:
    return str(list(sizes[0].shape)) if sizes else "--"


COLUMNS: dict[str, tuple[str, Callable[[Row], str]]] = {
    "input_size": ("Input Shape", lambda row: _shape(row.call.inputs)),
    "output_size": ("Output Shape", lambda row: _shape(row.call.outputs)),
    "num_params": ("Param #", Row.num_params),
    "params_percent": ("Param %", Row.params_percent),
    "kernel_size": ("Kernel Shape", Row.kernel_size),
    "mult_adds": ("Mult-Adds", Row.mult_adds),
    "trainable": ("Trainable", Row.trainable),
}


def torchinfo_table(found: Summary, columns: Sequence[str], width: int, depth: int, settings: Sequence[str]) -> Lines:
    """The table of torchinfo, for :func:`nn.summary`."""
    names = _names(found, settings)
    rows = []
    for position, call in enumerate(found.calls):
        if call.depth <= depth:
            below = [other for other in found.calls if other.depth > call.depth and _is_in(other.path, call.path)]
            row = Row(call, list(found.inside(position)), below, call.depth == depth, found.total_params)
            rows.append((call.depth, [names[position], *(COLUMNS[column][1](row) for column in columns)]))
    longest = max(len(name) + 5 * call.depth + 1 for name, call in zip(names, found.calls, strict=True))
    first = max(40, math.ceil(longest / 5) * 5)
    title = "Layer (type" + " (var_name)" * ("var_names" in settings) + ":depth-idx" * ("depth" in settings) + ")"
    memory = (found.input_bytes, found.output_bytes, found.param_bytes)

    def line(cells: Sequence[str]) -> str:
        return " ".join([f"{cells[0]:<{first}}", *(f"{cell:<{width}}" for cell in cells[1:])]).rstrip()

    totals = [[*_counts(found), f"Total mult-adds {_units(found.total_mult_adds)}"], _sizes(memory, _MB)]
    rule = "=" * (first + width * len(columns))
    return Lines([title, *(COLUMNS[column][0] for column in columns)], rows, totals, line, (rule, rule))


def _is_in(path: str, container: str) -> bool:
    return not container or path.startswith(f"{container}.")


def _names(found: Summary, settings: Sequence[str]) -> list[str]:
    names, numbers = [], dict[int, int]()
    for call in found.calls:
        depth = call.depth
        numbers[depth] = numbers.get(depth, 0) + 1
        name = call.module._get_name()
        if "var_names" in settings:
            name += f" ({call.path.rpartition('.')[2] or name})"
        if "depth" in settings and depth:
            name += f": {depth}-{numbers[depth]}"
        names.append(name)
    return names


def _counts(found: Summary) -> list[str]:
    return [
        f"Total params: {found.total_params:,}",
        f"Trainable params: {found.trainable_params:,}",
        f"Non-trainable params: {found.total_params - found.trainable_params:,}",
    ]


def _sizes(sizes: tuple[float, float, float], unit: float) -> list[str]:
    titles = ("Input size", "Forward/backward pass size", "Params size", "Estimated Total Size")
    return [f"{title} (MB): {size / unit:0.2f}" for title, size in zip(titles, (*sizes, sum(sizes)), strict=True)]


def _units(count: int) -> str:
    unit, letter = next(((unit, letter) for unit, letter in ((1e12, "T"), (1e9, "G")) if count >= unit), (1e6, "M"))
    number = count / unit
    return f"({letter}): {number:,.0f}" if number.is_integer() else f"({letter}): {number:,.2f}"


# torchsummary


def torchsummary_table(found: Summary) -> Lines:
    """The table of torchsummary, for :func:`nn.summary`: layers in the order in which they end, sizes of one sample."""
    skipped = {"Sequential", "ModuleList"}
    calls = sorted((call for call in found.calls[1:] if call.ended), key=lambda call: call.ended)
    calls = [call for call in calls if call.module._get_name() not in skipped]
    rows = []
    for number, call in enumerate(calls, 1):
        shapes = [[-1, *size.shape[1:]] for size in call.outputs]
        params = sum(parameter.numel() for parameter in call.module.parameters(recurse=False))
        shape = str(shapes[0] if len(shapes) == 1 else shapes)
        rows.append((-1, [f"{call.module._get_name()}-{number}", shape, f"{params:,}"]))
    outputs = 2 * sum(size.nbytes for call in calls for size in call.outputs)

    def line(cells: Sequence[str]) -> str:
        return f"{cells[0]:>20}  {cells[1]:>25} {cells[2]:>15}"

    totals = [_counts(found), _sizes((found.input_bytes, outputs, found.param_bytes), 1024**2)]
    return Lines(["Layer (type)", "Output Shape", "Param #"], rows, totals, line, ("-" * 64, "=" * 64))
