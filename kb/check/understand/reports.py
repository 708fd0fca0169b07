"""What a sentence says a named study found: outcome, direction, and the numbers it prints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from kb.check.understand.lexicon import Lexicon
from kb.records.claim import ReportedResult

_PERCENT = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d+)?)\s?(?:%|per ?cent\b|percent\b)")
_OF = re.compile(
    r"(?<![\d.,])(\d{1,4})\s*(?:/|of(?: the)?|out of(?: the)?|in)\s*(\d{1,4})(?![\d.]*(?:%|mg|kg|days"
    r"|weeks|months|years))\b"
    r"(?!\s*(?:\^|x 10|×|days|weeks|months|years))",
    re.IGNORECASE,
)
_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_OF_WORDS = re.compile(
    rf"\b({'|'.join(_WORDS)}|none|all) (?:out )?of (?:the )?({'|'.join(_WORDS)}|\d{{1,3}})\b", re.IGNORECASE
)
_ALL = re.compile(
    r"\b(?:all|every one of the) (\d{1,3}) (?:patients|people|participants|children|adults)", re.IGNORECASE
)


#: "53% of 19", "81% of 74 patients".
_SHARE_OF = re.compile(r"\d\s?(?:%|per ?cent) of (?:the |all )?(\d{1,4})\b(?!\s*(?:%|mg|kg|days|weeks|months|years))")
#: "of 42 patients with refractory AML, 20 achieved …".
_OF_THEM = re.compile(
    r"\b(?:of|among|out of) (?:the )?(\d{1,4}) (?:[a-z]+ )?(?:patients|people|children|adults|women|men|participants)\b"
    r"[^.;]{0,80}?,? (\d{1,4}|[a-z]+) (?:achieved|responded|had|reached|went|were|showed|entered|survived|improved)\b"
)

#: A phase said of the study itself ("their phase 2 trial"), not of one that is planned or called for.
_PHASE = re.compile(
    r"\b(?:an?|the|this|that|their|his|her|its|our|randomi[sz]ed|was|[A-Za-z]+['’]s?)\s+(?:[\w-]+\s+){0,3}?phase[- ]"
    r"(?P<phase>(?:[1-4]|i{1,3}|iv)[ab]?(?:\s?[/–-]\s?(?:[1-4]|i{1,3}|iv)[ab]?)?)\b",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\b(?:need\w*|requir\w*|await\w*|plan\w*|future|until|next|will|would|should|before)\b", re.IGNORECASE
)
_PAPER_YEAR = re.compile(
    r"\b(?:study|studies|paper|trial|report|article|publication|published|series) (?:from|in|of) ((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
#: No cure and no proof are no failure: nobody claimed either.
_NO_CURE = re.compile(
    r"\b(?:not|never|no)\s+(?:\w+\s+){0,2}(?:cur(?:e|ed|es)|prov(?:e|en|ed)|proof|settle[ds]?|guarantee\w*)\b",
    re.IGNORECASE,
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}

#: "a trial of 23 people", "enrolled 370 people": how many took part, where no share of them is told.
_TOOK_PART = re.compile(
    r"\b(?:trial|study|series|cohort|enrolled|randomi[sz]ed|treated|included) (?:of |in |with )?(\d{1,4}) (?:[a-z-]+ )?"
    r"(?:patients|people|children|adults|women|men|participants|cases)\b|, (\d{1,4}) (?:patients|people|children)\b",
    re.IGNORECASE,
)


def _value(word: str) -> int | None:
    low = word.lower()
    if low.isdigit():
        return int(low)
    if low == "none":
        return 0
    return _WORDS.index(low) if low in _WORDS else None


def numbers(text: str) -> dict[str, Any]:
    """Return ``percent``, ``n`` and ``n_total`` that a sentence prints, as far as it does."""
    found: dict[str, Any] = {}
    if match := _PERCENT.search(text):
        value = float(match.group(1))
        if value <= 100:
            found["percent"] = value
    if match := _OF.search(text):
        n, total = int(match.group(1)), int(match.group(2))
        if n <= total and total > 1:
            found |= {"n": n, "n_total": total}
    elif match := _OF_WORDS.search(text):
        total_ = _value(match.group(2))
        n_ = total_ if match.group(1).lower() == "all" else _value(match.group(1))
        if n_ is not None and total_ is not None and n_ <= total_:
            found |= {"n": n_, "n_total": total_}
    elif (match := _OF_THEM.search(text)) and (some := _value(match.group(2))) is not None:
        if some <= int(match.group(1)):
            found |= {"n": some, "n_total": int(match.group(1))}
    elif match := _SHARE_OF.search(text):
        found["n_total"] = int(match.group(1))
    elif match := _ALL.search(text):
        found |= {"n": int(match.group(1)), "n_total": int(match.group(1))}
    return found


def design(text: str) -> dict[str, Any]:
    """Return ``phase``, ``enrolled`` and ``year`` of a study, as far as a sentence prints them."""
    found: dict[str, Any] = {}
    if (match := _PHASE.search(text)) and not _TO_COME.search(text):
        parts = re.split(r"\s?[/–-]\s?", match["phase"].lower())
        digits = [_ROMAN.get(part.rstrip("ab"), part.rstrip("ab")) for part in parts]
        if all(digit in "1234" for digit in digits):
            found["phase"] = "|".join(f"PHASE{digit}" for digit in digits)
    if match := _TOOK_PART.search(text):
        found["enrolled"] = int(match.group(1) or match.group(2))
    if match := _PAPER_YEAR.search(text):
        found["year"] = int(match.group(1))
    return found


def report(
    text: str,
    record: str,
    fields: Mapping[str, Any],
    lexicon: Lexicon,
    *,
    via: Literal["name", "marker"],
    counted: bool = True,
) -> ReportedResult:
    """Return what a sentence says of a study.

    Args:
        text: the sentence.
        record: the study's id.
        fields: of the claim as read so far; its outcome is taken over.
        lexicon: cues.
        via: the sentence names the study, or only a marker leads there.
        counted: the numbers of the sentence count this outcome.
    """
    outcome = fields.get("outcome")
    direction: Literal["gain", "failure", "none_stated"] = "none_stated"
    if outcome not in ("safety", "feasibility"):
        if lexicon.has(text, "failure", "limit") and not _NO_CURE.search(text):
            direction = "failure"
        elif lexicon.has(text, "gain"):
            direction = "gain"
    said = design(text) | (numbers(text) if counted and outcome != "feasibility" else {})
    if (
        direction == "gain"
        and lexicon.has(text, "overclaim")
        and not _NO_CURE.search(text)
        and not lexicon.has(text, "hedge")
    ):
        said["overclaims"] = True
    return ReportedResult(study=record, outcome=outcome, direction=direction, via=via, **said)
