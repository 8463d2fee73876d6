"""Test the promise: passages of `min_words` with a share of `edit_rate` of their words changed are found at `recall`.

    python -m benchmarks.accuracy.promise [--full] [--language English] [--min-words 15 25] [--explain 3]

Each planting is a pair of documents of its own in one collection of many: a passage of exactly `min_words` words of
real text (twice as many characters of Chinese) amid other text, and a copy of it with exactly round(edit_rate * words)
edits, equal parts replaced, dropped and inserted at random places, amid other text again. It is found if the matches of
the two documents cover at least half of it on both sides. A cell of the table fails if so few are found that a recall
as promised would give as few or fewer with a probability below .05 / 192, one-sided (there are 192 cells), and with
`edit_rate` 0 if a single one is lost. Prints the table and exits with 1 if a cell fails. The quick run takes 300
plantings a cell, `--full` 2,000.

English is pan13/src. Russian is what paraplag-ru-sample and the UDHR hold: little, so it is cut anew for many small
collections, which therefore share more than what is planted. Arabic has the UDHR only, 1,300 words: text is drawn from
those words and others made of their letters, by Zipf's law. Chinese is one edition of the Shiji, in several
collections where it does not suffice for one. `others` counts matches of documents that were not paired.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import unescape
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np
import regex
from benchmarks.generate import WORD, draw_words, random_generator

import textreuse as tr
from textreuse.rewording import Vocabulary, edit_units
from textreuse.tokenize import tokenize

MIN_WORDS, EDIT_RATES, RECALLS = (15, 25, 50, 100), (0.0, 0.1, 0.2, 0.3), (0.9, 0.95, 0.99)
LEVEL = 0.05 / 192
CONTEXT = 120  # words before and after a passage, together
QUICK, FULL = 300, 2000
ARABIC_WORDS = 20_000


# --- real text --------------------------------------------------------------------------------------------------------


def read_english(data: Path) -> list[str]:
    return [path.read_bytes().decode("utf-8") for path in sorted((data / "pan13" / "src").glob("*.txt"))]


def read_udhr(data: Path, language: str) -> str:
    with gzip.open(data / "udhr" / "udhr.jsonl.gz", "rt", encoding="utf-8") as lines:
        return next(str(row["text"]) for row in map(json.loads, lines) if row["lang"] == language)


def read_russian(data: Path) -> list[str]:
    texts = [read_udhr(data, "ru")]
    for path in sorted((data / "paraplag-ru-sample").glob("*v1*/*/sources/*.html")):
        page = path.read_bytes()
        text = page.decode("windows-1251" if b"windows-1251" in page[:2000] else "utf-8", errors="replace")
        text = regex.sub(r"(?is)<(script|style).*?</\1>|<!--.*?-->", " ", text)
        lines = unescape(regex.sub(r"<[^>]*>", "\n", text)).splitlines()
        # whole sentences only: no menus, no tables of songs
        texts.append("\n".join(line.strip() for line in lines if len(regex.findall(r"[\p{Cyrillic}]+", line)) >= 8))
    return texts


def read_arabic(data: Path) -> list[str]:
    """Return generated text: the words of the UDHR, by frequency, and others of their letters, drawn by Zipf's law."""
    words = WORD.findall(read_udhr(data, "ar"))
    vocabulary = dict.fromkeys(word for word, _ in Counter(words).most_common())
    followers: dict[str, list[str]] = defaultdict(list)
    for word in words:
        for two, next_letter in zip(pairwise(f"  {word}"), [*word, " "], strict=False):
            followers["".join(two)].append(next_letter)
    rng = random_generator(1, 0)
    while len(vocabulary) < ARABIC_WORDS:
        word = "  "
        while len(word) < 4 or word[-1] != " ":
            nexts = followers[word[-2:]]
            word += nexts[int(rng.integers(len(nexts)))]
        vocabulary.setdefault(word.strip())
    drawn = draw_words(1_200_000, rng, list(vocabulary))
    return [" ".join(drawn[start : start + 10_000]) for start in range(0, len(drawn), 10_000)]


def read_chinese(data: Path) -> list[str]:
    return [path.read_text("utf-8") for path in sorted((data / "shiji" / "texts").glob("KR2a0002*.txt"))]


READERS = {"English": read_english, "Russian": read_russian, "Arabic": read_arabic, "Chinese": read_chinese}


