"""The text of an element that may hold markup: nothing lost, nothing glued, no number changed.

``b``, ``i``, ``u`` and anything unknown are transparent; ``sup`` and ``sub`` become scripts
(:mod:`ingest.parse.pubmed_scripts`), MathML is read by :mod:`ingest.parse.pubmed_mathml`. Comments and processing
instructions are no text. What was typed as plain characters stays what it was: ``10(9)`` is not repaired.
"""

from __future__ import annotations

from lxml import etree

from ingest.errors import UnreadableError
from ingest.parse.pubmed_mathml import DEEPEST, formula, local
from ingest.parse.pubmed_scripts import Piece, Place, collapsed, has_scripts, line, piece, script, written
from kb.records.article import Marked

NOTHING = Marked("", "")


def marked(element: etree._Element | None) -> Marked:
    """Return the text of an element, without its tail.

    Args:
        element: ``ArticleTitle``, ``AbstractText`` and the like; None gives an empty text.

    Raises:
        UnreadableError: markup nested deeper than any real one.
    """
    if element is None:
        return NOTHING
    if not len(element):
        text = collapsed(element.text or "")
        return written(line(text)) if has_scripts(text) else Marked(text, text)
    return written(_pieces(element, 0))


def text_of(element: etree._Element | None) -> str:
    """Return the Unicode form of :func:`marked`, for fields that are not searched by number."""
    if element is None:
        return ""
    if len(element):
        return marked(element).text
    text = element.text
    if text is None:
        return ""
    # Most of what is read this way is one name or number.
    return text if text.isalnum() else collapsed(text)


def _pieces(element: etree._Element, depth: int) -> list[Piece]:
    if depth > DEEPEST:
        raise UnreadableError(f"markup nested more than {DEEPEST} levels deep; no real text is")
    found = line(element.text or "")
    for child in element:
        name = local(child)
        if name in ("sup", "sub"):
            found += script(Place.UP if name == "sup" else Place.DOWN, _solid(child, depth + 1))
        elif name == "math":
            found += formula(child, depth + 1)
        elif name == "DispFormula":
            found += [_GAP, *_pieces(child, depth + 1), _GAP]
        elif name:
            found += _pieces(child, depth + 1)
        if child.tail:
            found += line(child.tail)
    return found


def _solid(element: etree._Element, depth: int) -> list[Piece]:
    """Return the pieces of a script, without the indentation of a printer that put its children on lines."""
    pieces = _pieces(element, depth)
    edges = (element.text, element[-1].tail) if len(element) else ()
    if edges and all(edge and not edge.strip() and "\n" in edge for edge in edges):
        return pieces[1:-1]
    return pieces


_GAP = piece(" ")
