"""The trial phase of a record: from the registry's code, from publication types, and from its words.

Each origin speaks for itself and stays; the pipeline shows where they disagree. MEDLINE gives a phase 1/2 trial both
types, so both types together are one tag ``phase-1-2``; phases 2 and 3 likewise. For the words, the phase of this
record's study is ``present`` (a secondary analysis, a protocol, a follow-up keeps the phase of its trial), that of a
trial to come ``possible``, that of another trial ``historical``. "Pilot" is no phase.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.tag import publication_types
from kb.tag.phase_words import PhaseMention, concepts_of, phase_mentions
from kb.tag.record import Passage, TagRecord
from kb.tag.sentences import Sentence
from kb.tag.standing import Place, standing
from kb.tag.tags import Assertion, Tag

#: One phase of a registry's field: "EARLY_PHASE1" (ClinicalTrials.gov v2), "Phase 1", "II", "2a".
_CODE = re.compile(
    r"(?P<early>early[\s_]*)?(?:phase[\s_]*)?(?:(?P<digit>[0-4])|(?P<roman>iv|i{1,3}))[ab]?", re.IGNORECASE
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_BETWEEN = re.compile(r"\s*(?:[|,;/&+–-]|\band\b)\s*", re.IGNORECASE)
#: The form of the European registries asks for each phase: "Human pharmacology (Phase I): no … (Phase II): yes".
_ASKED = re.compile(r"\bphase\s*(?P<code>iv|i{1,3}|[1-4])\s*\)?\s*[:=]?\s*(?P<told>yes|no)\b", re.IGNORECASE)
_TOLD = re.compile(r"\b(?:yes|no)\b", re.IGNORECASE)
_NOT_APPLICABLE = re.compile(r"\s*(?:N/?A|not applicable)\s*", re.IGNORECASE)
_KINDS = ("title", "abstract", "summary", "keyword")

_FIRST_IN_HUMAN = re.compile(
    r"\bfirst[\s-](?:time[\s-])?in[\s-](?:humans?|man|patients?)\b"
    r"(?=[^.;:]{0,80}?\b(?:trials?|stud(?:y|ies)|phase|clinical|dose|evaluation|experience)\b)",
    re.IGNORECASE,
)
#: The same of a series of cases: a trial of phase 1 only where the record speaks of doses as one does (_TRIAL_SIGN).
_FIRST_SERIES = re.compile(
    r"\bfirst[\s-](?:time[\s-])?in[\s-](?:humans?|man|patients?)\b(?=[^.;:]{0,40}?\b(?:case )?series\b)", re.IGNORECASE
)
#: First-in-human work that is no drug or cell trial, so that it has no phase.
_NO_DRUG = re.compile(
    r"\b(?:device|implant\w*|prosthe\w+|stents?|valve|catheter|imaging|PET|tracer|surger\w+|surgical|robot\w*|"
    r"endoscop\w+|sensor|laser|software)\b",
    re.IGNORECASE,
)
#: Signs that the phases of "the phase 1 part" are those of a drug or cell trial, not steps of some project.
_TRIAL_SIGN = re.compile(
    r"\b(?:dose[\s-](?:limiting|escalat\w+|finding)|doses? (?:was|were) (?:\w+ )?escalated|maximum[\s-]tolerated|"
    r"MTD|RP2D|recommended phase|clinical trial)\b",
    re.IGNORECASE,
)
#: After a phase in a title that has no noun: the end, a stop, or the name of a trial.
_CLOSES = re.compile(r"\s*(?:[.:;,)\]–—]|\Z)|\s+[A-Z][A-Z0-9]{2,}[\w-]*\b")
#: "This is the phase II part": the paper is on that part, whatever it tells of the others.
_THIS_PART = re.compile(
    r"\b(?:this (?:is|was|report (?:is|covers|describes|presents)|paper (?:reports|describes|presents))|"
    r"we (?:now |here |herein )?(?:report|present|describe)(?: here)?)\s"
    r"(?:(?:on|the|an?|results?|findings|of|from|data|outcomes?|safety|efficacy|and|final|primary|first)\s){1,9}\Z",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r"\s*(?:\([^()]{0,60}\)\s*)?(?:and|&|\+|/|-|–|,|followed by(?: an?)?|then|plus|with(?: "
    r"an?)?)\s*(?:[\w-]+,?\s){0,5}\Z",
    re.IGNORECASE,
)
#: A sentence that begins with the phase, a label before it or none: "DESIGN Phase III, single-blind, …".
_DESIGN_LINE = re.compile(r"\W*(?:[A-Z][A-Z ,/&-]+[:.]?\s*)?")
_AND = re.compile(r"[^.;:]{0,120}?\b(?:and|or)\s(?:[\w-]+,?\s){0,5}", re.IGNORECASE)
_ONE_TRIAL = re.compile(r"[^.;:]{0,70}?\b(?:trial|study|protocol)\b(?!\s*(?:,|and)\s*phase)", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:an?|the|one|another)\s+(?:[\w-]+,?\s){0,6}\Z", re.IGNORECASE)
#: The name of a trial, of four letters and more; one abbreviation of treatments is as long and names none.
_NAME = re.compile(r"\b[A-Z][A-Za-z]*[A-Z0-9][A-Za-z0-9]*(?:-[A-Z0-9]+)*\b")
_NO_NAME = "HSCT"


@dataclass(frozen=True, slots=True)
class _Found:
    """A mention in the record; assertion None while the sentence alone does not tell."""

    passage: Passage
    offset: int
    sentence: Sentence
    mention: PhaseMention
    assertion: Assertion | None
    rule: str

    @property
    def start(self) -> int:
        return self.offset + self.mention.start

    @property
    def end(self) -> int:
        return self.offset + self.mention.end

    @property
    def present(self) -> bool:
        return self.assertion == "present"

    def tags(self) -> Iterator[Tag]:
        assert self.assertion is not None
        words = self.passage.text[self.start : self.end]
        for concept in self.mention.concepts:
            yield Tag(
                "phase", concept, "text", self.passage.field, self.start, self.end, words, self.assertion, self.rule
            )


def phases(record: TagRecord, sentences: Mapping[str, Sequence[Sentence]], kinds: Collection[str]) -> list[Tag]:
    """Return the tags of facet ``phase``, of origins registry, publication_type and text.

    Args:
        record: any record.
        sentences: field of each passage → its sentences (kb/tag/sentences.py); a field without sentences is not read.
        kinds: what kind of record it is: the flags of kb/tag/kinds.py.

    Returns:
        Registry and publication type first, then words in the order of the record, one tag for each mention and
        concept. A registry code that is no phase gives no tag.
    """
    return [*_of_registry(record.phase), *_of_types(record.publication_types), *_of_text(record, sentences, kinds)]


def _of_registry(code: str) -> Iterator[Tag]:
    """Yield the phases of a registry's field: one field is one trial, however many phases it has and names."""
    concepts = ("phase-na",) if _NOT_APPLICABLE.fullmatch(code) else concepts_of(_registered(code))
    for concept in concepts:
        yield Tag("phase", concept, "registry", "phase", None, None, code, "present", "registry code")


