"""The command line: find, compare, duplicates, dedup, evaluate, demo."""

from __future__ import annotations

import sys
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from textreuse import __version__
from textreuse.cli_duplicates import dedup, duplicates
from textreuse.cli_evaluate import evaluate
from textreuse.cli_options import (
    GRAPH,
    READABLE,
    WRITABLE,
    all_options,
    checked_folder,
    checked_table_or_graph,
    count,
    given_options,
    listed,
    print_skipped,
)
from textreuse.errors import TextReuseError, TextReuseWarning

if TYPE_CHECKING:
    from textreuse.result import ReuseResult

EXIT_USER_ERROR = 2
EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells count
DEMO_MIN_WORDS = 8  # the articles of the sample are short, and so is what they quote
DEMO_REPORT = Path("textreuse-demo.html")

READABLE_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class _Commands(click.Group):
    """Commands whose errors are one line on stderr and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TextReuseError as error:
            click.echo(f"Error: {' '.join(str(error).splitlines())}", err=True)
            ctx.exit(EXIT_USER_ERROR)
        except KeyboardInterrupt:
            click.echo("Interrupted.", err=True)
            ctx.exit(EXIT_INTERRUPTED)


@click.group(
    "textreuse", cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, message="textreuse %(version)s")
def main() -> None:
    """Find every passage that documents share, verbatim or edited, and say where.

    \b
    Examples:
      textreuse demo
      textreuse find articles/
      textreuse find articles/ -o matches.jsonl --html report.html
      textreuse compare draft.txt final.txt
      textreuse dedup articles/ -o unique/
      textreuse evaluate articles/

    Exit codes: 0, 2 for wrong input or options, 130 after Ctrl-C.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that cannot show a character shows its escape
            stream.reconfigure(errors="backslashreplace")


def _checked_report(_ctx: click.Context, _parameter: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and str(path) == "-":
        raise click.BadParameter("the report goes to a file, e.g. report.html.")
    return checked_folder(path)


search_options = all_options(
    click.option("--min-words", type=int, default=20, show_default=True, help="Shortest passage to find."),
    click.option("--edit-rate", type=float, default=0.2, show_default=True, help="Share of words that may be changed."),
    click.option("--recall", type=float, default=0.95, show_default=True, help="Share of such passages to find."),
    click.option("--preset", help="A common wish: quotation, reprint, plagiarism, ocr or thorough."),
    click.option("--unit", help="What is compared: word, or character for badly scanned text.  [default: word]"),
    click.option(
        "--max-expected",
        type=float,
        default=0.1,
        show_default=True,
        help="Leave out what chance alone would give more often than this.",
    ),
    click.option("--join-words", type=int, help="Passages nearer than this on both sides are one.  [default: 0]"),
)
output_options = all_options(
    click.option(
        "-o",
        "--output",
        type=WRITABLE,
        callback=checked_table_or_graph,
        help="Write matches: .jsonl, .csv, .graphml, or -.",
    ),
    click.option("--html", type=WRITABLE, callback=_checked_report, help="Write a report for the browser."),
    click.option("-q", "--quiet", is_flag=True, help="No progress and no status on stderr."),
)
encoding_option = click.option("--encoding", help="Encoding of the files.  [default: recognized file by file]")


@main.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=READABLE)
@click.option("--against", metavar="PATH", multiple=True, type=READABLE, help="Match PATH... with these only.")
@search_options
@click.option("--within", is_flag=True, help="Also find what one document repeats.")
@click.option("--group", metavar="FIELD", help='Do not compare documents of one FIELD, e.g. "folder".')
@click.option("--exclude", metavar="PATH", multiple=True, type=READABLE, help="Texts whose reuse is of no interest.")
@click.option(
    "--boilerplate",
    type=click.Choice(["separate", "keep", "drop"]),
    default="separate",
    show_default=True,
    help="What becomes of headers, signatures and formulae.",
)
@click.option("--max-matches", type=int, help="Keep the best only.")
@click.option("--threads", type=int, help="Threads to use.  [default: all processors]")
@encoding_option
@click.option(
    "--text-field", default="text", show_default=True, help="Field that holds the text, in formats with fields."
)
@click.option("--id-field", default="id", show_default=True, help="Field that holds the id, in formats with fields.")
@output_options
@click.pass_context
def find(
    ctx: click.Context,
    /,
    paths: tuple[Path, ...],
    against: tuple[Path, ...],
    exclude: tuple[Path, ...],
    output: Path | None,
    html: Path | None,
    quiet: bool,
    **_options: Any,
) -> None:
    """Find the passages that the texts in PATH... share.

    A PATH is a text file or a folder, whose .txt files are read recursively. Documents are named by their path
    within the folder; where two of several PATHs hold the same name, all names are preceded by their PATH.
    Without -o and --html the best matches are printed. --against, --exclude may be given several times.

    \b
    Examples:
      textreuse find articles/
      textreuse find articles/ --min-words 10 --edit-rate 0.3
      textreuse find essays/ --against library/ -o matches.csv --html report.html
      textreuse find papers/ --group folder -o - | head -1
    """
    from rich.console import Console

    from textreuse.corpus import read_documents
    from textreuse.pipeline import find_reuse
    from textreuse.progress import ProgressBars

    options = given_options(
        ctx,
        "min_words edit_rate recall preset unit max_expected join_words within group boilerplate max_matches threads "
        "encoding text_field id_field",
    )
    if against:
        options["against"] = list(against)
    if exclude:
        options["exclude"] = [
            document.text for document in read_documents(list(exclude), encoding=ctx.params["encoding"])
        ]
    with _warnings_told(quiet=quiet), ProgressBars(Console(stderr=True), quiet=quiet) as progress:
        result = find_reuse(list(paths), progress=progress, **options)
    _hand_over(result, output, html, quiet=quiet)


