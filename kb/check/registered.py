"""Claims of checked documents in the base that say the same as a claim of a page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from kb.records.claim import Claim, Document
from kb.records.common import AXES

#: What a claim says: everything its record holds but where it stands and in which words.
Saying = tuple[object, ...]


def saying(document: Document, claim: Claim) -> Saying | None:
    """Return what a claim says, as a key that is equal for equal claims whatever their words.

    A claim about the product on sale says what the page sells where it is silent. None where there is too little to
    know a claim by: no disease, outcome, harm, study, number of trials or authorisation.
    """
    told = (claim.outcome, claim.event, claim.marker, claim.reports, claim.regulatory, claim.counting)
    if claim.claim_type in ("none", "precaution") or not (claim.axes.indication or any(told)):
        return None
    own = claim.subject == "own_product"
    axes = tuple(
        tuple(sorted(getattr(claim.axes, axis) or (getattr(document.sold, axis) if own else ()))) for axis in AXES
    )
    how = (claim.absolute, claim.universal, claim.states_harm, claim.report_of_absence)
    beside = (claim.compared_with, claim.names_product, claim.outside)
    return (claim.claim_type, claim.subject, claim.wording, axes, *told, *how, *beside)


class Registered:
    """The claims of the register by what they say.

    Args:
        documents: the checked documents.
    """

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = tuple(documents)

    @cached_property
    def _by_saying(self) -> dict[Saying, list[tuple[str, str]]]:
        found: dict[Saying, list[tuple[str, str]]] = {}
        for document in self._documents:
            for claim in document.claims:
                if (key := saying(document, claim)) is not None:
                    found.setdefault(key, []).append((document.sha256, claim.id))
        return found

    def same(self, document: Document, claim: Claim) -> tuple[str, ...]:
        """Return ids of the claims of other documents that say what a claim of a page says, in order."""
        key = saying(document, claim)
        known = self._by_saying.get(key, []) if key is not None else []
        return tuple(sorted(name for sha256, name in known if sha256 != document.sha256))
