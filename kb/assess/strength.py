"""The second axis: strength of the best supporting study, and the direction of the whole."""

from __future__ import annotations

from collections.abc import Sequence

from kb.assess.base import Base
from kb.assess.benefit import Judgement
from kb.assess.evidence import Item


def strength(base: Base, judged: Judgement) -> str:
    """Return the strength of the best positive study, e.g. ``"PDQ 3Div"`` or ``"OCEBM 4"``.

    Cancer is graded by NCI PDQ (study design × endpoint), other human evidence by OCEBM 2011;
    the tables are ``data/rules/strength.yml``. Empty when nothing positive decided.
    """
    table = base.data.rules.strength
    vocabulary = base.data.vocabulary
    best: list[tuple[str, str]] = []
    for item in judged.deciding.used:
        if item.stance != "positive":
            continue
        study = base.study_by_id[item.record_id]
        grade = table.designs.get(base.arms[item.key_id][1].design or study.design)
        if grade is None:
            continue
        treated = base.arms[item.key_id][2].indication
        if not treated or not all(vocabulary.is_a("indication", i, "cancer") for i in treated):
            best.append((str(grade.ocebm), f"OCEBM {grade.ocebm}"))
            continue
        kinds = [base.arms[item.key_id][1].findings[i].endpoint_kind for i in item.findings]
        letters = sorted(table.endpoints[kind] for kind in kinds if kind is not None and kind in table.endpoints)
        best.append((f"{grade.pdq}{letters[0] if letters else 'Z'}", f"PDQ {grade.pdq}{letters[0] if letters else ''}"))
    return min(best)[1] if best else ""


def direction(items: Sequence[Item]) -> str:
    """Return the direction of everything that matches, counting each cohort once.

    >>> direction([])
    'none'
    """
    positive = {item.cohort for item in items if item.stance == "positive" and item.lifts}
    negative = {item.cohort for item in items if item.stance == "negative" and item.lifts}
    positive -= negative  # a trial whose main result failed is not counted again for a subgroup
    if positive and negative:
        return f"mixed: {len(positive)} positive, {len(negative)} negative"
    if positive:
        return f"positive: {len(positive)}"
    return f"negative: {len(negative)}" if negative else "none"
