"""Which ids are one paper: PMID, DOI and PMCID, joined by what the records themselves say.

A study entered by its DOI alone is the PubMed record that carries this DOI, so what befell the one befell the other.
Wrong joins would retract a sound paper, hence:

* A name that a study on file states is that study's, whatever a fetched record says.
* Two PubMed numbers are two records (a reprint, an erratum printed under the DOI of its paper): a record with another
  PMID than the study's own joins nothing to it. A study whose PMID nobody entered is every record with its DOI.
* A record that names two papers joins nothing, and a name that would be two papers' is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kb.records.article import Article
from kb.records.study import Study

Names = frozenset[str]


def owners(studies: Sequence[Study], articles: Iterable[Article]) -> dict[str, str]:
    """Return name in lower case (``pmid:1``, ``doi:10.1000/x``, ``pmc:pmc1``) → id of the paper it belongs to.

    Args:
        studies: publications on file; their ids come first.
        articles: fetched records; a paper that is not on file goes by the id of its record.
    """
    stated = {name: study.id for study in studies for name in _stated(study)}
    records = sorted({(one.id, _printed(one)) for one in articles}, key=lambda one: (one[0], sorted(one[1])))
    groups = [names for _, names in records]
    found = _spread(stated, groups)
    # Records with a PMID before those without, so that the same paper through another door joins them.
    for numbered in (True, False):
        rest = {
            one.lower(): one for one, _ in records if one.startswith("PMID:") == numbered and one.lower() not in found
        }
        found = _spread({**found, **rest}, groups)
    return found


def _stated(study: Study) -> Names:
    names = [study.id, *study.aliases]
    names += [f"PMID:{study.pmid}"] if study.pmid else []
    names += [f"DOI:{study.doi}"] if study.doi else []
    names += [f"PMC:{study.pmcid}"] if study.pmcid else []
    return frozenset(name.lower() for name in names)


def _printed(article: Article) -> Names:
    given = (("PMID", article.pmid), ("DOI", article.doi), ("PMC", article.pmcid))
    return frozenset({article.id.lower(), *(f"{kind}:{value}".lower() for kind, value in given if value)})


def _spread(stated: Mapping[str, str], groups: Sequence[Names]) -> dict[str, str]:
    """Return the names stated, and those that records join to them; the order of the records means nothing."""
    holding: dict[str, list[Names]] = {}
    for names in groups:
        for name in names:
            holding.setdefault(name, []).append(names)
    own: dict[str, set[str]] = {}
    for name, owner in stated.items():
        own.setdefault(owner, set()).add(name)
    claimed: dict[str, set[str]] = {}
    for owner, names_ in own.items():
        for name in _reached(owner, names_, stated, holding) - names_:
            claimed.setdefault(name, set()).add(owner)
    return {**{name: min(who) for name, who in claimed.items() if len(who) == 1}, **stated}


def _reached(
    owner: str, names: Iterable[str], stated: Mapping[str, str], holding: Mapping[str, list[Names]]
) -> set[str]:
    """Return every name that can be reached from a paper's own, one step after the other."""
    reached, edge = set(names), set(names)
    while edge:
        numbers = _numbers(reached)
        joined: set[str] = set()
        for name in edge:
            for group in holding.get(name, ()):
                strange = any(stated.get(other, owner) != owner for other in group)
                another = numbers and _numbers(group) - numbers
                if not strange and not another:
                    joined |= group
        edge = joined - reached
        reached |= edge
    return reached


def _numbers(names: Iterable[str]) -> set[str]:
    return {name for name in names if name.startswith("pmid:")}
