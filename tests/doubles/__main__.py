"""Run the double by hand, or for a test in another process: prints its addresses as one JSON line, then serves.

``python -m tests.doubles --seed 1 --faults '{"seed": 1, "rules": [{"kind": "busy_429", "times": 2}]}'``
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from typing import Any

from tests.doubles.faults import Faults, Rule
from tests.doubles.library import World
from tests.doubles.server import Double


def read_faults(text: str) -> Faults:
    """Read faults from JSON: ``{"seed", "rules": […], "in_a_row"}``, or ``{"seed", "everything": times}``."""
    told: dict[str, Any] = json.loads(text or "{}")
    seed = int(told.pop("seed", 0))
    if "everything" in told:
        return Faults.everything(seed, int(told.pop("everything")), **told)
    return Faults(seed, [Rule(**rule) for rule in told.pop("rules", [])], **told)


def main(arguments: list[str] | None = None) -> None:
    """Serve until interrupted or ended."""
    parser = argparse.ArgumentParser(prog="python -m tests.doubles", description="A local double of the services.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--papers", type=int, default=60)
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--nights", type=int, default=0, help="how many nights the world has moved on")
    parser.add_argument("--faults", default="", help="JSON, see the module")
    parser.add_argument("--api-key", default="")
    parser.add_argument("--limit", action="store_true", help="answer 429 beyond the rate limit")
    parser.add_argument("--second", type=float, default=1.0, help="length of a second of the rate limit")
    parser.add_argument("--ceiling", type=int, default=9_999, help="records of one search that are listed")
    parser.add_argument("--port", type=int, default=0)
    told = parser.parse_args(arguments)
    world = World.make(told.seed, told.papers, told.trials)
    for night in range(told.nights):
        world = world.later(night)
    double = Double(
        world,
        read_faults(told.faults),
        told.api_key,
        limit=told.limit,
        second=told.second,
        ceiling=told.ceiling,
        port=told.port,
    )
    with double:
        sys.stdout.write(json.dumps(double.urls) + "\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
