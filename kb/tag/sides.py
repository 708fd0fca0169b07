"""Figures of one endpoint that are set against each other, and which of them is the comparator's.

Direction and P value are those of a comparison: they stand with the treated group's figure, and the comparator's
carries none. Where more than two groups are listed nothing says which was better than which.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kb.tag.binding import Bound
from kb.tag.comparisons import compares
from kb.tag.tags import Finding

_STRONG = re.compile(r"\b(?:vs\.?|versus|v|compared|than|against|relative to|as opposed to)(?!\w)", re.IGNORECASE)
_WEAK = re.compile(r"(?:,|\band\b|\bwhile\b|\bwhereas\b|\bbut\b|\bor\b)", re.IGNORECASE)
#: Characters between two figures; further apart they are not said in one breath.
_FAR = 170
_NO_STOP = re.compile(r"(?<=\d)\.(?=\d)|(?<=vs)\.|(?<=[Pp] [=<] )\.|;(?=[^()]*\))|\([^()]*\)|\[[^\[\]]*\]")
_COMPARATOR = re.compile(
    r"(?<!disease )(?<!tumor )(?<!local )\bcontrols?\b(?! rate)|placebo|untreated|\balone\b|standard|conventional|"
    r"historical|observation|\bwithout\b|\bno[- ]treatment|\bnon-?(?:treated|infus)|"
    r"\bnon?[- ]?(?-i:[A-Z]{2,4})[- ](?:cells?|group|arm|cohort|infusions?|therapy|treatment)\b|sham|"
    r"supportive care|did not receive|not receiv|comparator|vehicle|saline|usual care|surveillance|\bsimple\b",
    re.IGNORECASE,
)
_GROUP = re.compile(r"(?P<arm>(?:[\w/+-]+\s){0,2}?[\w/+-]+\s(?:group|arm|cohort))\b", re.IGNORECASE)
_LETTERED = re.compile(r"\b(?:arm|group|cohort)\s[A-D1-4]\b", re.IGNORECASE)
_LEADS = re.compile(r"^(?:.*\b(?:in|of|the|with|for|than|that|to|and|from|by)\s)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Set:
    """Figures set against each other.

    Attributes:
        members: indexes of the results, in order.
        treated: index of the treated group's figure; of more than two groups the first, for no group is known to be
            the one that counts.
    """

    members: tuple[int, ...]
    treated: int


def sets(text: str, bound: Sequence[Bound], times: Sequence[str]) -> list[Set]:
    """Return the figures of a plain sentence that are set against each other.

    Args:
        text: the plain sentence.
        bound: its results with their endpoints, in order.
        times: the time point of each; figures of different times are of one group.
    """
    crossed = _crossed(text, bound)
    found = [Set(pair, _treated(text, bound, pair)) for pair in crossed]
    taken = {i for pair in crossed for i in pair}
    chain: list[int] = []
    links: list[str] = []
    for i in range(len(bound)):
        link = _link(text, bound[chain[-1]], bound[i], times[chain[-1]], times[i]) if chain else ""
        if i in taken or _kind(bound[i]) == "":
            continue  # a ratio or a P value between two figures does not part them
        if len(chain) > 1 and bound[i].named.start >= bound[chain[-1]].measure.end:
            link = ""  # named anew after a pair: another comparison
        if not link:
            found.extend(_of_chain(text, bound, chain, links))
            chain, links = [], []
        else:
            links.append(link)
        chain.append(i)
    found.extend(_of_chain(text, bound, chain, links))
    return sorted(found, key=lambda one: one.members)


def _kind(one: Bound) -> str:
    measure = one.measure
    if measure.ratio is not None:
        return ""
    if measure.value:
        return f"value {measure.unit}"
    return "percent" if measure.percent else "people" if measure.n is not None else ""


Link = Literal["", "strong", "weak"]


def _link(text: str, one: Bound, other: Bound, time: str, other_time: str) -> Link:
    """Tell how two figures hang together: "60% vs 46%" strongly, "60% with NK cells and 46% without" weakly."""
    if one.named.endpoint != other.named.endpoint:
        return ""
    reached = "not reached" in (one.measure.value, other.measure.value)
    if _kind(one) != _kind(other) and not reached:
        return ""
    gap = _NO_STOP.sub(" ", text[one.measure.end : other.measure.start])
    if len(gap) > _FAR or re.search(r"[.;]", gap):
        return ""
    if _STRONG.search(gap):
        return "strong"
    same_time = not time or not other_time or time == other_time
    grouped = compares(text) or len(_LETTERED.findall(text)) > 1
    return "weak" if same_time and _WEAK.search(gap) and grouped else ""


def _of_chain(text: str, bound: Sequence[Bound], chain: Sequence[int], links: Sequence[str]) -> list[Set]:
    """Return the sets of figures that follow each other: "a vs b, c vs d" are two, "a, b and c" is one of three."""
    if "strong" not in links:
        return [_set(text, bound, chain)] if len(chain) > 1 else []
    found = []
    run = [chain[0]]
    for i, link in zip(chain[1:], links, strict=True):
        if link != "strong":
            found.append(run)
            run = []
        run.append(i)
    return [_set(text, bound, run) for run in [*found, run] if len(run) > 1]


def _set(text: str, bound: Sequence[Bound], members: Sequence[int]) -> Set:
    return Set(tuple(members), _treated(text, bound, members) if len(members) == 2 else members[0])


def _crossed(text: str, bound: Sequence[Bound]) -> list[tuple[int, int]]:
    """Return pairs of "ORR and DCR were 52% and 85%, compared with 11% and 33%"."""
    figures = [i for i, one in enumerate(bound) if _kind(one)]
    pairs: list[tuple[int, int]] = []
    for a, b, c, d in zip(figures, figures[1:], figures[2:], figures[3:], strict=False):
        ends = [bound[i].named.endpoint for i in (a, b, c, d)]
        gap = _NO_STOP.sub(" ", text[bound[b].measure.end : bound[c].measure.start])
        across = ends[:2] == ends[2:] and ends[0] != ends[1] and len(gap) <= _FAR
        if across and _STRONG.search(gap) and not re.search(r"[.;]", gap):
            pairs += [(a, c), (b, d)]
    return pairs


def _treated(text: str, bound: Sequence[Bound], pair: Sequence[int]) -> int:
    """Return which of two figures is the treated group's: the first, unless its words are those of a comparator."""
    one, other = bound[pair[0]].measure, bound[pair[1]].measure
    gap = text[one.end : other.start]
    link = _STRONG.search(gap) or _WEAK.search(gap)
    first = gap[: link.start()] if link else gap
    second = (gap[link.end() :] if link else "") + re.split(r"[.;]\s|\d", text[other.end : other.end + 60])[0]
    if not re.search(r"[A-Za-z]{2}", first):  # "(60% vs 46%)": the groups are named before, in the same order
        first, second = _named_before(text[: one.start])
    return pair[1] if _COMPARATOR.search(first) and not _COMPARATOR.search(second) else pair[0]


