"""What cannot be read says so; nothing of a page is run or fetched."""

import contextlib
import io
import random
import socket
import time
import zipfile
from pathlib import Path

import docx
import pytest

from kb.check.page import Page, PageError
from kb.check.read import LARGEST, read_bytes, read_page

_TEXT = b"NK cells were given to the patients. They were followed for a year.\n"


def _docx() -> bytes:
    document = docx.Document()
    document.add_heading("What we do", 1)
    document.add_paragraph("NK cells were given to the patients.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.txt", "is empty"),
        (b" \n ", "a.md", "white space"),
        (bytes(range(32)) * 9, "a.txt", "not a text file"),
        (_TEXT, "a.pdf", "named .pdf but not"),
        (_TEXT, "a.docx", "named .docx but not"),
        (b"%PDF-1.4\n" + _TEXT, "a.pdf", "a.pdf: "),
        (_docx()[:900], "a.docx", "damaged"),
        (_zip(word__document_xml=b"<broken"), "a.docx", "damaged"),
        (_zip(xl__workbook_xml=b"<a/>"), "a.docx", "spreadsheet"),
        (_zip(word__document_xml=b" " * 201_000_000), "a.docx", "unpacks to"),
        (b"a" * (LARGEST + 1), "a.txt", "are not read"),
        (b"Die Zellen wurden nach der Gabe mit dem Blut der Patienten gemessen und nicht bei einer Kontrolle. " * 9,
         "a.html", "not in English"),
    ],
)  # fmt: skip
def test_bad_input_is_told(data: bytes, name: str, said: str) -> None:
    with pytest.raises(PageError, match=said):
        read_bytes(data, name)


def test_directory_and_missing_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="a directory"):
        read_page(tmp_path)
    with pytest.raises(PageError, match="no such file"):
        read_page(tmp_path / "none.txt")


@pytest.mark.parametrize("name", ["a.html", "a.md"])
def test_scripts_and_hidden_text_are_not_read_and_nothing_is_fetched(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    page = read_bytes(
        b"<p>NK cells were given to the patients.<img src='http://example.org/a.png' alt='Cells'></p>\n"
        b"<script src='http://example.org/a.js'>alert('run')</script>\n<p hidden>unseen</p>\n"
        b"<div style='display: none'>unseen</div><iframe src='http://example.org'>unseen</iframe>\n",
        name,
    )
    assert [block.text for block in page.blocks] == ["NK cells were given to the patients.", "Cells"]


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.docx"])
def test_mutations_give_a_page_or_a_page_error(name: str) -> None:
    random_ = random.Random(name)  # noqa: S311 - repeatable mutations, no secret
    whole = _docx() if name == "a.docx" else b"# Cells\n\n<p>**a** [1](x) | <b>c</b>\n|-|-|\n- x[^1]\n\n[^1]: " + _TEXT
    started = time.perf_counter()
    for _ in range(60):
        data = bytearray(whole[: random_.randrange(1, len(whole) + 1)])
        for _ in range(random_.randrange(6)):
            data[random_.randrange(len(data))] = random_.choice(b"<>[]|*`&\n\t-#!\x00\xff")
        with contextlib.suppress(PageError):
            assert isinstance(read_bytes(bytes(data), name), Page)
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize(
    ("name", "piece"),
    [("a.html", b"<a "), ("a.html", b"<table><tr><td>"), ("a.md", b"[" * 9), ("a.md", b"- > "), ("a.txt", b"Word\n")],
)
def test_time_grows_with_length_not_faster(name: str, piece: bytes) -> None:
    started = time.perf_counter()
    with contextlib.suppress(PageError):
        read_bytes(_TEXT + b"\n" + piece * 3000, name)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", b"Text <script>\r\nmore\n\n<p>again</p>\n\n<h2>and</h2> <br>\n"),
        ("a.html", b"<p>Text <sup>1<sup>1\t</a>more</sup></sup></p>"),
    ],
)
def test_places_never_fall_and_lie_in_the_source(name: str, text: bytes) -> None:
    page = read_bytes(_TEXT + text, name)
    for block in page.blocks:
        assert list(block.offsets) == sorted(block.offsets)
        assert block.offsets[-1] < len(page.source)
