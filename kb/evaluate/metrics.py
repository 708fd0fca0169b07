"""Shares and F1 with 95% intervals, and tables of confusion.

Methods. A share (precision, recall, accuracy): Wilson's score interval (Wilson, J Am Stat Assoc 1927;22:209), which
stays between 0 and 1 and is honest at 0 of n and n of n. F1 is no share, so its interval is the percentile bootstrap by
record (Efron and Tibshirani 1993, chapter 13): whole records are drawn with replacement, 2,000 times, from a fixed
seed, so the same cases always give the same interval. Where all is right (or all wrong) every draw is the same and
would claim certainty; there the interval is Wilson's over the records that have anything to score.

Where several questions come from one paper, their answers hang together and Wilson's interval is too narrow. There a
share has the percentile bootstrap too, by paper (:func:`clustered`): whole papers are drawn.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

#: Standard normal quantile of 0.975.
_Z = 1.959963984540054
DRAWS = 2_000
SEED = 20_261_123
#: Bits kept for each of the four sums of a draw; no sum of cases comes near 2^32.
_BITS = 32
_MASK = (1 << _BITS) - 1


def wilson(right: int, of: int) -> tuple[float, float]:
    """Return Wilson's 95% interval of a share.

    Args:
        right: how many were right, 0 to ``of``.
        of: how many there were; with none the interval is the whole of 0 to 1.
    """
    if of == 0:
        return 0.0, 1.0
    share, square = right / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z * (share * (1 - share) / of + square / (4 * of * of)) ** 0.5 / (1 + square / of)
    # At the ends the formula gives exactly 0 and 1; rounding may not.
    return (0.0 if right == 0 else max(0.0, middle - half)), (1.0 if right == of else min(1.0, middle + half))


@dataclass(frozen=True, slots=True)
class Share:
    """``right`` of ``of``.

    Attributes:
        limits: its 95% interval where the cases are not independent, None for Wilson's. Two shares of the same counts
            are equal whatever their interval.
    """

    right: int
    of: int
    limits: tuple[float, float] | None = field(default=None, compare=False)

    @property
    def value(self) -> float | None:
        """The share, None when there was nothing to share."""
        return self.right / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval."""
        return wilson(self.right, self.of) if self.limits is None else self.limits


@dataclass(frozen=True, slots=True)
class Tally:
    """What one record adds to precision and recall.

    Attributes:
        right, found: found concepts that are right; all found.
        hit, expected: expected concepts that were found; all expected. With exact comparison ``hit == right``.
    """

    right: int
    found: int
    hit: int
    expected: int

    @classmethod
    def exact(cls, expected: Iterable[str], found: Iterable[str]) -> Tally:
        """Compare two sets, member by member."""
        one, other = set(expected), set(found)
        both = len(one & other)
        return cls(both, len(other), both, len(one))


@dataclass(frozen=True, slots=True)
class Quality:
    """Precision, recall and F1 over a number of records.

    Attributes:
        cases: records looked at.
        precision: of what was found, how much is right.
        recall: of what was expected, how much was found.
        f1: their harmonic mean, None when nothing was expected or nothing found.
        low, high: its 95% interval; None where ``f1`` is None.
    """

    cases: int
    precision: Share
    recall: Share
    f1: float | None = None
    low: float | None = None
    high: float | None = None


def f1(right: int, found: int, hit: int, expected: int) -> float | None:
    """Return the harmonic mean of right/found and hit/expected; None when both are empty.

    Nothing found where something was expected, or the reverse, is 0.
    """
    if found == 0 and expected == 0:
        return None
    precision = right / found if found else 0.0
    recall = hit / expected if expected else 0.0
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def quality(tallies: Sequence[Tally], draws: int = DRAWS, seed: int = SEED) -> Quality:
    """Return precision, recall and F1 over records (micro average), with the bootstrap interval of F1.

    Args:
        tallies: one for each record; their order does not change precision, recall or F1, but does change the draw.
        draws: number of bootstrap samples.
        seed: start of the generator; the same seed gives the same interval.
    """
    packed = [t.right | t.found << _BITS | t.hit << 2 * _BITS | t.expected << 3 * _BITS for t in tallies]
    total = _unpack(sum(packed))
    right, found, hit, expected = total
    value = f1(*total)
    low, high = _interval(packed, draws, seed) if value is not None else (None, None)
    if value in (0.0, 1.0):
        # Every draw of all right (or all wrong) is the same: the bootstrap would claim certainty. Records are a share.
        size = sum(1 for one in packed if one)
        low, high = wilson(size if value else 0, size)
    return Quality(len(tallies), Share(right, found), Share(hit, expected), value, low, high)


