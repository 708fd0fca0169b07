"""The figures of a sentence: people counted, percentages, values with units, ratios, intervals, P values.

Each figure is read by a shape of its own, in a fixed order; a character belongs to one figure only. What looks like a
result and is none (doses, ages, grades, phases, ranges, dates, codes) is claimed first and dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from kb.tag.numbers import NUM, START, WHOLE, number, whole

Kind = Literal["people", "percent", "value", "ratio", "interval", "p", "size", "time"]
Basis = Literal["", "evaluable", "enrolled", "treated"]
RatioKind = Literal["", "hazard", "odds", "risk"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a plain sentence.

    Attributes:
        kind: what it is; ``size`` is the number of people in a group, no result.
        start, end: characters.
        n, total, basis: people with the event, people looked at and how they were chosen (``people``, ``size``).
        amount: number as printed (``percent``, ``value``, ``ratio``, ``p`` with its sign).
        unit: of a value.
        low, high, level: of an interval.
        ratio: kind of a ratio.
        percent: a percentage that is printed inside ("five (55.6%) of nine").
        all: "all", "both", "none of the 12".
    """

    kind: Kind
    start: int
    end: int
    n: int | None = None
    total: int | None = None
    basis: Basis = ""
    amount: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    level: float | None = None
    ratio: RatioKind = ""
    percent: str = ""


_PEOPLE = (
    r"(?:patients?|pts?|subjects?|participants?|children|adults?|women|men|males?|females?|individuals?|people|persons?|"
    r"cases?|recipients?|volunteers?|infants?|boys?|girls?|survivors?|responders?|non-?responders?|adolescents?|"
    r"girl|boy|man|woman|child)\b"
)
#: Counted, but no people.
_THINGS = (
    r"(?:doses?|infusions?|cycles?|courses?|injections?|products?|batch(?:es)?|samples?|lesions?|donors?|runs?|"
    r"procedures?|sites?|cent(?:er|re)s?|hospitals?|mice|mouse|animals?|rats?|cell lines?|trials?|stud(?:y|ies)|articles?|"
    r"genes?|specimens?|biops(?:y|ies)|episodes?|tumou?rs?|preparations?|cohorts?|arms?|groups?|levels?|endpoints?|"
    r"end points?|donations?|collections?|expansions?|vials?|weeks?|days?|months?|years?|hours?|countries|assays?|"
    r"cells?|HLA|alleles?|antigens?|loci|locus|mismatch\w*|match\w*|markers?|events?|xenografts?|cultures?|units?|times|"
    r"fold|log|logs|points?|items?|visits?|criteria|parameters?|variables?|blinded|phases?|steps?|types?|kinds?)\b"
)
_ADJECTIVES = (
    r"(?:(?!(?:of|in|and|or|with|to|the|had|has|have|were|was|are|is|at|by|for|from|on|who|that|received|showed|achieved|"
    r"vs|versus|than|per|developed|experienced|patients|did|after|during|as|but|including|while|all|both|more|months?|"
    r"years?|weeks?|days?|mg|not)\b)[A-Za-z][\w/+-]{0,24},?\s){0,5}?"
)
_OF = r"\s?(?:/|\s?out\sof\s|\sof\s|\samong\s|\sin\s(?=the\s(?:\w+\s)?\d))(?:(?:a\stotal\sof|the|our|these|those|all|first|remaining)\s){0,3}"
_PERCENT = rf"(?P<percent>{NUM})\s?(?:%|per\s?cent\b)"
_IN_BRACKETS = rf"(?:\s?[\[(]\s?{_PERCENT}\s?[\])])?"

