"""Faults on demand: which, where, when, how often. Seeded, bounded, safe between threads."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from tests.doubles.chance import stream
from tests.doubles.exchange import Answer, Asked
from tests.doubles.mischief import KINDS, TRANSIENT, Case, Rule, Way

__all__ = ["KINDS", "TRANSIENT", "Faults", "Rule"]

#: Parameters that differ between two tries of one request.
_VOLATILE = ("WebEnv", "query_key", "api_key", "tool", "email")


class Faults:
    """The faults of one run.

    Args:
        seed: decides every draw; a draw depends on the rule and on how often it matched, on nothing else.
        rules: the first that fits fires; one request gets one fault.
        in_a_row: how many faults in a row one request (path and parameters) may meet before it is let through;
            0 for no limit. With it a client with more tries than that always gets through.

    Raises:
        ValueError: a kind that does not exist.
    """

    def __init__(self, seed: int, rules: Iterable[Rule] = (), in_a_row: int = 0) -> None:
        self.rules: Sequence[Rule] = tuple(rules)
        for rule in self.rules:
            if rule.kind not in KINDS:
                raise ValueError(f"no fault is called {rule.kind!r}; there are {', '.join(KINDS)}")
        self.seed, self.in_a_row = seed, in_a_row
        self.fired = [0] * len(self.rules)
        self._matched = [0] * len(self.rules)
        self._streak: dict[str, int] = {}
        self._lock = threading.Lock()

    @classmethod
    def everything(
        cls,
        seed: int,
        times: int = 1,
        *,
        probability: float = 0.2,
        seconds: float = 0.2,
        in_a_row: int = 2,
        without: Iterable[str] = (),
    ) -> Faults:
        """Return every transient fault, each at most so many times, in a drawn order.

        Args:
            probability: of each rule, for each request it fits.
            seconds: what ``Retry-After`` asks for (rounded) and how long a drip takes.
            without: kinds to leave out.
        """
        kinds = [kind for kind in TRANSIENT if kind not in set(without)]
        stream("order", seed).shuffle(kinds)
        rules = [Rule(kind, times=times, probability=probability, seconds=seconds) for kind in kinds]
        return cls(seed, rules, in_a_row)

    @property
    def spent(self) -> bool:
        """Whether every rule with a bound has fired as often as it may."""
        bounded = zip(self.rules, self.fired, strict=True)
        return all(count >= rule.times for rule, count in bounded if rule.kind != "permanent")

    def disturb(self, asked: Asked, answer: Answer, way: Way) -> Answer:
        """Return the answer, disturbed where a rule fits."""
        target = f"{asked.path}?{urlencode(dict(asked.params))}"
        stable = sorted((name, value) for name, value in asked.params.items() if name not in _VOLATILE)
        key = f"{asked.path}?{urlencode(stable)}"
        with self._lock:
            let_through = bool(self.in_a_row) and self._streak.get(key, 0) >= self.in_a_row
            for place, rule in enumerate(self.rules):
                if let_through and rule.kind != "permanent":
                    continue
                disturbed = self._try(place, rule, target, asked, answer, way)
                if disturbed is not None:
                    self.fired[place] += 1
                    self._streak[key] = self._streak.get(key, 0) + 1
                    return disturbed
            self._streak[key] = 0
            return answer

    def _try(self, place: int, rule: Rule, target: str, asked: Asked, answer: Answer, way: Way) -> Answer | None:
        lasting = rule.kind == "permanent"
        if (not lasting and self.fired[place] >= rule.times) or not re.search(rule.path_regex, target):
            return None
        self._matched[place] += 1
        dice = stream(self.seed, place, self._matched[place])
        if self._matched[place] <= rule.after or dice.random() >= rule.probability:
            return None
        disturbed = KINDS[rule.kind](Case(rule, asked, answer, way, dice))
        if disturbed is None:
            return None
        # The name goes into the log, whatever the fault made of the answer.
        return Answer(**{**vars(disturbed), "fault": rule.kind})
