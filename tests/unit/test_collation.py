from __future__ import annotations

import csv
import io
import json

import pytest

import textreuse as tr
from textreuse.collation import Collation, collate
from textreuse.samples import load_sample

BASE = "one two three four five six seven eight nine ten"


def collation(*texts: str, base: int = 0) -> Collation:
    witnesses = [tr.Passage(str(number), 0, len(text), text) for number, text in enumerate(texts)]
    return collate(witnesses, base)


def variants(*texts: str) -> list[tuple[str | None, ...]]:
    return [column.texts for column in collation(*texts).variants]


def test_equal_wordings_are_one_column_without_variants() -> None:
    found = collation(BASE, BASE.upper(), BASE)
    assert len(found) == 1
    assert found.variants == ()


def test_replaced_omitted_and_inserted_words_are_columns() -> None:
    other = BASE.replace("three", "3").replace("six ", "").replace("nine", "nine and")
    assert variants(BASE, other) == [("three", "3"), ("six", ""), ("", "and")]


def test_columns_do_not_cut_what_a_witness_replaces() -> None:
    a, b = BASE.replace("three four", "x y z"), BASE.replace("four five", "u")
    assert variants(BASE, a, b) == [("three four five", "x y z five", "three u")]


def test_a_trimmed_witness_is_absent_outside_and_omits_inside() -> None:
    found = collation(BASE, "four five six seven", "one two three four five six seven ten")
    assert found.columns[0].texts[1] is None
    assert [column.texts for column in found.variants] == [("eight nine", None, "")]


def test_readings_name_their_witnesses_the_most_common_first() -> None:
    (column,) = collation(BASE, BASE.replace("two", "2"), BASE, BASE.replace("two", "TWO")).variants
    assert [(reading.text, reading.witnesses) for reading in column.readings] == [("two", (0, 2, 3)), ("2", (1,))]


def test_the_words_of_each_witness_are_all_there_in_order() -> None:
    for family in tr.find_reuse(load_sample(), min_words=8).families:
        found = family.collation()
        assert found.witnesses == family.members
        assert found.witnesses[found.base] == family.fullest
        for row, witness in enumerate(found.witnesses):
            kept = "".join(column.texts[row] or "" for column in found)
            assert [c for c in kept if c.isalnum()] == [c for c in witness.text if c.isalnum()]


def test_the_order_of_witnesses_does_not_matter() -> None:
    texts = [BASE, BASE.replace("two", "2"), BASE.replace("five six", "5"), "three four 5 seven"]
    one = collation(*texts)
    other = collation(*texts[::-1], base=3)
    assert [column.texts for column in one] == [column.texts[::-1] for column in other]


def test_it_prints_and_exports() -> None:
    found = collation(BASE, BASE.replace("two", "<2>"))
    assert str(found).splitlines() == ["[1] 0 fullest", "[2] 1", "2: two [1] | 2 [2]"]
    rows = list(csv.reader(io.StringIO(found.to_csv())))
    assert rows[0][:4] == ["witness", "start", "stop", "date"]
    assert rows[2][4:] == ["one", "2", "three four five six seven eight nine ten"]
    assert json.loads(json.dumps(found.to_dict()))["columns"][1] == ["two", "2"]
    assert "<mark>2</mark>" in found.to_html()


def test_without_texts_it_says_so() -> None:
    family = tr.find_reuse(load_sample(), min_words=10).without_texts().families[0]
    with pytest.raises(tr.MissingTextError):
        family.collation()
