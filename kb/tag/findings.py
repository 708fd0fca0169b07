"""Results: what was measured, in how many, how sure, which way.

A sentence is read figure by figure; each figure gets the endpoint, time, grade and group its sentence gives it. A
figure whose endpoint is not named is left out, and a field the sentence does not settle stays empty: no number is
invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import itemgetter
from pathlib import Path

from kb.tag.binding import Bound, bind
from kb.tag.comparisons import claims_gain, judge, significance
from kb.tag.denominators import denominators, of_sentence_before
from kb.tag.endpoints import Endpoints, Named, load_endpoints
from kb.tag.measures import Measure, agrees, measures
from kb.tag.misnamed import free_names, measures_other, with_ratios_own
from kb.tag.numbers import WHOLE, number, plain, whole
from kb.tag.p_values import with_p
from kb.tag.places import arm_of, arms_listed, before_treatment, time_of, times_listed, times_shared
from kb.tag.quantities import Figure, elided, figures, in_grades
from kb.tag.record import Passage
from kb.tag.safety import cause_of_death, denied, died_of_disease, grade_marks, grade_of
from kb.tag.sentences import Sentence
from kb.tag.shapes import COUNTED_OF
from kb.tag.sides import arms_before, one_p, one_side, sets
from kb.tag.statements import MET, harms, primary, said_in_general, stated
from kb.tag.tags import Finding
from kb.vocabulary import Vocabulary

#: Parts of a paper that tell its own results; texts without labels are read whole.
_TELLING = frozenset(["", "results", "conclusions", "other"])
#: Characters; what is longer is no sentence (tables run together), and its figures cannot be told apart.
_LONGEST = 3000
#: Names or figures; a sentence with more is a table or a list, and would take long to read.
_MOST = 60
_ENDLESS = re.compile(r"\d{16}")
#: A plan, a rule, an aim, work of others: no result of this study.
_NO_RESULT = re.compile(
    r"\b(?:we (?:aim|hypothesi[sz]e|sought|plan|will)|aim(?:ed|s)? (?:to|of|was)|objectives? (?:was|were|is|of)|"
    r"(?:evaluated|assessed|asked|tested|investigated|examined|studied|determined) (?:whether|if)|purpose|"
    r"hypothesi[sz]\w+|"
    r"to (?:evaluate|assess|determine|investigate|examine|test|explore)\b(?![^.]*\b(?:was|were)\b[^.]*\d%)|"
    r"sample size|power of|"
    r"will be|(?:is|are) being|eligib\w+|inclusion criteria|exclusion criteria|endpoints? (?:included|include|"
    r"includes|are|comprise\w*)|(?:primary|secondary) objectives?|"
    r"was defined as|were defined as|is defined as|planned to|stopping rule|outcomes? measures?)\b",
    re.IGNORECASE,
)
#: What was looked at, without what came out.
_LOOKED_AT = re.compile(
    r"\bprimary end ?-?points? (?:was|were) (?!(?:also |both |not |never )?(?:met|reached|achieved|missed))|"
    r"\b(?:was|were) (?:then |also |retrospectively |prospectively )?(?:analy[sz]ed|assessed|evaluated|measured|"
    r"compared|recorded|calculated|estimated|monitored|followed|determined|collected|investigated|examined|studied)\b",
    re.IGNORECASE,
)
_CAME_OUT = re.compile(
    rf"\b(?:in|by)\s(?:the\s|only\s)?{WHOLE}\b|\d\s?%|\b[Pp]\s?[=<>]|\b(?:no|not|none|significant\w*|"
    r"higher|lower|longer|shorter|improved|similar|\d+/\d+|ratio)\b"
)
_HISTORY = re.compile(
    r"\b(?:previous(?:ly)? (?:reported|published|stud\w+|trial\w*|shown|work)|prior (?:stud\w+|trial\w*|reports?|"
    r"work)|in (?:a |an )?(?:previous|prior|earlier) (?:stud\w+|trial\w*|phase|report\w*)|"
    r"has been (?:shown|reported)|have been (?:shown|reported)|earlier (?:stud\w+|trial\w*)|"
    r"in the literature|other (?:groups|investigators|authors|studies))\b",
    re.IGNORECASE,
)
#: "better than in previous trials": what is told is of this study.
_THAN_BEFORE = re.compile(
    r"\b(?:than|compared (?:with|to)|versus|vs\.?|relative to)\s(?:\w+\s){0,3}?(?:previous(?:ly)?|prior|earlier)\s\w+",
    re.IGNORECASE,
)
_HISTORICAL_CONTROL = re.compile(
    r"\bhistoric(?:al|ally)?\s(?:\w+\s){0,3}?(?:controls?|cohorts?|data|comparison|comparators?|series|patients|"
    r"rates?|results|benchmarks?|group)\b|"
    r"\bhistorically\b|\b(?:compared (?:with|to)|vs\.?|versus|than in|than)\s(?:\w+\s){0,3}?(?:previous|prior|"
    r"earlier|published|registry|retrospective|past|matched|historic\w*|literature|"
    r"CIBMTR|EBMT)\b|\b(?:registry|retrospective|matched|external|synthetic)\s(?:\w+\s){0,2}?controls?\b|case-?match\w+",
    re.IGNORECASE,
)
_SUBGROUP = re.compile(
    r"\b(?:sub-?groups?|sub-?sets?|post[ -]hoc|stratif\w+ (?:by|according)|exploratory analys\w+|stratum)\b|"
    r"\b(?:among|in|for)\s(?:the\s|\d+\s|those\s|only\s)*(?:patients|those|participants|children|people|subjects)\s"
    r"(?:aged|older|younger|without|whose|who (?:had|did|were not|achieved|responded)|with (?:a |an )?(?:low|"
    r"high|wild|mutat|good|poor|baseline|KIR|active|detectable|measurable|more|fewer|PD-L1|elevated|normal))\b",
    re.IGNORECASE,
)
_LISTED_COUNT = re.compile(
    rf"(?<![\w.^/+-])(?<!of )(?<![≥≤<>~] )(?<![≥≤<>~])(?P<n>{WHOLE})\s(?:(?:confirmed|complete|partial|overall|"
    r"objective|durable|additional|ongoing|unconfirmed|patient|cases? of|episodes? of|grade \d|had|with|in)\s){0,2}$",
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
            if sentence.section in _TELLING and len(sentence.text) <= _LONGEST and not _ENDLESS.search(sentence.text):
                found.extend(self._sentence(passage.field, sentence, before))
            before = sentence.text
        return found

    def _sentence(self, field: str, sentence: Sentence, before: str) -> Iterator[Finding]:
        text = plain(sentence.text).text
        named = self._endpoints.find(text)
        met = "primary" in text.lower() and MET.search(text) is not None
        if not met and (not any(name.endpoint.outcome for name in named) or _is_plan(text)):
            return  # whatever is counted, it is no endpoint or no result
        read = figures(text)
        if max(len(named), len(read)) > _MOST:
            return
        read = _with_listed(text, sorted([*read, *elided(text, read)], key=_start), named)
        results = of_sentence_before(denominators(text, measures(text, read)), text, before)
        free = free_names(text, named, read)
        first = bind(text, results, with_ratios_own(text, free, named, read))
        bound = [one for one in with_p(text, first, read, free) if not _no_result(text, one)]
        base = Finding(field, sentence.start, sentence.end)
        told = [one for one in bound if not measures_other(text, one)]
        made = _of_figures(base, text, told, read, results, free)
        made.extend(stated(base, text, bound, free))
        made.extend(harms(base, text, bound, free))
        made.extend(primary(base, text, made, free))
        against = sets(text, told, [finding.time_point for _, finding in made[: len(told)]])
        given = one_p(against, [(name.start, finding) for name, finding in made])
        set_apart = one_side(against, [(place, _judged(text, finding)) for place, finding in given])
        yield from (finding for _, finding in sorted(set_apart, key=itemgetter(0)))


def _is_plan(text: str) -> bool:
    if _NO_RESULT.search(text):
        return True
    return _LOOKED_AT.search(text) is not None and _CAME_OUT.search(text) is None


def _no_result(text: str, one: Bound) -> bool:
    """Tell whether a figure is no result: a state before treatment, a cause of death, days in hospital."""
    endpoint = one.named.endpoint
    if endpoint.event == "hospitalisation" and one.measure.value:
        return True
    if endpoint.outcome in ("response", "relapse") and cause_of_death(text, one.named.start):
        return True
    return before_treatment(text, one.named, one.measure.end)


def _judged(text: str, finding: Finding) -> Finding:
    """Return a finding with its direction, flags and assertion."""
    if finding.assertion != "absent":
        direction, rule = judge(text, finding)
        finding = replace(finding, direction=direction, rule=rule)
    flags = set(finding.flags)
    if finding.percent is not None and finding.n_total is None:
        flags.add("no_denominator")
    if significance(finding.p) is False and claims_gain(text, finding):
        flags.add("spin")
    if _HISTORICAL_CONTROL.search(text):
        flags.add("historical_control")
    if _SUBGROUP.search(text):
        flags.add("subgroup")
    if (_HISTORY.search(_THAN_BEFORE.sub(" ", text)) or _in_general(finding, text)) and finding.assertion in (
        "present",
        "absent",
    ):
        finding = replace(finding, assertion="historical")
    return replace(finding, flags=tuple(sorted(flags)))


def _in_general(finding: Finding, text: str) -> bool:
    told = finding.percent is not None or finding.value
    return bool(told) and finding.n is None and said_in_general(text)


def load_findings(root: Path, vocabulary: Vocabulary) -> Findings:
    """Return a reader with the endpoints of ``rules/endpoints.tsv`` and the harms of the vocabulary.

    Args:
        root: the data directory.
        vocabulary: the concepts.

    Raises:
        DataError: the table of endpoints is wrong.
    """
    return Findings(load_endpoints(root, vocabulary))


#: "three adverse events" counts events, and one person can have several.
_EVENTS_COUNTED = frozenset(
    ["any-harm", "severe-ae", "serious-ae", "infection", "cytopenia", "infusion-reaction", "organ-toxicity"]
)


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
            and name.endpoint.event not in _EVENTS_COUNTED
            and name.endpoint.id != "harms"
            and not any(start < match.end("n") and match.start() < end for start, end in taken)
        ):
            place = match.start("n")
            graded = any(mark.start < match.end("n") and place < mark.end for mark in marks) or in_grades(text, place)
            if graded or COUNTED_OF.search(text, max(0, place - 60), place):
                continue
            extra.append(Figure("people", place, match.end("n"), n=whole(match["n"])))
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
    return (
        bool(name.endpoint.outcome)
        and re.fullmatch(r"\s?(?:rates?\s|\w{1,4}\)\s?)?[(\[,]\s?(?:\w{1,5},\s)?", gap) is not None
    )


def _of_figures(
    base: Finding,
    text: str,
    bound: Sequence[Bound],
    read: Sequence[Figure],
    results: Sequence[Measure],
    named: Sequence[Named],
) -> list[tuple[Named, Finding]]:
    """Return a finding for each result, in order."""
    times = [figure for figure in read if figure.kind == "time"]
    marks = grade_marks(text)
    paired = times_listed(text, bound, times)
    at = [paired.get(i) or time_of(text, one, bound, times, results) for i, one in enumerate(bound)]
    against = sets(text, bound, at)
    at = times_shared(text, against, bound, at, times)
    groups = arms_before(text, bound, against) | arms_listed(text, bound)
    made: list[tuple[Named, Finding]] = []
    harmed = [one for one in named if one.endpoint.outcome == "safety"]
    for i, one in enumerate(bound):
        measure, name = one.measure, one.named
        finding = replace(
            _filled(base, text, one, named),
            time_point=at[i],
            # A P value alone or a ratio is of the comparison, not of one group.
            arm=""
            if _only_p(measure) or measure.ratio is not None
            else groups[i]
            if i in groups
            else arm_of(text, measure, results),
        )
        if name.endpoint.outcome == "safety":
            finding = replace(finding, grade=grade_of(text, marks, name, measure, harmed))
        if finding.event == "death":
            finding = replace(finding, grade=(None, None))
        inside = measure.ratio is not None and measure.start <= name.start < measure.end  # "hazard ratio for death"
        timed = inside and (finding.event == "death" or name.endpoint.id == "progression")
        if timed or (finding.event == "death" and died_of_disease(text, name.start)):
            finding = replace(finding, outcome="survival", event="", grade=(None, None))
        if _is_denied_count(text, one):
            finding = replace(finding, n=0, n_total=measure.n, assertion="absent")
        made.append((name, finding))
    return made


def _only_p(measure: Measure) -> bool:
    return measure.n is None and not measure.percent and not measure.value and measure.ratio is None


def _is_denied_count(text: str, one: Bound) -> bool:
    """Tell whether nothing was seen in the people counted ("No relapse was seen in the ten patients")."""
    measure, name = one.measure, one.named
    if measure.n is None or measure.total is not None or measure.percent or name.end > measure.start:
        return False
    gap = text[name.end : measure.start]
    among = re.search(r"\b(?:in|among)\s(?:any\sof\s|all\s)?(?:the\s|these\s|our\s)?$", gap)
    return among is not None and ";" not in gap and denied(text, name.start, name.end)


def _filled(base: Finding, text: str, one: Bound, named: Sequence[Named]) -> Finding:
    """Return a finding with the figures of a result."""
    measure, endpoint = one.measure, one.named.endpoint
    percent = number(measure.percent) if measure.percent else None
    value, unit = measure.value, measure.unit
    cells = endpoint.outcome == "biomarker" or endpoint.id == "manufacture"
    if percent is not None and (_is_change(text, measure) or (cells and not _of_people(text, measure))):
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
        endpoint=_words(text, one, named),
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


_EITHER = re.compile(r"\s?(?:[(\[]\w{1,6}[)\]]\s?)?(?:(?:or|plus|and/or)\s(?:an?\s)?|\+\s?|/)")
_TIME_TO = re.compile(r"\b(?:time to|time until|duration of)\s(?:[\w/]+[ /]){0,3}$", re.IGNORECASE)


def _words(text: str, one: Bound, named: Sequence[Named]) -> str:
    """Return the words of the endpoint: both of "CR or CRi"; for a value with the "time to" or "duration of" before."""
    start, end = one.named.start, one.named.end
    for name in named:
        same = name.endpoint.outcome == one.named.endpoint.outcome != "safety"
        if same and name.end < start and _EITHER.fullmatch(text[name.end : start]):
            start = name.start
            break
    longer = _TIME_TO.search(text, max(0, start - 50), start) if one.measure.value else None
    return text[longer.start() if longer else start : end]


def _of_people(text: str, measure: Measure) -> bool:
    """Tell whether a percentage beside cells or a marker is one of people: "in 10%", "36% of patients"."""
    if measure.n is not None or measure.total is not None:
        return True
    if re.match(
        r"\s?(?:of\s)?(?:the\s|all\s)?(?:patients|subjects|participants|recipients|cases|infusions)",
        text[measure.end :],
    ):
        return True
    if re.match(r"\s(?:had|achieved|showed|developed|experienced|have)\b", text[measure.end :]):
        return True
    return re.search(r"\bin\s(?:only\s)?$", text[: measure.start]) is not None


def _is_change(text: str, measure: Measure) -> bool:
    """Tell whether a percentage is how much something changed, not how many people had it."""
    if measure.n is not None:
        return False
    before, after = text[: measure.start], text[measure.end :]
    return bool(
        re.search(
            r"\bby\s[\d.]+\s?%[^;]{0,80}(?:and|,)\s$|\b(?:by|increase[ds]?|decrease[ds]?|reduc\w+(?: rate)?|declin\w+|"
            r"fell|"
            r"rose)\s(?:of\s|by\s|was\s|about\s|approximately\s|up to\s)*(?:a\s|an\s)?(?:median\s|mean\s)?(?:of\s)?$",
            before,
            re.IGNORECASE,
        )
        or re.match(
            r"\s(?:increase|decrease|reduction|decline|improvement|higher|lower|rise|risk reduction|more|less|fewer)\b",
            after,
            re.IGNORECASE,
        )
    )
