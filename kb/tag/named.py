"""Product names as names of concepts, and what a name says of the product beside its kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kb.tag.products import CELL_TYPE, ProductName, look_alikes, names_by_concept
from kb.vocabulary import Vocabulary

_AXES = ("cell_source", "engineering", "expansion")


def with_products(vocabulary: Vocabulary, products: Iterable[ProductName], roots: Iterable[str]) -> Vocabulary:
    """Return the vocabulary with product names as further synonyms of their cell types.

    Args:
        vocabulary: the concepts.
        products: the names.
        roots: cell types whose look-alikes the names without a product become (those of the topic's lineage).
    """
    every = tuple(products)
    names = names_by_concept(every)
    others, above = look_alikes(every), frozenset(roots)
    cells = {
        concept.id: replace(
            concept,
            synonyms=(*concept.synonyms, *names.get(concept.id, ())),
            look_alikes=(*concept.look_alikes, *(others if concept.id in above else ())),
        )
        for concept in vocabulary.concepts[CELL_TYPE].values()
    }
    return Vocabulary({**vocabulary.concepts, CELL_TYPE: cells})


def by_name(products: Iterable[ProductName]) -> Mapping[str, ProductName]:
    """Return each spelling with its product."""
    return {name: product for product in products for name in product.names}


def axes(product: ProductName) -> Iterator[tuple[str, str]]:
    """Yield (facet, concept) of what a product's row says beside its cell type."""
    for facet in _AXES:
        for concept in getattr(product, facet):
            yield facet, concept
