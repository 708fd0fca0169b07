"""Scores on collections outside the repository, on made-up collections of the same shape."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kb.errors import BuildError, DataError
from kb.evaluate.corpora import SCORES, fingerprint, load_scores, measure, save
from kb.evaluate.disputed import Adjudication, Disputed, Disputes
from kb.evaluate.evidence_inference import questions
from kb.evaluate.indexed import indication_sheet, phase_sheet, relevance_sheet, tagged, typed
from kb.evaluate.metrics import Quality, Share
from kb.evaluate.registered import group, registration
from kb.evaluate.sheet import Sheet
from kb.progress import Silent
from kb.tag.direction import DirectionJudge
from tests.benchmarks.direction_corpus import Case
from tests.unit.evaluating import FakeJudge, FakeTagger, concepts, said, tag, tools, write

VOCABULARY = concepts()
PHASE_1, PHASE_2 = "Clinical Trial, Phase I", "Clinical Trial, Phase II"


def record(identifier: str, kind: str = "background", *types: str, mesh: tuple[str, ...] = ()) -> dict[str, Any]:
    value = {"id": f"jn-{identifier}", "pmid": identifier, "title": "T", "abstract": "A", "kind": kind}
    return {**value, "publication_types": ["Journal Article", *types], "mesh_headings": list(mesh)}


def quality_of(sheet: Sheet, name: str) -> Quality:
    (line,) = [line for line in sheet.lines if line.name == name]
    assert isinstance(line.figure, Quality)
    return line.figure


def share_of(sheet: Sheet, name: str) -> Share:
    (line,) = [line for line in sheet.lines if line.name == name]
    assert isinstance(line.figure, Share)
    return line.figure


# ---------------------------------------------------------------------------- records with publication types


def test_publication_types_become_phases() -> None:
    assert typed(["Journal Article"]) == frozenset()
    assert typed([PHASE_1]) == {"phase-1"}
    assert typed([PHASE_1, PHASE_2]) == {"phase-1-2"}
    assert typed([PHASE_2, "Clinical Trial, Phase III"]) == {"phase-2-3"}
    assert typed([PHASE_1, "Clinical Trial, Phase III"]) == {"phase-1", "phase-3"}


def test_phase_is_predicted_without_the_types_it_is_measured_against() -> None:
    tagger = FakeTagger({"jn-1": said("jn-1", tag("phase", "phase-1"))}, {"jn-1": said("jn-1")})
    (one,) = tagged([record("1", "background", PHASE_1)], tools(tagger), Silent())
    sheet = phase_sheet([one], (), frozenset())
    assert quality_of(sheet, "phase against publication types").recall == Share(0, 1)
    assert [bool(seen.publication_types) for seen in tagger.seen] == [True, False]


def test_a_tag_that_rests_on_a_type_does_not_count_as_a_prediction() -> None:
    answer = said("jn-1", tag("phase", "phase-1", origin="publication_type"))
    records = tagged([record("1", "background", PHASE_1)], tools(FakeTagger({}, {"jn-1": answer})), Silent())
    assert quality_of(phase_sheet(records, (), frozenset()), "phase against publication types").recall == Share(0, 1)


def test_verdicts_complete_the_types() -> None:
    answers = {f"jn-{n}": said(f"jn-{n}", tag("phase", "phase-1", "phase I", rule="named")) for n in (1, 2, 3, 4)}
    values = [record("1", "background", PHASE_1), record("2"), record("3"), record("4")]
    verdicts = (
        Adjudication("2", "phase-1", "right", "a phase I study", "own phase"),
        Adjudication("jn-3", "phase-1", "wrong", "after phase I", "earlier study"),
    )
    sheet = phase_sheet(tagged(values, tools(FakeTagger({}, answers)), Silent()), verdicts, frozenset())
    raw = quality_of(sheet, "phase against publication types")
    scored = quality_of(sheet, "phase, after adjudication")
    assert (raw.precision, raw.recall) == (Share(1, 4), Share(1, 1))
    assert (scored.precision, scored.recall) == (Share(2, 4), Share(2, 2))
    assert "1 right, 1 wrong, 1 without a verdict" in sheet.text
    assert [(case.id, case.why.rsplit(": ", 1)[1]) for case in sheet.cases] == [
        ("jn-2", "right"),
        ("jn-3", "wrong"),
        ("jn-4", "not scored"),
    ]
    assert "phase-1 ← “phase I” (named, title)" in sheet.cases[0].why


def test_a_type_inside_a_joined_phase_that_was_found_right_is_covered() -> None:
    answers = {"jn-1": said("jn-1", tag("phase", "phase-1-2"))}
    records = tagged([record("1", "background", PHASE_2)], tools(FakeTagger({}, answers)), Silent())
    right = (Adjudication("1", "phase-1-2", "right", "phase I/II", "both"),)
    plain = phase_sheet(records, (), frozenset())
    assert quality_of(plain, "phase against publication types").f1 == 0.0
    assert quality_of(plain, "each phase by itself (1/2 is 1 and 2)").precision == Share(1, 2)
    scored = phase_sheet(records, right, frozenset())
    assert quality_of(scored, "phase, after adjudication").f1 == 1.0
    assert quality_of(scored, "each phase by itself, after adjudication").f1 == 1.0


def test_a_text_without_the_word_phase_is_left_out_of_one_line_only() -> None:
    values = [record("1", "background", PHASE_1), {**record("2", "background", PHASE_1), "abstract": "In Phase I"}]
    answers = {"jn-2": said("jn-2", tag("phase", "phase-1"))}
    sheet = phase_sheet(tagged(values, tools(FakeTagger({}, answers)), Silent()), (), frozenset())
    assert quality_of(sheet, "phase, after adjudication").recall == Share(1, 2)
    named = quality_of(sheet, "phase, after adjudication, where the text has the word “phase”")
    assert (named.cases, named.recall) == (1, Share(1, 1))


def test_types_do_not_tell_one_trial_of_two_phases_from_two_trials() -> None:
    both = said("jn-1", tag("phase", "phase-1"), tag("phase", "phase-2"))
    answers = {"jn-1": both, "jn-2": said("jn-2", tag("phase", "early-phase-1"))}
    values = [record("1", "background", PHASE_1, PHASE_2), record("2", "background", PHASE_1)]
    sheet = phase_sheet(tagged(values, tools(FakeTagger({}, answers)), Silent()), (), frozenset())
    assert quality_of(sheet, "phase against publication types").f1 == 1.0
    assert "0 of 3 found phases are a type and 0 of 2 types are found" in sheet.text
    assert sheet.cases == ()


def test_a_verdict_on_a_tag_that_is_no_longer_there_changes_nothing() -> None:
    records = tagged([record("1", "background", PHASE_2)], tools(), Silent())
    sheet = phase_sheet(records, (Adjudication("1", "phase-1-2", "right", "x", "y"),), frozenset())
    assert quality_of(sheet, "phase, after adjudication").recall == Share(0, 1)


def test_a_dispute_may_name_the_record_or_its_pmid() -> None:
    records = tagged([record("1", "background", PHASE_1), record("2")], tools(), Silent())
    for name in ("1", "jn-1"):
        (line, *_) = phase_sheet(records, (), frozenset({(name, "phase")})).lines
        assert isinstance(line.figure, Quality)
        assert isinstance(line.without, Quality)
        assert (line.figure.recall, line.without.recall) == (Share(0, 1), Share(0, 0))


def test_relevance_is_measured_against_decoys_and_against_everything() -> None:
    answers = {name: said(name) for name in ("jn-1", "jn-3", "jn-5")}
    kinds = ("therapy", "therapy", "decoy", "decoy", "background", "therapy-preclinical")
    values = [record(str(n), kind, PHASE_1) for n, kind in enumerate(kinds, 1)]
    sheet = relevance_sheet(tagged(values, tools(FakeTagger(answers)), Silent()), frozenset())
    assert quality_of(sheet, "relevance, therapy against decoys").precision == Share(1, 2)
    assert quality_of(sheet, "relevance, therapy against all others").precision == Share(1, 3)
    assert quality_of(sheet, "relevance, therapy against all others").recall == Share(1, 2)
    assert share_of(sheet, "therapy-preclinical: rightly called") == Share(1, 1)
    assert [case.id for case in sheet.cases] == ["jn-2", "jn-3", "jn-5"]


def test_indication_is_compared_with_headings_of_indexed_records_only() -> None:
    headings = {"Leukemia, Myeloid, Acute": [("indication", "aml"), ("cell_type", "nk")]}
    answers = {"jn-1": said("jn-1", tag("indication", "aml")), "jn-2": said("jn-2", tag("indication", "glioma"))}
    values = [record("1", mesh=("Leukemia, Myeloid, Acute", "Humans")), record("2")]
    records = tagged(values, tools(FakeTagger({}, answers), headings=headings), Silent())
    found = quality_of(indication_sheet(records, VOCABULARY), "indication against MeSH headings")
    assert (found.cases, found.precision, found.recall) == (1, Share(1, 1), Share(1, 1))


# ---------------------------------------------------------------------------- directions


def annotation(prompt: str, label: str, words: str = "", valid: str = "True", paper: str = "7") -> dict[str, str]:
    return {"PromptID": prompt, "PMCID": paper, "Valid Label": valid, "Label": label, "Annotations": words}


def prompt(identifier: str, paper: str = "7") -> dict[str, str]:
    return {"PromptID": identifier, "PMCID": paper, "Outcome": "o", "Intervention": "i", "Comparator": "c"}


UP, DOWN, SAME = "significantly increased", "significantly decreased", "no significant difference"


def test_questions_of_three_kinds_on_papers_kept_out_of_training() -> None:
    given = questions(
        [prompt("1"), prompt("2"), prompt("3"), prompt("9", "8")],
        [
            annotation("1", UP, "It rose by a half."),
            annotation("1", "significantly increase", "It rose by a half."),
            annotation("1", DOWN, "It fell."),
            annotation("2", SAME, "not in the abstract"),
            annotation("2", SAME, "", "False"),
            annotation("3", UP, "a"),
            annotation("3", DOWN, "b"),
            annotation("9", UP, "trained on", paper="8"),
        ],
        [
            {"pmcid": "PMC7", "abstract": "So: it  rose by a HALF, we think!"},
            {"pmcid": "PMC8", "abstract": "trained on"},
        ],
        tools(test=frozenset({"PMC7"})),
    )
    assert [(one.prompt.id, one.text, one.label) for one in given.evidence] == [
        ("1", "It rose by a half.", "increased"),
        ("1", "It fell.", "decreased"),
        ("2", "not in the abstract", "no_difference"),
        ("3", "a", "increased"),
        ("3", "b", "decreased"),
    ]
    assert [(one.prompt.id, one.label) for one in given.abstracts] == [("1", "increased"), ("2", "no_difference")]
    assert [one.prompt.id for one in given.stated] == ["1"]
    assert given.agreement == Share(1, 4)
    assert given.undecided == 1


# ---------------------------------------------------------------------------- registrations


def test_the_papers_kept_out_are_those_the_training_keeps_out() -> None:
    judge = DirectionJudge.load()
    assert judge.unseen("PMC0")
    papers = [str(number) for number in range(1_000_000, 1_100_000)]
    kept_in = [number for number in papers if not judge.unseen(f"PMC{number}")]
    assert kept_in
    cases = [Case(number, "", "", "increased", "", "", "", "", "", None) for number in kept_in]
    assert not any(case.held_out for case in cases)


def test_labels_of_killer_cells_that_are_no_nk_cells_are_no_positives() -> None:
    labels = ["NK", "CAR-NK (iPSC)", "CAR-NKT", "iNKT", "CTL+NK (X)", "CIK", "DC-CIK", "CAR-CIK", "CIK (mixed)", ""]
    assert [group(label) for label in labels] == ["lineage"] * 5 + ["other"] * 4 + ["unclear"]
    assert group("Immune killer cells (IKC; NK/CIK-like)") == "unclear"


def row(number: str, **cells: str) -> dict[str, str]:
    names = (
        "title",
        "conditions",
        "interventions",
        "brief_summary",
        "phase",
        "study_type",
        "cell_type",
        "decoy_reason",
    )
    return {"nct_id": number, **dict.fromkeys(names, ""), **cells}


def test_a_row_becomes_a_registration() -> None:
    found = registration(row("T1", title="A", conditions="X | Y|", interventions="NK cells", phase="PHASE1|PHASE2"))
    assert found["conditions"] == ["X", "Y"]
    assert found["interventions"] == [{"type": "", "name": "NK cells", "description": ""}]
    assert found["phase"] == "PHASE1|PHASE2"
    assert found["kind"] == "registration"


# ---------------------------------------------------------------------------- whole folders


def packed(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def table(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def collections(place: Path) -> Path:
    """Every collection, in one folder."""
    packed(place, "tagger_dev.jsonl.gz", json.dumps(record("1", "therapy", PHASE_1)) + "\n")
    base = "outcome_direction/evidence_inference_"
    packed(place, f"{base}prompts.csv.gz", table([prompt("1")]))
    packed(place, f"{base}v2_annotations.csv.gz", table([annotation("1", DOWN, "It decreased.")]))
    packed(place, f"{base}rct_abstracts.jsonl.gz", json.dumps({"pmcid": "PMC7", "abstract": "It increased."}))
    trials = [
        row("T1", title="A", cell_type="NK"),
        row("T4", conditions="B", cell_type="NK"),
        row("T2", cell_type="iNKT"),
        row("T3", cell_type="CIK"),
    ]
    decoys = [row("D1", decoy_reason="a drug"), row("D2", decoy_reason="BORDERLINE: who knows")]
    write(place, "trials.csv", table(trials))
    write(place, "trial_decoys.csv", table(decoys))
    return place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return collections(tmp_path)


def test_everything_in_a_folder_is_measured(folder: Path) -> None:
    answers = {name: said(name) for name in ("jn-1", "T1", "T3", "D2")}
    judge = FakeJudge()
    disputes = Disputes([Disputed("reference", "T2", "relevant", "a", "b", "c")])
    given, inputs = measure(
        folder, folder, tools(FakeTagger(answers), judge=judge), VOCABULARY, folder, disputes, Silent()
    )
    titles = [sheet.title for sheet in given]
    assert len(titles) == 5
    direction, trials = given[3], given[4]
    assert share_of(direction, "direction, words marked by annotators, with the question") == Share(1, 1)
    assert share_of(direction, "direction, whole abstract, with the question, all") == Share(0, 1)
    assert share_of(trials, "trials of NK or NKT cells found (recall)") == Share(1, 3)
    assert trials.lines[0].without == Share(1, 2)
    assert share_of(trials, "trials found, of rows that hold a title, an intervention or a summary") == Share(1, 1)
    assert share_of(trials, "look-alikes rejected") == Share(1, 2)
    assert share_of(trials, "look-alikes rejected, without the borderline ones") == Share(1, 1)
    assert share_of(trials, "trials of cytokine-induced killer cells rejected") == Share(0, 1)
    assert [case.id for case in trials.cases] == ["T4", "T2", "T3", "D2"]
    assert [one.file for one in inputs][:1] == ["tagger_dev.jsonl.gz"]
    raw = (folder / "trials.csv").read_bytes()
    assert inputs[-2].sha256 == hashlib.sha256(raw).hexdigest()
    assert [text for text, _ in judge.asked] == ["It decreased.", "It increased."]


def test_a_folder_without_collections_is_an_error_not_a_silence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nothing to measure on"):
        measure(tmp_path, None, tools(), VOCABULARY, tmp_path, Disputes(), Silent())
    with pytest.raises(DataError, match=r"trials\.csv and trial_decoys\.csv"):
        measure(None, tmp_path, tools(), VOCABULARY, tmp_path, Disputes(), Silent())


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("tagger_dev.jsonl.gz", b"no gzip", "cannot be read"),
        ("tagger_dev.jsonl.gz", gzip.compress(b"{}\n{half", mtime=0), r"tagger_dev.jsonl.gz:2: no JSON"),
        ("tagger_dev.jsonl.gz", gzip.compress(b"[]", mtime=0), "no JSON object"),
        ("trials.csv", b"nct_id,title\n", "the columns .*cell_type.* are missing"),
        ("trials.csv", b"\xff", "cannot be read"),
    ],
    ids=["no gzip", "half a line", "a list", "no such columns", "no text"],
)
def test_a_broken_collection_is_named(folder: Path, name: str, content: bytes, message: str) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(DataError, match=message):
        measure(folder, folder, tools(), VOCABULARY, folder, Disputes(), Silent())


def test_kept_figures_hold_no_text_and_no_id_and_come_back_the_same(folder: Path, tmp_path: Path) -> None:
    given, inputs = measure(folder, folder, tools(), VOCABULARY, folder, Disputes(), Silent())
    assert any(sheet.cases for sheet in given)
    path = write(tmp_path, str(SCORES), "")
    save(path, date(2026, 1, 2), tmp_path, given, inputs)
    text = path.read_text(encoding="utf-8")
    assert not any(word in text for word in ("jn-1", "T1", "D2", "It decreased", str(tmp_path)))
    kept = load_scores(tmp_path)
    assert kept is not None
    assert (kept.day, kept.inputs) == ("2026-01-02", tuple(inputs))
    assert [(s.title, s.lines, s.confusions) for s in kept.sheets] == [(s.title, s.lines, s.confusions) for s in given]
    save(path, date(2026, 1, 2), tmp_path, given, inputs)
    assert path.read_text(encoding="utf-8") == text


def test_without_kept_figures_there_are_none_and_broken_ones_are_named(tmp_path: Path) -> None:
    assert load_scores(tmp_path) is None
    for text in ("{", "{}", "[]", '{"day": "today", "tagger": "", "inputs": [], "sheets": []}'):
        write(tmp_path, str(SCORES), text)
        with pytest.raises(DataError, match="no file of figures"):
            load_scores(tmp_path)


def test_figures_that_cannot_be_kept_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="cannot be written"):
        save(tmp_path / "absent" / "x.json", date(2026, 1, 2), tmp_path, [], [])


def test_the_fingerprint_changes_with_rules_and_vocabulary(tmp_path: Path) -> None:
    write(tmp_path, "rules/a.tsv", "x")
    first = fingerprint(tmp_path)
    assert fingerprint(tmp_path) == first
    write(tmp_path, "rules/a.tsv", "y")
    second = fingerprint(tmp_path)
    write(tmp_path, "vocabulary/a.tsv", "y")
    assert len({first, second, fingerprint(tmp_path)}) == 3
