"""What the settings find in the user's own texts: passages of them are planted into others of them, and looked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from textreuse.corpus import read_collection
from textreuse.errors import InputError, OptionsError
from textreuse.options import Options, make_options
from textreuse.pipeline import find_reuse
from textreuse.planting import Ground, Planted, Sort
from textreuse.rewording import KINDS, OUTSIDE_PROMISE, WITHOUT_RATE

if TYPE_CHECKING:
    import pandas as pd

    from textreuse.result import Passage, ReuseResult

Progress = Callable[[str, int, int], None]
Passages = list[tuple["Passage", "Passage"]]

SHARE = 0.5  # a planted passage is found if so much of it is covered, on both sides
Z_95 = 1.959964  # 95 % of a normal distribution lie within so many standard deviations
UNSUPPORTED = {
    "group": "whether a passage can be found would depend on where it is planted",
    "max_matches": "planted passages would be left out for better matches",
    "within": "passages are planted into other documents than their own",
    "keep_texts": "it returns no matches",
}
READING = ("text_field", "id_field", "encoding")


@dataclass(frozen=True, slots=True)
class SelfTestRow:
    """How many passages of one kind, length and edit rate were found, with a 95 % confidence interval (Wilson 1927).

    `promised` is the recall that the options promise for such passages, None where they promise nothing.
    """

    kind: str
    words: int
    edit_rate: float
    planted: int
    found: int
    recall: float
    low: float
    high: float
    promised: float | None

    @property
    def verdict(self) -> str:
        """Whether the promise is "kept" or "missed" beyond doubt, "open" in between, or there is none ("")."""
        if self.promised is None:
            return ""
        return "kept" if self.low >= self.promised else "missed" if self.high < self.promised else "open"


@dataclass(frozen=True, slots=True)
class SelfTestResult:
    """What was found of what was planted, by kind of edit, length and edit rate."""

    rows: tuple[SelfTestRow, ...]
    options: Options
    n_documents: int
    n_runs: int
    seed: int

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[SelfTestRow]:
        return iter(self.rows)

    def __getitem__(self, index: int) -> SelfTestRow:
        return self.rows[index]

    @property
    def missed(self) -> tuple[SelfTestRow, ...]:
        """The rows whose promise is missed beyond doubt."""
        return tuple(row for row in self.rows if row.verdict == "missed")

    def to_pandas(self) -> pd.DataFrame:
        """Return a DataFrame with one row per kind, length and edit rate."""
        from textreuse.selftest_views import to_pandas

        return to_pandas(self)

    def to_svg(self) -> str:
        """Return a picture: each recall with its confidence interval, and what was promised."""
        from textreuse.selftest_views import render_svg

        return render_svg(self)

    def _repr_html_(self) -> str:
        return self.to_svg()

    def __str__(self) -> str:
        from textreuse.selftest_views import render_table

        return render_table(self)

    def __repr__(self) -> str:
        planted, found = sum(row.planted for row in self.rows), sum(row.found for row in self.rows)
        return f"<SelfTestResult: {found:,} of {planted:,} planted passages found, {len(self.missed)} promises missed>"


def self_test(
    documents: object,
    *,
    lengths: Sequence[int] | None = None,
    edit_rates: Sequence[float] | None = None,
    kinds: Sequence[str] | None = None,
    n: int = 100,
    seed: int = 0,
    progress: Progress | None = None,
    **options: Any,
) -> SelfTestResult:
    """Return how many passages are found that were taken from the documents, edited, and planted into others of them.

    Per kind of edit, length and edit rate, `n` passages are drawn at random, edited, and inserted between two words of
    a random document; `find_reuse` then searches the whole collection, in as many runs as it takes to plant all
    without crowding the documents. A passage is found if the matches of the two documents cover at least half of it
    and half of its copy. New words are drawn from the same texts. The same seed plants the same.

    Parameters
    ----------
    documents
        As for `find_reuse`: at least two.
    lengths
        Of the passages, in words (two characters of a spaceless script count as one). By default `min_words`, twice and
        four times as many, as far as the documents are long enough.
    edit_rates
        Shares of words that are edited: round(rate * words) in each passage. By default `edit_rate` and half of it.
    kinds
        Of edits: "verbatim", "rewrapped" (lines end elsewhere, words are hyphenated), "replaced", "dropped",
        "inserted", "mixed" (a third of each), "misread" (one character wrong in each such word, as in a bad scan),
        "garbled" (that share of all characters wrong, as in a very bad one), "shuffled" (neighbours swapped),
        "reordered" (sentences in another order). By default all. Nothing is promised for the last two, and for garbled
        text only with `unit="character"`; verbatim, rewrapped and reordered passages have no edit rate.
    n
        How many passages of each kind, length and edit rate. 100 tell .95 from .85; to tell it from .93 takes 1,000.
    seed
        Whatever is random follows from it.
    progress
        Called as `progress("self-test", done, total)`.
    options
        Those of `find_reuse`, except group, max_matches, within and keep_texts. With `against`, passages of that
        collection are planted into the documents.

    Raises
    ------
    InputError
        If the documents cannot be read, or are too few or too short.
    OptionsError
        If options make no sense, all of them named.

    Examples
    --------
    >>> words = [f"word{number}" for number in range(400)]
    >>> texts = [" ".join(words[start : start + 100]) for start in (0, 100, 200, 300)]
    >>> result = self_test(texts, kinds=["verbatim"], lengths=[20], n=10)
    >>> result[0].found
    10
    """
    plan = _checked(lengths, edit_rates, kinds, n, options)
    reading = {name: value for name, value in options.items() if name in READING}
    targets, _ = read_collection(documents, **reading)
    against = options.get("against")
    library = None if against is None else read_collection(against, **reading)[0]
    ground = Ground(targets, library, options.get("tokenizer"))
    sorts = _sorts(plan, ground)
    searching = {name: value for name, value in options.items() if name not in (*READING, "against")}
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    waiting = rng.permutation(np.repeat(np.arange(len(sorts)), n)).tolist()
    found = np.zeros(len(sorts), np.int64)
    n_runs = 0
    while waiting:
        texts, planted, waiting = ground.plant(waiting, sorts, rng)
        result = find_reuse(texts, against=library, keep_texts=False, **searching)
        np.add.at(found, _found(planted, result), 1)
        n_runs += 1
        if progress is not None:
            progress("self-test", n * len(sorts) - len(waiting), n * len(sorts))
    rows = tuple(_row(sort, n, hits, plan.options) for sort, hits in zip(sorts, found.tolist(), strict=True))
    return SelfTestResult(rows, plan.options, len(targets), n_runs, seed)


class _Plan(NamedTuple):
    lengths: list[int] | None
    edit_rates: list[float]
    kinds: list[str]
    options: Options


def _checked(
    lengths: Sequence[int] | None,
    edit_rates: Sequence[float] | None,
    kinds: Sequence[str] | None,
    n: int,
    options: dict[str, Any],
) -> _Plan:
    """Return what to plant, or raise OptionsError for all that makes no sense."""
    problems = [f"{name}: not for a self-test, since {why}" for name, why in UNSUPPORTED.items() if name in options]
    left_out = (*UNSUPPORTED, *READING, "against", "exclude")
    searching = make_options(**{name: value for name, value in options.items() if name not in left_out})
    rates = [searching.edit_rate / 2, searching.edit_rate] if edit_rates is None else list(edit_rates)
    if edit_rates is None and kinds is None:
        rates = [rate for rate in rates if rate]  # unedited passages are verbatim ones, of whatever kind
    chosen = list(KINDS) if kinds is None else list(dict.fromkeys(kinds))
    problems += [f"kinds: {kind!r} is unknown; there are: {', '.join(KINDS)}" for kind in chosen if kind not in KINDS]
    problems += [f"edit_rates: {rate!r} is no share from 0 to 0.6" for rate in rates if not 0 <= rate <= 0.6]
    problems += [f"lengths: {words!r} is no number of at least 3 words" for words in lengths or () if words < 3]
    if n < 1:
        problems.append(f"n={n!r}: a whole number of at least 1")
    for name, values in (("lengths", lengths), ("kinds", kinds), ("edit_rates", edit_rates)):
        if values is not None and not len(values):
            problems.append(f"{name}: nothing to test")
    if problems:
        raise OptionsError("; ".join(problems) + ".")
    return _Plan(None if lengths is None else sorted(set(lengths)), sorted(set(rates)), chosen, searching)


def _sorts(plan: _Plan, ground: Ground) -> list[Sort]:
    """Return all combinations that make sense, in the order of the table."""
    lengths = plan.lengths or [plan.options.min_words * factor for factor in (1, 2, 4)]
    needed = max(plan.lengths) if plan.lengths else lengths[0]
    if ground.longest < needed:
        are = "is 1 document" if ground.n_targets == 1 else f"are {ground.n_targets:,} documents"
        raise InputError(
            f"no passage of {needed:,} words can be taken from one document and planted in another: there {are} to "
            f"plant in, and the longest passage to take has {ground.longest:,} words. Pass longer texts, or lengths."
        )
    return [
        Sort(kind, words, rate)
        for kind in plan.kinds
        for words in lengths
        if words <= ground.longest
        for rate in ([0.0] if kind in WITHOUT_RATE else plan.edit_rates)
    ]


def _found(planted: Iterable[Planted], result: ReuseResult) -> list[int]:
    """Return the sort of each planted passage that is found."""
    by_pair: dict[tuple[str, str], Passages] = defaultdict(list)
    for match in result:
        # with `against`, a is in the documents; otherwise it has the lesser id
        by_pair[match.a.document_id, match.b.document_id].append((match.a, match.b))
        by_pair[match.b.document_id, match.a.document_id].append((match.b, match.a))
    found = []
    for one in planted:
        passages = by_pair.get((one.source, one.target), [])
        source = _covered(one.source_start, one.source_stop, [passage for passage, _ in passages])
        target = _covered(one.target_start, one.target_stop, [passage for _, passage in passages])
        if min(source, target) >= SHARE:
            found.append(one.sort)
    return found


def _covered(start: int, stop: int, passages: Iterable[Passage]) -> float:
    covered = np.zeros(stop - start, bool)
    for passage in passages:
        covered[max(0, passage.start - start) : max(0, passage.stop - start)] = True
    return float(covered.mean())


def _row(sort: Sort, n: int, found: int, options: Options) -> SelfTestRow:
    """Return a row of the table; the interval is Wilson's."""
    share = found / n
    center = (share + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
    spread = Z_95 * sqrt(share * (1 - share) / n + Z_95**2 / (4 * n**2)) / (1 + Z_95**2 / n)
    covered = sort.words >= options.min_words and sort.edit_rate <= options.edit_rate
    promised = options.recall if covered and sort.kind not in OUTSIDE_PROMISE[options.unit] else None
    return SelfTestRow(*sort, n, found, share, max(0.0, center - spread), min(1.0, center + spread), promised)
