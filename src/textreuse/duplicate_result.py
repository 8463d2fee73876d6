"""What a user gets back about whole documents: pairs and clusters of near-duplicates, kept and removed documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from textreuse.model import Document, Skipped

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from textreuse.duplicate_options import DuplicateOptions
    from textreuse.export import TextStream


PAIR_COLUMNS = {"a": "object", "b": "object", "similarity": "float64"}
REMOVED_COLUMNS = {"id": "object", "kept_id": "object", "similarity": "float64"}


class DuplicatePair(NamedTuple):
    """Two documents at or above the threshold: their ids, `a` before `b` in code point order, and how alike they are.

    `similarity` is exact: shingles in common divided by all of both (jaccard) or by those of the smaller
    (containment).
    """

    a: str
    b: str
    similarity: float


@dataclass(frozen=True, slots=True)
class DuplicateCluster:
    """Documents that verified pairs connect, by id in code point order.

    `all_pairs_listed` is false where the cluster is so large that some of its pairs were not looked at.
    """

    ids: tuple[str, ...]
    all_pairs_listed: bool = True

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)


class RemovedDocument(NamedTuple):
    """A document that was removed, the kept one that it is a near-duplicate of, and how alike they are."""

    id: str
    kept_id: str
    similarity: float


@dataclass(frozen=True)
class DuplicateResult(Sequence[DuplicatePair]):
    """All pairs of near-duplicates, most alike first, and the clusters that they make, largest first.

    `skipped` lists documents that took no part and why, `options` everything in force, `stats` what was counted on the
    way: documents, shingles, copies, documents that share enough to be compared, verifications, seconds per step.
    `stats["all_pairs_listed"]` is false where a cluster is so large that some of its pairs were not looked at.
    """

    pairs: tuple[DuplicatePair, ...]
    clusters: tuple[DuplicateCluster, ...]
    skipped: tuple[Skipped, ...]
    options: DuplicateOptions
    stats: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.pairs)

    @overload
    def __getitem__(self, index: int) -> DuplicatePair: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[DuplicatePair, ...]: ...
    def __getitem__(self, index: int | slice) -> DuplicatePair | tuple[DuplicatePair, ...]:
        return self.pairs[index]

    def to_jsonl(self, path: str | Path | TextStream) -> None:
        """Write one JSON object per pair; "-" is standard output."""
        from textreuse.export import write_records_jsonl

        write_records_jsonl(self.pairs, path)

    def to_csv(self, path: str | Path | TextStream) -> None:
        """Write one row per pair; "-" is standard output."""
        from textreuse.export import write_records_csv

        write_records_csv(PAIR_COLUMNS, self.pairs, path)

    def to_pandas(self) -> pd.DataFrame:
        """Return a DataFrame with one row per pair."""
        from textreuse.export import records_to_pandas

        return records_to_pandas(PAIR_COLUMNS, self.pairs)

    def to_networkx(self) -> nx.Graph[str]:
        """Return a graph of the documents of all clusters, with the number of theirs; pairs with their similarity."""
        from textreuse.graph import graph_of_pairs, make_networkx

        return make_networkx(graph_of_pairs(self))

    def to_graphml(self, path: str | Path | TextStream) -> None:
        """Write that graph as GraphML, which Gephi and others read; "-" is standard output."""
        from textreuse.graph import graph_of_pairs, write_graphml

        write_graphml(graph_of_pairs(self), path)

    def __repr__(self) -> str:
        n_documents = self.stats.get("documents", 0)
        partly = "" if self.stats.get("all_pairs_listed", True) else ", not all pairs of large clusters listed"
        return (
            f"<DuplicateResult: {len(self.pairs):,} pairs in {len(self.clusters):,} clusters, "
            f"{n_documents:,} documents, {len(self.skipped):,} skipped{partly}>"
        )

    __str__ = __repr__


@dataclass(frozen=True)
class DeduplicateResult(Sequence[Document]):
    """The documents that are kept, in the order in which they came, and those that were removed.

    Each removed document is at or above the threshold with a kept one, which `removed` names. Documents without words
    are kept and listed in `skipped`: nothing can be said to be like them.
    """

    kept: tuple[Document, ...]
    removed: tuple[RemovedDocument, ...]
    skipped: tuple[Skipped, ...]
    options: DuplicateOptions
    stats: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.kept)

    @overload
    def __getitem__(self, index: int) -> Document: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Document, ...]: ...
    def __getitem__(self, index: int | slice) -> Document | tuple[Document, ...]:
        return self.kept[index]

    def to_jsonl(self, path: str | Path | TextStream) -> None:
        """Write one JSON object per removed document; "-" is standard output."""
        from textreuse.export import write_records_jsonl

        write_records_jsonl(self.removed, path)

    def to_csv(self, path: str | Path | TextStream) -> None:
        """Write one row per removed document; "-" is standard output."""
        from textreuse.export import write_records_csv

        write_records_csv(REMOVED_COLUMNS, self.removed, path)

    def to_pandas(self) -> pd.DataFrame:
        """Return a DataFrame with one row per removed document."""
        from textreuse.export import records_to_pandas

        return records_to_pandas(REMOVED_COLUMNS, self.removed)

    def __repr__(self) -> str:
        return (
            f"<DeduplicateResult: {len(self.kept):,} documents kept, {len(self.removed):,} removed, "
            f"{len(self.skipped):,} skipped>"
        )

    __str__ = __repr__
