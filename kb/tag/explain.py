"""A record's text with its marks: every tag in brackets with a number and a colour, and below why it is a tag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group
from rich.table import Table
from rich.text import Text

from kb.figure_words import dose, grade, measured, people
from kb.tag.questions import Answer
from kb.tag.record import Passage, TagRecord
from kb.tag.tags import Finding, Tag, Tagged
from kb.vocabulary import Vocabulary

#: Colours that stay apart for colour-blind readers (after Okabe and Ito) and on light and dark terminals. The number
#: and the brackets carry the same meaning without them.
_COLOURS = {
    "cell_type": "bold #0072b2",
    "cell_source": "#56b4e9",
    "expansion": "#56b4e9",
    "engineering": "#56b4e9",
    "indication": "bold #d55e00",
    "setting": "#e69f00",
    "combination": "#009e73",
    "phase": "bold #cc79a7",
    "design": "#cc79a7",
}
_FINDING = "underline"
#: Columns the table of tags needs to be read.
_ROOM = 70


def explained(
    record: TagRecord, tagged: Tagged, vocabulary: Vocabulary, width: int = 80, answers: Sequence[Answer] = ()
) -> Group:
    """Return what to print for one record.

    Args:
        record: the record, for its texts.
        tagged: what the tagger said of it.
        vocabulary: for the names of concepts.
        width: columns there are; where a table has no room its rows become lines.
        answers: to the questions asked of the record.
    """
    numbers = {tag: number for number, tag in enumerate(tagged.tags, 1)}
    verdict = Text("relevant" if tagged.relevant else "not relevant", style="bold")
    head = Text.assemble((record.id, "bold"), "  ", verdict, f": {tagged.reason}")
    if tagged.flags:
        head.append(f"  [{', '.join(flag.replace('_', ' ') for flag in tagged.flags)}]")
    lines: list[Text | Table] = [head]
    for passage in record.passages:
        marks = [tag for tag in tagged.tags if tag.field == passage.field and tag.start is not None]
        findings = [one for one in tagged.findings if one.field == passage.field]
        if marks or findings or passage.kind in ("title", "abstract"):
            lines += [Text(f"\n{passage.field}", style="dim"), _marked(passage, marks, findings, numbers)]
    if record.unread:
        lines.append(Text(f"\nnot read, because not in English: {', '.join(record.unread)}", style="bold"))
    lines.append(Text(""))
    lines += [_legend(tagged, numbers, vocabulary)] if width >= _ROOM else list(_listed(tagged, numbers, vocabulary))
    if not tagged.relevant:
        lines += list(_why_not(tagged, vocabulary))
    lines += [Text(f"! {one.facet.replace('_', ' ')}: {one.note}", style="bold") for one in tagged.conflicts]
    lines += list(_results(tagged))
    for answer in answers:
        asked = answer.question
        words = (answer.direction or "direction unknown").replace("_", " ")
        change = answer.change.replace("_", " ")
        text = f"{asked.outcome}, {asked.intervention} against {asked.comparator}: {change}, {words}"
        lines.append(Text.assemble(("asked   ", "dim"), text, (f"  ({answer.probability:.2f}; {answer.rule})", "dim")))
    return Group(*lines)


def _marked(passage: Passage, marks: list[Tag], findings: list[Finding], numbers: dict[Tag, int]) -> Text:
    opens: dict[int, int] = {}
    closes: dict[int, list[int]] = {}
    styles: list[tuple[int, int, str]] = []
    for tag in marks:
        assert tag.start is not None
        assert tag.end is not None
        opens[tag.start] = opens.get(tag.start, 0) + 1
        closes.setdefault(tag.end, []).append(numbers[tag])
        styles.append((tag.start, tag.end, _COLOURS.get(tag.facet, "bold")))
    styles += [(one.start, one.end, _FINDING) for one in findings]
    text, moved = Text(), []
    for place, character in enumerate(passage.text + "\n"):
        if place in closes:
            text.append("]" * len(closes[place]) + ",".join(map(str, sorted(closes[place]))))
        moved.append(len(text))
        if place in opens:
            text.append("[" * opens[place])
        if place < len(passage.text):
            text.append(character)
    for start, end, style in styles:
        text.stylize(style, moved[start], moved[end])
    return text


def _legend(tagged: Tagged, numbers: dict[Tag, int], vocabulary: Vocabulary) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("", "facet", "concept", "said", "origin", "rule"):
        table.add_column(name)
    for tag in tagged.tags:
        table.add_row(
            str(numbers[tag]),
            tag.facet.replace("_", " "),
            Text(vocabulary.label(tag.facet, tag.concept), style=_COLOURS.get(tag.facet, "bold")),
            tag.assertion,
            Text(tag.origin.replace("_", " ") + ("" if tag.start is not None else f": {tag.text}")),
            Text(tag.rule),  # words of the author's, whose brackets are no markup
        )
    return table


def _listed(tagged: Tagged, numbers: dict[Tag, int], vocabulary: Vocabulary) -> Iterator[Text]:
    """Yield the tags as lines, for narrow terminals."""
    for tag in tagged.tags:
        yield Text.assemble(
            (f"{numbers[tag]} ", "bold"),
            (vocabulary.label(tag.facet, tag.concept), _COLOURS.get(tag.facet, "bold")),
            f" ({tag.facet.replace('_', ' ')}, {tag.assertion}, {tag.origin.replace('_', ' ')}): {tag.rule}",
        )


def _why_not(tagged: Tagged, vocabulary: Vocabulary) -> Iterator[Text]:
    """Yield why the cells and drugs named are no product; each reason once."""
    seen: set[tuple[str, str]] = set()
    for hit, field, role in tagged.mentions:
        if hit.facet == "cell_type" and (hit.concept, role) not in seen:
            seen.add((hit.concept, role))
            label = vocabulary.label(hit.facet, hit.concept)
            yield Text.assemble(("no tag  ", "dim"), f"“{hit.text}” ({label}, {field}): {role}")


def _results(tagged: Tagged) -> Iterator[Text]:
    for finding in tagged.findings:
        yield Text.assemble(("result  ", "dim"), said(finding))
    for one in tagged.doses:
        yield Text.assemble(("dose    ", "dim"), dose(one.low, one.high, one.per, one.infusions))


def said(finding: Finding) -> str:
    """Return a finding as a line of words."""
    parts = [finding.endpoint or finding.event or finding.outcome or "result"]
    parts.append(grade(*finding.grade))
    parts += [f"in {finding.arm}"] if finding.arm else []
    parts.append(people(finding.n, finding.n_total, finding.n_basis))
    parts += measured(
        percent=finding.percent,
        value=f"{finding.value} {finding.unit}".strip(),
        ratio=finding.ratio,
        ratio_kind=finding.ratio_kind,
        low=finding.low,
        high=finding.high,
        level=finding.level,
        p=finding.p,
    )
    parts += [f"at {finding.time_point}"] if finding.time_point else []
    if finding.direction != "not_comparative":
        parts.append(finding.direction.replace("_", " "))
    if finding.is_primary:
        parts.append("primary endpoint" + {True: ", met", False: ", missed", None: ""}[finding.met])
    if finding.assertion != "present":
        parts.append(finding.assertion)
    if finding.flags:
        parts.append(f"({', '.join(flag.replace('_', ' ') for flag in finding.flags)})")
    return ", ".join(part for part in parts if part)