@lru_cache(maxsize=1)
def read_vocabulary(language: str, data: Path) -> Vocabulary:
    texts = READERS[language](data)
    return Vocabulary(texts, tokenize(texts))


# --- planting ---------------------------------------------------------------------------------------------------------


class Planted(NamedTuple):
    """A passage in document `a` and its edited copy in `b`, by offsets."""

    a: str
    a_start: int
    a_stop: int
    b: str
    b_start: int
    b_stop: int


def cut_pieces(vocabulary: Vocabulary, length: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Return (document, first token) of stretches of text that do not overlap, in random order."""
    pieces = []
    for document, (start, stop) in enumerate(pairwise(vocabulary.tokens.bounds.tolist())):
        shift = int(rng.integers(length))
        pieces += [(document, first) for first in range(shift, stop - start - length + 1, length)]
    return [pieces[i] for i in rng.permutation(len(pieces)).tolist()]


def text_of(vocabulary: Vocabulary, document: int, first: int, stop: int) -> str:
    """Return the text from one token up to, not including, the start of another."""
    tokens = vocabulary.tokens
    start = int(tokens.bounds[document])
    return vocabulary.texts[document][int(tokens.starts[start + first]) : int(tokens.stops[start + stop - 1])]


def plant(
    vocabulary: Vocabulary, n: int, words: int, n_edits: int, context: int, seed: Sequence[int]
) -> Iterator[tuple[list[tr.Document], Planted]]:
    """Yield at most `n` pairs of documents with a passage of `words` tokens planted: as many as the text gives."""
    rng = random_generator(seed)
    pieces = iter(cut_pieces(vocabulary, words + 2 * context, rng))
    separator = "\n"
    for number, (document, first) in zip(range(n), pieces, strict=False):
        lead, place = (int(x) for x in rng.integers(0, context + 1, 2))
        # the piece: context and passage of a, then context of b
        source = text_of(vocabulary, document, first, first + words + context)
        target = first + words + context
        units = vocabulary.units(document, first + lead, first + lead + words)
        copy = edit_units(units, "mixed", n_edits, vocabulary, rng)
        before = text_of(vocabulary, document, target, target + place) + separator if place else ""
        after = separator + text_of(vocabulary, document, target + place, target + context) if place < context else ""
        starts = vocabulary.tokens.starts[int(vocabulary.tokens.bounds[document]) :]
        a_start = int(starts[first + lead]) - int(starts[first])
        passage = text_of(vocabulary, document, first + lead, first + lead + words)
        ids = f"{number:05}a", f"{number:05}b"
        yield (
            [tr.Document(ids[0], source), tr.Document(ids[1], before + copy + after)],
            Planted(ids[0], a_start, a_start + len(passage), ids[1], len(before), len(before) + len(copy)),
        )


def is_found(planted: Planted, matches: Sequence[tr.Match]) -> bool:
    """Return whether matches cover at least half of a planted passage and of its copy."""
    a, b = np.zeros(planted.a_stop - planted.a_start, bool), np.zeros(planted.b_stop - planted.b_start, bool)
    for match in matches:
        a[max(0, match.a.start - planted.a_start) : max(0, match.a.stop - planted.a_start)] = True
        b[max(0, match.b.start - planted.b_start) : max(0, match.b.stop - planted.b_start)] = True
    return bool(a.mean() >= 0.5 and b.mean() >= 0.5)


def fewest(n: int, recall: float, level: float = LEVEL) -> int:
    """Return the fewest of `n` that are still no sign that fewer than `recall` are found (exact binomial)."""
    log_factorial = np.concatenate([[0], np.cumsum(np.log(np.arange(1, n + 1)))])
    k = np.arange(n + 1)
    log_chance = log_factorial[n] - log_factorial[k] - log_factorial[n - k]
    log_chance = log_chance + k * np.log(recall) + (n - k) * np.log(1 - recall)
    return int(np.argmax(np.cumsum(np.exp(log_chance)) >= level))


# --- the table --------------------------------------------------------------------------------------------------------


class Cell(NamedTuple):
    """What one promise came to; seconds are those of all searches."""

    n: int
    found: int
    least: int
    n_documents: int
    seconds: float
    others: int  # matches between documents that were not paired
    lost: list[str]  # why, of a few


def test_cell(
    vocabulary: Vocabulary, words: int, edit_rate: float, recall: float, n: int, seed: int, explain: int
) -> Cell:
    """Return what becomes of `n` plantings: as many runs as it takes, each over as many as the text gives."""
    spaceless = bool((vocabulary.tokens.hashes & np.uint64(1)).mean() > 0.5)
    length = 2 * words if spaceless else words
    context = 2 * CONTEXT if spaceless else CONTEXT
    n_found, done, others, n_documents, seconds = 0, 0, 0, 0, 0.0
    lost: list[str] = []
    while done < n:
        pairs = list(plant(vocabulary, n - done, length, round(edit_rate * length), context, [seed, words, done]))
        documents = [document for pair, _ in pairs for document in pair]
        start = perf_counter()
        # what recurs widely is found as well, wherever it is listed
        result = tr.find_reuse(
            documents, min_words=words, edit_rate=edit_rate, recall=recall, threads=1, boilerplate="keep"
        )
        seconds += perf_counter() - start
        by_pair = defaultdict(list)
        for match in result:
            by_pair[match.a.document_id, match.b.document_id].append(match)
        others += sum(len(matches) for (a, b), matches in by_pair.items() if a[:-1] != b[:-1])
        for _, planted in pairs:
            matches = by_pair[planted.a, planted.b]
            if is_found(planted, matches):
                n_found += 1
            elif len(lost) < explain:
                lost.append(describe_loss(result, planted, matches))
        done += len(pairs)
        n_documents = max(n_documents, len(documents))
    return Cell(n, n_found, fewest(n, recall), n_documents, seconds, others, lost)


def describe_loss(result: tr.ReuseResult, planted: Planted, matches: Sequence[tr.Match]) -> str:
    """Return at which stage a planted passage was lost."""
    if matches:
        return "matched, but covers " + ", ".join(
            f"{overlap(m.a.start, m.a.stop, planted.a_start, planted.a_stop):.2f}/"
            f"{overlap(m.b.start, m.b.stop, planted.b_start, planted.b_stop):.2f}"
            for m in matches
        )
    explanation = result.explain(planted.a, planted.b)
    if not explanation.hits:
        return "no common anchor"
    if not explanation.regions:
        return f"{explanation.hits} hits, no region"
    best = explanation.regions[0]
    return (
        f"{explanation.hits} hits, {best.covered} of {explanation.needed_covered} tokens, {best.words:g} of "
        f"{explanation.needed_words:g} words, {best.score:.0f} of {explanation.needed_score:.0f} bits: {best.verdict}"
    )


def overlap(start: int, stop: int, first: int, last: int) -> float:
    return max(0, min(stop, last) - max(start, first)) / (last - first)


def main() -> int:
    """Test all cells, print the table, return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("TEXTREUSE_DATA", "../shared/data")))
    parser.add_argument("--full", action="store_true", help=f"{FULL:,} plantings a cell instead of {QUICK}")
    parser.add_argument("-n", type=int, help="plantings a cell")
    parser.add_argument("--language", nargs="+", choices=list(READERS), default=list(READERS))
    parser.add_argument("--min-words", type=int, nargs="+", default=MIN_WORDS)
    parser.add_argument("--edit-rate", type=float, nargs="+", default=EDIT_RATES)
    parser.add_argument("--recall", type=float, nargs="+", default=RECALLS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--explain", type=int, default=0, help="say where so many passages a cell were lost")
    arguments = parser.parse_args()
    n = arguments.n or (FULL if arguments.full else QUICK)
    tr.find_reuse(["one two three four", "one two three four"], min_words=3, threads=1)  # compile
    failed = 0
    print("language  min_words  edit_rate  promised  recall  found of n  least  documents  s/cell  others")
    for language in arguments.language:
        vocabulary = read_vocabulary(language, arguments.data)
        for words in arguments.min_words:
            for edit_rate in arguments.edit_rate:
                for recall in arguments.recall:
                    cell = test_cell(vocabulary, words, edit_rate, recall, n, arguments.seed, arguments.explain)
                    fails = cell.found < cell.least or (edit_rate == 0 and cell.found < n)
                    failed += fails
                    print(
                        f"{language:8}  {words:9}  {edit_rate:9.1f}  {recall:8.2f}  {cell.found / n:6.4f}  "
                        f"{cell.found:5} {n:4}  {cell.least:5}  {cell.n_documents:9,}  {cell.seconds:6.1f}  "
                        f"{cell.others:6}{'  FAILS' if fails else ''}",
                        flush=True,
                    )
                    for line in cell.lost:
                        print(f"    lost: {line}", flush=True)
    print(f"{failed} cells fail" if failed else "all cells keep their promise")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
