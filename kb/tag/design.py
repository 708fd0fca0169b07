"""How a study was made, from publication types, the registry's study type and its words.

A design stands for this record's study; that of a planned or an earlier study gets its own assertion (see
kb/tag/standing.py). Origins stay apart: MEDLINE calls a protocol a "Randomized Controlled Trial", the words do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from kb.tag import publication_types
from kb.tag.kinds import Kind
from kb.tag.record import TagRecord
from kb.tag.sentences import Sentence
from kb.tag.standing import Place, standing
from kb.tag.tags import Assertion, Tag

_KINDS = ("title", "abstract", "summary", "keyword", "arm")

#: Concept → words, in the order they are read within a sentence; words once read are not read again.
_WORDS: tuple[tuple[str, str], ...] = (
    (
        "nonrandomised-controlled",
        r"\bnon[\s-]?randomi[sz]ed,? (?:[\w-]+,? ){0,4}(?:controlled|comparative|comparison|control|concurrent)\b"
        r"|\bquasi-?experimental\b|\bconcurrent(?:ly)?[\s-]+control(?:s|led)?\b|\bnon[\s-]?randomi[sz]ed "
        r"(?:clinical )?trial with controls?"
        r"|\bnot randomi[sz]ed\b(?=[^.;]{0,80}\bcontrol)"
        r"|\b(?:allocated|assigned|allotted|grouped)\b[^.;]{0,40}\b(?:according to|by|based on|depending on) "
        r"(?:the |their )?"
        r"(?:own )?(?:preference|choice|wish(?:es)?|willingness|will|date|day|order of|consent|decision)",
    ),
    (
        "matched-cohort",
        r"\bpropensity[\s-]+scores?\b|\b(?:historical|historic|registry|external|matched)[\s-]+(?:matched "
        r")?(?:control|comparison|comparator|cohort)s?\b"
        r"|\bcompared (?:with|to) [^.;]{0,80}\b(?:in earlier years|in an earlier (?:period|era)|in the "
        r"preceding years?|"
        r"treated (?:earlier|before (?:the|\d)))"
        r"|\bmatched[\s-]+(?:pairs?|cohorts?|control|analysis)\b|\bmatched\b[^.;]{0,40}\bcontrols\b",
    ),
    (
        "randomised-controlled",
        r"(?<!non-)(?<!non)(?<!non )(?<!not )(?<!without )\brandomi[sz](?:ed|ation)\b(?![\s-]*(?:Mendelian|"
        r"study of nature))"
        r"(?! (?:was|were) not\b)"
        r"|\brandomly[\s-]+(?:assigned|allocated|divided|allotted|grouped|split|distributed)\b|"
        r"\brandomi[sz]ed[\s-]+controlled\b"
        r"|\b(?:allocat|assign|allot|divid|distribut|chosen|select|group)\w*\b[^.;]{0,60}?\b(?:at random\b|"
        r"(?:by|using|with|through|according to|to) (?:a |the )?(?:computer[\s-]generated "
        r")?(?:random(?:ly)?[\s-]+(?:number|digit)|"
        r"drawing lots|lots\b|lottery|coin))"
        r"|\bRCT\b|\bdouble[\s-]+blind(?:ed)?\b|\bplacebo[\s-]+controlled\b",
    ),
    (
        "dose-escalation",
        r"\bdose[\s-]+escalat(?:ion|ing)[\s,-]+(?:[\w-]+[\s,]+){0,4}(?:study|trial|phase|part|portion|segment|"
        r"scheme|design|cohorts?|stage|"
        r"protocol|component)\b|\b(?:escalating|ascending|increasing|rising) (?:cell )?doses?(?: levels?)?\b|"
        r"\bdose[\s-]+finding\b"
        r"|\b3\s?\+\s?3\b(?=[^.;]{0,40}\b(?:design|dose|escalat|scheme|rule|cohorts?|method|approach|model))"
        r"|\bdoses? (?:was|were) (?:escalated|(?:raised|increased) (?:in steps|step[\s-]?wise|gradually))\b|"
        r"\bdose[\s-]+levels? [123I]\b|"
        r"\bdose[\s-]+escalation\b(?=\s*(?:[.,;)]|of\b|and\b|was\b|followed\b|\Z))",
    ),
    (
        "single-arm",
        r"\b(?:single|one)[\s-]+(?:arm|armed|group)\b|\buncontrolled[\s,-]+(?:[\w-]+[\s,]+){0,3}(?:trial|study|"
        r"pilot)\b|\bnon[\s-]?comparative\b"
        r"|\bwithout (?:a )?control (?:arm|group)\b|\bno control (?:arm|group)\b",
    ),
    ("cross-sectional", r"\bcross[\s-]+sectional\b|\bprevalence (?:study|survey)\b"),
    (
        "case-report",
        r"\b(?:report|describe|present|document)(?:s|ed|ing)? (?:here )?(?:on )?(?:the|a|an|our|this|one) "
        r"(?:[\w-]+ ){0,3}case of\b|\bcase reports?\b(?! forms?)"
        r"|\bsingle[\s-]+(?:case|patient)\b|\bN[\s-]?of[\s-]?1\b",
    ),
    (
        "case-series",
        r"\bcase[\s-]+series\b|\bseries of (?:\w+ ){0,3}(?:cases|patients)\b|\b(?:report|describe|present)(?:s|"
        r"ed)? (?:on )?"
        r"(?:two|three|four|five|six|seven|eight|nine|ten|[2-9]|1\d) (?:[\w-]+ ){0,3}(?:cases|patients|children)\b"
        r"|\bnamed[\s-]+patient\b",
    ),
    (
        "cohort",
        r"\b(?:prospective|retrospective|observational|population[\s-]based|longitudinal|inception|birth) "
        r"(?:[\w-]+ ){0,2}?cohort\b"
        r"|\bcohort (?:study|analysis)\b|\bobservational(?:[\s,-]+[\w-]+){0,3} study\b|"
        r"\bregistry[\s-]+(?:based )?(?:study|analysis|data)\b"
        r"|\bretrospective(?:ly)?[\s,-]+(?:[\w-]+[\s,]+){0,4}(?:study|review(?:ed)?|analy[sz]ed|analysis|"
        r"evaluated|collected|compared)\b"
        r"|\bchart review\b",
    ),
    (
        "comparative",
        r"\b(?:control|comparison|comparator)[\s-]+(?:group|arm|cohort)\b(?! of healthy)"
        r"|\b(?:patients|cases|participants|subjects|children|adults|women|men)\b[^.;]{0,80}?\b(?:divided|grouped|"
        r"allocated|assigned) (?:in)?to (?:two|three|four|an?|the|either)\b"
        r"|\b(?:versus|vs\.?|compared (?:with|to))\s(?:[\w-]+\s){0,3}(?:chemotherapy|surgery|resection|"
        r"radiotherapy|transplantation) alone\b",
    ),
    (
        "outbreak-report",
        r"\boutbreak (?:investigation|of)\b|\bcluster of (?:\w+ )?(?:infections?|"
        r"cases)\b(?=[^.;]{0,80}\b(?:after|following|linked|associated|"
        r"clinic|product|inject|infus))",
    ),
)
_PATTERNS = tuple((concept, re.compile(words, re.IGNORECASE)) for concept, words in _WORDS)
#: "Randomised" here is of mice, of a method, of samples, not of people.
_NOT_PEOPLE = re.compile(
    r"\b(?:mice|mouse|rats?|animals?|rabbits?|dogs?|wells|plates|Mendelian|samples?|sequenc\w+)\b", re.IGNORECASE
)
_HEALTHY = re.compile(r"\b(?:healthy|normal|negative|positive|isotype|untreated cells|vehicle)\b", re.IGNORECASE)
_REVIEWING = MappingProxyType({"systematic_review": "systematic-review", "review": "narrative-review"})
_FROM_KIND = MappingProxyType({"protocol": "protocol", "preclinical": "laboratory", "case_report": "case-report"})
_ALLOTTED = re.compile(r"\b(?:was|were)\s(?:then |also |subsequently |first )?\Z", re.IGNORECASE)
#: Words for what was done within a study, not for a study.
_OF_METHOD = frozenset({"dose-escalation", "matched-cohort"})
#: Concepts that say more than "compared": with one of them the general one is not given.
_COMPARED = frozenset({"nonrandomised-controlled", "matched-cohort", "randomised-controlled"})


def designs(record: TagRecord, sentences: Mapping[str, Sequence[Sentence]], found: Sequence[Kind]) -> list[Tag]:
    """Return the tags of facet ``design``, of origins publication_type, registry and text.

    Args:
        record: any record.
        sentences: field of each passage → its sentences.
        found: what kind of record it is (kb/tag/kinds.py).

    Returns:
        Publication types first, then the registry, then the words in the order of the record, each concept and
        assertion once for each field.
    """
    return [
        *publication_types.designs(record.publication_types),
        *_of_registry(record),
        *_of_kinds(record, found),
        *_of_text(record, sentences, {kind[0] for kind in found}),
    ]


def _of_registry(record: TagRecord) -> Iterator[Tag]:
    if record.study_type.upper() == "OBSERVATIONAL":
        yield Tag(
            "design", "cohort", "registry", "study_type", None, None, record.study_type, "present", "registry code"
        )


def _of_kinds(record: TagRecord, found: Sequence[Kind]) -> Iterator[Tag]:
    texts = {passage.field: passage.text for passage in record.passages}
    named = {kind[0] for kind in found}
    seen: set[str] = set()
    for flag, rule, field, start, end in found:
        if start is None or end is None:
            continue
        concept = _FROM_KIND.get(flag) or _REVIEWING.get(flag, "")
        if flag == "review" and "systematic_review" in named:
            continue
        if concept and concept not in seen:
            seen.add(concept)
            yield Tag("design", concept, "text", field, start, end, texts[field][start:end], "present", rule)


def _of_text(record: TagRecord, sentences: Mapping[str, Sequence[Sentence]], named: set[str]) -> list[Tag]:
    """Return the designs that words name; in a review they are those of other people's studies."""
    others = bool(named & {"review", "systematic_review"}) and "protocol" not in named
    ahead = "protocol" in named or record.kind == "registration"  # what will be done is this study
    if named & {"preclinical", "retraction_notice"}:
        return []
    tags: dict[tuple[str, str, Assertion], Tag] = {}
    for passage in record.passages:
        if passage.kind not in _KINDS:
            continue
        for sentence in sentences.get(passage.field, ()):
            title = passage.kind in ("title", "keyword", "arm")
            for concept, start, end in _in_sentence(sentence.text):
                assertion = _assertion(sentence, concept, start, end, title)
                if others and assertion == "present":
                    assertion = "historical"
                elif ahead and assertion == "possible":
                    assertion = "present"
                tag = Tag(
                    "design",
                    concept,
                    "text",
                    passage.field,
                    sentence.start + start,
                    sentence.start + end,
                    sentence.text[start:end],
                    assertion,
                    "design words",
                )
                tags.setdefault((concept, passage.field, assertion), tag)
    present = {tag.concept for tag in tags.values() if tag.assertion == "present"}
    return [tag for tag in tags.values() if not _implied(tag, present, named)]


