"""What the tagger says of a record. Every statement carries where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: Who says it. ``text``: words of title, abstract or registration; ``mesh``: a heading people indexed;
#: ``derived_mesh``: a term a registry derived; ``publication_type``; ``registry``: a coded registry field;
#: ``product_list``: not said here, known of the product named here (``data/vocabulary/products.tsv``);
#: ``reviewed``: a curator entered it (never said by the tagger).
Origin = Literal["text", "mesh", "derived_mesh", "publication_type", "registry", "product_list", "reviewed"]

#: ``present``: said of what was done. ``absent``: said not to be so. ``possible``: planned for others, supposed,
#: suggested. ``historical``: of earlier treatment or other studies. ``contrast``: of what it is set against.
Assertion = Literal["present", "absent", "possible", "historical", "contrast"]

#: ``better``/``worse``: the treated group against its comparator, in the sense of the patient (fewer deaths is better).
Direction = Literal["better", "no_difference", "worse", "not_comparative"]

#: Why a record is not relevant, or what kind of record it is. ``commentary``: an editorial, a comment, a letter on the
#: work of others; ``retraction_notice``: a notice about another paper; ``drug_only``: a drug that acts on the cells of
#: the body; ``disease``: the cells are the disease.
Flag = Literal[
    "review",
    "commentary",
    "retraction_notice",
    "preclinical",
    "biomarker",
    "disease",
    "drug_only",
    "other_cells",
    "protocol",
    "secondary_analysis",
    "manufacturing",
]


@dataclass(frozen=True, slots=True)
class Hit:
    """A name of a concept in a passage.

    Attributes:
        facet, concept: what is named.
        start, end: characters in the passage's text as given.
        text: those characters.
        name: the vocabulary's spelling that was matched; for an abbreviation defined in the record its long form.
        cased: the match is an abbreviation that was compared by case.
        defined: the match rests on a definition in the record itself (Schwartz–Hearst).
    """

    facet: str
    concept: str
    start: int
    end: int
    text: str
    name: str
    cased: bool = False
    defined: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """One concept the record is tagged with.

    Attributes:
        origin: who says it.
        field: field of the record the words stand in.
        start, end: characters in that field; None where the origin has no text (a phase code, a heading).
        text: the words, or the code or heading.
        rule: name of the rule that made it a tag.
    """

    facet: str
    concept: str
    origin: Origin
    field: str
    start: int | None
    end: int | None
    text: str
    assertion: Assertion
    rule: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A result the text states.

    Attributes:
        field, start, end: the sentence.
        endpoint: words for what was measured, as printed, "" when not found.
        outcome: concept of the outcome facet (``response``, ``survival``, ``safety`` …), "" when unclear.
        event: for safety, concept of the event facet, "" otherwise.
        grade: lowest and highest grade stated, (None, None) without one.
        arm: words for the group, as printed, "" when not said.
        n, n_total: people with the event, people looked at.
        n_basis: who was counted: ``evaluable``, ``enrolled``, ``treated`` or "" when not said.
        percent: as printed.
        low, high: limits of the confidence interval as printed, with its ``level`` in percent (95 …).
        value, unit: another figure ("12.4", "months"), "" without one.
        ratio: hazard, odds or risk ratio, with ``ratio_kind`` ("hazard", "odds", "risk").
        p: as printed without "P" ("<0.001", "0.36", "ns"), "" without one.
        time_point: "2 years", "day 28", "" without one.
        direction: of the treated group against its comparator.
        is_primary, met: said of the primary endpoint; None when not said.
        assertion: ``absent`` for "no graft-versus-host disease was seen" (then n is 0 when a denominator is given).
        flags: ``no_denominator`` (a percentage whose people are not counted), ``spin`` (called better, P not below
            0.05), ``subgroup``, ``percent_mismatch`` (n/N does not give the percentage), ``historical_control``.
        rule: how the direction was judged.
    """

    field: str
    start: int
    end: int
    endpoint: str = ""
    outcome: str = ""
    event: str = ""
    grade: tuple[int | None, int | None] = (None, None)
    arm: str = ""
    n: int | None = None
    n_total: int | None = None
    n_basis: Literal["", "evaluable", "enrolled", "treated"] = ""
    percent: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    value: str = ""
    unit: str = ""
    ratio: float | None = None
    ratio_kind: Literal["", "hazard", "odds", "risk"] = ""
    p: str = ""
    time_point: str = ""
    direction: Direction = "not_comparative"
    is_primary: bool | None = None
    met: bool | None = None
    assertion: Assertion = "present"
    flags: tuple[str, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Dose:
    """A cell dose the text states.

    Attributes:
        low, high: cells, the same number twice for a single dose ("1-5 × 10^6" → 1e6, 5e6).
        per: ``kg``, ``m2`` or "" for a total.
        infusions: number of infusions, None when not said.
    """

    field: str
    start: int
    end: int
    low: float
    high: float
    per: Literal["", "kg", "m2"]
    infusions: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two origins that do not say the same; both stay.

    Attributes:
        facet: on which facet.
        one, other: (origin, concepts) of each side.
        note: what it means, in plain words.
    """

    facet: str
    one: tuple[str, tuple[str, ...]]
    other: tuple[str, tuple[str, ...]]
    note: str


@dataclass(frozen=True, slots=True)
class Tagged:
    """Everything said of one record.

    Attributes:
        relevant: cells of the lineage are infused into people, made as a product for people, or registered as such.
        flags: why not, or what kind of record; each a :data:`Flag`.
        reason: one sentence in plain words.
        tags: sorted by field and place; ``present`` ones are of the product, the treated people, the study.
        mentions: names that play no such role, with the role they have ("background", "exclusion" …).
        findings, doses, conflicts: as their classes say.
    """

    id: str
    relevant: bool
    flags: tuple[str, ...]
    reason: str
    tags: tuple[Tag, ...]
    mentions: tuple[tuple[Hit, str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    doses: tuple[Dose, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
