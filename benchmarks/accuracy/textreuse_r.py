"""Compare with what the R package textreuse publishes about the texts that come with it.

    python benchmarks/accuracy/textreuse_r.py [--data ../shared/data]

Its documentation gives the Jaccard similarity of the sets of word n-grams: 7-grams of three codes of law, 5-grams of
eight tracts of the American Tract Society. `find_duplicates` gives the same here, with words that differ a little
(apostrophes, words hyphenated at the end of a line). `find_reuse` must pair the same documents: the two
codes, and the two printings of one tract. Exits with 1 if a similarity is off by more than .02 or a pair is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
from itertools import combinations
from pathlib import Path

import textreuse as tr

TOLERANCE = 0.02
LEAST = 0.005  # what is less alike counts as 0
Pair = tuple[str, str]
PUBLISHED: dict[tuple[str, int], dict[Pair, float]] = {
    ("legal", 7): {
        ("ca1851-match", "ny1850-match"): 0.3842549,
        ("ca1851-match", "ca1851-nomatch"): 0.0,
        ("ca1851-nomatch", "ny1850-match"): 0.0,
    },
    ("ats", 5): {("remember00palm", "remembermeorholy00palm"): 0.701},
}


def read_texts(folder: Path) -> dict[str, str]:
    """Return the texts of a folder by name."""
    return {path.stem: path.read_bytes().decode("utf-8", "replace") for path in sorted(folder.glob("*.txt"))}


def jaccard(texts: dict[str, str], n_words: int) -> dict[Pair, float]:
    """Return the Jaccard similarity of the sets of word n-grams of each two texts; 0 where next to none is shared."""
    found = tr.find_duplicates(texts, threshold=LEAST, shingle_words=n_words, recall=1.0, all_pairs=True)
    similarities = dict.fromkeys(combinations(texts, 2), 0.0)
    for pair in found.pairs:
        similarities[min(pair.a, pair.b), max(pair.a, pair.b)] = pair.similarity
    return similarities


def words_shared(texts: dict[str, str]) -> dict[Pair, float]:
    """Return how many words the matches of each pair hold, with defaults."""
    words: dict[Pair, float] = {}
    for match in tr.find_reuse(texts):
        pair = (match.a.document_id, match.b.document_id)
        words[pair] = words.get(pair, 0.0) + match.words
    return words


def main() -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=os.environ.get("TEXTREUSE_DATA", "../shared/data"))
    arguments = parser.parse_args()
    failed = False
    for (folder, n_words), published in PUBLISHED.items():
        texts = read_texts(Path(arguments.data) / "textreuse-r" / folder)
        similarities = jaccard(texts, n_words)
        words = words_shared(texts)
        print(f"{folder}, word {n_words}-grams        published  measured  words in matches")
        for pair, similarity in sorted(similarities.items(), key=lambda item: -item[1]):
            known = published.get(pair)
            if known is None and similarity < TOLERANCE:
                continue
            off = known is not None and abs(similarity - known) > TOLERANCE
            missed = bool(known) and not words.get(pair)
            print(
                f"{'' if known is None else f'{known:.4f}':>35} {similarity:9.4f} {words.get(pair, 0):9,.0f}"
                f"  {' = '.join(pair)}{'  OFF' if off else ''}{'  MISSED' if missed else ''}"
            )
            failed |= off or missed
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
