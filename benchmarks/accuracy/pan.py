"""Score one find_reuse over all 5,057 documents of PAN 2013 (training half) on its listed pairs.

    python benchmarks/accuracy/pan.py [--threads 1] [--preset plagiarism] [--min-words 25] [--data ../shared/data]

Prints time, peak memory and a line per category; exits with 1 if a bar is missed. Only pairs that a category lists are
scored: the documents hold more true reuse than is labelled.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from collections import defaultdict
from pathlib import Path
from time import perf_counter
from typing import Any

import textreuse as tr
from textreuse.evaluate import Span, plagdet, read_pan

CATEGORIES = ("01-no-plagiarism", "02-no-obfuscation", "03-random-obfuscation")
SECONDS, GIBIBYTES = 60.0, 3.0


def read_documents(folder: Path) -> list[tr.Document]:
    """Return all documents with offsets as they lie in the files (no newline translation)."""
    return [
        tr.Document(path.name, path.read_bytes().decode("utf-8"))
        for side in ("src", "susp")
        for path in sorted((folder / side).glob("*.txt"))
    ]


def by_pair(result: tr.ReuseResult) -> dict[tuple[str, str], list[Span]]:
    """Return detections by (suspicious, source)."""
    found: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for match in result:
        # "source-..." sorts before "suspicious-...", so a is the source wherever the two differ in kind
        a, b = match.a, match.b
        found[b.document_id, a.document_id].append(Span(b.document_id, b.start, len(b), a.document_id, a.start, len(a)))
    return found


def main() -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("TEXTREUSE_DATA", "../shared/data"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--preset")
    parser.add_argument("--min-words", type=int, default=25)
    arguments = parser.parse_args()
    folder = Path(arguments.data) / "pan13"
    documents = read_documents(folder)
    tr.find_reuse(documents[:20], threads=1)  # compile
    options: dict[str, Any] = {"threads": arguments.threads, "min_words": arguments.min_words}
    if arguments.preset:
        options["preset"] = arguments.preset
    start = perf_counter()
    result = tr.find_reuse(documents, **options)
    seconds = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{seconds:.1f} s, peak {peak:.2f} GiB, {len(result):,} matches, {len(result.families):,} families")
    print({name: round(value, 2) for name, value in result.stats["seconds"].items()})
    print({name: value for name, value in result.stats.items() if name != "seconds"})

    found = by_pair(result)
    failed = seconds > SECONDS or peak > GIBIBYTES
    for category in CATEGORIES:
        truth = read_pan(folder / category)
        pairs = {tuple(line.split()) for line in (folder / category / "pairs").read_text().splitlines() if line.strip()}
        detections = [span for pair in sorted(pairs) for span in found.get(pair, ())]  # type: ignore[call-overload]
        if not truth:
            print(f"{category}: {len(detections)} detections in {len(pairs)} pairs")
            failed |= len(detections) > 10
            continue
        macro, micro = plagdet(truth, detections), plagdet(truth, detections, average="micro")
        print(
            f"{category}: macro recall {macro.recall:.4f} precision {macro.precision:.4f} "
            f"granularity {macro.granularity:.4f} plagdet {macro.plagdet:.4f}; "
            f"micro recall {micro.recall:.4f} precision {micro.precision:.4f} ({len(detections)} detections)"
        )
        failed |= category.startswith("02") and micro.recall < 0.99
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
