"""One thing at a time is broken in a copy of the facts: file, line and remedy are named, and nothing is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.cli import main
from kb.dataset import TRIAL_COLUMNS, Dataset

STUDY = "studies/miller2005.yml"
OTHER = "studies/lister1995.yml"
CLAIMS = "claims/nk-nkt-page.yml"
PUBMED = "https://pubmed.ncbi.nlm.nih.gov"


@pytest.fixture
def facts(facts: Path, data: Dataset) -> Path:
    """The copy of the facts without what no test needs, so that each reads in a moment.

    Left are the first claims, the first trials, and the studies these need.
    """
    document = data.documents[0]
    kept = document.claims[:30]
    text = (facts / CLAIMS).read_text(encoding="utf-8")
    cut = text.index(f"- id: {document.claims[len(kept)].id}\n")
    (facts / CLAIMS).write_text(text[:cut], encoding="utf-8")
    rows = (facts / "trials.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (facts / "trials.csv").write_text("".join(rows[:20]), encoding="utf-8")

    by_alias = {alias: study for study in data.studies for alias in (study.id, *study.aliases)}
    wanted = {"PMID:15632206", "PMID:9816022"} | {event.study_id for event in data.safety_events}
    for claim in kept:
        wanted.update(claim.supported_by, claim.contradicted_by, claim.candidates, (r.study for r in claim.reports))
    needed: set[str] = set()
    while wanted:
        study = by_alias.get(str(wanted.pop()))
        if study and study.id not in needed:
            needed.add(study.id)
            wanted.update(relation.target for relation in study.relations)
    for study in data.studies:
        if study.id not in needed:
            (facts.parent / data.places[study.id].file).unlink()
    return facts


@dataclass(frozen=True)
class Fault:
    """What the user must be told: where it is, what is wrong, what to do."""

    file: str
    line: int
    message: str
    remedy: str

    def is_told(self, output: str) -> bool:
        place = f"data/{self.file}:{self.line}" if self.line else f"data/{self.file}"
        lines = [line for line in output.splitlines() if line.startswith((f"{place} [", f"{place}: "))]
        return any(self.message in line and self.remedy in line.partition(" → ")[2] for line in lines)


def line_of(path: Path, text: str) -> int:
    """Return the first line that holds this text."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def replace(facts: Path, file: str, old: str, new: str) -> int:
    """Replace the first occurrence, and return the line of what is new."""
    path = facts / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"the test needs {old!r} in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def append(facts: Path, file: str, text: str) -> int:
    """Add lines at the end, and return the line of the first."""
    path = facts / file
    before = path.read_text(encoding="utf-8")
    assert before.endswith("\n")
    path.write_text(before + text, encoding="utf-8")
    return before.count("\n") + 1


def trial_row(**cells: str) -> str:
    """One good row of trials.csv, changed in the cells given."""
    good = {
        "id": "NCT00000001",
        "registry": "ClinicalTrials.gov",
        "cell_type": "nk",
        "is_nk_therapy": "true",
        "source": "https://example.org/made-up",
        "retrieved": "2026",
        "checked": "registry",
    }
    return ",".join({**good, **cells}.get(column, "") for column in TRIAL_COLUMNS) + "\n"


# ---------------------------------------------------------------------------- concepts


def unknown_concept_of_a_study(facts: Path) -> Fault:
    line = replace(facts, STUDY, "cell_source: [haploidentical]", "cell_source: [haploidentcal]")
    return Fault(STUDY, line, "unknown concept 'haploidentcal'", "did you mean haploidentical")


def unknown_concept_of_a_trial(facts: Path) -> Fault:
    line = append(facts, "trials.csv", trial_row(cell_type="car-nkk"))
    return Fault("trials.csv", line, "unknown concept 'car-nkk'", "did you mean car-nk")


