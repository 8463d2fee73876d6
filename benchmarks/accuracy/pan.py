"""Score one find_reuse over all 5,057 documents of PAN 2013 (training half) on its listed pairs.

    python benchmarks/accuracy/pan.py [--threads 1] [--preset plagiarism] [--min-words 25] [--unlabelled 20]
                                      [--data ../shared/data]

Prints time, peak memory and a line per category; exits with 1 if a bar is missed: those of the preset with `--preset
plagiarism`, else those of the defaults. Only pairs that a category lists are scored, since the documents hold more true
reuse than is labelled. So do the listed pairs: `--unlabelled N` shows detections that overlap no case of their pair,
how many, what the score is without them, and N of them, evenly from the longest to the shortest, with their texts.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import textreuse as tr
from textreuse.evaluate import PlagdetScore, Span, plagdet, read_pan

NONE, VERBATIM, RANDOM = CATEGORIES = ("01-no-plagiarism", "02-no-obfuscation", "03-random-obfuscation")
SECONDS, GIBIBYTES = 60.0, 3.0
MOST_FALSE = {"defaults": 10, "plagiarism": 3}  # detections in the pairs without reuse
SHOWN = 400  # characters of each side of an unlabelled detection


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


def misses(category: str, macro: PlagdetScore, micro: PlagdetScore, preset: str) -> list[str]:
    """Return the bars that a category misses."""
    if preset != "plagiarism":
        return ["micro recall .99"] if category == VERBATIM and micro.recall < 0.99 else []
    if category == RANDOM:
        return ["plagdet .90"] if macro.plagdet < 0.90 else []
    return [
        name
        for name, is_missed in (
            ("recall .995", macro.recall < 0.995),
            ("precision .95", macro.precision < 0.95),
            ("granularity 1.005", macro.granularity > 1.005),
            ("plagdet .97", macro.plagdet < 0.97),
        )
        if is_missed
    ]


def overlaps(one: Span, other: Span) -> bool:
    """Return whether two spans of one pair of documents share characters on both sides."""
    return (
        one.offset < other.offset + other.length
        and other.offset < one.offset + one.length
        and one.source_offset < other.source_offset + other.source_length
        and other.source_offset < one.source_offset + one.source_length
    )


def show_unlabelled(truth: Sequence[Span], detections: Sequence[Span], texts: Mapping[str, str], n: int) -> None:
    """Print how many detections overlap no case, what the score is without them, and `n` of them with their texts."""
    cases = defaultdict(list)
    for case in truth:
        cases[case.suspicious, case.source].append(case)
    unlabelled = {
        span for span in detections if not any(overlaps(span, case) for case in cases[span.suspicious, span.source])
    }
    rest = [span for span in detections if span not in unlabelled]
    macro, micro = plagdet(truth, rest), plagdet(truth, rest, average="micro")
    print(
        f"  {len(unlabelled)} of {len(detections)} detections overlap no case, in "
        f"{len({(span.suspicious, span.source) for span in unlabelled})} pairs; without them macro precision "
        f"{macro.precision:.4f} plagdet {macro.plagdet:.4f}, micro precision {micro.precision:.4f}"
    )
    in_order = sorted(unlabelled, key=lambda span: (-span.length, span))
    for number in sorted({round(i * (len(in_order) - 1) / max(1, n - 1)) for i in range(min(n, len(in_order)))}):
        span = in_order[number]
        print(f"  {number + 1}. {span.suspicious} [{span.offset}:{span.offset + span.length}], ", end="")
        print(f"{span.source} [{span.source_offset}:{span.source_offset + span.source_length}]")
        for name, start, length in (span[:3], span[3:]):
            text = " ".join(texts[name][start : start + length].split())
            print(f"     {text[:SHOWN]}{' ...' if len(text) > SHOWN else ''}")


def main() -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=os.environ.get("TEXTREUSE_DATA", "../shared/data"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--preset")
    parser.add_argument("--min-words", type=int, help="default: 25, or what the preset says")
    parser.add_argument("--unlabelled", type=int, metavar="N", help="show N detections that overlap no case")
    arguments = parser.parse_args()
    folder = Path(arguments.data) / "pan13"
    documents = read_documents(folder)
    tr.find_reuse(documents[:20], threads=1)  # compile
    options: dict[str, Any] = {"threads": arguments.threads, "min_words": arguments.min_words}
    if arguments.min_words is None and not arguments.preset:
        options["min_words"] = 25
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
    texts = {document.id: document.text for document in documents}
    preset = arguments.preset or "defaults"
    failed = seconds > SECONDS or peak > GIBIBYTES
    for category in CATEGORIES:
        truth = read_pan(folder / category)
        pairs = {tuple(line.split()) for line in (folder / category / "pairs").read_text().splitlines() if line.strip()}
        detections = [span for pair in sorted(pairs) for span in found.get(pair, ())]  # type: ignore[call-overload]
        if not truth:
            print(f"{category}: {len(detections)} detections in {len(pairs)} pairs")
            failed |= len(detections) > MOST_FALSE.get(preset, 10)
            continue
        macro, micro = plagdet(truth, detections), plagdet(truth, detections, average="micro")
        print(
            f"{category}: macro recall {macro.recall:.4f} precision {macro.precision:.4f} "
            f"granularity {macro.granularity:.4f} plagdet {macro.plagdet:.4f}; "
            f"micro recall {micro.recall:.4f} precision {micro.precision:.4f} ({len(detections)} detections)"
        )
        missed = misses(category, macro, micro, preset)
        if missed:
            print(f"  MISSED: {', '.join(missed)}")
        failed |= bool(missed)
        if arguments.unlabelled is not None:
            show_unlabelled(truth, detections, texts, arguments.unlabelled)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
