"""What a claim cites and what came after it, as the pages show it. The verdicts are the store's."""

from __future__ import annotations

import json
from typing import Any

from kb.publish.read import Record, rows

#: What a source does for the sentence that cites it.
CITED = {
    "supports": "supports it",
    "partly": "supports it in part",
    "does_not_support": "does not support it",
    "contradicts": "contradicts it",
    "not_found": "not found",
}

#: How a later report came out for what is claimed; negative ones first.
CAME_OUT = {
    "negative": ("−", "negative"),
    "mixed": ("±", "positive and negative"),
    "neither": ("○", "no result either way on this outcome"),
    "positive": ("+", "positive"),
}

TIES = {
    "follow_up": "its follow-up",
    "same_people": "the same people, reported later",
    "same_endpoint": "other people, the same endpoint",
}

_BEARS = {"class": "what the sentence says", "sold": "the product on sale"}
_ORDER = (
    "case r.stance when 'negative' then 0 when 'mixed' then 1 when 'neither' then 2 else 3 end, "
    "r.study_id, r.later_id, r.claim_id, r.result"
)


async def cited(datasette: Any, claim_id: str) -> tuple[list[Record], list[Record]]:
    """Return what a claim cites, the worst stance first, and what may be meant but is no citation."""
    found = await rows(
        datasette,
        """select c.*, n.label, coalesce(s.title, t.title) as title from citations c
           left join nodes n on n.id = c.record_id left join studies s on s.id = c.record_id
           left join trials t on t.id = c.record_id where c.claim_id = :id
           order by case c.stance when 'contradicts' then 0 when 'does_not_support' then 1 when 'not_found' then 2
             when 'partly' then 3 else 4 end, c.id""",
        {"id": claim_id},
    )
    meanings = {r["id"]: r["meaning"] for r in await rows(datasette, "select id, meaning from codes")}
    for one in found:
        one["codes"] = [(code, meanings.get(code, "")) for code in json.loads(one["codes"] or "[]")]
    return (
        [one for one in found if one["resolution"] != "candidate"],
        [one for one in found if one["resolution"] == "candidate"],
    )


async def later_of_claim(datasette: Any, claim_id: str) -> list[Record]:
    """Return the later reports on the studies a claim rests on or reports; each pair once, negative ones first."""
    found = await rows(
        datasette,
        f"""select r.*, e.label as study_label, l.label as later_label, s.title, s.year, s.checked
            from later_reports r join nodes e on e.id = r.study_id join nodes l on l.id = r.later_id
            join studies s on s.id = r.later_id where r.claim_id = :id order by {_ORDER}""",  # noqa: S608 - ours
        {"id": claim_id},
    )
    pairs: dict[tuple[str, ...], Record] = {}
    for one in found:
        same = (one["study_id"], one["later_id"], one["tie"], one["stance"], str(one["named"]), str(one["says"]))
        pairs.setdefault(same, {**one, "bears": []})["bears"].append(_BEARS[one["result"]])
    return list(pairs.values())


async def later_of_study(datasette: Any, study_id: str) -> list[Record]:
    """Return the later reports on one study, by how they came out, each with the claims it bears on."""
    found = await rows(
        datasette,
        f"""select r.*, l.label as later_label, s.title, s.checked, d.title as document
            from later_reports r join nodes l on l.id = r.later_id join studies s on s.id = r.later_id
            join claims c on c.id = r.claim_id join documents d on d.id = c.document_id
            where r.study_id = :id order by {_ORDER}""",  # noqa: S608 - ours
        {"id": study_id},
    )
    groups: dict[tuple[str, ...], Record] = {}
    for one in found:
        same = (one["later_id"], one["tie"], one["stance"], str(one["says"]), one["document"], str(one["named"]))
        claims = groups.setdefault(same, {**one, "claims": []})["claims"]
        if one["claim_id"] not in claims:
            claims.append(one["claim_id"])
    return list(groups.values())


async def earlier_of_study(datasette: Any, study_id: str) -> list[Record]:
    """Return the studies on which this one is a later report."""
    return await rows(
        datasette,
        """select distinct r.study_id, r.tie, n.label from later_reports r join nodes n on n.id = r.study_id
           where r.later_id = :id order by r.study_id, r.tie""",
        {"id": study_id},
    )
