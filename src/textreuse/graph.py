"""Results as graphs: documents are nodes, what two have in common is an edge. For networkx, Gephi and the like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from textreuse.errors import TextReuseError
from textreuse.export import TextStream, lines_to

if TYPE_CHECKING:
    import networkx as nx

    from textreuse.duplicate_result import DuplicateResult
    from textreuse.result import ReuseResult

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Graph(NamedTuple):
    """Attributes of each node by id, and of each pair of ids that an edge connects."""

    nodes: Mapping[str, Mapping[str, Any]]
    edges: Mapping[tuple[str, str], Mapping[str, Any]]


def graph_of_matches(result: ReuseResult) -> Graph:
    """Return all documents with their metadata, and an edge for each two that have matches.

    `matches` is how many, `similarity` that of the most alike, `words` the sum of their words. Matches within one
    document connect it with itself; documents of `against` are not told from others of their id.
    """
    edges: dict[tuple[str, str], dict[str, Any]] = {}
    for match in result.matches:
        ids = match.a.document_id, match.b.document_id
        edge = edges.setdefault((min(ids), max(ids)), {"matches": 0, "similarity": 0.0, "words": 0.0})
        edge["matches"] += 1
        edge["similarity"] = max(edge["similarity"], match.similarity)
        edge["words"] += match.words
    return Graph({id_: result.documents[id_] for id_ in sorted(result.documents)}, dict(sorted(edges.items())))


def graph_of_pairs(result: DuplicateResult) -> Graph:
    """Return the documents of all clusters with the number of theirs, and an edge for each pair that is listed."""
    of_document = {id_: number for number, cluster in enumerate(result.clusters) for id_ in cluster.ids}
    nodes = {id_: {"cluster": of_document[id_]} for id_ in sorted(of_document)}
    edges = {(pair.a, pair.b): {"similarity": pair.similarity} for pair in result.pairs}
    return Graph(nodes, dict(sorted(edges.items())))


def make_networkx(graph: Graph) -> nx.Graph[str]:
    """Return the graph as networkx has it.

    Raises
    ------
    TextReuseError
        If networkx is not installed.
    """
    try:
        import networkx as nx
    except ImportError as error:
        raise TextReuseError(
            "to_networkx needs networkx: pip install 'textreuse[graph]', or use to_graphml."
        ) from error
    made: nx.Graph[str] = nx.Graph()
    made.add_nodes_from((id_, dict(attributes)) for id_, attributes in graph.nodes.items())
    made.add_edges_from((a, b, dict(attributes)) for (a, b), attributes in graph.edges.items())
    return made


def write_graphml(graph: Graph, path: str | Path | TextStream) -> None:
    r"""Write the graph as GraphML, the same bytes for the same graph.

    Attributes are numbers where all of one name are numbers, else text; those that are None are left out. What XML
    cannot hold is written as ``\x00`` and the like.

    Raises
    ------
    TextReuseError
        If the file cannot be written.
    """
    of_nodes, of_edges = _kinds(graph.nodes.values()), _kinds(graph.edges.values())
    with lines_to(path) as stream:
        stream.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        stream.write('<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        for owner, kinds in (("node", of_nodes), ("edge", of_edges)):
            for place, (name, kind) in enumerate(kinds.items()):
                key = f'id="{owner}{place}" for="{owner}"'
                stream.write(f'  <key {key} attr.name={_quoted(name)} attr.type="{kind}"/>\n')
        stream.write('  <graph edgedefault="undirected">\n')
        for id_, attributes in graph.nodes.items():
            stream.write(f"    <node id={_quoted(id_)}>{_data(attributes, of_nodes, 'node')}</node>\n")
        for (a, b), attributes in graph.edges.items():
            data = _data(attributes, of_edges, "edge")
            stream.write(f"    <edge source={_quoted(a)} target={_quoted(b)}>{data}</edge>\n")
        stream.write("  </graph>\n</graphml>\n")


def _kinds(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the names of all attributes, in order, and the type of GraphML that holds all their values."""
    found: dict[str, set[str]] = {}
    for row in rows:
        for name, value in row.items():
            if value is not None:
                found.setdefault(name, set()).add(_kind(value))
    return {
        name: kinds.pop() if len(kinds) == 1 else "double" if kinds == {"long", "double"} else "string"
        for name, kinds in sorted(found.items())
    }


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, Integral):
        return "long" if -(2**63) <= int(value) < 2**63 else "string"
    return "double" if isinstance(value, Real) else "string"


def _data(attributes: Mapping[str, Any], kinds: Mapping[str, str], owner: str) -> str:
    """Return the attributes that are not None as elements."""
    return "".join(
        f'<data key="{owner}{place}">{_text(attributes[name], kind)}</data>'
        for place, (name, kind) in enumerate(kinds.items())
        if attributes.get(name) is not None
    )


def _text(value: Any, kind: str) -> str:
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "double":
        # XML writes NaN and INF, Python nan and inf
        return repr(float(value)).replace("nan", "NaN").replace("inf", "INF")
    return escape(_without_controls(str(value)), {"\r": "&#13;"})


def _quoted(text: str) -> str:
    return quoteattr(_without_controls(text))


def _without_controls(text: str) -> str:
    return NOT_IN_XML.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
