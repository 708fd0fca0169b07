"""When a result was measured and in which group."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kb.tag.binding import Bound
from kb.tag.endpoints import Named
from kb.tag.lists import runs
from kb.tag.measures import Measure
from kb.tag.quantities import Figure
from kb.tag.sides import Set


def times_listed(text: str, bound: Sequence[Bound], times: Sequence[Figure]) -> dict[int, str]:
    """Pair "the 1-, 2- and 3-year rates were 83%, 64% and 51%, respectively": index of the result → its time."""
    paired: dict[int, str] = {}
    for run in runs(text, [one.measure for one in bound]):
        before = [time for time in times if time.end <= bound[run[0]].measure.start]
        if len(before) < len(run):
            continue
        if re.search(r"\bv(?:s\.?|ersus)?\b", text[bound[run[0]].measure.end : bound[run[-1]].measure.start]):
            continue  # two groups at one time
        chain = before[-len(run) :]
        gaps = [text[one.end : other.start] for one, other in pairwise(chain)]
        near = all(len(gap) < 25 and re.fullmatch(r"[^;.]*(?:,|\band|\bor)[^;.]*", gap) for gap in gaps)
        more = len(before) > len(run) and chain[0].start - before[-len(run) - 1].end < 14
        if near and not more:
            paired.update({i: time.amount for i, time in zip(run, chain, strict=True)})
    return paired


def _has(other: Bound, time: Figure) -> bool:
    """Tell whether a time stands between a name and its figure ("expansion at day 14 was seen in 27%")."""
    return other.named.end <= time.start and time.end <= other.measure.start


_NEW_CLAUSE = re.compile(r";|(?<!vs)\.\s|,\s(?:with|and)\s(?:only|one|two|three|no)\b")
#: A time in front of its endpoint ("6-month OS") and one behind the figure ("at 6 months").
_BEHIND = re.compile(r"(?:at|by|within|after|until|through|up to|for|day|week|month|year|d)\b", re.IGNORECASE)


def time_of(text: str, one: Bound, bound: Sequence[Bound], times: Sequence[Figure], measures: Sequence[Measure]) -> str:
    """Return the time point of a result ("2 years", "day 28"), "" without one or with several.

    The one close behind it ("45% at 2 years") is better than the last one before it ("2-year OS was 45%").
    """
    measure = one.measure
    after = [t for t in times if t.start >= measure.end]
    if after and _BEHIND.match(text, after[0].start):
        gap = text[measure.end : after[0].start]
        between = any(measure.end <= m.start < after[0].start for m in measures)
        if not between and _reaches(gap):
            return "" if len(after) > 1 and after[1].start - after[0].end < 8 else after[0].amount
    inside = [t for t in times if measure.start <= t.start < measure.end]
    if inside:
        return inside[0].amount
    before = [t for t in times if t.end <= measure.start]
    if before and not _NEW_CLAUSE.search(text, before[-1].end, measure.start):
        if len(before) > 1 and before[-1].start - before[-2].end < 8:
            return ""
        if any(_has(other, before[-1]) and other.named.endpoint != one.named.endpoint for other in bound):
            return ""
        if _of_another(text, one, before[-1], bound):
            return ""
        return before[-1].amount
    return ""


_INSERTED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\.(?=\d)")


def _reaches(gap: str) -> bool:
    """Tell whether a time behind a figure is still its own: nothing else is said between."""
    gap = _INSERTED.sub(" ", gap)
    if len(gap) >= 60 or re.search(r"[;.]|\band\b|,\s(?:and|with)\b|,\s$", gap):
        return False
    return re.search(r",\s(?!at\b|by\b|within\b|after\b|on\b)[A-Za-z]", gap) is None


def times_shared(
    text: str, against: Sequence[Set], bound: Sequence[Bound], given: Sequence[str], times: Sequence[Figure]
) -> list[str]:
    """Return the times with those of a pair made one: "98% vs 81% after 1 year and 86% vs 73% after 5 years".

    Args:
        text: the plain sentence.
        against: what is set against each other.
        bound: the results.
        given: the time of each.
        times: the times of the sentence.
    """
    shared = list(given)
    for one in against:
        if len(one.members) == 2 and not shared[one.members[1]]:
            shared[one.members[1]] = shared[one.members[0]]  # "45% at 2 years vs 30%"
        last = bound[one.members[-1]].measure
        behind = [time for time in times if time.start >= last.end]
        if not behind or shared[one.members[-1]] != behind[0].amount or not _BEHIND.match(text, behind[0].start):
            continue
        if _reaches(text[last.end : behind[0].start]):
            shared[one.members[0]] = behind[0].amount
    return shared


#: When a state was found that is no result: before the treatment, or when it was given.
_AT_FIRST = re.compile(
    r"\bat\s(?:study\s|trial\s)?(?:entry|enrol\w*|inclusion|baseline|diagnosis|registration)\b|"
    r"\bat\s(?:the\s)?time\sof\s(?!relapse|progression|death|analysis|last|data|report|publication|this|evaluation|"
    r"assessment|best|follow)\w+|"
    r"\b(?:before|prior to)\s(?:the\s|their\s|his\s|her\s|any\s|[\w/+-]+[ -]cells?\s|"
    r"(?-i:[a-zA-Z/+-]*[A-Z]{2}[a-zA-Z/+-]*)[ -]|cells?\s|first\s|study\s|planned\s)*"
    r"(?:treatment|infusions?|therapy|enrol\w*|immunotherapy|randomi[sz]ation|study entry|starting|receiving)\b",
    re.IGNORECASE,
)
_IN_STATE = re.compile(r"\bin\s(?:[\w/-]+\s){0,3}$")
_STATES = frozenset(["response", "relapse"])


def before_treatment(text: str, name: Named, end: int) -> bool:
    """Tell whether what is named is how people were before the treatment ("six were in remission at the time of …").

    Args:
        text: the plain sentence.
        name: the endpoint.
        end: where its figure ends.
    """
    if name.endpoint.outcome not in _STATES:
        return False
    end = max(end, name.end)
    match = _AT_FIRST.search(text, end, end + 160)
    if match is None:
        return False
    gap = text[end : match.start()]
    if _IN_STATE.search(text, max(0, name.start - 40), name.start):
        return re.search(r"[;.]", gap) is None
    return len(gap) < 25 and re.search(r"[,;.]", gap) is None


def _of_another(text: str, one: Bound, time: Figure, bound: Sequence[Bound]) -> bool:
    """Tell whether a time stands right behind another figure ("36% expanded by day 14, and 32% responded")."""
    earlier = [other.measure.end for other in bound if other.measure.end <= time.start]
    behind = bool(earlier) and time.end <= one.measure.start and _BEHIND.match(text, time.start) is not None
    return behind and _reaches(text[earlier[-1] : time.start])


_GROUP = r"(?:groups?|arms?|cohorts?|recipients|controls)"
_ARM_AFTER = re.compile(
    rf"\s?(?:\([^()]*\)|\[[^\[\]]*\]|[)\]])?\s?(?:(?:mo|months|years|weeks|days)\s)?(?:of\s(?:the\s)?(?:patients|those)\s)?(?:in|for|with|among|"
    rf"of)\s(?:the\s|patients in the\s|those in the\s)?"
    rf"(?P<arm>(?:[\w/+αβγ-]+\s){{0,6}}?{_GROUP}\b(?:\s[A-D1-4]\b)?)"
    r"|\s?(?:\([^()]*\)|\[[^\[\]]*\]|[)\]])?\s?(?:in|for|with)\s(?P<letter>(?:arm|group|cohort)\s[A-D1-4]\b)"
    r"|\s?(?:\([^()]*\)|\[[^\[\]]*\]|[)\]])?\s?(?:with|for|in|after|on)\s(?P<plain>(?:the\s)?(?:placebo|"
    r"controls?|chemotherapy alone|standard care|historical controls?))\b"
    r"|\s?(?:\([^()]*\)|\[[^\[\]]*\]|[)\]])?\s?(?:with|after)\s(?P<cells>(?!(?:more|fewer|the|these|those|such|no)\s|"
    r"\d)[\w/+-]+[ -]cells?(?:\splus\s[\w-]+)?)\b",
    re.IGNORECASE,
)
_ARM_BEFORE = re.compile(
    rf"\b(?:in|for|among|of)\s(?:the\s|"
    rf"patients in the\s)?(?P<arm>(?:[\w/+αβγ-]+\s){{0,6}}?{_GROUP}\b(?:\s[A-D1-4]\b)?)[^.;]{{0,80}}$",
    re.IGNORECASE,
)


def arm_of(text: str, measure: Measure, measures: Sequence[Measure]) -> str:
    """Return the words for the group a result is of, "" when not said."""
    following = [m.start for m in measures if m.start >= measure.end]
    match = _ARM_AFTER.match(text, measure.end, min(following, default=len(text)))
    if match:
        if match["arm"] and re.search(r"(?:groups|arms|cohorts)\b", match["arm"]):
            return ""
        if match["arm"]:
            return _arm_words(match["arm"])
        return (match["letter"] or match["plain"] or match["cells"]).strip()
    direct = _ARM_DIRECT.search(text, max(0, measure.start - 80), measure.start)
    if direct:
        return _arm_words(direct["arm"])
    preceding = [m.end for m in measures if m.end <= measure.start]
    before = _ARM_BEFORE.search(text, max(preceding, default=0), measure.start)
    # "longer in group A than in group B (15.5 vs 13.3 months)": the nearest group is not the one meant.
    if (
        before is None
        or re.search(r"(?:groups|arms|cohorts)\b", before["arm"])
        or _SEVERAL_GROUPS.search(text, 0, measure.start)
    ):
        return ""
    # "13.6 mo in the CIK group and 7.8 mo": the group of the figure before.
    if preceding and re.match(r"\s?(?:,|and\b|vs\b|versus\b|while\b|compared\b)", text[before.end("arm") :]):
        return ""
    return "" if _EVERYBODY.match(before["arm"]) else _arm_words(before["arm"])


_EVERYBODY = re.compile(
    r"(?:[\w-]+\s)*?(?:whole|entire|total|overall|all|full)\s(?:\w+\s)?(?:cohort|group|arm)", re.IGNORECASE
)


#: "… in the NK group (60%": nothing between the group and its figure but a bracket.
_ARM_DIRECT = re.compile(
    r"\b(?:in|for|among)\s(?:the\s)?(?P<arm>(?:[\w/+-]+\s){1,5}?(?:group|arm|cohort))\s?[(\[]\s?$", re.IGNORECASE
)
_ARM_PAIR = re.compile(
    r"\b(?:in|for|of|with)\s(?:the\s)?(?P<one>[\w/+-]+(?:\s[\w/+-]+){0,4}?)\sand\s(?:the\s)?(?P<other>[\w/+-]+(?:\s[\w/+-]+){0,4}?)\s"
    r"(?:groups|arms|cohorts)\b",
    re.IGNORECASE,
)


def arms_listed(text: str, bound: Sequence[Bound]) -> dict[int, str]:
    """Pair "8.1 and 5.0 months in the NK and control groups, respectively": index of the result → its group."""
    paired: dict[int, str] = {}
    match = _ARM_PAIR.search(text)
    if match is None or "respectively" not in text.lower():
        return paired
    for run in runs(text, [one.measure for one in bound]):
        said = text[bound[run[-1]].measure.end :][:100].lower()
        if len(run) == 2 and "respectively" in said:
            paired.update(zip(run, (_arm_words(match["one"]), _arm_words(match["other"])), strict=True))
    return paired


_SEVERAL_GROUPS = re.compile(
    rf"\b(?:than|compared|vs\.?|versus|between|both|respectively)\b|{_GROUP}\b.{{0,80}}{_GROUP}\b", re.IGNORECASE
)


def _arm_words(words: str) -> str:
    """Return the words for a group without what leads to them ("relapse rate in the NK group" → "NK group")."""
    return re.split(r"\b(?:in|of|the|with|between|for|than|to|and|was|were|among|from|by|on)\s", words)[-1].strip()
