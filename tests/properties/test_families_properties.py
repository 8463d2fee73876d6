from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from tests import naive, naive_families
from tests.build import extents_of

from textreuse._kernels.families import fill_components, fill_nodes
from textreuse.families import ALIKE, INSIDE, LONGER, group_matches

N_DOCUMENTS = 5
Row = tuple[int, int, int, int, int, int]
Side = tuple[int, int, int]


@st.composite
def matches(draw: st.DrawFn) -> Row:
    a = draw(st.integers(0, N_DOCUMENTS - 2))
    b = draw(st.integers(a + 1, N_DOCUMENTS - 1))
    a_start, b_start = draw(st.integers(0, 20)), draw(st.integers(0, 20))
    return a, b, a_start, a_start + draw(st.integers(1, 30)), b_start, b_start + draw(st.integers(1, 30))


many = st.lists(matches(), max_size=12, unique=True)


@given(many.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_families_do_not_depend_on_the_order_of_matches(case: tuple[list[Row], list[Row]]) -> None:
    one, other = (
        naive.partition(group_matches(extents_of(rows), N_DOCUMENTS).family.tolist(), rows.__getitem__) for rows in case
    )
    assert one == other


@given(many, st.permutations(range(N_DOCUMENTS)))
def test_families_do_not_depend_on_the_order_of_documents(rows: list[Row], number: list[int]) -> None:
    def renumbered(row: Row) -> Row:
        a, b, *places = row
        x, y = (number[a], *places[:2]), (number[b], *places[2:])
        first, second = sorted((x, y))
        return first[0], second[0], first[1], first[2], second[1], second[2]

    one = group_matches(extents_of(rows), N_DOCUMENTS)
    other = group_matches(extents_of([renumbered(row) for row in rows]), N_DOCUMENTS)
    assert one.family.tolist() == other.family.tolist()
    members = {(number[document], *rest) for document, *rest in one.nodes.tolist()}
    assert members == {tuple(node) for node in other.nodes.tolist()}


@given(many)
def test_families_are_numbered_in_order_of_their_first_match(rows: list[Row]) -> None:
    family = group_matches(extents_of(rows), N_DOCUMENTS).family.tolist()
    assert list(dict.fromkeys(family)) == list(range(len(set(family))))


@given(many)
def test_members_are_of_the_documents_of_their_matches(rows: list[Row]) -> None:
    found = group_matches(extents_of(rows), N_DOCUMENTS)
    of_family = list(zip(rows, found.family.tolist(), strict=True))
    for document, start, stop, family in found.nodes.tolist():
        sides = [side for row, own in of_family for side in ((row[0], *row[2:4]), (row[1], *row[4:])) if own == family]
        assert any(side == document for side, _, _ in sides)
        # A member is as wide as passages that were found alike, so it starts where one of the document does.
        assert any(side == document and a == start for side, a, _ in sides)
        assert any(side == document and b == stop for side, _, b in sides)
    assert {row[3] for row in found.nodes.tolist()} == set(found.family.tolist())


@given(st.lists(matches().filter(lambda row: row[3] - row[2] == row[5] - row[4] >= 5), max_size=8, unique=True))
def test_both_sides_of_a_match_have_a_member_of_its_family_around_them(rows: list[Row]) -> None:
    found = group_matches(extents_of(rows), N_DOCUMENTS)
    nodes = found.nodes.tolist()
    for row, family in zip(rows, found.family.tolist(), strict=True):
        for document, start, stop in ((row[0], *row[2:4]), (row[1], *row[4:])):
            shared = [
                min(stop, node[2]) - max(start, node[1]) for node in nodes if (node[0], node[3]) == (document, family)
            ]
            assert max(shared, default=0) * 2 >= stop - start


@given(many, many)
def test_matches_between_other_documents_do_not_matter(rows: list[Row], more: list[Row]) -> None:
    elsewhere = [(a + N_DOCUMENTS, b + N_DOCUMENTS, *places) for a, b, *places in more]
    together = group_matches(extents_of([*rows, *elsewhere]), 2 * N_DOCUMENTS)
    alone = group_matches(extents_of(rows), N_DOCUMENTS)
    assert together.family[: len(rows)].tolist() == alone.family.tolist()


places = st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(1, 25)).map(lambda x: (x[0], x[1], x[1] + x[2]))


@example([(0, 0, 11)], [(0, 0, 16)], [1] * 25)  # the second is the longer
@given(st.lists(places, max_size=25), st.lists(places, max_size=15), st.lists(st.integers(1, 60), min_size=25))
def test_passages_are_those_of_the_slow_twin(first: list[Side], second: list[Side], texts: list[int]) -> None:
    rounds = [sorted(sides, key=lambda side: (side[0], side[1] - side[2], side[1])) for sides in (first, second)]
    n = len(first) + len(second)
    made, around, following = np.empty((n, 3), np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    table, keys, text = np.full(128, -1), np.empty((128, 3), np.int64), np.empty(n, np.int64)
    expected: list[Side] = []
    for sides in rounds:
        own, before = np.empty(len(sides), np.int64), len(expected)
        rows, longest = np.array(sides, np.int64).reshape(-1, 3), np.full(3, 25)
        text[:before] = texts[:before]
        n_made = fill_nodes(
            rows, longest, ALIKE, INSIDE, LONGER, before, text, table, keys, following, made, around, own
        )  # fmt: skip
        new, holders, of_sides = naive_families.nodes(sides, ALIKE, INSIDE, LONGER, expected, texts)
        expected += new
        assert [tuple(row) for row in made[:n_made].tolist()] == expected
        assert (around[before:n_made].tolist(), own.tolist()) == (holders, of_sides)


links = st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 6))


@given(st.lists(st.integers(1, 15), min_size=10, max_size=10), st.lists(links, max_size=20))
def test_components_are_those_of_the_slow_twin(of_items: list[int], matches: list[tuple[int, int, int]]) -> None:
    root, longest, only = np.arange(10), np.array(of_items), np.full(10, -1)
    ordered = sorted(matches, key=lambda match: -match[2])
    left, right, lengths = np.array(ordered, np.int64).reshape(-1, 3).T.copy()
    fill_components(left, right, lengths, LONGER, root, longest, only)
    assert root.tolist() == naive_families.components(of_items, matches, LONGER)
