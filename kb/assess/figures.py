"""Numbers and design that a sentence prints of a study, against the study's record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from kb.findings import describe
from kb.records.claim import ReportedResult
from kb.records.study import Finding, Study, StudyKey
from kb.vocabulary import Vocabulary

Truth = Literal["true", "false", "cannot_tell"]

#: A percentage may be rounded, so it may lie this far (points) from the one on file.
_ROUNDING = 1.0
#: A paper may be dated by its first appearance online or by its issue (years apart).
_ISSUE = 1


@dataclass
class Tally:
    """Points found while a report is compared."""

    false: bool = False
    unseen: bool = False
    codes: set[str] = field(default_factory=set)
    wrong: set[str] = field(default_factory=set)
    says: list[str] = field(default_factory=list)

    def disagree(self, code: str, says: str, *, seen: bool) -> None:
        """Note a disagreement; with a detail nobody saw it is unverifiable, not false."""
        # A detail nobody saw can overstate nothing.
        self.codes.add("UNSEEN_DETAIL" if code == "OVERSTATED" and not seen else code)
        self.says.append(says)
        if seen:
            self.false = True
            self.wrong.add(code)
        else:
            self.unseen = True

    @property
    def truth(self) -> Truth:
        """What the points together make of the sentence."""
        return "false" if self.false else "cannot_tell" if self.unseen else "true"


def compare_numbers(
    vocabulary: Vocabulary,
    tally: Tally,
    study: Study,
    arms: Sequence[StudyKey],
    reported: ReportedResult,
    event: str | None,
) -> None:
    """Compare the numbers a sentence prints with one finding at a time: all of them must fit it.

    Args:
        vocabulary: kinds of harm.
        tally: where disagreements are noted.
        study: the study named.
        arms: those the sentence may speak of.
        reported: what it says.
        event: the kind of harm the numbers count, None for another outcome.
    """
    if reported.percent is None and reported.n is None and reported.n_total is None:
        return
    findings = [
        finding
        for arm in arms
        for finding in arm.findings
        if reported.outcome in (None, finding.outcome) and _of_kind(vocabulary, finding, event)
    ]
    fits = {finding: _fits(finding, reported) for finding in findings}
    agreeing = [finding for finding, fit in fits.items() if fit == "agrees"]
    if not agreeing:
        known = [finding for finding, fit in fits.items() if fit == "differs"]
        has = "; ".join(dict.fromkeys(describe(finding) for finding in known)) or "no such number"
        vague = any(fit == "open" for fit in fits.values()) or not known
        seen = any((finding.checked or study.checked) != "secondary" for finding in known)
        code = "UNSEEN_DETAIL" if vague else "NUMBER_MISMATCH"
        tally.disagree(code, f"the sentence says {_said(reported)}; the record has {has}", seen=seen and not vague)
        return
    if reported.percent is not None and reported.n_total is None:
        tally.codes.add("NO_DENOMINATOR")
        fractions = sorted({f"{one.n} of {one.n_total}" for one in agreeing if one.n is not None and one.n_total})
        share = ", ".join(fractions) or "a share whose denominator the record does not give"
        tally.says.append(f"{reported.percent:g}% is {share}")
    if all((finding.checked or study.checked) == "secondary" for finding in agreeing):
        tally.codes.add("SECONDARY_SOURCE")


def compare_design(tally: Tally, study: Study, reported: ReportedResult) -> None:
    """Compare the phase, the number of people and the year that a sentence gives of a study."""
    read = study.checked != "secondary"
    if reported.phase is not None:
        parts = (study.phase or "").split("|")
        says = f"the sentence says {_phase(reported.phase)}, the record {_phase(study.phase)}"
        if study.phase is None:
            tally.disagree("UNSEEN_DETAIL", says, seen=False)
        elif not set(reported.phase.split("|")) <= set(parts):
            tally.disagree("NUMBER_MISMATCH", says, seen=read and "phase" not in study.unverified)
    if reported.enrolled is not None:
        ours = _people(study)
        printed = ", ".join(map(str, sorted(ours))) or "no number of people"
        says = f"the sentence speaks of {reported.enrolled} people, the record has {printed}"
        if reported.enrolled in ours:
            pass
        elif study.n_enrolled is None or "n_enrolled" in study.unverified:
            tally.disagree("UNSEEN_DETAIL", says, seen=False)
        else:
            tally.disagree("NUMBER_MISMATCH", says, seen=read)
    if reported.year is not None and study.year is not None and abs(study.year - reported.year) > _ISSUE:
        says = f"the sentence dates it {reported.year}, it appeared in {study.year}"
        tally.disagree("NUMBER_MISMATCH", says, seen=read and "year" not in study.unverified)


def _people(study: Study) -> set[int]:
    """Return every number of people the record gives: of the study, of an arm, of those a finding counts."""
    counts = [study.n_enrolled, study.n_evaluable, *(arm.n for arm in study.keys)]
    counts += [finding.n_total for arm in study.keys for finding in arm.findings]
    return {count for count in counts if count is not None}


def _phase(phase: str | None) -> str:
    if phase is None:
        return "no phase anybody has seen"
    return "phase " + "/".join(part.removeprefix("EARLY_PHASE").removeprefix("PHASE") for part in phase.split("|"))


def _said(reported: ReportedResult) -> str:
    """Return the numbers as the sentence has them."""
    share = f"{reported.percent:g}%" if reported.percent is not None else ""
    if reported.n is not None:
        return f"{reported.n} of {reported.n_total}" if reported.n_total else f"{reported.n} people"
    people = f"{reported.n_total} people" if reported.n_total is not None else ""
    return " of ".join(part for part in (share, people) if part)


def _of_kind(vocabulary: Vocabulary, finding: Finding, event: str | None) -> bool:
    """Tell whether a finding counts the kind of harm a sentence counts."""
    if event is None:
        return True
    return finding.event is not None and vocabulary.is_a("event", finding.event, event)


def _fits(finding: Finding, reported: ReportedResult) -> Literal["agrees", "differs", "open"]:
    """Tell whether the numbers of a sentence are those of a finding; open when the finding lacks one of them."""
    ours = {"percent": _percent(finding), "n": finding.n, "n_total": finding.n_total}
    said = {"percent": reported.percent, "n": reported.n, "n_total": reported.n_total}
    given = [name for name, value in said.items() if value is not None]
    if any(
        ours[name] is not None and abs((ours[name] or 0) - (said[name] or 0)) > (_ROUNDING if name == "percent" else 0)
        for name in given
    ):
        return "differs"
    return "open" if any(ours[name] is None for name in given) else "agrees"


def _percent(finding: Finding) -> float | None:
    if finding.percent is not None:
        return finding.percent
    if finding.n is not None and finding.n_total:
        return 100 * finding.n / finding.n_total
    return None
