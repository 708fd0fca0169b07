"""The report as a Word file whose comments hang at the words.

Of a .docx the same file comes back with comments added: runs are split at the words, and nothing else is changed. Of
any other page a new file is made from its text. The original is never written to; the caller gets bytes.

Where a finding's words stand in the Word file is found by their letters and digits alone, since readers draw white
space and markers in their own way: the first, second, … time the page has the words is that of the file. A finding
whose words are not in the file's running text is told in the comment at its beginning.
"""

from __future__ import annotations

import io
import re
import zipfile
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby

import docx
from docx.document import Document
from docx.oxml.text.run import CT_R
from docx.text.run import Run
from lxml.etree import XMLSyntaxError

from kb.check.output import words
from kb.check.output.docx_runs import Letters, Spot, cut, letters, letters_of
from kb.check.page import Block, Page, PageError
from kb.check.report import Finding, Report

_AUTHOR = "NK Evidence Map"
_INITIALS = "NK"
#: Date of every part of the package, so that the same report gives the same bytes.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
#: Blocks that a Word file keeps outside its running text.
_ASIDE = ("alt", "footnote")
_MARKER = re.compile(r"\[[\d\s,;–-]+\]")


def as_docx(report: Report, original: bytes | None = None) -> bytes:
    """Return a Word file with the findings as comments.

    Sentences that claim nothing get no comment, unless a wording rule, a marker or a code speaks of them; the comment
    at the beginning says how many there are.

    Args:
        report: what was found.
        original: the bytes of the page's own file when it is a .docx; without them a new file is made.

    Raises:
        PageError: the original cannot be opened as a Word file.
    """
    document = _open(report.page.name, original) if original is not None else _new(report.page)
    if not letters_of(document.element.body).runs:
        document.add_paragraph(words.summary(report))
    found = letters_of(document.element.body)
    aside = _ASIDE if original is not None else ()
    told = [finding for finding in report.findings if is_told(finding)]
    said = [letters(block.text) for block in report.page.blocks]
    placed = [(finding, place) for finding in told if (place := _place(report.page, said, finding, found, aside))]
    at_words = {finding.id for finding, _ in placed}
    missing = [finding for finding in told if finding.id not in at_words]
    # Splitting leaves a run its beginning, so the first run is still the first.
    ends = cut(found, [place for _, place in placed])
    _comment(document, (found.runs[0], found.runs[0]), _opening(report, missing), report.as_of)
    for (finding, _), runs in zip(placed, ends, strict=True):
        _comment(document, runs, "\n".join(_told(finding)), report.as_of)
    out = io.BytesIO()
    document.save(out)
    return _undated(out.getvalue())


def is_told(finding: Finding) -> bool:
    """Tell whether a finding gets a comment: it claims something, or something is to be said of its words."""
    return finding.status_class != "not_a_claim" or bool(finding.rules or finding.markers or finding.codes)


def _place(
    page: Page, said: list[str], finding: Finding, found: Letters, aside: tuple[str, ...]
) -> tuple[Spot, Spot] | None:
    """Return where a finding's words stand in the Word file, None when they are not in its running text.

    Args:
        page: what was read.
        said: the letters of each of its blocks.
        finding: whose words are looked for.
        found: the letters of the Word file.
        aside: kinds of blocks that are not in its running text.
    """
    wanted = letters(finding.text)
    before = 0
    for block, whole in zip(page.blocks, said, strict=True):
        start = bisect_left(block.offsets, finding.start)
        here = start < bisect_left(block.offsets, finding.end)
        if block.kind not in aside and wanted:
            before += (letters(block.text[:start]) if here else whole).count(wanted)
        if here:
            if block.kind in aside:
                return None
            break
    return found.find(finding.text, before) or found.find(_MARKER.sub("", finding.text), before)


def _comment(document: Document, runs: tuple[CT_R, CT_R], text: str, as_of: str) -> None:
    first, last = (Run(run, document) for run in runs)
    comment = document.add_comment([first, last], text, author=_AUTHOR, initials=_INITIALS)
    comment._comment_elm.date = datetime.fromisoformat(as_of).replace(tzinfo=UTC)