def clustered(parts: Iterable[tuple[str, bool]], draws: int = DRAWS, seed: int = SEED) -> Share:
    """Return a share whose interval allows for cases that hang together.

    Args:
        parts: for each case, the cluster it belongs to (its paper), and whether it is right.
        draws: number of bootstrap samples; whole clusters are drawn.
        seed: start of the generator; the same seed gives the same interval.
    """
    clusters: dict[str, list[bool]] = {}
    for name, right in parts:
        clusters.setdefault(name, []).append(right)
    # With as much expected as found, F1 is the share; so one bootstrap serves both. Sorted: the order of the cases
    # must not change the draw.
    counts = [(sum(clusters[name]), len(clusters[name])) for name in sorted(clusters)]
    figure = quality([Tally(right, of, right, of) for right, of in counts], draws, seed)
    if figure.low is None or figure.high is None:
        return Share(0, 0)
    return Share(figure.precision.right, figure.precision.of, (figure.low, figure.high))


def _unpack(packed: int) -> tuple[int, int, int, int]:
    right, found, hit, expected = (packed >> shift * _BITS & _MASK for shift in range(4))
    return right, found, hit, expected


def _interval(packed: Sequence[int], draws: int, seed: int) -> tuple[float, float]:
    # random() is the one method whose numbers Python promises to keep from version to version.
    draw, size = random.Random(seed).random, len(packed)  # noqa: S311 - no secret
    values = []
    for _ in range(draws):
        value = f1(*_unpack(sum([packed[int(draw() * size)] for _ in range(size)])))
        if value is not None:
            values.append(value)
    values.sort()
    if not values:
        return 0.0, 1.0
    last = len(values) - 1
    return values[round(0.025 * last)], values[round(0.975 * last)]


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often each label was taken for which.

    Attributes:
        title: of what.
        labels: in the order of the table; those expected and those found.
        rows: for each label that was expected, how often each of ``labels`` was found.
        limits: 95% interval of the cases on the diagonal where they are not independent, None for Wilson's.
    """

    title: str
    labels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    limits: tuple[float, float] | None = None

    @classmethod
    def of(cls, title: str, pairs: Iterable[tuple[str, str]], order: Sequence[str] = ()) -> Confusion:
        """Count (expected, found) pairs.

        Args:
            title: of what.
            pairs: labels.
            order: labels in the order to show; others follow by name.
        """
        counts = Counter(pairs)
        known = {label for pair in counts for label in pair}
        labels = [label for label in order if label in known] + sorted(known - set(order))
        wanted = {expected for expected, _ in counts}
        rows = tuple((e, tuple(counts[e, f] for f in labels)) for e in labels if e in wanted)
        return cls(title, tuple(labels), rows)

    @property
    def accuracy(self) -> Share:
        """Cases on the diagonal, of all."""
        right = sum(counts[self.labels.index(label)] for label, counts in self.rows)
        return Share(right, sum(sum(counts) for _, counts in self.rows), self.limits)

    def by_class(self) -> list[tuple[str, Share, Share]]:
        """Return (label, precision, recall) of each label."""
        total = {label: sum(counts[i] for _, counts in self.rows) for i, label in enumerate(self.labels)}
        expected = dict(self.rows)
        result = []
        for place, label in enumerate(self.labels):
            right = expected[label][place] if label in expected else 0
            result.append((label, Share(right, total[label]), Share(right, sum(expected.get(label, ())))))
        return result
