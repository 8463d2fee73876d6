"""The commands `textreuse duplicates` and `textreuse dedup`: near-duplicates as a whole, and repetitions inside."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from textreuse.cli_options import (
    GRAPH,
    READABLE,
    WRITABLE,
    all_options,
    checked_folder,
    checked_table,
    checked_table_or_graph,
    count,
    given_options,
    listed,
    print_skipped,
)
from textreuse.errors import InputError, OptionsError

if TYPE_CHECKING:
    from textreuse.duplicate_result import DeduplicateResult, DuplicateResult
    from textreuse.model import Document
    from textreuse.progress import ProgressBars
    from textreuse.records import Edits, Records
    from textreuse.scrub_result import ScrubResult

PRINTED_CLUSTERS = 10
LEVELS = ("document", "line", "paragraph", "passage")
ALIKE = "threshold measure shingle_words recall num_perm seed all_pairs"  # what only whole documents need

alike_options = all_options(
    click.option("--threshold", type=float, default=0.8, show_default=True, help="How alike duplicates are, 0 to 1."),
    click.option(
        "--measure",
        type=click.Choice(["jaccard", "containment"]),
        default="jaccard",
        show_default=True,
        help="Shingles in common of all, or of those of the smaller document.",
    ),
    click.option("--shingle-words", type=int, default=5, show_default=True, help="Words in a shingle."),
    click.option("--recall", type=float, default=1.0, show_default=True, help="Share of the pairs to find."),
    click.option("--num-perm", type=int, default=128, show_default=True, help="Permutations, where recall is below 1."),
    click.option("--seed", type=int, default=1, show_default=True, help="What permutations are drawn from."),
    click.option("--all-pairs", is_flag=True, help="Look at all pairs of large clusters too."),
)
reading_options = all_options(
    click.option("--threads", type=int, help="Threads to use.  [default: all processors]"),
    click.option("--encoding", help="Encoding of the files.  [default: recognized; UTF-8 for rows]"),
    click.option("--text-field", default="text", show_default=True, help="Field that holds the text of a row."),
    click.option("--id-field", default="id", show_default=True, help="Field that holds the id of a row."),
    click.option("-q", "--quiet", is_flag=True, help="No progress and no status on stderr."),
)


@click.command()
@click.argument("path", type=READABLE)
@alike_options
@click.option(
    "-o", "--output", type=WRITABLE, callback=checked_table_or_graph, help="Write pairs: .jsonl, .csv, .graphml, or -."
)
@reading_options
@click.pass_context
def duplicates(ctx: click.Context, /, path: Path, output: Path | None, quiet: bool, **_options: Any) -> None:
    """Find documents that are near-duplicates as a whole, each pair verified.

    PATH is a folder of .txt files, or a file of rows: .jsonl or .csv, also with .gz; rows without an id are named by
    the number of their line. Without -o the largest clusters are printed.

    \b
    Examples:
      textreuse duplicates articles/
      textreuse duplicates articles/ --threshold 0.6 -o pairs.csv
      textreuse duplicates articles/ -o pairs.graphml
      textreuse duplicates wire.jsonl.gz --text-field body --measure containment
    """
    from textreuse.duplicates import find_duplicates

    records = _open(ctx, path)
    with _progress(quiet) as progress:
        result = find_duplicates(
            records.read(), progress=progress, **given_options(ctx, ALIKE), **given_options(ctx, "threads")
        )
    if output is None:
        _print_clusters(result)
    elif output.suffix.lower() == GRAPH:
        result.to_graphml(output)
    else:
        _write_table(result, output)
    if not quiet:
        found = f"{count(len(result), 'pair')} in {count(len(result.clusters), 'cluster')}"
        click.echo(f"{count(result.stats['documents'], 'document')}, {found}{_arrow(output)}", err=True)
        if not result.stats.get("all_pairs_listed", True):
            click.echo("not all pairs of the largest clusters were looked at: --all-pairs does", err=True)
        print_skipped([*records.skipped, *result.skipped])


@click.command()
@click.argument("path", type=READABLE)
@click.option("-o", "--output", type=click.Path(path_type=Path, allow_dash=True), help="Where to write what is kept.")
@click.option(
    "--report", type=WRITABLE, callback=checked_table,
    help="Where to write what was removed: .csv or .jsonl.  [default: OUT.removed.csv]",
)  # fmt: skip
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    default="document",
    show_default=True,
    help="Remove whole documents, or what they repeat inside.",
)
@click.option("--min-words", type=int, help="Shortest line, paragraph or passage to remove.  [default: 5, 5, 50]")
@click.option(
    "--keep",
    type=click.Choice(["first", "last", "longest", "earliest"]),
    default="first",
    show_default=True,
    help="Which of equal ones stays.",
)
@click.option("--drop-empty", is_flag=True, help="Leave out documents of which no line or passage is left.")
@alike_options
@reading_options
@click.pass_context
def dedup(
    ctx: click.Context, /, path: Path, output: Path | None, report: Path | None, quiet: bool, **_options: Any
) -> None:
    """Remove near-duplicate documents, or the lines, paragraphs or passages that documents repeat.

    PATH is a folder of .txt files, or a file of rows: .jsonl or .csv, also with .gz. What is kept is written to OUT
    in the same format: rows and files from which nothing was removed are the same byte for byte. What was removed,
    and what is kept in its stead, goes to a table beside OUT. Without -o nothing is written but the --report.

    \b
    Examples:
      textreuse dedup articles/ -o unique/
      textreuse dedup wire.jsonl.gz -o unique.jsonl.gz --keep earliest
      textreuse dedup pages.csv -o clean.csv --level line --min-words 3
      textreuse dedup posts/ --level passage --report repeated.jsonl
    """
    from textreuse.removal import deduplicate
    from textreuse.scrubbing import scrub

    level = ctx.params["level"]
    _check(ctx, path, output, level)
    records = _open(ctx, path)
    options = given_options(ctx, "keep threads")
    result: DeduplicateResult | ScrubResult
    with _progress(quiet) as progress:
        if level == "document":
            result = deduplicate(records.read(), progress=progress, **options, **given_options(ctx, ALIKE))
        else:
            options |= given_options(ctx, "min_words")
            result = scrub(records.read(), level=level, progress=progress, **options)
    report = report or _report_beside(output)
    if output is not None:
        records.write(output, _edits(result, ctx.params["drop_empty"]))
    if report is not None:
        _write_table(result, report)
    if not quiet:
        _print_status(records, result, (output, report))


def _open(ctx: click.Context, path: Path) -> Records:
    from textreuse.records import open_records

    return open_records(path, **{name: ctx.params[name] for name in ("text_field", "id_field", "encoding")})


def _progress(quiet: bool) -> ProgressBars:
    from rich.console import Console

    from textreuse.progress import ProgressBars

    return ProgressBars(Console(stderr=True), quiet=quiet)


def _check(ctx: click.Context, path: Path, output: Path | None, level: str) -> None:
    """Refuse, before the long work, options that do not go together and an OUT that could not be written."""
    from textreuse.records import ROW_FILES, kind_of

    if level == "document":
        unused = [*given_options(ctx, "min_words"), *(["drop_empty"] if ctx.params["drop_empty"] else [])]
    else:
        unused = [*given_options(ctx, ALIKE)]
    if unused:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in unused)
        raise OptionsError(f"--level {level} takes no {names}. Leave it out, or take another --level.")
    if level == "document" and path.is_file() and kind_of(path) not in ROW_FILES:
        raise InputError(f"{str(path)!r} holds one document. Name a folder or a file of rows, or take another --level.")
    if output is not None:
        _check_output(path, output)


def _check_output(path: Path, output: Path) -> None:
    from textreuse.records import kind_of

    checked_folder(output)
    if path.is_dir():
        if str(output) == "-" or output.is_file():
            raise OptionsError(f"{str(path)!r} is a folder, so -o has to name a folder that is not there yet or empty.")
        if path.resolve() in [output.resolve(), *output.resolve().parents]:
            raise OptionsError(f"-o {str(output)!r} lies in {str(path)!r}. Name a folder elsewhere.")
        if output.is_dir() and any(output.iterdir()):
            raise OptionsError(f"folder {str(output)!r} is not empty. Name one that is not there yet.")
        return
    if output.is_dir() or (output.exists() and output.samefile(path)):
        raise OptionsError(f"-o {str(output)!r} is {'a folder' if output.is_dir() else 'PATH itself'}. Name a file.")
    if str(output) != "-" and kind_of(output) != kind_of(path):
        raise OptionsError(
            f"rows are written as they were read: -o {str(output)!r} has to end in {kind_of(path)} or "
            f"{kind_of(path)}.gz, as PATH does."
        )


def _report_beside(output: Path | None) -> Path | None:
    """Return where the table of what was removed goes by default: OUT.removed.csv, without what OUT ends in."""
    from textreuse.records import ROW_FILES

    if output is None or str(output) == "-":
        return None
    name = output.name.removesuffix(".gz")
    stem = Path(name).stem if Path(name).suffix.lower() in (*ROW_FILES, ".txt") else name
    return output.with_name(f"{stem}.removed.csv")


def _edits(result: DeduplicateResult | ScrubResult, drop_empty: bool) -> Edits:
    """Return what becomes of the documents that do not stay as they are."""
    removed = {row.id for row in result.removed}
    stay: dict[str, Document] = {document.id: document for document in result if document.id in removed}
    edits: dict[str, str | None] = dict.fromkeys(removed)
    edits |= {id_: document.text for id_, document in stay.items() if document.text.strip() or not drop_empty}
    return edits


def _print_clusters(result: DuplicateResult) -> None:
    for cluster in result.clusters[:PRINTED_CLUSTERS]:
        click.echo(f"{count(len(cluster), 'document')}: {listed(cluster.ids)}")
    if len(result.clusters) > PRINTED_CLUSTERS:
        rest = count(len(result.clusters) - PRINTED_CLUSTERS, "more cluster")
        click.echo(f"... and {rest}; -o writes all pairs.")


def _print_status(records: Records, result: DeduplicateResult | ScrubResult, written: Sequence[Path | None]) -> None:
    from textreuse.scrub_result import ScrubResult

    stats = result.stats
    said = f"{count(stats['documents'], 'document')}, {len(result.removed):,} removed"
    if isinstance(result, ScrubResult):
        spans = count(len(result.removed), result.options.level)
        share = stats["words_removed"] / max(1, stats["words"])
        said = f"{count(stats['documents'], 'document')}, {spans} with {share:.1%} of the words removed"
        if stats["documents_emptied"]:
            said += f", {stats['documents_emptied']:,} left empty"
    click.echo(said + _arrow(*written), err=True)
    print_skipped([*records.skipped, *result.skipped])


def _arrow(*written: Path | None) -> str:
    names = " and ".join("stdout" if str(path) == "-" else str(path) for path in written if path is not None)
    return f" -> {names}" if names else ""


def _write_table(result: DuplicateResult | DeduplicateResult | ScrubResult, path: Path) -> None:
    write = result.to_csv if path.suffix.lower() == ".csv" else result.to_jsonl
    write("-" if str(path) == "-" else path)