def _registered(code: str) -> list[int]:
    """Return the phases of a registry's field; [] where it names none, or it does not tell which it means."""
    if _TOLD.search(code):
        asked = list(_ASKED.finditer(code))
        if len(asked) != len(_TOLD.findall(code)):
            return []
        return [_number(match["code"]) for match in asked if match["told"].casefold() == "yes"]
    parts = [_CODE.fullmatch(part) for part in _BETWEEN.split(code.strip())]
    found = [part for part in parts if part]
    if len(found) == len(parts):
        return [0 if part["early"] else _number(part["digit"] or part["roman"]) for part in found]
    text = code if "phase" in code.casefold() else f"phase {code}"
    return [number for mention in phase_mentions(text) for number in mention.numbers]


def _number(code: str) -> int:
    return int(code) if code.isdigit() else _ROMAN[code.casefold()]


def _of_types(types: Sequence[str]) -> Iterator[Tag]:
    found = publication_types.phase_numbers(types)
    for concept in concepts_of([number for number, _ in found]):
        words = "; ".join(name for _, name in found)
        yield Tag(
            "phase",
            concept,
            "publication_type",
            publication_types.FIELD,
            None,
            None,
            words,
            "present",
            "publication type",
        )


def _of_text(record: TagRecord, sentences: Mapping[str, Sequence[Sentence]], kinds: Collection[str]) -> list[Tag]:
    # In a review they are phases of other people's trials.
    others = ("review" in kinds or "systematic_review" in kinds) and "protocol" not in kinds
    found = [
        item
        for passage in record.passages
        if passage.kind in _KINDS
        for sentence in sentences.get(passage.field, ())
        for item in _in_sentence(passage, sentence)
    ]
    if others:
        found = [
            replace(item, assertion="historical", rule="a review of trials")
            if item.assertion in ("present", None)
            else item
            for item in found
        ]
    if "protocol" in kinds or record.kind == "registration":
        found = _ahead(found)
    found = _settled(record, found, kinds)
    if "secondary_analysis" in kinds and not others:
        found = _followed(found)
    found = [item for item in found if item.assertion is not None]
    if not any(item.present for item in found) and not record.phase and not others:
        first = _first_in_human(record, sentences)
        if first:
            return [first, *(tag for item in found for tag in item.tags())]
    return [tag for item in found for tag in item.tags()]


