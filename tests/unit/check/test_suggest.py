"""What is offered instead of a claim, in worlds of made-up records."""

from __future__ import annotations

from typing import Any

import pytest

from kb.assess.accuracy import is_objection
from kb.assess.base import Base
from kb.assess.claim import Assessor
from kb.check.suggest.reread import Reread
from kb.check.suggest.suggestions import Suggestion, Suggestions, needed
from kb.check.understand.kit import Kit, load_kit
from kb.dataset import Dataset
from kb.records.claim import Claim
from kb.records.common import ProductKey
from kb.records.study import Study
from tests import factory
from tests.conftest import DATA
from tests.factory import DAY, absence, approval, claim, document, finding, safety_event, trial, world

NK = {"cell_type": ["nk"]}
SOLD = ProductKey(cell_type=("nk",), cell_source=("autologous",))


_NUMBERS = iter(range(90_000_001, 99_999_999))


def study(key: dict[str, Any] | None = None, findings: list[dict[str, Any]] | None = None, **values: Any) -> Study:
    """Return a made-up study with a PMID as long as those that pages print."""
    pmid = str(next(_NUMBERS))
    return factory.study(key, findings, **{"id": f"PMID:{pmid}", "pmid": pmid, **values})


@pytest.fixture(scope="module")
def kit(data: Dataset) -> Kit:
    return load_kit(DATA, data.vocabulary, tuple(data.build.lineage), tuple(data.rules.codes))


def offer(data: Dataset, kit: Kit, said: Claim, *records: Any, place: str = "US") -> Suggestion:
    """Return what is offered instead of a claim in a world of these records."""
    page = document(said)
    base = Base(world(data, *records, page), DAY)
    status = Assessor(base).assess(page, said, (place,))[0]
    assert needed(said, status), (status.result.level, status.accuracy)
    return Suggestions(base, kit).of(page, said, status, place)


def text_of(data: Dataset, kit: Kit, said: Claim, *records: Any, place: str = "US") -> str:
    """Return the text offered; there must be one."""
    made = offer(data, kit, said, *records, place=place)
    assert made.text is not None, made.reason
    return made.text


# ---------------------------------------------------------------------- studies


def test_a_result_comes_with_count_people_cells_source_and_standing(data: Dataset, kit: Kit) -> None:
    record = study({"combination": ["il-2"], "n": 10})
    made = offer(data, kit, claim(), record, absence())
    assert made.text == (
        f"In a phase 1 single-arm study (PMID {record.pmid}, 2015) of natural killer cells (haploidentical related "
        "donor; not cultured to expand; not genetically engineered) given with interleukin-2 to 10 people with acute "
        "myeloid leukaemia (relapsed or refractory), 3 of 10 people had response; the treatment is investigational "
        "and not approved in the United States (as of 2024-01-01)."
    )
    assert (made.reason, made.records) == ("", (record.id, "ABS-us-made-up"))


def test_without_a_finding_of_absence_only_what_is_on_file_is_said(data: Dataset, kit: Kit) -> None:
    text = text_of(data, kit, claim(), study(), place="JP")
    assert text.endswith("; the treatment is investigational, and no approval in Japan is on file.")


def test_a_licence_of_the_same_kind_of_cells_is_named_and_not_lent(data: Dataset, kit: Kit) -> None:
    label = {"cell_type": ["nk"], "cell_source": ["haploidentical"], "indication": ["aml"]}
    text = text_of(
        data, kit, claim(axes={**NK, "indication": ["aml"], "setting": ["first-remission"]}), study(),
        approval(label=label),
    )  # fmt: skip
    assert text.endswith("; the approval of Madeup in the United States is for that product alone.")
    assert "investigational" not in text


def test_a_licence_for_another_disease_leaves_the_use_investigational(data: Dataset, kit: Kit) -> None:
    text = text_of(data, kit, claim(), study(), approval(label={"cell_type": ["nk"], "indication": ["glioma"]}))
    assert text.endswith("; this use is investigational in the United States.")


