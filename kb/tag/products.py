"""Names of single products: which cells or which drug a code stands for ("CNTY-101", "FT819", "NKTR-214").

Many records name a product by its code alone, and no rule tells from a code what it is: FT596 is a CAR-NK product,
FT819 a CAR-T product. So the names are facts, read from ``vocabulary/products.tsv``, each with the page it was read on.
A row without a cell type names no product (a gene, a receptor); its names are look-alikes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from kb.dates import PartialDate
from kb.errors import DataError, Problem
from kb.reading import Row, display, read_table, split_cell
from kb.records.common import Checked
from kb.tag.forms import tokens_of
from kb.vocabulary import Vocabulary

#: The facet product names belong to; names of other facets ("N-803" as a partner drug) do not clash with them.
CELL_TYPE = "cell_type"

_AXES = (CELL_TYPE, "cell_source", "engineering", "expansion")
_COLUMNS = ("name", "other_names", *_AXES, "maker", "source", "retrieved", "checked", "note")
_PAGE = re.compile(r"https?://[^\s/]+\.[^\s]+")


@dataclass(frozen=True, slots=True)
class ProductName:
    """A product and the names it goes by.

    Attributes:
        name: the usual name, as printed.
        other_names: further spellings, former codes, brand and non-proprietary names.
        cell_type: what is given, concept of that facet; "" when the name means no product at all.
        cell_source, engineering, expansion: concepts of those facets; empty when no source that was read says it.
        maker: who makes it or registered it, "" when not seen.
        source: the page the row was read on.
        retrieved: when, as YYYY-MM-DD.
        checked: best reading behind the row, as in ``data/studies``.
        note: what else the name can mean, where sources differ, what was not seen.
        line: line in the file.
    """

    name: str
    other_names: tuple[str, ...]
    cell_type: str
    cell_source: tuple[str, ...]
    engineering: tuple[str, ...]
    expansion: tuple[str, ...]
    maker: str
    source: str
    retrieved: str
    checked: str
    note: str
    line: int

    @property
    def names(self) -> tuple[str, ...]:
        """All its names, the usual one first."""
        return (self.name, *self.other_names)


def names_by_concept(products: Iterable[ProductName]) -> dict[str, tuple[str, ...]]:
    """Return cell type → names of its products, in the order of the table; names that mean no product are left out."""
    result: dict[str, tuple[str, ...]] = {}
    for product in products:
        if product.cell_type:
            result[product.cell_type] = result.get(product.cell_type, ()) + product.names
    return result


def look_alikes(products: Iterable[ProductName]) -> tuple[str, ...]:
    """Return the names that mean no product and must not be taken for one."""
    return tuple(name for product in products if not product.cell_type for name in product.names)


def load_products(root: Path, vocabulary: Vocabulary) -> tuple[ProductName, ...]:
    """Read ``vocabulary/products.tsv``.

    Args:
        root: the data directory.
        vocabulary: the concepts the rows may use.

    Returns:
        The products in the order of the file.

    Raises:
        DataError: a wrong table, an unknown concept, a name that is there twice or belongs to another concept, an axis
            against what the cell type implies, a missing source, a date or a way of checking that is none.
    """
    path = root / "vocabulary" / "products.tsv"
    file = display(path, root)
    rows = read_table(path, root, _COLUMNS, "\t")
    products = tuple(_product(row) for row in rows)
    problems: list[Problem] = []
    taken = _names_of(vocabulary)
    seen: dict[tuple[str, ...], ProductName] = {}
    for product in products:
        for where, message, remedy in (
            *_concept_complaints(product, vocabulary),
            *_page_complaints(product),
            *_name_complaints(product, taken, seen),
        ):
            problems.append(Problem(file, product.line, where, message, remedy, "products"))
    if problems:
        raise DataError(problems)
    return products


#: Where, what is wrong, what to do.
_Complaint = tuple[str, str, str]


def _product(row: Row) -> ProductName:
    cells = row.cells
    return ProductName(
        name=cells["name"],
        other_names=split_cell(cells["other_names"]),
        cell_type=cells[CELL_TYPE],
        cell_source=split_cell(cells["cell_source"]),
        engineering=split_cell(cells["engineering"]),
        expansion=split_cell(cells["expansion"]),
        maker=cells["maker"],
        source=cells["source"],
        retrieved=cells["retrieved"],
        checked=cells["checked"],
        note=cells["note"],
        line=row.line,
    )


def _axes(product: ProductName) -> Mapping[str, tuple[str, ...]]:
    return {
        CELL_TYPE: (product.cell_type,) if product.cell_type else (),
        "cell_source": product.cell_source,
        "engineering": product.engineering,
        "expansion": product.expansion,
    }


def _concept_complaints(product: ProductName, vocabulary: Vocabulary) -> Iterator[_Complaint]:
    """Yield what is wrong with the concepts of a row."""
    axes = _axes(product)
    for facet, concepts in axes.items():
        for concept in concepts:
            if (facet, concept) not in vocabulary:
                yield facet, f"{concept!r} is no concept", vocabulary.suggest(facet, concept)
    if not product.cell_type:
        if not product.note:
            remedy = "say in the note what it means, or fill cell_type"
            yield "note", "a name without a cell type that says not what it is", remedy
        if any(axes.values()):
            yield CELL_TYPE, "no product, yet with properties of one", "fill cell_type or empty the other axes"
        return
    if (CELL_TYPE, product.cell_type) not in vocabulary:
        return
    for implied in _implied(product.cell_type, vocabulary):
        facet, _, wanted = implied.partition(":")
        stated = [concept for concept in axes.get(facet, ()) if (facet, concept) in vocabulary]
        if stated and not any(vocabulary.is_a(facet, concept, wanted) for concept in stated):
            message = f"{product.cell_type} is {wanted} by definition, the row says {', '.join(stated)}"
            yield facet, message, f"add {wanted} or correct {CELL_TYPE}"


def _implied(concept: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield ``facet:id`` of what a cell type and the broader ones mean by definition."""
    for broader in sorted(vocabulary.ancestors(CELL_TYPE, concept)):
        yield from vocabulary.concepts[CELL_TYPE][broader].implies


