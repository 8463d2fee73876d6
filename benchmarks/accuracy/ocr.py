"""Test that misread text is found: passages of which 5 to 20 % of the characters differ, with preset `ocr`.

    python -m benchmarks.accuracy.ocr [--full] [--language English] [--noise .05 .1] [--explain 3] [--words 80]

As in `promise`, each planting is a pair of documents of its own in one collection of many: a passage of 80 words of
real text (160 characters of Chinese) amid other text. Both whole documents are then misread independently, each
character with half the probability of the pairwise error: replaced (six in ten; half of these by a look-alike, where
there is one), dropped, or followed by a new one (two in ten each). `spaces` also loses 3 % of the spaces of either
document and inserts as many. `error` is the measured share: edits between the two copies per character. A planting is
found if the matches of its pair cover at least half of it on both sides, and `one` is the share of those found that are
one match. `false` counts matches per million characters beside what was planted of which the texts before they were
misread do not share half of their letters in order (the corpus has some reuse of its own). Exits with 1 if a row misses
its bar. The quick run takes 300 plantings a row, `--full` 2,000.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import defaultdict
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np
from benchmarks.accuracy.promise import cut_pieces, read_vocabulary, text_of
from benchmarks.generate import random_generator

import textreuse as tr
from textreuse.rewording import LOOK_ALIKES, Vocabulary

BARS = {0.05: 0.995, 0.08: 0.99, 0.1: 0.99, 0.15: 0.95, 0.2: 0.8}
ONE, FALSE = 0.95, 1.0
SPACES = 0.03
CONTEXT = 120  # words on either side of a passage, together
QUICK, FULL = 300, 2000


def misread(text: str, rate: float, spaces: float, alphabet: str, rng: np.random.Generator) -> tuple[str, list[int]]:
    """Return the text with noise, and where each of its characters (and its end) came to stand."""
    chance = rng.random(len(text)).tolist()
    kind = rng.random(len(text)).tolist()
    drawn = rng.integers(len(alphabet), size=len(text)).tolist()
    pieces: list[str] = []
    places: list[int] = []
    length = 0
    for i, character in enumerate(text):
        places.append(length)
        piece = character
        if character.isspace():
            if chance[i] < spaces:
                piece = ""
        elif chance[i] < rate:
            new = alphabet[drawn[i]]
            if kind[i] < 0.3:
                piece = LOOK_ALIKES.get(character, new)
            elif kind[i] < 0.6:
                piece = new
            else:
                piece = "" if kind[i] < 0.8 else character + new
        elif chance[i] > 1 - spaces / 5:  # there are about five letters to a space
            piece = character + " "
        pieces.append(piece)
        length += len(piece)
    return "".join(pieces), [*places, length]


def edits_between(a: str, b: str) -> int:
    """Return the least number of characters to replace, drop and insert (Levenshtein)."""
    codes = np.array([ord(c) for c in b])
    steps = np.arange(len(b) + 1)
    row = steps.copy()
    for i, character in enumerate(a, start=1):
        best = np.minimum(row[:-1] + (codes != ord(character)), row[1:] + 1)
        row = np.minimum.accumulate(np.concatenate([[i], best]) - steps) + steps
    return int(row[-1])


def error_of(planting: Planting) -> float:
    """Return the edits between the two copies, per character of one."""
    texts = [document.text[slice(*span)] for document, span in zip(planting.documents, planting.spans, strict=True)]
    return 2 * edits_between(*texts) / sum(map(len, texts))


class Planting(NamedTuple):
    """The two documents, and where the passage stands in them."""

    documents: list[tr.Document]
    spans: list[tuple[int, int]]
    clean: list[str]
    places: list[list[int]]  # of each clean character in the document


def plant(
    vocabulary: Vocabulary, n: int, words: int, rate: float, spaces: float, alphabet: str, seed: tuple[int, ...]
) -> list[Planting]:
    """Return pairs of misread documents with a passage in common: as many as the text gives, at most `n`."""
    rng = random_generator(seed)
    found = []
    for number, (document, first) in zip(range(n), cut_pieces(vocabulary, words + 2 * CONTEXT, rng), strict=False):
        lead, place = (int(x) for x in rng.integers(1, CONTEXT, 2))
        target = first + words + CONTEXT
        passage = text_of(vocabulary, document, first + lead, first + lead + words)
        pair, spans, clean, places_of = [], [], [], []
        for name, start, before, after in (
            ("a", first, lead, CONTEXT - lead),
            ("b", target, place, CONTEXT - place),
        ):
            skip = words if name == "a" else 0
            lead_text = text_of(vocabulary, document, start, start + before) + "\n"
            rest = text_of(vocabulary, document, start + before + skip, start + before + skip + after)
            clean.append(f"{lead_text}{passage}\n{rest}")
            noisy, places = misread(clean[-1], rate / 2, spaces, alphabet, rng)
            places_of.append(places)
            pair.append(tr.Document(f"{number:05}{name}", noisy))
            spans.append((places[len(lead_text)], places[len(lead_text) + len(passage)]))
        found.append(Planting(pair, spans, clean, places_of))
    return found


def is_reuse(match: tr.Match, plantings: list[Planting]) -> bool:
    """Return whether the texts that were misread agree: at most half as many edits as characters."""
    texts = []
    for passage in (match.a, match.b):
        planting = plantings[int(passage.document_id[:5])]
        side = int(passage.document_id[5] == "b")
        start, stop = np.searchsorted(planting.places[side], [passage.start, passage.stop]).tolist()
        texts.append(planting.clean[side][start:stop])
    return 2 * edits_between(*texts) <= max(map(len, texts))


def covered(span: tuple[int, int], passages: list[tr.Passage]) -> float:
    """Return the share of a span that passages cover."""
    inside = np.zeros(span[1] - span[0], bool)
    for passage in passages:
        inside[max(0, passage.start - span[0]) : max(0, passage.stop - span[0])] = True
    return float(inside.mean())


class Row(NamedTuple):
    """What one row of the table came to."""

    n: int
    error: float
    found: int
    one: int
    false: int
    characters: int
    edges: float
    seconds: float
    lost: list[str]


def run(vocabulary: Vocabulary, words: int, rate: float, spaces: float, n: int, explain: int, **options: object) -> Row:
    """Return what becomes of `n` plantings in one collection."""
    spaceless = bool((vocabulary.tokens.hashes & np.uint64(1)).mean() > 0.5)
    sample = "".join(text[:20_000] for text in vocabulary.texts[:50])
    alphabet = "".join(c for c in sample if c.isalpha())
    length, seed = 2 * words if spaceless else words, (7, int(1000 * rate), int(spaces > 0))
    # some errors cancel out, or undo each other: more are made, until as many are left as asked for
    chance = rate
    for _ in range(3):
        trial = plant(vocabulary, 100, length, chance, 0.0, alphabet, seed)
        chance *= rate / float(np.mean([error_of(planting) for planting in trial]))
    plantings = plant(vocabulary, n, length, chance, spaces, alphabet, seed)
    documents = [document for planting in plantings for document in planting.documents]
    start = perf_counter()
    result = tr.find_reuse(documents, **{"preset": "ocr", "boilerplate": "keep", **options})  # type: ignore[arg-type]
    seconds = perf_counter() - start
    of_pair: dict[int, list[tr.Match]] = defaultdict(list)
    beside: list[tr.Match] = []
    for match in result:
        if match.a.document_id[:5] == match.b.document_id[:5]:
            of_pair[int(match.a.document_id[:5])].append(match)
        else:
            beside.append(match)
    found = one = 0
    errors = [error_of(planting) for planting in plantings[:200]]
    edges: list[int] = []
    lost: list[str] = []
    for number, (pair, spans, _, _) in enumerate(plantings):
        inside = []
        for match in of_pair[number]:
            at = [min(p.stop, s[1]) - max(p.start, s[0]) for p, s in zip((match.a, match.b), spans, strict=True)]
            if min(at) > 0:
                inside.append(match)
            else:
                beside.append(match)
        both = [covered(spans[0], [m.a for m in inside]), covered(spans[1], [m.b for m in inside])]
        if min(both) >= 0.5:
            found += 1
            one += len(inside) == 1
            for span, passage in zip(spans, (inside[0].a, inside[0].b), strict=True):
                if len(inside) == 1:
                    edges += [abs(span[0] - passage.start), abs(span[1] - passage.stop)]
        elif len(lost) < explain:
            lost.append(f"{both}\n{result.explain(pair[0].id, pair[1].id)}")
    false = [match for match in beside if not is_reuse(match, plantings)]
    lost += [f"false: {match}" for match in false[:explain]]
    return Row(
        len(plantings), float(np.mean(errors)), found, one, len(false), sum(len(d.text) for d in documents),
        float(np.median(edges)) if edges else 0.0, seconds, lost,
    )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("TEXTREUSE_DATA", "../shared/data")))
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--n", type=int)
    parser.add_argument("--words", type=int, default=80)
    parser.add_argument("--language", nargs="*", default=["English", "Chinese"])
    parser.add_argument("--noise", nargs="*", type=float, default=list(BARS))
    parser.add_argument("--explain", type=int, default=0)
    arguments = parser.parse_args()
    n = arguments.n or (FULL if arguments.full else QUICK)
    print(" " * 19, "     n  error  found    bar    one  false  edges      s   MB/s")
    missed = 0
    for language in arguments.language:
        vocabulary = read_vocabulary(language, arguments.data)
        for spaces in (0.0, SPACES) if language != "Chinese" else (0.0,):
            for noise in arguments.noise:
                row = run(vocabulary, arguments.words, noise, spaces, n, arguments.explain)
                share, one, false = row.found / row.n, row.one / max(1, row.found), 1e6 * row.false / row.characters
                bar = BARS.get(noise, 0.0)
                # a miss is one that chance explains in less than one of 20 runs
                fails = share < bar - 1.65 * (bar * (1 - bar) / row.n) ** 0.5 or one < ONE or false > FALSE
                missed += fails
                print(
                    f"{language:10} {noise:4.0%} {'spaces' if spaces else '':8} {row.n:5} {row.error:6.3f} "
                    f"{share:6.3f}  {bar:5} {one:6.3f} {false:6.2f} {row.edges:6.1f} {row.seconds:6.1f} "
                    f"{row.characters / 1e6 / row.seconds:6.2f}{'  MISSED' if fails else ''}",
                    flush=True,
                )
                for text in row.lost:
                    print(text)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
