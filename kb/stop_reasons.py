"""Why a trial was stopped: ClinicalTrials.gov's free text read by a published vocabulary.

The seventeen reasons are those of Open Targets (Razuvayevskaya et al., Nature Genetics 2024,
https://doi.org/10.1038/s41588-024-01854-z; the classes are listed with their training data at
https://doi.org/10.57967/hf/2600). Definitions, patterns and groups in ``data/rules/stop_reasons.tsv`` are ours.

Danger is not the same on both sides: a business stop called a safety stop defames a product, a safety stop that was
not recognised stays "unknown". So whatever is denied ("not related to safety", "zero toxicities") or called harmless
("all adverse events were mild") never counts, and where the words allow both readings the milder one is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
#: A row of this group names words, to be used in other rows as ``<id>``.
_WORDS = "words"
#: Words that may stand between a denial and what it denies: they name no new subject. A full stop, a semicolon and
#: words like "but" are no part of it, so a denial ends there.
_BRIDGE = (
    "a|an|the|any|all|its|this|these|that|there|either|both|new|known|other|due|to|related|relation|relating|because|of|"
    "for|on|in|by|as|at|with|from|regarding|about|concerning|or|and|nor|was|were|are|is|be|been|being|having|had|has|"
    "have|result|results|based|reasons?|concerns?|concerned|issues?|signals?|findings?|problems?|events?|cause|"
    "caused|associated|driven|prompted|motivated|influenced|linked|attributable|attributed|connected|triggered|"
    "study|drug|product|treatment|device|vaccine|infusion|infused|treated|dosed|"
    "one|patients?|subjects?|participants?|recipients?|people|person|cases?|animals?|deaths?|instances?|single|"
    "experienced?|experiencing|develop(?:ed|ing)?|suffered|sustained|exhibited|encountered|occurred|seen|noted|"
    "unexpected|significant|serious|severe|grades?(?: (?:[1-5]|[IV]+))?|high(?:er)?|greater|above|worse|"
    "hold|life|threatening|fatal|"
    "major|additional|identified|observed|reported|specific|safety|efficacy|effectiveness|tolerability|toxicit(?:y|ies)|medical|"
    "clinical|scientific|quality|regulatory|ethical|futility|lack|adverse|side|perceived|potential|apparent|emerging|"
    "evidence|indication|suspicion|occurrence|consequence|decision|overall|basis|manufacturing|emergent|relevant|"
    "further|excess|recall|terminat(?:e|ed|ion)|discontinu(?:e|ed|ation)|stopp?(?:ed)?|suspen(?:ded|sion)|withdrawn|"
    "halted|closed|ended|cancell?ed|made|taken|following|out|reflective|reflect|pos(?:e|ed)|present(?:ed)?|represents?|"
    "raised?|reveal(?:ed|s)?|suggest(?:ed)?|indicated?|showed|shown?|show|identify|find|found|detect(?:ed)?|address(?:ed)?|"
    "prematurely|early|initiated|solely|primarily|way|any|interests?|implication|effect|performance|"
    "human|use|do|dose|limiting|primary|end|effects|attributed|arising|arose"
)
_NUMBER = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten)"
_OF = rf"(?:\s*(?:/|(?:out )?of)\s*(?:(?:the|our|these|all|first)\s+)*{_NUMBER})?"
_DENIAL = (
    rf"no|not|\w+n['’]t|cannot|non|neither|nor|never|none{_OF}|zero{_OF}|nil|nobody|no[ -]one|without|unrelated|"
    r"(?:hardly|scarcely|barely) any|absence of|free (?:of|from)|independent(?:ly)?|irrespective|regardless|"
    r"rather than|other than|instead of|nothing|apart from"
)
_DENIED_BEFORE = re.compile(
    # "day 0", "phase 0" and "5.0" deny nothing.
    rf"(?:\b(?:{_DENIAL})|(?<![\w.,/-])(?<!day )(?<!phase )(?<!cohort )(?<!grade )0{_OF})"
    rf"(?:[\s,/&()'’-]+(?:{_BRIDGE}))*[\s,/&()'’-]*$",
    re.IGNORECASE,
)
#: "No further patients due to toxicity" denies further patients, and states the toxicity.
_CAUSE = re.compile(
    r"\b(?:no|not|without)\s+(?:any\s+)?(?:further|more|additional|new|other)\s+(?:patients?|subjects?|participants?|people|"
    r"cases|treatments?|infusions?|study|use)\s+(?:due\s+to|because\s+of|owing\s+to|for)\b",
    re.IGNORECASE,
)
_HARMLESS = (
    r"(?:mild|minor|slight|minimal|trivial|rare|benign|harmless|non-?serious|low[- ]grade|tolerable|"
    r"manageable|acceptable|favou?rable|"
    r"grades? (?:1|I)(?:\s*(?:-|–|/|to|and|or)\s*(?:2|II))?(?![\w-]))"
)
_KINDS = (
    r"and|or|to|moderate|transient|reversible|temporary|local|systemic|drug|treatment|product|study|related|adverse|side|"
    r"dose|limiting|infusion|injection|site|emergent|expected"
)
_HARMLESS_BEFORE = re.compile(
    rf"(?<!not )(?<!not just )(?<!not only )\b{_HARMLESS}(?:[\s,/-]+(?:{_KINDS}))*[\s,/-]+$", re.IGNORECASE
)
_WAS = r"(?:was|were|is|are|has|have|had|did|do|does|(?:has|have|had) been|remained|stayed|will be|being)"
_HOW = r"(?:(?:all|both|only|mostly|generally|largely|merely|of|judged|considered|deemed|thought|found|to be|as)\s+)*"
_BY = r"(?:(?:drug|treatment|product|study)[- ])?(?:related|attribut\w+|due|linked|caused|connected|associated)"
#: What follows a harm and takes it back: it did not happen, has nothing to do with what was given, was harmless, or was
#: only looked for.
_TAKEN_BACK = (
    rf"{_WAS}(?:\s+not|n['’]t|\s+no|\s+never)\s+(?:a|an|the|any|related|observed|identified|considered|seen|found|noted|"
    r"involved|responsible|been|reported|reasons?|causes?|play\w*|contribut\w+|lead|led|influenc\w*|part|deemed|judged|"
    r"thought|due|attribut\w+|linked|connected|caused|associated|drug|treatment|product|occur\w*|happen\w*|arise|"
    r"appear\w*|develop\w*|detected|recorded|evaluated|assessed|reached|experienced|present|serious|severe|significant|excessive|higher|increased)\b",
    r"never\s+(?:occurred|happened|seen|observed|arose|appeared|developed)\b",
    rf"{_WAS}\s+{_HOW}(?:absent|nil|none|zero|unfounded|ruled out|excluded|unrelated|independent|low|rare|resolved|"
    r"managed|followed|monitored|tracked|collected|documented|"
    rf"(?:(?:limited|restricted|confined) to )?{_HARMLESS})(?!\w)"
    # "mild to severe" is no mild harm
    r"(?!\s*(?:to|or|and|but|/|-|,)\s*(?:\w+\s+)?(?:moderate\s+(?:to|or|and)\s+)?(?:severe|serious|fatal|lethal|grade)\b)",
    rf"(?:limited|restricted|confined)\s+to\s+{_HARMLESS}(?!\w)",
    r"(?<!not )(?<!less )(?<!longer )(?<!never )(?<!hardly )(?<!scarcely )(?<!barely )(?<!neither )"
    r"(?:acceptable|favou?rable|manageable)\b",
    r"as (?:expected|anticipated)\b|(?:all |since |fully )?resolved\b|known from\b",
    r"(?:similar|comparable) to\b|consistent with (?:the |its )?(?:known|expected)\b",
    r"(?:reported|described|published|listed) (?:elsewhere|in (?:the|a) (?:publication|paper|article|manuscript))\b",
    rf"{_HOW}unrelated\b",
    rf"none\s+(?:of\s+\w+\s+)?(?:{_WAS}\s+)?{_HOW}(?:{_BY}|serious)\b",
    rf"{_HOW}not\s+{_HOW}(?:{_BY}|evaluated|assessed|reached)\b",
)
_DENIED_AFTER = re.compile(
    rf"(?:[\s,/-]+(?!but\b|and\b)\w+){{0,2}}[\s,/(-]+(?:which\s+|that\s+|all\s+|both\s+)?(?:{'|'.join(_TAKEN_BACK)})|"
    r"[\s:,=(-]+(?:none|nil|zero|0)(?![\w/-]|[.,]\d)",
    re.IGNORECASE,
)
#: Words that say of a harm how many, how bad, of what or where; a word like "funding" would be another cause.
_OF_HARM = (
    rf"a|an|the|some|several|multiple|many|all|first|{_NUMBER}|one|cases?|reports?|of|and|or|other|serious|severe|fatal|"
    r"life-?threatening|unexpected|unacceptable|significant|excess(?:ive)?|high(?:er)?|increased?|rate|acute|early|late|new|"
    r"possible|potential|suspected|grades?|(?:[1-5]|[IV]+)(?:[-/][1-5])?|drug|treatment|study|product|infusion|cell|dose|"
    r"related|emergent|limiting|adverse|side|immune|hepatic|liver|cardiac|pulmonary|renal|skin|neurologic\w*|"
    r"[\w]+-(?:related|emergent|limiting|induced|associated)"
)
#: "Because of toxicity, all resolved": what is named as the cause was there, whatever became of it.
_BLAMED = re.compile(rf"\b(?:due to|because of|owing to|caused by)\s+(?:(?:{_OF_HARM})\s+){{0,6}}$", re.IGNORECASE)
_AFTERWARDS = re.compile(
    r"\b(?:resolved|managed|followed|monitored|tracked|documented|elsewhere|publication|paper|article|manuscript)$",
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

    def settled(self, why_stopped: str) -> StopReason | Literal[""]:
        """Return the group when every reason found belongs to it, else "".

        What nobody reviewed must not call a stop for money a stop for safety. Rules can read a mention of harm beside a
        business reason wrongly, so such a text stays undecided until a person has read it.
        """
        found = {"other" if tag.group == "success" else tag.group for tag in self.classify(why_stopped)}
        return self.group(why_stopped) if len(found) == 1 else ""


def _denied(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 160) : start]
    found = _DENIED_BEFORE.search(before)
    if found and not _CAUSE.match(before, found.start()):
        return True
    if _HARMLESS_BEFORE.search(before):
        return True
    taken_back = _DENIED_AFTER.match(text, end)
    return taken_back is not None and not (_AFTERWARDS.search(taken_back[0]) and _BLAMED.search(before))


def _spelt_out(text: str, words: Mapping[str, str]) -> str:
    """Put the words that ``<name>`` stands for in its place.

    Raises:
        re.error: no row of the group ``words`` has that name.
    """
    for name in re.findall(r"<(\w+)>", text):
        if name not in words:
            raise re.error(f"no row names the words <{name}>")
        text = text.replace(f"<{name}>", f"(?:{words[name]})")
    return text


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


def _problems(row: Row, name: str, seen: set[str], words: Mapping[str, str]) -> Iterator[Problem]:
    def problem(column: str, message: str, remedy: str) -> Problem:
        return Problem(name, row.line, column, message, remedy, "stop_reasons")

    for column in ("id", "label", "definition", "patterns"):
        if not row.cells[column]:
            yield problem(column, f"{column} is empty", "fill it")
    if row.cells["id"] in seen:
        yield problem("id", f"the reason {row.cells['id']!r} is there twice", "keep one of them")
    if row.cells["group"] not in (*get_args(Group), _WORDS):
        yield problem("group", f"{row.cells['group']!r} is no group", f"use one of {', '.join(get_args(Group))}")
    if row.cells["group"] != _WORDS and not re.fullmatch(r"https?://\S+", row.cells["source"]):
        yield problem("source", "no public page", "name the page that publishes the class (https://…)")
    for column in ("patterns", "not"):
        for text in _split(row.cells[column]):
            try:
                _pattern(_spelt_out(text, words))
            except re.error as error:
                yield problem(column, f"{text!r} is no usable pattern: {error}", "mend the regular expression")


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip() for piece in cell.split("; ")) if part)


def load(path: Path) -> StopReasons:
    """Read ``data/rules/stop_reasons.tsv``.

    Patterns are regular expressions of whole words in any case, parted by a semicolon and a blank; ``not`` holds
    look-alikes. A row of the group ``words`` is no reason: its patterns are what ``<id>`` stands for in the others.

    Raises:
        DataError: one problem for each thing wrong, with line and remedy.
    """
    root = path.parent.parent
    rows = read_table(path, root, _COLUMNS, "\t")
    problems: list[Problem] = []
    reasons: list[Reason] = []
    seen: set[str] = set()
    words: dict[str, str] = {}
    for row in rows:
        wrong = list(_problems(row, display(path, root), seen, words))
        seen.add(row.cells["id"])
        problems += wrong
        if wrong:
            continue
        if row.cells["group"] == _WORDS:
            words[row.cells["id"]] = "|".join(_spelt_out(text, words) for text in _split(row.cells["patterns"]))
            continue
        group: Group = next(one for one in get_args(Group) if one == row.cells["group"])
        reasons.append(
            Reason(
                row.cells["id"],
                row.cells["label"],
                group,
                row.cells["definition"],
                tuple(_pattern(_spelt_out(text, words)) for text in _split(row.cells["patterns"])),
                tuple(_pattern(_spelt_out(text, words)) for text in _split(row.cells["not"])),
                row.cells["source"],
            )
        )
    if not rows:
        problems.append(Problem(display(path, root), 1, "", "no reasons", "restore the file", "stop_reasons"))
    if problems:
        raise DataError(problems)
    return StopReasons(tuple(reasons))
