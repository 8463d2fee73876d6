"""Which of two passages is likely the source: evidence with reasons, never a verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from textreuse.dates import compare_dates

if TYPE_CHECKING:
    from textreuse.result import Match, Passage

Side = Literal["a", "b"]

WEIGHTS = {"date": 2.0, "omission": 2.0, "quotation": 1.5, "attribution": 1.0, "context": 0.5}
CONTEXT_WORDS = 150  # before and after a passage, compared with it
LEAST_CONTEXT = 40
COHESION = 2.0  # so many times more of its words must the one context share with the passage
_OMISSION = re.compile(r"\[[^\][\n]{1,80}\]|\[?(?:\.{3}|…|\. \. \.)\]?")
_QUOTES = re.compile('["“”„‟«»「」『』〝〞＂]')
_QUOTED_LINE = re.compile(r"^[ \t]*[>|:]", re.MULTILINE)
_WORD = re.compile(r"\w{5,}|[\u3040-\u30ff\u3400-\u9fff]")


class Reason(NamedTuple):
    """One piece of evidence: `kind`, the side that it speaks for as the source, and what was seen."""

    kind: str
    source: Side
    text: str


@dataclass(frozen=True, slots=True)
class Direction:
    """What speaks for one side as the source of a match: evidence, not a verdict.

    `source` is the side for which more speaks, None where the reasons outweigh each other. `strength` is the
    share of the evidence that speaks for it, 1 where nothing speaks against it. Both sides may come from a third text.
    """

    source: Side | None
    strength: float
    reasons: tuple[Reason, ...]

    def __str__(self) -> str:
        head = f"{self.source} is likely the source" if self.source else "undecided which is the source"
        return "\n".join([head, *(f"  for {reason.source}: {reason.text}" for reason in self.reasons)])


def find_direction(match: Match) -> Direction | None:
    """Return what speaks for one side of a match as the source of the other, or None if nothing does.

    Dates (the earlier), and where the texts are held: omissions and bracketed words that only one side has (it is
    the copy), quotation marks around or inside what the other gives without any (the copy), a colon or the marks of
    quoted lines before it (the copy), and which passage shares more words with what stands around it (the source).

    Examples
    --------
    >>> from textreuse import compare
    >>> letter = "I saw the grey ships leave the harbour in the cold rain before anyone in the town was awake."
    >>> report = 'He wrote: "I saw the grey ships leave the harbour [...] before anyone in the town was awake."'
    >>> compare(letter, report, min_words=8)[0].direction.source
    'a'
    """
    reasons = list(_reasons(match))
    if not reasons:
        return None
    for_a = sum(WEIGHTS[reason.kind] for reason in reasons if reason.source == "a")
    for_b = sum(WEIGHTS[reason.kind] for reason in reasons if reason.source == "b")
    source: Side | None = None if for_a == for_b else "a" if for_a > for_b else "b"
    return Direction(source, max(for_a, for_b) / (for_a + for_b), tuple(reasons))


def _reasons(match: Match) -> Iterator[Reason]:
    a, b = match.a, match.b
    order = compare_dates(a.date, b.date)
    if order:
        earlier, later = (a.date, b.date) if order < 0 else (b.date, a.date)
        yield Reason("date", "a" if order < 0 else "b", f"it is dated {earlier}, the other {later}")
    if a.document_text is None or b.document_text is None:
        return
    seen = [_OMISSION.findall(passage.text) for passage in (a, b)]
    if len(seen[0]) != len(seen[1]):
        marks = max(seen, key=len)
        source: Side = "b" if marks is seen[0] else "a"
        yield Reason("omission", source, f"the other has {', '.join(dict.fromkeys(marks))} within the passage")
    quotes = [len(_QUOTES.findall(_with_edges(passage))) for passage in (a, b)]
    if bool(quotes[0]) != bool(quotes[1]):
        yield Reason("quotation", "b" if quotes[0] else "a", "only the other has quotation marks in or around it")
    said = [_is_introduced(passage) for passage in (a, b)]
    if said[0] != said[1]:
        yield Reason(
            "attribution", "b" if said[0] else "a", "the other introduces it with a colon, or quotes its lines"
        )
    yield from _from_context(a, b)


def _with_edges(passage: Passage) -> str:
    """Return the passage with the characters that touch it."""
    text = passage.document_text or ""
    return text[max(0, passage.start - 2) : passage.stop + 2]


def _is_introduced(passage: Passage) -> bool:
    text = passage.document_text or ""
    before = re.sub(r"[\s>|\"“„«]+$", "", text[max(0, passage.start - 40) : passage.start])
    line = text.rfind("\n", 0, passage.start) + 1
    quoted = len(_QUOTED_LINE.findall(text[line : passage.stop]))
    lines = text.count("\n", line, passage.stop) + 1
    return before.endswith((":", "：")) or 2 * quoted > lines


def _from_context(a: Passage, b: Passage) -> Iterator[Reason]:
    """Yield which side continues smoothly around the passage: with words that the passage has too."""
    shares = []
    for passage in (a, b):
        text = passage.document_text or ""
        around = _words(text[: passage.start])[-CONTEXT_WORDS:] + _words(text[passage.stop :])[:CONTEXT_WORDS]
        if len(around) < LEAST_CONTEXT:
            return
        inside = set(_words(passage.text))
        shares.append(sum(word in inside for word in around) / len(around))
    if max(shares) >= 0.05 and max(shares) >= COHESION * min(shares):
        source: Side = "a" if shares[0] > shares[1] else "b"
        yield Reason(
            "context", source, f"{max(shares):.0%} of the words around it recur in it, of the other's {min(shares):.0%}"
        )


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]
