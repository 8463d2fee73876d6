"""Show how the matches of 20newsgroups and reuters21578 divide into boilerplate and the rest, with examples to read.

    python benchmarks/accuracy/boilerplate.py [--examples 8] [--quick] [--data ../shared/data]

Nothing in these collections says what is boilerplate, so what can be counted is checked. In 20newsgroups the header of
a post ends with its first empty line: of the matches that lie in two headers, at least 90 % must be boilerplate, if all
are listed (`max_partners=64`); by default few of those are. And text is planted into reuters21578: a footer of 25 words
at the end of 100 stories, of whose matches at least 95 % must be boilerplate; an article of 300 words reprinted by 100
others amid text of their own, half of them trimmed, all of them edited a little, of which at most 1 % may be. Exits
with 1 if one of these is missed. `--quick` skips 20newsgroups.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.generate import edit, prose, random_generator, vocabulary

import textreuse as tr

HEADERS, FOOTERS, REPRINTS = 0.9, 0.95, 0.01
FOOTER_WORDS, ARTICLE_WORDS, N_PLANTED = 25, 300, 100


def read(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def plant(rows: list[dict[str, Any]], seed: int) -> tuple[list[dict[str, Any]], dict[str, list[tuple[int, int]]]]:
    """Return the stories with a footer below some and an article within others, and where these stand: by kind."""
    rng = random_generator(seed, 1)
    chosen = rng.permutation(len(rows))[: 2 * N_PLANTED].tolist()
    footer, article = prose(FOOTER_WORDS, seed, 2), prose(ARTICLE_WORDS, seed, 3)
    rows = [dict(row) for row in rows]
    planted: dict[str, list[tuple[int, int]]] = {"footer": [], "article": []}
    for place, number in enumerate(chosen):
        row = rows[number]
        if place < N_PLANTED:
            text, kind = footer, "footer"
        else:
            words = article.split(" ")
            start = int(rng.integers(len(words) // 2)) if place % 2 else 0
            stop = start + int(rng.integers(60, len(words) - start + 1)) if place % 2 else len(words)
            piece = " ".join(words[start:stop])
            text, kind = edit(piece, len(piece.split()) // 25, rng, vocabulary()), "article"
            row["text"] = f"{row['text'][:300]}\n\n{prose(150, seed, 4, number)}"
        begin = len(row["text"]) + 2
        row["text"] = f"{row['text']}\n\n{text}"
        planted[kind].append((number, begin))
    return rows, planted


def share_of_boilerplate(result: tr.ReuseResult, holds: Callable[[tr.Match], bool]) -> tuple[int, float]:
    counts = Counter(match.boilerplate for match in (*result, *result.boilerplate) if holds(match))
    return counts.total(), counts[True] / max(1, counts.total())


def in_planted(rows: Sequence[dict[str, Any]], places: Sequence[tuple[int, int]]) -> Callable[[tr.Match], bool]:
    begin_of = {rows[number]["id"]: begin for number, begin in places}

    def holds(match: tr.Match) -> bool:
        return all(p.start + len(p) // 2 >= begin_of.get(p.document_id, 1 << 40) for p in (match.a, match.b))

    return holds


def in_headers(rows: Sequence[dict[str, Any]]) -> Callable[[tr.Match], bool]:
    end_of = {row["id"]: row["text"].find("\n\n") for row in rows}
    return lambda match: all(p.stop <= end_of[p.document_id] for p in (match.a, match.b))


def run(name: str, rows: list[dict[str, Any]], n_examples: int, **options: Any) -> tr.ReuseResult:
    start = perf_counter()
    result = tr.find_reuse(rows, **options)
    seconds = perf_counter() - start
    print(
        f"\n{name}: {len(rows):,} documents, {len(result):,} matches in {len(result.families):,} families, "
        f"{len(result.boilerplate):,} of boilerplate in {len(result.boilerplate_families):,} ({seconds:.1f} s)"
    )
    rng = np.random.default_rng(0)
    for title, matches in (("boilerplate", result.boilerplate), ("the rest", result.matches)):
        print(f"  {title}, at random:")
        for number in rng.choice(len(matches), min(n_examples, len(matches)), replace=False).tolist():
            match = matches[number]
            print(f"    {match.a.document_id} ~ {match.b.document_id} {match.similarity:.2f}: {clip(match.a.text)}")
    for title, families in (("boilerplate", result.boilerplate_families), ("the rest", result.families)):
        print(f"  {title}, widest families:")
        for family in sorted(families, key=lambda family: -family.n_documents)[:n_examples]:
            middle = sorted(family, key=len)[len(family) // 2]
            print(f"    {family.n_documents:,} documents: {clip(middle.text)}")
    return result


def clip(text: str, width: int = 150) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else line[:width] + " ..."


def main() -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("TEXTREUSE_DATA", "../shared/data"))
    parser.add_argument("--examples", type=int, default=8)
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    folder = Path(arguments.data)
    failed = False
    rows, planted = plant(read(folder / "reuters21578.jsonl.gz"), 1)
    result = run("reuters21578 with planted text", rows, arguments.examples)
    for kind in ("footer", "article"):
        count, share = share_of_boilerplate(result, in_planted(rows, planted[kind]))
        missed = share < FOOTERS if kind == "footer" else share > REPRINTS
        failed |= missed
        print(f"  planted {kind}: {count:,} matches, {share:.1%} boilerplate{'  MISSED' if missed else ''}")
    if not arguments.quick:
        rows = read(folder / "20newsgroups.jsonl.gz")
        result = run("20newsgroups", rows, arguments.examples)
        left = sum(map(in_headers(rows), result.matches))
        print(f"  of the {len(result):,} matches that are no boilerplate, {left:,} are in two headers")
        result = run("20newsgroups, all pairs", rows, 0, max_partners=64)
        count, share = share_of_boilerplate(result, in_headers(rows))
        failed |= share < HEADERS
        print(f"  in two headers: {count:,} matches, {share:.1%} boilerplate{'  MISSED' if share < HEADERS else ''}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
