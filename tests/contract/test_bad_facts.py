"""One fact at a time is made wrong: an unknown concept, a taken id, a dangling link, a bad rule, a formula.

File, line and remedy are named, and the old store is not lost.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.contract.breaking import (
    CLAIMS,
    OTHER,
    PUBMED,
    STUDY,
    Break,
    Fault,
    append,
    is_named_and_the_old_store_stays,
    line_of,
    replace,
    run,
    trial_row,
)

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


def unknown_comparator_of_the_map(facts: Path) -> Fault:
    line = replace(facts, "build.yml", "map_comparators: [car-t,", "map_comparators: [car-tt,")
    return Fault("build.yml", line, "unknown concept 'car-tt'", "did you mean car-t")


def unknown_lineage(facts: Path) -> Fault:
    line = replace(facts, "build.yml", "lineage: [nk,", "lineage: [nkk,")
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


# ---------------------------------------------------------------------------- values


def more_responders_than_people(facts: Path) -> Fault:
    number = replace(facts, STUDY, "    n: 5\n    n_total: 19\n", "    n: 20\n    n_total: 19\n")
    finding = number - 3  # a finding's own line is where its first field stands
    return Fault(STUDY, finding, "n=20 is more than n_total=19", "correct the value")


def impossible_day(facts: Path) -> Fault:
    as_of = (facts / "build.yml").read_text(encoding="utf-8").partition("as_of: ")[2].partition("\n")[0]
    line = replace(facts, "build.yml", f"as_of: {as_of}", "as_of: '2026-02-30'")
    return Fault("build.yml", line, "'2026-02-30' is not a date", "correct the value")


# ---------------------------------------------------------------------------- formulas


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
    line = append(facts, "searches.yml", row)
    return Fault("searches.yml", line, "begins with '='", "rephrase")


def formula_in_a_finding(facts: Path) -> Fault:
    line = replace(facts, STUDY, "  arm: donor", "  arm: =donor")
    return Fault(STUDY, line, "begins with '='", "rephrase")


def formula_in_a_document(facts: Path) -> Fault:
    line = replace(facts, CLAIMS, "title: Marketing", "title: =Marketing")
    return Fault(CLAIMS, line, "begins with '='", "rephrase")


# ---------------------------------------------------------------------------- what the user is told

FAULTS: tuple[Break, ...] = (
    unknown_concept_of_a_study,
    unknown_concept_of_a_trial,
    unknown_concept_of_a_claim,
    unknown_concept_of_the_map,
    unknown_comparator_of_the_map,
    unknown_lineage,
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
    more_responders_than_people,
    impossible_day,
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
)


@pytest.mark.parametrize("breaks", FAULTS, ids=lambda breaks: breaks.__name__)
def test_broken_facts_are_named_and_the_old_store_stays(breaks: Break, small_facts: Path) -> None:
    is_named_and_the_old_store_stays(breaks, small_facts)


def test_the_facts_hold_before_they_are_broken(small_facts: Path) -> None:
    result = run("verify", "--data", small_facts)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("All facts hold: ")


def test_every_fault_is_told_at_once(small_facts: Path) -> None:
    faults = [unknown_concept_of_a_study(small_facts), formula_in_a_statement(small_facts), trial_twice(small_facts)]
    output = run("verify", "--data", small_facts).stderr
    assert [fault for fault in faults if not fault.is_told(output)] == []


def test_the_pubmed_page_of_another_publication_is_a_fine_secondary_source(small_facts: Path) -> None:
    fault = source_of_another_publication(small_facts)
    assert fault.is_told(run("verify", "--data", small_facts).stderr)
    text = (small_facts / OTHER).read_text(encoding="utf-8")
    checked = text.partition("\nchecked: ")[2].partition("\n")[0]
    replace(small_facts, OTHER, f"\nchecked: {checked}\n", "\nchecked: secondary\n")
    result = run("verify", "--data", small_facts)
    assert "source is the PubMed page" not in result.stderr
