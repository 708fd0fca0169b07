"""What the model sees of a passage: names of features, hashed by CRC-32: no text of the training corpus ships."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from zlib import crc32

from kb.tag.direction_cues import Cue, cues
from kb.tag.direction_figures import compared
from kb.tag.direction_reading import Reading
from kb.tag.direction_rules import Answer, answer, denied, effects, nearest_p, spoken_of
from kb.tag.polarity import polarity

#: Number of places features are hashed to. A power of two.
SIZE = 1 << 17
_POLAR = {1: "good", -1: "bad", 0: "?"}
_SIGN = {1: "+", -1: "-", 0: "0"}


def hashed(names: Iterator[str]) -> list[int]:
    """Return the places of features, sorted, each once.

    Args:
        names: of features.
    """
    return sorted({crc32(name.encode()) % SIZE for name in names})


def features(reading: Reading, outcome: str) -> Iterator[str]:
    """Yield the names of a passage's features; some more than once.

    Args:
        reading: the passage read for a question.
        outcome: the question's outcome.
    """
    good = polarity(outcome)
    yield "bias"
    yield f"pol={_POLAR[good]}"
    rule = answer(reading, outcome)
    yield f"rule={rule.rule if rule else ''}:{rule.change if rule else ''}"
    yield f"change={rule.change if rule else ''}"
    yield from _grams("all", _skeleton(reading, 0, len(reading.plain.text), good), 3)
    yield from _grams("foc", _skeleton(reading, reading.start, reading.end, good), 4)
    yield from _wordgrams(reading, good)
    yield from _cue_features(reading, good)
    yield from _figures(reading, rule)


def _figures(reading: Reading, rule: Answer | None) -> Iterator[str]:
    figures = compared(reading)
    sign = "" if figures is None else _SIGN[figures[0]]
    p = nearest_p(reading)
    kind = p.kind if p else next((c.kind for c in reading.cues if c.kind in ("P+", "P-")), "none") + "*"
    interval = next((c.kind for c in reading.focus() if c.kind in ("CI0", "CI<", "CI>")), "")
    ratio = next((c.kind for c in reading.focus() if c.kind in ("R<", "R>")), "")
    same = any(c.kind == "SAME" for c in reading.focus())
    anywhere = any(c.kind == "SAME" for c in reading.cues)
    change = rule.change if rule else ""
    yield f"fig={sign}"
    yield f"p={kind}"
    yield f"fig,p={sign},{kind}"
    yield f"rule,p={change},{kind}"
    yield f"rule,fig={change},{sign}"
    yield f"rule,fig,p={change},{sign},{kind}"
    yield f"ci={interval}"
    yield f"ratio={ratio}"
    yield f"ratio,ci={ratio},{interval}"
    yield f"ratio,fig={ratio},{sign}"
    yield from _beside(reading)
    yield f"ci,p={interval},{kind}"
    yield f"same={same},{anywhere}"
    yield f"same,p={same},{anywhere},{kind}"
    arms = {mention.arm for mention in reading.mentions}
    yield f"arms={''.join(sorted(arms))}"
    order = "".join(m.arm[0] + ("r" if m.reference else "") for m in reading.mentions[:3])
    yield f"order={order}"
    yield f"order,fig={order},{sign}"
    yield f"covered={int(4 * reading.covered)}"


def _beside(reading: Reading) -> Iterator[str]:
    """What stands right after each group, and in the clause after the one that speaks of the outcome."""
    for mention in reading.mentions:
        after = next((c for c in reading.cues if c.start >= mention.end and c.kind in ("P+", "P-", "SAME")), None)
        if after is not None and after.start - mention.end < 50:
            yield f"after={mention.arm}{'r' if mention.reference else ''}:{after.kind}"
    later = [c.kind for c in reading.cues if c.start >= reading.end and c.kind in ("P+", "P-", "SAME", "CI0")]
    yield f"next={later[0] if later else ''}"


def _cue_features(reading: Reading, good: int) -> Iterator[str]:
    sides = compared(reading)
    figures = "" if sides is None else _SIGN[sides[0]]
    name = "".join(
        sorted({c.kind[0] for c in cues(" ".join(sorted(reading.asked.said))) if c.kind in ("UP", "DOWN", "GOOD")})
    )
    for rank, effect in enumerate(effects(reading, reading.focus(), good)):
        cue, sign = effect.cue, effect.sign
        subject = spoken_of(reading, cue) or "none"
        no = "not" if denied(reading, cue) else ""
        result = sign if subject != "CMP" else -sign
        place = "first" if rank == 0 else "later"
        yield f"cue={cue.lemma}|{subject}|{no}|{_POLAR[good]}"
        yield f"cue={cue.lemma}|{no}|{place}"
        yield f"kind={cue.kind}|{subject}|{no}|{place}|{_POLAR[good]}"
        yield f"result={_SIGN[result]}|{no}|{place}"
        yield f"result={_SIGN[result]}|{no}|{subject}"
        yield f"result={_SIGN[result]}|{place}|{_POLAR[good]}|{name}"
        if rank == 0:
            yield f"result,fig={_SIGN[result]}|{figures}"
            yield f"kind,fig={cue.kind}|{figures}|{_POLAR[good]}"
        yield f"round={cue.lemma}|{_around(reading, cue)}"


def _around(reading: Reading, cue: Cue) -> str:
    before = [m for m in reading.mentions if m.end <= cue.start]
    after = [m for m in reading.mentions if m.start >= cue.end]
    left = before[-1].arm + ("r" if before[-1].reference else "") if before else ""
    right = after[0].arm + ("r" if after[0].reference else "p" if after[0].placed else "") if after else ""
    return f"{left}>{right}"


def _skeleton(reading: Reading, start: int, end: int, good: int) -> list[str]:
    """Return the part of a passage as a row of groups, outcome and cues, all other words left out."""
    row: list[tuple[int, str]] = [(m.start, m.arm) for m in reading.mentioned(start, end)]
    row += [
        (word.start, role)
        for word, role in zip(reading.words, reading.roles, strict=True)
        if role in ("OUT", "ALL") and start <= word.start < end
    ]
    for cue in reading.cues:
        if start <= cue.start < end:
            name = cue.kind + (_POLAR[good] if cue.kind in ("GOOD", "BAD") else "")
            row.append((cue.start, name))
    row.sort()
    out: list[str] = []
    for _, name in row:
        if not out or out[-1] != name:
            out.append(name)
    return out


def _wordgrams(reading: Reading, good: int) -> Iterator[str]:
    cued = sorted((cue.start, cue.end, cue) for cue in reading.cues)
    at = 0
    row: list[str] = []
    inside: list[str] = []
    for word, role in zip(reading.words, reading.roles, strict=True):
        while at < len(cued) and cued[at][1] <= word.start:
            at += 1
        name = role or word.low
        if at < len(cued) and cued[at][0] <= word.start:
            cue = cued[at][2]
            name = cue.lemma or cue.kind
        elif word.low[0].isdigit():
            name = "0"
        if row and row[-1] == name:
            continue
        row.append(name)
        if reading.start <= word.start < reading.end:
            inside.append(name)
    yield from _grams("w", row, 2)
    yield from _grams("f", inside, 3)
    yield from (f"{_POLAR[good]}|{name}" for name in inside)


def _grams(prefix: str, row: list[str], longest: int) -> Iterator[str]:
    framed = ["^", *row, "$"]
    for size in range(1, longest + 1):
        for at in range(len(framed) - size + 1):
            yield f"{prefix}:{' '.join(framed[at : at + size])}"


def weights_of(readings: Sequence[Reading]) -> list[float]:
    """Return for each sentence how much of the outcome it names, words that few sentences hold counting more.

    Args:
        readings: the sentences of a text, read for one question.
    """
    named = [
        {
            word.stem
            for word, role in zip(one.words, one.roles, strict=True)
            if role == "OUT" or word.stem in one.asked.said
        }
        for one in readings
    ]
    seen = Counter(stem for stems in named for stem in stems)
    return [sum(1 / seen[stem] for stem in sorted(stems)) for stems in named]


def of_sentence(readings: Sequence[Reading], at: int, weights: Sequence[float]) -> Iterator[str]:
    """Yield the names of features that tell whether a sentence is the one that answers.

    Args:
        readings: the sentences of the text, read for the question.
        at: which of them.
        weights: of :func:`weights_of`.
    """
    reading = readings[at]
    best = max(one.covered for one in readings)
    share = int(5 * reading.covered)
    top = reading.covered >= best > 0
    most = max(weights)
    rank = int(4 * weights[at] / most) if most else -1
    first = top and not any(one.covered >= best for one in readings[:at])
    arms = "".join(sorted({mention.arm for mention in reading.mentions}))
    kinds = sorted({cue.kind for cue in reading.cues})
    tells = bool({"UP", "DOWN", "GOOD", "BAD", "SAME", "FAST", "SLOW"} & set(kinds))
    proven = bool({"P+", "P-", "CI0", "CI<", "CI>"} & set(kinds))
    yield "s:bias"
    yield f"s:share={share}"
    yield f"s:rank={rank}"
    yield f"s:share,rank={share},{rank}"
    yield f"s:share,top={share},{top}"
    yield f"s:first={first},{top},{tells},{proven}"
    yield f"s:none={best == 0}"
    yield f"s:place={int(10 * at / len(readings))}"
    yield f"s:arms={arms}"
    yield f"s:arms,top={arms},{top},{rank}"
    for kind in kinds:
        yield f"s:kind={kind}"
        yield f"s:kind,top={kind},{top}"
        yield f"s:kind,arms={kind},{arms}"
    yield f"s:tells={tells},{proven},{top},{rank}"
    yield f"s:tells={tells},{proven},{share}"
    yield f"s:tells={tells},{proven},{arms},{rank}"
    yield f"s:length={min(len(reading.words) // 10, 8)}"
    for word in {word.low for word in reading.words if word.low.isalpha()}:
        yield f"s:w={word}"
    for word in [word.low for word in reading.words[:2]]:
        yield f"s:begins={word}"
