"""One file at a time is malformed, missing, empty or misnamed.

File, line and remedy are named, and the old store is not lost. What a spreadsheet leaves in a file does no harm.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kb.dataset import TRIAL_COLUMNS, Dataset
from tests.contract.breaking import (
    CLAIMS,
    STUDY,
    Break,
    Fault,
    append,
    is_named_and_the_old_store_stays,
    replace,
    run,
    trial_row,
)


def malformed_yaml(facts: Path) -> Fault:
    line = replace(facts, STUDY, "journal: Blood", "journal: Blood: the journal")
    return Fault(STUDY, line, "not valid YAML", "mend the line")


def field_twice(facts: Path) -> Fault:
    line = replace(facts, STUDY, "year: 2005\n", "year: 2005\nyear: 2005\n") + 1
    return Fault(STUDY, line, "the field 'year' is there twice", "keep one of them")


def unknown_field(facts: Path) -> Fault:
    line = replace(facts, STUDY, "year: 2005\n", "yaer: 2005\n")
    return Fault(STUDY, line, "unknown field 'yaer'", "remove or rename")


def malformed_row(facts: Path) -> Fault:
    line = append(facts, "trials.csv", "NCT00000001,ClinicalTrials.gov\n")
    return Fault("trials.csv", line, f"2 cells where the header has {len(TRIAL_COLUMNS)}", "quote the cell")


def no_studies(facts: Path) -> Fault:
    for path in (facts / "studies").iterdir():
        path.unlink()
    return Fault("studies", 0, "the folder holds no .yml file", "restore its files")


def study_with_another_suffix(facts: Path) -> Fault:
    shutil.copy(facts / STUDY, facts / "studies/new.yaml")
    return Fault("studies/new.yaml", 0, "this file is not read", "rename it to .yml")


def claims_with_another_suffix(facts: Path) -> Fault:
    (facts / "claims/notes.txt").write_text("mine", encoding="utf-8")
    return Fault("claims/notes.txt", 0, "this file is not read", "move it away")


def part_in_itself(facts: Path) -> Fault:
    (facts / "searches.yml").write_text("searches: &x [*x]\n", encoding="utf-8")
    return Fault("searches.yml", 1, "a part contains itself", "write it out without aliases")


def not_utf8(facts: Path) -> Fault:
    path = facts / STUDY
    content = path.read_bytes().replace(b"journal: Blood", b"journal: Bl\xf6d", 1)
    path.write_bytes(content)
    return Fault(STUDY, content[: content.index(b"\xf6")].count(b"\n") + 1, "not UTF-8 text", "save it as UTF-8")


def empty_study(facts: Path) -> Fault:
    (facts / "studies/new.yml").write_text("", encoding="utf-8")
    return Fault("studies/new.yml", 1, "the file is empty", "fill or remove it")


def missing_file(facts: Path) -> Fault:
    (facts / "safety.yml").unlink()
    return Fault("safety.yml", 0, "the file is missing", "restore it")


def missing_vocabulary(facts: Path) -> Fault:
    (facts / "vocabulary/event.tsv").unlink()
    return Fault("vocabulary/event.tsv", 0, "the file is missing", "restore it")


def missing_rules(facts: Path) -> Fault:
    (facts / "rules/status.yml").unlink()
    return Fault("rules/status.yml", 0, "the file is missing", "restore it")


def empty_directory(facts: Path) -> Fault:
    shutil.rmtree(facts)
    facts.mkdir()
    return Fault("build.yml", 0, "the file is missing", "restore it")


FAULTS: tuple[Break, ...] = (
    malformed_yaml,
    field_twice,
    unknown_field,
    malformed_row,
    no_studies,
    study_with_another_suffix,
    claims_with_another_suffix,
    part_in_itself,
    not_utf8,
    empty_study,
    missing_file,
    missing_vocabulary,
    missing_rules,
    empty_directory,
)


@pytest.mark.parametrize("breaks", FAULTS, ids=lambda breaks: breaks.__name__)
def test_broken_facts_are_named_and_the_old_store_stays(breaks: Break, small_facts: Path) -> None:
    is_named_and_the_old_store_stays(breaks, small_facts)


def test_a_record_that_cannot_be_read_does_not_make_its_citations_dangle(small_facts: Path, data: Dataset) -> None:
    """One cause, one message: the claims that cite the broken file are not blamed."""
    cited = next(study for claim in data.documents[0].claims[:30] for study in claim.supported_by)
    broken = small_facts.parent / data.places[cited].file
    broken.write_text("id: [\n", encoding="utf-8")
    output = run("verify", "--data", small_facts).stderr
    assert f"data/studies/{broken.name}:2: not valid YAML" in output
    assert "not in studies/" not in output
    broken.unlink()
    assert f"cites {cited}, which is not in studies/" in run("verify", "--data", small_facts).stderr


def test_a_missing_directory_says_how_to_name_another(tmp_path: Path) -> None:
    gone = tmp_path / "nowhere"
    for command, code in (("verify", 1), ("build", 2)):
        arguments = ["--out", str(tmp_path / "x.db")] if command == "build" else []
        result = run(command, "--data", gone, *arguments)
        assert result.exit_code == code
        assert "no such data directory → say where it is: --data DIR" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_fifty_problems_are_enough_for_one_screen(small_facts: Path) -> None:
    append(small_facts, "trials.csv", "broken\n" * 60)
    result = run("build", "--data", small_facts, "--out", small_facts.parent / "x.db")
    assert result.exit_code == 2
    assert result.stderr.count("data/trials.csv:") == 50
    assert "60 problems (10 not shown)" in result.stderr


def test_a_document_in_two_files_is_one_problem(small_facts: Path) -> None:
    """Its claims repeat as well, and are not blamed one by one."""
    shutil.copy(small_facts / CLAIMS, small_facts / "claims/zz-copy.yml")
    result = run("verify", "--data", small_facts)
    assert result.exit_code == 1
    assert f"the id nk-nkt-page is already taken by data/{CLAIMS}:1" in result.stderr
    assert "1 problem\n" in result.stderr
    assert result.stderr.count(" → ") == 1


def test_a_byte_order_mark_of_a_spreadsheet_changes_nothing(small_facts: Path) -> None:
    path = small_facts / "trials.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    result = run("verify", "--data", small_facts)
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_form_feed_in_a_cell_moves_no_line(small_facts: Path) -> None:
    append(small_facts, "trials.csv", trial_row(sponsor='"two\fpages"'))
    line = append(small_facts, "trials.csv", trial_row(id="NCT00000002", cell_type="nkk"))
    output = run("verify", "--data", small_facts).stderr
    assert f"data/trials.csv:{line} [NCT00000002 cell_type]: unknown concept 'nkk'" in output
