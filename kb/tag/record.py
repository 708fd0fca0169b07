"""A record to be tagged: its texts and what its database says of it, whatever door it came through."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

#: What a text is. ``condition``, ``intervention``, ``arm`` and ``eligibility`` are fields of a registration.
PassageKind = Literal["title", "abstract", "condition", "intervention", "arm", "summary", "eligibility", "keyword"]


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of a record.

    Attributes:
        field: name of the field for offsets: ``title``, ``abstract``, ``abstract/3`` (third section),
            ``conditions/1``, ``interventions/2/name`` …
        kind: what the text is.
        text: as given, never changed; offsets count its characters.
        label: section label as printed or as categorised ("METHODS"), "" without one.
    """

    field: str
    kind: PassageKind
    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A MeSH heading of the record.

    Attributes:
        label: descriptor ("Killer Cells, Natural").
        qualifiers: names of its qualifiers ("transplantation").
        major: a major topic.
        id: descriptor number, "" when not given.
    """

    label: str
    qualifiers: tuple[str, ...] = ()
    major: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """How an outcome changed under an intervention against a comparator is asked."""

    outcome: str
    intervention: str
    comparator: str


@dataclass(frozen=True, slots=True)
class TagRecord:
    """What the tagger is given.

    Attributes:
        id: as the caller names it; copied to the output.
        kind: ``article`` or ``registration``.
        passages: texts in order, the title first.
        publication_types: as the bibliographic database prints them.
        headings: MeSH headings of an article (people index them).
        derived: (field, term) of MeSH terms a registry derived by itself: weak, and sometimes wrong.
        phase: phase in ClinicalTrials.gov v2 spelling ("PHASE1|PHASE2", "EARLY_PHASE1", "NA"), "" without one.
        study_type: the registry's ("INTERVENTIONAL", "OBSERVATIONAL", "EXPANDED_ACCESS"), "" without one.
        truncated: the text is known to be cut.
        unread: fields that were left out because they are not in English.
        questions: what is asked of the record beside its tags.
    """

    id: str
    kind: Literal["article", "registration"] = "article"
    passages: tuple[Passage, ...] = ()
    publication_types: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    derived: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    phase: str = ""
    study_type: str = ""
    truncated: bool = False
    unread: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
