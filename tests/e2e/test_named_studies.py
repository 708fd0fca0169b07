"""The four studies the first document names come out as their sources say.

Each expectation was read in the source named beside it; a wrong fact in data/ or a wrong rule
would break these.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest

PAGE = "nk-nkt-page"
PARKHURST, RUBNITZ, ROMEE, MILLER, NGUYEN = (
    "PMID:21844012",
    "PMID:20085940",
    "PMID:27655849",
    "PMID:15632206",
    "PMID:30894213",
)


def reports_of(db: sqlite3.Connection, study: str) -> list[dict[str, Any]]:
    """Statuses, in the US, of the claims that report a study."""
    found = db.execute(
        """select c.id, c.statement, c.outcome, s.class, s.level, s.sold_class, s.accuracy, s.codes, s.proof
           from claims c join claim_statuses s on s.claim_id = c.id join citations t on t.claim_id = c.id
           where s.jurisdiction = 'US' and t.resolution = 'named' and t.record_id = ? order by c.id""",
        (study,),
    )
    return [{**dict(row), "codes": set(json.loads(row["codes"])), "proof": json.loads(row["proof"])} for row in found]


def concepts_of(db: sqlite3.Connection, study: str, axis: str) -> set[str]:
    sql = "select concept_id from key_concepts k join keys on keys.id = k.key_id where record_id = ? and axis = ?"
    return {row[0].split(":")[1] for row in db.execute(sql, (study, axis))}


def test_the_nkt_study_was_a_study_of_nk_cells(db: sqlite3.Connection) -> None:
    assert concepts_of(db, PARKHURST, "cell_type") == {"nk"}
    assert concepts_of(db, PARKHURST, "cell_source") == {"autologous"}
    claims = reports_of(db, PARKHURST)
    assert claims
    for claim in claims:
        assert "WRONG_CELL_TYPE" in claim["codes"], claim["statement"]
        assert (claim["class"], claim["level"], claim["accuracy"]) == ("unsupported", "X", "inaccurate")


def test_the_nkt_study_had_no_responder_among_eight(db: sqlite3.Connection) -> None:
    sql = "select n, n_total, met, is_primary from findings where study_id = ? and outcome = 'outcome:response'"
    responses = {tuple(row) for row in db.execute(sql, (PARKHURST,))}
    assert (0, 8, 0, 1) in responses
    assert all(n == 0 for n, *_ in responses)
    [response] = [claim for claim in reports_of(db, PARKHURST) if claim["outcome"] == "outcome:response"]
    assert "DIRECTION_REVERSED" in response["codes"]
    assert "0 of 8" in json.dumps(response["proof"])


def test_the_expanded_cells_were_not_expanded(db: sqlite3.Connection) -> None:
    assert concepts_of(db, RUBNITZ, "expansion") == {"not-expanded"}
    expanded = [claim for claim in reports_of(db, RUBNITZ) if "NOT_EXPANDED" in claim["codes"]]
    assert expanded
    assert all(claim["accuracy"] == "inaccurate" for claim in expanded)


def test_children_in_remission_are_no_evidence_of_activity(db: sqlite3.Connection) -> None:
    assert "first-remission" in concepts_of(db, RUBNITZ, "setting")
    [activity] = [claim for claim in reports_of(db, RUBNITZ) if "OVERSTATED" in claim["codes"]]
    assert (activity["class"], activity["accuracy"]) == ("unsupported", "inaccurate")


def test_the_negative_follow_up_is_named_as_left_out(db: sqlite3.Connection) -> None:
    assert not reports_of(db, NGUYEN)
    benefit = [claim for claim in reports_of(db, RUBNITZ) if "OVERSTATED" in claim["codes"]]
    assert benefit
    assert all("OMITTED_NEGATIVE_FOLLOWUP" in claim["codes"] for claim in benefit)
    primary = db.execute("select direction, met from findings where study_id = ? and is_primary = 1", (NGUYEN,))
    assert ("no_difference", 0) in {tuple(row) for row in primary}


def test_twenty_six_percent_is_five_of_nineteen(db: sqlite3.Connection) -> None:
    sql = "select n, n_total, percent from findings where study_id = ? and outcome = 'outcome:response' and n = 5"
    [found] = db.execute(sql, (MILLER,))
    assert (found["n"], found["n_total"]) == (5, 19)
    assert found["percent"] == pytest.approx(100 * 5 / 19, abs=1)
    assert concepts_of(db, MILLER, "cell_source") == {"haploidentical"}
    assert concepts_of(db, MILLER, "expansion") == {"not-expanded"}


def test_fifty_five_percent_hides_nine_people(db: sqlite3.Connection) -> None:
    [claim] = [c for c in reports_of(db, ROMEE) if "NO_DENOMINATOR" in c["codes"]]
    assert "55% is 5 of 9" in json.dumps(claim["proof"])
    assert claim["accuracy"] == "misleading"
    assert claim["class"] == "trial_stage"


def test_donor_studies_never_lift_the_product_on_sale(db: sqlite3.Connection) -> None:
    for study in (MILLER, RUBNITZ, ROMEE):
        for claim in reports_of(db, study):
            assert claim["sold_class"] in (None, "unsupported", "trial_stage")
            used = db.execute(
                "select count(*) from evidence where claim_id = ? and record_id = ?"
                " and result = 'sold' and deciding = 1 and bearing = 'positive'",
                (claim["id"], study),
            ).fetchone()[0]
            assert used == 0, claim["statement"]
