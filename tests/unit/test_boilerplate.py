from __future__ import annotations

import pytest
from benchmarks.generate import prose

import textreuse as tr
from textreuse.samples import load_sample

FOOTER = "This newsletter is sent to all members of the society; to leave the list write to the secretary at the hall."


def with_footer(n: int) -> list[tr.Document]:
    return [tr.Document(f"d{i:03}", f"{prose(150, i)}\n\n{FOOTER}") for i in range(n)]


def test_a_footer_of_many_documents_is_set_apart() -> None:
    result = tr.find_reuse(with_footer(40), min_words=12)
    assert len(result) == 0
    assert result.families == ()
    assert all(match.boilerplate for match in result.boilerplate)
    (family,) = result.boilerplate_families
    assert family.boilerplate
    assert family.n_documents == 40
    assert (result.stats["boilerplate_matches"], result.stats["matches_found"]) == (len(result.boilerplate), 0)


@pytest.mark.parametrize("n", [6, 40])
def test_what_becomes_of_boilerplate_is_an_option(n: int) -> None:
    separate, keep, drop = (
        tr.find_reuse(with_footer(n), min_words=12, boilerplate=mode) for mode in ("separate", "keep", "drop")
    )
    assert keep.matches == separate.boilerplate
    assert keep.families == separate.boilerplate_families
    assert (keep.boilerplate, keep.boilerplate_families) == ((), ())
    assert (len(drop), drop.families, drop.boilerplate, drop.boilerplate_families) == (0, (), (), ())
    assert drop.stats["boilerplate_matches"] == len(keep)


def test_an_option_that_is_none_is_an_error() -> None:
    with pytest.raises(tr.OptionsError, match="boilerplate='hide'"):
        tr.find_reuse(["a", "b"], boilerplate="hide")


def test_the_footer_of_the_sample_is_boilerplate_and_nothing_else_is() -> None:
    result = tr.find_reuse(load_sample(), min_words=10)
    (family,) = result.boilerplate_families
    assert {member.document_id[:2] for member in family} == {"03", "05", "07", "10"}
    assert all(member.text.startswith("The Fjordland Press Group is a member") for member in family)
    assert not any(match.boilerplate for match in result)


def test_a_reprinted_article_is_not_boilerplate() -> None:
    article = prose(260, 1)
    documents = [tr.Document(f"p{i:03}", f"{prose(80, 100 + i)}\n\n{article}") for i in range(60)]
    documents += [tr.Document(f"x{i:03}", prose(300, 300 + i)) for i in range(40)]
    result = tr.find_reuse(documents)
    assert len(result) == 60 * 59 // 2  # first it is held against a few only; when it is known, against all
    assert len(result.boilerplate) == 0
    assert len(result.families) == 1


def test_boilerplate_is_listed_with_a_few_partners_or_with_as_many_as_are_asked_for() -> None:
    few, all_of_them = (tr.find_reuse(with_footer(40), min_words=12, max_partners=n) for n in (None, 64))
    assert len(all_of_them.boilerplate) == 40 * 39 // 2
    # each of the 39 later pages chooses the one with most hits, and one by lot
    assert 39 <= len(few.boilerplate) <= 2 * 39
    assert few.stats["passed_hits"] > all_of_them.stats["passed_hits"] == 0
    assert [member.document_id for member in few.boilerplate_families[0]] == [
        member.document_id for member in all_of_them.boilerplate_families[0]
    ]


def test_why_a_match_of_boilerplate_is_not_listed_is_explained() -> None:
    result = tr.find_reuse(with_footer(40), min_words=12)
    listed = {(match.a.document_id, match.b.document_id) for match in result.boilerplate}
    ids = sorted(result.documents)
    unlisted = next((a, b) for a in ids for b in ids if a < b and (a, b) not in listed)
    assert "not listed, though it is a match by itself" in str(result.explain(*unlisted))
    assert "not listed" not in str(result.explain(*min(listed)))


def test_what_is_rare_is_found_amid_boilerplate() -> None:
    letter = prose(40, 7000)  # the pages have the seeds from 0 on
    documents = with_footer(40)
    for i in (12, 30):
        documents[i] = tr.Document(f"d{i:03}", f"{prose(150, i)}\n\n{letter}\n\n{FOOTER}")
    result = tr.find_reuse(documents, min_words=12)
    (match,) = result
    assert {match.a.document_id, match.b.document_id} == {"d012", "d030"}
    assert letter in match.a.text


def test_trimmed_copies_of_a_reprinted_article_are_not_boilerplate() -> None:
    article = prose(400, 1).split()
    documents = [tr.Document(f"p{i:03}", f"{prose(200, 100 + i)}\n\n{' '.join(article)}") for i in range(40)]
    documents += [
        tr.Document(f"t{i:03}", f"{prose(200, 200 + i)}\n\n{' '.join(article[50:90])}\n\n{prose(200, 400 + i)}")
        for i in range(20)
    ]
    assert len(tr.find_reuse(documents).boilerplate) == 0


def test_a_quotation_in_the_midst_of_few_documents_is_not_boilerplate() -> None:
    quoted = prose(25, 777)
    documents = [tr.Document(f"d{i}", f"{prose(150, i)}\n\n{quoted}\n\n{prose(150, 50 + i)}") for i in range(8)]
    result = tr.find_reuse(documents, min_words=12)
    assert len(result) == 28  # every pair of eight
    assert len(result.boilerplate) == 0


def test_copies_of_a_formulaic_document_are_not_boilerplate() -> None:
    documents = [tr.Document(f"d{i:03}", f"{prose(60, i)} {FOOTER}") for i in range(50)]
    documents.append(tr.Document("copy", documents[3].text))
    result = tr.find_reuse(documents, min_words=12)
    assert [(match.a.document_id, match.b.document_id) for match in result] == [("copy", "d003")]


def test_documents_of_one_group_count_as_one() -> None:
    documents = [tr.Document(f"d{i:03}", f"{prose(150, i)}\n\n{FOOTER}", {"paper": i % 3}) for i in range(40)]
    result = tr.find_reuse(documents, min_words=12, group="paper")
    assert len(result) > 0
    assert len(result.boilerplate) == 0


def test_boilerplate_holds_no_families_together() -> None:
    documents = with_footer(40)
    stories = [prose(60, 1000), prose(60, 2000)]
    documents = [
        tr.Document(d.id, f"{d.text[: -len(FOOTER)]}{stories[i % 2] if i < 4 else ''} {FOOTER}")
        for i, d in enumerate(documents)
    ]
    result = tr.find_reuse(documents, min_words=12)
    assert [family.n_documents for family in result.families] == [2, 2]


def test_rows_say_whether_they_are_boilerplate() -> None:
    result = tr.find_reuse(with_footer(6), min_words=12, boilerplate="keep")
    assert all(match.to_dict()["boilerplate"] is True for match in result)
