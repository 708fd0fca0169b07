"""Words and figures that tell how a result came out, found in a plain text from left to right.

P values are read at 0.05 and intervals against the value of no difference: 1 for a ratio, 0 otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

#: ``UP`` ``DOWN`` more or less of something; ``GOOD`` ``BAD`` better or worse; ``FAST`` ``SLOW`` sooner or later;
#: ``SAME`` no difference; ``DIFF`` a difference without its direction; ``NEG`` a denial; ``SIG`` significant;
#: ``THAN`` what follows is the reference; ``VS`` two sides; ``RESP`` in the order named; ``BUT`` a contrast;
#: ``P+`` ``P-`` P up to 0.05 or above; ``CI0`` an interval with the value of no difference in it; ``CI<`` ``CI>`` below
#: or above it; ``R<`` ``R>`` a ratio below or above 1; ``NUM`` another figure.
Kind = Literal[
    "UP", "DOWN", "GOOD", "BAD", "FAST", "SLOW", "SAME", "DIFF", "NEG", "SIG", "THAN", "VS", "RESP", "BUT", "P+", "P-",
    "CI0", "CI<", "CI>", "R<", "R>", "NUM",
]  # fmt: skip

_SIGNIFICANT = (
    r"(?:statistical(?:ly)?|significant(?:ly)?|clinically|relevant|meaningful|substantial(?:ly)?|marked(?:ly)?)"
)
_DIFFER = (
    r"(?:differen\w*|differ(?:ed|s)?|effects?|changes?|changed|influence[ds]?|affect(?:ed|s)?|impact\w*|"
    r"associat\w+|alter\w*|benefits?|advantages?|interactions?)"
)
_WORDS: tuple[tuple[Kind, str], ...] = (
    (
        "SAME",
        r"(?:no|not|nor|neither|without|non|nonsignificant|any|little|lack of(?: any)?|absence of(?: any)?|"
        r"failed to|did not|"
        rf"does not|do not|didn't|was not|were not|wasn't|weren't|is not|are not)(?:[ -]+(?:{_SIGNIFICANT}|any|a|"
        rf"an|the|show\w*|"
        r"demonstrat\w*|reveal\w*|have|had|been|be|find|found|detect\w*|observ\w*|report\w*|evidence|of|overall|"
        r"major|apparent|"
        r"clear|additional|important|further|other|obvious|between[ -]group|group|treatment|noted|seen|in|on|exert|"
        rf"produce|result|lead|to|significance|statistical|more|being|appear|seem)){{0,6}}[ -]+{_DIFFER}",
    ),
    (
        "SAME",
        r"non-?significant(?:ly)?|(?:no |non-?significant |a )?(?:trends?|tendency|tended) (?:towards?|to|for)|"
        r"not (?:statistically )?significant(?:ly)?|insignificant(?:ly)?|(?-i:NS)|n\.s\.?|unchanged|unaffected",
    ),
    ("SAME", r"(?:did not|does not|not|failed to|fail to) (?:reach|achieve|attain)\w*(?: statistical)? significance"),
    ("SAME", r"(?:no|not|lack of) (?:statistical )?significance"),
    (
        "SAME",
        r"similar(?:ly|ity|ities)?|comparable|comparably|equivalen\w+|equal(?:ly)?|identical|indistinguishable|"
        r"non-?inferior(?:ity)?|equally|the same|alike",
    ),
    ("SAME", r"as (?:effective|good|well|safe|high|low|efficacious|much|many|often|likely) as"),
    (
        "NEG",
        r"not|no|nor|neither|without|cannot|never|none|failed to|fail to|fails to|lack of|didn't|doesn't|wasn't|"
        r"weren't|unable|nonetheless",
    ),
    (
        "THAN",
        r"than|(?:as |when |in )?compar(?:ed|ison|ing|es?)(?: (?:with|to|against))|(?:as )?compared|relative to|"
        r"versus baseline|in contrast (?:to|with)|as opposed to|over that|over those|rather than|beyond",
    ),
    ("VS", r"versus|vs\.?|v\.?(?= )|against"),
    ("RESP", r"respectively"),
    (
        "BUT",
        r"but|whereas|while|however|although|though|except|despite|nevertheless|yet|in contrast|on the other hand|"
        r"conversely",
    ),
    (
        "UP",
        r"increas(?:e[ds]?|ing|ingly)|high(?:er|est)|great(?:er|est)|more|most|larg(?:er|est)|long(?:er|est)|rose|"
        r"rises?|rising|risen|elevat(?:ed|es|ion|ions|e)|raised|raises?|gain(?:ed|s)?|grew|prolong(?:ed|s|ation)?|"
        r"enhanc(?:ed|es|ement|e|ing)|augment(?:ed|s|ation)?|excess|exceed(?:ed|s)?|extend(?:ed|s)?|boost(?:ed|"
        r"s)?|stimulat(?:ed|es|ion)|induc(?:ed|es|tion)|heavier|stronger|twice|threefold|twofold|up-?regulated|"
        r"lengthen(?:ed|s)?|heighten(?:ed|s)?|upregulated|doubled|doubling|additional|thicker|taller|wider|deeper|"
        r"accumulat\w+|promot(?:ed|es|e)|potentiat\w+|maximal",
    ),
    (
        "DOWN",
        r"decreas(?:e[ds]?|ing)|low(?:er|est|ered|ering|ers)|reduc(?:ed|es|e|ing|tions?)|less|least|few(?:er|est)|"
        r"short(?:er|est|ened|ening|ens)|small(?:er|est)|declin(?:ed|es|e|ing)|fell|falls?|fallen|drop(?:ped|s)?|"
        r"diminish(?:ed|es)?|attenuat(?:ed|es|ion|e)|suppress(?:ed|es|ion)?|inhibit(?:ed|s|ion)?|prevent(?:ed|s|"
        r"ion|ing)?|loss|lost|lessen(?:ed|s)?|minimi[sz](?:ed|es)|impair(?:ed|s|ment)?|limited|blunt(?:ed|s)?|"
        r"alleviat(?:ed|es|ion)|reliev(?:ed|es)|abolish(?:ed|es)|depress(?:ed)|half|halved|weaker|protect(?:ed|s|"
        r"ive|ion)|thinner|narrower|eliminat\w+|revers(?:ed|es)|mitigat\w+|amelioration|ameliorat(?:ed|es)|"
        r"down-?regulat\w+|saved|sparing|avoid\w*|rare|rarely|decrement|shrank|shrunk|shrinkage|shrink(?:s|ing)?|"
        r"tapered",
    ),
    (
        "GOOD",
        r"improv(?:ed|es|e|ing|ements?)|better|best|superior(?:ity)?|benefits?|benefited|beneficial(?:ly)?|"
        r"favou?r(?:ed|s|ing|able|ably)?|efficacious|(?:more )?effective(?:ly|ness)?|successful(?:ly)?|"
        r"advantage\w*|outperform\w*|recover(?:ed|y)",
    ),
    (
        "BAD",
        r"worse(?:ned|ning|ns)?|worst|inferior(?:ity)?|poor(?:er|est)?|deteriorat\w*|detriment\w*|harm(?:ful|ed)?|"
        r"adverse(?:ly)? affect\w*|unfavou?rable",
    ),
    ("FAST", r"fast(?:er|est)|quick(?:er|est|ly)|soon(?:er)?|earl(?:ier|iest)|accelerat\w*|rapid(?:ly)?|hasten\w*"),
    ("SLOW", r"slow(?:er|est|ed|ly|ing)?|later|delay(?:ed|s|ing)?|postpon\w*|retard\w*"),
    ("SIG", r"significan(?:t|tly|ce)|markedly|substantially|dramatically|considerably"),
    (
        "DIFF",
        r"differen(?:ces?|t|tly)|differ(?:ed|s)?|affect(?:ed|s)?|effects?|chang(?:ed|es?)|influenc\w+|alter(?:ed|"
        r"s)?",
    ),
)
_CUE = re.compile(
    "|".join(rf"(?P<w{at}>(?<![\w-])(?:{pattern})(?!\w))" for at, (_, pattern) in enumerate(_WORDS)), re.IGNORECASE
)
_P = re.compile(
    r"(?<![\w-])p(?:[\s-]{0,2}(?:values?|trend|interaction))?(?:\s?\([^()]{1,20}\))?\s{0,2}"
    r"(?:(?P<op>[<>=]{1,2}|(?:was |is |of |were )?(?:less|lower|greater|more|higher) than|was|is|of|were|"
    r":)\s{0,2}){1,2}"
    r"(?P<value>0?\s?[.,/]\s?\d{1,8}|0\.\d+|1(?:\.0+)?|0|n\.?s\.?(?!\w))|"
    r"(?<![\w-])p[\s-]?values?[^0-9.;()]{1,30}(?P<worded>0?\.\d{1,8})|"
    r"(?<![\w-])p\s?(?P<bare>0\.\d{2,4})",
    re.IGNORECASE,
)
_PAIR = r"(?P<low>[-+]?\d{1,6}(?:\.\d{1,5})?)\s?%?\s{0,2}(?:to|-|,|;|and)\s{0,2}(?P<high>[-+]?\d{1,6}(?:\.\d{1,5})?)"
_CI = re.compile(
    rf"(?:\bCIs?\b|confidence[ -](?:interval|limit)s?|\b9[059]\s?%)[^0-9+-]{{0,28}}(?:\d\d\s?%[^0-9+-]{{0,6}})?{_PAIR}",
    re.IGNORECASE,
)
_RATIO = re.compile(r"\b(?:(?-i:a?HRs?|a?ORs?|a?RRs?|IRR)|hazards?|odds|ratios?|relative risk|risk)\b", re.IGNORECASE)
_RATIO_VALUE = re.compile(
    r"(?:\b(?-i:a?HR|a?OR|a?RR|IRR)s?\b|\bratios?\b|\brelative risk\b)[^.;0-9]{0,24}"
    r"(?P<value>\d{1,3}\.\d{1,4})(?![\d%])"
    rf"(?:\s?[\[(,;]\s?{_PAIR}\s?[\])])?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.])[-+]?\d{1,7}(?:,\d{3})*(?:\.\d+)?(?![\w])")
#: A figure that is no result: a dose, an age, a day, a size of a group, a table.
_NO_RESULT_BEFORE = re.compile(
    r"(?:\bn\s?=|\btable|\bfig(?:ure)?\.?|\bday|\bweeks?|\bmonths?|\byears?|\bat|\bgroup|\bgrade|\bphase|"
    r"\bref\.?|\bvisit|"
    r"\btype|\bstage|±|\bsd|\bsem?|\bF\s?\(|\bt\s?=|\bz\s?=|χ2?\s?=?|\d\s?-|/)\s?\(?$",
    re.IGNORECASE,
)
_NO_RESULT_AFTER = re.compile(
    r"^\s?(?:mg|mcg|µg|μg|g/kg|iu|-?(?:weeks?|months?|years?|days?|hours?|h|minutes?|min)\b(?! (?:in|for|vs|versus))|"
    r"% ?CI|% conf|patients\b|subjects\b|participants\b|-(?:item|point|year|month|week|day))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue.

    Attributes:
        start, end: characters of the plain text.
        kind: what it tells.
        lemma: its words in lower case, shortened; a figure has none.
        value: a figure's value, 0 otherwise.
    """

    start: int
    end: int
    kind: Kind
    lemma: str = ""
    value: float = 0.0


