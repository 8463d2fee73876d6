"""How well detections agree with known truth: plagdet and its parts, as PAN defines them, and other scores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2
from typing import Literal, cast

import numpy as np

from textreuse.errors import OptionsError
from textreuse.pan import Span, read_pan, write_pan
from textreuse.tokenize import Tokenizer, tokenize

__all__ = [
    "Agreement",
    "EdgeErrors",
    "PlagdetScore",
    "Span",
    "measure_edges",
    "plagdet",
    "read_pan",
    "score_cases",
    "score_characters",
    "score_documents",
    "write_pan",
]

Marks = dict[tuple[str, str], list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class PlagdetScore:
    """Agreement of detections with truth: each from 0 to 1, granularity from 1 (one detection per case) up."""

    plagdet: float
    precision: float
    recall: float
    granularity: float


def plagdet(
    truth: Iterable[Sequence[object]],
    detections: Iterable[Sequence[object]],
    *,
    average: Literal["macro", "micro"] = "macro",
) -> PlagdetScore:
    """Return plagdet, precision, recall and granularity of `detections` (Potthast et al. 2010).

    Cases and detections are (suspicious, offset, length, source, source offset, source length). A detection detects a
    case if they overlap on both sides. `average` "macro" gives every case and detection the same weight, "micro" every
    character. Nothing to find and nothing found is a perfect score.

    Examples
    --------
    >>> plagdet([("s", 0, 10, "t", 5, 10)], [("s", 0, 5, "t", 5, 5)]).recall
    0.5
    """
    if average not in ("macro", "micro"):
        raise OptionsError(f"average={average!r}: may be 'macro' or 'micro'.")
    cases = [Span(*case) for case in truth]  # type: ignore[arg-type]
    found = [Span(*detection) for detection in detections]  # type: ignore[arg-type]
    if not cases and not found:
        return PlagdetScore(1.0, 1.0, 1.0, 1.0)
    if not cases or not found:
        return PlagdetScore(0.0, 0.0, 0.0, 1.0)
    if average == "macro":
        recall, precision = _macro(cases, found), _macro(found, cases)
    else:
        common = _characters_in_common(cases, found)
        recall, precision = common / _characters(cases), common / _characters(found)
    granularity = _granularity(cases, found)
    balanced = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return PlagdetScore(balanced / log2(1 + granularity), precision, recall, granularity)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many of the true are found, how many of the found are true, and the harmonic mean of the two."""

    precision: float
    recall: float
    f1: float


def score_cases(
    truth: Iterable[Sequence[object]], detections: Iterable[Sequence[object]], *, coverage: float = 0.5
) -> Agreement:
    """Return how many cases are found and how many detections are right.

    A case is found if the detections that overlap it on both sides cover at least `coverage` of it on both sides; a
    detection is right if cases cover it likewise.

    Examples
    --------
    >>> score_cases([("s", 0, 10, "t", 5, 10)], [("s", 0, 5, "t", 5, 5)]).recall
    1.0
    >>> score_cases([("s", 0, 10, "t", 5, 10)], [("s", 0, 5, "t", 5, 5)], coverage=0.6).recall
    0.0
    """
    cases, found = _checked(truth, detections, coverage)
    recalled, right = _sufficient(cases, found, coverage), _sufficient(found, cases, coverage)
    return _agreement(sum(recalled), len(cases), sum(right), len(found))


def score_documents(
    truth: Iterable[Sequence[object]], detections: Iterable[Sequence[object]], *, coverage: float = 0.5
) -> Agreement:
    """Return how many pairs of documents with a case have one that is found, and how many with a detection a right one.

    What is found and what is right says `score_cases`.
    """
    cases, found = _checked(truth, detections, coverage)
    numbers: list[int] = []
    for spans, others in ((cases, found), (found, cases)):
        good = {span[::3] for span, enough in zip(spans, _sufficient(spans, others, coverage), strict=True) if enough}
        numbers += [len(good), len({span[::3] for span in spans})]
    return _agreement(*numbers)


