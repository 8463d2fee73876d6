"""Reading documents: what becomes of ids and encodings, what is an error and what is skipped."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from textreuse.corpus import read_collection, read_documents
from textreuse.errors import InputError
from textreuse.files import decode
from textreuse.model import Document, Skipped

DATA = Path(os.environ.get("TEXTREUSE_DATA", Path(__file__).parents[2] / ".." / "shared" / "data"))


def ids(source: object) -> list[str]:
    return [document.id for document in read_collection(source)[0]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "articles"
    for name, text in {"b.txt": "of b", "a.txt": "of a", "sub/a.txt": "of sub/a", "sub/deep/c.TXT": "of c"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


# Folders and files


def test_ids_of_a_folder_are_relative_posix_paths_in_code_point_order(folder: Path) -> None:
    assert ids(folder) == ids(str(folder)) == ["a.txt", "b.txt", "sub/a.txt", "sub/deep/c.TXT"]


def test_other_kinds_of_files_are_skipped_with_the_reason_and_hidden_ones_ignored(folder: Path) -> None:
    (folder / "page.html").write_text("<p>")
    (folder / "sub" / "scan").write_text("x")
    (folder / ".hidden.txt").write_text("x")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.txt").write_text("x")
    documents, skipped = read_collection(folder)
    assert len(documents) == 4
    assert skipped == [Skipped("page.html", "is not a .txt file"), Skipped("sub/scan", "is not a .txt file")]


def test_a_linked_folder_is_skipped_and_a_loop_of_links_ends(folder: Path) -> None:
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    documents, skipped = read_collection(folder)
    assert len(documents) == 4
    assert skipped == [Skipped("loop", "is a link to a folder, which is not followed")]


def test_a_file_in_a_folder_that_cannot_be_opened_is_skipped(folder: Path) -> None:
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    assert read_collection(folder)[1] == [Skipped("gone.txt", "cannot be read (No such file or directory)")]


def test_a_folder_without_text_files_is_an_error_that_says_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("x")
    (tmp_path / "b.pdf").write_text("x")
    with pytest.raises(InputError, match=r"holds no \.txt file \(it has: 2 with \.pdf\)"):
        read_collection(tmp_path)


def test_a_file_named_by_itself_has_its_name_as_id_whatever_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("words")
    assert read_collection(tmp_path / "notes.md") == ([Document("notes.md", "words", {"folder": "."})], [])


def test_a_named_file_with_markup_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "wire.jsonl").write_text("{}")
    with pytest.raises(InputError, match=r"wire\.jsonl' is not plain text"):
        read_collection(tmp_path / "wire.jsonl")


def test_line_ends_are_left_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\r\ntwo\rthree\n")
    assert next(read_documents(tmp_path)).text == "one\r\ntwo\rthree\n"


def test_several_paths_keep_short_ids_while_these_are_unique(folder: Path) -> None:
    assert ids([folder / "sub", folder / "b.txt"]) == ["a.txt", "b.txt", "deep/c.TXT"]


def test_several_paths_with_a_name_in_common_are_prefixed_all_of_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert ids([Path("sub"), Path("a.txt"), Path("b.txt")]) == ["a.txt", "b.txt", "sub/a.txt", "sub/deep/c.TXT"]


def test_a_file_reached_by_two_paths_is_an_error(folder: Path) -> None:
    with pytest.raises(InputError, match="would be read twice"):
        read_collection([folder, folder / "sub"])


def test_metadata_tells_the_folder_so_that_documents_can_be_grouped_by_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [d.metadata["folder"] for d in read_collection(folder)[0]] == [".", ".", "sub", "sub/deep"]
    monkeypatch.chdir(folder)
    both = read_collection([Path("sub"), Path("b.txt")])[0]
    assert [d.metadata["folder"] for d in both] == ["sub", ".", "sub/deep"]


@pytest.mark.parametrize("name", ["no/such/folder", "A whole text\nwith lines. " * 500, "nul\0", "\ud800", ""])
def test_a_str_that_is_no_path_is_an_error_that_says_where_texts_go(name: str) -> None:
    with pytest.raises(InputError, match=r"is not an existing file or folder\. A str is taken as a path") as caught:
        read_documents(name)
    assert len(str(caught.value)) < 250


def test_a_list_of_file_names_is_not_taken_for_a_list_of_texts(folder: Path) -> None:
    with pytest.raises(InputError, match=r"Pass \[Path\(name\) for name in names\]"):
        read_collection([str(folder / "a.txt"), str(folder / "b.txt")])


# Encodings


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"", "", "utf-8"),
        ("Größe".encode(), "Größe", "utf-8"),
        ("Größe".encode("utf-8-sig"), "Größe", "utf-8"),
        ("Größe".encode("utf-16"), "Größe", "utf-16"),
        (b"\xfe\xff" + "Größe".encode("utf-16-be"), "Größe", "utf-16"),
        ("Größe".encode("utf-32"), "Größe", "utf-32"),
        ("won’t cost 5 €".encode("cp1252"), "won’t cost 5 €", "cp1252"),
        (b"gap \x81 in cp1252", "gap \x81 in cp1252", "latin-1"),
        # Cut off inside its last letter: one invalid sequence against five valid ones.
        ("Привет".encode()[:-1], "Приве\ufffd", "utf-8, 1 invalid replaced"),
    ],
)
def test_encodings_are_recognized(data: bytes, text: str, encoding: str) -> None:
    assert decode(data) == (text, encoding)


def test_an_encoding_other_than_utf_8_is_noted_in_the_metadata(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("naïve".encode("cp1252"))
    (tmp_path / "b.txt").write_bytes("naïve".encode())
    first, second = read_documents(tmp_path)
    assert first.text == second.text == "naïve"
    assert (first.metadata.get("encoding"), second.metadata.get("encoding")) == ("cp1252", None)


def test_a_forced_encoding_is_used_and_an_error_where_it_does_not_fit(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Привет".encode("cp1251"))
    assert next(read_documents(tmp_path, encoding="cp1251")).text == "Привет"
    with pytest.raises(InputError, match=r"a\.txt' is not in utf-8: invalid continuation byte at byte 0"):
        read_collection(tmp_path, encoding="utf-8")


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "nul\0"])
def test_an_unknown_encoding_is_an_error_before_anything_is_read(encoding: str) -> None:
    with pytest.raises(InputError, match="is unknown"):
        read_documents(["a text"], encoding=encoding)


def test_binary_data_is_skipped_in_a_folder_and_an_error_where_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "b.txt").write_bytes("without a mark".encode("utf-16-le"))
    (skipped,) = read_collection(tmp_path)[1]
    assert skipped.document_id == "b.txt"
    assert "UTF-16 without a byte order mark" in skipped.reason
    with pytest.raises(InputError, match="UTF-16 without a byte order mark"):
        read_collection(tmp_path / "b.txt")
    assert next(read_documents(tmp_path / "b.txt", encoding="utf-16-le")).text == "without a mark"


def test_student_answers_in_mixed_encodings_are_all_read() -> None:
    answers = DATA / "clough-stevenson" / "data"
    if not answers.is_dir():
        pytest.skip(f"no data in {DATA}; set TEXTREUSE_DATA")
    documents, skipped = read_collection(answers)
    assert len(documents) == 100  # 95 answers and 5 originals
    assert Counter(d.metadata.get("encoding", "utf-8") for d in documents) == {"utf-8": 83, "cp1252": 17}
    assert {s.document_id for s in skipped} == {"file_information.csv", "test_info.csv"}
    assert not any("\ufffd" in d.text for d in documents if "encoding" in d.metadata)


# Lists, dicts, records


def test_ids_of_a_list_are_indexes_padded_so_that_they_sort() -> None:
    assert ids([f"text {i}" for i in range(15)]) == [f"{i:02}" for i in range(15)]
    assert ids(f"text {i}" for i in range(10)) == list("0123456789")
    assert ids(["only"]) == ["0"]


@pytest.mark.parametrize("empty", [[], (), {}, iter(()), pd.DataFrame({"text": []}), pl.DataFrame({"text": []})])
def test_no_documents_are_no_error(empty: object) -> None:
    assert read_collection(empty) == ([], [])


def test_a_text_is_handed_on_and_not_copied() -> None:
    text = "a text that is long enough not to be interned"
    for source in ([text], {"x": text}, [Document("x", text)], [{"text": text}], (t for t in [text])):
        assert read_collection(source)[0][0].text is text


def test_a_generator_is_consumed_once_and_not_before_its_documents_are_asked_for() -> None:
    seen = []

    def documents() -> Iterator[Document]:
        for name in "cab":
            seen.append(name)
            yield Document(name, "text")

    stream = read_documents(documents())
    assert next(stream).id == "c"
    assert seen == ["c"]
    assert [d.id for d in stream] == ["a", "b"]


def test_documents_arrive_in_order_and_a_collection_is_sorted_by_code_point() -> None:
    source = {"ä": "1", "b": "2", "B": "3", "\U0001f600": "4", "\uffff": "5"}
    assert [d.id for d in read_documents(source)] == list(source)
    assert ids(source) == ["B", "b", "ä", "\uffff", "\U0001f600"]


def test_other_fields_of_a_mapping_become_metadata() -> None:
    (document,) = read_documents([{"body": "words", "id": 7, "year": 1848, 5: None}], text_field="body")
    assert document == Document("7", "words", {"year": 1848, "5": None})


def test_mappings_without_ids_get_padded_indexes() -> None:
    assert ids({"text": str(i)} for i in range(11)) == [f"{i:02}" for i in range(11)]


def test_ids_given_to_some_mappings_only_are_an_error() -> None:
    with pytest.raises(InputError, match=r"document 1 \(counted from 0\) has an id, those before it have none"):
        read_collection([{"text": "a"}, {"text": "b", "id": "b"}])
    with pytest.raises(InputError, match=r'document 1 \(counted from 0\) has no field "id" \(it has: text\)'):
        read_collection([{"text": "b", "id": "b"}, {"text": "a"}])


def test_an_id_field_asked_for_by_name_must_be_there() -> None:
    with pytest.raises(InputError, match=r'has no field "url" \(it has: text\).*id_field='):
        read_collection([{"text": "a"}], id_field="url")


def test_a_missing_field_is_an_error_that_lists_the_fields_there_are() -> None:
    with pytest.raises(InputError, match=r'document 0 .* has no field "text" \(it has: id, body\).*text_field='):
        read_collection([{"id": 1, "body": "words"}])


def test_equal_ids_are_an_error_that_names_both() -> None:
    with pytest.raises(InputError, match=r"2 documents have the id '1' \(documents 0 and 2, counted from 0\)"):
        read_collection([{"id": 1, "text": "a"}, {"id": 2, "text": "b"}, {"id": "1", "text": "c"}])


@pytest.mark.parametrize("missing", [None, float("nan"), np.nan, pd.NA, pd.NaT])
def test_a_missing_text_is_an_error_that_names_the_document(missing: object) -> None:
    for source in (
        {"x": missing},
        [{"id": "x", "text": missing}],
        [{"id": "y", "text": ""}, {"id": "x", "text": missing}],
    ):
        with pytest.raises(InputError, match="document 'x' has no text"):
            read_collection(source)
    with pytest.raises(InputError, match="document '1' has no text"):
        read_collection(["text", missing])
    with pytest.raises(InputError, match="document '0' has no text"):
        read_collection([missing, "text"])


def test_bytes_are_an_error_that_says_how_to_decode_them() -> None:
    for text in (b"words", bytearray(b"words"), memoryview(b"words")):
        with pytest.raises(InputError, match=r"document 'x' is bytes b'words', not str\. Decode it first"):
            read_collection({"x": text})


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_a_missing_id_is_an_error(missing: object) -> None:
    with pytest.raises(InputError, match=r"document 0 \(counted from 0\) has no id"):
        read_collection([{"id": missing, "text": "words"}])


@pytest.mark.parametrize("wrong", [b"x", ("a",), ["a"], object()])
def test_an_id_that_has_no_lasting_spelling_is_an_error(wrong: object) -> None:
    with pytest.raises(InputError, match="has an id that is"):
        read_collection([{"id": wrong, "text": "words"}])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (None, "documents are NoneType None"),
        (5, "documents are int 5"),
        (b"words", "documents are bytes b'words'"),
        (Document("a", "b"), "a single document goes in a list"),
        ({"a", "b"}, "a set of texts has no order"),
        (["text", 5], "the text of document '1' is int 5, not str"),
        (["text", Document("a", "b")], "the text of document '1' is Document"),
        ([Document("a", "b"), "text"], "document 1 .* is str 'text', those before it are not"),
        ([Path(), "text"], "'text' is not an existing file or folder"),
        ([Path(), 5], "int 5 stands in a list of paths"),
        ([("id", "text")], "the text of document '0' is tuple"),
        ({"id": ["a"], "text": ["b"]}, "the text of document 'id' is list"),
    ],
)
def test_wrong_types_are_errors_that_name_the_document(source: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_collection(source)


# Tables


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pl.LazyFrame, pa.table])
def test_tables_are_read_with_their_other_columns_as_metadata(make: type) -> None:
    table = make({"id": [3, 1], "text": ["third", "first"], "year": [1848, 1849]})
    assert read_collection(table)[0] == [Document("1", "first", {"year": 1849}), Document("3", "third", {"year": 1848})]


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_rows_without_ids_get_padded_indexes(make: type) -> None:
    assert ids(make({"text": ["words"] * 11})) == [f"{i:02}" for i in range(11)]


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_a_row_without_text_is_an_error_that_names_it(make: type) -> None:
    with pytest.raises(InputError, match="document 'b' has no text"):
        read_collection(make({"id": ["a", "b"], "text": ["words", None]}))


def test_a_table_with_two_columns_of_one_name_is_an_error() -> None:
    with pytest.raises(InputError, match="the table cannot be read"):
        read_collection(pd.DataFrame([["a", "b"]], columns=["text", "text"]))


def test_columns_and_arrays_of_texts_are_lists_of_texts() -> None:
    texts = ["one", "two"]
    for source in (pd.Series(texts, index=[7, 8]), pl.Series(texts), np.array(texts), np.array(texts, dtype=object)):
        documents = read_collection(source)[0]
        assert documents == [Document("0", "one"), Document("1", "two")]
        assert {type(d.text) for d in documents} == {str}
