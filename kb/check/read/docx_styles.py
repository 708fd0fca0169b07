"""What the styles of a Word document make of a paragraph."""

from __future__ import annotations

import re
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"heading\s*([1-9])", re.IGNORECASE)
_LIST = re.compile(r"list\s*(bullet|number|paragraph|continue)?\s*(\d?)$", re.IGNORECASE)


class Styles:
    """Reads headings and lists from a paragraph's properties and style, however the style is called."""

    def __init__(self, document: Any) -> None:
        self._styles = {style.style_id: style for style in document.styles}
        numbering = next((part.element for part in _numbering(document)), None)
        self._formats: dict[tuple[str, str], str] = {}
        if numbering is not None:
            self._read_numbering(numbering)

    def name(self, paragraph: Any) -> str:
        """Return the name of the style of a ``w:p``; "" without one."""
        found = paragraph.find(f"{_W}pPr/{_W}pStyle")
        style = self._styles.get(found.get(f"{_W}val")) if found is not None else None
        return (style.name or "") if style is not None else ""

    def heading(self, paragraph: Any) -> int:
        """Return the level of a heading, 1 to 6; 0 for other paragraphs."""
        name = self.name(paragraph)
        if name.lower() == "title":
            return 1
        if name.lower() == "subtitle":
            return 2
        if found := _HEADING.match(name):
            return min(int(found[1]), 6)
        for properties in self._properties(paragraph):
            outline = properties.find(f"{_W}outlineLvl")
            if outline is not None:
                level = int(outline.get(f"{_W}val", "9"))
                return min(level + 1, 6) if level < 9 else 0
        return 0

    def item(self, paragraph: Any) -> tuple[int, str, bool] | None:
        """Return depth, list and whether it is numbered, for an item of a list; None for other paragraphs."""
        for properties in self._properties(paragraph):
            number = properties.find(f"{_W}numPr/{_W}numId")
            if number is not None:
                own = number.get(f"{_W}val", "0")
                if own == "0":
                    return None
                level = properties.find(f"{_W}numPr/{_W}ilvl")
                depth = level.get(f"{_W}val", "0") if level is not None else "0"
                sort = self._formats.get((own, depth), "bullet")
                shown = _LIST.match(self.name(paragraph))
                return max(int(depth) + 1, int((shown and shown[2]) or 1)), own, sort not in ("bullet", "none")
        found = _LIST.match(self.name(paragraph))
        if found and found[1] and found[1].lower() in ("bullet", "number"):
            return int(found[2] or 1), self.name(paragraph), found[1].lower() == "number"
        return None

    def _properties(self, paragraph: Any) -> list[Any]:
        """The paragraph's own properties, then those of its style and of the styles that one is based on."""
        found = [paragraph.find(f"{_W}pPr")]
        named = paragraph.find(f"{_W}pPr/{_W}pStyle")
        style = self._styles.get(named.get(f"{_W}val")) if named is not None else None
        for _ in range(12):
            if style is None:
                break
            found.append(style.element.find(f"{_W}pPr"))
            style = getattr(style, "base_style", None)
        return [properties for properties in found if properties is not None]

    def _read_numbering(self, numbering: Any) -> None:
        formats: dict[str, dict[str, str]] = {}
        for abstract in numbering.findall(f"{_W}abstractNum"):
            own = formats.setdefault(abstract.get(f"{_W}abstractNumId", ""), {})
            for level in abstract.findall(f"{_W}lvl"):
                found = level.find(f"{_W}numFmt")
                own[level.get(f"{_W}ilvl", "0")] = found.get(f"{_W}val", "") if found is not None else ""
        for number in numbering.findall(f"{_W}num"):
            abstract = number.find(f"{_W}abstractNumId")
            levels = formats.get(abstract.get(f"{_W}val", ""), {}) if abstract is not None else {}
            for level, sort in levels.items():
                self._formats[number.get(f"{_W}numId", ""), level] = sort


def _numbering(document: Any) -> list[Any]:
    return [
        relation.target_part
        for relation in document.part.rels.values()
        if not relation.is_external
        and relation.reltype.endswith("/numbering")
        and hasattr(relation.target_part, "element")
    ]
