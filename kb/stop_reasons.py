"""Why a trial was stopped: ClinicalTrials.gov's free text read by a published vocabulary.

The seventeen reasons are those of Open Targets (Razuvayevskaya et al., Nature Genetics 2024,
https://doi.org/10.1038/s41588-024-01854-z; the classes are listed with their training data at
https://doi.org/10.57967/hf/2600). Definitions, patterns and groups in ``data/rules/stop_reasons.tsv`` are ours.

Danger is not the same on both sides: a business stop called a safety stop defames a product, a safety stop that was
not recognised stays "unknown". So whatever is denied ("not related to safety") never counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from kb.errors import DataError, Problem
from kb.reading import Row, display, read_table
from kb.records.trial import StopReason

#: ``success`` and ``none`` are no :data:`kb.records.trial.StopReason`: see :meth:`StopReasons.group`.
Group = Literal["safety", "futility", "other", "success", "none"]
_COLUMNS = ("id", "label", "group", "definition", "patterns", "not", "source")

#: Characters read; the registry allows 250.
_LONGEST = 1000
#: Words that deny what follows, over a bridge of words that name no new subject. A full stop, a semicolon and words
#: like "but" are no part of it, so a denial ends there.
_BRIDGE = (
    "a|an|the|any|all|its|this|these|that|there|either|both|new|known|other|due|to|related|relation|relating|because|of|"
    "for|on|in|by|as|at|with|from|regarding|about|concerning|or|and|nor|was|were|are|is|be|been|being|having|had|has|"
    "have|result|results|based|reasons?|concerns?|concerned|issues?|signals?|findings?|problems?|events?|cause|"
    "caused|associated|driven|prompted|motivated|influenced|linked|attributable|attributed|connected|triggered|"
    "study|drug|product|treatment|device|vaccine|patient|subject|participant|unexpected|significant|serious|severe|"
    "major|additional|identified|observed|reported|specific|safety|efficacy|effectiveness|tolerability|toxicit(?:y|ies)|medical|"
    "clinical|scientific|quality|regulatory|ethical|futility|lack|adverse|side|perceived|potential|apparent|emerging|"
    "evidence|indication|suspicion|occurrence|consequence|decision|overall|basis|manufacturing|emergent|relevant|"
    "further|excess|recall|terminat(?:e|ed|ion)|discontinu(?:e|ed|ation)|stopp?(?:ed)?|suspen(?:ded|sion)|withdrawn|"
    "halted|closed|ended|cancell?ed|made|taken|following|out|reflective|reflect|pos(?:e|ed)|present(?:ed)?|represents?|"
    "raised?|reveal(?:ed|s)?|suggest(?:ed)?|indicated?|showed|shown?|show|identify|find|found|detect(?:ed)?|address(?:ed)?|"
    "prematurely|early|initiated|solely|primarily|way|any|interests?|implication|effect|performance|"
    "human|use|dose|limiting|primary|end|effects|attributed|arising|arose"
)
_DENIED_BEFORE = re.compile(
    rf"\b(?:no|not|\w+n['’]t|cannot|non|neither|nor|never|none|without|unrelated|independent(?:ly)?|irrespective|regardless|"
    rf"rather than|other than|instead of|nothing|apart from)(?:[\s,/&()'’-]+(?:{_BRIDGE}))*[\s,/&()'’-]*$",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"(?:[\s,/-]+\w+)?[\s,/-]+(?:was|were|is|are|did|has|have|had|do|does)(?:\s+not|n['’]t|\s+no|\s+never)\s+(?:a|an|the|"
    r"any|related|observed|identified|considered|seen|found|noted|involved|responsible|been|reported|reasons?|causes?|"
    r"play\w*|contribut\w+|lead|led|influenc\w*|part)\b|[\s:,-]+none\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of the vocabulary.

    Attributes:
        id: name of the class in the published vocabulary.
        group: what it means here.
        patterns: a text that holds one of them gives this reason.
        exceptions: look-alikes; what overlaps one of them does not count.
        source: where the class is published.
    """

    id: str
    label: str
    group: Group
    definition: str
    patterns: tuple[re.Pattern[str], ...]
    exceptions: tuple[re.Pattern[str], ...]
    source: str

    def first(self, text: str) -> tuple[int, int] | None:
        """Return the place of the first words that give this reason, None without any."""
        spared = [match.span() for pattern in self.exceptions for match in pattern.finditer(text)]
        for start, end in sorted(match.span() for pattern in self.patterns for match in pattern.finditer(text)):
            if any(start < last and first < end for first, last in spared):
                continue
            if self.group not in ("safety", "futility", "success") or not _denied(text, start, end):
                return start, end
        return None


