"""Matches for the terminal: side by side where there is room, stacked where there is not, plain marks in a pipe."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from textreuse.model import Edit
from textreuse.result import Family, Match, Passage, ReuseResult

__all__ = ["print_matches"]

_SIDE_BY_SIDE = 90  # columns of a terminal from which two texts stand beside each other
_KEPT = 80  # characters kept at each end of a stretch that is equal on both sides
_LONGEST = 1200  # characters shown of a side
_LISTED = 5  # skipped documents named for each reason
_STYLES = {"equal": "", "replace": "bold yellow", "delete": "bold red", "insert": "bold green", "cut": "dim"}
# C0 and C1 controls (an escape sequence in a text must not reach the terminal), lone surrogates, directional overrides.
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class _Piece(NamedTuple):
    """A stretch of one side's text; `kind` is that of an edit, or "cut" for a note about what is left out."""

    kind: str
    text: str


class _Step(NamedTuple):
    """A stretch of both texts; `both` is what a merged text shows where they are equal."""

    kind: str
    a: str
    b: str
    both: str


def print_matches(result: ReuseResult, console: Console, *, limit: int = 10) -> None:
    """Print the best match of each family, then the next best, until `limit` matches are shown.

    In a terminal of 90 columns or more the two texts stand side by side with the changed words in color; in a narrower
    one they are stacked. Without color (a pipe, NO_COLOR) there is one merged text with plain marks: [-only in a-]
    {+only in b+}. Long stretches that are equal are shortened, and say so. What is not shown is counted: further
    matches, families, skipped documents with their reasons.

    Parameters
    ----------
    result
        What `find_reuse` returned.
    console
        Where to print; its width and colors decide the layout.
    limit
        How many matches to show, at least 0.

    Examples
    --------
    >>> from rich.console import Console
    >>> from textreuse.result import ReuseResult
    >>> empty = ReuseResult((), (), (), options=None, stats={}, documents={})
    >>> print_matches(empty, Console(width=60))
    No shared passages were found in 0 documents.
    """
    n_documents = int(result.stats.get("documents", len(result.documents)))
    if result.matches:
        chosen = _varied(result.matches, limit)
        for rank, match in chosen:
            _print_match(rank, match, result.documents, console)
        _print_rest(result, len(chosen), n_documents, console)
    else:
        _say(console, f"No shared passages were found in {_count(n_documents, 'document')}.")
    _print_skipped(result, console)


def _varied(matches: Sequence[Match], limit: int) -> list[tuple[int, Match]]:
    """Return rank and match: the best of each family first, then the rest; each part in order of rank."""
    first: list[tuple[int, Match]] = []
    rest: list[tuple[int, Match]] = []
    seen: set[int] = set()
    for rank, match in enumerate(matches, start=1):
        (rest if match.family in seen else first).append((rank, match))
        seen.add(match.family)
    return (first + rest)[: max(0, limit)]


# ---- one match -----------------------------------------------------------------------------------------------------


def _print_match(rank: int, match: Match, documents: Mapping[str, Mapping[str, Any]], console: Console) -> None:
    facts = (
        f"No. {rank:,}  {math.floor(100 * match.similarity + 1e-9)} % alike, {match.words:,g} words, "
        f"score {match.score:,.0f}, by chance {_chance(match.expected)}, family {match.family}"
    )
    colored = _is_colored(console)
    if colored and console.width < _SIDE_BY_SIDE:
        console.print(Text(facts, style="bold"))  # wraps, as a rule does not
    elif colored:
        console.print(Rule(Text(facts, style="bold"), align="left", style="dim", characters=_line(console)))
    else:
        _say(console, f"== {facts}")
    heads = [_head(passage, documents, console) for passage in (match.a, match.b)]
    if match.a.document_text is None or match.b.document_text is None:
        for head in heads:
            _say(console, head)
        _say(console, "(this result does not hold the texts)")
    elif not colored:
        _print_merged(match, heads, console)
    else:
        _print_sides(match, heads, console)
    _say(console, "")


