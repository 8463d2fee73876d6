"""Signatures to and from datasketch: its sketches, and its LSH in memory or on Redis."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from textreuse.errors import InputError, OptionsError
from textreuse.minhash import EMPTY
from textreuse.model import Skipped
from textreuse.sketches import SCHEME, Shingling, Signatures, require_equal_recipes

if TYPE_CHECKING:
    import datasketch

NO_SHINGLES = "has no shingles"
RECIPE = "_textreuse_recipe"  # where an index keeps how its signatures were made: an attribute, or a key on Redis


def lean_minhashes(signatures: Signatures) -> Iterator[tuple[str, datasketch.LeanMinHash]]:
    """Yield each id with its signature as datasketch has it."""
    from datasketch import LeanMinHash

    for id_, row in zip(signatures.ids, signatures.matrix, strict=True):
        yield id_, LeanMinHash(seed=signatures.seed, hashvalues=row, scheme=signatures.scheme)


def signatures_of(
    minhashes: Mapping[str, datasketch.MinHash] | Iterable[tuple[str, datasketch.MinHash]], shingling: Shingling | None
) -> Signatures:
    """Return the signatures in sketches of datasketch; see `Signatures.from_datasketch`."""
    pairs = list(minhashes.items() if isinstance(minhashes, Mapping) else minhashes)
    if not pairs:
        raise InputError("there are no sketches, so their seed and number of permutations are not known. Pass one.")
    _, first = pairs[0]
    for id_, minhash in pairs:
        if not isinstance(id_, str):
            raise InputError(f"the id {id_!r} is of type {type(id_).__name__}, not str. Pass str(id).")
        _check_sketch(id_, minhash, first)
    pairs.sort(key=lambda pair: pair[0])
    rows = np.array([minhash.hashvalues for _, minhash in pairs], np.uint32)
    is_empty = (rows == EMPTY).all(axis=1)
    kept = np.flatnonzero(~is_empty)
    return Signatures(
        ids=tuple(pairs[place][0] for place in kept),
        matrix=rows[kept],
        seed=int(first.seed),
        sizes=np.full(len(kept), -1, np.int64),
        shingling=shingling,
        skipped=tuple(Skipped(pairs[place][0], NO_SHINGLES) for place in np.flatnonzero(is_empty)),
    )


def _check_sketch(id_: str, minhash: Any, first: Any) -> None:
    """Raise unless a sketch is of the scheme that we have and made like the first."""
    scheme = getattr(minhash, "scheme", None)
    if scheme is None or not hasattr(minhash, "hashvalues"):
        raise InputError(f"{id_!r} is of type {type(minhash).__name__}. Pass datasketch.MinHash or LeanMinHash.")
    if scheme != SCHEME:
        raise OptionsError(
            f'the sketch {id_!r} is of scheme {scheme!r}; only "{SCHEME}", the default of datasketch since 2.0, can be '
            f"taken over. Hash values cannot be converted: make the sketch anew from its text."
        )
    for name, value, expected in (
        ("seed", minhash.seed, first.seed),
        ("num_perm", len(minhash.hashvalues), len(first.hashvalues)),
    ):
        if value != expected:
            raise OptionsError(
                f"the sketch {id_!r} has {name} {value}, those before it {expected}. Sketches of different "
                f"permutations cannot be compared: make all of them with the same {name}."
            )


def fill_index(signatures: Signatures, lsh: datasketch.MinHashLSH, buffer_size: int) -> int:
    """Insert all signatures into an index; see `Signatures.insert_into`."""
    from datasketch import MinHashLSH

    if not isinstance(lsh, MinHashLSH):
        raise InputError(
            f"the index is of type {type(lsh).__name__}, not datasketch.MinHashLSH. For other indexes take the "
            f"sketches one by one: to_datasketch()."
        )
    if lsh.h != signatures.num_perm:
        raise OptionsError(
            f"the index is for {lsh.h} permutations, the signatures have {signatures.num_perm}. Make it with "
            f"MinHashLSH(num_perm={signatures.num_perm}, ...), or the signatures with num_perm={lsh.h}."
        )
    _check_recipe(signatures, lsh)
    present = [id_ for id_ in signatures.ids if id_ in lsh]
    if present:
        raise InputError(
            f"the index already has {len(present):,} of the ids, among them {present[0]!r}. Remove them first "
            f"(lsh.remove), or insert only the others: signatures[list_of_ids]. Nothing was inserted."
        )
    _remember_recipe(signatures, lsh)
    with lsh.insertion_session(buffer_size=buffer_size) as session:
        for id_, minhash in lean_minhashes(signatures):
            session.insert(id_, minhash, check_duplication=False)  # checked above, for all of them
    return len(signatures)


def _check_recipe(signatures: Signatures, lsh: Any) -> None:
    """Raise OptionsError if the index holds signatures that were made otherwise."""
    known = _known_recipe(lsh)
    if known is not None:
        require_equal_recipes(known, signatures.recipe, "the signatures to insert and those in the index")
    scheme = getattr(lsh, "_minhash_scheme", None)  # what datasketch learned from a sketch that it was given itself
    if scheme not in (None, SCHEME):
        raise OptionsError(
            f'the index holds sketches of scheme {scheme!r}, the signatures are of scheme "{SCHEME}". Make a new '
            f'index, and all sketches with scheme="{SCHEME}".'
        )


def _known_recipe(lsh: Any) -> dict[str, Any] | None:
    client, key = _redis_of(lsh)
    stored = getattr(lsh, RECIPE, None) if client is None else client.get(key)
    recipe: dict[str, Any] | None = None if stored is None else json.loads(stored)
    return recipe


def _remember_recipe(signatures: Signatures, lsh: Any) -> None:
    recipe = json.dumps(signatures.recipe)
    client, key = _redis_of(lsh)
    if client is None:
        setattr(lsh, RECIPE, recipe)
    else:
        client.set(key, recipe)


def _redis_of(lsh: Any) -> tuple[Any, bytes]:
    """Return the Redis client of an index and the key for the recipe, beside its own keys; None if it has none."""
    client = getattr(lsh.keys, "_redis", None)
    name = getattr(lsh.keys, "_name", b"")
    return client, bytes(name) + RECIPE.encode()
