from __future__ import annotations

import pytest

from textreuse.cutting import cut, joined_spans, widened


def without(marked: str, *, carefully: bool = False) -> str:
    """Return the text without what stands in <...>."""
    text, spans = "", []
    for part in marked.split("<"):
        inside, _, rest = part.rpartition(">")
        if inside:
            spans.append((len(text), len(text) + len(inside)))
        text += inside + rest
    return cut(text, spans, carefully=carefully)


@pytest.mark.parametrize(
    ("marked", "left"),
    [
        # One stretch of white space stays.
        ("one <two> three", "one three"),
        ("one\n<two>\nthree", "one\nthree"),
        ("one\n<two> three", "one\nthree"),
        ("one <two>\nthree", "one\nthree"),
        ("one\n\n<two>\n\nthree", "one\n\nthree"),
        ("one\n\n<two>\nthree", "one\n\nthree"),
        ("one\n<two>\n\nthree", "one\n\nthree"),
        ("one\r\n<two>\r\n\r\nthree", "one\r\n\r\nthree"),
        # What follows keeps its indentation.
        ("if a:\n    <b>\n    c", "if a:\n    c"),
        ("one\n\n<two>\n   three", "one\n\n   three"),
        ("<one>\n   three", "   three"),
        # Nothing is left over at the ends.
        ("<one> two", "two"),
        ("one <two>", "one"),
        ("one\n<two>\n", "one\n"),
        ("one\n\n<two>\n", "one\n"),
        ("  one <two>", "  one"),
        ("<one>\n", ""),
        ("\n<one>\n\n<two>\n", ""),
        # Several in a row.
        ("one\n<two>\n<three>\n\n<four>\nfive", "one\n\nfive"),
        ("one <two> <three> four", "one four"),
        ("one <two> four <five> six\n", "one four six\n"),
        # Punctuation.
        ("one <two>, three", "one, three"),
        ("one <two>) three", "one) three"),
        ("(<two> three", "(three"),
        ("one <two>- three", "one - three"),
        # Words are not glued together; characters of scripts without spaces are words of their own.
        ("one<二三>four", "one four"),
        ("一<two>二", "一二"),
        ("an <old>. Wall", "an. Wall"),
    ],
)
def test_what_is_left_is_joined_as_if_nothing_had_been_there(marked: str, left: str) -> None:
    assert without(marked) == left


def test_careful_joins_let_no_hyphen_join_words() -> None:
    assert without("half-\n<one>\nway") == "half-\nway"
    assert without("half-\n<one>\nway", carefully=True) == "half- way"
    assert without("half-\n\n<one>\nway", carefully=True) == "half-\n\nway"


def test_spans_without_words_between_are_cut_as_one() -> None:
    assert joined_spans([(0, 1), (2, 3), (5, 8)], [False, True]) == [(0, 1), (2, 8)]
    assert joined_spans([], []) == []


@pytest.mark.parametrize(
    ("marked", "other", "expected"),
    [
        ("so “|it is|.” Then", "and “|it is|.”", "“it is.”"),
        ("so “|it is|.” Then", "and |it is|, and", "it is"),
        ("so (|it is|). Then", "and (|it is|) and", "(it is)"),
        ("so-|it is|-then", "so-|it is|-then", "it is"),  # belongs to either side
        ("|it is|!", "|it is|!", "it is!"),
    ],
)
def test_a_passage_takes_along_the_punctuation_that_its_copy_has(marked: str, other: str, expected: str) -> None:
    def parts(text: str) -> tuple[str, tuple[int, int], tuple[int, int]]:
        start, stop = text.index("|"), text.rindex("|") - 1
        plain = text.replace("|", "")
        before = max((i + 1 for i in range(start) if plain[i].isalpha()), default=0)
        after = min((i for i in range(stop, len(plain)) if plain[i].isalpha()), default=len(plain))
        return plain, (start, stop), (before, after)

    span, kept = widened(*parts(marked), *parts(other))
    assert marked.replace("|", "")[slice(*span)] == other.replace("|", "")[slice(*kept)] == expected
