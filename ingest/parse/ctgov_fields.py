"""A ClinicalTrials.gov document as checked JSON, and typed reading of its fields.

An absent field is empty (the registry leaves out what it does not have); a field of the wrong kind is an error
that names its place. Fields and enum values nobody knew when this was written are no errors.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, BinaryIO

from ingest.errors import UnreadableError
from kb.dates import PartialDate

#: Largest body read, bytes; as Python objects it takes about five times as much. A page of 100 studies with long
#: results sections takes 14 MB.
MAX_BYTES = 128 * 1024 * 1024
#: Deepest nesting accepted. A measurement of a results section lies 12 deep.
MAX_DEPTH = 40
#: Longest single text accepted, characters. The registry's own longest field holds 32,000.
MAX_TEXT = 1_000_000
#: What to do about a document of the wrong shape.
AGAIN = "fetch it again; if it stays so, the registry has changed its format and this reader must follow"

# Half of a pair of surrogates is no character: nothing can store it.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_KINDS = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a fraction"}


def unescape(markup: str) -> str:
    r"""Return a field of the registry's type ``markup`` as its readers see the characters.

    The API sends such fields as CommonMark, where a backslash before ASCII punctuation only says that the sign is
    meant literally: ``\>1.5 × 10\^9`` is ``>1.5 × 10^9``, ``\\`` is one backslash. Only these backslashes are
    taken away; any other backslash, list bullets and line breaks stay. Fields of type ``text`` (titles, names,
    values) carry no escapes and must not come here. Source: field types of ``/api/v2/studies/metadata``.
    """
    return _ESCAPE.sub(r"\1", markup)


def kind(value: object) -> str:
    """Return a value's JSON type in plain English."""
    return "null" if value is None else _KINDS[type(value)]


def iso_date(text: str, where: str) -> str:
    """Return a date as given.

    Args:
        text: ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` or "".
        where: place to name in the error.

    Raises:
        UnreadableError: any other form, or no such day.
    """
    try:
        return text and str(PartialDate.parse(text))
    except ValueError as error:
        raise UnreadableError(f"{where}: {error}; {AGAIN}") from None


def load(body: BinaryIO) -> object:
    """Return the JSON value of a body.

    Args:
        body: bytes as received; a UTF-8 byte-order mark is skipped.

    Raises:
        UnreadableError: not UTF-8, not one whole JSON value, a name twice in one object, NaN or Infinity, a NUL or
            half a surrogate pair in a text, or over one of the bounds of this module.
    """
    text = decoded(body.read(MAX_BYTES + 1))
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise UnreadableError(_not_json(text, error)) from None
    except RecursionError:
        raise UnreadableError(_too_deep()) from None
    except ValueError as error:  # a number of more digits than Python converts
        raise UnreadableError(f"the JSON cannot be read: {error}; {AGAIN}") from None
    _check(value)
    return value


