"""Time and memory of ``kb check``: one page of 400 lines, and one checker that is given a hundred of them.

The floor splits the same text into sentences and finds names of the vocabulary in it, with the same code, and does
nothing else. The pages are of our own making: sentences over all diseases, cells and outcomes of the vocabulary, no two
pages alike. Run: ``make bench`` or ``python -m tests.benchmarks.check``.
"""

from __future__ import annotations

import itertools
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

from kb.check.checker import Checker, open_checker
from kb.check.page import Page
from kb.check.read import read_bytes
from kb.check.understand.names import names_in
from kb.check.understand.units import units
from kb.store import connect
from tests.benchmarks.build import ROOT, measure

LINES = 400
PAGES = 100
RUNS = 5
SENTENCES = (
    "{Cells} bring lasting remissions in {disease}.",
    "In a phase 2 trial of {cells}, {n} of {total} people with {disease} responded.",
    "{Cells} are completely safe and never cause {harm}.",
    "Our {cells} may help people with {disease} live longer.",
    "– {disease}",
    "{Cells} are approved in {place}.",
    "{Cells} recognise stressed cells without prior sensitisation.",
    "We expand your {cells} for 14 days in our laboratory.",
    "Call us today for a free consultation.",
    "More than {total} trials of {cells} are registered.",
)
PLACES = ("Japan", "Korea", "the United States", "the EU", "China")


def page(checker: Checker, number: int) -> Page:
    """Return one page of ``LINES`` lines; the same number gives the same page."""
    vocabulary, chance = checker.kit.vocabulary, random.Random(number)  # noqa: S311
    labels = {
        facet: [concept.label for concept in vocabulary.concepts[facet].values()]
        for facet in ("cell_type", "indication", "event")
    }
    lines = []
    for sentence in itertools.islice(itertools.cycle(SENTENCES), LINES):
        cells, total = chance.choice(labels["cell_type"]), chance.randint(5, 90)
        lines.append(
            sentence.format(
                Cells=cells[:1].upper() + cells[1:],
                cells=cells,
                disease=chance.choice(labels["indication"]),
                harm=chance.choice(labels["event"]),
                place=chance.choice(PLACES),
                n=chance.randint(0, total),
                total=total,
            )
        )
    return read_bytes("\n\n".join(lines).encode(), f"page-{number}.txt")


def _timed(checker: Checker, one: Page) -> float:
    start = time.perf_counter()
    checker.check(one, "US")
    return time.perf_counter() - start


def _floor(checker: Checker, one: Page) -> float:
    start = time.perf_counter()
    for unit in units(one):
        names_in(checker.kit, unit.text)
    return time.perf_counter() - start


def _peak() -> float:
    """Return the peak resident memory of this process in MB."""
    scale = 1024 if sys.platform != "darwin" else 1024 * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def main() -> None:
    """Print medians and ratios."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "evidence.db"
        kb = [sys.executable, "-m", "kb.cli"]
        measure([*kb, "build", "--out", str(store), "--data", str(ROOT / "data")], folder)
        with connect(store) as db:
            checker = open_checker(db)
        text = Path(folder) / "page.txt"
        text.write_text("\n\n".join(block.text for block in page(checker, 0).blocks), encoding="utf-8")
        cold = [
            measure(["sh", "-c", '"$@"; test $? -le 1', "sh", *kb, "check", str(text), "--db", str(store)], folder)
            for _ in range(RUNS)
        ]
        pages = [page(checker, number) for number in range(1, PAGES + 1)]
        first = _timed(checker, pages[0])
        before = _peak()
        times = [_timed(checker, one) for one in pages[1:]]
        kept = _peak() - before
        again = [_timed(checker, pages[-1]) for _ in range(RUNS)]
        floors = [_floor(checker, one) for one in pages[:RUNS]]
    seconds, memory = (statistics.median(column) for column in zip(*cold, strict=True))
    early, late = statistics.median(times[:20]), statistics.median(times[-20:])
    print(f"kb check   cold, {LINES} lines, median of {RUNS}: {seconds:.2f} s, {memory:.0f} MB peak")
    print(f"warm       first page {first:.2f} s; one it has seen, median of {RUNS}: {statistics.median(again):.2f} s")
    print(f"           {PAGES} pages: pages 2-21 {early:.2f} s, the last 20 {late:.2f} s, median")
    print(f"memory     {kept:.0f} MB more at the peak after {PAGES} pages than after one")
    print(f"ratio      {statistics.median(again) / statistics.median(floors):.1f}x finding names in the same sentences")


if __name__ == "__main__":
    main()
