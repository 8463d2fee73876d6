from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests import naive
from tests.build import chains_of, rows_of, thresholds_of, tokens_of, weights_of

from textreuse._kernels.edit_script import fill_partners
from textreuse.align import edit_script, find_extents, measure, merge_overlapping, part_within
from textreuse.model import Int64Array, Tokens

documents = st.lists(st.integers(-1, 3), max_size=16)
collections = st.lists(documents, min_size=2, max_size=3)
# What one text keeps of another: some runs of its words, in any order, with others between.
edited = st.lists(st.integers(0, 30), min_size=10, max_size=60).flatmap(
    lambda text: st.tuples(
        st.just(text),
        st.lists(st.tuples(st.integers(0, 50), st.integers(1, 30), st.integers(31, 60)), max_size=5).map(
            lambda cuts: [token for start, n, new in cuts for token in [*text[start : start + n], new]]
        ),
    )
)


def overlap(one: list[int], other: list[int]) -> bool:
    return (
        one[:2] == other[:2]
        and min(one[3], other[3]) > max(one[2], other[2])
        and min(one[5], other[5]) > max(one[4], other[4])
    )


def check_rows(rows: Int64Array, collection: list[list[int]]) -> None:
    for a, b, x0, x1, y0, y1, score, longest in rows.tolist():
        assert 0 <= x0 < x1 <= len(collection[a])
        assert 0 <= y0 < y1 <= len(collection[b])
        assert score >= 0
        assert longest > 0
        runs = naive.common_runs(collection[a][x0:x1], collection[b][y0:y1])
        half_words = [
            sum(2 - (token < 0) for token in collection[a][x0 + x : x0 + x + n]) for x, _, n in runs
        ]  # fmt: skip
        assert longest <= max(half_words)


@given(collections, st.integers(1, 3), st.integers(1, 12), st.integers(0, 8))
def test_passages_lie_within_their_documents(collection: list[list[int]], k: int, gap: int, strong: int) -> None:
    check_rows(rows_of(chains_of(collection, k=k, gap=gap, strong=strong), gap=gap), collection)


@given(edited, st.integers(0, 8), st.integers(1, 12))
def test_passages_of_edited_texts_lie_within_them(pair: tuple[list[int], list[int]], strong: int, gap: int) -> None:
    check_rows(rows_of(chains_of(pair, gap=gap, strong=strong), gap=gap), list(pair))


@given(edited)
def test_scratch_is_left_clean_so_that_order_of_chains_does_not_matter(pair: tuple[list[int], list[int]]) -> None:
    together = rows_of(chains_of([*pair, *pair]))
    alone = rows_of(chains_of(pair)._replace(rarity=chains_of([*pair, *pair]).rarity))
    first_pair = together[(together[:, 0] == 0) & (together[:, 1] == 1)]
    last_pair = together[(together[:, 0] == 2) & (together[:, 1] == 3)]
    assert first_pair.tolist() == alone.tolist()
    assert first_pair[:, 2:].tolist() == last_pair[:, 2:].tolist()


@given(st.lists(st.integers(-1, 3), min_size=1, max_size=16), st.integers(1, 4))
def test_identical_documents_match_from_end_to_end(document: list[int], k: int) -> None:
    rows = rows_of(chains_of([document, document], k=k))
    assert [0, 1, 0, len(document), 0, len(document)] in rows[:, :6].tolist()


@given(edited, st.integers(0, 4000), st.integers(0, 4000))
def test_a_higher_least_score_keeps_a_part_of_the_rows(
    pair: tuple[list[int], list[int]], score: int, more: int
) -> None:
    chained = chains_of(pair)
    low, high = rows_of(chained, score=score).tolist(), rows_of(chained, score=score + more).tolist()
    assert high == [row for row in low if row[6] >= score + more]


@given(edited)
def test_rows_that_were_merged_lie_beside_each_other_on_one_side_at_least(pair: tuple[list[int], list[int]]) -> None:
    rows = rows_of(chains_of(pair))
    merged = merge_overlapping(rows)
    for one, two in combinations(merged.tolist(), 2):
        if overlap(one, two):
            weaker = min(one, two, key=lambda row: row[6])
            shared = [min(one[i + 1], two[i + 1]) - max(one[i], two[i]) for i in (2, 4)]
            assert min(8 * shared[0] / (weaker[3] - weaker[2]), 8 * shared[1] / (weaker[5] - weaker[4])) < 1
    assert merge_overlapping(merged).tolist() == merged.tolist()


@given(edited)
def test_of_every_row_that_is_merged_one_side_at_least_stays_covered(pair: tuple[list[int], list[int]]) -> None:
    rows = rows_of(chains_of(pair))
    merged = merge_overlapping(rows).tolist()
    for row in rows.tolist():
        assert any(m[2] <= row[2] <= row[3] <= m[3] or m[4] <= row[4] <= row[5] <= m[5] for m in merged)


