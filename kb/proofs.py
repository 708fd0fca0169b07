"""``kb claim``: the stored proof of a claim, as data and as text."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from kb.english import ACCURACY, CLASSES, sentences
from kb.errors import NotFoundError


def read_proof(db: sqlite3.Connection, claim_id: str, place: str) -> dict[str, Any]:
    """Return a claim with its statuses and proofs in one place.

    Raises:
        NotFoundError: no such claim in the store.
    """
    db.row_factory = sqlite3.Row
    found = db.execute(
        """select c.id, c.document_id, c.section, c.line_start, c.line_end, c.statement, c.claim_type, c.subject, c.wording,
                  s.jurisdiction, s.as_of, s.class, s.level, s.sold_class, s.sold_level, s.accuracy, s.objection, s.strength,
                  s.direction, s.codes, s.approved_elsewhere, s.rule_id, s.proof, s.sold_proof
           from claims c join claim_statuses s on s.claim_id = c.id where c.id = ? and s.jurisdiction = ?""",
        (claim_id, place),
    ).fetchone()
    if found is None:
        built = [row[0] for row in db.execute("select distinct jurisdiction from claim_statuses order by 1")]
        if db.execute("select 1 from claims where id = ?", (claim_id,)).fetchone() and place not in built:
            raise NotFoundError(f"this store was built for {', '.join(built)}, not for {place}; see build.yml")
        raise NotFoundError(f"no claim {claim_id!r} in this store; ids look like document#c001")
    result = dict(found)
    for name in ("codes", "approved_elsewhere", "proof", "sold_proof"):
        result[name] = json.loads(result[name]) if result[name] else None
    result["levels"] = {row["id"]: row["meaning"] for row in db.execute("select id, meaning from levels")}
    return result


def render(proof: dict[str, Any]) -> str:
    """Return the proof as plain text."""
    name = CLASSES[proof["class"]][0]
    lines = [
        f"{proof['id']}  {proof['statement']}",
        f"{proof['section']}, line {proof['line_start']}; {proof['claim_type']}, {proof['subject'].replace('_', ' ')}, {proof['wording']}",
        "",
        f"{proof['jurisdiction']}, as of {proof['as_of']}",
        f"  What the sentence says: {name} ({proof['level']})",
    ]
    if proof["sold_class"]:
        lines.append(f"  For the product on sale: {CLASSES[proof['sold_class']][0]} ({proof['sold_level']})")
    lines.append(
        f"  Accuracy: {proof['accuracy'].replace('_', ' ')}. {ACCURACY[proof['accuracy']]}"
        + (" OBJECTION." if proof["objection"] else "")
    )
    if proof["codes"]:
        lines.append(f"  Codes: {', '.join(proof['codes'])}")
    lines += ["", "Proof"]
    lines += [f"  {n}. {line}" for n, line in enumerate(sentences(proof["proof"], proof["levels"]), 1)]
    if proof["sold_proof"]:
        lines += ["", "Proof for the product on sale"]
        lines += [f"  {n}. {line}" for n, line in enumerate(sentences(proof["sold_proof"], proof["levels"]), 1)]
    lines += ["", "Not legal or medical advice."]
    return "\n".join(lines)
