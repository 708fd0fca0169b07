"""Where a claim or a quotation is used: one claim with all its places, over several pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.check.anchor import Anchor, anchor, anchors
from kb.check.drift_moves import bare
from kb.check.page import Page
from kb.check.report import Finding, Report
from kb.check.tokens import numbers, words
from kb.tag.context import Context

#: What a claim says, as a key: type, subject, wording, outcome, axes, reported studies, numbers.
Meaning = tuple[str, str, str, str, tuple[tuple[str, tuple[str, ...]], ...], tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ClaimPlace:
    """One place of a claim.

    Attributes:
        page: which of the pages, counted from 0; ``name`` is its file name (two pages may share one).
        finding: id of the finding there.
        line: line of the page's source.
        start: first character in it.
        end: the character after the last.
        place: where a reader finds it in a file without lines; else "".
        text: the words there.
    """

    page: int
    name: str
    finding: str
    line: int
    start: int
    end: int
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class SharedClaim:
    """One claim that several pages make.

    Attributes:
        places: in the order of the pages, then of each page; at least two pages.
        same_words: every place has the same words, whatever they are taken to mean there.
        same_meaning: every place has the same meaning, whatever its words.
    """

    places: tuple[ClaimPlace, ...]
    same_words: bool
    same_meaning: bool


@dataclass(frozen=True, slots=True)
class QuotePlace:
    """One place of a quotation.

    Attributes:
        page: which of the pages, counted from 0; ``name`` is its file name.
        block: which of its blocks, counted from 0.
        line: line of the page's source.
        start: first character in it.
        end: the character after the last.
        place: where a reader finds it in a file without lines; else "".
        text: the words there.
    """

    page: int
    name: str
    block: int
    line: int
    start: int
    end: int
    place: str
    text: str


def meaning(finding: Finding) -> Meaning:
    """Return what a claim says as a key that is equal for equal claims, whatever their words.

    The study counts only where the sentence reports one: a reference behind a general sentence does not make it
    another claim.
    """
    reports = finding.claim_type == "citation" or finding.subject == "cited_study"
    studies = {marker.record for marker in finding.markers if marker.record} if reports else set()
    return (
        finding.claim_type,
        finding.subject,
        finding.wording,
        finding.outcome,
        tuple((axis, tuple(sorted(set(labels)))) for axis, labels in sorted(finding.axes.items()) if labels),
        tuple(sorted(studies)),
        tuple(sorted(numbers(bare(finding)))),
    )


def same_claims(reports: Sequence[Report]) -> list[SharedClaim]:
    """Return the claims that more than one page makes, in the order in which they are first met.

    Two findings are one claim when they mean the same (:func:`meaning`) or when each is a quotation of the other, word
    for word. Sentences that claim nothing are left out, and so is a meaning without any axis, outcome or number:
    it is too little to know a claim by.

    Args:
        reports: one a page.
    """
    found = [(page, finding) for page, report in enumerate(reports) for finding in report.findings if _claims(finding)]
    group = list(range(len(found)))
    by_key: dict[object, int] = {}
    for place, (_, finding) in enumerate(found):
        for key in _keys(finding):
            first = by_key.setdefault(key, place)
            if key[0] == "words" and not _same_words(found[first][1].text, finding.text):
                continue
            _join(group, first, place)
    shared: dict[int, list[int]] = {}
    for place in range(len(found)):
        shared.setdefault(_root(group, place), []).append(place)
    return [
        _shared([found[place] for place in places], reports)
        for places in shared.values()
        if len({found[place][0] for place in places}) > 1
    ]


def used_in(quote: str, pages: Sequence[Page], context: Context | None = None) -> tuple[QuotePlace, ...]:
    """Return every place of a quotation, in the order of the pages.

    Args:
        quote: the words, as for :func:`kb.check.anchor.anchor`; a place that loses a denial or a doubt is none.
        pages: where to look.
        context: cues of the base, asked as well.
    """
    found: list[QuotePlace] = []
    for number, page in enumerate(pages):
        for index, block in enumerate(page.blocks):
            for one in anchors(quote, block.text, context):
                start, end = block.span(one.start, one.end)
                line = page.line_of(start)
                found.append(QuotePlace(number, page.name, index, line, start, end, block.place, one.text))
    return tuple(found)


def _claims(finding: Finding) -> bool:
    return finding.claim_type != "none" and finding.status_class != "not_a_claim"


def _keys(finding: Finding) -> list[tuple[str, object]]:
    """Return the keys under which a finding meets the same claim elsewhere."""
    key = meaning(finding)
    keys: list[tuple[str, object]] = [("words", tuple(word.lower() for word in words(finding.text)))]
    if any(key[3:]):
        keys.append(("meaning", key))
    return keys


def _same_words(one: str, other: str) -> bool:
    """Tell whether each of two texts is a quotation of the whole other."""
    return one == other or all(isinstance(anchor(*both), Anchor) for both in ((one, other), (other, one)))


def _root(group: list[int], place: int) -> int:
    while group[place] != place:
        place = group[place]
    return place


def _join(group: list[int], one: int, other: int) -> None:
    low, high = sorted((_root(group, one), _root(group, other)))
    group[high] = low


def _shared(found: Sequence[tuple[int, Finding]], reports: Sequence[Report]) -> SharedClaim:
    places = tuple(
        ClaimPlace(
            page,
            reports[page].page.name,
            finding.id,
            finding.line,
            finding.start,
            finding.end,
            finding.place,
            finding.text,
        )
        for page, finding in found
    )
    first = found[0][1]
    return SharedClaim(
        places,
        all(_same_words(first.text, finding.text) for _, finding in found),
        len({meaning(finding) for _, finding in found}) == 1,
    )
