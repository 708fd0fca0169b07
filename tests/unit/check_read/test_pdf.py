"""PDF: columns, running heads, page numbers, and files that hold no text."""

import io
import re

import pytest
from fpdf import FPDF

from kb.check.page import PageError
from kb.check.read import read_bytes

_LEFT = "The cells were grown from the blood of a healthy donor and frozen until they were given to the patient. "
_RIGHT = "Each patient was seen once a month for a year and no other treatment was given in that time at all. "


class _Paper(FPDF):
    def header(self) -> None:
        self.set_font("helvetica", size=8)
        self.text(20, 10, "Example clinic leaflet")

    def footer(self) -> None:
        self.set_font("helvetica", size=8)
        self.text(100, 290, str(self.page_no()))


def _two_columns() -> bytes:
    paper = _Paper()
    for heading in ("How the cells are made", "Who was seen afterwards"):
        paper.add_page()
        paper.set_font("helvetica", "B", 18)
        paper.text(20, 30, heading)
        paper.set_font("helvetica", size=10)
        for left, text in ((20, _LEFT), (110, _RIGHT)):
            paper.set_xy(left, 40)
            paper.multi_cell(80, 5, text * 3, align="L")
    return bytes(paper.output())


def test_columns_are_read_one_after_the_other_and_running_heads_are_left_out() -> None:
    page = read_bytes(_two_columns(), "page.pdf")
    text = " ".join(block.text for block in page.blocks if block.place == "page 1")
    assert text.index(_LEFT.strip()) < text.index(_RIGHT.strip())
    assert "leaflet" not in text
    assert ("heading", "How the cells are made") in [(block.kind, block.text) for block in page.blocks]
    assert {block.place for block in page.blocks} == {"page 1", "page 2"}
    assert any(note.startswith("Running heads") for note in page.notes)


def test_characters_lead_back_to_the_text_drawn() -> None:
    page = read_bytes(_two_columns(), "page.pdf")
    for block in page.blocks:
        assert all(page.source[at] in (char, "\n") for char, at in zip(block.text, block.offsets, strict=True))


def test_a_pdf_without_text_and_a_protected_one_are_told() -> None:
    blank = FPDF()
    blank.add_page()
    with pytest.raises(PageError, match="without text"):
        read_bytes(bytes(blank.output()), "scan.pdf")
    locked = _Paper()
    locked.set_encryption(owner_password="a", user_password="b")
    locked.add_page()
    with pytest.raises(PageError, match="password"):
        read_bytes(bytes(locked.output()), "locked.pdf")


@pytest.mark.parametrize("share", range(1, 20, 3))
def test_truncations_give_a_page_or_a_page_error(share: int) -> None:
    whole = _two_columns()
    out = io.BytesIO(whole[: len(whole) * share // 20])
    try:
        assert read_bytes(out.getvalue(), "page.pdf").blocks
    except PageError as error:
        assert "page.pdf" in str(error)


def test_a_reference_to_itself_ends() -> None:
    whole = _two_columns()
    root = re.search(rb"/Root (\d+) 0 R", whole)
    assert root is not None
    start = whole.index(b"\n" + root[1] + b" 0 obj") + 1
    end = whole.index(b"endobj", start)
    head = root[1] + b" 0 obj\n" + root[1] + b" 0 R\n"
    with pytest.raises(PageError, match="damaged"):
        read_bytes(whole[:start] + head.ljust(end - start) + whole[end:], "page.pdf")
