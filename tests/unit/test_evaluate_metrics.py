"""Shares, F1 and confusion: the numbers themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.evaluate.metrics import Confusion, Quality, Share, Tally, clustered, f1, quality, wilson


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [
        # Newcombe, Stat Med 1998;17:857, table I, method 3 (Wilson).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_is_the_published_one(right: int, of: int, low: float, high: float) -> None:
    assert wilson(right, of) == pytest.approx((low, high), abs=6e-5)


def test_a_perfect_score_is_no_certainty() -> None:
    low, high = Share(50, 50).interval
    assert high == 1.0
    assert 0.92 < low < 0.94
    assert Share(0, 50).interval[0] == 0.0


def test_nothing_to_share_is_no_zero() -> None:
    assert Share(0, 0).value is None
    assert Share(0, 0).interval == (0.0, 1.0)


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_interval_holds_the_share(pair: tuple[int, int]) -> None:
    low, high = wilson(*pair)
    assert 0 <= low <= pair[0] / pair[1] <= high <= 1


def test_f1_is_the_harmonic_mean() -> None:
    assert f1(1, 2, 1, 1) == pytest.approx(2 / 3)
    assert f1(0, 0, 0, 0) is None
    assert f1(0, 3, 0, 0) == 0.0
    assert f1(0, 0, 0, 3) == 0.0


def test_exact_sets() -> None:
    assert Tally.exact(["a", "b"], ["b", "c", "d"]) == Tally(1, 3, 1, 2)


def test_quality_sums_over_records() -> None:
    found = quality([Tally(1, 1, 1, 1), Tally(1, 2, 1, 1), Tally(0, 0, 0, 1)])
    assert found.precision == Share(2, 3)
    assert found.recall == Share(2, 3)
    assert found.f1 == pytest.approx(2 / 3)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 2 / 3 < found.high
    assert found.cases == 3


def test_the_same_cases_give_the_same_interval_and_another_seed_another() -> None:
    tallies = [Tally.exact(["a"], ["a"] if n % 3 else ["b"]) for n in range(40)]
    assert quality(tallies) == quality(tallies)
    assert len({(one.low, one.high) for one in (quality(tallies, seed=seed) for seed in range(5))}) > 1


def test_more_cases_give_a_narrower_interval() -> None:
    few, many = ([Tally.exact(["a"], ["a"] if n % 4 else []) for n in range(size)] for size in (20, 400))

    def width(one: Quality) -> float:
        assert one.low is not None
        assert one.high is not None
        return one.high - one.low

    assert width(quality(many)) < width(quality(few)) / 2


def test_the_bootstrap_draws_whole_records() -> None:
    """Ten right concepts in one record are one draw: the interval must be as wide as that."""
    lumped = [Tally(10, 10, 10, 10), Tally(0, 10, 0, 10)]
    spread = [Tally(1, 1, 1, 1)] * 10 + [Tally(0, 1, 0, 1)] * 10
    one, other = quality(lumped), quality(spread)
    assert one.f1 == other.f1 == 0.5
    assert (one.low, one.high) == (0.0, 1.0)
    assert other.low is not None
    assert other.low > 0.2


def test_the_bootstrap_agrees_with_wilson_where_f1_is_a_share() -> None:
    found = quality([Tally.exact(["a"], ["a"] if n % 5 else ["b"]) for n in range(400)])
    assert (found.low, found.high) == pytest.approx(wilson(320, 400), abs=0.01)


def test_a_share_of_papers_that_hang_together_has_a_wider_interval() -> None:
    alone = clustered((str(n), n % 2 == 0) for n in range(200))
    lumped = clustered((str(n % 10), n % 2 == 0) for n in range(200))
    assert alone == lumped == Share(100, 200)
    assert alone.interval == pytest.approx(wilson(100, 200), abs=0.01)
    assert lumped.interval[0] < 0.25
    assert lumped.interval[1] > 0.75
    assert clustered((str(n), n % 2 == 0) for n in reversed(range(200))).interval == alone.interval
    assert clustered((str(n % 10), True) for n in range(200)).interval == wilson(10, 10)
    assert clustered([]).value is None


def test_all_right_is_no_certainty_for_f1_either() -> None:
    right = [Tally.exact(["a"], ["a"])] * 5 + [Tally(0, 0, 0, 0)] * 50
    found = quality(right)
    assert (found.f1, found.low, found.high) == (1.0, *wilson(5, 5))
    none = quality([Tally.exact(["a"], ["b"])] * 5)
    assert (none.f1, none.low, none.high) == (0.0, *wilson(0, 5))


def test_nothing_expected_and_nothing_found_has_no_f1() -> None:
    assert quality([Tally(0, 0, 0, 0)]).f1 is None
    assert quality([]).f1 is None


def test_confusion_counts_rows_by_what_was_expected() -> None:
    table = Confusion.of("t", [("a", "a"), ("a", "b"), ("b", "b"), ("a", "c")], ("b", "a"))
    assert table.labels == ("b", "a", "c")
    assert table.rows == (("b", (1, 0, 0)), ("a", (1, 1, 1)))
    assert table.accuracy == Share(2, 4)
    by = {label: (precision, recall) for label, precision, recall in table.by_class()}
    assert by["a"] == (Share(1, 1), Share(1, 3))
    assert by["b"] == (Share(1, 2), Share(1, 1))
    assert by["c"] == (Share(0, 1), Share(0, 0))
