"""Harms: their grade, and sentences that say they did not occur."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.tag.numbers import WHOLE, whole

Grades = tuple[int | None, int | None]

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_G = r"(?:[1-5](?!\d)|I{1,3}(?![A-Za-z])|IV(?![A-Za-z])|V(?![A-Za-z]))"
_GRADE = re.compile(
    rf"(?:(?P<atleast>≥|>=|⩾|at least|greater than or equal to)\s?)?\bgrades?\s?(?P<sign>≥|>=|⩾|>|≤|<=|⩽|<)?\s?(?P<low>{_G})"
    rf"(?P<plus>\+|\s?(?:or|and)\s(?:higher|above|greater|more|worse)|\sor\sgreater)?"
    rf"(?:\s?(?:-|to|/|or|and|through)\s?(?:grade\s)?(?P<high>{_G}))?(?P<less>\s?(?:or|and)\s(?:lower|less|below))?"
    rf"|\b(?P<any>any|all)[ -]grades?\b|\b(?P<high_grade>high[ -]grade|severe)\b(?=\s(?:acute\s|chronic\s)?(?:GVHD|GvHD|CRS|adverse|toxicit))",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:no|none|without|absence of|free (?:of|from)|neither|nor|not|zero|nil|never|lack of|devoid of|did ?n[o']t)\b",
    re.IGNORECASE,
)
#: "no" that denies a change or a certainty, not the harm.
_NOT_OF_HARM = re.compile(
    r"\b(?:no|not|without)\s(?:\w+\s){0,2}?(?:differences?|increase[ds]?|changes?|correlat\w+|associat\w+|effect|impact|decrease|"
    r"reduc\w+|only|all|longer|more|higher|lower|differ\w*|related|excess|influence|worsen\w*|exceed\w*|prevent\w*|apparent difference|"
    r"yet|be excluded|ruled out|unexpected that|routinely|sufficient|reach\w*|achiev\w*)\b",
    re.IGNORECASE,
)
#: The denial ends here.
_STOP = re.compile(
    r";|:\s|,?\s(?:but|however|except|although|though|whereas|while|apart from|other than|only)\b|\.\s|,\s(?:and\s)?(?=(?:[\w-]+\s){0,3}"
    r"(?:was|were|had|occurred|developed|experienced|achieved|responded)\b)|\band\s(?=(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)\b)",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"[^.;,]{0,60}?\b(?:(?:was|were|has been|have been|had been)\s(?:not|never)\s(?:\w+\s)?(?:observed|seen|noted|detected|reported|"
    r"encountered|recorded|documented|identified|found|evident)|did not (?:occur|develop|appear)|(?:was|were) absent)\b",
    re.IGNORECASE,
)
#: What makes "no … toxicity" a smaller statement than none at all.
_QUALIFIED = re.compile(
    r"\b(?:significant|major|unexpected|clinically|relevant|severe|unacceptable|additional|new|other|further|unusual|notable|substantial|life-threatening|"
    r"uncontrolled|overt|clinical|intolerable|irreversible|important|de novo|permanent|long-term|late|related|attributable|"
    r"[a-z]+-related|associated|persistent|prolonged|apparent|obvious|excess|high-grade|grade|immediate|acute|chronic|extensive|acute-phase)\b",
    re.IGNORECASE,
)
_AMONG = re.compile(
    rf"\b(?:any|none|in all|all)\s(?:of\s)?(?:the\s|these\s|our\s)?(?P<total>{WHOLE})\s(?:\w+\s){{0,3}}?(?:patients?|subjects?|participants?|recipients?|children|infusions?)\b"
    rf"|\b(?:among|in)\s(?:the\s|these\s|our\s)(?P<among>{WHOLE})\s(?:\w+\s){{0,3}}?(?:patients?|subjects?|participants?|recipients?|children)\b",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"\b(?:died|deaths?|fatal\w*|mortality)\b[^,;.]{0,40}?\b(?:of|from|due to|because of|caused by|attributed to|secondary to|related to|owing to|as a result of)\s[^,;.]{0,60}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class GradeMark:
    """A grade in a plain sentence: characters and limits; (None, None) for "any grade"."""

    start: int
    end: int
    grades: Grades


def _level(words: str) -> int:
    return _ROMAN.get(words.lower()) or int(words)


def grade_marks(text: str) -> list[GradeMark]:
    """Return the grades a plain sentence prints ("grade 3-4" → 3, 4; "grade ≥3" → 3, None; "grade ≤2" → None, 2)."""
    found = []
    for match in _GRADE.finditer(text):
        grades: Grades = (None, None)
        if match["low"]:
            low = _level(match["low"])
            grades = (low, _level(match["high"]) if match["high"] else low)
            if match["atleast"] or match["plus"] or (match["sign"] or "") in ("≥", ">=", "⩾"):
                grades = (low, None)
            elif match["sign"] == ">":
                grades = (low + 1, None)
            elif match["sign"] == "<":
                grades = (None, low - 1)
            elif match["less"] or match["sign"]:
                grades = (None, low)
        elif match["high_grade"]:
            continue
        found.append(GradeMark(match.start(), match.end(), grades))
    return found


def grade_of(text: str, marks: list[GradeMark], start: int, end: int) -> Grades:
    """Return the grade that belongs to a name of a harm at ``start``: right behind it, else the last one before it.

    Args:
        text: the plain sentence.
        marks: its grades.
        start, end: characters of the name, to the end of its figures.
    """
    for mark in marks:
        if mark.start >= start and mark.start - end < 40:
            gap = text[end : mark.start]
            if re.fullmatch(r"\s?[(\[,]?\s?(?:of\s|was\s|were\s|\w+\s)?(?:of\s|all\s|mostly\s|only\s)?[(\[≥]?\s?", gap):
                return mark.grades
        if start <= mark.start < end:
            return mark.grades
    before = [mark for mark in marks if mark.end <= start]
    if not before:
        return (None, None)
    gap = text[before[-1].end : start]
    if re.search(r";|\.\s|\b(?:but|while|whereas|however|although|other)\b|\band\s(?:one|two|three|no|\d)", gap):
        return (None, None)
    if _depth(text, before[-1].end) > _depth(text, start) and len(gap) > 1:
        return (None, None)
    return before[-1].grades


def _depth(text: str, place: int) -> int:
    before = text[:place]
    return before.count("(") + before.count("[") - before.count(")") - before.count("]")


def denied(text: str, start: int, end: int) -> bool:
    """Tell whether a plain sentence says that what is named at ``start`` did not occur.

    "No difference in", "not only" and a denial that ended before the name do not count; the cause of a death that did
    not occur is not itself denied.
    """
    for match in _DENIED.finditer(text, 0, start):
        scope = text[match.start() : start]
        if _NOT_OF_HARM.match(text, match.start()) or _STOP.search(scope) or len(scope.split()) > 22:
            continue
        if re.search(r"\)\s(?!or|and|,)", scope) and "(" not in scope:
            continue
        return _CAUSE.search(scope) is None
    return _DENIED_AFTER.match(text, end) is not None


def cause_of_death(text: str, start: int) -> bool:
    """Tell whether the name at ``start`` is the cause in "died of sepsis"."""
    return _CAUSE.search(text[:start]) is not None


def qualified(text: str, start: int) -> str:
    """Return the word that narrows a denied harm ("no *significant* toxicity"), "" without one."""
    before = re.search(r"(?:[\w≥-]+[ /]){0,3}$", text[:start])
    match = _QUALIFIED.search(before.group()) if before else None
    return match.group() if match else ""


def people_denied(text: str) -> tuple[int | None, str]:
    """Return how many people a denial speaks of, with the words ("in any of the 12 patients"); None when not said."""
    match = _AMONG.search(text)
    if match is None:
        return None, ""
    return whole(match["total"] or match["among"]), text[match.start() : match.end() + 12]
