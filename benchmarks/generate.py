"""Text with known reuse: generated documents, planted passages whose place is known, noise, and resampled real text.

Everything is a pure function of its seed. A *word* here is what stands between white space, without the punctuation
around it: `"Well-known,"` holds the one word `Well-known`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import regex

from textreuse.model import Document

Seed = int | Sequence[int]
Span = tuple[int, int]

WORD = regex.compile(r"\w(?:\S*\w)?")
ONSETS = ("b", "br", "c", "d", "dr", "f", "g", "h", "k", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v")
VOWELS = ("a", "e", "i", "o", "u", "ai", "ou")
CODAS = ("", "", "", "n", "r", "l", "s", "nt")
SYLLABLE = (ONSETS, VOWELS, CODAS)

# What scanners of old print misread most: pairs of look-alikes.
CONFUSIONS = {
    "e": "c", "c": "e", "h": "b", "b": "h", "l": "1", "i": "l", "o": "0", "s": "f", "f": "s", "u": "n", "n": "u",
    "m": "rn", "w": "vv", "d": "cl", "a": "o", "t": "r", "r": "t", "y": "v", "B": "8", "I": "l", "O": "0", "S": "5",
}  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Planted(NamedTuple):
    """Where a passage stands in its source and where its copy stands in the target: offsets into the final texts."""

    source_id: str
    source_start: int
    source_stop: int
    target_id: str
    target_start: int
    target_stop: int


def random_generator(seed: Seed, *stream: int) -> np.random.Generator:
    """Return a generator for one stream of a seed; different streams are independent."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=stream)))


# --- generated documents ----------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def vocabulary(n_words: int = 20_000, seed: int = 0) -> tuple[str, ...]:
    """Return different pronounceable words; frequent ones (those in front) tend to be short."""
    rng = random_generator(seed, 0)
    words: dict[str, None] = {}
    while len(words) < n_words:
        # One syllable is likely among the first words, two and more later.
        n_syllables = 1 + int(rng.binomial(4, min(0.5, 0.12 * np.log10(1 + len(words)))))
        draws = rng.random((n_syllables, 3)).tolist()
        word = "".join(part[int(x * len(part))] for row in draws for part, x in zip(SYLLABLE, row, strict=True))
        words.setdefault(word)
    return tuple(words)


@lru_cache(maxsize=4)
def _zipf_steps(n_words: int) -> npt.NDArray[np.float64]:
    # Zipf with Mandelbrot's offset and exponents usual for English: frequency ~ 1 / (rank + 2.7)**1.07.
    weights = 1 / (np.arange(1, n_words + 1) + 2.7) ** 1.07
    steps: npt.NDArray[np.float64] = np.cumsum(weights / weights.sum())
    return steps


def draw_words(n_words: int, rng: np.random.Generator, words: Sequence[str] | None = None) -> list[str]:
    """Return words drawn by Zipf's law from a vocabulary whose frequent words come first."""
    words = vocabulary() if words is None else words
    ranks = np.searchsorted(_zipf_steps(len(words)), rng.random(n_words))
    return [words[rank] for rank in np.minimum(ranks, len(words) - 1).tolist()]


