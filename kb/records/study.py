"""A publication: identity, design, one product key per arm or basket, findings."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kb.records.common import (
    Checked,
    Count,
    Date,
    Doi,
    Interval,
    Percent,
    Pmcid,
    Pmid,
    Positive,
    ProductKey,
    Provenance,
    Record,
    StudyId,
    Text,
    TrialId,
    Url,
    matching,
)

EvidenceKind = Literal["human", "animal", "in_vitro", "review", "other"]
Outcome = Literal[
    "survival",
    "response",
    "relapse",
    "infection_control",
    "symptom_function",
    "prevention",
    "biomarker",
    "safety",
    "feasibility",
]
Direction = Literal["better", "no_difference", "worse", "not_comparative", "unclear"]
Phase = Literal["EARLY_PHASE1", "PHASE1", "PHASE1|PHASE2", "PHASE2", "PHASE2|PHASE3", "PHASE3", "PHASE4", "NA"]
Integrity = Literal["none", "corrected", "concern", "retracted", "reinstated", "unchecked"]
#: Endpoint on NCI PDQ's scale: total mortality, cause-specific mortality, quality of life, then
#: indirect surrogates (event-free, disease-free, progression-free survival, response rate).
EndpointKind = Literal["os", "css", "qol", "efs", "dfs", "pfs", "response_rate", "other"]


class Finding(Record):
    """One measured result of one arm or comparison.

    Attributes:
        endpoint: what was measured, in the field's words ("complete remission").
        outcome: outcome group the endpoint belongs to.
        n, n_total: people with the event, people it is counted in.
        n_basis: who ``n_total`` counts.
        percent: as printed by the source; :mod:`kb.plausibility` holds it against n/n_total.
        value: any other number with its unit, as text ("median 9.1 vs 7.6 months").
        p: P value as printed ("0.0107", "<0.001").
        direction: of the treated group against its comparator; ``not_comparative`` without one.
        gain: without a comparator, whether anybody gained (None: not stated).
        event: for safety, the kind of harm (``data/vocabulary/event.tsv``); n may be 0.
        marker: for biomarkers, a short name of the marker, so that a sentence naming it can be matched.
        is_primary: whether this is the primary endpoint (None: not stated).
        met: whether the endpoint's own target was met (None: not stated).
        checked, source: only where they differ from the study's own.
    """

    endpoint: Text
    outcome: Outcome
    endpoint_kind: EndpointKind | None = None
    n: Count | None = None
    n_total: Positive | None = None
    n_basis: Literal["enrolled", "treated", "evaluable", "subgroup"] | None = None
    percent: Percent | None = None
    interval: Interval | None = None
    value: Text | None = None
    p: (
        Annotated[str, matching(r"(<|>|=|<=|>=)?\s?0?\.\d+|1(\.0+)?|ns", "a P value ('0.03', '<0.001', 'ns')")] | None
    ) = None
    direction: Direction = "not_comparative"
    gain: bool | None = None
    event: str | None = None
    marker: Text | None = None
    time_point: Text | None = None
    is_primary: bool | None = None
    met: bool | None = None
    checked: Checked | None = None
    source: Url | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _numbers(self) -> Self:
        if self.n is not None and self.n_total is not None and self.n > self.n_total:
            raise ValueError(f"n={self.n} is more than n_total={self.n_total}")
        if self.interval and self.percent is not None:
            low, high = self.interval.low, self.interval.high
            if (low is not None and self.percent < low) or (high is not None and self.percent > high):
                raise ValueError(f"percent={self.percent} lies outside its interval {low} to {high}")
        if self.event and self.outcome != "safety":
            raise ValueError("event belongs to outcome 'safety' only")
        return self

    @property
    def comparative(self) -> bool:
        """Whether the result compares groups."""
        return self.direction in ("better", "no_difference", "worse")


class StudyKey(ProductKey):
    """The product key of one arm, basket or cohort, with its findings.

    Attributes:
        name: short name, unique in the study (``main`` when there is only one).
        arm: what the arm got, in our words.
        control: what the comparator got, if there was one.
        control_shares: combination concepts that the control arm got too, so that they do not
            explain a difference.
        control_has_cells: the comparator got such cells as well (another dose, donor or partner), so
            that the difference says nothing for or against the cells themselves.
        active_disease: whether the people had active disease at infusion (None: not stated);
            staying in remission is no response.
        n: people in this arm.
        design: where this arm's design is not the study's (a cohort from practice told together with a trial).
    """

    name: Annotated[str, matching(r"[a-z0-9][a-z0-9-]*", "a short lower-case name")] = "main"
    arm: Text | None = None
    control: Text | None = None
    control_shares: tuple[str, ...] = ()
    control_has_cells: bool = False
    active_disease: bool | None = None
    n: Count | None = None
    design: str | None = None
    findings: tuple[Finding, ...] = ()


class PublishedCount(Record):
    """A count of trials that a review prints; it can confirm a "none" or an "over N".

    Attributes:
        cell_type: what was counted.
        value: how many.
        date: day up to which was counted.
    """

    what: Literal["trials", "studies"]
    cell_type: tuple[str, ...]
    value: Count
    date: Date


class Relation(Record):
    """A tie to another record: cohorts that overlap count once."""

    type: Literal[
        "same_cohort", "follow_up_of", "reports_on", "comment_on", "protocol_of", "retracted_by", "corrected_by"
    ]
    target: Annotated[str, matching(r"(PMID|DOI|PMC|REC):\S+|NCT\d{8}", "a record id")]
    note: Text | None = None


class Study(Provenance):
    """One publication. ``id`` never changes; ids it had before are in ``aliases``.

    Attributes:
        read: ``whole`` when the abstract or the full text was read without truncation; only
            then does silence of the record count against a sentence that cites it.
        finding: what the study shows, in our own words, with its denominator.
        unverified: names of fields whose value rests on a secondary source.
        second_check: outcome of a re-check by somebody who did not enter the record.
    """

    id: StudyId
    aliases: tuple[StudyId, ...] = ()
    pmid: Pmid | None = None
    pmcid: Pmcid | None = None
    doi: Doi | None = None
    title: Text
    authors: tuple[Text, ...] = ()
    journal: Text | None = None
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    publication_date: Date | None = None
    volume_pages: Text | None = None
    publication_types: tuple[Text, ...] = ()
    evidence_kind: EvidenceKind
    design: str
    phase: Phase | None = None
    registry_ids: tuple[TrialId, ...] = ()
    n_enrolled: Count | None = None
    n_evaluable: Count | None = None
    funding: Text | None = None
    integrity: Integrity = "unchecked"
    integrity_date: Date | None = None
    read: Literal["whole", "truncated", "not_read"]
    finding: Text
    keys: tuple[StudyKey, ...] = ()
    relations: tuple[Relation, ...] = ()
    counts: tuple[PublishedCount, ...] = ()
    unverified: tuple[Text, ...] = ()
    second_check: Literal["agrees", "corrected", "disputed", "source_not_found"] | None = None
    second_check_by: Literal["automated", "person"] | None = None
    second_check_date: Date | None = None
    notes: Text | None = None

    @model_validator(mode="after")
    def _identity(self) -> Self:
        prefix, _, value = self.id.partition(":")
        same = {"PMID": self.pmid, "DOI": self.doi, "PMC": self.pmcid}
        if prefix in same and same[prefix] != value:
            raise ValueError(f"id is {self.id} but {prefix.lower()} is {same[prefix]!r}")
        best = f"PMID:{self.pmid}" if self.pmid else None
        if best and self.id != best:
            raise ValueError(f"a study with a PMID is known by it: id should be {best}")
        names = [key.name for key in self.keys]
        if len(names) != len(set(names)):
            raise ValueError(f"key names repeat: {names}")
        if self.evidence_kind == "human" and not self.keys:
            raise ValueError("a human study needs at least one product key")
        if self.n_enrolled is not None and self.n_evaluable is not None and self.n_evaluable > self.n_enrolled:
            raise ValueError(f"n_evaluable={self.n_evaluable} is more than n_enrolled={self.n_enrolled}")
        if self.integrity not in ("unchecked", "none") and self.integrity_date is None:
            raise ValueError(f"integrity '{self.integrity}' needs integrity_date")
        return self
