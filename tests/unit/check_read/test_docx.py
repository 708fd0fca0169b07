"""Word: what is read leads back to the runs that hold it, as the writer of comments needs."""

import io
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from kb.check.output.docx_runs import cut, letters_of
from kb.check.read import read_bytes
from kb.check.read.docx import paragraphs_of, runs_of, runs_of_paragraph


def _made() -> bytes:
    document = docx.Document()
    document.add_heading("What we do", 1)
    paragraph = document.add_paragraph("NK ce")
    body: Any = paragraph._p
    paragraph.add_run("lls were gi").bold = True
    paragraph.add_run("ven to patients")
    paragraph.add_run("3").font.superscript = True
    paragraph.add_run(", who were followed.")
    for tag, text in (("ins", " Some"), ("del", " None")):
        kind = "delText" if tag == "del" else "t"
        body.append(
            parse_xml(f'<w:{tag} {nsdecls("w")}><w:r><w:{kind} xml:space="preserve">{text}</w:{kind}></w:r></w:{tag}>')
        )
    paragraph.add_run(" improved.")
    document.add_paragraph("First item", style="List Bullet")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("Trial", "Result", "A", "5 of 9"), strict=True):
        cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_blocks_of_a_word_file() -> None:
    page = read_bytes(_made(), "page.docx")
    assert [(block.kind, block.text) for block in page.blocks] == [
        ("heading", "What we do"),
        ("paragraph", "NK cells were given to patients[3], who were followed. Some improved."),
        ("item", "First item"),
        ("cell", "Trial"),
        ("cell", "Result"),
        ("cell", "A"),
        ("cell", "5 of 9"),
    ]
    assert any("deletions: 1" in note for note in page.notes)


def test_every_character_leads_to_its_run() -> None:
    data = _made()
    page, places = read_bytes(data, "page.docx"), runs_of(data, "page.docx")
    paragraphs = paragraphs_of(docx.Document(io.BytesIO(data)))
    for block in page.blocks:
        for char, at in zip(block.text, block.offsets, strict=True):
            place = places[at]
            run = runs_of_paragraph(paragraphs[place.paragraph])[place.run]
            assert run.text[place.character] == char or char in "[]"


def test_words_split_over_runs_are_found_by_the_writer_of_comments() -> None:
    data = _made()
    document = docx.Document(io.BytesIO(data))
    found = letters_of(document.element.body)
    page = read_bytes(data, "page.docx")
    for block in page.blocks:
        assert found.find(block.text, 0) is not None, block.text
    place = found.find("cells were given", 0)
    assert place is not None
    ((first, last),) = cut(found, [place])
    assert (first.text, last.text) == ("ce", "ven")
