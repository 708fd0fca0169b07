"""Text that remembers where in the source each of its characters stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.check.read.raised import GLYPHS, settle

#: A line break that is more than white space (``<br>``); :meth:`Trace.lines` looks at it.
BREAK = "\u2028"
#: Characters nobody sees: soft hyphen, zero-width spaces and joiners, marks of direction, byte order mark.
_UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_COLLAPSED = re.compile(rf"[{_UNSEEN}]+|[\s{_UNSEEN}]{{2,}}|[^\S ]")
_GLYPHS = re.compile(f"[{GLYPHS}]+(?:[,⁻–-][{GLYPHS}]+)*")
_PLAIN = str.maketrans(GLYPHS, "0123456789")
_CONTEXT = 24


@dataclass(frozen=True, slots=True)
class Traced:
    """Visible text and, for each of its characters, its place in the source."""

    text: str
    offsets: tuple[int, ...]

    def part(self, start: int, end: int | None = None) -> Traced:
        """Return the characters ``start`` to ``end`` (not included), without white space at either end."""
        end = len(self.text) if end is None else end
        while start < end and self.text[start].isspace():
            start += 1
        while start < end and self.text[end - 1].isspace():
            end -= 1
        return Traced(self.text[start:end], self.offsets[start:end])


@dataclass(frozen=True, slots=True)
class _Raised:
    start: int
    end: int
    at: int
    linked: bool


class Trace:
    """Collects text piece by piece; :meth:`finish` gives what a reader sees."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._offsets: list[int] = []
        self._raised: list[_Raised] = []

    def __len__(self) -> int:
        return len(self._offsets)

    def add(self, text: str, start: int) -> None:
        """Add characters that stand one after the other in the source from ``start`` on."""
        self._parts.append(text)
        self._offsets.extend(range(start, start + len(text)))

    def put(self, text: str, at: int) -> None:
        """Add characters that all come from one place, such as a written-out entity."""
        self._parts.append(text)
        self._offsets.extend([at] * len(text))

    def raise_from(self, start: int, at: int, linked: bool = False) -> None:
        """Say that everything from ``start`` (a former length) on is superscript whose mark-up begins at ``at``."""
        if start < len(self):
            self._raised.append(_Raised(start, len(self), at, linked))

    def finish(self) -> Traced:
        """Return the visible text: one space for any white space, superscripts written out, unseen characters gone."""
        return _collapse(self._settled())

    def lines(self) -> list[Traced]:
        """Return the same, cut where a forced line break begins something new (see :func:`_begins_anew`)."""
        whole = self._settled()
        found: list[Traced] = []
        start = 0
        for broken in re.finditer(rf"\s*{BREAK}[\s{BREAK}]*", whole.text):
            if broken.group().count(BREAK) > 1 or _begins_anew(whole.text, start, broken):
                found.append(
                    _collapse(Traced(whole.text[start : broken.start()], whole.offsets[start : broken.start()]))
                )
                start = broken.end()
        found.append(_collapse(Traced(whole.text[start:], whole.offsets[start:])))
        return [line for line in found if line.text]

    def _settled(self) -> Traced:
        text, offsets = "".join(self._parts), self._offsets
        for span in reversed(self._raised):
            before, inside = text[max(0, span.start - _CONTEXT) : span.start], text[span.start : span.end]
            head, kept, tail = settle(before, inside, text[span.end : span.end + _CONTEXT], span.linked)
            own = offsets[span.start : span.end]
            places = own if kept == inside else [span.at] * len(kept)
            last = places[-1] if places else span.at
            text = text[: span.start] + head + kept + tail + text[span.end :]
            offsets = [
                *offsets[: span.start],
                *([span.at] * len(head)),
                *places,
                *([last] * len(tail)),
                *offsets[span.end :],
            ]
        return _glyphs_settled(text, offsets)


def of_source(source: str, start: int, end: int) -> Traced:
    """Return a stretch of the source as it is read, superscript digits written out as markers where they are such."""
    trace = Trace()
    trace.add(source[start:end], start)
    return trace.finish()


def joined(parts: list[Traced]) -> Traced:
    """Return several pieces as one, a space between them."""
    text = " ".join(part.text for part in parts)
    offsets: list[int] = []
    for part in parts:
        if offsets:
            offsets.append(offsets[-1])
        offsets.extend(part.offsets)
    return Traced(text, tuple(offsets))


def _glyphs_settled(text: str, offsets: list[int]) -> Traced:
    """Write "cells¹" as "cells[1]"; "10⁹" and "cm³" stay."""
    parts: list[str] = []
    places: list[int] = []
    done = 0
    for found in _GLYPHS.finditer(text):
        start, end = found.span()
        plain = found.group().translate(_PLAIN)
        head, kept, tail = settle(text[max(0, start - _CONTEXT) : start], plain, text[end : end + _CONTEXT], False)
        if head != "[":
            continue
        parts += [text[done:start], head, kept, tail]
        places += [*offsets[done:start], offsets[start], *offsets[start:end], offsets[end - 1]]
        done = end
    return Traced("".join([*parts, text[done:]]), (*places, *offsets[done:]))


def _collapse(whole: Traced) -> Traced:
    parts: list[str] = []
    places: list[int] = []
    done = 0
    for found in _COLLAPSED.finditer(whole.text):
        start, end = found.span()
        parts.append(whole.text[done:start])
        places += whole.offsets[done:start]
        space = next((at for at in range(start, end) if whole.text[at].isspace()), None)
        if space is not None:
            parts.append(" ")
            places.append(whole.offsets[space])
        done = end
    parts.append(whole.text[done:])
    places += whole.offsets[done:]
    return Traced("".join(parts), tuple(places)).part(0)


_NEW = re.compile(r"(?:[-*•–—→✓✔✅☑►▶▪●○◦‣·]|\[?\d{1,3}[.)\]]|[a-z]\))\s*\S|\[\d{1,3}\]")
_STOPPED = re.compile(r"[.!?:;][)\]\"'”’]*(?:\s*\[[\d,;\s–-]+\])*$")


def _begins_anew(text: str, start: int, broken: re.Match[str]) -> bool:
    """Tell whether a forced break ends a sentence, or a bullet follows: else a line was only broken for its looks."""
    before = text[max(start, broken.start() - 80) : broken.start()].rstrip()
    return bool(_STOPPED.search(before) or _NEW.match(text[broken.end() : broken.end() + 8]))