def _opening(report: Report, missing: list[Finding]) -> str:
    product = "; ".join(f"{axis}: {labels}" for axis, labels in words.assumed(report)) or "nothing is known of it"
    lines = [
        words.summary(report),
        *(f"{heading}: {said}" for heading, said in words.frame(report)),
        f"Product taken to be sold: {product}. {words.tidy(report.assumed_basis)} (to change it: --product)",
    ]
    silent = sum(not is_told(finding) for finding in report.findings)
    if silent:
        lines.append(f"Without a comment, since nothing is claimed: {words.counted(silent, 'sentence')}.")
    lines += words.closing(report)
    for finding in missing:
        lines += ["", f"Not in the running text, {words.where(finding)}: “{words.tidy(finding.text)}”"]
        lines += _told(finding)
    return "\n".join(lines)


def _told(finding: Finding) -> Iterator[str]:
    """Yield the lines of a finding's comment."""
    yield f"{finding.id} {words.verdict(finding)}"
    if finding.status_class != "not_a_claim":
        yield words.tidy(finding.rule_wording)
    if words.sold(finding):
        yield words.sold(finding)
    for code, meaning in sorted(finding.codes.items()):
        yield f"{words.tidy(code)}: {words.tidy(meaning)}"
    for later in finding.later:
        yield f"Later: {words.tidy(later)}"
    for marker in finding.markers:
        yield f"Marker {words.tidy(marker.text)}: {words.tidy(marker.says)}"
    for record in finding.evidence:
        if record.decided:
            yield f"{words.tidy(record.id)} {words.short(record.label, 90)}: {words.cited(record)}"
    for rule in finding.rules:
        yield f"{words.fired(rule)}: {words.tidy(rule.says)} (“{words.tidy(rule.why)}”; {words.rule_text(rule)})"
    heading, said = words.advice(finding)
    if heading:
        yield f"{heading}: {said}"


def _open(name: str, original: bytes) -> Document:
    try:
        return docx.Document(io.BytesIO(original))
    except (KeyError, ValueError, zipfile.BadZipFile, XMLSyntaxError) as error:
        message = f"{name}: comments cannot be added to this file ({error}) → ask for another format, such as html"
        raise PageError(message) from error


def _new(page: Page) -> Document:
    """Return a Word file with the text of a page: headings, paragraphs, lists and tables, nothing more."""
    document = docx.Document()
    document.core_properties.title = words.short(page.title or page.name, 200)
    document.core_properties.author = ""
    document.core_properties.comments = ""
    for table, group in groupby(page.blocks, key=lambda block: block.cell.table if block.cell else 0):
        if table:
            _add_table(document, list(group))
            continue
        for block in group:
            _add(document, block)
    return document


def _add(document: Document, block: Block) -> None:
    text = words.clean(block.text)
    if block.kind == "heading":
        document.add_heading(text, min(max(block.level, 1), 9))
    elif block.kind == "item":
        depth = min(max(block.level, 1), 3)
        document.add_paragraph(text, "List Bullet" if depth == 1 else f"List Bullet {depth}")
    elif block.kind in ("reference", "footnote") and block.label:
        # The label is a paragraph's own run, so that it is never taken for a claim's words.
        document.add_paragraph(f"[{words.clean(block.label)}] ").add_run(text)
    else:
        document.add_paragraph(text)


def _add_table(document: Document, blocks: list[Block]) -> None:
    cells = {(block.cell.row, block.cell.column): block for block in blocks if block.cell}
    table = document.add_table(max(row for row, _ in cells), max(column for _, column in cells), "Table Grid")
    for row_number, row in enumerate(table.rows, 1):
        for column, cell in enumerate(row.cells, 1):
            block = cells.get((row_number, column))
            if block is not None:
                bold = block.cell is not None and block.cell.header
                cell.paragraphs[0].add_run(words.clean(block.text)).bold = bold or None


def _undated(package: bytes) -> bytes:
    """Return a package whose parts carry no time of writing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _ZIP_DATE), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
