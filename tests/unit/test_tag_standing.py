"""Whose study the words "phase 2" speak of, and by which rule. All texts are invented."""

from __future__ import annotations

import pytest

from kb.tag.sentences import Section
from kb.tag.standing import Place, standing

CASES: list[tuple[str, Section, str | None, str]] = [
    ("This randomised phase 2 trial treated adults.", "", "present", "this study"),
    ("We conducted a single-arm phase 2 trial.", "", "present", "this study"),
    ("Here, we describe a phase 2 trial.", "background", "present", "this study"),
    ("It is a cluster-randomised phase 2 trial.", "", "present", "this study"),
    ("A post hoc analysis of the phase 2 ABC trial is shown.", "", "present", "analysis of that trial"),
    ("Final results from a phase 2 trial are given.", "background", "present", "analysis of that trial"),
    ("Blood of adults enrolled on the phase 2 trial was kept.", "background", "present", "data of that trial"),
    ("Data from two previous phase 2 trials were pooled.", "", "present", "data of that trial"),
    ("The drug prolonged life of adults in a phase 2 trial.", "", None, "earlier"),
    ("Life was prolonged, as seen in patients in a phase 2 trial.", "", "present", "data of that trial"),
    ("An open-label phase 2 trial at nine centres.", "methods", "present", "section"),
    ("A phase 2 trial was performed at nine centres.", "", None, "was conducted"),
    ("In a phase 2 trial, we gave cells.", "", None, "was conducted"),
    ("A phase 2 trial conducted in Norway gave cells.", "", None, "was conducted"),
    ("Two phase 2 trials compared cells with none.", "", None, "was conducted"),
    ("A phase 2 trial was initiated to give cells.", "", None, "begun"),
    ("The drug has been tested in a phase 2 trial.", "", None, "earlier"),
    ("The phase 2 trial ran.", "", None, "open"),
    ("This was a pilot and no phase 2 trial followed.", "", "absent", "negated"),
    ("Encouraged by our phase 2 trial in myeloma, we gave cells.", "", "historical", "grew out of it"),
    ("Women, all treated with other agents in a phase 2 trial, were well.", "", "present", "data of that trial"),
    ("This was seen again. A phase 2 trial will follow.", "", "possible", "planned"),
    ("This finding was translated into a phase 2 trial.", "", "present", "this study"),
    ("Other randomised phase 2 trials failed.", "", "historical", "earlier"),
    ("A recent phase 2 trial gave cells.", "", "historical", "earlier"),
    ("It was licensed because of approval in the phase 2 trial.", "", "historical", "ground of a decision"),
    ("The dose was chosen based on a phase 2 trial.", "methods", "historical", "ground of a decision"),
    ("Based on these results, we performed a phase 2 trial.", "", "present", "this study"),
    ("Fewer died than in the phase 2 trial.", "results", "contrast", "compared with"),
    ("Cells merit study in a phase 2 trial.", "conclusions", "possible", "planned"),
    ("A phase 2 trial is needed.", "conclusions", "possible", "planned"),
    ("This planned phase 2 trial treats adults.", "", "present", "this study"),
    ("Adults requiring help were treated in this phase 2 trial.", "", "present", "data of that trial"),
]


@pytest.mark.parametrize(("sentence", "section", "assertion", "rule"), CASES)
def test_rules(sentence: str, section: Section, assertion: str | None, rule: str) -> None:
    start = sentence.index("phase 2")
    assert standing(Place(sentence, start, start + 7, section)) == (assertion, rule)


@pytest.mark.parametrize(
    ("title", "assertion"),
    [
        ("Cells versus chemotherapy in lymphoma: a phase 2 trial", "present"),
        ("Long-term results of a previous phase 2 trial", "present"),
        ("After a phase 2 trial: cells in more people", "historical"),
        ("Towards a phase 2 trial of cells", "possible"),
        ("A study to inform the design of a phase 2 trial", "possible"),
        ("Lessons from the phase 2 trials of cells", "historical"),
        ("Cells after a previous phase 2 trial", "historical"),
    ],
)
def test_titles(title: str, assertion: str) -> None:
    start = title.index("phase 2")
    assert standing(Place(title, start, start + 7, title=True))[0] == assertion