@pytest.mark.parametrize("integrity", ["retracted", "concern"])
def test_what_is_retracted_or_doubted_is_not_used(data: Dataset, kit: Kit, integrity: str) -> None:
    sound, other = study(), study(integrity=integrity, integrity_date="2019", year=2018)
    made = offer(data, kit, claim(), sound, other)
    assert made.records == (sound.id,)
    assert offer(data, kit, claim(), other).text is None


def test_a_disputed_record_is_not_used(data: Dataset, kit: Kit) -> None:
    assert offer(data, kit, claim(), study(second_check="disputed")).text is None


def test_other_cells_are_no_substitute_but_named_in_the_reason(data: Dataset, kit: Kit) -> None:
    made = offer(data, kit, claim(), study({"cell_type": ["cik"]}))
    assert made.text is None
    assert made.reason == (
        "No study or registered trial on file of natural killer cells in acute myeloid leukaemia has a result that "
        "could be told (what is on file there is of cytokine-induced killer cells); leave the sentence out, or add the "
        "record to the base."
    )


def test_cells_of_another_source_are_named_and_kept_apart(data: Dataset, kit: Kit) -> None:
    text = text_of(data, kit, claim(axes={**NK, "cell_source": ["autologous"], "indication": ["aml"]}), study())
    assert "haploidentical related donor" in text
    assert "; the result holds for these cells and these people only;" in text


def test_a_success_is_not_told_without_the_failure_beside_it(data: Dataset, kit: Kit) -> None:
    good = study(year=2020)
    bad = study(None, [finding(n=0, is_primary=True)], year=2012)
    made = offer(data, kit, claim(), good, bad, absence())
    assert made.text is not None
    assert {good.id, bad.id} <= set(made.records)
    assert "3 of 10 people had response" in made.text
    assert "0 of 10 people had response" in made.text
    assert made.text.count("investigational") == 1


def test_a_failure_that_contradicts_is_told(data: Dataset, kit: Kit) -> None:
    record = study(None, [finding(n=0, is_primary=True)])
    assert "0 of 10 people had response" in text_of(data, kit, claim(), record)


def test_a_secondary_source_is_said_to_be_one(data: Dataset, kit: Kit) -> None:
    text = text_of(data, kit, claim(), study(None, [finding(checked="secondary")]))
    assert "had response (as another publication gives it);" in text


def test_a_detail_read_elsewhere_only_is_said_to_be_so_or_left_out(data: Dataset, kit: Kit) -> None:
    record = study({"n": 12}, unverified=["keys.expansion", "cell_source", "phase", "design", "keys.n", "year"])
    text = text_of(data, kit, claim(), record)
    assert text.startswith(f"In a study (PMID {record.pmid}) of natural killer cells (haploidentical related donor; ")
    assert "; source and culture as another publication gives it) given to people with acute" in text


def test_an_unknown_count_prints_no_number(data: Dataset, kit: Kit) -> None:
    record = study(None, [finding(n=None, n_total=None, percent=40, gain=True, value="4 in 10 or so")])
    text = text_of(data, kit, claim(), record)
    assert "a result for response was reported, without a count on file" in text
    assert "40" not in text.replace(str(record.pmid), "")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"direction": "better", "p": "0.01"}, "the result was better than in the comparison group"),
        ({"direction": "better", "p": "0.30"}, "there was no significant difference from the comparison group"),
        ({"direction": "no_difference"}, "there was no difference from the comparison group"),
    ],
)
def test_a_comparison_is_told_as_it_came_out(data: Dataset, kit: Kit, values: dict[str, Any], words: str) -> None:
    found = finding(endpoint="remission rate", n=None, n_total=None, **values)
    record = study({"control": "chemotherapy"}, [found], design="nonrandomised-controlled")
    assert f"for remission rate {words}" in text_of(data, kit, claim(), record)


def test_a_study_without_a_number_is_known_by_authors_and_address(data: Dataset, kit: Kit) -> None:
    record = study(id="REC:made-up", pmid=None, authors=["Quillfeather AB", "Other C"])
    assert "(Quillfeather et al. 2015, https://example.org/made-up)" in text_of(data, kit, claim(), record)


