"""Harms: their grade, and sentences that say they did not occur."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.tag.brackets import depth
from kb.tag.endpoints import Named
from kb.tag.measures import Measure
from kb.tag.numbers import WHOLE, whole

Grades = tuple[int | None, int | None]

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_G = r"(?:[1-5](?!\d)|I{1,3}(?![A-Za-z])|IV(?![A-Za-z])|V(?![A-Za-z]))"
_GRADE = re.compile(
    rf"(?:(?P<atleast>≥|>=|⩾|at least|greater than or equal to)\s?)?\bgrades?\s?(?P<sign>≥|>=|⩾|>|≤|<=|⩽|"
    rf"<)?\s?(?P<low>{_G})"
    rf"(?P<plus>\+|\s?(?:or|and)\s(?:higher|above|greater|more|worse)|\sor\sgreater)?"
    rf"(?:\s?(?:-|to|/|or|and|through)\s?(?:grade\s)?(?P<high>{_G}))?(?P<less>\s?(?:or|and)\s(?:lower|less|below))?"
    rf"|\b(?P<any>any|all)[ -]grades?\b(?!\s?{_G})|\b(?P<high_grade>high[ -]grade|severe)\b(?=\s(?:acute\s|"
    rf"chronic\s)?(?:GVHD|GvHD|CRS|adverse|toxicit))",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:no|none|without|absence of|free (?:of|from)|neither|nor|zero|nil|lack of|devoid of|"
    r"(?:did|does|do|has|have|had)(?: ?n[o']t| never)\s(?:\w+ly\s)?(?:develop|experience|have|had|show|caus|"
    r"induc|observe|see|"
    r"result|lead|report|note|detect|find|suffer|exhibit|encounter|trigger|elicit)\w*)\b",
    re.IGNORECASE,
)
#: "no" that denies a change or a certainty, not the harm.
_NOT_OF_HARM = re.compile(
    r"\b(?:no|not|without)\s(?:\w+\s){0,2}?(?:differences?|increase[ds]?|changes?|correlat\w+|associat\w+|effect|"
    r"impact|decrease|"
    r"reduc\w+|only|all|longer|more|higher|lower|differ\w*|related|excess|influence|worsen\w*|exceed\w*|"
    r"prevent\w*|apparent difference|"
    r"yet|be excluded|ruled out|unexpected that|routinely|sufficient|reach\w*|achiev\w*)\b",
    re.IGNORECASE,
)
#: Said of what a product can do, not of what was seen.
_MODAL = re.compile(r"\b(?:can|may|could|might|would|should|will|potential\w*|able to|known to)\b", re.IGNORECASE)
#: "increased toxicity was not observed" is not "no toxicity".
_LARGER = re.compile(
    r"\b(?:increased|excess(?:ive)?|(?<!or )higher|high|(?<!or )greater|(?<!or )more|worsen\w*|additive|cumulative|"
    r"overlapping)\s$",
    re.IGNORECASE,
)
#: "4 of 5 patients had no benefit" leaves one who had.
_SOME_HAD = re.compile(
    rf"\b(?:{WHOLE}|most|some|several|many|others)\s(?:[\w-]+\s){{0,3}}?(?:had|have|showed|developed|experienced|"
    rf"with)\s$",
    re.IGNORECASE,
)
#: "only in patients without infections" says who, not what was seen.
_PEOPLE_WITHOUT = re.compile(
    r"\b(?:patients|those|people|subjects|participants|recipients|children|individuals|with or|with and)\s$",
    re.IGNORECASE,
)
#: The denial ends here; whom it was looked for in ("in 80% of the patients who achieved remission") is not denied.
_STOP = re.compile(
    r"\b(?:in|of|among)\s(?:the\s|those\s)?(?:patients|those|people|children|participants|subjects)\s(?:who|with|that)\b|"
    r";|:\s|,?\s(?:but|however|except|although|though|whereas|while|apart from|other than|only)\b|\.\s|"
    r",\s(?:and\s)?(?=(?:[\w-]+\s){0,3}"
    r"(?:was|were|had|has|have|is|are|occurred|developed|experienced|achieved|responded|proved|showed|remained|"
    r"led|resulted|increased|"
    r"improved|decreased)\b)|\band\s(?=(?:\d+|the|a|an|all|most|one|two|three|four|five|six|seven|eight|nine|ten)\b)",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"[^.;,]{0,60}?\b(?:(?:was|were|has been|have been|had been)\s(?:not|never)\s(?:\w+\s)?(?:observed|seen|"
    r"noted|detected|reported|"
    r"encountered|recorded|documented|identified|found|evident)|did not (?:occur|develop|appear)|(?:was|"
    r"were) absent)\b",
    re.IGNORECASE,
)
#: What makes "no … toxicity" a smaller statement than none at all.
_QUALIFIED = re.compile(
    r"\b(?:significant|major|unexpected|clinically|relevant|severe|unacceptable|additional|new|other|further|"
    r"unusual|notable|substantial|life-threatening|"
    r"uncontrolled|overt|clinical|intolerable|irreversible|important|de novo|permanent|long-term|late|related|"
    r"attributable|"
    r"[a-z]+-related|associated|persistent|prolonged|apparent|obvious|excess|high-grade|grade|immediate|limiting|"
    r"acute|chronic|extensive|acute-phase)\b",
    re.IGNORECASE,
)
_AMONG = re.compile(
    rf"\b(?:any|none|in all|all)\s(?:of\s)?(?:the\s|these\s|"
    rf"our\s)?(?P<total>{WHOLE})\s(?:\w+\s){{0,3}}?(?:patients?|subjects?|participants?|recipients?|children|"
    rf"infusions?)\b"
    rf"|\b(?:among|in)\s(?:the\s|these\s|our\s)(?P<among>{WHOLE})\s(?:\w+\s){{0,3}}?(?:patients?|subjects?|"
    rf"participants?|recipients?|children)\b",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"\b(?:died|deaths?|fatal\w*|mortality)\b[^,;.]{0,40}?\b(?:of|from|due to|because of|caused by|attributed to|"
    r"secondary to|related to|owing to|as a result of)\s[^,;.]{0,60}$",
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
    if "grade" not in text.lower():
        return []
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


def grade_of(
    text: str, marks: Sequence[GradeMark], name: Named, measure: Measure | None, harms: Sequence[Named]
) -> Grades:
    """Return the grade that belongs to a harm: right behind it, inside or before its name, or that of its list.

    Args:
        text: the plain sentence.
        marks: its grades.
        name: the name of the harm.
        measure: the figure the grade is asked for, None where the harm has none.
        harms: all names of harms in the sentence.
    """
    end = name.end
    if measure is not None:
        end = max(end, measure.end)
        own = _leading(text, marks, name, measure.start, harms)
        if own is not None:
            return own.grades
    for mark in marks:
        if name.start <= mark.start < name.end or (mark.start >= name.end and _right_behind(text, mark, name, end)):
            if any(_ITS_GRADE.fullmatch(text[mark.end : harm.start]) for harm in harms if harm.start > mark.end):
                continue  # "CRS, grade 2 infection"
            return mark.grades
    before = [
        mark for mark in marks if mark.end <= name.start and depth(text[: mark.start]) <= depth(text[: name.start])
    ]
    if not before:
        return (None, None)
    mark = before[-1]
    gap = text[mark.end : name.start]
    if _LIST_GOES_ON.match(text, mark.end):  # "grade 1, 2 or 3 CRS"
        return (None, None)
    ahead = [harm for harm in harms if harm.end <= mark.start and harm.endpoint.event in _GENERAL]
    if ahead and re.fullmatch(r"\s?(?:of\s|were\s|that were\s|\()?", text[ahead[-1].end : mark.start]):
        listed = re.search(r"includ|consist|such as|compris|\bwere\b|:", gap)
        return mark.grades if listed and not _GRADE_ENDS.search(gap) else (None, None)
    heads = [harm for harm in harms if harm.start < name.start and harm.end >= mark.end and harm.end <= name.start]
    if not heads:  # "grade 3-4 neutropenia"
        return (None, None) if _GRADE_ENDS.search(gap) or ")" in gap else mark.grades
    rest = text[heads[0].end : name.start]
    general = heads[0].endpoint.event in _GENERAL and re.search(r"includ|consist|such as|compris|\bwere\b|:", rest)
    joined = re.fullmatch(r"\s?(?:,|and|or|, and|/|[(\[])\s?(?:\w+\s){0,2}", rest)
    return mark.grades if (general or joined) and not _GRADE_ENDS.search(rest) else (None, None)


#: Harms that stand for all: their grade is that of the list behind them.
_GENERAL = frozenset(["", "any-harm", "severe-ae", "serious-ae"])
_GRADE_ENDS = re.compile(
    r";|\.\s|\b(?:but|while|whereas|however|although|other|no|(?<=and )(?:chronic|acute|extensive))\b|"
    r"\band\s(?:one|two|three|four|five|\d)|\b(?:any|all)[ -]grades?\b",
    re.IGNORECASE,
)


def _leading(
    text: str, marks: Sequence[GradeMark], name: Named, begin: int, harms: Sequence[Named]
) -> GradeMark | None:
    """Return the grade that leads from a harm to its figure: "CRS (grade 1, 33%; grade 2, 13%)"."""
    between = [mark for mark in marks if name.end <= mark.start and mark.end <= begin]
    if not between or any(name.end <= harm.start and harm.end <= begin for harm in harms):
        return None
    last = between[-1]
    if _LEADS.fullmatch(text[last.end : begin]):
        return last
    # "infection of grade 3 was seen in 4/30 and 9/31": one grade, no bracket about it, is of all figures behind.
    beside = _JUST_BEHIND.fullmatch(text[name.end : last.start]) and not _LIST_GOES_ON.match(text, last.end)
    return last if beside and depth(text[name.end : last.start]) == 0 and len(between) == 1 else None


#: Nothing counted between a grade and its figure.
_LEADS = re.compile(rf"(?:(?!\b(?:{WHOLE})|\b(?:no|not|none|but|and)\b)[^;)\]\d])*", re.IGNORECASE)
_JUST_BEHIND = re.compile(
    rf"\s?[(\[,]?\s?(?:was\s|were\s)?(?:of\s|limited to\s|(?!(?:or|and)\b|{WHOLE})\w+\s)?"
    r"(?:of\s|all\s|mostly\s|only\s)?[(\[≥]?\s?",
    re.IGNORECASE,
)


def _right_behind(text: str, mark: GradeMark, name: Named, end: int) -> bool:
    """Tell whether a grade follows a harm: "CRS (grade 2)", "CRS of grade 1", "fever in 4 patients (all grade 1)"."""
    if _LIST_GOES_ON.match(text, mark.end):
        return False
    if _OWN_FIGURE.match(text, mark.end):
        return False
    return any(_JUST_BEHIND.fullmatch(text[place : mark.start]) for place in (name.end, end) if place <= mark.start)


_ITS_GRADE = re.compile(r"\s(?:\w+\s)?")
#: "grade 1, 2 and 3": several grades.
_LIST_GOES_ON = re.compile(rf",\s?(?:(?:and|or)\s)?{_G}(?![\d.]*\s?%|[\d.]|\w)", re.IGNORECASE)
#: "grade 1 in 8", "grade 1, n = 5": a grade with a figure of its own is not that of the figure before it.
_OWN_FIGURE = re.compile(
    rf"\s?(?:(?:was|were)\s(?:\w+\s)?)?(?:in|for|[,:=(\[])\s?(?:n\s?=\s?|only\s)?(?:\d|{WHOLE})", re.IGNORECASE
)


def denied(text: str, start: int, end: int) -> bool:
    """Tell whether a plain sentence says that what is named at ``start`` did not occur.

    "No difference in", "not only" and a denial that ended before the name do not count; the cause of a death that did
    not occur is not itself denied.
    """
    if _LARGER.search(text, max(0, start - 20), start):
        return False
    for match in _DENIED.finditer(text, 0, start):
        scope = text[match.start() : start]
        if _MODAL.search(text, max(0, match.start() - 90), match.start()):
            continue
        if _SOME_HAD.search(text, max(0, match.start() - 60), match.start()):
            continue
        if match.group().lower() == "without" and _PEOPLE_WITHOUT.search(
            text, max(0, match.start() - 24), match.start()
        ):
            continue
        if _NOT_OF_HARM.match(text, match.start()) or _STOP.search(scope) or len(scope.split()) > 22:
            continue
        if re.search(r"\)\s(?!or|and|,)", scope) and "(" not in scope:
            continue
        return _CAUSE.search(scope) is None
    after = _DENIED_AFTER.match(text, end)
    return after is not None and _IN_SOME.match(text, after.end()) is None


#: "was not observed in 5 of 20": it was in the others.
_IN_SOME = re.compile(rf"\s(?:in|by|for)\s(?:only\s|another\s|about\s)?(?:{WHOLE}|\d)", re.IGNORECASE)
_OF_DISEASE = re.compile(
    r"[^;.]{0,30}?\b(?:of|from|due to|because of|caused by|attributed to|"
    r"secondary to)\s(?:\w+\s){0,4}?(?:progress\w*|relaps\w*|"
    r"recurr\w*|disease|leuk\w+|lymphoma|AML|ALL|CML|CLL|MDS|HCC|NSCLC|NHL|glioblastoma|glioma|melanoma|sarcoma|"
    r"neuroblastoma|tumou?rs?|cancer|malignan\w+|myeloma|carcinoma|metasta\w+)\b|"
    r"\swith (?:progressive )?disease\b",
    re.IGNORECASE,
)


def died_of_disease(text: str, start: int) -> bool:
    """Tell whether the death named at ``start`` is put down to the disease: then it is survival, no harm."""
    return _OF_DISEASE.match(text, start) is not None


def cause_of_death(text: str, start: int) -> bool:
    """Tell whether the name at ``start`` is the cause in "died of sepsis"."""
    return _CAUSE.search(text[:start]) is not None


def qualified(text: str, start: int) -> str:
    """Return the word that narrows a denied harm ("no *significant* toxicity"), "" without one."""
    before = re.search(r"(?:(?!nor\b)[(\w≥-]+\)?[ /]){0,3}$", text[:start])
    match = _QUALIFIED.search(before.group()) if before else None
    return match.group() if match else ""


def people_denied(text: str) -> tuple[int | None, str]:
    """Return how many people a denial speaks of, with the words ("in any of the 12 patients"); None when not said."""
    match = _AMONG.search(text)
    if match is None:
        return None, ""
    return whole(match["total"] or match["among"]), text[match.start() : match.end() + 12]
