"""Our pages. Each looks up what the build stored and hands it to a template."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from datasette.utils.asgi import NotFound, Response

from kb.english import ACCURACY, CLASSES, EMPTY, sentences
from kb.jurisdictions import JURISDICTIONS, jurisdiction
from kb.publish.read import Record, database, match_expression, row, rows

#: Order in which classes are shown and stacked.
_CLASS_ORDER = tuple(CLASSES)
_AXES = ("cell_type", "cell_source", "expansion", "engineering", "indication", "setting", "combination")


async def _render(datasette: Any, request: Any, template: str, context: dict[str, Any], status: int = 200) -> Response:
    build = await row(datasette, "select version, as_of, counts, content_sha256 from builds")
    assert build is not None
    full = {
        "classes": CLASSES,
        "accuracies": ACCURACY,
        "empty_kinds": EMPTY,
        "places": JURISDICTIONS,
        "build": {**build, "counts": json.loads(build["counts"])},
        "db": f"/{database(datasette).name}",
        **context,
    }
    return Response.html(await datasette.render_template(template, full, request=request), status=status)


def _place(request: Any, default: str = "US") -> str:
    """Return the jurisdiction asked for; an unknown one is a clear 404, never another place's answer."""
    asked = request.args.get("jurisdiction") or default
    try:
        return jurisdiction(asked)
    except ValueError as error:
        raise NotFound(str(error)) from None


async def _labels(datasette: Any) -> dict[str, str]:
    return {r["id"]: r["label"] for r in await rows(datasette, "select id, label from concepts")}


async def home(datasette: Any, request: Any) -> Response:
    """The front page: three users, live numbers, what is here and what is not."""
    place = _place(request)
    by_class = {
        r["class"]: r["n"]
        for r in await rows(
            datasette,
            "select class, count(*) as n from claim_statuses where jurisdiction = :place group by class",
            {"place": place},
        )
    }
    sold = {
        r["sold_class"]: r["n"]
        for r in await rows(
            datasette,
            "select sold_class, count(*) as n from claim_statuses where jurisdiction = :place and sold_class is not null group by sold_class",
            {"place": place},
        )
    }
    objections = await row(
        datasette, "select sum(objection) as n from claim_statuses where jurisdiction = :place", {"place": place}
    )
    documents = await rows(datasette, "select id, title, line_count, coverage from documents order by id")
    checked = await rows(datasette, "select checked, count(*) as n from studies group by checked order by n desc")
    facts = await row(
        datasette,
        """select (select count(*) from studies where evidence_kind = 'human') as human,
                  (select count(*) from trials where is_nk_therapy = 1 and doubt is null) as nk_trials,
                  (select count(*) from trials where doubt is not null) as doubtful,
                  (select count(*) from approvals where standing <> 'not_in_force') as in_force,
                  (select count(*) from approvals) as approvals,
                  (select count(*) from searches) as searches""",
    )
    return await _render(
        datasette,
        request,
        "kb_home.html",
        {
            "place": place,
            "by_class": [(name, by_class.get(name, 0)) for name in _CLASS_ORDER if by_class.get(name)],
            "sold": [(name, sold.get(name, 0)) for name in _CLASS_ORDER if sold.get(name)],
            "objections": objections["n"] if objections else 0,
            "documents": documents,
            "checked": checked,
            "facts": facts,
        },
    )


async def evidence_map(datasette: Any, request: Any) -> Response:
    """Indications × cell types; each cell in words, marks and numbers."""
    place = _place(request)
    scope = request.args.get("show") or "named"
    if scope not in ("named", "all"):
        raise NotFound("show takes 'named' or 'all'")
    comparators = request.args.get("comparators") == "1"
    concepts = {
        r["id"]: r
        for r in await rows(
            datasette, "select id, slug, label from concepts where facet in ('indication', 'cell_type')"
        )
    }
    parents: dict[str, list[str]] = {}
    for r in await rows(
        datasette, "select concept_id, parent_id from concept_parents where concept_id like 'indication:%'"
    ):
        parents.setdefault(r["concept_id"], []).append(r["parent_id"])
    cells = await rows(datasette, "select * from map_cells where jurisdiction = :place", {"place": place})
    columns = await _columns(datasette, cells, comparators)
    claimed = {
        r["concept_id"]
        for r in await rows(datasette, "select distinct concept_id from claim_concepts where axis = 'indication'")
    }
    by_place: dict[str, dict[str, Record]] = {}
    for cell in cells:
        if cell["cell_type"] in columns:
            by_place.setdefault(cell["indication"], {})[cell["cell_type"]] = cell
    wanted = set(by_place) if scope == "all" else {one for one in by_place if one in claimed}
    lines = _tree(wanted, parents, concepts)
    return await _render(
        datasette,
        request,
        "kb_map.html",
        {
            "place": place,
            "scope": scope,
            "comparators": comparators,
            "columns": [concepts[c] for c in columns],
            "lines": [(concepts[one], depth, by_place.get(one, {})) for one, depth in lines],
            "total": len(by_place),
        },
    )


