from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st
from tests import naive, naive_duplicates
from tests.build import tokens_of

from textreuse._kernels import partners
from textreuse._kernels.components import fill_components
from textreuse._kernels.sharing import add_up_to_two
from textreuse._kernels.shingles import gather_shingles
from textreuse.copies import make_sets
from textreuse.lsh import band_keys
from textreuse.model import ShingleSets
from textreuse.sharing import containing_keys, find_sharing, prefix_keys, smallest_overlaps
from textreuse.verify import Compared, group_keys, outline, overlaps_of

# Few different ids spread over all 64 bits, so that sets overlap; and any ids, so that their digits differ.
ids = st.integers(0, 40).map(lambda i: i * 0x9E3779B97F4A7C15 % 2**64) | st.integers(0, 2**64 - 1)
documents = st.lists(ids, min_size=1, max_size=120)
collections = st.lists(documents, min_size=1, max_size=8)
thresholds = st.sampled_from([0.1, 0.5, 0.8, 0.95, 1.0])


def flat(collection: list[list[int]]) -> ShingleSets:
    bounds = np.cumsum([0, *map(len, collection)], dtype=np.int64)
    together = np.array([id_ for document in collection for id_ in document], dtype=np.uint64)
    return ShingleSets(together, bounds[:-1], bounds[1:])


def sets_of(collection: list[list[int]], threads: int = 1) -> ShingleSets:
    return make_sets(flat(collection), np.arange(len(collection)), threads)


def contents(sets: ShingleSets) -> list[list[int]]:
    return [sets.ids[start:stop].tolist() for start, stop in zip(sets.starts, sets.stops, strict=True)]


@given(collections, st.integers(1, 3))
def test_sets_are_sorted_without_repetitions(collection: list[list[int]], threads: int) -> None:
    sets = sets_of(collection, threads)
    assert contents(sets) == [sorted(set(document)) for document in collection]
    assert sets.stops.max() == len(sets.ids) == sum(len(set(document)) for document in collection)


@given(collections.flatmap(lambda c: st.tuples(st.just(c), st.sets(st.integers(0, len(c) - 1), min_size=1))))
def test_sets_of_some_documents_are_theirs(case: tuple[list[list[int]], set[int]]) -> None:
    collection, chosen = case
    made = make_sets(flat(collection), np.array(sorted(chosen)), 1)
    assert contents(made) == [sorted(set(collection[number])) for number in sorted(chosen)]


@given(st.lists(ids, max_size=200))
def test_keys_are_sorted(values: list[int]) -> None:
    keys = np.array(values, np.uint64)
    partners.sort_keys(keys, np.empty_like(keys), np.empty((3, 2048), np.int64))
    assert keys.tolist() == sorted(values)


@given(st.lists(st.lists(st.integers(-2, 3), max_size=14), max_size=4), st.integers(1, 5), st.integers(0, 2**64 - 1))
def test_shingles_of_documents_are_gathered_those_with_low_ids_first(
    tokens: list[list[int]], n_words: int, limit: int
) -> None:
    made = tokens_of(tokens)  # negative: a character of a spaceless script
    gathered = np.empty(len(made), np.uint64)
    counts, n_low = np.empty(len(tokens), np.int64), np.empty(len(tokens), np.int64)
    room = np.empty(14, np.uint64), np.empty(14, np.uint8)
    of_documents = counts, n_low, np.empty(len(tokens), np.uint64)
    n = gather_shingles(
        made.hashes, made.bounds, n_words, 2 * n_words, np.uint64(limit), *room, gathered, *of_documents
    )
    assert n == counts.sum()
    for d, start in enumerate((np.cumsum(counts) - counts).tolist()):
        runs = naive.shingles(made.hashes[made.bounds[d] : made.bounds[d + 1]].tolist(), n_words, 2 * n_words)
        expected = [naive.shingle_id(run) for run in runs if run]
        of_document = gathered[start : start + counts[d]].tolist()
        assert sorted(of_document) == sorted(expected)
        assert sorted(of_document[: n_low[d]]) == sorted(id_ for id_ in expected if id_ < limit)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=70))
def test_counts_in_two_bits_are_added_up_to_two(counts: list[tuple[int, int]]) -> None:
    def packed(values: list[int]) -> npt.NDArray[np.uint64]:
        words = [values[i : i + 32] for i in range(0, len(values), 32)]
        return np.array([sum(value << 2 * i for i, value in enumerate(word)) for word in words], np.uint64)

    sums = packed([a for a, _ in counts])
    add_up_to_two(sums, packed([b for _, b in counts]))
    assert sums.tolist() == packed([min(2, a + b) for a, b in counts]).tolist()


@given(documents, st.lists(ids, min_size=1, max_size=120) | st.just(list(range(3000))), thresholds, st.booleans())
def test_overlaps_are_counted_where_they_reach_the_threshold(
    a: list[int], b: list[int], threshold: float, is_containment: bool
) -> None:
    sets = sets_of([a, b])
    overlap = naive_duplicates.overlap(a, b)
    smaller, all_of_both = min(len(set(a)), len(set(b))), len(set(a) | set(b))
    expected = overlap if overlap / (smaller if is_containment else all_of_both) >= threshold else 0
    for left, right in ((0, 1), (1, 0)):
        found = overlaps_of(sets, np.array([left]), np.array([right]), threshold, is_containment)
        assert found.tolist() == [expected]


