"""Lineages with truth: texts that were copied, trimmed, edited, copied on and merged with others, among other text.

Everything is a pure function of its seed. A lineage starts with one text. Each further witness of it derives from one
of the earlier ones: whole or trimmed, verbatim or edited. Some documents hold witnesses of two lineages one after the
other, and are copied on as they are. Some lineages share one stock sentence, which makes no common descent. Every
witness stands in a document with text of its own around it, and there are documents that share nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from benchmarks.generate import draw_words, prose, random_generator, vocabulary
from textreuse.model import Document

Word = tuple[str, int]  # with its lineage; -1 where it is of none


class Witness(NamedTuple):
    """A passage of a document (offsets into its text) that descends from the first text of a lineage."""

    document_id: str
    start: int
    stop: int
    lineage: int


class Lineages(NamedTuple):
    """Documents in no particular order, and all witnesses in them."""

    documents: list[Document]
    witnesses: list[Witness]


def lineages(
    n_lineages: int,
    seed: int,
    *,
    witnesses: tuple[int, int] = (2, 12),
    words: tuple[int, int] = (80, 300),
    trimmed: float = 0.4,
    least_kept: float = 0.4,
    edit_rate: float = 0.1,
    merged: float = 0.1,
    stock: float = 0.2,
    stock_words: tuple[int, int] = (15, 25),
    n_others: int = 20,
) -> Lineages:
    """Return documents with `n_lineages` lineages in them, and where their witnesses stand.

    A lineage has from `witnesses[0]` to `witnesses[1]` of them and a first text of `words[0]` to `words[1]` words. A
    share of `trimmed` of copies keeps a run of at least `least_kept` of the words (and 40 words), and each copy
    has up to `edit_rate` of its words changed. A share of `merged` of witnesses is followed by one of another
    lineage, half of them with words in between; half of these documents are copied on whole. A share of `stock` of
    the lineages comes in pairs that share one sentence of `stock_words`. Dates follow descent.
    """
    rng = random_generator(seed, 1)
    firsts = _first_texts(n_lineages, words, stock, stock_words, rng, seed)
    bodies: list[tuple[list[Word], int]] = []  # words of a document that descend from others, and its generation
    pool: list[list[tuple[list[Word], int]]] = []
    for first in firsts:
        family = [(first, 0)]
        for _ in range(int(rng.integers(witnesses[0], witnesses[1] + 1)) - 1):
            parent, generation = family[int(rng.integers(len(family)))]
            family.append((_copy(parent, rng, trimmed, least_kept, edit_rate), generation + 1))
        pool.append(family)
    for number, family in enumerate(pool):
        for body, generation in family:
            if rng.random() >= merged or n_lineages < 2:
                bodies.append((body, generation))
                continue
            other = pool[(number + 1 + int(rng.integers(n_lineages - 1))) % n_lineages]
            second, later = other[int(rng.integers(len(other)))]
            between = [(word, -1) for word in draw_words(int(rng.integers(5, 25)), rng)] if rng.random() < 0.5 else []
            both = body + between + _copy(second, rng, trimmed, least_kept, edit_rate)
            bodies.append((both, max(generation, later) + 1))
            if rng.random() < 0.5:
                bodies.append((_copy(both, rng, 0.0, 1.0, edit_rate), max(generation, later) + 2))
    return _embedded(bodies, rng, seed, n_others)


def _first_texts(
    n_lineages: int,
    words: tuple[int, int],
    stock: float,
    stock_words: tuple[int, int],
    rng: np.random.Generator,
    seed: int,
) -> list[list[Word]]:
    firsts = []
    for number in range(n_lineages):
        n_words = int(rng.integers(words[0], words[1] + 1))
        firsts.append([(word, number) for word in prose(n_words, seed, 2, number).split()])
    for pair in range(round(stock * n_lineages / 2)):
        sentence = prose(int(rng.integers(stock_words[0], stock_words[1] + 1)), seed, 3, pair).split()
        for number in (2 * pair, 2 * pair + 1):
            place = int(rng.integers(len(firsts[number]) // 4, 3 * len(firsts[number]) // 4))
            firsts[number][place:place] = [(word, number) for word in sentence]
    return firsts


def _copy(body: list[Word], rng: np.random.Generator, trimmed: float, kept: float, edit_rate: float) -> list[Word]:
    """Return a copy, perhaps trimmed, with some of its words replaced, dropped or followed by new ones."""
    if rng.random() < trimmed:
        length = max(min(40, len(body)), int(len(body) * rng.uniform(kept, 0.9)))
        start = int(rng.integers(len(body) - length + 1))
        body = body[start : start + length]
    rate = rng.uniform(0, edit_rate)
    copy: list[Word] = []
    for (word, lineage), chance, kind in zip(body, rng.random(len(body)), rng.integers(3, size=len(body)), strict=True):
        new = (vocabulary()[int(rng.integers(5000))], lineage)
        edited = [[new], [], [(word, lineage), new]][kind] if chance < rate else [(word, lineage)]
        copy += edited
    return copy


def _embedded(bodies: list[tuple[list[Word], int]], rng: np.random.Generator, seed: int, n_others: int) -> Lineages:
    """Return the documents: each body with text of its own around it, in random order, and others without any."""
    documents, found = [], []
    numbers = rng.permutation(len(bodies) + n_others).tolist()
    for at, number in enumerate(numbers):
        id_ = f"d{at:05}"
        if number >= len(bodies):
            documents.append(Document(id_, prose(int(rng.integers(100, 400)), seed, 4, number), {"date": "1880-01-01"}))
            continue
        body, generation = bodies[number]
        before, after = (prose(int(rng.integers(10, 200)), seed, 5 + i, number) for i in range(2))
        text = before + "\n\n"
        spans: dict[int, tuple[int, int]] = {}
        for word, lineage in body:
            if lineage >= 0:
                spans[lineage] = (spans.get(lineage, (len(text), 0))[0], len(text) + len(word))
            text += word + " "
        found += [Witness(id_, start, stop, lineage) for lineage, (start, stop) in spans.items()]
        day = f"18{50 + generation // 12:02}-{1 + generation % 12:02}-{1 + int(rng.integers(28)):02}"
        documents.append(Document(id_, text + "\n\n" + after, {"date": day}))
    return Lineages(documents, found)


def bcubed(witnesses: list[Witness], members: list[Witness]) -> tuple[float, float, float]:
    """Return extended B-cubed precision, recall and F1 (Amigo et al. 2009) of grouped passages.

    Items are the true witnesses, each in the groups that have a member over at least half of it (none: by itself), and
    each member that lies outside of all witnesses for more than half, as an item whose true class is its own.
    """
    by_document: dict[str, list[int]] = {}
    truth: list[set[object]] = [{witness.lineage} for witness in witnesses]
    found: list[set[object]] = [set() for _ in witnesses]
    for item, witness in enumerate(witnesses):
        by_document.setdefault(witness.document_id, []).append(item)
    for number, (document, start, stop, group) in enumerate(members):
        inside = 0
        for item in by_document.get(document, ()):
            common = min(stop, witnesses[item].stop) - max(start, witnesses[item].start)
            inside += max(0, common)
            if 2 * common >= witnesses[item].stop - witnesses[item].start:
                found[item].add(group)
        if 2 * inside < stop - start:
            truth.append({("none", number)})
            found.append({group})
    for item, groups in enumerate(found):
        if not groups:
            groups.add(("alone", item))
    precision = _shared(found, truth)
    recall = _shared(truth, found)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _shared(of: list[set[object]], against: list[set[object]]) -> float:
    """Return the mean over items of how much of what they share in `of` with others they share in `against`."""
    holding: dict[object, list[int]] = {}
    for item, classes in enumerate(of):
        for one in classes:
            holding.setdefault(one, []).append(item)
    total = 0.0
    for item, classes in enumerate(of):
        others = sorted({other for one in classes for other in holding[one]})
        shares = [
            min(len(classes & of[other]), len(against[item] & against[other])) / len(classes & of[other])
            for other in others
        ]
        total += sum(shares) / len(shares)
    return total / len(of)