async def _columns(datasette: Any, cells: list[Record], comparators: bool) -> list[str]:
    """Return the cell types in the order the build lists them."""
    present = {cell["cell_type"] for cell in cells}
    listed = await rows(datasette, "select cell_type, comparator from map_columns order by position")
    return [
        one["cell_type"] for one in listed if one["cell_type"] in present and (comparators or not one["comparator"])
    ]


def _tree(wanted: set[str], parents: dict[str, list[str]], concepts: dict[str, Record]) -> list[tuple[str, int]]:
    """Return the wanted concepts in tree order with their depth; each once, under its first parent."""
    above: dict[str, str | None] = {}
    for one in wanted:
        queue = list(parents.get(one, []))
        above[one] = None
        while queue:
            parent = queue.pop(0)
            if parent in wanted:
                above[one] = parent
                break
            queue += parents.get(parent, [])
    children: dict[str | None, list[str]] = {}
    for one, parent in above.items():
        children.setdefault(parent, []).append(one)

    def size(one: str) -> int:
        return 1 + sum(size(child) for child in children.get(one, []))

    def order(parent: str | None, one: str) -> tuple[int, str]:
        # At the top the largest group comes first (diseases before aims); below, by name.
        return (-size(one) if parent is None else 0, concepts[one]["label"].lower())

    def walk(parent: str | None, depth: int) -> list[tuple[str, int]]:
        found = []
        for one in sorted(children.get(parent, []), key=lambda c: order(parent, c)):
            found += [(one, depth), *walk(one, depth + 1)]
        return found

    return walk(None, 0)


async def map_cell(datasette: Any, request: Any) -> Response:
    """The records behind one cell: exactly those its numbers count, then those it only shows."""
    place = _place(request)
    parameters = {
        "indication": f"indication:{request.url_vars['indication']}",
        "cell_type": f"cell_type:{request.url_vars['cell_type']}",
        "place": place,
    }
    cell = await row(
        datasette,
        "select * from map_cells where indication = :indication and cell_type = :cell_type and jurisdiction = :place",
        parameters,
    )
    if cell is None:
        raise NotFound(
            "No such cell: nothing on file for these cells in this disease, and no checked document names it."
        )
    labels = await _labels(datasette)
    studies = await rows(
        datasette,
        """select m.bearing, m.counted, s.id, s.title, s.year, s.design, s.phase, s.finding, s.checked, s.source, n.label
           from map_records m join studies s on s.id = m.record_id join nodes n on n.id = s.id
           where m.indication = :indication and m.cell_type = :cell_type and m.kind in ('study', 'laboratory')
           order by m.counted desc, s.year desc, s.id""",
        parameters,
    )
    trials = await rows(
        datasette,
        """select m.bearing, t.id, t.title, t.phase, t.status, t.status_date, t.enrollment, t.sponsor, t.source
           from map_records m join trials t on t.id = m.record_id
           where m.indication = :indication and m.cell_type = :cell_type and m.kind = 'trial' and m.counted = 1
           order by t.id""",
        parameters,
    )
    approvals = await rows(
        datasette,
        """select a.* from map_records m join approvals a on a.id = m.record_id
           where m.indication = :indication and m.cell_type = :cell_type and m.kind = 'approval' and a.jurisdiction = :place
           order by a.id""",
        parameters,
    )
    level = await row(datasette, "select * from levels where id = :id", {"id": cell["best_level"]})
    return await _render(
        datasette,
        request,
        "kb_cell.html",
        {
            "place": place,
            "cell": cell,
            "level": level,
            "indication": labels[cell["indication"]],
            "cell_type": labels[cell["cell_type"]],
            "studies": [s for s in studies if s["counted"]],
            "shown": [s for s in studies if not s["counted"]],
            "trials": trials,
            "approvals": approvals,
            "labels": labels,
        },
    )