#: Claimed first: figures of other things.
_DROPPED = re.compile(
    rf"{NUM}\s?[×xX*]\s?10(?:\s?\^\s?\(?[-+]?\d+\)?|\s?\(\d+\)|\d?)(?:\s?(?:/|per )\s?\w+)?|10\^-?\d+"
    rf"|\b(?:phases?|types?|stages?|levels?|figs?\.?|tables?|weeks? of age|version|v|NCT|grades?\s+of|ECOG(?:\s\w+){{0,3}}|"
    rf"scores? of|KPS|class|classes|groups?|arms?|cohorts?|parts?|steps?|cycles?|courses?|tiers?|chromosomes?|"
    rf"doses?(?:\slevels?)?|aliquots?|patient|case|no\.|number)\s?(?:[:=]\s?)?(?:\d+(?:\.\d+)?|[IV]{{1,3}})[a-c]?"
    rf"(?:\s?(?:-|/|to|and|or|,)\s?(?:\d+(?:\.\d+)?|[IV]{{1,3}})[a-c]?(?![\w%]|\s?%))*(?!\s?%|\d|\sof\s\d|\spatients)"
    rf"|\b(?:range[ds]?|IQR|interquartile range|ranging|inter-quartile range)\b\s?[,:=]?\s?(?:from\s|of\s|between\s)?"
    rf"-?(?:{NUM})\s?[\w%]{{0,8}}\s?(?:-|to|and|;|,)\s?(?:{NUM}\+?|not reached|NR)(?:\s?(?:%|\w{{1,8}}))?"
    rf"|\b(?:aged?|ages)\s(?:between\s|from\s|of\s|was\s|range[d]?\s)?(?:≥|>|<|≤|>=|<=)?\s?{NUM}"
    rf"(?:\s?(?:-|to|and)\s?{NUM})?(?:\s?(?:years?|months?|yrs?))?(?:\sof\sage)?"
    rf"|(?<![\w.]){NUM}(?:\s?(?:-|to)\s?{NUM})?\s?-?(?:years?|yrs?|months?|y)[ -](?:old|of age)"
    rf"|(?<![\w.])(?:≥|>|<|≤|>=|<=)?\s?{NUM}\s?(?:m?g\b|[µμ]g|mcg|ng|pg|kg\b|m?IU|MU\b|U\b|units?\b|mL\b|ml\b|dL|cGy|Gy\b|mM|[µμ]M|nM|cm\b|mm\b|"
    rf"mmHg|kDa|bp\b|nm\b|°|degrees|copies|cells?/|/[µμ]?L|/mm|/kg|m\^2)(?:[/ ]?(?:kg|m\^?2|d|day|L|mL|ml|dose|min)\b)*"
    rf"|(?:19|20)\d\d(?:\s?(?:-|/|to|and|through|until)\s?(?:\w+\s)?(?:19|20)\d\d)?(?!\s?(?:patients|%|of\s\d|people|subjects|\.\d))"
    rf"|\b\d+:\d+(?::\d+)?\b|\b24/7\b|\b\d{{1,2}}/\d{{1,2}}/\d{{2,4}}\b"
    rf"|(?<![\w.])[1-9]/(?:[1-9]|1[02])\s?(?:HLA|match|allel|antigen|loc[iu])\w*"
    rf"|HLA[ -]?\(?[1-9]/1?\d"
    rf"|\bdays?\s?[+-]?\d+(?:\s?(?:,|-|to|and|through|,\sand)\s?[+-]?\d+)+",
    re.IGNORECASE,
)
_LIMIT = rf"[-+]?(?:{NUM})"


def _ci(one: str, other: str) -> str:
    """Return a pattern for the words "95% CI", with groups of these names for the level."""
    return (
        rf"(?:(?P<{one}>\d\d(?:\.\d)?)\s?-?%\s?(?:two-sided\s|exact\s)?(?:CIs?|CrI|confidence (?:intervals?|limits?)|"
        rf"credible intervals?|C\.I\.)|(?:CI|confidence intervals?|C\.I\.)\s?(?P<{other}>\d\d(?=\s?%|\s?[:=,]|\s\d))?\s?%?)"
    )