def _page_complaints(product: ProductName) -> Iterator[_Complaint]:
    """Yield what is wrong with source, date and way of checking."""
    if not product.source:
        yield "source", "no source", "write the address of the page that says what the product is"
    elif not _PAGE.fullmatch(product.source):
        yield "source", f"{product.source!r} is no address", "write one address that begins with https://"
    if not _is_day(product.retrieved):
        yield "retrieved", f"{product.retrieved!r} is no date", "write the day the source was read as YYYY-MM-DD"
    if product.checked not in get_args(Checked):
        yield "checked", f"{product.checked!r} is no way of checking", f"use one of {', '.join(get_args(Checked))}"


def _is_day(text: str) -> bool:
    try:
        return PartialDate.parse(text).precision == "day"
    except ValueError:
        return False


def _key(name: str) -> tuple[str, ...]:
    """Return what two spellings of one name share: hyphens, spaces, case and plurals do not part them."""
    return tuple(token.key for token in tokens_of(name))


def _names_of(vocabulary: Vocabulary) -> dict[tuple[str, ...], set[str]]:
    """Return the names of the cell types, each with its concepts."""
    taken: dict[tuple[str, ...], set[str]] = {}
    for concept in vocabulary.concepts.get(CELL_TYPE, {}).values():
        for name in (concept.label, *concept.synonyms):
            taken.setdefault(_key(name), set()).add(concept.id)
    return taken


def _name_complaints(
    product: ProductName, taken: Mapping[tuple[str, ...], set[str]], seen: dict[tuple[str, ...], ProductName]
) -> Iterator[_Complaint]:
    """Yield what is wrong with the names of a row; remember them in ``seen``."""
    for name in product.names:
        key = _key(name)
        if not any(part.isalnum() for part in key):
            yield "name", f"{name!r} has no letter or digit", "write the name as printed"
            continue
        if (first := seen.get(key)) is not None:
            if first is product:
                remedy = "keep one: hyphens, spaces, case and plurals make no difference"
                yield name, f"{name!r} is the same name as another of its row", remedy
            else:
                message = f"{name!r} is there twice (first in line {first.line})"
                yield name, message, "merge the rows, or leave the name to the one it is used for"
        seen.setdefault(key, product)
        others = taken.get(key, set()) - {product.cell_type}
        if others:
            message = f"{name!r} is also a name of {', '.join(sorted(others))}"
            yield name, message, f"correct {CELL_TYPE}, or take the name out of one of the two tables"
