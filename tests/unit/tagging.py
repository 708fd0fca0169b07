"""The shipped tagger, and short ways to ask it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from kb.dataset import load_build
from kb.tag.lines import parse_record
from kb.tag.tagger import Tagger, load_tagger
from kb.tag.tags import Tagged
from kb.vocabulary import Vocabulary, load_vocabulary

DATA = Path(__file__).parents[2] / "data"


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary(DATA)


@cache
def tagger() -> Tagger:
    return load_tagger(DATA, vocabulary(), load_build(DATA).lineage)


def article(title: str, abstract: str = "", **more: Any) -> Tagged:
    return tagger().tag(parse_record({"id": "a", "title": title, "abstract": abstract, **more}))


def registration(title: str, **more: Any) -> Tagged:
    return tagger().tag(parse_record({"id": "r", "kind": "registration", "title": title, **more}))


def concepts(tagged: Tagged, facet: str, assertion: str = "present") -> set[str]:
    return {tag.concept for tag in tagged.tags if tag.facet == facet and tag.assertion == assertion}
