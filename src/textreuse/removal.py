"""Remove near-duplicates so that each removed document is like one that is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from textreuse.clock import Clock, Progress
from textreuse.copies import find_copies
from textreuse.dates import read_date
from textreuse.duplicate_options import DuplicateOptions, Tokenizer, make_duplicate_options
from textreuse.duplicate_pairs import find_components
from textreuse.duplicate_result import DeduplicateResult, RemovedDocument
from textreuse.errors import OptionsError
from textreuse.model import Document, Int64Array, ShingleSets
from textreuse.partners import find_pairs, find_partners
from textreuse.shingle_sets import Collected, collect_shingles, list_skipped
from textreuse.verify import overlaps_of, removed_documents, similarities

Keep = str | Callable[[Sequence[Document]], Document]
ORDERS = ("first", "last", "longest", "earliest")


class _Removed(NamedTuple):
    """By document of the collection: the kept one that removes it, -1 if it is kept, and how alike they are."""

    by: Int64Array
    similarity: npt.NDArray[np.float64]


def deduplicate(
    documents: object,
    *,
    threshold: float = 0.8,
    keep: Keep = "first",
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
) -> DeduplicateResult:
    """Return the documents without near-duplicates, and those that were removed with the kept one of each.

    Each removed document is at or above the threshold with one that is kept, never only with another that is removed
    too: of A, B and C where B is like both and A and C are not alike, A and C are kept, or B alone.

    Parameters
    ----------
    documents
        As for `find_duplicates`.
    threshold, measure, shingle_words, recall, num_perm, seed, threads, progress, tokenizer
        As for `find_duplicates`.
    keep
        Which of near-duplicates stays: the "first" or "last" as they come, the "longest" in characters, the "earliest"
        by the date in their metadata (date, published, publication_date, pub_date, issued, created or year; those
        without one come last). Of equals the first by id. Documents are gone through in this order, and one that is
        like none of those kept so far is kept. Or a function that is called with the documents of a cluster, in
        order of their ids, and returns the one to keep; what is not like it is put before it again.
    all_pairs
        Hold each document against all kept ones that it has a key in common with. By default against 32 for each key.
    text_field, id_field, encoding
        How to read the documents.

    Returns
    -------
    DeduplicateResult
        Documents without words are kept, and listed in `skipped`.

    Raises
    ------
    InputError
        If the documents cannot be read as they are.
    OptionsError
        If options make no sense, all of them named, or `keep` returns something else than one of its documents.

    Examples
    --------
    >>> text = "the cat sat on the mat and looked at the dog that lay before the fire all day long"
    >>> result = deduplicate({"a": text, "b": text + " again", "c": "something else"}, keep="longest")
    >>> [document.id for document in result], result.removed
    (['b', 'c'], (RemovedDocument(id='a', kept_id='b', similarity=0.9375),))
    """
    if not (callable(keep) or keep in ORDERS):
        raise OptionsError(
            f"keep={keep!r}: {', '.join(map(repr, ORDERS))} or a function of the documents of a cluster."
        )
    options = make_duplicate_options(
        threshold=threshold, measure=measure, shingle_words=shingle_words, num_perm=num_perm, seed=seed, recall=recall,
        all_pairs=all_pairs, threads=threads, tokenizer=tokenizer,
    )  # fmt: skip
    clock, arrived = Clock(progress), list[Document]()
    with clock.step("shingles"):
        collected = collect_shingles(
            documents, options.shingle_words, options.shingle_characters, limit=options.limit, threads=options.threads,
            tokenizer=options.tokenizer, report=clock.report_count, on_document=arrived.append, text_field=text_field,
            id_field=id_field, encoding=encoding,
        )  # fmt: skip
    skipped = list_skipped(collected)
    stats: dict[str, Any] = {"documents": len(arrived), "shingles": int(collected.sets.sizes.sum())}
    with clock.step("candidates and removal"):
        if callable(keep):
            removed, n_verified, n_cut = _remove_by_choice(collected, arrived, keep, options)
        else:
            removed, n_verified, n_cut = _remove_in_order(collected, _order_of(collected, arrived, keep), options)
    stats |= {
        "verifications": n_verified,
        "removed": int((removed.by >= 0).sum()),
        # whether each kept document was held against all kept ones that it has a key in common with
        "held_against_all": n_cut == 0,
        "seconds": dict(clock.seconds),
        "peak_bytes": dict(clock.peaks),
    }
    ids = collected.ids
    gone = np.zeros(len(ids), bool)
    gone[collected.arrival[removed.by >= 0]] = True
    return DeduplicateResult(
        kept=tuple(document for document, is_gone in zip(arrived, gone.tolist(), strict=True) if not is_gone),
        removed=tuple(
            RemovedDocument(ids[number], ids[removed.by[number]], float(removed.similarity[number]))
            for number in np.flatnonzero(removed.by >= 0).tolist()
        ),
        skipped=tuple(skipped),
        options=options,
        stats=stats,
    )


def _order_of(collected: Collected, arrived: Sequence[Document], keep: str) -> Int64Array:
    """Return the documents with words, the one to keep first."""
    with_words = np.flatnonzero(collected.sets.sizes)
    place = collected.arrival[with_words].tolist()
    sort_key: Callable[[int], Any] = {
        "first": lambda k: place[k],
        "last": lambda k: -place[k],
        "longest": lambda k: (-len(arrived[place[k]].text), k),
        "earliest": lambda k: (*_date_key(arrived[place[k]]), k),
    }[keep]
    return with_words[sorted(range(len(with_words)), key=sort_key)]


def _date_key(document: Document) -> tuple[bool, str]:
    date = read_date(document.metadata)
    return date is None, date or ""


def _remove_in_order(collected: Collected, order: Int64Array, options: DuplicateOptions) -> tuple[_Removed, int, int]:
    """Return what is removed if documents are gone through in `order`, verifications, and cut documents."""
    n = len(collected.ids)
    leaders = find_copies(collected.sets, collected.digests, order)
    removed = _Removed(np.full(n, -1, np.int64), np.zeros(n))
    partners = find_partners(collected.sets, collected.n_low, np.sort(order[leaders[order] == order]), options)
    position = np.empty(n, np.int64)
    position[order] = np.arange(len(order))
    is_containment = options.measure == "containment"
    by, overlaps, n_verified, n_cut = removed_documents(
        partners.compared, partners.groups, np.argsort(position[partners.documents]), options.threshold, is_containment,
        options.all_pairs,
    )  # fmt: skip
    gone = np.flatnonzero(by >= 0)
    removed.by[partners.documents[gone]] = partners.documents[by[gone]]
    removed.similarity[partners.documents[gone]] = similarities(
        partners.sets, gone, by[gone], overlaps[gone], is_containment
    )
    return _with_copies(removed, leaders), n_verified, n_cut


def _with_copies(removed: _Removed, leaders: Int64Array) -> _Removed:
    """Return the same with the copies of documents, which are removed by what removes their leader, or by it."""
    is_copy = leaders != np.arange(len(leaders))
    by = removed.by[leaders]
    alone = is_copy & (by < 0)
    by[alone] = leaders[alone]
    similarity = removed.similarity[leaders]
    similarity[alone] = 1.0
    return _Removed(by, similarity)


def _remove_by_choice(
    collected: Collected,
    arrived: Sequence[Document],
    keep: Callable[[Sequence[Document]], Document],
    options: DuplicateOptions,
) -> tuple[_Removed, int, int]:
    """Return what is removed where `keep` chooses from each cluster, verifications, and cut documents.

    What is not like the one that was chosen takes part in the next round.
    """
    with_words = np.flatnonzero(collected.sets.sizes)
    leaders = find_copies(collected.sets, collected.digests, with_words)
    choice = _Choice(collected, arrived, keep, leaders)
    sets, n_verified, n_cut = collected.sets, 0, 0
    n_low: Int64Array | None = collected.n_low
    rest = with_words[leaders[with_words] == with_words]
    numbers = np.arange(len(leaders))  # of the documents of `sets` in the collection
    while len(rest):
        partners = find_partners(sets, n_low, rest, options)
        pairs, is_cut, n_more = find_pairs(partners, options)
        n_cut += int(is_cut.sum())
        choice.settle(np.setdiff1d(numbers[rest], numbers[partners.documents]))
        sets, n_low, numbers = partners.sets, None, numbers[partners.documents]
        parts = []
        for cluster in _clusters(find_components(pairs, len(numbers))):
            if len(cluster) == 1:
                choice.settle(numbers[cluster])
                continue
            chosen = choice.make(numbers[cluster])
            is_kept = numbers[cluster] == leaders[chosen]
            parts.append(choice.remove_like(chosen, sets, cluster[is_kept], cluster[~is_kept], numbers, options))
            n_verified += len(cluster) - 1
        n_verified += n_more
        rest = np.sort(np.concatenate(parts)) if parts else rest[:0]
    return choice.removed, n_verified, n_cut


def _clusters(root: Int64Array) -> list[Int64Array]:
    """Return the documents of each component, each ascending."""
    order = np.argsort(root, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(root[order])) + 1) if len(root) else []


class _Choice:
    """What a user's function has chosen so far."""

    def __init__(
        self,
        collected: Collected,
        arrived: Sequence[Document],
        keep: Callable[[Sequence[Document]], Document],
        leaders: Int64Array,
    ) -> None:
        self.removed = _Removed(np.full(len(leaders), -1, np.int64), np.zeros(len(leaders)))
        self._arrived, self._arrival, self._keep = arrived, collected.arrival, keep
        self._members = np.argsort(leaders, kind="stable")
        self._bounds = np.searchsorted(leaders[self._members], np.arange(len(leaders) + 1))

    def copies(self, leader: int) -> Int64Array:
        """Return the documents that are equal to a leader, itself included."""
        return self._members[self._bounds[leader] : self._bounds[leader + 1]]

    def settle(self, leaders: Int64Array) -> None:
        """Choose among the copies of each of these, which are like nothing else that is left."""
        for leader in leaders.tolist():
            copies = self.copies(leader)
            if len(copies) > 1:
                chosen = self.make(np.array([leader]))
                self._remove(copies[copies != chosen], chosen, 1.0)

    def make(self, leaders: Int64Array) -> int:
        """Return the one that the user's function chooses from these and their copies.

        Raises
        ------
        OptionsError
            If it returns something else.
        """
        numbers = np.sort(np.concatenate([self.copies(leader) for leader in leaders.tolist()])).tolist()
        cluster = [self._arrived[self._arrival[number]] for number in numbers]
        chosen = self._keep(cluster)
        for number, document in zip(numbers, cluster, strict=True):
            if isinstance(chosen, Document) and document.id == chosen.id:
                return int(number)
        raise OptionsError(
            f"keep returned {repr(chosen)[:60]} for the {len(cluster)} documents of a cluster, the first of which is "
            f"{cluster[0].id!r}. It must return one of the documents that it is given."
        )

    def remove_like(
        self,
        chosen: int,
        sets: ShingleSets,
        kept: Int64Array,
        others: Int64Array,
        numbers: Int64Array,
        options: DuplicateOptions,
    ) -> Int64Array:
        """Remove copies of `kept` but for the chosen one, and of `others` those like it; return the other others."""
        is_containment = options.measure == "containment"
        left = np.repeat(kept, len(others))
        overlaps = overlaps_of(sets, left, others, options.threshold, is_containment)
        similarity = similarities(sets, left, others, overlaps, is_containment)
        copies = self.copies(int(numbers[kept[0]]))
        self._remove(copies[copies != chosen], chosen, 1.0)
        for other, overlap, value in zip(others.tolist(), overlaps.tolist(), similarity.tolist(), strict=True):
            if overlap > 0:
                self._remove(self.copies(int(numbers[other])), chosen, value)
        not_alike: Int64Array = others[overlaps == 0]
        return not_alike

    def _remove(self, documents: Int64Array, chosen: int, similarity: float) -> None:
        self.removed.by[documents] = chosen
        self.removed.similarity[documents] = similarity
