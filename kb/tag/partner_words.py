"""The words around a drug or treatment that tell whether people got it: frames for the partners of a product.

Each function is given the lower-case words before and after a name (:class:`kb.tag.mentions.Mention`).
"""

from __future__ import annotations

import re

from kb.tag.mentions import Mention
from kb.tag.numbers import WORD

_CULTURE_WORD = re.compile(
    r"\b(?:cultur\w+|co-?cultur\w+|expan\w+|activat\w+|stimulat\w+|incubat\w+|primed|priming|medium|media|ex vivo|"
    r"in vitro|"
    r"supplemented|grown|growth|kept|presence of|feeders?|pulsed|coated|pre-?activated|generated|u/ml|iu/ml|ng/ml|"
    r"exposed|exposure|trained|propagated|differentiat\w+|overnight|manufactur\w+)\b"
)
#: Words of giving. The weak ones also join what is in one medium ("stimulated with X plus low-dose Y").
_GIVEN_WORD = re.compile(
    r"\b(?:subcutaneous\w*|intravenous\w*|intraperitoneal\w*|receiv\w+|got|administ\w+|given|infus\w+|inject\w+|"
    r"support\w*|daily|treated|conditioning|followed|lymphodeplet\w+|systemic|courses?|cycles?)\b"
)
_WEAK_WORD = re.compile(
    r"\b(?:doses?|treatment|plus|combin\w+|after|before|preced\w+|low-dose|high-dose|together|concomitant\w*|"
    r"concurrent\w*|added|addition|beside\w*|along)\b|\+"
)
_IN_IT = re.compile(r"\b(?:with|by|using)\b")
_CULTURE_RIGHT = re.compile(
    r"^[-‐‑–]\w|^[\s-]*(?:(?:and|/|,|or)\s*\S{1,40}[\s‐‑–-]+)?(?:pre-?activated|pre-?stimulated|activated|stimulated|expanded|cultured|primed|pulsed|"
    r"containing|supplemented|"
    r"conditioned|induced|treated cells|medium|in (?:the )?(?:culture|medium|vitro)|ex vivo|[iu]+/ml)\b|"
    r"^\s*(?:\([^()]{0,10}\)\s*)?\(?\s*[\d,.]+\s*(?:iu|u|units?|ng|pg|μg|µg|mcg)\s?/\s?ml\b|"
    r"^[\s,]*(?:for|over)?\s*(?:\d+[\s-]*(?:h|hours?)\b|overnight)"
)
#: "expanded NK cells with …": the word of culture only describes the cells.
_ADJECTIVE = re.compile(
    r"[\s-]*(?:(?!(?:into|of|to|with|from|for|in|on|by|using)\b)[\w+/]+[\s-]+){0,4}?(?:cells|nk|nkt|inkt)\b"
)
_MEASURED_RIGHT = re.compile(
    r"^[\s-]*(?:(?:plasma|serum|blood|peak|trough|mrna|protein)\s+){0,2}(?:receptors?|levels?|concentrations?|secret\w+|production|release|expression|responses?|potential|activity|properties|immunity|capacity|titer|titre|"
    r"assays?|"
    r"serum|in (?:the )?(?:serum|plasma|supernatants?)|signal\w*|genes?|storm|syndrome|resistan\w+|refractor\w+|"
    r"failure|na[iï]ve|ineligible|intoleran\w*|sensitiv\w+|[- ]?pretreated|unresponsive|candidates?)\b"
)
_MEASURED_LEFT = re.compile(
    r"\b(?:levels? of|concentrations? of|secretion of|production of|release of|expression of|response to|"
    r"failure of|failed|"
    r"failing|refractory to|resistant to|resistance to|intoleran\w+ (?:to|of)|progress\w* (?:on|after|during|despite)|"
    r"relapse after|pre-?treated with|candidates? for|eligible for|ineligible for|awaiting|successe?s? of|unlike|"
    r"previous(?:ly)?|prior(?! to)|earlier|declined|need(?:ed|ing)? for|required|requiring|managed with|resolved with|"
    r"respond\w+ to|"
    r"advantages? (?:over|of)|substitutes? (?:to|for|of)|(?:better|safer) than|history of|in lieu of|instead of|"
    r"endogenous|"
    r"(?:rise|increases?|decreases?|changes?) (?:in|of)|"
    r"rather than|compared (?:with|to)|versus|vs\.?)\s+(?:[\w/-]+,?\s+){0,4}$"
)
#: Of substances that the body makes too.
_MADE_RIGHT = re.compile(
    r"^\s*(?:\([^)]{0,30}\)\s*)?(?:rose|increased|decreased|peaked|fell|declined|dropped|accumulated|"
    r"(?:was|were) (?:\w+ly )?(?:elevated|increased|decreased|detect\w+|measured|found|raised|higher|lower|released|"
    r"produced|secreted|undetect\w+|not detect\w+))\b"
)
_MADE_LEFT = re.compile(
    r"\b(?:serum|plasma|circulating|endogenous|augmented|elevated|increased|raised|soluble|secreted|more|less)\s+"
    r"(?:and\s+)?$"
)
#: "used as a bridge to", "as a potential antiviral": what the product is or leads to.
_AS = re.compile(r"\bas\s+(?:an?|the|one)\s+(?:(?!adjunct|addition|supplement)[\w-]+\s+){0,3}$")
_SUPPOSED = re.compile(
    r"\b(?:reason\w*|hypothesi[sz]\w*|assum\w+|believ\w+|postulat\w+|speculat\w+)\s+that\b[^.;]{0,120}$"
)
#: Treatments after the cells: "proceeded to", "as a bridge to", "… thereafter".
_GO_ON = re.compile(
    r"\b(?:proceed\w*|went on|go(?:ing)? on|mov(?:ed|ing) on|bridg(?:e|ed|es|ing)|eligible|candidates?|"
    r"qualif\w+)\b(?:[\s,]+[\w-]+){0,4}?[\s,]+(?:to|for)[\s,]+(?:[\w-]+[\s,]+){0,6}$|"
    r"\bconsolidated\s+(?:with|by)\s+(?:[\w-]+\s+){0,4}$|"
    r"\b(?:subsequent(?:ly)?|eventually|thereafter|afterwards)\s+(?:[\w-]+\s+){0,5}$"
)
_LATER_RIGHT = re.compile(
    r"^[\s-]*(?:\([^()]{0,30}\)\s*)?(?:infusions?\s+)?(?:thereafter|afterwards?|subsequently|later on|"
    r"(?:after|following)\s+(?:the\s+|their\s+)?"
    r"(?:nk|nkt|inkt|car|cell|[\w/+-]+[\s-]cells?|cells|study|infusions?)\b)"
)
#: "recipients of a haploidentical …": the people had it.
_RECIPIENTS = re.compile(
    r"\brecipients? of\s+(?:(?!(?:nk|nkt|inkt|cells?|infusions?|with|and|plus|both)\b)[\w/-]+\s+){0,5}$"
)
#: How many other cells a product may hold, and what became of the body's own.
_LIMIT_LEFT = re.compile(
    r"(?:[<≤]|\b(?:fewer|less|lower) than|\bbelow|\bno more than|\bat most|\bup to|\bmaximum of|"
    r"\blimit\w* (?:of|to|at))\s*[\d(≤<][^,;]{0,40}$"
)
_CONTENT_WORD = re.compile(
    r"\b(?:contain\w*|contaminat\w+|residual|remaining|deplet\w+|remov\w+|purity|compris\w+|consist\w+|content|"
    r"fractions?|proportions?|percentages?|frequenc\w+|(?:expansion|activation|proliferation|recovery|"
    r"reconstitution|suppression|number|numbers|infiltration|persistence) of|regulatory|effector|exhausted|rescue\w*|"
    r"circulating|endogenous|host|peripheral)\b"
)
#: "after resection", "following transplantation", "who had undergone …".
_AFTER = re.compile(
    r"(?:\b(?:after|following|post|since|despite|undergone|completed)|\bpost-)\s*(?:(?!(?:then|plus|were|was|"
    r"received|got|will|in|for|to|by|on|at|is|are|"
    r"patients|improve)\b|infus|administ)[\w/’'-]+,?\s+){0,6}?[\w’'-]*$"
)
#: A partner given on a day beside the cells, or in turns with them: no earlier treatment.
_IN_TURN = re.compile(
    r"\b(?:hours?|h|one day|\d{1,2} days?|day|shortly|immediately|each|every|course|cycles? of|"
    rf"(?:{WORD}) days)\s+"
    r"(?:after|following|post)\b|\b(?:after|following) (?:each|every)\b|\bafter (?:\w+ )?(?:cycles?|courses?) of\b"
)
_GIVEN_AFTER = re.compile(r"\b(?:administered|infused|given)\s+(?:after|following)\s+(?:[\w-]+\s+){0,2}$")
_IN_TREATMENT = re.compile(r"\bdays? ?[+-]?\d|\bd[+-]?\d+\b|\bunder(?:go|going|went)\b|\bday of\b")
_COMPARED_LEFT = re.compile(
    r"\b(?:control|comparator|comparison|reference|standard)(?:[\s-](?:group|arm|"
    r"cohort)s?)?(?:\s*\([^)]{0,20}\))?[\s,:]+"
    r"(?:[\w-]+\s+){0,5}$|\b(?:the )?others\s+(?:[\w-]+\s+){0,3}$"
)
_ONLY_RIGHT = re.compile(r"^\s*(?:\([^)]{0,30}\)\s*)?(?:alone|only)\b|^\s+(?:control|comparator)(?: group| arm)\b")
_DONOR_RIGHT = re.compile(r"^\s*donors?\b")
_PREMEDICATION = re.compile(r"\b(?:pre-?medicat\w+|pre-?treatment)\s+(?:with|of|by)\s+(?:[\w-]+\s+){0,3}$")
_REAGENT = re.compile(r"^[\s-]*(?:selected|labell?ed|coated|conjugated|beads|staining|clone|panel|array)\b")
#: "anti-GD2 CAR-NK cells": the target of a receptor.
_TARGET_RIGHT = re.compile(
    r"^[\s-]*(?:(?!(?:and|or|with|plus|followed|then|after|before)\b)\w+[\s-]+)?(?:cars?\b(?![\s-]t\b)|"
    r"chimeric antigen)"
)
_HARM_RIGHT = re.compile(
    r"^\s+(?:for|against|because of|due to)\s+(?:[\w-]+\s+){0,3}(?:toxicit\w+|crs|gvhd|cytokine|neurotox\w+|icans)"
)


