"""What the user asks for, and what follows from it.

The user states a promise: passages of `min_words` with a share of `edit_rate` of their words changed are found at the
rate `recall`. Shingle length, window and thresholds follow from simulating such passages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from textreuse.errors import OptionsError

Tokenizer = str | Callable[[str], Iterable[tuple[int, int]]]


class Letters(Enum):
    """Stands for the built-in tokenizer that makes every letter a token."""

    LETTERS = "letters"


class Weights(NamedTuple):
    """How much a token counts, in whole numbers."""

    token: int  # a word, or a letter
    character: int  # a character of a spaceless script
    word: int  # what a word comes to
    stretch: int  # an equal stretch that counts for the score


WEIGHTS = {"word": Weights(2, 1, 2, 1), "character": Weights(2, 5, 10, 8)}

PRESETS: dict[str, dict[str, Any]] = {
    "quotation": {"min_words": 8, "edit_rate": 0.1, "recall": 0.95},
    "reprint": {"min_words": 40, "edit_rate": 0.2, "recall": 0.99},
    # looks for anything that stays alike, and takes scattered pieces of one source for one passage
    "plagiarism": {
        "min_words": 50,
        "edit_rate": 0.4,
        "recall": 0.95,
        "shingle_words": 3,
        "window": 1,
        "seed_words": 4,
        "gap_words": 50,
        "join_words": 50,
        "max_expected": 1e-6,
    },
    "ocr": {"unit": "character", "min_words": 50, "edit_rate": 0.2, "recall": 0.95},
    "thorough": {"min_words": 12, "edit_rate": 0.3, "recall": 0.99},
}
DEFAULTS: dict[str, Any] = {
    "unit": "word", "min_words": 20, "edit_rate": 0.2, "recall": 0.95,
    "shingle_words": None, "window": None, "seed_words": None, "gap_words": None, "join_words": 0, "max_expected": 0.1,
}  # fmt: skip

N_SIMULATED = 4000
LONGEST_SIMULATED = 300
STOCK_PAIRS = 0.2  # share of the pairs of words in text that are stock phrases
LETTERS_PER_WORD = 5
ENOUGH_LETTERS = 24  # of a passage in exact runs: the words of a name or a formula are no more
EDIT_LOSS = 1.5  # words that an edit takes off where the extent of a passage is decided


@dataclass(frozen=True, slots=True)
class Seeds:
    """What a passage must show to be looked at, in tokens: words (or letters), or characters of a spaceless script."""

    shingle: int  # tokens in a shingle (k)
    covered: int  # a chain of exact runs must cover so many
    hits: int  # and hold so many common anchors
    gap: int  # the widest gap inside a chain
    match: int  # the longer side of a match has at least so many, for edited ends may be lost
    full: int  # a match of so many needs no more than the score that all matches need


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows from the promise, for text in words and for spaceless text (two characters count as a word).

    With `unit="character"`, `words` counts letters instead, five to a word.
    """

    window: int  # w: one anchor is kept of each w successive shingles; 1 keeps all
    words: Seeds
    characters: Seeds
    mismatch_cost: float  # what an unmatched word takes off in heavily edited text, as a share of its rarity
    kept_promise: float  # the share of simulated passages that these settings can find


@dataclass(frozen=True, slots=True)
class Options:
    """Everything in force in a run: the promise, the user's other choices, and what was derived."""

    unit: str
    min_words: int
    edit_rate: float
    recall: float
    preset: str | None
    within: bool
    boilerplate: str
    max_expected: float
    max_matches: int | None
    max_partners: int
    all_boilerplate: bool  # boilerplate is paired with as many; else with a few, so that it stays linked
    threads: int
    batch_hits: int
    keep_texts: bool
    tokenizer: Tokenizer | None
    shingle_words: int | None
    window: int | None
    seed_words: int | None
    gap_words: int | None
    join_words: int
    derived: Derived

    @property
    def weights(self) -> Weights:
        """How much tokens count."""
        return WEIGHTS[self.unit]

    @property
    def tokens_from(self) -> Tokenizer | Letters | None:
        """What finds the tokens: the user's tokenizer, letters, or None for the built-in one."""
        return Letters.LETTERS if self.unit == "character" else self.tokenizer

    def to_dict(self) -> dict[str, Any]:
        """Return all options as plain values, the derived ones under "derived"."""
        shown = self.tokenizer if self.tokenizer is None or isinstance(self.tokenizer, str) else repr(self.tokenizer)
        return {**asdict(replace(self, tokenizer=None)), "tokenizer": shown}


