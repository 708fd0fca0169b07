"""The evidence map and its cells. Each looks up what the build stored."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Response

from kb.publish.common import MissingError, labels_of, place_of, render
from kb.publish.read import Record, row, rows


async def evidence_map(datasette: Any, request: Any) -> Response:
    """Indications × cell types; each cell in words, marks and numbers."""
    place = place_of(request)
    scope = request.args.get("show") or "named"
    if scope not in ("named", "all"):
        raise MissingError("show takes 'named' or 'all'")
    comparators = request.args.get("comparators") == "1"
    concepts = {
        r["id"]: r
        for r in await rows(
            datasette, "select id, slug, label from concepts where facet in ('indication', 'cell_type')"
        )
    }
    parents: dict[str, list[str]] = {}
    for r in await rows(
        datasette,
        "select concept_id, parent_id from concept_parents where concept_id like 'indication:%' order by concept_id, parent_id",
    ):
        parents.setdefault(r["concept_id"], []).append(r["parent_id"])
    cells = await rows(datasette, "select * from map_cells where jurisdiction = :place", {"place": place})
    columns, extra = await _columns(datasette, cells, comparators)
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
    return await render(
        datasette,
        request,
        "kb_map.html",
        {
            "place": place,
            "scope": scope,
            "comparators": comparators,
            "columns": [concepts[c] for c in columns],
            "extra": extra,
            "lines": [(concepts[one], depth, by_place.get(one, {})) for one, depth in lines],
            "total": len(by_place),
        },
    )


async def _columns(datasette: Any, cells: list[Record], comparators: bool) -> tuple[list[str], set[str]]:
    """Return the cell types in the order the build lists them, and which of them are comparators."""
    present = {cell["cell_type"] for cell in cells}
    listed = await rows(datasette, "select cell_type, comparator from map_columns order by position")
    shown = [one for one in listed if one["cell_type"] in present and (comparators or not one["comparator"])]
    return [one["cell_type"] for one in shown], {one["cell_type"] for one in shown if one["comparator"]}


def _tree(wanted: set[str], parents: dict[str, list[str]], concepts: dict[str, Record]) -> list[tuple[str, int]]:
    """Return the wanted concepts in tree order with their depth; each once, under its first parent."""
    above: dict[str, str | None] = {}
    for one in wanted:
        queue = list(parents.get(one, []))
        above[one] = None
        while queue:
            near = queue.pop(0)
            if near in wanted:
                above[one] = near
                break
            queue += parents.get(near, [])
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
    place = place_of(request)
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
        raise MissingError(
            "No such cell: nothing on file for these cells in this disease, and no checked document names it."
        )
    labels = await labels_of(datasette)
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
    searches = await rows(
        datasette,
        """select * from searches
           where exists (select 1 from json_each(searches.indication) where value = :indication)
             and exists (select 1 from json_each(searches.cell_type) where value = :cell_type)
           order by id""",
        parameters,
    )
    level = await row(datasette, "select * from levels where id = :id", {"id": cell["best_level"]})
    return await render(
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
            "searches": searches,
            "labels": labels,
        },
    )
