from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests import naive_duplicates as naive

import textreuse as tr

# Few words, and pieces that many documents hold, so that documents overlap in every way and to every degree.
words = st.sampled_from(["a", "b", "c", "d", "e", "f", "g"])
pieces = st.sampled_from(["a b c d e f g h i j k", "k l m n o p q r s t", "u v w x y z", "1 2 3 4 5 6 7 8 9 0"])
texts = st.lists(words | pieces, max_size=6).map(" ".join)
collections = st.lists(texts, max_size=12).map(lambda found: {f"d{i:02}": text for i, text in enumerate(found)})
thresholds = st.sampled_from([0.05, 0.3, 0.5, 0.75, 0.8, 0.9, 1.0])
measures = st.sampled_from(["jaccard", "containment"])
shingle_words = st.sampled_from([1, 2, 5])


def found_pairs(result: tr.DuplicateResult) -> dict[tuple[str, str], float]:
    return {(pair.a, pair.b): pair.similarity for pair in result.pairs}


@given(collections, thresholds, measures, shingle_words)
def test_pairs_are_those_of_comparing_all_with_all(
    collection: dict[str, str], threshold: float, measure: str, k: int
) -> None:
    result = tr.find_duplicates(collection, threshold=threshold, measure=measure, shingle_words=k, threads=1)
    expected = naive.all_pairs(collection, threshold, measure, k)
    assert found_pairs(result) == expected
    assert [cluster.ids for cluster in result.clusters] == naive.components(sorted(collection), list(expected))
    assert result.stats["all_pairs_listed"]


@given(collections, thresholds, shingle_words, st.floats(0.5, 0.999))
def test_short_documents_miss_nothing_at_any_recall(
    collection: dict[str, str], threshold: float, k: int, recall: float
) -> None:
    result = tr.find_duplicates(
        collection, threshold=threshold, shingle_words=k, recall=recall, num_perm=512, threads=1
    )
    expected = naive.all_pairs(collection, threshold, "jaccard", k)
    found = found_pairs(result)
    assert found.items() <= expected.items()
    bands = result.options.bands
    assert bands is not None
    sizes = {id_: len(naive.shingle_set(text, k)) for id_, text in collection.items()}
    for pair, similarity in expected.items():
        if min(sizes[id_] for id_ in pair) <= bands.bands:
            assert found[pair] == similarity


@given(
    collections, thresholds, measures, st.sampled_from(["first", "last", "longest"]), st.randoms(use_true_random=False)
)
def test_removed_documents_are_those_of_going_through_them_in_order(
    collection: dict[str, str], threshold: float, measure: str, keep: str, random: Random
) -> None:
    arrival = list(collection)
    random.shuffle(arrival)
    result = tr.deduplicate(
        {id_: collection[id_] for id_ in arrival}, threshold=threshold, measure=measure, keep=keep, threads=1
    )
    pairs = naive.all_pairs(collection, threshold, measure)
    orders: dict[str, list[str]] = {
        "first": arrival,
        "last": arrival[::-1],
        "longest": sorted(collection, key=lambda id_: (-len(collection[id_]), id_)),
    }
    by = naive.removed([id_ for id_ in orders[keep] if naive.shingle_set(collection[id_])], pairs)
    assert {row.id for row in result.removed} == set(by)
    assert [document.id for document in result] == [id_ for id_ in arrival if id_ not in by]
    check_removed(result, pairs)


def check_removed(result: tr.DeduplicateResult, pairs: dict[tuple[str, str], float]) -> None:
    """Each removed document is at or above the threshold with a kept one, and no two kept ones are."""
    kept = {document.id for document in result.kept}
    for row in result.removed:
        assert row.kept_id in kept
        assert pairs[min(row.id, row.kept_id), max(row.id, row.kept_id)] == row.similarity
    assert not [pair for pair in pairs if kept.issuperset(pair)]


@given(collections, thresholds, measures, st.integers(0, 5))
def test_whatever_a_function_chooses_removed_documents_are_like_a_kept_one(
    collection: dict[str, str], threshold: float, measure: str, which: int
) -> None:
    shown: list[list[str]] = []

    def keep(documents: Any) -> tr.Document:
        shown.append([document.id for document in documents])
        chosen = documents[which % len(documents)]
        assert isinstance(chosen, tr.Document)
        return chosen

    result = tr.deduplicate(collection, threshold=threshold, measure=measure, keep=keep, threads=1)
    pairs = naive.all_pairs(collection, threshold, measure)
    check_removed(result, pairs)
    assert len(result.kept) + len(result.removed) == len(collection)
    first_round = naive.components(sorted(collection), list(pairs))
    assert sorted(shown[: len(first_round)]) == sorted(map(list, first_round)) or len(shown) >= len(first_round)


@given(collections, thresholds, measures, st.randoms(use_true_random=False), st.integers(1, 3))
def test_neither_order_nor_threads_matter(
    collection: dict[str, str], threshold: float, measure: str, random: Random, threads: int
) -> None:
    shuffled = list(collection)
    random.shuffle(shuffled)
    one = tr.find_duplicates(collection, threshold=threshold, measure=measure, threads=1)
    other = tr.find_duplicates(
        {id_: collection[id_] for id_ in shuffled}, threshold=threshold, measure=measure, threads=threads
    )
    assert (one.pairs, one.clusters, one.skipped) == (other.pairs, other.clusters, other.skipped)
