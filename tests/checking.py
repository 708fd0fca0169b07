"""Comparing the report on a page with claims of it that people wrote down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kb.assess.result import Status
from kb.check.report import Finding, Report
from kb.records.claim import Claim


@dataclass
class Comparison:
    """How a report and a register of the same page agree.

    Attributes:
        wanted, found: claims of the register that claim something; those of them with a finding on their lines.
        told, false: lines with a finding; those of them where the register has no claim.
        judged, same_level, same_class: claims without a reference listed by hand; those with an equal verdict.
        misses: the differences, in words.
    """

    wanted: int = 0
    found: int = 0
    told: int = 0
    false: int = 0
    judged: int = 0
    same_level: int = 0
    same_class: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of the register's claims that were found."""
        return self.found / self.wanted

    @property
    def precision(self) -> float:
        """Share of the lines with a finding where the register has a claim."""
        return 1 - self.false / self.told

    @property
    def level_equal(self) -> float:
        """Share of the judged claims with the register's level."""
        return self.same_level / self.judged

    @property
    def class_equal(self) -> float:
        """Share of the judged claims with the register's class."""
        return self.same_class / self.judged


def compare(report: Report, register: Sequence[tuple[Claim, Status]]) -> Comparison:
    """Compare by the lines of the page."""
    made = Comparison()
    lines: dict[int, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        lines[finding.line].append(finding)
    claimed: set[int] = set()
    for claim, status in register:
        if status.status_class == "not_a_claim":
            continue
        claimed.update(_span(claim))
        here = [finding for line in _span(claim) for finding in lines[line]]
        made.wanted += 1
        made.found += bool(here)
        if not here:
            made.misses.append(f"{claim.id} not found: {claim.claim_type}")
        if claim.supported_by or claim.contradicted_by:
            continue
        made.judged += 1
        level = any(status.result.level in _levels(finding) for finding in here)
        made.same_level += level
        made.same_class += any(status.status_class == finding.status_class for finding in here)
        if here and not level:
            told = ", ".join(sorted({f"{one.claim_type} {one.level}" for one in here}))
            made.misses.append(f"{claim.id} {claim.claim_type} {status.result.level}: {told}")
    told_lines = {line for line, found in lines.items() if found}
    made.told, made.false = len(told_lines), len(told_lines - claimed)
    made.misses += [f"line {line}: claims nothing in the register" for line in sorted(told_lines - claimed)]
    return made


def _span(claim: Claim) -> range:
    return range(claim.line_start, claim.line_end + 1)


def _levels(finding: Finding) -> Iterator[str]:
    yield finding.level
    yield from (part.level for part in finding.parts)
