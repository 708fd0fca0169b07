"""Results told in words without a figure: what did not occur, what did not differ, an endpoint that was met or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kb.tag.binding import Bound
from kb.tag.brackets import depth
from kb.tag.comparisons import compares, judge
from kb.tag.endpoints import ANY_HARM, Endpoint, Named
from kb.tag.misnamed import misnamed
from kb.tag.numbers import NUM
from kb.tag.places import before_treatment
from kb.tag.quantities import basis_of
from kb.tag.safety import cause_of_death, denied, died_of_disease, grade_marks, grade_of, people_denied, qualified
from kb.tag.tags import Finding

_AIM = r"(?:end ?-?points?|outcomes?|objectives?)"
_PRIMARY = re.compile(rf"\b(?:co-?)?primary (?:efficacy |safety |study )?{_AIM}", re.IGNORECASE)
_SECONDARY = re.compile(rf"\bsecondary (?:efficacy )?{_AIM}", re.IGNORECASE)
#: "the primary endpoint (of …) was not met", "met its primary endpoint", "missed its primary endpoint".
MET = re.compile(
    rf"\bprimary (?:\w+ )?{_AIM}[^.;]{{0,90}}?\b(?:was|were|has been|had been)\s(?P<no>not\s|never\s)?(?:\w+ly\s)?"
    r"(?:met|reached|achieved|attained|(?P<missed>missed|unmet))\b"
    r"|\b(?P<no2>(?:did not|failed to|does not|without)\s)?(?:meet(?:ing)?|met|achiev(?:e|ed|ing)|reach(?:ed|ing)?)\s"
    rf"(?:its\s|the\s|their\s|both\s|all\s)?(?:co-?)?primary (?:\w+ )?{_AIM}"
    rf"|\b(?P<no3>missed)\s(?:its|the)\s(?:co-?)?primary (?:\w+ )?{_AIM}",
    re.IGNORECASE,
)
_TOLERATED = re.compile(
    r"\b(?:well|safely|generally|acceptabl\w+)[ -]tolerated\b|\btolerated well\b|\bwas (?:safe|safe and feasible)\b",
    re.IGNORECASE,
)
#: Something happened to people.
_OCCURRED = re.compile(
    r"\b(?:occur\w*|experienc\w*|develop\w*|observed|reported|seen|noted|included|consist\w*|restricted to|"
    r"limited to|comprised|were|was|had|caused|resulted in|led to|died|suffered)\b",
    re.IGNORECASE,
)
#: Right before a harm: it is spoken of, guarded against or compared, not told.
_SPOKEN_OF = re.compile(
    r"\b(?:risks? (?:of|for)|prophyla\w+|prevent\w*|treat\w*|therapy for|management of|monitor\w*|without increasing|"
    r"potential|possible|history of|prior|pre-?existing|increase[sd]? in|differences? in|changes? in|"
    r"contribut\w+ \w+ to|contribut\w+ to|model of|may|might|could|would|should|end ?points?|assess\w*|"
    r"evaluat\w*|graded|criteria|definition|incidence of|reduc\w+|patients with|people with|refractory|rates? of|lower|"
    r"protect\w*|against|post|after|before|following|resolution of|resol\w+|recover\w*)\b[^,;.]{0,40}$",
    re.IGNORECASE,
)
#: A result is told in the past tense or with a P value; "NK cells have a better profile than" is an opinion.
_TOLD = re.compile(
    r"\b(?:was|were|did|had|has been|have been|showed|shown|achieved|improved|increased|decreased|reduced|prolonged|"
    r"demonstrated|experienced|developed|differed|remained|resulted|led|failed|extended|lowered|enhanced|conferred)\b|"
    r"\b[Pp]\s?[=<>]"
)
_SUPPOSED = re.compile(r"\b(?:may|might|could|would|can|should)\b", re.IGNORECASE)
_SEEN = re.compile(
    r"\b(?:was|were|has been|have been|had been|there (?:was|were))\b|\b(?:responded|achieved|occurred|developed|had|"
    r"relapsed|experienced|reported|showed|progressed)\b",
    re.IGNORECASE,
)
#: "The primary endpoint was met", without the name of what was measured.
_NO_ENDPOINT = Endpoint("primary", "", "")

_RELATED = re.compile(
    r"(?:\s[\w-]+){0,2}?\s(?:were|was|directly|that were)\s(?:\w+ly\s)?(?:related|attribut\w+|considered|linked|"
    r"due|associated)\b",
    re.IGNORECASE,
)

Made = tuple[Named, Finding]


def stated(base: Finding, text: str, bound: Sequence[Bound], named: Sequence[Named]) -> Iterator[Made]:
    """Yield what a plain sentence says of endpoints without a figure ("overall survival did not differ").

    Args:
        base: an empty finding with the place of the sentence.
        text: the plain sentence.
        bound: results that have figures; their endpoints are left out.
        named: the endpoints it names.
    """
    taken = {one.named.endpoint.id for one in bound}
    comparing = compares(text)
    for name in named:
        endpoint = name.endpoint
        harm = bool(endpoint.event) and not _A_RATE.search(name.text)
        if not endpoint.outcome or endpoint.id in taken or harm or endpoint.id == "tolerance":
            continue
        finding = replace(base, endpoint=name.text, outcome=endpoint.outcome, event=endpoint.event)
        if depth(text[: name.start]) > 0 or _IN_WHOM.search(text, max(0, name.start - 60), name.start):
            continue  # an explanation of the endpoint before it, the people looked at
        if _SUPPOSED.search(text, 0, name.start) or before_treatment(text, name, name.end):
            continue
        if comparing and _TOLD.search(text):
            direction, _ = judge(text, finding)
            if direction != "not_comparative" and not misnamed(text, name):
                taken.add(endpoint.id)
                yield name, finding
        elif endpoint.outcome != "safety" and denied(text, name.start, name.end) and _SEEN.search(text):
            taken.add(endpoint.id)
            yield name, _absent(finding, text, name)


#: "treatment-related mortality was low", "the toxic death rate": how often, not that somebody died.
_A_RATE = re.compile(r"mortality|\bTRM\b", re.IGNORECASE)
_RATE_BEHIND = re.compile(r"\srates?\b", re.IGNORECASE)


def harms(base: Finding, text: str, bound: Sequence[Bound], named: Sequence[Named]) -> Iterator[Made]:
    """Yield harms a plain sentence tells without a figure: those that did not occur and those that did.

    Args:
        base: an empty finding with the place of the sentence.
        text: the plain sentence.
        bound: results that have figures; their endpoints are left out.
        named: the endpoints it names.
    """
    taken = {one.named.endpoint.id for one in bound}
    marks = grade_marks(text)
    harmed = [one for one in named if one.endpoint.outcome == "safety"]
    for name in harmed:
        endpoint = name.endpoint
        if endpoint.id in taken or endpoint.id == "tolerance":
            continue
        grades = grade_of(text, marks, name, None, harmed)
        finding = replace(base, endpoint=name.text, outcome="safety", event=endpoint.event, grade=grades)
        if denied(text, name.start, name.end):
            taken.add(endpoint.id)
            yield name, _absent(finding, text, name)
        elif not misnamed(text, name) and _harm_occurred(text, name):
            taken.add(endpoint.id)
            yield name, finding
    tolerated = _TOLERATED.search(text)
    if tolerated and not _SUPPOSED.search(text) and not denied(text, tolerated.start(), tolerated.end()):
        tolerance = next((name for name in named if name.start >= tolerated.start() - 6), None)
        if tolerance is not None and tolerance.endpoint.id == "tolerance":
            yield tolerance, replace(base, endpoint=tolerated.group(), outcome="safety")


_IN_WHOM = re.compile(r"\b(?:who|that) (?:had |have )?(?:achieved|attained|were in|reached|had)\s(?:[\w-]+\s){0,4}$")
_KINDS = re.compile(r"\b(?:no|without(?: any)?|nor)\s(?P<words>(?:[\w,/≥-]+\s){1,7})$", re.IGNORECASE)
_ANY_KIND = re.compile(
    r"(?:(?:any|of|the|such|observed|reported|signs?|cases?|episodes?|evidence|patients?|subjects?|participants?|one|"
    r"experienced|developed|had|reported|showed|infused|treated|in|cell|NK|infusion|with|occurred|occurrence|"
    r"from|children|recipients?|person|individuals?)\s)+",
    re.IGNORECASE,
)


def _absent(finding: Finding, text: str, name: Named) -> Finding:
    total, words = people_denied(text)
    narrowed = qualified(text, name.start)
    related = _RELATED.match(text, name.end)
    if related:  # "no adverse events were related to the cells" leaves those that were not
        finding = replace(finding, endpoint=finding.endpoint + related.group(), event="")
    event = finding.event
    kinds = _KINDS.search(text, max(0, name.start - 90), name.start) if event == ANY_HARM and not narrowed else None
    if kinds and not _ANY_KIND.fullmatch(kinds["words"]):  # "no bleeding or thrombotic events": of these kinds only
        event = ""
        finding = replace(finding, endpoint=f"{kinds['words']}{finding.endpoint}")
    if narrowed and event in ("", ANY_HARM):  # "no significant toxicity" is less than "no toxicity"
        event = ""
    endpoint = f"{narrowed} {finding.endpoint}" if narrowed and narrowed not in finding.endpoint else finding.endpoint
    return replace(
        finding,
        endpoint=endpoint,
        event=event,
        n=0 if total else None,
        n_total=total,
        n_basis=basis_of(words) if total else "",
        assertion="absent",
    )


def _harm_occurred(text: str, name: Named) -> bool:
    if name.endpoint.event in ("", ANY_HARM) or _A_RATE.search(name.text):
        return False
    if _RATE_BEHIND.match(text, name.end) and not compares(text):
        return False
    if _SUPPOSED.search(text[: name.start]):
        return False
    if name.endpoint.event == "death" and died_of_disease(text, name.start):
        return False
    if cause_of_death(text, name.start) or _SPOKEN_OF.search(text[: name.start]):
        return False
    return _OCCURRED.search(text) is not None


def primary(base: Finding, text: str, made: list[Made], named: Sequence[Named]) -> Iterator[Made]:
    """Mark results of the primary endpoint in ``made``; yield "the primary endpoint was met" where none stands for it.

    Args:
        base: an empty finding with the place of the sentence.
        text: the plain sentence.
        named: the endpoints it names.
        made: the results of the sentence so far; changed in place.
    """
    aim = _PRIMARY.search(text)
    if aim is None:
        if _SECONDARY.search(text):
            made[:] = [(name, replace(finding, is_primary=False)) for name, finding in made]
        return
    met = MET.search(text)
    reached = None if met is None else not (met["no"] or met["missed"] or met["no2"] or met["no3"])
    own = _named_by(text, aim, met, named)
    near = [i for i, (name, _) in enumerate(made) if abs(name.start - aim.start()) < 120]
    if own is not None:
        near = [i for i in near if made[i][0].endpoint == own.endpoint]
    else:
        near = [i for i in near if made[i][0].start > aim.start()]
    for i in near:
        name, finding = made[i]
        if name.endpoint == made[near[0]][0].endpoint:
            made[i] = name, replace(finding, is_primary=True, met=reached)
    if near or reached is None:
        return
    spot = own or Named(_NO_ENDPOINT, aim.start(), aim.end(), aim.group())
    yield (
        spot,
        replace(
            base,
            endpoint=spot.text,
            outcome=spot.endpoint.outcome,
            event=spot.endpoint.event,
            is_primary=True,
            met=reached,
        ),
    )


def _named_by(text: str, aim: re.Match[str], met: re.Match[str] | None, named: Sequence[Named]) -> Named | None:
    """Return the endpoint that is called primary: "the primary endpoint of PFS", "PFS (primary endpoint)"."""
    for name in named:
        if not name.endpoint.outcome:
            continue
        within = met is not None and aim.end() <= name.start < met.end()
        after = re.fullmatch(
            r"\s?(?:of|for|,|\(|was|:|\()\s?(?:the\s|\w+-year\s|median\s)*", text[aim.end() : name.start]
        )
        before = re.fullmatch(r"\s?(?:\(|,|,\sthe|\(the|was the|as the|as)\s?", text[name.end : aim.start()])
        if name.start >= aim.end() and (within or after):
            return name
        if name.end <= aim.start() and before:
            return name
    return None


#: "median survival is about 6 months": said of a disease, not of the people of a study.
_GENERAL = re.compile(
    r"\b(?:patients|people|children|adults)\s(?:\w+\s)?(?:have|relapse|die|survive|achieve|respond|experience|"
    r"develop|fail)\b|\b(?:is|are|remains?|"
    r"ranges?)\s(?:still\s|usually\s|generally\s|typically\s|only\s|about\s|approximately\s|"
    r"around\s|less than\s|"
    rf"below\s|poor|<\s?|~\s?){{0,3}}(?:{NUM}|poor|dismal)",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:was|were|had|did|led|(?<!is )(?<!are )(?<!be )[a-z]{3,}ed)\b", re.IGNORECASE)


def said_in_general(text: str) -> bool:
    """Tell whether a plain sentence speaks of a disease and not of the people of a study ("survival is 6 months")."""
    return _GENERAL.search(text) is not None and _PAST.search(text) is None