async def claim(datasette: Any, request: Any) -> Response:
    """One claim: both results in every place, the proof in English, every record with its reason."""
    place = _place(request)
    claim_id = unquote(request.url_vars["id"])
    found = await row(
        datasette,
        "select c.*, d.title as document_title, d.sold from claims c join documents d on d.id = c.document_id where c.id = :id",
        {"id": claim_id},
    )
    if found is None:
        raise NotFound(f"No claim {claim_id} in this build.")
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
    return await _render(
        datasette,
        request,
        "kb_claim.html",
        {
            "place": place,
            "claim": found,
            "axes": _said(json.loads(found["axes"]), await _labels(datasette)),
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


def _said(axes: dict[str, list[str]], labels: dict[str, str]) -> list[tuple[str, str]]:
    return [(axis.replace("_", " "), ", ".join(labels[c] for c in axes[axis])) for axis in _AXES if axes.get(axis)]


async def document(datasette: Any, request: Any) -> Response:
    """A whole document: its claims in order, with a bar of classes and filters."""
    place = _place(request)
    found = await row(datasette, "select * from documents where id = :id", {"id": request.url_vars["id"]})
    if found is None:
        raise NotFound("No such document in this build.")
    status_class = request.args.get("class") or ""
    accuracy = request.args.get("accuracy") or ""
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
    counts = {name: sum(c["class"] == name for c in all_claims) for name in _CLASS_ORDER}
    return await _render(
        datasette,
        request,
        "kb_document.html",
        {
            "place": place,
            "document": found,
            "sold": _said(json.loads(found["sold"]), await _labels(datasette)),
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
        raise NotFound("No such study in this build.")
    labels = await _labels(datasette)
    arms = await rows(datasette, "select * from keys where record_id = :id order by id", {"id": found["id"]})
    for arm in arms:
        arm["axes"] = _said({axis: json.loads(arm[axis]) for axis in _AXES}, labels)
        arm["findings"] = await rows(
            datasette, "select * from findings where key_id = :id order by id", {"id": arm["id"]}
        )
    return await _render(
        datasette,
        request,
        "kb_study.html",
        {
            "study": found,
            "arms": arms,
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
            "claims": await _used_by(datasette, found["id"]),
        },
    )


async def trial(datasette: Any, request: Any) -> Response:
    """One registration, its publications, and the claims that rest on it."""
    found = await row(datasette, "select * from trials where id = :id", {"id": unquote(request.url_vars["id"])})
    if found is None:
        raise NotFound("No such registration in this build.")
    key = await row(datasette, "select * from keys where record_id = :id", {"id": found["id"]})
    assert key is not None
    return await _render(
        datasette,
        request,
        "kb_trial.html",
        {
            "trial": found,
            "axes": _said({axis: json.loads(key[axis]) for axis in _AXES}, await _labels(datasette)),
            "studies": await rows(
                datasette,
                "select s.id, s.title, s.year, n.label from study_trials t join studies s on s.id = t.study_id join nodes n on n.id = s.id where t.trial_id = :id order by s.id",
                {"id": found["id"]},
            ),
            "claims": await _used_by(datasette, found["id"]),
        },
    )


async def approval(datasette: Any, request: Any) -> Response:
    """One authorisation: label, standing, whole history."""
    found = await row(datasette, "select * from approvals where id = :id", {"id": unquote(request.url_vars["id"])})
    if found is None:
        raise NotFound("No such authorisation in this build.")
    key = await row(datasette, "select * from keys where record_id = :id", {"id": found["id"]})
    assert key is not None
    return await _render(
        datasette,
        request,
        "kb_approval.html",
        {
            "approval": found,
            "axes": _said({axis: json.loads(key[axis]) for axis in _AXES}, await _labels(datasette)),
            "events": await rows(
                datasette, "select * from approval_events where approval_id = :id order by id", {"id": found["id"]}
            ),
            "elsewhere": await rows(
                datasette,
                "select * from approvals where product_id = :product and id <> :id order by id",
                {"product": found["product_id"], "id": found["id"]},
            ),
            "claims": await _used_by(datasette, found["id"]),
        },
    )


async def _used_by(datasette: Any, record_id: str) -> list[Record]:
    return await rows(
        datasette,
        """select distinct c.id, c.statement, e.stance, e.result from evidence e join claims c on c.id = e.claim_id
           where e.record_id = :id and e.deciding = 1 order by c.id, e.result""",
        {"id": record_id},
    )


async def search(datasette: Any, request: Any) -> Response:
    """Search claims, studies, trials and authorisations, by name, synonym or anything broader."""
    text = (request.args.get("q") or "").strip()[:200]
    found: list[Record] = []
    expression = match_expression(text)
    if expression:
        found = await rows(
            datasette,
            """select s.id, s.kind, s.title, s.detail from search_entries s
               join search_entries_fts f on f.rowid = s.rowid
               where search_entries_fts match :q order by bm25(search_entries_fts, 10, 4, 1), s.id limit 201""",
            {"q": expression},
        )
    kinds = ("claim", "study", "trial", "approval")
    return await _render(
        datasette,
        request,
        "kb_search.html",
        {
            "q": text,
            "groups": [(kind, [f for f in found[:200] if f["kind"] == kind]) for kind in kinds],
            "total": len(found),
            "cut": len(found) > 200,
        },
    )


async def method(datasette: Any, request: Any) -> Response:
    """The rules, the scale and the codes, as the build used them."""
    return await _render(
        datasette,
        request,
        "kb_method.html",
        {
            "levels": await rows(datasette, "select * from levels order by position"),
            "rules": await rows(datasette, "select * from rules order by position"),
            "codes": await rows(datasette, "select * from codes order by id"),
            "absences": await rows(datasette, "select * from absences order by id"),
        },
    )
