"""Find the passages that stand twice in the King James Version, and each of its verses in a modern version.

    python benchmarks/accuracy/bible.py [--data ../shared/data] [--part parallels|verses]

Parallels: 40 well-known pairs of passages (Kings and Chronicles, the Synoptics), all 66 books in one call with
`within=True` and defaults. A pair is found if matches between its two sides cover at least half of one of them. The
table gives the shares covered of both.

Verses: the King James Version against the World English Bible, book against book, defaults. Of the verses whose two
versions share at least 70 % of their words, those are matched whose alignments pair half of the shorter version's words
with words of the same verse. What is shared is counted without regard to order, and set in relation to the longer
version and to the shorter one.

Exits with 1 if one of the 40 is missed or fewer than 95 % of the verses are matched.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

import textreuse as tr
from textreuse.tokenize import tokenize

Verse = tuple[str, int, int]
REFERENCE = re.compile(r"(.+) (\d+):(\d+)-(?:(\d+):)?(\d+)")
SHARED, MATCHED = 0.7, 0.95


class Version(NamedTuple):
    """A version of the Bible: text by book, and where each verse starts and stops in its book."""

    books: dict[str, str]
    verses: dict[Verse, tuple[int, int]]


class Found(NamedTuple):
    """A pair of passages, and which share of each is covered by matches with the other."""

    passage_a: str
    passage_b: str
    a: float
    b: float


class Pairing(NamedTuple):
    """The two versions of a verse: their words, how many they share, how many the alignments pair."""

    verse: Verse
    longer: int
    shorter: int
    shared: int
    paired: int

    @property
    def matched(self) -> bool:
        """Whether half of the shorter version is paired with words of the same verse."""
        return 2 * self.paired >= self.shorter


def read_version(path: Path, books: frozenset[str] = frozenset()) -> Version:
    """Return a version, a verse a line; only these books, if any are named."""
    lines: dict[str, list[str]] = defaultdict(list)
    lengths: dict[str, int] = defaultdict(int)
    verses = {}
    with path.open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            book, text = row["book"], row["text"]
            if books and book not in books:
                continue
            verses[book, int(row["chapter"]), int(row["verse"])] = lengths[book], lengths[book] + len(text)
            lengths[book] += len(text) + 1
            lines[book].append(text)
    return Version({book: "\n".join(texts) for book, texts in lines.items()}, verses)


def extent(version: Version, reference: str) -> tuple[str, int, int]:
    """Return the book, start and stop of a reference such as "2 Kings 24:18-25:21"."""
    parts = REFERENCE.fullmatch(reference)
    assert parts, reference
    book, chapter, verse, last_chapter, last_verse = parts.groups()
    first, last = (int(chapter), int(verse)), (int(last_chapter or chapter), int(last_verse))
    spans = [span for (name, *place), span in version.verses.items() if name == book and first <= tuple(place) <= last]
    return book, spans[0][0], spans[-1][1]


def covered(start: int, stop: int, spans: list[tuple[int, int]]) -> float:
    """Return the share of start to stop that the spans cover."""
    mask = np.zeros(stop - start, bool)
    for one, other in spans:
        mask[max(0, one - start) : max(0, other - start)] = True
    return float(mask.mean())


def find_parallels(version: Version, result: tr.ReuseResult, table: Path) -> Iterator[Found]:
    """Yield how much of each listed pair of passages was found."""
    matches: dict[tuple[str, str], list[tuple[tuple[int, int], tuple[int, int]]]] = defaultdict(list)
    for match in result:
        a, b = (match.a.start, match.a.stop), (match.b.start, match.b.stop)
        matches[match.a.document_id, match.b.document_id].append((a, b))
        matches[match.b.document_id, match.a.document_id].append((b, a))
    with table.open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            book_a, a_start, a_stop = extent(version, row["passage_a"])
            book_b, b_start, b_stop = extent(version, row["passage_b"])
            between = [
                (a, b)
                for a, b in matches[book_a, book_b]
                if a[0] < a_stop and a[1] > a_start and b[0] < b_stop and b[1] > b_start
            ]
            yield Found(
                row["passage_a"],
                row["passage_b"],
                covered(a_start, a_stop, [a for a, _ in between]),
                covered(b_start, b_stop, [b for _, b in between]),
            )


class _Words(NamedTuple):
    """The words of one book: where each starts, its hash, and its verse as a number."""

    starts: npt.NDArray[np.uint32]
    hashes: list[int]
    verse: list[int]


def _words(version: Version, numbers: dict[Verse, int]) -> dict[str, _Words]:
    books = {}
    for book, text in version.books.items():
        tokens = tokenize([text])
        spans = [(*span, numbers.get(verse, -1)) for verse, span in version.verses.items() if verse[0] == book]
        firsts = np.array([start for start, _, _ in spans])
        where = np.searchsorted(firsts, tokens.starts, "right") - 1
        verse = np.array([number for _, _, number in spans])[where]
        books[book] = _Words(tokens.starts, tokens.hashes.tolist(), verse.tolist())
    return books


def pair_verses(a: Version, b: Version) -> list[Pairing]:
    """Run, and return how the two versions of each common verse were paired."""
    result = tr.find_reuse(a.books, against={f"{book} (2)": text for book, text in b.books.items()})
    verses = [verse for verse in a.verses if verse in b.verses]
    numbers = {verse: number for number, verse in enumerate(verses)}
    words_a, words_b = _words(a, numbers), _words(b, numbers)
    paired: list[set[int]] = [set() for _ in verses]
    for match in result:
        book = match.a.document_id
        if match.b.document_id != f"{book} (2)":
            continue
        one, other = words_a[book], words_b[book]
        for edit in match.alignment:
            if edit.kind == "equal":
                i, stop = np.searchsorted(one.starts, (edit.a_start, edit.a_stop)).tolist()
                j = int(np.searchsorted(other.starts, edit.b_start))
                for step in range(stop - i):
                    number = one.verse[i + step]
                    if number >= 0 and number == other.verse[j + step]:
                        paired[number].add(i + step)
    bags_a, bags_b = _bags(words_a, len(verses)), _bags(words_b, len(verses))
    pairings = []
    for number, verse in enumerate(verses):
        bag_a, bag_b = bags_a[number], bags_b[number]
        sizes = sorted((bag_a.total(), bag_b.total()))
        if sizes[0]:
            pairings.append(Pairing(verse, sizes[1], sizes[0], (bag_a & bag_b).total(), len(paired[number])))
    return pairings


def _bags(words: dict[str, _Words], n_verses: int) -> list[Counter[int]]:
    bags: list[Counter[int]] = [Counter() for _ in range(n_verses)]
    for book in words.values():
        for hashed, number in zip(book.hashes, book.verse, strict=True):
            if number >= 0:
                bags[number][hashed] += 1
    return bags


def matched_share(pairings: list[Pairing]) -> float:
    """Return the share of verses that are matched."""
    return sum(pairing.matched for pairing in pairings) / max(1, len(pairings))


def _report_parallels(folder: Path) -> bool:
    version = read_version(folder / "kjv.tsv")
    result = tr.find_reuse(version.books, within=True)
    found = list(find_parallels(version, result, folder / "internal-parallels.tsv"))
    for pair in sorted(found, key=lambda pair: max(pair.a, pair.b)):
        print(f"{pair.a:6.2f} {pair.b:5.2f}  {pair.passage_a} = {pair.passage_b}")
    n_found = sum(max(pair.a, pair.b) >= 0.5 for pair in found)
    n_both = sum(min(pair.a, pair.b) >= 0.5 for pair in found)
    print(f"parallels: {n_found} of {len(found)} found, {n_both} by half on both sides; {len(result):,} matches in all")
    return n_found == len(found)


def _report_verses(folder: Path) -> bool:
    pairings = pair_verses(read_version(folder / "kjv.tsv"), read_version(folder / "web.tsv"))
    good = True
    for side in ("longer", "shorter"):
        alike = [pairing for pairing in pairings if pairing.shared >= SHARED * getattr(pairing, side)]
        share = matched_share(alike)
        print(f"verses that share 70 % of the words of the {side} version: {share:.4f} of {len(alike):,} matched")
        for low, high in ((1, 8), (8, 12), (12, 20), (20, 30), (30, 999)):
            some = [pairing for pairing in alike if low <= pairing.longer < high]
            print(f"    {low:3} to {high - 1:3} words: {matched_share(some):.4f} of {len(some):,}")
        missed = [" ".join(map(str, pairing.verse)) for pairing in alike if not pairing.matched]
        print(f"    missed: {', '.join(missed[:12])}{' ...' if len(missed) > 12 else ''}")
        good &= share >= MATCHED
    return good


def main() -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=os.environ.get("TEXTREUSE_DATA", "../shared/data"))
    parser.add_argument("--part", choices=("parallels", "verses"))
    arguments = parser.parse_args()
    folder = Path(arguments.data) / "bible"
    good = True
    if arguments.part != "verses":
        good &= _report_parallels(folder)
    if arguments.part != "parallels":
        good &= _report_verses(folder)
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
