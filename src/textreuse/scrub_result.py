"""What a user gets back from cleaning documents inside: the cleaned documents, and what was removed from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from textreuse.model import Document, Skipped
from textreuse.options import Tokenizer

if TYPE_CHECKING:
    import pandas as pd

    from textreuse.export import TextStream

COLUMNS = {
    "id": "object",
    "start": "int64",
    "stop": "int64",
    "kept_id": "object",
    "kept_start": "int64",
    "kept_stop": "int64",
}


class RemovedSpan(NamedTuple):
    """A stretch that was removed from document `id`, and the equal one that is kept.

    All offsets are half-open, in code points into the ORIGINAL texts.
    """

    id: str
    start: int
    stop: int
    kept_id: str
    kept_start: int
    kept_stop: int


@dataclass(frozen=True, slots=True)
class ScrubOptions:
    """Everything in force in a run."""

    level: str
    min_words: int
    keep: str
    threads: int
    tokenizer: Tokenizer | None

    def to_dict(self) -> dict[str, Any]:
        """Return all options as plain values."""
        values = asdict(replace(self, tokenizer=None))
        if self.tokenizer is not None:
            values["tokenizer"] = self.tokenizer if isinstance(self.tokenizer, str) else repr(self.tokenizer)
        return values


@dataclass(frozen=True)
class ScrubResult(Sequence[Document]):
    """The cleaned documents, in the order in which they came, and what was removed, by id and position.

    Documents keep their ids and metadata; those from which nothing was removed are as they were, and one of which
    nothing is left has an empty text. `skipped` lists files that were not read and documents without words, `stats`
    what was counted: documents, documents_changed, documents_emptied, words, words_removed, spans, token_comparisons,
    seconds per step.
    """

    documents: tuple[Document, ...]
    removed: tuple[RemovedSpan, ...]
    skipped: tuple[Skipped, ...]
    options: ScrubOptions
    stats: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.documents)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)

    @overload
    def __getitem__(self, index: int) -> Document: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Document, ...]: ...
    def __getitem__(self, index: int | slice) -> Document | tuple[Document, ...]:
        return self.documents[index]

    def to_jsonl(self, path: str | Path | TextStream) -> None:
        """Write one JSON object per removed stretch; "-" is standard output."""
        from textreuse.export import write_records_jsonl

        write_records_jsonl(self.removed, path)

    def to_csv(self, path: str | Path | TextStream) -> None:
        """Write one row per removed stretch; "-" is standard output."""
        from textreuse.export import write_records_csv

        write_records_csv(COLUMNS, self.removed, path)

    def to_pandas(self) -> pd.DataFrame:
        """Return a DataFrame with one row per removed stretch."""
        from textreuse.export import records_to_pandas

        return records_to_pandas(COLUMNS, self.removed)

    def __repr__(self) -> str:
        share = self.stats.get("words_removed", 0) / max(1, self.stats.get("words", 0))
        return (
            f"<ScrubResult: {len(self.documents):,} documents, {len(self.removed):,} {self.options.level}s with "
            f"{share:.1%} of the words removed, {len(self.skipped):,} skipped>"
        )

    __str__ = __repr__