def cues(text: str) -> list[Cue]:
    """Return the cues of a plain text in order; none overlaps another.

    Args:
        text: of :func:`kb.tag.direction_text.plain`.
    """
    found = _p_values(text)
    found += _apart(_intervals(text), found)
    found += _apart(_ratios(text), found)
    words = [
        Cue(m.start(), m.end(), _WORDS[int((m.lastgroup or "w0")[1:])][0], re.sub(r"\s+", "_", m.group().lower())[:12])
        for m in _CUE.finditer(text)
    ]
    found += _apart(words, found)
    figures = [
        Cue(m.start(), m.end(), "NUM", "", float(m.group().replace(",", "").removeprefix("+")))
        for m in _NUMBER.finditer(text)
        if not _NO_RESULT_BEFORE.search(text[max(0, m.start() - 10) : m.start()])
        and not _NO_RESULT_AFTER.match(text[m.end() : m.end() + 16])
    ]
    found += _apart(figures, found)
    return sorted(found, key=lambda cue: cue.start)


def _apart(new: Sequence[Cue], held: Sequence[Cue]) -> list[Cue]:
    taken = sorted((cue.start, cue.end) for cue in held)
    kept: list[Cue] = []
    at = 0
    for cue in sorted(new, key=lambda one: one.start):
        while at < len(taken) and taken[at][1] <= cue.start:
            at += 1
        if at == len(taken) or taken[at][0] >= cue.end:
            kept.append(cue)
    return kept


