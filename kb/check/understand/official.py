"""What a sentence says of authorisations, designations and development stages, and of numbers of trials."""

from __future__ import annotations

import re
from typing import Any

from kb.check.understand.kit import Kit
from kb.check.understand.names import Names
from kb.check.understand.wording import negated

_YEAR = re.compile(r"\b(?:as of|in|since|by|until|from)\s+(?:\w+\s+)?((?:19|20)\d\d)\b")
_DAY = re.compile(r"\b((?:19|20)\d\d-\d\d-\d\d)\b")
_LATE = re.compile(
    r"\b(?:late[- ]stage|pivotal|registrational|phase (?:iii|3)|phase (?:ii|2)/(?:iii|3))\b", re.IGNORECASE
)
_EARLY = re.compile(
    r"\b(?:early[- ]stage|phase (?:i|1|ii|2)[ab]?(?:/(?:ii|2)[ab]?)?|first[- ]in[- ]human)\b", re.IGNORECASE
)
#: Approval of something else than a product.
_OTHER_APPROVAL = re.compile(
    r"\b(?:ethics|ethical|irb|institutional|committee|doctor|physician|insurance|your)[- ](?:\w+ )?(?:approv|clear)\w+|"
    r"\b(?:approv|clear)\w+ (?:by|from) (?:your|an? (?:ethics|irb|institutional)|the ethics)|"
    # A trial is cleared, not the product.
    r"\b(?:clear|approv|authori[sz])\w* (?:by [\w ]{2,30} )?"
    r"(?:to (?:begin|start|enter|test|run|conduct)\b|for (?:clinical )?(?:trials?|testing|stud(?:y|ies))\b|"
    r"(?:an?|the|its|our|their|first) (?:(?!and\b|or\b)[\w-]+ ){0,3}?(?:trials?|stud(?:y|ies)|ind)\b)|"
    r"\b(?:trial|study|ind|protocol)s? (?:clearance|approval|authori[sz]ation|(?:was|were|has been|have been|is) "
    r"(?:cleared|approved|authori[sz]ed))\b",
    re.IGNORECASE,
)
_APPROVAL = r"(?:approv|licen[cs]|authori[sz]|clear(?:ed|ance))"
_NONE = (
    r"(?:no|not(?! only| just)|never|none|lacks?|awaiting|pending|yet to|isn['’]?t|aren['’]?t|hasn['’]?t|haven['’]?t"
    r"|neither|nor|nobody|nowhere|nothing|cannot|no longer)"
)
#: Words between the two: no other clause.
_BETWEEN = (
    r"(?:(?:\s+|/|,\s+(?!(?:is|are|was|were|has|have)\b))(?!(?:but|while|that|who|which)\b)[\w'’()./-]+){0,9}?[\s,]+"
)
#: Not before the word ("is not yet approved", "no licence in the EU"), or an end of it anywhere ("was refused").
_NO_APPROVAL = re.compile(
    rf"\b{_NONE}\b{_BETWEEN}{_APPROVAL}|\bwithout (?:[\w'’-]+ ){{0,4}}?{_APPROVAL}"
    rf"|\b{_APPROVAL}\w*(?:\s+[\w'’-]+){{0,3}}?\s+"
    r"(?:nowhere|by no (?:one|regulator|agency)|is (?:still )?(?:pending|awaited))"
    rf"|\b{_APPROVAL}\w*(?:\s+[\w'’-]+){{0,6}}?\s+do(?:es)?(?: not|n['’]t) (?:yet )?exist"
    r"|\b(?:unapproved|unlicen[cs]ed|refused?|refuses|rejected|turned down|withdrawn|withdrew|declined|revoked|lapsed"
    r"|expired)\b",
    re.IGNORECASE,
)
_SPEAKS_OF_LICENSED = re.compile(
    r"\b(?:approved|licen[cs]ed|authori[sz]ed|marketed|commercial)\b (?:\w+[- ]){0,3}(?:products?"
    r"|therap\w+|treatments?|drugs?|car-?t)",
    re.IGNORECASE,
)
#: A number of trials or studies, with how it is put.
_COUNT = re.compile(
    r"(?P<op>over|more than|at least|upwards of|exceeding|about|around|approximately|roughly|nearly"
    r"|almost|some|only|just|"
    r"fewer than|less than|exactly|a total of|merely|no fewer than|up to|currently)?\s*(?P<n>\d[\d,]*"
    r"|hundreds|thousands|dozens|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|a dozen|a handful|several|many|multiple"
    r"|numerous|no|zero|countless)"
    r"(?P<plus>\+)?(?: of)? (?P<between>(?:[\w/+-]+ ){0,6}?)(?P<what>(?:clinical )?trials?|studies"
    r"|registrations?|publications)\b",
    re.IGNORECASE,
)
_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "a dozen": 12, "dozens": 24, "hundreds": 200, "thousands": 2000,
}  # fmt: skip
_OPS = {
    "over": "over", "more than": "over", "at least": "over", "upwards of": "over", "exceeding": "over",
    "no fewer than": "over", "about": "about", "around": "about", "approximately": "about", "roughly": "about",
    "nearly": "about", "almost": "about", "some": "about", "only": "only", "just": "only", "merely": "only",
    "fewer than": "only", "less than": "only", "up to": "only", "exactly": "exactly", "a total of": "exactly",
}  # fmt: skip


