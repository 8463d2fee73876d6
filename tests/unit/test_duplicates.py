from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from benchmarks.accuracy import duplicates_recall
from benchmarks.generate import documents, prose
from tests import naive_duplicates as naive

import textreuse as tr
from textreuse import verify
from textreuse.duplicate_options import bands_needed, choose_bands

pytestmark = pytest.mark.slow  # in plain Python; the kernels have small tests of their own in properties/

TEXT = "the cat sat on the mat and looked at the dog that lay before the fire all day long"  # 19 words


def numbered(n: int) -> list[str]:
    return [f"w{i}" for i in range(n)]


# --- what is found ----------------------------------------------------------------------------------------------------


def test_similarity_is_shingles_in_common_divided_by_all() -> None:
    # 19 words are 14 shingles of five; one word more is one shingle more
    result = tr.find_duplicates({"a": TEXT, "b": TEXT + " again"})
    assert result.pairs == (tr.DuplicatePair("a", "b", 15 / 16),)
    assert [cluster.ids for cluster in result.clusters] == [("a", "b")]


def test_case_punctuation_and_line_ends_make_no_difference() -> None:
    result = tr.find_duplicates([TEXT, TEXT.upper().replace(" ", " \r\n") + "!"])
    assert result.pairs == (tr.DuplicatePair("0", "1", 1.0),)
    assert result.stats["copies"] == 1


def test_equal_sets_in_another_order_have_similarity_one() -> None:
    one, other = " ".join(numbered(60)), " ".join(numbered(30))
    texts = [f"{one} {other}", f"{one} {other} {other}"]
    assert naive.shingle_set(texts[0]) < naive.shingle_set(texts[1])
    texts[0] += f" {other}"
    assert tr.find_duplicates(texts).pairs[0].similarity == 1.0


def test_similarity_at_the_threshold_counts() -> None:
    # 15 shingles in common of 15 + 16 - 15
    assert len(tr.find_duplicates([TEXT, TEXT + " again"], threshold=15 / 16)) == 1
    assert len(tr.find_duplicates([TEXT, TEXT + " again"], threshold=float(np.nextafter(15 / 16, 1)))) == 0


def test_texts_shorter_than_a_shingle_are_compared_as_a_whole() -> None:
    result = tr.find_duplicates({"a": "good morning", "b": "Good morning!", "c": "good", "d": "good evening"})
    assert result.pairs == (tr.DuplicatePair("a", "b", 1.0),)


def test_texts_without_words_are_skipped_and_never_duplicates() -> None:
    result = tr.find_duplicates({"a": "", "b": " ", "c": "...", "d": TEXT})
    assert result.pairs == ()
    assert result.skipped == tuple(tr.Skipped(id_, "has no words") for id_ in "abc")
    kept = tr.deduplicate({"a": "", "b": " ", "c": "...", "d": TEXT})
    assert [document.id for document in kept] == list("abcd")
    assert kept.skipped == result.skipped


def test_nothing_gives_nothing() -> None:
    result = tr.find_duplicates([])
    assert (len(result), result.clusters, result.skipped, result.stats["all_pairs_listed"]) == (0, (), (), True)
    assert len(tr.deduplicate([])) == 0
    assert len(tr.deduplicate([], keep=lambda cluster: cluster[0])) == 0


def test_two_characters_of_spaceless_text_count_as_a_word() -> None:
    # 30 different characters are 21 shingles of ten; one character more gives one more
    text = "".join(chr(0x4E00 + 7 * i) for i in range(30))
    assert tr.find_duplicates([text, text + "中"]).pairs[0].similarity == 21 / 22