def unknown_concept_of_a_claim(facts: Path) -> Fault:
    line = replace(facts, CLAIMS, "axes: {cell_type: [msc],", "axes: {cell_type: [mscc],")
    return Fault(CLAIMS, line, "unknown concept 'mscc'", "did you mean msc")


def unknown_concept_of_the_map(facts: Path) -> Fault:
    line = replace(facts, "build.yml", "map_cell_types: [nk,", "map_cell_types: [nkk,")
    return Fault("build.yml", line, "unknown concept 'nkk'", "did you mean nk")


def unknown_concept_like_no_other(facts: Path) -> Fault:
    line = replace(facts, STUDY, "cell_source: [haploidentical]", "cell_source: [zzzzzz]")
    return Fault(STUDY, line, "unknown concept 'zzzzzz'", "vocabulary/cell_source.tsv")


def unknown_design(facts: Path) -> Fault:
    line = replace(facts, STUDY, "design: single-arm", "design: singlearm")
    return Fault(STUDY, line, "unknown concept 'singlearm'", "did you mean single-arm?")


def axis_against_the_definition(facts: Path) -> Fault:
    line = replace(facts, STUDY, "  cell_type: [nk]\n", "  engineering: [not-engineered]\n  cell_type: [car-nk]\n")
    return Fault(STUDY, line, "car-nk is car by definition", "correct one of the two axes")


def concept_twice(facts: Path) -> Fault:
    file = "vocabulary/expansion.tsv"
    row = (facts / file).read_text(encoding="utf-8").splitlines()[1]
    name = row.split("\t")[0]
    return Fault(file, append(facts, file, row + "\n"), f"concept {name!r} is there twice (first in line 2)", "merge")


def unknown_parent(facts: Path) -> Fault:
    file = "vocabulary/expansion.tsv"
    line = append(facts, file, "new\tnew\tnobody" + "\t" * 6 + "\n")
    return Fault(file, line, "parent 'nobody' is no concept of this file", "correct the id")


def circle_of_parents(facts: Path) -> Fault:
    file = "vocabulary/expansion.tsv"
    line = append(facts, file, "aa\tone\tab" + "\t" * 6 + "\nab\tother\taa" + "\t" * 6 + "\n")
    return Fault(file, line, "circle of parents", "remove one of the parents")


# ---------------------------------------------------------------------------- identifiers


def publication_in_two_files(facts: Path) -> Fault:
    shutil.copy(facts / STUDY, facts / "studies/zz-copy.yml")
    return Fault("studies/zz-copy.yml", 1, f"already taken by data/{STUDY}:1", "merge the two")


def pmcid_in_two_files(facts: Path) -> Fault:
    replace(facts, STUDY, "pmid: '15632206'\n", "pmid: '15632206'\npmcid: PMC1\n")
    line = replace(facts, OTHER, "pmid: '9816022'\n", "pmcid: PMC1\npmid: '9816022'\n")
    return Fault(OTHER, line, "pmcid 'PMC1' is also that of PMID:15632206", "merge them or correct the value")


def doi_in_two_files(facts: Path) -> Fault:
    line = replace(facts, OTHER, "pmid: '9816022'\n", "doi: 10.1182/BLOOD-2004-07-2974\npmid: '9816022'\n")
    return Fault(OTHER, line, "is also that of PMID:15632206", "merge them or correct the value")


def claim_id_twice(facts: Path) -> Fault:
    line = replace(facts, CLAIMS, "- id: nk-nkt-page#c002", "- id: nk-nkt-page#c001")
    first = line_of(facts / CLAIMS, "- id: nk-nkt-page#c001")
    return Fault(CLAIMS, line, f"already taken by data/{CLAIMS}:{first}", "its own id")


def trial_twice(facts: Path) -> Fault:
    row = (facts / "trials.csv").read_text(encoding="utf-8").splitlines()[1]
    return Fault("trials.csv", append(facts, "trials.csv", row + "\n"), "already taken by data/trials.csv:2", "merge")