def _head(passage: Passage, documents: Mapping[str, Mapping[str, Any]], console: Console) -> Text:
    known = documents.get(passage.document_id, {})
    head = Text().append(_printable(passage.document_id, console), style="bold cyan")
    for name in ("title", "date"):
        if known.get(name):
            head.append(f"  {_printable(str(known[name]), console)}")
    head.append(f"  [{passage.start}:{passage.stop}]", style="dim")
    return head


def _print_sides(match: Match, heads: list[Text], console: Console) -> None:
    sides = [_marked(match, side, console) for side in ("a", "b")]
    if console.width < _SIDE_BY_SIDE:
        for head, text in zip(heads, sides, strict=True):
            console.print(head)
            console.print(text)
        return
    table = Table.grid(padding=(0, 3), expand=True)
    for _ in heads:
        table.add_column(ratio=1, overflow="fold")  # the default drops the end of a line without spaces
    table.add_row(*heads)
    table.add_row(*sides)
    console.print(table)


def _print_merged(match: Match, heads: list[Text], console: Console) -> None:
    for side, head in zip("ab", heads, strict=True):
        _say(console, Text(f"{side}: ").append(head))
    pieces: list[_Piece] = []
    for step in _steps(match):
        if step.kind == "equal":
            pieces += _shortened(step.both)
            continue
        gone, new = step.a.strip(), step.b.strip()
        marks = (f"[-{gone}-]" if gone else "") + (f"{{+{new}+}}" if new else "")
        source = step.a if gone else step.b  # its spaces go round the marks
        before, after = " " * source[:1].isspace(), " " * source[-1:].isspace()
        pieces.append(_Piece(step.kind, before + marks + after))
    text = "".join(piece.text for piece in _limited(pieces))
    _say(console, _printable(re.sub(r" {2,}", " ", text).strip(), console))


def _marked(match: Match, side: str, console: Console) -> Text:
    """Return one side's text with its changed words in color and its long equal stretches shortened."""
    pieces: list[_Piece] = []
    for step in _steps(match):
        words = step.a if side == "a" else step.b
        pieces += _shortened(words) if step.kind == "equal" else [_Piece(step.kind, words)]
    text = Text()
    for piece in _limited(pieces):
        words = piece.text.strip() if piece.kind in ("replace", "delete", "insert") else piece.text
        before, _, after = piece.text.partition(words)
        text.append(before).append(_printable(words, console), style=_STYLES[piece.kind]).append(after)
    return text


def _steps(match: Match) -> list[_Step]:
    """Return the edits with what lies between their words (spaces, marks), so that the two texts are complete.

    What lies between counts as equal; neighbours that are equal become one.
    """
    steps: list[_Step] = []
    a, b = match.a.start, match.b.start
    end = Edit("equal", match.a.stop, match.a.stop, match.b.stop, match.b.stop)
    whole = Edit("replace", match.a.start, match.a.stop, match.b.start, match.b.stop)
    for edit in (*(match.alignment or (whole,)), end):
        _add(steps, "equal", _flat(match.a, a, edit.a_start), _flat(match.b, b, edit.b_start))
        _add(steps, edit.kind, _flat(match.a, edit.a_start, edit.a_stop), _flat(match.b, edit.b_start, edit.b_stop))
        a, b = edit.a_stop, edit.b_stop
    return steps


def _add(steps: list[_Step], kind: str, a: str, b: str) -> None:
    longer, shorter = (b, a) if len(b.strip()) > len(a.strip()) or not a else (a, b)
    # A comma that b has before its inserted word and a after the place is one comma.
    repeated = len(steps) > 1 and longer.strip() and steps[-2].both.rstrip().endswith(longer.strip())
    both = shorter if kind == "equal" and repeated else longer
    if kind == "equal" and steps and steps[-1].kind == "equal":
        last = steps.pop()
        a, b, both = last.a + a, last.b + b, last.both + both
    if a or b:
        steps.append(_Step(kind, a, b, both))


def _flat(passage: Passage, start: int, stop: int) -> str:
    """Return a stretch on one line, words joined again that a hyphen splits at a line end."""
    text = (passage.document_text or "")[start:stop]
    return re.sub(r"\s+", " ", re.sub(r"(?<=\w)[-\u2010]\s*\n\s*(?=\w)", "", text))


