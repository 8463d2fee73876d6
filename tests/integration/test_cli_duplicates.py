"""`textreuse duplicates` and `textreuse dedup` on real files, from the arguments to what they write."""

from __future__ import annotations

import csv
import gzip
import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import networkx as nx
import pytest
from click.testing import CliRunner, Result

from textreuse.cli import main
from textreuse.duplicates import find_duplicates
from textreuse.removal import deduplicate
from textreuse.scrubbing import scrub

STORY = (
    "The harbour commission announced on Tuesday that the northern pier would stay closed until the inspectors had "
    "examined every one of its four hundred timber piles and reported on them"
)
OTHER = "Trains ran on time for once, and the mayor took all credit for it before the cameras of three stations."
LETTER = "Subscribe to our newsletter to receive a fresh selection of stories every single morning."
# b is a with another last word, c has nothing to do with them; two of them end alike.
TEXTS = {"a": f"{STORY} today.\n{LETTER}\n", "b": f"{STORY} yesterday.\n", "c": f"{OTHER}\n{LETTER}\n"}
YEARS = {"a": 1950, "b": 1848, "c": 1900}

# Options of the library that the command line does not have, each with its reason.
LIBRARY_ONLY = {
    "progress": "the command has its own bars",
    "tokenizer": "a function or a compiled pattern, which no argument can be",
}


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("news/old").mkdir(parents=True)
    for id_, text in TEXTS.items():
        Path(f"news/old/{id_}.txt" if id_ == "c" else f"news/{id_}.txt").write_text(text)
    rows = [{"id": id_, "text": text, "year": YEARS[id_]} for id_, text in TEXTS.items()]
    lines = "".join(json.dumps(row, separators=(",", " :")) + "\n" for row in rows)
    Path("news.jsonl").write_text(lines)
    Path("news.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    with Path("news.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["id", "year", "text"], quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result


def failed(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert (result.exit_code, result.stdout) == (2, "")
    return " ".join(result.stderr.replace("│", " ").split())


def rows_of(path: str) -> list[dict[str, str]]:
    with Path(path).open(newline="") as file:
        return list(csv.DictReader(file))


# textreuse duplicates


@pytest.mark.parametrize("source", ["news", "news.jsonl", "news.jsonl.gz", "news.csv"])
def test_pairs_are_those_of_the_library(source: str) -> None:
    rows = [json.loads(line) for line in run("duplicates", source, "--threshold", "0.5", "-o", "-").stdout.splitlines()]
    (expected,) = find_duplicates(TEXTS, threshold=0.5)
    assert [(Path(row["a"]).stem, Path(row["b"]).stem, row["similarity"]) for row in rows] == [tuple(expected)]


def test_pairs_go_into_a_table() -> None:
    result = run("duplicates", "news.jsonl", "--threshold", "0.5", "-o", "pairs.csv")
    assert [(row["a"], row["b"]) for row in rows_of("pairs.csv")] == [("a", "b")]
    assert (result.stdout, result.stderr) == ("", "3 documents, 1 pair in 1 cluster -> pairs.csv\n")


def test_pairs_are_written_as_a_graph_where_the_name_says_so() -> None:
    run("duplicates", "news.jsonl", "--threshold", "0.5", "-o", "pairs.graphml")
    assert list(nx.read_graphml("pairs.graphml").edges) == [("a", "b")]


def test_matches_are_written_as_a_graph_where_the_name_says_so() -> None:
    run("find", "news", "-o", "matches.graphml")
    graph = nx.read_graphml("matches.graphml")
    assert set(graph) == {"a.txt", "b.txt", "old/c.txt"}
    assert graph.edges["a.txt", "b.txt"]["matches"] == 1


def test_without_output_the_largest_clusters_are_printed() -> None:
    result = run("duplicates", "news.jsonl", "--threshold", "0.5")
    assert (result.stdout, result.stderr) == ("2 documents: a, b\n", "3 documents, 1 pair in 1 cluster\n")
    Path("many.jsonl").write_text("".join(f'{{"text": "{n // 2} {STORY} {n // 2}"}}\n' for n in range(24)))
    printed = run("duplicates", "many.jsonl", "--threshold", "1", "-q")
    assert printed.stdout.splitlines()[-2:] == ["2 documents: 19, 20", "... and 2 more clusters; -o writes all pairs."]
    assert printed.stderr == ""


# textreuse dedup


@pytest.mark.parametrize("name", ["jsonl", "jsonl.gz", "csv"])
def test_rows_that_are_kept_are_the_same_byte_for_byte(name: str) -> None:
    result = run("dedup", f"news.{name}", "-o", f"unique.{name}", "--threshold", "0.5")
    assert result.stderr == f"3 documents, 1 removed -> unique.{name} and unique.removed.csv\n"
    unpack: Callable[[bytes], bytes] = gzip.decompress if name.endswith("gz") else bytes
    before, after = (unpack(Path(path).read_bytes()) for path in (f"news.{name}", f"unique.{name}"))
    row = f'"b","1848","{TEXTS["b"]}"\r\n' if name == "csv" else before.decode().splitlines(True)[1]
    assert "yesterday" in row
    assert after.decode() == before.decode().replace(row, "")
    (removed,) = rows_of("unique.removed.csv")
    assert (removed["id"], removed["kept_id"]) == ("b", "a")
    assert float(removed["similarity"]) == find_duplicates(TEXTS, threshold=0.5)[0].similarity


def test_files_that_are_kept_are_copied() -> None:
    Path("news/notes.pdf").write_text("x")
    result = run("dedup", "news", "-o", "unique", "--threshold", "0.5", "--report", "gone.jsonl")
    copied = {path.relative_to("unique").as_posix(): path.read_text() for path in Path("unique").rglob("*.*")}
    assert copied == {"a.txt": TEXTS["a"], "old/c.txt": TEXTS["c"]}
    assert [json.loads(line)["id"] for line in Path("gone.jsonl").read_text().splitlines()] == ["b.txt"]
    assert result.stderr.splitlines() == [
        "3 documents, 1 removed -> unique and gone.jsonl",
        "skipped, is not a .txt file: notes.pdf",
    ]


def test_the_date_of_a_row_says_which_is_the_earliest() -> None:
    kept = run("dedup", "news.csv", "-o", "-", "--threshold", "0.5", "--keep", "earliest").stdout
    assert [row["id"] for row in csv.DictReader(kept.splitlines(True))] == ["b", "c"]
    kept = run("dedup", "news.jsonl", "-o", "-", "--threshold", "0.5").stdout
    assert [json.loads(line)["id"] for line in kept.splitlines()] == ["a", "c"]
    assert sorted(path.name for path in Path().iterdir()) == ["news", "news.csv", "news.jsonl", "news.jsonl.gz"]


def test_without_output_only_the_report_is_written() -> None:
    result = run("dedup", "news.jsonl", "--threshold", "0.5")
    assert result.stderr == "3 documents, 1 removed\n"
    run("dedup", "news.jsonl", "--threshold", "0.5", "--report", "gone.csv", "-q")
    assert [row["id"] for row in rows_of("gone.csv")] == ["b"]


@pytest.mark.parametrize("level", ["line", "paragraph", "passage"])
def test_levels_remove_what_documents_repeat_inside(level: str) -> None:
    expected = scrub(TEXTS, level=level, min_words=10)
    result = run("dedup", "news.jsonl", "-o", "clean.jsonl", "--level", level, "--min-words", "10")
    before, after = (Path(path).read_text().splitlines() for path in ("news.jsonl", "clean.jsonl"))
    assert [json.loads(line)["text"] for line in after] == [document.text for document in expected]
    changed = {span.id for span in expected.removed}
    assert (len(changed) > 0) == (level != "paragraph")
    assert [i for i in range(3) if before[i] != after[i]] == [i for i in range(3) if "abc"[i] in changed]
    assert [tuple(row.values()) for row in rows_of("clean.removed.csv")] == [
        tuple(map(str, span)) for span in expected.removed
    ]
    assert f"{len(expected.removed)} {level}{'s' * (len(expected.removed) != 1)} with" in result.stderr


def test_levels_clean_the_files_of_a_folder_and_one_file() -> None:
    run("dedup", "news", "-o", "clean", "--level", "line")
    assert Path("clean/a.txt").read_text() == TEXTS["a"]
    assert Path("clean/old/c.txt").read_text() == f"{OTHER}\n"
    Path("one.txt").write_text(f"{LETTER}\n{OTHER}\n{LETTER}\n")
    run("dedup", "one.txt", "-o", "clean.txt", "--level", "line", "--keep", "last")
    assert Path("clean.txt").read_text() == f"{OTHER}\n{LETTER}\n"


def test_documents_left_empty_stay_unless_they_are_dropped() -> None:
    Path("x.jsonl").write_text(f'{{"text": "{LETTER}"}}\n{{"text": "{LETTER}"}}\n')
    result = run("dedup", "x.jsonl", "-o", "-", "--level", "line")
    assert result.stdout.splitlines()[1] == '{"text": ""}'
    assert result.stderr == "2 documents, 1 line with 50.0% of the words removed, 1 left empty -> stdout\n"
    assert len(run("dedup", "x.jsonl", "-o", "-", "--level", "line", "--drop-empty").stdout.splitlines()) == 1


# What goes wrong


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("dedup news.jsonl -o x.csv", "-o 'x.csv' has to end in .jsonl or .jsonl.gz"),
        ("dedup news.jsonl -o news.jsonl", "-o 'news.jsonl' is PATH itself"),
        ("dedup news.jsonl -o news", "-o 'news' is a folder"),
        ("dedup news -o -", "'news' is a folder, so -o has to name a folder"),
        ("dedup news -o news.csv", "'news' is a folder, so -o has to name a folder"),
        ("dedup news -o news/unique", "-o 'news/unique' lies in 'news'"),
        ("dedup news -o full", "folder 'full' is not empty"),
        ("dedup news -o no/where", "folder 'no' does not exist"),
        ("dedup news -o x --report x.txt", "'x.txt' ends in none of .jsonl, .csv"),
        ("dedup news/a.txt -o x.txt", "'news/a.txt' holds one document"),
        ("dedup news -o x --min-words 3", "--level document takes no --min-words"),
        ("dedup news -o x --level line --threshold 0.5 --all-pairs", "--level line takes no --threshold, --all-pairs"),
        ("dedup news -o x --level page", "'page' is not one of 'document', 'line', 'paragraph', 'passage'"),
        ("dedup news.jsonl -o x.jsonl --text-field body", "line 1 of news.jsonl has no field 'body'"),
        ("duplicates news.jsonl --threshold 7", "threshold=7.0"),
        ("duplicates nowhere", "'nowhere' does not exist"),
        ("duplicates news -o x.txt", "'x.txt' ends in none of .jsonl, .csv"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_nothing_is_written(arguments: str, message: str) -> None:
    Path("full").mkdir()
    Path("full/x").touch()
    before = {path: path.read_bytes() for path in Path().rglob("*.*")}
    assert message in failed(*arguments.split())
    assert {path: path.read_bytes() for path in Path().rglob("*.*")} == before


@pytest.mark.parametrize(("command", "functions"), [("duplicates", [find_duplicates]), ("dedup", [deduplicate, scrub])])
def test_every_option_of_the_library_is_on_the_command_line_or_library_only(
    command: str, functions: list[Callable[..., Any]]
) -> None:
    of_command = {option.name: option for option in main.commands[command].params if isinstance(option, click.Option)}
    of_library = {
        name: parameter.default
        for function in functions
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }
    own = {"output", "quiet"} | ({"report", "drop_empty"} if command == "dedup" else set())
    assert set(of_command) - own == set(of_library) - set(LIBRARY_ONLY)
    same = ("threshold", "measure", "shingle_words", "recall", "num_perm", "seed", "keep", "text_field", "id_field")
    assert all(of_command[name].default == of_library[name] for name in same if name in of_library)
