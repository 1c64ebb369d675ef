"""The layout: nothing overlaps, edges lead on, frames nest, the same input gives the same result."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viz.grouping import grouped
from viz.layout import Edge, Layout, layers, layout

SIZES = st.tuples(st.integers(20, 200), st.integers(20, 120))
SCOPES = st.lists(st.sampled_from("abc"), max_size=3).map(tuple)
CAPTIONS = {
    scope: (60 + 10 * len(scope), 20) for depth in (1, 2, 3) for scope in itertools.product("abc", repeat=depth)
}
Rectangle = tuple[float, float, float, float]


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


@st.composite
def drawings(draw: Any) -> tuple[list[tuple[int, int]], list[Edge], list[tuple[str, ...]], dict[str, Any], Layout]:
    """Random graphs, with or without scopes, laid out in any of the ways there are."""
    sizes, edges = draw(graphs())
    scopes = draw(st.just([()] * len(sizes)) | st.lists(SCOPES, min_size=len(sizes), max_size=len(sizes)))
    options = {
        "down": draw(st.booleans()),
        "backward": draw(st.booleans()),
        "wrap": draw(st.sampled_from([None, 300.0, 1000.0])),
    }
    return sizes, edges, scopes, options, layout(sizes, edges, scopes, CAPTIONS, **options)


def around(corner: tuple[float, float], size: tuple[float, float]) -> Rectangle:
    return corner[0], corner[1], corner[0] + size[0], corner[1] + size[1]


def rectangles(sizes: Any, edges: Any, found: Layout) -> list[Rectangle]:
    """Those of the boxes, then those of the labels."""
    labels = zip(found.labels, edges, strict=True)
    return [
        *itertools.starmap(around, zip(found.boxes, sizes, strict=True)),
        *(around(place, edge.label) for place, edge in labels if place is not None),
    ]


def frames_of(found: Layout) -> list[Rectangle]:
    return [around((frame.x, frame.y), (frame.width, frame.height)) for frame in found.frames]


def overlap(a: Rectangle, b: Rectangle) -> bool:
    return min(a[2], b[2]) - max(a[0], b[0]) > 1e-6 and min(a[3], b[3]) - max(a[1], b[1]) > 1e-6


def within(inner: Rectangle, outer: Rectangle) -> bool:
    return all(a >= b - 1e-6 for a, b in zip(inner[:2], outer[:2], strict=True)) and all(
        a <= b + 1e-6 for a, b in zip(inner[2:], outer[2:], strict=True)
    )


def along(path: Any) -> list[tuple[float, float]]:
    """Points on a line, close enough to one another to see what it crosses."""
    points = [path[0][0]]
    for piece in path[1:]:
        corners = [points[-1], *piece]
        for step in range(1, 25):
            t = step / 24
            current = corners
            while len(current) > 1:  # De Casteljau
                current = [((1 - t) * x + t * u, (1 - t) * y + t * v) for (x, y), (u, v) in itertools.pairwise(current)]
            points.append(current[0])
    return points


@settings(max_examples=100, deadline=None)
@given(drawings())
def test_boxes_labels_and_frames_never_overlap(drawing: Any) -> None:
    sizes, edges, scopes, _, found = drawing
    placed = rectangles(sizes, edges, found)
    canvas = (0.0, 0.0, found.width, found.height)
    frames = frames_of(found)
    for a, b in itertools.combinations(placed, 2):
        assert not overlap(a, b)
    for a in placed + frames:
        assert within(a, canvas)
    for (i, a), (j, b) in itertools.combinations(enumerate(frames), 2):
        inner, outer = found.frames[j].scope, found.frames[i].scope
        nested = len(inner) > len(outer) and inner[: len(outer)] == outer and within(b, a)
        assert nested or not overlap(a, b)
    for box, scope in zip(placed, scopes, strict=False):
        assert [frame.scope for frame, a in zip(found.frames, frames, strict=True) if overlap(a, box)] == [
            scope[:depth] for depth in range(1, len(scope) + 1)
        ]
        assert all(within(box, a) or not overlap(a, box) for a in frames)


@settings(max_examples=100, deadline=None)
@given(drawings())
def test_titles_of_frames_are_free(drawing: Any) -> None:
    sizes, edges, _, _, found = drawing
    titles = [around((frame.x, frame.y), CAPTIONS[frame.scope]) for frame in found.frames]
    for title, frame in zip(titles, frames_of(found), strict=True):
        assert within(title, frame)
    for a, b in itertools.combinations(rectangles(sizes, edges, found) + titles, 2):
        assert not overlap(a, b)
    for path in found.paths:
        for x, y in along(path):
            assert not any(overlap(title, (x - 1, y - 1, x + 1, y + 1)) for title in titles)


@settings(max_examples=100, deadline=None)
@given(drawings())
def test_lines_do_not_run_through_boxes_and_labels(drawing: Any) -> None:
    sizes, edges, _, _, found = drawing
    placed = rectangles(sizes, edges, found)
    owners = [i for i, place in enumerate(found.labels) if place is not None]
    for number, (edge, path) in enumerate(zip(edges, found.paths, strict=True)):
        points = [(x - 1e-3, y - 1e-3, x + 1e-3, y + 1e-3) for x, y in along(path)]
        for i, a in enumerate(placed):
            if i in (edge.source, edge.target) or (i >= len(sizes) and owners[i - len(sizes)] == number):
                continue
            inside = (a[0] + 0.01, a[1] + 0.01, a[2] - 0.01, a[3] - 0.01)
            assert not any(overlap(inside, point) for point in points)


@settings(max_examples=100, deadline=None)
@given(drawings())
def test_edges_lead_forward_from_box_to_box(drawing: Any) -> None:
    sizes, edges, _, options, found = drawing
    axis = 1 if options["down"] else 0
    for edge, path, head, tail in zip(edges, found.paths, found.heads, found.tails, strict=True):
        assert tail if options["backward"] else head
        for end, point, side in ((edge.source, path[0][0], sizes), (edge.target, path[-1][-1], [(0, 0)] * len(sizes))):
            if head if end == edge.target else tail:
                assert point[axis] == pytest.approx(found.boxes[end][axis] + side[end][axis])
                assert 0 <= point[1 - axis] - found.boxes[end][1 - axis] <= sizes[end][1 - axis]
        if options["wrap"] is None:
            assert found.boxes[edge.source][axis] + sizes[edge.source][axis] < found.boxes[edge.target][axis]


@settings(max_examples=100, deadline=None)
@given(drawings())
def test_lines_meet_a_box_at_points_of_their_own(drawing: Any) -> None:
    _, edges, _, _, found = drawing
    ends: dict[int, list[Any]] = {}
    for edge, path, head, tail in zip(edges, found.paths, found.heads, found.tails, strict=True):
        if head:
            ends.setdefault(edge.target, []).append(path[-1][-1])
        if tail:
            ends.setdefault(edge.source, []).append(path[0][0])
    for points in ends.values():
        assert len(set(points)) == len(points)


@given(graphs())
def test_every_edge_leads_to_a_later_layer(graph: Any) -> None:
    sizes, edges = graph
    depths = layers(len(sizes), [(edge.source, edge.target) for edge in edges])
    assert all(depths[edge.source] < depths[edge.target] for edge in edges)
    assert min(depths) == 0


@settings(deadline=None)
@given(drawings())
def test_same_input_same_layout(drawing: Any) -> None:
    sizes, edges, scopes, options, found = drawing
    assert layout(sizes, edges, scopes, CAPTIONS, **options) == found


@given(graphs(), st.data())
def test_groups_have_one_scope_each_and_no_cycle(graph: Any, data: Any) -> None:
    sizes, edges = graph
    scopes = data.draw(st.lists(SCOPES, min_size=len(sizes), max_size=len(sizes)))
    groups = grouped(scopes, [(edge.source, edge.target) for edge in edges])
    home = {box: number for number, group in enumerate(groups) for box in group.boxes}
    assert sorted(home) == list(range(len(sizes)))
    assert all(groups[home[box]].scope == scope for box, scope in enumerate(scopes))
    for number, group in enumerate(groups):
        assert all(groups[inner].parent == number for inner in group.groups)
        items = [*group.boxes, *(len(sizes) + inner for inner in group.groups)]
        pairs = []
        for edge in edges:
            source, target = ascent(edge.source, home, groups), ascent(edge.target, home, groups)
            if number in source and number in target:
                a, b = source[source.index(number) - 1], target[target.index(number) - 1]
                a = edge.source if source[0] == number else len(sizes) + a
                b = edge.target if target[0] == number else len(sizes) + b
                if a != b:
                    pairs.append((items.index(a), items.index(b)))
        layers(len(items), pairs)  # refuses cycles


def ascent(box: int, home: dict[int, int], groups: Any) -> list[int]:
    found = [home[box]]
    while found[-1]:
        found.append(groups[found[-1]].parent)
    return found


def test_a_module_entered_twice_has_two_frames() -> None:
    around = layout([(60, 20)] * 3, [Edge(0, 1), Edge(1, 2)], [("f",), (), ("f",)])
    assert [frame.scope for frame in around.frames] == [("f",), ("f",)]
    straight = layout([(60, 20)] * 3, [Edge(0, 1), Edge(1, 2)], [("f",), ("f",), ()])
    assert [frame.scope for frame in straight.frames] == [("f",)]


def test_a_parameter_stands_in_the_frame_that_first_needs_it() -> None:
    # w, f(x, w), g, f(g, w)
    scopes = [("f",), ("f",), (), ("f",)]
    groups = grouped(scopes, [(0, 1), (1, 2), (2, 3), (0, 3)])
    assert [group.boxes for group in groups] == [[2], [0, 1], [3]]


def test_nothing_and_a_single_box() -> None:
    assert layout([], []).boxes == []
    found = layout([(50, 20)], [], [("a",)], {("a",): (200, 20)})
    assert len(found.frames) == 1
    assert found.width >= 200
    assert (found.frames[0].width, found.frames[0].height) == (found.width, found.height)


def test_a_tree_has_no_crossing() -> None:
    edges = [Edge(0, 4), Edge(1, 4), Edge(2, 5), Edge(3, 5), Edge(4, 6), Edge(5, 6)]
    found = layout([(30, 20)] * 7, edges)
    first, second = found.boxes[4][1], found.boxes[5][1]
    assert first < second
    assert max(found.boxes[0][1], found.boxes[1][1]) < min(found.boxes[2][1], found.boxes[3][1])


def test_arrows_arrive_in_the_order_of_their_sources() -> None:
    found = layout([(60, 20)] * 3 + [(60, 60)], [Edge(0, 3), Edge(1, 3), Edge(2, 3)])
    tops = [(found.boxes[i][1], found.paths[i][-1][-1][1]) for i in range(3)]
    assert [end for _, end in sorted(tops)] == sorted(end for _, end in tops)


def test_a_line_straight_on_is_straight() -> None:
    found = layout([(60, 40)] * 4, [Edge(0, 2), Edge(1, 2), Edge(2, 3)])
    assert {point[1] for piece in found.paths[2] for point in piece} == {found.boxes[3][1] + 20}


def test_a_long_chain_is_broken_into_rows() -> None:
    found = layout([(100, 20)] * 50, [Edge(i, i + 1) for i in range(49)], wrap=1000)
    assert found.width < 1400
    assert found.boxes[-1][1] > found.boxes[0][1]


@pytest.mark.parametrize("backward", [False, True])
def test_frames_in_a_row_are_broken_into_rows(backward: bool) -> None:
    edges = [Edge(0, 1, (90, 20)), Edge(1, 2, (90, 20)), *(Edge(i, i + 1) for i in range(2, 9))]
    scopes = [(), (), *((name, "l") for name in "aaabbbcc")]
    found = layout([(80, 40)] * 10, edges, scopes, backward=backward, wrap=500)
    assert found.width < 700


def test_sources_stand_beside_what_they_lead_to() -> None:
    assert layers(5, [(0, 1), (1, 2), (2, 3), (4, 3)]) == [0, 1, 2, 3, 2]


def test_what_is_made_of_shared_parameters_stands_beside_its_use() -> None:
    # a bias used at each of five steps, scaled anew for each
    edges = [(0, 1 + i) for i in range(5)] + [(1 + i, 6 + i) for i in range(5)] + [(6 + i, 7 + i) for i in range(4)]
    depths = layers(11, edges)
    assert [depths[1 + i] for i in range(5)] == [depths[6 + i] - 1 for i in range(5)]


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


@pytest.mark.parametrize("backward", [False, True])
def test_too_many_long_lines_run_below_all_boxes(backward: bool) -> None:
    count = 200
    edges = [Edge(i, i + 1) for i in range(count - 1)] + [Edge(i, i + 120) for i in range(count - 120)]
    sizes = [(40, 20)] * count
    found = layout(sizes, edges, backward=backward)
    bottom = max(y for _, y in found.boxes) + 20
    below = [i for i, path in enumerate(found.paths) if max(y for piece in path for _, y in piece) > bottom]
    assert len(below) > 10
    for number in below[:20]:
        edge, points = edges[number], along(found.paths[number])
        for i, (left, top) in enumerate(found.boxes):
            through = any(left < x < left + 40 and top < y < top + 20 for x, y in points)
            assert i in (edge.source, edge.target) or not through
    assert max(y for path in found.paths for piece in path for _, y in piece) <= found.height


def test_a_chain_of_nested_frames() -> None:
    scopes = [("a",) * depth for depth in range(60)]
    found = layout([(40, 20)] * 60, [Edge(i, i + 1) for i in range(59)], scopes, wrap=24 * 30)
    widths = [frame.width for frame in found.frames]
    assert widths == sorted(widths, reverse=True)
    assert len(widths) == 59
