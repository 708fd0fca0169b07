"""Results: what was measured, in how many, how sure, which way.

A sentence is read figure by figure; each figure gets the endpoint, time, grade and group its sentence gives it. A figure
whose endpoint is not named is left out, a field the sentence does not settle stays empty: a number is never invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kb.tag.binding import Bound, arm_of, bind, free_names, time_of
from kb.tag.comparisons import claims_gain, compares, judge, significance
from kb.tag.endpoints import ANY_HARM, Endpoint, Endpoints, Named, load_endpoints
from kb.tag.measures import Measure, agrees, denominators, joined, measures
from kb.tag.numbers import WHOLE, number, plain, whole
from kb.tag.quantities import Figure, elided, figures
from kb.tag.record import Passage
from kb.tag.safety import cause_of_death, denied, grade_marks, grade_of, people_denied, qualified
from kb.tag.sentences import Sentence
from kb.tag.tags import Finding
from kb.vocabulary import Vocabulary

#: Parts of a paper that tell its own results; texts without labels are read whole.
_TELLING = frozenset(["", "results", "conclusions", "other"])
#: A plan, a rule, an aim, work of others: no result of this study.
_NO_RESULT = re.compile(
    r"\b(?:we (?:aim|hypothesi[sz]e|sought|plan|will)|aim(?:ed|s)? (?:to|of|was)|objectives? (?:was|were|is|of)|purpose|hypothesi[sz]\w+|"
    r"to (?:evaluate|assess|determine|investigate|examine|test|explore)\b(?![^.]*\b(?:was|were)\b[^.]*\d%)|sample size|power of|"
    r"will be|(?:is|are) being|eligib\w+|inclusion criteria|exclusion criteria|endpoints? (?:included|include|includes|are|comprise\w*)|"
    r"was defined as|were defined as|is defined as|planned to|stopping rule|outcomes? measures?)\b",
    re.IGNORECASE,
)
_HISTORY = re.compile(
    r"\b(?:previous(?:ly)? (?:reported|published|stud\w+|trial\w*|shown|work)|in (?:a |an )?(?:previous|prior|earlier) (?:stud\w+|trial\w*|phase|report\w*)|"
    r"has been (?:shown|reported)|have been (?:shown|reported)|earlier (?:stud\w+|trial\w*)|"
    r"in the literature|other (?:groups|investigators|authors|studies))\b",
    re.IGNORECASE,
)
_PRIMARY = re.compile(
    r"\b(?:co-?)?primary (?:efficacy |safety |study )?(?:end ?-?points?|outcomes?|objectives?)", re.IGNORECASE
)
_SECONDARY = re.compile(r"\bsecondary (?:efficacy )?(?:end ?-?points?|outcomes?|objectives?)", re.IGNORECASE)
_MET = re.compile(
    r"(?:primary (?:\w+ )?(?:end ?-?points?|outcomes?|objectives?))[^.;]{0,90}?\b(?:was|were|has been|had been)\s(?P<no>not\s|never\s)?(?:\w+ly\s)?(?:met|reached|achieved|attained|(?P<missed>missed|unmet))"
    r"|\b(?P<no2>(?:did not|failed to|does not|not|without)\s(?:\w+ing\s|reach(?:ing)?\s)?)?(?:meet|met|meeting|achieve[ds]?|reach(?:ed|ing)?)\s(?:its|the|their|both|all)?\s?(?:co-?)?primary (?:\w+ )?(?:end ?-?points?|outcomes?|objectives?)"
    r"|\b(?P<no3>missed)\s(?:its|the)\s(?:co-?)?primary (?:\w+ )?(?:end ?-?points?|outcomes?)",
    re.IGNORECASE,
)
_HISTORICAL_CONTROL = re.compile(
    r"\bhistoric(?:al|ally)?\s(?:\w+\s){0,3}?(?:controls?|cohorts?|data|comparison|comparators?|series|patients|rates?|results|benchmarks?|group)\b|"
    r"\bhistorically\b|\b(?:compared (?:with|to)|vs\.?|versus|than in|than)\s(?:\w+\s){0,3}?(?:previous|prior|earlier|published|registry|retrospective|past|matched|"
    r"historic\w*|literature|CIBMTR|EBMT)\b|\b(?:registry|retrospective|matched|external|synthetic)\s(?:\w+\s){0,2}?controls?\b|case-?match\w+",
    re.IGNORECASE,
)
_SUBGROUP = re.compile(
    r"\b(?:sub-?groups?|sub-?sets?|post[ -]hoc|stratif\w+|exploratory analys\w+|stratum)\b|\b(?:among|in|for)\s(?:the\s|\d+\s|those\s|only\s)*(?:patients|those|participants|children|people|subjects)\s"
    r"(?:aged|older|younger|without|whose|who (?:had|did|were not|achieved|responded)|with (?:a |an )?(?:low|high|wild|mutat|early|late|advanced|stage|good|poor|"
    r"baseline|KIR|active|detectable|measurable|more|fewer|PD-L1|elevated|normal))\b",
    re.IGNORECASE,
)
_TOLERATED = re.compile(
    r"\b(?:well|safely|generally|acceptabl\w+)[ -]tolerated\b|\btolerated well\b|\bwas (?:safe|feasible and safe|safe and feasible)\b",
    re.IGNORECASE,
)
_OCCURRED = re.compile(
    r"\b(?:occur\w*|experienc\w*|develop\w*|observed|reported|seen|noted|included?|including|consist\w*|restricted to|limited to|comprised|"
    r"such as|were|was|had|caused|associated with|resulted in|led to|complicat\w*|died|due to|suffered|common|frequent)\b",
    re.IGNORECASE,
)
_NOT_OCCURRED = re.compile(
    r"\b(?:risk of|prophyla\w+|prevent\w*|treatment of|treat|therapy for|to treat|management of|monitor\w*|without increasing|potential|possible|"
    r"history of|prior|pre-existing|model of|may|might|could|would|should|endpoints?|assess\w*|evaluat\w*|graded|criteria|definition|associated with (?:a )?(?:lower|reduced)|"
    r"incidence of|reduc\w+|in patients with|patients with|refractory|rates? of|low|lower|protect\w*)\b[^,;.]{0,40}$",
    re.IGNORECASE,
)
_LISTED_COUNT = re.compile(
    rf"(?<![\w.^/+-])(?P<n>{WHOLE})\s(?:(?:confirmed|durable|objective|additional|ongoing|unconfirmed|patient|cases? of|episodes? of|grade \d|had|with|in)\s){{0,2}}$",
    re.IGNORECASE,
)

#: "The primary endpoint was met", without the name of what was measured.
_NO_ENDPOINT = Endpoint("primary", "", "")


class Findings:
    """Reads results.

    Args:
        endpoints: names of endpoints and harms.
    """

    def __init__(self, endpoints: Endpoints) -> None:
        self._endpoints = endpoints

    def of(self, passage: Passage, sentences: Sequence[Sentence]) -> list[Finding]:
        """Return the results an abstract states, in order; of other texts none.

        Args:
            passage: a text of a record; registered plans and criteria are no results.
            sentences: its sentences.
        """
        if passage.kind != "abstract":
            return []
        found: list[Finding] = []
        before = ""
        for sentence in sentences:
            if sentence.section in _TELLING:
                found.extend(self._sentence(passage.field, sentence, before))
            before = sentence.text
        return found

    def _sentence(self, field: str, sentence: Sentence, before: str) -> Iterator[Finding]:
        text = plain(sentence.text).text
        met = _MET.search(text)
        if _NO_RESULT.search(text) and met is None:
            return
        named = self._endpoints.find(text)
        read = figures(text)
        read = sorted([*read, *elided(text, read)], key=lambda figure: figure.start)
        read = _with_listed(text, read, named)
        results = _after(denominators(text, measures(text, read)), text, before)
        free = free_names(named, results)
        bound = bind(text, results, free)
        bound = _with_ratio(text, _with_p(text, bound, read, free))
        times = [figure for figure in read if figure.kind == "time"]
        marks = grade_marks(text)
        base = Finding(field, sentence.start, sentence.end)
        made = []
        for one in bound:
            finding = _filled(base, text, one)
            measure = one.measure
            finding = replace(
                finding,
                time_point=time_of(text, measure, times, results)
                if one.named.endpoint.outcome != "safety" or times
                else "",
                arm=arm_of(text, measure, results),
                grade=grade_of(text, marks, min(one.named.start, measure.start), max(one.named.end, measure.end))
                if one.named.endpoint.outcome == "safety"
                else (None, None),
            )
            made.append((one.named, finding))
        made.extend(_stated(base, text, bound, free, read))
        made.extend(_harms(base, text, bound, free))
        made.extend(_primary(base, text, met, made, free))
        for name, finding in sorted(made, key=lambda pair: pair[0].start):
            yield self._judged(sentence.text, text, name, finding)

    def _judged(self, given: str, text: str, name: Named, finding: Finding) -> Finding:
        if finding.assertion != "absent":
            direction, rule = judge(given, finding)
            finding = replace(finding, direction=direction, rule=rule)
        flags = set(finding.flags)
        if finding.percent is not None and finding.n_total is None:
            flags.add("no_denominator")
        if significance(finding.p) is False and claims_gain(given, finding):
            flags.add("spin")
        if _HISTORICAL_CONTROL.search(text):
            flags.add("historical_control")
        if _SUBGROUP.search(text):
            flags.add("subgroup")
        if _HISTORY.search(text) and finding.assertion == "present":
            finding = replace(finding, assertion="historical")
        return replace(finding, flags=tuple(sorted(flags)))


def load_findings(root: Path, vocabulary: Vocabulary) -> Findings:
    """Return a reader with the endpoints of ``rules/endpoints.tsv`` and the harms of the vocabulary.

    Args:
        root: the data directory.
        vocabulary: the concepts.

    Raises:
        DataError: the table of endpoints is wrong.
    """
    return Findings(load_endpoints(root, vocabulary))


def _with_listed(text: str, read: list[Figure], named: Sequence[Named]) -> list[Figure]:
    """Add the counts that stand right before an endpoint: "three partial remissions"."""
    taken = [(figure.start, figure.end) for figure in read]
    extra = []
    for name in named:
        match = _LISTED_COUNT.search(text, max(0, name.start - 40), name.start)
        if (
            match
            and name.endpoint.outcome
            and not any(start < match.end("n") and match.start() < end for start, end in taken)
        ):
            if re.search(r"grades?\s(?:≥\s?)?$", text[: match.start()], re.IGNORECASE):
                continue
            extra.append(Figure("people", match.start("n"), match.end("n"), n=whole(match["n"])))
    return sorted([*read, *extra], key=lambda figure: figure.start)


def _after(found: list[Measure], text: str, before: str) -> list[Measure]:
    """Give "Of these, nine responded" and "Nine responded" the denominator of the sentence before, where that is sure."""
    counts = [m for m in found if m.n is not None]
    if not counts or not before or counts[0].total is not None:
        return found
    first = counts[0]
    pointing = re.search(r"\bof (?:these|those|them|whom),?\s(?:\w+\s)?$", text[: first.start], re.IGNORECASE)
    elliptic = first.start == 0 and re.fullmatch(WHOLE, text[: first.end], re.IGNORECASE)
    if not pointing and not elliptic:
        return found
    earlier = plain(before).text
    people = [figure for figure in figures(earlier) if figure.kind == "people"]
    if len(people) != 1 or people[0].n is None or people[0].total is not None or not first.n or first.n > people[0].n:
        return found
    evaluable = re.search(r"evaluable|assessable", earlier, re.IGNORECASE)
    if not evaluable and not pointing:
        return found
    total = people[0].n
    return [
        replace(m, total=total, basis="evaluable" if evaluable else people[0].basis)
        if m.n is not None and m.total is None and m.n <= total
        else m
        for m in found
    ]


def _with_p(text: str, bound: Sequence[Bound], read: Sequence[Figure], named: Sequence[Named]) -> list[Bound]:
    """Give each P value to the result before it, and to the one that is compared with; else to the endpoint before it."""
    result = list(bound)
    last = 0
    for figure in (f for f in read if f.kind == "p"):
        before = [i for i, one in enumerate(result) if last <= one.measure.start and one.measure.end <= figure.start]
        names = [name for name in named if last <= name.start and name.end <= figure.start and name.endpoint.outcome]
        start, last = last, figure.end
        name_between = before and names and names[-1].start >= result[before[-1]].measure.end
        if name_between and re.fullmatch(
            r"\s?(?:rates?\s?)?[(\[]\s?(?:log-?rank\s)?", text[names[-1].end : figure.start]
        ):
            before = []
        if not before:
            if names:
                owner = names[-1]
                spot = Measure(figure.start, figure.end, p=figure.amount)
                result.append(Bound(spot, owner))
            elif start == 0:
                following = [i for i, one in enumerate(result) if one.measure.start >= figure.end]
                if following and not result[following[0]].measure.p:
                    result[following[0]] = _p_added(result[following[0]], figure.amount)
            continue
        i = before[-1]
        result[i] = _p_added(result[i], figure.amount)
        for j in reversed(before[:-1]):
            one, other = result[j], result[j + 1]
            if (
                one.named.endpoint != other.named.endpoint
                or one.measure.p
                or not joined(text, one.measure, other.measure)
            ):
                break
            result[j] = _p_added(one, figure.amount)
    return sorted(result, key=lambda one: one.measure.start)


def _p_added(one: Bound, p: str) -> Bound:
    return Bound(replace(one.measure, p=p), one.named)


def _with_ratio(text: str, bound: Sequence[Bound]) -> list[Bound]:
    """Put "(HR 0.62; 95% CI …)" to the result it stands behind, unless both have an interval of their own."""
    result: list[Bound] = []
    for one in bound:
        group = [other for other in result if other.named.endpoint == one.named.endpoint]
        if one.measure.ratio is None or not group or group[-1] is not result[-1]:
            result.append(one)
            continue
        first = group[-1]
        if len(group) > 1 and joined(text, group[-2].measure, first.measure) and group[-2].measure.ratio is None:
            first = group[-2]
        if (
            first.measure.low is not None
            or first.measure.ratio is not None
            or (first.measure.n is not None and not first.measure.percent)
        ):
            result.append(one)
            continue
        ratio = one.measure
        merged = replace(
            first.measure,
            ratio=ratio.ratio,
            ratio_kind=ratio.ratio_kind,
            low=ratio.low,
            high=ratio.high,
            level=ratio.level,
            p=ratio.p or first.measure.p,
        )
        result[result.index(first)] = Bound(merged, first.named)
        if first is not group[-1] and not group[-1].measure.p and ratio.p:
            result[result.index(group[-1])] = _p_added(group[-1], ratio.p)
    return result


def _filled(base: Finding, text: str, one: Bound) -> Finding:
    """Return a finding with the figures of a result."""
    measure, endpoint = one.measure, one.named.endpoint
    percent = number(measure.percent) if measure.percent else None
    value, unit = measure.value, measure.unit
    if percent is not None and _is_change(text, measure):
        value, unit, percent = measure.percent, "%", None
    flags: tuple[str, ...] = ()
    if (
        measure.n is not None
        and measure.total
        and measure.percent
        and not agrees(measure.n, measure.total, measure.percent)
    ):
        flags = ("percent_mismatch",)
    absent = measure.n == 0
    return replace(
        base,
        endpoint=one.named.text,
        outcome=endpoint.outcome,
        event=endpoint.event,
        n=measure.n,
        n_total=measure.total,
        n_basis=measure.basis,
        percent=percent,
        low=measure.low,
        high=measure.high,
        level=measure.level,
        value=value,
        unit=unit,
        ratio=measure.ratio,
        ratio_kind=measure.ratio_kind,
        p=measure.p,
        flags=flags,
        assertion="absent" if absent else "present",
    )


def _is_change(text: str, measure: Measure) -> bool:
    """Tell whether a percentage is how much something changed, not how many people had it."""
    if measure.n is not None:
        return False
    before, after = text[: measure.start], text[measure.end :]
    return bool(
        re.search(
            r"\b(?:by|increase[ds]?|decrease[ds]?|reduc\w+|declin\w+|fell|rose)\s(?:of\s|by\s|was\s|about\s|approximately\s|up to\s)*(?:a\s|an\s)?(?:median\s|mean\s)?(?:of\s)?$",
            before,
            re.IGNORECASE,
        )
        or re.match(
            r"\s(?:increase|decrease|reduction|decline|improvement|higher|lower|rise|risk reduction|more|less|fewer)\b",
            after,
            re.IGNORECASE,
        )
    )


def _stated(
    base: Finding, text: str, bound: Sequence[Bound], named: Sequence[Named], read: Sequence[Figure]
) -> Iterator[tuple[Named, Finding]]:
    """Yield what a sentence says of an endpoint without a figure ("overall survival did not differ")."""
    taken = {one.named.endpoint.id for one in bound}
    if not compares(text):
        return
    for name in named:
        endpoint = name.endpoint
        if not endpoint.outcome or endpoint.id in taken or endpoint.event or endpoint.id == "tolerance":
            continue
        taken.add(endpoint.id)
        finding = replace(base, endpoint=name.text, outcome=endpoint.outcome, event=endpoint.event)
        direction, _ = judge(text, finding)
        if direction != "not_comparative":
            yield name, finding


def _harms(base: Finding, text: str, bound: Sequence[Bound], named: Sequence[Named]) -> Iterator[tuple[Named, Finding]]:
    """Yield harms without a figure: those that did not occur, and those that did."""
    taken = {one.named.endpoint.id for one in bound}
    marks = grade_marks(text)
    for name in named:
        endpoint = name.endpoint
        if endpoint.outcome != "safety" or endpoint.id in taken or endpoint.id == "tolerance":
            continue
        grades = grade_of(text, marks, name.start, name.end)
        finding = replace(base, endpoint=name.text, outcome="safety", event=endpoint.event, grade=grades)
        if denied(text, name.start, name.end):
            taken.add(endpoint.id)
            yield name, _absent(finding, text, name)
        elif _harm_occurred(text, name):
            taken.add(endpoint.id)
            yield name, finding
    tolerated = _TOLERATED.search(text)
    if tolerated and not denied(text, tolerated.start(), tolerated.end()):
        tolerance = next((name for name in named if name.start >= tolerated.start() - 6), None)
        if tolerance is not None and tolerance.endpoint.id == "tolerance":
            yield tolerance, replace(base, endpoint=tolerated.group(), outcome="safety")


def _absent(finding: Finding, text: str, name: Named) -> Finding:
    total = people_denied(text)
    narrowed = qualified(text, name.start)
    event = finding.event
    if narrowed and event in ("", ANY_HARM):  # "no significant toxicity" is less than "no toxicity"
        event = ""
    words = f"{narrowed} {finding.endpoint}" if narrowed and narrowed not in finding.endpoint else finding.endpoint
    return replace(finding, endpoint=words, event=event, n=0 if total else None, n_total=total, assertion="absent")


def _harm_occurred(text: str, name: Named) -> bool:
    if name.endpoint.event in ("", ANY_HARM):
        return False
    if cause_of_death(text, name.start) or _NOT_OCCURRED.search(text[: name.start]):
        return False
    return _OCCURRED.search(text) is not None


def _primary(
    base: Finding, text: str, met: re.Match[str] | None, made: list[tuple[Named, Finding]], named: Sequence[Named]
) -> Iterator[tuple[Named, Finding]]:
    """Mark results of the primary endpoint, and yield "the primary endpoint was met" where no result stands beside it."""
    primary = _PRIMARY.search(text)
    secondary = _SECONDARY.search(text)
    if primary is None:
        if secondary:
            for i, (name, finding) in enumerate(made):
                made[i] = name, replace(finding, is_primary=False)
        return
    reached: bool | None = None
    if met is not None:
        reached = not (met["no"] or met["missed"] or met["no2"] or met["no3"])
    near = [i for i, (name, _) in enumerate(made) if abs(name.start - primary.start()) < 120]
    if near:
        first = made[near[0]][0].endpoint
        for i in near:
            name, finding = made[i]
            if name.endpoint == first:
                made[i] = name, replace(finding, is_primary=True, met=reached)
        return
    if reached is None:
        return
    name = next((n for n in named if n.endpoint.outcome and abs(n.start - primary.end()) < 60), None)
    spot = name or Named(_NO_ENDPOINT, primary.start(), primary.end(), primary.group())
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
