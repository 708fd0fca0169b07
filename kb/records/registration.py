"""A trial registration as its registry gives it: what ``ingest`` parses and ``kb build`` stores.

Unlike :mod:`kb.records.trial`, nobody reviewed it. "" and None mean that the registry says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm of a trial: its label, type and the interventions it gets."""

    label: str
    type: str
    description: str
    interventions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Intervention:
    """One intervention.

    Attributes:
        type: registry's kind (``BIOLOGICAL``, ``DRUG``, ``GENETIC`` …).
        names: the name, then its synonyms.
    """

    type: str
    names: tuple[str, ...]
    description: str
    arms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """One statistical analysis of a reported measure, everything as printed and "" where absent.

    Attributes:
        groups: titles of the groups compared.
        test: the registry's type of test (``SUPERIORITY``, ``NON_INFERIORITY`` …): a small P value of a
            non-inferiority test is no superiority.
        p_value, method: the P value and how it was computed.
        parameter, value: what was estimated ("Hazard Ratio (HR)") and the estimate.
        level, sides, low, high: the confidence interval: percent, ``ONE_SIDED`` or ``TWO_SIDED``, its limits.
    """

    groups: tuple[str, ...] = ()
    test: str = ""
    p_value: str = ""
    method: str = ""
    parameter: str = ""
    value: str = ""
    level: str = ""
    sides: str = ""
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """An outcome measure, planned or reported.

    Attributes:
        rank: ``PRIMARY``, ``SECONDARY`` or ``OTHER_PRE_SPECIFIED`` / ``POST_HOC``.
        reported: whether the results section reports it.
        unit, param: of the reported values.
        groups: one row a group, or a group and category: (group title, people analysed, value, spread) as
            printed, "" where absent. A category is named behind the group title, after " › ".
        p_values: as printed, each with the method.
        dispersion: what the spread is ("Standard Deviation", "95% Confidence Interval" …).
        analyses: the analyses behind the P values, whole; also those that give an estimate and no P value.
    """

    rank: str
    title: str
    time_frame: str
    description: str = ""
    reported: bool = False
    population: str = ""
    unit: str = ""
    param: str = ""
    groups: tuple[tuple[str, str, str, str], ...] = ()
    p_values: tuple[tuple[str, str], ...] = ()
    dispersion: str = ""
    analyses: tuple[Analysis, ...] = ()


@dataclass(frozen=True, slots=True)
class Harm:
    """A serious adverse event term of the results section, per group.

    Attributes:
        n, n_total: people with the event, people at risk; None where the registry leaves it out.
    """

    term: str
    organ_system: str
    group: str
    n: int | None
    n_total: int | None


@dataclass(frozen=True, slots=True)
class HarmTotal:
    """People of one group with serious events, other events, and deaths; None where the registry leaves it out."""

    group: str
    serious: int | None
    serious_at_risk: int | None
    deaths: int | None
    deaths_at_risk: int | None


#: What kind of date the registry says it is.
DateType = Literal["", "ACTUAL", "ESTIMATED"]


@dataclass(frozen=True, slots=True)
class Registration:
    """One registration in one registry, on one day.

    Attributes:
        id: registration number in canonical form.
        aliases: former numbers of the same registration (the registry redirects them here).
        secondary_ids: (type, number) of the same trial elsewhere, as printed.
        phase: phases in ClinicalTrials.gov v2 spelling joined by a bar; "" for a registration without phase.
        status: overall status; ``status_verified`` the month the sponsor verified it.
        last_known_status: what it was before the registry set it to UNKNOWN.
        enrollment: people; None also for the registry's "unknown" sentinel, then ``enrollment_unknown`` is True.
        first_posted, updated, start_date, primary_completion_date, completion_date: ``YYYY``, ``YYYY-MM`` or
            ``YYYY-MM-DD``, or "".
        why_stopped: the registry's words; :mod:`kb.stop_reasons` groups them.
        countries: sorted, each once.
        pmids: (PMID, kind) of the references; kind is ``RESULT``, ``BACKGROUND`` or ``DERIVED`` (found by the
            registry itself: the weakest).
        conditions_mesh, interventions_mesh: (id, term), derived by the registry, may be wrong.
        has_results: the registry holds a results section.
        participants: people who started, by the results section's first period; None without one.
        baseline: (group title, people) of the baseline table; None where the registry leaves the number out.
        day: the day for which the registry gave this state (its data version), else "".
        sparse: the document was cut to a selection of fields: an empty value means "not asked".
    """

    id: str
    registry: str
    aliases: tuple[str, ...] = ()
    secondary_ids: tuple[tuple[str, str], ...] = ()
    title: str = ""
    official_title: str = ""
    acronym: str = ""
    phase: str = ""
    status: str = ""
    status_verified: str = ""
    last_known_status: str = ""
    study_type: str = ""
    allocation: str = ""
    masking: str = ""
    design_model: str = ""
    purpose: str = ""
    enrollment: int | None = None
    enrollment_type: DateType = ""
    enrollment_unknown: bool = False
    first_posted: str = ""
    first_submitted: str = ""
    updated: str = ""
    results_posted: str = ""
    start_date: str = ""
    start_type: DateType = ""
    primary_completion_date: str = ""
    primary_completion_type: DateType = ""
    completion_date: str = ""
    completion_type: DateType = ""
    why_stopped: str = ""
    sponsor: str = ""
    sponsor_class: str = ""
    collaborators: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    conditions_mesh: tuple[tuple[str, str], ...] = ()
    interventions_mesh: tuple[tuple[str, str], ...] = ()
    arms: tuple[Arm, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    brief_summary: str = ""
    detailed_description: str = ""
    eligibility: str = ""
    sex: str = ""
    minimum_age: str = ""
    maximum_age: str = ""
    healthy_volunteers: bool | None = None
    expanded_access: bool = False
    outcomes: tuple[Measure, ...] = ()
    pmids: tuple[tuple[str, str], ...] = ()
    has_results: bool = False
    participants: int | None = None
    baseline: tuple[tuple[str, int | None], ...] = ()
    harms: tuple[Harm, ...] = ()
    harm_totals: tuple[HarmTotal, ...] = ()
    day: str = ""
    sparse: bool = False


#: Every field of a registration, for change histories.
FIELDS: tuple[str, ...] = tuple(item.name for item in fields(Registration))