@pytest.mark.parametrize("measure", ["jaccard", "containment"])
@pytest.mark.parametrize("size", [20, 25, 60, 300, 5000])
@pytest.mark.parametrize("edit", ["prepended", "dropped first", "dropped", "changed", "changed last", "appended"])
def test_one_edited_word_is_found_whenever_the_similarity_allows(size: int, edit: str, measure: str) -> None:
    words = [f"{i}w" for i in Random(size).sample(range(100_000), size)]
    edited = {
        "prepended": ["new", *words],
        "dropped first": words[1:],
        "dropped": words[: size // 2] + words[size // 2 + 1 :],
        "changed": [*words[: size // 2], "new", *words[size // 2 + 1 :]],
        "changed last": [*words[:-1], "new"],
        "appended": [*words, "new"],
    }[edit]
    texts = {"a": " ".join(words), "b": " ".join(edited)} | {
        str(other): prose(size, [other, size]) for other in range(5)
    }
    expected = naive.all_pairs(texts, 0.8, measure)
    for recall in (1.0, 0.99):
        result = tr.find_duplicates(texts, measure=measure, recall=recall)
        assert {(a, b): similarity for a, b, similarity in result} == expected


def test_short_text_is_found_inside_a_long_one() -> None:
    long = prose(20_000, 1).split()
    inside = " ".join(long[9000:9200])
    others = {f"o{i}": prose(200, [2, i]) for i in range(200)}
    texts = {"inside": inside, "long": " ".join(long)} | others
    assert [pair[:2] for pair in tr.find_duplicates(texts, measure="containment")] == [("inside", "long")]
    assert len(tr.find_duplicates(texts)) == 0


def test_pairs_come_most_alike_first_and_clusters_largest_first() -> None:
    texts = {f"x{i}": TEXT + " and on" * i for i in range(3)} | {f"a{i}": " ".join(numbered(40 + i)) for i in range(2)}
    result = tr.find_duplicates(texts, threshold=0.5)
    assert [pair.similarity for pair in result] == sorted((pair.similarity for pair in result), reverse=True)
    assert [cluster.ids for cluster in result.clusters] == [("x0", "x1", "x2"), ("a0", "a1")]
    assert len(result.clusters[0]) == 3
    assert list(result.clusters[1]) == ["a0", "a1"]


def test_copies_have_all_pairs_with_each_other_and_with_what_is_like_them() -> None:
    texts = {f"a{i}": TEXT for i in range(3)} | {f"b{i}": TEXT + " again" for i in range(3)}
    result = tr.find_duplicates(texts)
    assert len(result) == 6 * 5 // 2
    assert result.stats["verifications"] == 1


def test_documents_are_let_go_while_they_are_read() -> None:
    alive: list[int] = []

    class Text(str):
        def __del__(self) -> None:
            alive.append(-1)

    def stream() -> Iterator[tr.Document]:
        for i in range(400):
            text = Text(prose(400, i))
            alive.append(1)
            yield tr.Document(str(i), text)

    tr.find_duplicates(stream(), threads=1)
    held = np.cumsum(alive)
    # A chunk holds about 256 KiB of text, which is some hundred of these; two are under way.
    assert held.max() < 250


def test_progress_is_told_step_by_step() -> None:
    steps: list[str] = []
    tr.find_duplicates([TEXT, TEXT], progress=lambda step, done, total: steps.append(step))
    assert list(dict.fromkeys(steps)) == ["shingles", "candidates", "verify", "clusters"]


def test_own_tokenizer_decides_what_a_word_is() -> None:
    texts = ["a,b,c,d,e,f g", "a,b,c,d,e,f g h"]
    assert len(tr.find_duplicates(texts, shingle_words=1, tokenizer="[^,]+")) == 0  # "f g" and "f g h" are words
    assert tr.find_duplicates(texts, shingle_words=1).pairs[0].similarity == 7 / 8


# --- no quadratic trap ------------------------------------------------------------------------------------------------


def test_copies_cost_no_verification_and_pairs_grow_with_documents() -> None:
    n = 3_000
    result = tr.find_duplicates([TEXT] * n)
    assert result.stats["verifications"] == 0
    assert len(result) == 16 * 15 // 2 + (n - 16)
    assert not result.stats["all_pairs_listed"]
    assert [(len(cluster), cluster.all_pairs_listed) for cluster in result.clusters] == [(n, False)]
    assert "not all pairs" in repr(result)
    assert len(tr.deduplicate([TEXT] * n)) == 1


def near_copies(n: int) -> list[str]:
    """Return texts of 300 words, each with one other word in its place."""
    words, random = prose(300, 7).split(), Random(1)
    texts = []
    for i in range(n):
        place = random.randrange(300)
        texts.append(" ".join([*words[:place], f"w{i}", *words[place + 1 :]]))
    return texts


@pytest.mark.parametrize("recall", [1.0, 0.99])
def test_near_copies_are_one_cluster_with_few_verifications(recall: float) -> None:
    texts = near_copies(2_000)
    result = tr.find_duplicates(texts, recall=recall)
    assert [len(cluster) for cluster in result.clusters] == [2_000]
    assert result.stats["verifications"] <= 20 * len(texts)
    assert not result.stats["all_pairs_listed"]
    assert len(tr.deduplicate(texts, recall=recall)) == 1


def test_all_pairs_of_near_copies_are_listed_on_demand() -> None:
    texts = near_copies(300)
    result = tr.find_duplicates(texts, all_pairs=True)
    # two words changed cost each text at most 10 of 296 shingles: all pairs are above (296 - 10) / (296 + 10)
    assert len(result) == 300 * 299 // 2
    assert result.stats["all_pairs_listed"]


@pytest.mark.parametrize("recall", [1.0, 0.99])
def test_stock_text_costs_no_verifications(recall: float) -> None:
    footer = " ".join(numbered(60))
    texts = [f"{document.text} {footer}" for document in documents(2_000, 3, words=(60, 100))]
    result = tr.find_duplicates(texts, recall=recall)
    assert (len(result), result.stats["verifications"]) == (0, 0)


@pytest.mark.parametrize("measure", ["jaccard", "containment"])
def test_limits_leave_out_pairs_and_say_so(monkeypatch: pytest.MonkeyPatch, measure: str) -> None:
    monkeypatch.setattr(verify, "ALL_BELOW", 2)
    monkeypatch.setattr(verify, "BUDGET", 1)
    texts = near_copies(40)
    few = tr.find_duplicates(texts, threshold=0.5, measure=measure)
    assert 39 <= few.stats["verifications"] < 40 * 39 // 2
    assert not few.stats["all_pairs_listed"]
    every = tr.find_duplicates(texts, threshold=0.5, measure=measure, all_pairs=True)
    assert set(few.pairs) < set(every.pairs)
    assert every.stats["all_pairs_listed"]
    assert len(tr.deduplicate(texts, threshold=0.5, measure=measure)) == 1


def test_documents_that_were_not_held_against_all_kept_ones_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each has 60 words of its own and 100 that all have: no two are alike, but verifying would have to tell.
    monkeypatch.setattr(verify, "ALL_BELOW", 2)
    monkeypatch.setattr(verify, "MOST_STEPS", 5)
    stock = " ".join(numbered(100))
    texts = [f"{stock} {document.text}" for document in documents(40, 3, words=(60, 60))]
    result = tr.deduplicate(texts, threshold=0.45)
    assert not result.stats["held_against_all"]
    assert tr.deduplicate(texts, threshold=0.45, all_pairs=True).stats["held_against_all"]


# --- bands ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
@pytest.mark.parametrize("recall", [0.5, 0.9, 0.99, 0.999])
def test_bands_miss_four_fifths_of_what_they_may_with_no_band_to_spare(threshold: float, recall: float) -> None:
    chosen = choose_bands(threshold, recall, 256)
    assert chosen.bands * chosen.rows <= 256
    may_miss = 0.8 * (1 - recall)
    assert (1 - threshold**chosen.rows) ** chosen.bands <= may_miss
    assert chosen.bands == 1 or (1 - threshold**chosen.rows) ** (chosen.bands - 1) > may_miss
    # one row more would take more columns than there are
    assert (chosen.rows + 1) * bands_needed(threshold, recall, chosen.rows + 1) > 256


@pytest.mark.parametrize("size", [60, 75, 80, 90, 95, 100, 120, 200])
def test_documents_around_the_length_that_counts_as_short_are_compared_with_longer_ones(size: int) -> None:
    # With 16 bands documents of up to about 78 shingles are short; their partners have up to 97.
    longer = round(1.15 * size)
    short = [f"s{i}" for i in range(81)]
    texts = {"a": numbered(size + 4), "b": numbered(longer + 4), "c": short[1:], "d": short[:-1]}
    result = tr.find_duplicates({id_: " ".join(words) for id_, words in texts.items()}, recall=0.99)
    assert set(result.pairs) == {("a", "b", size / longer), ("c", "d", 75 / 77)}


def test_bands_of_other_tools_miss_most_pairs_at_the_threshold() -> None:
    # datasketch balances errors on both sides, rensa takes 8 bands of 128 values: 1 - (1 - s**r)**b at 0.8
    shares = duplicates_recall.peers_at(0.8)
    assert [round(share, 2) for share in shares.values()] == [0.40, 0.20]
    assert choose_bands(0.8, 0.99, 128).recall(0.8) > 0.99


@pytest.mark.parametrize("threshold", [0.5, 0.8, 0.95])
def test_planted_pairs_at_the_threshold_are_found_at_the_recall_asked_for(threshold: float) -> None:
    for cell in duplicates_recall.measure(threshold, 0.0, 1_500, (0.9, 0.99, 1.0), seed=1):
        # four standard errors: a correct choice of bands is below once in 30,000 cells
        error = (cell.recall * (1 - cell.recall) / 1_500) ** 0.5
        assert cell.found >= cell.recall - 4 * error
        assert cell.planted >= threshold


def test_bands_and_their_curve_stand_in_the_options() -> None:
    options = tr.find_duplicates([TEXT], recall=0.99).options
    assert options.bands == tr.Bands(16, 6)
    curve = dict(options.recall_curve)
    assert curve[0.8] == pytest.approx(1 - (1 - 0.8**6) ** 16)
    assert 0 < options.bands.expected_candidates < 1
    assert options.to_dict()["bands"] == {"bands": 16, "rows": 6}
    exact = tr.find_duplicates([TEXT]).options
    assert exact.bands is None
    assert [share for _, share in exact.recall_curve] == [0.0] * 15 + [1.0] * 5


def test_too_few_permutations_are_refused_with_the_number_that_is_enough() -> None:
    with pytest.raises(tr.OptionsError, match="Pass num_perm=46 at least") as error:
        tr.find_duplicates([TEXT], threshold=0.1, recall=0.99, num_perm=16)
    assert "recall=1" in str(error.value)
    tr.find_duplicates([TEXT], threshold=0.1, recall=0.99, num_perm=46)


def test_all_bad_options_are_named_together() -> None:
    with pytest.raises(tr.OptionsError) as error:
        tr.find_duplicates([TEXT], threshold=0, measure="cosine", shingle_words=0, recall=2, num_perm=0, seed=-1)
    for name in ("threshold=0", "measure='cosine'", "shingle_words=0", "recall=2", "num_perm=0", "seed=-1"):
        assert name in str(error.value)


def test_two_documents_with_one_id_are_refused() -> None:
    with pytest.raises(tr.InputError, match="2 documents have the id 'x'"):
        tr.find_duplicates([tr.Document("x", TEXT), tr.Document("y", TEXT), tr.Document("x", "other")])


# --- removing ---------------------------------------------------------------------------------------------------------


def dated() -> list[tr.Document]:
    return [
        tr.Document("c", TEXT + " again", {"date": "1849"}),
        tr.Document("a", TEXT, {}),
        tr.Document("b", TEXT + " and again", {"year": 1848}),
    ]


@pytest.mark.parametrize(
    ("keep", "kept"), [("first", "c"), ("last", "b"), ("longest", "b"), ("earliest", "b"), (min, "a")]
)
def test_keep_says_which_of_near_duplicates_stays(keep: Any, kept: str) -> None:
    if keep is min:

        def keep(cluster: Any) -> Any:
            return min(cluster, key=lambda document: document.id)

    result = tr.deduplicate(dated(), keep=keep)
    assert [document.id for document in result] == [kept]
    assert {row.kept_id for row in result.removed} == {kept}
    assert [row.id for row in result.removed] == sorted({"a", "b", "c"} - {kept})


def test_kept_documents_come_as_they_came() -> None:
    texts = {"z": TEXT, "y": "something else", "x": TEXT, "w": "and more"}
    assert [document.id for document in tr.deduplicate(texts)] == ["z", "y", "w"]
    assert tr.deduplicate(texts)[0].text == TEXT


def chain() -> dict[str, str]:
    """Return A, B and C where B is like both, and A and C are not alike."""
    words = numbered(120)
    return {"A": " ".join(words[:100]), "B": " ".join(words[10:110]), "C": " ".join(words[20:120])}


def test_a_chain_keeps_both_ends() -> None:
    assert {pair[:2] for pair in tr.find_duplicates(chain())} == {("A", "B"), ("B", "C")}
    result = tr.deduplicate(chain())
    assert [document.id for document in result] == ["A", "C"]
    assert [(row.id, row.kept_id) for row in result.removed] == [("B", "A")]


def test_what_is_not_like_the_chosen_one_is_put_before_the_function_again() -> None:
    shown: list[list[str]] = []

    def keep(cluster: Any) -> Any:
        shown.append([document.id for document in cluster])
        return cluster[0]

    texts = chain() | {"D": chain()["C"] + " w120"}
    result = tr.deduplicate(texts, keep=keep)
    assert shown == [["A", "B", "C", "D"], ["C", "D"]]
    assert [(row.id, row.kept_id) for row in result.removed] == [("B", "A"), ("D", "C")]


def test_function_must_return_one_of_its_documents() -> None:
    with pytest.raises(tr.OptionsError, match="keep returned None for the 2 documents"):
        tr.deduplicate([TEXT, TEXT], keep=lambda cluster: None)  # type: ignore[arg-type, return-value]
    with pytest.raises(tr.OptionsError, match="keep='best'"):
        tr.deduplicate([TEXT], keep="best")


# --- what comes out ---------------------------------------------------------------------------------------------------


def test_results_can_be_written(tmp_path: Path) -> None:
    result = tr.find_duplicates({"a": TEXT, "b": TEXT + " again", "c": "more"})
    result.to_jsonl(tmp_path / "pairs.jsonl")
    assert json.loads((tmp_path / "pairs.jsonl").read_text()) == {"a": "a", "b": "b", "similarity": 15 / 16}
    stream = io.StringIO()
    result.to_csv(stream)
    rows = list(csv.DictReader(io.StringIO(stream.getvalue())))
    assert rows == [{"a": "a", "b": "b", "similarity": repr(15 / 16)}]
    frame = result.to_pandas()
    assert frame.to_dict("records") == [{"a": "a", "b": "b", "similarity": 15 / 16}]
    assert result[0] == result.pairs[0]
    assert result[:1] == result.pairs
    assert repr(result) == "<DuplicateResult: 1 pairs in 1 clusters, 3 documents, 0 skipped>"


def test_removed_documents_can_be_written(tmp_path: Path) -> None:
    result = tr.deduplicate({"a": TEXT, "b": TEXT + " again", "c": "more"})
    result.to_jsonl(tmp_path / "removed.jsonl")
    assert json.loads((tmp_path / "removed.jsonl").read_text()) == {"id": "b", "kept_id": "a", "similarity": 15 / 16}
    result.to_csv(tmp_path / "removed.csv")
    assert (tmp_path / "removed.csv").read_text().splitlines()[0] == '"id","kept_id","similarity"'
    assert list(result.to_pandas().columns) == ["id", "kept_id", "similarity"]
    assert result[1:] == result.kept[1:]
    assert repr(result) == "<DeduplicateResult: 2 documents kept, 1 removed, 0 skipped>"
    assert tr.find_duplicates([]).to_pandas().dtypes["similarity"] == np.float64
