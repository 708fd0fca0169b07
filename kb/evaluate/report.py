"""Sheets as Markdown, for the page and the terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from kb.evaluate.metrics import Confusion, Quality, Share
from kb.evaluate.sheet import MEASURES, Goal, Line, Sheet, goals, prose
from kb.markdown import table


def markdown(sheets: Sequence[Sheet], level: int = 2) -> list[str]:
    """Return the lines of all sheets.

    Args:
        sheets: what was measured.
        level: of their headings.
    """
    lines: list[str] = []
    for sheet in sheets:
        lines += [f"{'#' * level} {sheet.title}", "", sheet.text, ""]
        lines += _qualities([line for line in sheet.lines if isinstance(line.figure, Quality)])
        lines += _shares([line for line in sheet.lines if isinstance(line.figure, Share)])
        for confusion in sheet.confusions:
            lines += _confusion(confusion)
        lines += _cases(sheet)
    return lines


def _qualities(lines: Sequence[Line]) -> list[str]:
    if not lines:
        return []
    head = ["", "records", "precision", "recall", "F1", "asked for"]
    some = any(line.without for line in lines)
    if some:
        head.insert(5, "F1 without disputed")
    body = []
    for line in lines:
        figure, without = line.figure, line.without
        assert isinstance(figure, Quality)
        row = [
            line.name,
            str(figure.cases),
            percent(figure.precision),
            percent(figure.recall),
            _f1(figure),
            asked(line),
        ]
        if some:
            row.insert(5, _f1(without) if isinstance(without, Quality) else "")
        body.append(row)
    return table(head, body)


def _shares(lines: Sequence[Line]) -> list[str]:
    if not lines:
        return []
    some = any(line.without for line in lines)
    head = ["", "right", "asked for"]
    if some:
        head.insert(2, "without disputed")
    body = []
    for line in lines:
        figure = line.figure
        assert isinstance(figure, Share)
        row = [line.name, percent(figure), asked(line)]
        if some:
            row.insert(2, percent(line.without) if isinstance(line.without, Share) else "")
        body.append(row)
    return table(head, body)


def asked(line: Line) -> str:
    """Return what was asked for, with a mark where it was missed: "recall at least 0.95, **missed**"."""
    if not line.missed:
        return prose(line.asked)
    names = " and ".join(goal.measure for goal in line.missed)
    return f"{prose(line.asked)}, **missed**{f' ({names})' if len(line.asked) > 1 else ''}"


def missed(sheets: Iterable[Sheet]) -> str:
    """Return one line that says how many goals are missed, and which; "" when none was set."""
    number, short = goals(sheets)
    if not number:
        return ""
    which = [
        f"{line.name}{'' if goal.measure == 'share' else f', {goal.measure}'} {_figure(value)} of {goal.minimum:.2f}"
        for line, goal in short
        if (value := goal.value(line.figure)) is not None
    ]
    return f"{len(short)} of {number} goals missed{': ' if which else ''}{'; '.join(which)}."


def percent(share: Share) -> str:
    """Return a share with its interval and denominator: "0.96 [0.90, 0.99] (48 of 50)"."""
    if share.value is None:
        return "nothing to score"
    low, high = share.interval
    return f"{_figure(share.value)} [{_figure(low)}, {_figure(high)}] ({share.right} of {share.of})"


def _f1(figure: Quality) -> str:
    if figure.f1 is None or figure.low is None or figure.high is None:
        return "nothing to score"
    return f"{_figure(figure.f1)} [{_figure(figure.low)}, {_figure(figure.high)}]"


def _figure(value: float) -> str:
    """Return three decimals; what is not quite 1 or 0 is not printed as 1 or 0."""
    if 0.9995 <= value < 1:
        return "0.999"
    return "0.001" if 0 < value < 0.0005 else f"{value:.3f}"


def _confusion(confusion: Confusion) -> list[str]:
    if not confusion.rows:
        return []
    head = ["", *confusion.labels, "recall"]
    recalls = {label: recall for label, _, recall in confusion.by_class()}
    body: list[list[Any]] = [[label, *counts, _short(recalls[label])] for label, counts in confusion.rows]
    body.append(["precision", *(_short(precision) for _, precision, _ in confusion.by_class()), ""])
    accuracy = f"All on the diagonal: {percent(confusion.accuracy)}."
    return [f"**{confusion.title}.** {accuracy}", "", *table(head, body)]


def _short(share: Share) -> str:
    return "–" if share.value is None else _figure(share.value)


def _cases(sheet: Sheet) -> list[str]:
    if not sheet.cases:
        return []
    body = [[case.id, case.errors, cell(case.expected), cell(case.found), cell(case.why)] for case in sheet.cases]
    return [
        f"**{sheet.cases_title}.**",
        "",
        *table(["case", "errors", "expected", sheet.found_title, "words and rule"], body),
    ]


def cell(text: str) -> str:
    """Return text that cannot break a table or be read as markup."""
    return " ".join(text.replace("<", "&lt;").replace(">", "&gt;").split())


def as_dict(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as plain data: every figure with its parts, value and interval."""
    return {
        "title": sheet.title,
        "text": sheet.text,
        "lines": [
            {
                "name": line.name,
                "figure": _figure_dict(line.figure),
                "without_disputed": None if line.without is None else _figure_dict(line.without),
                "asked": prose(line.asked),
                "goals": [{"measure": goal.measure, "minimum": goal.minimum} for goal in line.asked],
                "missed": [goal.measure for goal in line.missed],
            }
            for line in sheet.lines
        ],
        "confusions": [asdict(confusion) for confusion in sheet.confusions],
        "cases": [asdict(case) for case in sheet.cases],
    }


def _figure_dict(figure: Quality | Share) -> dict[str, Any]:
    if isinstance(figure, Share):
        low, high = figure.interval
        return {"right": figure.right, "of": figure.of, "value": figure.value, "low": low, "high": high}
    return {
        "cases": figure.cases,
        "precision": _figure_dict(figure.precision),
        "recall": _figure_dict(figure.recall),
        "f1": figure.f1,
        "low": figure.low,
        "high": figure.high,
    }


def sheet_of(value: dict[str, Any]) -> Sheet:
    """Return the sheet of :func:`as_dict`; its cases are left behind.

    Raises:
        KeyError, TypeError, ValueError: no sheet.
    """
    lines = tuple(
        Line(
            str(line["name"]),
            _figure_of(line["figure"]),
            None if line["without_disputed"] is None else _figure_of(line["without_disputed"]),
            tuple(_goal_of(goal) for goal in line["goals"]),
        )
        for line in value["lines"]
    )
    confusions = tuple(
        Confusion(
            str(one["title"]),
            tuple(one["labels"]),
            tuple((row, tuple(counts)) for row, counts in one["rows"]),
            None if one["limits"] is None else (float(one["limits"][0]), float(one["limits"][1])),
        )
        for one in value["confusions"]
    )
    return Sheet(str(value["title"]), str(value["text"]), lines, confusions)


def _goal_of(value: dict[str, Any]) -> Goal:
    (measure,) = [name for name in MEASURES if name == value["measure"]]
    return Goal(measure, float(value["minimum"]))


def _figure_of(value: dict[str, Any]) -> Quality | Share:
    if "right" in value:
        return Share(int(value["right"]), int(value["of"]), (float(value["low"]), float(value["high"])))
    precision, recall = _figure_of(value["precision"]), _figure_of(value["recall"])
    assert isinstance(precision, Share)
    assert isinstance(recall, Share)
    return Quality(int(value["cases"]), precision, recall, value["f1"], value["low"], value["high"])
