"""No cell of a download starts a formula, and nothing else of the download changes."""

from __future__ import annotations

import csv
import io
import re
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.formulas import dangerous
from kb.publish.csv_safe import HEAD, Guard, csv_safe

_ODD = st.sampled_from(list("=+-@\t\r\n \"',;0123456789.eEaé=＋－＠µ\x00\u00a0\ufeff9⁹"))
_CELL = st.one_of(
    st.text(_ODD, max_size=12),
    st.text(_ODD, min_size=HEAD - 6, max_size=HEAD + 12),
    st.integers().map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.just(" " * (HEAD + 3) + "=1"),
)
_ROWS = st.lists(st.lists(_CELL, min_size=1, max_size=4), max_size=6)


def written(rows: list[list[str]], quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    out = io.StringIO()
    csv.writer(out, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue().encode()


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def safe(data: bytes, cuts: list[int] | None = None) -> bytes:
    guard, out, start = Guard(), b"", 0
    for cut in sorted({min(cut, len(data)) for cut in cuts or []}):
        out += guard.feed(data[start:cut])
        start = cut
    return out + guard.feed(data[start:]) + guard.finish()


def starts_a_formula(cell: str) -> bool:
    """The rule again, on text, as a reader of the method page would apply it."""
    bare = cell.lstrip(" \x00\u00a0\ufeff")
    return bare[:1] in tuple("=+-@\t\r\n=＋－＠") and not re.fullmatch(
        r"[+-](\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", cell, re.ASCII
    )


@pytest.mark.parametrize(
    "cell",
    [
        "=1",
        "+1 555",
        "-x",
        "@sum",
        "\t=1",
        "\r=1",
        "\n=1",
        "-",
        "--1",
        "-1-1",
        " =1",
        "\ufeff=1",
        "＝1",
        "-0x1",
        "+.e1",
    ],
)
def test_what_starts_like_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert dangerous(cell.encode())
    assert read(safe(written([["x", cell, "y"]]))) == [["x", "'" + cell, "y"]]


@pytest.mark.parametrize(
    "cell", ["-5", "+0.3e-2", "-.5", "+5.", "-1E9", "", "a=1", "10⁹", "µ", "-5", "<0.0001", "'=1", '"=1']
)
def test_numbers_and_other_text_stay(cell: str) -> None:
    data = written([["x", cell, "y"], [cell, "z"]])
    assert safe(data) == data


@given(_ROWS, st.lists(st.integers(0, 400), max_size=8), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
@settings(max_examples=400, deadline=None)
def test_every_cell_is_itself_or_itself_behind_an_apostrophe(rows: list[list[str]], cuts: list[int], how: int) -> None:
    data = written(rows, how)
    made = safe(data, cuts)
    assert made == safe(data), "the cuts change nothing"
    before, after = read(data), read(made)
    assert [len(row) for row in before] == [len(row) for row in after]
    for old, new in zip(chain(*before), chain(*after), strict=True):
        assert not starts_a_formula(new)
        if len(old.encode()) < HEAD:
            assert new == ("'" + old if starts_a_formula(old) else old)
        else:  # a number that long is text, and so is what begins with that many blanks
            assert new in (old, "'" + old)
    if made == data:
        assert not any(starts_a_formula(cell) for cell in chain(*before))


@given(_ROWS)
@settings(max_examples=100, deadline=None)
def test_one_byte_at_a_time_is_the_same(rows: list[list[str]]) -> None:
    data = written(rows)
    assert safe(data, list(range(len(data)))) == safe(data)


def test_a_quote_at_the_end_of_a_chunk_may_go_on() -> None:
    data = b'"-5""","-5"\r\n'
    for cut in range(len(data)):
        assert safe(data, [cut]) == b'"\'-5""","-5"\r\n', cut


@pytest.mark.parametrize("start", ["", '"', '"=', "=", " " * 100, '"-1""'])
def test_a_cell_without_end_is_not_kept_in_memory(start: str) -> None:
    guard = Guard()
    sent = len(guard.feed(start.encode()))
    for _ in range(100):
        sent += len(guard.feed(b"9" * 1000))
    assert 0 <= len(start) + 100_000 + 1 - sent <= HEAD + 2


async def run(path: str, kind: bytes, chunks: list[bytes], status: int = 200) -> tuple[dict[str, object], bytes]:
    seen: dict[str, object] = {}

    async def app(scope: dict[str, object], _receive: object, send: object) -> None:
        seen["asked"] = scope["headers"]
        headers = [(b"Content-Type", kind), (b"Content-Length", b"9"), (b"X-Other", b"1")]
        await send({"type": "http.response.start", "status": status, "headers": headers})  # type: ignore[operator]
        for number, chunk in enumerate(chunks, 1):
            more = number < len(chunks)
            await send({"type": "http.response.body", "body": chunk, "more_body": more})  # type: ignore[operator]

    sent: list[dict[str, object]] = []

    async def send(event: dict[str, object]) -> None:
        sent.append(event)

    scope = {"type": "http", "path": path, "raw_path": path.encode(), "headers": [(b"Accept-Encoding", b"gzip")]}
    await csv_safe(app)(scope, None, send)
    seen["headers"] = dict(sent[0]["headers"])  # type: ignore[call-overload]
    assert [event.get("more_body", False) for event in sent[1:]] == [True] * (len(chunks) - 1) + [False]
    return seen, b"".join(event["body"] for event in sent[1:])  # type: ignore[misc]


@pytest.mark.parametrize("kind", [b"text/csv; charset=utf-8", b"text/plain; charset=utf-8"])
async def test_csv_answers_are_filtered_and_lose_their_length(kind: bytes) -> None:
    seen, body = await run("/evidence/trials.csv", kind, [b"a,", b"=1\r\n", b"-"])
    assert body == b"a,'=1\r\n'-"
    assert seen["headers"] == {b"Content-Type": kind, b"X-Other": b"1"}
    assert seen["asked"] == [], "compressed bytes could not be read"


@pytest.mark.parametrize(("path", "kind"), [("/evidence/trials.json", b"text/plain"), ("/x.csv", b"text/html")])
async def test_everything_else_passes_as_it_is(path: str, kind: bytes) -> None:
    seen, body = await run(path, kind, [b"=1,", b"=2"])
    assert body == b"=1,=2"
    assert seen["headers"] == {b"Content-Type": kind, b"Content-Length": b"9", b"X-Other": b"1"}
