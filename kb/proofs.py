"""``kb claim``: the stored proof of a claim, as data and as text."""

from __future__ import annotations

import json
import sqlite3
from datetime import date
from typing import Any

from kb.assess.base import Base
from kb.assess.claim import Assessor
from kb.english import ACCURACY, CLASSES, sentences
from kb.errors import NotFoundError
from kb.rows.base import dumps
from kb.rows.facts import read_facts

_CLAIM = "c.id, c.document_id, c.section, c.line_start, c.line_end, c.statement, c.claim_type, c.subject, c.wording"
_STATUS = """s.jurisdiction, s.class, s.level, s.sold_class, s.sold_level, s.accuracy, s.objection, s.strength, s.direction,
             s.codes, s.approved_elsewhere, s.rule_id"""
_LISTS = ("codes", "approved_elsewhere", "proof", "sold_proof")


def read_proof(db: sqlite3.Connection, claim_id: str, place: str, as_of: date | None = None) -> dict[str, Any]:
    """Return a claim with its status and proofs in one place.

    Args:
        db: an open store.
        claim_id: the claim.
        place: a jurisdiction.
        as_of: another day than the build's: the status is looked up in ``claim_status_spans``, the proof made from
            the facts in the store.

    Raises:
        NotFoundError: no such claim in the store.
    """
    db.row_factory = sqlite3.Row
    built = db.execute("select as_of from builds").fetchone()[0]
    if as_of is None or as_of.isoformat() == built:
        found = db.execute(
            f"""select {_CLAIM}, {_STATUS}, s.as_of, s.proof, s.sold_proof
                from claims c join claim_statuses s on s.claim_id = c.id where c.id = ? and s.jurisdiction = ?""",  # noqa: S608
            (claim_id, place),
        ).fetchone()
    else:
        found = db.execute(
            f"""select {_CLAIM}, {_STATUS}, ? as as_of, s.valid_from, s.valid_to
                from claims c join claim_status_spans s on s.claim_id = c.id
                where c.id = ? and s.jurisdiction = ? and ? between s.valid_from and s.valid_to""",  # noqa: S608
            (as_of.isoformat(), claim_id, place, as_of.isoformat()),
        ).fetchone()
    if found is None:
        raise NotFoundError(_missing(db, claim_id, place))
    result = dict(found)
    if "proof" not in result:
        assert as_of is not None
        result |= _proofs(db, claim_id, place, as_of)
    for name in _LISTS:
        result[name] = json.loads(result[name]) if result[name] else None
    result["built"] = built
    result["levels"] = {row["id"]: row["meaning"] for row in db.execute("select id, meaning from levels")}
    result["code_meanings"] = {row["id"]: row["meaning"] for row in db.execute("select id, meaning from codes")}
    return result


def _missing(db: sqlite3.Connection, claim_id: str, place: str) -> str:
    built = [row[0] for row in db.execute("select distinct jurisdiction from claim_statuses order by 1")]
    if db.execute("select 1 from claims where id = ?", (claim_id,)).fetchone() and place not in built:
        return f"this store was built for {', '.join(built)}, not for {place}; see build.yml"
    return f"no claim {claim_id!r} in this store; ids look like document#c001"


def _proofs(db: sqlite3.Connection, claim_id: str, place: str, as_of: date) -> dict[str, str | None]:
    """Make the proofs of a claim on a day, from the facts in the store."""
    db.row_factory = None
    data = read_facts(db)
    db.row_factory = sqlite3.Row
    [(document, claim)] = [(d, c) for d in data.documents for c in d.claims if c.id == claim_id]
    status = next(
        status
        for status in Assessor(Base(data, as_of)).assess(document, claim, data.build.jurisdictions)
        if status.jurisdiction == place
    )
    sold = status.sold.proof if status.sold and status.sold is not status.result else None
    return {"proof": dumps(status.result.proof), "sold_proof": dumps(sold) if sold else None}


def render(proof: dict[str, Any]) -> str:
    """Return the proof as plain text."""
    name = CLASSES[proof["class"]][0]
    lines = [
        f"{proof['id']}  {proof['statement']}",
        f"{proof['section']}, line {proof['line_start']}; {proof['claim_type']}, {proof['subject'].replace('_', ' ')}, {proof['wording']}",
        "",
        f"{proof['jurisdiction']}, as of {proof['as_of']}" + _later_than(proof),
        f"  What the sentence says: {name} ({proof['level']})",
    ]
    if proof["sold_class"]:
        lines.append(f"  For the product on sale: {CLASSES[proof['sold_class']][0]} ({proof['sold_level']})")
    lines.append(
        f"  Accuracy: {proof['accuracy'].replace('_', ' ')}. {ACCURACY[proof['accuracy']]}"
        + (" OBJECTION." if proof["objection"] else "")
    )
    if proof["strength"] or proof["direction"]:
        parts = [f"{proof['strength']} for the best positive study" if proof["strength"] else ""]
        parts.append(f"groups of patients: {proof['direction']}" if proof["direction"] not in (None, "none") else "")
        said = "; ".join(part for part in parts if part)
        lines += [f"  Strength: {said}"] if said else []
    lines += [f"  {code}: {proof['code_meanings'][code]}" for code in proof["codes"] or ()]
    if proof["approved_elsewhere"]:
        lines.append(f"  Authorised in: {', '.join(proof['approved_elsewhere'])}")
    lines += ["", "Proof"]
    lines += [f"  {n}. {line}" for n, line in enumerate(sentences(proof["proof"], proof["levels"]), 1)]
    if proof["sold_proof"]:
        lines += ["", "Proof for the product on sale"]
        lines += [f"  {n}. {line}" for n, line in enumerate(sentences(proof["sold_proof"], proof["levels"]), 1)]
    lines += ["", "Not legal or medical advice."]
    return "\n".join(lines)


def _later_than(proof: dict[str, Any]) -> str:
    if proof["as_of"] > proof["built"]:
        return f" (as far as was known on {proof['built']})"
    if proof["as_of"] < proof["built"]:
        return f" (by facts dated by then; the same from {proof['valid_from']} to {proof['valid_to']})"
    return ""