def _in_sentence(passage: Passage, sentence: Sentence) -> Iterator[_Found]:
    title = passage.kind in ("title", "keyword")
    last: _Found | None = None
    for mention in _joined(sentence.text):
        assertion, rule = standing(Place(sentence.text, mention.start, mention.end, sentence.section, title))
        if mention.shape == "bare":
            if title and _CLOSES.match(sentence.text, mention.end):
                mention = replace(mention, shape="trial")
            elif title or not _named_alone(sentence.text, mention, rule):
                continue
        if mention.shape == "part" and _THIS_PART.search(sentence.text[max(0, mention.start - 120) : mention.start]):
            assertion, rule = "present", "this part"
        if rule == "open" and _is_design_line(sentence.text, mention):
            assertion, rule = "present", "line of the design"
        if last is not None and rule == "open" and _AND.fullmatch(sentence.text, last.mention.end, mention.start):
            assertion, rule = last.assertion, last.rule  # "the phase 2 A trial in … and the phase 3 B trial"
        last = _Found(passage, sentence.start, sentence, mention, assertion, rule)
        yield last


def _is_design_line(text: str, mention: PhaseMention) -> bool:
    return (
        not mention.plural
        and text.startswith(",", mention.end)
        and _DESIGN_LINE.fullmatch(text, 0, mention.start) is not None
    )


def _named_alone(text: str, mention: PhaseMention, rule: str) -> bool:
    """Tell whether a phase without a noun is that of the study ("this was a single-arm phase 2.")."""
    article = _ARTICLE.search(text[max(0, mention.start - 120) : mention.start])
    return rule == "this study" and article is not None and _CLOSES.match(text, mention.end) is not None


def _joined(text: str) -> list[PhaseMention]:
    """Return the mentions, two that are one trial's made one ("a phase 1b and randomised phase 2 trial")."""
    result: list[PhaseMention] = []
    for mention in phase_mentions(text):
        last = result[-1] if result else None
        if (
            last is not None
            and not last.plural
            and not mention.plural
            and max(last.numbers) + 1 == min(mention.numbers)
            and _JOINT.fullmatch(text[last.end : mention.start])
            and _ONE_TRIAL.match(text[mention.end : mention.end + 120])
        ):
            numbers = (*last.numbers, *mention.numbers)
            result[-1] = PhaseMention(last.start, mention.end, numbers, concepts_of(numbers), "trial", False)
        else:
            result.append(mention)
    return result


def _settled(record: TagRecord, found: list[_Found], kinds: Collection[str]) -> list[_Found]:
    """Decide what the sentence alone left open, and leave out parts of a trial that is named whole."""
    sure = [item for item in found if item.present and item.mention.shape == "trial"]
    known = {number for item in sure for number in item.mention.numbers}
    whole = {
        (item.mention.numbers, item.mention.concepts)
        for item in sure
        if len(item.mention.concepts) < len(item.mention.numbers)
    }
    result = []
    for item in found:
        if item.assertion is None:
            item = _opened(record, item, known, kinds)
        if item.present and any(_part_of(item.mention, *other) for other in whole):
            continue
        if item.mention.shape == "part" and item.present and sure:
            continue
        result.append(item)
    return result if sure else _of_parts(record, result)


def _ahead(found: list[_Found]) -> list[_Found]:
    """Read the future tense of a protocol as this study's, unless another phase is named for it already."""
    found = [
        replace(item, assertion="present") if item.assertion == "possible" and item.rule == "title" else item
        for item in found
    ]
    sure = {number for item in found if item.present for number in item.mention.numbers}
    return [
        replace(item, assertion="present", rule="a study to come is described")
        if item.rule in ("planned", "open") and (not sure or set(item.mention.numbers) <= sure)
        else item
        for item in found
    ]


