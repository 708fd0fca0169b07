"""Cell doses: how many cells, for each kilogram or in all, and how often.

A dose is a number of *cells* that somebody was given. Units of drugs (IU, mg), platelet and blast counts (for each
litre), viral loads (copies), ratios and yields are numbers of the same shape and are no doses. An exponent that was
lost on the way ("109 cells/kg") is not guessed at: no dose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from kb.tag.numbers import NUM, Plain, number, plain, whole
from kb.tag.record import Passage
from kb.tag.sentences import Sentence
from kb.tag.tags import Dose

_TIMES = r"\s?[×xX*✕⨯]\s?"
#: After a times sign "10 7" with a space is a power whose superscript was lost; "107" without one is not guessed at.
_POWER = r"10\s?(?:\^\s?\(?\s?\+?|\*\*|\(|[Ee]\+?|(?<=10 )(?=[4-9]\b|1[0-2]\b))"
_SCALE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}


def _amount(name: str) -> str:
    """Return a pattern for one amount of cells; its groups end in ``name``."""
    end = r"\)?(?![\d.]\d|\d)"
    return (
        rf"(?:(?P<m{name}>{NUM}){_TIMES}{_POWER}(?P<p{name}>\d{{1,2}}){end}"
        rf"|(?P<s{name}>{NUM})[eE]\+?(?P<e{name}>\d{{1,2}}){end}"
        rf"|(?<![\w.])10\s?(?:\^\s?\(?\s?\+?|\*\*|\()(?P<b{name}>\d{{1,2}}){end}"
        rf"|(?P<w{name}>{NUM})\s?(?P<u{name}>thousand|million|billion|trillion)\b)"
    )


_CELLS = (
    r"(?:(?!(?:per|and|or|to|of|in|mg|IU|U|with)\b)[A-Za-zαβγδ0-9+^/-]{1,25}\s?){0,5}?"
    r"\b(?:cells?|lymphocytes|(?:(?:CAR-?)?i?NKT?|CIK|LAK|MNC|PBMC)(?:s|[ -]cells?)?)(?![\w-])"
)
_PER = r"(?:\s?(?:/|per)\s?(?:kilogram|[kK]g|m\^?2\b|m\(2\)|square met(?:er|re))|\s?(?:[kK]g|m)\^?-[12]\b)"
_ONE = rf"(?<![\w.^/-]){_amount('2')}"
#: "1-5 × 10^6" and "from 10^6/kg to 10^7/kg" are ranges, "10^6 and 10^7" are two doses.
_RANGE = (
    rf"(?<![\w.^/-])(?P<between>between\s)?(?:{_amount('0')}|(?P<l0>{NUM}))(?:(?:\s{_CELLS})?{_PER}|\s{_CELLS})?"
    rf"\s?(?:-|to|~|up to|(?(between)and|to))\s?{_amount('1')}"
)
_DOSE = re.compile(
    rf"(?:{_RANGE}|{_ONE})\s?(?:viable\s|live\s|total\s)?"
    rf"(?:(?P<per1>{_PER})(?:\s?(?:of\s)?(?P<cells1>{_CELLS}))?|(?P<cells2>{_CELLS})(?P<per2>{_PER})?)?"
)
#: Right after the amount: it counts something else, or is a concentration.
_NO_CELLS = re.compile(
    r"\s?(?:(?:cells?|platelets?|blasts?|leu[ck]ocytes?|lymphocytes?|neutrophils?|copies|copy|IU|U|units?|CFU|PFU|vg|"
    r"particles|genomes?|bacteria)?\s?(?:/|per\s)\s?(?:L\b|dL|mL|[µμ]L|uL|mm\^?3|mcl|microlit|lit(?:er|re)|"
    r"million|10\^|well|mouse|animal|bag|flask|h\b)|(?:IU|U\b|units?|copies|CFU|PFU|vg\b|Gy|mg|g\b|[µμ]g|ng|"
    r"platelets?|blasts?|leu[ck]ocytes?|neutrophils?|dollars|USD|people|patients|adults|children|cases|deaths|new\s|"
    r"viral|virus|particles|genome|euros?|RNA|DNA|events?|reads?|fold\b|m\^?-?3|colony|plaque|international\s))",
    re.IGNORECASE,
)
#: Before the amount: a yield, a count in blood, the cells of a graft, a limit of detection.
_OTHER_BEFORE = re.compile(
    r"\b(?:platelets?|neutrophils?|leu[ck]ocytes?|white blood cells?|WBC|ANC|viral load|copies|IU|yield\w*|harvest\w*|"
    r"collected|seeded|cultured|plated|recovered|produc\w+|obtained|generated|manufactured|isolated|expan\w+|fold|"
    r"starting (?:from|with)|mice|mouse|CD34\^?\+?|stem cells?|feeders?|marrow|grafts? contain\w+|IL-?2|interleukin-?2|"
    r"counts?|tit(?:er|re)s?|residual|contaminat\w+|MOI|sensitivity|detection limit)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
#: Cells that are counted in a graft, left over in a product or grown as targets.
_OTHER_CELLS = re.compile(
    r"CD34|CD3\^?\+(?! ?/?-?CD(?:16|56))|feeder|K562|tumou?r|target|stem|residual|contaminat", re.IGNORECASE
)
_BELOW = re.compile(r"(?:[<≤]|<\s?/?\s?=|\b(?:less than|fewer than|below))\s?$", re.IGNORECASE)
#: A limit that stays visible in the words of the dose.
_LIMIT = re.compile(r"(?:[≥>]|>\s?/?\s?=|\b(?:at least|more than|up to|over))\s?$", re.IGNORECASE)
_GIVEN = re.compile(
    r"\b(?:dos(?:e|es|ed|ing|age)|infus\w*|receiv\w*|administ\w*|inject\w*|given|treated|transfus\w*|transfer\w*|"
    r"escalat\w*|level|intravenous\w*|i\.?v\.?|intraperitoneal\w*|intra-?arterial\w*|instil\w*)\b",
    re.IGNORECASE,
)
#: What may follow an amount that names no cells and no unit.
_CLEAR_END = re.compile(
    r"\s?(?:[,.;:)\]]|"
    r"(?:[A-Z][\w-]*\d[\w-]*\s)?per (?:infusion|dose|injection|patient|administration|bag)\b|"
    r"(?:and|to|or|every|on|for|at|once|weekly|monthly|daily|in|by|via)\b|$)"
)
_LISTED = re.compile(r"\s?,?\s?(?:and|or|,|vs\.?|then|followed by)\s?$")
_TIMES_GIVEN = re.compile(
    r"\b(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|single)(?:\s+|-)"
    r"(?:(?:weekly|biweekly|monthly|daily|fortnightly|consecutive|sequential|intravenous|iv|i\.v\.|separate|"
    r"split|repeated|"
    r"planned|identical|equal|NK|CAR-NK|iNKT|CIK|NK-92|NK-cell|cell|fixed|flat|total|escalating)\s+){0,3}"
    r"(?:cells?\s+)?(?:infusions?|doses?|injections?|administrations?|transfusions?)\b"
    r"(?!\s+(?:levels?|cohorts?|groups?|escalat\w+|of (?:IL|interleukin|cyclo|fluda|rituximab|chemo|rhIL|subcut|"
    r"N-803)))"
    r"|\b(?P<t>once|twice|thrice|(?:\d{1,2}|two|three|four|five|six) (?:times|"
    r"(?:separate )?occasions))\b(?! (?:daily|a day|per|weekly|a week|monthly|a month|every))",
    re.IGNORECASE,
)
_NOT_GIVEN = re.compile(
    r"\b(?:up to|maximum of|at most|at least|planned|intended|scheduled|over|more than|than|or|(?:cycles?|courses?|"
    r"rounds?) of)\s(?:a\s|total of\s)*$|"
    r"\b(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)\s?(?:-|\bto\b)\s?$",
    re.IGNORECASE,
)
#: "two infusions per cycle": how many in all is not said.
_EACH_TIME = re.compile(
    r"\s(?:\w+\s)?(?:(?:per|each|every|in each|in every)\s(?:treatment\s)?(?:cycle|course|round|week|month|year)|"
    r"a\s(?:week|month|year))\b",
    re.IGNORECASE,
)
#: "on days 1, 8 and 15": an infusion on each; a span of days says nothing.
_ON_DAYS = re.compile(
    r"\bon\sdays?\s(?P<days>[-+]?\d+(?:,\s[-+]?\d+)*,?\sand\s(?:day\s)?[-+]?\d+)(?!\s?(?:-|to|of each|of every|of a))",
    re.IGNORECASE,
)
#: Every amount has a power or a word for it.
_POWERED = re.compile(r"10|\d[eE]|illion|thousand")
_ONCE = {"single": 1, "once": 1, "twice": 2, "thrice": 3}


def doses(passage: Passage, sentences: Sequence[Sentence]) -> list[Dose]:
    """Return the cell doses a passage states, in order of place.

    Args:
        passage: any text of a record.
        sentences: its sentences.
    """
    found: list[Dose] = []
    for sentence in sentences:
        view = plain(sentence.text)
        given = _GIVEN.search(view.text) is not None
        matches = (
            [match for match in _DOSE.finditer(view.text) if _is_dose(match, given)]
            if _POWERED.search(view.text)
            else []
        )
        if not matches:
            continue
        times = _infusions(view.text)
        read = [
            replace(dose, per=per)
            for match, per in zip(matches, _listed(matches, view.text), strict=True)
            for dose in (*_before(match, view, sentence, passage.field), _dose(match, view, sentence, passage.field))
        ]
        # The number of infusions belongs to a dose where there is one dose, or one infusion of each.
        infusions = times if len(read) == 1 or times == 1 else None
        found.extend(replace(dose, infusions=infusions) for dose in read)
    return found


def _is_dose(match: re.Match[str], given: bool) -> bool:
    """Tell whether an amount is one of cells given; ``given``: the sentence speaks of giving."""
    text = match.string
    counted = bool(match["cells1"] or match["cells2"])
    per = bool(match["per1"] or match["per2"])
    if not given and not per:
        return False
    if _BELOW.search(text, max(0, match.start() - 14), match.start()):
        return False  # a limit, not what was given
    if _OTHER_CELLS.search(match.group()):
        return False
    amount_end = _end_of_amount(match)
    if _NO_CELLS.match(text, amount_end) or _NO_CELLS.match(text, match.end()):
        return False
    if not counted and not per and not _CLEAR_END.match(text, amount_end):
        return False
    before = text[max(0, match.start() - 70) : match.start()]
    other = _OTHER_BEFORE.search(before)
    return other is None or _GIVEN.search(before, other.end() if len(other.group()) < 10 else other.start()) is not None


def _end_of_amount(match: re.Match[str]) -> int:
    end = max(match.end(f"{group}{name}") for group in "pebu" for name in "12")
    return end + (match.string[end : end + 1] == ")" and "(" in match.group())


def _value(match: re.Match[str], name: str) -> float | None:
    """Return one amount in cells; None where this part of the pattern took no part."""
    for digits, power in (("m", "p"), ("s", "e")):
        if match[f"{power}{name}"]:
            return float(f"{number(match[f'{digits}{name}'])}e{int(match[f'{power}{name}'])}")
    if match[f"b{name}"]:
        return float(f"1e{int(match[f'b{name}'])}")
    if match[f"u{name}"]:
        return number(match[f"w{name}"]) * _SCALE[match[f"u{name}"].lower()]
    return None


def _limits(match: re.Match[str]) -> tuple[float, float]:
    single = _value(match, "2")
    if single is not None:
        return single, single
    high = _value(match, "1")
    assert high is not None  # the pattern has either a single amount or the end of a range
    low = _value(match, "0")
    if low is None:  # "1-5 × 10^6": the power stands once and belongs to both
        power = match["p1"] or match["e1"]
        scale = f"e{int(power)}" if power else ""
        low = float(f"{number(match['l0'])}{scale}") * (_SCALE[match["u1"].lower()] if match["u1"] else 1)
    return low, high


def _unit(match: re.Match[str]) -> Literal["", "kg", "m2"]:
    unit = (match["per1"] or match["per2"] or "").lower()
    if not unit:
        return ""
    return "kg" if "k" in unit else "m2"


def _listed(matches: Sequence[re.Match[str]], text: str) -> list[Literal["", "kg", "m2"]]:
    """Return the unit of each dose; in "10^5, 10^6 or 10^7 per kg" the last one's is everybody's."""
    units = [_unit(match) for match in matches]
    for i in range(len(matches) - 2, -1, -1):
        bare = not (matches[i]["cells1"] or matches[i]["cells2"] or units[i])
        if bare and _LISTED.fullmatch(text[matches[i].end() : matches[i + 1].start()]):
            units[i] = units[i + 1]
    return units


#: "doses of 1, 3, or 10 × 10^6": the power stands once.
_SHORTER = re.compile(
    rf"(?:\b(?:of|at|received|given|either|levels?:?|doses?:?|infused|were|was)\s|[(:]\s?)"
    rf"(?P<list>(?:{NUM}\s?,\s)*{NUM}\s?,?\s(?:or|and)\s)$"
)


def _before(match: re.Match[str], view: Plain, sentence: Sentence, field: str) -> list[Dose]:
    """Return the doses of a list whose power stands behind the last one only; none unless they rise."""
    shorter = _SHORTER.search(view.text, max(0, match.start() - 60), match.start())
    if shorter is None or not match["m2"]:
        return []
    items = [item for item in re.finditer(NUM, view.text[: match.start()]) if item.start() >= shorter.start("list")]
    amounts = [number(item.group()) for item in items]
    if any(one >= other for one, other in pairwise([*amounts, number(match["m2"])])):
        return []
    last = _dose(match, view, sentence, field)
    made: list[Dose] = []
    for item, amount in zip(items, amounts, strict=True):
        start, _ = view.span(*item.span())
        words = sentence.text[start : last.end - sentence.start]  # to the power, or nobody could tell the dose
        cells = float(f"{amount}e{int(match['p2'])}")
        made.append(replace(last, start=sentence.start + start, low=cells, high=cells, text=words))
    return made


def _dose(match: re.Match[str], view: Plain, sentence: Sentence, field: str) -> Dose:
    low, high = _limits(match)
    limit = _LIMIT.search(view.text, max(0, match.start() - 12), match.start())
    start, end = view.span(limit.start() if limit else match.start(), match.end())
    words = sentence.text[start:end].rstrip()
    begin = sentence.start + start
    return Dose(field, begin, begin + len(words), low, high, "", None, words)


def _infusions(text: str) -> int | None:
    """Return the number of infusions a sentence states, None where it states none or several."""
    stated = set()
    for match in _TIMES_GIVEN.finditer(text):
        words = (match["n"] or match["t"]).lower()
        count = _ONCE[words] if words in _ONCE else whole(words.partition(" ")[0] if match["t"] else words)
        unsure = _NOT_GIVEN.search(text, max(0, match.start() - 40), match.start())
        if unsure or _EACH_TIME.match(text, match.end()):
            return None
        stated.add(count)
    days = list(_ON_DAYS.finditer(text))
    if not stated and len(days) == 1 and _CELLS_GIVEN.search(text, 0, days[0].start()):
        stated.add(len(re.findall(r"\d+", days[0]["days"])))
    return stated.pop() if len(stated) == 1 else None


#: On the days named cells were given, not a drug beside them.
_CELLS_GIVEN = re.compile(r"(?:cells?|NK|/kg|infus\w+|\d\^\d+|\(\d+\))[^,;]{0,40}$")