def regulatory(kit: Kit, text: str, names: Names, above: str = "") -> dict[str, Any] | None:
    """Return the fields ``regulatory``, ``wording``, ``licensed_as_such`` of a regulatory sentence, None for another.

    Args:
        kit: names and words.
        text: the sentence.
        names: what it names.
        above: question or line that it answers or that introduces it.
    """
    lexicon = kit.lexicon
    plain = _OTHER_APPROVAL.sub(" ", text)
    kinds = {
        kind for kind in ("approved", "designation", "access", "in_trials", "used", "rule")
        if lexicon.find(plain if kind == "approved" else text, "regulatory", kind)
    }  # fmt: skip
    places = [word.value for word in lexicon.of_slot(text, "place")]
    if not kinds:
        return None
    said: dict[str, Any] = {
        "jurisdictions": tuple(dict.fromkeys(place for place in places if place != "elsewhere")),
        "elsewhere": "elsewhere" in places,
    }
    if found := _DAY.search(text) or _YEAR.search(text):
        said["date"] = found.group(1)
    if "approved" in kinds:
        no = _NO_APPROVAL.search(plain) is not None
        said["says"] = "not_approved" if no else "approved"
        return {"regulatory": said, "wording": "denied" if no else "asserted"}
    if "designation" in kinds:
        said["says"] = "designated"
        return {"regulatory": said, "wording": "denied" if negated(lexicon, plain) else "asserted"}
    if "access" in kinds or "used" in kinds:
        said["says"] = "used_without_licence"
        return {"regulatory": said, "wording": "asserted"}
    if "in_trials" in kinds:
        said["says"] = "in_trials"
        if _LATE.search(text):
            said["phase"] = "late"
        elif _EARLY.search(text):
            said["phase"] = "early"
        return {"regulatory": said, "wording": "asserted"}
    return {"regulatory": {**said, "says": "rule"}, "wording": "asserted"}


def speaks_of_licensed(text: str) -> bool:
    """Tell whether a sentence speaks of licensed products as licensed products."""
    return _SPEAKS_OF_LICENSED.search(text) is not None and not _NO_APPROVAL.search(text)


def counting(text: str) -> dict[str, Any] | None:
    """Return the field ``counting`` of a sentence that prints a number of trials or studies, None for another."""
    found = _COUNT.search(text)
    if found is None:
        return None
    word = found["n"].lower()
    op = _OPS.get((found["op"] or "").lower(), "over" if found["plus"] else "exactly")
    what = "trials" if "trial" in found["what"].lower() or "registration" in found["what"].lower() else "studies"
    if word in ("no", "zero"):
        return {"counting": {"what": what, "op": "none"}}
    if word in ("several", "many", "multiple", "numerous", "countless", "a handful"):
        return {"counting": {"what": what, "op": "some"}}
    value = _WORDS.get(word)
    if value is not None and word in ("dozens", "hundreds", "thousands"):
        return {"counting": {"what": what, "op": "over", "value": value - 1}}
    return {"counting": {"what": what, "op": op, "value": value if value is not None else int(word.replace(",", ""))}}
