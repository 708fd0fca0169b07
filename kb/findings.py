"""A finding as one line of text, always with its denominator."""

from __future__ import annotations

from kb.records.study import Finding


def describe(finding: Finding) -> str:
    """Return a finding in one line, always with its denominator where there is one."""
    parts = [finding.endpoint + ":"]
    if finding.n is not None and finding.n_total:
        parts.append(f"{finding.n} of {finding.n_total}" + (f" {finding.n_basis}" if finding.n_basis else ""))
        if finding.percent is not None:
            parts.append(f"({finding.percent:g}%)")
    elif finding.percent is not None:
        parts.append(
            f"{finding.percent:g}%" + (f" of {finding.n_total}" if finding.n_total else " (denominator not reported)")
        )
    if finding.interval and (finding.interval.low is not None or finding.interval.high is not None):
        parts.append(
            f"[{finding.interval.level:g}% interval {_bound(finding.interval.low)} to {_bound(finding.interval.high)}]"
        )
    if finding.value:
        shown = f"{finding.percent:g}%" if finding.percent is not None else ""
        if shown and finding.value.startswith(shown.rstrip("%")) and parts[-1].strip("()") == shown:
            parts.pop()  # the words that follow begin with the same number
        parts.append(finding.value)
    if finding.p:
        parts.append("P " + (finding.p if finding.p[0] in "<>=" else f"= {finding.p}"))
    words = {
        "better": "better than the comparator",
        "no_difference": "no difference from the comparator",
        "worse": "worse than the comparator",
    }
    if finding.direction in words:
        parts.append(f"– {words[finding.direction]}")
    if finding.met is False:
        parts.append("– target missed")
    if len(parts) == 1:
        parts.append("reported without a number")
    if parts[1].startswith("–"):
        parts[0] = finding.endpoint
    return " ".join(parts)


def _bound(value: float | None) -> str:
    return "not reached" if value is None else f"{value:g}"
