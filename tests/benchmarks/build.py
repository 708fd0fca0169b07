"""Time and memory of ``kb build`` on the shipped facts, beside a floor measured in the same run.

The floor reads the same files with the same YAML and CSV parsers and does nothing else; each figure
is the median of the runs, the two interleaved. Run: ``make bench`` or ``python -m tests.benchmarks.build``.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNS = 5

_FLOOR = """
import csv, sys
from pathlib import Path
import yaml
loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
root = Path(sys.argv[1])
for path in sorted(root.rglob("*.yml")):
    yaml.compose(path.read_text(encoding="utf-8"), Loader=loader)
for path in sorted([*root.rglob("*.csv"), *root.rglob("*.tsv")]):
    for _ in csv.reader(path.read_text(encoding="utf-8").splitlines(keepends=True)):
        pass
"""


def measure(command: list[str], folder: str) -> tuple[float, float]:
    """Run a command once in a folder without a raw store; return wall seconds and peak resident memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[:4]} failed with {process.returncode}")
    scale = 1024 if sys.platform != "darwin" else 1024 * 1024
    return time.perf_counter() - start, usage.ru_maxrss / scale


def main() -> None:
    """Print medians and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        build = [
            sys.executable,
            "-m",
            "kb.cli",
            "build",
            "--out",
            f"{folder}/evidence.db",
            "--data",
            str(ROOT / "data"),
        ]
        floor = [sys.executable, "-c", _FLOOR, str(ROOT / "data")]
        builds, floors = [], []
        for _ in range(RUNS):
            floors.append(measure(floor, folder))
            builds.append(measure(build, folder))
        size = Path(folder, "evidence.db").stat().st_size / 2**20
    seconds, memory = (statistics.median(column) for column in zip(*builds, strict=True))
    floor_seconds, floor_memory = (statistics.median(column) for column in zip(*floors, strict=True))
    print(f"kb build   median of {RUNS}: {seconds:.2f} s, {memory:.0f} MB peak; store {size:.0f} MB")
    print(f"floor      median of {RUNS}: {floor_seconds:.2f} s, {floor_memory:.0f} MB peak (parse the same files only)")
    print(f"ratio      {seconds / floor_seconds:.1f}x time, {memory / floor_memory:.1f}x memory")


if __name__ == "__main__":
    main()
