from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from benchmarks.generate import collection
from datasketch import MinHash
from tests import naive

from textreuse import signing
from textreuse.errors import InputError, OptionsError
from textreuse.model import Document, Skipped
from textreuse.signing import document_chunks, signatures
from textreuse.tokenize import tokenize

DOCUMENTS = collection(4, seed=3)[0]
TEXTS = {
    "plain": "The road was long, and the night was cold, and the road was long.",
    "short": "Three words only",
    "chinese": "天命之謂性,率性之謂道,修道之謂教。道也者,不可須臾離也。",
    "accents": "L'été où l’on alla, à pied, voir la Straße et les œuvres d'un été.",
    "empty": "",
    "marks": " ... !",
}


def set_by_hand(text: str, n_words: int, n_characters: int) -> set[int]:
    """Return the 64-bit ids of a text's shingles, from its tokens on without any kernel."""
    hashes = tokenize([text]).hashes.tolist()
    return {naive.shingle_id(part) for part in naive.shingles(hashes, n_words, n_characters) if part}


def by_datasketch(ids: set[int], num_perm: int, seed: int) -> MinHash:
    sketch = MinHash(num_perm, seed=seed, scheme="affine32", hashfunc=lambda shingle_id: shingle_id >> 32)
    sketch.update_batch(sorted(ids))
    return sketch


@pytest.mark.parametrize(("num_perm", "seed"), [(1, 1), (16, 0), (100, 42), (128, 1), (256, 2**32 - 1)])
def test_documents_have_the_signatures_of_datasketch_bit_for_bit(num_perm: int, seed: int) -> None:
    texts = {**TEXTS, **{document.id: document.text for document in DOCUMENTS}}
    found = signatures(texts, num_perm=num_perm, seed=seed)
    assert found.ids == tuple(sorted(set(texts) - {"empty", "marks"}))
    for id_ in found:
        shingle_ids = set_by_hand(texts[id_], 5, 10)
        assert found[id_].tobytes() == by_datasketch(shingle_ids, num_perm, seed).hashvalues.tobytes()
        assert found.sizes[found.ids.index(id_)] == len(shingle_ids)


@pytest.mark.parametrize(("words", "characters"), [(1, 1), (3, 4), (8, None)])
def test_shingles_are_as_long_as_was_asked_for(words: int, characters: int | None) -> None:
    found = signatures(TEXTS, num_perm=8, shingle_words=words, shingle_characters=characters)
    for id_ in found:
        shingle_ids = set_by_hand(TEXTS[id_], words, characters or 2 * words)
        assert np.array_equal(found[id_], by_datasketch(shingle_ids, 8, 1).hashvalues)


def test_texts_without_words_are_skipped_with_the_reason() -> None:
    assert signatures(TEXTS, num_perm=4).skipped == (Skipped("empty", "has no words"), Skipped("marks", "has no words"))


def test_no_documents_give_no_signatures() -> None:
    assert signatures([]).matrix.shape == (0, 128)


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("chunk_size", [1, 5000, 1 << 19])
def test_threads_chunks_and_order_do_not_matter(threads: int, chunk_size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = signatures(DOCUMENTS, num_perm=16)
    monkeypatch.setattr(signing, "CHUNK_SIZE", chunk_size)
    found = signatures(reversed(DOCUMENTS), num_perm=16, threads=threads)
    assert found.ids == whole.ids == tuple(sorted(document.id for document in DOCUMENTS))
    assert found.matrix.tobytes() == whole.matrix.tobytes()
    assert np.array_equal(found.sizes, whole.sizes)


def test_a_stream_is_read_a_chunk_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "CHUNK_SIZE", 100)
    drawn: list[int] = []
    ahead: list[int] = []

    def stream() -> Iterator[Document]:
        for number in range(50):
            drawn.append(number)
            yield Document(f"{number:02}", f"text number {number} " * 5)

    signatures(stream(), num_perm=4, threads=1, progress=lambda _, done, __: ahead.append(len(drawn) - done))
    assert max(ahead) == 1  # the one that no longer fit into the chunk


def test_progress_knows_the_total_where_the_documents_do() -> None:
    calls: list[tuple[str, int, int]] = []
    signatures(TEXTS, num_perm=4, progress=lambda *call: calls.append(call))
    assert calls == [("sign", 6, 6)]


def test_chunks_hold_every_document_once() -> None:
    assert [document for chunk in document_chunks(DOCUMENTS) for document in chunk] == DOCUMENTS


def words_of(text: str) -> list[tuple[int, int]]:
    start = text.index("was")
    return [(start, start + 3)]


def test_the_tokenizer_is_part_of_the_recipe_by_its_name() -> None:
    names = [signatures(["it was"], tokenizer=tokenizer).shingling for tokenizer in (None, r"\w+", words_of)]
    assert [name.tokenizer for name in names if name] == [None, r"\w+", f"{__name__}.words_of"]


def test_two_documents_of_one_id_are_an_error_even_if_one_is_empty() -> None:
    for text in ("another text", ""):
        with pytest.raises(InputError, match="two documents have the id 'a'"):
            signatures([Document("a", "some text"), Document("b", "x"), Document("a", text)])


def test_wrong_options_are_named_with_what_they_may_be() -> None:
    with pytest.raises(OptionsError, match=r"shingle_words=0: .*; shingle_characters=256: .* from 1 to 255"):
        signatures(TEXTS, shingle_words=0, shingle_characters=256)
    with pytest.raises(OptionsError, match=r"num_perm=1\.5: a whole number; threads=0: .* at least 1"):
        signatures(TEXTS, num_perm=1.5, threads=0)  # type: ignore[arg-type]
    with pytest.raises(OptionsError, match="num_perm is 0"):
        signatures(TEXTS, num_perm=0)
    with pytest.raises(InputError, match="documents is None"):
        signatures(None)