def title_twice(facts: Path) -> Fault:
    text = (facts / STUDY).read_text(encoding="utf-8").replace("PMID:15632206", "PMID:99999999", 1)
    text = text.replace("pmid: '15632206'", "pmid: '99999999'", 1).replace("doi: 10.1182/", "doi: 10.9999/", 1)
    (facts / "studies/new.yml").write_text(text.replace("title: Successful", "title: SUCCESSFUL", 1), encoding="utf-8")
    line = line_of(facts / "studies/new.yml", "title: SUCCESSFUL")
    return Fault("studies/new.yml", line, "is also that of PMID:15632206", "one publication has one file")


def id_against_its_number(facts: Path) -> Fault:
    replace(facts, STUDY, "pmid: '15632206'", "pmid: '15632207'")
    return Fault(STUDY, 1, "id is PMID:15632206 but pmid is '15632207'", "correct the value")


def alias_that_is_another_study(facts: Path) -> Fault:
    replace(facts, STUDY, "pmid: '15632206'\n", "pmid: '15632206'\naliases: [PMID:9816022]\n")
    return Fault(OTHER, 1, "'PMID:9816022' is also that of PMID:15632206", "merge them or correct the value")


def alias_of_two_studies(facts: Path) -> Fault:
    replace(facts, STUDY, "pmid: '15632206'\n", "pmid: '15632206'\naliases: [REC:one-report]\n")
    line = replace(facts, OTHER, "pmid: '9816022'\n", "pmid: '9816022'\naliases: [REC:one-report]\n") + 1
    return Fault(OTHER, line, "'REC:one-report' is also that of PMID:15632206", "merge them or correct the value")


def pmcid_digits_as_pmid(facts: Path) -> Fault:
    line = replace(facts, STUDY, "pmid: '15632206'\n", "pmid: '15632206'\npmcid: PMC15632206\n")
    return Fault(STUDY, line, "the digits of the PMCID stand as PMID", "look the PMID up")


def source_of_another_publication(facts: Path) -> Fault:
    line = replace(facts, OTHER, "source: https://pubmed.ncbi.nlm.nih.gov/9816022/", f"source: {PUBMED}/9816023/")
    return Fault(OTHER, line, "source is the PubMed page of 9816023, but pmid is 9816022", "correct one of the two")


# ---------------------------------------------------------------------------- references


def study_without_source(facts: Path) -> Fault:
    replace(facts, STUDY, "source: https://doi.org/10.1182/blood-2004-07-2974\n", "")
    return Fault(STUDY, 1, "source is missing", "add the field")


def trial_without_source(facts: Path) -> Fault:
    return Fault("trials.csv", append(facts, "trials.csv", trial_row(source="")), "source is missing", "add the field")


def claim_that_cites_a_missing_record(facts: Path) -> Fault:
    line = replace(facts, CLAIMS, "  wording: asserted\n", "  supported_by: [PMID:99999999]\n  wording: asserted\n")
    return Fault(CLAIMS, line, "cites PMID:99999999, which is not in studies/", "add the study file")


def claim_that_names_a_missing_product(facts: Path) -> Fault:
    line = replace(facts, CLAIMS, "  wording: asserted\n", "  names_product: nothing\n  wording: asserted\n")
    return Fault(CLAIMS, line, "'nothing' is no product_id of approvals.yml", "correct the slug")


def cited_study_that_is_not_named(facts: Path) -> Fault:
    replace(facts, CLAIMS, "  subject: other_product\n", "  subject: cited_study\n")
    first = line_of(facts / CLAIMS, "- id: nk-nkt-page#c001")
    return Fault(CLAIMS, first, "speaks of a cited study but names none", "fill reports")


def dangling_relation(facts: Path) -> Fault:
    new = "relations:\n- type: follow_up_of\n  target: PMID:99999999\nkeys:\n"
    line = replace(facts, STUDY, "keys:\n", new) + 1
    return Fault(STUDY, line, "PMID:99999999 is not in the data", "add the record")


