"""What a sentence speaks of that the base does not know: other treatments, and diseases that are no concept."""

from __future__ import annotations

import re

from kb.check.understand.kit import Kit
from kb.check.understand.names import Names

#: A treatment named by words before "therapy" and its kind.
_TREATMENT = re.compile(
    r"\b((?:[A-Za-z][\w+-]*[ -]){1,3})(?:therap(?:y|ies)|infusions?|injections?|drips?|extracts?)\b", re.IGNORECASE
)
#: Words that may stand before "therapy" and say nothing of what it is.
_PLAIN = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "our",
        "your",
        "their",
        "its",
        "cell",
        "cells",
        "cellular",
        "immune",
        "immuno",
        "cancer",
        "combination",
        "combined",
        "standard",
        "new",
        "novel",
        "adoptive",
        "advanced",
        "personalised",
        "personalized",
        "targeted",
        "conventional",
        "other",
        "any",
        "each",
        "every",
        "such",
        "single",
        "multiple",
        "repeated",
        "first",
        "second",
        "both",
        "and",
        "or",
        "of",
        "for",
        "with",
        "nk",
        "nkt",
        "effective",
        "safe",
        "best",
        "medical",
        "regenerative",
        "biological",
        "investigational",
        "experimental",
        "approved",
        "innovative",
        "supportive",
        "adjuvant",
        "adjunctive",
        "maintenance",
        "intravenous",
        "iv",
        "natural",
        "killer",
        "previous",
        "prior",
        "initial",
        "further",
        "additional",
        "own",
        "autologous",
        "allogeneic",
        "donor",
        "expanded",
        "activated",
        "engineered",
        "drug",
        "gene",
        "following",
        "after",
        "before",
        "during",
        "in",
        "to",
        "by",
        "from",
        "as",
        "is",
        "than",
        "on",
        "under",
        "receive",
        "receiving",
        "received",
        "start",
        "starting",
        "complete",
        "completed",
        "following",
        "cycle",
        "cycles",
        "three",
        "two",
        "four",
        "five",
        "six",
        "weekly",
        "monthly",
        "daily",
        "most",
        "more",
        "many",
        "some",
        "all",
        "no",
        "not",
        "potential",
        "promising",
        "powerful",
        "modern",
        "traditional",
        "proven",
        "unproven",
        "alternative",
        "complementary",
        "holistic",
        "same",
        "different",
        "antiviral",
        "antiretroviral",
        "hormone",
        "radiation",
        "chemo",
        "life-saving",
        "curative",
        "palliative",
        "salvage",
        "induction",
        "consolidation",
        "cord",
        "blood",
        "stem",
        "t",
        "car-t",
        "clinic",
        "clinical",
        "through",
        "via",
        "using",
        "offers",
        "offering",
        "offered",
        "comparing",
        "compare",
        "between",
        "versus",
        "physical",
        "occupational",
        "systemic",
        "local",
        "regional",
        "cytokine",
        "antibody",
    ]
)
#: A disease by the look of the word; none of these is a concept when no name of the vocabulary covers it.
_DISEASE = re.compile(
    r"\b(?:[A-Z]?[\w’'-]+ ){0,2}?[\w’'-]*(?:itis|osis|opathy|algia|aemia|emia|plegia|dystrophy"
    r"|sclerosis|syndrome|disorder|palsy|deficiency|"
    r"autism|asthma|stroke|parkinson\w*|migraine|infertility|endometriosis|fibromyalgia|eczema|depression|epilepsy|dementia|lyme|"
    r"alopecia|glaucoma|tinnitus|neuropathy|hypertension|obesity|long covid|chronic fatigue|me/cfs"
    r"|erectile dysfunction|hair loss|"
    r"allergies|menopause|gout|osteoporosis)\b",
    re.IGNORECASE,
)
_NO_DISEASE = re.compile(
    r"apoptosis|phagocytosis|mitosis|diagnosis|prognosis|analysis|hypothesis|homeostasis"
    r"|stenosis of the|biosis|lymphocytosis|necrosis factor|"
    r"genesis|basis|crisis|emphasis|synthesis|thesis|metastas[ie]s|dosis|immunodeficiency virus"
    r"|neurosis|exocytosis|endocytosis|psychosis|immunity disorder|"
    r"cytokine release syndrome|release syndrome|symptosis|sepsis|arthritis rheumatoid",
    re.IGNORECASE,
)


def outside(kit: Kit, text: str, names: Names) -> tuple[str, ...]:
    """Return what a text names that is no concept of ours: treatments, then diseases; empty for most texts."""
    found: list[str] = [text[word.start : word.end] for word in kit.lexicon.of_slot(text, "outside")]
    covered = [(one.start, one.end) for one in names.found]

    def free(start: int, end: int) -> bool:
        return all(end <= first or last <= start for first, last in covered)

    if not names.of("cell_type"):
        for match in _TREATMENT.finditer(text):
            words = re.findall(r"[\w+'-]+", match.group(1).lower())
            odd = [
                word
                for word in words
                if word not in _PLAIN
                and not word.endswith(("ed", "ing", "ly", "s"))
                and not kit.lexicon.has(word, "benefit", "hedge", "process", "therapy", "research")
            ]
            if odd and free(match.start(1), match.end(1)):
                found.append(match.group().strip())
    for match in _DISEASE.finditer(text):
        last = match.group().split()[-1]
        start = match.end() - len(last)
        if free(start, match.end()) and not _NO_DISEASE.search(last):
            found.append(last)
    return tuple(dict.fromkeys(found))
