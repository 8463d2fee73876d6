"""Hold 95 short answers against their originals: does aligned coverage tell how they were written?

    python benchmarks/accuracy/clough.py [--data ../shared/data]

The corpus of plagiarised short answers (Clough and Stevenson 2011): 19 people answered 5 questions, told to copy the
Wikipedia article (cut), to revise it lightly, to revise it heavily, or to answer from what they knew (non). The
coverage of an answer is the share of its words that the alignments pair with an equal word of the original. Prints
the mean coverage of each level and how well coverage separates them (area under the ROC curve), for several options;
exits with 1 if a bar is missed with `preset="quotation"`. An answer has 200 words, and what was copied is often less
than a sentence: the defaults, which ask for 20 words, are too coarse for that, and the preset asks for 8.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

import textreuse as tr
from textreuse.tokenize import tokenize

LEVELS = ("non", "heavy", "light", "cut")
CHOSEN: dict[str, Any] = {"preset": "quotation"}
OPTIONS: dict[str, dict[str, Any]] = {
    "defaults": {},
    "quotation": CHOSEN,
    "min_words=8, edit_rate=.3": {"min_words": 8, "edit_rate": 0.3},
    "plagiarism": {"preset": "plagiarism"},
    "thorough": {"preset": "thorough"},
}
COPIED, LIGHT = 0.96, 0.76


class Answer(NamedTuple):
    """One answer: its level, the id of the text it may come from, and its own."""

    level: str
    original: str
    text: str


class Separation(NamedTuple):
    """Mean coverage by level, in the order of LEVELS, and two areas under the curve."""

    means: tuple[float, ...]
    copied: float  # cut, light and heavy against non
    light: float  # light against heavy


def read_answers(folder: Path) -> tuple[dict[str, Answer], dict[str, str]]:
    """Return the answers and the originals, by file name; the files mix encodings."""

    def text(name: str) -> str:
        return (folder / name).read_bytes().decode("utf-8", errors="replace")

    answers, originals = {}, {}
    with (folder / "file_information.csv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table):
            name, original = row["File"], f"orig_task{row['Task']}.txt"
            originals[original] = text(original)
            if row["Category"] in LEVELS:
                answers[name] = Answer(row["Category"], original, text(name))
    return answers, originals


def coverage(answers: dict[str, Answer], originals: dict[str, str], **options: Any) -> dict[str, float]:
    """Return the share of the words of each answer that are paired with an equal word of its original."""
    result = tr.find_reuse({name: answer.text for name, answer in answers.items()}, against=originals, **options)
    tokens = {name: tokenize([answer.text]) for name, answer in answers.items()}
    paired: dict[str, set[int]] = {name: set() for name in answers}
    for match in result:
        name = match.a.document_id
        if match.b.document_id != answers[name].original:
            continue
        starts = tokens[name].starts.tolist()
        for edit in match.alignment:
            if edit.kind == "equal":
                paired[name].update(start for start in starts if edit.a_start <= start < edit.a_stop)
    return {name: len(words) / len(tokens[name]) for name, words in paired.items()}


def area(higher: list[float], lower: list[float]) -> float:
    """Return how often a value of `higher` exceeds one of `lower`, ties counted half: the area under the ROC curve."""
    wins = sum((one > other) + (one == other) / 2 for one in higher for other in lower)
    return wins / (len(higher) * len(lower))


def separate(answers: dict[str, Answer], covered: dict[str, float]) -> Separation:
    """Return how well coverage tells the levels."""
    by_level = {level: [covered[name] for name in answers if answers[name].level == level] for level in LEVELS}
    copied = [value for level in LEVELS[1:] for value in by_level[level]]
    means = tuple(fmean(by_level[level]) for level in LEVELS)
    return Separation(means, area(copied, by_level["non"]), area(by_level["light"], by_level["heavy"]))


def holds(found: Separation) -> bool:
    """Say whether the bars are met."""
    return list(found.means) == sorted(found.means) and found.copied >= COPIED and found.light >= LIGHT


def main() -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=os.environ.get("TEXTREUSE_DATA", "../shared/data"))
    arguments = parser.parse_args()
    answers, originals = read_answers(Path(arguments.data) / "clough-stevenson" / "data")
    print(f"{len(answers)} answers, {len(originals)} originals; bars: levels in order, {COPIED}, {LIGHT}")
    print(f"{'options':27}{''.join(f'{level:>7}' for level in LEVELS)}  copied/non  light/heavy  untouched copies")
    failed = False
    for name, options in OPTIONS.items():
        covered = coverage(answers, originals, **options)
        found = separate(answers, covered)
        unseen = [name for name, answer in answers.items() if answer.level != "non" and not covered[name]]
        print(
            f"{name:27}{''.join(f'{mean:7.3f}' for mean in found.means)}{found.copied:12.4f}{found.light:13.4f}  "
            f"{', '.join(unseen) or 'none'}"
        )
        failed |= options is CHOSEN and not holds(found)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
