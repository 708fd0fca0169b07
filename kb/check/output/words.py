"""The wording all outputs share: verdicts, counts and frames in words, and text of others made harmless."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from kb.check.report import DISCLAIMER, Cited, Finding, Fired, Report
from kb.english import ACCURACY, CLASSES
from kb.jurisdictions import JURISDICTIONS

#: Severity of wording rules, gravest first.
SEVERITIES = ("high", "medium", "low")

#: Codepoints of class Cf that letters or emoji need: joiners and the soft hyphen's visible kin are not among them.
_JOINERS = "\u200c\u200d"
#: What would act on a terminal, or turn round the text beside it, if it were written out as it is.
_ACTIVE = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")

_STANCES = {
    "supports": "supports",
    "partly": "supports in part",
    "does_not_support": "does not support",
    "contradicts": "contradicts",
    "not_found": "not on file",
}
_INTEGRITY = {
    "retracted": "retracted",
    "corrected": "corrected since",
    "concern": "its journal has published a concern",
}


def clean(text: str) -> str:
    """Return text in which nothing acts on a terminal, a document or the direction of the text beside it.

    Tabs and line ends of any kind become a space; control, direction and other invisible characters are left out,
    except the joiners that letters need; a lone surrogate becomes U+FFFD.
    """
    kept = []
    for char in text:
        kind = unicodedata.category(char)
        if char in "\t\n\r\v\f\x85" or kind in ("Zl", "Zp"):
            kept.append(" ")
        elif kind == "Cs":
            kept.append("\ufffd")
        elif kind not in ("Cc", "Cf") or char in _JOINERS:
            kept.append(char)
    return "".join(kept)


def tidy(text: str) -> str:
    """Return :func:`clean` text with runs of white space as one space."""
    return " ".join(clean(text).split())


def short(text: str, length: int) -> str:
    """Return tidy text of at most ``length`` characters, cut at a word with an ellipsis."""
    text = tidy(text)
    if len(text) <= length:
        return text
    head = text[: length - 1]
    space = head.rfind(" ")
    return head[: space if space > length // 2 else len(head)].rstrip() + "…"


def to_json(value: Any) -> str:
    """Return JSON with two-space indents and a final line end; characters that act are written as escapes."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return _ACTIVE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def web(url: str) -> str:
    """Return an address that may become a link, else ""; nothing but http and https may."""
    address = url.strip()
    fine = re.fullmatch(r"https?://[^\s\"'<>\\^`{|}]+", address, re.IGNORECASE)
    return address if fine else ""


def class_name(status_class: str) -> str:
    """Return a class in words."""
    return CLASSES[status_class][0]


def mark(status_class: str) -> str:
    """Return the sign of a class, so that colour is never the only signal."""
    return CLASSES[status_class][1]


def plain(name: str) -> str:
    """Return a name of the contract (``accurate_with_caveat``) in words."""
    return name.replace("_", " ")


def verdict(finding: Finding) -> str:
    """Return class, level and accuracy in one line of words."""
    if finding.status_class == "not_a_claim":
        return class_name("not_a_claim")
    name = class_name(finding.status_class)
    label = f" ({finding.level_label})" if finding.level_label.lower() not in ("", name.lower()) else ""
    words = f"{name} · {finding.level}{label} · {plain(finding.accuracy)}"
    return f"Objection: {words}" if finding.objection else words


def sold(finding: Finding) -> str:
    """Return the verdict on the product sold, "" where there is none."""
    if finding.sold_class is None:
        return ""
    level = f" · {finding.sold_level}" if finding.sold_level else ""
    return f"For the product sold here: {class_name(finding.sold_class)}{level}"


def where(finding: Finding) -> str:
    """Return the place as a reader looks for it: the page or paragraph where lines mean nothing."""
    return tidy(finding.place) or f"line {finding.line}"


