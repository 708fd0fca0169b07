"""Which of many articles could be about our cells at all: a filter that may keep too much and must not lose.

It only spares the store the rest of PubMed. Whether a paper is about people treated with such cells is decided
by the tagger and by reviewers, never here.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kb.dataset import Dataset
from kb.records.article import Article


def keeper(data: Dataset) -> Callable[[Article], bool]:
    """Return a test that keeps an article when it is on file or names a kind of cell of the map.

    Args:
        data: reviewed facts: the publications on file, and the vocabulary with its synonyms.
    """
    vocabulary = data.vocabulary
    wanted = {
        concept
        for concept in vocabulary.concepts["cell_type"]
        if any(vocabulary.is_a("cell_type", concept, column) for column in data.build.map_cell_types)
    }
    names = {
        name
        for concept in wanted
        for name in (
            vocabulary.concepts["cell_type"][concept].label,
            *vocabulary.concepts["cell_type"][concept].synonyms,
        )
    }
    # Hyphens and spaces are written as authors please; a plural only adds letters at the end.
    forms = sorted(
        {re.sub(r"[\s\-]+", r"[\\s-]*", re.escape(name).replace(r"\ ", " ").replace(r"\-", "-")) for name in names}
    )
    pattern = re.compile(rf"\b(?:{'|'.join(forms)})", re.IGNORECASE)
    on_file = {
        name.lower()
        for study in data.studies
        for name in (study.id, *study.aliases, study.pmid, study.doi, study.pmcid)
        if name
    }

    def keep(article: Article) -> bool:
        named = {name.lower() for name in (article.id, article.pmid, article.doi, article.pmcid) if name}
        return bool(named & on_file) or any(pattern.search(text) for text in _texts(article))

    return keep


def _texts(article: Article) -> list[str]:
    texts = [article.title.plain, article.vernacular_title.plain, *(term.label for term in article.terms)]
    texts += [section.body.plain for abstract in article.abstracts for section in abstract.sections]
    return [text for text in texts if text]
