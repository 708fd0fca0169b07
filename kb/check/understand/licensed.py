"""Names of authorised products: which spelling on a page means which product of the authorisations on file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from kb.records.approval import Approval
from kb.tag.products import ProductName

_NAMES = re.compile(r"^(?P<brand>[^(]+?)\s*(?:\((?P<other>[^)]*)\))?$")


def _spellings(product: str) -> tuple[str, ...]:
    """Return the names in "Brand (name)": a bracket of several words may describe the product, and is no name."""
    found = _NAMES.match(product)
    if found is None:
        return (product,)
    other = found["other"] or ""
    return (found["brand"], other) if other and not re.search(r"[\s,]", other) else (found["brand"],)


def licensed_names(approvals: Iterable[Approval], products: Iterable[ProductName]) -> dict[str, str]:
    """Return each name of an authorised product, in small letters, with its ``product_id``.

    Args:
        approvals: the authorisations on file.
        products: the table of product names; a row that shares a name with an authorised product adds its other names.
    """
    found = {name.casefold(): approval.product_id for approval in approvals for name in _spellings(approval.product)}
    for product in products:
        known = {found[name.casefold()] for name in product.names if name.casefold() in found}
        if len(known) == 1:
            found.update(dict.fromkeys((name.casefold() for name in product.names), known.pop()))
    return found


def unlisted(
    approvals: Iterable[Approval], products: Iterable[ProductName], known: Mapping[str, object]
) -> Iterator[ProductName]:
    """Yield authorised products that the table of product names lacks, so that a page may name them.

    Args:
        approvals: the authorisations on file.
        products: the table.
        known: names of other concepts in small letters, which stay what they are.
    """
    taken = {name.casefold() for name in chain.from_iterable(product.names for product in products)}
    for approval in approvals:
        spelt = dict.fromkeys((*_spellings(approval.product), approval.product_id))
        names = tuple(name for name in spelt if name.casefold() not in {*taken, *known})
        if not names or len(approval.label.cell_type) != 1:
            continue
        taken.update(name.casefold() for name in names)
        yield ProductName(
            name=names[0],
            other_names=names[1:],
            cell_type=approval.label.cell_type[0],
            cell_source=approval.label.cell_source,
            engineering=approval.label.engineering,
            expansion=approval.label.expansion,
            maker=approval.holder or "",
            source=approval.source,
            retrieved=str(approval.retrieved),
            checked=approval.checked,
            note="",
            line=0,
        )
