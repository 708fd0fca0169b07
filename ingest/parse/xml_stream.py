"""Records out of an XML body, one at a time, in memory that does not depend on its size.

The body comes from outside and may be anything. What is refused, always by name:

* a document type with an internal subset, and any entity but XML's own five: nothing is expanded, nothing
  is opened, neither a file nor an address;
* anything but UTF-8 and ASCII; bytes that are not what they claim to be; NUL;
* a root or a child of the root that the caller did not name, so that nothing is skipped in silence;
* a record larger than :data:`RECORD_LIMIT`, and whatever libxml2 itself bounds (a text of 10 MB, 256 levels);
* a body that is cut off.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from lxml import etree

from ingest.errors import UnreadableError

#: Bytes of one record. The largest real ones (thousands of authors and references) stay below 4 MiB.
RECORD_LIMIT = 32 * 1024**2
#: Bytes before the root element: a declaration, a document type, comments.
PROLOG_LIMIT = 64 * 1024

_CHUNK = 64 * 1024
_SHOWN = 80
_SPACE = b" \t\r\n"
_DECLARED = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([^"'>]*)["']""")
_BLANKED = re.compile(rb"[^\n]")
_NAME = re.compile(rb"<([^\s/>\x00<&'\"=]+)[\s/>]")
_FOREIGN_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z_:\x80-\xff][^\s;<&]*;")
#: An ampersand farther than this from the end of a chunk has its whole name, or is no reference at all.
_LONGEST = 256
#: Byte-order marks and, without one, the zeros that two or four bytes a letter leave beside "<".
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<", b"\0\0")
_ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii"}