def last(pattern: re.Pattern[str], text: str) -> int:
    """Return where the last match of a pattern ends, -1 without one."""
    return max((found.end() for found in pattern.finditer(text)), default=-1)


def is_no_treatment(left: str, right: str) -> bool:
    """Tell whether a name is measured, failed before, supposed, against a harm, a donor's, or what the product is."""
    return (
        _MEASURED_RIGHT.search(right) is not None
        or _MEASURED_LEFT.search(left) is not None
        or _HARM_RIGHT.search(right) is not None
        or _DONOR_RIGHT.search(right) is not None
        or _PREMEDICATION.search(left) is not None
        or _SUPPOSED.search(left) is not None
    )


def is_role_or_reagent(left: str, right: str) -> bool:
    """Tell whether a name says what the product serves as, is a tool of the laboratory or a target."""
    return _AS.search(left) is not None or any(one.search(right) for one in (_REAGENT, _TARGET_RIGHT))


def is_of_the_comparison(left: str, right: str) -> bool:
    """Tell whether only the control group, or another group, got it."""
    return _COMPARED_LEFT.search(left) is not None or _ONLY_RIGHT.search(right) is not None


def is_made_by_the_body(left: str, right: str) -> bool:
    """Tell whether a substance that the body makes too is only measured ("serum IL-15 rose")."""
    return _MADE_LEFT.search(left) is not None or _MADE_RIGHT.search(right) is not None


