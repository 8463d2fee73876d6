"""The HTML report, on results made by hand: what is in it, that it is safe, that it is the same every time."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from textreuse.model import Edit, Skipped
from textreuse.report import render_html, render_summary, write_html
from textreuse.result import Family, Match, Passage, ReuseResult

OLD = "Before it. The quick brown fox jumps over the lazy dog. After it."
NEW = "Here: the quick red fox jumps right over the dog. And more."


@dataclass(frozen=True)
class Wish:
    min_words: int = 20
    tokenizer: Any = len
    exclude: tuple[str, ...] = ("a prayer <b>",)


def match_of(a: Passage, b: Passage, edits: tuple[Edit, ...] = (), **changes: Any) -> Match:
    values: dict[str, Any] = {"similarity": 0.875, "score": 80.0, "expected": 1e-9, "family": 0, "words": 9.0}
    match = Match(a, b, **(values | changes))
    match.__dict__["alignment"] = edits  # the cached property, computed beforehand
    return match


def fox() -> Match:
    a = Passage("old", 11, 54, OLD)
    b = Passage("new", 6, 48, NEW)
    return match_of(
        a,
        b,
        (
            Edit("equal", 11, 20, 6, 15),
            Edit("replace", 21, 26, 16, 19),
            Edit("equal", 27, 36, 20, 29),
            Edit("insert", 36, 36, 30, 35),
            Edit("equal", 37, 45, 36, 44),
            Edit("delete", 46, 50, 44, 44),
            Edit("equal", 51, 54, 45, 48),
        ),
    )


def result_of(
    *matches: Match,
    skipped: tuple[Skipped, ...] = (),
    documents: Mapping[str, Mapping[str, Any]] | None = None,
    options: object = None,
) -> ReuseResult:
    members: dict[int, dict[Passage, None]] = {}
    for match in matches:
        members.setdefault(match.family, {}).update({match.a: None, match.b: None})
    return ReuseResult(
        matches=matches,
        families=tuple(Family(id_, tuple(passages)) for id_, passages in members.items()),
        skipped=skipped,
        options=cast(Any, options or Wish()),
        stats={"documents": 2 + len(skipped), "seconds": {"align": 0.25}},
        documents=documents or {},
    )


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data = json.loads(found[1])
    assert isinstance(data, dict)
    return data


def without_scripts(page: str) -> str:
    return re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)


def test_passage_has_its_text_and_context_cut_at_a_space() -> None:
    long = "one two " * 30 + "THE PASSAGE" + " three four" * 30
    start = long.index("THE")
    match = match_of(Passage("x", start, start + 11, long), Passage("y", 0, 11, "THE PASSAGE"))
    x, y = data_of(render_html(result_of(match)))["passages"]
    assert x["text"] == y["text"] == "THE PASSAGE"
    assert x["before"].startswith(("one ", "two "))
    assert x["after"].endswith((" three", " four"))
    assert 60 <= len(x["before"]) <= 80
    assert 60 <= len(x["after"]) <= 80
    assert (y["before"], y["after"]) == ("", "")
    assert (x["cut"], y["cut"]) == ([1, 1], [0, 0])


def test_changes_are_relative_to_the_passages() -> None:
    data = data_of(render_html(result_of(fox())))
    [[a, b, *_, flat]] = data["matches"]
    changes = [flat[at : at + 5] for at in range(0, len(flat), 5)]
    text_a, text_b = data["passages"][a]["text"], data["passages"][b]["text"]
    shown = [(kind, text_a[a0:a1], text_b[b0:b1]) for kind, a0, a1, b0, b1 in changes]
    assert shown == [(0, "brown", "red"), (2, "", "right"), (1, "lazy", "")]


def test_offsets_of_changes_count_utf16_units_after_an_emoji() -> None:
    a, b = "🦊🦊 old fox", "🦊 new fox"
    match = match_of(Passage("a", 0, 10, a), Passage("b", 0, 9, b), (Edit("replace", 3, 6, 2, 5),))
    data = data_of(render_html(result_of(match)))
    # Two emoji are four units, one is two; each is followed by a space.
    assert data["matches"][0][7] == [0, 5, 8, 3, 6]
    assert data["passages"][0]["text"].encode("utf-16-le")[10:16].decode("utf-16-le") == "old"


def test_edits_outside_the_passage_are_held_inside() -> None:
    match = match_of(Passage("a", 2, 5, "a bcd e"), Passage("b", 0, 3, "xyz"), (Edit("replace", 0, 7, 0, 3),))
    assert data_of(render_html(result_of(match)))["matches"][0][7] == [0, 0, 3, 0, 3]


def test_every_match_is_in_the_page_and_texts_only_once() -> None:
    first = fox()
    many = [replace(first, b=Passage(f"copy{n}", 6, 48, NEW)) for n in range(300)]
    for match in many:
        match.__dict__["alignment"] = ()
    page = render_html(result_of(*many))
    data = data_of(page)
    assert len(data["matches"]) == 300
    assert len(data["passages"]) == 301
    assert page.count("275 more matches not shown here") == 1  # 300 less the 25 of the table without scripts


def test_hostile_texts_stay_text() -> None:
    evil = '</script><!--<script>alert(1)</script> {{js}} & "quoted" \' end'
    match = match_of(Passage("<i>id</i>", 0, len(evil), evil), Passage("b", 0, len(evil), evil))
    result = result_of(
        match,
        skipped=(Skipped("</script>", "<b>empty</b>"),),
        documents={"b": {"title": "<script>", "date": "</td>", "language": 'en" onload="x'}},
    )
    page = render_html(result)
    assert page.count("</script>") == 2  # the data and the program
    assert data_of(page)["passages"][0]["text"] == evil
    assert "lang" not in data_of(page)["documents"][1]
    for part in (without_scripts(page), render_summary(result)):
        assert "<i>" not in part
        assert "alert(1)</" not in part
    assert "a prayer &lt;b&gt;" in page


def test_lone_surrogates_and_nul_do_not_crash_and_keep_offsets(tmp_path: Path) -> None:
    text = "a\ud800b \udc00\ud83d\ude00 c\x00d"
    match = match_of(Passage("x\udcff", 0, len(text), text), Passage("y", 0, 1, "a"))
    result = result_of(match, skipped=(Skipped("\ud800", "odd"),))
    write_html(result, tmp_path / "report.html")
    data = data_of((tmp_path / "report.html").read_bytes().decode("utf-8"))
    assert data["passages"][0]["text"] == "a\ufffdb \ufffd\ufffd\ufffd c\x00d"  # one for one; JSON can hold a NUL
    render_summary(result).encode("utf-8")


def test_page_loads_nothing_from_elsewhere() -> None:
    page = render_html(result_of(fox()))
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#|data:)|@import|url\(|https?://""", page)
    assert "default-src 'none'" in page


