"""The second axis: strength of the best supporting study, and the direction of the whole.

The table is ``data/rules/strength.yml``. Two scales are never compared with each other, and never folded into one
number: where a judgement rests on studies of both, both grades are printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.assess.base import Base
from kb.assess.benefit import Judgement
from kb.assess.evidence import Item
from kb.records.common import ProductKey
from kb.records.study import Finding, Study, StudyKey
from kb.rules import DesignStrength, Rules, Scale, StrengthFile
from kb.vocabulary import Vocabulary

_NAMES: dict[Scale, str] = {"pdq": "PDQ", "ocebm": "OCEBM"}


@dataclass(frozen=True, slots=True)
class _Grade:
    """One grade, with its places in the published order of designs and of endpoints."""

    scale: Scale
    design: int
    endpoint: int
    text: str

    @property
    def order(self) -> tuple[int, int]:
        """Better first: the design decides, then the endpoint."""
        return self.design, self.endpoint


def strength(base: Base, judged: Judgement) -> str:
    """Return the strength of the best positive study, e.g. ``"PDQ 3Div"`` or ``"OCEBM 4"``.

    Cancer is graded by NCI PDQ (study design × endpoint), other human evidence by OCEBM 2011; ``"PDQ 3Div; OCEBM 4"``
    where the studies are of both. Empty when nothing positive decided.
    """
    deciding, others = _supporting(judged)
    decided = _graded(base, deciding)
    scales = {one.scale for one in decided}
    found = [*decided, *_graded(base, others)]
    best = [
        min((one for one in found if one.scale == scale), key=lambda one: one.order)
        for scale in _NAMES
        if scale in scales
    ]
    return "; ".join(one.text for one in best)


def grade(
    rules: Rules,
    vocabulary: Vocabulary,
    study: Study,
    arm: StudyKey | None,
    key: ProductKey | None,
    findings: Iterable[Finding] = (),
) -> str:
    """Return the grade of one study by these findings of one arm, e.g. ``"PDQ 1A"``; empty where neither scale has one.

    Args:
        rules: the published rules; their table of strength decides.
        vocabulary: to tell cancer from everything else.
        study: the study; its design counts where the arm has none of its own.
        arm: the arm the findings belong to, None for a study without one (laboratory work).
        key: completed product key of that arm; its indications say who was treated.
        findings: findings that count, all of that arm; without any the grade is that of the design alone.
    """
    found = _grade(rules.strength, vocabulary, study, arm, key, list(findings))
    return found.text if found else ""


def direction(items: Sequence[Item], deciding: Sequence[Item] = ()) -> str:
    """Return the direction of everything that matches, counting each cohort once.

    Args:
        items: every record listed; those that match closely enough count.
        deciding: records the status rests on; a failure among them counts however it matches (one in a broader
            disease contradicts, though it is no direct match).

    >>> direction([])
    'none'
    """
    positive = {item.cohort for item in items if item.stance == "positive" and item.lifts}
    negative = {item.cohort for item in items if item.stance == "negative" and item.lifts}
    negative |= {item.cohort for item in deciding if item.stance == "negative" and not item.excluded}
    positive -= negative  # a trial whose main result failed is not counted again for a subgroup
    if positive and negative:
        return f"mixed: {len(positive)} positive, {len(negative)} negative"
    if positive:
        return f"positive: {len(positive)}"
    return f"negative: {len(negative)}" if negative else "none"


def _supporting(judged: Judgement) -> tuple[list[Item], list[Item]]:
    """Return the positive records that decided, and the others that match as well as they do.

    A sentence about "all" rests on direct matches only, so partial ones come in only where one of them decided.
    """
    part = judged.deciding
    deciding = [item for item in part.used if item.stance == "positive"]
    if not deciding:
        return [], []
    matches = {"direct"} | {item.match for item in deciding}
    others = [item for item in part.items if item.stance == "positive" and item.lifts and item.match in matches]
    return deciding, others


def _graded(base: Base, items: Iterable[Item]) -> list[_Grade]:
    """Return the grades of these records, by the findings that made them positive."""
    graded = []
    for item in items:
        study, arm, key = base.arms[item.key_id]
        findings = [arm.findings[i] for i in item.findings]
        graded.append(_grade(base.data.rules.strength, base.data.vocabulary, study, arm, key, findings))
    return [one for one in graded if one]


def _grade(
    table: StrengthFile,
    vocabulary: Vocabulary,
    study: Study,
    arm: StudyKey | None,
    key: ProductKey | None,
    findings: Sequence[Finding],
) -> _Grade | None:
    """Grade each finding by its own comparison and endpoint; the best of them is the study's."""
    scale: Scale = "pdq" if study.evidence_kind == "human" and _had_cancer(vocabulary, key) else "ocebm"
    row = table.designs[(arm.design if arm else None) or study.design]
    if not findings:
        return _place(table, scale, row if arm is None or _compares(arm) else _level_of(table, row, None), None)
    graded = [_place(table, scale, _level_of(table, row, _comparison(arm, f)), f) for f in findings]
    return min((one for one in graded if one), key=lambda one: one.order, default=None)


def _had_cancer(vocabulary: Vocabulary, key: ProductKey | None) -> bool:
    """Tell whether all the people treated had cancer; a basket with another disease is no cancer study."""
    if key is None or not key.indication or "healthy" in key.setting:
        return False
    return all(vocabulary.is_a("indication", one, "cancer") for one in key.indication)


def _compares(arm: StudyKey) -> bool:
    """Tell whether the arm has a comparator without such cells."""
    return not arm.control_has_cells and bool(arm.control or any(finding.comparative for finding in arm.findings))


def _comparison(arm: StudyKey | None, finding: Finding) -> Finding | None:
    """Return the finding where it compares with people who did not get such cells."""
    return finding if finding.comparative and not (arm and arm.control_has_cells) else None


def _level_of(table: StrengthFile, row: DesignStrength, comparison: Finding | None) -> DesignStrength:
    """Return the row that counts: a comparing design whose result compares nothing is graded as a single arm."""
    return table.designs[table.without_comparison] if row.compares and comparison is None else row


def _place(table: StrengthFile, scale: Scale, row: DesignStrength, finding: Finding | None) -> _Grade | None:
    """Return the grade of one finding (None: of the design alone) on one scale."""
    level = row.pdq if scale == "pdq" else row.ocebm
    unlettered = table.no_letter.get(finding.outcome) if finding else None
    if level == "none" or (scale == "ocebm" and unlettered is not None and not unlettered.graded):
        return None
    letter = "none"
    if scale == "pdq" and finding is not None and finding.endpoint_kind is not None and unlettered is None:
        letter = table.endpoints[finding.endpoint_kind].pdq
    printed = "" if letter == "none" else letter
    return _Grade(
        scale,
        table.position(scale, "design", level),
        table.position(scale, "endpoint", letter),
        f"{_NAMES[scale]} {level}{printed}",
    )
