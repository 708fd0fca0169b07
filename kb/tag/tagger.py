"""The tagger: a record in, everything said of it out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from kb.tag import attributes, cell_roles, design, headings, kinds, people, phase, product
from kb.tag.abbreviations import defined
from kb.tag.attributes import Attribute, Scene, place
from kb.tag.conflicts import conflicts
from kb.tag.context import Context, load_context
from kb.tag.doses import doses
from kb.tag.ellipsis import completed
from kb.tag.findings import Findings, load_findings
from kb.tag.lineage import check_lineage
from kb.tag.matcher import Matcher, needs_support
from kb.tag.mentions import Mention, Part, mentions, parts
from kb.tag.mesh import Descriptor, load_mesh
from kb.tag.named import axes, by_name, with_products
from kb.tag.people import Treated
from kb.tag.product import Product
from kb.tag.products import ProductName, load_products
from kb.tag.record import TagRecord
from kb.tag.refinements import Refinements, load_refinements
from kb.tag.relevance import relevance, signs
from kb.tag.tags import Assertion, Dose, Finding, Hit, Tag, Tagged
from kb.vocabulary import Vocabulary

_Mark = TypeVar("_Mark", Tag, Dose)

#: Facets whose names are looked for in text. Phase, design, outcome and event have rules of their own.
NAMED: tuple[str, ...] = (
    "cell_type",
    "cell_source",
    "expansion",
    "engineering",
    "indication",
    "setting",
    "combination",
)

#: Kinds of record that are tags of facet ``design`` and say nothing of relevance.
_DESIGNS = frozenset(["case_report", "systematic_review"])
_NO_REFINEMENTS = Refinements()
#: Sentences that go on about the product without naming it.
_THE_CELLS = re.compile(r"\b(?:the|these|infused|such) cells\b", re.IGNORECASE)


class Tagger:
    """Tags records.

    Args:
        vocabulary: the concepts.
        context: the judge of assertions.
        findings: the reader of results.
        lineage: cell types the topic is about (``data/build.yml``).
        products: names of single products.
        refinements: when a kind of cells is really a narrower one.
        descriptors: MeSH descriptors, for headings.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        context: Context,
        findings: Findings,
        lineage: Sequence[str],
        products: Sequence[ProductName] = (),
        refinements: Refinements = _NO_REFINEMENTS,
        descriptors: Sequence[Descriptor] = (),
    ) -> None:
        self._vocabulary = vocabulary
        self._context = context
        self._lineage = tuple(lineage)
        self._matcher = Matcher(with_products(vocabulary, products, lineage), NAMED)
        self._products = by_name(products)
        self._findings = findings
        self._refinements = refinements
        self._lineage_diseases = _named_like(vocabulary, lineage)
        self._harms = _also_harms(vocabulary)
        self._headings = headings.Headings(vocabulary, descriptors)

    def tag(self, record: TagRecord) -> Tagged:
        """Return what a record says: tags, relevance, findings, doses, conflicts.

        Args:
            record: any record; a facet nothing is said of gets no tag.
        """
        told = parts(record)
        by_field = {
            passage.field: [part.sentence for part in told if part.passage is passage] for passage in record.passages
        }
        indexed = self._headings.tags(record)
        named = mentions(self._found(record, told, indexed), self._context)
        of: dict[str, list[Mention]] = {facet: [] for facet in NAMED}
        for mention in named:
            of[mention.hit.facet].append(mention)
        people_told, codes = signs(record, told), _codes(record)
        given = product.product(
            [cell_roles.judged(mention, codes) for mention in of["cell_type"]],
            self._vocabulary,
            {(one.passage.field, one.hit.start, one.hit.end) for one in of["combination"]},
            people=people_told.people > 0 or record.kind == "registration",
            registered=record.kind == "registration",
        )
        ill = people.treated(of["indication"], self._vocabulary, self._harms)
        of_kind = kinds.of_record(record, by_field)
        flags: set[str] = {flag for flag, *_ in of_kind}
        looks = {"disease"} if not given.concepts and self._lineage_diseases & set(ill.concepts) else set()
        judged = relevance(record, given, people_told, flags - _DESIGNS | looks, self._lineage, self._vocabulary)
        found = [one for passage in record.passages for one in self._findings.of(passage, by_field[passage.field])]
        attributed = list(self._attribute_tags(told, of, given))
        implied = list(self._implied(given))
        narrow = self._refined(given, told, [*attributed, *implied])
        tags = [
            *_product_tags(narrow),
            *implied,
            *self._implied(narrow),
            *_disease_tags(ill),
            *attributed,
            *phase.phases(record, by_field, flags),
            *design.designs(record, by_field, of_kind),
            *indexed,
            *_result_tags(record, found),
        ]
        return Tagged(
            record.id,
            judged.relevant,
            judged.flags,
            judged.reason,
            tuple(sorted(set(_as_printed(record, tags)), key=_by_place(record))),
            tuple(_idle(given, ill)),
            tuple(found),
            tuple(
                _as_printed(
                    record, (one for passage in record.passages for one in doses(passage, by_field[passage.field]))
                )
            ),
            tuple(conflicts(tags, self._vocabulary)),
        )

    def _found(
        self, record: TagRecord, told: Sequence[Part], indexed: Iterable[Tag]
    ) -> Iterator[tuple[Part, list[Hit]]]:
        """Yield each sentence with the hits that begin in it."""
        short_forms = defined(passage.text for passage in record.passages)
        hits = {passage.field: self._names(passage.text, short_forms) for passage in record.passages}
        sure = {(tag.facet, tag.concept) for tag in indexed}
        for passage in record.passages:
            for hit in hits[passage.field]:
                if not needs_support(hit) or passage.kind in ("condition", "intervention"):
                    sure.add((hit.facet, hit.concept))
        waiting = {field: iter(found) for field, found in hits.items()}
        held: dict[str, Hit | None] = {}
        for part in told:  # sentences and hits come in order, so each hit is looked at once
            field, last = part.passage.field, part.sentence.end
            here: list[Hit] = []
            now = held.get(field) or next(waiting[field], None)
            while now is not None and now.start < last:
                if now.start >= part.sentence.start and (not needs_support(now) or (now.facet, now.concept) in sure):
                    here.append(now)
                now = next(waiting[field], None)
            held[field] = now
            yield part, here

    def _names(self, text: str, short_forms: Mapping[str, str]) -> list[Hit]:
        found = self._matcher.find(text, short_forms)
        taken = {(hit.facet, hit.start) for hit in found}
        more = completed(text, [hit for hit in found if hit.facet == "indication"], self._matcher.find)
        return sorted(
            [*found, *(hit for hit in more if (hit.facet, hit.start) not in taken)],
            key=lambda hit: (hit.start, hit.end, hit.facet, hit.concept),
        )

    def _implied(self, given: Product) -> Iterator[Tag]:
        """Yield what a product is on other axes: by definition (a CAR-NK cell carries a CAR), or by its name."""
        for concept, evidence in given.evidence.items():
            for target in self._vocabulary.concepts["cell_type"][concept].implies:
                facet, _, implied = target.partition(":")
                for one in evidence:
                    yield _tag(one.mention, "present", f"implied by {concept}", facet, implied)
            for one in evidence:
                if named := self._products.get(one.mention.hit.name):
                    for facet, known in axes(named):
                        told = _tag(one.mention, "present", f"known of the product {named.name}", facet, known)
                        yield replace(told, origin="product_list")

    def _attribute_tags(
        self, told: Sequence[Part], of: Mapping[str, Sequence[Mention]], given: Product
    ) -> Iterator[Tag]:
        scene = self._scene(told, of, given)
        found: list[tuple[str, Iterable[Attribute]]] = [("setting", attributes.settings(of["setting"], scene))]
        if given.concepts:
            found += [
                ("cell_source", attributes.sources(of["cell_source"], scene)),
                ("expansion", attributes.growth(of["expansion"], scene)),
                ("engineering", attributes.changes(of["engineering"], scene)),
                ("combination", attributes.partners(of["combination"], scene)),
            ]
        for facet, ones in found:
            for one in attributes.specific(ones, facet, self._vocabulary):
                yield _tag(one.mention, one.assertion, one.rule, facet, one.meant)

    def _refined(self, given: Product, told: Sequence[Part], said: Iterable[Tag]) -> Product:
        """Return the product with each concept as narrow as the words around it and its engineering make it."""
        engineering = {tag.concept for tag in said if tag.facet == "engineering" and tag.assertion == "present"}
        later = [part.sentence.text for part in told if part.own and _THE_CELLS.search(part.sentence.text)]
        names = {
            concept: self._refinements.refined(concept, [*self._naming(concept, given), *later], engineering)
            for concept in given.concepts
        }
        return product.renamed(given, names)

    def _naming(self, concept: str, given: Product) -> Iterator[str]:
        """Yield the study's own sentences that name a product, or the kind it belongs to."""
        for one in given.judged:
            tells = one.mention.own and one.role not in ("measured", "contrast", "history", "animal")
            if tells and self._vocabulary.is_a("cell_type", concept, one.mention.hit.concept):
                yield one.mention.sentence.text

    def _scene(self, told: Sequence[Part], of: Mapping[str, Sequence[Mention]], given: Product) -> Scene:
        """Return what the attribute rules need: the product's kin, and the sentences that name one of them."""
        kin = {concept for product_ in given.concepts for concept in self._vocabulary.ancestors("cell_type", product_)}
        roles = {(one.mention.passage.field, one.mention.hit.start): one.role for one in given.judged}
        idle = {where for where, role in roles.items() if role in ("measured", "contrast", "history")}
        treatments = {where for where, role in roles.items() if role in ("given", "used")}
        said = {
            place(one)
            for one in of["cell_type"]
            if one.hit.concept in kin and (one.passage.field, one.hit.start) not in idle
        }
        return Scene.of_record(self._vocabulary, told, of, kin, said, treatments, idle)


