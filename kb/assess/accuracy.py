"""The second verdict: whether the sentence says what the facts allow.

``accuracy`` is the worst that the level, the wording and the codes allow (design, "accuracy").
"""

from __future__ import annotations

from collections.abc import Iterable

from kb.records.claim import Claim
from kb.rules import Accuracy, Rules

#: From harmless to grave. "Unverifiable" stands between: it may be true.
_ORDER: tuple[Accuracy, ...] = ("accurate", "accurate_with_caveat", "unverifiable", "misleading", "inaccurate")

_BENEFIT_TYPES = {"efficacy", "eligibility", "comparative"}
_CARRIED = {"A_FULL", "A_COND", "T1", "T2r", "T2s"}
_TRIAL_STAGE = {"T1", "T2r", "T2s", "T3", "MIXED", "T4"}


def is_benefit(claim: Claim) -> bool:
    """Tell whether the sentence promises a benefit to a person."""
    return claim.claim_type in _BENEFIT_TYPES or claim.promises_benefit


def benefit_accuracy(claim: Claim, level: str) -> tuple[Accuracy, frozenset[str]]:
    """Return accuracy and codes of a promised benefit at a level, from its wording."""
    if level == "X":
        return "inaccurate", frozenset({"CONTRADICTED"})
    if level == "?":
        return "unverifiable", frozenset()
    if level in ("A_FULL", "A_COND"):
        return "accurate", frozenset()
    if claim.wording == "hedged":
        if level in _TRIAL_STAGE:
            return "accurate_with_caveat", frozenset()
        return "misleading", frozenset({"BENEFIT_UNPROVEN"})
    if level in _CARRIED:
        return "accurate", frozenset()
    return "misleading", frozenset({"BENEFIT_UNPROVEN"})


def worst(rules: Rules, start: Accuracy, codes: Iterable[str]) -> Accuracy:
    """Return the gravest of a starting accuracy and what the codes allow at best."""
    allowed = [start, *(rules.codes[code][0] for code in codes)]
    return max(allowed, key=_ORDER.index)


def is_objection(claim: Claim, accuracy: Accuracy) -> bool:
    """Tell whether a reviewer must object: misleading, inaccurate, or a benefit nobody can verify."""
    unproven = accuracy == "unverifiable" and is_benefit(claim) and claim.wording != "denied"
    return accuracy in ("misleading", "inaccurate") or unproven
