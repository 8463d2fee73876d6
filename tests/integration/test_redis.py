"""Signatures in an index of datasketch on a real Redis server, which is started on loopback and ended with the test."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.generate import collection
from datasketch import MinHashLSH

from textreuse.errors import InputError, OptionsError
from textreuse.model import Document
from textreuse.signing import signatures

SERVER = shutil.which("redis-server")
pytestmark = pytest.mark.skipif(SERVER is None, reason="no redis-server here; on Debian: apt-get install redis-server")
WHOLE = collection(20, seed=5)[0]
DOCUMENTS = [*WHOLE, *(Document(f"{one.id}-cut", one.text[len(one.text) // 8 :]) for one in WHOLE)]
FOUND = signatures(DOCUMENTS, num_perm=64, shingle_words=2)
MakeIndex = Callable[[str], MinHashLSH]


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server that keeps nothing on disk."""
    folder: Path = tmp_path_factory.mktemp("redis")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    command = [str(SERVER), "--port", str(number), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with subprocess.Popen([*command, "--dir", str(folder)], stdout=subprocess.DEVNULL) as server:
        try:
            await_answer(number, server)
            yield number
        finally:
            server.terminate()


def await_answer(number: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            with socket.create_connection(("127.0.0.1", number), timeout=5) as connection:
                connection.sendall(b"PING\r\n")
                assert connection.recv(7) == b"+PONG\r\n"
                return
        except ConnectionRefusedError:
            assert server.poll() is None, "redis-server ended by itself"
            time.sleep(0.05)
    pytest.fail("redis-server gives no answer")


@pytest.fixture
def make_index(port: int) -> Iterator[MakeIndex]:
    """Makes an index on the server; the same name reaches the same data."""
    made: list[MinHashLSH] = []

    def make(name: str) -> MinHashLSH:
        server = {"host": "127.0.0.1", "port": port}
        storage = {"type": "redis", "basename": name.encode(), "redis": server}
        made.append(MinHashLSH(num_perm=64, params=(16, 4), storage_config=storage))
        return made[-1]

    yield make
    for lsh in made:
        for storage in (lsh.keys, *lsh.hashtables):
            storage._redis.close()


def answers(lsh: MinHashLSH) -> dict[str, list[Any]]:
    return {id_: sorted(lsh.query(sketch)) for id_, sketch in FOUND.to_datasketch().items()}


def test_queries_on_redis_give_what_they_give_in_memory(make_index: MakeIndex) -> None:
    lsh, in_memory = make_index("queries"), MinHashLSH(num_perm=64, params=(16, 4))
    assert FOUND.insert_into(lsh, buffer_size=100) == FOUND.insert_into(in_memory) == len(FOUND)
    assert answers(lsh) == answers(in_memory)
    assert sum(map(len, answers(lsh).values())) > len(FOUND)  # there are others than each document with itself


def test_another_process_finds_what_was_inserted(make_index: MakeIndex) -> None:
    FOUND[:20].insert_into(make_index("again"))
    again = make_index("again")
    FOUND[20:].insert_into(again)
    assert answers(again) == answers(make_index("again"))
    with pytest.raises(InputError, match=r"already has 40 of the ids, .* Nothing was inserted"):
        FOUND.insert_into(make_index("again"))


def test_another_process_cannot_mix_seeds_or_shingles(make_index: MakeIndex) -> None:
    FOUND[:3].insert_into(make_index("mixed"))
    text = {"x": "some other text"}
    for other, message in (
        (signatures(text, num_perm=64, shingle_words=2, seed=2), "seed 2 instead of 1"),
        (signatures(text, num_perm=64, shingle_words=3), "words 3"),
    ):
        with pytest.raises(OptionsError, match=f"those in the index differ: .*{message}"):
            other.insert_into(make_index("mixed"))
    assert "x" not in make_index("mixed")
