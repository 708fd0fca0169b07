"""The query printed with a count gives that count, over the shipped store and for keys of every kind."""

from __future__ import annotations

import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.assess.base import Base
from kb.assess.count_query import count_query
from kb.assess.match import complete
from kb.assess.statement import StatementJudge
from kb.cli import main
from kb.dataset import Dataset
from kb.records.claim import Claim
from kb.records.common import ProductKey
from tests.factory import claim

KEYS: tuple[dict[str, list[str]], ...] = (
    {"cell_type": ["nk"]},
    {"cell_type": ["nkt"]},
    {"cell_type": ["nk", "nkt"]},
    {"cell_type": ["car-nk"]},
    {"cell_type": ["nk"], "indication": ["aml"]},
    {"cell_type": ["nk"], "indication": ["solid-tumour"]},
    {"cell_type": ["nk"], "cell_source": ["autologous"], "expansion": ["ex-vivo-expanded"]},
    {"cell_type": ["nk"], "cell_source": ["allogeneic"]},
    {"cell_type": ["nk"], "engineering": ["not-engineered"]},
    {"cell_type": ["nk"], "combination": ["checkpoint-inhibitor"]},
    {"cell_type": ["nk"], "setting": ["relapsed-refractory"]},
)


def test_every_shipped_count_can_be_run(db: sqlite3.Connection) -> None:
    found = db.execute(
        """select s.proof from claim_statuses s join claims c on c.id = s.claim_id
           where c.claim_type = 'counting' and s.jurisdiction = 'US'"""
    ).fetchall()
    assert found
    for (proof,) in found:
        count = json.loads(proof)["count"]
        assert db.execute(count["query"]).fetchone()[0] == count["on_file"]


@pytest.mark.parametrize("axes", KEYS, ids=lambda axes: "-".join(v[0] for v in axes.values()))
@pytest.mark.parametrize("what", ["trials", "studies"])
@pytest.mark.parametrize("day", [date(2012, 6, 30), date(2026, 11, 23)], ids=str)
def test_the_query_counts_what_the_judge_counts(
    db: sqlite3.Connection, data: Dataset, axes: dict[str, list[str]], what: str, day: date
) -> None:
    said: Claim = claim(claim_type="counting", counting={"what": what, "op": "some"}, axes=axes)
    key = complete(data.vocabulary, ProductKey.model_validate(axes))
    *_, ours = StatementJudge(Base(data, day)).count(said, key)
    query = count_query(what, key, day)  # type: ignore[arg-type]
    assert db.execute(query).fetchone()[0] == ours


def test_the_query_is_shown(built: Path, db: sqlite3.Connection) -> None:
    name = db.execute("select id from claims where claim_type = 'counting' order by id").fetchone()[0]
    answer = CliRunner().invoke(main, ["claim", name, "--db", str(built)])
    assert "Counted with: select count(distinct r.id)" in answer.output
