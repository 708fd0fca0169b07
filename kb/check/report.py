"""What a check says of a page: one finding a claim, all of it ready to be shown. Outputs compute nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kb.check.page import Page

#: Printed with every output.
DISCLAIMER = (
    "Not legal or medical advice. Wording rules name a possible issue under a law or guidance; whether it is one is "
    "for a qualified person to decide."
)


@dataclass(frozen=True)
class Cited:
    """One record that bears on a finding.

    Attributes:
        id: record id; ``url`` is its public page ("" when none is known), ``label`` its short name or title.
        kind: study, trial, approval, absence, safety_event or access_route.
        stance: supports, partly, does_not_support, contradicts or not_found.
        match: direct, partial, possible, indirect; "" where records are not matched by key.
        mismatch: axis → relation, for axes on which record and sentence are not the same or open.
        reason: in words, why it counts or does not.
        integrity: ``ok``, ``retracted``, ``corrected`` or ``concern``.
        checked: how the record was read (abstract, full_text, registry, regulator, secondary).
        decided: the verdict rests on it.
        result: whether it bears on the sentence (``class``) or on the product sold (``sold``).
    """

    id: str
    kind: str
    label: str
    url: str
    stance: str
    match: str
    mismatch: Mapping[str, str]
    reason: str
    integrity: str
    checked: str
    decided: bool
    result: str = "class"


@dataclass(frozen=True)
class Fired:
    """One rule on wording that a sentence may touch.

    Attributes:
        id: rule id of ``data/rules/language.yml``.
        jurisdiction, authority, citation: whose rule it is and where it is written.
        kind: law, guidance, case_law, enforcement, agency_notice, professional_guideline or house_rule.
        severity: high, medium or low.
        says: the rule in our words.
        why: the words of the sentence that made it fire.
        start, end: place of these words in the page's source.
        source: address of the text that was read ("" when nobody has read it).
        dated: date of the text that was read, as written by its source; ``seen``: yes, partly or no.
        age: in words, how old that text was on the day of the check ("2001 text, 25 years old").
    """

    id: str
    jurisdiction: str
    authority: str
    citation: str
    kind: str
    severity: str
    says: str
    why: str
    start: int
    end: int
    source: str
    dated: str
    seen: str
    age: str


@dataclass(frozen=True)
class Marker:
    """A reference marker, or a study named by author and year.

    Attributes:
        text: as printed ("[15]", "Miller et al. (2005)").
        start, end: place in the page's source.
        record: id of the record it leads to; "" when it leads to none on file.
        entry: the entry of the page's list of references; "" without a list.
        says: in words, what was found ("no list of references", "retracted 2019-03-01", …).
    """

    text: str
    start: int
    end: int
    record: str
    entry: str
    says: str


@dataclass(frozen=True)
class Part:
    """The verdict of one kind of cells and one disease of several that a sentence names; the lowest decides."""

    cell_type: str
    indication: str
    status_class: str
    level: str


@dataclass(frozen=True)
class Finding:
    """One claim of the page.

    Attributes:
        id: ``f001`` … in the order of the page.
        line, start, end: place in the page's source; ``place`` where lines mean nothing ("page 2").
        text: the words of the page.
        section: headings above it, outermost first; last the line that introduces its list.
        understood: what it was taken to claim, in words.
        axes: axis → labels of what it speaks of, as it was judged (with what the product sold adds).
        status_class, level, sold_class, sold_level, accuracy, objection: the verdict (design.md).
        level_label, rule_wording: the level and the deciding rule in words.
        benefit: it promises a benefit to a person.
        codes: code → meaning.
        parts: verdicts of several diseases or kinds of cells named together.
        approved_elsewhere: places.
        evidence: deciding records first.
        later: reports on the same treatment or people after the studies that bear it out, in words.
        rules: wording rules that fired.
        suggestion: what could be said instead; None where nothing can, with ``no_suggestion`` the reason, or where
            nothing has to be changed (then both are None).
        same_as: the same claim elsewhere: claims of checked documents in the base, or findings of other pages checked
            together.
        proof: as ``kb claim`` prints it.
    """

    id: str
    line: int
    start: int
    end: int
    text: str
    place: str
    section: tuple[str, ...]
    claim_type: str
    subject: str
    wording: str
    outcome: str
    understood: str
    axes: Mapping[str, tuple[str, ...]]
    status_class: str
    level: str
    level_label: str
    sold_class: str | None
    sold_level: str | None
    accuracy: str
    objection: bool
    codes: Mapping[str, str]
    approved_elsewhere: tuple[str, ...]
    rule_id: str
    rule_wording: str
    strength: str
    evidence: tuple[Cited, ...]
    later: tuple[str, ...]
    rules: tuple[Fired, ...]
    markers: tuple[Marker, ...]
    suggestion: str | None
    no_suggestion: str | None
    same_as: tuple[str, ...] = ()
    benefit: bool = False
    parts: tuple[Part, ...] = ()
    proof: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """The whole check of one page.

    Attributes:
        page: what was read.
        assumed: axis → concepts of the product that the page is taken to sell; ``assumed_labels`` in words.
        assumed_basis: why, in words, with lines; or that the user said so.
        jurisdiction, as_of: the place and day of the verdicts.
        built: what the base holds ("319 studies, 667 trials, …") and its day.
        findings: the claims, in the order of the page.
        set_aside: sentences that were read and claim nothing (class ``not_a_claim``): praise, logistics, calls to
            action, precautions, disclaimers.
        notes: what was not checked, or could not be, in words.
    """

    page: Page
    assumed: Mapping[str, tuple[str, ...]]
    assumed_labels: Mapping[str, tuple[str, ...]]
    assumed_basis: str
    jurisdiction: str
    as_of: str
    built: str
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    set_aside: tuple[Finding, ...] = ()

    @property
    def objections(self) -> tuple[Finding, ...]:
        """The findings a reviewer must object to."""
        return tuple(finding for finding in self.findings if finding.objection)
