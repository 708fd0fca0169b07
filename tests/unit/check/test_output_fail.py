"""``--fail-on``: every kind of word finds its findings, and an unknown one says what was meant."""

from __future__ import annotations

import pytest

from kb.check.output.fail import TokenError, Tokens, carried, matches
from tests.unit.check.reports import report

_KNOWN = Tokens(
    levels=("A_FULL", "T1", "T4", "P", "U", "X", "B", "N", "?"),
    codes=("CONTRADICTED", "NO_REFERENCE", "SAFETY_OVERSTATED", "SOURCE_NOT_AUTOLOGOUS", "WRONG_CELL_TYPE"),
    wording=("EX-ABSOLUTE", "EX-GUARANTEE", "EX-HOUSE"),
)


@pytest.mark.parametrize(
    ("tokens", "found"),
    [
        (["unsupported"], "1 3 4"),
        (["Unsupported"], "1 3 4"),
        (["needs_review"], "7"),
        (["X"], "1 3"),
        (["u"], "4"),
        (["?"], "7"),
        (["sold:U"], "1 4 5"),
        (["sold:unsupported"], "1 3 4 5"),
        (["misleading"], "4"),
        (["SAFETY_OVERSTATED"], "3"),
        (["WRONG_CELL_TYPE"], ""),
        (["rule:high"], "1"),
        (["rule:low", "rule:medium"], "3 4"),
        (["EX-GUARANTEE", "?"], "1 7"),
        (["objection"], "1 3 4"),
        ([], ""),
    ],
)
def test_words_find_their_findings(tokens: list[str], found: str) -> None:
    assert [str(int(finding.id[1:])) for finding in matches(report(), tokens, _KNOWN)] == found.split()


@pytest.mark.parametrize(
    ("token", "meant"),
    [
        ("unsuported", "unsupported"),
        ("WRONG_CELL", "WRONG_CELL_TYPE"),
        ("rule:hihg", "rule:high"),
        ("EX-GARANTEE", "EX-GUARANTEE"),
        ("inacurate", "inaccurate"),
        ("%%%", "use a class (approved, trial_stage"),
        ("", "use a class"),
    ],
)
def test_an_unknown_word_says_what_was_meant(token: str, meant: str) -> None:
    with pytest.raises(TokenError, match="no such class, level, accuracy, code or wording rule") as caught:
        matches(report(), [token], _KNOWN)
    assert meant in str(caught.value)


def test_every_word_a_finding_carries_is_allowed() -> None:
    known = Tokens(_KNOWN.levels, (*_KNOWN.codes, "BENEFIT_UNPROVEN", "PRODUCT_MISMATCH"), _KNOWN.wording)
    for finding in report().findings:
        assert carried(finding) <= set(known.allowed)


def test_words_differ_by_more_than_case() -> None:
    assert len({token.casefold() for token in _KNOWN.allowed}) == len(_KNOWN.allowed)
