"""Slow and obvious twin of `textreuse.tokenize`: a pattern over classes of characters, hashes of whole strings."""

from __future__ import annotations

import unicodedata
from itertools import groupby
from typing import NamedTuple

import regex

from textreuse._unicode import load_table

SEPARATOR, WORD, IDEOGRAPH, MARK, ACCENT, IGNORABLE, APOSTROPHE, HYPHEN = range(8)
CONTRIBUTING = (WORD, IDEOGRAPH, MARK)

# One symbol per character: l letter, d digit, s what only starts with a digit (as 1 and month in one character), e what
# only ends with one (square metre), i ideograph, m mark, ' apostrophe, - hyphen, ~ soft hyphen, _ blank, n line feed,
# r carriage return, . any other separator. What vanishes is taken out beforehand, soft hyphens vanish by the pattern,
# for they can stand for a hyphen at the end of a line.
LINE_END = "[_~]*(?:r~*n|n|r)[_~]*"
TOKEN = regex.compile(
    rf"""
    i(?:~*m)*
    |
    [ldse](?:~*m)*
    (?:
        (?: ~* | ~*'~* ) [ldse](?:~*m)*
        | (?<![de]~*) ~*-~* [le](?:~*m)*
        | (?<![de]~*) (?: ~*- | ~ ) {LINE_END} [le](?:~*m)*
    )*
    """,
    regex.VERBOSE,
)


class Token(NamedTuple):
    """A token by hash and by its place in the text."""

    hash: int
    start: int
    stop: int


class Character(NamedTuple):
    """What a code point is: its class, its kind (separators, hyphens) and what it folds to."""

    token_class: int
    kind: int
    folded: str


def character(code_point: int) -> Character:
    """Read one code point's entry in the shipped table."""
    table = load_table()
    entry = int(table.entries[int(table.pages[code_point // 256]) * 256 + code_point % 256])
    token_class, payload = entry % 8, entry // 16 % 2**21
    if token_class not in CONTRIBUTING:
        return Character(token_class, payload, "")
    if entry // 8 % 2:
        elements = table.sequences[payload + 1 : payload + 1 + int(table.sequences[payload])]
        return Character(token_class, 0, "".join(chr(int(element) % 2**21) for element in elements))
    return Character(token_class, 0, chr(payload))


def symbol(text: str, i: int) -> str:
    """The symbol that stands for text[i] in the pattern, nothing for what vanishes."""
    token_class, kind, folded = character(ord(text[i]))
    if token_class == SEPARATOR:
        return "._nr"[kind]
    if token_class == HYPHEN:
        return "-~"[kind]
    if token_class == WORD:
        return digit_or_letter(folded)
    return {IDEOGRAPH: "i", MARK: "m", APOSTROPHE: "'"}.get(token_class, "")


def digit_or_letter(folded: str) -> str:
    """The symbol of a word character, which tells where it has digits: hyphens do not join them."""
    starts, ends = folded[0] in "0123456789", folded[-1] in "0123456789"
    return {(True, True): "d", (True, False): "s", (False, True): "e"}.get((starts, ends), "l")


def tokens(text: str) -> list[Token]:
    """Return the tokens of one text."""
    places = [i for i in range(len(text)) if symbol(text, i)]
    symbols = "".join(symbol(text, i) for i in places)
    found = []
    for match in TOKEN.finditer(symbols):
        # The pattern may end in soft hyphens only if something follows, so the last symbol contributes.
        start, stop = places[match.start()], places[match.end() - 1] + 1
        hashed = hash_text(text[start:stop], is_ideograph=match[0][0] == "i")
        found.append(Token(hashed, start, with_accents(text, stop)))
    return found


def with_accents(text: str, stop: int) -> int:
    """Move `stop` behind the accents that follow, through what is invisible."""
    for i in range(stop, len(text)):
        token_class, kind, _ = character(ord(text[i]))
        if token_class == ACCENT:
            stop = i + 1
        elif token_class != IGNORABLE and not (token_class == HYPHEN and kind):
            break
    return stop


def hash_text(text: str, *, is_ideograph: bool) -> int:
    """Return the token hash of all that contributes, of the text as it is where nothing does."""
    folded = canonical_order("".join(character(ord(c)).folded for c in text)) or text
    return hash_folded(folded) // 2 * 2 + is_ideograph


def canonical_order(folded: str) -> str:
    """Sort each run of marks by canonical combining class."""
    ordered = ""
    for is_run, group in groupby(folded, lambda c: unicodedata.combining(c) > 0):
        run = list(group)
        ordered += "".join(sorted(run, key=unicodedata.combining) if is_run else run)
    return ordered


def hash_folded(folded: str) -> int:
    """Return 64 bits for a string: blocks of up to eight bytes, mixed one after the other."""
    blocks = [b""]
    for c in map(ord, folded):
        encoded = bytes([c]) if c < 128 else bytes([0x80 | c >> 14, 0x80 | c >> 7 & 0x7F, 0x80 | c & 0x7F])
        if len(blocks[-1] + encoded) > 8:
            blocks.append(b"")
        blocks[-1] += encoded
    hashed = 0x9E3779B97F4A7C15
    for block in blocks:
        hashed = mix(hashed ^ int.from_bytes(block, "little"))
    return mix(hashed ^ sum(map(len, blocks)))


def mix(x: int) -> int:
    """The 64-bit finaliser of MurmurHash3."""
    x = (x ^ x >> 33) * 0xFF51AFD7ED558CCD % 2**64
    x = (x ^ x >> 33) * 0xC4CEB9FE1A85EC53 % 2**64
    return x ^ x >> 33
