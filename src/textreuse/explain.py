"""What became of a pair of documents at each stage, so that a user sees why something was not found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExplainedRegion:
    """A stretch that two documents have in common, and why it is or is not a match.

    Starts and stops are offsets into the original texts; `covered` counts tokens in exact runs, `score` is in bits
    (None where the region was not aligned), `words` is the longer side's length.
    """

    a_start: int
    a_stop: int
    b_start: int
    b_stop: int
    covered: int
    words: float | None
    score: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What two documents have in common at each stage of the search."""

    a_id: str
    b_id: str
    tokens_a: int
    tokens_b: int
    anchors_a: int
    anchors_b: int
    shared_anchors: int
    hits: int
    regions: tuple[ExplainedRegion, ...]
    needed_covered: int
    needed_score: float
    needed_words: float
    notes: tuple[str, ...]

    @property
    def matches(self) -> tuple[ExplainedRegion, ...]:
        """The regions that are matches."""
        return tuple(region for region in self.regions if region.verdict == "match")

    def __str__(self) -> str:
        lines = [
            f"{self.a_id} ({self.tokens_a:,} tokens, {self.anchors_a:,} anchors) and "
            f"{self.b_id} ({self.tokens_b:,} tokens, {self.anchors_b:,} anchors)",
            f"  shared anchors: {self.shared_anchors:,}, hits: {self.hits:,}",
            f"  a match needs {self.needed_covered} tokens in exact runs, {self.needed_words:g} words and "
            f"a score of {self.needed_score:.0f} bits (or an exact run as long as min_words)",
        ]
        lines += [f"  note: {note}" for note in self.notes]
        for region in self.regions:
            score = "not aligned" if region.score is None else f"{region.score:.0f} bits"
            lines.append(
                f"  a[{region.a_start}:{region.a_stop}] ~ b[{region.b_start}:{region.b_stop}]: "
                f"{region.covered} tokens in exact runs, {score}: {region.verdict}"
            )
        if not self.regions:
            lines.append("  no region: no anchors in common stand near each other in both documents")
        return "\n".join(lines)
