"""What a sentence was taken to claim, in words, so that a reader can object to the reading before the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kb.records.claim import Claim
from kb.records.common import ProductKey
from kb.vocabulary import Vocabulary

_TYPES = {
    "efficacy": "a benefit",
    "eligibility": "for whom the treatment is",
    "comparative": "a comparison",
    "safety": "safety",
    "mechanism": "how something works in the body",
    "manufacturing": "how the product is made or given",
    "regulatory": "an authorisation or stage of development",
    "counting": "a number of trials or studies",
    "citation": "the result of a study",
    "precaution": "a precaution",
    "none": "nothing that can be checked",
}
_SUBJECTS = {
    "own_product": "the product on sale",
    "class": "such products in general",
    "other_product": "another product",
    "cited_study": "a named study",
    "biology": "biology",
    "seller": "the seller",
}
_WORDINGS = {"asserted": "stated as fact", "hedged": "hedged", "implied": "implied", "denied": "denied"}
_SAYS = {
    "approved": "authorised",
    "not_approved": "not authorised",
    "in_trials": "in clinical trials",
    "used_without_licence": "in use without a licence",
    "designated": "designated or cleared for trials",
    "rule": "what the rules are",
}


def understood(vocabulary: Vocabulary, claim: Claim, key: ProductKey) -> str:
    """Return the reading of a claim in one line.

    Args:
        vocabulary: for labels.
        claim: as read.
        key: what it speaks of, with what the product on sale adds.
    """
    if claim.claim_type in ("none", "precaution"):
        return f"Claims {_TYPES['none']}." if claim.claim_type == "none" else "A precaution."

    def labels(axis: str) -> str:
        return ", ".join(vocabulary.label(axis, one) for one in getattr(key, axis))

    parts = [f"{_TYPES[claim.claim_type]} of {_SUBJECTS[claim.subject]}"]
    if claim.outcome and claim.claim_type != "safety":
        parts.append(vocabulary.label("outcome", claim.outcome))
    if claim.event:
        verb = "shut out" if claim.absolute else "admitted" if claim.states_harm else "spoken of"
        parts.append(f"{vocabulary.label('event', claim.event)} {verb}")
    if claim.regulatory:
        said = claim.regulatory
        where = ", ".join(said.jurisdictions) or ("elsewhere" if said.elsewhere else "")
        parts.append(_SAYS[said.says] + (f" in {where}" if where else ""))
    if claim.counting:
        value = f" {claim.counting.value}" if claim.counting.value is not None else ""
        parts.append(f"{claim.counting.op}{value} {claim.counting.what}")
    parts += _people_and_cells(labels)
    if claim.compared_with:
        against = [
            vocabulary.label(axis, one)
            for axis in ("cell_type", "engineering", "combination", "indication")
            for one in getattr(claim.compared_with, axis)
        ]
        parts.append(f"against {', '.join(against)}")
    if claim.outside:
        parts.append(f"not in this base: {', '.join(claim.outside)}")
    text = " · ".join(parts)
    return f"{text[:1].upper()}{text[1:]} ({_WORDINGS[claim.wording]})."


def _people_and_cells(labels: Callable[[str], str]) -> Iterator[str]:
    """Yield what is given, to whom and with what, in words; ``labels`` names the concepts of an axis."""
    cells = (labels(axis) for axis in ("cell_type", "cell_source", "expansion", "engineering"))
    if made := [words for words in cells if words]:
        yield "; ".join(made)
    for axis, lead in (("indication", "in"), ("setting", "people:"), ("combination", "with")):
        if words := labels(axis):
            yield f"{lead} {words}"
