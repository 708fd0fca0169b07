"""Which way a result went: the treated group against its comparator, for the patient's good.

Words that say "no difference" come first, then a P value that is not below 0.05, an interval that holds 1, words that
say better or worse, the two figures themselves, the ratio. Before and after in the same people is no comparison.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from kb.tag.brackets import depth
from kb.tag.numbers import NUM, number, plain
from kb.tag.polarity import polarity
from kb.tag.tags import Direction, Finding
from kb.tag.traits import TREATMENT, associates

#: Two groups are set against each other.
_GROUPS = re.compile(
    r"\b(?:vs\.?|versus|compared (?:with|to)|in comparison (?:with|to)|comparison (?:with|to)|relative to|"
    r"as against|than|"
    r"between (?:the |these |both |two |study |treatment )*(?:groups|arms|cohorts)|both (?:groups|arms|cohorts)|"
    r"either (?:group|arm)|(?:two|three|treatment|study) (?:groups|arms)|controls?\b|placebo|hazard ratio|HR|"
    r"odds ratio|"
    r"risk ratio|relative risk|(?:a?RR|a?OR)\s?[=:,]|superior\w*|inferior\w*|non-?inferior\w*|historical|log-?rank|"
    r"over (?:\w+ ){0,3}(?:alone|placebo|controls?)|in favou?r of|did not (?:\w+ly )?(?:improve|prolong|"
    r"extend) (?:the |median )*(?:DFS|OS|PFS|EFS|RFS|overall|survival|disease-free|event-free|progression-free|"
    r"relapse-free|recurrence-free)|(?<=\d|%) v(?= \d)|(?:groups|arms)\b|"
    r"(?:the )?addition of|(?:with|"
    r"in|for|after) (?:[\w-]+ ){1,4}alone|unlike)",
    re.IGNORECASE,
)
#: The other side is the same people earlier, or no group of people.
_EARLIER = re.compile(
    r"\b(?:(?:vs\.?|versus|compared (?:with|to)|than|relative to|in comparison (?:with|to)|from)\s(?:the\s|"
    r"their\s|those\s|values?\s|at\s|"
    r"levels?\s)*(?:baseline|before|pre-?\w*|prior|day 0|initial|entry|screening|expected|predicted)|"
    r"before and after|after (?:versus|vs\.?) before|controls? rate|disease controls?|local controls?|"
    r"tumou?r controls?|"
    r"more than|less than|fewer than|greater than|longer than|rather than|other than|better than expected|"
    r"no less than|control(?:led|s)? (?:of|the)|"
    r"higher than (?:grade|\d)|control rates?|quality control|well[- ]controlled)\b",
    re.IGNORECASE,
)
_MORE_THAN_NUMBER = re.compile(
    r"\b(?:more|less|fewer|greater|longer|higher|lower) than (?:\d|[a-z]+ (?:months|years|weeks|days))|"
    # "grade 3 or worse", "12 months or longer", "three or more": a limit, no verdict.
    r"\b(?:grades?\s?[≥>]?\s?(?:\d|I{1,3}|IV|V)(?:\s?-\s?(?:\d|I{1,3}|IV|V))?\s(?:or|and)|"
    r"(?:\d+|I{1,3}|IV|one|two|three|four|five|six)(?:\s?%|\s(?:days|weeks|months|years))?\sor)\s"
    r"(?:higher|greater|more|worse|lower|less|fewer|longer|shorter)\b(?!\s(?:than|times)\b)",
    re.IGNORECASE,
)
_IN_A_GROUP = re.compile(
    r"\b(?:in|for|of|with|among) (?:the |patients in the |those in the )?[\w /+-]{1,40}? ?(?:group|arm|"
    r"recipients)\b|\barm [A-D1-4]\b|\bgroup [A-D1-4]\b",
    re.IGNORECASE,
)
_NO_DIFFERENCE = re.compile(
    r"\b(?:no (?:\w+ |statistically )?(?:statistically |significant |clear |apparent |statistical |overall |"
    r"such |detectable |evident |other )*"
    r"(?:differences?|improvements?|benefits?|advantages?|effects?|impact|increases?|reductions?|changes?|"
    r"decreases?|excess|gain|additional)|"
    r"(?:did|does|do|was|were|is|are) not (?:\w+ )?(?:statistically |significantly |appear to |seem to |materially )*"
    r"(?:differ\w*|improv\w*|prolong\w*|reduc\w*|increas\w*|decreas\w*|affect\w*|chang\w*|influenc\w*|"
    r"translat\w*|lower\w*|"
    r"extend\w*|enhanc\w*|superior|better|worse|higher|longer|significant\w*|more|less|add|confer|result|lead)|"
    r"not (?:statistically )?significant\w*|non-?significant\w*|insignificant\w*|similar\w*|comparable|"
    r"equivalent|equal|alike|"
    r"the same|identical|fail(?:ed|s|ure) to|without (?:a |an |any )?(?:significant )?(?:differences?|"
    r"improvement|increase|benefit)|"
    r"lack of (?:benefit|efficacy|effect|difference|improvement)|unchanged|unaffected|no (?:better|worse|"
    r"longer than|more|higher)|"
    r"neither\b[^.;]{0,60}?\b(?:differ|improv|increas|reduc|prolong|affect)\w*|"
    r"never differed|not superior|non-?inferior(?:ity)?|not worse|"
    r"not reach(?:ed)? (?:statistical )?significance)\b",
    re.IGNORECASE,
)
_NOT_INFERIOR = re.compile(r"\bnon-?\s?inferior\w*|\bnot inferior\b", re.IGNORECASE)
_UP = (
    r"higher|increas\w+|greater|elevated|larger|longer|prolong\w*|extend\w*|extension|raised|rose|more|doubled|"
    r"exceed\w*"
)
_DOWN = r"lower\w*|decreas\w+|reduc\w+|fewer|less|shorter|shortened|smaller|diminish\w*|fell|declin\w+|halved"
_GOOD = (
    r"improv\w+|better|superior\w*|favou?r(?:ably|ed|ing|"
    r"able(?![- ](?:sub-?group|risk|group|karyotype|cyto|geno)))?|benefit\w*|outperform\w*|enhanc\w+|advantage\w*|"
    r"outlived"
)
_BAD = (
    r"worse\w*|poorer|poorly(?! (?:differentiated|controlled|responsive))|inferior|unfavou?rable|detriment\w*|"
    r"(?<!time to )deteriorat\w*|harmful"
)
_WORDS = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<good>{_GOOD})|(?P<bad>{_BAD}))\b(?!-\w)", re.IGNORECASE)
_TIME_VALUE = re.compile(r"surviv|PFS|OS\b|EFS|DFS|RFS|LFS|time to|duration", re.IGNORECASE)
_CONTROL = re.compile(
    r"control|placebo|untreated|alone\b|standard|conventional|historical|observation|without|\bno[- ](?:NK|CIK|"
    r"treatment)|"
    r"\bnon-?(?:NK|CIK|treated|infus)|\bonly\b|sham|supportive care|did not receive|not receiv|matched|arm B|group B|"
    r"comparator|vehicle|saline|usual care",
    re.IGNORECASE,
)
_TREATED = re.compile(
    r"NK|CIK|cell|treated|treatment|combin|immunotherapy|study group|experimental|plus|infus|arm A|group A|"
    r"interven|vaccin",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:trend\w*|tend(?:ed|s|ency)|numerical\w*|did not|not|no|nor|neither|fail\w*|without|similar|comparable)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r";\s(?!\(?(?:[Pp]\b|HR|OR|RR|hazard|odds|log|two-sided|\d\d\s?%\s?C))|,?\s(?:but|whereas|although|however|"
    r"though|yet)\b,?\s|\.\s(?=[A-Z])|,\s(?:and|with)\s(?=(?:the\s|an?\s|no\s)?[\w -]{3,40}?"
    r"(?:was|were|did|improved|increased|decreased|differ|higher|lower|longer|shorter|similar|comparable))|,\swhile\s",
    re.IGNORECASE,
)
_UNIT = r"%|months?\b|years?\b|weeks?\b|days?\b|mo\b"
_PAIR = re.compile(
    rf"(?<![\w.])(?P<one>{NUM})(?:\s?(?:±|\+/-)\s?{NUM})?\s?(?P<unit1>{_UNIT})?(?P<gap>(?:[^.;\d()\[\]]|"
    rf"\([^()]{{0,60}}\)|\[[^\[\]]{{0,60}}\]|[)\]]){{0,90}}?)"
    r"\b(?:vs\.?|v|versus|compared (?:with|to)|against|(?P<weak>and)|than|as opposed to)\s(?P<gap2>(?:only\s|"
    r"a\s)?[A-Za-z ,'/+(-]{0,60}?)"
    rf"(?P<other>{NUM})(?:\s?(?:±|\+/-)\s?{NUM})?\s?(?P<unit2>{_UNIT})?(?P<after>[^;]{{0,80}})"
)


def significance(p: str) -> bool | None:
    """Tell whether a P value as printed ("<0.001", "0.36", "ns") is below 0.05; None when it does not say."""
    if not p:
        return None
    if p.lower().startswith("n"):
        return False
    digits = re.search(rf"{NUM}", p)
    if digits is None:
        return None
    value = number(digits.group())
    power = re.search(r"(?:10\^?\s?\(?|e)-\s?(\d+)", p, re.IGNORECASE)
    if power:
        value /= 10 ** int(power[1])
    if p.startswith("<"):
        return True if value <= 0.05 else None
    if p.startswith(">"):
        return False if value >= 0.05 else None
    return value < 0.05


_GRAFT = re.compile(r"graft([- ])(?:versus|vs\.?)([- ])", re.IGNORECASE)


@lru_cache(maxsize=64)
def _read(text: str) -> str:
    """Return the plain text in which the "versus" of graft-versus-host disease sets nothing against anything."""
    return _GRAFT.sub(r"graft\1to\2", plain(text).text)


def clause_of(text: str, finding: Finding) -> str:
    """Return the clause of a plain sentence that states a result: the one with most of its words and figures."""
    keys = [key for key in (_read(finding.endpoint), finding.value, finding.p.lstrip("<>="), finding.arm) if key]
    if finding.percent is not None:
        keys.append(f"{finding.percent:g}")
    if finding.ratio is not None:
        keys.append(f"{finding.ratio:g}")
    if finding.n is not None and finding.n_total is not None:
        keys.append(str(finding.n_total))
    return max(_clauses(text), key=lambda clause: sum(key in clause for key in keys))


@lru_cache(maxsize=64)
def _clauses(text: str) -> tuple[str, ...]:
    cuts = [0, *(match.start() for match in _CLAUSE.finditer(text) if depth(text[: match.start()]) == 0), len(text)]
    return tuple(text[one:other] for one, other in pairwise(cuts))


@lru_cache(maxsize=64)
def compares(text: str) -> bool:
    """Tell whether a plain sentence sets two groups of people against each other."""
    rest = _MORE_THAN_NUMBER.sub(" ", _EARLIER.sub(" ", _GRAFT.sub(" ", text)))
    if _GROUPS.search(rest):
        return True
    if _EARLIER.search(text) and re.search(r"baseline|before|pre-?|prior", text, re.IGNORECASE):
        return False
    return bool(_IN_A_GROUP.search(rest) and _WORDS.search(rest))


def good_way(finding: Finding) -> int:
    """Return +1 when more of what a finding measured is good for the patient, -1 when less is, 0 when unknown."""
    sign = polarity(finding.endpoint) if finding.endpoint else 0
    if sign:
        return sign
    return {"survival": 1, "response": 1, "safety": -1, "infection_control": -1}.get(finding.outcome, 0)


def judge(sentence_text: str, finding: Finding) -> tuple[Direction, str]:
    """Return which way a result went for the patient, and the rule that says so.

    Args:
        sentence_text: the sentence as given.
        finding: what was read in it; its direction is not looked at.
    """
    text = _read(sentence_text)
    if not compares(text):
        return "not_comparative", "no second group"
    clause = clause_of(text, finding)
    significant = significance(finding.p)
    if associates(clause) or (not TREATMENT.search(text) and associates(text)):
        return "not_comparative", "groups by a trait, not by treatment"
    if _NOT_INFERIOR.search(clause):  # its P value speaks against being worse, not for being better
        return "no_difference", "said to be non-inferior"
    if significant is not True and _NO_DIFFERENCE.search(clause):
        return "no_difference", "said not to differ"
    if significant is False:
        return "no_difference", "P not below 0.05"
    if significant is not True and _TREND.search(clause):
        return "no_difference", "a trend without a significant P"
    if significant is not True and _holds_one(finding):
        return "no_difference", "interval of the ratio holds 1"
    if not compares(clause) and not _WORDS.search(clause) and finding.ratio is None:
        return "not_comparative", "no second group in the clause"
    words, figures = _by_words(clause, finding), _by_figures(clause, finding, significant)
    if words * figures < 0:  # one of the two was misread: better no direction than the wrong one
        return "not_comparative", "words and figures do not agree"
    for rule, sign in (("words", words), ("two figures", figures), ("ratio", _by_ratio(clause, finding))):
        if sign:
            return ("better" if sign > 0 else "worse"), rule
    return "not_comparative", "direction not said"


def claims_gain(sentence_text: str, finding: Finding) -> bool:
    """Tell whether the words call the result a gain, without a trend, a negation or "numerically" beside them."""
    text = _read(sentence_text)
    clause = clause_of(text, finding)
    if _ADMITTED.search(text):
        return False
    return _by_words(clause, finding) > 0 and _HEDGED.search(clause) is None


_TREND = re.compile(r"\b(?:trends?|trended|tend(?:s|ed|ency|encies)?|numerical\w*)\b(?! test)", re.IGNORECASE)
_ADMITTED = re.compile(
    r"\bnot (?:\w+ )?significan\w*|\bnon-?significan\w*|\binsignifican\w*|\bno (?:\w+ )?significan\w*|"
    r"\bsignificance was not\b|\bnot reach\w* (?:\w+ )?significance",
    re.IGNORECASE,
)


def _holds_one(finding: Finding) -> bool:
    if finding.ratio is None or finding.low is None or finding.high is None:
        return False
    return finding.low <= 1 <= finding.high and finding.low <= finding.ratio <= finding.high


_LIKELY_NOT = re.compile(r"\blikely (?:not to|to not|to fail)\b", re.IGNORECASE)


def _by_words(clause: str, finding: Finding) -> int:
    """Return +1 for better, -1 for worse, 0 where no word says it."""
    sign = 0
    if _LIKELY_NOT.search(clause):
        return 0
    for match in _own_words(_MORE_THAN_NUMBER.sub(lambda m: " " * len(m.group()), clause), finding.endpoint):
        if match["good"]:
            sign = 1
        elif match["bad"]:
            sign = -1
        else:
            way = 1 if match["up"] else -1
            lasting = match.group().lower().startswith(("long", "prolong", "short", "exten"))
            sign = way * (1 if lasting and _TIME_VALUE.search(clause) else good_way(finding))
        if sign:
            return -sign if _control_first(clause, match.end()) else sign
    return 0


def _own_words(clause: str, endpoint: str) -> list[re.Match[str]]:
    """Return the words that say better or worse; between two commas with the endpoint, where there are any."""
    words = list(_WORDS.finditer(clause))
    place = clause.lower().find(endpoint.lower()) if endpoint else -1
    if place < 0:
        return words
    start = clause.rfind(", ", 0, place) + 1
    end = clause.find(", ", place)
    return [word for word in words if start <= word.start() < (end if end > 0 else len(clause))] or words


def _control_first(clause: str, cue_end: int) -> bool:
    """Tell whether the group said to have more or less is the comparator ("higher in controls than with NK cells")."""
    match = re.search(
        r"\b(?:than|compared (?:with|to)|vs\.?|versus|relative to)\s(?P<side>[^,;()]{0,80})",
        clause[cue_end:],
        re.IGNORECASE,
    )
    if match is None:
        return False
    one, other = clause[: cue_end + match.start()], match["side"]
    if _CONTROL.search(other):
        return False
    near = one[max(0, len(one) - 90) :]
    return bool(_CONTROL.search(near) and _TREATED.search(other))


def _by_figures(clause: str, finding: Finding, significant: bool | None) -> int:
    """Return the sign of "60% vs 46%", 0 where there is no such pair."""
    way = good_way(finding)
    if finding.value and finding.unit and finding.unit != "%":
        way = 1 if _TIME_VALUE.search(finding.endpoint) or not way else way
    printed = finding.value or (f"{finding.percent:g}" if finding.percent is not None else "")
    # A pair of figures elsewhere in the clause is not of this endpoint; and without a test no two figures differ.
    # Nor is it known which figure is whose where no group is named.
    if not printed or significant is None or not (_CONTROL.search(clause) or _TREATED.search(clause)):
        return 0
    # "2-year PFS with cells versus controls was 62.5% versus 26.7%": 62.5 opens a pair of its own, which goes first.
    opens = printed[0].isdigit() and number(printed)
    for match in sorted(_pairs(clause), key=lambda pair: (pair["weak"] is not None, number(pair["one"]) != opens)):
        one, other = number(match["one"]), number(match["other"])
        if not printed[0].isdigit() or number(printed) not in (one, other) or not way or one == other:
            continue
        if not _same_unit(match):
            continue
        sign = way if one > other else -way
        before, after = match["gap"] or clause[: match.start()], match["gap2"] or match["after"]
        if _CONTROL.search(before) and not _CONTROL.search(after) and _TREATED.search(after):
            return -sign
        return sign
    return 0


def _pairs(clause: str) -> Iterator[re.Match[str]]:
    """Yield every two figures that a word sets against each other; each figure may begin one pair."""
    place = 0
    while match := _PAIR.search(clause, place):
        yield match
        place = match.end("one")


def _same_unit(match: re.Match[str]) -> bool:
    """Tell whether two figures can be of one measure; "and" sets figures against each other only between groups."""
    one, other = match["unit1"], match["unit2"]
    if (other != one and one is not None) or "respectively" in match["gap"]:
        return False
    if match["weak"] is None:
        return True
    sides = f"{match['gap']} {match['gap2']} {match['after']}"
    return re.search(r"group|arm\b|alone|control|placebo|respectively", sides) is not None


def _by_ratio(clause: str, finding: Finding) -> int:
    if finding.ratio is None or finding.ratio == 1:
        return 0
    below = 1 if finding.ratio < 1 else -1
    if re.search(r"ratio[^.;]{0,20} for (?:the )?(?:controls?|placebo)", clause, re.IGNORECASE):
        below = -below
    if finding.ratio_kind == "hazard":
        # A hazard is that of the event: of death for survival, of the response itself for a response.
        return -below if finding.outcome == "response" and good_way(finding) > 0 else below
    lasting = finding.outcome in ("survival", "relapse")
    way = good_way(finding)
    return below if lasting and way >= 0 else -below * way
