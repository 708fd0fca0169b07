"""Phases of clinical trials as people write them: "phase I/II", "Phases 1 and 2", "phase Ib", "early phase 1".

Only the spelling is read here, and what else the word "phase" can be (of the cell cycle, of leukaemia, of an enzyme, a
part of some study). Whose phase it is, kb/tag/phase.py decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

#: ``trial``: the words name a trial by its phase. ``part``: they name a part of something ("the phase 2 portion").
#: ``bare``: nothing around them says what the phase is of.
Shape = Literal["trial", "part", "bare"]

_DASH = r"[-‐‑‒–—−]|&(?:ndash|mdash|minus|#8211|#x0*2013);"
_ONE = (
    r"(?:(?P<{0}>[0-4]|iv|i{{1,3}}|l{{1,3}}|lv|[ⅠⅡⅢⅣⅰⅱⅲⅳІ]|ІІ|ІІІ|zero|one|two|three|four)"
    r"(?:\s?\([abc]\)|[abc](?:\s?/\s?[abc](?![a-z]))?(?![a-z])|-[abc](?![-\w]))?)(?![\w%]|[.,·]\d)"
)
_TIGHT = rf"\s?(?:/|{_DASH}|→)\s?(?:phases?[\s-]?)?"
_LOOSE = r"\s?(?:,\s?(?:and\s|or\s)?|\band\b|\bor\b|\bto\b|\bthrough\b|&(?:amp;)?|\+)\s?"
_MENTION = re.compile(
    rf"(?<![\w-])(?P<early>early[\s-]+)?(?:phase(?P<plural>s)?(?:\s|{_DASH}|:\s?|&nbsp;)?|"
    rf"(?P<short>ph)\.?\s?(?=[0-4i]))"
    rf"{_ONE.format('n1')}"
    rf"(?:(?P<t2>{_TIGHT})?(?(t2)|(?P<l2>{_LOOSE})){_ONE.format('n2')}"
    rf"(?:(?P<t3>{_TIGHT})?(?(t3)|(?P<l3>{_LOOSE})){_ONE.format('n3')})?)?",
    re.IGNORECASE,
)
_REVERSED = re.compile(
    rf"(?<![\w/-])(?P<n1>[0-3]|i{{1,3}})(?:(?P<t2>\s?(?:/|{_DASH})\s?)(?P<n2>[1-4]|i{{2,3}}|iv))?"
    r"[\s-]phase(?=\s(?:clinical|trial|study))",
    re.IGNORECASE,
)
_NUMBERS = MappingProxyType(
    {
        **{str(n): n for n in range(5)},
        **{"i" * n: n for n in (1, 2, 3)},
        **{"l" * n: n for n in (1, 2, 3)},
        **{"І".casefold() * n: n for n in (1, 2, 3)},
        "iv": 4,
        "lv": 4,
        "ⅰ": 1,
        "ⅱ": 2,
        "ⅲ": 3,
        "ⅳ": 4,
        "zero": 0,
        "one": 1,
        "two": 2,
        "three": 3,
        "four": 4,
    }
)
#: Numbers run together in one design → concepts. There is no concept of phase 1/3; both its phases are given.
_TOGETHER: MappingProxyType[tuple[int, ...], tuple[str, ...]] = MappingProxyType(
    {(1, 2): ("phase-1-2",), (2, 3): ("phase-2-3",), (1, 2, 3): ("phase-1-2", "phase-2-3")}
)

_TRIAL = r"(?:sub-?)?(?:trials?|study|studies)|clinical"
#: Words that only trials carry before their noun, so that the noun itself may be far or missing.
_DESIGN_WORD = (
    r"randomi[sz]ed|open[\s-]label|double[\s-]blind(?:ed)?|single[\s-]arm|multi-?cent(?:er|re)|single-?cent(?:er|re)|"
    r"placebo|dose[\s-](?:escalat\w+|finding|ranging|expansion)|first[\s-]in[\s-](?:human|man)|non-?randomi[sz]ed|"
    r"pharmacokinetics?|multi-?national|prospective|non-?inferiority|investigator|RCTs?\b|evaluation of|"
    r"experience with|feasibility|safety|comparison of|assessment of|investigation of|extension"
)
#: Words between the phase and its noun: names, parentheses, adjectives; a preposition or a verb ends the phrase.
_FILLER = (
    r"(?:[\s,/&;⋆*–—-]++|\([^()]{0,80}\))(?:(?!(?:of|for|in|with|to|that|which|who|by|on|from|at|as|using|via|"
    r"we|was|were|is|are|"
    r"had|has|have|enrolled|showed|included|began|started|consisted|involved|received|then|when|while|but)\b)"
    r"[^\s,;:.()/&]++)?"
)
_AFTER_TRIAL = re.compile(
    rf"(?:[\s,/(&;–—-]|\band\b)*(?:{_DESIGN_WORD})|(?:{_FILLER}){{0,14}}[\s,)-]*\b(?:{_TRIAL})\b", re.IGNORECASE
)
_PART = re.compile(
    r"\s?(?:\([^()]{0,40}\)\s?)?(?:dose[\s-](?:escalation|expansion|finding)\s)?"
    r"(?:parts?|portions?|components?|segments?|stages?|cohorts?|results?|data|arms?|groups?|"
    r"safety lead-in|lead-in|run-in)\b"
    r"|\s?(?:\([^()]{0,40}\)\s?)?(?:of|in) (?:the|this|our|these|a|each) (?:[\w-]+ ){0,3}(?:trials?|study|"
    r"studies|protocol)\b",
    re.IGNORECASE,
)
_DOSE = re.compile(
    r"\s?(?:\([^()]{0,20}\)\s?)?(?:(?:recommended|starting|target|optimal)\s)?(?:dos(?:es?|ing|ages?)|schedule)\b"
    r"(?![\s-](?:escalat|find|rang|modif|expan|optimi|confirm|intensif|response|de-escal|and schedule-find))"
    r"|\s?recommended\b",
    re.IGNORECASE,
)
_RECOMMENDED = re.compile(r"\brecommended\s+(?:\w+\s+)?\Z", re.IGNORECASE)

_SHORT_AFTER = re.compile(
    r"[abc]?\s(?:clinical |open[\s-]label |randomi[sz]ed |dose[\s-]escalation )*(?:trial|study)\b", re.IGNORECASE
)
#: The letter of a phase: "1b", "2 (a)", "1a/b".
_LETTER = re.compile(r"\s?\([abc]\)|[abc](?:\s?/\s?[abc](?![a-z]))?(?![a-z])|-[abc](?![-\w])", re.IGNORECASE)
#: After "phase 1 and 2": both are phases, no counts of something.
_FOLLOWS = re.compile(r"[^.;:]{0,60}?\b(?:stud|trial|clinical|data|part|portion|dose)", re.IGNORECASE)
_NOUN = re.compile(r"[^.;:]{0,100}?\b(trials?|study|studies)\b", re.IGNORECASE)
#: What else a numbered phase can be.
_OTHER_AFTER = re.compile(
    r"[\s,-]*(?:(?:and|or|/)\s*(?:phase\s*)?(?:[1-3]|i{1,3})\b[\s-]*)?(?:hepatic |drug |xenobiotic |liver |"
    r"insulin )?(?:"
    r"secret|enzym|metaboli|biotransform|detoxif|conjugat|conjugase|reaction|oxidation|depolari[sz]|repolari[sz]|"
    r"cytochrome|transferase|transporter|insulin|gene expression|"
    r"action potential|re-?entry|contraction|of (?:the )?(?:cardiac|ventricular|action|menstrual|migrating|cell)|"
    r"motor|migrating|MMC|activity front|(?:nitrogen|expir)|slope|of sleep|latency|block|noise|shift|angle|modulat|"
    r"separat|transition|diagram|boundar|lock|imag|contrast|encod|synchron|"
    r"cardiac rehab|rehabilitation|of (?:cardiac )?rehab|hypersensitiv|reactants?|proteins?\b)",
    re.IGNORECASE,
)
_OTHER_BEFORE = re.compile(
    r"(?:luteal|follicular|blast(?:ic)?|accelerated|chronic|acute|plateau|log(?:arithmic)?|lag|stationary|"
    r"exponential|"
    r"solid|liquid|mobile|gas|vapou?r|aqueous|out[\s-]of|cell[\s-]cycle|migrating motor complex|MMC|expiratory|"
    r"alveolar|korotkoff)[\s-]+\Z",
    re.IGNORECASE,
)
#: Parts of a survey, a questionnaire, a project: "phase 1 of the project".
_WORK = re.compile(
    r"\s?(?:\([^()]{0,40}\)\s?)?(?:of|in) (?:the|this|our|a|each|an) (?:[\w-]+ ){0,3}"
    r"(?:project|survey|experiments?|research|programme?|intervention|development|validation|work|process|analysis|"
    r"investigation|interviews?|outbreak|pandemic|epidemic|campaign|roll-?out|curriculum|initiative|plan|"
    r"treatment)\b",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"[\s-]?(?:arms?|parts?|stages?|steps?|weeks?|days?|months?|years?|h(?:ours?)?|min|mg|kg|times|fold|"
    r"groups?|cent(?:er|re)s?|"
    r"cycles?|doses?|drugs?|patients?|of \d|log|point|way|period|sites?|cohorts?|ml|μg|µg)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PhaseMention:
    """Words that name a phase.

    Attributes:
        start, end: characters in the text searched.
        numbers: 0 to 4, ascending; 0 is "early phase 1" and "phase 0".
        concepts: of the phase facet.
        shape: what the phase is of.
        plural: several trials are meant ("phase I and II studies").
    """

    start: int
    end: int
    numbers: tuple[int, ...]
    concepts: tuple[str, ...]
    shape: Shape
    plural: bool


def concepts_of(numbers: Sequence[int], together: bool = True) -> tuple[str, ...]:
    """Return the concepts of phase numbers.

    Args:
        numbers: 0 to 4, in any order; 0 is early phase 1.
        together: one trial has them all (1 and 2 make phase 1/2); otherwise each stands for a trial of its own.
    """
    unique = tuple(sorted(set(numbers)))
    if together and unique in _TOGETHER:
        return _TOGETHER[unique]
    return tuple("early-phase-1" if number == 0 else f"phase-{number}" for number in unique)


def phase_mentions(text: str) -> Iterator[PhaseMention]:
    """Yield the mentions of trial phases in a text, from left to right.

    Doses ("recommended phase 2 dose") and phases of other things are left out; see the module.
    """
    taken = 0
    matches = sorted((*_MENTION.finditer(text), *_REVERSED.finditer(text)), key=lambda m: (m.start(), -m.end()))
    for match in matches:
        if match.start() < taken:
            continue
        mention = _read(match, text)
        if mention is not None:
            taken = mention.end
            yield mention


def _read(match: re.Match[str], text: str) -> PhaseMention | None:
    groups = match.groupdict()
    plural = bool(groups.get("plural"))
    numbers, end, loose = _numbers(match, text, plural)
    before, after = text[max(0, match.start() - 60) : match.start()], text[end : end + 220]
    if _is_other(before, after) or _is_dose(before, after):
        return None
    if groups.get("short") and len(set(numbers)) < 2 and not _SHORT_AFTER.match(after):
        return None  # Ph1 is a chromosome, phi a letter
    if groups.get("early"):
        numbers = [0 if number == 1 else number for number in numbers]
    shape = _shape(after)
    noun = _NOUN.match(after)
    several = plural or (noun is not None and noun.group(1).casefold().endswith("s") and noun.group(1) != "TRIALS")
    range_ = plural and len(set(numbers)) > 1
    unique = tuple(sorted(set(numbers)))
    if len(unique) > 1 and shape == "bare" and not loose and not plural:
        shape = "trial"  # "phase 1/2" is nothing else once enzymes are out
    return PhaseMention(
        match.start(), end, unique, concepts_of(unique, not (several and (loose or range_))), shape, several
    )


def _numbers(match: re.Match[str], text: str, plural: bool) -> tuple[list[int], int, bool]:
    """Return the numbers, where the mention ends, and whether they are joined by a word ("1 and 2")."""
    groups = match.groupdict()
    first = groups["n1"]
    numbers, end, loose = [_NUMBERS[first.casefold()]], _end_of(match, "n1"), False
    for n in ("2", "3"):
        name = f"n{n}"
        word = groups.get(name)
        if not word:
            break
        value = _NUMBERS[word.casefold()]
        same = word.isdigit() == first.isdigit()
        stop = match.end() if groups.get(f"n{int(n) + 1}") is None else _end_of(match, name)
        if not same or value < numbers[-1] or (word.isdigit() and _UNIT.match(text, stop)):
            break
        if groups.get(f"l{n}"):
            follows = _FOLLOWS.match(text[stop:])
            if not plural and (groups[f"l{n}"].strip().startswith(",") or (word.isdigit() and not follows)):
                break
            loose = True
        numbers.append(value)
        end = stop
    return numbers, end, loose


def _end_of(match: re.Match[str], name: str) -> int:
    """Return where a number ends, its letter included ("1b")."""
    tail = _LETTER.match(match.string, match.end(name))
    return min(tail.end(), match.end()) if tail else match.end(name)


def _is_other(before: str, after: str) -> bool:
    return bool(_OTHER_AFTER.match(after) or _OTHER_BEFORE.search(before) or _WORK.match(after))


def _is_dose(before: str, after: str) -> bool:
    return bool(_RECOMMENDED.search(before) or _DOSE.match(after))


def _shape(after: str) -> Shape:
    if _PART.match(after):
        return "part"
    return "trial" if _AFTER_TRIAL.match(after) else "bare"
