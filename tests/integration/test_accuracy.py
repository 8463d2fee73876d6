"""The accuracy bars that take seconds, on real collections; the scripts in benchmarks/accuracy print all tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks.accuracy import bible, clough, edges, expected, shiji, textreuse_r, unrelated

import textreuse as tr
from textreuse.evaluate import Span, read_pan


def test_coverage_orders_how_answers_were_copied(shared_data: Path) -> None:
    answers, originals = clough.read_answers(shared_data / "clough-stevenson" / "data")
    assert (len(answers), len(originals)) == (95, 5)
    found = clough.separate(answers, clough.coverage(answers, originals, **clough.CHOSEN))
    assert list(found.means) == sorted(found.means)
    assert found.copied >= clough.COPIED
    assert found.light >= clough.LIGHT


def test_area_counts_ties_half() -> None:
    # of the four comparisons two are won and one is a tie
    assert clough.area([1.0, 3.0], [1.0, 2.0]) == 2.5 / 4


def test_passages_that_stand_twice_in_the_bible_are_found(shared_data: Path) -> None:
    version = bible.read_version(shared_data / "bible" / "kjv.tsv")
    result = tr.find_reuse(version.books, within=True)
    found = list(bible.find_parallels(version, result, shared_data / "bible" / "internal-parallels.tsv"))
    assert len(found) == 40
    assert [pair for pair in found if max(pair.a, pair.b) < 0.5] == []


def test_verses_of_two_versions_are_paired(shared_data: Path) -> None:
    books = frozenset({"Genesis", "Psalms", "Isaiah", "Mark", "Romans"})
    versions = [bible.read_version(shared_data / "bible" / f"{name}.tsv", books) for name in ("kjv", "web")]
    alike = [pair for pair in bible.pair_verses(*versions) if pair.shared >= bible.SHARED * pair.shorter]
    assert len(alike) > 4000
    assert bible.matched_share(alike) >= bible.MATCHED


def test_chapters_of_two_chinese_editions_are_paired(shared_data: Path) -> None:
    truth = shiji.read_truth(shared_data / "shiji" / "shiji-chapter-truth.tsv")
    assert len(truth) == 122
    documents = shiji.read_editions(shared_data / "shiji")
    ranked = shiji.rank(tr.find_reuse(documents, **shiji.CHOSEN), truth)
    assert [pair for pair in ranked if not pair.score] == []
    # all but the one of which a heading is left
    assert sum(pair.score > pair.rival_score for pair in ranked) >= 121


@pytest.mark.parametrize(("folder", "n_words"), textreuse_r.PUBLISHED)
def test_shingles_give_the_similarities_that_the_r_package_publishes(
    shared_data: Path, folder: str, n_words: int
) -> None:
    texts = textreuse_r.read_texts(shared_data / "textreuse-r" / folder)
    similarities = textreuse_r.jaccard(texts, n_words)
    shared = textreuse_r.words_shared(texts)
    for pair, published in textreuse_r.PUBLISHED[folder, n_words].items():
        assert similarities[pair] == pytest.approx(published, abs=textreuse_r.TOLERANCE)
        assert (shared.get(pair, 0) > 0) == (published > 0)


def test_verbatim_passages_have_exact_edges(shared_data: Path) -> None:
    folder = shared_data / "pan13"
    truth = read_pan(folder / edges.CATEGORY)[:200]
    texts = edges.read_documents(folder, frozenset(name for case in truth for name in (case.suspicious, case.source)))
    cases = edges.measure(texts, truth, edges.detect(texts))
    assert len(cases) == len(truth)
    for edge in range(4):
        errors = sorted(abs(case.errors[edge]) for case in cases)
        assert errors[len(errors) // 2] == 0
        assert errors[9 * len(errors) // 10] <= 1
    assert sum(case.punctuation for case in cases) == 0


def test_an_edge_is_off_by_the_words_between() -> None:
    texts = {"a": "zero one two three four five.", "b": "null one two three four five."}
    start, stop = len("zero one "), len("zero one two three")
    truth = [Span("a", start, stop - start, "b", start, stop - start)]
    # the words beside the case agree up to the first and to the end, so a detection of the case alone is too short
    (case,) = edges.measure(texts, truth, {("a", "b"): truth})
    assert case.errors == (1, -2, 1, -2)


@pytest.mark.parametrize("name", ["reuters", "kjv"])
def test_chance_gives_as_many_matches_as_expected_says(shared_data: Path, name: str) -> None:
    tokens = expected.split(expected.COLLECTIONS[name].read(shared_data), whole_words=False)
    means = dict(zip(expected.LEVELS, expected.resample(tokens, 10_000, 10, seed=0).mean(axis=0).tolist(), strict=True))
    for level in (10, 100):  # 100 and 1,000 matches in all
        assert level / 2 <= means[level] <= level * 2


def test_a_level_is_judged_where_enough_matches_are_expected() -> None:
    good = [0.1, 1, 10, 100, 1000]
    counts = np.array([good] * 300)
    assert not expected.is_missed(counts)
    assert expected.is_missed(counts * [3, 1, 1, 1, 1])
    assert expected.is_missed(counts * [1, 1, 1 / 3, 1, 1])
    assert not expected.is_missed(counts * [1, 1, 1, 3, 3])  # no bar
    assert not expected.is_missed(counts[:299] * [3, 1, 1, 1, 1])  # 29.9 expected


def test_what_recurs_is_cut_out() -> None:
    shared = "one shared line of eight words and more than that"
    assert expected.cut_reuse([f"alpha {shared} beta", f"gamma {shared}", "delta"]) == [
        "alpha \n beta",
        "gamma \n",
        "delta",
    ]


def test_texts_of_other_times_and_topics_share_nothing(shared_data: Path) -> None:
    for searched in unrelated.run(shared_data, [call for call in unrelated.CALLS if "newsgroups" not in call[0]]):
        assert min(searched.left, searched.right) > 0, searched.name
        assert len(searched.result) <= unrelated.MOST, searched.name