def harm_from_a_missing_study(facts: Path) -> Fault:
    line = replace(facts, "safety.yml", "    event: ", "    study_id: PMID:99999999\n    event: ")
    return Fault("safety.yml", line, "PMID:99999999 is not in the data", "add the study")


# ---------------------------------------------------------------------------- rules


def unknown_accuracy_of_a_code(facts: Path) -> Fault:
    line = replace(facts, "rules/codes.tsv", "\taccurate_with_caveat\t", "\tfairly_accurate\t")
    return Fault("rules/codes.tsv", line, "unknown accuracy 'fairly_accurate'", "use one of accurate,")


def code_twice(facts: Path) -> Fault:
    row = (facts / "rules/codes.tsv").read_text(encoding="utf-8").splitlines()[1]
    return Fault("rules/codes.tsv", append(facts, "rules/codes.tsv", row + "\n"), "there twice", "keep one row")


def unknown_condition_of_a_rule(facts: Path) -> Fault:
    line = replace(facts, "rules/status.yml", "  when: own_quality\n", "  when: own_qualitty\n")
    return Fault("rules/status.yml", line, "unknown condition 'own_qualitty'", "use one of no_claim,")


def unknown_level_of_a_rule(facts: Path) -> Fault:
    line = replace(facts, "rules/status.yml", "  level: T5s\n", "  level: T9\n")
    return Fault("rules/status.yml", line, "level 'T9' is not in levels", "use one of")


# ---------------------------------------------------------------------------- form


def malformed_yaml(facts: Path) -> Fault:
    line = replace(facts, STUDY, "journal: Blood", "journal: Blood: the journal")
    return Fault(STUDY, line, "not valid YAML", "mend the line")


def field_twice(facts: Path) -> Fault:
    line = replace(facts, STUDY, "year: 2005\n", "year: 2005\nyear: 2005\n") + 1
    return Fault(STUDY, line, "the field 'year' is there twice", "keep one of them")


def unknown_field(facts: Path) -> Fault:
    line = replace(facts, STUDY, "year: 2005\n", "yaer: 2005\n")
    return Fault(STUDY, line, "unknown field 'yaer'", "remove or rename")


def more_responders_than_people(facts: Path) -> Fault:
    number = replace(facts, STUDY, "    n: 5\n    n_total: 19\n", "    n: 20\n    n_total: 19\n")
    finding = number - 3  # a finding's own line is where its first field stands
    return Fault(STUDY, finding, "n=20 is more than n_total=19", "correct the value")


def malformed_row(facts: Path) -> Fault:
    line = append(facts, "trials.csv", "NCT00000001,ClinicalTrials.gov\n")
    return Fault("trials.csv", line, "2 cells where the header has 32", "quote the cell")


def formula_in_a_title(facts: Path) -> Fault:
    line = replace(facts, STUDY, "title: ", 'title: =HYPERLINK("http://example.org") ')
    return Fault(STUDY, line, "a spreadsheet runs as a formula", "rephrase")


def formula_in_a_statement(facts: Path) -> Fault:
    line = replace(facts, CLAIMS, "  statement: Mesenchymal", "  statement: +Mesenchymal")
    return Fault(CLAIMS, line, "begins with '+'", "rephrase")


def formula_in_a_trial(facts: Path) -> Fault:
    line = append(facts, "trials.csv", trial_row(sponsor="=1+1"))
    return Fault("trials.csv", line, "begins with '='", "rephrase")


def formula_in_an_approval(facts: Path) -> Fault:
    line = replace(facts, "approvals.yml", "    holder: ", "    holder: =")
    return Fault("approvals.yml", line, "begins with '='", "rephrase")


def formula_in_an_absence(facts: Path) -> Fault:
    line = replace(facts, "approvals.yml", "    statement: FDA's list", "    statement: =FDA's list")
    return Fault("approvals.yml", line, "begins with '='", "rephrase")


