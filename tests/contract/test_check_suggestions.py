"""What `kb check` offers instead of a claim must pass `kb check` itself, and print no number that is not on file."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kb.assess.base import Base
from kb.check.checker import Checker, open_checker
from kb.check.read import read_bytes, read_page
from kb.check.report import Finding, Report
from kb.dataset import Dataset
from kb.records.common import ProductKey
from kb.store import connect
from tests.conftest import DATA, ROOT

SEED = ROOT.parent / "shared" / "seed"
CELLS: dict[str, dict[str, tuple[str, ...]]] = {
    "Autologous natural killer cells": {"cell_type": ("nk",), "cell_source": ("autologous",)},
    "Haploidentical NK cells": {"cell_type": ("nk",), "cell_source": ("haploidentical",)},
    "Natural killer T cells": {"cell_type": ("nkt",)},
    "Cord blood CAR-NK cells": {"cell_type": ("car-nk",), "cell_source": ("cord-blood",)},
    "Memory-like NK cells": {"cell_type": ("memory-like-nk",)},
    "Cytokine-induced killer cells": {"cell_type": ("cik",), "cell_source": ("autologous",)},
    "Mesenchymal stem cells": {"cell_type": ("msc",)},
}
AIMS = (
    "acute myeloid leukaemia", "lymphoma", "melanoma", "hepatocellular carcinoma", "ovarian cancer", "glioblastoma",
    "multiple myeloma", "neuroblastoma", "HIV", "lupus", "ageing", "knee osteoarthritis",
)  # fmt: skip
SAID = (
    "{cells} are a proven treatment for {aim}.",
    "{cells} are completely safe, without any side effects, in people with {aim}.",
)
#: A third of the sentences, or with KB_GAUNTLET set (`make gauntlet`) all of them.
EVERYTHING = bool(os.environ.get("KB_GAUNTLET"))
PLACES = ("US", "EU", "GB", "JP", "KR", "CN", "AU")
#: A text names its records by these.
_NAMES = re.compile(r"PMID (\d+)|DOI (\S+?)[,)]|\b(NCT\d{8})\b|(https?://[^\s,;)]+)")


@pytest.fixture(scope="module")
def checker(built: Path) -> Checker:
    with connect(built) as db:
        return open_checker(db)


def _read(checker: Checker, text: str, place: str, sold: ProductKey) -> Report:
    """Check a text with judges who have seen no other page."""
    fresh = Checker(Base(checker.base.data, checker.base.as_of), checker.kit, {})
    return fresh.check(read_bytes(text.encode(), "page.txt"), place, sold)


def _changed(report: Report) -> Iterator[Finding]:
    for finding in report.findings:
        if finding.objection:
            assert (finding.suggestion is None) != (finding.no_suggestion is None), finding.text
        elif finding.accuracy in ("accurate", "accurate_with_caveat") and finding.status_class not in (
            "unsupported",
            "needs_review",
        ):
            assert (finding.suggestion, finding.no_suggestion) == (None, None), finding.text
        yield finding


@pytest.fixture(scope="module")
def offered(checker: Checker) -> dict[tuple[str, str, ProductKey], str]:
    """Suggestion, place and product sold → the sentence it was offered for."""
    found: dict[tuple[str, str, ProductKey], str] = {}
    for number, (cells, axes) in enumerate(CELLS.items()):
        place, sold = PLACES[number], ProductKey(**axes)
        aims = AIMS if EVERYTHING else AIMS[number % 3 :: 3]
        text = "\n\n".join(said.format(cells=cells, aim=aim) for aim in aims for said in SAID)
        text += f"\n\n{cells} are approved for cancer."
        for finding in _changed(_read(checker, text, place, sold)):
            if finding.suggestion is not None:
                found.setdefault((finding.suggestion, place, sold), finding.text)
    for case in _gold()[:: 1 if EVERYTHING else 3]:
        sold = ProductKey(**case.get("sold", {}))
        for finding in _changed(_read(checker, case["text"], case["jurisdiction"], sold)):
            if finding.suggestion is not None:
                found.setdefault((finding.suggestion, case["jurisdiction"], sold), case["text"])
    return found


def _gold() -> list[dict[str, Any]]:
    lines = (DATA / "gold" / "claims_b.jsonl").read_text(encoding="utf-8").splitlines()
    return [case for case in map(json.loads, lines) if "heads" not in case]


def test_what_is_offered_passes_the_checker_itself(
    checker: Checker, offered: dict[tuple[str, str, ProductKey], str]
) -> None:
    assert len(offered) > 30
    wrong = []
    for (text, place, sold), instead_of in offered.items():
        for finding in _read(checker, text, place, sold).findings:
            grave = [rule.id for rule in finding.rules if rule.severity == "high"]
            if finding.objection or finding.status_class == "unsupported" or grave:
                wrong.append(f"{place}: {instead_of} → {text}: {finding.level} {finding.accuracy} {grave}")
    assert wrong == []


def test_every_number_offered_is_on_file(data: Dataset, offered: dict[tuple[str, str, ProductKey], str]) -> None:
    @cache
    def digits(name: str) -> frozenset[str]:
        return frozenset(re.findall(r"\d+", " ".join(_held(data, name))))

    for text, _, _ in offered:
        names = [next(filter(None, groups)) for groups in _NAMES.findall(text)]
        assert names, f"no source: {text}"
        known = frozenset().union(*(digits(name) for name in names))
        anywhere = [*(concept.label for concept in data.vocabulary), *(str(absence.date) for absence in data.absences)]
        assert set(re.findall(r"\d+", text)) - known <= set(re.findall(r"\d+", " ".join(anywhere))), text


def _held(data: Dataset, name: str) -> Iterator[str]:
    """Yield all that is on file of the records a source stands for."""
    for study in data.studies:
        if name in (study.pmid, study.doi, study.source):
            yield study.model_dump_json()
    yield from (trial.model_dump_json() for trial in data.trials if trial.id == name)
    yield from (one.model_dump_json() for one in data.absences if one.source == name)
    for approval in data.approvals:
        if name in (event.source for event in approval.events):
            yield approval.model_dump_json()


def test_retracted_and_doubted_studies_are_never_offered(
    data: Dataset, offered: dict[tuple[str, str, ProductKey], str]
) -> None:
    doubted = [study for study in data.studies if study.integrity in ("retracted", "concern")]
    assert doubted
    names = {name for study in doubted for name in (study.pmid, study.doi) if name}
    for text, _, _ in offered:
        assert not names & {next(filter(None, groups)) for groups in _NAMES.findall(text)}, text


def test_what_is_offered_names_the_cells_and_their_standing(offered: dict[tuple[str, str, ProductKey], str]) -> None:
    for text, _, _ in offered:
        assert "investigational" in text or "approved" in text or "approval" in text, text
        assert not re.search(r"\b(?:our|your|we)\b", text, re.IGNORECASE), text
        assert "%" not in text.partition("https://")[0], text


def test_the_same_page_gets_the_same_words(checker: Checker) -> None:
    sold = ProductKey(cell_type=("nk",), cell_source=("autologous",))
    text = "NK cell therapy cures melanoma.\n\nNK cell therapy cures tuberculosis."
    first, second = (
        [(one.suggestion, one.no_suggestion) for one in _read(checker, text, "US", sold).findings] for _ in range(2)
    )
    assert first == second
    assert {suggestion is None for suggestion, _ in first} == {True, False}


@pytest.mark.shared
def test_most_objections_of_the_first_page_get_words_and_the_others_a_reason(checker: Checker) -> None:
    pages = sorted(SEED.glob("*.txt"))
    if not pages:
        pytest.skip(f"no page in {SEED}")
    report = Checker(Base(checker.base.data, checker.base.as_of), checker.kit, {}).check(read_page(pages[0]), "US")
    objections = [finding for finding in _changed(report) if finding.objection]
    assert sum(finding.suggestion is not None for finding in objections) / len(objections) >= 0.55
