"""The whole way from documents to matches: reads like the method section of a paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from textreuse import align, candidates, families, passages, significance
from textreuse._parallel import run_chunks
from textreuse.corpus import read_collection
from textreuse.errors import InputError
from textreuse.explain import ExplainedRegion, Explanation
from textreuse.lsh import window_minima
from textreuse.model import (
    Anchors,
    Chains,
    Document,
    Extents,
    Int64Array,
    Rarity,
    Sides,
    Skipped,
    Tokens,
)
from textreuse.options import Options, Tokenizer, make_options
from textreuse.rarity import measure_rarity
from textreuse.result import Family, Match, Passage, ReuseResult
from textreuse.shingle import shingle
from textreuse.tokenize import hash_texts, tokenize

UNIT = 256  # scores are integers in 1/256 bit
MAX_COPIES = 16  # of identical documents, so many are compared with all others; the rest follow the first
MAX_PARTNERS_DOCUMENT = 8  # heads of a group of equal shingles that one document may provide
EXCLUDED_SIDE = 2

Progress = Callable[[str, int, int], None]
Group = str | Callable[[Document], object]


def find_reuse(
    documents: object,
    *,
    against: object = None,
    min_words: int | None = None,
    edit_rate: float | None = None,
    recall: float | None = None,
    preset: str | None = None,
    within: bool = False,
    group: Group | None = None,
    exclude: object = None,
    max_matches: int | None = None,
    max_expected: float = 1.0,
    max_partners: int = 64,
    threads: int | None = None,
    progress: Progress | None = None,
    keep_texts: bool = True,
    tokenizer: Tokenizer | None = None,
    shingle_words: int | None = None,
    window: int | None = None,
    batch_hits: int = 4_000_000,
    text_field: str = "text",
    id_field: str = "id",
    encoding: str | None = None,
) -> ReuseResult:
    """Return every passage that two of the documents share, verbatim or edited, best first.

    Parameters
    ----------
    documents
        A folder or file, a list of texts, a dict of texts by id, `Document`s, mappings with an id and a text, or a
        DataFrame. A generator is consumed once.
    against
        A second collection, given likewise: only matches between the two are looked for, and `a` is the passage in
        `documents`.
    min_words, edit_rate, recall
        The promise: passages of `min_words` words (default 20) of which a share of `edit_rate` (default 0.2) was
        changed are found at the rate `recall` (default 0.95). What follows from it is in `result.options`.
    preset
        A named promise, see `PRESETS`: "quotation", "reprint", "plagiarism", "ocr", "thorough".
    within
        Also look for passages that stand twice in one document.
    group
        Name of a metadata field, or a function of a document: documents of one group are not compared.
    exclude
        Texts whose reuse is of no interest (a licence, a prayer), given like `documents`.
    max_matches
        Keep the best; how many there were stays in `result.stats`.
    max_expected
        Leave out matches with a score that chance alone would reach more often than this in the collection. Exact
        runs of `min_words` are always kept.
    max_partners
        How many occurrences of one shingle every other occurrence is paired with. Very frequent shingles say little;
        what is not paired directly stays linked through its family.
    threads
        How many threads share the work, by default all cores. The result does not depend on it.
    progress
        Called as `progress(step, done, total)`.
    keep_texts
        Whether the result holds the texts, so that it can show passages.
    tokenizer
        A pattern or a function that gives spans, instead of the built-in tokenizer.
    shingle_words, window
        Set by hand what otherwise follows from the promise.
    batch_hits
        Bounds the memory: so many hits are handled at once. The result does not depend on it.
    text_field, id_field, encoding
        How to read the documents.

    Returns
    -------
    ReuseResult
        No documents, or none that share anything, give a result without matches.

    Raises
    ------
    InputError
        If the documents cannot be read as they are.
    OptionsError
        If options make no sense, all of them named.

    Examples
    --------
    >>> poem = "the road was long and the night was cold and nobody came to open the old wooden door"
    >>> result = find_reuse([f"She wrote: {poem}. Then silence.", f"I remember that {poem}!"], min_words=10)
    >>> result[0].a.text == poem
    True
    """
    options = make_options(
        min_words=min_words, edit_rate=edit_rate, recall=recall, preset=preset, within=within,
        max_expected=max_expected, max_matches=max_matches, max_partners=max_partners, threads=threads,
        batch_hits=batch_hits, keep_texts=keep_texts, tokenizer=tokenizer, shingle_words=shingle_words, window=window,
    )  # fmt: skip
    clock = _Clock(progress)
    with clock.step("read"):
        collection = _read(documents, against, exclude, group, text_field, id_field, encoding)
    with clock.step("tokenize"):
        tokens = tokenize(collection.texts, tokenizer=tokenizer, threads=options.threads)
    search = _Search(collection, tokens, options, clock)
    return search.run()


def compare(text_a: str, text_b: str, **options: Any) -> ReuseResult:
    """Return every passage that two texts share; their ids are "a" and "b". Takes the options of `find_reuse`.

    Examples
    --------
    >>> compare("one two three four five", "zero one two three four five six", min_words=5)[0].b.start
    5
    """
    for name, text in (("text_a", text_a), ("text_b", text_b)):
        if not isinstance(text, str):
            raise InputError(f"{name} is of type {type(text).__name__}, not str. Decode or read it first.")
    return find_reuse({"a": text_a, "b": text_b}, **{"threads": 1, **options})


@dataclass(frozen=True, slots=True)
class _Collection:
    """All documents in the order of the search: excluded texts, then queries, then what they are held against."""

    documents: list[Document]
    skipped: list[Skipped]
    sides: Sides
    n_excluded: int

    @property
    def texts(self) -> list[str]:
        return [document.text for document in self.documents]


def _read(
    documents: object,
    against: object,
    exclude: object,
    group: Group | None,
    text_field: str,
    id_field: str,
    encoding: str | None,
) -> _Collection:
    """Return the collections in one order that depends on ids alone."""
    parts: list[list[Document]] = []
    skipped: list[Skipped] = []
    for source in (exclude, documents, against):
        found: list[Document] = []
        left_out: list[Skipped] = []
        if source is not None:
            found, left_out = read_collection(source, text_field=text_field, id_field=id_field, encoding=encoding)
        parts.append(found)
        skipped += left_out
    excluded, queries, library = parts
    side = np.repeat(np.array([EXCLUDED_SIDE, 0, 1], np.uint8), [len(part) for part in parts])
    everything = excluded + queries + library
    groups: dict[object, int] = {}
    group_of = np.full(len(everything), -1, np.int64)
    if group is not None:
        for number, document in enumerate(everything[len(excluded) :], len(excluded)):
            label = group(document) if callable(group) else document.metadata.get(group)
            if label is not None:
                group_of[number] = groups.setdefault(label, len(groups))
        if isinstance(group, str) and not groups and queries:
            fields = sorted({name for document in queries for name in document.metadata})
            raise InputError(
                f"no document has the metadata field {group!r} to group by (there are: {', '.join(fields) or 'none'})."
            )
    n_sides = 3 if against is not None else 1
    return _Collection(everything, skipped, Sides(side, group_of, n_sides), len(excluded))


class _Clock:
    """Seconds per step, and the user's progress callback."""

    def __init__(self, progress: Progress | None) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress
        self._step = ""
        self._start = 0.0

    def step(self, name: str) -> _Clock:
        self._step = name
        return self

    def __enter__(self) -> None:
        self._start = perf_counter()
        self.report(0, 1)

    def __exit__(self, *_: object) -> None:
        elapsed = perf_counter() - self._start
        self.seconds[self._step] = self.seconds.get(self._step, 0.0) + elapsed
        self.report(1, 1)

    def report(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress(self._step, done, total)


class _Search:
    """One run over one collection: what all steps share, and the steps in order."""

    def __init__(self, collection: _Collection, tokens: Tokens, options: Options, clock: _Clock) -> None:
        self.collection = collection
        self.tokens = tokens
        self.options = options
        self.clock = clock
        self.stats: dict[str, Any] = {}
        self.skipped = list(collection.skipped)

    def run(self) -> ReuseResult:
        """Return the result of the whole search."""
        with self.clock.step("rarity"):
            self.rarity = measure_rarity(self.tokens, hash_texts, self.collection.texts)
            self._prepare()
        with self.clock.step("anchors"):
            self.copies = _identical_documents(self.tokens, self.collection.sides)
            index = self._index()
        with self.clock.step("align"):
            found = self._find(index)
        with self.clock.step("families"):
            found, grouping, n_found = self._select(found)
            result = self._result(found, grouping)
        return replace(result, stats={**self.stats, "matches_found": n_found, "seconds": dict(self.clock.seconds)})

    def _prepare(self) -> None:
        """Work out what each document must show: spaceless text is measured in characters, two to a word."""
        tokens, derived = self.tokens, self.options.derived
        spaceless = (tokens.hashes & np.uint64(1)).astype(np.uint8)
        self.weights = np.uint8(2) - spaceless
        total = np.concatenate([[0], np.cumsum(spaceless, dtype=np.int64)])
        lengths = np.diff(tokens.bounds)
        in_characters = 2 * (total[tokens.bounds[1:]] - total[tokens.bounds[:-1]]) > lengths
        kinds = [derived.characters if characters else derived.words for characters in (False, True)]
        self.gaps = np.where(in_characters, kinds[1].gap, kinds[0].gap).astype(np.int32)
        self.least = np.where(in_characters, kinds[1].covered, kinds[0].covered).astype(np.int32)
        self.half_words = np.where(in_characters, kinds[1].match, 2 * kinds[0].match).astype(np.int32)
        self.slack = derived.window + max(kind.shingle for kind in kinds)
        present = [
            kind for kind, there in zip(kinds, (not in_characters.all(), in_characters.any()), strict=True) if there
        ]
        self.min_hits = min((kind.hits for kind in present), default=1)
        self.space = significance.search_space(tokens.bounds, self.collection.sides, within=self.options.within)
        self.least_score = significance.least_score(self.options.max_expected, self.space)
        self.skipped += [
            Skipped(self.collection.documents[number].id, "no words: the text is empty or has nothing but separators")
            for number in np.flatnonzero(lengths == 0)
        ]
        self.stats |= {"documents": len(lengths) - self.collection.n_excluded, "tokens": len(tokens)}
        self.stats |= {"words": float(self.weights.sum(dtype=np.int64) / 2), "vocabulary": len(self.rarity.bits)}

    def _index(self) -> candidates.AnchorIndex:
        derived = self.options.derived
        shingles = shingle(self.tokens, derived.words.shingle, derived.characters.shingle)
        anchors = window_minima(shingles, derived.window)
        self.stats["shingles"] = int(np.count_nonzero(shingles.lengths))
        if len(self.copies):
            anchors = _without_documents(anchors, self.copies[:, 1])
        index = candidates.build_index(
            anchors, self.collection.sides,
            max_partners=self.options.max_partners, max_partners_document=MAX_PARTNERS_DOCUMENT,
        )  # fmt: skip
        self.stats |= {"anchors": len(anchors), "distinct_anchors": index.n_groups}
        self.stats |= {"bounded_anchors": index.n_bounded, "unlisted_hits": index.n_unlisted}
        self.stats["copies"] = len(self.copies)
        return index

    def _find(self, index: candidates.AnchorIndex) -> Extents:
        """Return all matches, batch by batch."""
        seeding = candidates.Seeding(
            self.min_hits,
            self.gaps,
            self.least,
            self.half_words // 2,
            self.slack,
            self.options.within,
            self.options.min_words,
        )
        counts = np.zeros(6, np.int64)
        total = int(index.hits.sum())
        parts: list[Extents] = []

        def handle(batch: candidates.Batch) -> tuple[int, Int64Array, Extents]:
            chains, seeds = candidates.find_chains(
                index, batch, self.rarity, self.tokens.bounds, self.collection.sides, seeding
            )
            rows = self._extents(chains)
            return batch.n_hits, np.array([*seeds, len(chains), len(rows)]), self._keep(rows)

        done = 0
        batches = candidates.plan_batches(index, self.options.batch_hits)
        for n_hits, batch_counts, part in run_chunks(handle, batches, self.options.threads):
            counts += batch_counts
            done += n_hits
            self.clock.report(done, max(total, 1))
            parts.append(part)
        parts.append(self._keep(self._extents(self._copies_as_chains())))
        names = ("hits", "candidate_pairs", "pairs_with_enough_hits", "clusters", "regions", "aligned")
        self.stats |= dict(zip(names, counts.tolist(), strict=True))
        return _concatenate(parts)

    def _extents(self, chains: Chains) -> Int64Array:
        thresholds = align.Thresholds(
            self.least_score // 2, 2 * self.options.min_words, self.gaps, self.least, self.options.derived.mismatch_cost
        )
        rows = align.find_extents(chains, self.rarity, self.weights, self.tokens.bounds, thresholds)
        return align.merge_overlapping(align.part_within(rows))

    def _keep(self, rows: Int64Array) -> Extents:
        extents = align.measure(rows, self.rarity, self.weights, self.tokens.bounds)
        return extents.take(passages.keep_matches(extents, self._limits()))

    def _limits(self) -> passages.Limits:
        return passages.Limits(self.half_words, 2 * self.options.min_words, self.least_score)

    def _copies_as_chains(self) -> Chains:
        """Return one chain of full length per document that was set aside as a copy of another."""
        pairs = self.copies
        sides = self.collection.sides
        if sides.n_sides > 1:
            pairs = pairs[:0]
        grouped = sides.group[pairs[:, 1]] >= 0
        pairs = pairs[~grouped]
        bounds = self.tokens.bounds
        zeros = np.zeros(len(pairs), np.int32)
        lengths = (bounds[pairs[:, 0] + 1] - bounds[pairs[:, 0]]).astype(np.int32)
        return Chains(zeros, zeros, lengths, np.arange(len(pairs) + 1), pairs)

    def _select(self, found: Extents) -> tuple[Extents, families.Grouping, int]:
        """Return the matches in their final order, with their families, and how many there were in all."""
        if self.collection.n_excluded:
            interesting = passages.mask_excluded(found, self.collection.n_excluded, self._limits(), self.tokens)
            self.stats["excluded_matches"] = int((~interesting).sum())
            found = found.take(interesting)
        best_first = np.lexsort((found.b_start, found.a_start, found.b, found.a, -found.score))
        found = found.take(best_first)
        grouping = families.group_matches(found, self.tokens.n_documents)
        n_found = len(found)
        if self.options.max_matches is not None:
            found = found.take(np.arange(min(n_found, self.options.max_matches)))
        return found, grouping, n_found

    def _skip_short(self, found: Extents) -> None:
        """List documents that are too short for a match (and are in none, beside a longer passage)."""
        bounds, n_excluded = self.tokens.bounds, self.collection.n_excluded
        total = np.concatenate([[0], np.cumsum(self.weights, dtype=np.int64)])
        half_words = total[bounds[1:]] - total[bounds[:-1]]
        short = (half_words > 0) & (half_words < self.half_words)
        short[:n_excluded] = False
        short[found.a] = short[found.b] = False
        for number in np.flatnonzero(short):
            words, needed = half_words[number] / 2, self.half_words[number] / 2
            reason = (
                f"too short: {words:g} words, and a match has at least {needed:g} (min_words={self.options.min_words})"
            )
            self.skipped.append(Skipped(self.collection.documents[number].id, reason))

    def _result(self, found: Extents, grouping: families.Grouping) -> ReuseResult:
        self._skip_short(found)
        documents = self.collection.documents
        matches = tuple(self._matches(found, grouping.family))
        members: dict[int, list[Passage]] = {}
        nodes = self._with_copies(grouping.nodes)
        starts, stops = passages.offsets(self.tokens, nodes[:, 0], nodes[:, 1], nodes[:, 2])
        for document, family, start, stop in zip(
            nodes[:, 0].tolist(), nodes[:, 3].tolist(), starts, stops, strict=True
        ):
            members.setdefault(family + 1, []).append(self._passage(document, start, stop))
        return ReuseResult(
            matches=matches,
            families=tuple(Family(number, tuple(members[number])) for number in sorted(members)),
            skipped=tuple(self.skipped),
            options=self.options,
            stats={},
            documents={document.id: document.metadata for document in documents[self.collection.n_excluded :]},
            explainer=Explainer(self) if self.options.keep_texts else None,
        )

    def _with_copies(self, nodes: Int64Array) -> Int64Array:
        """Return the members of families, with those of each set-aside copy beside those of its original."""
        if not len(self.copies):
            return nodes
        parts = [nodes]
        present = set(nodes[:, 0].tolist())
        for original, copy in self.copies.tolist():
            if copy not in present and original in present:
                same = nodes[nodes[:, 0] == original].copy()
                same[:, 0] = copy
                parts.append(same)
        everything = np.concatenate(parts)
        return everything[np.lexsort((everything[:, 2], everything[:, 1], everything[:, 0], everything[:, 3]))]

    def _matches(self, found: Extents, family: Int64Array) -> Iterator[Match]:
        documents = self.collection.documents
        a_starts, a_stops = passages.offsets(self.tokens, found.a, found.a_start, found.a_stop)
        b_starts, b_stops = passages.offsets(self.tokens, found.b, found.b_start, found.b_stop)
        expected = significance.expected_by_chance(found.score, self.space).tolist()
        shorter = np.maximum(1, np.minimum(found.words_a, found.words_b))
        similarity = np.minimum(1.0, found.matched / shorter).tolist()
        words = (np.maximum(found.words_a, found.words_b) / 2).tolist()
        scores = (found.score / UNIT).tolist()
        pairs = zip(found.a.tolist(), found.b.tolist(), strict=True)
        for row, (a, b) in enumerate(pairs):
            a_start, a_stop, b_start, b_stop = passages.widen_over_punctuation(
                documents[a].text, a_starts[row], a_stops[row], documents[b].text, b_starts[row], b_stops[row]
            )
            yield Match(
                a=self._passage(a, a_start, a_stop),
                b=self._passage(b, b_start, b_stop),
                similarity=similarity[row],
                score=scores[row],
                expected=expected[row],
                family=int(family[row]) + 1,
                words=words[row],
                tokenizer=self.options.tokenizer,
            )

    def _passage(self, document: int, start: int, stop: int) -> Passage:
        of = self.collection.documents[document]
        return Passage(of.id, start, stop, of.text if self.options.keep_texts else None)

    def explain(self, id_a: str, id_b: str) -> Explanation:
        """Return what became of a pair of documents: the same steps on the two alone, thresholds off."""
        pair = [self._number(id_a, 0), self._number(id_b, self.collection.n_excluded)]
        if pair[0] == pair[1]:
            raise InputError(f"explain needs two different documents, and got {id_a!r} twice.")
        first, second = sorted(pair)
        tokens, rarity, weights = self._of_pair(first, second)
        sides = Sides(np.zeros(2, np.uint8), np.full(2, -1, np.int64), 1)
        derived = self.options.derived
        anchors = window_minima(shingle(tokens, derived.words.shingle, derived.characters.shingle), derived.window)
        index = candidates.build_index(anchors, sides, max_partners=1 << 20, max_partners_document=1 << 20)
        gaps, least = self.gaps[[first, second]], self.least[[first, second]]
        seeding = candidates.Seeding(
            1,
            gaps,
            np.ones(2, np.int32),
            self.half_words[[first, second]] // 2,
            self.slack,
            False,
            self.options.min_words,
        )
        hits = 0
        regions: list[ExplainedRegion] = []
        for batch in candidates.plan_batches(index, 1 << 24):
            chains, counts = candidates.find_chains(index, batch, rarity, tokens.bounds, sides, seeding)
            hits += counts.hits
            regions += self._explained(chains, tokens, rarity, weights, int(least.min()), (first, second))
        if pair[0] != first:
            regions = [
                replace(r, a_start=r.b_start, a_stop=r.b_stop, b_start=r.a_start, b_stop=r.a_stop) for r in regions
            ]
            anchor_counts = np.diff(anchors.bounds)[::-1]
        else:
            anchor_counts = np.diff(anchors.bounds)
        counts_a, counts_b = (int(self.tokens.bounds[n + 1] - self.tokens.bounds[n]) for n in pair)
        shared = np.intersect1d(anchors.ids[: anchors.bounds[1]], anchors.ids[anchors.bounds[1] :])
        return Explanation(
            id_a, id_b, counts_a, counts_b, int(anchor_counts[0]), int(anchor_counts[1]), len(shared), hits,
            tuple(regions), int(least.min()), self.least_score / UNIT,
            float(self.half_words[[first, second]].min() / 2), tuple(self._notes(first, second)),
        )  # fmt: skip

    def _explained(
        self,
        chains: Chains,
        tokens: Tokens,
        rarity: Rarity,
        weights: npt.NDArray[np.uint8],
        least: int,
        pair: tuple[int, int],
    ) -> Iterator[ExplainedRegion]:
        """Yield each chain of a pair with its verdict, the strongest first."""
        run = 2 * self.options.min_words
        thresholds = align.Thresholds(
            1, 2, self.gaps[list(pair)], np.ones(2, np.int32), self.options.derived.mismatch_cost
        )
        limits = passages.Limits(self.half_words[list(pair)], run, self.least_score)
        covered = np.add.reduceat(chains.length, chains.bounds[:-1]) if len(chains) else np.empty(0, np.int64)
        for number in np.argsort(-covered, kind="stable")[:50]:
            runs = slice(chains.bounds[number], chains.bounds[number + 1])
            one = Chains(
                chains.x[runs], chains.y[runs], chains.length[runs],
                np.array([0, runs.stop - runs.start]), chains.documents[number : number + 1],
            )  # fmt: skip
            rows = align.merge_overlapping(align.find_extents(one, rarity, weights, tokens.bounds, thresholds))
            found = align.measure(rows[:1], rarity, weights, tokens.bounds)
            if not len(found):
                continue
            words = float(max(found.words_a[0], found.words_b[0]) / 2)
            if covered[number] < least:
                verdict = f"too few tokens in exact runs (needs {least})"
            elif passages.keep_matches(found, limits)[0]:
                verdict = "match"
            elif found.score[0] < self.least_score:
                verdict = f"score below {self.least_score / UNIT:.0f} bits: chance gives as much"
            else:
                verdict = f"shorter than {limits.half_words.min() / 2:g} words"
            starts = passages.offsets(tokens, found.a, found.a_start, found.a_stop)
            others = passages.offsets(tokens, found.b, found.b_start, found.b_stop)
            yield ExplainedRegion(
                starts[0][0], starts[1][0], others[0][0], others[1][0],
                int(covered[number]), words, float(found.score[0]) / UNIT, verdict,
            )  # fmt: skip

    def _number(self, document_id: str, first: int) -> int:
        for number in range(first, len(self.collection.documents)):
            if self.collection.documents[number].id == document_id:
                return number
        raise InputError(f"there is no document {document_id!r} in this result.")

    def _of_pair(self, first: int, second: int) -> tuple[Tokens, Rarity, npt.NDArray[np.uint8]]:
        """Return tokens, rarity and weights of two documents alone, with the rarity of the whole collection."""
        bounds = self.tokens.bounds
        spans = [slice(int(bounds[n]), int(bounds[n + 1])) for n in (first, second)]
        cut = [
            np.concatenate([array[span] for span in spans])
            for array in (self.tokens.hashes, self.tokens.starts, self.tokens.stops, self.rarity.numbers, self.weights)
        ]
        lengths = [span.stop - span.start for span in spans]
        tokens = Tokens(cut[0], cut[1], cut[2], np.cumsum([0, *lengths]))
        return tokens, replace(self.rarity, numbers=cut[3]), cut[4]

    def _notes(self, first: int, second: int) -> Iterator[str]:
        sides = self.collection.sides
        if sides.n_sides > 1 and sides.side[first] == sides.side[second]:
            yield "both are on the same side of `against`: they were not compared"
        if sides.group[first] >= 0 and sides.group[first] == sides.group[second]:
            yield "both are of one `group`: they were not compared"
        copies = set(self.copies[:, 1].tolist())
        for number in (first, second):
            if number in copies:
                yield f"{self.collection.documents[number].id!r} is a copy of another document and follows that one"


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains pairs of documents of one run; travels with the result."""

    search: _Search

    def __call__(self, id_a: str, id_b: str) -> Explanation:
        """Return what became of a pair."""
        return self.search.explain(id_a, id_b)


def _identical_documents(tokens: Tokens, sides: Sides) -> Int64Array:
    """Return (first, copy) for each document that has MAX_COPIES others with equal tokens, side and group before it."""
    seen: dict[tuple[bytes, int, int], list[int]] = {}
    copies: list[tuple[int, int]] = []
    from hashlib import blake2b

    for number in range(tokens.n_documents):
        start, stop = int(tokens.bounds[number]), int(tokens.bounds[number + 1])
        if start == stop:
            continue
        digest = blake2b(tokens.hashes[start:stop].tobytes(), digest_size=16).digest()
        same = seen.setdefault((digest, int(sides.side[number]), int(sides.group[number])), [])
        if len(same) >= MAX_COPIES:
            copies.append((same[0], number))
        else:
            same.append(number)
    return np.array(copies, np.int64).reshape(-1, 2)


def _without_documents(anchors: Anchors, documents: Int64Array) -> Anchors:
    """Return the anchors without those of some documents."""
    counts = np.diff(anchors.bounds)
    keep = np.ones(len(counts), bool)
    keep[documents] = False
    mask = np.repeat(keep, counts)
    return Anchors(
        anchors.ids[mask], anchors.positions[mask], np.concatenate([[0], np.cumsum(np.where(keep, counts, 0))])
    )


def _concatenate(parts: list[Extents]) -> Extents:
    """Return all rows of all parts."""
    return Extents(*(np.concatenate([getattr(part, name) for part in parts]) for name in Extents.__slots__))
