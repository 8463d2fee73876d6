"""MinHash signatures of many documents as one value: kept in a file, joined, compared, handed to datasketch."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, overload
from zipfile import BadZipFile

import numpy as np

from textreuse.errors import InputError, OptionsError, TextReuseError
from textreuse.model import Int64Array, Skipped, UInt32Array

if TYPE_CHECKING:
    import datasketch

FORMAT = "textreuse signatures"
VERSION = 1
SCHEME = "affine32"

Chosen = list[str] | list[int] | tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Shingling:
    """How the set of a document was made, which has to be alike for signatures to be compared.

    `words` and `characters` say how long a shingle is, in text with spaces and without; `tokenizer` is the pattern or
    the name of the function that found the tokens, None for the built-in one; `unicode` is the version of its table.
    """

    words: int
    characters: int
    tokenizer: str | None
    unicode: str

    def __str__(self) -> str:
        return ", ".join(f"{field.name} {getattr(self, field.name)!r}" for field in fields(self))


@dataclass(frozen=True, eq=False)
class Signatures:
    """The MinHash signatures of documents, in code point order of their ids.

    `matrix` (uint32, read-only) has a row for each of `ids` and a column for each permutation; rows equal those of
    `datasketch.MinHash` with the same `scheme`, `seed` and number of permutations over the same 32-bit hashes: the
    upper 32 bits of the 64-bit ids of the shingles. `sizes` counts the different shingles of each document, -1 where
    that is not known. `shingling` says how they were made, None if that is not known (they came from datasketch).
    `skipped` lists documents that have no signature, with the reason: an empty text is like no other.

    `len` counts, iteration gives ids, `in` asks for one; signatures[id] is a row, signatures[a_list_of_ids] and
    signatures[2:5] are `Signatures`.
    """

    ids: tuple[str, ...]
    matrix: UInt32Array
    seed: int
    sizes: Int64Array
    shingling: Shingling | None = None
    skipped: tuple[Skipped, ...] = ()
    scheme: str = SCHEME

    def __post_init__(self) -> None:
        if self.scheme != SCHEME:
            raise OptionsError(_other_scheme(self.scheme))
        if self.matrix.dtype != np.uint32 or self.matrix.ndim != 2 or self.matrix.shape[1] < 1:
            raise InputError(f"matrix is {self.matrix.dtype} of shape {self.matrix.shape}, not uint32 (n, num_perm).")
        if not len(self.ids) == len(self.matrix) == len(self.sizes):
            raise InputError(
                f"{len(self.ids):,} ids, {len(self.matrix):,} rows and {len(self.sizes):,} sizes: one each, please."
            )
        for array in (self.matrix, self.sizes):
            array.flags.writeable = False
        if len(self._places) < len(self.ids):
            repeated = next(id_ for place, id_ in enumerate(self.ids) if self._places[id_] != place)
            raise InputError(f"two signatures have the id {repeated!r}. Give each document an id of its own.")

    @property
    def num_perm(self) -> int:
        """The number of permutations: columns of the matrix."""
        return int(self.matrix.shape[1])

    @cached_property
    def _places(self) -> dict[str, int]:
        return {id_: place for place, id_ in enumerate(self.ids)}

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._places

    @overload
    def __getitem__(self, key: str | int) -> UInt32Array: ...
    @overload
    def __getitem__(self, key: slice | Chosen) -> Signatures: ...
    def __getitem__(self, key: str | int | slice | Chosen) -> UInt32Array | Signatures:
        if isinstance(key, str | int | np.integer):
            row: UInt32Array = self.matrix[self._place(key)]
            return row
        chosen = range(len(self))[key] if isinstance(key, slice) else sorted({self._place(one) for one in key})
        places = np.array(chosen, np.int64)
        ids = tuple(self.ids[place] for place in chosen)
        return replace(self, ids=ids, matrix=self.matrix[places], sizes=self.sizes[places], skipped=())

    def _place(self, key: str | int) -> int:
        if isinstance(key, str):
            if key not in self._places:
                known = ", ".join(map(repr, self.ids[:3])) + (", ..." if len(self) > 3 else "")
                reasons = {skipped.document_id: skipped.reason for skipped in self.skipped}
                why = f" ({reasons[key]})" if key in reasons else ""
                raise InputError(f"no signature has the id {key!r}{why}. There are {len(self):,}: {known or 'none'}.")
            return self._places[key]
        if not -len(self) <= key < len(self):
            raise InputError(f"there is no signature {key}: there are {len(self):,}, counted from 0.")
        return int(key) % len(self)

    def __repr__(self) -> str:
        made = "shingles unknown" if self.shingling is None else f"shingles of {self.shingling.words} words"
        skipped = f", {len(self.skipped):,} skipped" if self.skipped else ""
        return f"<Signatures: {len(self):,} x {self.num_perm}, {self.scheme}, seed {self.seed}, {made}{skipped}>"

    def jaccard(self, a: str | int, b: str | int) -> float:
        """Return the estimated Jaccard similarity of two documents, named by id or number: the share of equal columns.

        Its standard error is sqrt(J * (1 - J) / num_perm) (Broder 1997): 0.035 at J = 0.8 with 128 permutations.
        """
        return float(np.mean(self[a] == self[b]))

    def concat(self, *others: Signatures) -> Signatures:
        """Return these signatures and those of `others` as one, in order of their ids.

        Raises
        ------
        OptionsError
            If they were not made alike.
        InputError
            If two have the same id.
        """
        everything = (self, *others)
        for other in others:
            self.require_alike(other)
        ids = [id_ for one in everything for id_ in one.ids]
        order = sorted(range(len(ids)), key=ids.__getitem__)
        return replace(
            self,
            ids=tuple(ids[place] for place in order),
            matrix=np.concatenate([one.matrix for one in everything])[order],
            sizes=np.concatenate([one.sizes for one in everything])[order],
            skipped=tuple(sorted(skipped for one in everything for skipped in one.skipped)),
        )

    @property
    def recipe(self) -> dict[str, Any]:
        """What has to be equal for two signatures to be comparable, as plain values."""
        shingling = None if self.shingling is None else asdict(self.shingling)
        return {"scheme": self.scheme, "seed": self.seed, "num_perm": self.num_perm, "shingling": shingling}

    def require_alike(self, other: Signatures, what: str = "signatures") -> None:
        """Raise OptionsError unless `other` was made with the same permutations and of the same kind of shingles."""
        require_equal_recipes(self.recipe, other.recipe, what)

    def save(self, path: str | Path) -> None:
        """Write everything to one .npz file; the same signatures give the same bytes.

        Raises
        ------
        TextReuseError
            If the file cannot be written.
        """
        encoded = [id_.encode("utf-8", "surrogatepass") for id_ in self.ids]
        header = {"format": FORMAT, "version": VERSION, **self.recipe, "skipped": self.skipped}
        try:
            with Path(path).open("wb") as file:
                np.savez(
                    file,
                    header=np.frombuffer(json.dumps(header).encode("ascii"), np.uint8),
                    matrix=self.matrix,
                    sizes=self.sizes,
                    # not as strings of numpy, which lose null characters at their ends
                    ids=np.frombuffer(b"".join(encoded), np.uint8),
                    id_bounds=np.cumsum([0, *map(len, encoded)], dtype=np.int64),
                )
        except OSError as error:
            raise TextReuseError(
                f"{str(path)!r} cannot be written ({error.strerror}). Name a file in an existing folder."
            ) from error

    @classmethod
    def load(cls, path: str | Path) -> Signatures:
        """Return the signatures that `save` wrote to `path`.

        Raises
        ------
        InputError
            If there is no such file, it holds something else, is damaged, or was written by a newer textreuse.
        """
        try:
            with Path(path).open("rb") as file:
                return _read(cls, file, str(path))
        except OSError as error:
            raise InputError(f"{str(path)!r} cannot be read ({error.strerror}).") from error

    def to_datasketch(self) -> dict[str, datasketch.LeanMinHash]:
        """Return a `datasketch.LeanMinHash` for each id; none is made for documents without shingles."""
        from textreuse.datasketch_bridge import lean_minhashes

        return dict(lean_minhashes(self))

    @classmethod
    def from_datasketch(
        cls,
        minhashes: Mapping[str, datasketch.MinHash] | Iterable[tuple[str, datasketch.MinHash]],
        *,
        shingling: Shingling | None = None,
    ) -> Signatures:
        """Return the signatures in `datasketch.MinHash` or `LeanMinHash` objects, given by id.

        A sketch carries no trace of how its set was made; pass `shingling` (that of other signatures) if it was made
        alike, so that both can be joined. An empty sketch goes to `skipped`.

        Raises
        ------
        OptionsError
            If a sketch is not of scheme "affine32", or seeds or numbers of permutations differ.
        """
        from textreuse.datasketch_bridge import signatures_of

        return signatures_of(minhashes, shingling)

    def insert_into(self, lsh: datasketch.MinHashLSH, *, buffer_size: int = 50_000) -> int:
        """Insert all signatures under their ids into a `datasketch.MinHashLSH`, and return how many these are.

        Works for an index in memory as for one on Redis, which is filled through an insertion session of
        `buffer_size` commands. Nothing is inserted if the index has one of the ids. How the signatures were made is
        remembered with the index (on Redis: under its basename), so that others are refused later, by another
        process too. What was inserted without this method is not known.

        Raises
        ------
        OptionsError
            If the index is for another number of permutations, or holds signatures made otherwise.
        InputError
            If the index already has one of the ids.
        """
        from textreuse.datasketch_bridge import fill_index

        return fill_index(self, lsh, buffer_size)


def require_equal_recipes(ours: Mapping[str, Any], theirs: Mapping[str, Any], what: str) -> None:
    """Raise OptionsError that names each difference between two recipes, unless there is none."""
    names = ("scheme", "seed", "num_perm")
    differences = [f"{name} {theirs[name]!r} instead of {ours[name]!r}" for name in names if ours[name] != theirs[name]]
    if ours["shingling"] != theirs["shingling"]:
        differences.append(f"shingles ({_described(theirs)}) instead of ({_described(ours)})")
    if differences:
        raise OptionsError(
            f"{what} differ: {'; '.join(differences)}. What they have in common means nothing then. Make all of them "
            f"with the same options of tr.signatures; for sketches of datasketch, say with from_datasketch(shingling=) "
            f"how their sets were made."
        )


def _described(recipe: Mapping[str, Any]) -> str:
    shingling = recipe["shingling"]
    return "unknown" if shingling is None else str(Shingling(**shingling))


def _other_scheme(scheme: object) -> str:
    return (
        f'scheme is {scheme!r}; there is only "{SCHEME}", the default of datasketch since 2.0. Hash values of another '
        f"scheme cannot be converted: make the sketches anew from their texts."
    )


def _read(cls: type[Signatures], file: BinaryIO, name: str) -> Signatures:
    """Return the signatures in an open file."""
    foreign = f"{name!r} holds no signatures that textreuse has saved, or is damaged"
    try:
        with np.load(file, allow_pickle=False) as archive:
            header = json.loads(archive["header"].tobytes())
            if header["format"] != FORMAT:
                raise InputError(f"{foreign} (it is of format {header['format']!r}).")
            if header["version"] > VERSION:
                raise InputError(
                    f"{name!r} was written by a newer textreuse (format {header['version']}, this one reads up to "
                    f"{VERSION}). Update textreuse, or compute the signatures anew."
                )
            joined, bounds = archive["ids"].tobytes(), archive["id_bounds"].tolist()
            ids = [joined[i:j].decode("utf-8", "surrogatepass") for i, j in pairwise(bounds)]
            shingling = None if header["shingling"] is None else Shingling(**header["shingling"])
            return cls(
                ids=tuple(ids),
                matrix=archive["matrix"],
                seed=header["seed"],
                sizes=archive["sizes"],
                shingling=shingling,
                skipped=tuple(Skipped(*skipped) for skipped in header["skipped"]),
                scheme=header["scheme"],
            )
    except (BadZipFile, KeyError, ValueError, TypeError, AttributeError, EOFError) as error:
        raise InputError(f"{foreign} ({type(error).__name__}: {error}).") from error
