"""The whole way from documents to matches: reads like the method section of a paper."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from textreuse import boilerplate, candidates, noise, passages
from textreuse._parallel import keep_freed_memory, run_chunks
from textreuse.assembly import Listing, list_skipped, sort_matches
from textreuse.clock import Clock, Progress
from textreuse.collection import Collection, Group, read_sides
from textreuse.errors import InputError, OptionsError, TextReuseWarning
from textreuse.explain import Explainer
from textreuse.model import Extents, Int64Array, Rarity, Tokens, held_bytes
from textreuse.options import Options, Tokenizer, make_options
from textreuse.result import ReuseResult
from textreuse.search import Search, build_index, concatenate_extents, prepare_search
from textreuse.tokenize import tokenize

NO_EXTENTS = Extents(*(np.empty(0, np.int64) for _ in Extents.__slots__))


def find_reuse(
    documents: object,
    *,
    against: object = None,
    unit: str | None = None,
    min_words: int | None = None,
    edit_rate: float | None = None,
    recall: float | None = None,
    preset: str | None = None,
    within: bool = False,
    group: Group | None = None,
    exclude: object = None,
    boilerplate: str = "separate",
    max_matches: int | None = None,
    max_expected: float | None = None,
    max_partners: int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    keep_texts: bool = True,
    tokenizer: Tokenizer | None = None,
    shingle_words: int | None = None,
    window: int | None = None,
    seed_words: int | None = None,
    gap_words: int | None = None,
    join_words: int | None = None,
    batch_hits: int = 500_000,
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
    unit
        What is compared: "word" (the default), or "character" for text that a scanner misread, of which `edit_rate` of
        the letters are wrong. Five letters (two characters of a spaceless script) then count as a word, and hand-set
        `shingle_words` and `window` count letters.
    preset
        A named promise, see `PRESETS`: "quotation", "reprint", "plagiarism", "ocr", "thorough".
    within
        Also look for passages that stand twice in one document.
    group
        Name of a metadata field, or a function of a document: documents of one group are not compared.
    exclude
        Texts whose reuse is of no interest (a licence, a prayer), given like `documents`.
    boilerplate
        What becomes of matches whose text recurs so widely and uniformly that it is a header, a signature or a formula:
        they are set apart in `result.boilerplate` ("separate"), stay among the others with their mark ("keep"), or
        are counted only ("drop").
    max_matches
        Keep the best; how many there were stays in `result.stats`.
    max_expected
        Leave out matches with a score that chance alone would reach more often than this in the collection (default
        0.1). Exact runs of `min_words` are always kept.
    max_partners
        How many occurrences of one shingle every other occurrence is paired with. Very frequent shingles say little;
        what is not paired directly stays linked through its family. By default 64, or 256 for shingles of two words,
        and two for what very many documents hold, unless it turns out to be a text that was reprinted. What you set
        holds for all shingles, so that boilerplate is listed as fully as the rest.
    threads
        How many threads share the work, by default all cores. The result does not depend on it.
    progress
        Called as `progress(step, done, total)`.
    keep_texts
        Whether the result holds the texts, so that it can show passages.
    tokenizer
        A pattern or a function that gives spans, instead of the built-in tokenizer. A result with a function can be
        pickled if the function can.
    shingle_words, window, seed_words, gap_words
        Set by hand what otherwise follows from the promise: the words of a shingle, of how many successive shingles one
        is kept, how many words of a passage must stand in exact runs, and how far such runs may stand apart.
    join_words
        Passages of two documents that stand fewer than so many words apart on both sides are one match, in whatever
        order (default 0: swapped paragraphs are two).
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
        unit=unit, min_words=min_words, edit_rate=edit_rate, recall=recall, preset=preset, within=within,
        boilerplate=boilerplate,
        max_expected=max_expected, max_matches=max_matches, max_partners=max_partners, threads=threads,
        batch_hits=batch_hits, keep_texts=keep_texts, tokenizer=tokenizer, shingle_words=shingle_words, window=window,
        seed_words=seed_words, gap_words=gap_words, join_words=join_words,
    )  # fmt: skip
    if against is not None and within:
        raise OptionsError("within=True together with against: against looks across two collections only. Drop one.")
    if group is not None and not isinstance(group, str) and not callable(group):
        raise OptionsError(f"group={group!r}: the name of a metadata field, a function of a document, or None.")
    clock = Clock(progress)
    with clock.step("read"):
        collection = read_sides(
            documents, against, exclude, group, text_field=text_field, id_field=id_field, encoding=encoding
        )
    with clock.step("tokenize"):
        keep_freed_memory()
        tokens = tokenize(collection.texts, tokenizer=options.tokens_from, threads=options.threads)
    return _search(collection, tokens, options, clock)


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


def _search(collection: Collection, tokens: Tokens, options: Options, clock: Clock) -> ReuseResult:
    """Return the matches of a tokenized collection."""
    stats: dict[str, Any] = {"documents": tokens.n_documents - collection.n_excluded, "tokens": len(tokens)}
    with clock.step("prepare"):
        search = prepare_search(collection, tokens, options)
        # neither of these needs the other, and much of both is one long sort
        tasks = (
            clock.timed("rarity", search.measure_rarity),
            clock.timed("anchors", lambda: index_anchors(search, stats)),
        )
        rarity, index = run_chunks(lambda task: task(), tasks, options.threads)
        search = replace(search, rarity=cast(Rarity, rarity))
        index = cast(candidates.AnchorIndex, index)
    stats["misread"] = warn_of_noise(search)
    stats["words"] = int(search.token_weights.sum(dtype=np.int64)) / options.weights.word
    stats["vocabulary"] = len(search.rarity.bits)
    found, formulaic = _align_all(search, index, clock, stats)
    with clock.step("families"):
        ordered = sort_matches(search, _without_excluded(search, found, stats), formulaic)
        is_aside = ordered.is_boilerplate & (options.boilerplate != "keep")
        stats |= {"matches_found": int((~is_aside).sum()), "boilerplate_matches": int(ordered.is_boilerplate.sum())}
        stats["boilerplate_families"] = int(ordered.boilerplate_families.sum())
        stats["bytes"] = {
            "tokens": held_bytes(tokens, search.token_weights), "rarity": held_bytes(search.rarity),
            "anchors": held_bytes(index), "matches": held_bytes(ordered.found),
        }  # fmt: skip
        listing = Listing(search, ordered)
        apart = options.boilerplate == "separate"
    return ReuseResult(
        matches=listing.matches(np.flatnonzero(~is_aside)[: options.max_matches]),
        families=listing.families(ordered.boilerplate_families & (options.boilerplate != "keep"), chosen=False),
        skipped=tuple(list_skipped(search, ordered.found)),
        options=options,
        stats={**stats, "seconds": dict(clock.seconds), "peak_bytes": dict(clock.peaks)},
        documents={
            document.id: document.metadata for document in reversed(collection.documents[collection.n_excluded :])
        },
        explainer=Explainer(search, search.pair_keys(found.a, found.b)) if options.keep_texts else None,
        boilerplate=listing.matches(np.flatnonzero(is_aside & apart)[: options.max_matches]),
        boilerplate_families=listing.families(ordered.boilerplate_families & apart, chosen=True),
    )


def index_anchors(search: Search, stats: dict[str, Any]) -> candidates.AnchorIndex:
    """Return the anchors of a search grouped by shingle."""
    anchors, stats["shingles"] = search.anchors()
    index = build_index(search, anchors)
    stats |= {"anchors": len(anchors), "distinct_anchors": index.n_groups}
    stats |= {"bounded_anchors": index.n_bounded, "unlisted_hits": index.n_unlisted, "copies": len(search.copies)}
    return index


def warn_of_noise(search: Search) -> float | None:
    """Return the estimated share of misread letters; warn where comparing words is likely to miss for it.

    None where letters are compared, or the user's own tokens, or where the text is too short to tell.
    """
    if search.options.tokens_from is not None:
        return None
    share = noise.estimate_noise(search.tokens, search.rarity.numbers, search.collection.texts)
    if share is not None and share >= noise.NOISY:
        warnings.warn(
            f"about {share:.1%} of the letters look misread as others (see result.stats['misread']), so two copies of "
            f"a passage may differ in {2 * share:.0%} of their letters or more, and words are compared whole. "
            f'Pass preset="ocr", or unit="character", to compare letters.',
            TextReuseWarning,
            stacklevel=4,
        )
    return share


class _Aligned(NamedTuple):
    """Matches, and of the pairs of documents (see `Search.pair_keys`) those chosen by lot, and those looked at."""

    found: Extents
    drawn: Int64Array
    pairs: Int64Array


def _align_all(
    search: Search, index: candidates.AnchorIndex, clock: Clock, stats: dict[str, Any]
) -> tuple[Extents, npt.NDArray[np.bool_]]:
    """Return all matches, and by token whether it is of a text that is widespread, but in short pieces.

    What very many documents hold is aligned with a few of them only. That shows whether it is boilerplate; if it is a
    text that was reprinted, all pairs of documents that hold it are aligned.
    """
    with clock.step("align"):
        widespread = boilerplate.find_widespread(index, search.collection.sides)
        thinned = bool(widespread.any()) and not search.options.all_boilerplate
        links = candidates.Links(widespread.view(np.uint8)) if thinned else candidates.ALL_PLAIN
        found, drawn, _ = _align_batches(search, index, links, clock, stats)
        if not widespread.any():
            return found, np.zeros(len(search.tokens), bool)
        sample = found.take(np.isin(search.pair_keys(found.a, found.b), drawn)) if thinned else found
        reprinted, texts = _find_reprinted(search, index, sample, widespread)
    if thinned and texts.any():
        with clock.step("reprints"):
            links = candidates.Links(links.kind + texts, only_reprinted=True)
            more, _, pairs = _align_batches(search, index, links, clock, stats)
            others = np.isin(search.pair_keys(found.a, found.b), pairs, invert=True)
            found = concatenate_extents([found.take(others), more])
    return found, boilerplate.mark_tokens(index, widespread & ~reprinted, search.tokens, search.shingle_reach())


def _find_reprinted(
    search: Search, index: candidates.AnchorIndex, sample: Extents, widespread: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return by anchor whether its shingle is no boilerplate though widespread, and whether for a text that is so too.

    A stock phrase in many long matches is the former; all the shingles of an article that many reprint are the latter.
    """
    tokens, weights = search.tokens, search.options.weights
    reprinted = boilerplate.find_reprinted(index, sample, tokens, widespread, weights)
    marked = boilerplate.mark_tokens(index, widespread, tokens, search.shingle_reach())
    sample = sample.take(boilerplate.consist_of(sample, marked, tokens, search.token_weights))
    return reprinted, reprinted & boilerplate.find_reprinted(index, sample, tokens, widespread, weights)


