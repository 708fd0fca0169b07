"""Figures of a stated result or dose as words, for terminals and pages alike. What the text does not give is said."""

from __future__ import annotations


def people(n: int | None, total: int | None, basis: str) -> str:
    """Return who was counted: "5 of 12 evaluable".

    Args:
        n: people with the event, None when not stated.
        total: people looked at, None when not stated; a count alone never passes for a share.
        basis: ``evaluable``, ``enrolled``, ``treated`` or "".

    Returns:
        The basis alone when neither number is stated.
    """
    if n is None and total is None:
        return basis
    if total is None:
        counted = f"{n} (of how many is not said)"
    else:
        counted = f"{n} of {total}" if n is not None else f"of {total} (how many is not said)"
    return f"{counted} {basis}".strip()


def measured(
    *,
    percent: float | None,
    value: str,
    ratio: float | None,
    ratio_kind: str,
    low: float | None,
    high: float | None,
    level: float | None,
    p: str,
) -> list[str]:
    """Return each figure of a result in words: "42%", "9.3 months", "hazard ratio 0.71", the interval, the P value.

    Args:
        percent: percentage.
        value: another figure, with its unit.
        ratio: hazard, odds or risk ratio, and which of them it is ("" when not said).
        ratio_kind: hazard, odds or risk.
        low: lower limit of the interval; it is shown when both limits are there.
        high: upper limit.
        level: level of the interval in percent.
        p: P value as printed, without "P".
    """
    parts = [f"{_plain(percent)}%"] if percent is not None else []
    if value:
        parts.append(value)
    if ratio is not None:
        parts.append(f"{ratio_kind} ratio {_plain(ratio)}".strip())
    if low is not None and high is not None:
        kind = f"{_plain(level)}% interval" if level is not None else "interval"
        parts.append(f"{kind} {_plain(low)} to {_plain(high)}")
    if p:
        parts.append(f"P {p}" if p[0] in "<>=≤≥" or p == "ns" else f"P = {p}")
    return parts


def grade(low: int | None, high: int | None) -> str:
    """Return "grade 3", "grade 1 to 2", "grade 3 or higher"; "" when no grade is stated."""
    if low is None and high is None:
        return ""
    if low == high:
        return f"grade {low}"
    if low is not None and high is not None:
        return f"grade {low} to {high}"
    return f"grade {low} or higher" if low is not None else f"grade {high} or lower"


def dose(low: float, high: float, per: str, infusions: int | None) -> str:
    """Return a dose of cells: "1 × 10^6 to 3 × 10^6 cells per kg, 3 infusions".

    Args:
        low: cells, lower end.
        high: cells, upper end.
        per: ``kg``, ``m2``, or "" for a total.
        infusions: number of infusions, None when not stated.
    """
    amount = _power(low) if low == high else f"{_power(low)} to {_power(high)}"
    unit = f" per {per.replace('m2', 'm²')}" if per else " in all"
    times = f", {infusions} infusion{'' if infusions == 1 else 's'}" if infusions else ""
    return f"{amount} cells{unit}{times}"


def _plain(number: float) -> str:
    """Return a number without an exponent and without zeros nobody printed."""
    return f"{number:.10f}".rstrip("0").rstrip(".")


def _power(cells: float) -> str:
    """Return a number of cells as it is written in the field: 1 × 10^7."""
    mantissa, _, exponent = f"{cells:.6e}".partition("e")
    return f"{float(mantissa):g} × 10^{int(exponent)}"
