"""The same documents give the same bytes, however many threads share the work and however it is cut into batches."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from benchmarks.generate import documents as generated_documents
from benchmarks.generate import plant

import textreuse as tr
from textreuse.samples import load_sample

Collection = Sequence[tr.Document]


def generated() -> list[tr.Document]:
    """Return 60 generated documents, in which each of ten passages was planted in four others, edited more and more."""
    collection = list(generated_documents(60, seed=3, words=(150, 300)))
    for number in range(40):
        source, target = collection[number % 10], collection[20 + number]
        collection[20 + number], _ = plant(source, target, words=60, seed=number, edit_rate=0.1 * (number % 4))
    return collection


def repetitive() -> list[tr.Document]:
    """Return documents that all share one passage, some of them twice, and 30 copies of one: bounds are met."""
    passage, *others = (document.text for document in generated_documents(121, seed=5, words=(40, 60)))
    texts = [f"{other}\n\n{passage}" + f"\n\n{passage}" * (number % 3 == 0) for number, other in enumerate(others)]
    return [tr.Document(f"r{number:03}", text) for number, text in enumerate(texts + texts[:1] * 30)]


def newswire(shared_data: Path) -> list[tr.Document]:
    with gzip.open(shared_data / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, 2_000)]
    return [tr.Document(row["id"], row["text"], {"date": row["date"]}) for row in rows]


@pytest.fixture(scope="module", params=["sample", "generated", "repetitive", "newswire"])
def collection(request: pytest.FixtureRequest) -> list[tr.Document]:
    if request.param == "newswire":
        return newswire(request.getfixturevalue("shared_data"))
    makers: dict[str, Callable[[], list[tr.Document]]] = {
        "sample": load_sample,
        "generated": generated,
        "repetitive": repetitive,
    }
    return makers[request.param]()


def jsonl(result: tr.ReuseResult, folder: Path) -> bytes:
    path = folder / "matches.jsonl"
    result.to_jsonl(path)
    return path.read_bytes()


def found(documents: object, folder: Path, **options: Any) -> tuple[bytes, object]:
    """Return what a search gives, but for the seconds it took: the bytes of the matches, and all else."""
    result = tr.find_reuse(documents, **options)
    # members stand in order of date, which a dict of texts does not tell
    members = [(family.id, sorted(family.members, key=str)) for family in result.families]
    counts = {key: value for key, value in result.stats.items() if key not in ("seconds", "peak_bytes")}
    return jsonl(result, folder), (members, result.skipped, counts)


def test_matches_do_not_depend_on_the_number_of_threads(collection: Collection, tmp_path: Path) -> None:
    one = found(collection, tmp_path, threads=1)
    assert one[0]
    for threads in (2, 3):
        assert found(collection, tmp_path, threads=threads) == one


@pytest.mark.parametrize("batch_hits", [1, 7, 1_000])
def test_matches_do_not_depend_on_the_size_of_batches(batch_hits: int, collection: Collection, tmp_path: Path) -> None:
    assert found(collection, tmp_path, batch_hits=batch_hits) == found(collection, tmp_path)


def test_matches_do_not_depend_on_batches_and_threads_together(collection: Collection, tmp_path: Path) -> None:
    assert found(collection, tmp_path, batch_hits=50, threads=2) == found(collection, tmp_path, threads=1)


@pytest.mark.parametrize("seed", [1, 2])
def test_matches_do_not_depend_on_the_order_of_documents(seed: int, collection: Collection, tmp_path: Path) -> None:
    shuffled = random.Random(seed).sample(collection, len(collection))
    assert [document.id for document in shuffled] != [document.id for document in collection]
    assert found(shuffled, tmp_path) == found(collection, tmp_path)


def test_matches_do_not_depend_on_how_documents_are_given(collection: Collection, tmp_path: Path) -> None:
    as_dict = {document.id: document.text for document in collection}
    as_records = ({"id": document.id, "text": document.text} for document in reversed(collection))
    expected = found(collection, tmp_path)
    assert found(as_dict, tmp_path) == expected
    assert found(as_records, tmp_path) == expected


def test_matches_within_documents_do_not_depend_on_threads_batches_and_order(
    collection: Collection, tmp_path: Path
) -> None:
    expected = found(collection, tmp_path, within=True, threads=1)
    assert found(collection[::-1], tmp_path, within=True, threads=2, batch_hits=100) == expected


def test_matches_across_collections_do_not_depend_on_threads_batches_and_order(
    collection: Collection, tmp_path: Path
) -> None:
    half = len(collection) // 2
    queries, library = collection[:half], collection[half:]
    expected = found(queries, tmp_path, against=library, threads=1)
    assert found(queries[::-1], tmp_path, against=library[::-1], threads=2, batch_hits=100) == expected


def test_the_best_matches_are_the_first_of_all(collection: Collection, tmp_path: Path) -> None:
    everything = tr.find_reuse(collection)
    best = tr.find_reuse(collection[::-1], max_matches=5, batch_hits=10, threads=2)
    assert best.matches == everything.matches[:5]


def test_searching_twice_gives_the_same(collection: Collection, tmp_path: Path) -> None:
    assert found(collection, tmp_path) == found(collection, tmp_path)


def test_the_work_is_really_cut_up_and_bounds_are_really_met(collection: Collection) -> None:
    # what the tests above rest on
    def n_batches(batch_hits: int) -> int:
        steps: list[tuple[int, int]] = []
        tr.find_reuse(
            collection,
            batch_hits=batch_hits,
            progress=lambda step, done, total: steps.append((done, total)) if step == "align" else None,
        )
        return len(steps)

    assert n_batches(1) > 10 + n_batches(1_000_000)
    stats = tr.find_reuse(collection).stats
    if any(document.id.startswith("r0") for document in collection):
        assert stats["copies"] > 0
        assert stats["unlisted_hits"] > 0