def formula_in_an_access_route(facts: Path) -> Fault:
    line = replace(facts, "access.yml", "    name: Act on", "    name: -Act on")
    return Fault("access.yml", line, "begins with '-'", "rephrase")


def formula_in_a_safety_event(facts: Path) -> Fault:
    line = replace(facts, "safety.yml", "    place: Tokyo", "    place: +Tokyo")
    return Fault("safety.yml", line, "begins with '+'", "rephrase")


def formula_in_a_search(facts: Path) -> Fault:
    row = "- {id: SEA-x, source: s, query: '=q', date: '2026', complete: false, kind: database}\n"
    line = replace(facts, "searches.yml", "searches: []\n", "searches:\n" + row) + 1
    return Fault("searches.yml", line, "begins with '='", "rephrase")


def formula_in_a_finding(facts: Path) -> Fault:
    line = replace(facts, STUDY, "  arm: donor", "  arm: =donor")
    return Fault(STUDY, line, "begins with '='", "rephrase")


def formula_in_a_document(facts: Path) -> Fault:
    line = replace(facts, CLAIMS, "title: Marketing", "title: =Marketing")
    return Fault(CLAIMS, line, "begins with '='", "rephrase")


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


def impossible_day(facts: Path) -> Fault:
    as_of = (facts / "build.yml").read_text(encoding="utf-8").partition("as_of: ")[2].partition("\n")[0]
    line = replace(facts, "build.yml", f"as_of: {as_of}", "as_of: '2026-02-30'")
    return Fault("build.yml", line, "'2026-02-30' is not a date", "correct the value")


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


FAULTS: tuple[Callable[[Path], Fault], ...] = (
    unknown_concept_of_a_study,
    unknown_concept_of_a_trial,
    unknown_concept_of_a_claim,
    unknown_concept_of_the_map,
    unknown_concept_like_no_other,
    unknown_design,
    axis_against_the_definition,
    concept_twice,
    unknown_parent,
    circle_of_parents,
    publication_in_two_files,
    pmcid_in_two_files,
    doi_in_two_files,
    claim_id_twice,
    trial_twice,
    title_twice,
    id_against_its_number,
    alias_that_is_another_study,
    alias_of_two_studies,
    pmcid_digits_as_pmid,
    source_of_another_publication,
    study_without_source,
    trial_without_source,
    claim_that_cites_a_missing_record,
    claim_that_names_a_missing_product,
    cited_study_that_is_not_named,
    dangling_relation,
    harm_from_a_missing_study,
    unknown_accuracy_of_a_code,
    code_twice,
    unknown_condition_of_a_rule,
    unknown_level_of_a_rule,
    malformed_yaml,
    field_twice,
    unknown_field,
    more_responders_than_people,
    malformed_row,
    formula_in_a_title,
    formula_in_a_statement,
    formula_in_a_trial,
    formula_in_an_approval,
    formula_in_an_absence,
    formula_in_an_access_route,
    formula_in_a_safety_event,
    formula_in_a_search,
    formula_in_a_finding,
    formula_in_a_document,
    no_studies,
    study_with_another_suffix,
    claims_with_another_suffix,
    part_in_itself,
    impossible_day,
    not_utf8,
    empty_study,
    missing_file,
    missing_vocabulary,
    missing_rules,
    empty_directory,
)


