"""Designs and kinds of record. All texts are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.tag.design import designs
from kb.tag.kinds import of_record
from kb.tag.publication_types import tells_of_people
from kb.tag.record import Passage, TagRecord
from kb.tag.sentences import sentences
from kb.tag.tags import Tag
from kb.vocabulary import Vocabulary


def record(title: str = "", abstract: str = "", **more: object) -> TagRecord:
    passages = (Passage("title", "title", title), Passage("abstract", "abstract", abstract))
    return TagRecord("r1", passages=passages, **more)  # type: ignore[arg-type]


def tagged(title: str = "", abstract: str = "", **more: object) -> list[Tag]:
    one = record(title, abstract, **more)
    told = {p.field: list(sentences(p)) for p in one.passages}
    return designs(one, told, of_record(one, told))


def present(title: str = "", abstract: str = "", **more: object) -> set[str]:
    return {tag.concept for tag in tagged(title, abstract, **more) if tag.assertion == "present"}


def kinds(title: str = "", abstract: str = "", **more: object) -> set[str]:
    one = record(title, abstract, **more)
    return {kind[0] for kind in of_record(one, {p.field: list(sentences(p)) for p in one.passages})}


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("We ran a randomised, placebo-controlled trial in 60 adults.", {"randomised-controlled"}),
        ("Sixty patients were randomly assigned to cells or observation.", {"randomised-controlled"}),
        ("Following screening, 40 patients were randomized to three arms.", {"randomised-controlled"}),
        ("Half the patients were chosen by a random number table to get cells.", {"randomised-controlled"}),
        ("Of 24 patients 12 were allocated at random to cells.", {"randomised-controlled"}),
        ("Patients were divided into a surgery group and a group given cells as well.", {"comparative"}),
        ("They were compared with 22 children treated in earlier years.", {"matched-cohort"}),
        ("Cells were given to nine patients; the dose was raised in steps.", {"dose-escalation"}),
        ("In this non-randomised controlled trial 40 patients chose their arm.", {"nonrandomised-controlled"}),
        ("Patients were allocated according to their own preference.", {"nonrandomised-controlled"}),
        ("This open-label, single-arm study treated nine adults.", {"single-arm"}),
        ("Nine patients got cells in a 3+3 dose-escalation design.", {"dose-escalation"}),
        ("Patients were compared with historical controls.", {"matched-cohort"}),
        ("A propensity score was used to match 40 patients.", {"matched-cohort"}),
        ("In this prospective cohort 90 patients were followed.", {"cohort"}),
        ("We retrospectively analysed 38 adults who received cells.", {"cohort"}),
        ("This cross-sectional study asked 90 donors.", {"cross-sectional"}),
        ("We describe a case series of patients given cells.", {"case-series"}),
        ("Patients in the control group received chemotherapy alone.", {"comparative"}),
        ("Twelve patients received cells.", set()),
    ],
)
def test_words_for_designs(text: str, concepts: set[str]) -> None:
    assert present("Killer cells in lymphoma", text) == concepts


@pytest.mark.parametrize(
    ("text", "assertion"),
    [
        ("Twelve adults received cells. Randomised trials are warranted.", "possible"),
        ("In a previous randomised trial the drug failed. We treated 12 adults.", "historical"),
    ],
)
def test_a_design_of_another_study_is_not_this_ones(text: str, assertion: str) -> None:
    found = [tag for tag in tagged("Killer cells", text) if tag.concept == "randomised-controlled"]
    assert [tag.assertion for tag in found] == [assertion]


@pytest.mark.parametrize(
    "text",
    [
        "Twelve patients received cells. Mice were randomised into two groups.",
        "Mendelian randomisation links the gene to 12 patients who received cells.",
        "Twelve patients were treated outside a trial and were not randomised.",
        "Twelve patients and a healthy control group were compared; patients received cells.",
        "Induction was 7+3; 12 patients received it.",
    ],
)
def test_words_that_tell_no_design_of_people(text: str) -> None:
    assert present("Killer cells in lymphoma", text) == set()


@pytest.mark.parametrize(
    ("types", "concepts"),
    [
        (("Randomized Controlled Trial",), {"randomised-controlled"}),
        (("Case Reports",), {"case-report"}),
        (("Meta-Analysis", "Review"), {"systematic-review"}),
        (("Review",), {"narrative-review"}),
        (("Controlled Clinical Trial",), {"comparative"}),
        (("Comparative Study", "Journal Article"), set()),
        (("Observational Study",), {"cohort"}),
        (("Clinical Trial Protocol",), {"protocol"}),
    ],
)
def test_publication_types(types: tuple[str, ...], concepts: set[str]) -> None:
    found = tagged("Killer cells", "", publication_types=types)
    assert {tag.concept for tag in found} == concepts
    assert {tag.origin for tag in found} <= {"publication_type"}


def test_the_registrys_study_type() -> None:
    one = TagRecord("r", "registration", (), study_type="OBSERVATIONAL")
    assert [(tag.concept, tag.origin) for tag in designs(one, {}, [])] == [("cohort", "registry")]
    assert designs(TagRecord("r", "registration", (), study_type="INTERVENTIONAL"), {}, []) == []


KINDS = [
    ("Killer cells in lymphoma: a review", "", {"review"}),
    ("Killer cells against cancer: current status and future directions", "", {"review"}),
    ("Killer cells", "Here we review recent advances in therapy with killer cells.", {"review"}),
    ("Killer cells", "In this review, we discuss trials in lymphoma.", {"review"}),
    ("Killer cells", "This article summarises the current evidence.", {"review"}),
    ("Killer cells in lymphoma: a systematic review and meta-analysis", "", {"review", "systematic_review"}),
    ("Killer cells", "PubMed and Embase were searched for trials of cells.", {"review", "systematic_review"}),
    ("Killer cells for lymphoma: study protocol for a randomised trial", "", {"protocol"}),
    ("Rationale and design of the ABCDE trial of killer cells", "", {"protocol"}),
    ("A phase 2 trial of killer cells: trial in progress", "", {"protocol"}),
    ("Killer cells in lymphoma", "Forty patients will be enrolled at two centres.", {"protocol"}),
    ("Killer cells in lymphoma: a post hoc analysis of a trial", "", {"secondary_analysis"}),
    ("Long-term follow-up of patients given killer cells", "", {"secondary_analysis"}),
    ("Killer cells", "We performed a secondary analysis of the ABCDE trial.", {"secondary_analysis"}),
    ("Killer cells kill lymphoma in mice", "Mice lived longer.", {"preclinical"}),
    ("A new receptor for killer cells", "Cell lines were killed in vitro. Xenografts shrank.", {"preclinical"}),
    ("A receptor kills organoids", "Organoids of seven patients died. Mice lived. We plan a trial.", {"preclinical"}),
    ("A case report of killer cells", "A 40-year-old man with lymphoma received cells.", {"case_report"}),
    ("Killer cells in lymphoma", "We report the first case of fever. A 9-year-old boy had it.", {"case_report"}),
    ("Comment on: Killer cells in lymphoma", "", {"commentary"}),
    ("Retraction: Killer cells in lymphoma", "", {"retraction_notice"}),
]


@pytest.mark.parametrize(("title", "abstract", "expected"), KINDS)
def test_kinds(title: str, abstract: str, expected: set[str]) -> None:
    assert kinds(title, abstract) == expected


NOT_THAT_KIND = [
    ("Killer cells", "We reviewed the charts of 12 patients who received cells.", "review"),
    ("Killer cells", "The institutional review board agreed. Nine patients were treated.", "review"),
    ("Killer cells: a retrospective review of 12 patients", "Patients received cells.", "review"),
    ("Killer cells: case report and review of the literature", "A 9-year-old boy received cells.", "review"),
    ("Killer cells", "METHODS: Cells were given. We discuss the current evidence on trials.", "review"),
    ("Killer cells in mice and in patients", "Mice lived longer. Nine patients received cells.", "preclinical"),
    ("Killer cells: xenograft studies and a phase I trial", "Mice lived longer in vitro.", "preclinical"),
    ("Killer cells expanded ex vivo", "Twelve patients were infused with cells cultured in vitro.", "preclinical"),
    ("Killer cells expanded ex vivo in lymphoma", "We report a phase 1 trial. Mice had lived.", "preclinical"),
    ("A protocol for the expansion of killer cells", "", "protocol"),
    ("Design of a receptor for killer cells", "", "protocol"),
    ("Killer cells", "Nine patients received cells. Secondary endpoints were survival.", "secondary_analysis"),
    ("Killer cells", "Twelve patients received cells. One was a 40-year-old man with lymphoma.", "case_report"),
    ("RETRACTED: Killer cells in lymphoma", "", "retraction_notice"),
    ("Meta-analysis of mutant cancers identifies a gene", "", "systematic_review"),
]


@pytest.mark.parametrize(("title", "abstract", "flag"), NOT_THAT_KIND)
def test_what_only_looks_like_that_kind(title: str, abstract: str, flag: str) -> None:
    assert flag not in kinds(title, abstract)


def test_publication_types_make_kinds() -> None:
    assert kinds(publication_types=("Review", "Retraction of Publication")) == {"review", "retraction_notice"}
    assert kinds(publication_types=("Meta-Analysis",)) == {"systematic_review", "review"}
    assert kinds("Design of the ABC trial of killer cells", publication_types=("Review",)) == {"protocol"}
    assert kinds("Cells in vitro", "In vitro and in mice.", publication_types=("Clinical Trial, Phase I",)) == set()


def test_a_registration_is_neither_protocol_nor_review() -> None:
    summary = Passage("summary", "summary", "Patients will receive cells. In this review of mice, we discuss trials.")
    one = TagRecord("r", "registration", (Passage("title", "title", "Killer cells"), summary))
    assert of_record(one, {p.field: list(sentences(p)) for p in one.passages}) == []


def test_designs_follow_kinds() -> None:
    assert present("Killer cells in mice", "Mice were randomised. Mice lived.") == {"laboratory"}
    assert present("Killer cells: study protocol of a randomised trial") == {"protocol", "randomised-controlled"}
    review = tagged("A systematic review of randomised trials of killer cells")
    assert {(tag.concept, tag.assertion) for tag in review} == {
        ("systematic-review", "present"),
        ("randomised-controlled", "historical"),
    }


def test_offsets_are_of_the_field() -> None:
    abstract = "Nobody knew. Patients were randomly assigned to cells."
    [tag] = tagged("Killer cells", abstract)
    assert abstract[tag.start : tag.end] == tag.text == "randomly assigned"
    one = record("Killer cells: study protocol", "")
    [kind] = of_record(one, {"title": list(sentences(one.passages[0]))})
    assert kind[:3] == ("protocol", "title", "title")
    assert one.passages[0].text[kind[3] : kind[4]] == "study protocol"


def test_types_that_tell_of_people() -> None:
    assert tells_of_people(["Clinical Trial, Phase I"])
    assert tells_of_people(["Case Reports"])
    assert not tells_of_people(["Clinical Trial, Veterinary", "Clinical Trial Protocol", "Journal Article"])


def test_every_concept_is_in_the_vocabulary(vocabulary: Vocabulary) -> None:
    from kb.tag import design, publication_types

    named = {concept for concept, _ in design._WORDS} | set(publication_types._DESIGNS.values())
    named |= set(design._REVIEWING.values()) | set(design._FROM_KIND.values())
    assert {concept for concept in named if ("design", concept) not in vocabulary} == set()


WORDS = st.sampled_from(
    (
        *("randomised", "we", "review", "mice", "patients", "received", "12", "case", "report", "a", "the", "protocol"),
        *("trial", "will", "be", "enrolled", "control", "group", "previous", ".", ",", "systematic", "study", "of"),
    )
)


@given(st.lists(WORDS, max_size=20), st.lists(WORDS, max_size=20))
def test_any_text_is_read_and_offsets_hold(title: list[str], abstract: list[str]) -> None:
    texts = {"title": " ".join(title), "abstract": " ".join(abstract)}
    for tag in tagged(texts["title"], texts["abstract"]):
        assert tag.start is not None
        assert texts[tag.field][tag.start : tag.end] == tag.text


@pytest.mark.parametrize(
    "piece", ["randomized ", "patients were ", "review of the ", "will be ", "a , b ( ", "case of "]
)
def test_long_hostile_text_comes_to_an_end(piece: str) -> None:
    assert isinstance(tagged(piece * 400, piece * 400), list)


def test_a_cut_text_does_not_make_a_paper_preclinical() -> None:
    text = "Cell lines were killed in vitro. Mice lived longer, and when"
    assert kinds("A new receptor", text) == {"preclinical"}
    assert kinds("A new receptor", text, truncated=True) == set()
