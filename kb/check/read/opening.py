"""Open a file and give it to the reader of its kind."""

from __future__ import annotations

from pathlib import Path

from kb.check.page import Page, PageError, PageFormat
from kb.check.read.decoding import Decoded, decoded
from kb.check.read.drafts import Drawn, page_of
from kb.check.read.sniffing import kind_of

#: Bytes; larger files are refused before they are read.
LARGEST = 20_000_000


def read_page(path: Path) -> Page:
    """Read a page from a file.

    Raises:
        PageError: it cannot be read; says what is wrong and what to do.
    """
    try:
        if path.is_dir():
            raise PageError(f"{path}: a directory, not a file. Give one file at a time.")
        size = path.stat().st_size
        if size > LARGEST:
            raise _too_large(str(path), size)
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise PageError(f"{path}: no such file. Check the name and the directory.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PageError(f"{path}: cannot be opened ({reason}). Check the rights to read it.") from error
    return read_bytes(data, path.name)


def read_bytes(data: bytes, name: str) -> Page:
    """Read a page from bytes, such as an upload.

    Args:
        data: the whole file.
        name: its name; its ending says how it is read, unless the content is plainly of another kind, which is then
            told in the page's notes.

    Raises:
        PageError: it cannot be read; says what is wrong and what to do.
    """
    if len(data) > LARGEST:
        raise _too_large(name, len(data))
    if not data:
        raise PageError(f"{name}: the file is empty. Give a file with the wording of the page.")
    kind, notes = kind_of(data, name)
    if kind == "docx":
        from kb.check.read.docx import draw_docx  # its libraries take longer to load than a text to read

        drawn = draw_docx(data, name)
    elif kind == "pdf":
        from kb.check.read.pdf import draw_pdf

        drawn = draw_pdf(data, name)
    else:
        text: Decoded = decoded(data, name, html=kind == "html")
        notes = [*notes, *text.notes]
        drawn = _drawn(text.text, name, kind)
    drawn.notes[:0] = notes
    return page_of(drawn, name, kind, data)


def read_text(text: str, name: str = "pasted text") -> Page:
    """Read a page from pasted text, as a .txt file would be.

    Raises:
        PageError: it is too long, empty, or not in English.
    """
    data = text.encode("utf-8", "surrogatepass")
    if len(data) > LARGEST:
        raise _too_large(name, len(data))
    clean = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return page_of(_drawn(clean, name, "txt"), name, "txt", data)


def _drawn(text: str, name: str, kind: PageFormat) -> Drawn:
    if not text.strip():
        raise PageError(f"{name}: holds only white space. Give a file with the wording of the page.")
    if kind == "md":
        from kb.check.read.markdown import draw_markdown

        return draw_markdown(text)
    if kind == "html":
        from kb.check.read.html import draw_html

        return draw_html(text)
    from kb.check.read.text import draw_text

    return draw_text(text)


def _too_large(name: str, size: int) -> PageError:
    return PageError(
        f"{name}: {size / 1e6:.0f} MB; files over {LARGEST // 1_000_000} MB are not read. Save the page's text alone, "
        "without pictures, or split it."
    )
