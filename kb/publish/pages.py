"""Home, search and method. Each looks up what the build stored."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Response

from kb.publish.common import CLASS_ORDER, place_of, render
from kb.publish.days import OF_THE_DAY, asked_day, others
from kb.publish.read import match_expression, row, rows


async def home(datasette: Any, request: Any) -> Response:
    """The front page: three users, live numbers, what is here and what is not."""
    place = place_of(request)
    asked = await asked_day(datasette, request)
    documents = await rows(datasette, "select id, title from documents order by id")
    for document in documents:
        parameters = {"place": place, "document": document["id"], "day": asked.day}
        counted = await rows(
            datasette,
            f"""select s.class, s.sold_class, s.objection, count(*) as n
                from {OF_THE_DAY} s join claims c on c.id = s.claim_id
                where s.jurisdiction = :place and c.document_id = :document group by 1, 2, 3""",  # noqa: S608 - ours
            parameters,
        )
        for name in ("class", "sold_class"):
            document[name] = [
                (one, count) for one in CLASS_ORDER if (count := sum(r["n"] for r in counted if r[name] == one))
            ]
        document["claims"] = sum(r["n"] for r in counted)
        document["objections"] = sum(r["n"] for r in counted if r["objection"])
    checked = await rows(datasette, "select checked, count(*) as n from studies group by checked order by n desc")
    facts = await row(
        datasette,
        """select (select count(*) from studies where evidence_kind = 'human') as human,
                  (select count(*) from trials where is_nk_therapy = 1 and doubt is null) as nk_trials,
                  (select count(*) from trials where doubt is not null) as doubtful,
                  (select count(*) from approvals where standing <> 'not_in_force') as in_force,
                  (select count(*) from approvals) as approvals,
                  (select count(*) from searches where kind = 'stored_copies') as searches,
                  (select count(*) from searches where complete = 1 and relevant is not null) as complete_searches,
                  (select count(*) from searches where complete = 1 and relevant is null) as unscreened,
                  (select count(*) from articles) as articles,
                  (select count(*) from registrations) as registrations,
                  (select count(*) from papers_to_review) as papers_to_review,
                  (select count(*) from trials_to_review) as trials_to_review,
                  (select substr(max(fetched), 1, 10) from fetches where state = 'done') as last_fetched,
                  (select count(*) from gaps) as gaps""",
    )
    return await render(
        datasette,
        request,
        "kb_home.html",
        {
            "place": place,
            "asked": asked,
            "hidden": others(request, "jurisdiction", "as_of"),
            "documents": documents,
            "checked": checked,
            "facts": facts,
        },
    )


#: Hits shown of each kind; the heading says how many there are.
_HITS = 100
_KINDS = ("claim", "study", "trial", "approval")


async def search(datasette: Any, request: Any) -> Response:
    """Search claims, studies, trials and authorisations: names, synonyms, anything broader, numbers."""
    text = (request.args.get("q") or "").strip()[:200]
    groups = []
    expression = match_expression(text)
    for kind in _KINDS if expression else ():
        parameters = {"q": expression, "kind": kind}
        counted = await row(
            datasette,
            """select count(*) as n from search_entries s join search_entries_fts f on f.rowid = s.rowid
               where search_entries_fts match :q and s.kind = :kind""",
            parameters,
        )
        hits = await rows(
            datasette,
            f"""select s.id, s.title, s.detail from search_entries s join search_entries_fts f on f.rowid = s.rowid
                where search_entries_fts match :q and s.kind = :kind
                order by bm25(search_entries_fts, 10, 4, 1), s.id limit {_HITS}""",  # noqa: S608 - a number of ours
            parameters,
        )
        groups.append((kind, counted["n"] if counted else 0, hits))
    total = sum(count for _, count, _ in groups)
    return await render(datasette, request, "kb_search.html", {"q": text, "groups": groups, "total": total})


async def method(datasette: Any, request: Any) -> Response:
    """The rules, the scale and the codes, as the build used them."""
    return await render(
        datasette,
        request,
        "kb_method.html",
        {
            "levels": await rows(datasette, "select * from levels order by position"),
            "rules": await rows(datasette, "select * from rules order by position"),
            "codes": await rows(datasette, "select * from codes order by id"),
            "strength": await rows(datasette, "select * from strength_levels order by position"),
            "absences": await rows(datasette, "select * from absences order by id"),
        },
    )
