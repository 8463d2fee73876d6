from __future__ import annotations

import json
import re
from typing import Any

import pytest

from textreuse.errors import OptionsError
from textreuse.options import DEFAULTS, PRESETS, Derived, Seeds, derive, make_options

# What follows from the promises: recorded on 22 November 2026. A change here changes what every user finds.
GOLDEN = {
    None: Derived(
        window=2,
        words=Seeds(shingle=3, covered=9, hits=3, gap=24, match=12, full=16),
        characters=Seeds(shingle=5, covered=12, hits=2, gap=24, match=28, full=32),
        mismatch_cost=0.75,
        kept_promise=0.9715,
    ),
    "quotation": Derived(
        window=2,
        words=Seeds(shingle=3, covered=4, hits=1, gap=24, match=6, full=7),
        characters=Seeds(shingle=5, covered=6, hits=1, gap=24, match=11, full=14),
        mismatch_cost=1.0,
        kept_promise=0.98,
    ),
    "reprint": Derived(
        window=4,
        words=Seeds(shingle=3, covered=12, hits=2, gap=24, match=26, full=32),
        characters=Seeds(shingle=5, covered=16, hits=2, gap=47, match=63, full=64),
        mismatch_cost=0.75,
        kept_promise=0.99575,
    ),
    "plagiarism": Derived(
        window=1,
        words=Seeds(shingle=3, covered=4, hits=1, gap=50, match=25, full=30),
        characters=Seeds(shingle=4, covered=8, hits=2, gap=100, match=50, full=60),
        mismatch_cost=0.3,
        kept_promise=0.97125,
    ),
    "ocr": Derived(
        window=3,
        words=Seeds(shingle=10, covered=26, hits=2, gap=145, match=125, full=200),
        characters=Seeds(shingle=6, covered=27, hits=4, gap=45, match=86, full=80),
        mismatch_cost=1.0,
        kept_promise=0.97525,
    ),
    "thorough": Derived(
        window=1,
        words=Seeds(shingle=2, covered=3, hits=1, gap=24, match=6, full=8),
        characters=Seeds(shingle=3, covered=9, hits=4, gap=24, match=12, full=17),
        mismatch_cost=0.5,
        kept_promise=0.9965,
    ),
}


def promise(**options: Any) -> tuple[int, float, float]:
    made = make_options(**options)
    return made.min_words, made.edit_rate, made.recall


def test_without_any_option_the_defaults_hold() -> None:
    assert promise() == (20, 0.2, 0.95) == tuple(DEFAULTS.values())[1:4]


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_beats_the_defaults(preset: str) -> None:
    made = make_options(preset=preset).to_dict()
    assert {name: made[name] for name in PRESETS[preset]} == PRESETS[preset]


def test_letters_are_compared_with_thresholds_in_letters() -> None:
    by_letters = make_options(unit="character", min_words=20, edit_rate=0.1)
    assert by_letters.derived.words.shingle > make_options(min_words=20, edit_rate=0.1).derived.words.shingle
    assert by_letters.derived.words.match == 5 * 20 / 2  # five letters count as a word, and words may be short


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"unit": "syllable"}, 'unit=\'syllable\': "word" or "character"'),
        ({"unit": "character", "edit_rate": 0.4}, "edit_rate=0.4: a number from 0.0 to 0.3"),
        ({"unit": "character", "tokenizer": "a+"}, 'tokenizer together with unit="character"'),
    ],
)
def test_options_that_do_not_fit_letters_are_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionsError, match=re.escape(message)):
        make_options(**given)


def test_what_is_given_beats_the_preset() -> None:
    assert promise(preset="reprint", min_words=12) == (12, 0.2, 0.99)
    assert promise(preset="reprint", edit_rate=0.0, recall=0.9) == (40, 0.0, 0.9)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("min_words", 2), ("min_words", 20.0), ("min_words", "20"), ("min_words", True), ("min_words", 10**9),
        ("edit_rate", -0.1), ("edit_rate", 0.61), ("edit_rate", float("nan")), ("edit_rate", "0.2"),
        ("recall", 0.4), ("recall", 1.0), ("preset", "reprints"), ("preset", ["reprint"]),
        ("max_expected", -1), ("max_expected", float("nan")), ("max_matches", -1), ("max_matches", 1.5),
        ("max_partners", 1), ("threads", 0), ("batch_hits", 0), ("shingle_words", 0), ("shingle_words", 256),
        ("window", 0), ("tokenizer", 7),
    ],
)  # fmt: skip
def test_an_option_that_makes_no_sense_is_named_with_its_value(name: str, value: object) -> None:
    with pytest.raises(OptionsError) as raised:
        make_options(**{name: value})  # type: ignore[arg-type]
    assert f"{name}={value!r}" in str(raised.value)


def test_all_bad_options_are_reported_together() -> None:
    bad: dict[str, Any] = {
        "min_words": 0, "edit_rate": 2, "recall": 2, "preset": "none", "max_expected": -1, "max_matches": -1,
        "max_partners": 0, "threads": 0, "batch_hits": 0, "shingle_words": 0, "window": 0, "tokenizer": 0,
    }  # fmt: skip
    with pytest.raises(OptionsError) as raised:
        make_options(**bad)
    assert [name for name in bad if f"{name}={bad[name]!r}" not in str(raised.value)] == []


@pytest.mark.parametrize(
    "options",
    [
        {"max_expected": float("inf")}, {"max_expected": 0}, {"max_matches": 0}, {"min_words": 3, "edit_rate": 0.6},
        {"edit_rate": 0}, {"min_words": 10_000}, {"shingle_words": 5, "window": 7}, {"recall": 0.999},
    ],
)  # fmt: skip
def test_extremes_are_legal(options: dict[str, Any]) -> None:
    derived = make_options(**options).derived
    for seeds in (derived.words, derived.characters):
        assert seeds.covered >= seeds.shingle >= 1
        assert seeds.hits >= 1
        assert seeds.gap >= 1


def test_shingle_and_window_set_by_hand_hold() -> None:
    derived = make_options(shingle_words=4, window=3).derived
    assert (derived.words.shingle, derived.window) == (4, 3)


def test_what_follows_from_the_default_and_the_presets_is_the_same_on_every_machine() -> None:
    assert {preset: make_options(preset=preset).derived for preset in GOLDEN} == GOLDEN


def test_every_preset_keeps_its_promise_in_simulation() -> None:
    for preset in (None, *PRESETS):
        made = make_options(preset=preset)
        assert made.derived.kept_promise >= made.recall


def test_a_lower_edit_rate_never_asks_for_fewer_tokens_in_exact_runs() -> None:
    covered = [derive(20, edit_rate, 0.95, 3, 2).words.covered for edit_rate in (0.4, 0.3, 0.2, 0.1, 0.05)]
    assert covered == sorted(covered)


def test_options_become_plain_values() -> None:
    plain = make_options(preset="reprint").to_dict()
    assert plain["derived"]["words"]["shingle"] == make_options(preset="reprint").derived.words.shingle
    assert json.loads(json.dumps(plain)) == plain


def test_a_tokenizer_is_told_by_its_pattern_or_its_name() -> None:
    def by_letters(text: str) -> list[tuple[int, int]]:
        return [(i, i + 1) for i in range(len(text))]

    assert make_options(tokenizer=r"\w+").to_dict()["tokenizer"] == r"\w+"
    assert "by_letters" in make_options(tokenizer=by_letters).to_dict()["tokenizer"]