_INTERVAL = re.compile(
    rf"{_ci('level', 'level2')}(?:\s?[\[(]CIs?[\])])?\s?(?:[:=,;]|of|was|is|from|between|ranged from)?\s?[\[(]?\s?"
    rf"(?P<low>{_LIMIT})\s?(?:%|(?:months?|mo|years?|weeks?|days?)\b)?\s?(?:-|to|,|;|and)\s?"
    rf"(?:(?P<high>{_LIMIT})(?:\s?(?:%|(?:months?|years?|mo)\b))?"
    r"|not (?:reached|estimable|reachable|evaluable)|(?:NR|NE|NA)\b|∞|infinity)"
    rf"|(?P<lowb>{NUM})\s?%?\s?(?:-|to)\s?(?P<highb>{NUM})\s?%?\s?[;,]\s?{_ci('level3', 'level4')}"
)
_P = re.compile(
    r"(?<![A-Za-z])(?:[Pp]|PV)(?:[ -]?(?:values?|val))?[ -]?(?:\(?(?:log-?\s?rank|trend|for trend|interaction|for interaction|"
    r"two-sided|one-sided|2-sided|adjusted|unadjusted|for non-?inferiority|non-?inferiority|for superiority)\)?)?"
    r"\s?(?P<sign><\s?or\s?=|<=|>=|=|<|>|≤|≥|≦|≧|less than|greater than|more than|was|of|:|~|≈)\s?"
    rf"(?P<amount>(?:{NUM}|\d,\d+)(?:\s?[×x]\s?10\s?\^?\s?\(?-\s?\d+\)?|[eE]-\d+)?|n\.?s\.?(?![a-z])|not significant)"
)
_NS = re.compile(r"[(\[]\s?(?P<amount>n\.?s\.?|not significant|NS)\s?[)\]]")
_RATIO = re.compile(
    r"(?:\b(?P<name>(?:sub-?distribution\s|sub-?|cause-specific\s|adjusted\s)?hazards?\sratios?|odds\sratios?|relative\srisks?|"
    r"risk\sratios?|rate\sratios?|incidence\srate\sratios?)|(?<![\w-])(?P<short>a?HR|s?HR|SHR|csHR|aOR|OR|aRR|RR|IRR))"
    r"(?:\s?[\[(]\s?(?:a?HRs?|s?HR|SHR|aOR|ORs?|aRR|RR|IRR)\s?[\])]|\sfor\s(?:\w+\s){1,5}?)?"
    rf"\s?(?:(?:of|was|were|is|=|:|,|~|≈)\s?|[\[(]\s?(?=\d))?\s?(?P<amount>{NUM})(?!\s?(?:%|\d|bpm|beats|/))"
)
_UNIT = r"(?:months?|mos?|years?|yrs?|weeks?|wks?|days?|hours?|hrs?)\b"
_AGO = rf"(?P<num>{NUM}|{'|'.join(('one', 'two', 'three', 'four', 'five', 'six', 'ten', 'twelve'))})"
_TIME = re.compile(
    rf"(?<![\w.]){_AGO}-?\s?-(?P<unit1>year|yr|month|mo|week|wk|day|d|y|m)\b(?!-?\s?(?:old|cycle|period|course|interval))"
    rf"|\b(?:at|by|within|after|until|through|up to|for|over)\s(?:a\s|the\s|median\s|of\s|least\s|first\s|>\s?|≥\s?|more than\s|"
    rf"post-?\w*\s)*(?P<num2>{NUM}|one|two|three|four|five|six|ten|twelve)\s?(?P<unit2>{_UNIT})"
    rf"|\b(?P<unit3>days?|weeks?|months?|years?|d)\s?(?P<num3>\+?\s?\d+)\b(?!\s?[-/,]\s?\d)(?!\sand\s[+-]?\d)",
    re.IGNORECASE,
)
_VALUE = re.compile(
    rf"{START}(?:[<>≥≤]\s?)?(?P<amount>{NUM})(?P<plus>\+)?(?:\s?(?:±|\+/-)\s?{NUM})?\s?(?P<unit>{_UNIT}|-?fold\b|points?\b)",
    re.IGNORECASE,
)
_PLUS_MINUS = re.compile(rf"{START}(?P<amount>{NUM})\s?(?:±|\+/-|\+-)\s?(?:{NUM})(?!\s?%)")
_BEFORE_INTERVAL = re.compile(rf"{START}(?P<amount>{NUM})(?=\s?[\[(]\s?(?:9[059](?:\.\d)?\s?%|CI\b))")
_NOT_REACHED = re.compile(r"\b(?P<amount>not (?:yet )?(?:been )?reached|NR(?= (?:vs|\()))\b")
_PERCENT_RANGE = re.compile(rf"{START}{NUM}\s?%?\s?(?:-|to)\s?{NUM}\s?%")
_PERCENT_ONLY = re.compile(
    rf"(?<![\w.^/+-])(?P<sign>[<>≥≤~]\s?)?(?P<percent>{NUM})(?:\s?(?:±|\+/-)\s?{NUM}\s?%?)?\s?(?:%|per\s?cent\b)"
)
_N_IS = re.compile(r"\b[nN]\s?=\s?(?P<n>\d+)(?!\.\d)(?:\s?(?:/|of)\s?(?P<total>\d+))?")
_FRACTION = re.compile(
    rf"(?<![\w.^+-])(?<!\d/)(?:(?P<n>{WHOLE})|(?P<none>none|neither|no (?:patients?|subjects?|one|participants?))|(?P<all>all))"
    rf"(?:\s(?:\w+[ -]){{0,2}}?(?P<people0>{_PEOPLE}))?{_IN_BRACKETS}{_OF}"
    rf"(?P<total>{WHOLE})(?![-/:]\d|-(?:year|month|day|week)|\s?%)"
    rf"(?:\s(?P<adjectives>{_ADJECTIVES})(?P<noun>{_PEOPLE}|{_THINGS}))?",
    re.IGNORECASE,
)
_ALL = re.compile(
    rf"\b(?P<all>all|both|none)(?:\sof)?(?:\s(?:the|these|our))?\s(?P<total>{WHOLE})\s(?P<adjectives>{_ADJECTIVES})(?P<noun>{_PEOPLE})",
    re.IGNORECASE,
)
_BOTH = re.compile(rf"\bboth\s(?P<adjectives>{_ADJECTIVES})(?P<noun>{_PEOPLE})", re.IGNORECASE)
_COUNT = re.compile(
    rf"(?<![\w.^/+-])(?<!no )(?:(?P<n>{WHOLE})|(?P<a>a single|a|an|only one|another)(?=\s))"
    rf"(?:\s?[\[(]\s?{_PERCENT}\s?[\])])?\s(?P<adjectives>{_ADJECTIVES})(?P<noun>{_PEOPLE})",
    re.IGNORECASE,
)
_DOING = (
    r"(?:achieved|had|has|were|was|responded|experienced|developed|died|relapsed|remained|remains?|are|is|showed|attained|progressed|"
    r"survived|did|obtained|maintained|reached|exhibited|displayed|demonstrated|suffered|required|discontinued|withdrew|"
    r"became|converted|completed|received|underwent|lived|recurred|went|have|met)\b"
)
_ELLIPTIC = re.compile(
    rf"(?<![\w.^/+-])(?<!no )(?P<n>{WHOLE})(?:\s?[\[(]\s?{_PERCENT}\s?[\])])?(?=\s(?:of whom |also |still |each |then |subsequently )?{_DOING})",
    re.IGNORECASE,
)
_WITH_PERCENT = re.compile(rf"(?<![\w.^/+-])(?P<n>{WHOLE})\s?[\[(]\s?{_PERCENT}\s?[\])]", re.IGNORECASE)
_BRACKETED = re.compile(rf"(?<=[(\[])\s?(?P<n>\d+)\s?[,;]\s?{_PERCENT}")