def _named_before(before: str) -> tuple[str, str]:
    """Return the words before and behind the last word that sets groups against each other."""
    links = list(_STRONG.finditer(before, max(0, len(before) - 160)))
    if not links:
        return "", ""
    start, end = links[-1].span()
    if re.search(r"\d|[)\]]", before[end:]):
        return "", ""  # that word set other figures against each other
    return before[max(0, start - 70) : start], before[end:]


def arms_before(text: str, bound: Sequence[Bound], pairs: Sequence[Set]) -> dict[int, str]:
    """Return the groups of pairs in one bracket: "longer in the CIK group than in the control group (57% vs 27%)".

    The first figure of such a pair never belongs to the group right before the bracket; where the two groups cannot
    be told it gets "".

    Args:
        text: the plain sentence.
        bound: its results.
        pairs: what is set against each other.
    """
    arms: dict[int, str] = {}
    for one in pairs:
        first, last = bound[one.members[0]].measure, bound[one.members[-1]].measure
        opening = max(text.rfind("(", 0, first.start), text.rfind("[", 0, first.start))
        inside = opening >= 0 and not re.search(r"[)\]]", text[opening : first.start])
        if not inside or re.search(r"[)\]][^()\[\]]*[(\[]", text[first.end : last.start]):
            continue
        arms.update(dict.fromkeys(one.members, ""))
        before = text[max(0, opening - 220) : opening]
        groups = list(_GROUP.finditer(re.split(r"[.;]\s", before)[-1]))
        if len(one.members) == 2 and len(groups) == 2:
            between = groups[1].string[groups[0].end() : groups[1].start("arm")] + groups[1]["arm"]
            if _STRONG.search(between) and not groups[1].string[groups[1].end() :].strip():
                arms.update(zip(one.members, (_LEADS.sub("", group["arm"]) for group in groups), strict=True))
    return arms


def one_p(found: Sequence[Set], given: Sequence[tuple[int, Finding]]) -> list[tuple[int, Finding]]:
    """Move the P value of a comparison to the treated group's figure, before its direction is judged.

    Args:
        found: what is set against each other, by the index of the result.
        given: (place, finding) of the results, in order; others may follow them.
    """
    result = list(given)
    for one in found:
        ps = [result[i][1].p for i in one.members if result[i][1].p]
        for i in one.members:
            place, finding = result[i]
            result[i] = place, replace(finding, p=(finding.p or ps[-1]) if ps and i == one.treated else "")
    return result


def one_side(found: Sequence[Set], judged: Sequence[tuple[int, Finding]]) -> list[tuple[int, Finding]]:
    """Leave the direction with the treated group's figure; of three groups and more none is the better.

    Args:
        found: what is set against each other, by the index of the result.
        judged: (place, finding) of the results, in order; others may follow them.
    """
    result = list(judged)
    for one in found:
        place, treated = result[one.treated]
        if len(one.members) > 2 and treated.direction in ("better", "worse"):
            treated = replace(treated, direction="not_comparative", rule="more than two groups")
        for i in one.members:
            at, finding = result[i]
            flags = tuple(flag for flag in finding.flags if flag != "spin")
            rule = "figure of the comparator" if finding.direction != "not_comparative" else finding.rule
            result[i] = at, replace(finding, flags=flags, direction="not_comparative", rule=rule)
        result[one.treated] = place, treated
    return [(place, _without_side(_agreeing(finding, result))) for place, finding in result]


def _agreeing(finding: Finding, others: Sequence[tuple[int, Finding]]) -> Finding:
    """Return a figure that words or figures call better or worse with the verdict of its endpoint's own test."""
    if finding.direction not in ("better", "worse") or finding.p:
        return finding
    tested = [
        other
        for _, other in others
        if (other.endpoint, other.outcome) == (finding.endpoint, finding.outcome) and (other.p or other.low is not None)
    ]
    if not any(other.direction == "no_difference" for other in tested):
        return finding
    return replace(finding, direction="no_difference", rule="the test of the endpoint shows none")


_OF_COMPARATOR = re.compile(
    r"(?:.*\s)?(?:controls?|placebo|observation|comparator|untreated)(?:\s(?:group|arm|cohort))?"
)


def _without_side(finding: Finding) -> Finding:
    """Take the direction from a figure that is said to be the comparator's."""
    if finding.direction == "not_comparative" or not _OF_COMPARATOR.fullmatch(finding.arm.lower()):
        return finding
    return replace(finding, direction="not_comparative", rule="figure of the comparator")
