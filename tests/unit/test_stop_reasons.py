"""Why a trial was stopped: read by the published vocabulary, and never read as harm where harm is denied."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import DataError
from kb.stop_reasons import StopReasons, load

DATA = Path(__file__).resolve().parents[2] / "data"
FILE = DATA / "rules" / "stop_reasons.tsv"
#: The classes of https://doi.org/10.57967/hf/2600.
PUBLISHED = (
    "Another_Study Business_Administrative Covid19 Endpoint_Met Ethical_Reason Insufficient_Data "
    "Insufficient_Enrollment Interim_Analysis Invalid_Reason Logistics_Resources Negative No_Context Regulatory "
    "Safety_Sideeffects Study_Design Study_Staff_Moved Success"
)
HEADER = "id\tlabel\tgroup\tdefinition\tpatterns\tnot\tsource\n"


@pytest.fixture(scope="module")
def reasons() -> StopReasons:
    return load(FILE)


def ids(reasons: StopReasons, why: str) -> list[str]:
    return [tag.id for tag in reasons.classify(why)]


def test_the_vocabulary_is_the_published_one(reasons: StopReasons) -> None:
    assert sorted(reason.id for reason in reasons.reasons) == PUBLISHED.split()
    groups = {reason.id: reason.group for reason in reasons.reasons}
    assert [name for name, group in groups.items() if group == "safety"] == ["Safety_Sideeffects"]
    assert [name for name, group in groups.items() if group == "futility"] == ["Negative"]
    assert {name for name, group in groups.items() if group == "none"} == {"No_Context", "Invalid_Reason"}


SAFETY = [
    "Two patients had grade 5 pneumonitis: unacceptable toxicity",
    "Safety concerns",
    "Stopped for safety",
    "Patient safety",
    "Dose-limiting toxicities in the first cohort",
    "Serious adverse events in 3 of 6 patients",
    "Cells were poorly tolerated",
    "Higher mortality in the treated arm",
    "Excess of severe infections seen by the committee",
    "Enrolment on hold while a serious adverse event is looked into",
    "Preclinical toxicology findings",
    "The authority placed a hold because of hepatotoxicity",
    "No further patients will be enrolled due to adverse events",
    "Not feasible due to toxicity",
    "Slow accrual; neurotoxicity",
    "Toxicity and lack of efficacy",
    "Increased risk of bleeding",
    "Sponsor decision following a safety signal",
    "Unfavourable safety profile",
    "drug-related deaths",
    "Side effects were too frequent",
    "DLT in 2 of 3",
]
#: Harm is the cause; what became of it, and who looked for it, takes nothing back.
BLAMED = [
    "Terminated due to serious adverse events (all resolved)",
    "Stopped because of several serious adverse events, since resolved",
    "Stopped because of neurotoxicity that resolved",
    "Halted owing to two cases of hepatotoxicity, followed by the site",
    "Closed due to unexpected grade 4 toxicities reported elsewhere",
    "Toxicity never acceptable",
    "Toxicity barely manageable",
    "Toxicity hardly acceptable",
    "Toxicity neither acceptable nor manageable",
    "Stopped by DSMB: assessment of toxicity shows excess",
    "Evaluation of neurotoxicity found severe cases",
    "Stopped due to increased mortality of the study population",
]
FUTILITY = [
    "Futility",
    "Stopped early for futility at the planned analysis",
    "Lack of efficacy",
    "lack of clinical benefit",
    "Primary endpoint not met",
    "The trial didn't meet its primary endpoint",
    "Failed to show superiority over placebo",
    "No difference between the arms at interim analysis",
    "No objective responses in the first stage",
    "Ineffective",
    "Unlikely to show a benefit",
    "Expected results were not reached",
    "no expansion of the infused cells",
    "Insufficient anti-tumor activity",
    "low conditional probability of success",
    "Data did not support further development",
    "Negative results of the first part",
    "Futility; there were no safety concerns",
]
OTHER = [
    ("Slow recruitment", "Insufficient_Enrollment"),
    ("Nobody was enrolled", "Insufficient_Enrollment"),
    ("accrual too slow", "Insufficient_Enrollment"),
    ("Unable to find eligible participants", "Insufficient_Enrollment"),
    ("recruitment goal not met", "Insufficient_Enrollment"),
    ("Funding ended", "Business_Administrative"),
    ("Business decision", "Business_Administrative"),
    ("Sponsor's decision", "Business_Administrative"),
    ("Company went into bankruptcy", "Business_Administrative"),
    ("strategic reprioritisation of the portfolio", "Business_Administrative"),
    ("lead investigator decided not to go on", "Business_Administrative"),
    ("PI left the institution", "Study_Staff_Moved"),
    ("The principal investigator retired", "Study_Staff_Moved"),
    ("COVID-19", "Covid19"),
    ("Paused during the coronavirus pandemic", "Covid19"),
    ("IRB approval expired", "Regulatory"),
    ("Clinical hold by FDA", "Regulatory"),
    ("Ethics committee refused", "Ethical_Reason"),
    ("Replaced by another study", "Another_Study"),
    ("Merged with NCT01234567", "Another_Study"),
    ("Protocol was redesigned", "Study_Design"),
    ("Standard of care changed", "Study_Design"),
    ("Drug no longer available", "Logistics_Resources"),
    ("Lack of staff", "Logistics_Resources"),
    ("Cells could not be supplied: manufacturing failure", "Logistics_Resources"),
    ("Incomplete data", "Insufficient_Data"),
    ("Interim analysis pending", "Interim_Analysis"),
    ("Primary endpoint was reached early", "Endpoint_Met"),
    ("Overwhelming efficacy", "Success"),
]
DENIED = [
    "Sponsor decision, not safety related",
    "No safety issues; slow accrual",
    "Business reasons only. There were no safety concerns.",
    "Not due to lack of efficacy. Business decision.",
    "Strategic decision and not the result of any new safety finding",
    "Funding ended; safety was not a concern",
    "Neither safety nor efficacy played a part; the company closed",
    "The study was not terminated due to any safety issue but for lack of funds",
    "Company decision (non-safety)",
    "Sponsor stopped it without any adverse events having been seen",
    "Portfolio change. The decision wasn't related to toxicity or adverse events.",
    "Slow accrual. The interim look did not reveal any safety signal.",
    "Recruitment difficulties, no safety or efficacy concerns",
    "Business decision unrelated to safety, tolerability or efficacy",
    "Low enrolment; adverse events were not observed",
    "Visits were judged unsafe during the COVID-19 pandemic",
    "COVID-19: patient safety",
    "Data Safety Monitoring Board recommended a new design",
    "Low rate of adverse events made the comparison infeasible: too few patients",
    "Sponsor: sufficient safety data collected",
    "no response from the sponsor",
    "Unable to meet recruitment objective",
    "Futile efforts at recruitment",
    "Financial toxicity for the site: no funding",
    "Funding; not because of futility",
    "halted after relatives of two who died made a claim against the hospital",
    "Low accrual; serious adverse events, since resolved",
    "Ended due to slow accrual, adverse events resolved",
    "Because of funding adverse events will be followed elsewhere",
    "Due to lack of funding toxicity was not evaluated",
    "The assessment of toxicity was too costly; funding ended",
    "Evaluation of toxicity showed no excess; funding ended",
    "Low accrual and high mortality of the patient population",
]


@pytest.mark.parametrize("why", SAFETY)
def test_harm_is_recognised(reasons: StopReasons, why: str) -> None:
    assert reasons.group(why) == "safety"
    assert ids(reasons, why)[0] == "Safety_Sideeffects"


@pytest.mark.parametrize("why", BLAMED)
def test_harm_that_is_the_cause_stays_the_cause(reasons: StopReasons, why: str) -> None:
    assert (reasons.group(why), reasons.settled(why)) == ("safety", "safety")
    assert (reasons.group(f"{why}; low accrual"), reasons.settled(f"{why}; low accrual")) == ("safety", "")


@pytest.mark.parametrize("why", FUTILITY)
def test_not_working_is_recognised(reasons: StopReasons, why: str) -> None:
    assert reasons.group(why) == "futility"
    assert ids(reasons, why)[0] == "Negative"


@pytest.mark.parametrize(("why", "reason"), OTHER)
def test_other_reasons_are_recognised(reasons: StopReasons, why: str, reason: str) -> None:
    assert reason in ids(reasons, why)
    assert reasons.group(why) == "other"


@pytest.mark.parametrize("why", DENIED)
def test_what_is_denied_or_meant_otherwise_never_counts_against_the_product(reasons: StopReasons, why: str) -> None:
    assert reasons.group(why) == "other"


@pytest.mark.parametrize(
    "why",
    [
        "",
        "Terminated",
        "Study was withdrawn",
        "No reason given",
        "See detailed description",
        "Completed",
        "xyzzy",
        "Not for safety reasons",
        "Terminated for reasons unrelated to efficacy or safety",
    ],
)
def test_an_unknown_reason_stays_unknown(reasons: StopReasons, why: str) -> None:
    assert reasons.group(why) == ""


def test_every_reason_is_found_the_most_telling_first_with_its_words(reasons: StopReasons) -> None:
    why = "Slow accrual, toxicity, lack of efficacy and no funding"
    tags = reasons.classify(why)
    assert [(tag.id, why[tag.start : tag.end]) for tag in tags] == [
        ("Safety_Sideeffects", "toxicity"),
        ("Negative", "lack of efficacy"),
        ("Insufficient_Enrollment", "Slow accrual"),
        ("Business_Administrative", "funding"),
    ]
    assert [tag.group for tag in tags] == ["safety", "futility", "other", "other"]


def test_the_first_words_that_give_a_reason_are_its_place(reasons: StopReasons) -> None:
    (tag,) = reasons.classify("Toxicity and safety concerns")
    assert (tag.start, tag.end) == (0, len("Toxicity"))
    (tag,) = reasons.classify("No safety concerns at first. Toxicity later, and safety concerns")
    assert tag.start == len("No safety concerns at first. ")


def test_a_given_reason_is_not_also_no_reason(reasons: StopReasons) -> None:
    assert ids(reasons, "Study terminated") == ["Invalid_Reason"]
    assert ids(reasons, "Study terminated: slow accrual") == ["Insufficient_Enrollment"]
    assert ids(reasons, "See detailed description") == ["No_Context"]


@pytest.mark.parametrize("joint", ["  ", "\n", "\t "])
def test_line_ends_and_blanks_do_not_matter(reasons: StopReasons, joint: str) -> None:
    assert reasons.group(f"lack{joint}of{joint}efficacy") == "futility"
    assert reasons.group(f"sponsor decision, not{joint}related{joint}to{joint}safety concerns") == "other"


def test_the_reviewed_reasons_are_read_as_a_person_read_them(reasons: StopReasons) -> None:
    with (DATA / "trials.csv").open(encoding="utf-8", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["why_stopped"]]
    assert len(rows) >= 40
    wrong = {row["why_stopped"] for row in rows if reasons.group(row["why_stopped"]) != row["stop_reason"]}
    # A person filed "no reason given" under other; the vocabulary calls it no reason. Nothing else differs.
    assert wrong == {"halted early, will not resume; no reason given"}


@given(st.text(alphabet="no safety tox efficacy,;.'’-\n(){}[]*?", max_size=1500))
def test_any_text_is_read_and_places_lie_inside_it(why: str) -> None:
    for tag in load_once().classify(why):
        assert 0 <= tag.start < tag.end <= len(why)


@pytest.mark.parametrize(
    "why", ["lack of " * 150, "no " * 400, "serious and " * 120, " " * 2000, "clinical or " * 120, "no " * 10**6]
)
def test_long_repetitions_do_not_hang(reasons: StopReasons, why: str) -> None:
    reasons.classify(why)


def test_what_lies_far_behind_any_real_text_is_not_read(reasons: StopReasons) -> None:
    assert ids(reasons, "x" * 900 + " toxicity") == ["Safety_Sideeffects"]
    assert ids(reasons, "x" * 1000 + " toxicity") == []


_LOADED: list[StopReasons] = []


def load_once() -> StopReasons:
    if not _LOADED:
        _LOADED.append(load(FILE))
    return _LOADED[0]


@pytest.mark.parametrize(
    ("row", "where", "message"),
    [
        ("A\tA\tharm\tx\ta\t\thttps://x.org", "group", "'harm' is no group"),
        ("A\tA\tsafety\tx\ta(\t\thttps://x.org", "patterns", "is no usable pattern"),
        ("A\tA\tsafety\tx\ta\tb[\thttps://x.org", "not", "is no usable pattern"),
        ("A\tA\tsafety\tx\ta*\t\thttps://x.org", "patterns", "matches an empty text"),
        ("A\tA\tsafety\tx\t\t\thttps://x.org", "patterns", "patterns is empty"),
        ("\tA\tsafety\tx\ta\t\thttps://x.org", "id", "id is empty"),
        ("A\tA\tsafety\tx\ta\t\ta paper", "source", "no public page"),
        ("A\tA\tsafety\tx\ta\t\thttps://x.org\nA\tB\tother\tx\tb\t\thttps://x.org", "id", "is there twice"),
    ],
)
def test_a_broken_file_is_named_with_line_and_remedy(tmp_path: Path, row: str, where: str, message: str) -> None:
    path = tmp_path / "data" / "rules" / "stop_reasons.tsv"
    path.parent.mkdir(parents=True)
    path.write_text(f"{HEADER}{row}\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.where) == ("data/rules/stop_reasons.tsv", where)
    assert problem.line == 1 + len(row.splitlines())
    assert message in problem.message
    assert problem.remedy


def test_an_empty_or_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "data" / "rules" / "stop_reasons.tsv"
    path.parent.mkdir(parents=True)
    with pytest.raises(DataError, match="missing"):
        load(path)
    path.write_text(HEADER, encoding="utf-8")
    with pytest.raises(DataError, match="no reasons"):
        load(path)


@pytest.mark.parametrize(
    ("why", "group", "settled"),
    [
        ("Serious adverse events in two patients", "safety", "safety"),
        ("Lack of funding; two serious adverse events were also seen", "safety", ""),
        ("Lack of efficacy, and low enrollment", "futility", ""),
        ("Low enrollment and lack of funding", "other", "other"),
        ("qwertz", "", ""),
        ("", "", ""),
    ],
)
def test_words_that_name_harm_and_money_decide_nothing_by_themselves(why: str, group: str, settled: str) -> None:
    """The other way round a stop for money would be called a stop for safety, which nobody reviewed."""
    reasons = load(FILE)
    assert (reasons.group(why), reasons.settled(why)) == (group, settled)
