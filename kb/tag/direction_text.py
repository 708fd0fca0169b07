"""Words of a passage, and which of them name the intervention, the comparator and the outcome of a question.

A question is three free texts. A word names an arm when it stands in that arm's text and not in the other's; words that
both share ("versus vitamin A alone") tell nothing. Where the question's own words are absent, the common names of a
control group count for the comparator and those of a treated group for the intervention.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

#: ``INT`` intervention, ``CMP`` comparator, ``OUT`` outcome, ``ALL`` every group, "" anything else.
Role = Literal["", "INT", "CMP", "OUT", "ALL"]
Arm = Literal["INT", "CMP"]


def named(text: str) -> frozenset[str]:
    """Return the words of a list set in one line."""
    return frozenset(text.split())


_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9A-Fa-f]{1,5}|[A-Za-z]{2,8});")
#: One character for one character, so that offsets hold.
_PLAIN = str.maketrans(
    {**dict.fromkeys("−–—‐‑‒", "-"), **dict.fromkeys("·∙⋅", "."), **dict.fromkeys("\u00a0\u2009\u202f\u2007\t", " ")}
    | {"≤": "<", "≥": ">", "⩽": "<", "⩾": ">", "＜": "<", "＞": ">", "＝": "=", "‘": "'", "’": "'", "ﬁ": "f"}
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]{1,2})?\d*|\d+(?:\.\d+)*|\S")

#: Words that name neither an arm nor an outcome.
NOT_CONTENT = named(
    "a an the of in on at to for with by from and or plus as per vs versus than between both all any each no "
    "not non "
    "without was were is are be been had has have that this these those which who whom it its their after "
    "before during "
    "over under into within about only also day days week weeks month months year years hour hours h min mg kg g ml dl "
    "mcg µg μg mmol iu daily twice once dose doses dosage oral orally intravenous group groups arm arms "
    "patients patient "
    "subjects participants people women men children received receiving given using used use administered mean median "
    "total number score scores rate rates level levels change changes time baseline therapy treatment "
    "treatments effect "
    "effects regimen increase increased decrease decreased reduction reduced improvement improved study "
    "trial more less treated "
    "same other either alone combined combination"
)
_CONTROL = named(
    "control controls placebo sham usual standard conventional comparator untreated vehicle waitlist "
    "untrained routine "
    "unsupplemented traditional reference"
)
_TREATED = named("intervention experimental active supplemented intervened")
_GROUPS = named("group groups arm arms cohort cohorts patients subjects participants")
_ALONE = named("alone only monotherapy")
_SMALL = named("a an the of in on at to for with by from and or per than between")
#: Between these, names of groups do not belong together.
_APART = named(", ; . ( ) vs versus than compared and whereas while but against")
_NEGATIONS = named("no non not without un never")
_EVERYONE = re.compile(
    r"\b(?:both|all|(?:the )?two|(?:the )?three|either|(?:across|between|among|amongst)(?: the| these| all|"
    r" both| two)*)"
    r" (?:study |treatment |trial |intervention |randomi[sz]ed )?(?:groups?|arms?|treatments?|regimens?|"
    r"cohorts?|drugs?)\b",
    re.IGNORECASE,
)
_ENDINGS = ("ies", "es", "s")
#: Letters compared: enough to tell "laparoscopic" from "laparotomy", few enough for "supplemented" and "supplements".
_STEM = 7
#: Words of a passage looked at; an abstract has 300.
_LONGEST = 4000
#: Longest run of initials compared with an abbreviation.
_INITIALS = 6


@dataclass(frozen=True, slots=True)
class Word:
    """A word, number or mark.

    Attributes:
        start, end: characters of the plain text.
        low: lower case.
        stem: what is compared.
        upper: printed in capitals, as abbreviations are.
    """

    start: int
    end: int
    low: str
    stem: str
    upper: bool


@dataclass(frozen=True, slots=True)
class Plain:
    """A text with one spelling of dashes, dots and signs, and entities resolved.

    Attributes:
        text: the plain text.
        offsets: for each of its characters and its end, the place in the text as given; empty when they are the same.
    """

    text: str
    offsets: tuple[int, ...] = ()

    def original(self, place: int) -> int:
        """Return the place in the text as given."""
        return self.offsets[place] if self.offsets else place


def plain(text: str) -> Plain:
    """Return the text as it is compared ("P&#x02009;&lt;&#x02009;0·05" → "P < 0.05"), its offsets kept."""
    if "&" not in text:
        return Plain(text.translate(_PLAIN))
    pieces: list[str] = []
    offsets: list[int] = []
    last = 0
    for match in _ENTITY.finditer(text):
        pieces.append(text[last : match.start()])
        offsets.extend(range(last, match.start()))
        char = html.unescape(match.group())
        if len(char) != 1:  # an unknown name, or two characters: leave it as it is
            char = match.group()
            offsets.extend(range(match.start(), match.end()))
        else:
            offsets.append(match.start())
        pieces.append(char)
        last = match.end()
    pieces.append(text[last:])
    offsets.extend(range(last, len(text) + 1))
    return Plain("".join(pieces).translate(_PLAIN), tuple(offsets))


def words(text: str) -> list[Word]:
    """Return the words, numbers and marks of a plain text in order, at most 4,000."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        low = match.group().lower()
        found.append(Word(match.start(), match.end(), low, stem(low), match.group().isupper()))
        if len(found) == _LONGEST:
            break
    return found


