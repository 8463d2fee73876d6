"""Pair the chapters of two editions of the Shiji, classical Chinese without spaces, all against all.

    python benchmarks/accuracy/shiji.py [--data ../shared/data]

129 files of the Jijie and 132 of the Zhengyi edition in one call; 122 pairs of files hold the same chapter, each
with its own commentary between the lines. A pair is found if it has a match, and first if the scores of its matches add
up to more than those of either file with any other file of either edition. Prints both counts for several options;
exits with 1 if one of the 122 is not found with `min_words=8`, which is 16 characters: one file has lost the table
that makes up its chapter, and of its 43 characters it shares a heading of 12.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import textreuse as tr

EDITIONS = ("KR2a0002", "KR2a0004")
CHOSEN: dict[str, Any] = {"min_words": 8}
OPTIONS: dict[str, dict[str, Any]] = {"defaults": {}, "min_words=8": CHOSEN, "quotation": {"preset": "quotation"}}


class Ranked(NamedTuple):
    """A chapter in both editions: the score of the pair, and the other pair of one of its files that scores most."""

    jijie: str
    zhengyi: str
    score: float
    rival: tuple[str, str]
    rival_score: float


def read_editions(folder: Path) -> list[tr.Document]:
    """Return the files of both editions."""
    return [
        tr.Document(path.name.split()[0] + "_" + path.stem.rsplit("_", 1)[1], path.read_bytes().decode("utf-8"))
        for edition in EDITIONS
        for path in sorted((folder / "texts").glob(f"{edition}*.txt"))
    ]


def read_truth(table: Path) -> list[tuple[str, str]]:
    """Return the pairs of files that hold one chapter, named as `read_editions` does."""

    def short(name: str) -> str:
        return name.split()[0] + "_" + Path(name).stem.rsplit("_", 1)[1]

    with table.open(encoding="utf-8") as rows:
        return [(short(row["doc_jijie"]), short(row["doc_zhengyi"])) for row in csv.DictReader(rows, delimiter="\t")]


def rank(result: tr.ReuseResult, truth: list[tuple[str, str]]) -> list[Ranked]:
    """Return how each true pair scores beside the best wrong pair of its files."""
    partners: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for match in result:
        a, b = match.a.document_id, match.b.document_id
        partners[a][b] += match.score
        partners[b][a] += match.score
    ranked = []
    for jijie, zhengyi in truth:
        rivals = [
            (score, (name, other))
            for name, own in ((jijie, zhengyi), (zhengyi, jijie))
            for other, score in partners[name].items()
            if other != own
        ]
        rival_score, rival = max(rivals, default=(0.0, ("", "")))
        ranked.append(Ranked(jijie, zhengyi, partners[jijie][zhengyi], rival, rival_score))
    return ranked


def main() -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=os.environ.get("TEXTREUSE_DATA", "../shared/data"))
    arguments = parser.parse_args()
    folder = Path(arguments.data) / "shiji"
    documents = read_editions(folder)
    truth = read_truth(folder / "shiji-chapter-truth.tsv")
    failed = False
    for name, options in OPTIONS.items():
        result = tr.find_reuse(documents, **options)
        ranked = rank(result, truth)
        found = [pair for pair in ranked if pair.score]
        first = [pair for pair in found if pair.score > pair.rival_score]
        print(f"{name:12} {len(found)} of {len(truth)} found, {len(first)} first; {len(result):,} matches in all")
        for pair in ranked:
            if not pair.score:
                print(f"    not found: {pair.jijie} = {pair.zhengyi}")
            elif pair not in first:
                print(
                    f"    outranked: {pair.jijie} = {pair.zhengyi} ({pair.score:,.0f} bits) "
                    f"by {pair.rival[0]} = {pair.rival[1]} ({pair.rival_score:,.0f})"
                )
        failed |= options is CHOSEN and len(found) < len(truth)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
