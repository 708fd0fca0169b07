"""A checked document and its claims, in our own words."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kb.records.common import Count, Date, Jurisdiction, Percent, Positive, ProductKey, Record, StudyId, Text, matching
from kb.records.study import Outcome, Phase

ClaimType = Literal[
    "efficacy",
    "safety",
    "mechanism",
    "manufacturing",
    "regulatory",
    "comparative",
    "eligibility",
    "precaution",
    "citation",
    "counting",
    "none",
]
Subject = Literal["own_product", "class", "other_product", "cited_study", "biology", "seller"]
Wording = Literal["asserted", "hedged", "implied", "denied"]


class ReportedResult(Record):
    """What a sentence says a named study found; compared with the stored record.

    Attributes:
        study: the record the sentence names.
        direction: ``gain``, ``failure`` or ``none_stated``.
        n, n_total, percent: numbers the sentence prints.
        via: whether the sentence names the study, or only a marker on it leads there.
        phase, enrolled, year: the phase, the number of people who took part, the year of the paper, each only when
            the sentence states it.
        overclaims: the sentence speaks of a cure, of proof or of everybody, which no result of one study bears out.
    """

    study: StudyId
    outcome: Outcome | None = None
    direction: Literal["gain", "failure", "none_stated"] = "none_stated"
    n: Count | None = None
    n_total: Count | None = None
    percent: Percent | None = None
    via: Literal["name", "marker"] = "name"
    phase: Phase | None = None
    enrolled: Count | None = None
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    overclaims: bool = False


class RegulatoryStatement(Record):
    """What a sentence says of an authorisation.

    Attributes:
        says: ``approved`` / ``not_approved`` / ``in_trials`` (a development stage) /
            ``used_without_licence`` / ``designated`` (a designation or trial clearance, named as such) /
            ``rule`` (about the rules themselves).
        jurisdictions: places the sentence names; empty with ``elsewhere`` for "other countries".
        elsewhere: the sentence speaks of unnamed other places.
        phase: for ``in_trials``, the stage named ("late" is phase 3 or 2/3).
        date: date the sentence gives.
    """

    says: Literal["approved", "not_approved", "in_trials", "used_without_licence", "designated", "rule"]
    jurisdictions: tuple[Jurisdiction, ...] = ()
    elsewhere: bool = False
    phase: Literal["early", "late"] | None = None
    date: Date | None = None


class CountStatement(Record):
    """A number of trials or studies that a sentence prints."""

    what: Literal["trials", "studies"]
    op: Literal["over", "about", "only", "exactly", "some", "none"]
    value: Count | None = None

    @model_validator(mode="after")
    def _value(self) -> Self:
        if self.op in ("over", "about", "only", "exactly") and self.value is None:
            raise ValueError(f"op '{self.op}' needs a value")
        return self


class Claim(Record):
    """One atomic statement of a document.

    Attributes:
        id: ``<document>#c001``, never reused.
        statement: the claim in our own words; the document's text is not stored.
        axes: the product key as the sentence says it; silent axes stay empty.
        universal: "all", "every", "any": only evidence for the whole lifts it.
        absolute: "none", "never", "cannot": one event refutes it (needs ``event``).
        event: kind of harm a safety claim speaks of.
        states_harm: a safety sentence that says the harm happens, rather than that it does not.
        report_of_absence: it reports that some studies saw none of this harm, not that there is none.
        marker: a biomarker the sentence itself names; only findings on that marker can lift it.
        names_product: slug of an authorised product the sentence names.
        licensed_as_such: the sentence speaks of licensed products as licensed products.
        promises_benefit: a mechanism or manufacturing sentence that promises a person a benefit.
        contradicted_by: records whose stored facts say otherwise (mechanism, manufacturing).
        supported_by: listed references that bear a background statement out.
        candidates: records that may be what a bare marker meant; never citations.
        outside: products, diseases or studies it speaks of that are no concept or record of ours.
    """

    id: Annotated[str, matching(r"[a-z0-9-]+#c\d{3,}", "a claim id (document#c001)")]
    section: Text
    line_start: Positive
    line_end: Positive
    statement: Text
    claim_type: ClaimType
    subject: Subject
    wording: Wording
    outcome: Outcome | None = None
    axes: ProductKey = ProductKey()
    markers: tuple[str, ...] = ()
    universal: bool = False
    absolute: bool = False
    event: str | None = None
    states_harm: bool = False
    report_of_absence: bool = False
    marker: str | None = None
    names_product: str | None = None
    licensed_as_such: bool = False
    promises_benefit: bool = False
    own_quality: bool = False
    reports: tuple[ReportedResult, ...] = ()
    regulatory: RegulatoryStatement | None = None
    counting: CountStatement | None = None
    compared_with: ProductKey | None = None
    supported_by: tuple[StudyId, ...] = ()
    contradicted_by: tuple[StudyId, ...] = ()
    candidates: tuple[StudyId, ...] = ()
    outside: tuple[Text, ...] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _shape(self) -> Self:
        if self.line_end < self.line_start:
            raise ValueError(f"line_end {self.line_end} is before line_start {self.line_start}")
        if self.claim_type == "regulatory" and self.regulatory is None:
            raise ValueError("a regulatory claim needs 'regulatory': what does it say, and where?")
        if self.claim_type == "counting" and self.counting is None:
            raise ValueError("a counting claim needs 'counting'")
        if self.claim_type == "citation" and not self.reports:
            raise ValueError("a citation claim needs 'reports': which study, and what is said of it?")
        if self.claim_type == "comparative" and self.compared_with is None:
            raise ValueError("a comparative claim needs 'compared_with'")
        if self.absolute and not self.event:
            raise ValueError("an absolute safety claim needs 'event'")
        return self


class Document(Record):
    """One checked document: ``data/claims/*.yml``.

    Attributes:
        id: slug used in claim ids.
        title: a neutral title; the seller is not named.
        sha256: of the text that was checked, so that a reader can tell it is the same.
        sold: product key the document sells.
        reference_list: whether its markers resolve to a list of its own.
    """

    id: Annotated[str, matching(r"[a-z0-9-]+", "a document slug")]
    title: Text
    kind: Text
    sha256: Annotated[str, matching(r"[0-9a-f]{64}", "a SHA-256 in hex")]
    line_count: Positive
    retrieved: Date
    sold: ProductKey
    sold_basis: Text
    names_authorised_product: bool = False
    reference_list: bool
    coverage: Text
    claims: tuple[Claim, ...]

    @model_validator(mode="after")
    def _claims(self) -> Self:
        for claim in self.claims:
            if not claim.id.startswith(f"{self.id}#"):
                raise ValueError(f"claim {claim.id} does not belong to document {self.id}")
            if claim.line_end > self.line_count:
                raise ValueError(f"claim {claim.id} ends at line {claim.line_end} of {self.line_count}")
        return self