def _p_values(text: str) -> list[Cue]:
    found: list[Cue] = []
    for match in _P.finditer(text):
        raw = (
            (match["value"] or match["worded"] or match["bare"])
            .replace(" ", "")
            .replace(",", ".")
            .replace("/", ".")
            .lower()
        )
        if raw.startswith("n"):
            found.append(Cue(match.start(), match.end(), "P-"))
            continue
        value = float(raw)
        op = (match["op"] or "=").lower()
        above = ">" in op or "greater" in op or "more" in op or "higher" in op
        # "P = 0.05" is printed as significant; "P > 0.01" is a slip for "<"
        small = value <= 0.05 and not (above and value == 0.05)
        found.append(Cue(match.start(), match.end(), "P+" if small else "P-", "", value))
    return found


def _ratios(text: str) -> list[Cue]:
    found: list[Cue] = []
    for match in _RATIO_VALUE.finditer(text):
        kind: Kind = "R<" if float(match["value"]) < 1 else "R>"
        found.append(Cue(match.start("value"), match.end("value"), kind, "", float(match["value"])))
        if match["low"]:
            low, high = sorted((abs(float(match["low"])), abs(float(match["high"]))))
            kind = "CI0" if low <= 1 <= high else "CI<" if high < 1 else "CI>"
            found.append(Cue(match.start("low"), match.end("high"), kind))
    return found


def _intervals(text: str) -> list[Cue]:
    found: list[Cue] = []
    for match in _CI.finditer(text):
        low, high = float(match["low"]), float(match["high"])
        # "1.2-3.4": the dash is no minus
        if high < 0 <= low:
            high = -high
        if low > high:
            low, high = high, low
        ratio = _RATIO.search(text[max(0, match.start() - 60) : match.start()]) is not None
        none = 1.0 if ratio and low > 0 else 0.0
        kind: Kind = "CI0" if low <= none <= high else "CI<" if high < none else "CI>"
        if kind == "CI>" and not ratio and _between_groups(text, match.start()) is None:
            continue  # the interval of one group's own value tells nothing of a difference
        found.append(Cue(match.start("low"), match.end(), kind))
    return found


def _between_groups(text: str, at: int) -> re.Match[str] | None:
    return re.search(r"differ|effect|reduc|increas|decreas|change|\bMD\b", text[max(0, at - 80) : at], re.IGNORECASE)