@dataclass(frozen=True, slots=True)
class StopReasonTag:
    """A reason found in a text.

    Attributes:
        id: of the reason.
        group: its group.
        start, end: place of the words that gave it.
    """

    id: str
    group: Group
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class StopReasons:
    """The vocabulary, in the order of its file: the most telling reason first."""

    reasons: tuple[Reason, ...]

    def classify(self, why_stopped: str) -> tuple[StopReasonTag, ...]:
        """Return every reason found in a registry's words, each once, in the order of the vocabulary.

        A text that gives a reason is not also tagged as giving none.
        """
        text = why_stopped[:_LONGEST]
        tags = tuple(
            StopReasonTag(reason.id, reason.group, *place) for reason in self.reasons if (place := reason.first(text))
        )
        return tuple(tag for tag in tags if tag.group != "none") or tags

    def group(self, why_stopped: str) -> StopReason | Literal[""]:
        """Return the one group a trial counts under: safety before futility before other.

        An early success and an answered question are stated reasons that are neither, hence "other". "" where no
        reason is given or none is recognised.
        """
        found = {tag.group for tag in self.classify(why_stopped)}
        if "safety" in found:
            return "safety"
        if "futility" in found:
            return "futility"
        return "other" if found & {"other", "success"} else ""


def _denied(text: str, start: int, end: int) -> bool:
    return bool(_DENIED_BEFORE.search(text[max(0, start - 160) : start]) or _DENIED_AFTER.match(text, end))


def _pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern of the file: a regular expression of whole words, a blank standing for any white space.

    Raises:
        re.error: not a regular expression, or one that matches an empty text.
    """
    parts = re.split(r"(\\.|\[(?:\\.|[^\]])*\])", text)  # escapes and classes stand at the odd places
    body = "".join(part.replace(" ", r"\s" if place % 2 else r"(?:\s+)") for place, part in enumerate(parts))
    left = "" if text.startswith("^") else r"(?<!\w)"
    right = "" if text.endswith("$") else r"(?!\w)"
    compiled = re.compile(f"{left}(?:{body}){right}", re.IGNORECASE)
    if compiled.search(""):
        raise re.error("matches an empty text")
    return compiled


def _problems(row: Row, name: str, seen: set[str]) -> Iterator[Problem]:
    def problem(column: str, message: str, remedy: str) -> Problem:
        return Problem(name, row.line, column, message, remedy, "stop_reasons")

    for column in ("id", "label", "definition", "patterns"):
        if not row.cells[column]:
            yield problem(column, f"{column} is empty", "fill it")
    if row.cells["id"] in seen:
        yield problem("id", f"the reason {row.cells['id']!r} is there twice", "keep one of them")
    if row.cells["group"] not in get_args(Group):
        yield problem("group", f"{row.cells['group']!r} is no group", f"use one of {', '.join(get_args(Group))}")
    if not re.fullmatch(r"https?://\S+", row.cells["source"]):
        yield problem("source", "no public page", "name the page that publishes the class (https://…)")
    for column in ("patterns", "not"):
        for text in _split(row.cells[column]):
            try:
                _pattern(text)
            except re.error as error:
                yield problem(column, f"{text!r} is no usable pattern: {error}", "mend the regular expression")


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip() for piece in cell.split("; ")) if part)


def load(path: Path) -> StopReasons:
    """Read ``data/rules/stop_reasons.tsv``.

    Patterns are regular expressions of whole words in any case, parted by a semicolon and a blank; ``not`` holds
    look-alikes.

    Raises:
        DataError: one problem for each thing wrong, with line and remedy.
    """
    root = path.parent.parent
    rows = read_table(path, root, _COLUMNS, "\t")
    problems: list[Problem] = []
    reasons: list[Reason] = []
    seen: set[str] = set()
    for row in rows:
        wrong = list(_problems(row, display(path, root), seen))
        seen.add(row.cells["id"])
        problems += wrong
        if wrong:
            continue
        group: Group = next(one for one in get_args(Group) if one == row.cells["group"])
        reasons.append(
            Reason(
                row.cells["id"],
                row.cells["label"],
                group,
                row.cells["definition"],
                tuple(_pattern(text) for text in _split(row.cells["patterns"])),
                tuple(_pattern(text) for text in _split(row.cells["not"])),
                row.cells["source"],
            )
        )
    if not rows:
        problems.append(Problem(display(path, root), 1, "", "no reasons", "restore the file", "stop_reasons"))
    if problems:
        raise DataError(problems)
    return StopReasons(tuple(reasons))
