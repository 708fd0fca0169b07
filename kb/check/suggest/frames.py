"""Sentence frames, in our own words: data, so that all wording of suggestions can be read in one place.

Each sentence keeps to one statement of one record and stays within the words that the checker reads for what they
are: no share without its count, no praise, no promise, and nothing of the product on sale.
"""

from __future__ import annotations

from collections.abc import Mapping

#: A study with what it found; ``standing`` begins with "; " or is empty.
STUDY = "In {a} {design} ({source}) of {cells} given{partners} to {people}, {result}{only}{standing}."
#: A registration without results.
TRIAL = (
    "{Cells}{partners} {are} being studied in {people} in the registered trial {source} ({phase}{status} as of "
    "{day}{secondary}); no results of it are on file{standing}."
)
#: A registration that ended, or was not heard of for long, without results.
TRIAL_ENDED = (
    "The registered trial {source} of {cells}{partners} in {people} ({phase}{status} as of {day}{secondary}) has no "
    "results on file{standing}."
)
#: A harm that somebody else than a study reported.
HARM = "{Harm} after {cells} ({where}{day}; {reporter}{secondary}; {source}){standing}."
#: An authorisation somewhere else.
ELSEWHERE = (
    "{product} ({cells}) is authorised in {where} ({authority}, {day}{secondary}; {source}) for {people}; that holds "
    "for this product alone{standing}."
)
#: No authorisation: somebody looked.
ABSENT = "{Cells} {are} not approved in {place} ({seen}; {source})."

#: Design of a study → what it is called.
DESIGNS: Mapping[str, str] = {
    "single-arm": "single-arm study",
    "randomised-controlled": "randomised study",
    "dose-escalation": "dose-escalation study",
    "cohort": "cohort study",
    "comparative": "comparative study",
    "matched-cohort": "matched cohort study",
    "nonrandomised-controlled": "controlled study without randomisation",
    "case-series": "case series",
    "case-report": "case report",
}
#: Concepts whose label would be read as something else in a sentence: a result, a cure, a promise.
PLAIN: Mapping[tuple[str, str], str] = {
    ("setting", "first-remission"): "no sign of disease for the first time when the cells were given",
    ("setting", "remission"): "no sign of disease when the cells were given",
    ("setting", "healthy"): "healthy volunteers",
    ("setting", "adjuvant"): "adjuvant",
    ("setting", "post-cancer"): "after cancer",
    ("expansion", "ex-vivo-expanded"): "grown in culture",
}
#: With a dash: "1/2" would be read as a count, one of two.
PHASES: Mapping[str, str] = {
    "EARLY_PHASE1": "early phase 1",
    "PHASE1": "phase 1",
    "PHASE1|PHASE2": "phase 1–2",
    "PHASE2": "phase 2",
    "PHASE2|PHASE3": "phase 2–3",
    "PHASE3": "phase 3",
    "PHASE4": "phase 4",
}
STATUSES: Mapping[str, str] = {
    "NOT_YET_RECRUITING": "not yet recruiting",
    "RECRUITING": "recruiting",
    "ENROLLING_BY_INVITATION": "enrolling by invitation",
    "ACTIVE_NOT_RECRUITING": "no longer recruiting, still running",
    "COMPLETED": "completed",
    "SUSPENDED": "suspended",
    "TERMINATED": "terminated",
    "WITHDRAWN": "withdrawn",
    "UNKNOWN": "status unknown",
}

#: A count, by outcome group; the general one fits every wording of an endpoint.
HAD = "{n} of {total} had {endpoint}"
COUNTED = "the result for {endpoint} was {n} of {total}"
#: Who a count is of, by its basis, where it is not everybody.
COUNTED_IN: Mapping[str, str] = {"evaluable": "evaluable people", "subgroup": "people of a subgroup"}
#: A comparison, by its direction.
COMPARED: Mapping[str, str] = {
    "better": "for {endpoint} the result was better than in the comparison group",
    "not_significant": "for {endpoint} there was no significant difference from the comparison group",
    "no_difference": "for {endpoint} there was no difference from the comparison group",
    "worse": "for {endpoint} the result was worse than in the comparison group",
}
#: A result without a count that can be printed.
WITHOUT_COUNT = "a result for {endpoint} was reported, without a count on file"
MEASURED = "the laboratory value measured was {endpoint}; nothing else of it is on file"
ONLY_SAFETY = "only safety and feasibility were reported"
#: Said where nobody read the source itself.
SECONDARY = " (as another publication gives it)"

#: Said where the record is of other cells, partners or people than the claim, or broader.
ONLY_THESE = "; the result holds for these cells and these people only"
BY_SECONDARY = ", by a secondary source"
SECOND_HAND = "{axes} as another publication gives it"
#: What an axis is called there.
AXES: Mapping[str, str] = {
    "cell_type": "kind of cells",
    "cell_source": "source",
    "expansion": "culture",
    "engineering": "engineering",
    "combination": "what was given with them",
    "indication": "who was treated",
    "setting": "who was treated",
}
#: Standing of the cells in the place, behind the result.
NOT_APPROVED = "; the treatment is investigational and not approved in {place} ({seen})"
NONE_ON_FILE = "; the treatment is investigational, and no approval in {place} is on file"
#: For what is no cell product, and may be on sale for something else.
NO_USE = "; no approval for this use in {place} is on file"
OTHER_USE = "; this use is investigational in {place}"
#: There is a licence for a product of this kind: the record is wider than it, or is of the same kind.
WIDER = "; the treatment is investigational, and the approval of {product} in {place} is for that product alone"
SAME_KIND = "; the approval of {product} in {place} is for that product alone"

#: Why no sentence can be offered.
NO_CELLS = (
    "The sentence does not say which cells it speaks of; name them, or leave it out. "
    "Without them nothing on file can be told for it."
)
NOT_COVERED = "The base does not know {names}; leave the sentence out, or add the record to the base."
OWN_QUALITY = (
    "What a seller says of its own work rests on the seller's own documents, and none are on file; leave it out, or "
    "put the document beside it."
)
NO_COMPARISON = (
    "No study on file compares {cells} in the same people with what the sentence sets against them; leave the "
    "comparison out, or add the record to the base."
)
NO_HARM = (
    "On file is no count of {event} with {cells} that could be told by itself; leave the sentence out, or add the "
    "record to the base."
)
ONLY_LABORATORY = (
    "Only laboratory or animal work on {cells} in {aim} is on file, which tells nothing of people; leave the "
    "sentence out, or add the record to the base."
)
NOTHING = (
    "No study or registered trial on file of {cells} in {aim} has a result that could be told{others}; leave the "
    "sentence out, or add the record to the base."
)
#: What is on file in that disease or for that aim is of other products.
OTHERS = " (what is on file there is of {kinds})"
UNUSABLE = "The study it names, {names}, may not be used: {why}; leave the sentence out, or cite another record."
MISREAD = (
    "What is on file ({names}) cannot be put in a sentence of its own that holds without its context; see the "
    "records listed."
)
ONLY_TRIALS = (
    "All that is on file of {cells} in {aim} are registered trials without results that ended or were not heard of for "
    "long ({names}); leave the sentence out, or add the record to the base."
)
NO_AUTHORISATION = (
    "No record on file tells whether {cells} {are} authorised in {place}; leave the sentence out, or add the record to "
    "the base."
)
COUNT = (
    "On file are {count} {what} of {cells} (as of {day}), which is a lower bound and no count of all; leave the number "
    "out, or cite a published count with its date."
)
