"""Annotations of reuse as PAN keeps them: pairs of passages in XML files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import regex

from textreuse.errors import InputError

SIDES = ("susp", "src")
NOT_XML = regex.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


class Span(NamedTuple):
    """A pair of passages: offsets and lengths in code points in a suspicious and in a source document."""

    suspicious: str
    offset: int
    length: int
    source: str
    source_offset: int
    source_length: int


def read_pan(folder: str | Path) -> list[Span]:
    """Return the cases of all PAN XML files of a folder, in order of file name.

    Raises
    ------
    InputError
        If there is no such folder, or a file is no PAN annotation.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"there is no folder {str(folder)!r} with PAN annotations.")
    spans = []
    for path in sorted(folder.glob("*.xml")):
        try:
            root = ElementTree.parse(path).getroot()
        except ElementTree.ParseError as error:
            raise InputError(f"{path} is no XML: {error}.") from None
        for feature in root.iter("feature"):
            value = feature.attrib
            if "source_reference" not in value:
                continue
            try:
                spans.append(
                    Span(
                        root.attrib["reference"], int(value["this_offset"]), int(value["this_length"]),
                        value["source_reference"], int(value["source_offset"]), int(value["source_length"]),
                    )
                )  # fmt: skip
            except (KeyError, ValueError) as error:
                raise InputError(f"{path}: a feature lacks or garbles {error}.") from None
    return spans


def write_pan(
    spans: Iterable[Sequence[object]], folder: str | Path, *, name: str = "detected-plagiarism"
) -> list[Path]:
    """Write one XML file per pair of documents, as PAN's scorers read them, and return the files.

    A file is called after the two documents; `name` is the name of the features ("plagiarism" for truth). Spans of a
    pair stay in their order. No spans write no files. The folder is made where it is missing.

    Raises
    ------
    InputError
        If the name of a document cannot stand in XML.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = write_pan([("s.txt", 3, 4, "t.txt", 5, 6)], folder)
    ...     read_pan(folder)
    [Span(suspicious='s.txt', offset=3, length=4, source='t.txt', source_offset=5, source_length=6)]
    """
    pairs: dict[tuple[str, str], list[Span]] = {}
    for values in spans:
        span = Span(*values)  # type: ignore[arg-type]
        pairs.setdefault((span.suspicious, span.source), []).append(span)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for (suspicious, source), of_pair in sorted(pairs.items()):
        for document in (suspicious, source):
            if NOT_XML.search(document):
                raise InputError(f"the document id {document!r} holds characters that XML cannot. Rename it.")
        stem = f"{_stem(suspicious)}-{_stem(source)}"
        path = folder / f"{stem}.xml"
        number = 1
        while path in written:  # "a/b" and "a_b" would share a file
            number += 1
            path = folder / f"{stem}-{number}.xml"
        path.write_bytes(_xml(suspicious, of_pair, name))
        written.append(path)
    return written


def read_pan_texts(folder: str | Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts of the suspicious and of the source documents by file name, in order of it.

    Offsets of PAN count the code points of the files as they are, so line ends are not translated.

    Raises
    ------
    InputError
        If `folder` lacks the folders susp and src, or a file is not in UTF-8.
    """
    folder = Path(folder)
    lacking = [side for side in SIDES if not (folder / side).is_dir()]
    if lacking:
        raise InputError(f"{folder} has no folder {' and no folder '.join(lacking)}, as PAN lays them out.")
    suspicious, source = (
        {path.name: _text(path) for path in sorted((folder / side).glob("*.txt"))} for side in SIDES
    )  # fmt: skip
    return suspicious, source


def read_pan_pairs(path: str | Path) -> list[tuple[str, str]]:
    """Return the (suspicious, source) pairs that a file lists, one a line.

    Raises
    ------
    InputError
        If a line holds anything but two names.
    """
    pairs = []
    for number, line in enumerate(_text(Path(path)).splitlines(), 1):
        names = line.split()
        if not names:
            continue
        if len(names) != 2:
            raise InputError(f"line {number} of {path} holds {len(names)} names. A pair has two: suspicious, source.")
        pairs.append((names[0], names[1]))
    return pairs


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not in UTF-8 ({error.reason} at byte {error.start:,}).") from None


def _stem(document: str) -> str:
    return str(regex.sub(r'[/\\:*?"<>|\s]', "_", document.removesuffix(".txt")))


def _xml(suspicious: str, spans: Sequence[Span], name: str) -> bytes:
    root = ElementTree.Element("document", reference=suspicious)
    for span in spans:
        values = {
            "name": name, "this_offset": span.offset, "this_length": span.length,
            "source_reference": span.source, "source_offset": span.source_offset, "source_length": span.source_length,
        }  # fmt: skip
        ElementTree.SubElement(root, "feature", {key: str(value) for key, value in values.items()})
    ElementTree.indent(root, "")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
