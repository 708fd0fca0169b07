"""MathML, as publishers put it into titles and abstracts, on one line.

Scripts become scripts; what stands above another letter becomes a combining accent where Unicode has one.
A fraction is ``(a/b)`` in brackets, so that no number before or after it runs into it; a root is ``√(…)`` or
``√[3](…)``. Left out: ``annotation`` (TeX or content markup that says the same again, kept only where it
is all there is) and ``mphantom`` (not printed).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from types import MappingProxyType

from lxml import etree

from ingest.errors import UnreadableError
from ingest.parse.pubmed_scripts import Piece, Place, collapsed, line, piece, script

#: Levels of markup in one text. Real formulas have a dozen.
DEEPEST = 60

_ACCENTS = {
    ".": "\u0307",
    "˙": "\u0307",
    "¨": "\u0308",
    "..": "\u0308",
    "¯": "\u0304",
    "‾": "\u0304",
    "―": "\u0304",
    "-": "\u0304",
    "–": "\u0304",
    "—": "\u0304",
    "_": "\u0304",
    "^": "\u0302",
    "ˆ": "\u0302",
    "~": "\u0303",
    "˜": "\u0303",
    "∼": "\u0303",
    "→": "\u20d7",
    "\u0307": "\u0307",
    "\u0304": "\u0304",
    "\u0305": "\u0304",
    "\u0302": "\u0302",
    "\u0303": "\u0303",
}

Pieces = list[Piece]


def local(element: etree._Element) -> str:
    """Return an element's name without namespace or prefix, "" for a comment and the like."""
    name = element.tag
    if not isinstance(name, str):
        return ""
    return name.rpartition("}")[2].rpartition(":")[2]


def formula(element: etree._Element, depth: int = 0) -> Pieces:
    """Return what an element of MathML shows.

    Args:
        element: ``math`` or anything inside it; its tail is not looked at.
        depth: levels of markup around it.

    Raises:
        UnreadableError: nested more than :data:`DEEPEST` levels deep.
    """
    if depth > DEEPEST:
        raise UnreadableError(f"markup nested more than {DEEPEST} levels deep; no real formula is")
    name = local(element)
    if name in _TOKENS:
        return _token(element, name)
    return _LAYOUTS.get(name, _row)(element, depth + 1)


def _token(element: etree._Element, name: str) -> Pieces:
    text = "".join(str(part) for part in element.itertext())
    if name == "mtext":
        # Here blanks at the ends are meant; in numbers and letters they come from indentation.
        return line(text if text.strip() else text[:1])
    return line(collapsed(text))


def _children(element: etree._Element) -> list[etree._Element]:
    return [child for child in element if isinstance(child.tag, str)]


def _row(element: etree._Element, depth: int) -> Pieces:
    if not len(element) and element.text and element.text.strip():
        return line(element.text)  # letters outside any token: not valid, but printed
    found: Pieces = []
    for child in _children(element):
        shown = formula(child, depth)
        # "5" and then "³He" is not 5³ He.
        if local(child) == "mmultiscripts" and found and found[-1].text[-1:].isalnum() and _raised(shown):
            found.append(piece(" "))
        found += shown
    return found


def _raised(pieces: Pieces) -> bool:
    return bool(pieces) and pieces[0].place is not Place.LINE


def _superscript(element: etree._Element, depth: int) -> Pieces:
    base, up = _first(element, depth, 2)
    return base + script(Place.UP, up)


def _subscript(element: etree._Element, depth: int) -> Pieces:
    base, down = _first(element, depth, 2)
    return base + script(Place.DOWN, down)


def _both(element: etree._Element, depth: int) -> Pieces:
    base, down, up = _first(element, depth, 3)
    return base + script(Place.DOWN, down) + script(Place.UP, up)


def _first(element: etree._Element, depth: int, count: int) -> list[Pieces]:
    """Return a layout's parts; more than it should have are added to the last, not lost."""
    parts = [formula(child, depth) for child in _children(element)]
    parts += [[]] * (count - len(parts))
    return [*parts[: count - 1], list(chain.from_iterable(parts[count - 1 :]))]


