"""One generated collection at every stage of the search, so that each step can be measured by itself."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from benchmarks.generate import collection
from textreuse import align, candidates
from textreuse.lsh import window_minima
from textreuse.model import Anchors, Chains, Extents, Int64Array, Rarity, Shingles, Sides, Tokens
from textreuse.options import make_options
from textreuse.rarity import measure_rarity
from textreuse.shingle import shingle
from textreuse.tokenize import hash_spans, tokenize

SIZES = (50, 300, 1500)  # documents of 300 words on average
SIZE = SIZES[1]  # at which steps are measured
OPTIONS = make_options(threads=1)
SEEDS = OPTIONS.derived.words
CYRILLIC = str.maketrans("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопярстуважьч")


@cache
def texts(n_documents: int = SIZE) -> list[str]:
    """Return documents of 100 to 500 words; for one in five a passage of 20 to 100 words was copied with edits."""
    found, _ = collection(n_documents, 1, reuse_rate=0.2, edit_rate=0.1)
    return [document.text for document in found]


@cache
def cyrillic_texts() -> list[str]:
    """Return the same documents in letters that are not ASCII."""
    return [text.translate(CYRILLIC) for text in texts()]


@cache
def tokens() -> Tokens:
    """Return the tokens of all documents."""
    return tokenize(texts())


@cache
def weights() -> npt.NDArray[np.uint8]:
    """Return the half words of each token."""
    return np.uint8(2) - (tokens().hashes & np.uint64(1)).astype(np.uint8)


@cache
def rarity() -> Rarity:
    """Return how rare each word is."""
    return measure_rarity(tokens(), hash_spans, texts())


@cache
def shingles() -> Shingles:
    """Return the shingles of all documents."""
    return shingle(tokens(), SEEDS.shingle, OPTIONS.derived.characters.shingle)


@cache
def anchors() -> Anchors:
    """Return the shingles kept."""
    return window_minima(shingles(), OPTIONS.derived.window)


@cache
def sides() -> Sides:
    """Return sides that let all documents be compared."""
    n = tokens().n_documents
    none = np.full(n, -1, np.int64)
    return Sides(np.zeros(n, np.uint8), none, 1, none)


def index() -> candidates.AnchorIndex:
    """Return the anchors grouped by id."""
    return candidates.build_index(anchors(), sides(), max_partners=OPTIONS.max_partners, max_partners_document=8)


@cache
def seeding() -> candidates.Seeding:
    """Return what chains must show, from the default promise."""
    n = tokens().n_documents
    return candidates.Seeding(
        min_hits=SEEDS.hits,
        gaps=np.full(n, SEEDS.gap, np.int32),
        least=np.full(n, SEEDS.covered, np.int32),
        strong=np.full(n, SEEDS.match, np.int32),
        slack=SEEDS.shingle + OPTIONS.derived.window,
        within=False,
        min_self_distance=OPTIONS.min_words,
    )


def chains_of(grouped: candidates.AnchorIndex) -> tuple[Chains, int]:
    """Return the chains of the whole collection, which is one batch, and how many hits they are made of."""
    (batch,) = candidates.plan_batches(grouped, tokens().bounds, 1 << 40)
    chains, _, counts = candidates.find_chains(grouped, batch, rarity(), tokens().bounds, sides(), seeding())
    return chains, counts.hits


@cache
def chains() -> Chains:
    """Return the chains of the whole collection."""
    return chains_of(index())[0]


def rows() -> Int64Array:
    """Return the passages that grow from the chains."""
    thresholds = align.Thresholds(
        score=0,
        run=2 * OPTIONS.min_words,
        gaps=seeding().gaps,
        least=seeding().least,
        mismatch_cost=OPTIONS.derived.mismatch_cost,
    )
    return align.find_extents(chains(), rarity(), weights(), tokens().bounds, thresholds)


def measured(passages: Int64Array) -> Extents:
    """Return the passages with the words that match."""
    return align.measure(passages, rarity(), weights(), tokens().bounds)


def n_characters() -> int:
    """Return the length of all documents."""
    return sum(map(len, texts()))
