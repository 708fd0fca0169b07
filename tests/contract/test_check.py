"""`kb check` over the shipped facts: pages of our own invention in, verdicts with reasons out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.check.checker import Checker, open_checker, product_key
from kb.check.read import read_text
from kb.check.report import Finding, Report
from kb.cli import main
from kb.store import connect

PAGE = """Own-cell infusions at the Example Clinic

We take your own NK cells, expand them in culture and give them back to you.

Our NK cell therapy cures pancreatic cancer.
NK cells are lymphocytes of the innate immune system.
Parkhurst et al. (2011) saw no clinical responses to autologous NK cells in melanoma.
NK cell therapy is approved by the FDA.
Our treatment has no side effects.
The moon dust extract cures migraine.
Book your free consultation today!
We do not claim that our cells cure cancer.
"""


@pytest.fixture(scope="module")
def checker(built: Path) -> Checker:
    with connect(built) as db:
        return open_checker(db)


@pytest.fixture(scope="module")
def report(checker: Checker) -> Report:
    return checker.check(read_text(PAGE, "page.txt"), "US")


def _about(report: Report, words: str) -> list[Finding]:
    return [finding for finding in report.findings if words in finding.text]


def _one(report: Report, words: str) -> Finding:
    (found,) = _about(report, words)
    return found


def test_a_cure_nobody_has_shown_is_objected_to(report: Report) -> None:
    finding = _one(report, "cures pancreatic cancer")
    assert (finding.claim_type, finding.subject, finding.wording) == ("efficacy", "own_product", "asserted")
    assert finding.status_class in ("trial-stage", "unsupported")
    assert finding.objection
    assert finding.axes["indication"]
    assert finding.axes["cell_source"], "what the page sells counts where the sentence is silent"


def test_plain_biology_is_no_objection(report: Report) -> None:
    assert not any(finding.objection for finding in _about(report, "innate immune system"))


def test_a_failure_told_as_the_record_has_it_is_accurate(report: Report) -> None:
    finding = _one(report, "Parkhurst")
    assert finding.accuracy == "accurate"
    assert [marker.record for marker in finding.markers] == ["PMID:21844012"]
    assert any(cited.id == "PMID:21844012" and cited.decided for cited in finding.evidence)


def test_an_approval_that_does_not_exist_is_false(report: Report) -> None:
    finding = _one(report, "approved by the FDA")
    assert (finding.status_class, finding.level, finding.accuracy) == ("unsupported", "X", "inaccurate")


def test_no_side_effects_is_refuted_by_one_event(report: Report) -> None:
    finding = _one(report, "no side effects")
    assert (finding.claim_type, finding.level) == ("safety", "X")
    assert "SAFETY_OVERSTATED" in finding.codes


def test_what_the_base_does_not_cover_is_never_guessed(report: Report) -> None:
    for finding in _about(report, "moon dust"):
        assert finding.status_class not in ("approved", "trial-stage")


def test_calls_to_action_and_denials_are_no_objection(report: Report) -> None:
    assert not _about(report, "Book your free")
    assert not any(finding.objection for finding in _about(report, "We do not claim"))


def test_every_finding_points_at_its_words(report: Report) -> None:
    for finding in (*report.findings, *report.set_aside):
        assert " ".join(report.page.source[finding.start : finding.end].split()) == finding.text
        for rule in finding.rules:
            assert finding.start <= rule.start < rule.end <= finding.end


def test_wording_rules_are_possible_issues_with_the_age_of_their_text(report: Report) -> None:
    fired = [rule for finding in report.findings for rule in finding.rules]
    assert fired
    assert all(rule.age and rule.why for rule in fired)
    assert not any("violat" in rule.says.lower() for rule in fired)


def test_the_same_page_gives_the_same_report(checker: Checker, report: Report) -> None:
    assert checker.check(read_text(PAGE, "page.txt"), "US") == report


def test_what_is_sold_is_inferred_and_can_be_changed(checker: Checker, report: Report) -> None:
    assert report.assumed["cell_source"] == ("autologous",)
    assert "line" in report.assumed_basis
    other = checker.check(read_text(PAGE, "page.txt"), "US", product_key(checker.kit, "cell_source=cord-blood"))
    assert other.assumed == {"cell_source": ("cord-blood",)}
    assert other.assumed_basis == "as the user said"


@pytest.mark.parametrize("wrong", ["colour=red", "cell_type=nkk", "nothing we know"])
def test_a_product_that_is_none_is_told_with_a_remedy(checker: Checker, wrong: str) -> None:
    with pytest.raises(ValueError, match=r"use|write|mean|is no|known|one of"):
        product_key(checker.kit, wrong)


# ------------------------------------------------------------------ the command


def _run(built: Path, *args: str, text: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["check", *args, "--db", str(built)], input=text)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_objections_are_exit_code_1(built: Path, page: Path) -> None:
    code, out, _ = _run(built, str(page))
    assert code == 1
    assert "Not legal or medical advice" in out


def test_no_objection_is_exit_code_0(built: Path) -> None:
    code, out, _ = _run(built, "-", text="NK cells are lymphocytes of the innate immune system.\n")
    assert (code, "no objection" in out.lower() or "0 objection" in out.lower()) == (0, True), out


def test_json_has_the_promised_keys(built: Path, page: Path) -> None:
    _, out, _ = _run(built, str(page), "--format", "json")
    made = json.loads(out)
    assert {"document", "assumed_product", "findings"} <= set(made)
    assert {
        "line", "start", "end", "text", "claim_type", "class", "level", "sold_class", "sold_level", "subject",
        "accuracy", "codes", "rules", "evidence", "suggestion",
    } <= set(made["findings"][0])  # fmt: skip


@pytest.mark.parametrize("form", ["text", "brief", "csv", "html", "sarif", "json"])
def test_every_form_is_written_whole(built: Path, page: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / "report"
    code, _, said = _run(built, str(page), "--format", form, "--out", str(out))
    assert code == 1
    assert "Wrote" in said
    assert "pancreatic" in out.read_text(encoding="utf-8")


def test_a_word_file_comes_back_with_comments(built: Path, page: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.docx"
    assert _run(built, str(page), "--format", "docx", "--out", str(out))[0] == 1
    assert out.read_bytes().startswith(b"PK")


def test_fail_on_says_what_counts(built: Path, page: Path) -> None:
    assert _run(built, str(page), "--fail-on", "approved")[0] == 0
    assert _run(built, str(page), "--fail-on", "X")[0] == 1
    code, _, said = _run(built, str(page), "--fail-on", "nonsense")
    assert code == 2
    assert "nonsense" in said


def test_two_texts_of_a_page_show_the_drift(built: Path, page: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.txt"
    new.write_text(PAGE.replace("cures pancreatic", "may help against pancreatic"), encoding="utf-8")
    code, out, _ = _run(built, str(new), str(page))
    assert code == 1
    assert "pancreatic" in out
    assert _run(built, str(page), str(page))[0] == 0


def test_bad_input_is_exit_code_2_with_a_remedy(built: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("", encoding="utf-8")
    for name in (str(empty), str(tmp_path / "missing.txt"), str(tmp_path)):
        code, out, said = _run(built, name)
        assert (code, out) == (2, ""), name
        assert Path(name).name in said
    code, _, said = _run(built, str(empty), "--db", str(tmp_path / "no.db"))
    assert code == 2


def test_judges_that_begin_anew_say_the_same(checker: Checker, monkeypatch: pytest.MonkeyPatch) -> None:
    page = read_text(PAGE, "page.txt")
    before = checker.check(page, "US")
    judges = checker.base
    monkeypatch.setattr("kb.check.checker._MOST_ANSWERS", 0)
    assert checker.check(page, "US") == before
    assert checker.base is not judges


@pytest.mark.parametrize(
    ("sentence", "level", "code"),
    [
        ("Ebvallo is approved in the United States.", "X", "LICENCE_ENDED"),
        ("Ebvallo is approved in the EU.", "A_FULL", None),
        ("Tabelecleucel is authorised in the EU, not in the US.", "A_FULL", None),
        ("Alofisel is licensed in the EU for Crohn's fistulas.", "X", "LICENCE_ENDED"),
        ("Amtagvi is approved in the EU.", "X", "ABSENCE_ON_FILE"),
        ("HeartSheet is approved in Japan.", "X", "LICENCE_ENDED"),
    ],
)
def test_a_product_named_is_judged_by_its_own_history(
    checker: Checker, sentence: str, level: str, code: str | None
) -> None:
    finding = checker.check(read_text(sentence, "page.txt"), "US").findings[0]
    assert (finding.claim_type, finding.level) == ("regulatory", level)
    assert code is None or code in finding.codes


@pytest.mark.parametrize(
    ("sentence", "level", "accuracy"),
    [
        ("Marin 2024: none of 37 patients given cord-blood CAR-NK cells had cytokine release syndrome.", "T2s", None),
        ("Miller 2005 reports that none of seven people with kidney cancer responded to NK cells.", "T3", None),
        ("Haploidentical NK cells cure AML. PMID: 15632206.", "T3", "misleading"),
        (
            "In Yamasaki 2011, nine of ten patients with recurrent head and neck cancer had tumour regression.",
            "X",
            None,
        ),
    ],
)
def test_what_a_named_study_is_said_to_show(checker: Checker, sentence: str, level: str, accuracy: str | None) -> None:
    finding = checker.check(read_text(sentence, "page.txt"), "US").findings[0]
    assert (finding.claim_type, finding.level) == ("citation", level)
    assert accuracy is None or finding.accuracy == accuracy
