from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import naive
from tests.build import MANY, Hit, anchors_of, hits_of, marked_hits_of, sides_of

from textreuse.candidates import AnchorIndex, Links, build_index, plan_batches
from textreuse.model import Sides


class Case(NamedTuple):
    ids: list[list[int]]
    side: list[int]
    group: list[int]
    n_sides: int
    within: bool

    @property
    def sides(self) -> Sides:
        return sides_of(len(self.ids), self.side, self.group, self.n_sides)

    def indexed(self, cap: int = MANY, cap_document: int = MANY) -> AnchorIndex:
        return build_index(anchors_of(self.ids), self.sides, max_partners=cap, max_partners_document=cap_document)

    def linked(self, cap: int = MANY, cap_document: int = MANY) -> set[tuple[int, int]]:
        flat = [i for document in self.ids for i in document]
        document = [number for number, of in enumerate(self.ids) for _ in of]
        return naive.linked(
            flat, document, self.side, self.group, cap=cap, cap_document=cap_document, within=self.within
        )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    ids = draw(st.lists(st.lists(st.integers(0, 2), max_size=6), max_size=6))
    n_sides = draw(st.sampled_from([1, 2, 3]))
    side = [draw(st.integers(0, n_sides - 1)) for _ in ids]
    group = [draw(st.integers(-1, 1)) for _ in ids]
    return Case(ids, side, group, n_sides if len(set(side)) > 1 else 1, draw(st.booleans()))


def hits(case: Case, index: AnchorIndex, max_hits: int = MANY) -> list[Hit]:
    batches = plan_batches(index, index.anchors.bounds, max_hits)
    return [hit for batch in batches for hit in hits_of(index, batch, case.sides, within=case.within)]


bounds = st.integers(2, 5)
document_bounds = st.integers(1, 4)


@given(cases())
def test_hits_are_all_pairs_of_equal_anchors_that_may_be_compared(case: Case) -> None:
    found = hits(case, case.indexed())
    assert len(found) == len(set(found))
    assert set(found) == case.linked()


@given(cases(), bounds, document_bounds)
def test_heads_agree_with_their_slow_twin(case: Case, cap: int, cap_document: int) -> None:
    index = case.indexed(cap, cap_document)
    flat = [i for document in case.ids for i in document]
    document = [number for number, of in enumerate(case.ids) for _ in of]
    expected = set()
    for one_id in set(flat):
        members = [i for i in range(len(flat)) if flat[i] == one_id]
        if len(members) <= min(cap, cap_document):
            expected |= set(members)
        else:
            expected |= set(naive.heads(members, document, case.side, case.group, cap, cap_document))
    assert set(index.order[index.is_head == 1].tolist()) == expected
    assert sorted(index.order.tolist()) == list(range(len(flat)))


@given(cases(), bounds, document_bounds)
def test_every_anchor_is_paired_with_all_heads_before_and_after_it(case: Case, cap: int, cap_document: int) -> None:
    found = hits(case, case.indexed(cap, cap_document))
    assert len(found) == len(set(found))
    assert set(found) == case.linked(cap, cap_document)


@given(cases(), bounds, document_bounds)
def test_no_pair_is_listed_that_would_not_be_without_bounds(case: Case, cap: int, cap_document: int) -> None:
    assert set(hits(case, case.indexed(cap, cap_document))) <= case.linked()


@given(cases(), bounds)
def test_whatever_has_a_partner_keeps_one_where_all_may_be_compared(case: Case, cap: int) -> None:
    case = case._replace(side=[0] * len(case.ids), group=[-1] * len(case.ids), n_sides=1, within=True)
    found = hits(case, case.indexed(cap, 1))
    assert {anchor for hit in found for anchor in hit} == {anchor for pair in case.linked() for anchor in pair}


@given(cases(), bounds, document_bounds)
def test_counted_hits_are_at_least_those_there_are(case: Case, cap: int, cap_document: int) -> None:
    index = case.indexed(cap, cap_document)
    for document in range(len(case.ids)):
        of_document = [hit for hit in hits(case, index) if index.document[hit.later] == document]
        assert len(of_document) <= index.hits[document]


@given(cases(), bounds, document_bounds, st.integers(1, 12))
def test_batches_partition_the_documents_with_hits(case: Case, cap: int, cap_document: int, max_hits: int) -> None:
    index = case.indexed(cap, cap_document)
    batches = list(plan_batches(index, index.anchors.bounds, max_hits))
    covered = [document for batch in batches for document in range(batch.first, batch.last)]
    assert covered == sorted(set(covered))
    assert all(document in covered for document, n in enumerate(index.hits.tolist()) if n)
    for batch in batches:
        counted = index.hits[batch.first : batch.last]
        assert batch.n_hits == counted.sum()
        assert batch.n_hits <= max_hits or (counted > 0).sum() == 1


@given(cases(), bounds, document_bounds, st.integers(1, 12))
def test_hits_do_not_depend_on_the_size_of_batches(case: Case, cap: int, cap_document: int, max_hits: int) -> None:
    index = case.indexed(cap, cap_document)
    assert hits(case, index, max_hits) == hits(case, index)


@pytest.mark.parametrize("cap", [2, 3])
@given(cases())
def test_what_is_not_listed_is_counted_where_all_may_be_compared(cap: int, case: Case) -> None:
    case = case._replace(side=[0] * len(case.ids), group=[-1] * len(case.ids), n_sides=1, within=True)
    index = case.indexed(cap)
    assert len(hits(case, index)) + index.n_unlisted == len(case.linked())


@given(cases(), bounds, document_bounds, st.booleans(), st.data())
def test_which_pairs_are_compared_agrees_with_its_slow_twin(
    case: Case, cap: int, cap_document: int, only_reprinted: bool, data: st.DataObject
) -> None:
    kind_of = data.draw(st.lists(st.integers(0, 2), min_size=3, max_size=3))
    flat = [i for document in case.ids for i in document]
    kind = np.array([kind_of[i] for i in flat], np.uint8)
    links = Links(kind, only_reprinted)
    index = case.indexed(cap, cap_document)
    everything = sorted(case.linked(cap, cap_document))
    document = index.document.tolist()
    wanted, linked, drawn = naive.chosen_pairs(everything, document, kind.tolist(), only_reprinted=only_reprinted)
    batches = list(plan_batches(index, index.anchors.bounds, MANY, links))
    parts = [marked_hits_of(index, batch, case.sides, within=case.within, links=links) for batch in batches]
    found = {hit: mark for part in parts for hit, mark in zip(part.hits, part.marks, strict=True)}
    assert set(found) == {(a, b) for a, b in everything if (document[a], document[b]) in wanted}
    for (a, b), mark in found.items():
        assert mark == (2 if kind[b] != 1 else int((document[a], document[b]) in linked))
    assert {pair for part in parts for pair in part.drawn} == drawn


@given(cases(), bounds, document_bounds)
def test_every_document_with_a_widespread_shingle_is_compared_with_another_that_holds_it(
    case: Case, cap: int, cap_document: int
) -> None:
    index = case.indexed(cap, cap_document)
    links = Links(np.ones(len(index.anchors), np.uint8))
    everything = case.linked(cap, cap_document)
    found: set[Hit] = set()
    for batch in plan_batches(index, index.anchors.bounds, MANY, links):
        found |= set(marked_hits_of(index, batch, case.sides, within=case.within, links=links).hits)
    assert {b for _, b in found} == {b for _, b in everything}
