"""Time and memory of judging: the shipped facts, and made-up worlds of up to a hundred times as many.

The shipped facts are judged beside a floor measured in the same run: parsing the same files and nothing else.
Each figure is the median of rounds, floor and rounds interleaved. Each world is judged in a process of its own, so that
its peak memory is its own; the exponent is the slope of log time against log size (1 is linear).
Run: ``make bench`` or ``python -m tests.benchmarks.assess``; ``--quick`` leaves the largest world out.
"""

from __future__ import annotations

import csv
import json
import math
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from kb.assess.base import Base
from kb.assess.claim import Assessor
from kb.assess.map import MapJudge
from kb.dataset import Dataset, data_files, load
from tests.benchmarks.worlds import world

DATA = Path(__file__).resolve().parents[2] / "data"
ROUNDS = 5
#: World → rounds.
SIZES = {1: 3, 4: 3, 16: 3, 100: 1}
#: World → rounds, for statuses over all of time.
SPAN_SIZES = {1: 1, 4: 1}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def floor() -> None:
    """Parse every file of facts and make nothing of it."""
    for path in data_files(DATA):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".yml":
            yaml.compose(text, Loader=_LOADER)
        else:
            for _ in csv.reader(text.splitlines(keepends=True)):
                pass


def base_of(data: Dataset) -> Base:
    """Return the facts on the day of the build, with nothing judged yet."""
    return Base(data, date.fromisoformat(data.build.as_of))


def claims(assessor: Assessor) -> list[Any]:
    """Judge every claim in every place, with proofs; keep the statuses as the build does."""
    data = assessor.base.data
    return [
        assessor.assess(document, claim, data.build.jurisdictions)
        for document in data.documents
        for claim in document.claims
    ]


def spans(assessor: Assessor) -> int:
    """Judge every claim in every place for all of time; return how many stretches there are."""
    data = assessor.base.data
    return sum(
        1
        for document in data.documents
        for claim in document.claims
        for _ in assessor.spans(document, claim, data.build.jurisdictions)
    )


def seconds(action: Callable[[], object]) -> float:
    """Return how long something takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def peak() -> float:
    """Return the peak resident memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)


def shipped() -> None:
    """Print medians of the shipped facts, and their ratios to the floor."""
    data = load(DATA)
    times: dict[str, list[float]] = {}

    def note(name: str, action: Callable[[], object]) -> None:
        times.setdefault(name, []).append(seconds(action))

    for _ in range(ROUNDS):
        note("floor: parse the same files", floor)
        note("load the facts, checked", lambda: load(DATA))
        assessor = Assessor(base_of(data))
        note("every claim, every place, with proofs", lambda one=assessor: claims(one))  # type: ignore[misc]
        note("the evidence map", lambda one=assessor: list(MapJudge(one.base, one.benefit).cells()))  # type: ignore[misc]
        note("the same claims for all of time", lambda one=assessor: spans(one))  # type: ignore[misc]
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    least = medians["floor: parse the same files"]
    print(f"shipped facts: {_counted(data)}; medians of {ROUNDS}")
    for name, taken in medians.items():
        print(f"  {name:<40} {taken:6.2f} s  {taken / least:5.1f}x the floor")


def one_world(times: int, what: str) -> None:
    """Judge one world in this process and print one line of JSON."""
    data = world(load(DATA), times)
    assessor = Assessor(base_of(data))
    facts = peak()
    start = time.perf_counter()
    statuses = claims(assessor) if what == "claims" else []
    stretches = 0 if what == "claims" else spans(assessor)
    taken = time.perf_counter() - start
    later = sum(len(found[0].result.later) for found in statuses)
    counted = {"units": _units(data), "counted": _counted(data)}
    print(json.dumps({"seconds": taken, "facts": facts, "peak": peak(), "spans": stretches, "later": later, **counted}))


def worlds(sizes: dict[int, int], what: str) -> None:
    """Judge worlds of several sizes, interleaved, and print time for each claim and record, memory and exponent."""
    found: dict[int, list[dict[str, Any]]] = {size: [] for size in sizes}
    for turn in range(max(sizes.values())):
        for size in (size for size, rounds in sizes.items() if turn < rounds):
            command = [sys.executable, "-m", "tests.benchmarks.assess", what, str(size)]
            answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            found[size].append(json.loads(answer))
    points = []
    for size, rounds in found.items():
        taken = statistics.median(one["seconds"] for one in rounds)
        first = rounds[0]
        points.append((math.log(size), math.log(taken)))
        more = f", {first['spans']} stretches" if first["spans"] else f", {first['later']} later reports"
        print(
            f"  {size:>3}x {taken:7.2f} s, {1e6 * taken / first['units']:4.0f} µs a claim, study or trial; peak "
            f"{first['peak']:.0f} MB, {first['peak'] / first['facts']:.1f}x the facts alone ({first['counted']}{more})"
        )
    slope = statistics.linear_regression(*zip(*points, strict=True)).slope
    last = (points[-1][1] - points[-2][1]) / (points[-1][0] - points[-2][0])
    print(f"  exponent of time against size: {slope:.2f} over all, {last:.2f} over the last step (1 is linear)")


def _units(data: Dataset) -> int:
    return len(data.studies) + len(data.trials) + sum(len(document.claims) for document in data.documents)


def _counted(data: Dataset) -> str:
    said = sum(len(document.claims) for document in data.documents)
    return f"{len(data.studies)} studies, {len(data.trials)} trials, {said} claims"


def main(arguments: list[str]) -> None:
    """Print everything, or judge one world (``claims 16``)."""
    if len(arguments) == 2:
        one_world(int(arguments[1]), arguments[0])
        return
    quick = "--quick" in arguments
    shipped()
    print("every claim with its proof, in worlds many times as large")
    worlds({size: rounds for size, rounds in SIZES.items() if size < 100 or not quick}, "claims")
    print("the same claims for all of time")
    worlds(SPAN_SIZES, "spans")


if __name__ == "__main__":
    main(sys.argv[1:])
