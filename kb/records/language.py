"""A rule on wording: whose it is, where it was read, and the words that may touch it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, model_validator

from kb.dates import PartialDate
from kb.records.claim import ClaimType, Subject, Wording
from kb.records.common import Checked, Date, Jurisdiction, Record, Text, Url, matching

RuleId = Annotated[str, matching(r"[a-z]{2,6}(-[a-z0-9]+)+", "a rule id (us-fda-promotion-investigational)")]
RuleKind = Literal[
    "law", "guidance", "case_law", "enforcement", "agency_notice", "professional_guideline", "house_rule"
]
#: A fact the checker knows of a sentence; each is answered by :mod:`kb.check.language`.
Fact = Literal[
    "product", "benefit", "disease", "healthy", "unapproved", "no_denominator", "undated", "unplaced", "not_denied"
]


def _example(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


class Example(Record):
    """A sentence of our own on which a rule must fire, or must not.

    Attributes:
        facts: fields of ``SentenceFacts`` that differ from those the rule asks for.
    """

    text: Text
    facts: Mapping[str, Any] = {}


class Applies(Record):
    """What must hold of a sentence before its words are looked at; an empty list asks nothing.

    Attributes:
        needs: all of these facts.
        any_of: at least one of these facts.
        claim_types, subjects, wordings, status_classes: the sentence's own is in the list.
        cell_types, indications: the sentence names one of them, or something the caller put there (ids).
    """

    needs: tuple[Fact, ...] = ()
    any_of: tuple[Fact, ...] = ()
    claim_types: tuple[ClaimType, ...] = ()
    subjects: tuple[Subject, ...] = ()
    wordings: tuple[Wording, ...] = ()
    status_classes: tuple[Text, ...] = ()
    cell_types: tuple[Text, ...] = ()
    indications: tuple[Text, ...] = ()


class LanguageRule(Record):
    """One rule.

    Attributes:
        was: its number in the list it was first written down in.
        jurisdiction: a place of the closed table, or ``ALL``; ``region`` narrows it, or names a place outside it.
        says: the rule in our words.
        triggers: patterns in lower case (see :mod:`kb.check.patterns`); whole words are asked for by the engine.
        codes: accuracy codes of a verdict on which the rule fires whatever the words.
        not_when: patterns that silence it when the sentence has them; ``not_under``: when a heading above has them.
        negated: ``silent`` when a denied word must not fire it; ``before`` when the pattern holds the negative itself
            and only a denial in front of it counts; ``fires`` when denial does not matter.
        in_names: words inside names of institutions and laws count too.
        source: the text that was read; ``dated``: the day it bears; ``retrieved``: the day it was read last.
        seen: ``no`` when nobody has read the text; ``partly`` when part of ``says`` was not seen in it.
        checked: what kind of source that is; absent where nobody has read one.
    """

    id: RuleId
    was: Annotated[str, matching(r"R\d{2}", "a number (R01)")]
    jurisdiction: Jurisdiction | Literal["ALL"]
    region: Text | None = None
    authority: Text
    citation: Text
    kind: RuleKind
    severity: Literal["high", "medium", "low"]
    says: Text
    applies: Applies = Applies()
    triggers: tuple[Text, ...] = ()
    codes: tuple[Text, ...] = ()
    not_when: tuple[Text, ...] = ()
    not_under: tuple[Text, ...] = ()
    negated: Literal["silent", "before", "fires"] = "silent"
    in_names: bool = False
    source: Url | None = None
    dated: Date | None = None
    retrieved: Date | None = None
    seen: Literal["yes", "partly", "no"]
    checked: Checked | None = None
    note: Text | None = None
    fires_on: tuple[Annotated[Example, BeforeValidator(_example)], ...]
    silent_on: tuple[Annotated[Example, BeforeValidator(_example)], ...]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.triggers and not self.codes:
            raise ValueError("a rule needs triggers or codes: nothing would make it fire")
        if not self.fires_on or not self.silent_on:
            raise ValueError("a rule needs at least one sentence in fires_on and one in silent_on")
        read = (self.source, self.retrieved, self.checked)
        if self.seen != "no" and None in read:
            raise ValueError(f"seen is {self.seen!r}: source, retrieved and checked are needed")
        if self.seen == "no" and (self.checked or self.dated):
            raise ValueError("nobody has seen the text (seen: no): leave out checked and dated")
        if self.kind == "house_rule" and self.jurisdiction != "ALL":
            raise ValueError("a house rule holds everywhere: jurisdiction ALL")
        return self

    @property
    def possible_issue(self) -> str:
        """How outputs name the rule. Whether there is a breach is never for us to say."""
        return f"possible issue under {self.citation}"

    def age(self, as_of: PartialDate) -> str:
        """Return in words how old the text was that was read."""
        if self.seen == "no":
            return "house rule, no outside text" if self.kind == "house_rule" else age(None, as_of)
        return age(self.dated, as_of) if self.dated else "the text read bears no date"


class LanguageFile(Record):
    """``data/rules/language.yml``."""

    rules: tuple[LanguageRule, ...]


def age(dated: PartialDate | None, as_of: PartialDate) -> str:
    """Return in words how old a text was on the day of a check.

    Args:
        dated: the day the text bears, None when nobody has seen a text.
        as_of: day of the check.
    """
    if dated is None:
        return "no text seen"
    days = (as_of.first - dated.first).days
    if days < 0:
        return f"text of {dated}, later than this check"
    earlier = (as_of.first.month, as_of.first.day) < (dated.first.month, dated.first.day)
    years = as_of.first.year - dated.first.year - earlier
    if years == 0:
        return f"text of {dated}, less than a year before this check"
    about = "" if dated.precision == "day" else "about "
    return f"text of {dated}, {about}{years} {'year' if years == 1 else 'years'} before this check"
