"""textreuse finds every passage that documents share, verbatim or edited, with exact character offsets."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textreuse.collation import Collation, Column, Reading
    from textreuse.direction import Direction, Reason
    from textreuse.duplicate_options import Bands, DuplicateOptions
    from textreuse.duplicate_result import (
        DeduplicateResult,
        DuplicateCluster,
        DuplicatePair,
        DuplicateResult,
        RemovedDocument,
    )
    from textreuse.duplicates import find_duplicates
    from textreuse.errors import InputError, MissingTextError, OptionsError, TextReuseError, TextReuseWarning
    from textreuse.evaluate import PlagdetScore, plagdet
    from textreuse.explain import Explanation
    from textreuse.model import Document, Edit, Skipped
    from textreuse.options import PRESETS, Derived, Options, Seeds
    from textreuse.pipeline import compare, find_reuse
    from textreuse.removal import deduplicate
    from textreuse.result import Family, Match, Passage, ReuseResult
    from textreuse.scrub_result import RemovedSpan, ScrubOptions, ScrubResult
    from textreuse.scrubbing import scrub
    from textreuse.selftest import SelfTestResult, self_test
    from textreuse.signing import signatures
    from textreuse.sketches import Shingling, Signatures

__version__ = "0.1.0"

__all__ = [
    "PRESETS",
    "Bands",
    "Collation",
    "Column",
    "DeduplicateResult",
    "Derived",
    "Direction",
    "Document",
    "DuplicateCluster",
    "DuplicateOptions",
    "DuplicatePair",
    "DuplicateResult",
    "Edit",
    "Explanation",
    "Family",
    "InputError",
    "Match",
    "MissingTextError",
    "Options",
    "OptionsError",
    "Passage",
    "PlagdetScore",
    "Reading",
    "Reason",
    "RemovedDocument",
    "RemovedSpan",
    "ReuseResult",
    "ScrubOptions",
    "ScrubResult",
    "Seeds",
    "SelfTestResult",
    "Shingling",
    "Signatures",
    "Skipped",
    "TextReuseError",
    "TextReuseWarning",
    "compare",
    "deduplicate",
    "find_duplicates",
    "find_reuse",
    "plagdet",
    "scrub",
    "self_test",
    "signatures",
]

_HOMES = {
    "collation": ("Collation", "Column", "Reading"),
    "direction": ("Direction", "Reason"),
    "duplicate_options": ("Bands", "DuplicateOptions"),
    "duplicate_result": (
        "DeduplicateResult",
        "DuplicateCluster",
        "DuplicatePair",
        "DuplicateResult",
        "RemovedDocument",
    ),
    "duplicates": ("find_duplicates",),
    "errors": ("InputError", "MissingTextError", "OptionsError", "TextReuseError", "TextReuseWarning"),
    "evaluate": ("PlagdetScore", "plagdet"),
    "explain": ("Explanation",),
    "model": ("Document", "Edit", "Skipped"),
    "options": ("PRESETS", "Derived", "Options", "Seeds"),
    "pipeline": ("compare", "find_reuse"),
    "removal": ("deduplicate",),
    "result": ("Family", "Match", "Passage", "ReuseResult"),
    "scrub_result": ("RemovedSpan", "ScrubOptions", "ScrubResult"),
    "scrubbing": ("scrub",),
    "selftest": ("SelfTestResult", "self_test"),
    "signing": ("signatures",),
    "sketches": ("Shingling", "Signatures"),
}


def __getattr__(name: str) -> Any:
    # names load their module when first used, so that `textreuse --help` and `import textreuse` stay quick
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"textreuse.{module}"), name)
    raise AttributeError(f"module 'textreuse' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
