"""Records to be tagged, one JSON object a line; a bad line costs only itself.

Two shapes, told apart by ``kind`` (``article`` or ``registration``). With neither word there a record with something in
``conditions`` or ``interventions`` is a registration, and so is one with a summary, arms or criteria and no abstract:

* article: ``{"id", "title", "abstract", "publication_types"?, "mesh_headings"?, "questions"?}``; ``abstract`` is a
  string, or a list of ``{"label", "text"}``; a question is ``{"outcome", "intervention", "comparator"}``;
* registration: ``{"id", "title", "conditions"?, "interventions"?, "arms"?, "summary"?, "eligibility"?, "phase"?,
  "study_type"?, "keywords"?, "conditions_mesh"?, "interventions_mesh"?}``; an intervention is a string or
  ``{"type", "name", "description"}``, an arm ``{"label", "description"}``.

Other keys are ignored. A list may be one string, its items parted by ``|`` as in exports of the registry; publication
types and headings also by ``;``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from kb.errors import KbError
from kb.tag.headings import heading
from kb.tag.language import english
from kb.tag.record import Passage, PassageKind, Question, TagRecord

#: A line longer than this is no record: the longest abstract of PubMed is far below a tenth of it.
LONGEST_LINE = 2_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
#: White space left over of printed pages: kept in a text, so that offsets hold, and no part of an id.
_PAGE = re.compile(r"[\x0b\x0c]")
#: Half of a character: JSON can write it, nothing can print it.
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class LineError(KbError):
    """One line that is no record. The message says why and what to do."""


class FormatError(KbError):
    """The whole input is no JSON lines. The message says what it is and what to do."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was left out.

    Attributes:
        line: 1-based.
        reason: why, and what to do about it.
    """

    line: int
    reason: str


def read_records(stream: BinaryIO) -> Iterator[TagRecord | BadLine]:
    """Yield what :func:`numbered` does, without the numbers."""
    return (item for _, item in numbered(stream))


def numbered(stream: BinaryIO) -> Iterator[tuple[int, TagRecord | BadLine]]:
    """Yield a record, or the reason for its absence, for every line that is not blank; one line is held at a time.

    Args:
        stream: bytes of JSON lines in UTF-8; a byte order mark is accepted.

    Yields:
        (1-based number of the line, what it gave).

    Raises:
        FormatError: the first line shows that the whole input is something else (compressed, UTF-16, one JSON value
            over many lines), so that there would be an error for every line.
    """
    number, begun = 0, False
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        if not begun:
            _check_format(line)
        if len(line) > LONGEST_LINE:
            begun = True
            while line and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_LINE)
            yield number, BadLine(number, f"longer than {LONGEST_LINE:,} bytes; one record a line is expected")
            continue
        if not line.strip().lstrip(b"\xef\xbb\xbf"):
            continue
        begun = True
        try:
            yield number, parse_line(line)
        except LineError as error:
            yield number, BadLine(number, str(error))


def _check_format(line: bytes) -> None:
    """Refuse the first line of an input that has no JSON lines at all."""
    if line.startswith(b"\x1f\x8b"):
        raise FormatError("compressed; unpack the file first (gunzip)")
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FormatError("UTF-16; save the file as UTF-8")
    text = line.removeprefix(b"\xef\xbb\xbf").strip()
    if text in (b"{", b"[", b"[{") or (text.startswith((b"{", b"[")) and text.endswith(b",")):
        raise FormatError(
            "one JSON value over several lines; one object a line is expected (jq -c '.[]' for a list, jq -c . else)"
        )


def parse_line(line: bytes) -> TagRecord:
    """Return the record of one line.

    Raises:
        LineError: the line is binary, no JSON object, lacks what a record needs, or is not in English.
    """
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LineError(f"not UTF-8 (byte {error.start + 1}); save the file as UTF-8") from None
    if "\x00" in text:
        raise LineError("binary data; one JSON object a line is expected")
    try:
        value = json.loads(text, strict=False)  # control characters are judged field by field
    except (ValueError, RecursionError) as error:  # ValueError also for a number of thousands of digits
        where = f" at character {error.pos + 1}: {error.msg}" if isinstance(error, json.JSONDecodeError) else ""
        raise LineError(f"not a whole JSON object{where}; one object a line is expected, is the line cut?") from None
    if not isinstance(value, dict):
        raise LineError(f"a JSON object is expected, this is {_kind(value)}; write one object a line (JSON lines)")
    return checked(parse_record(value))


def checked(record: TagRecord) -> TagRecord:
    """Return the record with the texts that can be read; the fields of the others are in ``unread``.

    Raises:
        LineError: no text, or none in English: our names of concepts are English, so silence would look like "nothing
            found".
    """
    if not any(passage.text.strip() for passage in record.passages):
        raise LineError("no text: fill title or abstract")
    read = tuple(passage for passage in record.passages if english(passage.text))
    if not read:
        raise LineError("not English: only English text can be read; give an English title or abstract")
    unread = tuple(passage.field for passage in record.passages if passage not in read)
    return replace(record, passages=read, unread=unread) if unread else record


def parse_record(value: Mapping[str, Any]) -> TagRecord:
    """Return the record of a JSON object in either shape.

    Raises:
        LineError: a field has the wrong type, or the id is missing.
    """
    identifier = value.get("id")
    if identifier is None or (isinstance(identifier, str) and not identifier.strip()):
        raise LineError("the field 'id' is missing or blank")
    if not isinstance(identifier, str | int) or isinstance(identifier, bool):
        raise LineError(f"the field 'id' must be text or a whole number, this is {_kind(identifier)}")
    if isinstance(identifier, str) and _PAGE.search(_text(value, "id")):
        raise LineError("binary data in the field 'id'")
    registered = _is_registration(value)
    passages = [Passage("title", "title", _text(value, "title"))]
    passages += _registered(value) if registered else _article(value)
    return TagRecord(
        str(identifier),
        "registration" if registered else "article",
        tuple(passage for passage in passages if passage.text.strip()),
        _indexed(value, "publication_types"),
        tuple(heading(label) for label in _indexed(value, "mesh_headings")),
        tuple((name, term) for name in ("conditions_mesh", "interventions_mesh") for term in _texts(value, name)),
        _text(value, "phase"),
        _text(value, "study_type"),
        value.get("abstract_truncated") is True,
        questions=tuple(_questions(value)),
    )


def _is_registration(value: Mapping[str, Any]) -> bool:
    """Tell by ``kind``, or else by what is filled in; tables turned into JSON have every column in every record."""
    kind = value.get("kind")
    if kind in ("article", "registration"):
        return bool(kind == "registration")
    # Another word there is a column of the reader's own ("therapy", "background" …), as any other key is.
    texts = () if _filled(value, "abstract") else ("summary", "arms", "eligibility")
    return any(_filled(value, name) for name in ("conditions", "interventions", *texts))


def _filled(value: Mapping[str, Any], name: str) -> bool:
    found = value.get(name)
    items = found if isinstance(found, list) else [found]
    return any(bool(item.strip()) if isinstance(item, str) else item is not None for item in items)


def _questions(value: Mapping[str, Any]) -> Iterator[Question]:
    for item in _list(value, "questions"):
        if not isinstance(item, Mapping):
            raise LineError("an item of 'questions' must be an object with outcome, intervention and comparator")
        yield Question(*(_text(item, name) for name in ("outcome", "intervention", "comparator")))


def _article(value: Mapping[str, Any]) -> Iterator[Passage]:
    abstract = value.get("abstract")
    if isinstance(abstract, list):
        for place, section in enumerate(abstract, 1):
            if not isinstance(section, Mapping):
                raise LineError("a section of 'abstract' must be an object with label and text")
            yield Passage(f"abstract/{place}", "abstract", _text(section, "text"), _text(section, "label"))
    else:
        yield Passage("abstract", "abstract", _text(value, "abstract"))
    yield from _each(value, "keywords", "keyword")


def _registered(value: Mapping[str, Any]) -> Iterator[Passage]:
    if "official_title" in value:
        yield Passage("official_title", "title", _text(value, "official_title"))
    yield from _each(value, "conditions", "condition")
    for place, item in enumerate(_list(value, "interventions"), 1):
        if isinstance(item, str):
            yield Passage(f"interventions/{place}/name", "intervention", _printable(item, "interventions"))
            continue
        if not isinstance(item, Mapping):
            raise LineError("an item of 'interventions' must be a string or an object with name and description")
        label = _text(item, "type")
        yield Passage(f"interventions/{place}/name", "intervention", _text(item, "name"), label)
        yield Passage(f"interventions/{place}/description", "arm", _text(item, "description"), label)
    for place, item in enumerate(_list(value, "arms"), 1):
        if not isinstance(item, Mapping):
            raise LineError("an item of 'arms' must be an object with label and description")
        yield Passage(f"arms/{place}/label", "arm", _text(item, "label"))
        yield Passage(f"arms/{place}/description", "arm", _text(item, "description"))
    yield from _each(value, "keywords", "keyword")
    for name in ("summary", "abstract", "description"):
        yield Passage(name, "summary", _text(value, name))
    yield Passage("eligibility", "eligibility", _text(value, "eligibility"))


def _each(value: Mapping[str, Any], name: str, kind: PassageKind) -> Iterator[Passage]:
    for place, text in enumerate(_texts(value, name), 1):
        yield Passage(f"{name}/{place}", kind, text)


def _text(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise LineError(f"the field {name!r} must be text, this is {_kind(found)}")
    return _printable(found, name)


def _printable(text: str, name: str) -> str:
    if _CONTROL.search(text) or _SURROGATE.search(text):
        raise LineError(f"binary data in the field {name!r}")
    return text


def _list(value: Mapping[str, Any], name: str) -> Sequence[Any]:
    found = value.get(name)
    if found is None or found == "":
        return ()
    if isinstance(found, str):  # exports of the registry join them
        return [part.strip() for part in found.split("|")]
    if not isinstance(found, list):
        raise LineError(f"the field {name!r} must be a list, this is {_kind(found)}")
    return found


def _texts(value: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = _list(value, name)
    for item in found:
        if not isinstance(item, str):
            raise LineError(f"an item of {name!r} must be text, this is {_kind(item)}")
    return tuple(_printable(item, name) for item in found if item.strip())


def _indexed(value: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return publication types or headings: no name of either has a semicolon, so one string of several is parted."""
    if not isinstance(found := value.get(name), str):
        return _texts(value, name)
    parts = tuple(part.strip() for part in re.split(r"[|;]", _printable(found, name)))
    return tuple(part for part in parts if part)


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
