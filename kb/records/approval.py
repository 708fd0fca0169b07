"""Authorisations, findings of absence, access routes, designations, safety events."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import model_validator

from kb.records.common import Count, Date, Jurisdiction, ProductKey, Provenance, Record, Text, Url, matching

Slug = Annotated[str, matching(r"[a-z0-9][a-z0-9+-]*", "a lower-case slug")]

EventKind = Literal[
    "granted",
    "granted_full",
    "granted_conditional",
    "converted_to_full",
    "renewed",
    "label_extended",
    "suspended",
    "withdrawn",
    "lapsed",
    "refused",
    "conversion_refused",
    "application",
]


class ApprovalEvent(Provenance):
    """One dated step in the life of an authorisation.

    Attributes:
        event: what happened; ``granted`` when nobody saw whether the grant is full or conditional (it then
            counts as the weaker of the two).
        date: when it took effect; empty when no source seen gives it.
        reason: for an ending: ``efficacy``, ``safety``, ``commercial``, ``other``.
    """

    event: EventKind
    date: Date | None = None
    reason: Literal["efficacy", "safety", "commercial", "other"] | None = None
    note: Text | None = None


class LabelRisk(Provenance):
    """A harm the label itself warns of.

    Attributes:
        event: kind of harm, an id of ``data/vocabulary/event.tsv``.
    """

    event: str


class Approval(Provenance):
    """A product in one jurisdiction for one indication, with its whole history.

    Attributes:
        label: the restricted axes of the label; only what was read. An empty axis of a label
            that was seen is unrestricted.
        label_risks: harms the label warns of, each where it was read.
        label_seen: whether anybody read the label's indication; an unseen label covers nothing.
    """

    id: Annotated[str, matching(r"APR-[A-Z]{2}-[a-z0-9-]+", "an approval id (APR-<place>-<product>)")]
    product: Text
    product_id: Slug
    holder: Text | None = None
    jurisdiction: Jurisdiction
    agency: Text
    label: ProductKey
    label_text: Text
    label_seen: bool
    label_risks: tuple[LabelRisk, ...] = ()
    licence_number: Text | None = None
    second_check: Literal["agrees", "corrected", "disputed", "source_not_found"] | None = None
    second_check_by: Literal["automated", "person"] | None = None
    second_check_date: Date | None = None
    events: tuple[ApprovalEvent, ...]
    notes: Text | None = None

    @model_validator(mode="after")
    def _history(self) -> Self:
        if not self.events:
            raise ValueError("an approval needs at least one event")
        if not self.id.startswith(f"APR-{self.jurisdiction}-"):
            raise ValueError(f"id {self.id} does not name its jurisdiction {self.jurisdiction}")
        if not self.label.cell_type:
            raise ValueError("label.cell_type is needed: what is the product?")
        dated = [event.date for event in self.events if event.date]
        for earlier, later in pairwise(dated):
            if later.last < earlier.first:
                raise ValueError(f"events are out of order: {later} after {earlier}")
        return self


class Absence(Provenance, ProductKey):
    """Somebody looked and found that nothing of this kind is authorised there.

    Attributes:
        product, product_id: the one product that was looked for; empty for a kind of product.
        date: day from which the absence is known; it holds until an authorisation.
        statement: what was found to be absent, in our words.
    """

    id: Annotated[str, matching(r"ABS-[a-z0-9-]+", "an absence id (ABS-us-nk)")]
    jurisdictions: tuple[Jurisdiction, ...]
    product: Text | None = None
    product_id: Slug | None = None
    date: Date
    statement: Text
    notes: Text | None = None


class ApprovalsFile(Record):
    """``data/approvals.yml``."""

    approvals: tuple[Approval, ...]
    absences: tuple[Absence, ...]


class AccessRoute(Provenance):
    """A route or designation that is *not* an approval, or a claim of approval known to be false.

    Attributes:
        kind: ``route`` (hospital exemption, compassionate use, clinic route …), ``designation``
            (orphan, fast track …), ``trial_clearance`` (IND), ``false_claim`` (a public record
            that says approved and is wrong).
        used_for_nk: whether NK or NKT cells are given by this route; only "yes" counts as use.
        place: where, in words; ``jurisdiction`` only when it is in the closed table.
    """

    id: Annotated[str, matching(r"ACC-[a-z0-9-]+", "an access id (ACC-jp-asrm)")]
    kind: Literal["route", "designation", "trial_clearance", "false_claim"]
    name: Text
    place: Text
    jurisdiction: Jurisdiction | None = None
    product: Text | None = None
    cell_type: tuple[str, ...] = ()
    date: Date | None = None
    what_it_is: Text
    why_not_approval: Text
    nk_use: Text | None = None
    used_for_nk: Literal["yes", "claimed", "no"] | None = None
    notes: Text | None = None


class AccessFile(Record):
    """``data/access.yml``."""

    access_routes: tuple[AccessRoute, ...]


class SafetyEvent(Provenance, ProductKey):
    """Harm reported by a regulator, a registry or a paper, outside a study's own findings.

    Attributes:
        event: kind of harm, an id of ``data/vocabulary/event.tsv``.
        n: people harmed, when stated.
        attributed: what the report says of the cause, in our words.
    """

    id: Annotated[str, matching(r"SAF-[a-z0-9-]+", "a safety event id (SAF-jp-2024-sepsis)")]
    event: str
    n: Count | None = None
    n_total: Count | None = None
    place: Text
    jurisdiction: Jurisdiction | None = None
    date: Date | None = None
    statement: Text
    attributed: Text | None = None
    reporter: Text
    study_id: Text | None = None
    other_sources: tuple[Url, ...] = ()
    notes: Text | None = None


class SafetyFile(Record):
    """``data/safety.yml``."""

    safety_events: tuple[SafetyEvent, ...]
