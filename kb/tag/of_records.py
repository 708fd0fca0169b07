"""Fetched articles and registrations as records to be tagged."""

from __future__ import annotations

from collections.abc import Iterator

from kb.records.article import Abstract, Article, Section
from kb.records.registration import Registration
from kb.tag.record import Heading, Passage, TagRecord

_ENGLISH = ("", "eng")


def of_article(article: Article) -> TagRecord:
    """Return an article's texts and headings.

    Fields are ``title`` and ``abstract/N``, N as in ``article_sections.position``; offsets count characters of the text
    with its superscripts. Abstracts in another language are left out and named in ``unread``; abstracts for lay readers
    are left out.
    """
    return TagRecord(
        article.id,
        passages=tuple(passage for passage in _texts(article) if passage.text.strip()),
        publication_types=article.publication_types,
        headings=tuple(
            Heading(term.label, tuple(label for _, label, _ in term.qualifiers), term.major, term.id)
            for term in article.terms
            if term.kind == "mesh"
        ),
        unread=tuple(_foreign(article)),
    )


def _foreign(article: Article) -> Iterator[str]:
    """Yield the fields of abstracts in another language than English."""
    for field, abstract, section in _sections(article):
        if abstract.language not in _ENGLISH and section.body.text.strip():
            yield field


def _sections(article: Article) -> Iterator[tuple[str, Abstract, Section]]:
    """Yield every section of every abstract with the name of its field."""
    position = 0
    for abstract in article.abstracts:
        for section in abstract.sections:
            position += 1
            yield f"abstract/{position}", abstract, section


def _texts(article: Article) -> Iterator[Passage]:
    yield Passage("title", "title", article.title.text)
    for field, abstract, section in _sections(article):
        if abstract.kind == "main" and abstract.language in _ENGLISH:
            yield Passage(field, "abstract", section.body.text, section.label or section.category)
    keywords = [term.label for term in article.terms if term.kind == "keyword"]
    for place, label in enumerate(keywords, 1):
        yield Passage(f"keywords/{place}", "keyword", label)


def of_registration(registration: Registration) -> TagRecord:
    """Return a registration's texts; fields as in :mod:`kb.tag.lines`."""
    return TagRecord(
        registration.id,
        "registration",
        tuple(passage for passage in _registered(registration) if passage.text.strip()),
        derived=(
            *(("conditions_mesh", term) for _, term in registration.conditions_mesh),
            *(("interventions_mesh", term) for _, term in registration.interventions_mesh),
        ),
        phase=registration.phase,
        study_type=registration.study_type,
    )


def _registered(registration: Registration) -> Iterator[Passage]:
    yield Passage("title", "title", registration.title)
    if registration.official_title != registration.title:
        yield Passage("official_title", "title", registration.official_title)
    for place, condition in enumerate(registration.conditions, 1):
        yield Passage(f"conditions/{place}", "condition", condition)
    for place, item in enumerate(registration.interventions, 1):
        for other, name in enumerate(item.names):
            yield Passage(f"interventions/{place}/{'other_' if other else ''}name", "intervention", name, item.type)
        yield Passage(f"interventions/{place}/description", "arm", item.description, item.type)
    for place, arm in enumerate(registration.arms, 1):
        yield Passage(f"arms/{place}/label", "arm", arm.label)
        yield Passage(f"arms/{place}/description", "arm", arm.description)
    for place, keyword in enumerate(registration.keywords, 1):
        yield Passage(f"keywords/{place}", "keyword", keyword)
    yield Passage("summary", "summary", registration.brief_summary)
    yield Passage("description", "summary", registration.detailed_description)
    yield Passage("eligibility", "eligibility", registration.eligibility)
