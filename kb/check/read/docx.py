"""Word documents (.docx): paragraphs, tables and notes in reading order, with a way back to the words.

The text drawn from a document has one line per paragraph. A paragraph is a ``w:p`` of the body, counted from 0 in the
order of the file, those in tables included (:func:`paragraphs_of`); a run is a ``w:r`` anywhere inside it, links and
insertions included, deletions not (:func:`runs_of_paragraph`). :func:`runs_of` gives, for each character of the text,
paragraph, run and character: a comment on the characters ``a`` to ``b`` belongs around the runs of ``a`` and ``b - 1``.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from kb.check.page import PageError
from kb.check.read.docx_styles import Styles
from kb.check.read.drafts import Drawn
from kb.check.read.grids import Spot, heads_settled
from kb.check.read.raised import settle
from kb.check.read.stretch import Draft
from kb.check.read.titles import is_question, is_short, is_title
from kb.check.read.traced import Traced, of_source

#: Bytes after unpacking, and number of parts; a document that claims more is refused before it is unpacked.
LARGEST_UNPACKED, _MOST_PARTS = 200_000_000, 5_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHARACTERS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "‑", f"{_W}softHyphen": ""}
_NOTES = {f"{_W}footnoteReference": "footnotes", f"{_W}endnoteReference": "endnotes"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

_EMPTY = Traced("", ())


@dataclass(frozen=True, slots=True)
class RunPlace:
    """Where a character of the drawn text stands in the document: all counted from 0."""

    paragraph: int
    run: int
    character: int


def draw_docx(data: bytes, name: str) -> Drawn:
    """Return the stretches of a Word document.

    Raises:
        PageError: it is damaged, or unpacks to more than is read.
    """
    return _reader(data, name).drawn


def runs_of(data: bytes, name: str) -> dict[int, RunPlace]:
    """Return, for each place in :attr:`Page.source` that shows a character of a run of the body, which one that is.

    Line ends, and text of notes, headers and footers, have no entry. Written-out superscripts ("[1]", "^9") lead to
    the run that holds the digits.

    Raises:
        PageError: as :func:`draw_docx`.
    """
    return _reader(data, name).places


def paragraphs_of(document: Any) -> list[Any]:
    """Return the ``w:p`` elements of a python-docx document in the order in which :class:`RunPlace` counts them."""
    return [found for found in document.element.body.iter(f"{_W}p") if not _in_fallback(found)]


def runs_of_paragraph(paragraph: Any) -> list[Any]:
    """Return the ``w:r`` elements of a ``w:p`` element in the order in which :class:`RunPlace` counts them."""
    return [
        run
        for run in paragraph.iter(f"{_W}r")
        if next(run.iterancestors(f"{_W}p")) is paragraph
        and not any(True for _ in run.iterancestors(f"{_W}del", f"{_W}moveFrom"))
    ]


def _in_fallback(element: Any) -> bool:
    return any(True for _ in element.iterancestors(_FALLBACK))


def _reader(data: bytes, name: str) -> _Reader:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise PageError(f"{name}: protected by a password. Save a copy without one.")
            size = sum(part.file_size for part in parts)
        if size > LARGEST_UNPACKED or len(parts) > _MOST_PARTS:
            raise PageError(
                f"{name}: unpacks to {size / 1e6:,.0f} MB in {len(parts):,} parts, more than is read "
                f"({LARGEST_UNPACKED // 1_000_000} MB). Save its text as .txt."
            )
        return _Reader(Document(io.BytesIO(data)))
    except PageError:
        raise
    # Damaged documents fail in many ways inside the library; each means the same to the user.
    except Exception as error:
        raise PageError(
            f"{name}: damaged: no Word document can be read from it ({type(error).__name__}). Open it in a word "
            "processor and save it again."
        ) from error


class _Reader:
    """Walks through the body, then the notes, then headers and footers."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.styles = Styles(document)
        self.parts: list[str] = []
        self.length = 0
        self.places: dict[int, RunPlace] = {}
        self.drawn = Drawn("")
        self.notes: list[tuple[str, str, str]] = []
        self.tables = 0
        self.above = 2
        self.drafted: list[tuple[Draft, int, int]] = []
        self.numbers: dict[str, int] = {}
        self.grids: list[tuple[int, list[Spot]]] = []
        self.linked: set[int] = set()
        self.hyperlinks: list[Any] = []
        self.boxes = self.bare = self.first = 0
        #: Proxies of lxml are kept alive, so that their ids stay theirs.
        self.kept = paragraphs_of(document)
        self.indices = {id(one): at for at, one in enumerate(self.kept)}
        self._read()

    def _read(self) -> None:
        self._body(self.document.element.body, None)
        self._footnotes()
        self._margins()
        source = "".join(self.parts)
        self.drawn.source = source
        for draft, start, end in self.drafted:
            draft.traced = of_source(source, start, end)
        self._settle_tables()
        self.drawn.drafts = [draft for draft, _, _ in self.drafted]
        core = self.document.core_properties
        self.drawn.title = next((d.traced.text for d in self.drawn.drafts if d.kind == "heading" and d.level == 1), "")
        self.drawn.title = self.drawn.title or (core.title or "").strip()
        self._told()

    # ----------------------------------------------------------------- body

    def _body(self, parent: Any, spot: Spot | None) -> None:
        """Read paragraphs and tables of the body, of a cell or of a box around content."""
        for child in parent:
            if child.tag == f"{_W}p":
                self._paragraph(child, spot)
            elif child.tag == f"{_W}tbl":
                self._table(child)
            elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo", f"{_W}customXml"):
                self._body(child, spot)

    def _table(self, table: Any) -> None:
        self.tables += 1
        number, spots = self.tables, []
        for row, line in enumerate(table.iter(f"{_W}tr"), 1):
            if next(line.iterancestors(f"{_W}tbl")) is not table:
                continue
            header = line.find(f"{_W}trPr/{_W}tblHeader") is not None
            column = 1
            for cell in line.iter(f"{_W}tc"):
                if next(cell.iterancestors(f"{_W}tr")) is not line:
                    continue
                span = cell.find(f"{_W}tcPr/{_W}gridSpan")
                wide = int(span.get(f"{_W}val", "1")) if span is not None else 1
                spot = Spot(row, column, 1, wide, header, [])
                self._body(cell, spot)
                spots.append(spot)
                column += wide
        self.grids.append((number, spots))

    def _settle_tables(self) -> None:
        for number, spots in self.grids:
            shown = [spot for spot in spots if any(draft.traced.text for draft in spot.drafts)]
            heads_settled(shown, number)

    def _paragraph(self, paragraph: Any, spot: Spot | None) -> None:
        index = self.indices[id(paragraph)]
        start = self.length
        bold, seen = self._runs(paragraph, index)
        self._end()
        place = f"paragraph {index + 1}"
        draft = self._draft(paragraph, "".join(self.parts[self.first :]).strip(), 0 < seen <= bold)
        draft.place = place
        self.drafted.append((draft, start, self.length - 1))
        if spot is not None:
            spot.drafts.append(draft)
        self._pictures(paragraph, place)
        for box in paragraph.iter(f"{_W}txbxContent"):
            if not _in_fallback(box) and next(box.iterancestors(f"{_W}p")) is paragraph:
                self.boxes += 1
                self._body(box, None)

    def _draft(self, paragraph: Any, text: str, bold: bool) -> Draft:
        level = self.styles.heading(paragraph)
        if level:
            self.above = level
            return Draft("heading", _EMPTY, level)
        item = self.styles.item(paragraph)
        if item is not None:
            depth, own, numbered = item
            key = f"{own}/{depth}"
            self.numbers[key] = self.numbers.get(key, 0) + 1
            return Draft("item", _EMPTY, depth, number=str(self.numbers[key]) if numbered else "")
        if bold and (is_question(text) or (is_short(text) and is_title(text) and len(text) > 2)):
            return Draft("heading", _EMPTY, max(3, min(self.above + 1, 6)))
        return Draft("paragraph", _EMPTY)

    def _runs(self, paragraph: Any, index: int) -> tuple[int, int]:
        """Write the runs of a paragraph; return how many characters are bold and how many there are."""
        bold = seen = 0
        self.first = len(self.parts)
        for number, run in enumerate(runs_of_paragraph(paragraph)):
            link = next(run.iterancestors(f"{_W}hyperlink"), None)
            if link is not None:
                self._link(link)
            before, at = self.length, len(self.parts)
            self._run(run, index, number)
            written = "".join(self.parts[at:])
            shown = sum(not one.isspace() for one in written)
            seen += shown
            properties = run.find(f"{_W}rPr")
            weight = properties.find(f"{_W}b") if properties is not None else None
            if weight is not None and weight.get(f"{_W}val") not in ("0", "false"):
                bold += shown
            raised = properties.find(f"{_W}vertAlign") if properties is not None else None
            if raised is not None and raised.get(f"{_W}val") == "superscript" and written:
                self._raise(written, before, at, RunPlace(index, number, 0))
        return bold, seen

    def _run(self, run: Any, index: int, number: int) -> None:
        character = 0
        for child in run:
            if child.tag == f"{_W}t":
                text = child.text or ""
            elif child.tag in _CHARACTERS:
                text = _CHARACTERS[child.tag]
            elif child.tag in _NOTES:
                text = self._marker(_NOTES[child.tag], child.get(f"{_W}id", ""))
            else:
                continue
            for one in text.replace("\n", " "):
                self.places[self.length] = RunPlace(index, number, character)
                self._write(one)
                character += 1

    def _raise(self, written: str, before: int, at: int, place: RunPlace) -> None:
        """Write a superscript run as marker or exponent; what follows it cannot be known yet and hardly matters."""
        head, kept, tail = settle("".join(self.parts[self.first : at])[-24:], written, "", False)
        if (head, kept, tail) == ("", written, ""):
            return
        del self.parts[at:]
        for gone in range(before, self.length):
            self.places.pop(gone, None)
        self.length = before
        for character, one in enumerate(head + kept + tail):
            own = min(max(0, character - len(head)), len(written) - 1)
            self.places[self.length] = RunPlace(place.paragraph, place.run, own)
            self._write(one)

    def _marker(self, sort: str, own: str) -> str:
        """The marker of a footnote or endnote: they are counted together, in the order of the text."""
        known = [label for one, identity, label in self.notes if (one, identity) == (sort, own)]
        if known:
            return f"[{known[0]}]"
        self.notes.append((sort, own, str(len(self.notes) + 1)))
        return f"[{len(self.notes)}]"

    def _link(self, link: Any) -> None:
        identity = link.get(qn("r:id"))
        relation = self.document.part.rels.get(identity) if identity else None
        if relation is not None and relation.is_external and id(link) not in self.linked:
            self.linked.add(id(link))
            self.hyperlinks.append(link)
            if re.match(r"https?://", relation.target_ref, re.IGNORECASE):
                self.drawn.links[self.length] = relation.target_ref

    def _pictures(self, paragraph: Any, place: str) -> None:
        for picture in paragraph.iter(qn("wp:docPr")):
            if next(picture.iterancestors(f"{_W}p")) is not paragraph or _in_fallback(picture):
                continue
            text = (picture.get("descr") or "").strip()
            if not text:
                self.bare += 1
                continue
            start = self.length
            self._write(re.sub(r"\s+", " ", text))
            self._end()
            self.drafted.append((Draft("alt", _EMPTY, place=place), start, self.length - 1))

    # ----------------------------------------------------------------- notes and margins

    def _footnotes(self) -> None:
        for sort, own, label in list(self.notes):
            for note in self._roots(f"/{sort}"):
                for found in note.findall(f"{_W}{sort[:-1]}"):
                    if found.get(f"{_W}id") == own:
                        self._plain(found, Draft("footnote", _EMPTY, label=label, place=f"{sort[:-1]} {label}"))

    def _margins(self) -> None:
        said: set[str] = set()
        for sort in ("header", "footer"):
            for root in self._roots(f"/{sort}"):
                for paragraph in root.iter(f"{_W}p"):
                    text = "".join(one.text or "" for one in paragraph.iter(f"{_W}t")).strip()
                    if text and text not in said and any(map(str.isalpha, text)):
                        said.add(text)
                        self._plain(paragraph, Draft("paragraph", _EMPTY, place=sort))

    def _plain(self, element: Any, draft: Draft) -> None:
        start = self.length
        for one in element.iter(f"{_W}t"):
            self._write(one.text or "")
        self._end()
        self.drafted.append((draft, start, self.length - 1))

    def _roots(self, ending: str) -> list[Any]:
        """Return the root elements of the parts that relate to the document in a given way."""
        found = []
        for relation in self.document.part.rels.values():
            if not relation.is_external and relation.reltype.endswith(ending):
                part = relation.target_part
                found.append(part.element if hasattr(part, "element") else parse_xml(part.blob))
        return found

    def _told(self) -> None:
        """Say what was left out."""
        body = self.document.element.body
        counts = (
            (len(list(body.iter(f"{_W}del", f"{_W}moveFrom"))), "Tracked deletions: {} not read (insertions are)."),
            (sum(len(root) for root in self._roots("/comments")), "Comments: {} not read."),
            (self.boxes, "Text boxes: {} read where they are anchored, which may not be where they are shown."),
            (self.bare, "Pictures and drawings without a text alternative: {} not read."),
        )
        self.drawn.notes += [told.format(count) for count, told in counts if count]

    def _write(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def _end(self) -> None:
        self._write("\n")
