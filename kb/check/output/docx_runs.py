"""Where words stand in a Word file, and runs cut so that a comment can begin and end at them."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.text.run import CT_R

_P, _R, _T, _RPR = qn("w:p"), qn("w:r"), qn("w:t"), qn("w:rPr")
#: Children of a run that a reader sees as one character.
_SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
#: What stands in the file and is not its text: deleted or moved away; text boxes, where Word allows no comments.
_NOT_TEXT = {qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent")}

#: A run's number and a character of its text.
Spot = tuple[int, int]


@dataclass(frozen=True)
class Letters:
    """A Word file's letters and digits in reading order.

    Attributes:
        text: the letters, in one case; a line end between paragraphs.
        spots: for each letter where it stands; (-1, -1) for a line end.
        runs: the runs that have text, by number; ``texts`` what each says, ``paragraphs`` the number of its paragraph.
    """

    text: str
    spots: tuple[Spot, ...]
    runs: tuple[CT_R, ...]
    texts: tuple[str, ...]
    paragraphs: tuple[int, ...]

    def find(self, words: str, before: int) -> tuple[Spot, Spot] | None:
        """Return where words begin and end (not included), None when they are not in the file.

        Args:
            words: as a reader saw them; the signs around their letters are taken in where the file has them.
            before: how many times the same words come before; where they do not come so often, the last time is meant.
        """
        wanted = letters(words)
        at = self.text.find(wanted) if wanted else -1
        while before and (after := self.text.find(wanted, at + len(wanted))) >= 0 <= at:
            at, before = after, before - 1
        if at < 0:
            return None
        start, last = self.spots[at], self.spots[at + len(wanted) - 1]
        end = (last[0], last[1] + 1)
        for _ in range(len(words) - len(_from_first_letter(words))):
            start = self._taken_in_before(start)
        for _ in range(len(words) - len(_from_first_letter(words[::-1]))):
            end = self._taken_in_after(end)
        return start, end

    def _taken_in_before(self, start: Spot) -> Spot:
        """Return a beginning with the sign in front of it, in the same paragraph; itself where there is none."""
        run, at = start
        if at == 0 and run and self.paragraphs[run - 1] == self.paragraphs[run]:
            run, at = run - 1, len(self.texts[run - 1])
        return (run, at - 1) if at and _is_sign(self.texts[run][at - 1]) else start

    def _taken_in_after(self, end: Spot) -> Spot:
        """Return an end with the sign behind it, in the same paragraph; itself where there is none."""
        run, at = end
        if at == len(self.texts[run]) and self.paragraphs[run + 1 : run + 2] == self.paragraphs[run : run + 1]:
            run, at = run + 1, 0
        return (run, at + 1) if at < len(self.texts[run]) and _is_sign(self.texts[run][at]) else end


def letters(text: str) -> str:
    """Return the letters and digits of a text, in one case, superscript ones as plain ones."""
    return "".join(_letters(char) for char in text)


def letters_of(body: Any) -> Letters:
    """Read the body of a document (its ``w:body`` element)."""
    text: list[str] = []
    spots: list[Spot] = []
    runs: list[CT_R] = []
    texts: list[str] = []
    paragraphs: list[int] = []
    for number, paragraph in enumerate(body.iter(_P)):
        for run in _runs(paragraph):
            said = "".join(text_ for _, text_ in _units(run))
            if not said:
                continue
            for index, char in enumerate(said):
                for letter in _letters(char):
                    text.append(letter)
                    spots.append((len(runs), index))
            runs.append(run)
            texts.append(said)
            paragraphs.append(number)
        text.append("\n")
        spots.append((-1, -1))
    return Letters("".join(text), tuple(spots), tuple(runs), tuple(texts), tuple(paragraphs))


def cut(found: Letters, places: Sequence[tuple[Spot, Spot]]) -> list[tuple[CT_R, CT_R]]:
    """Split the runs at the places' ends and return, for each place, its first and its last run."""
    edges: dict[int, set[int]] = defaultdict(set)
    for (first, start), (last, stop) in places:
        edges[first].add(start)
        edges[last].add(stop)
    parts = {run: _split(found.runs[run], len(found.texts[run]), edges[run]) for run in edges}
    return [(_starting(parts[first], start), _ending(parts[last], stop)) for (first, start), (last, stop) in places]


def _starting(parts: list[tuple[int, int, CT_R]], at: int) -> CT_R:
    return next(run for start, _, run in parts if start == at)


def _ending(parts: list[tuple[int, int, CT_R]], at: int) -> CT_R:
    return next(run for _, end, run in parts if end == at)


def _split(run: CT_R, length: int, edges: set[int]) -> list[tuple[int, int, CT_R]]:
    """Split a run at characters of its text; the first part is the run itself, every part keeps its formatting."""
    spans = list(pairwise(sorted({0, length, *edges})))
    if len(spans) == 1:
        return [(0, length, run)]
    units = _units(run)
    shape = run.find(_RPR)
    children: list[list[Any]] = [[] for _ in spans]
    part, at = 0, 0
    for element, said in units:
        if not said:  # a picture or a note's number: it stays with the text in front of it
            children[part].append(element)
            continue
        begin = at
        at += len(said)
        for index, (start, end) in enumerate(spans):
            low, high = max(start, begin), min(end, at)
            if low < high:
                children[index].append(_shortened(element, said[low - begin : high - begin], high - low == len(said)))
                part = index
    bare = deepcopy(run)
    for child in list(bare):
        bare.remove(child)
    for child in list(run):
        if child is not shape:
            run.remove(child)
    parts: list[tuple[int, int, CT_R]] = []
    for index, (start, end) in enumerate(spans):
        piece = run if index == 0 else deepcopy(bare)
        if index:
            if shape is not None:
                piece.append(deepcopy(shape))
            parts[-1][2].addnext(piece)
        piece.extend(children[index])
        parts.append((start, end, piece))
    return parts


def _shortened(element: Any, text: str, whole: bool) -> Any:
    if whole:
        return element
    short = deepcopy(element)
    short.text = text
    short.set(qn("xml:space"), "preserve")
    short.tail = None
    return short


def _units(run: CT_R) -> list[tuple[Any, str]]:
    """Return a run's children but its formatting, each with the characters a reader sees in it."""
    return [
        (child, (child.text or "") if child.tag == _T else _SIGNS.get(str(child.tag), ""))
        for child in run
        if child.tag != _RPR
    ]


def _runs(paragraph: Any) -> Iterator[CT_R]:
    """Yield the runs of a paragraph's own text, those in links and insertions too."""
    if any(parent.tag in _NOT_TEXT for parent in paragraph.iterancestors()):
        return
    for run in paragraph.iter(_R):
        for parent in run.iterancestors():
            if parent is paragraph:
                yield run
                break
            if parent.tag in _NOT_TEXT:
                break


def _is_sign(char: str) -> bool:
    return not char.isspace() and not _letters(char)


def _letters(char: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", char).casefold() if one.isalnum())


def _from_first_letter(text: str) -> str:
    for index, char in enumerate(text):
        if _letters(char):
            return text[index:]
    return ""
