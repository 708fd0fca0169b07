"""What is visible of elements and text, in the order of a page: HTML and Markdown both come down to this."""

from __future__ import annotations

import re

from kb.check.read.bullets import bullet_of
from kb.check.read.drafts import Drawn
from kb.check.read.elements import BLOCKS, UNREAD, VOID, Elements, is_hidden
from kb.check.read.html_tables import Tables
from kb.check.read.stretch import Draft
from kb.check.read.titles import is_question, is_short, is_title
from kb.check.read.traced import BREAK, Trace, Traced

#: A footnote by its first characters: signs of its own, or a marker that was superscript.
_NOTE = re.compile(r"(?:(\*+|[†‡§]+)\s*|\[(\d{1,3}|[a-h])\]\s*)(?=\S)")
#: Bullets that no sentence begins with.
_SURE = "•●▪►▶▸➔➜➤✓✔✅☑→❌✗✘✖🚫"
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol", "menu"})
#: A link of a menu is not longer than this.
_MENU = 60
_ALT = re.compile(r"\balt\s*=\s*[\"']?", re.IGNORECASE)

#: Attributes of an element.
Given = dict[str, str | None]


class Visible:
    """Turns elements that begin and end, and the text in them, into stretches.

    Args:
        drawn: takes the stretches.
    """

    def __init__(self, drawn: Drawn) -> None:
        self.drawn = drawn
        self.open = Elements()
        self.trace, self.title = Trace(), Trace()
        self.tables = Tables()
        self.waiting: list[Draft] = []
        #: Open superscripts: length of the trace, place of the tag, links seen until then (-1 inside a link).
        self.raised: list[tuple[int, int, int]] = []
        self.numbers: list[int] = []
        self.number, self.link = "", ""
        self.heading, self.above, self.anchors = 0, 2, 0
        self.seen = self.in_links = self.in_bold = 0
        self.hidden_from = 0
        self.skipped: dict[str, int] = {}

    def finish(self) -> None:
        """End the page: what was left open ends, and what was left out is told."""
        self._flush()
        while self.tables.depth:
            for draft in self.tables.close():
                self._emit(draft)
        self.drawn.title = self.drawn.title or self.title.finish().text
        if self.open.skipping:
            line = self.drawn.source.count("\n", 0, self.hidden_from) + 1
            self.drawn.notes.append(
                f"Line {line}: an element that hides its content never ends; what follows is not read."
            )
        for what, count in self.skipped.items():
            self.drawn.notes.append(f"{what}: {count} not read.")

    # ----------------------------------------------------------------- elements

    def start(self, tag: str, given: Given, at: int, written: str = "") -> None:
        """Open an element; those that hold no text of the page are passed over.

        Args:
            tag: its name.
            given: its attributes.
            at: its place in the source.
            written: the whole tag as it stands there, to find the place of a text alternative.
        """
        if tag in BLOCKS:
            for closed in self.open.implied(tag):
                self._closed(closed)
        if self.open.skipping:
            if tag not in VOID:
                self.open.push(tag, tag in UNREAD or is_hidden(given))
            return
        if tag == "meta":
            if (given.get("name") or "").lower() == "description" and given.get("content"):
                self.drawn.notes.append(
                    "The description for search engines (meta description) is not visible and not checked."
                )
            return
        if tag in UNREAD or is_hidden(given):
            if tag not in VOID:
                self.hidden_from = at
                self.open.push(tag, True)
                if tag in BLOCKS:
                    self._flush()
            if tag not in ("head", "script", "style", "link", "meta", "base"):
                self.left_out("Hidden elements" if tag not in UNREAD or tag == "template" else f"<{tag}> elements")
            return
        if tag in VOID:
            self._void(tag, given, at, written)
            return
        self.open.push(tag, False)
        self._opened(tag, given, at)

    def end(self, tag: str, at: int) -> None:
        """Close an element and all that was left open within it."""
        if tag == "br":
            self.trace.put(BREAK, at)
        for closed in self.open.pop(tag):
            self._closed(closed)

    def _void(self, tag: str, given: Given, at: int, written: str) -> None:
        if tag == "br":
            self.trace.put(BREAK, at)
        elif tag == "hr":
            self._flush()
        elif tag == "img" and (given.get("alt") or "").strip():
            self.alternative(_alternative(given["alt"] or "", at, written))
        elif tag == "img":
            self.left_out("Pictures without a text alternative")
        elif tag in ("input", "embed"):
            self.left_out("Form fields and embedded objects")

    def alternative(self, text: Traced) -> None:
        """Take the text alternative of a picture; it follows the stretch in which the picture stands."""
        if self.open.skipping or not text.text:
            return
        if len(self.trace) == 0:
            self._emit(Draft("alt", text))
        else:
            self.waiting.append(Draft("alt", text))

    def left_out(self, what: str) -> None:
        """Count something that is not read."""
        self.skipped[what] = self.skipped.get(what, 0) + 1

    def _opened(self, tag: str, given: Given, at: int) -> None:
        if tag in BLOCKS:
            self._flush()
        if tag in _HEADINGS or (given.get("role") == "heading" and tag in BLOCKS):
            level = given.get("aria-level") or "2"
            self.heading = _HEADINGS.get(tag) or (int(level) if level in list("123456") else 2)
        elif tag in _LISTS:
            begin = given.get("start") or "1"
            self.numbers.append((int(begin) if begin.isdecimal() and len(begin) < 6 else 1) if tag == "ol" else 0)
        elif tag == "li":
            self.number = str(self.numbers[-1]) if self.numbers and self.numbers[-1] else ""
            if self.number:
                self.numbers[-1] += 1
        elif tag == "table":
            self.tables.open(given.get("role") in ("presentation", "none"))
        elif tag in ("td", "th"):
            self.tables.cell(tag == "th", given)
        elif tag == "tr":
            self.tables.row()
        elif tag in ("sup", "sub"):
            self.raised.append((len(self.trace), at, self.anchors if not self.open.within("a") else -1))
        elif tag == "a":
            self.anchors += 1
            self.link = (given.get("href") or "").strip()

    def _closed(self, tag: str) -> None:
        if tag in BLOCKS:
            self._flush(tag)
        if tag in _HEADINGS:
            self.heading = 0
        elif tag in _LISTS and self.numbers:
            self.numbers.pop()
        elif tag == "table":
            for draft in self.tables.close():
                self._emit(draft)
        elif tag in ("sup", "sub") and self.raised:
            start, at, anchors = self.raised.pop()
            if tag == "sup":
                self.trace.raise_from(start, at, anchors != self.anchors)
        elif tag == "a":
            self.link = ""

    # ----------------------------------------------------------------- text

    def text(self, text: str, at: int, spread: bool) -> None:
        """Take running text.

        Args:
            text: its characters.
            at: the place of the first.
            spread: the others follow one by one; else all come from the same place, such as a written-out entity.
        """
        if self.open.skipping:
            return
        seen = len(text) - sum(map(str.isspace, text))
        if self.link and seen:
            if re.match(r"https?://", self.link, re.IGNORECASE):
                lead = len(text) - len(text.lstrip())
                self.drawn.links.setdefault(at + (lead if spread else 0), self.link)
            self.link = ""
        self.seen += seen
        self.in_links += seen if self.open.within("a") else 0
        self.in_bold += seen if self.open.within("b") or self.open.within("strong") else 0
        trace = self.title if self.open.within("title") else self.trace
        if spread:
            trace.add(text, at)
        else:
            trace.put(text, at)

    # ----------------------------------------------------------------- stretches

    def _flush(self, ending: str = "") -> None:
        """End the stretch that was being read; ``ending`` is the block that ends with it."""
        trace, self.trace = self.trace, Trace()
        self.raised = [(0, at, anchors) for _, at, anchors in self.raised]
        counted = (self.seen, self.in_links, self.in_bold)
        self.seen = self.in_links = self.in_bold = 0
        lines = [trace.finish()] if self.heading else trace.lines() if len(trace) else []
        for line in lines:
            if line.text:
                self._stretch(line, ending, counted, len(lines) > 1)
        for alt in self.waiting:
            self._emit(alt)
        self.waiting.clear()

    def _stretch(self, line: Traced, ending: str, counted: tuple[int, int, int], several: bool) -> None:
        seen, in_links, in_bold = counted
        asked = (ending in ("summary", "dt", "button") or self.open.within("summary")) and is_question(line.text)
        if self.heading:
            self.above = self.heading
            self._emit(Draft("heading", line, self.heading))
        elif self.open.within("nav") and in_links >= seen and len(line.text) <= _MENU:
            self.left_out("Links of menus")
        elif asked or ending == "summary":
            self._emit(Draft("heading", line, max(3, min(self.above + 1, 6))))
        elif ending == "button" or self.open.within("button"):
            self.left_out("Buttons")
        elif self.open.within("li") or ending in ("li", "dd"):
            depth = max(1, len(self.numbers))
            self._emit(Draft("item", line, depth, number=self.number))
            self.number = ""
        else:
            self._emit(self._paragraph(line, in_bold >= seen, several))

    def _paragraph(self, line: Traced, bold: bool, several: bool) -> Draft:
        """A paragraph, unless its first characters say that it is an item or a footnote, or its looks a heading."""
        note = _NOTE.match(line.text)
        if note and (note[1] or self.drawn.source.startswith("<", line.offsets[0])):
            return Draft("footnote", line.part(note.end()), label=note[1] or note[2])
        bullet = bullet_of(line.text)
        if bullet is not None and (several or line.text[0] in _SURE):
            return Draft("item", line.part(bullet.length), 1, number=bullet.number)
        titled = is_question(line.text) or (is_short(line.text) and is_title(line.text) and len(line.text) > 2)
        if bold and titled and not several and not self.tables.depth:
            return Draft("heading", line, max(3, min(self.above + 1, 6)))
        return Draft("paragraph", line)

    def _emit(self, draft: Draft) -> None:
        if not self.tables.depth:
            self.drawn.drafts.append(draft)
        else:
            self.tables.emit(draft, not self.open.within("caption"))


def _alternative(text: str, at: int, written: str) -> Traced:
    """The text alternative of a picture: its place is looked for inside the tag."""
    inside = _ALT.search(written)
    trace = Trace()
    if inside and written.startswith(text, inside.end()):
        trace.add(text, at + inside.end())
    else:
        trace.put(text, at)
    return trace.finish()
