"""Checks a page against a base: reads it into claims, asks the same engine as the register, and shows the answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from kb.assess.base import Base
from kb.assess.claim import Assessor
from kb.assess.result import Status
from kb.check.findings import Findings, Labels
from kb.check.page import Page
from kb.check.report import Report
from kb.check.understand.kit import Kit, read_kit
from kb.check.understand.names import names_in
from kb.check.understand.reader import Draft, Reader
from kb.check.understand.sold import Sold, infer
from kb.check.understand.studies import StudyNames
from kb.check.understand.units import Unit, units
from kb.dates import PartialDate
from kb.records.claim import Claim, Document
from kb.records.common import ProductKey
from kb.rows.facts import read_facts

#: With more answers kept than this (about 250 MB) the judges begin anew before the next page.
_MOST_ANSWERS = 6000
_SOLD_AXES = ("cell_type", "cell_source", "expansion", "engineering")


class Checker:
    """Checks pages against one base.

    Args:
        base: the facts and the day.
        kit: names and words.
        labels: names and public pages of records.
        built: what the base holds, in words.
    """

    def __init__(self, base: Base, kit: Kit, labels: Mapping[str, Labels], built: str = "") -> None:
        self.kit = kit.with_licences(base.data.approvals)
        self.built = built
        self._labels = labels
        self._studies = StudyNames(base.data)
        self._begin(base)
        self.wording_ids = tuple(kit.language.rules)

    def _begin(self, base: Base) -> None:
        """Take judges who have kept nothing; a site that checks pages for months must not fill its memory."""
        self.base = base
        self._assessor = Assessor(base)
        self._findings = Findings(base, self.kit, self._labels)

    def check(self, page: Page, place: str, product: ProductKey | None = None) -> Report:
        """Return the verdicts on a page.

        Args:
            page: as read.
            place: jurisdiction.
            product: what it sells, when the user says so; inferred from the page otherwise.
        """
        if self.base.clock.answers > _MOST_ANSWERS:
            self._begin(Base(self.base.data, self.base.as_of))
        every = list(units(page))
        sold = self._sold(every, product)
        reader = Reader(self.kit, self._studies, sold.key, page.references)
        drafts = [draft for unit in every for draft in reader.read(unit)]
        document = self._document(page, sold, drafts)
        statuses = [self._status(document, claim, place) for claim in document.claims]
        every_finding = list(self._findings.of(page, document, drafts, statuses))
        found = [one for one in every_finding if one.status_class != "not_a_claim"]
        vocabulary = self.kit.vocabulary
        assumed = {axis: getattr(sold.key, axis) for axis in _SOLD_AXES if getattr(sold.key, axis)}
        return Report(
            page=page,
            assumed=assumed,
            assumed_labels={axis: tuple(vocabulary.label(axis, one) for one in ones) for axis, ones in assumed.items()},
            assumed_basis=sold.basis,
            jurisdiction=place,
            as_of=self.base.as_of.isoformat(),
            built=self.built,
            findings=tuple(replace(one, id=f"f{number:03d}") for number, one in enumerate(found, 1)),
            notes=page.notes,
            set_aside=tuple(one for one in every_finding if one.status_class == "not_a_claim"),
        )

    def _sold(self, every: Sequence[Unit], product: ProductKey | None) -> Sold:
        if product is not None:
            return Sold(product, "as the user said")
        return infer(self.kit, ((unit, names_in(self.kit, unit.text)) for unit in every))

    def _document(self, page: Page, sold: Sold, drafts: Sequence[Draft]) -> Document:
        """Return the page as a document of the register: its claims as they were read."""
        claims = tuple(
            Claim(
                id=f"page#c{number:03d}",
                section=(draft.unit.headings or ("page",))[-1],
                line_start=(line := page.line_of(draft.unit.block.offsets[draft.unit.start])),
                line_end=line,
                statement=draft.unit.text,
                **draft.fields,
            )
            for number, draft in enumerate(drafts, 1)
        )
        return Document(
            id="page",
            title=page.title or page.name,
            kind=page.format,
            sha256=page.sha256,
            line_count=max(1, page.line_count),
            retrieved=PartialDate.parse(self.base.as_of.isoformat()),
            sold=sold.key,
            sold_basis=sold.basis,
            reference_list=bool(page.references),
            coverage="read by a program",
            claims=claims,
        )

    def _status(self, document: Document, claim: Claim, place: str) -> Status:
        """Return the verdict in a place; where else it is authorised is told as well."""
        places = self.base.data.build.jurisdictions
        if not (claim.names_product or claim.licensed_as_such):
            places = tuple(one for one in places if one == place)
        return next(one for one in self._assessor.assess(document, claim, places) if one.jurisdiction == place)


def product_key(kit: Kit, text: str) -> ProductKey:
    """Return the product a user names: ``cell_type=nk,nkt cell_source=autologous``, or words the vocabulary knows.

    Raises:
        ValueError: an axis or a concept that is none; the message names those that fit.
    """
    given: dict[str, tuple[str, ...]] = {}
    for part in text.split():
        axis, equals, values = part.partition("=")
        if not equals:
            found = names_in(kit, text)
            given = {one: found.concepts(one) for one in _SOLD_AXES if found.concepts(one)}
            if not given:
                raise ValueError(
                    f"no product is named in {text!r}; write for instance cell_type=nk cell_source=autologous"
                )
            return ProductKey(**given)
        if axis not in _SOLD_AXES:
            raise ValueError(f"{axis!r} is no axis of a product; use {', '.join(_SOLD_AXES)}")
        concepts = tuple(one for one in values.split(",") if one)
        for concept in concepts:
            if (axis, concept) not in kit.vocabulary:
                raise ValueError(f"{concept!r} is no {axis}: {kit.vocabulary.suggest(axis, concept)}")
        given[axis] = concepts
    return ProductKey(**given)


def open_checker(db: sqlite3.Connection, as_of: date | None = None) -> Checker:
    """Return a checker over a store.

    Args:
        db: an open store.
        as_of: another day than the build's.

    Raises:
        BuildError: the store was made by another version of this program.
    """
    data = read_facts(db)
    built = db.execute("select as_of from builds").fetchone()[0]
    kit = read_kit(db, data.vocabulary, tuple(data.build.lineage))
    labels = {
        name: Labels(kind, label, url or "")
        for name, kind, label, url in db.execute(
            "select id, kind, label, url from nodes where kind not in ('concept', 'claim', 'document', 'product')"
        )
    }
    words = (
        f"{len(data.studies)} studies, {len(data.trials)} registered trials and {len(data.approvals)} authorisations, "
        f"as of {built}"
    )
    return Checker(Base(data, as_of or date.fromisoformat(built)), kit, labels, words)
