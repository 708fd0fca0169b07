"""Anchors of quotations: 300 true and 300 false ones, ours beside linkml-reference-validator.

True quotations are whole sentences and stretches that stand on their own (``anchor_sentences.txt``), printed in other
typography or with an ellipsis; false ones come from them by one change of meaning each. All are drawn by fixed rules
with a fixed seed. The peer is asked where it can be imported.

Run: ``python -m tests.benchmarks.anchors``, in an environment that has the peer for both columns.

Measured on 2026-11-24, accepted of 300 true and rejected of 300 false quotations:

==================================  =========  ==================================
kind                                ours       linkml-reference-validator 0.4.0
==================================  =========  ==================================
whole sentence                      84 of 85   85 of 85
stretch                             84 of 84   84 of 84
other typography                    84 of 84   4 of 84
ellipsis                            47 of 47   14 of 47
all true                            299        187
denial or doubt cut off             39 of 39   0 of 39
denial or doubt dropped             39 of 39   39 of 39
word or compound cut                39 of 39   0 of 39
digit changed                       39 of 39   39 of 39
words reordered                     39 of 39   39 of 39
unit or sign changed                39 of 39   12 of 39
cell type swapped                   39 of 39   37 of 39
comparator reversed                 27 of 27   21 of 27
all false                           300        187
==================================  =========  ==================================

Sentences, cues and rules have one author, so the figures of ours say that nothing broke, not how it does on texts of
others. The peer documents "..." alone as an ellipsis and promises no tolerance of typography.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kb.check.anchor import Anchor, anchor
from kb.tag.context import load_context

ROOT = Path(__file__).resolve().parents[2]
SENTENCES = Path(__file__).with_name("anchor_sentences.txt")
SEED = 40_417
EACH = 300
#: Shorter stretches are no quotations.
FEWEST_WORDS = 3

_BRACES = re.compile(r"\{(?P<way>[?<]{0,2})(?P<words>[^{}]*)\}")
_CELLS = (
    ("CAR-NKT", "CAR-NK"),
    ("iNKT", "NK"),
    ("NKT", "NK"),
    ("CAR-NK", "CAR-T"),
    ("CAR-NK", "NK"),
    ("NK-92", "NK-39"),
    ("γδ T", "αβ T"),
    ("NK", "NKT"),
    ("Cytokine-induced killer", "Natural killer"),
)
_COMPARED = (
    (r"(?<=\s)<(?= ?\d)", ">"),
    (r"(?<=\s)>(?= ?\d)", "<"),
    ("≥", "≤"),
    ("≤", "≥"),
    ("at least", "at most"),
    ("at most", "at least"),
    ("more than", "less than"),
    ("less than", "more than"),
    ("fewer than", "more than"),
    (r"\bup to", "at least"),
    (r"\b(lower)\b", "higher"),
    (r"\b(below|under)\b", "above"),
)
_UNITS = (
    (r"%", ""),
    (r"\^", ""),
    (r"\^(?=\d)", " "),
    ("−(?=[0-9])", ""),
    ("cells/kg", "cells/g"),
    ("g/dL", "mg/dL"),
    ("cells/µL", "cells/mL"),
    (r"\bweeks\b", "days"),
    (r"\bmonths\b", "weeks"),
    (r"\bdays\b", "hours"),
    (r"\bhours\b", "days"),
    ("pg/mL", "ng/mL"),
    (r" (?=\d+%)", " −"),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One quotation and the text it is said to come from."""

    kind: str
    quote: str
    text: str


@dataclass(frozen=True, slots=True)
class _Marked:
    """A sentence with its marks, and the passage it stands in."""

    line: str
    text: str

    @property
    def whole(self) -> str:
        return _bare(self.line)

    @property
    def stretches(self) -> list[str]:
        """Stretches that stand on their own, with braces."""
        return [piece.strip() for piece in self.line.split("|")]


def _bare(marked: str) -> str:
    return " ".join(_BRACES.sub(lambda match: match["words"], marked.replace("|", " ")).split())


