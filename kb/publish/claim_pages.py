"""Pages about a claim and about a whole document, for a place and a day. Each looks up what the build stored."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from datasette.utils.asgi import Response

from kb.english import ACCURACY, CLASSES, sentences
from kb.publish.common import CLASS_ORDER, MissingError, labels_of, place_of, render, said
from kb.publish.days import OF_THE_DAY, Asked, asked_day, others, statuses_of
from kb.publish.over_time import periods, strip
from kb.publish.read import Record, row, rows
from kb.publish.sources import CAME_OUT, CITED, TIES, cited, later_of_claim


async def claim(datasette: Any, request: Any) -> Response:
    """One claim on one day: both results in every place, its history; on the build's day the proof and the records."""
    place = place_of(request)
    asked = await asked_day(datasette, request)
    claim_id = unquote(request.url_vars["id"])
    found = await row(
        datasette,
        "select c.*, d.title as document_title, d.sold from claims c join documents d on d.id = c.document_id where c.id = :id",
        {"id": claim_id},
    )
    if found is None:
        raise MissingError(f"No claim {claim_id} in this build.", claim_id)
    statuses = await statuses_of(datasette, claim_id, asked.day)
    here = next(status for status in statuses if status["jurisdiction"] == place)
    spans = await rows(
        datasette,
        "select * from claim_status_spans where claim_id = :id and jurisdiction = :place order by valid_from",
        {"id": claim_id, "place": place},
    )
    history = periods(spans, asked.day)
    codes = {r["id"]: r for r in await rows(datasette, "select * from codes")}
    sources, candidates = await cited(datasette, claim_id)
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
            "asked": asked,
            "hidden": others(request, "jurisdiction", "as_of"),
            "claim": found,
            "axes": said(json.loads(found["axes"]), await labels_of(datasette)),
            "statuses": statuses,
            "here": here,
            "same_everywhere": len({tuple(s[name] for name in _SHOWN) for s in statuses}) == 1,
            "levels": {r["id"]: r for r in await rows(datasette, "select * from levels")},
            "codes": [codes[code] for code in json.loads(here["codes"])],
            "rule": await row(datasette, "select * from rules where id = :id", {"id": here["rule_id"]}),
            "spans": len(spans),
            "history": history,
            "strip": strip(history, asked.day, asked.build),
            "sources": sources,
            "candidates": candidates,
            "cited_words": CITED,
            "later": await later_of_claim(datasette, claim_id),
            "came_out": CAME_OUT,
            "ties": TIES,
            "neighbours": neighbours,
            **await _proved(datasette, claim_id, place),
        },
    )


_SHOWN = ("class", "level", "sold_class", "sold_level", "accuracy")


async def _proved(datasette: Any, claim_id: str, place: str) -> Record:
    """Return what is kept for the build's day only: the proofs, in English, and every record with its reason."""
    here = await row(
        datasette,
        "select proof, sold_proof from claim_statuses where claim_id = :id and jurisdiction = :place",
        {"id": claim_id, "place": place},
    )
    assert here is not None
    meanings = {r["id"]: r["meaning"] for r in await rows(datasette, "select id, meaning from levels")}
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
    sold_proof = json.loads(here["sold_proof"]) if here["sold_proof"] else None
    return {
        "proof": sentences(json.loads(here["proof"]), meanings),
        "sold_proof": sentences(sold_proof, meanings) if sold_proof else [],
        "evidence": [item for item in evidence if item["result"] == "class"],
        "sold_evidence": [item for item in evidence if item["result"] == "sold" and item["kind"] != "trial"],
    }


async def claims_of(datasette: Any, document: str, place: str, asked: Asked) -> list[Record]:
    """Return the claims of a document in its order, with their statuses in one place on one day."""
    return await rows(
        datasette,
        f"""select c.*, s.class, s.level, s.sold_class, s.sold_level, s.accuracy, s.objection, s.codes
            from claims c join {OF_THE_DAY} s on s.claim_id = c.id and s.jurisdiction = :place
            where c.document_id = :id order by c.line_start, c.id""",  # noqa: S608 - a text of ours
        {"id": document, "place": place, "day": asked.day},
    )


async def document(datasette: Any, request: Any) -> Response:
    """A whole document on one day: its claims in order, with a bar of classes and filters."""
    place = place_of(request)
    asked = await asked_day(datasette, request)
    found = await row(datasette, "select * from documents where id = :id", {"id": request.url_vars["id"]})
    if found is None:
        raise MissingError("No such document in this build.")
    status_class = request.args.get("class") or ""
    accuracy = request.args.get("accuracy") or ""
    if status_class not in ("", *CLASSES) or accuracy not in ("", *ACCURACY):
        raise MissingError("No such class or accuracy; choose one of the form's.")
    objection = request.args.get("objection") or ""
    all_claims = await claims_of(datasette, found["id"], place, asked)
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
            "asked": asked,
            "hidden": others(request, "jurisdiction", "as_of", "class", "accuracy", "objection"),
            "document": found,
            "sold": said(json.loads(found["sold"]), await labels_of(datasette)),
            "claims": shown,
            "total": len(all_claims),
            "counts": [(name, count) for name, count in counts.items() if count],
            "objections": sum(c["objection"] for c in all_claims),
            "selected": {"class": status_class, "accuracy": accuracy, "objection": objection},
        },
    )
