"""PDF → lines as printed, with pdfminer.six. Nothing that a PDF may carry is run."""

from __future__ import annotations

import io
import logging
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams, LTAnno, LTChar, LTContainer, LTFigure, LTImage, LTPage, LTTextLineHorizontal
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef
from pdfminer.psexceptions import PSException

from kb.check.page import PageError
from kb.check.read.pdf_lines import PaperLine

#: What the library has to say of damaged parts is for its authors.
logging.getLogger("pdfminer").addHandler(logging.NullHandler())

#: References followed from one to the next.
_MOST_STEPS = 32
#: Pages read, and bytes its streams may unpack to.
MOST_PAGES, LARGEST_UNPACKED = 300, 200_000_000
_STREAM = re.compile(rb"stream\r?\n")
_BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
#: Typed smaller than this share of the line and set higher: superscript.
_RAISED = 0.8


def pages_of(data: bytes, name: str) -> tuple[list[list[PaperLine]], int, bool]:
    """Return the lines of each page, how many pictures there are, and whether pages were left unread.

    Raises:
        PageError: protected by a password, damaged, or too large once unpacked.
    """
    _refuse_bomb(data, name)
    pages: list[list[PaperLine]] = []
    pictures = 0
    try:
        for number, page in enumerate(_layouts(data), 1):
            if number > MOST_PAGES:
                return pages, pictures, True
            lines, images = _contents(page)
            pictures += images
            pages.append([found for line in lines if (found := _line(line, number)) is not None])
    except PDFPasswordIncorrect:
        raise PageError(f"{name}: protected by a password. Save a copy without one.") from None
    # Damaged files fail in many ways inside the library; each means the same to the user.
    except (PDFException, PSException, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError,
            AssertionError, zlib.error, OverflowError, ArithmeticError, NotImplementedError) as error:  # fmt: skip
        raise PageError(
            f"{name}: damaged: no PDF can be read from it ({type(error).__name__}). Save it again from the program "
            "that made it."
        ) from error
    if not pages:
        raise PageError(f"{name}: damaged: a PDF without a page. Save it again from the program that made it.")
    return pages, pictures, False


class _Document(PDFDocument):
    """Follows references itself: one that leads back to itself would be followed for ever."""

    def getobj(self, objid: int) -> object:
        """Return an object that is no reference."""
        found: object = super().getobj(objid)
        for _ in range(_MOST_STEPS):
            if not isinstance(found, PDFObjRef):
                return found
            found = super().getobj(found.objid)
        raise PDFException(f"object {objid} leads nowhere")


def _layouts(data: bytes) -> Iterator[LTPage]:
    """Yield the pages as laid out, one more than are read at most."""
    resources = PDFResourceManager(caching=True)
    device = PDFPageAggregator(resources, laparams=LAParams(boxes_flow=None, all_texts=True))
    interpreter = PDFPageInterpreter(resources, device)
    document = _Document(PDFParser(io.BytesIO(data)))
    for page in islice(PDFPage.create_pages(document), MOST_PAGES + 1):
        interpreter.process_page(page)
        yield device.get_result()


def _refuse_bomb(data: bytes, name: str) -> None:
    """Unpack each stream, keeping nothing, to see that they are not made to fill the memory."""
    left = LARGEST_UNPACKED
    for found in _STREAM.finditer(data):
        unpacking = zlib.decompressobj()
        rest = data[found.end() : data.find(b"endstream", found.end())]
        try:
            while rest and not unpacking.eof and left > 0:
                left -= len(unpacking.decompress(rest, 1_000_000))
                rest = unpacking.unconsumed_tail
        except zlib.error:
            continue
        if left <= 0:
            raise PageError(
                f"{name}: unpacks to more than {LARGEST_UNPACKED // 1_000_000} MB, which is not read. Save its text as "
                ".txt or .docx."
            )


def _contents(page: LTPage) -> tuple[list[LTTextLineHorizontal], int]:
    """Return lines and number of pictures of a page, those in figures included."""
    lines: list[LTTextLineHorizontal] = []
    pictures = 0
    waiting: list[object] = [page]
    while waiting:
        item = waiting.pop()
        if isinstance(item, LTTextLineHorizontal):
            lines.append(item)
        elif isinstance(item, LTImage):
            pictures += 1
        elif isinstance(item, LTContainer | LTFigure):
            waiting.extend(item)
    return lines, pictures


def _line(line: LTTextLineHorizontal, page: int) -> PaperLine | None:
    chars = list(_chars(line))
    if not any(text.strip() for text, _ in chars):
        return None
    sizes = Counter(round(char.size, 1) for text, char in chars if char is not None and text.strip())
    size = max(sizes, key=lambda one: (sizes[one], one))
    usual = [char for text, char in chars if char is not None and text.strip() and round(char.size, 1) == size]
    base = min(char.y0 for char in usual)
    raised = tuple(
        at
        for at, (text, char) in enumerate(chars)
        if char is not None and text.strip() and char.size <= _RAISED * size and char.y0 > base + 0.15 * size
    )
    bold = 2 * sum(bool(_BOLD.search(char.fontname)) for char in usual) > len(usual)
    text = "".join(text for text, _ in chars)
    box = (line.x0, line.x1, min(char.y0 for char in usual), max(char.y1 for char in usual))
    return PaperLine(text, raised, *box, size, bold, page)


def _chars(line: LTTextLineHorizontal) -> Iterator[tuple[str, LTChar | None]]:
    """Yield single characters; a ligature of several stands for each of them."""
    for item in line:
        if isinstance(item, LTChar | LTAnno):
            for one in item.get_text():
                yield (" " if one in "\n\r" else one), item if isinstance(item, LTChar) else None
