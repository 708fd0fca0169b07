"""Europe PMC's titles and abstracts: text with pieces of HTML in it, and with ``<`` that are no markup.

A parser of HTML would swallow ``p<0.05``. So only tags with a name known here are markup; every other character is
text and stays. What the tags say is read by :mod:`ingest.parse.markup`, so ``10<sup>9</sup>`` is never 109.
"""

from __future__ import annotations

import html
import re

from lxml import etree

from ingest.errors import UnreadableError
from ingest.parse.markup import marked
from ingest.parse.pubmed_mathml import DEEPEST
from kb.records.article import Marked, Section

_INLINE = (
    "i b u s a em strong sup sub sc small tt font span strike italic bold underline monospace named-content ext-link "
    "xref inline-formula mml:[a-z]+ math"
)
_BLOCK = (
    "p br div sec ul ol li list list-item table tbody thead tr td th blockquote disp-formula disp-quote abstract label "
    "hr"
)
_HEADING = "h[1-6] title"
_NAMES = "|".join(f"{_INLINE} {_BLOCK} {_HEADING}".split())
_TAG = re.compile(
    rf"<(?P<close>/?)(?:jats:)?(?P<name>{_NAMES})(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*(?P<empty>/?)>",
    re.IGNORECASE,
)
#: Markup that came escaped once too often.
_ESCAPED = re.compile(r"&lt;(/?(?:i|b|u|em|strong|sup|sub|h4|p|br)\s*/?)&gt;", re.IGNORECASE)
_IS_HEADING = re.compile(r"h[1-6]|title", re.IGNORECASE)
_BLOCKS = frozenset(_BLOCK.split())
#: What XML cannot hold, and no text needs.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def fragment(text: str) -> Marked:
    """Return a piece of HTML as one line; headings and paragraphs are parted by a blank.

    Raises:
        UnreadableError: markup nested deeper than any real one.
    """
    builder = _Builder()
    for part in _parts(text):
        if isinstance(part, str):
            builder.add(part)
        elif _IS_HEADING.fullmatch(part["name"]) or part["name"].lower() in _BLOCKS:
            builder.add(" ")
        else:
            builder.tag(part)
    return builder.done()


def sections(text: str) -> tuple[Section, ...]:
    """Return an abstract's sections: a heading (``<h4>Methods</h4>``) opens one and is its label, as printed.

    Text before the first heading, or without any, is a section without label. An empty section with a label is
    kept; no text gives no sections.

    Raises:
        UnreadableError: markup nested deeper than any real one.
    """
    found: list[Section] = []
    label, body, heading = "", _Builder(), _Builder()
    inside = False
    for part in _parts(text):
        if isinstance(part, str):
            (heading if inside else body).add(part)
        elif _IS_HEADING.fullmatch(part["name"]):
            if not part["close"] and not part["empty"]:
                found += _section(label, heading if inside else body)  # a heading that was never closed is text
                label, body, heading, inside = "", _Builder(), _Builder(), True
            elif inside:
                label, inside = heading.done().text, False
        elif part["name"].lower() in _BLOCKS:
            (heading if inside else body).add(" ")
        else:
            (heading if inside else body).tag(part)
    return (*found, *_section(label, heading if inside else body))


def _section(label: str, body: _Builder) -> list[Section]:
    text = body.done()
    return [Section(label, "", text)] if text or label else []


def _parts(text: str) -> list[str | re.Match[str]]:
    """Return text and tags in turn, entities of the text resolved."""
    text = _ESCAPED.sub(r"<\1>", text)
    found: list[str | re.Match[str]] = []
    place = 0
    for tag in _TAG.finditer(text):
        found += [html.unescape(text[place : tag.start()]), tag]
        place = tag.end()
    return [*found, html.unescape(text[place:])]


class _Builder:
    """Grows a tree from tags that need not be well nested."""

    def __init__(self) -> None:
        self._root = etree.Element("text")
        self._open = [self._root]
        self._pending: list[str] = []

    def add(self, text: str) -> None:
        """Add text where the last tag left off."""
        self._pending.append(text)

    def tag(self, tag: re.Match[str]) -> None:
        """Open or close an element; a closing tag also closes what was left open in it, or nothing."""
        self._flush()
        name = tag["name"].lower().rpartition(":")[2]
        if not tag["close"]:
            element = etree.SubElement(self._open[-1], name)
            if not tag["empty"]:
                self._open.append(element)
            if len(self._open) > DEEPEST:
                raise UnreadableError(f"markup nested more than {DEEPEST} levels deep; no real text is")
            return
        names = [element.tag for element in self._open[1:]]
        if name in names:
            del self._open[len(names) - names[::-1].index(name) :]

    def done(self) -> Marked:
        """Return the whole as text."""
        self._flush()
        return marked(self._root)

    def _flush(self) -> None:
        text = _CONTROL.sub(" ", "".join(self._pending))
        self._pending.clear()
        parent = self._open[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + text
        else:
            parent.text = (parent.text or "") + text