def _followed(found: list[_Found]) -> list[_Found]:
    """Give a follow-up or a secondary analysis the phase of the one earlier trial it names, where it names no other."""
    earlier = {item.mention.numbers for item in found if item.assertion == "historical" and item.rule == "earlier"}
    if len(earlier) != 1 or any(item.present for item in found):
        return found
    return [
        replace(item, assertion="present", rule="follow-up of that trial")
        if item.assertion == "historical" and item.rule == "earlier"
        else item
        for item in found
    ]


def _part_of(mention: PhaseMention, numbers: tuple[int, ...], concepts: tuple[str, ...]) -> bool:
    return set(mention.numbers) < set(numbers) and mention.concepts[0] not in concepts


def _opened(record: TagRecord, item: _Found, known: set[int], kinds: Collection[str]) -> _Found:
    """Settle a mention by the rest of the record."""
    other: Assertion = "possible" if item.rule == "begun" else "historical"
    if known:
        numbers = set(item.mention.numbers)
        own = numbers <= known or (not item.mention.plural and known < numbers)
        return replace(item, assertion="present" if own else other, rule="as elsewhere in the record")
    if item.rule == "begun" and "protocol" not in kinds and _closes_the_text(item):
        return replace(item, assertion="possible", rule="begun in the end")
    if _name_recurs(record, item):
        return replace(item, assertion="present", rule="the trial is named again")
    doubtful = item.mention.plural or item.sentence.section == "background"
    if "preclinical" in kinds or item.rule == "earlier" or (doubtful and item.rule != "was conducted"):
        return replace(item, assertion=other, rule=item.rule)
    return replace(item, assertion="present", rule="only phase named")


def _closes_the_text(item: _Found) -> bool:
    """Tell whether a sentence is the last of several: what was begun there comes after what the text reports."""
    return item.sentence.start > 0 and not item.passage.text[item.sentence.end :].strip()


def _name_recurs(record: TagRecord, item: _Found) -> bool:
    """Tell whether the name after the phase ("phase 3 ABCDE trial") stands in the title or in another sentence."""
    names = _NAME.findall(item.sentence.text[item.mention.end : item.mention.end + 60])
    return any(
        len(name) > 3 and name != _NO_NAME and not name.startswith("NCT") and re.search(rf"\b{name}\b", passage.text)
        for name in names
        for passage in record.passages
        if passage.kind == "title"
    )


def _of_parts(record: TagRecord, found: list[_Found]) -> list[_Found]:
    """Read the phase off its parts ("the phase 1 part … the phase 2 part") where no trial is named by its phase."""
    parts = [item for item in found if item.mention.shape == "part" and item.present]
    others = [item for item in found if not (item.mention.shape == "part" and item.present)]
    reported = [item for item in parts if item.rule == "this part"]
    if not parts or not (reported or _has_trial_sign(record)):
        return others
    parts = reported or parts
    numbers = tuple(sorted({number for item in parts for number in item.mention.numbers}))
    first = parts[0]
    mention = replace(first.mention, numbers=numbers, concepts=concepts_of(numbers))
    return [replace(first, mention=mention, rule="parts of one trial"), *others]


def _has_trial_sign(record: TagRecord) -> bool:
    return any(_TRIAL_SIGN.search(passage.text) for passage in record.passages)


def _first_in_human(record: TagRecord, sentences: Mapping[str, Sequence[Sentence]]) -> Tag | None:
    """Return phase 1 for a first-in-human trial whose phase is not named; None for anything else."""
    for passage in record.passages:
        if passage.kind not in _KINDS:
            continue
        for sentence in sentences.get(passage.field, ()):
            match = _FIRST_IN_HUMAN.search(sentence.text)
            if match is None and (match := _FIRST_SERIES.search(sentence.text)) and not _has_trial_sign(record):
                continue
            if match is None or _NO_DRUG.search(sentence.text):
                continue
            place = Place(sentence.text, match.start(), match.end(), sentence.section, passage.kind == "title")
            assertion, rule = standing(place)
            own = assertion is None and rule in ("open", "was conducted") and sentence.section != "background"
            if own or assertion == "present":
                start, end = sentence.start + match.start(), sentence.start + match.end()
                return Tag(
                    "phase", "phase-1", "text", passage.field, start, end, match.group(), "present", "first_in_human"
                )
    return None