def test_same_result_gives_the_same_bytes() -> None:
    class Splitter:
        def __call__(self, text: str) -> list[str]:
            return text.split()

    first = render_html(result_of(fox(), options=Wish(tokenizer=Splitter())))
    second = render_html(result_of(fox(), options=Wish(tokenizer=Splitter())))
    assert first == second
    assert " at 0x" not in first


def test_families_come_biggest_first_with_members_and_fullest() -> None:
    pair = fox()
    third = match_of(pair.a, Passage("third", 0, 4, "fox."), family=7)
    fourth = match_of(pair.a, Passage("fourth", 0, 4, "fox."), family=7)
    data = data_of(render_html(result_of(pair, third, fourth)))
    assert [(family["id"], family["n"], len(family["members"])) for family in data["families"]] == [
        (7, 3, 3),
        (0, 2, 2),
    ]
    assert data["passages"][data["families"][0]["fullest"]]["text"] == pair.a.text


def test_metadata_names_the_documents() -> None:
    documents: dict[str, dict[str, Any]] = {
        "old": {"title": "Fox", "outlet": "Daily", "date": date(1911, 3, 2), "language": "en"},
        "new": {"date": None, "title": ""},
    }
    old, new = data_of(render_html(result_of(fox(), documents=documents)))["documents"]
    assert old == {"id": "old", "title": "Fox", "source": "Daily", "date": "1911-03-02", "lang": "en"}
    assert new == {"id": "new"}