def load_tagger(root: Path, vocabulary: Vocabulary, lineage: Sequence[str]) -> Tagger:
    """Return the tagger for a data directory.

    Args:
        root: the data directory, for its rules.
        vocabulary: its concepts.
        lineage: of its ``build.yml``.

    Raises:
        DataError: a rule file is wrong, or the lineage names no concept.
    """
    check_lineage(root, vocabulary, lineage)
    return Tagger(
        vocabulary,
        load_context(root),
        load_findings(root, vocabulary),
        lineage,
        load_products(root, vocabulary),
        load_refinements(root, vocabulary),
        load_mesh(root, vocabulary),
    )


def _named_like(vocabulary: Vocabulary, lineage: Sequence[str]) -> frozenset[str]:
    """Return the diseases that bear the name of the cells ("NK/T-cell lymphoma"): look-alikes of the lineage."""
    looks = {
        name.lower()
        for concept in vocabulary.concepts["cell_type"].values()
        if any(vocabulary.is_a("cell_type", concept.id, root) for root in lineage)
        for name in concept.look_alikes
    }
    return frozenset(
        concept.id
        for concept in vocabulary.concepts["indication"].values()
        if looks & {name.lower() for name in (concept.label, *concept.synonyms)}
    )


def _also_harms(vocabulary: Vocabulary) -> frozenset[str]:
    """Return the indications whose names are names of harms too (graft-versus-host disease, infection)."""
    harms = {
        name.lower() for concept in vocabulary.concepts["event"].values() for name in (concept.label, *concept.synonyms)
    }
    return frozenset(
        concept.id
        for concept in vocabulary.concepts["indication"].values()
        if harms & {name.lower() for name in (concept.label, *concept.synonyms)}
    )