def records(body: BinaryIO, roots: Mapping[str, frozenset[str]], limit: int = RECORD_LIMIT) -> Iterator[etree._Element]:
    """Yield each record of a body; it is emptied when the next one is asked for.

    Args:
        body: the bytes, at their beginning.
        roots: the root elements that are accepted, each with its records; an empty set means that the
            root itself is the one record.
        limit: most bytes of one record.

    Raises:
        UnreadableError: as the module says. Records before the fault may have been yielded.
    """
    guard = _Guard()
    head = _head(body)
    root, safe = _root(head, guard)
    if root not in roots:
        raise UnreadableError(f"<{root}> is not a root element this parser knows: {_complaint(head)}{shown(head)}")
    names = roots[root] or frozenset((root,))
    parser = etree.XMLPullParser(
        events=("end",),
        tag=tuple(names),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    count, since = 0, 0
    chunk = head
    while chunk:
        guard.check(chunk)
        since += len(chunk)
        _feed(parser, safe, count)
        for _, element in parser.read_events():
            if not _is_record(element, nested=bool(roots[root])):
                continue
            count, since = count + 1, 0
            yield element
            _free(element, names)
        if since > limit:
            raise UnreadableError(f"record {count + 1} is larger than {limit:,} bytes; no real record is")
        chunk = safe = body.read(_CHUNK)
    guard.finish()
    _close(parser, names, count, bool(roots[root]))


def shown(data: bytes) -> str:
    """Return the first 80 characters of a body for a message, safe for any terminal."""
    text = data[: 4 * _SHOWN].decode("utf-8", "backslashreplace")[:_SHOWN]
    return f"it begins {text!r}" if text else "it is empty"


# ---------------------------------------------------------------------------- before the root


def _head(body: BinaryIO) -> bytes:
    """Read as much as may stand before the root element."""
    head = b""
    while len(head) < PROLOG_LIMIT and (chunk := body.read(PROLOG_LIMIT - len(head))):
        head += chunk
    return head


def _root(head: bytes, guard: _Guard) -> tuple[str, bytes]:
    """Return the name of the root element and the head without its document type.

    libxml2 never sees a document type: with some of its options it would go and load the DTD.
    """
    if not head.strip(_SPACE):
        raise UnreadableError("the body is empty; fetch it again")
    if head.startswith(_WIDE):
        raise UnreadableError(f"the body is UTF-16 or UTF-32 at byte 0; only UTF-8 is read: {shown(head)}")
    if head.startswith(b"\x1f\x8b"):
        raise UnreadableError("the body is packed with gzip; open it with ingest.parse.inflate.opened")
    start = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    if declared := _DECLARED.match(head, start):
        guard.declare(declared[1])
    while True:
        rest = head[start:].lstrip(_SPACE)
        start = len(head) - len(rest)
        if rest.startswith(b"<?"):
            start = _after(head, b"?>", start)
        elif rest.startswith(b"<!--"):
            start = _after(head, b"-->", start + 4)
        elif rest.startswith(b"<!DOCTYPE"):
            end = _after_doctype(head, start)
            head = head[:start] + _BLANKED.sub(b" ", head[start:end]) + head[end:]
        elif rest.startswith(b"<!"):
            raise UnreadableError(f"a declaration outside a document type, at byte {start}: {shown(rest)}")
        elif found := _NAME.match(rest):
            return found[1].decode("utf-8", "backslashreplace"), head
        else:
            raise UnreadableError(f"the body is not XML: {shown(head)}")


def _after(head: bytes, mark: bytes, start: int) -> int:
    end = head.find(mark, start)
    if end < 0:
        raise UnreadableError(f"no {mark.decode()!r} in the first {len(head):,} bytes: {shown(head[start:])}")
    return end + len(mark)


def _after_doctype(head: bytes, start: int) -> int:
    """Return the end of a document type that names a DTD and declares nothing."""
    quote = 0
    for index in range(start, len(head)):
        byte = head[index]
        if quote:
            quote = 0 if byte == quote else quote
        elif byte in b"\"'":
            quote = byte
        elif byte == ord("["):
            raise UnreadableError(
                f"the document type declares things of its own (entities?) at byte {index}; "
                f"that is refused, nothing was opened: {shown(head[start:])}"
            )
        elif byte == ord(">"):
            return index + 1
    raise UnreadableError(f"the document type does not end: {shown(head[start:])}")


def _complaint(head: bytes) -> str:
    """Return what an error document of the service says, if it is one."""
    said = re.search(rb"<ERROR>\s*(.*?)\s*(?:</ERROR>|$)", head[:4096], re.DOTALL | re.IGNORECASE)
    return f"the service says {said[1].decode('utf-8', 'backslashreplace')[:_SHOWN]!r}; " if said else ""


# ---------------------------------------------------------------------------- every byte


class _Guard:
    """Looks at every byte before libxml2 does, so that a fault has a place."""

    def __init__(self) -> None:
        self._encoding = "utf-8"
        self._decoder: codecs.IncrementalDecoder = codecs.getincrementaldecoder("utf-8")()
        self._seen = 0
        self._carry = b""

    def declare(self, name: bytes) -> None:
        """Take the encoding that the XML declaration names."""
        text = name.decode("ascii", "backslashreplace")
        if text.strip().lower() not in _ENCODINGS:
            raise UnreadableError(f"the body declares the encoding {text!r}; only UTF-8 and ASCII are read")
        self._encoding = _ENCODINGS[text.strip().lower()]
        self._decoder = codecs.getincrementaldecoder(self._encoding)()

    def check(self, chunk: bytes) -> None:
        """Raise when a chunk holds what no body of ours may hold."""
        if (nul := chunk.find(b"\0")) >= 0:
            raise UnreadableError(f"a NUL at byte {self._seen + nul:,}: the body is damaged or no text; fetch it again")
        pending = len(self._decoder.getstate()[0])
        try:
            self._decoder.decode(chunk)
        except UnicodeDecodeError as error:
            place = self._seen - pending + error.start
            raise UnreadableError(f"bytes that are not {self._encoding} at byte {place:,} ({error.reason})") from None
        # An entity's name may lie across two chunks; what is only begun is looked at with the next one.
        text = self._carry + chunk
        last = text.rfind(b"&", -_LONGEST)
        whole = text if last < 0 or b";" in text[last:] else text[:last]
        if found := _FOREIGN_ENTITY.search(whole):
            raise UnreadableError(
                f"an entity that XML does not define itself, {shown(found[0])}, near byte {self._seen:,}; "
                "nothing of that kind is expanded or opened"
            )
        self._carry = text[len(whole) :]
        self._seen += len(chunk)

    def finish(self) -> None:
        """Raise when the body ends inside a letter."""
        if self._decoder.getstate()[0]:
            raise UnreadableError(f"cut off inside a character at byte {self._seen:,}; fetch it again")


# ---------------------------------------------------------------------------- libxml2


def _feed(parser: etree.XMLPullParser, chunk: bytes, count: int) -> None:
    try:
        parser.feed(chunk)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(f"not well-formed XML after {count:,} whole records: {error.msg}") from None


def _is_record(element: etree._Element, *, nested: bool) -> bool:
    """A MedlineCitation inside a PubmedArticle is part of a record, not one."""
    parent = element.getparent()
    return (parent is not None and parent.getparent() is None) if nested else parent is None


def _free(element: etree._Element, names: frozenset[str]) -> None:
    """Empty a record and drop what stands before it, which nobody can ask for any more."""
    element.clear(keep_tail=True)
    parent = element.getparent()
    if parent is None:
        return
    while (before := element.getprevious()) is not None:
        _expected(before, names)
        parent.remove(before)


def _expected(child: etree._Element, names: frozenset[str]) -> None:
    if child.tag not in names:
        said = " ".join("".join(child.itertext())[:_SHOWN].split())
        raise UnreadableError(f"<{child.tag!s}> among the records, which this parser does not know: {said!r}")
    if child.tail and child.tail.strip():
        raise UnreadableError(f"text among the records: {child.tail.strip()[:_SHOWN]!r}")


def _close(parser: etree.XMLPullParser, names: frozenset[str], count: int, nested: bool) -> None:
    """Make sure that the document ended, and that nothing but records was in it."""
    try:
        root = parser.close()
    except etree.XMLSyntaxError as error:
        raise UnreadableError(f"cut off after {count:,} whole records: {error.msg}; fetch it again") from None
    if not nested:
        return
    if root.text and root.text.strip():
        raise UnreadableError(f"text among the records: {root.text.strip()[:_SHOWN]!r}")
    for child in root:
        _expected(child, names)
