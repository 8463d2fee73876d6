"""What became of a pair of documents at each stage, so that a user sees why something was not found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from textreuse import candidates, passages
from textreuse.collection import EXCLUDED, LIBRARY, QUERY
from textreuse.errors import InputError
from textreuse.model import Chains, Int64Array, Sides, Tokens
from textreuse.search import Search

UNIT = 256  # scores are integers in 1/256 bit
N_LISTED = 50
UNBOUNDED = 1 << 30


@dataclass(frozen=True, slots=True)
class ExplainedRegion:
    """A stretch that two documents have in common, and why it is or is not a match.

    Starts and stops are offsets into the original texts; `covered` counts tokens in exact runs, `score` is in bits
    (None where the region was not aligned), `words` is the longer side's length.
    """

    a_start: int
    a_stop: int
    b_start: int
    b_stop: int
    covered: int
    words: float | None
    score: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What two documents have in common at each stage of the search.

    `regions` are the strongest of `n_regions`. The `needed_` values are what a match must show.
    """

    a_id: str
    b_id: str
    tokens_a: int
    tokens_b: int
    anchors_a: int
    anchors_b: int
    shared_anchors: int
    hits: int
    n_regions: int
    regions: tuple[ExplainedRegion, ...]
    needed_covered: int
    needed_score: float
    needed_words: float
    notes: tuple[str, ...]

    @property
    def matches(self) -> tuple[ExplainedRegion, ...]:
        """The regions that are matches."""
        return tuple(region for region in self.regions if region.verdict == "match")

    def __str__(self) -> str:
        lines = [
            f"{self.a_id} ({self.tokens_a:,} tokens, {self.anchors_a:,} anchors) and "
            f"{self.b_id} ({self.tokens_b:,} tokens, {self.anchors_b:,} anchors)",
            f"  shared anchors: {self.shared_anchors:,}, hits: {self.hits:,}",
            f"  a match needs {self.needed_covered} tokens in exact runs, {self.needed_words:g} words and "
            f"a score of {self.needed_score:.0f} bits (or an exact run as long as min_words)",
        ]
        lines += [f"  note: {note}" for note in self.notes]
        for region in self.regions:
            score = "not aligned" if region.score is None else f"{region.score:.0f} bits"
            lines.append(
                f"  a[{region.a_start}:{region.a_stop}] ~ b[{region.b_start}:{region.b_stop}]: "
                f"{region.covered} tokens in exact runs, {score}: {region.verdict}"
            )
        if self.n_regions > len(self.regions):
            lines.append(f"  and {self.n_regions - len(self.regions):,} weaker regions")
        if not self.regions:
            lines.append("  no region: no anchors in common stand near each other in both documents")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains pairs of documents of one search; travels with its result.

    `listed` are the pairs of documents with matches (see `Search.pair_keys`), once for each match.
    """

    search: Search
    listed: Int64Array

    def __call__(self, id_a: str, id_b: str) -> Explanation:
        """Return what became of a pair: the same steps on the two alone, with thresholds off.

        Raises
        ------
        InputError
            If there is no document of such an id, or both are the same.
        """
        search = self.search
        other_side = LIBRARY if search.collection.sides.n_sides > 1 else QUERY
        a = _number_of(search, id_a, (QUERY, other_side))
        b = _number_of(search, id_b, (other_side, QUERY))
        if a == b:
            raise InputError(f"explain needs two different documents, and got {id_a!r} twice.")
        pair = _restricted(search, a, b)
        anchors, _ = pair.anchors()
        index = candidates.build_index(
            anchors, pair.collection.sides, max_partners=UNBOUNDED, max_partners_document=UNBOUNDED
        )
        seeding = pair.seeding._replace(min_hits=1, least=np.ones(2, np.int32), within=False)
        regions: list[ExplainedRegion] = []
        hits = n_regions = 0
        for batch in candidates.plan_batches(index, pair.tokens.bounds, UNBOUNDED):
            chains, _, counts = candidates.find_chains(
                index, batch, pair.rarity, pair.tokens.bounds, pair.collection.sides, seeding
            )
            hits += counts.hits
            n_regions += len(chains)
            regions += _explain_chains(pair, chains)
        first, second = (anchors.ids[anchors.bounds[i] : anchors.bounds[i + 1]] for i in (0, 1))
        n_tokens = np.diff(pair.tokens.bounds).tolist()
        return Explanation(
            a_id=id_a,
            b_id=id_b,
            tokens_a=n_tokens[0],
            tokens_b=n_tokens[1],
            anchors_a=len(first),
            anchors_b=len(second),
            shared_anchors=len(np.intersect1d(first, second)),
            hits=hits,
            n_regions=n_regions,
            regions=tuple(regions),
            needed_covered=int(pair.least.min()),
            needed_score=pair.least_score / UNIT,
            needed_words=float(pair.least_weight.min() / pair.options.weights.word),
            notes=tuple(_notes(search, a, b)) or tuple(self._unlisted(a, b, regions)),
        )

    def _unlisted(self, a: int, b: int, regions: list[ExplainedRegion]) -> Iterator[str]:
        """Yield why a pair has no match in the result, if it would be one by itself."""
        key = self.search.pair_keys(np.array([min(a, b)]), np.array([max(a, b)]))
        if any(region.verdict == "match" for region in regions) and not np.isin(key, self.listed).any():
            yield (
                "not listed, though it is a match by itself: what very many documents hold is paired with a few of "
                "them only (max_partners), and both are compared with those"
            )


def _number_of(search: Search, document_id: str, sides: tuple[int, int]) -> int:
    """Return the number of a document, looked for on one side first."""
    documents, side = search.collection.documents, search.collection.sides.side
    for wanted in sides:
        for number, document in enumerate(documents):
            if document.id == document_id and side[number] == wanted:
                return number
    raise InputError(f"there is no document {document_id!r} in this result.")


def _restricted(search: Search, a: int, b: int) -> Search:
    """Return the search of two documents alone, with the rarity and thresholds of the whole collection."""
    tokens = search.tokens
    places = np.concatenate([np.arange(tokens.bounds[n], tokens.bounds[n + 1]) for n in (a, b)])
    bounds = np.cumsum([0, *(int(tokens.bounds[n + 1] - tokens.bounds[n]) for n in (a, b))])
    numbers, damped = [a, b], search.rarity.damped
    return replace(
        search,
        collection=replace(
            search.collection,
            documents=[search.collection.documents[n] for n in numbers],
            sides=Sides(np.zeros(2, np.uint8), np.full(2, -1, np.int64), 1, np.full(2, -1, np.int64)),
            n_excluded=0,
        ),
        tokens=Tokens(tokens.hashes[places], tokens.starts[places], tokens.stops[places], bounds),
        rarity=replace(
            search.rarity, numbers=search.rarity.numbers[places], damped=damped[places] if len(damped) else damped
        ),
        token_weights=search.token_weights[places],
        words=np.flatnonzero(np.append(np.isin(places, search.words), True)),
        gaps=search.gaps[numbers],
        least=search.least[numbers],
        strong=search.strong[numbers],
        least_weight=search.least_weight[numbers],
        full_weight=search.full_weight[numbers],
        twins=np.empty((0, 2), np.int64),
        copies=np.empty((0, 2), np.int64),
    )


def _explain_chains(pair: Search, chains: Chains) -> Iterator[ExplainedRegion]:
    """Yield the chains that cover most, each with what it grows to and its verdict."""
    thresholds = pair.thresholds._replace(score=1, run=2, least=np.ones(2, np.int32))
    covered = np.add.reduceat(chains.length, chains.bounds[:-1]) if len(chains) else np.empty(0, np.int64)
    for number in np.argsort(-covered, kind="stable")[:N_LISTED].tolist():
        rows = pair.find_extents(_only(chains, number), thresholds)
        best = rows[np.argsort(-rows[:, 6], kind="stable")[:1]]
        if len(best):
            yield _explain_row(pair, best, int(covered[number]))


def _only(chains: Chains, number: int) -> Chains:
    """Return one chain."""
    runs = slice(chains.bounds[number], chains.bounds[number + 1])
    return Chains(
        chains.x[runs],
        chains.y[runs],
        chains.length[runs],
        np.array([0, runs.stop - runs.start]),
        chains.documents[number : number + 1],
    )


def _explain_row(pair: Search, row: Int64Array, covered: int) -> ExplainedRegion:
    """Return an aligned passage with its verdict."""
    found = pair.measure(row)
    needed = int(pair.least.min())
    if covered < needed:
        verdict = f"too few tokens in exact runs (needs {needed})"
    elif passages.keep_matches(found, pair.limits)[0]:
        verdict = "match"
    elif found.score[0] < pair.least_score:
        verdict = f"score below {pair.least_score / UNIT:.0f} bits: chance gives as much"
    else:
        full = pair.full_weight.min() / pair.options.weights.word
        verdict = f"shorter than {full:g} words, and not unlikely enough to make up for it"
    a_starts, a_stops = passages.offsets(pair.tokens, found.a, found.a_start, found.a_stop)
    b_starts, b_stops = passages.offsets(pair.tokens, found.b, found.b_start, found.b_stop)
    return ExplainedRegion(
        a_start=a_starts[0],
        a_stop=a_stops[0],
        b_start=b_starts[0],
        b_stop=b_stops[0],
        covered=covered,
        words=float(max(found.words_a[0], found.words_b[0]) / pair.options.weights.word),
        score=float(found.score[0]) / UNIT,
        verdict=verdict,
    )


def _notes(search: Search, a: int, b: int) -> Iterator[str]:
    """Yield why a pair was not compared, or not directly."""
    sides = search.collection.sides
    if sides.n_sides > 1 and sides.side[a] == sides.side[b] != EXCLUDED:
        yield "both are on the same side of `against`: they were not compared"
    if sides.group[a] >= 0 and sides.group[a] == sides.group[b]:
        yield "both are of one `group`: they were not compared"
    copies = set(search.copies[:, 1].tolist())
    for number in (a, b):
        if number in copies:
            yield f"{search.collection.documents[number].id!r} is a copy of another document and follows that one"
