"""Phases: as registries, publication types and authors write them, and whose trial it is. All texts are invented."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.evaluate.disputed import load_adjudications
from kb.tag import kinds
from kb.tag.phase import phases
from kb.tag.phase_words import concepts_of, phase_mentions
from kb.tag.record import Passage, TagRecord
from kb.tag.sentences import sentences
from kb.tag.standing import Place, standing
from kb.tag.tags import Tag
from kb.vocabulary import Vocabulary
from tests.conftest import DATA, ROOT


def tags(title: str = "", abstract: str = "", **more: object) -> list[Tag]:
    passages = (Passage("title", "title", title), Passage("abstract", "abstract", abstract))
    record = TagRecord("r1", passages=passages, **more)  # type: ignore[arg-type]
    return _phases(record)


def _phases(record: TagRecord) -> list[Tag]:
    told = {p.field: list(sentences(p)) for p in record.passages}
    return phases(record, told, {kind[0] for kind in kinds.of_record(record, told)})


def of_text(title: str = "", abstract: str = "", **more: object) -> dict[str, set[str]]:
    """Concepts of the text, by assertion."""
    found: dict[str, set[str]] = {}
    for tag in tags(title, abstract, **more):
        if tag.origin == "text":
            found.setdefault(tag.assertion, set()).add(tag.concept)
    return found


SPELLINGS = [
    ("phase I trial", "phase-1"),
    ("phase-II study", "phase-2"),
    ("phase\u2011II study", "phase-2"),
    ("PHASE III TRIAL", "phase-3"),
    ("Phase 4 study", "phase-4"),
    ("phase IV clinical study", "phase-4"),
    ("phase one study", "phase-1"),
    ("phase 1b study", "phase-1"),
    ("phase Ib trial", "phase-1"),
    ("phase I(b) trial", "phase-1"),
    ("phase I-b trial", "phase-1"),
    ("phase 1a/b study", "phase-1"),
    ("phase 1/1b trial", "phase-1"),
    ("phase 2a trial", "phase-2"),
    ("phase IIb, randomised trial", "phase-2"),
    ("phase I/II study", "phase-1-2"),
    ("phase I / II study", "phase-1-2"),
    ("phase 1–2 study", "phase-1-2"),
    ("phase I&#x02013;II trial", "phase-1-2"),
    ("phase 1b/2a trial", "phase-1-2"),
    ("phase I/IIa clinical trial", "phase-1-2"),
    ("phase I/phase II trial", "phase-1-2"),
    ("phase 1 and phase 2 trial", "phase-1-2"),
    ("phase 1b and randomised, phase 2 trial", "phase-1-2"),
    ("phase 1b followed by a randomised phase 2 trial", "phase-1-2"),
    ("phase II/III seamless design", "phase-2-3"),
    ("phase 2b/3 study", "phase-2-3"),
    ("seamless phase 2/3 trial", "phase-2-3"),
    ("phase Ⅱ trial", "phase-2"),
    ("phase l/ll trial", "phase-1-2"),
    ("Ph 1/2 study", "phase-1-2"),
    ("I/II phase clinical trial", "phase-1-2"),
    ("early phase 1 trial", "early-phase-1"),
    ("phase 0 trial", "early-phase-1"),
    ("phase 1b/3 study", "phase-1 phase-3"),
    ("phases 1 and 2 trials", "phase-1 phase-2"),
    ("phase I and II studies", "phase-1 phase-2"),
    ("phases I, II and III trials", "phase-1 phase-2 phase-3"),
    ("phase 2, 3-arm trial", "phase-2"),
    ("phase 2 dose-finding study", "phase-2"),
    ("phase 1 dose-escalation trial", "phase-1"),
]


@pytest.mark.parametrize(("words", "expected"), SPELLINGS)
def test_spellings(words: str, expected: str) -> None:
    found = [tag for tag in tags(f"Donor killer cells in lymphoma: a {words}") if tag.origin == "text"]
    assert {tag.concept for tag in found} == set(expected.split())
    assert {tag.assertion for tag in found} == {"present"}


LOOK_ALIKES = [
    "Killer cell activity in the luteal phase of the cycle",
    "Chronic phase and blast phase myeloid leukaemia",
    "Cells arrested in S phase 2 hours after release",
    "The phase III secretion system of a bacterium",
    "Expression of phase I and II enzymes in liver slices",
    "Phase II metabolism of a flavonoid",
    "Phase 1 of the cardiac action potential",
    "Phase 3 repolarisation in ventricular cells",
    "A biphasic response to interferon",
    "Phase angle and nutrition in cancer",
    "Mobile phase 2 of the column was methanol",
    "Phase 10 of the building works",
    "Phase 1.5 relaxations",
    "First-phase insulin and phase 2 insulin release",
    "Phase 1 of the project: interviews with nurses",
    "Ph1 chromosome-positive leukaemia in children",
    "Transcription from the phi 2.5 promoter",
    "Phase I weight loss programme for carers",
    "Phase 2 rehabilitation after infarction",
    "Treatment of phase III bedsores",
]


@pytest.mark.parametrize("title", LOOK_ALIKES)
def test_other_phases_are_no_phase(title: str) -> None:
    assert of_text(title) == {}
    assert of_text("Killer cells", title + ". Nothing else is said.") == {}


WHOSE = [
    ("We conducted a phase 2 trial of donor cells.", "present", "phase-2"),
    ("This open-label, multicentre phase 1 study enrolled twelve adults.", "present", "phase-1"),
    ("In this ongoing phase 1b study, doses are raised stepwise.", "present", "phase-1"),
    ("Nine patients with lymphoma were treated in a phase 1 trial.", "present", "phase-1"),
    ("Samples came from 40 adults enrolled on the randomised phase III ABCD-1 trial.", "present", "phase-3"),
    ("We report long-term follow-up of the phase 2 ABCDE trial.", "present", "phase-2"),
    ("A phase 2 trial was conducted to see whether the cells help.", "present", "phase-2"),
    ("The phase 2 EFGH-1 trial evaluated the cells in older adults.", "present", "phase-2"),
    ("DESIGN Phase III, single-blind, randomised trial in nine centres.", "present", "phase-3"),
    ("We discuss data of a phase 1 trial. A phase 2 trial is planned.", "possible", "phase-2"),
    ("The cells were safe. These data support a randomised phase II study.", "possible", "phase-2"),
    ("A phase 3 trial is warranted.", "possible", "phase-3"),
    ("A larger phase II trial is now recruiting.", "possible", "phase-2"),
    ("The product will now be assessed in a phase I clinical trial.", "possible", "phase-1"),
    ("The findings led to the initiation of a phase 1 trial in lymphoma.", "possible", "phase-1"),
    ("The cells are undergoing a phase I/IIa clinical trial elsewhere.", "possible", "phase-1-2"),
    ("In a previous phase I trial the drug was safe.", "historical", "phase-1"),
    ("We have previously reported a phase 2 trial of the same cells.", "historical", "phase-2"),
    ("Approval was based on the phase 3 WXYZ trial.", "historical", "phase-3"),
    ("The drug has been shown to prolong life in a phase III trial.", "historical", "phase-3"),
    ("Unlike the phase 3 trials, our registry admitted frail people.", "contrast", "phase-3"),
]


@pytest.mark.parametrize(("text", "assertion", "concept"), WHOSE)
def test_whose_trial_it_is(text: str, assertion: str, concept: str) -> None:
    assert concept in of_text("Killer cells in lymphoma", text).get(assertion, set()), of_text("", text)


def test_the_background_is_other_peoples() -> None:
    text = "BACKGROUND: The phase 3 WXYZ trial changed practice. METHODS: We read the charts of 40 adults."
    assert of_text("Charts of adults with lymphoma", text) == {"historical": {"phase-3"}}


def test_a_trial_named_again_in_the_title_is_this_one() -> None:
    text = "BACKGROUND: The phase 3 WXYZ trial compared cells with none. METHODS: Quality of life was read."
    assert of_text("Quality of life in WXYZ", text) == {"present": {"phase-3"}}


def test_another_phase_beside_the_named_one_is_an_earlier_study() -> None:
    text = "In a phase 1 study of the drug nine of ten adults responded. We now compare it with placebo."
    assert of_text("A phase 3 trial of a drug", text) == {"present": {"phase-3"}, "historical": {"phase-1"}}


def test_a_follow_up_keeps_the_phase_of_its_trial() -> None:
    text = "As described previously in a randomised phase 2 study, the cells were given to 50 adults."
    assert of_text("Long-term follow-up of adults given killer cells", text) == {"present": {"phase-2"}}
    assert of_text("Killer cells in adults", text) == {"historical": {"phase-2"}}


def test_a_protocol_speaks_of_its_own_trial_in_the_future() -> None:
    text = "A randomised phase II trial with two arms will be conducted. It may lead to a phase III trial."
    found = of_text("Killer cells in lymphoma: study protocol", text)
    assert "phase-2" in found["present"]
    assert of_text("Killer cells in lymphoma", text)["possible"] >= {"phase-2"}


def test_the_planned_trial_of_a_protocol_is_its_own() -> None:
    text = "Up to 18 women will receive cells. If it goes well, a randomised phase 2 trial will follow."
    found = of_text("Killer cells in cancer (a planned phase 1 trial)", text)
    assert found == {"present": {"phase-1"}, "possible": {"phase-2"}}


@pytest.mark.parametrize(
    "title",
    ["A review of phase 2 trials of killer cells", "Killer cells in lymphoma: a meta-analysis of phase 3 trials"],
)
def test_the_phases_in_a_review_are_other_peoples(title: str) -> None:
    assert "present" not in of_text(title, "We searched PubMed. Four phase 2 trials and a phase 3 trial were included.")
    assert "present" not in of_text("Killer cells", "A phase 2 trial was conducted.", publication_types=("Review",))


def test_laboratory_work_and_a_trial_in_one_title() -> None:
    assert of_text("Modified killer cells: xenograft studies and a phase I trial") == {"present": {"phase-1"}}


def test_recommended_doses_are_no_phase() -> None:
    text = "This phase 1 study sought the recommended phase 2 dose (RP2D). The phase II dose was 3 million cells."
    assert of_text("", text) == {"present": {"phase-1"}}


def test_parts_of_a_named_trial_are_not_tagged_beside_it() -> None:
    text = "This phase 1/2 study was stopped. In the phase 1 part nine adults were treated; phase 2 enrolled none."
    assert of_text("", text) == {"present": {"phase-1-2"}}
    title = "Phase 1 results of a phase 1/2 trial of killer cells"
    assert of_text(title) == {"present": {"phase-1-2"}}


def test_parts_alone_make_the_phase_only_of_a_trial_of_treatment() -> None:
    text = "Dose-limiting toxicity was looked for. The phase 1 part enrolled 9, the phase 2 part 20 adults."
    assert of_text("Cells in lymphoma", text) == {"present": {"phase-1-2"}}
    survey = "In the phase 1 part nurses were asked, in the phase 2 part their managers."
    assert of_text("What nurses think", survey) == {}


def test_first_in_human_is_phase_1_only_where_no_phase_is_named() -> None:
    found = tags("First-in-human trial of modified killer cells")
    assert [(tag.concept, tag.rule, tag.text) for tag in found] == [("phase-1", "first_in_human", "First-in-human")]
    assert of_text("First-in-human phase 1/2 trial of killer cells") == {"present": {"phase-1-2"}}
    assert of_text("First-in-human trial of killer cells", phase="PHASE1|PHASE2") == {}
    assert of_text("First-in-human imaging of killer cells with a PET tracer: a clinical study") == {}
    assert of_text("Killer cells", "A first-in-human trial is planned.") == {}
    assert of_text("", "In a first-in-human study, cells were given to six adults.") == {"present": {"phase-1"}}


def test_a_pilot_has_no_phase() -> None:
    assert tags("Killer cells in lymphoma: a pilot study", "This pilot trial treated nine adults.") == []


@pytest.mark.parametrize(
    ("code", "concepts"),
    [
        ("PHASE1", ["phase-1"]),
        ("PHASE1|PHASE2", ["phase-1-2"]),
        ("PHASE2|PHASE3", ["phase-2-3"]),
        ("EARLY_PHASE1", ["early-phase-1"]),
        ("PHASE4", ["phase-4"]),
        ("NA", ["phase-na"]),
        ("N/A", ["phase-na"]),
        ("Phase 1/Phase 2", ["phase-1-2"]),
        ("Phase II", ["phase-2"]),
        ("Early Phase 1", ["early-phase-1"]),
        ("Phase 1, Phase 2", ["phase-1-2"]),
        ("PHASE2; PHASE3", ["phase-2-3"]),
        ("EARLY_PHASE1|PHASE1", ["early-phase-1", "phase-1"]),
        ("Phase I and Phase II (Integrated), one protocol", ["phase-1-2"]),
        ("2,3", ["phase-2-3"]),
        ("I-II", ["phase-1-2"]),
        ("2a", ["phase-2"]),
        ("Phase 4, Phase 2", ["phase-2", "phase-4"]),
        ("Human pharmacology (Phase I): yes; exploratory (Phase II): no; confirmatory (Phase III): no", ["phase-1"]),
        ("(Phase I): yes (Phase II): yes (Phase III): no (Phase IV): no", ["phase-1-2"]),
        ("Pharmacology: yes (Phase I), exploratory: no (Phase II)", []),
        ("(Phase I): no (Phase II): no", []),
        ("", []),
        ("Retrospective study", []),
    ],
)
def test_registry_codes(code: str, concepts: list[str]) -> None:
    found = tags(phase=code)
    assert [tag.concept for tag in found] == concepts
    assert all((tag.origin, tag.start, tag.text) == ("registry", None, code) for tag in found)


@pytest.mark.parametrize(
    ("types", "concepts"),
    [
        (["Journal Article", "Clinical Trial, Phase II"], ["phase-2"]),
        (["Clinical Trial, Phase II", "Clinical Trial, Phase I"], ["phase-1-2"]),
        (["Clinical Trial, Phase III", "Clinical Trial, Phase II"], ["phase-2-3"]),
        (["Clinical Trial, Phase I", "Clinical Trial, Phase III"], ["phase-1", "phase-3"]),
        (["clinical trial, phase iv"], ["phase-4"]),
        (["Clinical Trial", "Review"], []),
    ],
)
def test_publication_types(types: Sequence[str], concepts: list[str]) -> None:
    found = tags(publication_types=tuple(types))
    assert [tag.concept for tag in found] == concepts
    assert all(tag.origin == "publication_type" for tag in found)


def test_each_origin_stays() -> None:
    found = tags("A phase 1 trial of killer cells", phase="PHASE2", publication_types=("Clinical Trial, Phase II",))
    assert [(tag.origin, tag.concept) for tag in found] == [
        ("registry", "phase-2"),
        ("publication_type", "phase-2"),
        ("text", "phase-1"),
    ]


def test_offsets_are_of_the_field() -> None:
    abstract = "Nobody was ill. We ran a phase I/II trial. It ended."
    [tag] = tags("", abstract)
    assert (tag.field, abstract[tag.start : tag.end]) == ("abstract", "phase I/II")
    assert tag.text == "phase I/II"


def test_eligibility_of_a_registration_is_not_read() -> None:
    passage = Passage("eligibility", "eligibility", "No earlier treatment in a phase I trial.")
    record = TagRecord("r", "registration", (passage,))
    assert _phases(record) == []


def test_every_concept_is_in_the_vocabulary(vocabulary: Vocabulary) -> None:
    groups = [(0,), (1,), (2,), (3,), (4,), (1, 2), (2, 3), (1, 3), (1, 2, 3), (3, 4)]
    for group in groups:
        assert all(("phase", concept) in vocabulary for concept in concepts_of(group))
    assert concepts_of((2, 1), together=False) == ("phase-1", "phase-2")


WORDS = st.sampled_from(
    (
        *("phase", "phases", "I", "II", "III", "1", "2", "3b", "/", "-", "and", ",", ".", "(", ")", "trial", "study"),
        *("previous", "will", "we", "this", "early", "first-in-human", "of", "patients", "in", "the", "recommended"),
        *("dose", "part", "metabolism", "planned"),
    )
)


@given(st.lists(WORDS, max_size=25), st.lists(WORDS, max_size=25))
def test_any_text_is_read_and_offsets_hold(title: list[str], abstract: list[str]) -> None:
    texts = {"title": " ".join(title), "abstract": " ".join(abstract)}
    for tag in tags(texts["title"], texts["abstract"]):
        assert tag.start is not None
        assert texts[tag.field][tag.start : tag.end] == tag.text
    assert all(m.concepts and m.end > m.start for m in phase_mentions(texts["abstract"]))


@pytest.mark.parametrize(
    "piece", ["phase 1 ", "patients in the phase 1/2, ", "phase 1,,,,,,,", "data from the The A ", "phase 1 (((("]
)
def test_long_hostile_text_comes_to_an_end(piece: str) -> None:
    assert isinstance(tags(piece * 300, piece * 300), list)


def test_standing_names_its_rule() -> None:
    words = "in a previous phase 2 trial"
    assert standing(Place(words, 14, 21)) == ("historical", "earlier")
    assert standing(Place("The phase 3 trial ran.", 4, 11)) == (None, "open")


CORPUS = ROOT.parent / "shared" / "corpora" / "tagger_dev.jsonl.gz"
NUMBERS = {"phase-1-2": {1, 2}, "phase-2-3": {2, 3}, "early-phase-1": {1}, "phase-na": set()}
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}


@pytest.mark.shared
@pytest.mark.skipif(not CORPUS.exists(), reason="the corpora lie beside the project only where it is developed")
def test_against_publication_types() -> None:
    """Target: precision ≥ 0.97 after hand-scoring, recall ≥ 0.95 where the record's words name a phase."""
    right = {(row.id, row.concept) for row in load_adjudications(DATA) if row.verdict == "right"}
    hits = misses = wrong = unnamed = scored = 0
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        for value in map(json.loads, lines):
            typed = {ROMAN[t.split()[-1]] for t in value["publication_types"] if t.startswith("Clinical Trial, Phase")}
            found = [t for t in tags(value["title"], value["abstract"] or "") if t.assertion == "present"]
            numbers = {
                c: NUMBERS.get(c, {int(c[-1])} if c[-1].isdigit() else set()) for c in {t.concept for t in found}
            }
            said: set[int] = set().union(*numbers.values())
            for concept, group in numbers.items():
                extra = len(group - typed)
                scored += extra if (value["id"], concept) in right else 0
                wrong += 0 if (value["id"], concept) in right else extra
            hits += len(said & typed)
            named = "phase" in f"{value['title']} {value['abstract']}".casefold()
            misses += len(typed - said) if named else 0
            unnamed += 0 if named else len(typed - said)
    assert hits > 200
    assert (hits + scored) / (hits + scored + wrong) >= 0.97
    assert hits / (hits + misses) >= 0.95
