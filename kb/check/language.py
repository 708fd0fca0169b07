"""Wording rules: which laws, guidances and house rules a sentence may touch, and by which words.

``data/rules/language.yml`` holds the rules; code adds none. A hit is a possible issue, never a breach.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from kb.check.denial import denied, plain
from kb.check.patterns import fault, literals, whole_words
from kb.errors import DataError, Problem
from kb.jurisdictions import jurisdiction
from kb.reading import Tree, display, read_yaml, validate
from kb.records.claim import ClaimType, Subject, Wording
from kb.records.language import Applies, Fact, LanguageFile, LanguageRule


@dataclass(frozen=True, slots=True)
class SentenceFacts:
    """What the checker knows of a sentence before its words are looked at.

    Attributes:
        benefit: it says or implies that something helps.
        status_class, level: of its verdict, "" before there is one.
        speaks_of_product: a cell product or therapy is named or meant.
        product_approved: an authorisation covers the claim in the jurisdiction of the check.
        has_denominator: the number of people stands beside a percentage; ``has_date``: it gives the day of its facts.
        cell_types, indications: ids of the vocabulary.
        codes: accuracy codes of its verdict.
        context: the headings above it.
    """

    claim_type: ClaimType
    subject: Subject
    wording: Wording
    benefit: bool = False
    status_class: str = ""
    level: str = ""
    speaks_of_product: bool = False
    names_disease: bool = False
    healthy_people: bool = False
    product_approved: bool = False
    has_denominator: bool = False
    has_date: bool = False
    names_jurisdiction: bool = False
    cell_types: tuple[str, ...] = ()
    indications: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()
    context: str = ""


#: Names an example in the file may set.
FACT_FIELDS = frozenset(field.name for field in fields(SentenceFacts))

_HOLDS: Mapping[Fact, Callable[[SentenceFacts], bool]] = {
    "product": lambda facts: facts.speaks_of_product,
    "benefit": lambda facts: facts.benefit,
    "disease": lambda facts: facts.names_disease,
    "healthy": lambda facts: facts.healthy_people,
    "unapproved": lambda facts: not facts.product_approved,
    "no_denominator": lambda facts: not facts.has_denominator,
    "undated": lambda facts: not facts.has_date,
    "unplaced": lambda facts: not facts.names_jurisdiction,
    "not_denied": lambda facts: facts.wording != "denied",
}


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """A rule that fired.

    Attributes:
        rule: its id.
        start, end: the words of the sentence that made it fire; the whole sentence when the verdict did.
        codes: the codes of the verdict that made it fire, sorted; empty when words did.
    """

    rule: str
    start: int
    end: int
    codes: tuple[str, ...] = ()


def _meets(applies: Applies, facts: SentenceFacts) -> bool:
    """Tell whether a sentence is one the rule speaks of."""
    return (
        all(_HOLDS[need](facts) for need in applies.needs)
        and (not applies.any_of or any(_HOLDS[fact](facts) for fact in applies.any_of))
        and (not applies.claim_types or facts.claim_type in applies.claim_types)
        and (not applies.subjects or facts.subject in applies.subjects)
        and (not applies.wordings or facts.wording in applies.wordings)
        and (not applies.status_classes or facts.status_class in applies.status_classes)
        and (not applies.cell_types or bool(set(applies.cell_types) & set(facts.cell_types)))
        and (not applies.indications or bool(set(applies.indications) & set(facts.indications)))
    )


class _Ready:
    """A rule with its patterns compiled."""

    def __init__(self, rule: LanguageRule) -> None:
        self.rule = rule
        self.triggers = [(literals(pattern), whole_words(pattern)) for pattern in rule.triggers]
        self.not_when = [whole_words(pattern) for pattern in rule.not_when]
        self.not_under = [whole_words(pattern) for pattern in rule.not_under]
        self.codes = frozenset(rule.codes)

    def words(self, text: str, facts: SentenceFacts) -> re.Match[str] | None:
        """Return the first words that make the rule fire and are not denied."""
        if self.rule.negated == "silent" and facts.wording == "denied":
            return None
        for pieces, pattern in self.triggers:
            if not any(piece in text for piece in pieces):
                continue
            for match in pattern.finditer(text):
                if self.rule.negated == "fires" or not denied(text, match, inside=self.rule.negated == "silent"):
                    return match
        return None

    def silenced(self, text: str, context: str) -> bool:
        """Tell whether the sentence, or a heading above it, has words that silence the rule."""
        return any(pattern.search(text) for pattern in self.not_when) or any(
            pattern.search(context) for pattern in self.not_under
        )


@dataclass(frozen=True)
class LanguageRules:
    """The wording rules, in the order of the file.

    Attributes:
        rules: id → rule.
    """

    rules: Mapping[str, LanguageRule]
    _ready: tuple[_Ready, ...]

    @classmethod
    def of(cls, records: Iterable[LanguageRule]) -> LanguageRules:
        """Make the rules ready from records that were read before (from the file or from a store)."""
        kept = tuple(records)
        return cls({rule.id: rule for rule in kept}, tuple(_Ready(rule) for rule in kept))

    def fired(self, sentence: str, facts: SentenceFacts, jurisdictions: Collection[str]) -> list[Hit]:
        """Return the rules a sentence may touch, one hit a rule, in the order of the file.

        Args:
            sentence: one sentence, as printed.
            facts: what is known of it.
            jurisdictions: places the page is judged for; rules for all places always count.

        Raises:
            ValueError: a place is not in the table.
        """
        places = {"ALL", *(jurisdiction(place) for place in jurisdictions)}
        if not sentence.strip():
            return []
        named, text, context = plain(sentence, names=True), plain(sentence), plain(facts.context, names=True)
        whole = (len(sentence) - len(sentence.lstrip()), len(sentence.rstrip()))
        hits: list[Hit] = []
        for ready in self._ready:
            rule = ready.rule
            if rule.jurisdiction not in places or not _meets(rule.applies, facts):
                continue
            read = named if rule.in_names else text
            codes = ready.codes & facts.codes
            match = ready.words(read, facts)
            if (match is None and not codes) or ready.silenced(named, context):
                continue
            hits.append(Hit(rule.id, *(match.span() if match else whole), () if match else tuple(sorted(codes))))
        return hits


def problems_of(
    rules: Collection[LanguageRule], known_codes: Collection[str], name: str, tree: Tree
) -> Iterator[Problem]:
    """Yield what is wrong with rules beyond their form: twice the same id, a pattern or code that cannot be used."""
    count = Counter(rule.id for rule in rules)
    for index, rule in enumerate(rules):
        base = ("rules", index)
        if count[rule.id] > 1:
            yield Problem(name, tree.line(base), rule.id, "two rules have this id", "rename one", "language")
        for field in ("triggers", "not_when", "not_under"):
            for place, pattern in enumerate(getattr(rule, field)):
                if wrong := fault(pattern):
                    where = tree.line((*base, field, place))
                    yield Problem(name, where, f"{rule.id}.{field}", f"{pattern!r}: {wrong}", "mend it", "language")
        for place, code in enumerate(rule.codes):
            if code not in known_codes:
                line = tree.line((*base, "codes", place))
                remedy = "use a code of rules/codes.tsv"
                yield Problem(name, line, rule.id, f"unknown code {code!r}", remedy, "language")
        for field, examples in (("fires_on", rule.fires_on), ("silent_on", rule.silent_on)):
            for place, example in enumerate(examples):
                for unknown in sorted(set(example.facts) - FACT_FIELDS):
                    line = tree.line((*base, field, place))
                    remedy = f"use one of {', '.join(sorted(FACT_FIELDS))}"
                    yield Problem(name, line, rule.id, f"unknown fact {unknown!r}", remedy, "language")


def load_language(root: Path, known_codes: Collection[str]) -> LanguageRules:
    """Read ``rules/language.yml``.

    Args:
        root: data directory.
        known_codes: codes of ``rules/codes.tsv``.

    Raises:
        DataError: a wrong file; every problem has its line and a remedy.
    """
    path = root / "rules" / "language.yml"
    name = display(path, root)
    tree = read_yaml(path, root)
    rules = validate(LanguageFile, tree.value, name, tree).rules
    problems = list(problems_of(rules, known_codes, name, tree))
    if problems:
        raise DataError(problems)
    return LanguageRules.of(rules)
