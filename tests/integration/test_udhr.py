"""The Universal Declaration in 532 languages: each is found where it is planted in another."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from unicodedata import name, normalize

import numpy as np
import pytest

import textreuse as tr
from textreuse.tokenize import tokenize

N_PLANTED = 60
N_LANGUAGES = 532
# How many tokens an edge may be off: beside the planted span stands text that may go on alike by chance.
MAX_OFF = 2
# A host is cut to this length, so that all pairs are compared in some seconds.
HOST_LENGTH = 2_500


class Planted(NamedTuple):
    """A span of one language's text, its place there, the text with it planted, and its place in that."""

    language: str
    host: str
    source: str
    start: int
    stop: int
    text: str
    text_start: int
    text_stop: int


@pytest.fixture(scope="module")
def declarations(shared_data: Path) -> dict[str, str]:
    with gzip.open(shared_data / "udhr" / "udhr.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {row["id"]: row["text"] for row in rows}


@cache
def script_of_letter(letter: str) -> str:
    return name(letter, "").partition(" ")[0]


def script(text: str) -> str:
    """Return the first word of the Unicode name of most letters: LATIN, CYRILLIC, CJK ..."""
    return Counter(script_of_letter(letter) for letter in text[:2_000] if letter.isalpha()).most_common(1)[0][0]


def token_spans(text: str) -> list[tuple[int, int]]:
    tokens = tokenize([text])
    return list(zip(tokens.starts.tolist(), tokens.stops.tolist(), strict=True))


def plant_in(source: tuple[str, str], host: tuple[str, str]) -> Planted:
    """Plant N_PLANTED tokens from the middle of the source between two lines near the middle of the host.

    Two texts are but a title and an article, of 33 and 22 tokens: all of them are planted.
    """
    (language, text), (host_language, host_text) = source, host
    spans = token_spans(text)
    assert len(spans) >= 20, f"{language} has {len(spans)} tokens"
    first = max(0, (len(spans) - N_PLANTED) // 2)
    start, stop = spans[first][0], spans[first : first + N_PLANTED][-1][1]
    place = host_text.find("\n", HOST_LENGTH // 2) + 1 or len(host_text)
    before = host_text[:place]
    planted = f"{before}{text[start:stop]}\n{host_text[place:HOST_LENGTH]}"
    return Planted(language, host_language, text, start, stop, planted, place, place + stop - start)


def planted_in_another_script(declarations: dict[str, str]) -> list[Planted]:
    """Return each language planted in one of another script, chosen by turns among all of them."""
    scripts = {language: script(text) for language, text in declarations.items()}
    languages = sorted(declarations)
    planted = []
    for number, language in enumerate(languages):
        others = [other for other in languages if scripts[other] != scripts[language]]
        host = others[number % len(others)]
        planted.append(plant_in((language, declarations[language]), (host, declarations[host])))
    return planted


def tokens_off(text: str, passage: tr.Passage, start: int, stop: int) -> int:
    """Return by how many tokens the worse edge of the passage misses the planted one."""
    spans = token_spans(text)
    starts, stops = [span[0] for span in spans], [span[1] for span in spans]
    low, high = np.searchsorted(starts, [passage.start, start])
    low_stop, high_stop = np.searchsorted(stops, [passage.stop, stop])
    return int(max(abs(low - high), abs(low_stop - high_stop)))


def is_found(planted: Planted, match: tr.Match) -> bool:
    return (
        tokens_off(planted.source, match.a, planted.start, planted.stop) <= MAX_OFF
        and tokens_off(planted.text, match.b, planted.text_start, planted.text_stop) <= MAX_OFF
    )


def test_all_languages_are_there(declarations: dict[str, str]) -> None:
    assert len(declarations) == N_LANGUAGES
    assert len({script(text) for text in declarations.values()}) >= 30


def test_a_planted_span_is_found_in_every_language(declarations: dict[str, str]) -> None:
    missed = []
    for planted in planted_in_another_script(declarations):
        # 60 tokens are 30 words where a word is two characters
        result = tr.compare(planted.source, planted.text)
        if not any(is_found(planted, match) for match in result):
            missed.append((planted.language, planted.host, [str(match) for match in result]))
    assert missed == []


def test_a_planted_span_is_the_best_match_in_every_language(declarations: dict[str, str]) -> None:
    for planted in planted_in_another_script(declarations):
        best = tr.compare(planted.source, planted.text)[0]
        assert best.similarity == 1.0, planted.language
        assert is_found(planted, best), f"{planted.language} in {planted.host}: {best}"


def test_spans_planted_in_another_language_of_the_same_script_are_found(declarations: dict[str, str]) -> None:
    languages = sorted(declarations)
    scripts = {language: script(text) for language, text in declarations.items()}
    missed = []
    # every language with the one after it, where both are written alike: Latin in Latin, Cyrillic in Cyrillic
    for source, host in pairwise(languages):
        if scripts[source] != scripts[host]:
            continue
        planted = plant_in((source, declarations[source]), (host, declarations[host]))
        result = tr.compare(planted.source, planted.text)
        if not any(covers(planted, match) for match in result):
            missed.append((source, host, [str(match) for match in result]))
    assert missed == []


def covers(planted: Planted, match: tr.Match) -> bool:
    """Return whether the match holds the span: variants of one language go on alike beyond its edges."""
    a = min(planted.stop, match.a.stop) - max(planted.start, match.a.start)
    b = min(planted.text_stop, match.b.stop) - max(planted.text_start, match.b.start)
    return min(a, b) >= 0.95 * (planted.stop - planted.start)


def test_token_spans_slice_every_text(declarations: dict[str, str]) -> None:
    languages = sorted(declarations)
    tokens = tokenize([declarations[language] for language in languages])
    bounds = tokens.bounds.tolist()
    assert tokens.n_documents == N_LANGUAGES
    for language, first, last in zip(languages, bounds, bounds[1:], strict=False):
        text = declarations[language]
        starts, stops = tokens.starts[first:last].tolist(), tokens.stops[first:last].tolist()
        assert starts and starts[0] >= 0 and stops[-1] <= len(text), language
        assert all(start < stop for start, stop in zip(starts, stops, strict=True)), language
        assert all(stop <= start for stop, start in zip(stops, starts[1:], strict=False)), language
        assert all(
            # as compatibility has it, for the sign № is a word
            any(character.isalnum() for character in normalize("NFKC", text[start:stop]))
            for start, stop in zip(starts, stops, strict=True)
        ), language


def test_no_letter_or_digit_is_lost_between_tokens(declarations: dict[str, str]) -> None:
    for language, text in declarations.items():
        edges = [0, *[edge for span in token_spans(text) for edge in span], len(text)]
        between = "".join(text[stop:start] for stop, start in zip(edges[::2], edges[1::2], strict=True))
        # the apostrophe that is a letter to Unicode is one like the others here: at the edge of a word it is left out
        lost = sorted({character for character in between if character.isalnum()} - {"\N{MODIFIER LETTER APOSTROPHE}"})
        assert lost == [], f"{language}: {lost}"


def test_tokens_of_a_text_do_not_depend_on_its_neighbors(declarations: dict[str, str]) -> None:
    languages = sorted(declarations)[::7]
    together = tokenize([declarations[language] for language in languages])
    for number, language in enumerate(languages):
        alone = tokenize([declarations[language]])
        span = slice(int(together.bounds[number]), int(together.bounds[number + 1]))
        assert np.array_equal(alone.hashes, together.hashes[span]), language
        assert np.array_equal(alone.starts, together.starts[span]), language
