"""What an authorisation is worth, where and when: its standing, and what its label covers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kb.assess.match import compare, complete
from kb.records.approval import Approval, ApprovalEvent
from kb.records.common import AXES, ProductKey
from kb.vocabulary import Vocabulary

Standing = Literal["full", "conditional", "not_in_force"]

#: Steps that put an authorisation in force, and steps that end it.
_FULL = {"granted_full", "converted_to_full"}
_CONDITIONAL = {"granted_conditional", "granted"}  # of a grant of unseen kind nobody knows more than the weaker
_ENDED = {"withdrawn", "lapsed", "refused", "conversion_refused", "suspended"}


#: Tells whether a date has come.
Reached = Callable[[date], bool]


def by(day: date) -> Reached:
    """Return the answer to "has that date come?" for one fixed day."""
    return lambda when: when <= day


@dataclass(frozen=True, slots=True)
class State:
    """Standing of one authorisation on one day.

    Attributes:
        event: the step that decided, None when nothing had happened yet.
    """

    standing: Standing
    event: ApprovalEvent | None


def _effective(event: ApprovalEvent) -> date:
    """Day a step takes effect: grants help from the end of a partial date, endings harm from its start."""
    when = event.date or event.retrieved
    return when.harms_from() if event.event in _ENDED else when.helps_from()


def state(approval: Approval, reached: Reached) -> State:
    """Return the standing of an authorisation, from its dated history, with the steps whose date has come."""
    standing: Standing = "not_in_force"
    decided: ApprovalEvent | None = None
    for event in approval.events:
        if not reached(_effective(event)):
            continue
        if event.event in _FULL:
            standing, decided = "full", event
        elif event.event in _CONDITIONAL or (event.event == "label_extended" and standing == "not_in_force"):
            # An extension of which nobody saw the kind counts as the weaker of the two.
            standing, decided = "conditional", event
        elif event.event in _ENDED:
            standing, decided = "not_in_force", event
    return State(standing, decided)


def has_ended(approval: Approval, reached: Reached) -> bool:
    """Tell whether an authorisation was refused, or has ended, by the dates that have come."""
    now = state(approval, reached)
    return now.standing == "not_in_force" and now.event is not None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether a label covers a sentence.

    Attributes:
        covers: every axis the same as or narrower than the label's.
        broader_on: axes on which the sentence says more than the label.
        reason: in words, when it does not cover.
    """

    covers: bool
    broader_on: tuple[str, ...] = ()
    reason: str = ""


def coverage(vocabulary: Vocabulary, approval: Approval, claim: ProductKey) -> Coverage:
    """Return whether the label of ``approval`` covers a sentence with this key.

    The sentence must be the same as or narrower than the label on every axis the label
    restricts; silence of the sentence on such an axis is not coverage. A label nobody saw
    covers nothing.
    """
    if not approval.label_seen:
        return Coverage(False, (), "nobody has read its label")
    label = complete(vocabulary, approval.label)
    restricted = [axis for axis in AXES if getattr(label, axis)]
    silent = [
        axis for axis in restricted if not getattr(claim, axis) and axis in ("indication", "setting", "combination")
    ]
    # Seen from the label: how does the sentence's value stand to the label's?
    vector = compare(vocabulary, claim, ProductKey(**{axis: getattr(label, axis) for axis in restricted}))
    outside = [axis for axis in restricted if getattr(claim, axis) and vector[axis] not in ("same", "narrower")]
    broader = tuple(axis for axis in AXES if axis in silent or axis in outside)
    if not broader:
        return Coverage(True)
    return Coverage(False, broader, f"the sentence says more than the label on {', '.join(broader).replace('_', ' ')}")


def ended_for_efficacy(vocabulary: Vocabulary, approval: Approval, claim: ProductKey, reached: Reached) -> bool:
    """Tell whether this very product's authorisation ended because it did not work."""
    now = state(approval, reached)
    if now.event is None or now.event.event not in _ENDED or now.event.reason != "efficacy":
        return False
    begun = any(event.event in _FULL | _CONDITIONAL and reached(_effective(event)) for event in approval.events)
    if not begun:  # a refusal ends nothing
        return False
    vector = compare(vocabulary, complete(vocabulary, approval.label), claim)
    return vector.product_matches and vector["indication"] in ("same", "broader")


def in_force(approvals: Iterable[Approval], jurisdiction: str, reached: Reached) -> list[tuple[Approval, State]]:
    """Return the authorisations in force in a place by the dates that have come."""
    found = ((approval, state(approval, reached)) for approval in approvals if approval.jurisdiction == jurisdiction)
    return [(approval, now) for approval, now in found if now.standing != "not_in_force"]