def make_options(
    *,
    preset: str | None = None,
    within: bool = False,
    boilerplate: str = "separate",
    max_matches: int | None = None,
    max_partners: int | None = None,
    threads: int | None = None,
    batch_hits: int = 500_000,
    keep_texts: bool = True,
    tokenizer: Tokenizer | None = None,
    **given: int | float | str | None,
) -> Options:
    """Return the options with all that follows from them; what is given beats the preset, the preset the default.

    `given` may hold what a preset sets: unit, min_words, edit_rate, recall, shingle_words, window, seed_words,
    gap_words, join_words, max_expected; None counts as not given.

    Raises
    ------
    OptionsError
        Naming every option that makes no sense, with the value it has and what it may be.
    """
    problems: list[str] = []
    known = isinstance(preset, str) and preset in PRESETS
    if preset is not None and not known:
        problems.append(f"preset={preset!r} is unknown; there are: {', '.join(PRESETS)}")
    chosen = {**DEFAULTS, **(PRESETS[str(preset)] if known else {})}
    chosen.update({name: value for name, value in given.items() if value is not None})

    def check(name: str, value: Any, least: float, most: float = float("inf"), *, optional: bool = False) -> None:
        kinds = (int, np.integer) if isinstance(least, int) else (int, float, np.number)
        if optional and value is None:
            return
        if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
            kind = "a whole number" if isinstance(least, int) else "a number"
            limits = f"of at least {least:,}" if most == float("inf") else f"from {least:,} to {most:,}"
            problems.append(f"{name}={value!r}: {kind} {limits}{', or None' if optional else ''}")

    check("min_words", chosen["min_words"], 3, 10_000)
    by_letters = chosen["unit"] == "character"
    if chosen["unit"] not in tuple(WEIGHTS):
        problems.append(f'unit={chosen["unit"]!r}: "word" or "character"')
    if by_letters and tokenizer is not None:
        problems.append('tokenizer together with unit="character": letters are the tokens then. Drop one')
    check("edit_rate", chosen["edit_rate"], 0.0, 0.3 if by_letters else 0.6)
    check("recall", chosen["recall"], 0.5, 0.999)
    check("shingle_words", chosen["shingle_words"], 1, 32, optional=True)
    check("window", chosen["window"], 1, optional=True)
    check("seed_words", chosen["seed_words"], 1, optional=True)
    check("gap_words", chosen["gap_words"], 1, optional=True)
    check("join_words", chosen["join_words"], 0)
    check("max_expected", chosen["max_expected"], 0.0)
    check("max_matches", max_matches, 0, optional=True)
    check("max_partners", max_partners, 2, optional=True)
    check("threads", threads, 1, optional=True)
    check("batch_hits", batch_hits, 1)
    if boilerplate not in ("separate", "keep", "drop"):
        problems.append(f'boilerplate={boilerplate!r}: "separate", "keep" or "drop"')
    if not (tokenizer is None or isinstance(tokenizer, str) or callable(tokenizer)):
        problems.append(f"tokenizer={tokenizer!r}: a pattern, a function that gives spans, or None")
    if problems:
        raise OptionsError("; ".join(problems) + ".")
    derive_seeds = derive_letters if by_letters else derive
    derived = derive_seeds(
        chosen["min_words"], chosen["edit_rate"], chosen["recall"], chosen["shingle_words"], chosen["window"]
    )
    return Options(
        **chosen,
        preset=preset,
        within=bool(within),
        boilerplate=boilerplate,
        max_matches=max_matches,
        # the fewer words in a shingle, the more often it occurs by chance, and the more partners it needs
        max_partners=max_partners or (64 if derived.words.shingle > 2 else 256),
        all_boilerplate=max_partners is not None,
        threads=threads or available_threads(),
        batch_hits=int(batch_hits),
        keep_texts=bool(keep_texts),
        tokenizer=tokenizer,
        derived=_with_seeds(derived, chosen["seed_words"], chosen["gap_words"], LETTERS_PER_WORD if by_letters else 1),
    )