def _align_batches(
    search: Search, index: candidates.AnchorIndex, links: candidates.Links, clock: Clock, stats: dict[str, Any]
) -> _Aligned:
    """Return the matches of all pairs of documents that `links` wants; a thread handles a batch of documents."""
    seeding, bounds, sides = search.seeding, search.tokens.bounds, search.collection.sides

    def handle(batch: candidates.Batch) -> tuple[int, Int64Array, _Aligned]:
        chains, drawn, seeds = candidates.find_chains(index, batch, search.rarity, bounds, sides, seeding, links)
        kept, n_measured = search.align_chains(chains)
        pairs = np.unique(search.pair_keys(*chains.documents.T)) if links.only_reprinted else drawn[:0]
        return batch.n_hits, np.array([*seeds, len(chains), n_measured]), _Aligned(kept, drawn, pairs)

    counts = np.zeros(7, np.int64)
    batches = list(candidates.plan_batches(index, bounds, search.options.batch_hits, links))
    done, total = 0, max(1, sum(batch.n_hits for batch in batches))
    parts = [_Aligned(NO_EXTENTS, np.empty(0, np.int64), np.empty(0, np.int64))]
    if len(search.twins) and not links.only_reprinted:
        parts.append(parts[0]._replace(found=search.align_chains(search.twins_as_chains())[0]))
    for n_hits, batch_counts, part in run_chunks(handle, batches, search.options.threads):
        counts += batch_counts
        parts.append(part)
        done += n_hits
        clock.report(done, total)
    names = ("hits", "passed_hits", "candidate_pairs", "pairs_with_enough_hits", "clusters", "regions", "aligned")
    if links.only_reprinted:
        counts[1] = 0  # what was left out before is counted
    stats |= {name: stats.get(name, 0) + n for name, n in zip(names, counts.tolist(), strict=True)}
    found, drawn, pairs = zip(*parts, strict=True)
    return _Aligned(concatenate_extents(list(found)), np.concatenate(drawn), np.concatenate(pairs))


def _without_excluded(search: Search, found: Extents, stats: dict[str, Any]) -> Extents:
    """Return the matches without those that only share a text whose reuse is of no interest."""
    n_excluded = search.collection.n_excluded
    if not n_excluded:
        return found
    interesting = passages.mask_excluded(found, n_excluded, search.limits, search.tokens, search.token_weights)
    stats["excluded_matches"] = int((~interesting & (found.a >= n_excluded)).sum())
    return found.take(interesting)
