"""What a user gets back: matches, passages, families, and the result that holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from textreuse.errors import MissingTextError
from textreuse.model import Edit, Skipped

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from textreuse.collation import Collation
    from textreuse.direction import Direction
    from textreuse.explain import Explanation
    from textreuse.options import Options


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of one document: `start` and `stop` are half-open offsets in code points into its original text."""

    document_id: str
    start: int
    stop: int
    document_text: str | None = field(default=None, repr=False, compare=False)
    of_against: bool = field(default=False, repr=False)  # whether the document is one of `against`
    date: str | None = field(default=None, repr=False, compare=False)  # of the document: "1848", "1848-02-21"

    @property
    def text(self) -> str:
        """The passage as it stands in the original text.

        Raises
        ------
        MissingTextError
            If the result was made or loaded without its texts.
        """
        if self.document_text is None:
            raise MissingTextError(
                f"the text of document {self.document_id!r} is not held by this result "
                f"(result.has_texts is False). Run find_reuse with keep_texts=True, "
                f"or slice your own text: text[{self.start}:{self.stop}]."
            )
        return self.document_text[self.start : self.stop]

    def __len__(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True)
class Match:
    """Two passages that share their text.

    `similarity` is the share of words of the shorter side that the alignment pairs with an equal word (0 to 1).
    `score` is in bits: the information of what both sides share, less what it takes to say where each equal stretch
    stands. `expected` is how many matches with at least this score chance alone would give in a collection of this
    size. `family` is the id of the family of passages that both belong to. `words` is the length in words of the longer
    side. `boilerplate` says that the text recurs so widely and uniformly that it is a header, a signature, a formula
    rather than reuse.
    """

    a: Passage
    b: Passage
    similarity: float
    score: float
    expected: float
    family: int
    words: float
    boilerplate: bool = False
    tokenizer: Any = field(default=None, repr=False, compare=False)

    @cached_property
    def alignment(self) -> tuple[Edit, ...]:
        """The edit script from a to b, token by token: equal, replace, insert, delete, with original offsets."""
        from textreuse.align import edit_script
        from textreuse.tokenize import tokenize

        tokens = tokenize([self.a.text, self.b.text], tokenizer=self.tokenizer)
        return edit_script(tokens, self.a.start, self.b.start)

    @cached_property
    def direction(self) -> Direction | None:
        """What speaks for one side as the source of the other: evidence with reasons; None where there is none."""
        from textreuse.direction import find_direction

        return find_direction(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the match as plain values, texts included where they are held."""
        row: dict[str, Any] = {
            "a_id": self.a.document_id,
            "a_start": self.a.start,
            "a_stop": self.a.stop,
            "b_id": self.b.document_id,
            "b_start": self.b.start,
            "b_stop": self.b.stop,
            "similarity": self.similarity,
            "score": self.score,
            "expected": self.expected,
            "family": self.family,
            "words": self.words,
            "boilerplate": self.boilerplate,
        }
        if self.a.document_text is not None and self.b.document_text is not None:
            row["a_text"] = self.a.text
            row["b_text"] = self.b.text
        return row

    def __str__(self) -> str:
        head = (
            f"{self.a.document_id}[{self.a.start}:{self.a.stop}] ~ {self.b.document_id}[{self.b.start}:{self.b.stop}]"
            f"  similarity {self.similarity:.2f}  score {self.score:.0f}  expected {self.expected:.1g}"
        )
        if self.a.document_text is None or self.b.document_text is None:
            return head
        return f"{head}\n  a: {_clip(self.a.text)}\n  b: {_clip(self.b.text)}"


@dataclass(frozen=True)
class Family:
    """Passages that descend from one text: those with a date in its order, then the others; then by id and position.

    The date of a passage is that of its document: the metadata field date, published, publication_date, pub_date,
    issued, created or year, as a date, an ISO text or a year. `boilerplate` is as for `Match`.
    """

    id: int
    members: tuple[Passage, ...]
    boilerplate: bool = False
    tokenizer: Any = field(default=None, repr=False, compare=False)

    @property
    def n_documents(self) -> int:
        """In how many documents a member stands."""
        return len({(member.document_id, member.of_against) for member in self.members})

    @property
    def fullest(self) -> Passage:
        """The longest member; of equals the first."""
        return max(self.members, key=len)

    @property
    def earliest(self) -> Passage | None:
        """The member with the earliest date; None if no member has one."""
        return next((member for member in self.members if member.date is not None), None)

    def collation(self) -> Collation:
        """Return the wordings aligned column by column: a row per witness, each aligned with the fullest.

        Raises
        ------
        MissingTextError
            If the result was made or loaded without its texts.
        """
        from textreuse.collation import collate

        return collate(self.members, self.members.index(self.fullest), self.tokenizer)

    def __len__(self) -> int:
        return len(self.members)

    def __iter__(self) -> Iterator[Passage]:
        return iter(self.members)


@dataclass(frozen=True)
class ReuseResult(Sequence[Match]):
    """All matches, best first, with everything needed to judge them.

    `skipped` lists documents that took no part, `options` everything in force (derived values included), `stats`
    what was counted on the way: documents, tokens, shingles, anchors, candidate pairs, regions, seconds per step.
    `boilerplate` and `boilerplate_families` hold what recurs widely and uniformly, if it was set apart from the rest.
    """

    matches: Sequence[Match]
    families: Sequence[Family]
    skipped: tuple[Skipped, ...]
    options: Options
    stats: Mapping[str, Any]
    documents: Mapping[str, Mapping[str, Any]]  # id -> metadata
    explainer: Callable[[str, str], Explanation] | None = field(default=None, repr=False, compare=False)
    boilerplate: Sequence[Match] = ()
    boilerplate_families: Sequence[Family] = ()

    @property
    def has_texts(self) -> bool:
        """Whether the passages can show their texts."""
        return all(m.a.document_text is not None and m.b.document_text is not None for m in self.matches)

    def __len__(self) -> int:
        return len(self.matches)

    @overload
    def __getitem__(self, index: int) -> Match: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Match, ...]: ...
    def __getitem__(self, index: int | slice) -> Match | tuple[Match, ...]:
        return self.matches[index] if isinstance(index, int) else tuple(self.matches[index])

    def filter(self, keep: Callable[[Match], bool]) -> ReuseResult:
        """Return the result with only those matches for which `keep(match)` is true; families stay as they are."""
        return replace(self, matches=tuple(match for match in self.matches if keep(match)))

    def without_texts(self) -> ReuseResult:
        """Return the same result without any text, for sharing offsets where the texts may not go."""

        def bare(passage: Passage) -> Passage:
            return replace(passage, document_text=None)

        def without(matches: Sequence[Match]) -> tuple[Match, ...]:
            return tuple(replace(match, a=bare(match.a), b=bare(match.b)) for match in matches)

        def bare_families(families: Sequence[Family]) -> tuple[Family, ...]:
            return tuple(replace(family, members=tuple(map(bare, family.members))) for family in families)

        return replace(
            self,
            matches=without(self.matches),
            families=bare_families(self.families),
            boilerplate=without(self.boilerplate),
            boilerplate_families=bare_families(self.boilerplate_families),
            explainer=None,
        )

    def explain(self, id_a: str, id_b: str) -> Explanation:
        """Return what became of a pair of documents at each stage: anchors, regions, scores against thresholds."""
        if self.explainer is None:
            raise MissingTextError("this result does not hold its texts, so a pair cannot be explained any more.")
        return self.explainer(id_a, id_b)

    def to_jsonl(self, path: str | Path) -> None:
        """Write one JSON object per match."""
        from textreuse.export import write_jsonl

        write_jsonl(self, path)

    def to_csv(self, path: str | Path) -> None:
        """Write one row per match."""
        from textreuse.export import write_csv

        write_csv(self, path)

    def to_pandas(self) -> pd.DataFrame:
        """Return a DataFrame with one row per match."""
        from textreuse.export import to_pandas

        return to_pandas(self)

    def to_networkx(self) -> nx.Graph[str]:
        """Return a graph: documents with their metadata; for each two with matches how many, how alike, how long."""
        from textreuse.graph import graph_of_matches, make_networkx

        return make_networkx(graph_of_matches(self))

    def to_graphml(self, path: str | Path) -> None:
        """Write that graph as GraphML, which Gephi and others read."""
        from textreuse.graph import graph_of_matches, write_graphml

        write_graphml(graph_of_matches(self), path)

    def to_html(self, path: str | Path) -> None:
        """Write a self-contained report for the browser."""
        from textreuse.report import write_html

        write_html(self, path)

    def _repr_html_(self) -> str:
        from textreuse.report import render_summary

        return render_summary(self)

    def __repr__(self) -> str:
        n_documents = self.stats.get("documents", 0)
        return (
            f"<ReuseResult: {len(self.matches):,} matches in {len(self.families):,} families, "
            f"{n_documents:,} documents, {len(self.skipped):,} skipped"
            f"{f', {len(self.boilerplate):,} of boilerplate set apart' if self.boilerplate else ''}>"
        )

    __str__ = __repr__


def _clip(text: str, width: int = 160) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width // 2 - 2] + " ... " + line[-width // 2 + 3 :]
