"""Reading a sentence for wording rules: plain text of the same length, and whether words of it are denied."""

from __future__ import annotations

import re

_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‑": "-", "–": "-", "\u00a0": " ", "\n": " ", "\t": " "})
_NAME = r"[A-Z][\w'-]{0,40}"
_KINDS = "Act|Association|Center|Centre|Clinic|College|Foundation|Hospital|Inc|Institute|Journal|Ltd|Society|University"
_NAMES = re.compile(
    rf"(?:\b{_NAME} (?:(?:of|for|and|the|in) ){{0,2}}){{0,6}}\b(?:{_KINDS})\b"
    rf"(?: (?:of|for)(?: the)?(?: {_NAME}){{1,3}})?"
)
_REFERENCES = (
    re.compile(rf"{_NAME}(?:,? (?:and|&) {_NAME})? et al\.?,?(?: ?[(\[]?(?:19|20)\d\d[a-z]?[)\]]?)?"),
    re.compile(rf"{_NAME}(?: (?:and|&) {_NAME})?,? \((?:19|20)\d\d[a-z]?\)"),
    re.compile(rf"\({_NAME}(?: (?:and|&) {_NAME})?,? (?:19|20)\d\d[a-z]?\)"),
    re.compile(rf"{_NAME}(?: {_NAME}){{0,5}}\.? (?:19|20)\d\d;\d{{1,5}}[\w():-]{{0,30}}"),
    re.compile(r"https?://\S{1,300}"),
)
_HIDDEN = "\x1f"

_BREAK = re.compile(r"[.;:!?]\s|\s-\s|—|\b(?:but|however|although|though|yet|whereas|while)\b")
_WORD = r"[\w'%-]{1,40}"
#: Phrases that deny the whole clause behind them.
_FAR = re.compile(
    r"\b(?:no (?:good |reliable |clinical |convincing )?(?:evidence|proof|data|guarantee|claim)"
    r"|(?:cannot|can't|can not|do not|don't|does not|doesn't|must not|never|should not|not) "
    r"(?:\w{2,12} )?(?:claim|claimed|claiming|say|state|suggest|imply|mean|promise|prove|proven|shown|known|"
    r"established|demonstrated|approved|intended|evidence|guarantee|guaranteed)"
    r"|false(?:ly)?|untrue|myth|unproven|unclear (?:whether|if)|lack of)\b"
)
_NOT_ONLY = re.compile(r"\b(?:not only|not just|not merely|no doubt|without (?:a )?doubt|no wonder|not to mention)\b")
_NEAR = re.compile(
    rf"(?:\b(?:no|not|never|cannot|without|nor|neither|none|hardly|rather than)|n't)\b(?:,? {_WORD}){{0,3}}\W{{0,3}}$"
)
_INSIDE = re.compile(r"\b(?:no|not|never|cannot|neither|nor|unproven)\b|n't\b")
_BEHIND = re.compile(
    r"^(?: (?!who\b|that\b|which\b|when\b|where\b|if\b|and\b|or\b|but\b|in\b)[\w'-]{1,40}){0,2} "
    r"(?:cannot\b|remains? unproven|(?:is|are|was|were|has|have|had|can|could|does|do|did|should|must|may|will|would)"
    r"(?: (?:\w{2,12} )?not\b|n't\b| never\b| unproven\b))"
)


def _hide(match: re.Match[str]) -> str:
    return _HIDDEN * len(match.group())


def plain(sentence: str, *, names: bool = False) -> str:
    """Return the sentence in lower case with plain quotes, hyphens and blanks; every character keeps its place.

    Args:
        sentence: as printed.
        names: leave names of institutions and laws, references and addresses; else they are blotted out.
    """
    text = sentence.translate(_SAME)
    if not names:
        for pattern in (*_REFERENCES, _NAMES):
            text = pattern.sub(_hide, text)
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(one if len(one.lower()) > 1 else one.lower() for one in text)  # "İ" would become two


def denied(text: str, match: re.Match[str], *, inside: bool = True) -> bool:
    """Tell whether the words a pattern found are denied ("no cure", "we cannot claim that it cures").

    Args:
        text: the plain sentence.
        match: the words.
        inside: a negative between the words denies them too.
    """
    start = 0
    for cut in _BREAK.finditer(text, 0, match.start()):
        start = cut.end()
    before = _NOT_ONLY.sub(_hide, text[start : match.start()])
    if _FAR.search(before) or _NEAR.search(before):
        return True
    if inside and _INSIDE.search(_NOT_ONLY.sub(_hide, match.group())):
        return True
    return _BEHIND.search(text[match.end() :]) is not None