_BASES: tuple[tuple[re.Pattern[str], Basis], ...] = (
    (re.compile(r"evaluable|assessable|evaluated|analy[sz]able|assessed|measurable", re.IGNORECASE), "evaluable"),
    (re.compile(r"treated|infused|dosed|transplanted|receiving|received", re.IGNORECASE), "treated"),
    (
        re.compile(r"enrolled|recruited|included|randomi[sz]ed|registered|eligible|consented|accrued", re.IGNORECASE),
        "enrolled",
    ),
)


def basis_of(words: str) -> Basis:
    """Return who was counted by the words beside a number ("evaluable", "enrolled", "treated"), "" when not said."""
    for pattern, basis in _BASES:
        if pattern.search(words):
            return basis
    return ""


def figures(text: str) -> list[Figure]:
    """Return the figures of a plain sentence in order of place."""
    taken = bytearray(len(text))
    found: list[Figure] = []
    for pattern, make in _READERS:
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            figure = make(match)
            if figure is None:
                continue
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            if figure.kind != "size" or figure.n is not None:
                found.append(figure)
    return sorted(found, key=lambda figure: figure.start)


def _drop(match: re.Match[str]) -> Figure:
    return Figure("size", match.start(), match.end())


def _interval(match: re.Match[str]) -> Figure:
    level = match["level"] or match["level2"] or match["level3"] or match["level4"]
    low, high = match["low"] or match["lowb"], match["high"] or match["highb"]
    return Figure(
        "interval",
        match.start(),
        match.end(),
        low=_signed(low),
        high=_signed(high) if high else None,
        level=number(level) if level else None,
    )


