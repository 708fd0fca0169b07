"""From judged claims to findings: everything an output shows, in words; nothing is judged here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.assess.accuracy import is_benefit, is_objection
from kb.assess.base import Base
from kb.assess.result import Result, Status
from kb.check.page import Page
from kb.check.registered import Registered
from kb.check.report import Cited, Finding, Marker, Part
from kb.check.saying import understood
from kb.check.suggest.suggestions import Suggestion, Suggestions, needed
from kb.check.touched import touched
from kb.check.understand.kit import Kit
from kb.check.understand.meant import Mention
from kb.check.understand.reader import Draft
from kb.dates import PartialDate
from kb.english import later_words
from kb.records.claim import Claim, Document
from kb.records.common import AXES, ProductKey
from kb.rows.evidence import evidence_of
from kb.rules import Level

#: Records shown with a finding beside those that decided.
_SHOWN = 12
_ORDER = {"direct": 0, "partial": 1, "possible": 2, "indirect": 3}


@dataclass(frozen=True, slots=True)
class Labels:
    """What a record is called and where a reader finds it."""

    kind: str
    label: str
    url: str


class Findings:
    """Makes findings of one base.

    Args:
        base: the facts.
        kit: names and words.
        labels: record → what it is called.
    """

    def __init__(self, base: Base, kit: Kit, labels: Mapping[str, Labels]) -> None:
        self.base = base
        self.kit = kit
        self._labels = labels
        self._day = PartialDate.parse(base.as_of.isoformat())
        rules = base.data.rules
        self._levels: dict[str, Level] = {level.level: level for level in rules.status.levels}
        self._rules = {rule.id: rule.wording for rule in rules.status.rules}
        self._suggestions = Suggestions(base, kit)
        self._registered = Registered(base.data.documents)
        self._places = {approval.id: approval.jurisdiction for approval in base.data.approvals}

    def of(
        self, page: Page, document: Document, drafts: Sequence[Draft], statuses: Sequence[Status]
    ) -> Iterator[Finding]:
        """Yield one finding a claim, in the order of the page."""
        for number, (draft, claim, status) in enumerate(zip(drafts, document.claims, statuses, strict=True), 1):
            yield self._finding(f"f{number:03d}", page, document, draft, claim, status)

    def _finding(
        self, name: str, page: Page, document: Document, draft: Draft, claim: Claim, status: Status
    ) -> Finding:
        unit, result = draft.unit, status.result
        start, end = unit.block.span(unit.start, unit.end)
        key = self._key(document, claim)
        instead = self._instead(document, claim, status)
        return Finding(
            id=name,
            line=page.line_of(start),
            start=start,
            end=end,
            text=unit.text,
            place=unit.block.place,
            section=(*unit.headings, *unit.intros[-1:]),
            claim_type=claim.claim_type,
            subject=claim.subject,
            wording=claim.wording,
            outcome=claim.outcome or "",
            understood=understood(self.kit.vocabulary, claim, key),
            axes=self._axes(key),
            status_class=status.status_class,
            level=result.level,
            level_label=self._levels[result.level].label,
            sold_class=status.sold_class,
            sold_level=status.sold.level if status.sold else None,
            accuracy=status.accuracy,
            objection=is_objection(claim, status.accuracy),
            benefit=is_benefit(claim),
            codes={code: self.base.data.rules.codes[code][1] for code in status.codes},
            approved_elsewhere=status.approved_elsewhere,
            rule_id=result.rule,
            rule_wording=self._rules[result.rule],
            strength=result.strength,
            parts=tuple(self._parts(result)),
            evidence=tuple(self._evidence(claim, status)),
            later=tuple(self._later(result)),
            rules=tuple(touched(self.kit, unit, claim, key, status, status.jurisdiction, self._day)),
            markers=tuple(self._markers(page, draft)),
            suggestion=instead.text if instead else None,
            no_suggestion=instead.reason if instead and instead.text is None else None,
            same_as=self._registered.same(document, claim),
            proof=result.proof,
        )

    def _instead(self, document: Document, claim: Claim, status: Status) -> Suggestion | None:
        """Return what could be said instead, or why nothing can; None where nothing has to be changed."""
        if not needed(claim, status):
            return None
        return self._suggestions.of(document, claim, status, status.jurisdiction)

    def _key(self, document: Document, claim: Claim) -> ProductKey:
        """Return what a sentence speaks of: of the product on sale with what the page sells where it is silent."""
        if claim.subject != "own_product":
            return claim.axes
        sold = {axis: getattr(document.sold, axis) for axis in AXES if not getattr(claim.axes, axis)}
        return claim.axes.model_copy(update=sold)

    def _axes(self, key: ProductKey) -> dict[str, tuple[str, ...]]:
        label = self.kit.vocabulary.label
        return {axis: tuple(label(axis, one) for one in getattr(key, axis)) for axis in AXES if getattr(key, axis)}

    def _parts(self, result: Result) -> Iterator[Part]:
        """Yield the verdict of each kind of cells and disease named together, when there are several."""
        if result.judged is None or len(result.judged.parts) < 2:
            return
        label = self.kit.vocabulary.label
        for part in result.judged.parts:
            yield Part(
                label("cell_type", part.cell_type) if part.cell_type else "",
                label("indication", part.indication) if part.indication else "",
                self.base.data.rules.class_of[part.level],
                part.level,
            )

    def _evidence(self, claim: Claim, status: Status) -> Iterator[Cited]:
        found = [*self._cited(claim, "class", status.result)]
        if status.sold and status.sold is not status.result:
            known = {(one.id, one.reason) for one in found}
            found += [one for one in self._cited(claim, "sold", status.sold) if (one.id, one.reason) not in known]
        found.sort(key=lambda one: (not one.decided, one.result, _ORDER.get(one.match, 4), one.id))
        decided = [one for one in found if one.decided]
        yield from decided
        yield from [one for one in found if not one.decided][: max(0, _SHOWN - len(decided))]

    def _cited(self, claim: Claim, name: str, result: Result) -> Iterator[Cited]:
        for row in evidence_of(self._places, claim, name, result):
            record = row["record_id"]
            labels = self._labels.get(record, Labels("study", record, ""))
            axes = json.loads(row["mismatch"])
            yield Cited(
                id=record,
                kind=labels.kind,
                label=labels.label,
                url=labels.url,
                stance=row["stance"],
                match=row["match"],
                mismatch={axis: relation for axis, relation in axes.items() if relation not in ("same", "open")},
                reason=row["reason"],
                integrity=self._integrity(record),
                checked=self.base.checked.get(record, ""),
                decided=bool(row["deciding"]),
                result=name,
            )

    def _integrity(self, record: str) -> str:
        study = self.base.study_by_id.get(record)
        if study is None:
            return ""
        if self.base.retracted(study):
            return "retracted"
        return study.integrity if self.base.corrected(study) else "ok"

    def _later(self, result: Result) -> Iterator[str]:
        for report in result.later:
            if report.stance not in ("negative", "mixed"):
                continue
            says = f": {'; '.join(report.says)}" if report.says else ""
            labels = self._labels.get(report.later)
            name = f"{labels.label} ({report.later})" if labels else report.later
            yield f"{name} is {later_words(report.tie, report.stance, report.named)}{says}"

    def _markers(self, page: Page, draft: Draft) -> Iterator[Marker]:
        unit = draft.unit
        for one in draft.mentions:
            inside = one.end > one.start and one.end <= len(unit.block.text)
            start, end = unit.block.span(one.start, one.end) if inside else unit.block.span(unit.start, unit.end)
            entry = page.references.get(one.label, "") if one.marker else ""
            yield Marker(one.text, start, end, one.record, entry, self._says(page, one, entry))

    def _says(self, page: Page, one: Mention, entry: str) -> str:
        if one.record:
            study = self.base.study_by_id[one.record]
            labels = self._labels.get(one.record)
            words = f"{labels.label if labels else one.record} ({one.record})"
            if self.base.retracted(study):
                return f"{words}: retracted{f' {study.integrity_date}' if study.integrity_date else ''}"
            return f"{words}: {study.integrity}" if self.base.corrected(study) else words
        if one.marker and not page.references:
            return "the page has no list of references"
        if one.marker and not entry:
            return "the list of references has no such entry"
        if one.candidates:
            return f"several studies on file fit: {', '.join(one.candidates)}"
        return "no such study is on file"
