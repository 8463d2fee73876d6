"""The wordings of a family side by side: one column per place, one row per witness."""

from __future__ import annotations

import csv
import io
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from textreuse.model import Edit
    from textreuse.options import Tokenizer
    from textreuse.result import Passage

GAP_COST = 0.2  # words that agree are dense if those of the base between them weigh less at so much each
OMITTED, ABSENT = "(omits)", "(not here)"


class Reading(NamedTuple):
    """One wording at one place, and the rows (from 0) of the witnesses that have it.

    `text` is "" for words that these leave out, None where they begin later or end earlier.
    """

    text: str | None
    witnesses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One place of the text: what each witness has there, in the order of the witnesses."""

    texts: tuple[str | None, ...]
    readings: tuple[Reading, ...]  # different wordings, most common first; case and punctuation make no difference

    @property
    def varies(self) -> bool:
        """Whether witnesses that reach this place have different words there."""
        return sum(reading.text is not None for reading in self.readings) > 1


@dataclass(frozen=True, slots=True)
class Collation:
    """The wordings of a family aligned column by column.

    `witnesses` are the rows, in the order of the family; `base` is the row of the fullest, with which all others are
    aligned. Iterating gives the columns.
    """

    witnesses: tuple[Passage, ...]
    base: int
    columns: tuple[Column, ...]

    def __len__(self) -> int:
        return len(self.columns)

    def __iter__(self) -> Any:
        return iter(self.columns)

    @property
    def variants(self) -> tuple[Column, ...]:
        """The columns in which wordings differ."""
        return tuple(column for column in self.columns if column.varies)

    def to_dict(self) -> dict[str, Any]:
        """Return witnesses and columns as plain values."""
        return {
            "witnesses": [
                {"id": w.document_id, "start": w.start, "stop": w.stop, "date": w.date} for w in self.witnesses
            ],
            "base": self.base,
            "columns": [list(column.texts) for column in self.columns],
        }

    def to_csv(self) -> str:
        """Return a table as CSV: a row per witness, a column per place."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["witness", "start", "stop", "date", *range(1, len(self.columns) + 1)])
        for row, witness in enumerate(self.witnesses):
            texts = [_shown(column.texts[row]) for column in self.columns]
            writer.writerow([witness.document_id, witness.start, witness.stop, witness.date or "", *texts])
        return stream.getvalue()

    def to_html(self) -> str:
        """Return a table as HTML: a row per witness, what differs from the fullest marked."""
        head = "".join(f"<th>{number}</th>" for number in range(1, len(self.columns) + 1))
        rows = []
        for row, witness in enumerate(self.witnesses):
            cells = []
            for column in self.columns:
                text = escape(_shown(column.texts[row]))
                same = any(row in reading.witnesses and self.base in reading.witnesses for reading in column.readings)
                cells.append(f"<td>{text}</td>" if same else f"<td><mark>{text}</mark></td>")
            rows.append(f'<tr><th scope="row">{escape(witness.document_id)}</th>{"".join(cells)}</tr>')
        return f'<table dir="auto"><thead><tr><th></th>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'

    _repr_html_ = to_html

    def __str__(self) -> str:
        """Return the witnesses, then each place where they differ with who reads what."""
        names = [f"[{row + 1}]" for row in range(len(self.witnesses))]
        lines = [
            f"{name} {w.document_id}{f' ({w.date})' if w.date else ''}" + (" fullest" if row == self.base else "")
            for row, (name, w) in enumerate(zip(names, self.witnesses, strict=True))
        ]
        for number, column in enumerate(self.columns, 1):
            if column.varies:
                parts = [
                    f"{_clip(_shown(reading.text))} {''.join(names[row] for row in reading.witnesses)}"
                    for reading in column.readings
                    if reading.text is not None
                ]
                lines.append(f"{number}: " + " | ".join(parts))
        return "\n".join(lines)


class _Step(NamedTuple):
    """Tokens i0:i1 of the base are tokens j0:j1 of a witness."""

    kind: str
    i0: int
    i1: int
    j0: int
    j1: int


class _Row(NamedTuple):
    """A witness aligned with the base: steps, and its text by token."""

    steps: tuple[_Step, ...]
    text: str
    starts: list[int]
    stops: list[int]
    hashes: list[int]


def collate(witnesses: Sequence[Passage], base: int, tokenizer: Tokenizer | None = None) -> Collation:
    """Return the wordings aligned, each with that of row `base`, so that no order of witnesses matters.

    A column is as many words of the base as all witnesses treat alike, or an insertion between two of its words.

    Raises
    ------
    MissingTextError
        If the passages do not hold their texts.
    """
    n, rows = _align(witnesses, base, tokenizer)
    cuts = _cuts(n, rows)
    columns = []
    for left, right in zip(cuts, [*cuts[1:], n + 1], strict=True):
        if any(step.kind == "insert" and step.i0 == left for row in rows for step in row.steps):
            columns.append(_column(rows, left, left))
        if left < n:
            columns.append(_column(rows, left, right))
    return Collation(tuple(witnesses), base, tuple(columns))


