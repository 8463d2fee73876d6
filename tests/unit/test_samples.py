"""What the sample collection promises to hold, checked without the engine: by plain runs of common words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import SequenceMatcher
from itertools import combinations

import pytest

from textreuse.model import Document
from textreuse.samples import load_sample

HAN = re.compile(r"[\u4e00-\u9fff]")


def words_of(text: str) -> list[str]:
    """Return the words in lower case; a Han character is a word, a hyphen at a line end joins."""
    joined = re.sub(r"-\n", "", text.lower())
    bare = re.sub(r"[\u064b-\u0652]", "", joined)  # Arabic vowel marks
    return re.findall(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+", bare.replace("’", "'"))


FOOTER = words_of("The Fjordland Press Group is a member of the Independent Press Council.")
CORRECTION = words_of("An earlier version of this report gave the sum set aside for the fountain as 26 million crowns.")
COST = words_of("If we wait until the wall has failed it will cost thirty, and that sum does not include the homes.")


def longest_run(a: list[str], b: list[str]) -> int:
    return SequenceMatcher(None, a, b, autojunk=False).find_longest_match().size


def count_run(words: list[str], run: list[str]) -> int:
    return sum(words[at : at + len(run)] == run for at in range(len(words)))


@pytest.fixture(scope="module")
def sample() -> Mapping[str, Document]:
    return {document.id: document for document in load_sample()}


@pytest.fixture(scope="module")
def words(sample: Mapping[str, Document]) -> Mapping[str, list[str]]:
    return {name: words_of(document.text) for name, document in sample.items()}


def test_ids_are_unique_sorted_and_metadata_is_complete() -> None:
    documents = load_sample()
    ids = [document.id for document in documents]
    assert ids == sorted(set(ids))
    for document in documents:
        assert set(document.metadata) == {"outlet", "date", "title", "language"}
        assert all(document.metadata.values())
        date.fromisoformat(document.metadata["date"])


def test_articles_are_short_and_in_four_scripts(sample: Mapping[str, Document], words: Mapping[str, list[str]]) -> None:
    assert 12 <= len(sample) <= 20
    for name, tokens in words.items():
        n_words = sum(0.5 if HAN.match(token) else 1 for token in tokens)
        assert 80 <= n_words <= 350, name
    assert {d.metadata["language"] for d in sample.values()} == {"en", "ru", "ar", "zh"}


def test_verbatim_reuse(sample: Mapping[str, Document]) -> None:
    wire = sample["01-northline"].text.split("\n\n")
    courier = sample["03-vellhaven-courier"].text.split("\n\n")
    assert wire[1:4] == courier[1:4]


def test_trimmed_quotation_keeps_pieces_and_shows_its_cuts(
    sample: Mapping[str, Document], words: Mapping[str, list[str]]
) -> None:
    quotation = sample["04-daily-lantern"].text.split("\n\n")[2]
    assert "[...]" in quotation
    assert " ... " in quotation
    assert "[the old quarter]" in quotation
    assert longest_run(words_of(quotation), words["02-open-quay"]) == len(
        words_of("would in my judgement open the wall in a single night, and the fish market")
    )
    assert longest_run(words["08-lantern-opinion"], words["02-open-quay"]) >= 15


def test_edited_reuse_has_replaced_inserted_and_dropped_words(words: Mapping[str, list[str]]) -> None:
    matcher = SequenceMatcher(None, words["09-mainland-gazette"], words["11-island-weekly"], autojunk=False)
    kinds = {tag for tag, *_ in matcher.get_opcodes()}
    shared = sum(size for _, _, size in matcher.get_matching_blocks() if size >= 3)
    assert kinds == {"equal", "replace", "insert", "delete"}
    assert shared >= 50
    assert longest_run(words["09-mainland-gazette"], words["11-island-weekly"]) < 20


def test_two_paragraphs_stand_in_the_other_order(sample: Mapping[str, Document]) -> None:
    wire, observer = sample["01-northline"].text.split("\n\n"), sample["05-coast-observer"].text.split("\n\n")
    both = [paragraph for paragraph in wire if paragraph in observer]
    assert len(both) == 2
    assert wire.index(both[0]) < wire.index(both[1])
    assert observer.index(both[0]) > observer.index(both[1])


def test_one_passage_twice_in_one_article_and_once_in_another(words: Mapping[str, list[str]]) -> None:
    counts = {name: count_run(tokens, COST) for name, tokens in words.items()}
    assert {name: n for name, n in counts.items() if n} == {"02-open-quay": 1, "06-quayside-notes": 2}


def test_correction_notice_and_footer_stand_in_several_outlets(
    sample: Mapping[str, Document], words: Mapping[str, list[str]]
) -> None:
    corrected = {name for name, tokens in words.items() if count_run(tokens, CORRECTION)}
    footed = {name for name, tokens in words.items() if count_run(tokens, FOOTER)}
    assert corrected == {"04-daily-lantern", "05-coast-observer", "07-evening-signal"}
    assert footed == {"03-vellhaven-courier", "05-coast-observer", "07-evening-signal", "10-upland-herald"}
    assert len({sample[name].metadata["outlet"] for name in footed}) == 4


def test_one_article_is_wrapped_hyphenated_and_has_curly_quotes(
    sample: Mapping[str, Document], words: Mapping[str, list[str]]
) -> None:
    signal = sample["07-evening-signal"].text
    assert len(re.findall(r"\w-\n\w", signal)) >= 5
    assert "“" in signal
    assert '"' not in signal
    assert max(map(len, signal.splitlines())) <= 52
    assert longest_run(words["07-evening-signal"], words["01-northline"]) >= 40


def test_one_article_shares_nothing(words: Mapping[str, list[str]]) -> None:
    alone = words["12-endgame-column"]
    assert max(longest_run(alone, tokens) for name, tokens in words.items() if name != "12-endgame-column") < 4


@pytest.mark.parametrize(
    ("first", "second", "at_least"),
    [
        ("13-severnaya-lenta", "14-belorechye", 10),
        ("15-akhbar-alsahil", "16-sawt-alnakhil", 10),
        ("17-yunxi-daily", "18-jiangnan-evening", 30),
    ],
)
def test_pairs_in_other_scripts_share_an_edited_passage(
    words: Mapping[str, list[str]], first: str, second: str, at_least: int
) -> None:
    run = longest_run(words[first], words[second])
    blocks = SequenceMatcher(None, words[first], words[second], autojunk=False).get_matching_blocks()
    assert run >= at_least
    assert sum(size for _, _, size in blocks if size >= 3) > run + 8


def test_scripts_do_not_mix(words: Mapping[str, list[str]], sample: Mapping[str, Document]) -> None:
    for a, b in combinations(sample, 2):
        if sample[a].metadata["language"] != sample[b].metadata["language"]:
            assert longest_run(words[a], words[b]) <= 1