def decoded(data: bytes) -> str:
    """Return a body as text, a UTF-8 byte-order mark skipped.

    Raises:
        UnreadableError: larger than :data:`MAX_BYTES`, not UTF-8, or with a NUL.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableError(f"the body is larger than {MAX_BYTES:,} bytes; ask for fewer records at a time")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableError("the body begins with the byte-order mark of UTF-16 or UTF-32, not UTF-8; fetch it again")
    if (at := data.find(0)) >= 0:
        raise UnreadableError(f"a NUL at byte {at}: this is no text; fetch it again")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"byte {error.start} is not UTF-8 ({error.reason}); fetch it again") from None


def _not_json(text: str, error: json.JSONDecodeError) -> str:
    start = text.lstrip()
    if not start:
        return "the body is empty, not JSON; fetch it again"
    if start[0] == "<":
        return f"the body is an HTML or XML page, not JSON ({start[:60]!r}): a block or an error page; try again later"
    if start[0] not in "{[":
        return f"the body is plain text, not JSON: {start[:80]!r}; this is how the service words its errors"
    place = f"{error.msg} at character {error.pos} of {len(text)}"
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return f"the JSON is cut off ({place}); fetch it again"
    return f"the JSON is broken ({place}); fetch it again"


def _too_deep() -> str:
    return f"the JSON is nested deeper than {MAX_DEPTH} levels, which no record is; {AGAIN}"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise UnreadableError(f"the name {twice[:60]!r} comes twice in one object, so one value would be lost; {AGAIN}")
    return found


def _no_constant(name: str) -> object:
    raise UnreadableError(f"{name} is no JSON value; {AGAIN}")


def _check(value: object) -> None:
    """Bound depth and text, without recursion; ``path`` is a linked list, spelled out only for an error."""
    stack: list[tuple[object, int, Any]] = [(value, 1, None)]
    while stack:
        item, depth, path = stack.pop()
        if isinstance(item, str):
            _check_text(item, path)
        elif isinstance(item, dict | list):
            if depth > MAX_DEPTH:
                raise UnreadableError(_too_deep())
            for name in item if isinstance(item, dict) else ():
                _check_text(name, path)
            members = item.items() if isinstance(item, dict) else enumerate(item)
            stack.extend((member, depth + 1, (path, name)) for name, member in members)


def _check_text(text: str, path: Any) -> None:
    if len(text) > MAX_TEXT:
        raise UnreadableError(f"{_spelled(path)}: a text of {len(text):,} characters, more than {MAX_TEXT:,}; {AGAIN}")
    if found := _UNSTORABLE.search(text):
        what = "a NUL" if found[0] == "\x00" else "half a surrogate pair"
        raise UnreadableError(f"{_spelled(path)}: {what} at character {found.start()}, which no text holds; {AGAIN}")


def _spelled(path: Any) -> str:
    names: list[str] = []
    while path is not None:
        path, name = path
        names.append(f"[{name}]" if isinstance(name, int) else f".{name}")
    return "".join(reversed(names)).lstrip(".") or "the body"


@dataclass(frozen=True, slots=True)
class Part:
    """One object of a study, with its place for error messages.

    Attributes:
        data: the JSON object; empty when the registry left it out.
        where: "study 3 of 10 (…) designModule".
    """

    data: dict[str, Any]
    where: str

    def has(self, name: str) -> bool:
        """Return whether a field is there and not null."""
        return self.data.get(name) is not None

    def part(self, *names: str) -> Part:
        """Return the object at the end of a path of names, empty when any of them is absent."""
        found = self
        for name in names:
            value = found._typed(name, dict, "an object")
            found = Part(value or {}, f"{found.where}.{name}")
        return found

    def parts(self, name: str) -> tuple[Part, ...]:
        """Return the objects of a list, none when it is absent."""
        return tuple(
            Part(self._expect(item, dict, f"{name}[{index}]", "an object"), f"{self.where}.{name}[{index}]")
            for index, item in enumerate(self._typed(name, list, "a list") or ())
        )

    def text(self, name: str) -> str:
        """Return a field of type text exactly as printed, "" when absent."""
        return self._typed(name, str, "text") or ""

    def markup(self, name: str) -> str:
        """Return a field of the registry's type markup, escapes resolved by :func:`unescape`, "" when absent."""
        return unescape(self.text(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, exactly as printed."""
        return tuple(
            self._expect(item, str, f"{name}[{index}]", "text")
            for index, item in enumerate(self._typed(name, list, "a list") or ())
        )

    def date(self, name: str) -> str:
        """Return a date as printed (``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``), "" when absent."""
        return iso_date(self.text(name), f"{self.where}.{name}")

    def flag(self, name: str) -> bool | None:
        """Return true or false, None when absent."""
        value = self._typed(name, bool, "true or false")
        return None if value is None else bool(value)

    def number(self, name: str) -> int | None:
        """Return a count, None when absent."""
        value = self._typed(name, int, "a count")
        if value is not None and value < 0:
            raise UnreadableError(f"{self.where}.{name}: {value} where a count is expected; {AGAIN}")
        return None if value is None else int(value)

    def _typed(self, name: str, wanted: type, words: str) -> Any:
        value = self.data.get(name)
        return None if value is None else self._expect(value, wanted, name, words)

    def _expect(self, value: Any, wanted: type, name: str, words: str) -> Any:
        # A bool is an int to Python, and never a count to us.
        if type(value) is not wanted:
            raise UnreadableError(f"{self.where}.{name}: {kind(value)} where {words} is expected; {AGAIN}")
        return value
