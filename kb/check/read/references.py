"""The page's own list of references, in any format."""

from __future__ import annotations

import re

from kb.check.read.stretch import Draft

_HEADING = re.compile(
    r"(?:\d+[.)]?\s*)?(?:(?:key|selected|scientific|medical|clinical|our|list of|cited|further|main|full|study)\s+)*"
    r"(?:references?|sources?|bibliography|literature|citations?|reading|works cited|literature cited|references cited|"
    r"(?:sources?|references?) (?:and|&) (?:notes?|further reading|references?|sources?|literature|citations?))\s*:?",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"\[\^?(?P<a>\w{1,12})\]:?\s*|(?P<b>\d{1,3})[.)]\s+|(?P<c>\d{1,3})\s+(?=[A-Z])")
#: What an entry has and running text seldom.
_TRACE = re.compile(r"\b(?:19|20)\d\d\b|doi|https?:|pmid", re.IGNORECASE)
_BRACKETED = re.compile(r"\[(\d{1,3})\]\s*\S")


def is_references(text: str) -> bool:
    """Tell whether a heading stands above a list of references."""
    return bool(_HEADING.fullmatch(text.strip()))


def mark_references(drafts: list[Draft]) -> dict[str, str]:
    """Tell apart the entries of lists of references; their marker becomes the label and leaves the text.

    A list is what stands under a heading of that name ("References", "Sources", …) up to the next heading of the
    same level or a higher one, or two or more "[n] …" that count on from one another anywhere.

    Returns:
        Marker → entry; of two entries with one marker the first.
    """
    found: dict[str, str] = {}
    within: int | None = None
    above = 0
    for at, draft in enumerate(drafts):
        if draft.kind in ("paragraph", "heading") and is_references(draft.traced.text):
            if draft.kind == "paragraph":
                draft.kind, draft.level = "heading", above or 2
            within = draft.level
        elif draft.kind == "heading":
            above = draft.level
            within = None if within is not None and draft.level <= within else within
        elif within is not None and draft.kind == "paragraph" and _ends_list(drafts[at - 1], draft):
            within = None
        elif draft.kind in ("paragraph", "item", "footnote") and (within is not None or _in_row(drafts, at)):
            _become(draft)
        if draft.kind == "reference" and draft.label:
            found.setdefault(draft.label, draft.traced.text)
    return found


def _in_row(drafts: list[Draft], at: int) -> bool:
    """Tell whether an entry "[n] …" has a neighbour "[n+1] …" or, made a reference before, "n-1"."""
    own = _BRACKETED.match(drafts[at].traced.text)
    if own is None:
        return False
    number = int(own[1])
    before = drafts[at - 1] if at else None
    if before is not None and before.kind == "reference" and before.label == str(number - 1):
        return True
    after = _BRACKETED.match(drafts[at + 1].traced.text) if at + 1 < len(drafts) else None
    return after is not None and int(after[1]) == number + 1


def _ends_list(before: Draft, draft: Draft) -> bool:
    """A paragraph without marker, year or address, below an entry with a marker, is none: the page's foot."""
    text = draft.traced.text
    return before.kind == "reference" and bool(before.label) and not (_ENTRY.match(text) or _TRACE.search(text))


def _become(draft: Draft) -> None:
    marker = _ENTRY.match(draft.traced.text)
    label = marker["a"] or marker["b"] or marker["c"] if marker else draft.label or draft.number
    rest = draft.traced.part(marker.end()) if marker else draft.traced
    if rest.text:
        draft.kind, draft.level, draft.label, draft.traced = "reference", 0, label, rest
