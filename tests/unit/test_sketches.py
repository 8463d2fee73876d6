from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from textreuse.errors import InputError, OptionsError, TextReuseError
from textreuse.model import Document, Skipped
from textreuse.signing import signatures
from textreuse.sketches import VERSION, Shingling, Signatures

WORDS = [f"w{number}" for number in range(60)]
TEXTS = {
    "b": " ".join(WORDS[10:]),
    "a": " ".join(WORDS[:50]),
    "c": " ".join(reversed(WORDS)),
    "none": "",
}
FOUND = signatures(TEXTS, shingle_words=2)


def same(one: Signatures, other: Signatures) -> bool:
    return (
        one.ids == other.ids
        and one.matrix.tobytes() == other.matrix.tobytes()
        and one.sizes.tolist() == other.sizes.tolist()
        and one.recipe == other.recipe
        and one.skipped == other.skipped
    )


def test_jaccard_is_the_share_of_equal_columns_by_id_or_number() -> None:
    share = float((FOUND.matrix[0] == FOUND.matrix[1]).mean())
    assert FOUND.jaccard("a", "b") == FOUND.jaccard("b", "a") == FOUND.jaccard(0, 1) == FOUND.jaccard(-3, -2) == share
    # Pairs of words: 49 on either side, 39 shared, so J is 39 / 59 = .66 and the standard error .042.
    assert abs(share - 39 / 59) < 4 * 0.042
    assert FOUND.jaccard("a", "a") == 1
    assert FOUND.jaccard("a", "c") == 0


def test_it_prints_counts_and_iterates_over_ids() -> None:
    assert repr(FOUND) == "<Signatures: 3 x 128, affine32, seed 1, shingles of 2 words, 1 skipped>"
    assert (len(FOUND), list(FOUND), "a" in FOUND, "none" in FOUND) == (3, ["a", "b", "c"], True, False)


def test_a_choice_of_ids_or_numbers_gives_signatures_in_order_of_ids() -> None:
    for chosen in (FOUND[["c", "a"]], FOUND[[2, 0, 2]], FOUND[::2]):
        assert chosen.ids == ("a", "c")
        assert np.array_equal(chosen["c"], FOUND["c"])
        assert chosen.sizes.tolist() == [FOUND.sizes[0], FOUND.sizes[2]]
    assert FOUND[:0].matrix.shape == (0, 128)


def test_an_unknown_id_is_named_with_the_reason_where_there_is_one() -> None:
    with pytest.raises(InputError, match=r"no signature has the id 'none' \(has no words\)\. There are 3: 'a', 'b'"):
        FOUND["none"]
    with pytest.raises(InputError, match=r"no signature has the id 'x'\. There are 3"):
        FOUND.jaccard("a", "x")
    with pytest.raises(InputError, match="there is no signature 3: there are 3"):
        FOUND[3]


def test_nothing_in_it_can_be_changed() -> None:
    for array in (FOUND.matrix, FOUND.sizes, FOUND["a"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 7


def test_parts_joined_are_the_whole_in_any_order() -> None:
    parts = [signatures({id_: text}, shingle_words=2) for id_, text in TEXTS.items()]
    assert same(parts[0].concat(*parts[1:]), FOUND)
    assert same(parts[3].concat(parts[2], parts[0], parts[1]), FOUND)
    assert same(FOUND.concat(), FOUND)


def test_parts_with_one_id_in_common_do_not_join() -> None:
    with pytest.raises(InputError, match="two signatures have the id 'b'"):
        FOUND.concat(FOUND[["b"]])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"seed": 2}, "signatures differ: seed 2 instead of 1"),
        ({"num_perm": 64}, "num_perm 64 instead of 128"),
        ({"shingle_words": 3, "shingle_characters": 4}, "words 3, .* instead of .*words 2,"),
        ({"shingle_characters": 7}, "characters 7, .* instead of .*characters 4,"),
        ({"tokenizer": r"\w"}, r"tokenizer '.*w', .* instead of .*tokenizer None"),
        ({"seed": 2, "num_perm": 3}, "seed 2 instead of 1; num_perm 3 instead of 128.*same options of tr.signatures"),
    ],
)
def test_signatures_made_otherwise_do_not_join(options: dict[str, Any], message: str) -> None:
    other = signatures({"x": "some other text"}, **{"shingle_words": 2, **options})
    with pytest.raises(OptionsError, match=message):
        FOUND.concat(other)


