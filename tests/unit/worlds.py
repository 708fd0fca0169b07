"""Worlds of made-up, dated records of every kind, and sentences of every type about them, drawn at random.

Ids are fixed by the position of a record, so that the same draw gives the same world in every run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from kb.assess.base import Base
from kb.assess.claim import Assessor
from kb.assess.result import Result, Status
from kb.dataset import Dataset
from kb.records.claim import Claim, Document
from kb.records.study import Study
from tests.factory import absence, access_route, approval, claim, document, finding, safety_event, study, trial, world

PLACES = ("US", "JP", "KR")
#: Studies 1 to 9 have these ids, whether or not a world holds them.
STUDY_IDS = tuple(f"PMID:{1000 + i}" for i in range(10))
TRIAL_IDS = tuple(f"NCT{90000000 + i}" for i in range(10))
DATES = st.sampled_from(
    ["2012", "2014", "2014-05", "2015-03-31", "2016", "2016-01-01", "2017-12", "2018-06-15", "2020", "2023-02-28"]
)
DAYS = st.one_of(st.dates(date(2010, 1, 1), date(2030, 12, 31)), st.sampled_from([date(2016, 1, 1), date(2026, 1, 1)]))


def house(examples: int) -> settings:
    """Return the settings of all these tests, with another number of examples."""
    return settings(deadline=None, database=None, derandomize=True, max_examples=examples)


RESULTS: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (  # finding, study
    ({}, {}),
    ({}, {"phase": "PHASE2"}),
    ({"direction": "better", "p": "0.01"}, {"design": "randomised-controlled", "phase": "PHASE2"}),
    (
        {"direction": "better", "p": "0.01", "is_primary": True, "met": True},
        {"design": "randomised-controlled", "phase": "PHASE3"},
    ),
    ({"n": 0, "is_primary": True}, {}),
    ({"n": 0, "is_primary": True}, {"phase": "PHASE2"}),
    ({"direction": "no_difference", "is_primary": True}, {"design": "randomised-controlled", "phase": "PHASE2"}),
    (
        {"direction": "worse", "p": "0.01", "is_primary": True, "met": False},
        {"design": "randomised-controlled", "phase": "PHASE3"},
    ),
    ({"n": 0}, {}),
    ({"outcome": "safety", "endpoint_kind": None, "event": "sepsis"}, {}),
    ({"outcome": "safety", "endpoint_kind": None, "event": "gvhd", "n": 0}, {}),
    ({"outcome": "biomarker", "marker": "crp", "gain": True}, {}),
    ({}, {"evidence_kind": "animal"}),
    ({}, {"evidence_kind": "review"}),
)
GOOD, BAD, NEITHER = RESULTS[:4], RESULTS[4:8], RESULTS[8:]
INTEGRITY: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"integrity": "retracted", "integrity_date": "2019"},
    {"integrity": "retracted", "integrity_date": "2021-03-05"},
    {"integrity": "corrected", "integrity_date": "2019-07"},
    {"integrity": "concern", "integrity_date": "2022"},
)
KEYS = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from([["nk"], ["nk"], ["nkt"], ["nk", "nkt"], ["memory-like-nk"], ["cik"], []]),
        "cell_source": st.sampled_from([["haploidentical"], ["autologous"], []]),
        "expansion": st.sampled_from([["ex-vivo-expanded"], ["not-expanded"], []]),
        "indication": st.sampled_from([["aml"], ["aml"], ["leukaemia"], ["mds"], ["aml", "mds"], ["glioma"]]),
        "setting": st.sampled_from([["relapsed-refractory"], ["first-remission"], []]),
        "combination": st.sampled_from([["alone"], ["il-2"], []]),
    }
)


#: Records that match most sentences, or miss them by what nobody reported.
NEAR = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from([["nk"], ["nk"], ["nkt"], ["nk", "nkt"], []]),
        "cell_source": st.sampled_from([["haploidentical"], ["autologous"], [], []]),
        "expansion": st.sampled_from([["ex-vivo-expanded"], []]),
        "indication": st.sampled_from([["aml"], ["aml"], ["leukaemia"], ["mds"], []]),
        "setting": st.sampled_from([["relapsed-refractory"], []]),
        "combination": st.sampled_from([["alone"], []]),
    }
)


@st.composite
def studies(draw: st.DrawFn, number: int, results: Any = RESULTS, keys: Any = KEYS) -> Study:
    """The study of this number, tied to others at random."""
    result, values = draw(st.sampled_from(results))
    arm: dict[str, Any] = {**draw(keys), "active_disease": draw(st.sampled_from([True, True, None]))}
    if not arm["cell_type"] and draw(st.booleans()):
        arm["cell_type"] = ["nk"]
    if "direction" in result:
        arm["control"] = "chemotherapy"
    ties = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["same_cohort", "follow_up_of", "reports_on"]),
                st.sampled_from([name for name in STUDY_IDS[:6] if name != STUDY_IDS[number]]),
            ),
            max_size=2,
        )
    )
    dated = draw(st.sampled_from(["publication_date", "year", "retrieved"]))
    when = draw(DATES)
    dates: dict[str, Any] = {"publication_date": when} if dated == "publication_date" else {"year": int(when[:4])}
    if dated == "retrieved":
        dates = {"year": None, "retrieved": when}
    return study(
        arm,
        [finding(**result)],
        **{
            "id": STUDY_IDS[number],
            "pmid": STUDY_IDS[number][5:],
            "title": f"Study {number}",
            "registry_ids": draw(st.sampled_from([[], [], [TRIAL_IDS[0]], [TRIAL_IDS[1]]])),
            "relations": [{"type": kind, "target": target} for kind, target in ties],
            "second_check": draw(st.sampled_from([None, None, None, "disputed"])),
            "checked": draw(st.sampled_from(["abstract", "abstract", "secondary"])),
            "counts": draw(
                st.sampled_from([[], [], [{"what": "trials", "cell_type": ["nk"], "value": 3, "date": "2015"}]])
            ),
            **dates,
            **values,
            **draw(st.sampled_from(INTEGRITY)),
        },
    )


@st.composite
def trials(draw: st.DrawFn, number: int, keys: Any = KEYS) -> Any:
    """The registration of this number, in any state."""
    state = draw(
        st.sampled_from(
            [
                {},
                {"status_date": "2016"},
                {"status": "COMPLETED", "completion_date": "2015"},
                {"status": "COMPLETED", "completion_date": "2021-04"},
                {"status": "TERMINATED", "stop_reason": "safety", "status_date": "2017-09"},
                {"status": "TERMINATED", "stop_reason": "futility", "status_date": "2018"},
                {"status": "WITHDRAWN", "status_date": "2016-05", "completion_date": "2018"},
                {"doubt": "cannot be found"},
                {"status_dispute": "two sources"},
                {"status": "UNKNOWN"},
            ]
        )
    )
    return trial(
        **{
            "id": TRIAL_IDS[number],
            "first_posted": draw(st.sampled_from(["2009", "2013-02", "2016-01-01", None])),
            "phase": draw(st.sampled_from([None, "PHASE2", "PHASE3"])),
            "countries": draw(st.sampled_from([[], ["United States"], ["Japan"]])),
            **state,
            **draw(keys),
        }
    )


HISTORIES: tuple[list[dict[str, Any]], ...] = (
    [{"event": "granted_full", "date": "2014"}],
    [{"event": "granted_conditional", "date": "2013-05"}, {"event": "converted_to_full", "date": "2016"}],
    [{"event": "granted_conditional", "date": "2013"}, {"event": "withdrawn", "date": "2017", "reason": "efficacy"}],
    [{"event": "granted", "date": "2012"}, {"event": "suspended", "date": "2015-06", "reason": "safety"}],
    [{"event": "refused", "date": "2014-07", "reason": "efficacy"}],
    [
        {"event": "granted_full", "date": "2012"},
        {"event": "lapsed", "date": "2014-03", "reason": "commercial"},
        {"event": "granted_full", "date": "2018-02-01"},
    ],
    [{"event": "application", "date": "2014"}, {"event": "label_extended"}],
)


@st.composite
def approvals(draw: st.DrawFn, number: int) -> Any:
    """The authorisation of this number, with a history."""
    place = draw(st.sampled_from(["US", "KR"]))
    return approval(
        draw(st.sampled_from(HISTORIES)),
        id=f"APR-{place}-madeup{number}",
        jurisdiction=place,
        product_id=draw(st.sampled_from(["madeup", "other"])),
        label={
            "cell_type": draw(st.sampled_from([["nk"], ["cik"], ["nkt"]])),
            "indication": draw(st.sampled_from([["aml"], ["leukaemia"], []])),
            "setting": draw(st.sampled_from([[], ["relapsed-refractory"]])),
        },
        label_seen=draw(st.sampled_from([True, True, False])),
        label_risks=draw(
            st.sampled_from(
                [
                    [],
                    [
                        {
                            "event": "sepsis",
                            "source": "https://example.org/",
                            "retrieved": "2020",
                            "checked": "regulator",
                        }
                    ],
                ]
            )
        ),
    )


@st.composite
def others(draw: st.DrawFn, number: int) -> Any:
    """A finding of absence, an access route or a safety event of this number."""
    kind = draw(st.sampled_from(["absence", "route", "event"]))
    when = draw(DATES)
    cells = draw(st.sampled_from([["nk"], ["nk"], ["nkt"]]))
    if kind == "absence":
        places = draw(st.sampled_from([["US"], ["US", "JP", "KR"], ["KR"]]))
        return absence(id=f"ABS-{number}", jurisdictions=places, date=when, cell_type=cells)
    if kind == "route":
        route = draw(st.sampled_from(["route", "designation"]))
        place = draw(st.sampled_from(["US", "JP"]))
        return access_route(id=f"ACC-{number}", kind=route, jurisdiction=place, date=when, cell_type=cells)
    return safety_event(
        id=f"SAF-{number}",
        event=draw(st.sampled_from(["sepsis", "gvhd", "death"])),
        date=draw(st.sampled_from([when, None])),
        retrieved="2022",
        n=draw(st.sampled_from([1, None])),
        cell_type=cells,
        cell_source=draw(st.sampled_from([["autologous"], ["haploidentical"], []])),
    )


KEYS_SAID = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from([["nk"], ["nk"], ["nk", "nkt"], ["nkt"], []]),
        "indication": st.sampled_from([["aml"], ["leukaemia"], ["aml", "mds"], []]),
        "cell_source": st.sampled_from([[], [], ["haploidentical"], ["autologous"]]),
        "expansion": st.sampled_from([[], [], ["ex-vivo-expanded"]]),
        "setting": st.sampled_from([[], [], ["relapsed-refractory"]]),
        "combination": st.sampled_from([[], [], ["il-2"], ["alone"]]),
    }
)
_PEOPLE = st.lists(st.sampled_from(STUDY_IDS[:4]), min_size=1, max_size=4, unique=True)
BENEFITS = ("efficacy", "eligibility", "comparative", "promised")
TYPES = (
    *BENEFITS,
    "efficacy",
    "denied",
    "safety",
    "absolute",
    "harm",
    "denied_safety",
    "citation",
    "citation",
    "citation",
    "regulatory",
    "regulatory",
    "counting",
    "mechanism",
    "manufacturing",
)
OUTCOMES = st.sampled_from([None, None, "response", "survival", "biomarker"])


def _regulatory(draw: st.DrawFn) -> dict[str, Any]:
    says = draw(st.sampled_from(["approved", "not_approved", "approved", "in_trials", "used_without_licence", "rule"]))
    return {
        "claim_type": "regulatory",
        "regulatory": {
            "says": says,
            "jurisdictions": draw(st.sampled_from([[], ["US"], ["KR", "US"], ["JP"]])),
            "phase": draw(st.sampled_from([None, "late"])) if says == "in_trials" else None,
            "date": draw(st.sampled_from([None, None, "2014", "2016-01-01", "2017-08"])),
        },
        "supported_by": draw(_PEOPLE) if says == "rule" else [],
    }


def _citation(draw: st.DrawFn) -> dict[str, Any]:
    reports = [
        {
            "study": name,
            "outcome": draw(st.sampled_from([None, "response", "safety", "survival"])),
            "direction": draw(st.sampled_from(["gain", "gain", "failure", "none_stated"])),
            "via": draw(st.sampled_from(["name", "marker"])),
            "percent": draw(st.sampled_from([None, None, 30, 55])),
        }
        for name in draw(_PEOPLE)
    ]
    return {"claim_type": "citation", "subject": "cited_study", "reports": reports}


def _about_harm(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    event = draw(st.sampled_from(["sepsis", "gvhd", "any-harm"]))
    if kind == "absolute":
        return {"event": event, "absolute": True, "supported_by": draw(st.one_of(st.just([]), _PEOPLE))}
    if kind == "harm":
        return {"event": event, "states_harm": True}
    return {
        "event": draw(st.sampled_from([None, event])),
        "wording": "denied" if kind == "denied_safety" else "asserted",
    }


@st.composite
def sentences(draw: st.DrawFn, kinds: Sequence[str] = TYPES, number: int = 1) -> Claim:
    """A sentence of one of these types."""
    kind = draw(st.sampled_from(kinds))
    values: dict[str, Any] = {"axes": draw(KEYS_SAID), "subject": draw(st.sampled_from(["class", "own_product"]))}
    if kind in (*BENEFITS, "denied"):
        outcome = draw(OUTCOMES)
        values |= {
            "claim_type": kind if kind in ("eligibility", "comparative") else "efficacy",
            "wording": "denied" if kind == "denied" else draw(st.sampled_from(["asserted", "hedged", "implied"])),
            "outcome": outcome,
            "marker": "crp" if outcome == "biomarker" else None,
            "universal": draw(st.sampled_from([False, False, True])),
            "names_product": draw(st.sampled_from([None, None, "madeup"])),
            "licensed_as_such": draw(st.sampled_from([False, False, True])),
        }
        if kind == "promised":
            values |= {"claim_type": "mechanism", "promises_benefit": True}
        if kind == "comparative":
            values["compared_with"] = {"cell_type": ["cik"]}
    elif kind in ("safety", "absolute", "harm", "denied_safety"):
        values |= {"claim_type": "safety", "licensed_as_such": draw(st.booleans()), **_about_harm(draw, kind)}
    elif kind == "citation":
        values |= _citation(draw)
    elif kind == "regulatory":
        values |= _regulatory(draw)
    elif kind == "counting":
        what = draw(st.sampled_from(["trials", "studies"]))
        op = draw(st.sampled_from(["over", "about", "only", "some", "none"]))
        values |= {"claim_type": "counting", "counting": {"what": what, "op": op, "value": draw(st.integers(0, 3))}}
    else:
        values |= {
            "claim_type": kind,
            "subject": "biology",
            "supported_by": draw(st.one_of(st.just([]), _PEOPLE)),
            "contradicted_by": draw(st.one_of(st.just([]), _PEOPLE)),
            "own_quality": draw(st.sampled_from([False, False, True])),
        }
    return claim(id=f"page#c{number:03}", **values)


@dataclass(frozen=True, repr=False)
class World:
    """Records, and a page that says one thing about them (and names a study elsewhere)."""

    records: tuple[Any, ...]
    page: Document

    def __repr__(self) -> str:  # short enough to be read when a test fails
        kept = [record.model_dump_json(exclude_defaults=True) for record in (*self.records, self.page)]
        return "\n".join(["World:", *kept])

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(repr(self))

    @property
    def said(self) -> Claim:
        """The sentence that is judged."""
        return self.page.claims[0]

    def dataset(self, data: Dataset) -> Dataset:
        """Return the records as a dataset."""
        return world(data, *self.records, self.page)

    def base(self, data: Dataset, day: date) -> Base:
        """Return the records on a day."""
        return Base(self.dataset(data), day)


@st.composite
def worlds(
    draw: st.DrawFn, kinds: Sequence[str] = TYPES, results: Any = RESULTS, size: int = 4, keys: Any = KEYS
) -> World:
    """A world and a sentence of one of these types."""
    numbers = range(draw(st.integers(1, size)))
    records: list[Any] = [draw(studies(number, results, keys)) for number in numbers]
    records += [draw(trials(number, keys)) for number in range(draw(st.integers(0, 2)))]
    records += [draw(approvals(number)) for number in range(draw(st.integers(0, 2)))]
    records += [draw(others(number)) for number in range(draw(st.integers(0, 3)))]
    said = draw(sentences(kinds))
    elsewhere = claim(
        id="page#c002",
        claim_type="citation",
        subject="cited_study",
        reports=[{"study": draw(st.sampled_from(STUDY_IDS[:4]))}],
    )
    page = document(
        said,
        elsewhere,
        names_authorised_product=draw(st.booleans()),
        reference_list=draw(st.sampled_from([True, False])),
    )
    return World(tuple(records), page)


def judged(data: Dataset, one: World, day: date, *, explain: bool = True) -> list[Status]:
    """Judge the sentence of a world afresh."""
    return Assessor(one.base(data, day), explain=explain).assess(one.page, one.said, PLACES)


def _told(result: Result) -> tuple[Any, ...]:
    return (
        result.level,
        result.rule,
        result.accuracy,
        sorted(result.codes),
        result.strength,
        result.direction,
        sorted(result.used),
        sorted(result.used_keys),
    )


def verdicts(statuses: Iterable[Status]) -> list[tuple[Any, ...]]:
    """Everything a reader is told in each place, but the proof: with the records each status rests on."""
    return [
        (
            status.jurisdiction,
            status.status_class,
            status.sold_class,
            status.accuracy,
            status.codes,
            status.approved_elsewhere,
            _told(status.result),
            _told(status.sold) if status.sold else None,
        )
        for status in statuses
    ]


def classes(statuses: Iterable[Status]) -> list[tuple[str, str | None]]:
    """Both classes in each place."""
    return [(status.status_class, status.sold_class) for status in statuses]


def without(one: World, record: str) -> World:
    """Return the world as it would be entered without a record: nothing in it refers to what is not on file."""
    kept = []
    for other in one.records:
        if other.id == record:
            continue
        if isinstance(other, Study):
            ties = tuple(tie for tie in other.relations if tie.target != record)
            other = other.model_copy(update={"relations": ties})
        kept.append(other)
    return World(tuple(kept), one.page)
