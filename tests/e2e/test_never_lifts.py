"""Across every shipped claim: what must never lift a status does not."""

from __future__ import annotations

import json
import sqlite3
from datetime import date

from kb.assess.base import Base
from kb.dataset import Dataset
from kb.results import Results
from kb.vocabulary import Vocabulary


def lineage(vocabulary: Vocabulary, concept: str, top: str) -> bool:
    return vocabulary.is_a("cell_type", concept.removeprefix("cell_type:"), top)


def deciding(db: sqlite3.Connection) -> list[tuple[str, str, str, list[str]]]:
    """(claim, record, claimed cells, given cells) of every record that lifts."""
    sql = """select e.claim_id, e.record_id, c.axes, k.cell_type from evidence e
             join claims c on c.id = e.claim_id join keys k on k.id = e.key_id
             where e.deciding = 1 and e.bearing in ('positive', 'under_way', 'safety_only', 'other_result')
               and c.claim_type in ('efficacy', 'eligibility', 'mechanism')"""
    return [(r[0], r[1], json.loads(r[2])["cell_type"], json.loads(r[3])) for r in db.execute(sql)]


def test_cik_cells_and_nk_drugs_lift_no_nk_claim(db: sqlite3.Connection, vocabulary: Vocabulary) -> None:
    rows = deciding(db)
    assert rows
    for claim, record, _, given in rows:
        for cells in given:
            for forbidden in ("cik", "not-cells", "apc", "t-cell", "mixed-lymphocytes"):
                wanted = db.execute("select axes from claims where id = ?", (claim,)).fetchone()[0]
                asked = [c.removeprefix("cell_type:") for c in json.loads(wanted)["cell_type"]] or ["nk", "nkt"]
                if any(vocabulary.is_a("cell_type", one, forbidden) for one in asked):
                    continue
                assert not lineage(vocabulary, cells, forbidden) or len(given) > 1, (claim, record, cells)


def test_no_nk_or_nkt_claim_is_approved_anywhere(db: sqlite3.Connection) -> None:
    sql = """select s.claim_id, c.statement from claim_statuses s join claims c on c.id = s.claim_id
             join claim_concepts k on k.claim_id = c.id
             where s.class = 'approved' and k.concept_id in ('cell_type:nk', 'cell_type:nkt')"""
    assert db.execute(sql).fetchall() == []
    assert db.execute("select 1 from claim_statuses where sold_class = 'approved'").fetchall() == []


def test_no_nk_cell_of_the_map_is_approved_today(db: sqlite3.Connection) -> None:
    cells = ("cell_type:nk", "cell_type:car-nk", "cell_type:nkt", "cell_type:inkt", "cell_type:car-nkt")
    sql = f"select id from map_cells where class = 'approved' and cell_type in ({','.join('?' * len(cells))})"  # noqa: S608
    assert db.execute(sql, cells).fetchall() == []


def test_the_one_licensed_killer_cell_is_cik_and_only_in_korea(db: sqlite3.Connection) -> None:
    sql = """select jurisdiction from map_cells
             where cell_type = 'cell_type:cik' and indication = 'indication:hcc' and approvals"""
    assert [row[0] for row in db.execute(sql)] == ["KR"]


def test_removing_every_access_route_changes_no_class(data: Dataset) -> None:
    from dataclasses import replace

    day = date.fromisoformat(data.build.as_of)
    shown = {(s.claim.id, s.jurisdiction): s.status_class for _, s in Results(Base(data, day)).statuses}
    without = replace(data, access_routes=())
    for _, status in Results(Base(without, day)).statuses:
        assert (
            status.status_class == shown[status.claim.id, status.jurisdiction]
            or status.claim.claim_type == "regulatory"
        )


def test_doubtful_registrations_decide_nothing(db: sqlite3.Connection) -> None:
    sql = "select e.id from evidence e join trials t on t.id = e.record_id where t.doubt is not null and e.deciding = 1"
    assert db.execute(sql).fetchall() == []
    sql = (
        "select m.id from map_records m join trials t on t.id = m.record_id where t.doubt is not null and m.counted = 1"
    )
    assert db.execute(sql).fetchall() == []


def test_a_blood_marker_study_lifts_no_claim_about_ageing_or_immunity(db: sqlite3.Connection) -> None:
    sql = """select e.id from evidence e join claim_concepts k on k.claim_id = e.claim_id
             join concept_closure a on a.concept_id = k.concept_id and a.ancestor_id = 'indication:aim'
             where e.deciding = 1 and e.bearing = 'marker_only'"""
    assert db.execute(sql).fetchall() == []


def test_every_status_names_a_rule_and_carries_a_proof(db: sqlite3.Connection) -> None:
    rules = {row[0] for row in db.execute("select id from rules")}
    for row in db.execute("select id, rule_id, proof, class, level from claim_statuses"):
        proof = json.loads(row["proof"])
        assert row["rule_id"] in rules
        assert proof["rule"]["id"] == row["rule_id"]
        assert proof["level"] == row["level"]


def test_a_record_that_decides_is_in_the_proof_or_in_the_evidence(db: sqlite3.Connection) -> None:
    lifted = db.execute(
        """select s.claim_id from claim_statuses s where s.jurisdiction = 'US' and s.class = 'trial_stage'
           and not exists (select 1 from evidence e where e.claim_id = s.claim_id and e.deciding = 1)
           and s.rule_id not in ('STATEMENT')"""
    ).fetchall()
    assert lifted == []
