"""List what is found between real texts that cannot share anything: other periods, other topics.

    python benchmarks/accuracy/unrelated.py [--data ../shared/data] [--preset quotation] [--show 20]

English: the King James Version, tracts of the 19th century, and codes of law of 1850, each against 19,043 Reuters
stories of 1987; the codes and the Universal Declaration of Human Rights against the King James Version; the Reuters
stories against 19,997 newsgroup posts of 1993, which can share formulas and names only, or a quotation. Spanish: the
Reina-Valera Bible; Russian: four pages about a singer; Chinese: two editions of the Shiji; each against the Universal
Declaration in that language, in all its variants. Prints all that is found, best first, to be read. With defaults,
chance should give one match in ten calls (`max_expected=0.1`); exits with 1 if a call gives more than two.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import html
import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import textreuse as tr

Texts = dict[str, str]
MOST = 2  # matches a call: the bar
TAGS = re.compile(r"(?is)<(script|style)\b.*?</\1>|<[^>]+>")


def bible(folder: Path, name: str) -> Texts:
    """Return the books of a version."""
    books: dict[str, list[str]] = defaultdict(list)
    with (folder / "bible" / f"{name}.tsv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            books[row["book"]].append(row["text"])
    return {book: "\n".join(verses) for book, verses in books.items()}


def texts_of(folder: Path, pattern: str) -> Texts:
    """Return the text files that a pattern names."""
    return {path.name: path.read_bytes().decode("utf-8", "replace") for path in sorted(folder.glob(pattern))}


def lines_of(path: Path) -> Texts:
    """Return the texts of a compressed file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return {row["id"]: row["text"] for row in map(json.loads, lines)}


def declaration(folder: Path, *codes: str) -> Texts:
    """Return the Universal Declaration in all variants of a language."""
    with gzip.open(folder / "udhr" / "udhr.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = map(json.loads, lines)
        return {f"udhr-{row['id']}": row["text"] for row in rows if row["iso6393"] in codes}


def pages(folder: Path) -> Texts:
    """Return the Russian web pages without their tags."""
    raw = texts_of(folder / "paraplag-ru-sample", "*v1*/*/sources/*.html")
    return {name: html.unescape(TAGS.sub(" ", text)) for name, text in raw.items()}


Call = tuple[str, Callable[[Path], Texts], Callable[[Path], Texts]]
CALLS: tuple[Call, ...] = (
    ("en, King James Version - Reuters", lambda f: bible(f, "kjv"), lambda f: lines_of(f / "reuters21578.jsonl.gz")),
    (
        "en, tracts - Reuters",
        lambda f: texts_of(f, "textreuse-r/ats/*"),
        lambda f: lines_of(f / "reuters21578.jsonl.gz"),
    ),
    (
        "en, law - Reuters",
        lambda f: texts_of(f, "textreuse-r/legal/*"),
        lambda f: lines_of(f / "reuters21578.jsonl.gz"),
    ),
    ("en, law - King James Version", lambda f: texts_of(f, "textreuse-r/legal/*"), lambda f: bible(f, "kjv")),
    ("en, Declaration - King James Version", lambda f: declaration(f, "eng"), lambda f: bible(f, "kjv")),
    (
        "en, Reuters - newsgroups",
        lambda f: lines_of(f / "reuters21578.jsonl.gz"),
        lambda f: lines_of(f / "20newsgroups.jsonl.gz"),
    ),
    ("es, Reina-Valera - Declaration", lambda f: bible(f, "reina-valera-1909"), lambda f: declaration(f, "spa")),
    ("ru, pages - Declaration", pages, lambda f: declaration(f, "rus")),
    (
        "zh, Shiji - Declaration",
        lambda f: texts_of(f, "shiji/texts/*.txt"),
        lambda f: declaration(f, "cmn", "yue", "wuu", "hak", "nan", "gan", "lzh"),
    ),
)


class Searched(NamedTuple):
    """A call, how many million characters either side has, and what was found."""

    name: str
    left: float
    right: float
    result: tr.ReuseResult


def run(folder: Path, calls: Iterable[Call] = CALLS, preset: str | None = None) -> Iterator[Searched]:
    """Yield what each call finds."""
    for name, left, right in calls:
        one, other = left(folder), right(folder)
        sizes = [sum(map(len, texts.values())) / 1e6 for texts in (one, other)]
        yield Searched(name, sizes[0], sizes[1], tr.find_reuse(one, against=other, preset=preset))


def main() -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=os.environ.get("TEXTREUSE_DATA", "../shared/data"))
    parser.add_argument("--preset")
    parser.add_argument("--show", type=int, default=20)
    arguments = parser.parse_args()
    failed = False
    for name, left, right, result in run(Path(arguments.data), preset=arguments.preset):
        print(f"{name}: {len(result)} matches between {left:.2f} and {right:.2f} million characters")
        for match in result[: arguments.show]:
            where = f"{match.a.document_id} = {match.b.document_id}"
            print(f"    {match.score:.0f} bits, expected {match.expected:.2g}, {match.words:g} words: {where}")
            for passage in (match.a, match.b):
                print(f"        {' '.join(passage.text.split())[:240]}")
        failed |= len(result) > MOST
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
