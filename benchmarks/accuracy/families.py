"""Score families against generated lineages (benchmarks/lineages.py): extended B-cubed, on several seeds and sizes.

    python benchmarks/accuracy/families.py [--quick]

Prints a line per collection (the last kinds are harder and have no bar), then how long grouping takes by itself; exits
with 1 if an F1 is below .95, if lineages that share one stock sentence become one family, if the order of documents
matters, or if grouping takes over 2 s.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.lineages import Lineages, Witness, bcubed, lineages

import textreuse as tr
from textreuse.families import group_matches
from textreuse.model import Extents

LEAST_F1 = 0.95
MOST_SECONDS = 2.0
KINDS = {
    "as described": {},
    "verbatim": {"edit_rate": 0.0, "trimmed": 0.0, "merged": 0.0},
    "edited more": {"edit_rate": 0.2},
    "trimmed more": {"trimmed": 0.7},
    "merged more": {"merged": 0.3},
    "all with stock": {"stock": 1.0},
    "many witnesses": {"witnesses": (20, 60)},
}
# printed, but no bar: a third and more of the text is stock, so that what is left says little
BEYOND = {
    "long stock": {"witnesses": (20, 60), "stock": 1.0, "stock_words": (40, 60)},
    "short, trimmed": {"witnesses": (20, 60), "stock": 1.0, "words": (80, 120), "trimmed": 0.7},
}


def members_of(result: tr.ReuseResult) -> list[Witness]:
    """Return the members of all families."""
    return [Witness(m.document_id, m.start, m.stop, family.id) for family in result.families for m in family.members]


def order_matters(result: tr.ReuseResult, seed: int) -> bool:
    """Return whether other numbers for the documents (and so the sides of matches swapped) give other families."""
    ids = list(result.documents)
    one, other = ({id_: number for number, id_ in enumerate(order)} for order in (ids, shuffled(ids, seed)))
    return groups(result, one) != groups(result, other)


def shuffled(ids: list[str], seed: int) -> list[str]:
    return [ids[i] for i in np.random.default_rng(seed).permutation(len(ids))]


def groups(result: tr.ReuseResult, number_of: dict[str, int]) -> tuple[set[frozenset[int]], set[frozenset[object]]]:
    """Return the families of the matches (by rank) and of the members, with documents numbered as given."""
    rows = []
    for match in result:
        a, b = sorted((match.a, match.b), key=lambda passage: (number_of[passage.document_id], passage.start))
        rows.append((number_of[a.document_id], number_of[b.document_id], a.start, a.stop, b.start, b.stop))
    grouping = group_matches(extents(np.array(rows)), len(number_of))
    name_of = {number: id_ for id_, number in number_of.items()}
    of_matches: dict[int, set[int]] = {}
    of_members: dict[int, set[object]] = {}
    for rank, family in enumerate(grouping.family.tolist()):
        of_matches.setdefault(family, set()).add(rank)
    for document, start, stop, family in grouping.nodes.tolist():
        of_members.setdefault(family, set()).add((name_of[document], start, stop))
    return {frozenset(ranks) for ranks in of_matches.values()}, {frozenset(spans) for spans in of_members.values()}


def stock_merges(made: Lineages, members: list[Witness], n_stock: int) -> int:
    """Return how many pairs of lineages with a common stock sentence have one family for most witnesses of each."""
    lineages_in: dict[str, set[int]] = {}
    for witness in made.witnesses:
        lineages_in.setdefault(witness.document_id, set()).add(witness.lineage)
    spans = {(witness.document_id, witness.lineage): witness for witness in made.witnesses}
    families: dict[int, Counter[int]] = {}  # by lineage
    for document, start, stop, group in members:
        for lineage in lineages_in.get(document, ()):
            witness = spans[document, lineage]
            if len(lineages_in[document]) == 1 and 2 * (stop - start) > witness.stop - witness.start:
                families.setdefault(lineage, Counter())[group] += 1
    main = {lineage: counts.most_common(1)[0][0] for lineage, counts in families.items()}
    return sum(main.get(2 * pair, -1) == main.get(2 * pair + 1, -2) for pair in range(n_stock))


def extents(rows: np.ndarray) -> Extents:
    filler = np.full(len(rows), 100, np.int64)
    return Extents(*rows.T.astype(np.int64).copy(), *[filler] * 5)


def time_grouping() -> float:
    """Print and return how long 10,000 members, and 100,000 matches at random places, take to be grouped."""
    rng = np.random.default_rng(0)
    of_one = np.array([(a, b, 5, 105, 5, 105) for b in range(10_000) for a in range(min(b, 64))])
    starts, lengths = rng.integers(0, 5_000_000, (2, 100_000)), rng.integers(10, 200, 100_000)
    zeros = np.zeros(100_000, np.int64)
    apart = np.column_stack([zeros, zeros + 1, starts[0], starts[0] + lengths, starts[1], starts[1] + lengths])
    group_matches(extents(of_one[:10]), 20)  # compile
    worst = 0.0
    for name, rows, n in (("10,000 members", of_one, 10_000), ("matches in two long documents", apart, 2)):
        start = perf_counter()
        grouping = group_matches(extents(rows), n)
        seconds = perf_counter() - start
        print(f"{name}: {len(rows):,} matches, {len(grouping.nodes):,} members grouped in {seconds:.2f} s")
        worst = max(worst, seconds)
    return worst


def main() -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one seed and one size")
    quick = parser.parse_args().quick
    failed = False
    print(f"{'kind':16} {'lineages':>8} {'seed':>4} {'witnesses':>9} {'families':>8}  precision recall F1     merged")
    for kind, options in (KINDS if quick else KINDS | BEYOND).items():
        for n_lineages in (30,) if quick else (10, 50) if kind in BEYOND else (10, 50, 200):
            for seed in (1,) if quick else (1, 2, 3):
                made = lineages(n_lineages, seed, **options)  # type: ignore[arg-type]
                result = tr.find_reuse(made.documents)
                members = members_of(result)
                precision, recall, f1 = bcubed(made.witnesses, members)
                merged = stock_merges(made, members, round(float(options.get("stock", 0.2)) * n_lineages / 2))
                turned = order_matters(result, seed)
                missed = f1 < LEAST_F1 or merged > 0 or turned
                print(
                    f"{kind:16} {n_lineages:8} {seed:4} {len(made.witnesses):9} {len(result.families):8}  "
                    f"{precision:9.4f} {recall:6.4f} {f1:6.4f} {merged:6}{'  order matters' if turned else ''}"
                    f"{'  no bar' if kind in BEYOND else '  MISSED' if missed else ''}",
                    flush=True,
                )
                failed |= missed and kind not in BEYOND
    return int(failed | (time_grouping() > MOST_SECONDS))


if __name__ == "__main__":
    sys.exit(main())
