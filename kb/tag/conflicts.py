"""Where the origins of a record's tags do not agree. Nothing is settled here: both sides stay, and are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.tag.tags import Conflict, Tag
from kb.vocabulary import Vocabulary

_NAMES = {
    "text": "the text",
    "mesh": "the indexers' headings",
    "derived_mesh": "the terms the registry derived",
    "publication_type": "the publication type",
    "registry": "the registry's field",
    "product_list": "what is known of the product named",
    "reviewed": "the reviewed record",
}
#: Facets on which two origins speak of the same thing. Headings index what is mentioned, so a heading beyond the text's
#: concepts is no conflict on the other facets; a phase is one thing.
_FACETS = ("phase", "cell_type", "cell_source", "expansion", "engineering", "indication")


def conflicts(tags: Iterable[Tag], vocabulary: Vocabulary) -> Iterator[Conflict]:
    """Yield the disagreements among the ``present`` tags of one record, facet by facet, pair by pair.

    For a phase any difference counts. On the other facets two sides conflict when they share nothing: no concept of one
    is the same as, broader or narrower than one of the other.
    """
    sides: dict[str, dict[str, set[str]]] = {}
    for tag in tags:
        if tag.facet in _FACETS and tag.assertion == "present":
            sides.setdefault(tag.facet, {}).setdefault(tag.origin, set()).add(tag.concept)
    for facet in _FACETS:
        origins = sorted(sides.get(facet, {}).items())
        for place, (one, ours) in enumerate(origins):
            for other, theirs in origins[place + 1 :]:
                if _differ(facet, ours, theirs, vocabulary):
                    words = (
                        f"{_NAMES[one]} says {_listed(facet, ours, vocabulary)}, "
                        f"{_NAMES[other]} says {_listed(facet, theirs, vocabulary)}"
                    )
                    yield Conflict(
                        facet, (one, tuple(sorted(ours))), (other, tuple(sorted(theirs))), words[0].upper() + words[1:]
                    )


def _differ(facet: str, ours: set[str], theirs: set[str], vocabulary: Vocabulary) -> bool:
    if facet == "phase":
        return ours != theirs
    return not any(
        vocabulary.is_a(facet, one, other) or vocabulary.is_a(facet, other, one) for one in ours for other in theirs
    )


def _listed(facet: str, concepts: set[str], vocabulary: Vocabulary) -> str:
    return " and ".join(sorted(vocabulary.label(facet, concept) for concept in concepts))