def run(*arguments: object) -> Result:
    """Run the command; an exception other than a clean exit is a traceback the user would see."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


@pytest.mark.parametrize("breaks", FAULTS, ids=lambda breaks: breaks.__name__)
def test_broken_facts_are_named_and_the_old_store_stays(breaks: Callable[[Path], Fault], facts: Path) -> None:
    fault = breaks(facts)
    store = facts.parent / "build" / "evidence.db"
    store.parent.mkdir()
    store.write_bytes(b"the old store")

    verified = run("verify", "--data", facts)
    assert verified.exit_code == 1
    assert fault.is_told(verified.stderr), verified.output
    assert verified.stdout == ""

    built = run("build", "--data", facts, "--out", store)
    assert built.exit_code == 2
    assert fault.is_told(built.stderr), built.output
    assert built.stdout == ""
    assert store.read_bytes() == b"the old store"
    assert [path.name for path in store.parent.iterdir()] == ["evidence.db"]


def test_the_facts_hold_before_they_are_broken(facts: Path) -> None:
    result = run("verify", "--data", facts)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("All facts hold: ")


def test_every_fault_is_told_at_once(facts: Path) -> None:
    faults = [unknown_concept_of_a_study(facts), formula_in_a_statement(facts), trial_twice(facts)]
    output = run("verify", "--data", facts).stderr
    assert [fault for fault in faults if not fault.is_told(output)] == []


def test_a_record_that_cannot_be_read_does_not_make_its_citations_dangle(facts: Path, data: Dataset) -> None:
    """One cause, one message: the claims that cite the broken file are not blamed."""
    cited = next(study for claim in data.documents[0].claims[:30] for study in claim.supported_by)
    broken = facts.parent / data.places[cited].file
    broken.write_text("id: [\n", encoding="utf-8")
    output = run("verify", "--data", facts).stderr
    assert f"data/studies/{broken.name}:2: not valid YAML" in output
    assert "not in studies/" not in output
    broken.unlink()
    assert f"cites {cited}, which is not in studies/" in run("verify", "--data", facts).stderr


def test_a_missing_directory_says_how_to_name_another(tmp_path: Path) -> None:
    gone = tmp_path / "nowhere"
    for command, code in (("verify", 1), ("build", 2)):
        arguments = ["--out", str(tmp_path / "x.db")] if command == "build" else []
        result = run(command, "--data", gone, *arguments)
        assert result.exit_code == code
        assert "no such data directory → say where it is: --data DIR" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_fifty_problems_are_enough_for_one_screen(facts: Path) -> None:
    append(facts, "trials.csv", "broken\n" * 60)
    result = run("build", "--data", facts, "--out", facts.parent / "x.db")
    assert result.exit_code == 2
    assert result.stderr.count("data/trials.csv:") == 50
    assert "60 problems (10 not shown)" in result.stderr


def test_the_pubmed_page_of_another_publication_is_a_fine_secondary_source(facts: Path) -> None:
    fault = source_of_another_publication(facts)
    assert fault.is_told(run("verify", "--data", facts).stderr)
    text = (facts / OTHER).read_text(encoding="utf-8")
    checked = text.partition("\nchecked: ")[2].partition("\n")[0]
    replace(facts, OTHER, f"\nchecked: {checked}\n", "\nchecked: secondary\n")
    result = run("verify", "--data", facts)
    assert "source is the PubMed page" not in result.stderr


def test_a_document_in_two_files_is_one_problem(facts: Path) -> None:
    """Its claims repeat as well, and are not blamed one by one."""
    shutil.copy(facts / CLAIMS, facts / "claims/zz-copy.yml")
    result = run("verify", "--data", facts)
    assert result.exit_code == 1
    assert f"the id nk-nkt-page is already taken by data/{CLAIMS}:1" in result.stderr
    assert "1 problem\n" in result.stderr
    assert result.stderr.count(" → ") == 1


def test_a_byte_order_mark_of_a_spreadsheet_changes_nothing(facts: Path) -> None:
    path = facts / "trials.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    result = run("verify", "--data", facts)
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_form_feed_in_a_cell_moves_no_line(facts: Path) -> None:
    append(facts, "trials.csv", trial_row(sponsor='"two\fpages"'))
    line = append(facts, "trials.csv", trial_row(id="NCT00000002", cell_type="nkk"))
    output = run("verify", "--data", facts).stderr
    assert f"data/trials.csv:{line} [NCT00000002 cell_type]: unknown concept 'nkk'" in output
