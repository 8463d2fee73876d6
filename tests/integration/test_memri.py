"""Five web pages around one leaked letter: what they share, held against a brute force.

The pages, by the first three characters of their names: 000 a news report that quotes the letter, 001 and 002 two blogs
that reprint the MEMRI report (001 its introduction, 002 all of it), 003 an analysis that quotes the letter with
omissions, 004 a blog that reprints parts of the report.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest

import textreuse as tr

MIN_WORDS = 8
APOSTROPHES = "'’‘`"
WORD = re.compile(rf"\w+(?:[{APOSTROPHES}-]\w+)*[{APOSTROPHES}]?")


class Word(NamedTuple):
    folded: str
    start: int
    stop: int


class Run(NamedTuple):
    """A stretch of words that two pages have in common and that cannot be made longer."""

    a: str
    a_start: int
    a_stop: int
    b: str
    b_start: int
    b_stop: int


# --- the brute force --------------------------------------------------------------------------------------------------


def words_of(text: str) -> list[Word]:
    return [Word(folded(match.group()), *match.span()) for match in WORD.finditer(text)]


def folded(word: str) -> str:
    """Return the word without case and apostrophes, and Hamas's like Hamas'."""
    word = re.sub(rf"[{APOSTROPHES}]", "'", word.casefold())
    return re.sub(r"s's$", "s'", word).replace("'", "")


def common_runs(a: str, a_text: str, b: str, b_text: str) -> Iterator[Run]:
    """Yield all maximal common runs of at least MIN_WORDS words, whatever else they overlap."""
    a_words, b_words = words_of(a_text), words_of(b_text)
    places: dict[str, list[int]] = defaultdict(list)
    for j, word in enumerate(b_words):
        places[word.folded].append(j)
    for i, word in enumerate(a_words):
        for j in places[word.folded]:
            if i and j and a_words[i - 1].folded == b_words[j - 1].folded:
                continue
            n = 1
            while i + n < len(a_words) and j + n < len(b_words) and a_words[i + n].folded == b_words[j + n].folded:
                n += 1
            if n >= MIN_WORDS:
                yield Run(a, word.start, a_words[i + n - 1].stop, b, b_words[j].start, b_words[j + n - 1].stop)


def all_runs(pages: dict[str, str]) -> list[Run]:
    return [run for a, b in combinations(sorted(pages), 2) for run in common_runs(a, pages[a], b, pages[b])]


def is_covered(run: Run, match: tr.Match) -> bool:
    """Return whether the match holds 95 % of the characters of the run on both sides."""
    if (match.a.document_id, match.b.document_id) != (run.a, run.b):
        return False
    a = overlap(run.a_start, run.a_stop, match.a.start, match.a.stop)
    b = overlap(run.b_start, run.b_stop, match.b.start, match.b.stop)
    return a >= 0.95 * (run.a_stop - run.a_start) and b >= 0.95 * (run.b_stop - run.b_start)


def overlap(start: int, stop: int, other_start: int, other_stop: int) -> int:
    return min(stop, other_stop) - max(start, other_start)


# --- the engine -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pages(shared_data: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted((shared_data / "memri").glob("*.txt"))}


@pytest.fixture(scope="module")
def result(shared_data: Path) -> tr.ReuseResult:
    return tr.find_reuse(shared_data / "memri", min_words=MIN_WORDS)


def page(result: tr.ReuseResult, number: str) -> str:
    """Return the id of the page whose name starts with the number."""
    (found,) = (id_ for id_ in result.documents if id_.startswith(number))
    return found


def matches_between(result: tr.ReuseResult, a: str, b: str) -> list[tr.Match]:
    pair = (page(result, a), page(result, b))
    return [match for match in result if (match.a.document_id, match.b.document_id) == pair]


def matches_touching(matches: list[tr.Match], a_quotation: str, b_quotation: str) -> list[tr.Match]:
    """Return the matches that touch the quotation on both sides."""
    return [match for match in matches if touches(match.a, a_quotation) and touches(match.b, b_quotation)]


def touches(passage: tr.Passage, quotation: str) -> bool:
    start = found_once(passage, quotation)
    return overlap(passage.start, passage.stop, start, start + len(quotation)) > 0


def found_once(passage: tr.Passage, quotation: str) -> int:
    assert passage.document_text is not None
    assert passage.document_text.count(quotation) == 1
    return passage.document_text.index(quotation)


def quotation_from(text: str, first: str, last: str) -> str:
    start = text.index(first)
    return text[start : text.index(last, start) + len(last)]


# --- every shared run -------------------------------------------------------------------------------------------------


def test_pages_are_read_as_they_stand(pages: dict[str, str], result: tr.ReuseResult) -> None:
    assert sorted(result.documents) == sorted(pages)
    for match in result:
        for passage in (match.a, match.b):
            assert passage.text == pages[passage.document_id][passage.start : passage.stop]


def test_brute_force_finds_the_runs_a_reader_sees(pages: dict[str, str]) -> None:
    runs = all_runs(pages)
    texts = [pages[run.a][run.a_start : run.a_stop] for run in runs]
    # three of those that a reader marks first; the longest is the introduction of the report, four paragraphs
    assert any(text.startswith("On February 24, 2016") and text.endswith("maintaining ties with it") for text in texts)
    assert any(text.startswith("After a period of being in Syria") for text in texts)
    assert "We will all regret the disaster that will befall us in".lower() in {
        text.lower().replace("[", "").replace("]", "") for text in texts
    }
    assert len(runs) == 21
    assert {(run.a[:3], run.b[:3]) for run in runs} >= {
        ("000", "002"), ("000", "003"), ("001", "002"), ("001", "004"), ("002", "003"), ("002", "004"),
    }  # fmt: skip


def test_every_run_of_eight_shared_words_is_covered_by_one_match(pages: dict[str, str], result: tr.ReuseResult) -> None:
    missing = [run for run in all_runs(pages) if not any(is_covered(run, match) for match in result)]
    assert [(run, pages[run.a][run.a_start : run.a_stop]) for run in missing] == []


# --- quotations that were trimmed differently -------------------------------------------------------------------------

# two pages, and the first and last words of the quotation as each has it
TRIMMED = {
    "brackets and two omissions": (
        "002", "Oh, Caliph of the Muslims, I wish", "to this mighty state",
        "003", "Oh, Caliph of the Muslims, I wish", "to this mighty state",
    ),
    "an omission in the other page": (
        "000", "They [Hamas", "supporters of the Islamic State",
        "003", "They [Hamas", "supporters of the Islamic State",
    ),
    "words added in brackets": (
        "000", "After a period of being", "including Al-Qassam",
        "002", "After a period of being", "including [the ‘Izz Al-Din] Al-Qassam",
    ),
    "verbatim, with the same brackets": (
        "000", "f these things continue", "Iraq and Syria",
        "002", "f these things continue", "Iraq and Syria",
    ),
    "a sentence put between two paragraphs, in 001": (
        "001", "On February 24, 2016", "Al-Qaeda supporters",
        "004", "On February 24, 2016", "Al-Qaeda supporters",
    ),
    "a sentence put between two paragraphs, in 002": (
        "002", "On February 24, 2016", "Al-Qaeda supporters",
        "004", "On February 24, 2016", "Al-Qaeda supporters",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TRIMMED)
def test_a_trimmed_quotation_is_one_match_with_edits(name: str, pages: dict[str, str], result: tr.ReuseResult) -> None:
    a, a_first, a_last, b, b_first, b_last = TRIMMED[name]
    a_quotation = quotation_from(pages[page(result, a)], a_first, a_last)
    b_quotation = quotation_from(pages[page(result, b)], b_first, b_last)
    found = [
        match
        for match in matches_touching(matches_between(result, a, b), a_quotation, b_quotation)
        if len(match.a) > 0.2 * len(a_quotation)  # a name that recurs inside the quotation is not a piece of it
    ]
    assert len(found) == 1, [str(match) for match in found]
    (match,) = found
    assert a_quotation in match.a.text
    assert b_quotation in match.b.text
    # at most a word or two beyond the quotation, such as "The letter", with which both pages go on
    assert len(match.a) <= len(a_quotation) + 20, match.a.text
    assert len(match.b) <= len(b_quotation) + 20, match.b.text


def test_omissions_are_edits_inside_the_match(pages: dict[str, str], result: tr.ReuseResult) -> None:
    match = max(matches_between(result, "002", "003"), key=lambda match: match.score)
    shown = [(edit.kind, pages[match.a.document_id][edit.a_start : edit.a_stop]) for edit in match.alignment]
    (omitted,) = (text for kind, text in shown if kind != "equal" and "Walaa" in text and "loyalty" in text)
    assert omitted == "Al-Walaa Wal-Baraa [loyalty to Muslims and rejection of non-Muslims"
    # "[the principle of] Al-Walaa Wal-Baraa, on weak pretexts" has become "the principle... on weak pretexts"
    (cut,) = (text for kind, text in shown if kind != "equal" and "Walaa" in text and "loyalty" not in text)
    assert cut == "of] Al-Walaa Wal-Baraa"


def test_bracketed_additions_are_edits_inside_the_match(pages: dict[str, str], result: tr.ReuseResult) -> None:
    quotation = "After a period of being in Syria"
    (match,) = matches_touching(matches_between(result, "000", "002"), quotation, quotation)
    inserted = [edit for edit in match.alignment if edit.kind == "insert"]
    assert [pages[match.b.document_id][edit.b_start : edit.b_stop] for edit in inserted] == ["the ‘Izz Al-Din"]


# --- families ---------------------------------------------------------------------------------------------------------


def family_of(result: tr.ReuseResult, number: str, quotation: str) -> tr.Family:
    """Return the family that has the quotation of a page in one of its members."""
    id_ = page(result, number)
    (found,) = (
        family
        for family in result.families
        if any(member.document_id == id_ and quotation in member.text for member in family)
    )
    return found


@pytest.mark.parametrize(
    "paragraph",
    [
        "On February 24, 2016, a letter from an Islamic State (ISIS) fighter",
        "This letter is the first confirmation of ties between the two organizations",
        "explains the areas in which the groups collaborate",
    ],
)
def test_paragraphs_of_the_report_form_families_over_three_pages(paragraph: str, result: tr.ReuseResult) -> None:
    family = family_of(result, "004", paragraph)
    holding = {member.document_id[:3] for member in family if paragraph in member.text}
    assert holding == {"001", "002", "004"}


@pytest.mark.parametrize(
    ("quotation", "first", "second"),
    [
        ("I wish to speak to you about an issue", "002", "003"),
        ("they give table scraps to the province", "000", "003"),
        ("I have learned that the Islamic State considers Hamas", "000", "002"),
    ],
)
def test_a_quotation_in_two_pages_is_a_family_of_its_own(
    quotation: str, first: str, second: str, result: tr.ReuseResult
) -> None:
    family = family_of(result, first, quotation)
    assert family.id == family_of(result, second, quotation).id
    assert {member.document_id[:3] for member in family} == {first, second}


# --- nothing absurd ---------------------------------------------------------------------------------------------------


def test_no_match_is_mostly_differences(result: tr.ReuseResult) -> None:
    # edit_rate is 0.2; a match in which half of the words of the shorter side differ is no quotation
    assert [str(match) for match in result if match.similarity < 0.5] == []


def test_no_match_is_longer_than_what_the_pages_share(pages: dict[str, str], result: tr.ReuseResult) -> None:
    # 001 and 002 share the introduction of the report with its title, 558 words with a caption that only 002 has
    for match in result:
        assert match.words < 600, str(match)
        assert 2 * min(len(match.a), len(match.b)) > max(len(match.a), len(match.b)), str(match)


def test_passages_of_one_pair_do_not_overlap_on_both_sides(result: tr.ReuseResult) -> None:
    for left, right in combinations(result, 2):
        if (left.a.document_id, left.b.document_id) == (right.a.document_id, right.b.document_id):
            a = overlap(left.a.start, left.a.stop, right.a.start, right.a.stop)
            b = overlap(left.b.start, left.b.stop, right.b.start, right.b.stop)
            assert a <= 0 or b <= 0, f"{left}\n{right}"


def test_best_match_is_the_reprinted_report(result: tr.ReuseResult) -> None:
    best = result[0]
    assert (best.a.document_id[:3], best.b.document_id[:3]) == ("001", "002")
    assert best.similarity > 0.98
    assert best.a.text.endswith("It was merely enraged because he mentioned the group his the letter.")
    assert [match.score for match in result] == sorted((match.score for match in result), reverse=True)
