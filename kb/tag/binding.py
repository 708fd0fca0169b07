"""Which endpoint, time and group a figure belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.tag.brackets import depth, explains
from kb.tag.endpoints import Named
from kb.tag.lists import chain, listed_names
from kb.tag.measures import Measure
from kb.tag.numbers import WHOLE
from kb.tag.safety import denied

#: Ends the way from a figure to the endpoint behind it ("4 of 8 patients achieved remission"); a denial as well:
#: "4 of 5 patients had no benefit" is no count of people with a benefit.
_STOP = re.compile(
    r";|\.\s|[)\]]\s?,|:\s|\b(?:vs\.?|versus|compared|whereas|while|but|although|than|before|because|until|prior|"
    r"previous|"
    r"previously|history of|who had|who have|that had|no|not|without|never|none|neither|failed|lack\w*|free)\b|"
    r",\s(?:and|with|including|of which|respectively)\b|"
    rf",\s(?:{WHOLE})\s|\band\b(?!\s?(?:or|had|have|achieved|a\b))",
    re.IGNORECASE,
)
_BRACKET = re.compile(
    r"\s?(?:rates?\s|events?\s)?[(\[]\s?(?:n\s?=\s?|in\s|all\s|each\s|both\s|grade[^()]{0,14}[,;]\s?|"
    r"all grade[^()]{0,9}[,;]\s?)?"
)
_DONE = (
    r"(?:seen|observed|reported|noted|found|achieved|documented|detected|recorded|estimated|obtained|reached|confirmed|"
    r"demonstrated|shown|experienced|developed|significantly|also|only|still|higher|lower|similar|approximately|"
    r"present|"
    r"calculated|measured|evident|encountered|identified|diagnosed|attained|maintained|sustained|more|frequent|common)"
)
#: Between an endpoint and the figure behind it: "ORR was 62%", "remission was seen in 5 of 9".
_COPULA = re.compile(
    r"(?:\s?[(\[]\w[^()\[\]]{0,30}[)\]])?\s?(?:rates?\s|probability\s|time\s|cases\s)?"
    r"(?:(?:in|for|at|after|with)\s(?:[\w/+-]+\s){1,6}?)?"
    rf"(?:(?:was|were|is|are|had been|has been|have been)\s(?:{_DONE}\s){{0,3}}(?:in|by|of|at|for|to be|among|"
    rf"with|as)?\s?"
    r"|(?:of|in|by|for|at|among|reached|occurred in|rates? of|seen in|observed in|reported in|noted in)\s|:\s?|=\s?"
    r"|(?P<comma>,\s))"
    r"(?:(?:an?|the|only|all|estimated|about|approximately|up to|over|nearly|almost)\s|"
    r"[<>~≈≥]\s?)*[(\[]?\s?(?:n\s?=\s?)?",
    re.IGNORECASE,
)
#: "… in 4 patients": the endpoint may stand further back.
_IN_PEOPLE = re.compile(
    r"(?:\b(?:in|by|for|among|at)\s(?:only\s|the\s|all\s|another\s)*|:\s?|[(\[]\s?)$", re.IGNORECASE
)
#: Between a name and a figure further on: something else is said of the name, or a new subject begins.
_OTHER_SAID = re.compile(
    r"\b(?:reversible|manageable|mild|resolved|transient|tolerable|managed|treated|self-limit\w*|not|no|"
    r"(?<!than )(?<!and )(?<!or )without)\b|"
    r";|\band\s(?!\w+ed\b|was\b|were\b)(?:[\w-]+\s){1,4}in\s(?:only\s)?$|\b(?:along with|as well as|"
    r"together with|however)\b",
    re.IGNORECASE,
)
#: A bracket that holds the result of the group right before it: "in the NK group (60%)", "than in controls (9%".
_GROUP_BRACKET = re.compile(
    r"\b(?:in|for|among|than|with|to|of|at|between)\s(?:the\s)?[^,;()]{1,60}[(\[]\s?$", re.IGNORECASE
)
#: A new statement begins between a name and a figure further on.
_TURN = re.compile(
    r",\s(?:but|whereas|while|although|though)\s|\bbut\s(?:did|was|were|had|increas\w+|decreas\w+|reduc\w+|improv\w+)\b|"
    r";\s(?!\(?(?:HR|OR|RR|hazard|odds))"
)
#: Endpoints that a figure further on in the sentence may still belong to.
_FAR = frozenset(["response", "survival", "relapse", "safety", "infection_control", "symptom_function", "prevention"])
_VERB = re.compile(
    r"\b(?:was|were|had|has|have|is|are|did|showed|developed|experienced|received|achieved|suffered|relapsed|"
    r"died|remained)\b",
    re.IGNORECASE,
)
#: Rows of the table that own people, and rows that own other figures.
_OF_PEOPLE = "people-of-the-study"


@dataclass(frozen=True, slots=True)
class Bound:
    """A result with its endpoint."""

    measure: Measure
    named: Named


def bind(text: str, measures: Sequence[Measure], named: Sequence[Named]) -> list[Bound]:
    """Give each result the endpoint it measures; a result without one is left out.

    Args:
        text: the plain sentence.
        measures: its results in order.
        named: names of endpoints in it, in order, those inside figures left out.
    """
    named = [name for name in named if name.endpoint.id != "tolerance"]
    listed = listed_names(text, measures, named)
    names: list[Named | None] = []
    for i, measure in enumerate(measures):
        name = listed[i] if i in listed else _endpoint(text, measures, named, i)
        last = names[-1] if i else None
        if (
            name is None
            and i not in listed
            and last is not None
            and not explains(text[: measure.start], last.start, last.end)
        ):
            goes_on = _goes_on(text, measures[i - 1], measure, named) and not _other_harm(
                text, measures[i - 1], measure, last
            )
            name = last if goes_on else None
        own = _of_ratio_itself(measure, named) if i not in listed else None
        # "OS was longer (hazard ratio for death, 0.7)": they are one; else what the ratio names is meant.
        if own is not None and (name is None or name.endpoint.outcome != own[1]):
            name = own[0]
        names.append(name)
    # "1 of 6, 2 of 6 and 5 of 7 patients responded": the endpoint behind the last is everybody's.
    for i in range(len(measures) - 2, -1, -1):
        after = names[i + 1]
        if names[i] is None and i not in listed and after is not None and after.start >= measures[i + 1].end:
            names[i] = after if _alike(text, measures[i], measures[i + 1]) else None
    return [Bound(m, n) for m, n in zip(measures, names, strict=True) if n is not None and n.endpoint.outcome]


def _of_ratio_itself(measure: Measure, named: Sequence[Named]) -> tuple[Named, str] | None:
    """Return the endpoint inside a ratio ("hazard ratio for death was 0.7") with the outcome its time would have."""
    if measure.ratio is None:
        return None
    for name in named:
        if measure.start <= name.start < measure.end and name.endpoint.outcome:
            timed = name.endpoint.event == "death" or name.endpoint.id == "progression"
            return name, "survival" if timed else name.endpoint.outcome
    return None


def _goes_on(text: str, before: Measure, measure: Measure, named: Sequence[Named]) -> bool:
    """Tell whether a figure goes on with the endpoint of the one before ("60% in the NK group and 46% in controls")."""
    gap = text[before.end : measure.start]
    if (
        len(gap) > 160
        or (";" in _OPEN_BRACKETS.sub("", gap) and not (measure.ratio is not None and depth(text[: measure.start]) > 0))
        or any(before.end <= n.start < measure.start and (n.endpoint.outcome or _blocks(n, measure)) for n in named)
    ):
        return False
    said = gap if measure.ratio is None else gap.replace(";", ",")
    if _OTHER_SAID.search(said) or _OTHER_ITEM.fullmatch(gap):
        return False
    return not _begins_anew(text, measure)


def _other_harm(text: str, before: Measure, measure: Measure, last: Named) -> bool:
    """Tell whether a harm we have no name for stands between: "fatigue 25%, nausea 15%"."""
    gap = text[before.end : measure.start]
    return bool(last.endpoint.event) and _NEXT_HARM.fullmatch(gap) is not None


_NEXT_HARM = re.compile(
    r"\s?(?:of\s(?:the\s|all\s)?(?:patients|cases|subjects|participants))?(?:,|,?\sand)\s(?:and\s)?"
    r"(?:(?!(?:in|with|without|for|vs\.?|versus|than|groups?|arms?|controls?|placebo|cells?|alone|were|was|at|on|by|of|"
    r"to|only|another|about|nearly|a|one|patients|NK|CIK|and|or)\b)[a-z-]+\s){1,3}(?:in\s)?",
    re.IGNORECASE,
)


#: A figure with a verb of its own begins anew: "and five patients withdrew", "12% were resistant".
_NEW_SUBJECT = re.compile(
    r"\s?(?:of (?:the )?)?(?:patients?\s)?(?:\w+ed|were|was|had|have|has|did|underwent|are|"
    r"is)\b(?<!compared)(?<!treated)(?<!randomized)"
)


def _begins_anew(text: str, measure: Measure) -> bool:
    # The bracket of a percentage closes before the verb of its people: "nine (46%) died".
    start = measure.end + (measure.n is not None and text[measure.end : measure.end + 1] == ")")
    return _NEW_SUBJECT.match(text, start) is not None


_OPEN_BRACKETS = re.compile(r"\([^()]*\)?|^[^()]*\)")
#: "anaemia (19%), hypertension (19%)": the second bracket is of something we have no name for.
_OTHER_ITEM = re.compile(
    r"[^()\[\]]{0,30}[)\]]\s?,?\s?(?:(?!in\b|for\b|with\b|vs|versus|than\b|compared|among\b|to\b|after\b|"
    r"at\b)[\w/+-]+,?\s){1,6}[(\[]\s?(?:each\s|all\s|both\s|about\s)?(?:n\s?=\s?(?:\d+\s?[,;]\s?)?)?"
)


def _alike(text: str, one: Measure, other: Measure) -> bool:
    gap = text[one.end : other.start]
    if _begins_anew(text, one):
        return False
    same = (one.n is None) == (other.n is None) and bool(one.value) == bool(other.value)
    listed = re.search(r"(?:,|\band|\bor|\bvs\.?|\bversus)\s$", gap) is not None
    return same and listed and len(gap) < 60 and ";" not in gap and _VERB.search(gap) is None


def _blocks(name: Named, measure: Measure) -> bool:
    """Tell whether a name that is no result can own this figure."""
    if name.endpoint.outcome:
        return False
    people = measure.n is not None
    return people if name.endpoint.id == _OF_PEOPLE else not people


def _endpoint(text: str, measures: Sequence[Measure], named: Sequence[Named], i: int) -> Named | None:
    measure = measures[i]
    left_limit = measures[i - 1].end if i else 0
    right_limit = measures[i + 1].start if i + 1 < len(measures) else len(text)
    if measure.n is not None and measure.total is None and _FOR_WHOM.search(text[: measure.start]):
        return None
    inside = [n for n in named if measure.start <= n.start and n.end <= measure.end and n.endpoint.outcome]
    if inside and measure.ratio is None:  # "Six responded (40%)"
        return inside[0] if not _STOP.search(text[measure.start : inside[0].start]) else None
    usable = [n for n in named if n.endpoint.outcome or _blocks(n, measure)]
    left = _outside(text, [n for n in usable if left_limit <= n.start and n.end <= measure.start], measure)
    forward = _forward(text, measure, [n for n in usable if measure.end <= n.start < right_limit])
    if left:
        nearest = _named_harm(text, left)
        gap = text[left[-1].end : measure.start]
        if _BRACKET.fullmatch(gap) or (gap == " " and _LIST_ITEM.match(text, measure.end)):
            return _of_ratio(measure, nearest, left)
        if _tight(gap, measure.n is not None):
            between = text[measure.end : forward.start] if forward is not None else "."
            close = not between.strip() and measure.ratio is None and not measure.value
            overridden = forward is not None and nearest.endpoint.id == _OF_PEOPLE
            if not close and not overridden:
                return _of_ratio(measure, nearest, left)
    return forward or _far(text, measure, left)


#: "PR 3 (15%), SD 5 (25%)": what comes next is of the next item.
_LIST_ITEM = re.compile(r"\)?\s?[,;]\s(?:and\s)?[A-Za-z]")


def _outside(text: str, left: Sequence[Named], measure: Measure) -> list[Named]:
    """Return names without those of a bracket that closed before ("ORR (including partial responses) was 12%")."""
    place = text[: measure.start]
    outside = [name for name in left if not explains(place, name.start, name.end) and not _of_those_asked(place, name)]
    if not outside and any(_of_those_asked(place, name) for name in left):
        return []
    left = outside or list(left)
    kept: list[Named] = []
    aside = False
    for i, name in enumerate(left):
        # "relapse after complete remission was 75%": the remission is when, not what.
        follows = (
            aside and i > 0 and re.fullmatch(r"\s?(?:or|and|/|,|\()\s?", text[left[i - 1].end : name.start]) is not None
        )
        within = bool(kept) and _WITHIN.fullmatch(text[kept[-1].end : name.start]) is not None
        set_aside = within or follows or _ASIDE.search(text, max(0, name.start - 45), name.start) is not None
        aside = bool(kept) and bool(name.endpoint.outcome) and set_aside
        if not aside:
            kept.append(name)
    return kept


def _of_those_asked(place: str, name: Named) -> bool:
    """Tell whether a name says who was looked at: "Of the 20 patients who completed the study, 18 …"."""
    return re.match(r"(?:Of|Among)\s[^,;.]*$", place[: name.start]) is not None and "," in place[name.end :]


#: "deaths in remission": the remission is where, not what.
_WITHIN = re.compile(r"\s(?:rates?\s)?in\s(?:the\s|patients in\s|patients with\s)?(?:\w+\s){0,2}")
_ASIDE = re.compile(
    r"\b(?:after|following|since|before|from|despite|prior to|who (?:achieved|had|were in|experienced|attained|"
    r"reached))\s"
    r"(?:[\w-]+\s){0,2}$",
    re.IGNORECASE,
)


def _named_harm(text: str, left: Sequence[Named]) -> Named:
    """Return the last name; in "CRS, the most common adverse event (59%)" the harm that is explained."""
    if len(left) > 1 and re.fullmatch(r",\sthe\s(?:most|only)\s(?:\w+\s){1,3}", text[left[-2].end : left[-1].start]):
        return left[-2]
    return left[-1]


def _far(text: str, measure: Measure, left: Sequence[Named]) -> Named | None:
    """Return the last endpoint before a figure where the sentence leads from one to the other, if loosely."""
    before = text[: measure.start]
    if measure.n is not None and measure.total is None and not measure.percent and not _IN_PEOPLE.search(before):
        return None
    if measure.value == "not reached":
        return None
    counted = measure.total is not None and measure.n is not None
    if measure.n is not None and not counted and _RECEIVERS.match(text, measure.end):
        return None
    results = [n for n in left if n.endpoint.outcome and (counted or n.endpoint.outcome in _FAR)]
    if not results:
        return None
    name = results[-1]
    gap = text[name.end : measure.start]
    opening = max(before.rfind("("), before.rfind("["))
    own = opening >= name.end and depth(before[opening:]) > 0
    if own and measure.ratio is None and not _GROUP_BRACKET.search(before[: opening + 1]):
        return None
    if _begins_anew(text, measure) and not _tight(gap, False):
        return None
    if denied(text, name.start, name.end) and measure.n is None:
        return None
    if "respectively" in text[measure.end :] and len({n.endpoint.id for n in chain(text, results)}) > 1:
        return None
    if measure.ratio is None and _OTHER_SAID.search(gap):
        return None
    if _TURN.search(gap) or (
        left[-1] is not name and measure.ratio is None and _tight(text[left[-1].end : measure.start], False)
    ):
        return None
    return name


#: "in 25 patients who received …": whom it was looked for in, not who had it.
_RECEIVERS = re.compile(
    r"\s?(?:who|that)\s(?:\w+\s)?(?:received|underwent|were)|\s?(?:treated|receiving|given|infused)\b"
)


def _of_ratio(measure: Measure, name: Named, left: Sequence[Named]) -> Named | None:
    """A ratio is never one of people treated or of follow-up: the last endpoint before it is meant."""
    if name.endpoint.outcome or measure.ratio is None:
        return name
    return next((n for n in reversed(left) if n.endpoint.outcome), None)


def _tight(gap: str, people: bool) -> bool:
    """Tell whether only a copula stands between an endpoint and its figure."""
    if gap in ("", " ") and not people:  # "CR 45%"
        return True
    match = _COPULA.fullmatch(gap) if len(gap) < 140 else None
    # "Regarding responses, three …" starts anew; "ORR, 62%" does not.
    return match is not None and not (people and match["comma"])


def _forward(text: str, measure: Measure, right: Sequence[Named]) -> Named | None:
    """Return the endpoint behind a figure when nothing ends the clause between."""
    if measure.ratio is not None:
        return None
    having: Named | None = None
    asked = _IN_WHOM.search(text, max(0, measure.start - 30), measure.start) is not None
    for name in right:
        gap = text[measure.end : name.start]
        # What a bracket holds does not end the clause: "Nine (60%; P = 0.1) responded".
        closed = re.sub(r"^[^()\[\]]{0,80}[)\]]", " ", gap)
        if measure.percent and re.fullmatch(r"\s*,\s(?:an?\s|and\s)?", closed):
            # "20% (2/10), a partial response"; but "CR 2 (10%), PR 3 (15%)": the next item
            opens = measure.n is not None and _OPENS.search(text, 0, measure.start) is not None
            return name if opens else having
        if closed != gap and (depth(text[: measure.start]) > 0 or measure.n is None or closed.lstrip()[:1] == ","):
            return having
        gap = re.sub(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]", " ", closed)
        if _STOP.search(gap) or len(gap) > 90 or "(" in gap:
            return having
        if measure.value and not re.fullmatch(r"\s?(?:of |for |median |in |the )*", gap):
            return having
        if _OF_THOSE.search(gap) or (asked and "," in gap and measure.total is None):
            return having
        if not name.endpoint.outcome:
            if _DIRECT.fullmatch(gap) or re.search(r"\b(?:were|was)\s(?:\w+ly\s)?$", gap):
                return name
            continue
        if _TAKEN_IN.search(text[: measure.start]) and measure.n is not None and measure.total is None:
            return having
        # "Both patients in relapse achieved remission": what they were in is not what they achieved.
        if measure.n is not None and name.endpoint.outcome and _STATE.fullmatch(gap):
            having = having or name
            continue
        return name
    return having


_OPENS = re.compile(r"(?:^|[;:,]\s|\band\s)$")
#: "In the 22 patients with disease, survival was": the people looked at.
_IN_WHOM = re.compile(r"(?:^|[\s(,;])(?:in|among|for|of)\s(?:the\s|these\s|our\s)?$", re.IGNORECASE)
#: "We enrolled 22 patients with …": what they had when they came.
_TAKEN_IN = re.compile(
    r"\b(?:enrolled|included|recruited|treated|studied|given to|administered to|consisted of|"
    r"comprised)\s(?:a total of\s|another\s)?$"
)
#: "survival for the 18 patients in remission was": the people looked at.
_FOR_WHOM = re.compile(r"\b(?:for|among)\s(?:the\s|these\s|those\s)$")
_DIRECT = re.compile(r"\s?(?:of whom |also |who )?(?:\w+ )?(?:were |was |have been |of )?")
#: "80% of the patients who achieved remission": those are the people looked at.
_OF_THOSE = re.compile(
    r"\bof\s(?:the\s|all\s)?(?:[\w/-]+\s){0,3}?(?:patients|those|participants|subjects|people|children)\s(?:who|"
    r"with|that|whose|in)\b"
)
_STATE = re.compile(r"\s?(?:with|in)\s(?:(?!\w+ed\b|had\b|were\b|was\b|are\b|have\b)[\w-]+\s){0,4}")
