"""The report for the browser: one HTML file that holds everything and loads nothing from elsewhere."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from textreuse.result import Family, Match, Passage, ReuseResult

__all__ = ["render_html", "render_summary", "write_html"]

_CONTEXT = 80  # characters shown before and after a passage
_SUMMARY_ROWS = 10
_NOSCRIPT_ROWS = 25
_KINDS = {"replace": 0, "delete": 1, "insert": 2}  # as in report.js
_SOURCE_FIELDS = ("outlet", "source", "newspaper", "publication", "publisher", "journal", "author")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_UNENCODABLE = re.compile("[\x00\ud800-\udfff]")


def write_html(result: ReuseResult, path: str | Path) -> None:
    """Write the report to a file, UTF-8, self-contained: it can be mailed, and opened without a network.

    The same result gives the same bytes. A lone surrogate or a NUL in a text becomes U+FFFD.

    Parameters
    ----------
    result
        What `find_reuse` returned. Without texts the report gives offsets only, and says why.
    path
        The file to write; an existing file is replaced.
    """
    Path(path).write_bytes(render_html(result).encode("utf-8"))


def render_html(result: ReuseResult) -> str:
    """Return the report as one HTML page.

    Every match is in the page, as data; the page builds what the reader scrolls to. Without JavaScript it shows the
    numbers, the best 25 matches and what was skipped. Making it computes the alignment of every match.

    Parameters
    ----------
    result
        What `find_reuse` returned.

    Returns
    -------
    str
        A whole HTML document that can be encoded as UTF-8.
    """
    n_documents = _n_documents(result)
    numbers = {
        "documents": n_documents,
        "matches": len(result.matches),
        "families": len(result.families),
        "skipped": len(result.skipped),
    }
    parts = {
        "title": f"Text reuse in {_count(n_documents, 'document')}",
        "css": _asset("report.css"),
        "js": _asset("report.js"),
        "numbers": "\n".join(f"<div><dt>{name}</dt><dd>{n:,}</dd></div>" for name, n in numbers.items()),
        "notice": _notice(result),
        "noscript": _matches_table(result, _NOSCRIPT_ROWS) + _skipped_list(result),
        "options": _table(result.options),
        "stats": _table(result.stats),
        "version": _version(),
        "data": _to_json(_Tables(result).tables()),
    }
    # One pass, so that nothing inside a text is taken for a place to fill.
    page = re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], _asset("template.html"))
    return _encodable(page)


def render_summary(result: ReuseResult) -> str:
    """Return a small HTML table of the best 10 matches, for notebooks.

    Parameters
    ----------
    result
        What `find_reuse` returned.

    Returns
    -------
    str
        An HTML fragment without scripts or style sheets. It says how many matches it leaves out.
    """
    head = (
        f"<p><b>{_count(len(result.matches), 'match', 'matches')}</b> in "
        f"{_count(len(result.families), 'family', 'families')}, {_count(_n_documents(result), 'document')}, "
        f"{len(result.skipped):,} skipped</p>"
    )
    return _encodable(f"<div>{head}{_notice(result)}{_matches_table(result, _SUMMARY_ROWS)}</div>")


def _asset(name: str) -> str:
    return files("textreuse").joinpath("_report").joinpath(name).read_bytes().decode("utf-8")


def _encodable(text: str) -> str:
    """Return the text with what UTF-8 or HTML cannot hold replaced, one character for one, so offsets stay true."""
    return _UNENCODABLE.sub("\ufffd", text)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return " " + version("textreuse")
    except PackageNotFoundError:  # run from the source folder
        return ""


def _count(n: int, one: str, many: str | None = None) -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def _n_documents(result: ReuseResult) -> int:
    return int(result.stats.get("documents", len(result.documents)))


def _notice(result: ReuseResult) -> str:
    """Return what a reader must know before the matches: that some, or the texts, are not here."""
    notices = []
    n_found = int(result.stats.get("matches_found", 0))
    if n_found > len(result.matches):
        notices.append(
            f"This result holds {len(result.matches):,} of the {n_found:,} matches that were found "
            "(max_matches, or result.filter)."
        )
    if not result.has_texts:
        notices.append(
            "This result does not hold the texts (keep_texts=False, or without_texts() was called), "
            "so only offsets are shown. Run find_reuse with keep_texts=True to see the passages."
        )
    return "".join(f'<p class="notice">{notice}</p>' for notice in notices)


# ---- the data of the page ------------------------------------------------------------------------------------------


class _Tables:
    """The result as tables that refer to each other by number, so that nothing is written twice."""

    def __init__(self, result: ReuseResult) -> None:
        self._result = result
        self._document_at: dict[str, int] = {}
        self._passage_at: dict[tuple[str, int, int], int] = {}
        self._passages: list[dict[str, Any]] = []

    def tables(self) -> dict[str, Any]:
        """Return documents, passages, matches (best first), families (biggest first) and skipped documents."""
        matches = [self._match(match) for match in self._result.matches]
        families = [
            self._family(family)
            for family in sorted(self._result.families, key=lambda f: (-f.n_documents, -len(f.members), f.id))
        ]
        return {
            "documents": [_document(id_, self._result.documents.get(id_, {})) for id_ in self._document_at],
            "passages": self._passages,
            "matches": matches,
            "families": families,
            "skipped": [list(skipped) for skipped in self._result.skipped],
        }

    def _match(self, match: Match) -> list[Any]:
        with_text = match.a.document_text is not None and match.b.document_text is not None
        return [
            self._passage(match.a),
            self._passage(match.b),
            _number(match.similarity),
            _number(match.score),
            _number(match.expected),
            int(match.family),
            _number(match.words),
            _changes(match) if with_text else [],
        ]

    def _family(self, family: Family) -> dict[str, Any]:
        return {
            "id": int(family.id),
            "n": family.n_documents,
            "members": [self._passage(member, with_text=False) for member in family.members],
            "fullest": self._passage(family.fullest),
        }

    def _passage(self, passage: Passage, *, with_text: bool = True) -> int:
        key = (passage.document_id, passage.start, passage.stop)
        at = self._passage_at.get(key)
        if at is None:
            at = self._passage_at[key] = len(self._passages)
            document = self._document_at.setdefault(passage.document_id, len(self._document_at))
            self._passages.append({"doc": document, "start": int(passage.start), "stop": int(passage.stop)})
        if with_text and passage.document_text is not None and "text" not in self._passages[at]:
            self._passages[at].update(_excerpt(passage.document_text, passage.start, passage.stop))
        return at


def _excerpt(text: str, start: int, stop: int) -> dict[str, Any]:
    """Return a passage with its context; `cut` says whether the document goes on before and after that."""
    first, last = max(0, start - _CONTEXT), min(len(text), stop + _CONTEXT)
    # Begin and end the context at a space where one is near, so that no word is cut.
    before = re.sub(r"^\S{0,20}\s+", "", text[first:start]) if first else text[:start]
    after = re.sub(r"\s+\S{0,20}$", "", text[stop:last]) if last < len(text) else text[stop:]
    return {
        "before": before,
        "text": text[start:stop],
        "after": after,
        "cut": [int(first > 0), int(last < len(text))],
    }


def _document(id_: str, metadata: Mapping[str, Any]) -> dict[str, str]:
    row = {"id": id_}
    if metadata.get("title"):
        row["title"] = str(metadata["title"])
    source = next((str(metadata[name]) for name in _SOURCE_FIELDS if metadata.get(name)), "")
    if source:
        row["source"] = source
    if metadata.get("date") not in (None, ""):
        row["date"] = _plain(metadata["date"])
    language = metadata.get("language") or metadata.get("lang")
    if isinstance(language, str) and _LANGUAGE.fullmatch(language):
        row["lang"] = language
    return row


def _changes(match: Match) -> list[int]:
    """Return kind, a start, a stop, b start, b stop of each change, one after the other.

    Offsets count UTF-16 units, as JavaScript does, from the first character of the passage.
    """
    in_a, in_b = _utf16(match.a.text), _utf16(match.b.text)
    flat: list[int] = []
    for edit in match.alignment:
        if edit.kind in _KINDS:
            flat += (
                _KINDS[edit.kind],
                in_a(edit.a_start - match.a.start),
                in_a(edit.a_stop - match.a.start),
                in_b(edit.b_start - match.b.start),
                in_b(edit.b_stop - match.b.start),
            )
    return flat


def _utf16(text: str) -> Callable[[int], int]:
    """Return a function from code points to UTF-16 units in this text, held inside the text."""
    wide = (
        [] if not text or max(text) <= "\uffff" else [at for at, character in enumerate(text) if character > "\uffff"]
    )

    def convert(offset: int) -> int:
        inside = min(max(int(offset), 0), len(text))
        return inside + bisect_left(wide, inside)

    return convert


def _number(value: float) -> float | int | str:
    """Return a number for JSON, six digits of it; what JSON has no number for as a word."""
    if not math.isfinite(value):
        return str(float(value))
    short = float(f"{float(value):.6g}")
    return int(short) if short.is_integer() and abs(short) < 1e15 else short


def _to_json(value: Any) -> str:
    # No "<" at all: neither </script> nor <!-- in a text can end or change the script element that holds the data.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


# ---- the parts that need no script ---------------------------------------------------------------------------------


def _matches_table(result: ReuseResult, limit: int) -> str:
    if not result.matches:
        return "<p>No shared passages were found.</p>"
    rows = [_match_row(rank, match, result) for rank, match in enumerate(result.matches[:limit], start=1)]
    left = len(result.matches) - len(rows)
    more = f"<p>{_count(left, 'more match', 'more matches')} not shown here.</p>" if left > 0 else ""
    head = "".join(
        f'<th style="text-align:start">{name}</th>' for name in ("", "passage", "found in", "alike", "words")
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>{more}"


def _match_row(rank: int, match: Match, result: ReuseResult) -> str:
    start = '<td style="text-align:start;vertical-align:top'
    places = "<br>".join(_place(passage, result) for passage in (match.a, match.b))
    text = "" if match.a.document_text is None else escape(_clip(match.a.text))
    return (
        f'<tr>{start}">{rank}</td>{start};max-width:36em" dir="auto">{text}</td>'
        f'{start}">{places}</td>{start}">{math.floor(100 * match.similarity + 1e-9)}&nbsp;%</td>'
        f'{start}">{match.words:,g}</td></tr>'
    )


def _place(passage: Passage, result: ReuseResult) -> str:
    when = result.documents.get(passage.document_id, {}).get("date")
    dated = f", {escape(_plain(when))}" if when not in (None, "") else ""
    return f"<bdi>{escape(passage.document_id)}</bdi>{dated} [{passage.start}:{passage.stop}]"


def _skipped_list(result: ReuseResult) -> str:
    reasons: dict[str, int] = {}
    for _, reason in result.skipped:
        reasons[reason] = reasons.get(reason, 0) + 1
    rows = "".join(f"<li>{_count(n, 'document')} skipped: {escape(reason)}</li>" for reason, n in reasons.items())
    return f"<ul>{rows}</ul>" if rows else ""


def _clip(text: str, width: int = 150) -> str:
    line = " ".join(text[: 4 * width].split())
    return line if len(line) <= width and len(text) <= 4 * width else line[:width].rstrip() + " …"


def _table(values: object) -> str:
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{_cell(value)}</td></tr>" for name, value in _items(values))
    return f"<table>{rows}</table>" if rows else "<p>(none)</p>"


def _items(values: object, inside: str = "") -> Iterator[tuple[str, object]]:
    """Give names and values of a dataclass or a mapping in their order; those of an inner one as "outer.inner"."""
    named: Iterable[tuple[Any, object]] = ()
    if is_dataclass(values) and not isinstance(values, type):
        named = [(f.name, getattr(values, f.name)) for f in fields(values)]
    elif isinstance(values, Mapping):
        named = values.items()
    elif inside:
        yield inside, values
    for name, value in named:
        yield from _items(value, f"{inside}.{name}" if inside else str(name))


def _cell(value: object) -> str:
    text = _plain(value)
    return escape(text) if len(text) <= 500 else f"{escape(text[:480])} … ({len(text):,} characters)"


def _plain(value: object) -> str:
    """Return a value as words that are the same in every run: no addresses of objects."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "-"}[value]
    if isinstance(value, int) and abs(value) >= 10_000:
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.6g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value)) or "-"
    if isinstance(value, set | frozenset):
        return ", ".join(sorted(map(_plain, value))) or "-"
    if callable(value):
        return str(getattr(value, "__qualname__", type(value).__qualname__))
    return re.sub(r" at 0x[0-9A-Fa-f]+", "", str(value))
