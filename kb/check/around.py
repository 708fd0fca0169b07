"""What a quotation leaves out beside it: a denial or a doubt in the same sentence that reaches the quoted words.

Two judges look: the cues below with a scope that ends only where a new clause surely begins, and, where the caller
gives it, :class:`kb.tag.context.Context`. A quotation refused in error costs a look; one accepted in error turns a
result round. So a doubtful scope reaches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kb.check.cues import CONDITIONS, DENIED, DENIES, DOUBTED, DOUBTS, NEARLY, NO_DENIAL, OF_A_NOUN, OPENS, TAKEN_UP
from kb.tag.context import Context

LossKind = Literal["negation_lost", "hedge_lost"]


@dataclass(frozen=True, slots=True)
class Loss:
    """Words beside a quotation without which it says something else.

    Attributes:
        kind: what they do to it.
        words: as printed.
    """

    kind: LossKind
    words: str


_NEW_CLAUSE = re.compile(
    r"—|\b(?:but|whereas|however|although|though|while|yet|because|therefore|thus|so that|"
    r"nevertheless|nonetheless)\b",
    re.IGNORECASE,
)
_CLAUSE_AFTER = re.compile(
    r";|—|\(|\b(?:but|whereas|however|although|though|while|yet|because|since|so|therefore|thus|who|whom|whose|which|where|"
    r"when|after|before|than|compared|versus|vs|despite|without)\b",
    re.IGNORECASE,
)
_INTERRUPTED = re.compile(r"[,—)]\s*$")
_JOIN = re.compile(r"(?:[,:]|\band\b|\bso\b)\s*$", re.IGNORECASE)
_JOIN_AFTER = re.compile(r",|\band\b|\bor\b", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:that|which|who|to)\s+$", re.IGNORECASE)
_STOP = re.compile(r";|\bbut\b", re.IGNORECASE)
_COMPLEMENT = re.compile(r"\b(?:that|whether|if|how|or|nor)\b", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:was|were|is|are|has|have|had|did|does|do|can|could|may|might|will|would|shall|should|must|showed|rose|fell|grew|"
    r"gave|led|made|became|began|kept|came|held|ran|underwent|withdrew|met|lived|died|(?!treated|based)[a-z]{3,}ed"
    r"(?! (?:with|by)\b))\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_][\w'’-]*")
#: Words over which a denial and a doubt reach.
_FAR, _NEAR = 14, 6
#: Words ahead of a cue that opens a sentence: "In the absence of …".
_OPENING = 2


def losses(sentence: str, start: int, end: int, context: Context | None = None) -> Iterator[Loss]:
    """Yield what a quotation loses on its left and on its right, the most harmful first.

    Args:
        sentence: the sentence in which the quotation stands, white space as single characters.
        start: place of the first quoted character in it.
        end: place of the character after the last.
        context: cues of the base, asked as well.
    """
    left, quoted, right = sentence[:start], sentence[start:end], sentence[end:]
    found = [*_before(left, quoted), *_behind(quoted, right, opens=not _WORD.search(left))]
    if context is not None:
        found += _by_context(context, sentence, start, end)
    yield from sorted(dict.fromkeys(found), key=lambda loss: loss.kind == "hedge_lost")


def inside(words: str) -> Loss | None:
    """Return the denial or doubt among words that a quotation skips, None without one."""
    plain = _masked(words)
    if match := DENIES.search(plain) or DENIED.search(plain):
        return Loss("negation_lost", match.group())
    if match := DOUBTS.search(plain) or DOUBTED.search(plain):
        return Loss("hedge_lost", match.group())
    return None


def _masked(words: str) -> str:
    """Return words of the same length in which what only looks like a denial is struck out."""
    return NO_DENIAL.sub(lambda seen: "x" * len(seen.group()), words)


def _before(left: str, quoted: str) -> Iterator[Loss]:
    plain = _masked(left)
    for match in reversed(list(DENIES.finditer(plain))):
        if _reaches(plain, match.start(), match.end(), quoted, _FAR):
            yield Loss("negation_lost", left[match.start() :].strip())
            break
    for match in reversed(list(DOUBTS.finditer(plain))):
        if _reaches(plain, match.start(), match.end(), quoted, _NEAR):
            yield Loss("hedge_lost", left[match.start() :].strip())
            break
    if nearly := NEARLY.search(left):
        yield Loss("hedge_lost", nearly.group().strip())


def _reaches(left: str, start: int, end: int, quoted: str, reach: int) -> bool:
    """Tell whether a cue on the left reaches the quoted words: not when these begin a clause of their own."""
    cue, between = left[start:end], left[end:]
    if len(_WORD.findall(between)) > reach or ";" in between:
        return False
    if _NEW_CLAUSE.search(between):
        # "did not, while on treatment, improve": an interrupted clause goes on.
        return bool(_INTERRUPTED.search(between)) and not _has_clause(quoted)
    if not _JOIN.search(between) or not _has_clause(quoted) or _COMPLEMENT.search(between):
        return True
    if CONDITIONS.fullmatch(cue) and between.rstrip().endswith(","):
        return True
    if OF_A_NOUN.fullmatch(cue) and not _VERB.search(between):
        opens = OPENS.fullmatch(cue) and len(_WORD.findall(left[:start])) <= _OPENING
        return not (opens and between.count(",") == 1 and between.rstrip().endswith(","))
    return not _WORD.search(between)


def _has_clause(words: str) -> bool:
    """Tell whether words hold a subject and its verb."""
    match = _VERB.search(words)
    return match is not None and _WORD.search(words[: match.start()]) is not None


def _has_predicate(words: str, *, opens: bool) -> bool:
    """Tell whether words hold a verb of their own, not one of a relative clause or (at the start) a participle."""
    return any(
        not _RELATIVE.search(words[: match.start()])
        and not (opens and match.group().endswith("ed") and not _WORD.search(words[: match.start()]))
        for match in _VERB.finditer(words)
    )


def _behind(quoted: str, right: str, *, opens: bool) -> Iterator[Loss]:
    # Without a verb the quoted words wait for theirs, over whatever clause comes between.
    stop = (_CLAUSE_AFTER if _has_predicate(quoted, opens=opens) else _STOP).search(right)
    clause = right[: stop.start()] if stop else right
    whole = _has_clause(quoted)
    plain = _masked(clause)
    kinds: tuple[tuple[LossKind, re.Pattern[str], int], ...] = (
        ("negation_lost", DENIED, _FAR),
        ("hedge_lost", DOUBTED, _NEAR),
    )
    for kind, cues, reach in kinds:
        match = cues.search(plain)
        if match is None:
            continue
        between = clause[: match.start()]
        if len(_WORD.findall(between)) <= reach and not (whole and _JOIN_AFTER.search(between)):
            yield Loss(kind, clause[: match.end()].strip(" ,"))
    if taken := TAKEN_UP.search(right):
        yield Loss("negation_lost", taken.group().strip())
    if right.rstrip().endswith("?"):
        yield Loss("hedge_lost", "?")


def _by_context(context: Context, sentence: str, start: int, end: int) -> Iterator[Loss]:
    """Ask the cues of the base; a cue that a clause of the quotation's own keeps away does not count."""
    assertion, cue = context.explained_at(sentence, start, end)
    if assertion not in ("absent", "possible"):
        return
    left, quoted, right = sentence[:start], sentence[start:end], sentence[end:]
    reach = _FAR if assertion == "absent" else _NEAR
    kind: LossKind = "negation_lost" if assertion == "absent" else "hedge_lost"
    before, after = left.lower().rfind(cue.lower()), right.lower().find(cue.lower())
    if before >= 0 and _reaches(left, before, before + len(cue), quoted, reach):
        yield Loss(kind, left[before:].strip())
    elif after >= 0:
        between = right[:after]
        apart = _CLAUSE_AFTER.search(between) or (_has_clause(quoted) and _JOIN_AFTER.search(between))
        if not apart and len(_WORD.findall(between)) <= reach:
            yield Loss(kind, right[: after + len(cue)].strip(" ,"))
