"""Stand-ins for the tagger and its parts, told what to answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.evaluate.tools import Tools
from kb.tag.direction_rules import Change
from kb.tag.record import Heading, Passage, TagRecord
from kb.tag.tags import Assertion, Direction, Dose, Finding, Origin, Tag, Tagged
from kb.vocabulary import Vocabulary, load_vocabulary
from tests.conftest import DATA


def concepts() -> Vocabulary:
    """The shipped vocabulary."""
    return load_vocabulary(DATA)


def tag(
    facet: str, concept: str, text: str = "", origin: Origin = "text", assertion: Assertion = "present", rule: str = "r"
) -> Tag:
    return Tag(facet, concept, origin, "title", 0, 3, text or concept, assertion, rule)


def said(
    identifier: str, *tags: Tag, relevant: bool = True, flags: tuple[str, ...] = (), reason: str = "because"
) -> Tagged:
    return Tagged(identifier, relevant, flags, reason, tags)


@dataclass
class FakeTagger:
    """Answers by the record's id; remembers what it was given."""

    answers: Mapping[str, Tagged] = field(default_factory=dict)
    blind: Mapping[str, Tagged] = field(default_factory=dict)
    seen: list[TagRecord] = field(default_factory=list)

    def tag(self, record: TagRecord) -> Tagged:
        self.seen.append(record)
        known = self.answers if record.publication_types or record.headings else {**self.answers, **self.blind}
        return known.get(record.id, said(record.id, relevant=False))


@dataclass(frozen=True)
class FakeVerdict:
    change: Change
    rule: str = "fake rule"
    comparative: bool = True


@dataclass
class FakeJudge:
    """Reads the answer in the text: it is one of the three words, or "increased"."""

    asked: list[tuple[str, str]] = field(default_factory=list)

    def judge(self, text: str, outcome: str, intervention: str, comparator: str) -> FakeVerdict:
        self.asked.append((text, outcome))
        choices: tuple[Change, ...] = ("decreased", "no_difference")
        return FakeVerdict(next((change for change in choices if change in text), "increased"))


def parse(value: Mapping[str, Any]) -> TagRecord:
    passages = tuple(Passage(name, "title", str(value[name])) for name in ("title", "abstract") if value.get(name))
    headings = tuple(Heading(label) for label in value.get("mesh_headings") or ())
    kind = "registration" if value.get("kind") == "registration" else "article"
    return TagRecord(str(value["id"]), kind, passages, tuple(value.get("publication_types") or ()), headings)  # type: ignore[arg-type]


def polarity(outcome: str, change: Change) -> Direction | None:
    if change == "no_difference":
        return "no_difference"
    if outcome == "unheard of":
        return None
    good = "decreased" if outcome == "relapse" else "increased"
    return "better" if change == good else "worse"


def tools(
    tagger: FakeTagger | None = None,
    read: Mapping[str, tuple[Sequence[Finding], Sequence[Dose]]] | None = None,
    judge: FakeJudge | None = None,
    assertion: Assertion = "present",
    headings: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    test: frozenset[str] | None = None,
) -> Tools:
    """All parts, each answering as told."""
    return Tools(
        tagger or FakeTagger(),
        parse,
        lambda text: (read or {}).get(text, ((), ())),
        judge or FakeJudge(),
        polarity,
        lambda text, start, end: "absent" if text[:start].endswith("no ") else assertion,
        lambda heading: (headings or {}).get(heading.label, ()),
        lambda pmcid: test is None or pmcid in test,
    )


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
