"""Numbers of trial registries and of publications: found in text, checked for form, written in one way.

The forms are those of :mod:`kb.registries`. A number that is nearly right is never mended into a right one:
:func:`malformed` names it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kb.registries import ADDRESS, BANKS, EUROPE, EUROPE_LABEL, FORMS, OTHER_NUMBER, UNIVERSAL


@dataclass(frozen=True, slots=True)
class Found:
    """A number in a text.

    Attributes:
        registry: who gave it (``ClinicalTrials.gov``, ``EudraCT``, ``CTIS`` …).
        id: canonical form; for the registries it knows, as :data:`kb.records.common.TrialId` has it.
        start, end: place in the text as given.
        version: submission suffix of a CTIS number (``00``), "" otherwise. A resubmission is the same trial,
            so the suffix is no part of ``id``.
    """

    registry: str
    id: str
    start: int
    end: int
    version: str = ""

    @property
    def registration(self) -> bool:
        """Whether the number stands for an entry of a registry."""
        return self.registry != UNIVERSAL


@dataclass(frozen=True, slots=True)
class Malformed:
    """Text that sets out to be a registry's number and is none.

    Attributes:
        text: as printed; ``start`` and ``end`` are its place.
        expected: the right form, in words.
    """

    registry: str
    text: str
    start: int
    end: int
    expected: str


# ---------------------------------------------------------------------------- one kind of digit, hyphen, space


@dataclass(frozen=True, slots=True)
class _Folded:
    """Text as a registry would type it; ``places[i]`` is where character ``i`` came from."""

    text: str
    places: tuple[int, ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def _plain(char: str) -> str:
    if char in "‐‑‒–—―−⁃﹘﹣":
        return "-"
    if char in "\n\r\x0b\x0c\x85\u2028\u2029":
        return "\n"
    if char.isspace():
        return " "
    if "！" <= char <= "～":  # full width, as Japanese and Chinese keyboards type
        return chr(ord(char) - 0xFEE0)
    if char.isdecimal():  # not superscripts: a footnote mark is no ninth digit
        return str(int(char))
    return "" if char in "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff" else char


def _fold(text: str) -> _Folded:
    if text.isascii():
        return _Folded(text.translate({9: " ", 11: "\n", 12: "\n", 13: "\n"}), None)
    kept = [(plain, place) for place, char in enumerate(text) if (plain := _plain(char))]
    return _Folded("".join(plain for plain, _ in kept), tuple(place for _, place in kept))


# ---------------------------------------------------------------------------- in text


def _european(folded: _Folded) -> Iterator[Found]:
    text = folded.text
    addresses = [match.span() for match in ADDRESS.finditer(text) if not EUROPE_LABEL.search(match[0])]
    for match in EUROPE.finditer(text):
        start, end = match.span()
        before = text[max(0, start - 60) : start]
        labelled = bool(match["label"] or EUROPE_LABEL.search(before + text[end : end + 30]))
        number = f"{match['year']}-{match['serial']}-{match['check']}"
        new = match["serial"].startswith("5")
        if any(first <= start < last for first, last in addresses) or not _european_shape(match, labelled):
            continue
        if not labelled and (OTHER_NUMBER.search(before) or before[-1:].isalnum()):
            continue
        year = int(match["year"])
        if year >= 2021 if new else 2003 <= year <= 2023 and not match["version"]:
            yield Found("CTIS" if new else "EudraCT", number, *folded.span(start, end), match["version"] or "")


def _european_shape(match: re.Match[str], labelled: bool) -> bool:
    """Tell whether the groups are parted alike: by hyphens, or, where a label says what it is, otherwise."""
    if "-" in match["a"] and "-" in match["b"]:
        return True
    return labelled and bool(match["a"]) == bool(match["b"])


def _prefixed(folded: _Folded, small: str) -> Iterator[Found]:
    text = folded.text
    for form in FORMS:
        for match in form.right.finditer(text) if form.hint in small else ():
            start, end = match.span()
            around = text[max(0, start - 60) : start] + " " + text[end : end + 60]
            if form.near is None or form.near.search(around):
                yield Found(form.registry, form.write(match["body"]), *folded.span(start, end))


def _found(folded: _Folded) -> list[Found]:
    hits = [*_prefixed(folded, folded.text.lower()), *_european(folded)]
    kept: list[Found] = []
    for hit in sorted(hits, key=lambda found: (found.start, -found.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def find(text: str) -> list[Found]:
    """Return every number of a trial registry in a text, in order, repeats included.

    Hyphens of any kind, full-width digits, line ends and invisible characters inside a number do not matter. A
    number is taken only where its registry's form is complete; see :func:`malformed` for the rest.
    """
    return _found(_fold(text))


def malformed(text: str) -> list[Malformed]:
    """Return what looks like a registry's number and has the wrong form (``NCT0123456``), in order.

    Five digits or more are needed to look like one.
    """
    folded = _fold(text)
    small = folded.text.lower()
    taken = [(hit.start, hit.end) for hit in _found(folded)]
    bad: dict[int, Malformed] = {}
    for form in FORMS:
        for match in form.loose.finditer(folded.text) if form.hint in small and form.near is None else ():
            start, end = folded.span(*match.span())
            years = re.fullmatch(r"(?:19|20)\d\d[-/](?:19|20)?\d\d", match["body"])
            known = any(start < last and first < end for first, last in taken)
            if sum(map(str.isdigit, match["body"])) >= 5 and not years and not known:
                bad.setdefault(start, Malformed(form.registry, text[start:end], start, end, form.expected))
    return [bad[start] for start in sorted(bad)]


def normalise(text: str, bank: str = "") -> Found | None:
    """Return the one number a field holds.

    Args:
        text: the field as printed, perhaps with the registry's name around the number.
        bank: the data bank the source names, as printed; it helps a number without a prefix and never
            overrules one with a prefix.

    Returns:
        The number, with its place in ``text``; None when there is none, or more than one.
    """
    found = find(text)
    bare = text.strip()
    prefix = BANKS.get(re.sub(r"[^a-z]", "", bank.lower()), "")
    if not found and prefix and bare:
        lead = prefix if bare[0].isdigit() else "trial register "  # a doubtful prefix is sure beside its bank
        indent = text.index(bare)
        shift = len(lead) - indent
        found = [
            replace(one, start=max(indent, one.start - shift), end=one.end - shift)
            for one in find(lead + bare)
            if one.end == len(lead) + len(bare)
        ]
    return found[0] if len({(one.registry, one.id) for one in found}) == 1 else None


# ---------------------------------------------------------------------------- publications

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"“”«»]+")
_RESOLVER = re.compile(r"https?://(?:dx\.)?doi\.org/|https?://", re.IGNORECASE)
_STOP = re.compile(r"[.,;:'’*]+$")
#: What publishers' own addresses add to a DOI.
_VIEW = re.compile(r"(?:/(?:full|abstract|pdf|epdf|fulltext|meta)|\.pdf)/?$", re.IGNORECASE)
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}


def _unescaped(address: str) -> str:
    return re.sub(r"%([2-7][0-9A-Fa-f])", lambda match: chr(int(match[1], 16)), address)


def doi(text: str) -> str:
    """Return the first DOI of a text, "" without one.

    Resolver, ``doi:``, percent and HTML escapes, final punctuation and a bracket that was opened before the DOI go;
    brackets of the DOI itself stay, and letters keep their case (DOIs are compared without it:
    https://www.doi.org/doi-handbook/HTML/case-sensitivity.html).
    """
    text = re.sub(r"</?[A-Za-z][^<>]*>", " ", text)
    for _ in range(2):  # "&amp;lt;" happens
        text = html.unescape(text)
    match = _DOI.search(_unescaped(text) if _RESOLVER.search(text) else text)
    if not match:
        return ""
    found = match[0]
    if _RESOLVER.search(text):
        found = _VIEW.sub("", re.split(r"[?#]", found)[0])
    while True:
        shorter = _STOP.sub("", found)
        if (opening := _PAIRS.get(shorter[-1:])) and shorter.count(shorter[-1]) > shorter.count(opening):
            shorter = shorter[:-1]
        if shorter == found:
            return found if re.fullmatch(r"10\.\d{4,9}/.+", found) else ""
        found = shorter


def pmid(text: str) -> str:
    """Return the PMID a field holds, "" without one. Digits of a PMCID are no PMID."""
    match = re.fullmatch(
        r"(?:PMID\s*[:#]?\s*|(?:https?://)?(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/)?"
        r"([1-9]\d{0,7})[/.]?",
        _fold(text).text.strip(),
        re.IGNORECASE,
    )
    return match[1] if match else ""


def pmcid(text: str) -> str:
    """Return the PMCID a field holds (``PMC`` and digits, without a version), "" without one.

    Bare digits are none: they may be a PMID.
    """
    match = re.fullmatch(
        r"(?:(?:https?://)?(?:[\w.]+/)+)?(?:PMCID\s*[:#]?\s*(?:PMC)?|PMC\s?)([1-9]\d{0,8})(?:\.\d+)?[/.]?",
        _fold(text).text.strip(),
        re.IGNORECASE,
    )
    return f"PMC{match[1]}" if match else ""


def orcid(text: str) -> str:
    """Return an ORCID as sixteen digits with hyphens, "" without one or when its check digit is wrong.

    The check is ISO 7064 MOD 11-2
    (https://support.orcid.org/hc/en-us/articles/360006897674-Structure-of-the-ORCID-Identifier).
    """
    digits = re.sub(
        r"[\s-]", "", re.sub(r"^(?:https?://)?(?:www\.)?orcid\.org/|/$", "", _fold(text).text.strip())
    ).upper()
    if not re.fullmatch(r"\d{15}[\dX]", digits):
        return ""
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if digits[-1] != ("X" if check == 10 else str(check)):
        return ""
    return "-".join(digits[place : place + 4] for place in range(0, 16, 4))
