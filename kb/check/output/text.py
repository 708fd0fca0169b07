"""The report for a terminal, and as one line a finding, as linters write it.

Text of the page is cleaned first (:func:`kb.check.output.words.clean`), so that no control character of a page ever
reaches the terminal.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from kb.check.output import words
from kb.check.report import Finding, Report

_STYLES = {
    "approved": "green",
    "trial_stage": "yellow",
    "unsupported": "red",
    "background": "blue",
    "not_a_claim": "dim",
    "needs_review": "magenta",
}
#: Longest quotation; longer sentences are cut with an ellipsis, the other formats have them whole.
_QUOTED = 1200
_BRIEF = 160
_MIN_WIDTH = 40


def as_text(report: Report, width: int = 100, colour: bool = False) -> str:
    """Return the report for a reader at a terminal.

    Args:
        report: what was found.
        width: columns of the terminal; at least 40 are used.
        colour: write ANSI colours; without it the text is plain, and says the same.
    """
    out = io.StringIO()
    console = Console(
        file=out,
        width=max(width, _MIN_WIDTH),
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    for line, indent in _lines(report):
        console.print(Padding(line, (0, 0, 0, indent), expand=False) if indent else line, soft_wrap=False)
    # Padding fills lines with blanks; nobody wants them in a file.
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def as_brief(report: Report) -> str:
    """Return one line a finding, ``FILE:LINE:COLUMN class level accuracy: words``, and the frame as comment lines."""
    name = words.tidy(report.page.name)
    lines = []
    for finding in report.findings:
        column = finding.start - report.page.source.rfind("\n", 0, finding.start)
        judged = f"{finding.status_class} {finding.level} {finding.accuracy}"
        lines.append(f"{name}:{finding.line}:{column} {judged}: {words.short(finding.text, _BRIEF)}")
    frame = "; ".join(f"{heading}: {said}" for heading, said in words.frame(report))
    ends = [words.summary(report), frame, *words.closing(report)]
    return "".join(f"{line}\n" for line in [*lines, *(f"# {line}" for line in ends)])


def _lines(report: Report) -> Iterator[tuple[Text, int]]:
    """Yield each paragraph with its indent."""
    title = words.tidy(report.page.title)
    name = words.tidy(report.page.name)
    yield Text(f"{name} – {title}" if title and title != name else name, "bold"), 0
    yield Text(words.summary(report), "bold red" if report.objections else ""), 0
    for heading, said in words.frame(report):
        yield _labelled(heading, said), 0
    yield Text(), 0
    yield from _product(report)
    for finding in report.findings:
        yield Text(), 0
        yield from _finding(finding)
    yield Text(), 0
    for line in words.closing(report):
        yield Text(line, "dim"), 0


def _product(report: Report) -> Iterator[tuple[Text, int]]:
    known = words.assumed(report)
    product = "; ".join(f"{axis}: {labels}" for axis, labels in known) or "nothing is known of it"
    yield _labelled("Product taken to be sold", product), 0
    if report.assumed_basis:
        yield Text(f"Why: {words.tidy(report.assumed_basis)}"), 2
    yield Text("To change it: --product, for example --product cell_source=autologous"), 2


def _finding(finding: Finding) -> Iterator[tuple[Text, int]]:
    style = _STYLES[finding.status_class]
    head = Text.assemble(
        (f"{words.mark(finding.status_class)} {finding.id} ", style), (f"{words.where(finding)}  ", "dim")
    )
    head.append(words.verdict(finding), f"bold {style}" if finding.objection else style)
    yield head, 0
    yield Text(f"“{words.short(finding.text, _QUOTED)}”", "italic"), 2
    if finding.status_class == "not_a_claim" and not (finding.rules or finding.markers or finding.codes):
        return
    for heading, said in _facts(finding):
        yield _labelled(heading, said), 2
    for marker in finding.markers:
        yield _labelled(f"Marker {words.tidy(marker.text)}", words.tidy(marker.says)), 2
    for record in finding.evidence:
        if record.decided:
            yield _labelled(_record_name(record.id, record.label), words.cited(record)), 2
    beside = [record.id for record in finding.evidence if not record.decided]
    if beside:
        yield _labelled("Also looked at", ", ".join(map(words.tidy, beside))), 2
    for rule in finding.rules:
        said = (
            f"{words.tidy(rule.says)} (“{words.tidy(rule.why)}”; {rule.id}, {rule.severity}; {words.rule_text(rule)})"
        )
        yield _labelled(words.fired(rule), said), 2
    heading, said = words.advice(finding)
    if heading:
        yield _labelled(heading, said, "green" if finding.suggestion is not None else ""), 2


def _facts(finding: Finding) -> Iterator[tuple[str, str]]:
    if finding.understood:
        yield "Taken to claim", words.tidy(finding.understood)
    product = words.sold(finding)
    if product:
        heading, _, said = product.partition(": ")
        yield heading, said
    yield f"Rule {finding.rule_id}", words.tidy(finding.rule_wording)
    for code, meaning in sorted(finding.codes.items()):
        yield words.tidy(code), words.tidy(meaning)
    if finding.approved_elsewhere:
        yield "Approved elsewhere", ", ".join(sorted(finding.approved_elsewhere))
    for later in finding.later:
        yield "Later", words.tidy(later)
    if finding.strength:
        yield "Strength of evidence", words.tidy(finding.strength)
    if finding.same_as:
        yield "Also said in", ", ".join(map(words.tidy, finding.same_as))


def _record_name(record: str, label: str) -> str:
    record, label = words.tidy(record), words.short(label, 90)
    return f"{record} {label}" if label and label != record else record


def _labelled(heading: str, said: str, style: str = "") -> Text:
    return Text.assemble((f"{heading}: ", "bold"), (said, style))
