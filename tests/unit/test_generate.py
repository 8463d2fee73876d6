from __future__ import annotations

import hashlib
from collections import Counter
from itertools import combinations, pairwise

import numpy as np
import pytest
from benchmarks import generate
from benchmarks.generate import collection, documents, noise, plant, prose, resample_bigrams, word_spans

from textreuse.model import Document


def words_of(text: str) -> list[str]:
    return [text[start:stop] for start, stop in word_spans(text)]


def edit_distance(a: list[str], b: list[str]) -> int:
    row = list(range(len(b) + 1))
    for i, word in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            previous, row[j] = row[j], min(previous + (word != other), row[j] + 1, row[j - 1] + 1)
    return row[-1]


NUMBERED = Document("source", ", ".join(f"Source{i}" for i in range(60)) + ".")
TARGET = Document("target", " ".join(f"Target{i}" for i in range(40)) + ".")


def test_words_are_pronounceable_and_different_and_the_same_everywhere() -> None:
    words = generate.vocabulary()
    assert len(set(words)) == len(words) == 20_000
    assert all(word.isascii() and word.isalpha() and set(word) & set("aeiou") for word in words)
    short, long = (np.mean([len(word) for word in part]) for part in (words[:100], words[-10_000:]))
    assert short < long


def test_frequencies_follow_zipf() -> None:
    counts = [n for _, n in Counter(generate.draw_words(200_000, generate.random_generator(1))).most_common(1000)]
    # frequency ~ 1 / (rank + 2.7)**1.07, so rank 10 is drawn (102.7 / 12.7)**1.07 = 9.4 times as often as rank 100.
    assert 8 < counts[9] / counts[99] < 11


@pytest.mark.parametrize("n_words", [0, 1, 5, 6, 7, 100, 1234])
def test_prose_has_the_words_asked_for_in_sentences(n_words: int) -> None:
    text = prose(n_words, 3)
    assert len(word_spans(text)) == n_words
    assert all(sentence[0].isupper() for sentence in text.replace("\n\n", " ").split(". ") if sentence)


def test_same_seed_gives_the_same_bytes_on_every_machine() -> None:
    texts, planted = collection(12, 5, reuse_rate=0.5, duplicate_rate=0.2)
    digest = hashlib.sha256(repr((texts, planted)).encode()).hexdigest()
    assert digest == "333b90ef0d34c63f491ba29239ed820b4c587bdb5e3c92cb075934abf9cf91a2"
    assert collection(12, 6, reuse_rate=0.5, duplicate_rate=0.2)[0] != texts


def test_a_document_does_not_depend_on_how_many_follow() -> None:
    assert list(documents(3, 9)) == list(documents(8, 9))[:3]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("rate", [0.0, 0.1, 0.3, 1.0])
def test_planted_copy_stands_where_the_truth_says_with_exactly_the_edits_asked_for(rate: float, seed: int) -> None:
    target, truth = plant(NUMBERED, TARGET, words=20, edit_rate=rate, seed=seed)
    passage = words_of(NUMBERED.text[truth.source_start : truth.source_stop])
    copy = words_of(target.text[truth.target_start : truth.target_stop])
    assert len(passage) == 20
    assert all(b == a + 1 for a, b in pairwise(int(word.removeprefix("Source")) for word in passage))
    n_edits = round(rate * 20)
    n_replaced, n_dropped, n_inserted = (n_edits + 2) // 3, (n_edits + 1) // 3, n_edits // 3
    kept = [word for word in copy if word.startswith("Source")]
    assert len(kept) == 20 - n_replaced - n_dropped
    assert len(copy) - len(kept) == n_replaced + n_inserted
    assert edit_distance(passage, copy) <= n_edits
    rest = target.text[: truth.target_start] + target.text[truth.target_stop :]
    assert words_of(rest) == words_of(TARGET.text)


def test_edits_at_random_places_do_not_undo_each_other() -> None:
    # All 50 words differ, so 5 edits are at distance 5, save where a word is dropped beside one inserted.
    distances = []
    for seed in range(30):
        target, truth = plant(NUMBERED, TARGET, words=50, edit_rate=0.1, seed=seed)
        passage = words_of(NUMBERED.text[truth.source_start : truth.source_stop])
        distances.append(edit_distance(passage, words_of(target.text[truth.target_start : truth.target_stop])))
    assert max(distances) == 5
    assert np.mean(distances) > 4.5


def test_edges_stay_when_asked() -> None:
    for seed in range(20):
        target, truth = plant(NUMBERED, TARGET, words=12, edit_rate=0.5, seed=seed, keep_edges=True)
        passage = words_of(NUMBERED.text[truth.source_start : truth.source_stop])
        copy = words_of(target.text[truth.target_start : truth.target_stop])
        assert (copy[0], copy[-1]) == (passage[0], passage[-1])