def stem(low: str) -> str:
    """Return what is compared of a word in lower case."""
    if len(low) > 4:
        for ending in _ENDINGS:
            if low.endswith(ending) and not low.endswith("ss"):
                low = low[: -len(ending)]
                break
    return low[:_STEM]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, made ready to be looked up in texts.

    Attributes:
        intervention, comparator: stems that name only that arm.
        shared: stems that stand in both.
        outcome: stems of the outcome.
        letters: abbreviations of each arm and of the outcome, lower case → role.
        bare: the comparator is the intervention left out ("no …", "without …").
        alone: the arm that is said to be given "alone" or "only", "" when none or both are.
        said: all stems of the outcome, with words like "reduction".
        labels: the letter or number of a group ("group B") → arm.
    """

    intervention: frozenset[str]
    comparator: frozenset[str]
    shared: frozenset[str]
    outcome: frozenset[str]
    letters: tuple[tuple[str, Role], ...] = ()
    bare: bool = False
    alone: Literal["", "INT", "CMP"] = ""
    said: frozenset[str] = frozenset()
    labels: tuple[tuple[str, Arm], ...] = ()


def question(outcome: str, intervention: str, comparator: str) -> Question:
    """Return the question made of three free texts."""
    parts = [words(plain(part).text) for part in (outcome, intervention, comparator)]
    stems = [frozenset(_content(part)) for part in parts]
    out, one, two = stems
    letters: dict[str, Role] = {}
    roles: tuple[Role, ...] = ("OUT", "INT", "CMP")
    for part, role in zip(parts, roles, strict=True):
        for name in _initials(part):
            letters[name] = "" if name in letters and letters[name] != role else role
    lows = [{word.low for word in part} for part in parts]
    by_itself = [bool(low & _ALONE) for low in lows[1:]]
    bare = bool({word.low for word in parts[2][:6]} & _NEGATIONS)
    return Question(
        one if bare else one - two,
        two - one,
        frozenset() if bare else one & two,
        out,
        tuple(sorted(letters.items())),
        bare=bare,
        alone="" if by_itself[0] == by_itself[1] else "INT" if by_itself[0] else "CMP",
        said=frozenset(word.stem for word in parts[0] if word.low not in _SMALL),
        labels=_labels(parts[1], parts[2]),
    )


def _content(part: Sequence[Word]) -> list[str]:
    kept = [w.stem for w in part if w.low not in NOT_CONTENT and (len(w.low) > 1 or w.upper) and w.low[0].isalpha()]
    return kept or [w.stem for w in part if w.low[0].isalpha()]


def _initials(part: Sequence[Word]) -> set[str]:
    """Return the abbreviations that runs of words would have: "cognitive behaviour therapy" → cbt, cb, bt."""
    letters = [w.low[0] for w in part if w.low[0].isalpha() and w.low not in ("of", "and", "the", "for", "with", "in")]
    found: set[str] = set()
    for size in range(3, _INITIALS + 1):
        found.update("".join(letters[at : at + size]) for at in range(len(letters) - size + 1))
    if 2 <= len(letters) <= 4:
        found.add("".join(letters))
    return found


def _labels(one: Sequence[Word], two: Sequence[Word]) -> tuple[tuple[str, Arm], ...]:
    """Return the letters or numbers of groups: "Group A: …" → a."""
    found: dict[str, Arm] = {}
    arms: tuple[Arm, ...] = ("INT", "CMP")
    for part, arm in zip((one, two), arms, strict=True):
        for before, after in pairwise(part):
            if before.low in _GROUPS and (len(after.low) <= 3 and after.low.isalnum()):
                if after.low in found and found[after.low] != arm:
                    del found[after.low]
                else:
                    found[after.low] = arm
    return tuple(sorted(found.items()))


def roles(text: str, found: Sequence[Word], asked: Question) -> list[Role]:
    """Return the role of each word.

    Args:
        text: the plain text.
        found: its words.
        asked: the question.
    """
    letters = dict(asked.letters)
    labels = dict(asked.labels)
    everyone = [match.span() for match in _EVERYONE.finditer(text)]
    marks: list[Role] = []
    for at, word in enumerate(found):
        if any(start <= word.start < end for start, end in everyone):
            marks.append("ALL")
        else:
            marks.append(_role(found, at, asked, letters, labels))
    _outcome_or_arm(found, marks, asked)
    if bool(asked.intervention) != bool(asked.comparator):
        _shared_words(found, marks, asked)
    return marks


def _shared_words(found: Sequence[Word], marks: list[Role], asked: Question) -> None:
    """Where one arm is all of the other and more, the shared words by themselves name the smaller one."""
    small: Arm = "CMP" if asked.intervention else "INT"
    for at, word in enumerate(found):
        if not marks[at] and word.stem in asked.shared and word.low not in NOT_CONTENT and word.low.isalpha():
            marks[at] = "" if _beside_more(found, marks, at, small) else small


def _beside_more(found: Sequence[Word], marks: Sequence[Role], at: int, small: Arm) -> bool:
    """Return whether a word of the bigger arm stands within four words, with nothing between that parts them."""
    for step in (-1, 1):
        for place in range(at + step, at + 5 * step, step):
            if not 0 <= place < len(found) or found[place].low in _APART - {"and", "("}:
                break
            if marks[place] in ("INT", "CMP") and marks[place] != small:
                return True
    return False


def _role(found: Sequence[Word], at: int, asked: Question, letters: dict[str, Role], labels: dict[str, Arm]) -> Role:
    word = found[at]
    before = found[at - 1].low if at else ""
    if word.low in _ALONE and asked.alone:
        return asked.alone
    if word.low == "without" and (at + 1 == len(found) or found[at + 1].low in ".,;("):
        return "CMP"
    if labels and word.low in labels and (before in _GROUPS or (at > 1 and found[at - 2].low in _GROUPS)):
        return labels[word.low]
    if word.stem in asked.intervention and word.low not in NOT_CONTENT:
        return "CMP" if asked.bare and _left_out(found, at) else "INT"
    if word.stem in asked.comparator and word.low not in NOT_CONTENT:
        return "CMP"
    if word.upper and len(word.low) > 1 and letters.get(word.low):
        return letters[word.low]
    if word.stem in asked.outcome and word.low not in NOT_CONTENT:
        return "OUT"
    return _common_name(found, at, asked)


def _common_name(found: Sequence[Word], at: int, asked: Question) -> Role:
    word = found[at]
    if word.low in _CONTROL and word.stem not in asked.shared:
        return "CMP"
    after = found[at + 1].low if at + 1 < len(found) else ""
    if word.stem in asked.shared:
        return ""
    if word.low in _TREATED or (
        word.low in ("treatment", "study", "therapy") and after in _GROUPS and after[-1] != "s"
    ):
        return "INT"
    return ""


def _left_out(found: Sequence[Word], at: int) -> bool:
    return any(word.low in _NEGATIONS for word in found[max(0, at - 2) : at])


def _outcome_or_arm(found: Sequence[Word], marks: list[Role], asked: Question) -> None:
    """A word of an arm and of the outcome is the outcome's where its neighbours are."""
    for at, word in enumerate(found):
        if marks[at] in ("INT", "CMP") and word.stem in asked.outcome:
            near = marks[max(0, at - 2) : at] + marks[at + 1 : at + 3]
            if "OUT" in near or len(asked.outcome) == 1:
                marks[at] = "OUT"