def test_a_misreported_study_is_told_as_it_is(data: Dataset, kit: Kit) -> None:
    record = study(None, [finding(n=0, is_primary=True)], authors=["Quillfeather AB"])
    said = claim(
        claim_type="citation",
        subject="cited_study",
        outcome="response",
        reports=[{"study": record.id, "outcome": "response", "direction": "gain"}],
    )
    made = offer(data, kit, said, record, study())
    assert made.records[0] == record.id
    assert made.text is not None and "0 of 10 people had response" in made.text


def test_a_retracted_study_that_is_cited_is_told_of_only_in_the_reason(data: Dataset, kit: Kit) -> None:
    record = study(integrity="retracted", integrity_date="2019")
    said = claim(
        claim_type="citation", subject="cited_study", outcome="response",
        reports=[{"study": record.id, "outcome": "response", "direction": "gain", "n": 9, "n_total": 10}],
    )  # fmt: skip
    made = offer(data, kit, said, record)
    assert made.text is None
    assert made.reason.startswith(f"The study it names, {record.id}, may not be used: it stands retracted;")


# ---------------------------------------------------------------------- registrations, harms, authorisations


def test_a_trial_under_way_is_told_with_its_day(data: Dataset, kit: Kit) -> None:
    record = trial(phase="PHASE1", cell_source=["cord-blood"], engineering=["not-engineered"])
    text = text_of(data, kit, claim(), record, absence())
    assert text == (
        "Natural killer cells (cord blood; not genetically engineered) are being studied in people with acute myeloid "
        f"leukaemia in the registered trial {record.id} (phase 1, recruiting as of 2025-06); no results of it are on "
        "file; the treatment is investigational and not approved in the United States (as of 2024-01-01)."
    )


def test_a_trial_that_ended_without_results_is_named_in_the_reason(data: Dataset, kit: Kit) -> None:
    record = trial(status="TERMINATED", stop_reason="futility")
    made = offer(data, kit, claim(), record)
    assert made.text is None
    assert made.reason.startswith(
        "All that is on file of natural killer cells in acute myeloid leukaemia are registered trials without results"
    )
    assert record.id in made.reason


def test_nothing_on_file_is_said_to_be_so(data: Dataset, kit: Kit) -> None:
    made = offer(data, kit, claim())
    assert (made.text, made.records) == (None, ())
    assert "of natural killer cells in acute myeloid leukaemia" in made.reason


def test_laboratory_work_alone_gives_no_sentence(data: Dataset, kit: Kit) -> None:
    made = offer(data, kit, claim(), study(evidence_kind="animal"))
    assert made.text is None
    assert made.reason.startswith("Only laboratory or animal work on natural killer cells in acute myeloid leukaemia")


def test_a_harm_that_happened_goes_before_one_that_did_not(data: Dataset, kit: Kit) -> None:
    def harm(n: int) -> dict[str, Any]:
        return finding(outcome="safety", endpoint_kind=None, endpoint="fever", event="fever", n=n)

    said = claim(claim_type="safety", outcome="safety", event="any-harm", axes=NK)
    text = text_of(data, kit, said, study(None, [harm(0)], year=2024), study(None, [harm(4)], year=2010))
    assert "4 of 10 people had fever" in text


def test_a_harm_outside_studies_is_told_with_who_reported_it(data: Dataset, kit: Kit) -> None:
    said = claim(claim_type="safety", outcome="safety", event="sepsis", absolute=True, axes=NK)
    other = finding(outcome="safety", endpoint_kind=None, endpoint="fever", event="fever", n=4)
    made = offer(data, kit, said, safety_event(n=2), study({"cell_source": ["autologous"]}, [other]))
    assert made.text is None or "sepsis was reported in 2 people after natural killer cells (autologous)" in (
        made.text.lower()
    )
    assert made.records[0] == "SAF-made-up"