def never_ruled_out(compared: Compared, threshold: float, is_containment: bool) -> bool:
    n_a, n_b = compared.sets.sizes.tolist()
    outlines: npt.NDArray[np.uint64] = compared.outlines
    return bool(partners._may_be_alike(n_a, n_b, n_a, n_b, outlines[0], outlines[1], threshold, is_containment))


@given(documents, documents, thresholds, st.booleans())
def test_outlines_never_rule_out_what_is_alike(
    a: list[int], b: list[int], threshold: float, is_containment: bool
) -> None:
    sets = sets_of([a, b])
    compared = outline(sets, sets.sizes)
    if overlaps_of(sets, np.array([0]), np.array([1]), threshold, is_containment)[0]:
        assert never_ruled_out(compared, threshold, is_containment)


def test_outlines_rule_out_what_has_little_in_common() -> None:
    a, b = list(range(300)), list(range(100, 400))
    spread = [[i * 0x9E3779B97F4A7C15 % 2**64 for i in document] for document in (a, b)]
    sets = sets_of(spread)
    assert not never_ruled_out(outline(sets, sets.sizes), 0.8, False)
    assert never_ruled_out(outline(sets, sets.sizes), 0.5, False)


@given(collections, thresholds, st.integers(1, 3))
def test_sets_at_the_threshold_have_a_key_in_common(
    collection: list[list[int]], threshold: float, threads: int
) -> None:
    sets = sets_of(collection)
    least = smallest_overlaps(sets.sizes, threshold)
    keys = prefix_keys(sets, least, threads)
    groups = group_keys(keys.values, keys.bounds, None, len(collection))
    for b in range(len(collection)):
        for a in range(b):
            if naive_duplicates.overlap(collection[a], collection[b]) >= max(least[a], least[b]):
                of_both = set(groups.of_document[groups.places[a] : groups.places[a + 1]].tolist())
                assert of_both & set(groups.of_document[groups.places[b] : groups.places[b + 1]].tolist())


@given(collections, thresholds, st.integers(1, 3))
def test_what_is_contained_leads_with_a_key_of_what_contains_it(
    collection: list[list[int]], threshold: float, threads: int
) -> None:
    sets = sets_of(collection)
    least = smallest_overlaps(sets.sizes, threshold)
    keys = containing_keys(sets, least, threads)
    groups = group_keys(keys.values, keys.bounds, keys.follows, len(collection))
    of = [groups.of_document[groups.places[d] : groups.places[d + 1]].tolist() for d in range(len(collection))]
    for inner in range(len(collection)):
        leading = {group // 2 for group in of[inner] if group % 2 == 0}
        for outer in range(len(collection)):
            if outer != inner and naive_duplicates.overlap(collection[inner], collection[outer]) >= least[inner]:
                assert leading & {group // 2 for group in of[outer]}


@given(collections, thresholds, st.integers(1, 3))
def test_documents_that_are_alike_are_never_left_out(
    collection: list[list[int]], threshold: float, threads: int
) -> None:
    texts = flat(collection)
    least = smallest_overlaps(texts.sizes, threshold)
    found = find_sharing(texts, texts.sizes, 2**64 - 1, np.arange(len(collection)), least, threads).tolist()
    for b, document in enumerate(collection):
        for a in range(b):
            if naive_duplicates.jaccard(frozenset(collection[a]), frozenset(document)) >= threshold:
                assert {a, b} <= set(found)


def test_documents_of_their_own_are_left_out() -> None:
    texts = flat([[i * 2**32 for i in range(start, start + 100)] for start in (1, 50, 10_000, 20_000)])
    spread = ShingleSets(texts.ids * np.uint64(0x9E3779B97F4A7C15), texts.starts, texts.stops)
    least = smallest_overlaps(spread.sizes, 0.3)
    assert find_sharing(spread, spread.sizes, 2**64 - 1, np.arange(4), least, 1).tolist() == [0, 1]


@given(st.integers(1, 10_000), st.floats(0.01, 1.0))
def test_smallest_overlap_is_the_smallest_that_reaches_the_threshold(size: int, threshold: float) -> None:
    least = int(smallest_overlaps(np.array([size]), threshold)[0])
    assert least / size >= threshold > (least - 1) / size


@given(st.lists(st.lists(st.integers(0, 1), min_size=6, max_size=6), min_size=2, max_size=5), st.integers(1, 3))
def test_keys_of_bands_are_equal_where_all_their_rows_are(rows: list[list[int]], n_rows: int) -> None:
    n_bands = 6 // n_rows
    keys = band_keys(np.array(rows, np.uint32), n_bands, n_rows).tolist()
    for a, row_a in enumerate(rows):
        for b, row_b in enumerate(rows):
            for x in range(n_bands):
                for y in range(n_bands):
                    same = x == y and row_a[x * n_rows :][:n_rows] == row_b[x * n_rows :][:n_rows]
                    assert (keys[a][x] == keys[b][y]) == same


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_components_are_what_pairs_connect(pairs: list[tuple[int, int]]) -> None:
    root = np.arange(10)
    left, right = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    fill_components(left, right, root)
    named = [(str(a), str(b)) for a, b in pairs]
    expected = {frozenset(found) for found in naive_duplicates.components(list("0123456789"), named)}
    found = {frozenset(str(i) for i in np.flatnonzero(root == value)) for value in set(root.tolist())}
    assert {component for component in found if len(component) > 1} == expected
    assert all(
        root[value] == value == min(int(i) for i in np.flatnonzero(root == value)) for value in set(root.tolist())
    )