def cited(record: Cited) -> str:
    """Return what a record says of the claim, with why it counts or does not."""
    parts = [_STANCES.get(record.stance, plain(record.stance))]
    if record.match:
        parts.append(f"{plain(record.match)} match")
    if record.integrity != "ok":
        parts.append(_INTEGRITY.get(record.integrity, plain(record.integrity)))
    if record.checked == "secondary":
        parts.append("read in a secondary source only")
    parts += [f"{plain(axis)}: {plain(relation)}" for axis, relation in sorted(record.mismatch.items())]
    reason = tidy(record.reason)
    return ", ".join(parts) + (f". {reason}" if reason else "")


def fired(rule: Fired) -> str:
    """Return the heading of a wording rule; a rule names a possible issue, never a breach."""
    return f"Possible issue under {tidy(rule.citation)} ({tidy(rule.authority)}, {tidy(rule.jurisdiction)})"


def rule_text(rule: Fired) -> str:
    """Return what was read of a rule, and how old it was."""
    if rule.seen == "no":
        return "Nobody has read the text of this rule for this base"
    read = "read in part" if rule.seen == "partly" else "read"
    return f"{read}: {tidy(rule.age) or tidy(rule.dated) or 'date not known'}"


def advice(finding: Finding) -> tuple[str, str]:
    """Return what to do about the wording as (heading, words); both "" where nothing has to be changed."""
    if finding.suggestion is not None:
        return "Could be said instead", tidy(finding.suggestion)
    if finding.no_suggestion is not None:
        return "No other wording is suggested", tidy(finding.no_suggestion)
    return "", ""


def by_class(findings: Iterable[Finding]) -> list[tuple[str, int]]:
    """Return how many findings each class has, in the order classes are always shown; none with 0."""
    counts = Counter(finding.status_class for finding in findings)
    return [(name, counts[name]) for name in CLASSES if counts[name]]


def by_accuracy(findings: Iterable[Finding]) -> list[tuple[str, int]]:
    """Return how many findings each accuracy has, worst first; sentences that claim nothing do not count."""
    counts = Counter(finding.accuracy for finding in findings if finding.status_class != "not_a_claim")
    return [(name, counts[name]) for name in reversed(ACCURACY) if counts[name]]


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def summary(report: Report) -> str:
    """Return the counts in one sentence."""
    if not report.findings:
        return "No sentence of this page was taken for a claim."
    classes = ", ".join(f"{count:,} {class_name(name).lower()}" for name, count in by_class(report.findings))
    return f"{counted(len(report.findings), 'finding')}: {classes}. {objections(report)}."


def objections(report: Report) -> str:
    """Return the number of objections in words."""
    return counted(len(report.objections), "objection") if report.objections else "No objection"


def frame(report: Report) -> list[tuple[str, str]]:
    """Return what every output carries beside its findings, as (heading, words): place, day, base."""
    code = report.jurisdiction
    known = JURISDICTIONS.get(code)
    return [
        ("Judged for", f"{known[0]} ({code})" if known else tidy(code)),
        ("As of", tidy(report.as_of)),
        ("Base", tidy(report.built)),
    ]


def assumed(report: Report) -> list[tuple[str, str]]:
    """Return the product the page is taken to sell, as (axis, labels)."""
    labels = report.assumed_labels
    return [(plain(axis), ", ".join(map(tidy, labels[axis]))) for axis in labels if labels[axis]]


def notes(report: Report) -> list[str]:
    """Return what was not read or not checked, each once."""
    return list(dict.fromkeys(tidy(note) for note in (*report.page.notes, *report.notes) if note.strip()))


def closing(report: Report) -> list[str]:
    """Return the lines that end an output for readers: what was not checked, and what this is not."""
    return [*(f"Not checked: {note}" for note in notes(report)), DISCLAIMER]


def ordered(axes: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Return axis → values as data; axes sorted, values in the order given."""
    return {axis: list(axes[axis]) for axis in sorted(axes)}