def _align(witnesses: Sequence[Passage], base: int, tokenizer: Tokenizer | None) -> tuple[int, list[_Row]]:
    """Return the number of tokens of the base, and each witness aligned with it."""
    from textreuse.tokenize import tokenize

    whole = witnesses[base].text
    tokens = tokenize([whole], tokenizer=tokenizer)
    starts, stops = tokens.starts.tolist(), tokens.stops.tolist()
    rows = []
    for witness in witnesses:
        row = _align_pair(whole, witness.text, tokenizer)
        first, last = _window(row, len(starts))
        if last - first < len(starts):  # words that a trimmed witness has too, but elsewhere, must not hold it apart
            row = _align_pair(whole[starts[first] : stops[last - 1]], witness.text, tokenizer)
            steps = [step._replace(i0=step.i0 + first, i1=step.i1 + first) for step in row.steps]
            row = row._replace(steps=tuple(steps))
        rows.append(row)
    return len(starts), rows


def _align_pair(whole: str, text: str, tokenizer: Tokenizer | None) -> _Row:
    from textreuse.align import edit_script
    from textreuse.tokenize import tokenize

    tokens = tokenize([whole, text], tokenizer=tokenizer)
    n, total = int(tokens.bounds[1]), int(tokens.bounds[2])
    starts, stops = tokens.starts.tolist(), tokens.stops.tolist()
    script = edit_script(tokens, 0, 0)
    steps = tuple(_in_tokens(edit, starts[:n], stops[:n], starts[n:total], stops[n:total]) for edit in script)
    return _Row(steps, text, starts[n:total], stops[n:total], tokens.hashes[n:total].tolist())


def _window(row: _Row, n: int) -> tuple[int, int]:
    """Return the part of the base around the dense part of what is equal, with room for the rest of the witness."""
    best = score = 0.0
    dense = first = previous = None
    for step in row.steps:
        if step.kind != "equal":
            continue
        if previous is not None and score > GAP_COST * (step.i0 - previous.i1):
            score -= GAP_COST * (step.i0 - previous.i1)
        else:
            score, first = 0.0, step
        score += step.i1 - step.i0
        previous = step
        if score > best and first is not None:
            best, dense = score, (first, step)
    if dense is None:
        return 0, n
    before, after = dense[0].j0, len(row.starts) - dense[1].j1
    return max(0, dense[0].i0 - before - before // 2), min(n, dense[1].i1 + after + after // 2)


def _in_tokens(edit: Edit, a: list[int], a_stops: list[int], b: list[int], b_stops: list[int]) -> _Step:
    """Return a step of an edit script with offsets turned into numbers of tokens."""

    def span(start: int, stop: int, starts: list[int], stops: list[int]) -> tuple[int, int]:
        if start == stop:  # stands after the token before
            place = bisect_left(stops, start) + 1 if start and stops else 0
            return place, place
        return bisect_left(starts, start), bisect_left(stops, stop) + 1

    return _Step(edit.kind, *span(edit.a_start, edit.a_stop, a, a_stops), *span(edit.b_start, edit.b_stop, b, b_stops))


def _cuts(n: int, rows: list[_Row]) -> list[int]:
    """Return where columns start: wherever a step of a witness does, but not inside of what another replaces."""
    replaced = sorted((step.i0, step.i1) for row in rows for step in row.steps if step.kind == "replace")
    places = {0, n} | {place for row in rows for step in row.steps for place in (step.i0, step.i1)}
    inside: set[int] = set()
    for i0, i1 in dict.fromkeys(replaced):
        inside.update(range(i0 + 1, i1))
    return sorted(places - inside)


def _column(rows: list[_Row], left: int, right: int) -> Column:
    """Return what each witness has for tokens left:right of the base, or between two of them if both are the same."""
    texts: list[str | None] = []
    keys: dict[tuple[int, ...] | None, list[int]] = {}
    for number, row in enumerate(rows):
        first, last = _tokens_for(row, left, right)
        if first < last:
            texts.append(row.text[row.starts[first] : row.stops[last - 1]])
            key: tuple[int, ...] | None = tuple(row.hashes[first:last])
        else:
            here = _reaches(row, left, right)
            texts.append("" if here else None)
            key = () if here else None
        keys.setdefault(key, []).append(number)
    ordered = sorted(keys.values(), key=lambda members: (-len(members), members))
    return Column(tuple(texts), tuple(Reading(texts[members[0]], tuple(members)) for members in ordered))


def _tokens_for(row: _Row, left: int, right: int) -> tuple[int, int]:
    """Return which tokens of a witness stand for tokens left:right of the base."""
    first, last = len(row.starts), 0
    for kind, i0, i1, j0, j1 in row.steps:
        if kind == "insert":
            if (left == right == i0) or left < i0 < right:
                first, last = min(first, j0), max(last, j1)
        elif kind != "delete" and max(i0, left) < min(i1, right):
            if kind == "equal":
                j0, j1 = j0 + max(i0, left) - i0, j0 + min(i1, right) - i0
            first, last = min(first, j0), max(last, j1)
    return first, last


def _reaches(row: _Row, left: int, right: int) -> bool:
    """Return whether a witness has text before and after a place, and so leaves out what it does not have there."""
    kept = [step for step in row.steps if step.kind != "delete"]
    before = any(step.i0 < left or step.i1 <= left for step in kept)
    return before and any(step.i1 > right or step.i0 >= right for step in kept)


def _shown(text: str | None) -> str:
    return ABSENT if text is None else " ".join(text.split()) or OMITTED


def _clip(text: str, width: int = 60) -> str:
    return text if len(text) <= width else f"{text[: width // 2]} ... {text[-width // 2 :]}"
