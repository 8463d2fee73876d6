from __future__ import annotations

from dataclasses import replace

from benchmarks.generate import prose

import textreuse as tr
from textreuse.direction import Direction
from textreuse.samples import load_sample

TEXT = "the road was long and the night was cold and nobody came to open the old wooden door of the house by the sea"


def direction(a: str, b: str) -> Direction | None:
    return tr.compare(a, b, min_words=8)[0].direction


def kinds(found: Direction | None) -> set[tuple[str, str]]:
    return {(reason.kind, reason.source) for reason in found.reasons} if found else set()


def test_without_evidence_there_is_no_direction() -> None:
    assert direction(TEXT, TEXT) is None


def test_swapping_the_sides_swaps_the_direction() -> None:
    quoting = f'Everybody knows the lines: "{TEXT}" That is how it starts.'
    one, other = direction(TEXT, quoting), direction(quoting, TEXT)
    assert one is not None
    assert other is not None
    assert (one.source, other.source) == ("a", "b")
    assert kinds(one) == {("quotation", "a"), ("attribution", "a")}
    assert one.strength == 1


def test_what_has_omissions_is_the_copy() -> None:
    cut = TEXT.replace("and nobody came to", "[...]")
    assert kinds(direction(cut, TEXT)) == {("omission", "b")}
    bracketed = TEXT.replace("the old wooden door", "the old [front] door")
    assert kinds(direction(TEXT, bracketed)) == {("omission", "a")}


def test_quoted_lines_are_the_copy() -> None:
    lines = TEXT.replace(" and ", "\n> and ").replace(" of ", "\n> of ")
    assert kinds(direction(TEXT, f"Somebody writes\n> {lines}\n")) == {("attribution", "a")}


def test_the_earlier_of_two_dated_documents_is_likely_the_source() -> None:
    documents = [tr.Document("x", TEXT, {"date": "1850-03-01"}), tr.Document("y", TEXT, {"year": 1849})]
    found = tr.find_reuse(documents, min_words=8)[0].direction
    assert found is not None
    assert found.source == "b"
    assert "1849" in str(found)


def test_reasons_against_each_other_leave_it_open_or_lower_the_strength() -> None:
    cut = TEXT.replace("and nobody came to", "[...]")
    documents = [tr.Document("x", cut, {"date": "1849"}), tr.Document("y", TEXT, {"date": "1850"})]
    found = tr.find_reuse(documents, min_words=8)[0].direction
    assert found is not None
    assert (found.source, found.strength) == (None, 0.5)
    assert str(found).startswith("undecided")


def test_the_side_whose_surroundings_share_words_with_the_passage_is_likely_the_source() -> None:
    topic = prose(120, 1)
    passage, around = topic[: len(topic) // 3], topic[len(topic) // 3 :]
    # around it the source goes on with the same words, in another order
    words = around.split() + passage.split()
    source = f"{passage}\n\n{' '.join(words[::-1])}"
    foreign = " ".join(f"xq{word}" for word in prose(120, 2).split())
    assert ("context", "a") in kinds(direction(source, f"{passage}\n\n{foreign}"))


def test_without_texts_only_dates_speak() -> None:
    result = tr.find_reuse(load_sample(), min_words=10)
    for match in result.without_texts():
        assert {kind for kind, _ in kinds(match.direction)} <= {"date"}


def test_the_letter_is_the_source_of_those_who_quote_it() -> None:
    # its quotations, not dates: the letter and the agency report are of one day
    result = tr.find_reuse([replace(document, metadata={}) for document in load_sample()], min_words=10)
    quoting = {"04-daily-lantern", "08-lantern-opinion"}
    found = [
        (match.direction, match.a.document_id)
        for match in result
        if {match.a.document_id, match.b.document_id} & quoting
        and "02-open-quay" in (match.a.document_id, match.b.document_id)
    ]
    sources = [
        one.source if id_ == "02-open-quay" else {"a": "b", "b": "a"}[one.source or "a"] for one, id_ in found if one
    ]
    assert sources
    assert set(sources) == {"a"}
