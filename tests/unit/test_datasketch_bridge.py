from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from benchmarks.generate import collection
from datasketch import LeanMinHash, MinHash, MinHashLSH, MinHashLSHEnsemble, MinHashLSHForest

from textreuse.errors import InputError, OptionsError
from textreuse.model import Document, Skipped
from textreuse.signing import signatures
from textreuse.sketches import Signatures

BANDS, ROWS = 16, 4
WHOLE = collection(20, seed=5)[0]
DOCUMENTS = [*WHOLE, *(Document(f"{one.id}-cut", one.text[len(one.text) // 8 :]) for one in WHOLE)]
FOUND = signatures(DOCUMENTS, num_perm=64, shingle_words=2)


def index(**options: Any) -> MinHashLSH:
    return MinHashLSH(**{"num_perm": 64, "params": (BANDS, ROWS), **options})


def collisions(found: Signatures) -> set[tuple[str, str]]:
    """Return the pairs (both ways round) that have some band of rows in common."""
    pairs = set()
    for a in found:
        for b in found:
            equal = (found[a] == found[b])[: BANDS * ROWS].reshape(BANDS, ROWS)
            if equal.all(axis=1).any():
                pairs.add((a, b))
    return pairs


def test_sketches_are_those_of_datasketch() -> None:
    sketches = FOUND.to_datasketch()
    assert list(sketches) == list(FOUND)
    one, other = FOUND.ids[:2]
    assert isinstance(sketches[one], LeanMinHash)
    assert np.array_equal(sketches[one].hashvalues, FOUND[one])
    assert (sketches[one].scheme, sketches[one].seed) == ("affine32", 1)
    assert sketches[one].jaccard(sketches[other]) == FOUND.jaccard(one, other)


def test_sketches_can_be_merged_with_those_that_datasketch_made() -> None:
    theirs = MinHash(64, seed=1, scheme="affine32")
    theirs.update(b"something")
    union = MinHash(hashvalues=FOUND[0], seed=1, scheme="affine32")
    union.merge(theirs)
    assert np.array_equal(union.hashvalues, np.minimum(FOUND[0], theirs.hashvalues))


def test_to_datasketch_and_back_gives_the_same_signatures() -> None:
    back = Signatures.from_datasketch(FOUND.to_datasketch(), shingling=FOUND.shingling)
    assert back.ids == FOUND.ids
    assert np.array_equal(back.matrix, FOUND.matrix)
    assert back.recipe == FOUND.recipe
    assert set(back.sizes.tolist()) == {-1}


def test_from_datasketch_orders_by_id_and_sets_empty_sketches_aside() -> None:
    full = MinHash(8, seed=3, scheme="affine32")
    full.update(b"something")
    found = Signatures.from_datasketch([("b", full), ("none", MinHash(8, seed=3, scheme="affine32")), ("a", full)])
    assert (found.ids, found.seed, found.num_perm) == (("a", "b"), 3, 8)
    assert found.skipped == (Skipped("none", "has no shingles"),)


def test_what_cannot_be_taken_over_is_refused() -> None:
    sketch = MinHash(8, scheme="affine32")
    for minhashes, kind, message in (
        ({"a": MinHash(8, scheme="legacy")}, OptionsError, "'a' is of scheme 'legacy'; only \"affine32\""),
        ({"a": MinHash(8, scheme="affine64")}, OptionsError, "scheme 'affine64'"),
        ({"a": sketch, "b": MinHash(9, scheme="affine32")}, OptionsError, "'b' has num_perm 9, those before it 8"),
        ({"a": sketch, "b": MinHash(8, seed=2, scheme="affine32")}, OptionsError, "'b' has seed 2, those before it 1"),
        ({"a": [1, 2]}, InputError, "'a' is of type list"),
        ({1: sketch}, InputError, "the id 1 is of type int"),
        ({}, InputError, "there are no sketches"),
        ([("a", FOUND.to_datasketch()[FOUND.ids[0]])] * 2, InputError, "two signatures have the id 'a'"),
    ):
        with pytest.raises(kind, match=message):
            Signatures.from_datasketch(minhashes)  # type: ignore[arg-type]


def test_sketches_of_unknown_sets_do_not_join_ours() -> None:
    foreign = Signatures.from_datasketch({"x": MinHash(64, hashvalues=FOUND[0], scheme="affine32")})
    with pytest.raises(
        OptionsError, match=r"shingles \(unknown\) instead of \(words 2,.*from_datasketch\(shingling=\)"
    ):
        FOUND.concat(foreign)


def test_queries_of_a_filled_index_give_the_collisions_of_bands() -> None:
    lsh = index()
    assert FOUND.insert_into(lsh) == len(FOUND)
    answers = {(id_, other) for id_, sketch in FOUND.to_datasketch().items() for other in lsh.query(sketch)}
    assert answers == collisions(FOUND)
    assert len(answers) > len(FOUND)  # there are others than each document with itself


def test_an_index_is_filled_as_by_its_own_insert() -> None:
    ours, theirs = index(), index()
    FOUND.insert_into(ours)
    for id_, sketch in FOUND.to_datasketch().items():
        theirs.insert(id_, sketch)
    assert ours.get_counts() == theirs.get_counts()


def test_an_index_can_be_filled_in_parts_but_takes_no_id_twice() -> None:
    lsh = index()
    FOUND[:10].insert_into(lsh)
    with pytest.raises(InputError, match=r"already has 3 of the ids, among them .* Nothing was inserted"):
        FOUND[7:].insert_into(lsh)
    assert FOUND.ids[10] not in lsh
    assert FOUND[10:].insert_into(lsh) == len(FOUND) - 10
    assert all(id_ in lsh for id_ in FOUND)


def test_an_index_refuses_signatures_made_otherwise() -> None:
    lsh = index()
    FOUND[:3].insert_into(lsh)
    text = {"x": "some other text"}
    for other, message in (
        (signatures(text, num_perm=64, shingle_words=2, seed=2), "those in the index differ: seed 2 instead of 1"),
        (signatures(text, num_perm=64, shingle_words=3), "words 3"),
    ):
        with pytest.raises(OptionsError, match=message):
            other.insert_into(lsh)
        with pytest.raises(OptionsError, match=message):
            other.insert_into(pickle.loads(pickle.dumps(lsh)))
    assert "x" not in lsh


def test_an_index_of_another_size_kind_or_scheme_is_refused() -> None:
    with pytest.raises(OptionsError, match=r"for 32 permutations, the signatures have 64\. Make it with MinHashLSH\("):
        FOUND.insert_into(index(num_perm=32, params=(8, 4)))
    with pytest.raises(InputError, match="of type MinHashLSHForest, not datasketch"):
        FOUND.insert_into(MinHashLSHForest(num_perm=64))
    old = index()
    old.insert("old", MinHash(64, scheme="legacy"))
    with pytest.raises(OptionsError, match="holds sketches of scheme 'legacy'"):
        FOUND.insert_into(old)
    assert list(old.keys) == ["old"]


def test_sizes_serve_the_ensemble() -> None:
    whole = DOCUMENTS[0].text
    part = " ".join(whole.split()[50:150])
    library = signatures(DOCUMENTS, num_perm=256, shingle_words=2)
    query = signatures({"part": part}, num_perm=256, shingle_words=2)
    ensemble = MinHashLSHEnsemble(threshold=0.8, num_perm=256, num_part=4)
    sketches = library.to_datasketch()
    ensemble.index((id_, sketches[id_], size) for id_, size in zip(library, library.sizes.tolist(), strict=True))
    assert DOCUMENTS[0].id in set(ensemble.query(query.to_datasketch()["part"], int(query.sizes[0])))
