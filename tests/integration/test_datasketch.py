"""datasketch's own index, filled with our signatures, finds what find_duplicates finds with the same bands."""

from __future__ import annotations

from itertools import combinations

import pytest
from benchmarks.generate import collection, random_generator
from datasketch import MinHashLSH

from textreuse.duplicates import find_duplicates
from textreuse.model import Document
from textreuse.shingle import shingle
from textreuse.signing import signatures
from textreuse.tokenize import tokenize

# Documents of 400 words each with three copies in which 1 to 40 words are changed: similarities from .3 to 1.
N_DOCUMENTS, WORDS = 60, 400


def edited_collection() -> list[Document]:
    rng = random_generator(8)
    documents = []
    for whole in collection(N_DOCUMENTS, seed=2, words=(WORDS, WORDS))[0]:
        documents.append(whole)
        for number, n_edits in enumerate(rng.integers(1, 41, 3)):
            words = whole.text.split()
            for place in rng.choice(len(words), n_edits, replace=False):
                words[place] = f"edited{place}"
            documents.append(Document(f"{whole.id}-{number}", " ".join(words)))
    return documents


DOCUMENTS = edited_collection()
SETS = {document.id: set(shingle(tokenize([document.text]), 5, 10).ids.tolist()) - {0} for document in DOCUMENTS}


def exact(a: str, b: str) -> float:
    return len(SETS[a] & SETS[b]) / len(SETS[a] | SETS[b])


@pytest.mark.parametrize("seed", [1, 7])
@pytest.mark.parametrize(("threshold", "recall"), [(0.6, 0.5), (0.7, 0.5)])
def test_queries_through_datasketch_give_the_pairs_of_find_duplicates(
    threshold: float, recall: float, seed: int
) -> None:
    result = find_duplicates(DOCUMENTS, threshold=threshold, recall=recall, seed=seed)
    bands = result.options.bands
    assert bands is not None
    num_perm = bands.bands * bands.rows
    lsh = MinHashLSH(num_perm=num_perm, params=(bands.bands, bands.rows))
    ours = signatures(DOCUMENTS, num_perm=num_perm, seed=seed)
    ours.insert_into(lsh)
    candidates = {(a, b) for a, sketch in ours.to_datasketch().items() for b in lsh.query(sketch) if a < b}
    verified = {(a, b, exact(a, b)) for a, b in candidates if exact(a, b) >= threshold}
    assert verified == set(result.pairs)
    n_all = sum(exact(a, b) >= threshold for a, b in combinations(sorted(SETS), 2))
    assert 0 < len(verified) < n_all  # both miss the same ones