def marked() -> list[_Marked]:
    """Return the sentences, each within a passage of three."""
    lines = [
        line for line in SENTENCES.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")
    ]
    around = [[lines[place - 1], line, lines[(place + 1) % len(lines)]] for place, line in enumerate(lines)]
    return [_Marked(three[1], " ".join(_bare(one) for one in three)) for three in around]


# ------------------------------------------------------------------------------------------------------- true ones


def _whole(sentence: _Marked, draw: random.Random) -> Iterator[str]:
    yield sentence.whole


def _stretch(sentence: _Marked, draw: random.Random) -> Iterator[str]:
    if len(sentence.stretches) > 1:
        yield from (_bare(one) for one in sentence.stretches)


def _typography(sentence: _Marked, draw: random.Random) -> Iterator[str]:
    """Print it another way: other spaces, dashes, raised figures, soft hyphens, ligatures, a small first letter."""
    shown = sentence.whole.replace("fi", "ﬁ").replace("–", "-").replace("−", "-")
    shown = re.sub(r"\^(\d+)", lambda match: match[1].translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")), shown)
    place = draw.choice([match.start() for match in re.finditer(" ", shown)])
    shown = f"{shown[:place]}\u00a0\n{shown[place + 1 :]}"
    long = [match.start() + 4 for match in re.finditer(r"[a-z]{8,}", shown)]
    if long:
        place = draw.choice(long)
        shown = f"{shown[:place]}\u00ad{shown[place:]}"
    yield f"“{shown[0].lower() if shown[1].islower() else shown[0]}{shown[1:]}”"


def _ellipsis(sentence: _Marked, draw: random.Random) -> Iterator[str]:
    """Leave out plain words in the middle: no number, no mark, no comparison."""
    bare = sentence.whole.split()
    gaps = [
        place
        for place in range(2, len(bare) - 3)
        if all(
            re.fullmatch(r"(?:of|the|with|in|to|a|for|by|was|were|and|patients|adults|cells)", bare[place + more])
            for more in (0, 1)
        )
        and not re.search(r"\d", bare[place - 1] + bare[place + 2])
    ]
    for place in gaps:
        yield " ".join([*bare[:place], draw.choice(["…", "[…]", "...", "[...]"]), *bare[place + 2 :]])


# ------------------------------------------------------------------------------------------------------ false ones


def _cut(sentence: _Marked, draw: random.Random) -> Iterator[str]:
    """Cut off the denial or the doubt."""
    for stretch in sentence.stretches:
        for match in _BRACES.finditer(stretch):
            kept = stretch[: match.start()] if "<" in match["way"] else stretch[match.end() :]
            yield _bare(kept).strip(" ,;.")


def _dropped(sentence: _Marked, draw: random.Random) -> Iterator[str]:
    """Leave the denial or the doubt out of the middle, with an ellipsis or without."""
    for match in _BRACES.finditer(sentence.line):
        if match.start() and len(sentence.line) - match.end() > 1:
            yield _bare(sentence.line[: match.start()] + sentence.line[match.end() :])
            yield _bare(f"{sentence.line[: match.start()]}… {sentence.line[match.end() :]}")


def _in_a_word(sentence: _Marked, draw: random.Random) -> Iterator[str]:
    """Begin or end inside a word or a compound."""
    for match in re.finditer(r"(?<!\S)(?:in|un|non-|anti-|CAR-|i)(?=[a-zA-Z]{2,}\S* )", sentence.whole):
        yield sentence.whole[match.end() :]
    for match in re.finditer(r"(?<!\S)[A-Za-z]{7,}", sentence.whole):
        yield sentence.whole[match.start() + draw.randint(1, 3) :]
        yield sentence.whole[: match.end() - draw.randint(1, 3)]


def _digit(sentence: _Marked, draw: random.Random) -> Iterator[str]:
    for match in re.finditer(r"\d", sentence.whole):
        other = str((int(match.group()) + draw.randint(1, 9)) % 10)
        yield sentence.whole[: match.start()] + other + sentence.whole[match.end() :]


def _order(sentence: _Marked, draw: random.Random) -> Iterator[str]:
    bare = sentence.whole.rstrip(".").split()
    places = [place for place in range(len(bare) - 2) if bare[place] != bare[place + 2]]
    place = draw.choice(places)
    bare[place], bare[place + 2] = bare[place + 2], bare[place]
    yield " ".join(bare)


def _swapped(sentence: _Marked, changes: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for old, new in changes:
        for match in re.finditer(old, sentence.whole):
            yield sentence.whole[: match.start()] + new + sentence.whole[match.end() :]


def _unit(sentence: _Marked, draw: random.Random) -> Iterator[str]:
    yield from _swapped(sentence, _UNITS)


def _cell(sentence: _Marked, draw: random.Random) -> Iterator[str]:
    yield from _swapped(sentence, tuple((rf"(?<![\w-]){old}(?![\w-])", new) for old, new in _CELLS))


def _comparator(sentence: _Marked, draw: random.Random) -> Iterator[str]:
    yield from _swapped(sentence, _COMPARED)


Rule = Callable[[_Marked, random.Random], Iterator[str]]
TRUE: dict[str, Rule] = {
    "whole sentence": _whole,
    "stretch": _stretch,
    "other typography": _typography,
    "ellipsis": _ellipsis,
}
FALSE: dict[str, Rule] = {
    "denial or doubt cut off": _cut,
    "denial or doubt dropped": _dropped,
    "word or compound cut": _in_a_word,
    "digit changed": _digit,
    "words reordered": _order,
    "unit or sign changed": _unit,
    "cell type swapped": _cell,
    "comparator reversed": _comparator,
}


def cases(rules: dict[str, Rule], count: int = EACH) -> list[Case]:
    """Return so many quotations, drawn from all rules in turn for as long as each has any.

    Args:
        rules: name → what it makes of a sentence.
        count: how many.
    """
    draw = random.Random(SEED)  # noqa: S311 - a fixed draw, nothing secret
    pools: dict[str, list[Case]] = {}
    for kind, rule in rules.items():
        made = {
            Case(kind, quote, sentence.text): None
            for sentence in marked()
            for quote in rule(sentence, draw)
            if len(quote.split()) >= FEWEST_WORDS
        }
        pools[kind] = list(made)
        draw.shuffle(pools[kind])
    found: list[Case] = []
    while len(found) < count and any(pools.values()):
        for pool in pools.values():
            if pool and len(found) < count:
                found.append(pool.pop())
    return found


def ours() -> Callable[[Case], bool]:
    """Return our judge: whether a quotation is accepted."""
    context = load_context(ROOT / "data")
    return lambda case: isinstance(anchor(case.quote, case.text, context), Anchor)


def peer() -> Callable[[Case], bool] | None:
    """Return the peer's judge; None where it is not installed."""
    if find_spec("linkml_reference_validator") is None:
        return None
    models = import_module("linkml_reference_validator.models")
    judge: Any = import_module(
        "linkml_reference_validator.validation.supporting_text_validator"
    ).SupportingTextValidator(models.ReferenceValidationConfig())

    def accepts(case: Case) -> bool:
        reference = models.ReferenceContent(reference_id="PMID:0", content=case.text)
        return bool(judge.find_text_in_reference(case.quote, reference).found)

    return accepts


def table(name: str, accepts: Callable[[Case], bool]) -> str:
    """Return what one judge accepted of each kind, in lines."""
    lines = [name]
    start = time.perf_counter()
    for title, rules in (("true, accepted", TRUE), ("false, rejected", FALSE)):
        judged = [(case, accepts(case)) for case in cases(rules)]
        wanted = rules is TRUE
        right = Counter(case.kind for case, accepted in judged if accepted is wanted)
        every = Counter(case.kind for case, _ in judged)
        lines.append(f"  {title}: {right.total()} of {every.total()}")
        lines += [f"    {kind}: {right[kind]} of {every[kind]}" for kind in rules]
    return "\n".join([*lines, f"  {time.perf_counter() - start:.2f} s"])


def main() -> None:
    """Measure both and print."""
    print(table("this commit", ours()))
    other = peer()
    if other is None:
        print("linkml-reference-validator is not installed here: its column is left out")
    else:
        print(table(f"linkml-reference-validator {version('linkml-reference-validator')}", other))


if __name__ == "__main__":
    main()