def is_said_to_be_given(text: str) -> bool:
    """Tell whether words of giving stand in a text."""
    return _GIVEN_WORD.search(text) is not None or _WEAK_WORD.search(text) is not None


def names_a_route(text: str) -> bool:
    """Tell whether a name says how it is given ("subcutaneous IL-2")."""
    return _GIVEN_WORD.search(text) is not None


def words_of_giving(text: str) -> int:
    """Return where the last word of giving ends, the weak ones included; -1 without one."""
    return max(last(_GIVEN_WORD, text), last(_WEAK_WORD, text))


def in_culture(left: str, name: str, right: str) -> bool:
    """Tell whether a drug is in the medium: the nearest word before it is one of culture, not of giving."""
    if _CULTURE_RIGHT.search(right):
        return True
    left = left[-110:]
    culture = last(_CULTURE_WORD, left)
    if culture < 0 or culture < last(_GIVEN_WORD, left):
        return False
    weak = len(left) if _WEAK_WORD.search(name) else last(_WEAK_WORD, left)
    if culture < weak and not _IN_IT.search(left, culture, weak):
        return False
    return _ADJECTIVE.match(left[culture:].replace("feeder cells", "feeder")) is None


def is_content(left: str) -> bool:
    """Tell whether cells are what a product holds or the body has: a limit, a remainder, a count."""
    near = left[-120:]
    return _LIMIT_LEFT.search(near) is not None or last(_CONTENT_WORD, near) > last(_GIVEN_WORD, near)


def comes_later(left: str, right: str) -> bool:
    """Tell whether a treatment came, or may come, after the cells ("proceeded to transplantation")."""
    return _GO_ON.search(left[-160:]) is not None or _LATER_RIGHT.search(right) is not None


def follows(left: str) -> bool:
    """Tell whether words end in "after …" or "recipients of …": the people had the treatment before."""
    return _AFTER.search(left[-120:]) is not None or _RECIPIENTS.search(left[-120:]) is not None


def is_earlier(mention: Mention) -> bool:
    """Tell whether a treatment was over when the cells were given ("after resection", not "on day 7 after …")."""
    if mention.passage.kind == "intervention" and mention.passage.field.endswith("name"):
        return False
    if not follows(mention.left):
        return False
    return not (_IN_TURN.search(mention.left[-140:]) or _IN_TREATMENT.search(mention.around))


def given_after(left: str) -> bool:
    """Tell whether the cells are given after it, so that both go together ("infused after cetuximab")."""
    return _GIVEN_AFTER.search(left) is not None