def test_another_table_of_unicode_is_another_recipe() -> None:
    assert FOUND.shingling is not None
    older = replace(FOUND[:1], ids=("x",), shingling=replace(FOUND.shingling, unicode="1.1"))
    with pytest.raises(OptionsError, match=r"unicode '1\.1'"):
        FOUND.concat(older)


def test_another_scheme_is_refused() -> None:
    with pytest.raises(OptionsError, match="scheme is 'legacy'; there is only"):
        replace(FOUND, scheme="legacy")


def test_arrays_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match=r"matrix is int64 of shape \(3, 128\)"):
        replace(FOUND, matrix=FOUND.matrix.astype(np.int64))
    with pytest.raises(InputError, match="2 ids, 3 rows and 3 sizes"):
        replace(FOUND, ids=("a", "b"))


# In a file

ODD_IDS = ["", "a\0", "a", "line\nend", "ü/ñ 漢", "\ud800 alone", "'quoted\""]


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    odd = signatures([Document(id_, f"the text of {id_!r}") for id_ in ODD_IDS] + [Document("\udfff", "")], num_perm=3)
    for one in (FOUND, odd, FOUND[:0], replace(FOUND, shingling=None)):
        one.save(tmp_path / "all.npz")
        assert same(Signatures.load(tmp_path / "all.npz"), one)


def test_the_same_signatures_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        signatures(TEXTS, shingle_words=2).save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_file_that_holds_something_else_is_named_with_the_reason(tmp_path: Path) -> None:
    def write(**arrays: Any) -> None:
        np.savez(tmp_path / "x.npz", **arrays)

    def message() -> str:
        with pytest.raises(InputError) as caught:
            Signatures.load(tmp_path / "x.npz")
        return str(caught.value)

    assert "x.npz' cannot be read (No such file" in message()
    (tmp_path / "x.npz").write_bytes(b"something else")
    assert "holds no signatures that textreuse has saved" in message()
    (tmp_path / "x.npz").write_bytes(b"")
    assert "holds no signatures" in message()
    write(matrix=FOUND.matrix)
    assert "holds no signatures" in message()
    write(header=np.frombuffer(json.dumps({"format": "table"}).encode(), np.uint8))
    assert "of format 'table'" in message()
    write(header=np.array([{"format": "textreuse signatures"}], object))  # would need pickle
    assert "holds no signatures" in message()


def test_a_damaged_file_is_an_error(tmp_path: Path) -> None:
    FOUND.save(tmp_path / "x.npz")
    whole = (tmp_path / "x.npz").read_bytes()
    (tmp_path / "x.npz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="damaged"):
        Signatures.load(tmp_path / "x.npz")


def test_a_file_of_a_newer_version_says_so(tmp_path: Path) -> None:
    header = {"format": "textreuse signatures", "version": VERSION + 1}
    np.savez(tmp_path / "x.npz", header=np.frombuffer(json.dumps(header).encode(), np.uint8))
    with pytest.raises(InputError, match=r"was written by a newer textreuse .* Update textreuse"):
        Signatures.load(tmp_path / "x.npz")


def test_a_folder_that_is_not_there_is_an_error_with_advice(tmp_path: Path) -> None:
    with pytest.raises(TextReuseError, match=r"cannot be written .* existing folder"):
        FOUND.save(tmp_path / "nowhere" / "x.npz")


def test_skipped_is_kept_in_order() -> None:
    more = replace(FOUND[:0], skipped=(Skipped("another", "has no words"),))
    assert [skipped.document_id for skipped in FOUND.concat(more).skipped] == ["another", "none"]


def test_shingling_prints_its_parts() -> None:
    assert str(Shingling(5, 10, None, "16.0")) == "words 5, characters 10, tokenizer None, unicode '16.0'"
