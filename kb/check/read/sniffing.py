"""What kind of file is it? Its name says one thing, its first bytes may say another."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath

from kb.check.page import PageError, PageFormat

_ENDINGS: dict[str, PageFormat] = {
    ".txt": "txt", ".text": "txt", ".md": "md", ".markdown": "md", ".mkd": "md", ".html": "html", ".htm": "html",
    ".xhtml": "html", ".docx": "docx", ".pdf": "pdf",
}  # fmt: skip
_NAMES = {"txt": "plain text", "md": "Markdown", "html": "HTML", "docx": "a Word document (.docx)", "pdf": "a PDF"}
_READ = ".txt, .md, .html, .docx and .pdf"
#: Ending → what it is and what to do.
_UNREAD = {
    ".doc": ("an old Word file", "Open it in a word processor and save it as .docx"),
    ".docm": ("a Word file with macros", "Save it as .docx"),
    ".rtf": ("a Rich Text file", "Open it in a word processor and save it as .docx"),
    ".pages": ("an Apple Pages file", "Export it as Word (.docx) or PDF"),
    ".odt": ("an OpenDocument text", "Save it as .docx"),
    ".pptx": ("a presentation", "Export it as PDF"),
    ".ppt": ("a presentation", "Export it as PDF"),
    ".key": ("a presentation", "Export it as PDF"),
    ".xlsx": ("a spreadsheet", "Copy the wording into a .txt file"),
    ".epub": ("an e-book", "Export it as .html or PDF"),
    ".png": ("a picture", "Run text recognition first and give its text"),
    ".jpg": ("a picture", "Run text recognition first and give its text"),
    ".jpeg": ("a picture", "Run text recognition first and give its text"),
    ".zip": ("an archive", "Unpack it and give one file at a time"),
    ".mhtml": ("a web archive", "Save the page as HTML only"),
    ".webarchive": ("a web archive", "Save the page as HTML only"),
}
_MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc"),
    (b"{\\rtf", ".rtf"),
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x1f\x8b", ".zip"),
    (b"bplist00", ".webarchive"),
)
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|body|p|div|h[1-6]|table|ul|ol|article|section|main|span|br|li|dl|a|b|i|strong|em)\b",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)


def kind_of(data: bytes, name: str) -> tuple[PageFormat, list[str]]:
    """Return how a file is to be read, and a note where its name says otherwise.

    Raises:
        PageError: files of its kind are not read.
    """
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    content = _content(data, name)
    named = _ENDINGS.get(ending)
    if content is not None:
        return content, [_mismatch(ending, content)] if ending and named != content else []
    if ending in _UNREAD:
        raise _unread(name, ending)
    if named in ("docx", "pdf"):
        raise PageError(
            f"{name}: named {ending} but not {_NAMES[named]}: the file is damaged or was renamed. Save it again from "
            "the program that made it."
        )
    if named is None and ending and not _is_prose(data):
        raise PageError(f"{name}: files that end in {ending} are not read. Give one of {_READ}.")
    if named == "html" and not _MARKUP.search(data):
        return "txt", [f"Named {ending} but without mark-up: read as plain text."]
    return named or "txt", [] if named or not ending else [f"Named {ending}, which is not known: read as plain text."]


def _content(data: bytes, name: str) -> PageFormat | None:
    """What the bytes show beyond doubt; None where they are text of any kind."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zipped(data, name)
    for magic, ending in _MAGIC:
        if data.startswith(magic):
            if ending == ".doc" and "EncryptedPackage".encode("utf-16-le") in data:
                raise PageError(f"{name}: protected by a password. Save a copy without one.")
            raise _unread(name, ending)
    return "html" if _DOCUMENT.match(data.removeprefix(b"\xef\xbb\xbf")[:6000]) else None


def _zipped(data: bytes, name: str) -> PageFormat:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist()[:20_000])
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise PageError(f"{name}: damaged: cannot be unpacked. Save it again from the program that made it.") from None
    if "word/document.xml" in names:
        return "docx"
    inside = {"ppt/presentation.xml": ".pptx", "xl/workbook.xml": ".xlsx", "Index/Document.iwa": ".pages"}
    ending = next((inside[part] for part in inside if part in names), None)
    ending = ending or (".odt" if "mimetype" in names and "content.xml" in names else None)
    raise _unread(name, ending or (".epub" if "META-INF/container.xml" in names else ".zip"))


def _mismatch(ending: str, content: PageFormat) -> str:
    return f"Named {ending} but is {_NAMES[content]}: read as such."


def _unread(name: str, ending: str) -> PageError:
    what, remedy = _UNREAD[ending]
    return PageError(f"{name}: {what}, which is not read (only {_READ} are). {remedy}.")


def _is_prose(data: bytes) -> bool:
    """Bytes of text: hardly a control character among them."""
    head = data[:4000]
    return sum(byte < 9 or 13 < byte < 27 for byte in head) == 0
