"""A small collection of invented newspaper articles, for the demo, the docs and the tests."""

from __future__ import annotations

import json
from importlib.resources import files

from textreuse.model import Document

__all__ = ["load_sample"]


def load_sample() -> list[Document]:
    """Return the 18 invented articles of the sample collection, in order of their ids.

    Twelve are in English, two each in Russian, Arabic and Chinese. They hold one of each kind of reuse: a leaked letter
    and an agency report reprinted, trimmed, edited, re-ordered and re-wrapped, a passage repeated inside one article,
    a correction notice, a boilerplate footer, and one article (`12-endgame-column`) that shares nothing.

    Returns
    -------
    list of Document
        `metadata` has `outlet`, `date` (ISO), `title` and `language`, all strings.

    Examples
    --------
    >>> from textreuse.samples import load_sample
    >>> documents = load_sample()
    >>> len(documents), documents[0].id, documents[0].metadata["date"]
    (18, '01-northline', '2024-03-04')
    """
    folder = files(__name__)
    entries = json.loads(folder.joinpath("metadata.json").read_bytes())
    return [
        Document(
            id=entry["id"],
            # Decoded by hand: text mode would turn line ends into those of the machine.
            text=folder.joinpath(f"{entry['id']}.txt").read_bytes().decode("utf-8"),
            metadata={key: value for key, value in entry.items() if key != "id"},
        )
        for entry in entries
    ]