def test_a_false_authorisation_is_answered_where_somebody_looked(data: Dataset, kit: Kit) -> None:
    said = claim(claim_type="regulatory", axes=NK, regulatory={"says": "approved", "jurisdictions": ["US"]})
    text = text_of(data, kit, said, absence(), study())
    assert text == (
        "Natural killer cells are not approved in the United States (as of 2024-01-01; https://example.org/made-up)."
    )
    with pytest.raises(AssertionError):  # nobody can tell, so nothing has to be changed
        offer(data, kit, said, study())


def test_an_absence_is_dated_by_the_kind_of_cells_looked_for_longest_ago(data: Dataset, kit: Kit) -> None:
    said = claim(
        claim_type="regulatory", axes={"cell_type": ["nk", "nkt"]},
        regulatory={"says": "approved", "jurisdictions": ["US"]},
    )  # fmt: skip
    late = absence(date="2025-06", checked="secondary", source="https://example.org/late")
    early = absence(id="ABS-us-nkt", cell_type=["nkt"], date="2023", source="https://example.org/early")
    text = text_of(data, kit, said, late, early, study())
    assert text == (
        "Natural killer cells and natural killer T cells are not approved in the United States (as of 2023, by a "
        "secondary source; https://example.org/late; https://example.org/early)."
    )


def test_a_wrong_count_gets_no_number_to_print(data: Dataset, kit: Kit) -> None:
    said = claim(claim_type="counting", axes=NK, counting={"what": "trials", "op": "only", "value": 1})
    made = offer(data, kit, said, trial(), trial(), trial())
    assert made.text is None
    assert made.reason.startswith("On file are 3 trials of natural killer cells (as of 2026-01-01), which is a lower")


# ---------------------------------------------------------------------- when, and why not


def test_a_sentence_without_cells_or_about_something_unknown_gets_the_reason(data: Dataset, kit: Kit) -> None:
    assert "does not say which cells" in offer(data, kit, claim(axes={"indication": ["aml"]}), study()).reason
    assert offer(data, kit, claim(outside=["golden serum"]), study()).reason == (
        "The base does not know golden serum; leave the sentence out, or add the record to the base."
    )


def test_a_limit_and_a_true_sentence_need_no_other_words(data: Dataset) -> None:
    denied, shown = claim(wording="denied"), claim(wording="hedged")
    for said in (denied, shown):
        page = document(said)
        status = Assessor(Base(world(data, study(), page), DAY)).assess(page, said, ("US",))[0]
        assert not is_objection(said, status.accuracy)
        assert not needed(said, status)


def test_a_promise_is_refused_when_it_is_read_back(data: Dataset, kit: Kit) -> None:
    reread = Reread(Base(world(data, study()), DAY), kit)
    assert not reread.holds("Our NK cell therapy cures acute myeloid leukaemia.", SOLD, "US")
    assert not reread.holds("NK cell therapy is a proven treatment for melanoma.", SOLD, "US")
    assert reread.holds("The centre is open on Mondays.", SOLD, "US")


def test_what_is_read_back_does_not_depend_on_what_was_read_before(data: Dataset, kit: Kit) -> None:
    base = Base(world(data, absence()), DAY)
    yes, no = "NK cells are approved in the United States.", "NK cells are not approved in the United States."
    one, other = Reread(base, kit), Reread(base, kit)
    assert [one.holds(yes, SOLD, "US"), one.holds(no, SOLD, "US")] == [
        *reversed([other.holds(no, SOLD, "US"), other.holds(yes, SOLD, "US")])
    ]


def test_what_is_no_cell_product_is_not_called_investigational(data: Dataset, kit: Kit) -> None:
    axes = {"cell_type": ["nad"], "cell_source": [], "expansion": [], "indication": ["ageing"], "setting": []}
    missed = {"endpoint": "quality of life", "outcome": "symptom_function", "endpoint_kind": "qol", "is_primary": True}
    record = study(axes, [finding(**missed, n=None, n_total=None, direction="no_difference")])
    said = claim(axes={"cell_type": ["nad"], "indication": ["ageing"]})
    text = text_of(data, kit, said, record, absence(cell_type=["nad"]))
    assert text.endswith("; no approval for this use in the United States is on file.")
    assert "investigational" not in text
