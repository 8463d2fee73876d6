"""Write src/textreuse/_unicode/table.npz: what each Unicode code point is to the tokenizer, and what it folds to.

Run it as `python scripts/make_unicode_table.py`. The same Unicode version gives the same bytes. The rules are
explained in docs/decisions/0003-tokenizing.md.

The arrays:

- `pages` (uint16, 0x1100): the page of 256 entries that code points 256 * i and following have.
- `entries` (uint32): bits 0-2 the class, bit 3 whether the payload is an offset into `sequences`, bits 4-24 the
  payload (folded code point, or offset; for a separator or hyphen its kind), bits 25-30 the rank of the kept mark at
  the end of what it folds to, 0 if there is none.
- `sequences` (uint32): length, then that many elements; an element is a code point with its rank in bits 21-26.
- `unicode_version` (uint8): the version of the Unicode data, as ASCII.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import regex

SEPARATOR, WORD, IDEOGRAPH, MARK, ACCENT, IGNORABLE, APOSTROPHE, HYPHEN = range(8)
PLAIN, SPACE, NEWLINE, CARRIAGE_RETURN = range(4)  # kinds of separator
SOFT = 1  # kind of hyphen

# Scripts written without spaces between words. Numerals and letters count, decimal digits are words everywhere.
SPACELESS = [
    "Han",
    "Hiragana",
    "Katakana",
    "Bopomofo",
    "Yi",
    "Tangut",
    "Nushu",
    "Khitan_Small_Script",
    "Thai",
    "Lao",
    "Khmer",
    "Myanmar",
    "Tai_Le",
    "New_Tai_Lue",
    "Tai_Tham",
    "Tai_Viet",
    "Ahom",
    "Balinese",
    "Javanese",
    "Batak",
    "Makasar",
    "Cuneiform",
    "Egyptian_Hieroglyphs",
    "Anatolian_Hieroglyphs",
    "Linear_A",
    "Linear_B",
    "Cypro_Minoan",
]
SPACELESS_COMMON = "\u30fc\u3005\u3006\u3007\u3031\u3032\u3033\u3034\u3035\u303b\u303c"
# In these scripts marks above and below are vowels, consonants, tones or numerals, not accents.
VOWELS_ABOVE = [*SPACELESS, "Buginese", "Limbu", "Tibetan", "Kayah_Li", "Kharoshthi", "Mende_Kikakui"]
# Combining classes of overlays (1), Hebrew, Arabic and Syriac points (10-36) and positions around the letter.
ACCENT_CLASSES = {1, *range(10, 37), *range(200, 241)}

APOSTROPHES = "'`\u00b4\u00b7\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u055a\u05f3\u05f4\u2018\u2019\u201b\u2027\u2032"
HYPHENS = "-\u00ac\u00ad\u058a\u05be\u1400\u1806\u2010\u2011\u2e17"
NEWLINES = "\n\x85\u2028"
STRETCHES = "\u0640\u07fa"  # tatweel and its N'Ko sister
# Format characters that one sees: signs that enclose a number.
VISIBLE_FORMAT = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
# Thai and Lao AM: NFKD would tear a vowel off the consonant before it and leave the rest as a letter of its own.
WHOLE = "\u0e33\u0eb3"
FRACTION_SLASH = "\u2044"
LETTERS = {"æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ı": "i", "ȷ": "j"}


class Unit(NamedTuple):
    """What one code point is: its class, its kind (separators and hyphens) and the code points it folds to."""

    kind_of_token: int
    kind: int
    folded: str


def has_script(character: str, scripts: list[str]) -> bool:
    return regex.match("[" + "".join(rf"\p{{Script={name}}}" for name in scripts) + "]", character) is not None


def is_ignorable(character: str) -> bool:
    if regex.match(r"\p{Default_Ignorable_Code_Point}", character):
        return True
    format_character = unicodedata.category(character) == "Cf" and character not in VISIBLE_FORMAT
    return format_character or character in STRETCHES


def class_of_mark(character: str) -> int:
    if unicodedata.category(character) == "Me":
        return ACCENT
    accent = unicodedata.combining(character) in ACCENT_CLASSES and not has_script(character, VOWELS_ABOVE)
    return ACCENT if accent else MARK


@cache
def simple_class(character: str) -> int:
    """Class of a character by itself, without looking at what it decomposes to."""
    category = unicodedata.category(character)
    if character in APOSTROPHES:
        return APOSTROPHE
    if character in HYPHENS:
        return HYPHEN
    if is_ignorable(character):
        return IGNORABLE
    if category[0] == "M":
        return class_of_mark(character)
    if category == "Nd":
        return WORD
    # So among them: the CJK radicals, which have no decomposition.
    if category[0] in "LN" or category == "So":
        if character in SPACELESS_COMMON or (has_script(character, SPACELESS) and category != "So"):
            return IDEOGRAPH
        if category == "So":
            return IDEOGRAPH if 0x2E80 <= ord(character) < 0x2FE0 else SEPARATOR
        return WORD
    if category == "Cn" and 0x20000 <= ord(character) & ~0x10000 < 0x2FFFE:
        return IDEOGRAPH  # reserved for Han of later Unicode versions
    return SEPARATOR


def drop_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if simple_class(c) != ACCENT)


def fold_letter(character: str) -> str:
    """Letter without its stroke, ligature in two letters, decimal digit in ASCII."""
    if character in LETTERS:
        return LETTERS[character]
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    stroke = regex.fullmatch(
        r"LATIN (?:SMALL|CAPITAL) LETTER (?:DOTLESS )?([A-Z]) WITH (?:DIAGONAL )?STROKE",
        unicodedata.name(character, ""),
    )
    return stroke[1].lower() if stroke else character


def fold(character: str) -> str:
    """Code points that `character` folds to, accents dropped; they may hold separators."""
    if character in WHOLE:
        return character
    text = drop_accents(character)
    for _ in range(3):  # folding twice reaches the fixed point; the third round proves it
        before, text = text, drop_accents(drop_accents("".join(map(fold_letter, text))).casefold())
    assert text == before, hex(ord(character))
    return text


def unit(code_point: int) -> Unit:
    """What `code_point` is to the tokenizer."""
    character = chr(code_point)
    if 0xD800 <= code_point < 0xE000:
        return Unit(SEPARATOR, PLAIN, "")
    canonical = unicodedata.normalize("NFC", character)
    if canonical != character and len(canonical) == 1:
        return unit(ord(canonical))  # the same character encoded twice, as the Kelvin sign is K
    if simple_class(character) in (IGNORABLE, APOSTROPHE, HYPHEN, ACCENT):
        return Unit(simple_class(character), SOFT if character == "\u00ad" else PLAIN, "")
    decomposed = unicodedata.normalize("NFKD", character)
    if len(decomposed) == 1 and simple_class(decomposed) in (IGNORABLE, APOSTROPHE, HYPHEN, ACCENT):
        return Unit(simple_class(decomposed), PLAIN, "")
    folded = fold(character)
    kept = "".join(c for c in folded if simple_class(c) in (WORD, IDEOGRAPH, MARK) or c == FRACTION_SLASH)
    # A mark on a space (a voiced sound mark by itself) is as much a separator as the space.
    starts_with_space = decomposed.startswith(" ") and all(simple_class(c) == MARK for c in kept)
    if kept.strip(FRACTION_SLASH) and not starts_with_space:
        return Unit(simple_class(kept[0]) if kept[0] != FRACTION_SLASH else WORD, PLAIN, kept)
    if decomposed and all(simple_class(c) in (IGNORABLE, ACCENT) for c in decomposed):
        accents = any(simple_class(c) == ACCENT for c in decomposed)
        return Unit(ACCENT if accents else IGNORABLE, PLAIN, "")
    return Unit(SEPARATOR, separator_kind(character), "")


def separator_kind(character: str) -> int:
    if character in NEWLINES:
        return NEWLINE
    if character == "\r":
        return CARRIAGE_RETURN
    return SPACE if character == "\t" or unicodedata.category(character) == "Zs" else PLAIN


def mark_ranks(units: list[Unit]) -> dict[int, int]:
    """Rank from 1 of each combining class that a kept mark has: order of ranks is canonical order."""
    folded = {c for u in units for c in u.folded if simple_class(c) == MARK}
    return {k: rank for rank, k in enumerate(sorted({unicodedata.combining(c) for c in folded} - {0}), start=1)}


def with_ranks(folded: str, ranks: dict[int, int]) -> list[int]:
    """Elements of a sequence: only marks at its end have a rank, only they can change places with what follows."""
    elements: list[int] = []
    at_end = True
    for character in reversed(folded):
        combining = unicodedata.combining(character) if simple_class(character) == MARK else 0
        at_end = at_end and combining > 0
        elements.append(ord(character) | (ranks[combining] << 21 if at_end else 0))
    elements.reverse()
    if simple_class(folded[0]) == MARK and unicodedata.combining(folded[0]):
        assert elements[0] >> 21, "a sequence that starts with a ranked mark must be ranked throughout"
    return elements


def build() -> dict[str, npt.NDArray[np.generic]]:
    """Return the arrays of the table by name."""
    units = [unit(code_point) for code_point in range(0x110000)]
    ranks = mark_ranks(units)
    assert len(ranks) < 64
    sequences: list[int] = []
    offsets: dict[tuple[int, ...], int] = {}
    entries = np.zeros(0x110000, dtype=np.uint32)
    for code_point, (token_class, kind, folded) in enumerate(units):
        payload, rank, is_sequence = kind, 0, 0
        if folded:
            elements = with_ranks(folded, ranks)
            rank = elements[-1] >> 21
            if len(elements) == 1:
                payload = elements[0] & 0x1FFFFF
            else:
                is_sequence = 1
                key = tuple(elements)
                if key not in offsets:
                    offsets[key] = len(sequences)
                    sequences += [len(key), *key]
                payload = offsets[key]
        entries[code_point] = token_class | is_sequence << 3 | payload << 4 | rank << 25
    pages, index = np.unique(entries.reshape(0x1100, 256), axis=0, return_inverse=True)
    return {
        "pages": index.reshape(-1).astype(np.uint16),
        "entries": pages.reshape(-1),
        "sequences": np.array(sequences, dtype=np.uint32),
        "unicode_version": np.frombuffer(unicodedata.unidata_version.encode(), dtype=np.uint8),
    }


def write(path: Path) -> None:
    """Write the table; unlike np.savez this notes no time, so that the same data give the same bytes."""
    with zipfile.ZipFile(path, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in build().items():
            content = io.BytesIO()
            np.save(content, array.astype(array.dtype.newbyteorder("<")), allow_pickle=False)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), content.getvalue(), zipfile.ZIP_DEFLATED, 9
            )


if __name__ == "__main__":
    write(Path(__file__).parents[1] / "src" / "textreuse" / "_unicode" / "table.npz")
