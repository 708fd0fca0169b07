"""A draw of facts can be repeated by anybody, and each fact says where to look."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from kb.dataset import Dataset
from kb.sample import draw


def test_the_same_seed_draws_the_same_facts(data: Dataset) -> None:
    first = draw(data, 60, 7)
    assert first == draw(data, 60, 7)
    assert len(first) == 60
    assert first != draw(data, 60, 8)


def test_a_larger_draw_begins_with_the_smaller(data: Dataset) -> None:
    assert draw(data, 60, 7)[:20] == draw(data, 20, 7)


def test_no_fact_is_drawn_twice(data: Dataset) -> None:
    facts = draw(data, 3000, 1)
    assert len(set(facts)) == len(facts) == 3000


def test_a_third_comes_from_each_kind(data: Dataset) -> None:
    studies, trials = {s.id for s in data.studies}, {t.id for t in data.trials}
    kinds = Counter(
        "study" if f.record in studies else "trial" if f.record in trials else "regulatory" for f in draw(data, 60, 3)
    )
    assert kinds == {"study": 20, "trial": 20, "regulatory": 20}


def test_every_fact_says_where_to_look(data: Dataset) -> None:
    for fact in draw(data, 300, 2):
        assert fact.value
        assert fact.source.startswith("https://") or fact.source.startswith("http://")
        assert fact.file.startswith("data/")


def test_a_count_is_never_drawn_without_its_denominator(data: Dataset) -> None:
    facts = [fact for fact in draw(data, 10**6, 1) if fact.field.endswith("finding")]
    counted = [f for s in data.studies for k in s.keys for f in k.findings if f.n is not None and f.n_total]
    assert len(counted) > 100
    assert sum(" of " in fact.value for fact in facts) >= len(counted)


def test_a_draw_larger_than_the_facts_holds_each_once(data: Dataset) -> None:
    few = replace(
        data,
        studies=data.studies[:1],
        trials=data.trials[:1],
        approvals=(),
        absences=(),
        access_routes=(),
        safety_events=(),
    )
    facts = draw(few, 10**6, 1)
    assert {fact.record for fact in facts} == {data.studies[0].id, data.trials[0].id}
    assert facts and len(set(facts)) == len(facts)