def test_result_without_texts_gives_offsets_and_says_why() -> None:
    page = render_html(result_of(fox()).without_texts())
    data = data_of(page)
    assert "does not hold the texts" in without_scripts(page)
    assert [set(passage) for passage in data["passages"]] == [{"doc", "start", "stop"}] * 2
    assert data["matches"][0][7] == []
    assert "[11:54]" in page
    assert "fox" not in without_scripts(page)
    assert "does not hold the texts" in render_summary(result_of(fox()).without_texts())


def test_numbers_that_json_lacks_become_words() -> None:
    values = data_of(render_html(result_of(replace_numbers(fox()))))["matches"][0]
    assert values[2:5] == [1, "-inf", "nan"]


def replace_numbers(match: Match) -> Match:
    changed = replace(match, similarity=1.0, score=-math.inf, expected=math.nan)
    changed.__dict__["alignment"] = ()
    return changed


def test_options_and_stats_are_listed_whatever_holds_them() -> None:
    from_dataclass = render_html(result_of(fox(), options=Wish(min_words=12345)))
    from_mapping = render_html(result_of(fox(), options={"min_words": 12345, "nested": {"window": 7}}))
    for page in (from_dataclass, from_mapping):
        assert "<tr><th>min_words</th><td>12,345</td></tr>" in page
        assert "<th>seconds.align</th><td>0.25</td>" in page
    assert "<th>tokenizer</th><td>len</td>" in from_dataclass
    assert "<th>nested.window</th><td>7</td>" in from_mapping


def test_skipped_documents_are_all_in_the_page_with_reasons() -> None:
    skipped = tuple(Skipped(f"empty{n}", "no words") for n in range(500))
    page = render_html(result_of(fox(), skipped=skipped))
    assert len(data_of(page)["skipped"]) == 500
    assert "500 documents skipped: no words" in page


def test_empty_result_makes_a_report() -> None:
    page = render_html(result_of())
    assert "No shared passages were found" in page
    assert data_of(page)["matches"] == []
    assert "0 matches" in render_summary(result_of())


@pytest.mark.parametrize(("n", "said"), [(10, None), (11, "1 more match not shown"), (13, "3 more matches not shown")])
def test_summary_shows_ten_matches_and_counts_the_rest(n: int, said: str | None) -> None:
    summary = render_summary(result_of(*[fox() for _ in range(n)]))
    assert summary.count("<tr>") == 1 + min(n, 10)
    assert ("not shown" in summary) == (said is not None)
    assert said is None or said in summary


def test_similarity_is_not_rounded_up_to_the_whole() -> None:
    match = match_of(Passage("a", 0, 3, "abc"), Passage("b", 0, 3, "abc"), similarity=0.9999)
    assert "99&nbsp;%" in render_summary(result_of(match))


def test_result_writes_its_report(tmp_path: Path) -> None:
    result = result_of(fox())
    result.to_html(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == render_html(result)
    assert result._repr_html_() == render_summary(result)


def test_matches_found_but_not_kept_are_told() -> None:
    result = replace(result_of(fox()), stats={"documents": 2, "matches_found": 7})
    assert "holds 1 of the 7 matches that were found" in without_scripts(render_html(result))
    assert "holds 1 of the 7 matches that were found" not in without_scripts(render_html(result_of(fox())))
