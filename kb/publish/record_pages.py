"""Pages about one record: study, trial, authorisation. Each looks up what the build stored."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from datasette.utils.asgi import Response

from kb.publish.common import AXES, MissingError, labels_of, render, said, used_by
from kb.publish.read import Record, row, rows
from kb.publish.read_tags import read_tags
from kb.publish.sources import CAME_OUT, TIES, earlier_of_study, later_of_study


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
            "later": await later_of_study(datasette, found["id"]),
            "earlier": await earlier_of_study(datasette, found["id"]),
            "came_out": CAME_OUT,
            "ties": TIES,
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
