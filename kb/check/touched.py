"""Which wording rules a claim of a page may touch, told from its words and its verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.assess.accuracy import is_benefit
from kb.assess.result import Status
from kb.check.language import Hit, SentenceFacts
from kb.check.report import Fired
from kb.check.understand.kit import Kit
from kb.check.understand.units import Unit
from kb.dates import PartialDate
from kb.records.claim import Claim
from kb.records.common import ProductKey

#: The number of people beside a share of them: "12 of 19", "12/19", "n = 19".
_OF_PEOPLE = re.compile(r"\b\d+\s*(?:/|of|out of)\s*\d+\b|\bn\s*=\s*\d+", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_HEALTHY = "healthy"


def touched(
    kit: Kit, unit: Unit, claim: Claim, key: ProductKey, status: Status, place: str, as_of: PartialDate
) -> Iterator[Fired]:
    """Yield the rules that a claim may touch, in the order of the file.

    Args:
        kit: has the rules.
        unit: the words of the claim.
        claim: as it was read.
        key: what it speaks of, with what the product sold adds.
        status: its verdict.
        place: whose rules count, beside those that count everywhere.
        as_of: day of the check, from which the age of a rule's text is told.
    """
    for hit in kit.language.fired(unit.text, _facts(kit, unit, claim, key, status), (place,)):
        yield _fired(kit, unit, hit, as_of)


def _facts(kit: Kit, unit: Unit, claim: Claim, key: ProductKey, status: Status) -> SentenceFacts:
    return SentenceFacts(
        claim_type=claim.claim_type,
        subject=claim.subject,
        wording=claim.wording,
        benefit=is_benefit(claim),
        status_class=status.status_class,
        level=status.result.level,
        speaks_of_product=bool(key.cell_type) or claim.subject in ("own_product", "other_product"),
        names_disease=bool(key.indication),
        healthy_people=_HEALTHY in key.setting,
        product_approved=status.status_class == "approved",
        has_denominator=_OF_PEOPLE.search(unit.text) is not None,
        has_date=_YEAR.search(unit.text) is not None,
        names_jurisdiction=bool(kit.lexicon.of_slot(unit.text, "place")),
        cell_types=key.cell_type,
        indications=key.indication,
        codes=frozenset(status.codes),
        context=" / ".join((*unit.headings, *unit.intros)),
    )


def _fired(kit: Kit, unit: Unit, hit: Hit, as_of: PartialDate) -> Fired:
    rule = kit.language.rules[hit.rule]
    start, end = unit.block.span(unit.start + hit.start, unit.start + hit.end)
    words = " ".join(unit.text[hit.start : hit.end].split())
    return Fired(
        id=rule.id,
        jurisdiction=rule.jurisdiction,
        authority=rule.authority,
        citation=rule.citation,
        kind=rule.kind,
        severity=rule.severity,
        says=rule.says,
        why=f"verdict: {', '.join(hit.codes)}" if hit.codes else words,
        start=start,
        end=end,
        source=rule.source or "",
        dated=str(rule.dated) if rule.dated else "",
        seen=rule.seen,
        age=rule.age(as_of),
    )
