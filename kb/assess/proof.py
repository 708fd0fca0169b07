"""A status is a proof: the rule, the facts used, the facts left out and why, the nearest change.

Proofs are plain JSON; :mod:`kb.publish` shows their sentences and adds none of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from kb.assess.base import Base
from kb.assess.benefit import Judgement, Part
from kb.assess.citation import Report
from kb.assess.count_query import count_query
from kb.assess.evidence import Item
from kb.assess.figures import Truth
from kb.assess.safety import SafetyJudgement, upper_bound
from kb.findings import describe
from kb.records.claim import Claim
from kb.records.common import ProductKey
from kb.rules import Rule
from kb.vocabulary import Vocabulary

#: How many records a proof spells out; the ``evidence`` table has them all.
_SHOWN = 8

_STANCE_WORDS = {
    "positive": "came out positive",
    "negative": "came out negative",
    "other_result": "reports a result that does not bear the claim out",
    "safety_only": "reports safety or feasibility only",
    "marker_only": "reports blood markers only",
    "no_result": "reports no result of this kind",
    "reports_safety": "reports safety",
    "under_way": "registered, under way or recently completed",
    "stopped_safety": "stopped for safety",
    "stopped_futility": "stopped because it was not working",
    "stopped_other": "stopped for another stated reason",
    "silent": "ended or silent, without published results on file",
    "laboratory": "animal or laboratory work",
}
#: For one axis, and for several.
_RELATION_WORDS = {
    "different": ("is different", "are different"),
    "unknown": ("was not reported", "were not reported"),
    "broader": ("is wider than the sentence's", "are wider than the sentence's"),
    "narrower": ("is narrower than the sentence's", "are narrower than the sentence's"),
}


def mismatch_words(item: Item) -> str:
    """Return in words where a record departs from the sentence; empty when it does not."""
    parts = []
    for relation in ("different", "unknown", "broader", "narrower"):
        axes = item.vector.axes(relation)
        if axes:
            names = " and ".join(", ".join(axis.replace("_", " ") for axis in axes).rsplit(", ", 1))
            parts.append(f"{names} {_RELATION_WORDS[relation][len(axes) > 1]}")
    return "; ".join(parts)


def reason(item: Item) -> str:
    """Return one line: what the record is to the sentence, and why it does or does not count."""
    words = _STANCE_WORDS[item.stance]
    mismatch = mismatch_words(item)
    if item.excluded:
        return f"{words}; not used: {item.excluded}"
    return f"{words}; {mismatch}" if mismatch else words


def _rule(rule: Rule) -> dict[str, str]:
    return {"id": rule.id, "wording": rule.wording, "source": rule.source}


def _record(base: Base, item: Item) -> dict[str, Any]:
    found: dict[str, Any] = {"id": item.record_id, "key": item.key_id, "match": item.match, "why": reason(item)}
    if item.findings and item.kind == "study":
        arm = base.arms[item.key_id][1]
        found["findings"] = [describe(arm.findings[i]) for i in item.findings[:3]]
    return found


def _nearest(part: Part) -> Item | None:
    """Return the positive record that comes nearest without counting."""
    near = [i for i in part.items if i.stance == "positive" and not i.excluded and i.match in ("possible", "indirect")]
    order = {"T1": 0, "T2r": 1, "T2s": 2, "T3": 3}

    def closeness(item: Item) -> tuple[int, int, str]:
        return (len(item.vector.axes("different", "unknown", "broader")), order[item.level], item.record_id)

    return min(near, key=closeness) if near else None


def _failed(base: Base, item: Item) -> bool:
    """Tell whether a matching study saw nobody respond, or came out negative."""
    near = item.match in ("direct", "partial") or (item.match == "possible" and item.stance == "negative")
    if item.kind != "study" or item.excluded or not near or item.stance == "positive":
        return False
    arm = base.arms[item.key_id][1]
    none = any(f.outcome == "response" and f.endpoint_kind == "response_rate" and f.n == 0 for f in arm.findings)
    return item.stance == "negative" or none


def benefit_proof(
    base: Base, judged: Judgement, codes: Iterable[str], rule_id: str = "", level: str = ""
) -> dict[str, Any]:
    """Return the proof of a judged benefit."""
    rules = base.data.rules
    rule = next(rule for rule in rules.status.rules if rule.id == (rule_id or judged.rule))
    items = {(item.kind, item.record_id): item for item in judged.items}
    parts = []
    vocabulary = base.data.vocabulary
    for part in judged.parts:
        matching = [item for item in part.items if item.lifts]
        entry: dict[str, Any] = {
            "cell_type": vocabulary.label("cell_type", part.cell_type),
            "indication": vocabulary.label("indication", part.indication) if part.indication else "",
            "level": part.level,
            "rule": part.rule,
            "deciding": part is judged.deciding,
            "used": [_record(base, item) for item in part.used[:_SHOWN]],
            "used_total": len(part.used),
            "matching": len({item.record_id for item in matching}),
        }
        if part.licence:
            approval, state = part.licence
            event = state.event.event if state.event else None
            entry["licence"] = {
                "id": approval.id,
                "product": approval.product,
                "standing": state.standing,
                "event": event,
                "history": [
                    {"event": step.event, "date": str(step.date) if step.date else "", "reason": step.reason or ""}
                    for step in approval.events
                ],
            }
        if part.licence_note:
            entry["licence_note"] = part.licence_note
        near = _nearest(part)
        if near is not None and part is judged.deciding:
            entry["nearest"] = {**_record(base, near), "would_count_if": mismatch_words(near)}
        if part.level == "X":  # fairness: what did better, though it does not outweigh the failure
            better = [item for item in part.items if item.lifts and item.stance == "positive"]
            if better:
                entry["with_benefit"] = [_record(base, item) for item in better[:_SHOWN]]
        used = {item.key_id for item in part.used}
        without = [item for item in part.items if item.key_id not in used and _failed(base, item)]
        if without:
            entry["without"] = [_record(base, item) for item in without[:_SHOWN]]
        excluded = [item for item in part.items if item.excluded and item.match in ("direct", "partial")]
        if excluded:
            left_out = list(dict.fromkeys((item.record_id, item.excluded) for item in excluded))
            entry["excluded"] = [{"id": record, "why": why} for record, why in left_out[:_SHOWN]]
            entry["excluded_total"] = len(left_out)
        parts.append(entry)
    return {
        "kind": "benefit",
        "rule": _rule(rule),
        "level": level or judged.level,
        "as_of": base.as_of.isoformat(),
        "base": {
            "studies": len(base.data.studies),
            "trials": len(base.data.trials),
            "listed_studies": sum(kind != "trial" for kind, _ in items),
            "listed_trials": sum(kind == "trial" for kind, _ in items),
        },
        "parts": parts,
        "codes": sorted(codes),
    }


def path(base: Base, claim: Claim, used: Iterable[str]) -> list[dict[str, str]]:
    """Return the way from a sentence to the first record it rests on, and back over what both speak of.

    Args:
        base: the facts.
        claim: the sentence.
        used: records the status rests on.

    Returns:
        Edges of the graph (``source``, ``type``, ``target``) as the store holds them; they hang together.
        Empty when nothing is rested on.
    """
    records = sorted(used)
    if not records:
        return []
    record = next((one for one in records if one in base.study_by_id), records[0])
    steps = [_edge(claim.id, "rests_on", record)]
    for axis in ("indication", "cell_type"):
        meeting = _meeting(base, record, axis, getattr(claim.axes, axis))
        if meeting:
            own, said = meeting
            line = _up(base.data.vocabulary, axis, own, said)
            steps.append(_edge(record, f"has_{axis}", f"{axis}:{own}"))
            steps += [_edge(f"{axis}:{low}", "is_a", f"{axis}:{high}") for low, high in pairwise(line)]
            steps.append(_edge(claim.id, f"says_{axis}", f"{axis}:{said}"))
    return steps


def _edge(source: str, kind: str, target: str) -> dict[str, str]:
    return {"source": source, "type": kind, "target": target}


def _meeting(base: Base, record: str, axis: str, said: Sequence[str]) -> tuple[str, str] | None:
    """Return the concept of a record that is, or is narrower than, one the sentence names, and that one."""
    found = [
        (own, wanted)
        for key in base.stored_keys.get(record, ())
        for own in getattr(key, axis)
        for wanted in said
        if base.data.vocabulary.is_a(axis, own, wanted)
    ]
    return min(found, key=lambda pair: (pair[0] != pair[1], pair)) if found else None


def _up(vocabulary: Vocabulary, axis: str, own: str, wide: str) -> list[str]:
    """Return the concepts from one to a broader one, step by step; the shortest way, by name where there are two."""
    ways = [[own]]
    while ways[0][-1] != wide:
        way = ways.pop(0)
        ways += [[*way, parent] for parent in sorted(vocabulary.concepts[axis][way[-1]].parents)]
    return ways[0]


def safety_proof(base: Base, judged: SafetyJudgement, rule_id: str, level: str, claim: Claim) -> dict[str, Any]:
    """Return the proof of a judged safety sentence, with the events on record and the exact bound."""
    rule = next(rule for rule in base.data.rules.status.rules if rule.id == rule_id)
    events, people = judged.none_among
    vocabulary = base.data.vocabulary
    harms = [
        {
            "id": harm.record_id,
            "event": vocabulary.label("event", harm.event),
            "n": harm.n,
            "n_total": harm.n_total,
            "any_cause": harm.any_cause,
            "mismatch": list(harm.vector.axes("unknown", "broader")),
        }
        for harm in sorted(judged.harms, key=lambda h: (not h.happened, h.record_id, h.event))
    ]
    proof: dict[str, Any] = {
        "kind": "safety",
        "rule": _rule(rule),
        "level": level,
        "as_of": base.as_of.isoformat(),
        "base": {"studies": len(base.data.studies), "safety_events": len(base.data.safety_events)},
        "harms": harms[:20],
        "harms_total": len(harms),
        "happened_total": len(judged.happened),
        "studies_with_safety": len({item.record_id for item in judged.items if item.lifts}),
        "labels": list(judged.licences),
    }
    if claim.event:
        proof["event"] = vocabulary.label("event", claim.event)
        if people and len({harm.event for harm in judged.harms}) == 1:
            proof["pooled"] = {
                "events": events,
                "people": people,
                "upper_bound_percent": round(100 * upper_bound(events, people), 1),
            }
    return proof


def citation_proof(
    base: Base, rule: Rule, reports: Sequence[Report], level: str, codes: Iterable[str]
) -> dict[str, Any]:
    """Return the proof of a judged citation: point by point what the record says."""
    found: list[dict[str, Any]] = []
    for report in reports:
        study = report.study
        if study is None:
            found.append({"id": report.record_id, "truth": report.truth, "says": list(report.says), "missing": True})
            continue
        arm = base.arms[report.key_id][1] if report.key_id in base.arms else None
        found.append(
            {
                "id": study.id,
                "key": report.key_id,
                "truth": report.truth,
                "own_level": report.level,
                "says": list(report.says),
                "read": study.read,
                "checked": study.checked,
                "finding": study.finding,
                "findings": [describe(arm.findings[i]) for i in report.findings[:3]] if arm else [],
            }
        )
    return {
        "kind": "citation",
        "rule": _rule(rule),
        "level": level,
        "as_of": base.as_of.isoformat(),
        "reports": found,
        "codes": sorted(codes),
    }


def statement_proof(
    base: Base,
    rule: Rule,
    truth: Truth,
    records: Sequence[str],
    claim: Claim,
    key: ProductKey,
    level: str,
    count: int | None,
    codes: Iterable[str],
) -> dict[str, Any]:
    """Return the proof of a regulatory statement or a count."""
    proof: dict[str, Any] = {
        "kind": "statement",
        "rule": _rule(rule),
        "level": level,
        "truth": truth,
        "as_of": base.as_of.isoformat(),
        "records": list(records),
        "codes": sorted(codes),
    }
    if claim.counting is not None:
        said = claim.counting
        proof["count"] = {
            "said": f"{said.op} {said.value if said.value is not None else ''}".strip(),
            "on_file": count,
            "lower_bound": True,
            "query": count_query(said.what, key, base.as_of),
        }
    if claim.regulatory is not None:
        proof["stated"] = claim.regulatory.says
        proof["places"] = list(claim.regulatory.jurisdictions) or [
            "unnamed other places" if claim.regulatory.elsewhere else "not named"
        ]
    return proof


def plain_proof(
    rule: Rule, notes: Sequence[str], supported_by: Sequence[str], contradicted_by: Sequence[str], codes: Iterable[str]
) -> dict[str, Any]:
    """Return the proof of a status that rests on the kind of sentence, and on references where it has any."""
    return {
        "kind": "plain",
        "rule": _rule(rule),
        "level": rule.level,
        "notes": list(notes),
        "supported_by": list(supported_by),
        "contradicted_by": list(contradicted_by),
        "codes": sorted(codes),
    }
