"""The self-test: what it plants is where it says, and what it counts is what a search finds."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from benchmarks.generate import collection, prose

import textreuse
from textreuse import selftest
from textreuse.errors import InputError, OptionsError
from textreuse.model import Document
from textreuse.planting import Ground, Planted, Sort
from textreuse.result import Match, Passage
from textreuse.selftest import SelfTestResult, SelfTestRow, self_test
from textreuse.tokenize import half_words, tokenize

DOCUMENTS = [Document(f"d{i}", prose(300, i)) for i in range(6)]
HAN = "萬石君名奮其父趙人也姓氏亡徙居溫高祖東擊項籍過河內時年十五為小吏侍與語愛恭敬問曰若何有對獨母不幸失明家貧"


def generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def han_document(number: int, length: int = 400) -> Document:
    places = generator(number).integers(len(HAN), size=length)
    return Document(f"h{number}", "".join(HAN[place] for place in places))


def planted(ground: Ground, sorts: list[Sort], n: int, seed: int) -> tuple[list[Document], list[Planted], list[int]]:
    return ground.plant([i % len(sorts) for i in range(n)], sorts, generator(seed))


# --- planting ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_a_verbatim_copy_stands_where_it_is_said_to(seed: int) -> None:
    documents, places, _ = planted(Ground(DOCUMENTS, None), [Sort("verbatim", 20, 0.0)], 8, seed)
    texts = {document.id: document.text for document in documents}
    assert places
    for place in places:
        source = texts[place.source][place.source_start : place.source_stop]
        target = texts[place.target][place.target_start : place.target_stop]
        assert source == target
        assert half_words(tokenize([source]).hashes) == 40


def test_no_word_of_a_target_is_lost_or_split() -> None:
    documents, places, _ = planted(Ground(DOCUMENTS, None), [Sort("verbatim", 20, 0.0)], 8, 1)
    for before, after in zip(DOCUMENTS, documents, strict=True):
        copies = sorted((place for place in places if place.target == after.id), key=lambda place: place.target_start)
        edges = [0, *(edge for place in copies for edge in (place.target_start, place.target_stop)), len(after.text)]
        rest = " ".join(after.text[start:stop] for start, stop in list(pairwise(edges))[::2])
        assert (tokenize([rest]).hashes == tokenize([before.text]).hashes).all()


def test_a_document_gives_or_receives_but_never_both() -> None:
    for seed in range(10):
        _, places, _ = planted(Ground(DOCUMENTS, None), [Sort("mixed", 20, 0.2)], 20, seed)
        assert not {place.source for place in places} & {place.target for place in places}


def test_a_passage_has_exactly_the_length_and_the_edits_asked_for() -> None:
    documents, places, _ = planted(Ground(DOCUMENTS, None), [Sort("dropped", 30, 0.25)], 6, 3)
    texts = {document.id: document.text for document in documents}
    for place in places:
        assert half_words(tokenize([texts[place.source][place.source_start : place.source_stop]]).hashes) == 60
        # round(7.5) is 8
        assert half_words(tokenize([texts[place.target][place.target_start : place.target_stop]]).hashes) == 44


def test_two_characters_of_a_spaceless_script_are_a_word() -> None:
    ground = Ground([han_document(1), han_document(2)], None)
    _, places, _ = planted(ground, [Sort("inserted", 20, 0.1)], 1, 0)
    (place,) = places
    assert place.source_stop - place.source_start == 40
    assert place.target_stop - place.target_start == 44


def test_what_finds_no_room_waits() -> None:
    sorts = [Sort("verbatim", 20, 0.0)]
    # three of six documents of 300 words receive, one passage each
    documents, places, left = planted(Ground(DOCUMENTS, None), sorts, 10, 0)
    assert (len(documents), len(places), len(left)) == (6, 3, 7)


def test_long_documents_receive_several_passages_apart_from_each_other() -> None:
    ground = Ground([Document("a", prose(2000, 1)), Document("b", prose(2000, 2))], None)
    _, places, left = planted(ground, [Sort("mixed", 20, 0.2)], 10, 0)
    assert not left
    spans = sorted((place.target_start, place.target_stop) for place in places)
    assert all(stop < start for (_, stop), (start, _) in pairwise(spans))


def test_only_documents_that_are_long_enough_give() -> None:
    documents = [Document("long", prose(90, 1)), *(Document(f"short{i}", prose(10, 10 + i)) for i in range(5))]
    for seed in range(5):
        _, places, _ = planted(Ground(documents, None), [Sort("verbatim", 80, 0.0)], 2, seed)
        assert {place.source for place in places} == {"long"}


def test_of_equal_documents_the_first_gives() -> None:
    documents = [Document(f"d{i}", prose(90, 1)) for i in range(8)]
    assert Ground(documents, None).sources.tolist() == [0]


def test_an_empty_document_may_receive() -> None:
    ground = Ground([Document("empty", ""), Document("full", prose(50, 1))], None)
    documents, (place,), _ = planted(ground, [Sort("verbatim", 20, 0.0)], 1, 0)
    assert place.target == "empty"
    assert documents[0].text[place.target_start : place.target_stop] in documents[1].text


def test_passages_of_a_library_are_planted_into_the_documents() -> None:
    library = [Document("x", prose(100, 20)), Document("y", prose(100, 21))]
    documents, places, _ = planted(Ground(DOCUMENTS[:1], library), [Sort("verbatim", 20, 0.0)], 1, 0)
    assert [document.id for document in documents] == ["d0"]
    assert {place.source for place in places} <= {"x", "y"}


# --- the test ---------------------------------------------------------------------------------------------------------


def test_verbatim_passages_are_all_found() -> None:
    result = self_test(DOCUMENTS, kinds=["verbatim", "rewrapped"], lengths=[20, 40], n=20, threads=1)
    assert [(row.kind, row.words, row.found) for row in result] == [
        ("verbatim", 20, 20), ("verbatim", 40, 20), ("rewrapped", 20, 20), ("rewrapped", 40, 20)
    ]  # fmt: skip


def test_passages_far_beyond_the_promise_are_not_found() -> None:
    result = self_test(DOCUMENTS, kinds=["replaced"], lengths=[8], edit_rates=[0.6], n=10, threads=1)
    assert result[0].found == 0
    assert result[0].promised is None


@pytest.mark.parametrize("documents", [[han_document(i) for i in range(6)], DOCUMENTS])
def test_any_script_can_be_tested(documents: list[Document]) -> None:
    result = self_test(documents, lengths=[30], edit_rates=[0.1], n=5, threads=1)
    assert len(result) == 10
    assert sum(row.found for row in result) >= 40


def test_the_same_seed_gives_the_same_rows_for_any_number_of_threads() -> None:
    def rows(**options: Any) -> tuple[SelfTestRow, ...]:
        return self_test(DOCUMENTS, kinds=["mixed"], edit_rates=[0.4], n=20, **options).rows

    assert rows(seed=5, threads=1) == rows(seed=5, threads=2)
    assert rows(seed=5, threads=1) != rows(seed=6, threads=1)


def test_a_library_can_be_tested() -> None:
    library = [Document(f"d{i}", prose(100, 20 + i)) for i in range(3)]  # the ids may be those of the documents
    result = self_test(DOCUMENTS, against=library, kinds=["verbatim"], lengths=[20], n=10, threads=1)
    assert result[0].found == 10


def test_folders_can_be_tested(tmp_path: Any) -> None:
    for document in collection(4, 1)[0]:
        (tmp_path / f"{document.id}.txt").write_text(document.text, encoding="utf-8")
    result = self_test(tmp_path, encoding="utf-8", kinds=["verbatim"], lengths=[20], n=5, threads=1)
    assert (result[0].found, result.n_documents) == (5, 4)


def test_progress_ends_at_all() -> None:
    calls: list[tuple[str, int, int]] = []
    self_test(DOCUMENTS, kinds=["verbatim"], lengths=[20], n=7, threads=1, progress=lambda *call: calls.append(call))
    assert calls == [("self-test", 3, 7), ("self-test", 6, 7), ("self-test", 7, 7)]


def test_lengths_and_rates_follow_from_the_promise() -> None:
    result = self_test(DOCUMENTS, kinds=["mixed"], min_words=40, edit_rate=0.3, n=1, threads=1)
    assert [(row.words, row.edit_rate) for row in result] == [(w, r) for w in (40, 80, 160) for r in (0.15, 0.3)]
    # no document has 320 words
    assert [row.words for row in self_test(DOCUMENTS, kinds=["verbatim"], min_words=80, n=1, threads=1)] == [80, 160]


def test_a_promise_without_edits_is_tested_without_edits() -> None:
    kinds = {row.kind for row in self_test(DOCUMENTS, edit_rate=0.0, n=1, threads=1)}
    assert kinds == {"verbatim", "rewrapped", "reordered"}


def test_nothing_is_promised_below_the_length_above_the_rate_or_for_another_order() -> None:
    result = self_test(DOCUMENTS, lengths=[10, 20], edit_rates=[0.2, 0.3], n=1, threads=1, recall=0.9)
    promised = {(row.kind, row.words, row.edit_rate) for row in result if row.promised is not None}
    kinds = ("replaced", "dropped", "inserted", "mixed", "misread")
    assert promised == {("verbatim", 20, 0.0), ("rewrapped", 20, 0.0), *((kind, 20, 0.2) for kind in kinds)}
    assert {row.promised for row in result} == {None, 0.9}


def test_found_is_half_of_both_sides() -> None:
    def matched(a: tuple[int, int], b: tuple[int, int], ids: str = "st") -> list[Match]:
        return [Match(Passage(ids[0], *a), Passage(ids[1], *b), 1.0, 1.0, 0.0, 1, 5.0)]

    def is_found(matches: list[Match]) -> bool:
        place = Planted(3, "s", 100, 200, "t", 0, 50)
        return selftest._found([place], matches) == [3]  # type: ignore[arg-type]

    assert is_found(matched((150, 250), (0, 25)))
    assert is_found(matched((0, 25), (150, 250), "ts"))
    assert not is_found(matched((151, 250), (0, 50)))
    assert not is_found(matched((100, 200), (26, 90)))
    assert not is_found(matched((100, 200), (0, 50), "su"))
    assert is_found(matched((100, 125), (0, 12)) + matched((160, 190), (12, 25)))


# --- numbers ----------------------------------------------------------------------------------------------------------


def row_of(found: int, n: int) -> SelfTestRow:
    options = self_test(DOCUMENTS[:2], kinds=["verbatim"], lengths=[20], n=1, threads=1).options
    return selftest._row(Sort("mixed", 20, 0.2), n, found, options)


def test_intervals_are_those_of_wilson() -> None:
    # published: Newcombe 1998, Statistics in Medicine 17
    for found, n, low, high in [(81, 263, 0.2553, 0.3662), (1, 29, 0.0061, 0.1718)]:
        row = row_of(found, n)
        assert row.low == pytest.approx(low, abs=1e-4)
        assert row.high == pytest.approx(high, abs=1e-4)
    assert row_of(0, 20).low == 0
    assert row_of(20, 20).high == 1


def test_a_promise_of_95_is_kept_missed_or_open() -> None:
    assert row_of(100, 100).verdict == "kept"
    assert row_of(95, 100).verdict == "open"
    assert row_of(80, 100).verdict == "missed"


# --- views ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def result() -> SelfTestResult:
    return self_test(DOCUMENTS, kinds=["verbatim", "replaced", "shuffled"], lengths=[20], n=10, threads=1)


def test_the_table_has_a_line_per_row(result: SelfTestResult) -> None:
    lines = str(result).splitlines()
    assert lines[0].startswith("6 documents; promised: 0.95 of the passages of at least 20 words")
    assert lines[2].split() == ["verbatim", "20", "0%", "10", "10", "1.000", "0.722", "-", "1.000", "0.95", "open"]
    assert lines[-1].split()[-1] == "-"
    assert len(lines) == 2 + len(result)


def test_the_data_frame_has_a_row_per_row(result: SelfTestResult) -> None:
    frame = result.to_pandas()
    assert frame["found"].tolist() == [row.found for row in result]
    assert frame["promised"].isna().tolist() == [row.promised is None for row in result]
    assert frame["verdict"].tolist() == [row.verdict for row in result]


def test_the_picture_is_xml_with_a_dot_per_row(result: SelfTestResult) -> None:
    svg = ElementTree.fromstring(result.to_svg())
    assert len(list(svg.iter("{http://www.w3.org/2000/svg}circle"))) == len(result)
    assert result._repr_html_() == result.to_svg()


def test_the_summary_counts(result: SelfTestResult) -> None:
    found = sum(row.found for row in result)
    assert repr(result) == f"<SelfTestResult: {found} of 50 planted passages found, 0 promises missed>"
    assert result.missed == ()


# --- errors -----------------------------------------------------------------------------------------------------------


def test_all_wrong_options_are_named_together() -> None:
    with pytest.raises(OptionsError) as caught:
        self_test(DOCUMENTS, lengths=[2], edit_rates=[0.7], kinds=["typed"], n=0, group="folder", max_matches=3)
    message = str(caught.value)
    for part in ("group: ", "max_matches: ", "kinds: 'typed' is unknown", "edit_rates: 0.7", "lengths: 2 ", "n=0: "):
        assert part in message


def test_options_of_the_search_are_checked_like_those_of_a_search() -> None:
    with pytest.raises(OptionsError, match="recall=2"):
        self_test(DOCUMENTS, recall=2)
    with pytest.raises(TypeError, match="no_such_option"):
        self_test(DOCUMENTS, no_such_option=1)


@pytest.mark.parametrize("name", ["lengths", "edit_rates", "kinds"])
def test_nothing_to_test_is_an_error(name: str) -> None:
    options: dict[str, Any] = {name: []}
    with pytest.raises(OptionsError, match=f"{name}: nothing to test"):
        self_test(DOCUMENTS, **options)


@pytest.mark.parametrize(
    ("documents", "lengths", "message"),
    [
        ([], None, "no passage of 20 words can be taken .* there are 0 documents"),
        (DOCUMENTS[:1], None, "there is 1 document to plant in"),
        (["too short", "too short too"], None, "the longest passage to take has 3 words"),
        (DOCUMENTS, [20, 400], "no passage of 400 words .* has 300 words"),
    ],
)
def test_too_little_text_is_an_error(documents: object, lengths: list[int] | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        self_test(documents, lengths=lengths)


def test_the_package_offers_the_function_and_not_a_module() -> None:
    for _ in range(2):
        assert textreuse.self_test is self_test
