"""Drift: which claims of a page changed, and which way their wording moved."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kb.check.drift import as_json, as_text, drift
from kb.check.drift_moves import Move, moves
from tests.unit.check.making import finding, report

AML = {"cell_type": "NK cells", "indication": "acute myeloid leukaemia"}


def moved(old: str, new: str, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None) -> set[str]:
    found = moves(finding(old, **(before or {})), finding(new, **(after or before or {})))
    return {f"{move.kind} {move.way}" for move in found}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Our NK cells are an option.", "Our NK cells are the most advanced option.", "superlative stronger"),
        ("NK cells are a breakthrough.", "NK cells are a therapy.", "superlative weaker"),
        ("NK cells are a therapy.", "NK cells are not a breakthrough.", ""),
        ("NK cells may shrink tumours.", "NK cells will shrink tumours.", "certainty stronger"),
        ("NK cells are promising in AML.", "NK cells are proven in AML.", "certainty stronger"),
        ("NK cells may shrink tumours.", "NK cells shrink tumours.", "certainty stronger"),
        ("NK cells shrink tumours.", "NK cells may shrink tumours.", "certainty weaker"),
        ("NK cells are proven in AML.", "NK cells are not proven in AML.", "certainty weaker"),
        ("NK cells helped some patients.", "NK cells helped all patients.", "scope stronger"),
        ("NK cells helped all patients.", "NK cells helped some patients.", "scope weaker"),
        ("NK cells helped children with relapsed AML.", "NK cells helped those with AML.", "population stronger"),
        ("NK cells helped patients.", "NK cells helped relapsed patients.", "population weaker"),
        ("NK cells help patients.", "NK cells help healthy people.", "population stronger"),
        ("Remission was seen in 5 of 9 patients.", "Remission was seen in 55% of patients.", "number stronger"),
        ("Remission was seen in 55%.", "Remission was seen in 55% (n = 9).", "number weaker"),
        ("Remission was seen in 55%.", "Remission was seen in 75%.", "number stronger"),
        ("Remission was seen in 5 of 9.", "Remission was seen in 7 of 9.", "number changed"),
        ("NK cells induce responses in AML.", "NK cells cure AML.", "outcome stronger"),
        ("Fever and side effects can occur.", "Effects can occur.", "safety stronger"),
        ("NK cells are given weekly.", "NK cells are given weekly without side effects.", "safety stronger"),
        ("NK cells are safe.", "NK cells are 100% safe.", "safety stronger"),
        ("NK cells are given.", "NK cells are given; GvHD was seen.", "safety weaker"),
        ("NK cells [1] are given.", "NK cells [1] are given.", ""),
    ],
)
def test_moves_of_words(old: str, new: str, expected: str) -> None:
    found = moved(old, new)
    assert (expected in found) if expected else not found
    assert len({one for one in found if one.split()[0] == expected.split()[0]} if expected else found) <= 1


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"wording": "hedged"}, {"wording": "asserted"}, "certainty stronger"),
        ({"wording": "asserted"}, {"wording": "denied"}, "certainty weaker"),
        ({"outcome": "biomarker"}, {"outcome": "survival"}, "outcome stronger"),
        ({"outcome": "survival"}, {"outcome": "response"}, "outcome weaker"),
        ({"outcome": "relapse"}, {"outcome": "response"}, "outcome changed"),
        ({"axes": AML}, {"axes": AML | {"indication": "cancer"}}, "scope stronger"),
        ({"axes": AML}, {"axes": AML | {"indication": "acute leukaemia"}}, "scope stronger"),
        ({"axes": AML | {"indication": "cancer"}}, {"axes": AML}, "scope weaker"),
        ({"axes": AML}, {"axes": AML | {"indication": "melanoma"}}, "scope changed"),
        ({"axes": AML}, {"axes": AML | {"indication": ("acute myeloid leukaemia", "ALL")}}, "scope stronger"),
        ({"axes": AML | {"cell_source": "haploidentical"}}, {"axes": AML}, "scope stronger"),
        ({"axes": AML}, {"axes": AML | {"cell_source": "haploidentical"}}, "scope weaker"),
        ({"axes": AML | {"setting": "relapsed or refractory"}}, {"axes": AML}, "population stronger"),
        ({"axes": AML}, {"axes": AML | {"setting": "healthy people"}}, "population stronger"),
        ({"axes": AML}, {"axes": AML}, ""),
    ],
)
def test_moves_of_meaning(before: dict[str, Any], after: dict[str, Any], expected: str) -> None:
    assert moved("NK cells work.", "NK cells work.", before, after) == ({expected} if expected else set())


def test_markers_are_no_numbers() -> None:
    old, new = finding("NK cells work [1].", study="A"), finding("NK cells work.")
    assert moves(old, new) == ()


def test_fewer_harms_is_the_stronger_safety_claim() -> None:
    safety = {"claim_type": "safety", "outcome": "safety"}
    assert moved("Fever was seen in 20%.", "Fever was seen in 2%.", safety) == {"number stronger"}


def test_each_claim_is_new_gone_reworded_or_unchanged() -> None:
    old = report(
        finding("NK cells may induce remission in AML.", wording="hedged", axes=AML),
        finding("Cells are grown for two weeks.", claim_type="manufacturing", outcome=""),
        finding("Our team is kind.", claim_type="none", outcome=""),
    )
    new = report(
        finding("NK cells induce remission in AML.", axes=AML, objection=True, accuracy="misleading"),
        finding("Our team is kind.", claim_type="none", outcome=""),
        finding("NK cells reverse ageing.", axes={"indication": "ageing"}, objection=True),
    )
    found = drift(old, new)
    assert [change.kind for change in found.changes] == ["reworded", "unchanged", "new", "gone"]
    assert found.counts == {"reworded": 1, "new": 1, "gone": 1, "unchanged": 1}
    first = found.changes[0]
    assert first.direction == "stronger" and first.new_objection and first.verdict_changed
    assert first.before is not None and first.before.accuracy == "accurate"
    assert first.after is not None and first.after.accuracy == "misleading"
    assert found.objection


def test_weaker_wording_is_no_objection_even_where_one_remains() -> None:
    old = report(finding("NK cells will cure AML.", objection=True))
    new = report(finding("NK cells may help in AML.", objection=True, wording="hedged"))
    found = drift(old, new)
    assert found.changes[0].direction == "weaker"
    assert not found.objection


def test_an_objection_is_new_without_a_word_changed() -> None:
    found = drift(
        report(finding("NK cells work.")), report(finding("NK cells work.", objection=True), as_of="2026-02-01")
    )
    assert found.changes[0].kind == "unchanged"
    assert found.objection
    assert "2026-01-01 → 2026-02-01" in found.notes[0]
    assert "new objection" in as_text(found)


def test_a_heading_that_changes_the_meaning_makes_a_claim_reworded() -> None:
    old = finding("They respond well.", section=("AML",), axes=AML)
    new = finding("They respond well.", section=("Cancer",), axes=AML | {"indication": "cancer"})
    change = drift(report(old), report(new)).changes[0]
    assert (change.kind, change.moved, change.direction) == ("reworded", True, "stronger")


def test_typography_is_no_change() -> None:
    found = drift(report(finding("The ‘NK’ dose is 10⁹ cells")), report(finding("The 'NK'  dose is 10^9 cells.")))
    assert [change.kind for change in found.changes] == ["unchanged"]


def test_moved_sections_are_followed() -> None:
    texts = [f"NK cells from donor {word} were studied in {word} patients." for word in "abcdefghijklmnop"]
    old = [finding(text, id=f"f{place}") for place, text in enumerate(texts)]
    new = [*old[9:], *old[4:9], *old[:4]]
    found = drift(report(*old), report(*new))
    assert all(change.kind == "unchanged" and change.old == change.new for change in found.changes)


def test_the_pairing_is_the_best_in_all_not_the_first() -> None:
    old = report(
        finding("NK cells may help adults with lymphoma after relapse."),
        finding("NK cells may help adults with lymphoma."),
    )
    new = report(
        finding("NK cells help adults with lymphoma."), finding("NK cells help adults with lymphoma after relapse.")
    )
    found = drift(old, new)
    assert [change.old is not None and change.old.text.endswith("relapse.") for change in found.changes] == [
        False,
        True,
    ]


def test_the_same_sentence_twice_is_paired_in_order() -> None:
    old = report(finding("Call us.", id="f1"), finding("NK cells work.", id="f2"), finding("Call us.", id="f3"))
    new = report(finding("Call us.", id="f1"), finding("Call us.", id="f2"))
    pairs = [(c.old.id if c.old else None, c.new.id if c.new else None) for c in drift(old, new).changes]
    assert pairs == [("f1", "f1"), ("f3", "f2"), ("f2", None)]


@pytest.mark.parametrize(
    ("text", "values", "kind"),
    [
        ("Fever and chills can occur.", {"claim_type": "safety", "outcome": "safety"}, "safety"),
        ("Do not take NK cells with an infection.", {"claim_type": "precaution"}, "safety"),
        ("NK cells are not approved.", {"claim_type": "regulatory", "wording": "denied"}, "certainty"),
    ],
)
def test_a_limit_or_a_side_effect_that_is_gone_makes_the_page_stronger(
    text: str, values: dict[str, Any], kind: str
) -> None:
    kept = finding("NK cells are given weekly.")
    change = drift(report(finding(text, **values), kept), report(kept)).changes[-1]
    assert [(move.kind, move.way) for move in change.moves] == [(kind, "stronger")]


def test_a_side_effect_told_elsewhere_is_not_lost() -> None:
    safety = {"claim_type": "safety", "outcome": "safety"}
    old = report(finding("Fever can occur.", **safety))
    new = report(finding("In our trial of many infusions doctors noted fever once.", **safety))
    assert all(not change.objection for change in drift(old, new).changes)


def test_a_claim_that_is_gone_is_no_objection() -> None:
    assert not drift(report(finding("NK cells cure AML.", objection=True)), report()).objection


def test_outputs_hold_everything_and_are_the_same_each_time() -> None:
    old = report(finding("NK cells may work.", wording="hedged"), name="old.txt")
    new = report(finding("NK cells work.", sold_class="unsupported", sold_level="U"), name="new.txt")
    found = drift(old, new)
    data = json.loads(json.dumps(as_json(found)))
    assert data["objection"] is True
    assert data["changes"][0]["moves"][0] == {
        "kind": "certainty",
        "way": "stronger",
        "before": ["may"],
        "after": ["asserted"],
        "says": "hedged → asserted",
    }
    assert data["changes"][0]["old"]["class"] == "trial_stage"
    assert data["disclaimer"]
    text = as_text(found)
    assert text == as_text(drift(old, new))
    assert "old.txt → new.txt: 1 reworded, 0 new, 0 gone, 0 unchanged" in text
    assert "! line 1: reworded, stronger" in text
    assert "- NK cells may work." in text and "+ NK cells work." in text
    assert "sold: unsupported U" in text


def test_a_page_beside_itself_has_not_drifted() -> None:
    one = report(finding("NK cells may work."), finding("Side effects were seen in 3 of 9.", claim_type="safety"))
    found = drift(one, one)
    assert found.counts["unchanged"] == 2
    assert not found.objection
    assert "No objection." in as_text(found)


def test_a_move_is_a_value() -> None:
    assert moves(finding("NK cells work."), finding("The best NK cells work.")) == (
        Move("superlative", "stronger", (), ("best",), "praise added"),
    )
