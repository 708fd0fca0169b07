"""What reading a page needs besides the page: names, words, cues and the wording rules, from files or from a store."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from kb.check.language import LanguageRules, load_language
from kb.check.understand.lexicon import Lexicon, PageWord, load_lexicon
from kb.check.understand.licensed import licensed_names, unlisted
from kb.records.approval import Approval
from kb.records.language import LanguageRule
from kb.rows.base import Row
from kb.tag.matcher import Matcher
from kb.tag.named import by_name, with_products
from kb.tag.products import ProductName, load_products
from kb.vocabulary import Vocabulary

#: Facets whose names are looked for in a page.
NAMED = ("cell_type", "cell_source", "expansion", "engineering", "indication", "setting", "combination", "event")


@dataclass(frozen=True)
class Kit:
    """Names and words.

    Attributes:
        vocabulary: the concepts.
        lineage: cell types the topic is about (``build.yml``).
        products: names of single products.
        lexicon: words of pages.
        language: laws, guidances and house rules that a wording may touch.
        licensed: names of authorised products in small letters → their ``product_id``.
    """

    vocabulary: Vocabulary
    lineage: tuple[str, ...]
    products: tuple[ProductName, ...]
    lexicon: Lexicon
    language: LanguageRules
    licensed: Mapping[str, str] = field(default_factory=dict)

    def with_licences(self, approvals: Sequence[Approval]) -> Kit:
        """Return the kit that also knows the names of authorised products."""
        known = {
            name.casefold(): True
            for facet in NAMED
            for concept in self.vocabulary.concepts[facet].values()
            for name in (concept.label, *concept.synonyms)
        }
        more = tuple(unlisted(approvals, self.products, known))
        products = (*self.products, *more)
        return replace(self, products=products, licensed=licensed_names(approvals, products))

    @cached_property
    def matcher(self) -> Matcher:
        """Finds names of the vocabulary and of products."""
        return Matcher(with_products(self.vocabulary, self.products, self.lineage), NAMED)

    @cached_property
    def product_of(self) -> Mapping[str, ProductName]:
        """Spelling of a product's name → the product."""
        return by_name(self.products)

    def of_lineage(self, cell_type: str) -> bool:
        """Tell whether a kind of cells is one the topic is about."""
        return any(self.vocabulary.is_a("cell_type", cell_type, root) for root in self.lineage)

    def rows(self) -> Iterator[Row]:
        """Yield what a store keeps of it, one row a kind; vocabulary and lineage are kept elsewhere."""
        yield {"kind": "products", "body": _dump([asdict(one) for one in self.products])}
        yield {"kind": "page_words", "body": _dump([asdict(one) for one in self.lexicon.words])}
        rules = (rule.model_dump(mode="json", exclude_defaults=True) for rule in self.language.rules.values())
        yield {"kind": "language", "body": _dump(list(rules))}


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _tuples(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in one.items()}


def load_kit(root: Path, vocabulary: Vocabulary, lineage: tuple[str, ...], codes: Collection[str]) -> Kit:
    """Read the kit from a data directory.

    Args:
        root: data directory.
        vocabulary: the concepts.
        lineage: cell types the topic is about.
        codes: codes of verdicts that a wording rule may name (``rules/codes.tsv``).

    Raises:
        DataError: one of its files is wrong.
    """
    language = load_language(root, codes)
    return Kit(vocabulary, lineage, load_products(root, vocabulary), load_lexicon(root, vocabulary), language)


def read_kit(db: sqlite3.Connection, vocabulary: Vocabulary, lineage: tuple[str, ...]) -> Kit:
    """Read the kit a store was built with."""
    held = dict(db.execute("select kind, body from reading_rules").fetchall())
    products = tuple(ProductName(**_tuples(one)) for one in json.loads(held["products"]))
    words = Lexicon(PageWord(**one) for one in json.loads(held["page_words"]))
    language = LanguageRules.of(LanguageRule.model_validate(one) for one in json.loads(held["language"]))
    return Kit(vocabulary, lineage, products, words, language)
