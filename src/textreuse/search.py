"""What all steps of one search share: tokens, rarity, and what a match must show in each document."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from textreuse import align, candidates, passages, significance
from textreuse.collection import Collection, find_twins, pair_twins
from textreuse.lsh import window_minima
from textreuse.model import Anchors, Chains, Extents, Int64Array, Rarity, Tokens
from textreuse.options import LETTERS_PER_WORD, Options
from textreuse.rarity import measure_letters, measure_rarity
from textreuse.shingle import shingle
from textreuse.tokenize import hash_spans

CONVINCING = 3  # a match that lost its edited ends must be so many times less likely by chance
MAX_PARTNERS_DOCUMENT = 8  # heads of a group of equal shingles that one document may provide


UNMEASURED = Rarity(
    numbers=np.empty(0, np.uint32),
    bits=np.empty(0, np.int32),
    vocabulary=np.empty(0, np.uint64),
    kin=np.empty(0, np.uint32),
    pair_starts=np.zeros(1, np.int64),
    seconds=np.empty(0, np.uint32),
    pair_bits=np.empty(0, np.int32),
    damped=np.empty(0, np.uint16),
)


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """One collection, ready to be searched.

    `token_weights` says how much each token counts (`options.weights`), `words` where words start, if letters
    are the tokens. By document, in tokens: `gaps`, `least` and
    `strong` (see `candidates.Seeding`); in those weights: `least_weight`, of a match, and `full_weight`: one that is
    shorter than this has to convince by its score. `least_score` is in 1/256 bit.
    `twins` has a row for each pair of equal documents to be listed, `copies` a row (first, copy) for each document that
    is set aside because it equals others.
    """

    collection: Collection
    options: Options
    tokens: Tokens
    rarity: Rarity
    token_weights: npt.NDArray[np.uint8]
    words: Int64Array
    gaps: npt.NDArray[np.int32]
    least: npt.NDArray[np.int32]
    strong: npt.NDArray[np.int32]
    least_weight: npt.NDArray[np.int32]
    full_weight: npt.NDArray[np.int32]
    min_hits: int
    space: float
    least_score: int
    twins: Int64Array
    copies: Int64Array

    @property
    def run(self) -> int:
        """Weight of an exact run that is a match by itself."""
        return self.options.weights.word * self.options.min_words

    @property
    def join(self) -> int:
        """Passages that stand fewer than so many tokens apart are one."""
        return self.options.join_words * (LETTERS_PER_WORD if self.options.unit == "character" else 1)

    @property
    def seeding(self) -> candidates.Seeding:
        """What a chain must show."""
        derived = self.options.derived
        slack = derived.window + max(derived.words.shingle, derived.characters.shingle)
        return candidates.Seeding(
            self.min_hits,
            self.gaps,
            self.least,
            self.strong,
            slack,
            self.options.within,
            self.options.min_words,
        )

    @property
    def limits(self) -> passages.Limits:
        """What a match must show."""
        convincing = significance.least_score(self.options.max_expected / CONVINCING, self.space)
        return passages.Limits(self.least_weight, self.full_weight, self.run, self.least_score, convincing)

    @property
    def thresholds(self) -> align.Thresholds:
        """What a passage must show to be measured: half the score of a match, for it is not measured exactly yet."""
        return align.Thresholds(
            self.least_score // 2, self.run, self.gaps, self.least, self.options.derived.mismatch_cost
        )

    def measure_rarity(self) -> Rarity:
        """Return how rare each word (or letter) is."""
        if self.options.unit == "word":
            return measure_rarity(self.tokens, hash_spans, self.collection.texts)
        return measure_letters(self.tokens)

    def anchors(self) -> tuple[Anchors, int]:
        """Return the anchors of all documents but the copies set aside, and the number of shingles."""
        derived = self.options.derived
        threads = self.options.threads
        shingles = shingle(self.tokens, derived.words.shingle, derived.characters.shingle, threads=threads)
        anchors = window_minima(shingles, derived.window, threads=threads)
        if len(self.copies):
            counts = np.diff(anchors.bounds)
            counts_kept = counts.copy()
            counts_kept[self.copies[:, 1]] = 0
            mask = np.repeat(counts_kept > 0, counts)
            bounds = np.concatenate([[0], np.cumsum(counts_kept)])
            anchors = Anchors(anchors.ids[mask], anchors.positions[mask], bounds)
        return anchors, int(np.count_nonzero(shingles.lengths))

    def align_chains(self, chains: Chains) -> tuple[Extents, int]:
        """Return the matches that chains grow to, and how many passages were measured for them."""
        rows = self.find_extents(chains, self.thresholds)
        rows = align.part_within(align.merge_overlapping(align.part_within(rows), self.join, self.run))
        extents = self.measure(rows)
        return extents.take(passages.keep_matches(extents, self.limits)), len(rows)

    def find_extents(self, chains: Chains, thresholds: align.Thresholds) -> Int64Array:
        """Return how far the passages of chains reach, in whole words."""
        if self.options.unit == "word":
            return align.find_extents(chains, self.rarity, self.token_weights, self.tokens.bounds, thresholds)
        # passages that are joined later may be shorter, and edges move to those of words
        least = self.least_weight * (self.join == 0) * 3 // 4
        rows = align.find_misread_extents(
            chains, self.rarity, self.token_weights, self.tokens.bounds, least.astype(np.int32), self.run
        )
        return passages.snap_to_words(rows, self.words, self.tokens.bounds)

    def measure(self, rows: Int64Array) -> Extents:
        """Return the rows with what an optimal edit script keeps."""
        least = self.options.weights.stretch
        return align.measure(rows, self.rarity, self.token_weights, self.tokens.bounds, least)

    def twins_as_chains(self) -> Chains:
        """Return one chain of full length per pair of equal documents."""
        pairs, bounds = self.twins, self.tokens.bounds
        zeros = np.zeros(len(pairs), np.int32)
        lengths = (bounds[pairs[:, 0] + 1] - bounds[pairs[:, 0]]).astype(np.int32)
        return Chains(zeros, zeros, lengths, np.arange(len(pairs) + 1), pairs)

    def shingle_reach(self) -> Int64Array:
        """Return by document how many tokens a shingle of it has."""
        derived = self.options.derived
        words = self.full_weight == self.options.weights.token * derived.words.full
        return np.where(words, derived.words.shingle, derived.characters.shingle).astype(np.int64)

    def pair_keys(self, a: Int64Array, b: Int64Array) -> Int64Array:
        """Return a number for each pair of documents."""
        return a * self.tokens.n_documents + b

    def weight_of_documents(self) -> Int64Array:
        """Return the length of each document as tokens count."""
        total = np.concatenate([[0], np.cumsum(self.token_weights, dtype=np.int64)])
        return np.asarray(total[self.tokens.bounds[1:]] - total[self.tokens.bounds[:-1]])


def prepare_search(collection: Collection, tokens: Tokens, options: Options) -> Search:
    """Return the search of a tokenized collection; spaceless text is measured in characters, two to a word.

    Rarity is still to be measured.
    """
    derived = options.derived
    spaceless = (tokens.hashes & np.uint64(1)).astype(np.uint8)
    total = np.concatenate([[0], np.cumsum(spaceless, dtype=np.int64)])
    in_characters = 2 * (total[tokens.bounds[1:]] - total[tokens.bounds[:-1]]) > np.diff(tokens.bounds)
    words, characters, weights = derived.words, derived.characters, options.weights
    kinds = [
        kind for kind, is_there in ((words, not in_characters.all()), (characters, in_characters.any())) if is_there
    ]

    def by_document(of_words: int, of_characters: int) -> npt.NDArray[np.int32]:
        return np.where(in_characters, of_characters, of_words).astype(np.int32)

    collection = replace(collection, sides=replace(collection.sides, twin=find_twins(tokens)))
    twins, copies = pair_twins(collection.sides)
    space = significance.search_space(tokens.bounds, collection.sides, within=options.within)
    return Search(
        collection=collection,
        options=options,
        tokens=tokens,
        rarity=UNMEASURED,
        words=passages.find_words(tokens) if options.unit == "character" else np.empty(0, np.int64),
        token_weights=np.where(spaceless, np.uint8(weights.character), np.uint8(weights.token)),
        gaps=by_document(words.gap, characters.gap),
        least=by_document(words.covered, characters.covered),
        strong=by_document(words.match, characters.match),
        least_weight=by_document(weights.token * words.match, weights.character * characters.match),
        full_weight=by_document(weights.token * words.full, weights.character * characters.full),
        min_hits=min((kind.hits for kind in kinds), default=1),
        space=space,
        least_score=significance.least_score(options.max_expected, space),
        twins=twins,
        copies=copies,
    )


def concatenate_extents(parts: list[Extents]) -> Extents:
    """Return all rows of all parts."""
    return Extents(*(np.concatenate([getattr(part, name) for part in parts]) for name in Extents.__slots__))


def build_index(search: Search, anchors: Anchors) -> candidates.AnchorIndex:
    """Return the anchors grouped, as the options bound the groups."""
    return candidates.build_index(
        anchors,
        search.collection.sides,
        max_partners=search.options.max_partners,
        max_partners_document=MAX_PARTNERS_DOCUMENT,
        period=search.options.min_words,
    )
