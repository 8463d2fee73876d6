"""Results as graphs."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any, cast

import networkx as nx
import pytest

import textreuse as tr
from textreuse.errors import TextReuseError
from textreuse.graph import Graph, make_networkx, write_graphml
from textreuse.result import Match, Passage, ReuseResult

TEXT = "the cat sat on the mat and looked at the dog that lay before the fire all day long"


def matched(a: str, b: str, similarity: float, words: float) -> Match:
    return Match(Passage(a, 0, 1), Passage(b, 0, 1), similarity, 1.0, 0.0, 0, words)


def result_of(*matches: Match, documents: dict[str, dict[str, Any]]) -> ReuseResult:
    options = cast(Any, None)  # no graph looks at the options
    return ReuseResult(matches, families=(), skipped=(), options=options, stats={}, documents=documents)


def read_back(graph: Graph, path: Path) -> Any:
    write_graphml(graph, path)
    return nx.read_graphml(path)


def test_two_documents_have_one_edge_for_all_their_matches() -> None:
    result = result_of(
        matched("b", "a", 0.75, 10), matched("a", "b", 0.5, 20), matched("c", "c", 1, 5),
        documents={"b": {"year": 1848}, "a": {}, "c": {"year": None}, "lone": {}},
    )  # fmt: skip
    graph = result.to_networkx()
    assert dict(graph.nodes(data=True)) == {"a": {}, "b": {"year": 1848}, "c": {"year": None}, "lone": {}}
    assert list(graph.edges(data=True)) == [
        ("a", "b", {"matches": 2, "similarity": 0.75, "words": 30}),
        ("c", "c", {"matches": 1, "similarity": 1, "words": 5}),
    ]


def test_near_duplicates_are_nodes_with_their_cluster(tmp_path: Path) -> None:
    result = tr.find_duplicates({"b": TEXT, "a": f"{TEXT} again", "other": "nobody expected the museum to open"})
    graph = result.to_networkx()
    assert dict(graph.nodes(data=True)) == {"a": {"cluster": 0}, "b": {"cluster": 0}}
    assert list(graph.edges(data=True)) == [("a", "b", {"similarity": 15 / 16})]
    result.to_graphml(tmp_path / "pairs.graphml")
    assert nx.utils.edges_equal(nx.read_graphml(tmp_path / "pairs.graphml").edges(data=True), graph.edges(data=True))


def test_graphml_reads_back_with_types(tmp_path: Path) -> None:
    nodes: dict[str, dict[str, Any]] = {
        "a": {"title": '<Größe> & "大小"\r\n', "year": 1848, "share": 0.1, "seen": True, "mixed": 1},
        "b": {"title": None, "year": -1, "share": 2, "seen": False, "mixed": "x", "large": 2**70},
    }
    found = read_back(Graph(nodes, {("a", "b"): {"weight": float("inf")}}), tmp_path / "g.graphml")
    expected = {
        "a": {"title": '<Größe> & "大小"\r\n', "year": 1848, "share": 0.1, "seen": True, "mixed": "1"},
        "b": {"year": -1, "share": 2.0, "seen": False, "mixed": "x", "large": str(2**70)},
    }
    assert dict(found.nodes(data=True)) == expected
    assert list(found.edges(data=True)) == [("a", "b", {"weight": float("inf")})]


def test_what_xml_cannot_hold_is_escaped(tmp_path: Path) -> None:
    found = read_back(Graph({"a\0": {"x\ud800": "\x1b\uffff"}}, {}), tmp_path / "g.graphml")
    assert dict(found.nodes(data=True)) == {r"a\x00": {r"x\ud800": r"\x1b\uffff"}}


def test_a_graph_goes_to_a_stream_the_same_each_time() -> None:
    first, second = io.StringIO(), io.StringIO()
    write_graphml(Graph({"a": {"x": 1}, "b": {}}, {("a", "b"): {}}), first)
    write_graphml(Graph({"a": {"x": 1}, "b": {}}, {("a", "b"): {}}), second)
    assert first.getvalue() == second.getvalue()
    assert '<node id="b"></node>' in first.getvalue()


def test_without_networkx_the_error_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "networkx", None)
    with pytest.raises(TextReuseError, match=r"textreuse\[graph\]"):
        make_networkx(Graph({}, {}))
