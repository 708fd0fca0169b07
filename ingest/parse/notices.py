"""Integrity events of a PubMed (or Europe PMC) record, read from its links and its publication types.

**Direction.** NLM ties a paper and its notice in both records: ``…In`` stands in the paper and points to the
notice, ``…Of``, ``…For`` and ``…From`` stand in the notice (or in the republished paper) and point to the paper.
Every event is about the paper; a notice is never the subject of its own message. Sources: NLM, *Errata,
Retractions, and Other Linked Citations in PubMed* (https://www.nlm.nih.gov/bsd/policy/errata.html); *XML Element
Descriptions*, ``CommentsCorrections`` (https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html).

**Kinds.** Partial retractions are errata since October 2016
(https://www.nlm.nih.gov/pubs/techbull/so16/so16_partial_retractions_pol_change.html). "Republished in" meant
"corrected and republished in" until NLM split the two, and means a mere reprint since
(http://nnlm.gov/sea/newsletter/2008/06/06/new-nlm-fact-sheet/ gives the renaming of 2006; the XML followed later), so
alone it is a correction with a doubt. "Retracted and republished in" retracts this record and leaves the republished
one fresh. Updates of a review (``UpdateIn``), reprints, comments and patient summaries are no integrity events.

**Reinstatement** has no link type and no publication type in PubMed: NLM can only take the retraction off the
paper's record. So events of an older copy of a record must not be kept beside those of a newer copy (whoever
stores them replaces), and a reinstatement as such comes only from Retraction Watch. A notice that was itself
retracted is no reinstatement: PubMed holds notices retracted together with their papers.

**A record that may be both.** Some publishers overwrite the paper's record by the notice, so that one PMID is
paper and notice; NLM typed such records as notices first and as retracted years later (six of the 1,621 notices of
2010). Such a record names no other paper by number. It is not called ``checked``, so it stays ``unchecked``.

**A title is no status.** "RETRACTED: …" is how some publishers rename the paper, and also how some of them title
the notice. Such a title never makes an event; but a record that has one and no link is not called ``checked``
either, so its paper stays ``unchecked``, and :func:`title_hint` lets a person find it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kb.dates import PartialDate
from kb.records.article import Article, Link
from kb.records.integrity import EventKind, IntegrityEvent

#: Links that speak of this record.
ABOUT_THIS: Final[dict[str, EventKind]] = {
    "RetractionIn": "retracted",
    "RetractedandRepublishedIn": "retracted",
    "ExpressionOfConcernIn": "concern",
    "ErratumIn": "corrected",
    "CorrectedandRepublishedIn": "corrected",
    "PartialRetractionIn": "corrected",
    "RepublishedIn": "corrected",
}
#: Links by which this record speaks of another.
ABOUT_ANOTHER: Final[dict[str, EventKind]] = {
    "RetractionOf": "retracted",
    "RetractedandRepublishedFrom": "retracted",
    "ExpressionOfConcernFor": "concern",
    "ErratumFor": "corrected",
    "CorrectedandRepublishedFrom": "corrected",
    "PartialRetractionOf": "corrected",
    "RepublishedFrom": "corrected",
}
#: Publication types of a notice. "Retraction Notice" is the newer name of "Retraction of Publication".
NOTICE_TYPES: Final = frozenset(
    {"Retraction of Publication", "Retraction Notice", "Published Erratum", "Expression of Concern"}
)
#: Those among them that retract.
RETRACTING: Final = frozenset({"Retraction of Publication", "Retraction Notice"})
#: Publication type of a retracted paper.
RETRACTED: Final = "Retracted Publication"

_REPRINT = "may be a mere reprint: the link means 'corrected and republished' only in older records"
_UNTYPED = f"the record is not typed {RETRACTED}"
_UNLINKED = f"typed {RETRACTED}, but no notice is linked"

_HINT = re.compile(
    r"\W*((?:retracted|withdrawn|removed|temporary removal)(?:\s+(?:article|paper|publication|chapter))?\s*[:.\])–—-]"
    r"|retraction\s*:|retraction\s+(?:notice|note|statement)\b|(?:notice|statement)\s+of\s+retraction\b"
    r"|(?:editorial\s+)?expression\s+of\s+concern\b)",
    re.IGNORECASE,
)

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_MONTH = "|".join(_MONTHS)
#: "2010 Feb 6", "2010 Feb", "2010", and what is less sure: "2010 Nov-Dec", "2010 Feb 6-12", "1998 Dec-1999 Jan".
_PRINTED = re.compile(
    rf"(?:^|(?<= ))(?P<year>(?:1[89]|20)\d{{2}})"
    rf"(?:[ ](?P<month>{_MONTH})(?:[ ](?P<day>\d{{1,2}})(?P<days>-(?:(?:{_MONTH})[ ])?\d{{1,2}})?"
    rf"|(?P<months>[-/](?:[12]\d{{3}}[ ])?(?:{_MONTH}))?)"
    rf"|[ ](?P<season>spring|summer|fall|autumn|winter)|-(?P<to>[12]\d{{3}}))?",
    re.IGNORECASE,
)


def events_of(article: Article, day: str) -> Iterator[IntegrityEvent]:
    """Yield what a record says of itself and, when it is a notice, of the papers it names by PMID.

    Args:
        article: the record, in its newest copy.
        day: when it was received, ``YYYY-MM-DD``.

    A record that says nothing of itself yields ``checked``, also when it is a notice; the module tells which do not.
    """
    own = list(_of_this(article, day))
    yield from own
    if not own and not title_hint(article) and not _may_be_the_paper(article):
        yield _event(article, day, article.id, "checked", day, "", "")
    date = notice_date(article)
    for link in article.links:
        if _names_another(article, link):
            doubt = _REPRINT if _may_be_reprint(article, link.type) else ""
            kind = ABOUT_ANOTHER[link.type]
            yield _event(article, day, f"PMID:{link.pmid}", kind, date, article.id, link.type, link.note, doubt)


def is_notice(article: Article) -> bool:
    """Whether a record is a notice about another paper, by its publication types or its links."""
    return bool(NOTICE_TYPES.intersection(article.publication_types)) or any(
        link.type in ABOUT_ANOTHER and "Republished" not in link.type for link in article.links
    )


def title_hint(article: Article) -> str:
    """Return the words of a title that suggest a retraction or a concern, "" without any and for a known notice.

    A hint for a person, never a status.
    """
    match = _HINT.match(article.title.plain)
    return match[1].strip() if match and not is_notice(article) else ""


def notice_date(article: Article) -> str:
    """Return the date of a notice's own record: ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` or "".

    The date of the issue, with the day of the electronic article when it lies in the same month or year. An
    electronic date outside of it is not used: publishers have overwritten a paper's record by its notice and left the
    paper's electronic date in place (J. E. B. Backus of NLM on PubMed's retraction records, comment of 2014-08-26).
    """
    issue = article.publication_date.iso if article.publication_date else ""
    electronic = article.electronic_date.iso if article.electronic_date else ""
    return electronic if electronic.startswith(issue) else issue


def date_printed(citation: str) -> str:
    """Return the date that a citation prints, as far as it is sure: ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` or "".

    The date stands right before the volume ("Lancet. 2010 Feb 6;375(9713):445") or ends a sentence ("Nature. 2020
    Jan 20."). A season or a span of months gives the year (of its end), a span of days the month. No date, two
    different dates or a day that does not exist: "".

    Args:
        citation: PubMed's ``RefSource``.
    """
    text = " ".join(citation.split())
    head, volume, _ = text.partition(";")
    ends = [match for match in _PRINTED.finditer(head) if _closes(head, match.end(), bool(volume))]
    dates = {_iso(match) for match in ends}
    return dates.pop() if len(dates) == 1 else ""


def _closes(head: str, end: int, volume: bool) -> bool:
    """Whether a date is followed by the volume, or, in a citation without one, by the end of a sentence."""
    rest = head[end:]
    return rest == "" if volume else rest == "" or bool(re.match(r"\.(\s|$)", rest))


def _iso(match: re.Match[str]) -> str:
    year = match["year"]
    if match["to"]:
        return match["to"]
    if match["months"]:
        later = re.search(r"\d{4}", match["months"])
        return later[0] if later else year
    if not match["month"]:
        return year
    month = f"{year}-{_MONTHS[match['month'].lower()]:02}"
    if match["days"]:
        return year if re.search(r"[a-z]", match["days"], re.IGNORECASE) else month
    if not match["day"]:
        return month
    return f"{month}-{int(match['day']):02}" if _exists(month, int(match["day"])) else ""


def _exists(month: str, day: int) -> bool:
    return 1 <= day <= PartialDate.parse(month).last.day


def _of_this(article: Article, day: str) -> Iterator[IntegrityEvent]:
    """Yield what a record's own links and types say of it."""
    typed = RETRACTED in article.publication_types
    linked = False
    for link in article.links:
        kind = ABOUT_THIS.get(link.type)
        if kind is None:
            continue
        doubt = _REPRINT if _may_be_reprint(article, link.type) else ""
        if kind == "retracted":
            linked = True
            doubt = "" if typed else _UNTYPED
        notice = f"PMID:{link.pmid}" if link.pmid and f"PMID:{link.pmid}" != article.id else ""
        date = date_printed(link.citation)
        yield _event(article, day, article.id, kind, date, notice, link.type, link.note, doubt)
    if typed and not linked:
        yield _event(article, day, article.id, "retracted", "", "", RETRACTED, "", _UNLINKED)


def _names_another(article: Article, link: Link) -> bool:
    """Whether a link makes this record the notice of another one. A record that names itself is no such notice."""
    return link.type in ABOUT_ANOTHER and bool(link.pmid) and f"PMID:{link.pmid}" != article.id


def _may_be_the_paper(article: Article) -> bool:
    """Whether a retraction notice names no other record, so that it may stand in its paper's place."""
    retracting = bool(RETRACTING.intersection(article.publication_types))
    retracting = retracting or any(link.type == "RetractionOf" for link in article.links)
    return retracting and not any(_names_another(article, link) for link in article.links)


def _may_be_reprint(article: Article, link: str) -> bool:
    """Whether "republished" may mean no correction. The republished paper's own type can settle it."""
    corrected = "Corrected and Republished Article" in article.publication_types
    return link == "RepublishedIn" or (link == "RepublishedFrom" and not corrected)


def _event(
    article: Article,
    day: str,
    record_id: str,
    kind: EventKind,
    date: str,
    notice: str,
    detail: str,
    note: str = "",
    doubt: str = "",
) -> IntegrityEvent:
    return IntegrityEvent(
        record_id=record_id,
        kind=kind,
        date=date,
        notice=notice,
        detail=detail,
        reasons=(note,) if note else (),
        source=_page(article),
        origin=article.database,
        seen=day,
        doubt=doubt,
    )


def _page(article: Article) -> str:
    """Return the page on which a reader sees the links of a record."""
    if article.pmid and article.database == "europepmc":
        return f"https://europepmc.org/article/MED/{article.pmid}"
    if article.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{article.pmid}/"
    if article.doi:
        return f"https://doi.org/{article.doi}"
    return f"https://www.ncbi.nlm.nih.gov/pmc/articles/{article.pmcid}/" if article.pmcid else ""