def _signed(text: str) -> float:
    value = number(text.lstrip("+-"))
    return -value if text.startswith("-") else value


_SIGNS = {"less than": "<", "greater than": ">", "more than": ">", "≦": "<=", "≧": ">=", "≤": "<=", "≥": ">="}


def _p(match: re.Match[str]) -> Figure:
    words = match["amount"].replace(" ", "")
    if words[:1].lower() == "n":
        return Figure("p", match.start(), match.end(), amount="ns")
    sign = re.sub(r"<\s?or\s?=", "<=", match["sign"] if "sign" in match.re.groupindex else "=")
    sign = _SIGNS.get(sign, sign)
    amount = words.replace(",", ".") if re.fullmatch(r"\d,\d+", words) else words
    return Figure("p", match.start(), match.end(), amount=(sign if sign[0] in "<>" else "") + amount)


def _ratio(match: re.Match[str]) -> Figure:
    name = (match["name"] or match["short"]).lower()
    kind: RatioKind = "hazard" if "haz" in name or "hr" in name else "odds" if "od" in name or "or" in name else "risk"
    return Figure("ratio", match.start(), match.end(), amount=match["amount"], ratio=kind)


_LONG = {"mo": "month", "mos": "month", "m": "month", "yr": "year", "y": "year", "wk": "week", "d": "day", "hr": "hour"}


def unit_of(words: str) -> str:
    """Return a unit of time in full, plural ("mo" → "months")."""
    unit = words.lower().strip("-. ")
    unit = unit.removesuffix("s") if unit not in _LONG else unit
    unit = _LONG.get(unit, unit)
    return unit if unit == "fold" else f"{unit}s"


def _time(match: re.Match[str]) -> Figure:
    words = match["num"] or match["num2"]
    if words:
        amount = words if words[0].isdigit() or words[0] == "." else str(whole(words))
        unit = unit_of(match["unit1"] or match["unit2"])
        text = f"{amount} {unit if amount != '1' else unit[:-1]}"
    else:
        unit = unit_of(match["unit3"])[:-1]
        text = f"{unit} {match['num3'].lstrip('+ ')}"
    return Figure("time", match.start(), match.end(), amount=text)


def _value(match: re.Match[str]) -> Figure:
    return Figure("value", match.start(), match.end(), amount=match["amount"], unit=unit_of(match["unit"]))


def _plus_minus(match: re.Match[str]) -> Figure:
    return Figure("value", match.start(), match.end(), amount=match["amount"])


def _not_reached(match: re.Match[str]) -> Figure:
    return Figure("value", match.start(), match.end(), amount="not reached")


def _percent(match: re.Match[str]) -> Figure | None:
    if number(match["percent"]) > 100:
        return Figure("value", match.start(), match.end(), amount=match["percent"], unit="%")
    return Figure("percent", match.start(), match.end(), amount=match["percent"])


def _n_is(match: re.Match[str]) -> Figure:
    total = int(match["total"]) if match["total"] else None
    return Figure("people" if total else "size", match.start(), match.end(), n=int(match["n"]), total=total)


def _fraction(match: re.Match[str]) -> Figure | None:
    total = whole(match["total"])
    if match["none"]:
        n = 0
    elif match["all"]:
        n = total
    else:
        n = whole(match["n"])
    noun, percent, slash = match["noun"], match["percent"], "/" in match.group()
    people = bool(match["people0"] or (noun and re.fullmatch(_PEOPLE, noun, re.IGNORECASE)))
    if n > total or total < 1 or (noun and not people):
        return None
    if slash and not people and not percent and not _slash_counts(match):
        return None
    if match["all"] and not people:
        return None
    words = match["adjectives"] or ""
    after = match.string[match.end() : match.end() + 30] if people else ""
    return Figure(
        "people",
        match.start(),
        match.end() if noun else match.end("total"),
        n=n,
        total=total,
        basis=basis_of(words) or _basis_after(after),
        percent=percent or "",
    )


