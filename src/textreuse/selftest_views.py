"""A self-test as a table and as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textreuse.errors import TextReuseError

if TYPE_CHECKING:
    import pandas as pd

    from textreuse.selftest import SelfTestResult, SelfTestRow

COLUMNS = ("kind", "words", "edit_rate", "planted", "found", "recall", "low", "high", "promised", "verdict")
WIDTH, LEFT, RIGHT, TOP, LINE, GAP = 640, 210, 70, 60, 18, 10  # of the picture, in pixels
COLORS = {"kept": "#2a7d4f", "open": "#8a6d00", "missed": "#b3261e", "": "#5f6b7a"}

LEGEND = "Bar: promised. Line: 95 % interval. Green: kept; brown: open; red: missed; grey: nothing is promised."


def render_table(result: SelfTestResult) -> str:
    """Return the table as plain text, a line per kind, length and edit rate."""
    options = result.options
    lines = [
        f"{result.n_documents:,} documents; promised: {options.recall:g} of the passages of at least "
        f"{options.min_words:,} words with at most {options.edit_rate:.0%} of the words changed",
        f"{'kind':<10} {'words':>6} {'edited':>6} {'found':>6} {'of':>6} {'recall':>6}  {'95 % interval':<13}  promise",
    ]
    for row in result.rows:
        promise = "-" if row.promised is None else f"{row.promised:g} {row.verdict}"
        lines.append(
            f"{row.kind:<10} {row.words:>6,} {row.edit_rate:>6.0%} {row.found:>6,} {row.planted:>6,} "
            f"{row.recall:>6.3f}  {row.low:.3f} - {row.high:.3f}  {promise}"
        )
    return "\n".join(lines)


def to_pandas(result: SelfTestResult) -> pd.DataFrame:
    """Return one row per kind, length and edit rate; `promised` is NaN where nothing is.

    Raises
    ------
    TextReuseError
        If pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError:
        raise TextReuseError("pandas is not installed. Run: pip install 'textreuse[pandas]'.") from None
    frame = pd.DataFrame([[getattr(row, name) for name in COLUMNS] for row in result.rows], columns=list(COLUMNS))
    return frame.astype({"promised": "float64"})


def render_svg(result: SelfTestResult) -> str:
    """Return a picture: a dot for each recall, a line for its interval, a bar for what was promised.

    The scale runs from the lowest interval, rounded down to a tenth, to 1.
    """
    lowest = min((row.low for row in result.rows), default=0.0)
    start = min(0.9, int(lowest * 10) / 10)
    body: list[str] = []
    y, kind = TOP, ""
    for row in result.rows:
        if kind and row.kind != kind:
            y += GAP
        body += _line(row, y, start, first=row.kind != kind)
        y, kind = y + LINE, row.kind
    height = y + 34
    options = result.options
    title = (
        f"Recall of planted passages; promised {options.recall:g} from {options.min_words:,} words, "
        f"{options.edit_rate:.0%} edited"
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            f'role="img" aria-label="{title}" font-family="sans-serif" font-size="12" fill="currentColor">',
            f"<title>{title}</title>",
            f'<text x="8" y="18" font-weight="bold">{title}</text>',
            f'<text x="8" y="34" font-size="11" opacity="0.75">{LEGEND}</text>',
            *_axis(start, y),
            *body,
            "</svg>",
        ]
    )


def _x(share: float, start: float) -> float:
    return round(LEFT + (share - start) / (1 - start) * (WIDTH - LEFT - RIGHT), 1)


def _axis(start: float, bottom: int) -> list[str]:
    steps = round((1 - start) * 10)
    ticks = [start + (1 - start) * i / 4 for i in range(5)] if steps < 4 else [start + i / 10 for i in range(steps + 1)]
    lines = []
    for tick in ticks:
        x = _x(tick, start)
        lines += [
            f'<line x1="{x}" x2="{x}" y1="{TOP - 12}" y2="{bottom}" stroke="currentColor" stroke-opacity="0.15"/>',
            f'<text x="{x}" y="{bottom + 16}" text-anchor="middle">{round(tick, 3):g}</text>',
        ]
    return lines


def _line(row: SelfTestRow, y: int, start: float, *, first: bool) -> list[str]:
    """Return the marks of one row; the kind stands at the first of its rows."""
    color, baseline = COLORS[row.verdict], y + 4
    edited = f", {row.edit_rate:.0%}" if row.edit_rate else ""
    promised = "nothing promised" if row.promised is None else f"promised {row.promised:g}: {row.verdict}"
    label = f"{row.kind}, {row.words:,} words{edited}: {row.found:,} of {row.planted:,} found, {promised}"
    marks = [f"<g><title>{label}</title>"]
    if first:
        marks.append(f'<text x="8" y="{baseline}">{row.kind}</text>')
    marks.append(f'<text x="{LEFT - 12}" y="{baseline}" text-anchor="end">{row.words:,} words{edited}</text>')
    low, high, at = _x(row.low, start), _x(row.high, start), _x(row.recall, start)
    marks.append(f'<line x1="{low}" x2="{high}" y1="{y}" y2="{y}" stroke="{color}" stroke-width="2"/>')
    if row.promised is not None:
        goal = _x(max(start, row.promised), start)
        marks.append(
            f'<line x1="{goal}" x2="{goal}" y1="{y - 7}" y2="{y + 7}" stroke="currentColor" stroke-width="1.5"/>'
        )
    marks.append(f'<circle cx="{at}" cy="{y}" r="4" fill="{color}"/>')
    marks.append(f'<text x="{WIDTH - RIGHT + 14}" y="{baseline}" fill="{color}">{row.recall:.3f}</text></g>')
    return marks