def score_characters(
    truth: Iterable[Sequence[object]], detections: Iterable[Sequence[object]]
) -> tuple[Agreement, Agreement]:
    """Return how the characters in cases and in detections agree, on the suspicious side and on the source side.

    A character counts once per pair of documents, however many spans hold it.
    """
    cases, found = _checked(truth, detections, 1.0)
    sides = []
    for side in (slice(1, 3), slice(4, 6)):
        marks: list[Marks] = [defaultdict(list), defaultdict(list)]
        for of_pair, spans in zip(marks, (cases, found), strict=True):
            for span in spans:
                offset, length = cast(tuple[int, int], span[side])
                of_pair[span.suspicious, span.source].append((offset, offset + length))
        true, detected = (sum(map(_union, of_pair.values())) for of_pair in marks)
        either = sum(_union([*marks[0].get(pair, ()), *marks[1].get(pair, ())]) for pair in {*marks[0], *marks[1]})
        common = true + detected - either
        sides.append(_agreement(common, true, common, detected))
    return sides[0], sides[1]


@dataclass(frozen=True, slots=True)
class EdgeErrors:
    """How far the edges of detections are from those of the cases they detect: four edges per detected case."""

    n_edges: int
    median: float
    percentile_90: float
    median_words: float | None
    percentile_90_words: float | None


def measure_edges(
    truth: Iterable[Sequence[object]],
    detections: Iterable[Sequence[object]],
    *,
    suspicious: Mapping[str, str] | None = None,
    sources: Mapping[str, str] | None = None,
    tokenizer: Tokenizer | None = None,
) -> EdgeErrors:
    """Return median and 90th percentile of the distance between edges, in characters and in words.

    The edges of a case in pieces are those of its first and of its last piece. Undetected cases count nothing; without
    any detected case all numbers are 0. Words (of the tokenizer: characters, where a script has no spaces) are counted
    if the texts of both sides are given, by name of document: those that lie in whole or in part between two edges.
    """
    cases, found = _checked(truth, detections, 1.0)
    pairs = _by_pair(found)
    edges: list[tuple[bool, str, int, int]] = []  # on the source side?, document, where it is, where it should be
    for case in cases:
        pieces = [other for other in pairs.get((case.suspicious, case.source), ()) if _overlap(case, other)]
        if not pieces:
            continue
        for is_source, side in enumerate(zip(_sides(case), *map(_sides, pieces), strict=True)):
            (_, name, start, stop), *others = side
            edges.append((bool(is_source), name, min(other[2] for other in others), start))
            edges.append((bool(is_source), name, max(other[3] for other in others), stop))
    characters = [abs(here - there) for _, _, here, there in edges]
    words = None
    if suspicious is not None and sources is not None:
        words = _words_between(edges, (suspicious, sources), tokenizer)
    return EdgeErrors(
        len(edges), *_median_and_90(characters), *(_median_and_90(words) if words is not None else (None, None))
    )


def _words_between(
    edges: Sequence[tuple[bool, str, int, int]], texts: Sequence[Mapping[str, str]], tokenizer: Tokenizer | None
) -> list[int]:
    """Return how many tokens each pair of edges has between them, cut ones included."""
    names = list(dict.fromkeys((is_source, name) for is_source, name, _, _ in edges))
    tokens = tokenize([texts[is_source][name] for is_source, name in names], tokenizer=tokenizer)
    bounds = dict(zip(names, pairwise(tokens.bounds.tolist()), strict=True))
    between = []
    for is_source, name, *both in edges:
        of_document = slice(*bounds[is_source, name])
        low, high = sorted(both)
        first = int(np.searchsorted(tokens.stops[of_document], low, side="right"))
        last = int(np.searchsorted(tokens.starts[of_document], high, side="left"))
        between.append(max(0, last - first) if low < high else 0)
    return between


def _median_and_90(values: Sequence[int]) -> tuple[float, float]:
    if not values:
        return 0.0, 0.0
    return float(np.median(values)), float(np.percentile(values, 90))


def _checked(
    truth: Iterable[Sequence[object]], detections: Iterable[Sequence[object]], coverage: float
) -> tuple[list[Span], list[Span]]:
    if not 0 < coverage <= 1:
        raise OptionsError(f"coverage={coverage!r}: a share above 0, up to 1.")
    return [Span(*case) for case in truth], [Span(*detection) for detection in detections]  # type: ignore[arg-type]


