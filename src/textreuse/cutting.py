"""Stretches of text: where a passage starts and stops, and what is left of a text without some."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from textreuse._unicode import load_table

Span = tuple[int, int]

END = r"(?:\r\n|\r(?!\n)|[\n\x0b\x0c\x85\u2028\u2029])"
LINE_END = re.compile(END)
WHITE_SPACE = re.compile(r"[\s\u200b\ufeff]")
CLOSING = frozenset(",.;:!?)]}»”’…、。，．；：！？）】」』》")
OPENING = frozenset("([{«“‘¿¡（【「『《")
WORD, IDEOGRAPH, KINDS = 1, 2, 7  # kinds of code points in the table of the tokenizer


def widened(text: str, span: Span, room: Span, other: str, other_span: Span, other_room: Span) -> tuple[Span, Span]:
    """Return two equal passages with the punctuation around them that both have, up to white space.

    `room` is where the words before a passage stop and those after it start. Punctuation between two words without any
    white space belongs to neither.

    >>> widened("He said: (so it is) twice.", (10, 18), (7, 20), "(so it is)", (1, 9), (0, 10))
    ((9, 19), (0, 10))
    """
    left, other_left = _attached_before(text, span, room), _attached_before(other, other_span, other_room)
    right, other_right = _attached_after(text, span, room), _attached_after(other, other_span, other_room)
    n_left = _n_equal(left[::-1], other_left[::-1])
    n_right = _n_equal(right, other_right)
    return (span[0] - n_left, span[1] + n_right), (other_span[0] - n_left, other_span[1] + n_right)


def _attached_before(text: str, span: Span, room: Span) -> str:
    """Return what stands between white space (or the start of the text) and a passage."""
    gap = text[room[0] : span[0]]
    attached = WHITE_SPACE.split(gap)[-1]
    return attached if room[0] == 0 or len(attached) < len(gap) else ""


def _attached_after(text: str, span: Span, room: Span) -> str:
    gap = text[span[1] : room[1]]
    attached = WHITE_SPACE.split(gap, maxsplit=1)[0]
    return attached if room[1] == len(text) or len(attached) < len(gap) else ""


def _n_equal(one: str, other: str) -> int:
    """Return how many characters two texts have in common from their start on."""
    n = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        n += 1
    return n


def cut(text: str, spans: Sequence[Span], *, carefully: bool = False) -> str:
    """Return the text without `spans` (in order, apart from each other), its parts joined as if they had never been.

    Where something is cut out, one stretch of white space stays: that with more line ends, with the indentation of
    what follows. So no run of blank lines is left, and no two words become one. `carefully` joins with a blank rather
    than with one line end or nothing, for text where a hyphen or a mark would join words across.

    >>> cut("one two, three.\\n\\nfour five\\n\\nsix", [(4, 7), (17, 26)])
    'one, three.\\n\\nsix'
    """
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    parts = [text[start:stop] for start, stop in zip(edges[::2], edges[1::2], strict=True)]
    written: list[str] = []
    waiting = ""  # the white space after what is written
    for number, part in enumerate(parts):
        core = part.strip()
        before = part[: len(part) - len(part.lstrip())] if core else part
        if not core:
            waiting = _more_ends(waiting, before) if written else ""
            if number == len(parts) - 1 and written:
                written.append(before)
            continue
        if written:
            written.append(_join(waiting, before, written[-1][-1], core[0], carefully=carefully))
        elif number == 0:
            written.append(before)
        else:
            written.append(_indentation(before))
        written.append(core)
        waiting = part[len(part.rstrip()) :]
        if number == len(parts) - 1:
            written.append(waiting)
    return "".join(written)


def _join(left: str, right: str, before: str, after: str, *, carefully: bool) -> str:
    """Return what to put between two parts, the first with `left` after it and `before` at its end."""
    n_left, n_right = _n_ends(left), _n_ends(right)
    if carefully and max(n_left, n_right) < 2:
        return " "
    if n_left or n_right:
        if n_right >= n_left:
            first = LINE_END.search(right)
            return right[first.start() :] if first else right
        return left[: _last_end(left)] + _indentation(right)
    if left and right:
        return right
    if (not right and after in CLOSING) or (not left and before in OPENING):
        return ""
    if left or right:
        return left or right
    return " " if _is_letter(before) and _is_letter(after) else ""


def _n_ends(white_space: str) -> int:
    return len(LINE_END.findall(white_space))


def _last_end(white_space: str) -> int:
    """Where the last line end stops; 0 if there is none."""
    return max((found.end() for found in LINE_END.finditer(white_space)), default=0)


def _indentation(white_space: str) -> str:
    """Return what stands after the last line end; nothing where there is none."""
    last = _last_end(white_space)
    return white_space[last:] if last else ""


def _more_ends(one: str, other: str) -> str:
    return other if _n_ends(other) >= _n_ends(one) else one


@cache
def _is_letter(character: str) -> bool:
    """Whether a character would be one word with such a one beside it: characters of spaceless scripts would not."""
    table = load_table()
    code = ord(character)
    return int(table.entries[int(table.pages[code >> 8]) << 8 | code & 255]) & KINDS == WORD


def joined_spans(spans: Sequence[Span], touching: Sequence[bool]) -> list[Span]:
    """Return the spans with those made one where touching[i] says that no word stands between i and i + 1.

    >>> joined_spans([(0, 3), (5, 8), (9, 12)], [True, False])
    [(0, 8), (9, 12)]
    """
    cuts = list(spans[:1])
    for (_, span), touches in zip(pairwise(spans), touching, strict=True):
        if touches:
            cuts[-1] = cuts[-1][0], span[1]
        else:
            cuts.append(span)
    return cuts