def _shortened(text: str) -> list[_Piece]:
    """Return a stretch that both sides share, without its middle if that is long."""
    middle = text[_KEPT:-_KEPT]
    if len(middle) < _KEPT:
        return [_Piece("equal", text)]
    start = middle.find(" ") + 1 or 1  # a spaceless script is cut anywhere
    stop = middle.rfind(" ") if " " in middle else len(middle)
    hidden = max(0, stop - start)
    return [
        _Piece("equal", text[: _KEPT + start]),
        _Piece("cut", f"[... {_count(hidden, 'character')} alike ...]"),
        _Piece("equal", text[_KEPT + start + hidden :]),
    ]


def _limited(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Give pieces until the longest length shown, then one that counts what is left out."""
    room, left_out = _LONGEST, 0
    for piece in pieces:
        shown = piece.text[: max(0, room)]
        if shown:
            yield piece._replace(text=shown)
        left_out += len(piece.text) - len(shown)
        room -= len(shown)
    if left_out:
        yield _Piece("cut", f" [... {_count(left_out, 'more character')}]")


# ---- what stands below the matches ---------------------------------------------------------------------------------


def _print_rest(result: ReuseResult, n_shown: int, n_documents: int, console: Console) -> None:
    n_left = len(result.matches) - n_shown
    if n_left:
        _say(console, f"{_count(n_left, 'more match', 'more matches')} not shown here.")
    n_missing = int(result.stats.get("matches_found", 0)) - len(result.matches)
    if n_missing > 0:
        _say(console, f"{_count(n_missing, 'match', 'matches')} found but not kept (max_matches, or result.filter).")
    found = f"{_count(len(result.matches), 'match', 'matches')} in {_count(n_documents, 'document')}"
    if not result.families:
        _say(console, f"{found}.")
        return
    largest = max(result.families, key=lambda family: (family.n_documents, len(family.members), -family.id))
    _say(console, f"{found}, {_count(len(result.families), 'family', 'families')}. {_described(largest, console)}")


def _described(family: Family, console: Console) -> str:
    size = f"{_count(family.n_documents, 'document')}, {_count(len(family.members), 'passage')}"
    fullest = family.fullest
    if fullest.document_text is None:
        return f"The largest, family {family.id}: {size}."
    beginning = _flat(fullest, fullest.start, min(fullest.stop, fullest.start + 80)).strip()
    dots = "..." if len(fullest) > 80 else ""
    return f"The largest, family {family.id}: {size}: {_printable(beginning, console)}{dots}"


def _print_skipped(result: ReuseResult, console: Console) -> None:
    if not result.skipped:
        return
    _say(console, f"{_count(len(result.skipped), 'document')} skipped:")
    by_reason: dict[str, list[str]] = {}
    for skipped in result.skipped:
        by_reason.setdefault(skipped.reason, []).append(skipped.document_id)
    for reason, ids in by_reason.items():
        more = f" and {len(ids) - _LISTED:,} more" if len(ids) > _LISTED else ""
        names = ", ".join(ids[:_LISTED])
        _say(console, _printable(f"  {names}{more}: {reason}", console))


# ---- words and signs -----------------------------------------------------------------------------------------------


def _say(console: Console, what: str | Text) -> None:
    # soft_wrap in a pipe: a line there is as long as it is, so that it can be searched.
    console.print(what, markup=False, highlight=False, emoji=False, soft_wrap=not console.is_terminal)


def _is_colored(console: Console) -> bool:
    return console.is_terminal and console.color_system is not None and not console.no_color


def _line(console: Console) -> str:
    return "-" if console.options.ascii_only else "─"


def _printable(text: str, console: Console) -> str:
    """Return the text without what could steer the terminal or cannot be written to it."""
    clean = _UNPRINTABLE.sub("\ufffd", text)
    if console.encoding.lower().startswith("utf"):
        return clean
    return clean.encode(console.encoding, "replace").decode(console.encoding)


def _count(n: int, one: str, many: str | None = None) -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def _chance(expected: float) -> str:
    return f"{expected:.1g}" if expected < 10 else f"{expected:,.0f}"