def test_a_document_may_copy_from_itself() -> None:
    for seed in range(20):
        document, truth = plant(NUMBERED, NUMBERED, words=10, seed=seed)
        copy = document.text[truth.target_start : truth.target_stop]
        assert document.text[truth.source_start : truth.source_stop] == copy
        assert len(words_of(copy)) == 10


def test_places_differ_and_include_both_ends() -> None:
    starts = {plant(NUMBERED, Document("t", "one two"), words=2, seed=seed)[1].target_start for seed in range(50)}
    assert starts == {0, len("one "), len("one two ")}


def test_an_empty_target_becomes_the_copy() -> None:
    target, truth = plant(NUMBERED, Document("t", ""), words=5, edit_rate=0.2, seed=1)
    assert (truth.target_start, truth.target_stop) == (0, len(target.text))


def test_what_cannot_be_planted_is_refused() -> None:
    with pytest.raises(ValueError, match="'source' has no free passage of 61 words"):
        plant(NUMBERED, TARGET, words=61, seed=1)
    with pytest.raises(ValueError, match="'source' has no free passage of 1 words"):
        plant(NUMBERED, TARGET, words=1, seed=1, avoid_in_source=[(0, len(NUMBERED.text))])
    with pytest.raises(ValueError, match="40 edits do not fit into 20 words"):
        plant(NUMBERED, TARGET, words=20, edit_rate=2.0, seed=1)


def test_collection_tells_where_everything_stands_in_the_final_texts() -> None:
    texts, planted = collection(40, 8, reuse_rate=2.0, edit_rate=0.0, passage_words=(5, 12), duplicate_rate=0.1)
    assert (len(texts), len(planted)) == (40, 84)
    text = {document.id: document.text for document in texts}
    for truth in planted:
        source = text[truth.source_id][truth.source_start : truth.source_stop]
        assert source == text[truth.target_id][truth.target_start : truth.target_stop]
    assert all(5 <= len(word_spans(text[t.source_id][t.source_start : t.source_stop])) <= 12 for t in planted[4:])


def test_no_planted_piece_of_a_collection_touches_another() -> None:
    _, planted = collection(30, 2, reuse_rate=1.5, passage_words=15, duplicate_rate=0.1)
    spans = [s for truth in planted for s in (truth[:3], truth[3:])]
    for (a_id, a_start, a_stop), (b_id, b_start, b_stop) in combinations(spans, 2):
        assert a_id != b_id or a_stop <= b_start or b_stop <= a_start


def test_near_duplicates_are_listed_end_to_end() -> None:
    texts, planted = collection(10, 4, reuse_rate=0.0, edit_rate=0.1, duplicate_rate=0.3)
    text = {document.id: document.text for document in texts}
    assert [(truth.source_id, truth.target_id) for truth in planted] == [
        ("d0000", "d0009"),
        ("d0001", "d0008"),
        ("d0002", "d0007"),
    ]
    for truth in planted:
        original, copy = words_of(text[truth.source_id]), words_of(text[truth.target_id])
        n_edits = round(0.1 * len(original))
        assert (truth.source_start, truth.target_start) == (0, 0)
        assert len(copy) == len(original) - (n_edits + 1) // 3 + n_edits // 3
        assert 0.8 * n_edits < edit_distance(original, copy) <= n_edits


def test_resampled_text_keeps_bigrams_and_breaks_longer_runs() -> None:
    source = prose(20_000, 11)
    words = [word.casefold() for word in words_of(source)]
    resampled = [word.casefold() for word in words_of(resample_bigrams(source.split("\n\n"), 20_000, 1))]
    assert len(resampled) == 20_000
    bigrams = list(pairwise(resampled))
    assert set(bigrams) <= {*pairwise([*words, words[0]])}
    # How often a bigram follows its first word is kept too: compare the most frequent ones.
    before, after = Counter(pairwise(words)), Counter(bigrams)
    for bigram, n in before.most_common(5):
        assert abs(after[bigram] - n) < 5 * n**0.5
    runs = set(zip(words, words[1:], words[2:], words[3:], words[4:], words[5:], strict=False))
    again = list(zip(*(resampled[i:] for i in range(6)), strict=False))
    assert sum(run in runs for run in again) < 0.9 * len(again)


def test_resampling_nothing_gives_nothing() -> None:
    assert resample_bigrams(["", "..."], 10, 1) == ""
    assert resample_bigrams(["one"], 3, 1) == "one one one"


def test_noise_misreads_as_many_characters_as_asked() -> None:
    text = "z" * 500 + " \n " + "é" * 500  # no look-alikes, so a substitution gives one letter or ~
    assert noise(text, 0.0, 1) == text
    noisy = noise(text, 0.1, 1)
    assert noisy != text
    assert noisy == noise(text, 0.1, 1)
    untouched = noisy.count("z") + noisy.count("é")
    # 100 of 1,000 are misread; a stray letter keeps the character itself (about 10), and may be a z in turn.
    assert 900 <= untouched <= 900 + 25