@given(edited, st.booleans())
def test_passages_of_one_document_do_not_overlap(pair: tuple[list[int], list[int]], repeated: bool) -> None:
    document = pair[0][:10] * 4 if repeated else pair[0] + pair[1]
    rows = rows_of(chains_of([document], within=True, distance=3))
    for _, _, x0, x1, y0, y1, _, _ in part_within(rows).tolist():
        assert x0 < x1 <= y0 < y1


@given(edited)
def test_what_matches_is_at_most_the_shorter_side(pair: tuple[list[int], list[int]]) -> None:
    chained = chains_of(pair)
    found = measure(rows_of(chained), chained.rarity, weights_of(chained.tokens), chained.tokens.bounds)
    assert (found.longest <= found.matched).all()
    assert (found.matched <= np.minimum(found.words_a, found.words_b)).all()


@given(edited)
def test_what_matches_says_at_most_the_rarity_of_its_words(pair: tuple[list[int], list[int]]) -> None:
    chained = chains_of(pair)
    found = measure(rows_of(chained), chained.rarity, weights_of(chained.tokens), chained.tokens.bounds)
    bits = chained.rarity.bits[chained.rarity.numbers].tolist()
    for score, start, stop in zip(found.score.tolist(), found.a_start.tolist(), found.a_stop.tolist(), strict=True):
        assert 0 < score <= sum(bits[start:stop])


@given(collections)
def test_no_chains_give_no_rows(collection: list[list[int]]) -> None:
    chained = chains_of(collection, least=1000)
    rows = find_extents(
        chained.chains, chained.rarity, weights_of(chained.tokens), chained.tokens.bounds, thresholds_of(3)
    )
    assert rows.shape == (0, 8)


# --- edit scripts -----------------------------------------------------------------------------------------------------


def partners(x: list[int], y: list[int]) -> list[int]:
    partner = np.full(len(x), 99, np.int64)
    fill_partners(np.array(x, np.uint32), np.array(y, np.uint32), partner)
    return partner.tolist()


small = st.lists(st.integers(0, 3), max_size=20)


@given(small, small)
def test_a_script_keeps_a_longest_common_subsequence(x: list[int], y: list[int]) -> None:
    kept = [(i, j) for i, j in enumerate(partners(x, y)) if j >= 0]
    assert len(kept) == naive.longest_common_subsequence(x, y)
    assert all(x[i] == y[j] for i, j in kept)
    assert [j for _, j in kept] == sorted({j for _, j in kept})


@given(st.lists(st.integers(0, 1), max_size=40), st.lists(st.integers(0, 1), max_size=40))
def test_a_script_keeps_a_longest_common_subsequence_of_two_letters(x: list[int], y: list[int]) -> None:
    assert sum(j >= 0 for j in partners(x, y)) == naive.longest_common_subsequence(x, y)


def words(tokens: Tokens, side: int, start: int, stop: int) -> list[int]:
    """The token numbers (within a side) that start between two offsets."""
    first, last = tokens.bounds[side : side + 2]
    return [i for i, at in enumerate(tokens.starts[first:last].tolist()) if start <= at < stop]


@given(small, small)
def test_the_steps_of_a_script_tile_both_passages_and_are_of_the_kind_they_say(x: list[int], y: list[int]) -> None:
    tokens = tokens_of([x, y])
    at = [0, 0]
    before = ""
    for kind, a_start, a_stop, b_start, b_stop in edit_script(tokens, 0, 0):
        of_a, of_b = words(tokens, 0, a_start, a_stop), words(tokens, 1, b_start, b_stop)
        assert of_a == list(range(at[0], at[0] + len(of_a)))
        assert of_b == list(range(at[1], at[1] + len(of_b)))
        at = [at[0] + len(of_a), at[1] + len(of_b)]
        assert {"equal": bool(of_a and of_b), "replace": bool(of_a and of_b), "delete": bool(of_a and not of_b),
                "insert": bool(of_b and not of_a)}[kind]  # fmt: skip
        assert (kind == "equal") == bool(of_a and [x[i] for i in of_a] == [y[j] for j in of_b])
        assert (kind == "equal") != (before == "equal") or not before
        before = kind
    assert at == [len(x), len(y)]


@given(small, small)
def test_applying_a_script_to_one_side_gives_the_other(x: list[int], y: list[int]) -> None:
    tokens = tokens_of([x, y])
    rebuilt: list[int] = []
    for kind, a_start, a_stop, b_start, b_stop in edit_script(tokens, 0, 0):
        if kind == "equal":
            rebuilt += [x[i] for i in words(tokens, 0, a_start, a_stop)]
        else:
            rebuilt += [y[j] for j in words(tokens, 1, b_start, b_stop)]
    assert rebuilt == y