def _in_sentence(text: str) -> Iterator[tuple[str, int, int]]:
    taken: list[tuple[int, int]] = []
    for concept, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            near = text[max(0, match.start() - 80) : match.end() + 60]
            if concept == "randomised-controlled" and _NOT_PEOPLE.search(near):
                continue
            if concept in ("comparative", "matched-cohort") and _HEALTHY.search(near):
                continue
            yield concept, match.start(), match.end()


def _assertion(sentence: Sentence, concept: str, start: int, end: int, title: bool) -> Assertion:
    assertion, rule = standing(Place(sentence.text, start, end, sentence.section, title))
    done = sentence.text[start:end].casefold().startswith("randomly") or _ALLOTTED.search(sentence.text[:start])
    if done or (concept in _OF_METHOD and (assertion in ("possible", "contrast") or rule == "earlier")):
        # "Following dose escalation", "than matched controls": the method of this study, whatever stands before it.
        return "historical" if assertion == "historical" else "present"
    if assertion is not None:
        return assertion
    if rule == "earlier" or sentence.section == "background":
        return "historical"
    return "possible" if rule == "begun" else "present"


def _implied(tag: Tag, present: set[str], named: set[str]) -> bool:
    """Tell whether a present tag adds nothing, or cannot be, beside what else was found."""
    if tag.assertion != "present":
        return False
    if tag.concept == "comparative":
        return bool(present & _COMPARED)
    if tag.concept == "case-series":
        return "case-report" in present
    if tag.concept == "cohort":
        # A trial whose charts were read again, or a post hoc analysis of it, stays what the trial was.
        return bool(present & {"randomised-controlled", "case-report"}) or "case_report" in named
    return False