@main.command()
@click.argument("a", type=READABLE_FILE)
@click.argument("b", type=READABLE_FILE)
@search_options
@encoding_option
@output_options
@click.pass_context
def compare(
    ctx: click.Context, /, a: Path, b: Path, output: Path | None, html: Path | None, quiet: bool, **_options: Any
) -> None:
    """Find the passages that the text files A and B share.

    In what is written, the texts are called a and b. Without -o and --html the best matches are printed.

    \b
    Examples:
      textreuse compare draft.txt final.txt
      textreuse compare draft.txt final.txt --min-words 8 --html changes.html
    """
    from rich.console import Console

    from textreuse.corpus import read_documents
    from textreuse.pipeline import compare as compare_texts
    from textreuse.progress import ProgressBars

    text_a, text_b = (
        document.text for path in (a, b) for document in read_documents(path, encoding=ctx.params["encoding"])
    )
    options = given_options(ctx, "min_words edit_rate recall preset unit max_expected join_words")
    with _warnings_told(quiet=quiet), ProgressBars(Console(stderr=True), quiet=quiet):
        result = compare_texts(text_a, text_b, **options)
    _hand_over(result, output, html, quiet=quiet)


@main.command()
@click.option(
    "--html",
    type=WRITABLE,
    callback=_checked_report,
    default=DEMO_REPORT,
    show_default=True,
    help="Where to write the report for the browser.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress and no status on stderr.")
def demo(html: Path, quiet: bool) -> None:
    """Show what it does on a few articles that come with it, and write their report.

    \b
    Examples:
      textreuse demo
      textreuse demo --html ~/demo.html
    """
    from rich.console import Console

    from textreuse.pipeline import find_reuse
    from textreuse.progress import ProgressBars
    from textreuse.samples import load_sample

    with ProgressBars(Console(stderr=True), quiet=quiet) as progress:
        result = find_reuse(load_sample(), min_words=DEMO_MIN_WORDS, progress=progress)
    _print_best(result)
    _hand_over(result, None, html, quiet=quiet)
    click.echo(f"Report: open {html} in a browser.")


for command in (duplicates, dedup, evaluate):
    main.add_command(command)


def _hand_over(result: ReuseResult, output: Path | None, html: Path | None, *, quiet: bool) -> None:
    """Write the files that were asked for, or print the best matches if none was; say on stderr what there is."""
    if output is not None:
        _write_table(result, output)
    if html is not None:
        from textreuse.report import write_html

        write_html(result, html)
    written = [path for path in (output, html) if path is not None]
    if not written:
        _print_best(result)
    if not quiet:
        _print_status(result, written)
        _print_encodings(result)
    if written and not quiet:  # what is printed has them already
        print_skipped(result.skipped)


@contextmanager
def _warnings_told(*, quiet: bool) -> Iterator[None]:
    """Say what the library warns of in a line on stderr, instead of as Python does."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", TextReuseWarning)
        yield
    for warning in told:
        if not issubclass(warning.category, TextReuseWarning):
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
        elif not quiet:
            click.echo(f"warning: {warning.message}", err=True)


def _write_table(result: ReuseResult, path: Path) -> None:
    from textreuse.export import write_csv, write_jsonl

    if path.suffix.lower() == GRAPH:
        result.to_graphml(path)
        return
    write = write_csv if path.suffix.lower() == ".csv" else write_jsonl
    write(result, "-" if str(path) == "-" else path)


def _print_best(result: ReuseResult) -> None:
    from rich.console import Console

    from textreuse.terminal import print_matches

    print_matches(result, Console())


def _print_status(result: ReuseResult, written: Sequence[Path]) -> None:
    counts = (
        f"{count(result.stats['documents'], 'document')}, {count(len(result), 'match', 'matches')} "
        f"in {count(len(result.families), 'family', 'families')}"
    )
    if result.boilerplate:
        counts += f", {len(result.boilerplate):,} of boilerplate set apart"
    names = " and ".join("stdout" if str(path) == "-" else str(path) for path in written)
    click.echo(f"{counts} -> {names}" if names else counts, err=True)


def _print_encodings(result: ReuseResult) -> None:
    """Say which files were not in UTF-8: an encoding that was guessed may be wrong."""
    by_encoding = defaultdict(list)
    for document_id, metadata in result.documents.items():
        if "encoding" in metadata:
            by_encoding[metadata["encoding"]].append(document_id)
    for encoding, ids in sorted(by_encoding.items()):
        click.echo(f"not UTF-8, read as {encoding}: {listed(ids)}. If that is wrong, pass --encoding.", err=True)