def _agreement(n_recalled: int, n_true: int, n_right: int, n_found: int) -> Agreement:
    """Return shares of counts; nothing to find, and nothing found, are perfect."""
    recall = n_recalled / n_true if n_true else 1.0
    precision = n_right / n_found if n_found else 1.0
    return Agreement(precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0)


def _sufficient(spans: Sequence[Span], others: Sequence[Span], coverage: float) -> list[bool]:
    """Return which spans are covered enough, on both sides."""
    pairs = _by_pair(others)
    enough = []
    for span in spans:
        overlapping = [other for other in pairs.get((span.suspicious, span.source), ()) if _overlap(span, other)]
        covered = _covered(span, overlapping)
        enough.append(covered[0] >= coverage * span.length and covered[1] >= coverage * span.source_length)
    return [good and span.length > 0 and span.source_length > 0 for good, span in zip(enough, spans, strict=True)]


def _by_pair(spans: Iterable[Span]) -> dict[tuple[str, str], list[Span]]:
    pairs: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for span in spans:
        pairs[span.suspicious, span.source].append(span)
    return pairs


def _overlap(one: Span, other: Span) -> bool:
    return (
        min(one.offset + one.length, other.offset + other.length) > max(one.offset, other.offset)
        and min(one.source_offset + one.source_length, other.source_offset + other.source_length)
        > max(one.source_offset, other.source_offset)
    )  # fmt: skip


def _covered(span: Span, others: Iterable[Span]) -> tuple[int, int]:
    """Return how many characters of each side of `span` the others cover."""
    suspicious = np.zeros(span.length, bool)
    source = np.zeros(span.source_length, bool)
    for other in others:
        at = other.offset - span.offset
        suspicious[max(0, at) : max(0, at + other.length)] = True
        at = other.source_offset - span.source_offset
        source[max(0, at) : max(0, at + other.source_length)] = True
    return int(suspicious.sum()), int(source.sum())


def _macro(spans: Sequence[Span], others: Sequence[Span]) -> float:
    """Return the mean share of each span that those others cover that overlap it on both sides."""
    pairs = _by_pair(others)
    shares = []
    for span in spans:
        overlapping = [other for other in pairs.get((span.suspicious, span.source), ()) if _overlap(span, other)]
        shares.append(sum(_covered(span, overlapping)) / (span.length + span.source_length))
    return float(np.mean(shares))


def _granularity(cases: Sequence[Span], found: Sequence[Span]) -> float:
    """Return how many detections a detected case has on average."""
    pairs = _by_pair(found)
    counts = [
        sum(_overlap(case, detection) for detection in pairs.get((case.suspicious, case.source), ())) for case in cases
    ]
    counts = [count for count in counts if count]
    return float(np.mean(counts)) if counts else 1.0


def _marks(intervals: Iterable[tuple[str, str, int, int]]) -> Marks:
    by_document: Marks = defaultdict(list)
    for kind, name, start, stop in intervals:
        by_document[kind, name].append((start, stop))
    return by_document


def _union(intervals: Iterable[tuple[int, int]]) -> int:
    total, reach = 0, -1
    for start, stop in sorted(intervals):
        total += max(0, stop - max(start, reach))
        reach = max(reach, stop)
    return total


def _sides(span: Span) -> tuple[tuple[str, str, int, int], tuple[str, str, int, int]]:
    return (
        ("suspicious", span.suspicious, span.offset, span.offset + span.length),
        ("source", span.source, span.source_offset, span.source_offset + span.source_length),
    )


def _characters(spans: Sequence[Span]) -> int:
    """Return how many characters of all documents the spans cover."""
    return sum(_union(marks) for marks in _marks(side for span in spans for side in _sides(span)).values())


def _characters_in_common(cases: Sequence[Span], found: Sequence[Span]) -> int:
    """Return how many characters are covered by both halves of a case and of a detection that overlap."""
    pairs = _by_pair(found)
    common = []
    for case in cases:
        for detection in pairs.get((case.suspicious, case.source), ()):
            if _overlap(case, detection):
                for one, other in zip(_sides(case), _sides(detection), strict=True):
                    common.append((one[0], one[1], max(one[2], other[2]), min(one[3], other[3])))
    return sum(_union(marks) for marks in _marks(common).values())
