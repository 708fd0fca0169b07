"""Stop reasons on the edge: what a denial reaches, what only sounds like harm or failure, and harm said in other words.

All texts are made up. A business stop read as a safety stop is the worst error here, so the milder reading wins.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import DataError
from kb.stop_reasons import StopReasons, load

FILE = Path(__file__).resolve().parents[2] / "data" / "rules" / "stop_reasons.tsv"
HEADER = "id\tlabel\tgroup\tdefinition\tpatterns\tnot\tsource\n"


@pytest.fixture(scope="module")
def reasons() -> StopReasons:
    return load(FILE)


NO_HARM = [
    # denied, by whom it did not befall or by a number
    "No patients experienced dose-limiting toxicity; sponsor discontinued program",
    "No patients had toxicity, low accrual",
    "Not one toxicity; funding ended",
    "Not a single serious adverse event; funding ended",
    "Zero toxicities. Low accrual",
    "0 serious adverse events; study ended by sponsor",
    "0/6 patients had DLT; company reprioritised",
    "None of the six treated patients developed toxicity; the grant ran out",
    "Nobody suffered side effects, the company was sold",
    "Neither patient experienced an adverse event. Funding stopped.",
    "No participant developed cytokine release syndrome or neurotoxicity; strategic decision",
    "No GVHD in 9 patients; slow accrual",
    "No patient deaths, no toxicity: business decision",
    "There were no deaths due to study drug toxicity; program ended",
    "Toxicity: none. Accrual: slow",
    "Adverse events: 0. PI retired",
    "Toxicity did not occur; low accrual",
    "Toxicities never occurred, funding lost",
    "Adverse events were absent, sponsor closed the site",
    "Free of toxicity but unfunded",
    "A safety signal was ruled out; the company was sold",
    "Serious adverse events, not related to study drug; sponsor decision",
    "Two serious adverse events were judged unrelated; closed for slow accrual",
    "Patient deaths were not considered related to the product; business decision",
    "Patient death unrelated to treatment; funding ended",
    # harmless
    "All adverse events were mild; business decision",
    "Sponsor closed; only mild adverse events were seen",
    "Only grade 1-2 toxicities, company ended the program",
    "Mild to moderate side effects only; lack of funds",
    "Toxicities were manageable; slow accrual",
    "Adverse events have been mild or moderate; portfolio change",
    "Acceptable toxicity, strategic decision",
    # looked for, or the name of something
    "PI left; adverse events were followed to resolution",
    "Adverse events will be monitored in the follow-up study; sponsor decision",
    "Product toxicity testing not funded",
    "Toxicity monitoring lab closed",
    "Toxicity study not completed by manufacturer",
    "Adverse event reporting software no longer available",
    "Side effect questionnaire was not validated; PI left",
    "Insufficient toxicity data because of slow accrual",
    "Cytotoxicity assay not available",
    "Low NK cell cytotoxicity of the product lots: manufacturing failure",
    "Study of neurotoxicity prevention: funding ended",
    "Unfavourable risk-benefit for the company; business decision",
    "Risk-benefit was not affected; funding ended",
    # deaths of the disease, or before anything was given
    "Patient death before infusion",
    "Death of a participant while waiting for the cells; no further accrual",
    "Patients died of disease progression",
    "Patient deaths from underlying leukemia; slow accrual",
    "Death of two patients due to relapse, low accrual",
    "The only patient died",
    "Death of the principal investigator",
    "Patient deaths and drop-outs left too few to analyse",
    "All enrolled patients died of their cancer",
    "Progressive disease and patient death",
    # diseases that are treated
    "Slow accrual of patients with severe GVHD",
    "No patients with cytokine release syndrome could be enrolled",
    "Too few eligible because of GVHD in three patients screened",
    "Sepsis trial replaced by another study",
    "Fatal disease in children is rare: recruitment failed",
    # written after the rules, to see what they miss
    "The sponsor ended the study for commercial reasons; the safety profile remained acceptable",
    "No unexpected toxicities were seen but enrollment was slow",
    "Study halted as PI moved; no SAE has been reported to date",
    "Sponsor bankrupt. Three SAEs occurred, none related.",
    "Lack of funding for toxicity assays",
    "Safety officer resigned",
    "Loss of toxicologist",
    "Ministry of Food and Drug Safety inspection delayed start",
    "Safety lead-in completed, sponsor chose not to proceed",
    "Phase 1 completed without DLTs; phase 2 not funded",
    "No DLT was observed in any cohort; the company decided to discontinue",
    "Toxicity was minimal but accrual low",
    "Sponsor decision. Toxicities were limited to grade 1 fever.",
    "Business; adverse events consistent with known profile",
    "Patients died from their leukemia before they could be infused",
    "1 patient died of progression; no more funding",
    "Subject withdrew consent; company closed",
    "Patient death not attributed to NK cells; funding ended",
    "Death of study chair",
    "Death of PI",
    "The patient died prior to dosing",
    "Single patient protocol; patient died",
    "Expanded access: patient deceased",
    "Low number of GVHD patients",
    "Company shifted from GVHD to autoimmune disease",
    "Study drug for GVHD prophylaxis withdrawn from the market",
    "Due to competing GVHD trials",
    "No toxicity, no response, no money",
    "Hardly any side effects; lack of funds",
    "Without side effects, ended for strategic reasons",
    "Adverse event database lost",
    "Preclinical toxicity package incomplete; IND inactivated",
    "Study never started because toxicology studies were not funded",
    "Toxicology report outstanding",
    "Insurance did not cover adverse events",
    "Insurance for adverse events too expensive",
    "Costs of managing side effects not reimbursed",
    "Slow accrual due to fear of side effects",
    "Patients feared adverse events",
    "Study on adverse events of chemotherapy: investigator left",
    "Competing trial with less toxicity",
    "New standard of care with fewer side effects",
    "Sponsor changed formulation to reduce side effects",
    "Other drug in class showed toxicity; company decision",
    "No efficacy or toxicity data were obtained as no patient enrolled",
    "Not enough patients for efficacy evaluation",
    "Primary endpoint could not be assessed due to low accrual",
    "Primary endpoint changed",
    "No primary endpoint data because of COVID-19",
    "Low response rate to the survey",
    "No results because of lack of staff",
    "No effect of treatment could be assessed: two patients only",
    "Study was not effective in recruiting",
    "Recruitment was ineffective",
    "Efficacy not evaluated; company decision",
    "Lack of efficacy assessment tools",
    "Poor activity of recruiting centers",
    "No difference in accrual after amendment",
    "Could not demonstrate feasibility of enrolment",
    "Financial benefit not seen by sponsor",
    "No benefit seen in keeping the study open",
    "Sponsor sees no benefit in further development",
    "Terminated by sponsor; no safety signals emerged and no patient died",
    "Company bought by competitor. The treatment was well tolerated without severe toxicity.",
    "The cells were safe and well tolerated, financing ended",
    "No grade 3 or higher toxicity was recorded; PI left the institution",
    "Investigator relocated. Of 5 patients none had dose limiting toxicity",
    "Absence of dose-limiting toxicities; sponsor strategy changed",
    "Two patients died before treatment, slow accrual",
    "Donor death",
    "Patients too sick; died before enrolment",
    "One participant died of unrelated causes and funding ended",
    "Sponsor decision unrelated to any adverse event",
    "Study closed as funding ended. Adverse event follow-up continues.",
    "Low accrual; the two SAEs were considered not related",
    "Lack of accrual, not toxicity",
    "Closed due to accrual and not because of side effects",
    "It was not for toxicity that the study closed but for lack of funds",
    "Withdrawn: drug supply. No toxic effects.",
    "Program terminated; no new safety risk identified",
    "IND withdrawn by sponsor for business reasons, not clinical hold or toxicity",
    "Not a safety decision",
    "The study drug was discontinued for reasons other than safety or toxicity",
    "Efficacy was promising but funding ended",
    "Patient deaths due to COVID-19",
    "Long-term safety follow-up moved to another protocol",
    "Graft failure study closed",
    "Accrual of patients with graft failure too slow",
    "Transplant unit closed after encephalopathy outbreak in staff",
    "FDA requested more toxicology data before start",
    "Request by FDA for additional animal toxicity studies could not be funded",
    "Poor recruitment. Toxicities as expected.",
    "Adverse events reported in the publication",
    # a third lot, again written after the rules
    "Low accrual. Adverse event profile was as anticipated",
    "Company wound up, all SAEs resolved",
    "No longer needed; toxicity known from earlier trial",
    "To compare toxicity a new trial was opened",
    "The sponsor's toxicity department was closed",
    "Negative results of the feasibility survey",
    "The manufacturer stopped production; patients already treated had no adverse reactions",
    "Trial closed since recruitment failed, and not for reasons of toxicity",
    "Change of strategy, with no impact of safety or efficacy data",
    "Five participants treated without dose-limiting toxicity before the grant expired",
    "Withdrawn as contract for adverse event coding fell through",
    "Pharmacovigilance vendor went bankrupt",
    "SAE reporting delays by the site led to closure by sponsor",
    "Terminated: not safety, not efficacy, just money",
    "Only one patient was enrolled; patient had no toxicities",
    "Reason: business. Toxicity: nil. Efficacy: not assessed",
    "The independent committee saw no safety problem; the sponsor ended the programme",
    "Patient withdrew because of travel; no side effects",
    "Closed after the death of the sponsor-investigator",
    "Study chair died",
    "Donor cells not released because of sterility failure",
    "Recruitment stopped when two eligible patients died from relapse",
    "GVHD prophylaxis protocol was changed",
    "Hospital stopped transplantations",
    "Insufficient funds to evaluate efficacy",
    "Efficacy cohort was never opened, sponsor decision",
    "No efficacy evaluation is possible with three patients",
    "Ineffective recruitment strategy",
    "No difference would be detectable with the low enrolment",
    "Low activity in the transplant unit",
    "Failed to meet enrolment objectives",
    "Benefit-risk not assessed as trial never started",
    "Safety run-in finished; PI moved abroad",
    "No concerns about toxicity, company reprioritised pipeline",
    "Sponsor chose a product with lower toxicity",
    "Enrolment never opened because toxicology work was delayed",
    "Terminated upon sponsor request. Toxicity profile similar to historical data",
    "Study drug expired; adverse events not evaluated",
    "Rare toxicity, slow enrolment, no money",
    "Site staff left; SAE paperwork incomplete",
    "High mortality of the disease made recruitment hard",
    "Merger; no efficacy conclusion drawn",
    "Program was divested. Side-effect profile favourable",
    "Accrual target missed; toxicities acceptable to the board",
    "Contract with CRO for SAE handling terminated",
    "PI decision, nothing to do with toxicity",
    "Lack of effect on referral numbers",
]
HARM = [
    "Risk-benefit ratio unfavourable",
    "The benefit/risk balance was no longer favourable",
    "Unfavorable benefit-risk profile",
    "Clinical hold by FDA due to patient death",
    "Two patients died of cytokine release syndrome",
    "One subject died from neurotoxicity",
    "Participant died two days after infusion",
    "GVHD in 5 of 9 patients",
    "Acute graft-versus-host disease in several recipients",
    "Graft failure in three patients",
    "CRS in 2 of 3",
    "Death of a participant",
    "Deaths in two patients",
    "Fatal encephalopathy in one patient",
    "Stopped because of severe ICANS",
    "On hold after patient deaths",
    # a denial that does not reach
    "No funding; toxicity in the second cohort",
    "No efficacy but serious adverse events",
    "No further patients due to toxicity",
    "Not only mild toxicity was seen",
    "Mild to severe toxicity",
    "Adverse events were mild to severe",
    "Toxicities were mild, moderate or fatal",
    "No toxicity in cohort 1. Dose-limiting toxicity in cohort 2",
    "10 serious adverse events in 20 patients",
    "Phase 0 toxicity",
    "Day 0 toxicity",
    "Not related to business: safety concerns",
    "Toxicity was not acceptable",
    "Low accrual, and toxicities in four patients",
    "Adverse events were serious",
    "Sponsor decision because toxicity was not tolerable",
    "Toxicology findings in monkeys",
    # written after the rules, to see what they miss
    "Terminated after two grade 5 events",
    "Unacceptable toxicity",
    "DSMB stopped the trial for toxicity",
    "Study stopped due to excess toxicities in arm B",
    "Severe neurotoxicity in 2 patients",
    "Three cases of graft failure",
    "Lethal cytokine storm in one patient",
    "Death of two infants after infusion",
    "Fatal CRS in the first patient",
    "Serious unexpected adverse reaction",
    "Two deaths related to treatment",
    "Treatment-related death",
    "FDA hold after a death",
    "Patient died of sepsis after lymphodepletion",
    "High incidence of GVHD",
    "Excess mortality",
    "No benefit and unacceptable toxicity",
    "Toxicity without efficacy",
    "Side effects, low accrual",
    "Closed early by IRB because of adverse events",
]
NOT_FUTILE = [
    ("No efficacy data could be collected because of poor enrollment", "other"),
    ("Due to lack of resources no efficacy analysis was done", "other"),
    ("Low activity of the study", ""),
    ("No activity by investigator", "other"),
    ("No activity at the site, PI left", "other"),
    ("Poor activity at our hospital; closed by sponsor", "other"),
    ("No benefit in continuing due to slow accrual", "other"),
    ("Lack of benefit to sponsor", "other"),
    ("No commercial benefit for the company", "other"),
    ("Insufficient efficacy data: funding ended", "other"),
    ("No response data available, sponsor closed", "other"),
    ("No effect on recruitment from the campaign, slow accrual", "other"),
    ("Poor results of recruitment", "other"),
    ("Primary objective not met due to low enrollment", "other"),
    ("Did not meet its primary objective because of too few patients", "other"),
    ("No efficacy endpoint was evaluated; business decision", "other"),
    ("Not due to a lack of benefit; funding", "other"),
    ("No benefit of extending the grant", "other"),
]
FUTILE = [
    "No activity of the study drug",
    "Low activity of the product",
    "No benefit for patients",
    "Lack of clinical activity in the first stage",
    "Efficacy data did not support further development",
    "No efficacy; no toxicity",
    "No objective response in nine patients",
    "Toxicities were mild, but no efficacy was seen",
    "Insufficient efficacy",
    "Lack of benefit",
    "Primary objective not met",
]


@pytest.mark.parametrize("why", NO_HARM)
def test_no_harm_is_read_where_none_is_said(reasons: StopReasons, why: str) -> None:
    assert reasons.group(why) not in ("safety", "futility")


@pytest.mark.parametrize("why", HARM)
def test_harm_is_read_past_what_denies_something_else(reasons: StopReasons, why: str) -> None:
    assert reasons.group(why) == "safety"


@pytest.mark.parametrize(("why", "group"), NOT_FUTILE)
def test_failure_of_the_trial_is_no_failure_of_the_product(reasons: StopReasons, why: str, group: str) -> None:
    assert reasons.group(why) == group


@pytest.mark.parametrize("why", FUTILE)
def test_failure_of_the_product_is_still_read(reasons: StopReasons, why: str) -> None:
    assert reasons.group(why) == "futility"


BUSINESS = ("Business decision", "Funding ended", "Slow accrual", "PI left", "Drug no longer available")
DENIALS = (
    "No {}",
    "Zero {}",
    "0 {}",
    "Not one {}",
    "No patients had {}",
    "No subject experienced any {}",
    "Only mild {}",
)
AFTER = ("{} were all mild", "{}: none", "{} did not occur", "{} were not seen", "{} were unrelated to the cells")
HARMS = ("toxicities", "serious adverse events", "side effects", "dose-limiting toxicities", "SAEs")


@pytest.mark.parametrize("joint", ["; ", ". ", ", "])
def test_no_business_stop_becomes_a_safety_stop_by_a_denied_harm(reasons: StopReasons, joint: str) -> None:
    denied = [
        form.format(harm) for form in DENIALS + AFTER for harm in HARMS if (form, harm[:7]) != (AFTER[0], "serious")
    ]
    texts = [f"{first}{joint}{last}" for one in denied for why in BUSINESS for first, last in ((one, why), (why, one))]
    assert [text for text in texts if reasons.group(text) != "other"] == []
    assert len(texts) > 500


@pytest.mark.parametrize("harm", HARMS)
def test_the_same_harm_stated_is_a_safety_stop(reasons: StopReasons, harm: str) -> None:
    wrong = [why for why in BUSINESS if reasons.group(f"{why}; {harm} in 3 of 6 patients") != "safety"]
    assert wrong == []


ROW = "A\tA\tother\tx\t{}\t\thttps://x.org\n"


def broken(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "data" / "rules" / "stop_reasons.tsv"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + text, encoding="utf-8")
    return path


def test_named_words_stand_for_each_of_them(tmp_path: Path) -> None:
    words = "who\tWho\twords\tx\ta cat; dogs?\t\t\nall\tAll\twords\tx\tno <who>\t\t\n"
    reasons = load(broken(tmp_path, words + ROW.format("<all> came")))
    assert [reason.id for reason in reasons.reasons] == ["A"]
    found = {why: reasons.group(why) for why in ("no dogs came", "no a  cat came", "no cow came", "dog came")}
    assert found == {"no dogs came": "other", "no a  cat came": "other", "no cow came": "", "dog came": ""}


def test_words_without_a_row_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no row names the words <who>"):
        load(broken(tmp_path, ROW.format("<who> came")))
