"""How well detections agree with known truth: plagdet and its parts, as PAN defines them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Literal, NamedTuple
from xml.etree import ElementTree

import numpy as np

from textreuse.errors import InputError, OptionsError


class Span(NamedTuple):
    """A pair of passages: offsets and lengths in code points in a suspicious and in a source document."""

    suspicious: str
    offset: int
    length: int
    source: str
    source_offset: int
    source_length: int


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


def read_pan(folder: str | Path) -> list[Span]:
    """Return the cases of all PAN XML files of a folder, in order of file name.

    Raises
    ------
    InputError
        If there is no such folder, or a file is no PAN annotation.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"there is no folder {str(folder)!r} with PAN annotations.")
    spans = []
    for path in sorted(folder.glob("*.xml")):
        try:
            root = ElementTree.parse(path).getroot()
        except ElementTree.ParseError as error:
            raise InputError(f"{path} is no XML: {error}.") from None
        for feature in root.iter("feature"):
            value = feature.attrib
            if "source_reference" not in value:
                continue
            try:
                spans.append(
                    Span(
                        root.attrib["reference"], int(value["this_offset"]), int(value["this_length"]),
                        value["source_reference"], int(value["source_offset"]), int(value["source_length"]),
                    )
                )  # fmt: skip
            except (KeyError, ValueError) as error:
                raise InputError(f"{path}: a feature lacks or garbles {error}.") from None
    return spans


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


def _covered(span: Span, others: Iterable[Span]) -> int:
    """Return how many characters of both sides of `span` the others cover."""
    suspicious = np.zeros(span.length, bool)
    source = np.zeros(span.source_length, bool)
    for other in others:
        at = other.offset - span.offset
        suspicious[max(0, at) : max(0, at + other.length)] = True
        at = other.source_offset - span.source_offset
        source[max(0, at) : max(0, at + other.source_length)] = True
    return int(suspicious.sum() + source.sum())


def _macro(spans: Sequence[Span], others: Sequence[Span]) -> float:
    """Return the mean share of each span that those others cover that overlap it on both sides."""
    pairs = _by_pair(others)
    shares = []
    for span in spans:
        overlapping = [other for other in pairs.get((span.suspicious, span.source), ()) if _overlap(span, other)]
        shares.append(_covered(span, overlapping) / (span.length + span.source_length))
    return float(np.mean(shares))


def _granularity(cases: Sequence[Span], found: Sequence[Span]) -> float:
    """Return how many detections a detected case has on average."""
    pairs = _by_pair(found)
    counts = [
        sum(_overlap(case, detection) for detection in pairs.get((case.suspicious, case.source), ())) for case in cases
    ]
    counts = [count for count in counts if count]
    return float(np.mean(counts)) if counts else 1.0


def _marks(intervals: Iterable[tuple[str, str, int, int]]) -> dict[tuple[str, str], list[tuple[int, int]]]:
    by_document: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
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
