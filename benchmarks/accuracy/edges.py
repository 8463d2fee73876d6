"""Measure how far the edges of detections are off on the verbatim cases of PAN 2013, in words.

    python benchmarks/accuracy/edges.py [--data ../shared/data] [--preset plagiarism] [--worst 20]

All 5,057 documents in one call. Each of the 1,252 cases of category 02 is held against the detection that overlaps it
most. Where the words beside a case agree in both texts the case is taken to reach as far as they do: nothing in the
texts tells that it ends before. The error of an edge is the number of words between it and the edge of the detection.
Prints how the errors are distributed on each of the four edges, how much punctuation was left out that agrees on both
sides, and the worst cases with their texts. Exits with 1 if the median of an edge is not 0, its 90th percentile is
above 1, or punctuation directly at an edge was left out.
"""

from __future__ import annotations

import argparse
import os
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import textreuse as tr
from textreuse.evaluate import Span, read_pan
from textreuse.model import Tokens
from textreuse.tokenize import tokenize

CATEGORY = "02-no-obfuscation"
EDGES = ("suspicious start", "suspicious stop", "source start", "source stop")
PERCENTILES = (50, 90, 95, 99, 100)


class Case(NamedTuple):
    """A case with what was found of it, the signed errors of the four edges, and punctuation left out."""

    truth: Span
    found: Span
    errors: tuple[int, int, int, int]
    punctuation: int


def read_documents(folder: Path, names: frozenset[str] = frozenset()) -> dict[str, str]:
    """Return the texts by file name, with offsets as they lie in the files; only these, if any are named."""
    return {
        path.name: path.read_bytes().decode("utf-8")
        for side in ("src", "susp")
        for path in sorted((folder / side).glob("*.txt"))
        if not names or path.name in names
    }


def detect(texts: Mapping[str, str], **options: Any) -> dict[tuple[str, str], list[Span]]:
    """Return what find_reuse detects, by suspicious and source document."""
    found: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for match in tr.find_reuse(texts, **options):
        # "source-..." sorts before "suspicious-...", so a is the source wherever the two differ in kind
        a, b = match.a, match.b
        found[b.document_id, a.document_id].append(Span(b.document_id, b.start, len(b), a.document_id, a.start, len(a)))
    return found


def overlap(one: Span, other: Span) -> int:
    """Return how many characters two spans have in common on the side where they have fewer."""
    return min(
        min(one.offset + one.length, other.offset + other.length) - max(one.offset, other.offset),
        min(one.source_offset + one.source_length, other.source_offset + other.source_length)
        - max(one.source_offset, other.source_offset),
    )


def words_of(tokens: Tokens, offset: int, length: int) -> tuple[int, int]:
    """Return the first word that reaches into a stretch of text, and the one after the last that does."""
    return (
        int(np.searchsorted(tokens.stops, offset, "right")),
        int(np.searchsorted(tokens.starts, offset + length, "left")),
    )


def measure(texts: Mapping[str, str], truth: Sequence[Span], found: Mapping[tuple[str, str], list[Span]]) -> list[Case]:
    """Return the errors of all cases that were detected."""
    cases = []
    for case in truth:
        candidates = found.get((case.suspicious, case.source), [])
        best = max(candidates, key=lambda span: overlap(case, span), default=None)
        if best is None or overlap(case, best) <= 0:
            continue
        a, b = texts[case.suspicious], texts[case.source]
        one, other = tokenize([a]), tokenize([b])
        a_start, a_stop = words_of(one, case.offset, case.length)
        b_start, b_stop = words_of(other, case.source_offset, case.source_length)
        while a_start and b_start and one.hashes[a_start - 1] == other.hashes[b_start - 1]:
            a_start, b_start = a_start - 1, b_start - 1
        while a_stop < len(one) and b_stop < len(other) and one.hashes[a_stop] == other.hashes[b_stop]:
            a_stop, b_stop = a_stop + 1, b_stop + 1
        found_a = words_of(one, best.offset, best.length)
        found_b = words_of(other, best.source_offset, best.source_length)
        errors = (found_a[0] - a_start, found_a[1] - a_stop, found_b[0] - b_start, found_b[1] - b_stop)
        cases.append(Case(case, best, errors, left_out(a, b, best)))
    return cases


def left_out(a: str, b: str, found: Span) -> int:
    """Return how many edges of a detection have the same punctuation directly beside them in both texts."""
    before = (a[: found.offset][-1:], b[: found.source_offset][-1:])
    after = (a[found.offset + found.length :][:1], b[found.source_offset + found.source_length :][:1])
    return sum(one == other and one != "" and unicodedata.category(one)[0] == "P" for one, other in (before, after))


def excerpt(text: str, start: int, length: int) -> str:
    """Return the two edges of a passage, in brackets, with what stands around them."""
    stop = start + length
    pieces = (
        text[max(0, start - 40) : start],
        text[start : start + 40],
        text[stop - 40 : stop],
        text[stop : stop + 40],
    )
    before, first, last, after = (" ".join(piece.split()) for piece in pieces)
    return f"{before} [[{first} ... {last}]] {after}"


def main() -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=os.environ.get("TEXTREUSE_DATA", "../shared/data"))
    parser.add_argument("--preset")
    parser.add_argument("--worst", type=int, default=20)
    arguments = parser.parse_args()
    folder = Path(arguments.data) / "pan13"
    texts = read_documents(folder)
    truth = read_pan(folder / CATEGORY)
    cases = measure(texts, truth, detect(texts, preset=arguments.preset))
    errors = np.abs([case.errors for case in cases])
    print(f"{len(cases)} of {len(truth)} cases detected; words by which an edge is off:")
    print(f"{'':18}{'exact':>8}" + "".join(f"{f'{percent} %':>7}" for percent in PERCENTILES))
    percentiles = np.percentile(errors, PERCENTILES, axis=0)
    for edge, name in enumerate(EDGES):
        exact = float(np.mean(errors[:, edge] == 0))
        print(f"{name:18}{exact:8.4f}" + "".join(f"{value:7.0f}" for value in percentiles[:, edge]))
    punctuation = sum(case.punctuation for case in cases)
    print(f"{punctuation} edges with the same punctuation directly beside them in both texts, left out")
    worst = sorted(cases, key=lambda case: -max(map(abs, case.errors)))
    for case in worst[: arguments.worst]:
        if any(case.errors):
            print(f"{case.errors} words off in {case.truth.suspicious} and {case.truth.source}")
            for label, span in (("case", case.truth), ("found", case.found)):
                print(f"  {label:5} {excerpt(texts[span.suspicious], span.offset, span.length)}")
                print(f"  {'':5} {excerpt(texts[span.source], span.source_offset, span.source_length)}")
    return int(bool(percentiles[0].max() > 0 or percentiles[1].max() > 1 or punctuation))


if __name__ == "__main__":
    sys.exit(main())
