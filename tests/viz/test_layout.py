"""The layout: nothing overlaps, edges lead on, the same input gives the same result."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viz.layout import Edge, layers, layout

SIZES = st.tuples(st.integers(20, 200), st.integers(20, 120))


@st.composite
def graphs(draw: Any) -> tuple[list[tuple[int, int]], list[Edge]]:
    """Random acyclic graphs, with several edges between the same boxes and long ones among them."""
    sizes = draw(st.lists(SIZES, min_size=1, max_size=25))
    count = len(sizes)
    edges = []
    if count > 1:
        pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda pair: pair[0] != pair[1])
        for a, b in draw(st.lists(pairs, max_size=50)):
            edges.append(Edge(min(a, b), max(a, b), draw(st.none() | SIZES)))
    return sizes, edges


def rectangles(sizes: Any, edges: Any, found: Any) -> list[tuple[float, float, float, float]]:
    boxes = [(x, y, x + w, y + h) for (x, y), (w, h) in zip(found.boxes, sizes, strict=True)]
    labels = [
        (place[0], place[1], place[0] + edge.label[0], place[1] + edge.label[1])
        for place, edge in zip(found.labels, edges, strict=True)
        if edge.label is not None
    ]
    return boxes + labels


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return min(a[2], b[2]) - max(a[0], b[0]) > 1e-6 and min(a[3], b[3]) - max(a[1], b[1]) > 1e-6


@settings(max_examples=150)
@given(graphs(), st.booleans(), st.booleans(), st.sampled_from([None, 300.0, 1000.0]))
def test_boxes_and_labels_never_overlap(graph: Any, down: bool, backward: bool, wrap: float | None) -> None:
    sizes, edges = graph
    found = layout(sizes, edges, down=down, backward=backward, wrap=wrap)
    placed = rectangles(sizes, edges, found)
    for i, a in enumerate(placed):
        assert not any(overlap(a, b) for b in placed[i + 1 :])
        assert a[0] >= -1e-6
        assert a[1] >= -1e-6
        assert a[2] <= found.width + 1e-6
        assert a[3] <= found.height + 1e-6


@settings(max_examples=100)
@given(graphs(), st.booleans())
def test_lines_do_not_run_through_boxes(graph: Any, backward: bool) -> None:
    sizes, edges = graph
    found = layout(sizes, edges, backward=backward)
    for edge, path in zip(edges, found.paths, strict=True):
        points = [piece[-1] for piece in path]
        for box, ((x, y), (w, h)) in enumerate(zip(found.boxes, sizes, strict=True)):
            if box in (edge.source, edge.target):
                continue
            for (x1, y1), (x2, y2) in itertools.pairwise(points):
                inside = min(x2, x + w) - max(x1, x) > 1e-6
                assert not (inside and y + 1e-6 < y1 < y + h - 1e-6 and y1 == y2)


@given(graphs())
def test_every_edge_leads_to_a_later_layer(graph: Any) -> None:
    sizes, edges = graph
    depths = layers(len(sizes), [(edge.source, edge.target) for edge in edges])
    assert all(depths[edge.source] < depths[edge.target] for edge in edges)
    assert min(depths) == 0


@given(graphs(), st.booleans())
def test_paths_begin_and_end_at_their_boxes(graph: Any, backward: bool) -> None:
    sizes, edges = graph
    found = layout(sizes, edges, backward=backward)
    for edge, path, head in zip(edges, found.paths, found.heads, strict=True):
        x, y = path[-1][-1]
        corner, size = found.boxes[edge.target], sizes[edge.target]
        if head:
            assert x == pytest.approx(corner[0])
            assert corner[1] <= y <= corner[1] + size[1]
        if not backward:
            assert head


@given(graphs())
def test_same_input_same_layout(graph: Any) -> None:
    sizes, edges = graph
    assert layout(sizes, edges, wrap=500) == layout(sizes, edges, wrap=500)


def test_a_tree_has_no_crossing() -> None:
    edges = [Edge(0, 4), Edge(1, 4), Edge(2, 5), Edge(3, 5), Edge(4, 6), Edge(5, 6)]
    found = layout([(30, 20)] * 7, edges)
    first, second = found.boxes[4][1], found.boxes[5][1]
    assert first < second
    assert max(found.boxes[0][1], found.boxes[1][1]) < min(found.boxes[2][1], found.boxes[3][1])


def test_a_long_chain_is_broken_into_rows() -> None:
    found = layout([(100, 20)] * 50, [Edge(i, i + 1) for i in range(49)], wrap=1000)
    assert found.width < 1400
    assert found.boxes[-1][1] > found.boxes[0][1]


def test_sources_stand_beside_what_they_lead_to() -> None:
    assert layers(5, [(0, 1), (1, 2), (2, 3), (4, 3)]) == [0, 1, 2, 3, 2]


def test_a_cycle_is_refused() -> None:
    with pytest.raises(ValueError, match="cycle"):
        layout([(10, 10)] * 2, [Edge(0, 1), Edge(1, 0)])


@pytest.mark.parametrize("edges", [[(i, i + 1) for i in range(4999)], [(i, 4999) for i in range(4999)]])
def test_five_thousand_boxes(edges: list[tuple[int, int]]) -> None:
    found = layout([(80, 40)] * 5000, [Edge(a, b) for a, b in edges], wrap=1500)
    assert len(set(found.boxes)) == 5000


def test_one_value_used_everywhere() -> None:
    edges = [Edge(i, i + 1) for i in range(1, 2000)] + [Edge(0, i) for i in range(1, 2001)]
    found = layout([(80, 40)] * 2001, edges, wrap=1500)
    assert sum(map(len, found.paths)) < 40 * len(edges)  # shared stretches are drawn once
