"""Names of endpoints that a sentence prints and that are not what its figures measure.

"Freedom from relapse was 70%" names the relapse and measures its opposite; "no relapse in 15 of 20" counts those
without; "the difference in response was 15%" is of no group; the SD of "mean ± SD" is no stable disease. Such a name
keeps its figure, so that no other name takes it, and the result is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import attrgetter

from kb.tag.binding import Bound
from kb.tag.endpoints import Named
from kb.tag.quantities import Figure
from kb.tag.safety import denied

_BETWEEN = r"(?:(?!(?:had|has|have|was|were|achieved|reached|but|the)\s)[\w-]+\s){0,2}"
#: "non-response", "freedom from relapse", "loss of response".
_OPPOSITE = re.compile(
    r"(?<![\w-])(?:non[- ]?(?:\w+[- ])?|(?:freedom from|free (?:of|from)|absence of|lack of|loss of|failure of|"
    rf"failure to (?:achieve|reach|attain|obtain)|failed to (?:achieve|reach|attain|obtain)|avoidance of|"
    rf"prevention of|resolution of|recovery from|without)\s(?:an?\s|any\s)?{_BETWEEN})$",
    re.IGNORECASE,
)
#: "response was absent in 5 of 20", "GVHD-free".
_OPPOSITE_BEHIND = re.compile(
    r"-free\b|\s(?:rates?\s)?(?:was|were|is|are)\s(?:absent|lacking|missing)\b", re.IGNORECASE
)
#: "the difference in response rate between the groups was 15%".
_DIFFERENCE_OF = re.compile(
    r"\b(?<!no )(?<!significant )differences?\s(?:in|of|for)\s(?:[\w-]+\s){0,3}$", re.IGNORECASE
)
_CAME_TO = re.compile(
    r"[^()\[\];]{0,70}?\b(?:was|were|is|of|reached)\s(?:only\s|an?\s|about\s|approximately\s|estimated\s)*[-+]?$"
)
#: Beside these SD is the spread of a mean.
_SPREAD = re.compile(
    r"±|\+/-|\b(?:(?<!by )[Mm]eans?(?! of\b)|[Aa]verages?|[Ss]tandard deviations?)\b|"
    r"\bSD\s?[=:]?\s?\d+(?:\.\d+)?(?![\d.]*\s?%)"
)
#: … and beside these it is stable disease.
_OTHER_RESPONSE = r"\b(?:CRi?|PR|PD|partial|complete|progressive)\b"
_RESPONSE_NEAR = re.compile(rf"{_OTHER_RESPONSE}[^.;±]{{0,40}}$"), re.compile(rf"[^.;±]{{0,40}}{_OTHER_RESPONSE}")
#: "no relapse was seen in 15 of 20": right before the name, and between it and the people it was not seen in.
_NO = re.compile(r"\b(?:no|neither|nor)\s(?:[\w-]+\s){0,3}$", re.IGNORECASE)
_SEEN_IN = re.compile(
    r"\s?(?:rates?\s)?(?:(?:was|were|has been|had been)\s)?(?:\w+\s){0,2}(?:(?:in|by|for|among|at)\s)?(?:\w+\s)?"
    r"[(\[]?\s?"
)
#: "died of sepsis 3 weeks after the infusion": when.
_AFTERWARDS = re.compile(r"\s(?:after|post|following|before|prior to|later)\b", re.IGNORECASE)
_HOW_LONG = re.compile(r"\b(?:median|mean|time|onset|duration|lasted|was|were|of)\b", re.IGNORECASE)
_NOBODY = re.compile(r"0(?:\.0+)?")


def free_names(text: str, named: Sequence[Named], figures: Sequence[Figure]) -> list[Named]:
    """Return the names that are no part of a figure ("5 patients", "hazard ratio for death")."""
    claimed = [figure for figure in figures if figure.kind != "size"]
    return [
        name
        for name in named
        if not any(f.start < name.end and name.start < f.end for f in claimed)
        and not (name.text.lower() in _ADJECTIVES and _NOUN_FOLLOWS.match(text, name.end))
        and not (name.endpoint.outcome == "biomarker" and _WHOLE_OF.search(text, max(0, name.start - 30), name.start))
        and not _AT_RISK.search(text, max(0, name.start - 40), name.start)
        and not text.startswith(" criteria", name.end)
        and not (name.text.lower() == "relapsed" and "newly diagnosed" in text)
    ]


def with_ratios_own(text: str, free: Sequence[Named], named: Sequence[Named], figures: Sequence[Figure]) -> list[Named]:
    """Return names with those inside a ratio that are its endpoint ("the hazard ratio for death was 0.71"), in order.

    Args:
        text: the plain sentence.
        free: names that are no part of a figure.
        named: all names.
        figures: the figures.
    """
    ratios = [figure for figure in figures if figure.kind == "ratio"]
    own = [n for n in named for f in ratios if f.start < n.start < f.end and _FOR.search(text, f.start, n.start)]
    return sorted([*free, *own], key=attrgetter("start"))


_FOR = re.compile(r"\s(?:for|of)\s(?:[\w-]+\s){0,3}$")


#: "NK cells among lymphocytes": what a share is of, not what was measured.
_WHOLE_OF = re.compile(r"\b(?:among|of (?:all|total))\s(?:\w+\s)?$", re.IGNORECASE)
#: "at high risk of relapse": what threatens; "a lower risk of relapse" is a result.
_AT_RISK = re.compile(
    r"\b(?:at|with|of)\s(?:a\s)?(?:very\s)?(?:high\s|low\s|intermediate\s)?risk\s(?:of|for)\s(?:\w+\s)?$", re.IGNORECASE
)


#: "relapsed leukaemia", "relapsed patients": what people have, not what happened to them.
_ADJECTIVES = frozenset(["relapsed", "progressed", "recurred"])
_NOUN_FOLLOWS = re.compile(
    r"[ /](?!(?:after|at|within|and|or|in|by|with|while|before|on|during|despite|from|again|later|early|between|"
    r"following|"
    r"since|but|who|whereas|because|to|for|as|a|the|one|two|three|four|five|\d)\b)[A-Za-z]"
)


def misnamed(text: str, name: Named) -> bool:
    """Tell whether what is meant is the opposite of a name, or nothing it names.

    Args:
        text: the plain sentence.
        name: a name of an endpoint in it.
    """
    if _OPPOSITE.search(text, max(0, name.start - 60), name.start) or _OPPOSITE_BEHIND.match(text, name.end):
        return True
    if name.text not in ("SD", "SDs") or not _SPREAD.search(text):
        return False
    before, behind = _RESPONSE_NEAR
    return not (before.search(text, max(0, name.start - 60), name.start) or behind.match(text, name.end))


def measures_other(text: str, one: Bound) -> bool:
    """Tell whether a figure measures something else than the endpoint it stands with.

    Args:
        text: the plain sentence.
        one: the figure with its endpoint.
    """
    name, measure = one.named, one.measure
    if misnamed(text, name):
        return True
    if name.end > measure.start:
        return False
    gap = text[name.end : measure.start]
    if measure.n is None and measure.ratio is None and (measure.percent or measure.value):
        of_two = _DIFFERENCE_OF.search(text, max(0, name.start - 60), name.start)
        if of_two and _CAME_TO.fullmatch(gap):
            return True
    if name.endpoint.event and measure.value and _AFTERWARDS.match(text, measure.end) and not _HOW_LONG.search(gap):
        return True
    if measure.total is None and not measure.percent:
        return False
    if measure.n == 0 or _NOBODY.fullmatch(measure.percent):
        return False
    no = _NO.search(text, max(0, name.start - 60), name.start)
    return no is not None and _SEEN_IN.fullmatch(gap) is not None and denied(text, name.start, name.end)
