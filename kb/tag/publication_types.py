"""What MEDLINE's publication types say of a record: phase, design, and what kind of paper it is.

Types are compared whole and without case. MEDLINE types are incomplete (papers that name a phase without the type are
common) and say what indexers saw; they are one origin beside the text, never a correction of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import Literal

from kb.tag.tags import Tag

#: What kind of record it is; kb/tag/kinds.py gives them for the text, too.
Flag = Literal[
    "review",
    "systematic_review",
    "protocol",
    "secondary_analysis",
    "preclinical",
    "case_report",
    "commentary",
    "retraction_notice",
]

FIELD = "publication_types"

_PHASES = MappingProxyType(
    {
        "clinical trial, phase i": 1,
        "clinical trial, phase ii": 2,
        "clinical trial, phase iii": 3,
        "clinical trial, phase iv": 4,
    }
)
# "Comparative Study" is left out: it is given to comparisons of assays and cell cultures as well. A "Controlled
# Clinical Trial" has a control group, while MEDLINE does not tell how people were allotted to it.
_DESIGNS = MappingProxyType(
    {
        "randomized controlled trial": "randomised-controlled",
        "controlled clinical trial": "comparative",
        "case reports": "case-report",
        "observational study": "cohort",
        "systematic review": "systematic-review",
        "meta-analysis": "systematic-review",
        "network meta-analysis": "systematic-review",
        "review": "narrative-review",
        "scoping review": "systematic-review",
        "editorial": "narrative-review",
        "clinical trial protocol": "protocol",
        "clinical trial, veterinary": "laboratory",
        "observational study, veterinary": "laboratory",
        "randomized controlled trial, veterinary": "laboratory",
    }
)
_FLAGS: MappingProxyType[str, Flag] = MappingProxyType(
    {
        "review": "review",
        "scoping review": "systematic_review",
        "systematic review": "systematic_review",
        "meta-analysis": "systematic_review",
        "network meta-analysis": "systematic_review",
        "guideline": "review",
        "practice guideline": "review",
        "consensus development conference": "review",
        "clinical trial protocol": "protocol",
        "case reports": "case_report",
        "editorial": "commentary",
        "comment": "commentary",
        "news": "commentary",
        "newspaper article": "commentary",
        "interview": "commentary",
        "clinical trial, veterinary": "preclinical",
        "observational study, veterinary": "preclinical",
        "randomized controlled trial, veterinary": "preclinical",
        "retraction of publication": "retraction_notice",
        "retraction notice": "retraction_notice",
    }
)
#: Types that are given only where people were treated or observed; longer names begin with these ("…, Phase I").
_PEOPLE = ("clinical trial", "randomized controlled trial", "controlled clinical trial", "clinical study")
_PEOPLE_EXACT = frozenset(
    {"case reports", "observational study", "pragmatic clinical trial", "equivalence trial", "adaptive clinical trial"}
)
#: Endings of names that begin like those and tell of animals, of a trial to come, or of trials as a subject.
_NO_PEOPLE = ("veterinary", "protocol", "as topic")


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def phase_numbers(types: Iterable[str]) -> list[tuple[int, str]]:
    """Return (1 … 4, type as printed) for each type that names a phase, in ascending order, each once."""
    found: dict[int, str] = {}
    for name in types:
        number = _PHASES.get(_key(name))
        if number:
            found.setdefault(number, name)
    return sorted(found.items())


def designs(types: Iterable[str]) -> Iterator[Tag]:
    """Yield a tag of facet ``design`` for each type that names one; a systematic review is not narrative."""
    found: dict[str, str] = {}
    for name in types:
        concept = _DESIGNS.get(_key(name))
        if concept:
            found.setdefault(concept, name)
    if "systematic-review" in found:
        found.pop("narrative-review", None)
    for concept, name in found.items():
        yield Tag("design", concept, "publication_type", FIELD, None, None, name, "present", "publication type")


def flags(types: Iterable[str]) -> Iterator[tuple[Flag, str]]:
    """Yield (flag, type as printed) for each type that tells what kind of record it is."""
    for name in types:
        flag = _FLAGS.get(_key(name))
        if flag:
            yield flag, name


def tells_of_people(types: Iterable[str]) -> bool:
    """Tell whether a type is given that indexers use only where people were treated or observed."""
    keys = [_key(name) for name in types]
    return any(key in _PEOPLE_EXACT or (key.startswith(_PEOPLE) and not key.endswith(_NO_PEOPLE)) for key in keys)
