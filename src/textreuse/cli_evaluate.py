"""The command `textreuse evaluate`: what the settings find, in the user's own texts or in those of PAN."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from textreuse.cli_options import READABLE, given_options
from textreuse.errors import InputError, OptionsError

if TYPE_CHECKING:
    from textreuse.evaluate import Span

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
SVG_FILE = click.Path(dir_okay=False, path_type=Path)
SEARCH = "min_words edit_rate recall preset unit max_expected threads encoding"
PLANTING = "lengths edit_rates kinds n seed"

Progress = Callable[[str, int, int], None]


@click.command()
@click.argument("paths", metavar="[PATH...]", nargs=-1, type=READABLE)
@click.option("--pan", metavar="DIR", type=FOLDER, help="Score the search of the texts in DIR, laid out as by PAN.")
@click.option("--min-words", type=int, default=20, show_default=True, help="Shortest passage to find.")
@click.option("--edit-rate", type=float, default=0.2, show_default=True, help="Share of words that may be changed.")
@click.option("--recall", type=float, default=0.95, show_default=True, help="Share of such passages to find.")
@click.option("--preset", help="A common wish: quotation, reprint, plagiarism, ocr or thorough.")
@click.option("--unit", help="What is compared: word, or character for badly scanned text.  [default: word]")
@click.option(
    "--max-expected", type=float, default=0.1, show_default=True,
    help="Leave out what chance alone would give more often than this.",
)  # fmt: skip
@click.option("--length", "lengths", type=int, multiple=True, help="Words in a planted passage. May be repeated.")
@click.option("--edited", "edit_rates", type=float, multiple=True, help="Share of words to edit. May be repeated.")
@click.option("--kind", "kinds", multiple=True, help="Kind of edit, such as mixed or misread. May be repeated.")
@click.option("-n", type=int, default=100, show_default=True, help="Passages of each length, share and kind.")
@click.option("--seed", type=int, default=0, show_default=True, help="What is random follows from it.")
@click.option("--svg", type=SVG_FILE, help="Write the table as a picture.")
@click.option("--threads", type=int, help="Threads to use.  [default: all processors]")
@click.option("--encoding", help="Encoding of the files.  [default: recognized file by file]")
@click.option("-q", "--quiet", is_flag=True, help="No progress on stderr.")
@click.pass_context
def evaluate(ctx: click.Context, /, paths: tuple[Path, ...], pan: Path | None, svg: Path | None, **_: Any) -> None:
    """Test what is found in the texts in PATH..., or score the search against the truth of PAN.

    Passages of the texts are edited and planted into others of them; the table says how many of them are found, by kind
    of edit, length in words and share of words edited, with a 95 % confidence interval, beside what was promised. The
    files themselves stay as they are.

    With --pan, DIR holds the folders susp and src and a folder per category, with a file "pairs" and XML files. The
    suspicious texts are searched for passages of the source texts once, and what is found in the pairs of each category
    is scored.

    \b
    Examples:
      textreuse evaluate articles/
      textreuse evaluate articles/ --min-words 10 --edit-rate 0.3 --kind mixed --kind misread -n 500
      textreuse evaluate --pan pan13/ --preset plagiarism
    """
    from rich.console import Console

    from textreuse.progress import ProgressBars

    if bool(paths) == (pan is not None):
        raise OptionsError("evaluate takes either texts (PATH...) or --pan DIR.")
    if svg is not None and not svg.parent.is_dir():
        raise InputError(f"folder {str(svg.parent)!r} does not exist. Create it first.")
    planting = given_options(ctx, PLANTING)
    unused = [*planting, *(["svg"] if svg else [])]
    if pan is not None and unused:
        raise OptionsError(f"--pan plants nothing, so it takes no {', '.join(unused)}.")
    options = given_options(ctx, SEARCH)
    with ProgressBars(Console(stderr=True), quiet=ctx.params["quiet"]) as progress:
        if pan is not None:
            report = "\n".join(_score_pan(pan, options, progress))
        else:
            from textreuse.selftest import self_test

            result = self_test(list(paths), progress=progress, **planting, **options)
            report = str(result)
            if svg is not None:
                svg.write_text(result.to_svg(), encoding="utf-8")
    click.echo(report)


def _score_pan(folder: Path, options: dict[str, Any], progress: Progress) -> Iterator[str]:
    """Yield the lines of the report, category by category."""
    from textreuse.pan import read_pan, read_pan_pairs, read_pan_texts
    from textreuse.pipeline import find_reuse

    categories = sorted(path.parent for path in folder.glob("*/pairs"))
    if not categories:
        raise InputError(f"no folder in {folder} holds a file 'pairs', as the categories of PAN do.")
    suspicious, sources = read_pan_texts(folder)
    result = find_reuse(suspicious, against=sources, progress=progress, **{**options, "keep_texts": False})
    found: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for span in _spans(result):
        found[span.suspicious, span.source].append(span)
    yield f"{len(suspicious):,} suspicious and {len(sources):,} source documents, {len(result):,} matches"
    for category in categories:
        pairs = read_pan_pairs(category / "pairs")
        detections = [span for pair in dict.fromkeys(pairs) for span in found.get(pair, ())]
        truth = read_pan(category)
        yield f"\n{category.name}: {len(truth):,} cases, {len(detections):,} detections in {len(pairs):,} pairs"
        if truth and detections:
            yield from _scores(truth, detections, suspicious, sources)


def _spans(result: Any) -> Iterator[Span]:
    from textreuse.evaluate import Span

    for match in result:
        a, b = match.a, match.b
        yield Span(a.document_id, a.start, len(a), b.document_id, b.start, len(b))


def _scores(
    truth: list[Span], detections: list[Span], suspicious: dict[str, str], sources: dict[str, str]
) -> Iterator[str]:
    from textreuse import evaluate as scores

    for average in ("macro", "micro"):
        score = scores.plagdet(truth, detections, average=average)
        yield (
            f"  {average:<10} plagdet {score.plagdet:.4f}  precision {score.precision:.4f}  "
            f"recall {score.recall:.4f}  granularity {score.granularity:.4f}"
        )
    on_suspicious, on_source = scores.score_characters(truth, detections)
    rows = {
        "cases": scores.score_cases(truth, detections),
        "documents": scores.score_documents(truth, detections),
        "suspicious": on_suspicious,
        "source": on_source,
    }
    for name, agreement in rows.items():
        yield (
            f"  {name:<10} F1      {agreement.f1:.4f}  precision {agreement.precision:.4f}  "
            f"recall {agreement.recall:.4f}"
        )
    edges = scores.measure_edges(truth, detections, suspicious=suspicious, sources=sources)
    yield (
        f"  edges      median {edges.median:g} characters, {edges.median_words:g} words; 90 % within "
        f"{edges.percentile_90:g} characters, {edges.percentile_90_words:g} words"
    )
