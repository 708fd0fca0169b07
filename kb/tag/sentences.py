"""Sentences of a passage, each with the part of the paper it stands in.

Offsets count characters of the text as given. Section labels are those of the database where it gives them, else the
words authors set before a part ("METHODS:", "Patients and methods"), by the categories of NLM's structured abstracts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kb.tag.normal import PLAIN_CASE
from kb.tag.record import Passage

Section = Literal["", "background", "objective", "methods", "results", "conclusions", "registration", "other"]

#: First words of a section label → part of the paper. Longest first where one begins like another.
_LABELS: tuple[tuple[str, Section], ...] = (
    (
        r"trial registration(?: number| details| and funding)?|clinical ?trials?(?: registration| identifier| number)?|"
        r"registration(?: number| details)?|systematic review registration",
        "registration",
    ),
    (r"funding|ethics(?: and dissemination)?|keywords|copyright|data availability", "other"),
    (
        r"background(?:s)?(?: and (?:aims?|objectives?|purpose))?|introduction|contexts?|rationale|"
        r"what is (?:already )?known|importance|summary of background data",
        "background",
    ),
    (r"(?:study )?objectives?|(?:study )?aims?(?: of (?:the|this) study)?|purposes?|goals?|hypothes[ie]s", "objective"),
    (
        r"(?:patients?|materials?|subjects?|participants?|methodology(?:/principal findings)?|"
        r"study designs?|designs?|experimental designs?|methods?|"
        r"settings?|interventions?|measurements?|main outcome measures?|data sources?|study selection|data extraction|"
        r"eligibility|outcome measures?|trial design|procedures?|statistical analys[ie]s)"
        r"(?:(?: and|,|/| or|,? &) ?(?:patients?|materials?|methods?|subjects?|participants?|design|setting|analysis|"
        r"interventions?|measurements?|measures?|findings|results|main outcome measures?|settings|methodology))*",
        "methods",
    ),
    (
        r"(?:main |key |principal )?(?:results?|findings?|outcomes?)(?: and (?:discussion|limitations?|conclusions?))?|"
        r"case (?:presentations?|reports?|descriptions?|summary|summaries)",
        "results",
    ),
    (
        r"(?:conclusions?|discussion|interpretation|significance|implications?|limitations?)"
        r"(?:(?: and|/) (?:relevance|implications?|significance|clinical relevance|perspectives?|interpretation))?|"
        r"(?:translational|clinical) (?:relevance|significance|implications?)|what (?:this|the) study adds|"
        r"conclusions? and relevance|lessons?|advances? in knowledge",
        "conclusions",
    ),
)
_LABEL = re.compile(
    rf"(?:{'|'.join(f'(?P<s{i}>{words})' for i, (words, _) in enumerate(_LABELS))})(?!\w)", re.IGNORECASE
)
_INLINE = re.compile(
    rf"(?:{'|'.join(words for words, _ in _LABELS)})(?=\s*[:.—–]\s|\s+[A-Z(]|\s*[:.]?$)", re.IGNORECASE
)
#: A label must be set off: by a colon, by capitals, or by a capital letter after it at the start of a sentence.
_SET_OFF = re.compile(r"\s*[:—–]\s|\s*\.\s+[A-Z]")

_BREAK = re.compile(r"[.!?][\"')\]]*(?=\s+[\"'(\[]?[A-Z0-9<≥≤α-ωΑ-Ω])|\n+|[.!?](?=$)")
#: Words, and single letters ("e.g.", "E. coli"), that end in a dot inside a sentence.
_ABBREVIATED = re.compile(
    r"(?:\b(?:vs|et al|fig|figs|no|nos|approx|resp|cf|dr|prof|st|ca|etc|ref|refs|inc|ltd|co|corp|viz|incl|"
    r"sp|spp|wt|max|min|mo|yr|sd|se|vol|ed|suppl)|\b[A-Z])\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence.

    Attributes:
        start, end: characters in the passage's text.
        section: the part of the paper, "" when nothing tells.
        text: the words, as given but for letters that only look like others (:data:`kb.tag.normal.PLAIN_CASE`), so
            that no pattern finds a word whose small letters are no word; as long as the words given.
    """

    start: int
    end: int
    section: Section
    text: str


def section_of(label: str) -> Section:
    """Return the part of the paper a label names ("PATIENTS AND METHODS" → methods); "" for a label we do not know."""
    match = _LABEL.match(label.strip().rstrip(":").strip())
    if match is None or match.lastgroup is None:
        return ""
    return _LABELS[int(match.lastgroup[1:])][1]


def sentences(passage: Passage) -> Iterator[Sentence]:
    """Yield the sentences of a passage in order; every character that is no white space belongs to exactly one.

    Args:
        passage: any text; its label, where there is one, holds until a label inside the text says otherwise.
    """
    section: Section = section_of(passage.label) if passage.label else ""
    text = passage.text.translate(PLAIN_CASE)
    for start, end in _pieces(text):
        if passage.kind == "abstract" and (found := _leading(text, start, end)):
            section = found
        yield Sentence(start, end, section, text[start:end])


def _leading(text: str, start: int, end: int) -> Section:
    """Return the part that a label at the start of a sentence opens, "" without one."""
    match = _INLINE.match(text, start, end)
    if match is None:
        return ""
    label = match.group()
    if not text[match.end() : end].strip(" .:"):
        return section_of(label)  # a line of its own
    rest = text[match.end() : end]
    capital = label.isupper() or (label[0].isupper() and re.match(r"\s+[A-Z]", rest) is not None)
    return section_of(label) if _SET_OFF.match(text, match.end()) or capital else ""


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _BREAK.finditer(text):
        end = match.end()
        before = text[max(start, match.start() - 12) : match.start() + 1]
        if match.group().startswith(".") and end < len(text) and _ABBREVIATED.search(before):
            continue
        yield from _trimmed(text, start, end)
        start = end
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
