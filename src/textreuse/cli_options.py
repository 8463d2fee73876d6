"""What the commands have in common: options, checks before the long work, and how counts and ids are printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from textreuse.model import Skipped

F = TypeVar("F", bound=Callable[..., Any])

LISTED_DOCUMENTS = 3
GRAPH = ".graphml"
READABLE = click.Path(exists=True, path_type=Path)
WRITABLE = click.Path(dir_okay=False, path_type=Path, allow_dash=True)


def all_options(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Return a decorator that gives a command all of `options`, in this order in its help."""

    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def given_options(ctx: click.Context, names: str) -> dict[str, Any]:
    """Return the options that the user gave: for the others the defaults of the library or of a preset hold."""
    return {
        name: ctx.params[name]
        for name in names.split()
        if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT
    }


Check = Callable[[click.Context, click.Parameter, Path | None], Path | None]


def checked_file(*suffixes: str) -> Check:
    """Return what refuses, before the long work, a path that could not be written after it, or in no known format."""

    def check(_ctx: click.Context, _parameter: click.Parameter, path: Path | None) -> Path | None:
        if path is not None and str(path) != "-" and path.suffix.lower() not in suffixes:
            raise click.BadParameter(
                f"{str(path)!r} ends in none of {', '.join(suffixes)}; - writes JSON lines to stdout."
            )
        return checked_folder(path)

    return check


checked_table = checked_file(".jsonl", ".csv")
checked_table_or_graph = checked_file(".jsonl", ".csv", GRAPH)


def checked_folder(path: Path | None) -> Path | None:
    """Refuse a path in a folder that does not exist."""
    if path is not None and not path.parent.is_dir():
        raise click.BadParameter(f"folder {str(path.parent)!r} does not exist. Create it first.")
    return path


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun.

    >>> count(1, "document"), count(1200, "match", "matches")
    ('1 document', '1,200 matches')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(ids: Sequence[str]) -> str:
    """Return the first few ids, and how many more there are.

    >>> listed(["a", "b", "c", "d"])
    'a, b, c and 1 more'
    """
    more = f" and {len(ids) - LISTED_DOCUMENTS:,} more" if len(ids) > LISTED_DOCUMENTS else ""
    return ", ".join(ids[:LISTED_DOCUMENTS]) + more


def print_skipped(everything: Iterable[Skipped]) -> None:
    """Say on stderr which documents took no part, by reason."""
    by_reason = defaultdict(list)
    for skipped in everything:
        by_reason[skipped.reason].append(skipped.document_id)
    for reason, ids in sorted(by_reason.items()):
        click.echo(f"skipped, {reason}: {listed(ids)}", err=True)