def _basis_after(words: str) -> Basis:
    """Return the basis that follows the noun: "17 patients treated", "12 patients who were evaluable"."""
    match = re.match(
        r"\s(?:who (?:were|received)|were|evaluable|assessable|treated|enrolled|infused)\b[^,.;]{0,14}", words
    )
    return basis_of(match.group()) if match and not match.group().startswith(" were") else ""


def _slash_counts(match: re.Match[str]) -> bool:
    """Tell whether "5/9" without a noun counts people: in brackets, or beside a percentage, or doing something."""
    text = match.string
    before, after = text[max(0, match.start() - 25) : match.start()], text[match.end("total") :]
    if re.search(
        r"(?:grade|phase|stage|type|ECOG|score|HLA|CD\d*|level|ratio|class|day|week)s?\s?[-:]?\s?$",
        before,
        re.IGNORECASE,
    ):
        return False
    return bool(
        re.search(r"[(\[,;=:]\s?(?:\w+\s){0,2}$|%\s?$|\b(?:in|by|for|was|of)\s$", before)
        or re.match(rf"\s?[)\],;]|\s?[\[(]\s?{NUM}\s?%|\s{_DOING}", after)
    )


def _all(match: re.Match[str]) -> Figure:
    total = whole(match["total"])
    n = 0 if match["all"].lower() == "none" else total
    return Figure("people", match.start(), match.end(), n=n, total=total, basis=basis_of(match["adjectives"]))


def _both(match: re.Match[str]) -> Figure:
    return Figure("people", match.start(), match.end(), n=2)


def _count(match: re.Match[str]) -> Figure | None:
    if match["a"]:
        if match["a"].lower() in ("a", "an", "another") and match["adjectives"]:
            return None
        n = 1
    else:
        n = whole(match["n"])
    return Figure(
        "people",
        match.start(),
        match.end(),
        n=n,
        percent=match["percent"] or "",
        basis=basis_of(match["adjectives"]) or _basis_after(match.string[match.end() : match.end() + 30]),
    )


def _elliptic(match: re.Match[str]) -> Figure:
    return Figure("people", match.start(), match.end(), n=whole(match["n"]), percent=match["percent"] or "")


#: Order matters: what comes first claims its characters.
_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Figure | None]], ...] = (
    (_INTERVAL, _interval),
    (_P, _p),
    (_NS, _p),
    (_RATIO, _ratio),
    (_DROPPED, _drop),
    (_N_IS, _n_is),
    (_FRACTION, _fraction),
    (_ALL, _all),
    (_BRACKETED, _elliptic),
    (_COUNT, _count),
    (_WITH_PERCENT, _elliptic),
    (_TIME, _time),
    (_PERCENT_RANGE, _drop),
    (_PERCENT_ONLY, _percent),
    (_VALUE, _value),
    (_PLUS_MINUS, _plus_minus),
    (_BEFORE_INTERVAL, _plus_minus),
    (_NOT_REACHED, _not_reached),
    (_BOTH, _both),
    (_ELLIPTIC, _elliptic),
)


def elided(text: str, found: list[Figure]) -> Iterator[Figure]:
    """Yield figures whose unit stands only after the last of a list: the 9.7 of "9.7 vs 3.3 months"."""
    ends = {figure.end for figure in found}
    for figure in found:
        if figure.kind not in ("percent", "value", "people") or figure.amount == "not reached":
            continue
        start = figure.start
        while match := _ELIDED.search(text, max(0, start - 40), start):
            if match.end("sep") != start or match.end("num") in ends:
                break
            made = _elided(figure, match)
            if made is None:
                break
            yield made
            start = made.start


_ELIDED = re.compile(
    rf"(?<![\w.^/+-])(?P<num>(?:{NUM})(?:\s?(?:±|\+/-)\s?(?:{NUM}))?)(?P<sep>\s?(?:,\s?(?:and|or)?|and|or|vs\.?|versus|compared (?:with|to)|\+/-)\s?)$",
    re.IGNORECASE,
)


def _elided(figure: Figure, match: re.Match[str]) -> Figure | None:
    amount = re.split(r"\s?(?:±|\+)", match["num"])[0]
    if figure.kind == "people":
        if not amount.isdigit() or figure.total is not None:
            return None
        return Figure("people", match.start("num"), match.end("num"), n=int(amount))
    return Figure(figure.kind, match.start("num"), match.end("num"), amount=amount, unit=figure.unit)
