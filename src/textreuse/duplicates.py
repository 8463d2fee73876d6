"""Near-duplicate documents of a collection: pairs, each verified on the exact sets of shingles, and their clusters."""

from __future__ import annotations

from typing import Any

import numpy as np

from textreuse.clock import Clock, Progress
from textreuse.copies import find_copies
from textreuse.duplicate_options import DuplicateOptions, Tokenizer, make_duplicate_options
from textreuse.duplicate_pairs import list_clusters, list_pairs, with_copies
from textreuse.duplicate_result import DuplicateResult
from textreuse.partners import Found, find_pairs, find_partners
from textreuse.shingle_sets import Collected, collect_shingles, list_skipped


def find_duplicates(
    documents: object,
    *,
    threshold: float = 0.8,
    measure: str = "jaccard",
    shingle_words: int = 5,
    num_perm: int = 128,
    seed: int = 1,
    recall: float = 1.0,
    all_pairs: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
    tokenizer: Tokenizer | None = None,
    text_field: str = "text",
    id_field: str = "id",
    encoding: str | None = None,
) -> DuplicateResult:
    """Return the pairs of documents that are near-duplicates as a whole, most alike first, and their clusters.

    Each pair is verified on the exact sets of shingles (`shingle_words` successive words each, hashed to 64 bits), so
    that similarities are what comparing all with all would give. Documents are let go as soon as their shingles are
    known: memory holds 8 bytes a word.

    Parameters
    ----------
    documents
        A folder or file, a list of texts, a dict of texts by id, `Document`s, mappings with an id and a text, a
        DataFrame, or a generator, which is consumed once.
    threshold
        How alike documents must be, above 0 and up to 1.
    measure
        "jaccard": shingles in common divided by all shingles of both. "containment": divided by those of the smaller
        one, which finds short texts inside long ones.
    shingle_words
        Words in a shingle; in text without spaces twice as many characters. A document that is shorter is one shingle.
    recall
        The share of pairs at the threshold that is found at least. With 1 an exact index of rare shingles finds every
        pair; below, MinHash signatures do so in bands, which `result.options.bands` names. More alike pairs are found
        at a higher rate, and short documents always. Containment is always searched with the exact index.
    num_perm, seed
        How many permutations signatures may have, and what they are drawn from, where `recall` is below 1.
    all_pairs
        Look at all pairs of large clusters too. By default documents beyond the first in a group of more than 32 are
        held against the first of it only; `result.stats["all_pairs_listed"]` says whether that happened.
    threads
        How many threads share the work, by default all cores. The result does not depend on it.
    progress
        Called as `progress(step, done, total)`.
    tokenizer
        A pattern or a function that gives spans, instead of the built-in tokenizer; it runs in one thread.
    text_field, id_field, encoding
        How to read the documents.

    Returns
    -------
    DuplicateResult
        No documents, or none that are alike, give a result without pairs. Documents without words are in `skipped`.

    Raises
    ------
    InputError
        If the documents cannot be read as they are.
    OptionsError
        If options make no sense, all of them named, or `num_perm` is too small for `recall`.

    Examples
    --------
    >>> text = "the cat sat on the mat and looked at the dog that lay before the fire all day long"
    >>> result = find_duplicates({"a": text, "b": text + " again", "c": "something else"})
    >>> result.pairs
    (DuplicatePair(a='a', b='b', similarity=0.9375),)
    """
    options = make_duplicate_options(
        threshold=threshold, measure=measure, shingle_words=shingle_words, num_perm=num_perm, seed=seed, recall=recall,
        all_pairs=all_pairs, threads=threads, tokenizer=tokenizer,
    )  # fmt: skip
    clock = Clock(progress)
    with clock.step("shingles"):
        collected = collect_shingles(
            documents, options.shingle_words, options.shingle_characters, limit=options.limit, threads=options.threads,
            tokenizer=options.tokenizer, report=clock.report_count, text_field=text_field, id_field=id_field,
            encoding=encoding,
        )  # fmt: skip
    return _search(collected, options, clock)


def _search(collected: Collected, options: DuplicateOptions, clock: Clock) -> DuplicateResult:
    """Return the near-duplicates of a collection whose shingles are known."""
    skipped = list_skipped(collected)
    sizes = collected.sets.sizes
    stats: dict[str, Any] = {"documents": len(sizes), "shingles": int(sizes.sum())}
    with clock.step("candidates"):
        leaders = find_copies(collected.sets, collected.digests, np.flatnonzero(sizes))
        with_words = np.flatnonzero(sizes)
        partners = find_partners(
            collected.sets, collected.n_low, with_words[leaders[with_words] == with_words], options
        )
    with clock.step("verify"):
        pairs, is_cut, n_verified = find_pairs(partners, options)
    with clock.step("clusters"):
        left_out = np.zeros(len(sizes), bool)
        left_out[partners.documents] = is_cut
        pairs = Found(partners.documents[pairs.a], partners.documents[pairs.b], pairs.similarity)
        found, left_out = with_copies(leaders, pairs, left_out, options.all_pairs)
        clusters = list_clusters(collected.ids, found, left_out)
        listed = list_pairs(collected.ids, found)
    stats |= {
        "copies": int((leaders != np.arange(len(sizes))).sum()),
        "compared": len(partners.documents),
        "verifications": n_verified,
        "pairs": len(listed),
        "clusters": len(clusters),
        "all_pairs_listed": bool(not left_out.any()),
        "seconds": dict(clock.seconds),
        "peak_bytes": dict(clock.peaks),
    }
    return DuplicateResult(listed, clusters, tuple(skipped), options, stats)
