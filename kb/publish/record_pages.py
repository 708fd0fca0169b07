"""Pages about one record: claim, document, study, trial, authorisation. Each looks up what the build stored."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from datasette.utils.asgi import Response

from kb.english import ACCURACY, CLASSES, sentences
from kb.publish.common import AXES, CLASS_ORDER, MissingError, labels_of, place_of, render, said, used_by
from kb.publish.read import Record, row, rows
from kb.publish.read_tags import read_tags


async def claim(datasette: Any, request: Any) -> Response:
    """One claim: both results in every place, the proof in English, every record with its reason."""
    place = place_of(request)
    claim_id = unquote(request.url_vars["id"])
    found = await row(
        datasette,
        "select c.*, d.title as document_title, d.sold from claims c join documents d on d.id = c.document_id where c.id = :id",
        {"id": claim_id},
    )
    if found is None:
        raise MissingError(f"No claim {claim_id} in this build.", claim_id)
    statuses = await rows(
        datasette,
        "select s.* from claim_statuses s join jurisdictions j on j.id = s.jurisdiction where s.claim_id = :id order by j.position",
        {"id": claim_id},
    )
    here = next(status for status in statuses if status["jurisdiction"] == place)
    evidence = await rows(
        datasette,
        """select e.*, n.label, n.kind, n.url, coalesce(s.title, t.title, n.label) as title, s.finding, s.checked
           from evidence e join nodes n on n.id = e.record_id left join studies s on s.id = e.record_id left join trials t on t.id = e.record_id
           where e.claim_id = :id
           order by e.deciding desc, case e.match when 'direct' then 0 when 'partial' then 1 when 'possible' then 2 else 3 end, n.kind, e.record_id, e.key_id""",
        {"id": claim_id},
    )
    for item in evidence:
        item["mismatch"] = {
            axis: relation
            for axis, relation in json.loads(item["mismatch"]).items()
            if relation not in ("same", "open")
        }
    levels = {r["id"]: r for r in await rows(datasette, "select * from levels")}
    meanings = {name: level["meaning"] for name, level in levels.items()}
    codes = {r["id"]: r for r in await rows(datasette, "select * from codes")}
    sold_proof = json.loads(here["sold_proof"]) if here["sold_proof"] else None
    same_everywhere = (
        len({(s["class"], s["level"], s["sold_class"], s["sold_level"], s["accuracy"]) for s in statuses}) == 1
    )
    neighbours = await row(
        datasette,
        """select (select max(id) from claims where document_id = :document and id < :id) as previous,
                  (select min(id) from claims where document_id = :document and id > :id) as next""",
        {"document": found["document_id"], "id": claim_id},
    )
    return await render(
        datasette,
        request,
        "kb_claim.html",
        {
            "place": place,
            "claim": found,
            "axes": said(json.loads(found["axes"]), await labels_of(datasette)),
            "statuses": statuses,
            "here": here,
            "same_everywhere": same_everywhere,
            "levels": levels,
            "codes": [codes[code] for code in json.loads(here["codes"])],
            "proof": sentences(json.loads(here["proof"]), meanings),
            "sold_proof": sentences(sold_proof, meanings) if sold_proof else [],
            "evidence": [item for item in evidence if item["result"] == "class"],
            "sold_evidence": [item for item in evidence if item["result"] == "sold" and item["kind"] != "trial"],
            "citations": await rows(
                datasette, "select * from citations where claim_id = :id order by id", {"id": claim_id}
            ),
            "neighbours": neighbours,
        },
    )


async def document(datasette: Any, request: Any) -> Response:
    """A whole document: its claims in order, with a bar of classes and filters."""
    place = place_of(request)
    found = await row(datasette, "select * from documents where id = :id", {"id": request.url_vars["id"]})
    if found is None:
        raise MissingError("No such document in this build.")
    status_class = request.args.get("class") or ""
    accuracy = request.args.get("accuracy") or ""
    if status_class not in ("", *CLASSES) or accuracy not in ("", *ACCURACY):
        raise MissingError("No such class or accuracy; choose one of the form's.")
    objection = request.args.get("objection") or ""
    all_claims = await rows(
        datasette,
        """select c.*, s.class, s.level, s.sold_class, s.sold_level, s.accuracy, s.objection, s.codes
           from claims c join claim_statuses s on s.claim_id = c.id and s.jurisdiction = :place
           where c.document_id = :id order by c.line_start, c.id""",
        {"id": found["id"], "place": place},
    )
    shown = [
        c
        for c in all_claims
        if (not status_class or c["class"] == status_class)
        and (not accuracy or c["accuracy"] == accuracy)
        and (not objection or str(c["objection"]) == objection)
    ]
    counts = {name: sum(c["class"] == name for c in all_claims) for name in CLASS_ORDER}
    return await render(
        datasette,
        request,
        "kb_document.html",
        {
            "place": place,
            "document": found,
            "sold": said(json.loads(found["sold"]), await labels_of(datasette)),
            "claims": shown,
            "total": len(all_claims),
            "counts": [(name, count) for name, count in counts.items() if count],
            "objections": sum(c["objection"] for c in all_claims),
            "selected": {"class": status_class, "accuracy": accuracy, "objection": objection},
        },
    )


async def study(datasette: Any, request: Any) -> Response:
    """One publication: identity, arms, findings, and the claims that rest on it."""
    found = await row(datasette, "select * from studies where id = :id", {"id": unquote(request.url_vars["id"])})
    if found is None:
        raise MissingError("No such study in this build.", unquote(request.url_vars["id"]))
    labels = await labels_of(datasette)
    arms = await rows(datasette, "select * from keys where record_id = :id order by id", {"id": found["id"]})
    for arm in arms:
        arm["axes"] = said({axis: json.loads(arm[axis]) for axis in AXES}, labels)
        arm["findings"] = await rows(
            datasette, "select * from findings where key_id = :id order by id", {"id": arm["id"]}
        )
    return await render(
        datasette,
        request,
        "kb_study.html",
        {
            "study": found,
            "arms": arms,
            "happenings": _happenings(
                await rows(
                    datasette,
                    "select * from integrity_events where study_id = :id and kind <> 'checked' order by date, id",
                    {"id": found["id"]},
                )
            ),
            "labels": labels,
            "trials": await rows(
                datasette, "select * from study_trials where study_id = :id order by trial_id", {"id": found["id"]}
            ),
            "relations": await rows(
                datasette,
                """select r.type, r.target_id as other, n.label, r.note from record_relations r join nodes n on n.id = r.target_id where r.record_id = :id
                   union all
                   select 'is target of: ' || r.type, r.record_id, n.label, r.note from record_relations r join nodes n on n.id = r.record_id where r.target_id = :id
                   order by 1, 2""",
                {"id": found["id"]},
            ),
            "claims": await used_by(datasette, found["id"]),
            "read": await read_tags(datasette, found["id"]),
        },
    )


def _happenings(events: list[Record]) -> list[Record]:
    """Return each notice once, with everybody who tells of it; ``date`` is "" where they do not all give one day."""
    groups: dict[tuple[str, str], list[Record]] = {}
    for event in events:
        groups.setdefault((event["kind"], event["notice"] or event["id"]), []).append(event)
    found = []
    for (kind, _), told in groups.items():
        dates = {event["date"] for event in told}
        same = told[0]["date"] if len(dates) == 1 else None
        found.append({"kind": kind, "notice": told[0]["notice"], "date": same or "", "told": told})
    return found


async def trial(datasette: Any, request: Any) -> Response:
    """One registration, its publications, and the claims that rest on it."""
    found = await row(datasette, "select * from trials where id = :id", {"id": unquote(request.url_vars["id"])})
    if found is None:
        raise MissingError("No such registration in this build.", unquote(request.url_vars["id"]))
    key = await row(datasette, "select * from keys where record_id = :id", {"id": found["id"]})
    assert key is not None
    registration = await _registration(datasette, found["id"])
    number = {"id": found["id"], "now": registration["id"] if registration else found["id"]}
    return await render(
        datasette,
        request,
        "kb_trial.html",
        {
            "trial": found,
            "registration": registration,
            "changes": await rows(
                datasette,
                "select * from trial_changes where registration_id in (:id, :now) order by seen_after, id",
                number,
            ),
            "harms": await rows(
                datasette,
                """select * from registration_harms where registration_id = :now and organ_system is null
                   order by length(id), id""",
                number,
            ),
            "countries": json.loads(found["countries"] or "[]"),
            "axes": said({axis: json.loads(key[axis]) for axis in AXES}, await labels_of(datasette)),
            "studies": await rows(
                datasette,
                "select s.id, s.title, s.year, n.label from study_trials t join studies s on s.id = t.study_id join nodes n on n.id = s.id where t.trial_id = :id order by s.id",
                {"id": found["id"]},
            ),
            "claims": await used_by(datasette, found["id"]),
            "read": await read_tags(datasette, found["id"]),
        },
    )


async def _registration(datasette: Any, number: str) -> Record | None:
    """Return what the registry last showed under a number, be it the registration's own or a former one."""
    return await row(
        datasette,
        """select r.* from registrations r
           where r.id = :id or (r.aliases <> '[]' and exists (select 1 from json_each(r.aliases) where value = :id))
           order by r.retrieved desc, r.id = :id, r.id limit 1""",
        {"id": number},
    )


async def approval(datasette: Any, request: Any) -> Response:
    """One authorisation: label, standing, whole history."""
    found = await row(datasette, "select * from approvals where id = :id", {"id": unquote(request.url_vars["id"])})
    if found is None:
        raise MissingError("No such authorisation in this build.", unquote(request.url_vars["id"]))
    key = await row(datasette, "select * from keys where record_id = :id", {"id": found["id"]})
    assert key is not None
    return await render(
        datasette,
        request,
        "kb_approval.html",
        {
            "approval": found,
            "axes": said({axis: json.loads(key[axis]) for axis in AXES}, await labels_of(datasette)),
            "events": await rows(
                datasette, "select * from approval_events where approval_id = :id order by id", {"id": found["id"]}
            ),
            "elsewhere": await rows(
                datasette,
                "select * from approvals where product_id = :product and id <> :id order by id",
                {"product": found["product_id"], "id": found["id"]},
            ),
            "claims": await used_by(datasette, found["id"]),
        },
    )