def _with_seeds(derived: Derived, seed_words: int | None, gap_words: int | None, tokens_per_word: int) -> Derived:
    """Return what was derived with seeds and gaps as set by hand."""

    def adapt(seeds: Seeds, per_word: int) -> Seeds:
        if seed_words is not None:
            covered = max(seeds.shingle, seed_words * per_word)
            seeds = replace(seeds, covered=covered, hits=max(1, covered // (seeds.shingle * derived.window)))
        if gap_words is not None:
            seeds = replace(seeds, gap=gap_words * per_word)
        return seeds

    return replace(derived, words=adapt(derived.words, tokens_per_word), characters=adapt(derived.characters, 2))


def available_threads() -> int:
    """Return the number of cores this process may use."""
    import os

    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@lru_cache(maxsize=64)
def derive(
    min_words: int, edit_rate: float, recall: float, shingle_words: int | None = None, window: int | None = None
) -> Derived:
    """Return the cheapest settings under which passages as promised leave enough exact runs to be found.

    For each shingle length k and window w, passages of `min_words` with round(edit_rate * min_words) edits (equal
    parts replaced, dropped, inserted, at random places) are simulated, and the quantiles of what stays exact become
    the thresholds. Half of the misses that `recall` allows are spent here, the rest is left to the later steps.
    """
    n_edits = round(edit_rate * min_words)
    level = (1 - recall) / 2
    enough = max(4.0, min(12.0, 0.4 * min_words))
    chosen: tuple[Seeds, float, int] | None = None
    for k, w in _by_cost(min_words, shingle_words, window):
        seeds, kept = _seeds(min_words, n_edits, k, w, level)
        if seeds.covered >= enough:
            chosen = (seeds, kept, w)
            break
        # not enough for a promise: a single common shingle must do, where that finds most
        least = replace(seeds, covered=max(k, seeds.covered), hits=max(1, seeds.hits))
        if chosen is None or kept > chosen[1]:
            chosen = (least, kept, w)
    assert chosen is not None
    words, kept, w = chosen
    characters = words
    for k in (8, 7, 6, 5, 4, 3):
        characters, kept_characters = _seeds(2 * min_words, round(2 * edit_rate * min_words), k, w, level)
        if characters.covered >= enough + 2:
            break
    characters = replace(characters, covered=max(characters.covered, characters.shingle), hits=max(1, characters.hits))
    # text of which `edit_rate` is changed must gain; text twice as different may lose
    mismatch_cost = float(np.clip(1.25 * (1 - 2 * edit_rate), 0.3, 1.0))
    return Derived(w, words, characters, mismatch_cost, min(kept, kept_characters))


@lru_cache(maxsize=64)
def derive_letters(
    min_words: int, edit_rate: float, recall: float, shingle_letters: int | None = None, window: int | None = None
) -> Derived:
    """Return what `derive` does for text of which single letters are compared and `edit_rate` of them are wrong."""
    level = (1 - recall) / 2
    shingles = (shingle_letters,) if shingle_letters else (12, 10, 8, 7, 6, 5)
    settings = [(k, w) for k in shingles for w in ((window,) if window else (4, 3, 2, 1))]
    length = LETTERS_PER_WORD * min_words
    for k, w in settings:
        letters, kept = _seeds(length, round(edit_rate * length), k, w, level)
        if letters.covered >= ENOUGH_LETTERS and letters.hits >= 2:
            break
    # words may be short, and a passage of `min_words` have fewer letters
    letters = replace(letters, covered=max(letters.covered, k), hits=max(1, letters.hits), match=(length + 1) // 2)
    for k in (6, 5, 4, 3):
        characters, kept_characters = _seeds(2 * min_words, round(2 * edit_rate * min_words), k, w, level)
        if characters.covered >= ENOUGH_LETTERS // 2:
            break
    characters = replace(characters, covered=max(characters.covered, k), hits=max(1, characters.hits))
    return Derived(w, letters, characters, 1.0, min(kept, kept_characters))


def _by_cost(min_words: int, shingle_words: int | None, window: int | None) -> list[tuple[int, int]]:
    """Return shingle lengths and windows, cheapest first: anchors kept, times what the hits of each cost."""
    settings = []
    for k in (shingle_words,) if shingle_words else (2, 3, 4, 5, 6, 8):
        widest = max(1, min_words - k + 1)
        cost = 1 + {1: 150.0, 2: 15.0, 3: 1.0, 4: 0.4}.get(k, 0.3)
        windows = (window,) if window else sorted({1, 2, 3, 4, 6, 8, 12, 16, 24, widest})
        settings += [(2 / (w + 1) * cost, k, w) for w in windows if w <= widest or window]
    return [(k, w) for _, k, w in sorted(settings)]


def _seeds(length: int, n_edits: int, k: int, window: int, level: float) -> tuple[Seeds, float]:
    """Return the thresholds that all but `level` of the simulated passages reach, and the share that does."""
    # a longer passage holds pieces of this length that are edited as much
    part = min(1.0, LONGEST_SIMULATED / length)
    if n_edits == 0:
        n_shingles = length - k + 1
        is_sure = n_shingles >= window
        return Seeds(k, length * is_sure, max(1, n_shingles // window), 24, length, length), float(is_sure)
    simulated = _simulate(round(part * length), round(part * n_edits), k, window)
    seeds = Seeds(
        shingle=k,
        covered=_low(simulated.covered, level),
        hits=_low(simulated.hits, level),
        gap=max(24, _high(simulated.gap, level)),
        match=max((length + 1) // 2, round(_low(simulated.span, level / 2) / part)),
        full=length - n_edits,
    )
    kept = (simulated.covered >= max(k, seeds.covered)) & (simulated.hits >= max(1, seeds.hits))
    return seeds, float(np.mean(kept))


@dataclass(frozen=True, slots=True)
class _Simulated:
    covered: np.ndarray  # tokens in exact runs that hold a common anchor
    hits: np.ndarray  # common anchors, at least
    gap: np.ndarray  # widest gap between such runs
    span: np.ndarray  # tokens of the stretch that gains most, with +1 for each kept and about -1 for each edit


def _low(values: np.ndarray, level: float) -> int:
    return int(np.quantile(values, level, method="lower"))


def _high(values: np.ndarray, level: float) -> int:
    return int(np.quantile(values, 1 - level, method="higher"))


def _simulate(length: int, n_edits: int, k: int, window: int) -> _Simulated:
    """Simulate edited passages of `length` tokens; a run of s shingles holds a common anchor surely if s >= window.

    A shorter run does with probability at least s / (2 * window - s): its minimum must beat the window - s shingles
    next to it, which differ, in both documents. A shingle of two tokens is a stock phrase, too frequent to be paired
    with all others, with probability STOCK_PAIRS.
    """
    n = N_SIMULATED
    places = np.argsort(random_bits(n * length, 1).reshape(n, length), axis=1, kind="stable")
    changed = np.zeros((n, length + 1), bool)
    broken = np.zeros((n, length + 1), bool)
    broken[:, length] = True
    rows = np.arange(n)
    for edit in range(n_edits):
        # replaced and dropped tokens are gone, an insertion parts two tokens
        (broken if edit % 3 == 2 else changed)[rows, places[:, edit]] = True
    chance, stock = (
        (random_bits(n * (length + 1), seed) >> np.uint64(11)).reshape(n, length + 1) / 2.0**53 for seed in (2, 3)
    )
    usable = stock >= (STOCK_PAIRS if k <= 2 else 0.0)
    run, covered, hits, gap, stop, anchors = (np.zeros(n, np.int64) for _ in range(6))
    gain, best, since, span = np.zeros(n), np.zeros(n), np.zeros(n, np.int64), np.zeros(n, np.int64)
    for i in range(length + 1):
        ends = broken[:, i] | changed[:, i]
        s = run - k + 1
        found = ends & (anchors > 0) & ((s >= window) | (chance[:, i] < s / np.maximum(2 * window - s, 1)))
        gap = np.where(found & (covered > 0), np.maximum(gap, i - run - stop), gap)
        stop = np.where(found, i, stop)
        covered += np.where(found, run, 0)
        hits += np.where(found, np.maximum(1, anchors // window), 0)
        run = np.where(changed[:, i], 0, np.where(ends, 0, run) + 1)
        anchors = np.where(ends, 0, anchors) + ((run >= k) & usable[:, i])
        # the stretch that gains most (Kadane), as the alignment will find it
        gain = gain - np.where(broken[:, i], EDIT_LOSS, 0) + np.where(changed[:, i], -EDIT_LOSS, 1.0)
        lost = gain <= 0
        gain, since = np.where(lost, 0.0, gain), np.where(lost, i + 1, since)
        better = gain > best
        best, span = np.where(better, gain, best), np.where(better, i + 1 - since, span)
    return _Simulated(covered, hits, gap, span)


def random_bits(n: int, seed: int) -> np.ndarray:
    """Return n uint64 of splitmix64 (Steele, Lea, Flood 2014): the same on every machine and version."""
    with np.errstate(over="ignore"):
        x = np.arange(1, n + 1, dtype=np.uint64) + np.uint64(seed << 40)
        x *= np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))
