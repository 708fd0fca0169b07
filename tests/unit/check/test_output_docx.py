"""Word comments: at the words, formatting kept, the original untouched."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from kb.check.output.docx import as_docx, is_told
from kb.check.output.docx_runs import letters, letters_of
from kb.check.page import Cell, Page, PageError
from kb.check.report import DISCLAIMER, Report
from tests.unit.check.reports import CURE, PARTS, SAFE, Part, finding_of, hostile, page_of, report


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def comments(data: bytes) -> list[str]:
    return [comment.text for comment in opened(data).comments]


def anchored(data: bytes) -> list[str]:
    """The words each comment hangs at, in the order of the comments."""
    body = opened(data).element.body
    words: dict[str, str] = {}
    open_: set[str] = set()
    for element in body.iter():
        name = element.get(qn("w:id"))
        if element.tag == qn("w:commentRangeStart"):
            assert name not in words
            words[name] = ""
            open_.add(name)
        elif element.tag == qn("w:commentRangeEnd"):
            open_.remove(name)
        elif element.tag == qn("w:t"):
            for one in open_:
                words[one] += element.text or ""
    assert not open_
    references = [one.get(qn("w:id")) for one in body.iter(qn("w:commentReference"))]
    assert sorted(references) == sorted(words)
    return [words[str(comment.comment_id)] for comment in opened(data).comments]


def text(data: bytes) -> str:
    return "\n".join(
        "".join(t.text or "" for t in p.iter(qn("w:t"))) for p in opened(data).element.body.iter(qn("w:p"))
    )


def test_a_new_file_has_every_finding_once_at_its_words() -> None:
    checked = report()
    data = as_docx(checked)
    told = [finding for finding in checked.findings if is_told(finding)]
    assert [finding.id for finding in checked.findings if not is_told(finding)] == ["f006"]
    assert [comment[:4] for comment in comments(data)[1:]] == [finding.id for finding in told]
    assert anchored(data)[1:] == [finding.text for finding in told]
    opening = comments(data)[0]
    for words in (DISCLAIMER, "2026-11-01", "United States (US)", checked.built, "3 objections", *checked.notes):
        assert words in opening
    assert "Without a comment, since nothing is claimed: 1 sentence." in opening
    first = comments(data)[1]
    for words in ("CONTRADICTED", "cell source: differs", "Possible issue under", "2001 text", "Could be said instead"):
        assert words in first


def test_a_new_file_keeps_headings_lists_and_tables() -> None:
    document = opened(as_docx(report()))
    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs}
    assert styles["Why choose us"] == "Heading 2"
    assert styles[SAFE] == "List Bullet"
    assert [cell.text for row in document.tables[0].rows for cell in row.cells] == [
        "Condition", "What we see", "Skin cancer", "Killer cells help in melanoma."
    ]  # fmt: skip


def test_the_same_report_gives_the_same_bytes() -> None:
    assert as_docx(report()) == as_docx(report())
    assert {comment.timestamp.date().isoformat() for comment in opened(as_docx(report())).comments} == {"2026-11-01"}


def original() -> bytes:
    document = docx.Document()
    document.add_heading("Natural killer cell therapy", 1)
    paragraph = document.add_paragraph("Our expanded ")
    paragraph.add_run("autologous NK").bold = True
    paragraph.add_run(" cells eliminate\ttumours in 80% of patients ")
    paragraph.add_run("1").font.superscript = True
    paragraph.add_run(". NK cells recognise stressed cells without prior sensitisation [2].").italic = True
    document.add_paragraph(SAFE)
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "Skin cancer"
    table.cell(0, 1).text = f"{SAFE}, and again"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


_WORD: tuple[Part, ...] = (
    ("heading", "", "Natural killer cell therapy", 1, None),
    ("paragraph", "", PARTS[1][2], 0, None),
    ("paragraph", "", SAFE, 0, None),
    ("cell", "", "Skin cancer", 0, Cell(1, 1, 1)),
    ("cell", "", f"{SAFE}, and again", 0, Cell(1, 1, 2)),
)


def checked_word() -> tuple[Page, Report]:
    page = page_of(_WORD, "page.docx", "docx")
    first = report().findings[0]
    again = page.source.rindex(SAFE)
    findings = (
        replace(finding_of(page, 1, CURE), evidence=first.evidence, rules=first.rules),
        finding_of(page, 2, "NK cells recognise stressed cells without prior sensitisation [2]."),
        replace(finding_of(page, 3, SAFE), start=again, end=again + len(SAFE)),
    )
    return page, replace(report(), page=page, findings=findings)


def test_the_pages_own_file_comes_back_with_comments_at_the_words() -> None:
    _, checked = checked_word()
    before = original()
    data = as_docx(checked, before)
    assert text(data) == text(before)
    assert anchored(data)[1:] == [
        "Our expanded autologous NK cells eliminatetumours in 80% of patients 1.",
        "NK cells recognise stressed cells without prior sensitisation [2].",
        SAFE,
    ]
    document = opened(data)
    cell = document.tables[0].cell(0, 1)._tc
    assert len(list(cell.iter(qn("w:commentRangeStart")))) == 1  # the second time the words come, not the first


def test_formatting_is_kept_where_runs_are_cut() -> None:
    _, checked = checked_word()
    paragraph = opened(as_docx(checked, original())).paragraphs[1]
    assert "".join(run.text for run in paragraph.runs if run.bold) == "autologous NK"
    assert "".join(run.text for run in paragraph.runs if run.font.superscript) == "1"
    assert "".join(run.text for run in paragraph.runs if run.italic) == (
        ". NK cells recognise stressed cells without prior sensitisation [2]."
    )
    assert paragraph.text.count("\t") == 1


def test_comments_that_were_there_stay() -> None:
    document = opened(original())
    document.add_comment(document.paragraphs[2].runs, "an older remark", author="Somebody")
    out = io.BytesIO()
    document.save(out)
    _, checked = checked_word()
    data = as_docx(checked, out.getvalue())
    assert comments(data)[0] == "an older remark"
    assert len(comments(data)) == 5


def test_links_deletions_and_text_boxes() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("See ")
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    for xml in (
        f'<w:hyperlink xmlns:w="{w}" w:anchor="x"><w:r><w:t>our NK cells cure</w:t></w:r></w:hyperlink>',
        f'<w:del xmlns:w="{w}" w:id="1"><w:r><w:delText>our NK cells cure</w:delText></w:r></w:del>',
        f'<w:ins xmlns:w="{w}" w:id="2"><w:r><w:t xml:space="preserve"> all cancers.</w:t></w:r></w:ins>',
        f'<w:r xmlns:w="{w}"><w:pict><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>'
        "</w:pict></w:r>",
    ):
        paragraph._p.append(parse_xml(xml))  # type: ignore[arg-type]
    out = io.BytesIO()
    document.save(out)
    parts: tuple[Part, ...] = (
        ("paragraph", "", "See our NK cells cure all cancers.", 0, None),
        ("paragraph", "", "In a box.", 0, None),
    )
    page = page_of(parts, "page.docx", "docx")
    found = (finding_of(page, 1, "our NK cells cure all cancers."), finding_of(page, 2, "In a box."))
    data = as_docx(replace(report(), page=page, findings=found), out.getvalue())
    assert anchored(data)[1:] == ["our NK cells cure all cancers."]
    assert "Not in the running text, paragraph 2: “In a box.”" in comments(data)[0]
    assert "f002" in comments(data)[0]


def test_a_markers_number_that_is_no_text_of_the_file_does_not_hide_the_words() -> None:
    document = docx.Document()
    document.add_paragraph("NK cells cure cancer. And more.")
    out = io.BytesIO()
    document.save(out)
    page = page_of((("paragraph", "", "NK cells cure cancer[1]. And more.", 0, None),), "page.docx", "docx")
    checked = replace(report(), page=page, findings=(finding_of(page, 1, "NK cells cure cancer[1]."),))
    assert anchored(as_docx(checked, out.getvalue()))[1:] == ["NK cells cure cancer."]


def test_findings_in_one_another() -> None:
    page, checked = checked_word()
    inner = finding_of(page, 2, "eliminate tumours in 80%")
    same = finding_of(page, 3, CURE)
    data = as_docx(replace(checked, findings=(checked.findings[0], inner, same)), original())
    whole = "Our expanded autologous NK cells eliminatetumours in 80% of patients 1."
    assert anchored(data)[1:] == [whole, "eliminatetumours in 80%", whole]


@pytest.mark.parametrize("own", [False, True])
def test_hostile_text_is_text(own: bool) -> None:
    checked = hostile("docx")
    data = as_docx(checked, as_docx(replace(checked, findings=())) if own else None)
    assert len(comments(data)) == 4 + 1 + own
    assert any("<script>alert(1)</script>" in one for one in comments(data))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2066]", "".join(comments(data)) + text(data))


def test_a_file_without_text_still_carries_the_frame() -> None:
    out = io.BytesIO()
    docx.Document().save(out)
    page = page_of((), "empty.docx", "docx")
    data = as_docx(replace(report(), page=page, findings=()), out.getvalue())
    assert DISCLAIMER in comments(data)[0]


@pytest.mark.parametrize("broken", [b"", b"no zip", "cut"])
def test_a_file_that_is_no_word_file_is_an_error_that_says_what_to_do(broken: bytes | str) -> None:
    if broken == "cut":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            package.writestr("word/document.xml", "<broken")
        broken = out.getvalue()
    assert isinstance(broken, bytes)
    with pytest.raises(PageError, match="another format"):
        as_docx(report(), broken)


def test_letters() -> None:
    assert letters("NK-cells² [1] ﬁne") == "nkcells21fine"
    found = letters_of(opened(original()).element.body)
    assert found.find("no such words", 0) is None
    assert found.find(SAFE, 0) != found.find(SAFE, 1) is not None
    assert found.find(SAFE, 2) == found.find(SAFE, 1)
    assert found.find("…", 0) is None
