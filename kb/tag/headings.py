"""MeSH headings of a record → concepts: what people indexed, and what a registry derived by machine.

A heading says that something matters in a paper, rarely what part it plays. So only a few become tags. A disease
becomes an indication unless its qualifiers make it a harm ("/chemically induced") or a seat of metastases
("/secondary"). A cell type becomes the product with the qualifier "transplantation", or beside "Adoptive Transfer" or
"Immunotherapy, Adoptive": "Killer Cells, Natural/immunology" alone gives nothing. Drugs become partners where cells are
the product and the qualifier says they were given. In a paper indexed with animals and no people nothing becomes a tag.
Headings "… as Topic" and other labels we do not know give nothing.

Terms a registry derived are weak and sometimes wrong; they get the origin ``derived_mesh``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kb.tag.mesh import Descriptor, Key
from kb.tag.record import Heading, TagRecord
from kb.tag.tags import Origin, Tag
from kb.vocabulary import Vocabulary

FIELD = "mesh_headings"

#: Qualifiers of a disease that was treated.
_TREATED = frozenset({"therapy", "drug therapy", "surgery", "radiotherapy", "rehabilitation", "immunology"})
#: Qualifiers that by themselves make a disease a harm or a risk.
_HARM = frozenset(
    {"etiology", "chemically induced", "epidemiology", "prevention & control", "complications", "mortality"}
)
_GIVEN = frozenset({"therapeutic use", "administration & dosage", "adverse effects", "pharmacology"})
_ADOPTIVE = frozenset({"adoptive transfer", "immunotherapy, adoptive"})
_PRODUCT = "transplantation"
#: Diseases that are as often a complication as the disease treated.
_COMPLICATIONS: tuple[Key, ...] = (("indication", "infection"), ("indication", "gvhd"))
#: MeSH descriptors of age. Ages of participants are indexed as they are found; only where no other age group stands
#: beside them do they say whom a study chose. "Aged" is 65 and over.
_MINORS = frozenset({"child", "child, preschool", "infant", "infant, newborn", "adolescent"})
_OLDER = frozenset({"aged", "aged, 80 and over"})
_ADULTS = frozenset({"adult", "middle aged", "young adult"})
_QUALIFIED = re.compile(r"(?<! )/(?! )")


def heading(text: str) -> Heading:
    """Read a heading as MEDLINE and PubMed print it.

    Args:
        text: ``Killer Cells, Natural``, ``*Killer Cells, Natural/immunology/*transplantation``; a star marks a major
            topic, on the descriptor or on a qualifier.

    Returns:
        The heading; ``major`` when any star stands in it. Qualifiers are in lower case.
    """
    label, *qualifiers = _QUALIFIED.split(" ".join(text.split()))
    major = "*" in text
    return Heading(
        label.replace("*", "").strip(),
        tuple(q for q in (part.replace("*", "").strip().lower() for part in qualifiers) if q),
        major,
    )


class Headings:
    """Maps headings to concepts.

    Args:
        vocabulary: the concepts; their MeSH numbers decide what a label means.
        descriptors: labels, and narrower descriptors (:func:`kb.tag.mesh.load_mesh`).
    """

    def __init__(self, vocabulary: Vocabulary, descriptors: Iterable[Descriptor]) -> None:
        self._vocabulary = vocabulary
        self._by_number: dict[str, tuple[Key, ...]] = {}
        self._number: dict[str, str] = {}
        for concept in vocabulary:
            for xref in concept.xrefs:
                if xref.startswith("MeSH:"):
                    number = xref.removeprefix("MeSH:")
                    self._by_number[number] = (*self._by_number.get(number, ()), (concept.facet, concept.id))
        for one in descriptors:
            self._by_number.setdefault(one.id, one.concepts)
            for label in (one.label, *one.other_labels):
                self._number.setdefault(label.casefold(), one.id)

    def concepts_of(self, heading: Heading) -> list[Key]:
        """Return (facet, concept) of a heading, whatever part it plays; [] for one we have no concept for.

        A descriptor that stands for several concepts of one facet gives their nearest common broader concept. The
        qualifier "secondary" makes a tumour a metastasis, not that organ's cancer.
        """
        number = heading.id or self._number.get(heading.label.casefold(), "")
        keys = [key for key in self._by_number.get(number, ()) if key[0] not in ("phase", "outcome")]
        if "secondary" in heading.qualifiers:
            liver = ("indication", "liver-cancer") in keys
            keys = [("setting", "metastatic")] + ([("indication", "liver-metastasis")] if liver else [])
        result: list[Key] = []
        for facet in dict.fromkeys(facet for facet, _ in keys):
            concepts = [concept for other, concept in keys if other == facet]
            result.extend((facet, concept) for concept in self._nearest(number, facet, concepts))
        return result

    def _nearest(self, number: str, facet: str, concepts: list[str]) -> list[str]:
        """Return the concepts, or what two readings of one cross-reference have in common."""
        if len(concepts) < 2 or not all(
            f"MeSH:{number}" in self._vocabulary.concepts[facet][concept].xrefs for concept in concepts
        ):
            return concepts
        common = frozenset.intersection(*(self._vocabulary.ancestors(facet, concept) for concept in concepts))
        return [c for c in sorted(common) if not any(c != d and self._vocabulary.is_a(facet, d, c) for d in common)]

    def tags(self, record: TagRecord) -> list[Tag]:
        """Return the tags of a record's headings (origin mesh) and derived terms (origin derived_mesh), in their order.

        Assertion is always ``present``; ``rule`` tells which sign made it so.
        """
        return list(self._told(record))

    def _told(self, record: TagRecord) -> Iterator[Tag]:
        context = _Context(record, self)
        for one in record.headings:
            for key in self.concepts_of(one):
                if rule := context.rule(one, key):
                    yield _tag(key, "mesh", FIELD, _printed(one), rule)
        yield from self._ages(record, context)
        for field, term in record.derived:
            for key in self.concepts_of(heading(term)):
                if rule := self._derived(field, key):
                    yield _tag(key, "derived_mesh", field, term, rule)

    def _derived(self, field: str, key: Key) -> str:
        """Return the rule for a derived term, "" for no tag: conditions are diseases, interventions are given."""
        condition = "condition" in field.casefold()
        if key[0] == "indication" and condition and not self.is_aim(key):
            return "derived from conditions"
        return (
            "derived from interventions"
            if not condition and key[0] in ("cell_type", "combination", "engineering")
            else ""
        )

    def _ages(self, record: TagRecord, context: _Context) -> Iterator[Tag]:
        found = {one.label.casefold(): one.label for one in record.headings}
        minors, older, adults = (group & found.keys() for group in (_MINORS, _OLDER, _ADULTS))
        concept = ""
        if minors and not older and not adults:
            concept = "adolescent" if minors == {"adolescent"} else "paediatric"
        elif older and not minors and not adults:
            concept = "older-adult"
        if concept and not context.animals_only and ("setting", concept) in self._vocabulary:
            text = "; ".join(found[label] for label in sorted(minors | older))
            yield _tag(("setting", concept), "mesh", FIELD, text, "only age group")

    def is_aim(self, key: Key) -> bool:
        """Tell whether a concept is an aim that is no disease (ageing): indexing it says nothing of what was tried."""
        return key[0] == "indication" and self._vocabulary.is_a("indication", key[1], "aim")

    def is_complication(self, key: Key) -> bool:
        """Tell whether a disease is as often a complication as what was treated."""
        return any(key[0] == facet and self._vocabulary.is_a(facet, key[1], root) for facet, root in _COMPLICATIONS)

    def is_cancer(self, key: Key) -> bool:
        """Tell whether a concept is a cancer."""
        return key[0] == "indication" and self._vocabulary.is_a("indication", key[1], "cancer")

    def is_cell(self, key: Key) -> bool:
        """Tell whether a concept is a cell product."""
        return key[0] == "cell_type" and self._vocabulary.is_a("cell_type", key[1], "cells")


class _Context:
    """What the headings of one record say together."""

    def __init__(self, record: TagRecord, headings: Headings) -> None:
        self._headings = headings
        labels = {one.label.casefold() for one in record.headings}
        self.animals_only = "animals" in labels and "humans" not in labels
        keys = [(one, key) for one in record.headings for key in headings.concepts_of(one)]
        self._cancer = any(headings.is_cancer(key) for _, key in keys)
        self._cells = any(_PRODUCT in one.qualifiers and headings.is_cell(key) for one, key in keys)
        self._adoptive = bool(labels & _ADOPTIVE)

    def rule(self, one: Heading, key: Key) -> str:
        """Return the rule that makes a heading's concept a tag, "" where it is none."""
        facet = key[0]
        if self.animals_only:
            return ""
        if facet == "indication":
            return self._disease(one, key)
        if facet in ("cell_type", "cell_source", "engineering"):
            return self._product(one, key)
        if facet == "combination":
            return "given with cells" if (self._cells or self._adoptive) and _GIVEN & set(one.qualifiers) else ""
        return ""

    def _disease(self, one: Heading, key: Key) -> str:
        qualifiers = set(one.qualifiers)
        if self._headings.is_aim(key) or (qualifiers and qualifiers <= _HARM):
            return ""
        if self._headings.is_complication(key):
            treated = bool(qualifiers & _TREATED) or one.major
            return "disease treated" if treated or (not qualifiers and not self._cancer) else ""
        return "disease indexed"

    def _product(self, one: Heading, key: Key) -> str:
        if key[0] == "cell_type" and not self._headings.is_cell(key):
            return ""
        if _PRODUCT in one.qualifiers:
            return "transplantation"
        if key[0] == "cell_source" or not self._adoptive:
            return ""
        # Where another kind of cell is marked as the one transplanted, this one is measured, not given.
        return "" if self._cells and key[0] == "cell_type" else "adoptive transfer"


def _tag(key: Key, origin: Origin, field: str, text: str, rule: str) -> Tag:
    return Tag(key[0], key[1], origin, field, None, None, text, "present", rule)


def _printed(one: Heading) -> str:
    return f"{'*' if one.major else ''}{'/'.join((one.label, *one.qualifiers))}"
