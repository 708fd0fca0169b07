"""Words of marketing by what they do to a claim: praise, certainty, width, people, harm. The lists are ours."""

from __future__ import annotations

import re

from kb.check.cues import DOUBTS


def _any(*forms: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(forms)})(?![\w-])".replace(" ", r"\s+"), re.IGNORECASE)


#: A denial right before a word takes it back: "not proven", "no breakthrough".
_DENIED = re.compile(
    r"(?:\b(?:not|no|never|cannot|without|neither|nor|none|yet to be)|n['’]t)\W+(?:\w+\W+){0,2}$", re.IGNORECASE
)

SUPERLATIVE = _any(
    r"best|leading(?! (?:to|causes?)\b)|unique|the only",
    r"the first(?! (?:\d|and|days?|weeks?|months?|years?|dose|line)\b)",
    "foremost|ultimate|unparalleled|unrivalled|unmatched|unsurpassed|superior|premier",
    "most (?:advanced|effective|powerful|potent|promising|modern|successful)|safest|strongest|fastest|newest",
    "number one",
    "revolutionary|revolutionises?|revolutionizes?|breakthrough|miracle|miraculous|groundbreaking|game-changing",
    "game changer|world-class|world-leading|gold standard|state-of-the-art|cutting-edge|next-generation|pioneering",
)
_CERTAIN = _any(
    r"proven|proves?|will|guarantee[ds]?|definite(?:ly)?|certain(?:ly)?|always|undoubtedly|ensures?|confirmed",
    "established|clinically (?:validated|tested)|shown to|demonstrated|validated",
    "without (?:any )?doubt|scientifically|evidence-based",
)
_HEDGED = _any(
    "investigational|experimental|exploratory|early|under investigation|in (?:clinical )?trials|unproven",
    "being (?:studied|tested|investigated|evaluated|researched)",
    "(?:is|are) studied|not yet|more research|limited evidence",
)
_CURES = _any(
    r"cur(?:e[ds]?|ing|ative)|eradicat\w+|eliminat\w+|reverses?|reversed|reversal",
    r"heal(?:s|ed)?|destroys?|wipes? out|cancer-free|permanent(?:ly)?|for good|rejuvenat\w+",
)
_PEOPLE = _any(
    "child(?:ren)?|paediatric|pediatric|infants?|adolescents?|adults?|elderly|older",
    "relapsed|refractory|newly diagnosed",
    "(?:first|complete|in) remission|advanced|metastatic|high-risk|low-risk|early-stage|late-stage|pre-?treated",
    "(?:after|following) (?:stem cell )?transplant\\w*|stage (?:[0-4]|i{1,3}v?|iv)|heavily pretreated|unfit|inoperable",
)
_EVERYONE = _any(
    "healthy(?: people| adults| volunteers)?|anyone|everyone|everybody|all ages|any age|wellness|well-being|prevention|"
    "preventive|the whole family"
)
_HARMS = _any(
    r"side[- ]effects?|adverse (?:events?|reactions?|effects?)|toxicit(?:y|ies)|gvhd",
    r"graft-(?:versus|vs\.?)-host disease|cytokine release(?: syndrome)?|crs|neurotoxicity|icans",
    "complications?|serious risks?|chills|hypotension|sepsis",
)
#: Harms by name that elsewhere are what is treated; they count in sentences on safety.
_HARMS_ON_SAFETY = _any(
    r"fevers?|infections?|fatigue|nausea|vomiting|headaches?|pain|rash(?:es)?|deaths?|died|risks?|allerg\w+|reactions?|"
    r"bleeding|relapses?|cytopenias?"
)
_ABSOLUTE = _any(
    r"(?:no|without|zero|free (?:of|from)|never (?:any|causes?)) (?:known |serious |severe |significant |any |major )*"
    r"(?:side[- ]effects?|adverse \w+|risks?|toxicity|harms?|complications?|dangers?|gvhd|rejection)",
    r"(?:completely|entirely|absolutely|totally|perfectly|fully|100\s?%|always) safe",
    "harmless|risk-free|side-effect-free",
    "non-toxic|cannot (?:cause|be rejected)|safe for (?:everyone|anyone|all)",
)
_DENOMINATOR = re.compile(
    r"\b\d[\d,]*\s+(?:out\s+)?of\s+(?:the\s+)?\d[\d,]*\b|\b\d+/\d+\b|\bn\s*=\s*\d[\d,]*|"
    r"\b(?:among|in)\s+\d[\d,]*\s+(?:\w+\s)?(?:patients|people|participants|adults|children|volunteers)\b",
    re.IGNORECASE,
)
#: How many of those meant a sentence speaks for; without a word it speaks for them at large.
_SHARE = (
    (4, _any(r"all|every|any|everyone|everybody|each|whole|entire|always|anyone|100\s?%")),
    (3, _any("most|majority")),
    (2, _any("many|often|frequently")),
    (1, _any("some|certain|selected|a subset|several|a few|few|sometimes|occasionally|a minority|one patient")),
)
AT_LARGE = 3


def said(pattern: re.Pattern[str], text: str) -> frozenset[str]:
    """Return the words of a kind that a text says and does not deny, in small letters."""
    return frozenset(
        " ".join(match.group().lower().split())
        for match in pattern.finditer(text)
        if not _DENIED.search(text[: match.start()])
    )


def superlatives(text: str) -> frozenset[str]:
    """Return words of praise without measure."""
    return said(SUPERLATIVE, text)


def certainties(text: str) -> frozenset[str]:
    """Return words that make a claim certain."""
    return said(_CERTAIN, text)


def hedges(text: str) -> frozenset[str]:
    """Return words that keep a claim open, a denied certainty ("not proven") among them."""
    denied = (match.group().lower() for match in _CERTAIN.finditer(text) if _DENIED.search(text[: match.start()]))
    doubts = (" ".join(match.group().lower().split()) for kind in (DOUBTS, _HEDGED) for match in kind.finditer(text))
    return frozenset([*doubts, *(f"not {word}" for word in denied)])


def cures(text: str) -> frozenset[str]:
    """Return words that promise a cure."""
    return said(_CURES, text)


def people(text: str) -> frozenset[str]:
    """Return words that narrow whom a sentence speaks of."""
    return said(_PEOPLE, text)


def everyone(text: str) -> frozenset[str]:
    """Return words that speak to people who are not ill."""
    return said(_EVERYONE, text)


def harms(text: str, *, on_safety: bool) -> frozenset[str]:
    """Return the harms that a sentence admits.

    Args:
        text: the sentence.
        on_safety: it speaks of safety, so that fever and infection are harms and not what is treated.
    """
    found = said(_HARMS, text) | (said(_HARMS_ON_SAFETY, text) if on_safety else frozenset())
    return frozenset(word.removesuffix("s") for word in found)


def absolutes(text: str) -> frozenset[str]:
    """Return words that rule any harm out."""
    return frozenset(" ".join(match.group().lower().split()) for match in _ABSOLUTE.finditer(text))


def denominators(text: str) -> frozenset[str]:
    """Return counts with the number they are of ("5 of 9", "n = 9")."""
    return frozenset(" ".join(match.group().lower().split()) for match in _DENOMINATOR.finditer(text))


def share(text: str) -> tuple[int, str]:
    """Return how many a sentence speaks for, 1 (some) to 4 (all), and the word that says so ("" without one)."""
    for level, pattern in _SHARE:
        if words := said(pattern, text):
            return level, min(words)
    return AT_LARGE, ""
