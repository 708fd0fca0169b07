"""Every named concept of a record with the words around it, what the sentence says of it, and whose sentence it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.tag import frames
from kb.tag.context import Context
from kb.tag.record import Passage, TagRecord
from kb.tag.sentences import Sentence, sentences
from kb.tag.tags import Assertion, Hit

#: Words with which authors begin to speak of their own work in an abstract without section labels.
_OWN = re.compile(
    r"\b(?:we|our|here(?:in)?|us)\b|\b(?:this|the present|the current|present) (?:[\w-]+[ -]){0,3}"
    r"(?:study|trial|report|paper|article|analysis|series|work|case|protocol|cohort|investigation|phase|pilot|"
    r"review|experiment)\b|\b(?:aims?|purpose|objectives?|goal) (?:of|was|were|is)\b|\bwere (?:\w+ ){0,2}(?:enrolled|"
    r"treated|included|randomi[sz]ed|recruited|infused|assigned|evaluated|analy[sz]ed|accrued|studied|investigated|"
    r"administered|given|transfused|instilled|injected|transduced|expanded|collected|isolated|counted|measured)\b|"
    r"\b(?:eligible|included|enrolled|treated|randomi[sz]ed) were\b|\bNCT\d{8}|\bin a (?:[\w-]+ ){0,4}(?:trial|study)\b",
    re.IGNORECASE,
)
#: Words of sentences that speak of the field, not of the study, wherever they stand.
_FIELD = re.compile(
    r"\b(?:has|have) (?:been|shown|demonstrated|emerged|recently|previously|long|become|proven|revolutioni[sz]ed|"
    r"gained|limited)\b|\b(?:is|are) (?:\w+ ){0,3}(?:known|considered|emerging|promising|attractive|believed|"
    r"(?:an?|one of the|the most) [\w -]{0,40}(?:approach|strateg|option|therap|platform|candidate|disease|malignan|"
    r"cancer|leuk|cause))|\b(?:recent(?:ly)?|previous|earlier|other|several|prior) (?:\w+ ){0,2}(?:studies|trials|"
    r"reports|data|advances|work)\b|\bremains? (?:an?|the|poor|unclear|unknown|challenging|incurable|dismal|limited)\b|"
    r"\bin recent years\b|\bto date\b",
    re.IGNORECASE,
)


#: What was done, told in the past, is the study's own even before it names itself.
_PAST = re.compile(r"\b(?:was|were) (?:\w+ly )?\w+(?:ed|en|wn|lt|nt)\b", re.IGNORECASE)


#: Characters kept on each side of a name: no frame reaches further, and a text without full stops stays cheap.
WINDOW = 400


@dataclass(frozen=True, slots=True)
class Mention:
    """One name of a concept in its sentence.

    Attributes:
        left, right: lower-case words of the sentence before and after the name.
        assertion, cue: what the sentence says of it, and the words that say so.
        own: the sentence speaks of this study (title, objective, methods, results, conclusions), not of the field.
    """

    hit: Hit
    passage: Passage
    sentence: Sentence
    left: str
    right: str
    assertion: Assertion
    cue: str
    own: bool

    @property
    def around(self) -> str:
        """The sentence around the name, lower case."""
        return f"{self.left}{self.hit.text.lower()}{self.right}"


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence of a record, and whether it speaks of this study."""

    passage: Passage
    sentence: Sentence
    own: bool


def parts(record: TagRecord) -> list[Part]:
    """Return every sentence of a record in order, with whose it is."""
    return [part for passage in record.passages for part in _parts(passage)]


def _parts(passage: Passage) -> Iterator[Part]:
    begun = passage.kind != "abstract"
    for sentence in sentences(passage):
        if sentence.section == "background":
            own = False
            if _speaks_of_itself(sentence.text) and not _FIELD.search(sentence.text):
                own = True  # the aim often closes the background
        elif sentence.section:
            own, begun = True, True
        else:
            begun = begun or _speaks_of_itself(sentence.text)
            own = (begun or _PAST.search(sentence.text) is not None) and not (
                passage.kind == "abstract" and _general(sentence.text)
            )
        yield Part(passage, sentence, own)


def _speaks_of_itself(text: str) -> bool:
    return (
        _OWN.search(text) is not None
        or frames.TREATED.search(text) is not None
        or (frames.COUNTED.search(text) is not None)
    )


def _general(text: str) -> bool:
    return _FIELD.search(text) is not None and not _speaks_of_itself(text)


def mentions(found: Iterable[tuple[Part, Iterable[Hit]]], context: Context) -> list[Mention]:
    """Return the mentions of a record, in order.

    Args:
        found: every sentence with the hits that begin in it (offsets in its passage).
        context: the judge of assertions.
    """
    result = []
    for part, hits in found:
        text, first = part.sentence.text, part.sentence.start
        for hit in hits:
            start, end = hit.start - first, min(hit.end, part.sentence.end) - first
            assertion, cue = context.explained_at(text, start, end)
            result.append(
                Mention(
                    hit,
                    part.passage,
                    part.sentence,
                    text[max(0, start - WINDOW) : start].lower(),
                    text[end : end + WINDOW].lower(),
                    assertion,
                    cue,
                    part.own,
                )
            )
    return result