def prose(n_words: int, seed: Seed, *stream: int) -> str:
    """Return a text of exactly `n_words` words in sentences of 6 to 24 and paragraphs of 3 to 7 sentences."""
    if n_words == 0:
        return ""
    rng = random_generator(seed, *stream)
    words = draw_words(n_words, rng)
    commas = rng.random(n_words) < 0.06
    stops = np.cumsum(rng.integers(6, 25, n_words // 6 + 1))
    edges = [0, *stops[stops < n_words].tolist(), n_words]
    sentences = [_sentence(words[start:stop], commas[start:stop].tolist()) for start, stop in pairwise(edges)]
    breaks = np.cumsum(rng.integers(3, 8, len(sentences) // 3 + 1))
    edges = [0, *breaks[breaks < len(sentences)].tolist(), len(sentences)]
    return "\n\n".join(" ".join(sentences[start:stop]) for start, stop in pairwise(edges))


def _sentence(words: list[str], commas: list[bool]) -> str:
    inner = [word + "," if comma else word for word, comma in zip(words[:-1], commas, strict=False)]
    return " ".join([*inner, words[-1]]).capitalize() + "."


def documents(n_documents: int, seed: int, *, words: Span = (100, 500)) -> Iterator[Document]:
    """Yield documents that share nothing but chance, with numbers of words drawn evenly from `words`, both included.

    Document i does not depend on how many follow it.
    """
    width = max(4, len(str(n_documents - 1)))
    for i in range(n_documents):
        n_words = int(random_generator(seed, 1, i).integers(words[0], words[1] + 1))
        yield Document(f"d{i:0{width}}", prose(n_words, seed, 2, i))


# --- planted reuse ----------------------------------------------------------------------------------------------------


def word_spans(text: str) -> list[Span]:
    """Return where each word stands, in order."""
    return [match.span() for match in WORD.finditer(text)]


def edit(
    passage: str, n_edits: int, rng: np.random.Generator, replacements: Sequence[str], *, keep_edges: bool = False
) -> str:
    """Return a passage with exactly `n_edits` of its words replaced, dropped or followed by an inserted one.

    A third each; of a rest, first one more is replaced, then one more dropped. No word is touched twice, and nothing
    is inserted before the first word or after the last. With `keep_edges` the first and last words stay, so
    that the edges of the copy are sure to be edges of what is shared.
    """
    spans = word_spans(passage)
    words = [passage[start:stop] for start, stop in spans]
    gaps = [passage[a_stop:b_start] for (_, a_stop), (b_start, _) in pairwise(spans)]
    n_replaced, n_dropped, n_inserted = (n_edits + 2) // 3, (n_edits + 1) // 3, n_edits // 3
    editable = np.arange(len(words))[1:-1] if keep_edges else np.arange(len(words))
    if n_replaced + n_dropped > len(editable) or n_inserted > len(gaps):
        raise ValueError(f"{n_edits} edits do not fit into {len(words)} words")
    touched = rng.permutation(editable)[: n_replaced + n_dropped].tolist()
    replaced, dropped = set(touched[:n_replaced]), set(touched[n_replaced:])
    widened = set(rng.permutation(len(gaps))[:n_inserted].tolist())
    pieces: list[str] = []
    for i, (word, gap) in enumerate(zip(words, [*gaps, ""], strict=True)):
        if i not in dropped:
            pieces += [_other_word(word, rng, replacements) if i in replaced else word, gap]
        if i in widened:
            pieces += [_other_word(word, rng, replacements), " "]
    return "".join(pieces[:-1])


def _other_word(word: str, rng: np.random.Generator, replacements: Sequence[str]) -> str:
    start = int(rng.integers(len(replacements)))
    for i in range(len(replacements)):
        other = replacements[(start + i) % len(replacements)]
        if other.casefold() != word.casefold():
            return other
    raise ValueError(f"no replacement differs from {word!r}")


def plant(
    source: Document,
    target: Document,
    *,
    words: int,
    seed: Seed,
    edit_rate: float = 0.0,
    replacements: Sequence[str] | None = None,
    keep_edges: bool = False,
    avoid_in_source: Sequence[Span] = (),
    avoid_in_target: Sequence[Span] = (),
) -> tuple[Document, Planted]:
    """Return the target with a passage of the source copied into it, and where both stand in the final texts.

    The passage has exactly `words` words of the source and gets exactly round(edit_rate * words) edits (see `edit`);
    it goes to the start of a random word of the target, or to its end. New words come from `replacements`, or from
    the target itself. The passage touches no span of `avoid_in_source` and splits none of `avoid_in_target`.
    Source and target may be one document: then the copy does not split the original.

    Raises
    ------
    ValueError
        If the source holds no such passage.
    """
    rng = random_generator(seed)
    start, stop = _choose_passage(source, words, rng, avoid_in_source)
    within = source.id == target.id
    place = _choose_place(target.text, rng, [*avoid_in_target, (start, stop)] if within else avoid_in_target)
    if replacements is None:
        replacements = WORD.findall(target.text) or vocabulary()
    copy = edit(source.text[start:stop], round(edit_rate * words), rng, replacements, keep_edges=keep_edges)
    before, after = target.text[:place], target.text[place:]
    lead = " " if before and not before[-1].isspace() else ""
    text = f"{before}{lead}{copy} {after}" if after else f"{before}{lead}{copy}"
    copy_start = place + len(lead)
    planted = Planted(source.id, start, stop, target.id, copy_start, copy_start + len(copy))
    if within and start >= place:
        grown = len(text) - len(target.text)
        planted = planted._replace(source_start=start + grown, source_stop=stop + grown)
    return dataclasses.replace(target, text=text), planted


def _choose_passage(source: Document, words: int, rng: np.random.Generator, avoid: Sequence[Span]) -> Span:
    free = _free_passages(source.text, words, avoid)
    if not free:
        raise ValueError(f"document {source.id!r} has no free passage of {words} words")
    return free[int(rng.integers(len(free)))]


def _free_passages(text: str, words: int, avoid: Sequence[Span]) -> list[Span]:
    spans = word_spans(text)
    passages = [(first[0], last[1]) for first, last in zip(spans, spans[words - 1 :], strict=False)]
    return [(start, stop) for start, stop in passages if all(stop <= a or b <= start for a, b in avoid)]


def _choose_place(text: str, rng: np.random.Generator, avoid: Sequence[Span]) -> int:
    starts = [start for start, _ in word_spans(text) if start == 0 or text[start - 1].isspace()]
    places = [place for place in [*starts, len(text)] if all(not start < place < stop for start, stop in avoid)]
    return places[int(rng.integers(len(places)))]


def collection(
    n_documents: int,
    seed: int,
    *,
    reuse_rate: float = 0.1,
    words: Span = (100, 500),
    edit_rate: float = 0.1,
    passage_words: int | Span = (20, 100),
    duplicate_rate: float = 0.0,
    keep_edges: bool = False,
) -> tuple[list[Document], list[Planted]]:
    """Return documents and all reuse among them that is not chance.

    round(reuse_rate * n_documents) passages are planted, each from a random document into another, each from a piece
    of text that no other planting touches, so that the list is complete: no two copies share a source, and no copy is
    copied on. The last round(duplicate_rate * n_documents) documents are copies, edited at `edit_rate`, of as many
    of the first ones; these pairs are listed as planted from end to end and have no other part in reuse.
    """
    n_duplicates = round(duplicate_rate * n_documents)
    if 2 * n_duplicates > n_documents:
        raise ValueError(f"duplicate_rate is {duplicate_rate}: each copy needs an original of its own, so at most 0.5")
    texts = list(documents(n_documents, seed, words=words))
    planted = []
    for i in range(n_duplicates):
        original, last = texts[i], n_documents - 1 - i
        text = near_duplicate(original.text, edit_rate=edit_rate, seed=[seed, 3, i])
        texts[last] = dataclasses.replace(texts[last], text=text)
        planted.append(Planted(original.id, *_extent(original.text), texts[last].id, *_extent(text)))
    singles = texts[n_duplicates : n_documents - n_duplicates]
    low, high = (passage_words, passage_words) if isinstance(passage_words, int) else passage_words
    rng = random_generator(seed, 4)
    lengths = rng.integers(low, high + 1, round(reuse_rate * n_documents)).tolist()
    planted += _plant_all(singles, lengths, rng, [seed, 5], edit_rate, keep_edges)
    texts[n_duplicates : n_documents - n_duplicates] = singles
    return texts, planted


def _plant_all(
    texts: list[Document],
    lengths: Sequence[int],
    rng: np.random.Generator,
    seed: Sequence[int],
    edit_rate: float,
    keep_edges: bool,
) -> list[Planted]:
    """Plant one passage of each length between random texts, replacing those that grow, and return all truths."""
    planted: list[Planted] = []
    touching: dict[str, list[int]] = {text.id: [] for text in texts}  # which plantings have a part in the document

    def taken(document_id: str) -> list[Span]:
        return [span for i in touching[document_id] for span in _spans_in(planted[i], document_id)]

    for number, words in enumerate(lengths):
        for _ in range(1000):
            source, target = rng.choice(len(texts), 2, replace=False).tolist()
            if _free_passages(texts[source].text, words, taken(texts[source].id)):
                break
        grown, new = plant(
            texts[source],
            texts[target],
            words=words,
            seed=[*seed, number],
            edit_rate=edit_rate,
            replacements=vocabulary(),
            keep_edges=keep_edges,
            avoid_in_source=taken(texts[source].id),
            avoid_in_target=taken(texts[target].id),
        )
        for i in touching[grown.id]:
            planted[i] = _shifted(planted[i], new, len(grown.text) - len(texts[target].text))
        texts[target] = grown
        planted.append(new)
        for document_id in (new.source_id, new.target_id):
            touching[document_id].append(number)
    return planted


def _spans_in(planted: Planted, document_id: str) -> list[Span]:
    source = [(planted.source_start, planted.source_stop)] if planted.source_id == document_id else []
    return source + ([(planted.target_start, planted.target_stop)] if planted.target_id == document_id else [])


def _shifted(planted: Planted, new: Planted, grown: int) -> Planted:
    """Return where a planting stands after the target of a new one has grown; no span is split by the new copy."""
    source = grown if planted.source_id == new.target_id and planted.source_start >= new.target_start else 0
    target = grown if planted.target_id == new.target_id and planted.target_start >= new.target_start else 0
    return planted._replace(
        source_start=planted.source_start + source,
        source_stop=planted.source_stop + source,
        target_start=planted.target_start + target,
        target_stop=planted.target_stop + target,
    )


def _extent(text: str) -> Span:
    spans = word_spans(text)
    return spans[0][0], spans[-1][1]


def near_duplicate(text: str, *, edit_rate: float, seed: Seed) -> str:
    """Return the text with exactly round(edit_rate * number of words) edits, as `edit` makes them."""
    spans = word_spans(text)
    if not spans:
        return text
    start, stop = spans[0][0], spans[-1][1]
    passage = edit(text[start:stop], round(edit_rate * len(spans)), random_generator(seed), vocabulary())
    return text[:start] + passage + text[stop:]


# --- real text, changed -----------------------------------------------------------------------------------------------


def resample_bigrams(texts: Sequence[str], n_words: int, seed: Seed) -> str:
    """Return `n_words` words of real text in an order that keeps the statistics of its bigrams and nothing longer.

    A Markov chain over words (case aside): each word is followed by what follows a random one of its occurrences. The
    texts count as one ring, so that every word has a follower; no words at all give an empty text.
    """
    words = [word for text in texts for word in WORD.findall(text)]
    if not words or n_words == 0:
        return ""
    kinds: dict[str, int] = {}
    keys = np.array([kinds.setdefault(word.casefold(), len(kinds)) for word in words])
    order = np.argsort(keys, kind="stable").tolist()  # the occurrences of each kind of word, side by side
    counts = np.bincount(keys)
    firsts, n_occurrences = (np.cumsum(counts) - counts).tolist(), counts.tolist()
    rng = random_generator(seed)
    position = int(rng.integers(len(words)))
    chosen = [words[position]]
    for x in rng.random(n_words - 1).tolist():
        kind = int(keys[position])
        position = (order[firsts[kind] + int(x * n_occurrences[kind])] + 1) % len(words)
        chosen.append(words[position])
    return " ".join(chosen)


def shuffle_bigrams(words: Sequence[str], seed: Seed) -> list[str]:
    """Return the words in another order that has exactly the same bigrams, each as often (a random Eulerian circuit).

    Case is folded; the words count as one ring. Unlike a walk that draws followers anew, rare words do not multiply, so
    that nothing is copied by the null model itself (Altschul, Erickson 1985).
    """
    rng = random_generator(seed)
    kinds: dict[str, int] = {}
    numbers = [kinds.setdefault(word.casefold(), len(kinds)) for word in words]
    followers: list[list[int]] = [[] for _ in kinds]
    for first, second in zip(numbers, numbers[1:] + numbers[:1], strict=True):
        followers[first].append(second)
    for of_word in followers:
        rng.shuffle(of_word)
    path, circuit = numbers[:1], []
    while path:  # Hierholzer 1873
        if followers[path[-1]]:
            path.append(followers[path[-1]].pop())
        else:
            circuit.append(path.pop())
    names = list(kinds)
    return [names[number] for number in reversed(circuit)][: len(numbers)]


def noise(text: str, rate: float, seed: Seed) -> str:
    """Return the text as a bad scan would have it: exactly round(rate * n) of its n visible characters misread.

    Of those, eight in ten become a look-alike (or a random letter, where no look-alike is known), one is lost,
    one is followed by a stray space or letter.
    """
    rng = random_generator(seed)
    visible = [i for i, character in enumerate(text) if not character.isspace()]
    pieces = list(text)
    for i in rng.permutation(visible)[: round(rate * len(visible))].tolist():
        letter = LETTERS[int(rng.integers(len(LETTERS)))]
        misread = CONFUSIONS.get(text[i], letter if letter != text[i] else "~")
        kind = int(rng.integers(10))
        pieces[i] = misread if kind < 8 else "" if kind == 8 else text[i] + (" " if rng.integers(2) else letter)
    return "".join(pieces)
