"""What a derivation starts from: the values on the paths, how each was computed, and what it is called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_core.symbolic import Expr

from .chain import MOST_STEPS
from .deltas import numbers_of
from .notation import Known
from .paths import Paths
from .statements import Block, Equations, Row, Sentence, equations
from .symbols import Symbols


def stated(symbols: Symbols, found: Sequence[Paths], most: int) -> list[Block]:
    """The values that a derivation speaks of.

    Args:
        symbols: what they are called.
        found: the paths of the gradients that are derived.
        most: how many paths are written out for each.

    Returns:
        A sentence and a row for each value.
    """
    on_paths = {one.start for one in found}
    for one in found:
        if one.count <= most or any(node.shape for node in one.nodes):
            on_paths.update(one.nodes)
        else:
            on_paths.update(node for uses in one.first(most) for node, _ in uses)
    nodes = [node for node in symbols.values.nodes if node in on_paths]
    operations = [node for node in nodes if node.op is not None and node not in symbols.turned]
    inputs: dict[str, tuple[Known, list[Any]]] = {}
    for node in operations[:MOST_STEPS]:
        for position, parent in enumerate(node.inputs):
            parent = symbols.turned.get(parent, parent) if parent is not None else None
            known = symbols.operand(node, position) if parent is None else symbols.of(parent)
            here = parent in on_paths and parent is not None and parent.op is not None
            if not here and (parent is not None or symbols.is_named(node, position)):
                computed = [symbols.forward(parent)] if parent is not None and parent.op is not None else []
                inputs[known.args[0]] = known, computed
    inputs |= {symbols.name(node): (symbols.of(node), []) for node in nodes if node.op is None}
    rows = [row for known, forms in inputs.values() for row in _row(symbols, known, forms)]
    for node in operations[:MOST_STEPS]:
        rows += _row(symbols, symbols.of(node), [symbols.forward(node)])
    if not rows:
        return []
    blocks: list[Block] = [Sentence((symbols.words("The values:"),)), Equations(tuple(rows))]
    left_out = len(operations) - MOST_STEPS
    if left_out > 0:
        blocks.append(Sentence((symbols.words("{n} more values are left out.", n=left_out),)))
    return blocks


def _row(symbols: Symbols, known: Known, forms: list[Any]) -> list[Row]:
    name, shape = symbols.renamed.get(known.args[0]), known.spec.shape
    forms += numbers_of(known, symbols.words)
    if len(forms) == 2 and not shape:
        forms = [Expr("same", *forms)]
    note = ", ".join([*([name] if name else []), *([str(shape)] if shape else [])])
    rows = equations(known, forms)
    if not rows:
        return [Row(known, None, Known("", known.spec), note)]
    rows[0] = Row(rows[0].left, rows[0].sign, rows[0].right, note)
    return rows
