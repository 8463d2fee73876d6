"""The terminal display, on results made by hand and a console that writes into a string."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import pytest
from rich.console import Console

from textreuse.model import Edit, Skipped
from textreuse.result import Family, Match, Passage, ReuseResult
from textreuse.terminal import print_matches

OLD = "Before it. The quick brown fox jumps over the lazy dog. After it."
NEW = "Here: the quick red fox jumps right over the dog. And more."
FOX = (
    Edit("equal", 11, 20, 6, 15),
    Edit("replace", 21, 26, 16, 19),
    Edit("equal", 27, 36, 20, 29),
    Edit("insert", 36, 36, 30, 35),
    Edit("equal", 37, 45, 36, 44),
    Edit("delete", 46, 50, 44, 44),
    Edit("equal", 51, 54, 45, 48),
)


def match_of(a: Passage, b: Passage, edits: tuple[Edit, ...], *, family: int = 0) -> Match:
    match = Match(a, b, similarity=0.875, score=80.0, expected=1e-9, family=family, words=9.0)
    match.__dict__["alignment"] = edits  # the cached property, computed beforehand
    return match


def fox(*, family: int = 0, name: str = "new") -> Match:
    return match_of(Passage("old", 11, 54, OLD), Passage(name, 6, 48, NEW), FOX, family=family)


def whole(a: str, b: str, *edits: Edit) -> Match:
    return match_of(Passage("a", 0, len(a), a), Passage("b", 0, len(b), b), edits)


def result_of(
    *matches: Match,
    skipped: tuple[Skipped, ...] = (),
    documents: Mapping[str, Mapping[str, Any]] | None = None,
) -> ReuseResult:
    members: dict[int, dict[Passage, None]] = {}
    for match in matches:
        members.setdefault(match.family, {}).update({match.a: None, match.b: None})
    return ReuseResult(
        matches=matches,
        families=tuple(Family(id_, tuple(passages)) for id_, passages in members.items()),
        skipped=skipped,
        options=cast(Any, None),
        stats={"documents": 2},
        documents=documents or {},
    )


def plain(result: ReuseResult, limit: int = 10) -> str:
    """Return what a pipe gets."""
    out = io.StringIO()
    print_matches(result, Console(file=out, width=80), limit=limit)
    return out.getvalue()


def colored(result: ReuseResult, width: int = 120) -> str:
    """Return what a terminal of this width gets, escape sequences included."""
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=True, color_system="standard", no_color=False)
    print_matches(result, console)
    return out.getvalue()


def test_pipe_gets_one_text_with_plain_marks() -> None:
    shown = plain(result_of(fox()))
    assert "The quick [-brown-]{+red+} fox jumps {+right+} over the [-lazy-] dog\n" in shown
    assert "\x1b" not in shown


def test_a_line_in_a_pipe_is_not_wrapped() -> None:
    words = " ".join(f"w{n}" for n in range(40))
    shown = plain(result_of(whole(words, words, Edit("replace", 0, len(words), 0, len(words)))))
    assert f"[-{words}-]{{+{words}+}}\n" in shown


def test_wide_terminal_shows_both_sides_in_color() -> None:
    lines = colored(result_of(fox())).splitlines()
    [both] = [line for line in lines if "fox jumps" in line and "largest" not in line]
    assert both.index("\x1b[1;33mbrown\x1b[0m") < both.index("\x1b[1;33mred\x1b[0m")
    assert "\x1b[1;31mlazy\x1b[0m" in both
    assert "\x1b[1;32mright\x1b[0m" in both


def test_narrow_terminal_stacks_the_sides() -> None:
    shown = colored(result_of(fox()), width=70)
    lines = shown[: shown.index("1 match in")].splitlines()
    assert [("brown" in line, "red" in line) for line in lines if "quick" in line] == [(True, False), (False, True)]


def test_no_color_gives_plain_marks_in_a_terminal() -> None:
    out = io.StringIO()
    print_matches(result_of(fox()), Console(file=out, width=120, force_terminal=True, no_color=True))
    assert "[-brown-]{+red+}" in out.getvalue()


def test_head_names_the_documents() -> None:
    documents = {"old": {"title": "A [bold] fox", "date": "1911-03-02"}}
    shown = plain(result_of(fox(), documents=documents))
    assert "a: old  A [bold] fox  1911-03-02  [11:54]\n" in shown
    assert "b: new  [6:48]\n" in shown
    assert "No. 1  87 % alike, 9 words, score 80, by chance 1e-09, family 0" in shown


def test_best_of_each_family_comes_before_the_rest_and_keeps_its_rank() -> None:
    result = result_of(fox(), fox(name="b"), fox(family=1, name="c"), fox(family=1, name="d"))
    ranks = [line.split()[2] for line in plain(result, limit=3).splitlines() if line.startswith("==")]
    assert ranks == ["1", "3", "2"]


@pytest.mark.parametrize(
    ("limit", "said"), [(0, "3 more matches"), (1, "2 more matches"), (2, "1 more match "), (3, "")]
)
def test_matches_not_shown_are_counted(limit: int, said: str) -> None:
    shown = plain(result_of(fox(), fox(), fox()), limit=limit)
    assert shown.count("==") == limit
    assert said in shown
    assert ("not shown" in shown) == bool(said)


def test_largest_family_and_number_of_families_are_told() -> None:
    shown = plain(result_of(fox(), fox(family=1, name="b"), fox(family=1, name="c")))
    assert "3 matches in 2 documents, 2 families. The largest, family 1: 3 documents, 3 passages: The quick" in shown


def test_skipped_documents_are_told_by_reason() -> None:
    skipped = (*(Skipped(f"e{n}", "no words") for n in range(7)), Skipped("s", "one word"))
    for result in (result_of(fox(), skipped=skipped), result_of(skipped=skipped)):
        shown = plain(result)
        assert "8 documents skipped:" in shown
        assert "e0, e1, e2, e3, e4 and 2 more: no words" in shown
        assert "s: one word" in shown


def test_long_equal_stretch_loses_its_middle_and_says_how_much() -> None:
    text = " ".join(f"word{n}" for n in range(200))
    shown = plain(result_of(whole(text, text, Edit("equal", 0, len(text), 0, len(text)))))
    [line] = [line for line in shown.splitlines() if line.startswith("word0")]
    before, hidden, after = line.replace(" characters alike ...]", "[... ").split("[... ")
    assert text.startswith(before)
    assert text.endswith(after)
    assert len(before) + int(hidden.replace(",", "")) + len(after) == len(text)


def test_spaceless_text_is_neither_cut_silently_nor_overflows() -> None:
    text = "".join(chr(0x4E00 + n) for n in range(90))
    shown = colored(result_of(whole(text, text, Edit("equal", 0, 90, 0, 90))), width=100)
    assert "…" not in shown
    sides = shown[: shown.index("1 match in")]
    assert all(sides.count(character) == 2 for character in text)


def test_many_changes_are_cut_off_and_counted() -> None:
    a, b = "ab " * 2000, "cd " * 2000
    edits = [Edit("replace", at, at + 2, at, at + 2) for at in range(0, 6000, 3)]
    shown = plain(result_of(whole(a, b, *edits)))
    assert "more characters]" in shown
    assert len(shown) < 2000


def test_no_alignment_shows_all_as_changed_nothing_as_lost() -> None:
    shown = plain(result_of(whole("one two", "three four")))
    assert "[-one two-]{+three four+}" in shown


def test_control_characters_do_not_reach_the_terminal() -> None:
    evil = "red \x1b[31m\x07 word \u202eturned \ud800"
    shown = colored(result_of(whole(evil, evil, Edit("equal", 0, len(evil), 0, len(evil)))))
    assert "\x1b[31m" not in shown
    assert not set("\x07\u202e\ud800") & set(shown)
    assert "red \ufffd[31m" in shown


def test_terminal_that_knows_no_unicode_gets_question_marks() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii", errors="strict")
    print_matches(result_of(whole("naïve", "naïve", Edit("equal", 0, 5, 0, 5))), Console(file=out, width=80))
    out.flush()
    assert b"na?ve" in raw.getvalue()


def test_hyphen_at_a_line_end_is_joined_and_lines_flow() -> None:
    a, b = "the har-\nbour\nwall", "the harbour wall"
    shown = plain(result_of(whole(a, b, Edit("equal", 0, len(a), 0, len(b)))))
    assert "the harbour wall\n" in shown


def test_result_without_texts_shows_offsets() -> None:
    shown = plain(result_of(fox()).without_texts())
    assert "[11:54]" in shown
    assert "does not hold the texts" in shown
    assert "fox" not in shown


def test_nothing_found_is_said() -> None:
    assert plain(result_of()) == "No shared passages were found in 2 documents.\n"


def test_matches_found_but_not_kept_are_told() -> None:
    result = replace(result_of(fox()), stats={"documents": 2, "matches_found": 7})
    assert "6 matches found but not kept" in plain(result)
    assert "6 matches found but not kept" not in plain(result_of(fox()))