def _codes(record: TagRecord) -> tuple[str, ...]:
    """Return the names of registered interventions: a summary often says behind the code what it is."""
    return tuple(
        passage.text.lower() for passage in record.passages if passage.kind == "intervention" and len(passage.text) < 30
    )


def _product_tags(given: Product) -> Iterator[Tag]:
    for concept, evidence in given.evidence.items():
        for one in evidence:
            named = one.mention.hit.concept
            more = "" if concept == named else f"; {named} made narrower by the words around it"
            yield _tag(one.mention, "present", f"product: {one.rule}{more}", concept=concept)


def _disease_tags(ill: Treated) -> Iterator[Tag]:
    for found in ill.concepts.values():
        for one in found:
            yield _tag(one.mention, "present", f"people: {one.rule}")


def _result_tags(record: TagRecord, found: Iterable[Finding]) -> Iterator[Tag]:
    """Yield what was measured and which harms were looked for, each where its sentence stands."""
    texts = {passage.field: passage.text for passage in record.passages}
    for one in found:
        for facet, concept in (("outcome", one.outcome), ("event", one.event)):
            if concept:
                # That no harm was seen is a result on safety.
                said: Assertion = "present" if facet == "outcome" and one.event else one.assertion
                words = texts[one.field][one.start : one.end]
                yield Tag(
                    facet,
                    concept,
                    "text",
                    one.field,
                    one.start,
                    one.end,
                    words,
                    said,
                    f"result: {one.rule or 'figure'}",
                )


def _tag(mention: Mention, assertion: Assertion, rule: str, facet: str = "", concept: str = "") -> Tag:
    hit = mention.hit
    return Tag(
        facet or hit.facet,
        concept or hit.concept,
        "text",
        mention.passage.field,
        hit.start,
        hit.end,
        hit.text,
        assertion,
        rule,
    )


def _idle(given: Product, ill: Treated) -> Iterator[tuple[Hit, str, str]]:
    """Yield the cells and diseases that are named and are neither product nor indication, with why."""
    for one in given.judged:
        if one.mention.hit.concept not in given.evidence or one.role not in cell_roles.SIGNS:
            yield one.mention.hit, one.mention.passage.field, f"{one.role}: {one.rule}"
    for other in ill.judged:
        if other.mention.hit.concept not in ill.concepts or other.role != "treated":
            yield other.mention.hit, other.mention.passage.field, f"{other.role}: {other.rule}"


def _as_printed(record: TagRecord, marks: Iterable[_Mark]) -> Iterator[_Mark]:
    """Yield marks with the words as the record prints them; sentences hold plain letters for look-alikes (ı for i)."""
    texts = {passage.field: passage.text for passage in record.passages}
    for mark in marks:
        if mark.start is None or (printed := texts[mark.field][mark.start : mark.end]) == mark.text:
            yield mark
        else:
            yield replace(mark, text=printed)


def _by_place(record: TagRecord) -> Callable[[Tag], tuple[int, int, int, str, str, str, str, str]]:
    """Return the order of tags: by field as the record has them (codes and headings last), then by place."""
    order = {passage.field: place for place, passage in enumerate(record.passages)}

    def key(tag: Tag) -> tuple[int, int, int, str, str, str, str, str]:
        start, end = (tag.start, tag.end) if tag.start is not None and tag.end is not None else (-1, -1)
        place = order.get(tag.field, len(order))
        return place, start, end, tag.facet, tag.concept, tag.origin, tag.rule, tag.assertion

    return key
