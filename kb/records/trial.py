"""A registered trial: one row of ``data/trials.csv``."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from kb.records.common import Count, Date, ProductKey, Provenance, Text, TrialId
from kb.records.study import Phase

#: Overall recruitment status in the spelling of ClinicalTrials.gov API v2.
Status = Literal[
    "NOT_YET_RECRUITING",
    "RECRUITING",
    "ENROLLING_BY_INVITATION",
    "ACTIVE_NOT_RECRUITING",
    "COMPLETED",
    "SUSPENDED",
    "TERMINATED",
    "WITHDRAWN",
    "UNKNOWN",
]
#: Why a trial ended early, our grouping of the registry's free text.
StopReason = Literal["safety", "futility", "other"]


class Trial(ProductKey, Provenance):
    """One registration. An empty cell is a value nobody saw.

    Attributes:
        title_kind: ``registry`` for the registry's own title, ``description`` for words of ours
            or of a review table.
        phase_raw, status_raw: as the source prints them. A word of the registry that ``Status`` or ``Phase`` lacks
            stands here alone.
        status_date: day on which the status was true in the registry copy read; a status is
            never shown without it.
        enrollment: people, planned or actual as the registry gives it.
        countries: where people are or were to be treated, as the registry names them; empty: nobody saw it.
        why_stopped: the registry's words, shortened; ``stop_reason`` is our grouping.
        is_nk_therapy: cells of NK or NKT lineage are the product. False rows carry ``note``.
        doubt: why the row must not be counted (empty: none).
        status_dispute: where two sources disagree about the status.
        registry_seen: day on which ``kb ingest`` last fetched the registry's own words for this row; never entered by
            hand. ``source``, ``retrieved`` and ``checked`` stay those of what a person read.
    """

    id: TrialId
    registry: Text
    title: Text | None = None
    title_kind: Literal["registry", "description"] | None = None
    phase: Phase | None = None
    phase_raw: Text | None = None
    status: Status | None = None
    status_raw: Text | None = None
    status_date: Date | None = None
    status_dispute: Text | None = None
    first_posted: Date | None = None
    enrollment: Count | None = None
    sponsor: Text | None = None
    countries: tuple[Text, ...] = ()
    start_date: Date | None = None
    completion_date: Date | None = None
    why_stopped: Text | None = None
    stop_reason: StopReason | None = None
    conditions: Text | None = None
    interventions: Text | None = None
    is_nk_therapy: bool
    doubt: Text | None = None
    note: Text | None = None
    registry_seen: Date | None = None

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.title and not self.title_kind:
            raise ValueError("title needs title_kind (registry or description)")
        if self.status and not self.status_date:
            raise ValueError("status needs status_date: a status is true on a day")
        if self.status == "UNKNOWN" and self.stop_reason:
            raise ValueError("status UNKNOWN has no stop_reason")
        if self.start_date and self.completion_date and self.completion_date.last < self.start_date.first:
            raise ValueError(f"completion_date {self.completion_date} is before start_date {self.start_date}")
        if not self.is_nk_therapy and not self.note:
            raise ValueError("is_nk_therapy is false: say why in note")
        return self
