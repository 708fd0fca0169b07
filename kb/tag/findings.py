"""Results: what was measured, in how many, how sure, which way.

A sentence is read figure by figure; each figure gets the endpoint, time, grade and group its sentence gives it. A figure
whose endpoint is not named is left out, a field the sentence does not settle stays empty: a number is never invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kb.tag.binding import Bound, arm_of, bind, free_names, time_of, times_listed
from kb.tag.comparisons import claims_gain, judge, significance
from kb.tag.endpoints import Endpoints, Named, load_endpoints
from kb.tag.measures import Measure, agrees, denominators, joined, measures
from kb.tag.numbers import NUM, WHOLE, number, plain, whole
from kb.tag.quantities import Figure, elided, figures
from kb.tag.record import Passage
from kb.tag.safety import denied, grade_marks, grade_of
from kb.tag.sentences import Sentence
from kb.tag.statements import MET, harms, primary, stated
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
    r"\b(?:previous(?:ly)? (?:reported|published|stud\w+|trial\w*|shown|work)|prior (?:stud\w+|trial\w*|reports?|work)|in (?:a |an )?(?:previous|prior|earlier) (?:stud\w+|trial\w*|phase|report\w*)|"
    r"has been (?:shown|reported)|have been (?:shown|reported)|earlier (?:stud\w+|trial\w*)|"
    r"in the literature|other (?:groups|investigators|authors|studies))\b",
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
_LISTED_COUNT = re.compile(
    rf"(?<![\w.^/+-])(?P<n>{WHOLE})\s(?:(?:confirmed|durable|objective|additional|ongoing|unconfirmed|patient|cases? of|episodes? of|grade \d|had|with|in)\s){{0,2}}$",
    re.IGNORECASE,
)


def _start(figure: Figure) -> int:
    return figure.start


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
        if _NO_RESULT.search(text) and not MET.search(text):
            return
        named = self._endpoints.find(text)
        read = figures(text)
        read = _with_listed(text, sorted([*read, *elided(text, read)], key=_start), named)
        results = _after(denominators(text, measures(text, read)), text, before)
        free = free_names(named, read)
        bound = _with_p(text, bind(text, results, free), read, free)
        base = Finding(field, sentence.start, sentence.end)
        made = list(_of_figures(base, text, bound, read, results))
        made.extend(stated(base, text, bound, free))
        made.extend(harms(base, text, bound, free))
        made.extend(primary(base, text, made, free))
        for _, finding in sorted(made, key=lambda pair: pair[0].start):
            yield _judged(sentence.text, text, finding)


def _judged(given: str, text: str, finding: Finding) -> Finding:
    """Return a finding with its direction, flags and assertion."""
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
    if (_HISTORY.search(text) or _in_general(text, finding)) and finding.assertion in ("present", "absent"):
        finding = replace(finding, assertion="historical")
    return replace(finding, flags=tuple(sorted(flags)))


#: "median survival is about 6 months": said of a disease, not of the people of a study.
_GENERAL = re.compile(
    r"\b(?:is|are|remains?|ranges?)\s(?:still\s|usually\s|generally\s|typically\s|only\s|about\s|approximately\s|around\s|less than\s|"
    rf"below\s|poor|<\s?|~\s?){{0,3}}(?:{NUM}|poor|dismal)",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had|achieved|showed|responded|reached|occurred|observed|developed|experienced)\b", re.IGNORECASE
)


def _in_general(text: str, finding: Finding) -> bool:
    told = finding.percent is not None or finding.value
    return bool(told) and finding.n is None and _GENERAL.search(text) is not None and _PAST.search(text) is None


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
    marks = grade_marks(text)
    extra = []
    for name in named:
        match = _LISTED_COUNT.search(text, max(0, name.start - 40), name.start)
        if (
            match
            and name.endpoint.outcome
            and not any(start < match.end("n") and match.start() < end for start, end in taken)
        ):
            if any(mark.start < match.end("n") and match.start("n") < mark.end for mark in marks):
                continue
            extra.append(Figure("people", match.start("n"), match.end("n"), n=whole(match["n"])))
    # "fatigue (n = 7)": the size of a group, unless an endpoint stands right before it.
    counted = [
        replace(figure, kind="people")
        if figure.kind == "size" and any(_right_before(text, name, figure) for name in named)
        else figure
        for figure in read
    ]
    return sorted([*counted, *extra], key=_start)


def _right_before(text: str, name: Named, figure: Figure) -> bool:
    gap = text[name.end : figure.start]
    return bool(name.endpoint.outcome) and re.fullmatch(r"\s?(?:rates?\s|\w{1,4}\)\s?)?[(\[,]\s?", gap) is not None


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


def _of_figures(
    base: Finding, text: str, bound: Sequence[Bound], read: Sequence[Figure], results: Sequence[Measure]
) -> Iterator[tuple[Named, Finding]]:
    times = [figure for figure in read if figure.kind == "time"]
    marks = grade_marks(text)
    paired = times_listed(text, bound, times)
    for i, one in enumerate(bound):
        measure, name = one.measure, one.named
        finding = replace(
            _filled(base, text, one),
            time_point=paired.get(i) or time_of(text, measure, times, results),
            arm=arm_of(text, measure, results),
        )
        if name.endpoint.outcome == "safety":
            start, end = min(name.start, measure.start), max(name.end, measure.end)
            finding = replace(finding, grade=grade_of(text, marks, start, end))
        if _is_denied_count(text, one):
            finding = replace(finding, n=0, n_total=measure.n, assertion="absent")
        yield name, finding


def _is_denied_count(text: str, one: Bound) -> bool:
    """Tell whether the people counted are those in whom nothing was seen ("No relapse was seen in the ten patients")."""
    measure, name = one.measure, one.named
    if measure.n is None or measure.total is not None or measure.percent or name.end > measure.start:
        return False
    gap = text[name.end : measure.start]
    among = re.search(r"\b(?:in|among)\s(?:any\sof\s|all\s)?(?:the\s|these\s|our\s)?$", gap)
    return among is not None and ";" not in gap and denied(text, name.start, name.end)


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