def _multiscripts(element: etree._Element, depth: int) -> Pieces:
    children = _children(element)
    if not children:
        return []
    base, rest = children[0], children[1:]
    split = next((index for index, child in enumerate(rest) if local(child) == "mprescripts"), len(rest))
    return _pairs(rest[split + 1 :], depth) + formula(base, depth) + _pairs(rest[:split], depth)


def _pairs(scripts: Sequence[etree._Element], depth: int) -> Pieces:
    """Return scripts that come in pairs, each the lower one first; ``none`` is an empty one."""
    found: Pieces = []
    for index, child in enumerate(scripts):
        found += script(Place.UP if index % 2 else Place.DOWN, formula(child, depth))
    return found


def _over(element: etree._Element, depth: int) -> Pieces:
    base, over = _first(element, depth, 2)
    accent = _ACCENTS.get("".join(part.text for part in over).strip())
    if accent and len(base) == 1 and base[0].place is Place.LINE and len(base[0].text) == 1:
        return [piece(base[0].text + accent)]
    return base + script(Place.UP, over)


def _fraction(element: etree._Element, depth: int) -> Pieces:
    above, below = _first(element, depth, 2)
    # Without a bar it is no division but a binomial, or two lines.
    bar = "; " if element.get("linethickness", "").strip().startswith("0") else "/"
    return [*line("("), *_grouped(above), *line(bar), *_grouped(below), *line(")")]


def _grouped(pieces: Pieces) -> Pieces:
    text = "".join(part.text for part in pieces)
    if text.replace(".", "").isalnum() or (text[:1] == "(" and text[-1:] == ")" and text.count("(") == 1):
        return pieces
    return [*line("("), *pieces, *line(")")]


def _root(element: etree._Element, depth: int) -> Pieces:
    if local(element) == "msqrt":
        return [*line("√("), *_row(element, depth), *line(")")]
    base, index = _first(element, depth, 2)
    return [*line("√["), *index, *line("]("), *base, *line(")")]


def _fenced(element: etree._Element, depth: int) -> Pieces:
    separators = "".join(element.get("separators", ",").split())
    found = line(element.get("open", "("))
    for index, child in enumerate(_children(element)):
        if index and separators:
            found += line(separators[min(index, len(separators)) - 1])
        found += formula(child, depth)
    return found + line(element.get("close", ")"))


def _table(element: etree._Element, depth: int) -> Pieces:
    return _listed(element, depth, "; ")


def _cells(element: etree._Element, depth: int) -> Pieces:
    return _listed(element, depth, ", ")


def _listed(element: etree._Element, depth: int, between: str) -> Pieces:
    found: Pieces = []
    for index, child in enumerate(_children(element)):
        found += (line(between) if index else []) + formula(child, depth)
    return found


def _space(element: etree._Element, depth: int) -> Pieces:
    return [piece(" ")]


def _semantics(element: etree._Element, depth: int) -> Pieces:
    shown = [child for child in _children(element) if local(child) not in ("annotation", "annotation-xml")]
    found = list(chain.from_iterable(formula(child, depth) for child in shown))
    if found:
        return found
    return line(collapsed(" ".join("".join(map(str, child.itertext())) for child in _children(element))))


_TOKENS = frozenset(("mi", "mn", "mo", "ms", "mtext"))
_LAYOUTS: Mapping[str, Callable[[etree._Element, int], Pieces]] = MappingProxyType(
    {
        "msup": _superscript,
        "msub": _subscript,
        "msubsup": _both,
        "mmultiscripts": _multiscripts,
        "mover": _over,
        "munder": _subscript,
        "munderover": _both,
        "mfrac": _fraction,
        "msqrt": _root,
        "mroot": _root,
        "mfenced": _fenced,
        "mtable": _table,
        "mtr": _cells,
        "mlabeledtr": _cells,
        "mspace": _space,
        "mphantom": _space,
        "semantics": _semantics,
    }
)
