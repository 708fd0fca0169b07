"""Bodies that are wrong, damaged or meant to harm: refused by name, nothing opened, memory bounded."""

from __future__ import annotations

import codecs
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree

from ingest.errors import UnreadableError
from ingest.parse import xml_stream
from ingest.parse.pubmed_xml import ROOTS, parse_articles
from ingest.parse.xml_stream import records
from kb.records.article import Article, Deletion
from tests.conftest import ROOT

RECORD = (
    "<PubmedArticle><MedlineCitation><PMID>7</PMID><Article><ArticleTitle>{}</ArticleTitle></Article>{}"
    "</MedlineCitation></PubmedArticle>"
)
DTD = '"-//NLM//DTD PubMedArticle, 1st January {0}//EN" "{1}://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_{0}.dtd"'


def parse(body: str | bytes) -> list[Article | Deletion]:
    return list(parse_articles(BytesIO(body.encode() if isinstance(body, str) else body)))


def whole(title: str = "NK cells", more: str = "", head: str = "") -> str:
    return f"{head}<PubmedArticleSet>{RECORD.format(title, more)}</PubmedArticleSet>"


def title_of(body: str | bytes) -> str:
    (found,) = parse(body)
    assert isinstance(found, Article)
    return found.title.text


# ---------------------------------------------------------------------------- what is no PubMed XML


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "the body is empty"),
        (" \n", "the body is empty"),
        ('{"error": "API rate limit exceeded"}', r"not XML: it begins '{\"error"),
        ("Error: too many requests \x1b[31m", r"not XML: it begins 'Error: too many requests \\x1b\[31m'"),
        ("<html><body>Blocked</body></html>", r"<html> is not a root .*Blocked"),
        ("<!DOCTYPE html>\n<html><body>Blocked</body></html>", "<html> is not a root"),
        ("<pre>\nPMID- 7</pre>", "<pre> is not a root"),
        ("<eFetchResult><ERROR>ID list is empty!</ERROR></eFetchResult>", "the service says 'ID list is empty!'"),
        (
            '<?xml version="1.0"?>\n<!DOCTYPE eFetchResult PUBLIC "a" "b">\n<eFetchResult><ERROR>Cannot',
            "eFetchResult.*'Cannot'",
        ),
        ("\x1f\x8b", "packed with gzip"),
        ('<PubmedArticleSet xmlns="urn:x"><PubmedArticle/></PubmedArticleSet>', "urn:x}PubmedArticle> among the"),
        ("<PubmedArticleSet><Error>no</Error></PubmedArticleSet>", "<Error> among the records.*'no'"),
        (whole().replace("</PubmedArticleSet>", "<x/></PubmedArticleSet>"), "<x> among the records"),
        (whole().replace("<PubmedArticle>", "<x/><PubmedArticle>"), "<x> among the records"),
        ("<PubmedArticleSet>temporarily unavailable</PubmedArticleSet>", "text among the records: 'temporarily"),
        (whole().replace("</PubmedArticleSet>", "oops</PubmedArticleSet>"), "text among the records: 'oops"),
        (whole() + "<PubmedArticleSet/>", "not well-formed|cut off"),
        ("<PubmedArticleSet><MedlineCitation/></PubmedArticleSet>", "<MedlineCitation> among the records"),
        (whole(more="<b>"), "not well-formed XML after 0 whole records"),
        ("\n" + whole(head='<?xml version="1.0"?>'), "not well-formed"),
        (
            "<PubmedArticleSet><DeleteCitation><PMID>PMC7</PMID></DeleteCitation></PubmedArticleSet>",
            "'PMC7', which is no",
        ),
    ],
)
def test_it_is_refused_by_name(body: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        parse(body.encode("latin-1"))


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_body_that_is_cut_off_is_refused(share: float) -> None:
    body = whole(title="NK", head='<?xml version="1.0"?>')
    with pytest.raises(UnreadableError, match=r"cut off|not end|not XML|no '.*' in the first"):
        parse(body[: int(len(body) * share)])


def test_records_before_the_cut_are_counted() -> None:
    body = f"<PubmedArticleSet>{RECORD.format('a', '') * 3}<PubmedArt"
    with pytest.raises(UnreadableError, match="cut off after 3 whole records"):
        parse(body)


@pytest.mark.parametrize("root", [name for name, inner in ROOTS.items() if inner])
def test_an_empty_set_holds_nothing_and_is_no_error(root: str) -> None:
    assert parse(f"<{root}/>") == []
    assert parse(f"<?xml version='1.0'?>\n<!-- none -->\n<{root}>\n</{root}>\n") == []


# ---------------------------------------------------------------------------- document types and entities


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("year", ["160101", "190101", "250101", "390101"])
def test_a_document_type_of_any_year_is_named_and_not_loaded(year: str, scheme: str) -> None:
    head = f'<?xml version="1.0"?>\n<!DOCTYPE PubmedArticleSet PUBLIC {DTD.format(year, scheme)}>\n'
    assert title_of(whole(head=head)) == "NK cells"


BOMB = "".join(f'<!ENTITY b{level} "{f"&b{level - 1};" * 10}">' for level in range(1, 10))


@pytest.mark.parametrize(
    "subset",
    [
        f'<!ENTITY b0 "ha">{BOMB}',
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p;',
        '<!ATTLIST PMID Version CDATA "9">',
        "",
    ],
)
def test_a_document_type_that_declares_anything_is_refused_before_parsing(subset: str) -> None:
    with pytest.raises(UnreadableError, match=r"declares things of its own.*nothing was opened"):
        parse(whole("&b9;&x;", head=f"<!DOCTYPE PubmedArticleSet [{subset}]>"))
    with pytest.raises(UnreadableError, match="declares things of its own"):
        parse(whole(head=f'<!DOCTYPE PubmedArticleSet PUBLIC "[" "it\'s > [.dtd" [{subset}]>'))


def test_libxml2_never_sees_a_document_type(monkeypatch: pytest.MonkeyPatch) -> None:
    fed: list[bytes] = []
    feed = xml_stream._feed

    def spied(parser: etree.XMLPullParser, chunk: bytes, count: int) -> None:
        fed.append(chunk)
        feed(parser, chunk, count)

    monkeypatch.setattr(xml_stream, "_feed", spied)
    head = f'<?xml version="1.0"?>\n<!-- é -->\n<!DOCTYPE PubmedArticleSet PUBLIC\n {DTD.format("250101", "https")}>\n'
    assert title_of(whole(head=head)) == "NK cells"
    assert b"DOCTYPE" not in b"".join(fed)
    assert len(b"".join(fed)) == len(whole(head=head).encode()), "places in messages stay what they were"
    assert b"".join(fed).count(b"\n") == head.count("\n")


@pytest.mark.parametrize("entity", ["&nbsp;", "&alpha;", "&x;", "&b9;"])
@pytest.mark.parametrize("where", ["text", "attribute", "set"])
def test_an_entity_that_only_a_dtd_would_know_is_refused_and_not_dropped(entity: str, where: str) -> None:
    head = f"<!DOCTYPE PubmedArticleSet PUBLIC {DTD.format('250101', 'https')}>"
    body = {
        "text": whole(f"10{entity}9", head=head),
        "attribute": whole(more=f'<CoiStatement a="1{entity}2"/>', head=head),
        "set": whole(head=head).replace("<PubmedArticle>", f"{entity}<PubmedArticle>"),
    }[where]
    with pytest.raises(UnreadableError, match="an entity that XML does not define"):
        parse(body)


def test_entities_of_xml_itself_and_numbers_are_letters() -> None:
    assert title_of(whole("A&amp;B &lt; &#x3b1;&#945;&quot;&apos;&gt; &amp;nbsp;")) == "A&B < αα\"'> &nbsp;"


def test_an_entity_across_two_chunks_is_seen() -> None:
    for before in range(xml_stream._CHUNK - 40, xml_stream._CHUNK + 4):
        start = len(whole("")) // 2
        with pytest.raises(UnreadableError, match="an entity"):
            parse(whole("x" * (before - start) + "&alpha;" + "y" * 99))


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A web server on loopback, and what it was asked for."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'<!ENTITY x "leaked">')

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()


def test_nothing_outside_is_opened(asked: tuple[str, list[str]], tmp_path: Path) -> None:
    address, paths = asked
    secret = tmp_path / "secret.dtd"
    secret.write_text('<!ENTITY x "leaked"><!ATTLIST PMID Version CDATA "9">', encoding="utf-8")
    for place in (f"{address}/x.dtd", secret.as_uri(), str(secret)):
        assert title_of(whole("a", head=f'<!DOCTYPE PubmedArticleSet SYSTEM "{place}">')) == "a"
        (found,) = parse(whole("a", head=f'<!DOCTYPE PubmedArticleSet SYSTEM "{place}">'))
        assert isinstance(found, Article)
        assert found.version == 1  # the DTD's own default, had it been read, is 9
        for head in (
            f'<!DOCTYPE PubmedArticleSet SYSTEM "{place}">',
            f'<!DOCTYPE PubmedArticleSet [<!ENTITY x SYSTEM "{place}">]>',
            f'<!DOCTYPE PubmedArticleSet [<!ENTITY % p SYSTEM "{place}"> %p;]>',
        ):
            with pytest.raises(UnreadableError) as caught:
                parse(whole("&x;", head=head))
            assert "leaked" not in str(caught.value)
        include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{place}" parse="text"/>'
        assert title_of(whole(f"a{include}b")) == "ab"
    assert paths == []


# ---------------------------------------------------------------------------- encodings


@pytest.mark.parametrize("declared", ["UTF-8", "utf-8", "US-ASCII", "ascii"])
def test_utf8_and_ascii_are_read(declared: str) -> None:
    assert title_of(whole(head=f'<?xml version="1.0" encoding="{declared}"?>')) == "NK cells"


def test_a_byte_order_mark_is_allowed_where_it_says_the_same() -> None:
    assert title_of(codecs.BOM_UTF8 + whole("α", head='<?xml version="1.0" encoding="UTF-8"?>').encode()) == "α"
    assert title_of(codecs.BOM_UTF8 + whole("α").encode()) == "α"
    with pytest.raises(UnreadableError, match="not ascii at byte 0"):
        parse(codecs.BOM_UTF8 + whole(head='<?xml version="1.0" encoding="ascii"?>').encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wider_encodings_are_refused(encoding: str) -> None:
    with pytest.raises(UnreadableError, match="UTF-16 or UTF-32 at byte 0"):
        parse(whole().encode(encoding))


@pytest.mark.parametrize("declared", ["ISO-8859-1", "windows-1252", "UTF-16", "utf-7", "", "x\u00e9"])
def test_another_declared_encoding_is_refused(declared: str) -> None:
    with pytest.raises(UnreadableError, match="declares the encoding"):
        parse(whole(head=f"<?xml version='1.0' encoding='{declared}'?>"))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"\xff", "not utf-8 at byte"),
        ("é".encode("latin-1"), "not utf-8 at byte"),
        (b"\xc0\xaf", "not utf-8 at byte"),
        (b"\xed\xa0\x80", "not utf-8 at byte"),
        (b"\0", "a NUL at byte"),
        (b"\x01", "not well-formed"),
        (b"&#0;", "not well-formed"),
        (b"&#x1;", "not well-formed"),
    ],
)
@pytest.mark.parametrize("before", [0, 100_000])
def test_bytes_that_no_text_has(bad: bytes, reason: str, before: int) -> None:
    start, end = (part.encode() for part in whole("a|b").split("|"))
    place = len(start) + before
    with pytest.raises(UnreadableError, match=reason) as caught:
        parse(start + b"x" * before + bad + end)
    if "at byte" in reason:
        assert f"at byte {place:,}" in str(caught.value)


def test_ascii_is_held_to_its_word() -> None:
    with pytest.raises(UnreadableError, match="not ascii at byte"):
        parse(whole("é", head='<?xml version="1.0" encoding="US-ASCII"?>'))


def test_a_body_that_ends_inside_a_letter() -> None:
    with pytest.raises(UnreadableError, match="cut off inside a character"):
        parse(whole("α").encode().split(b"\xb1")[0])


# ---------------------------------------------------------------------------- size


def test_a_record_over_the_bound_is_refused_and_a_smaller_one_is_not() -> None:
    large = RECORD.format("a", "<GeneralNote>" + "x" * 300_000 + "</GeneralNote>")
    body = f"<PubmedArticleSet>{large * 3}</PubmedArticleSet>".encode()
    assert len(list(records(BytesIO(body), ROOTS, limit=500_000))) == 3
    with pytest.raises(UnreadableError, match=r"record 1 is larger than 200,000 bytes"):
        list(records(BytesIO(body), ROOTS, limit=200_000))
    assert xml_stream.RECORD_LIMIT == 32 * 1024**2


def test_a_prolog_without_end_is_refused() -> None:
    with pytest.raises(UnreadableError, match="in the first 65,536 bytes"):
        parse("<!--" + "x" * 100_000)
    with pytest.raises(UnreadableError, match="does not end"):
        parse("<!DOCTYPE PubmedArticleSet '" + "[" * 100_000)


@pytest.mark.parametrize("levels", [70, 250, 300, 3000])
def test_elements_nested_without_end_are_refused(levels: int) -> None:
    with pytest.raises(UnreadableError, match=r"nested|depth"):
        parse(whole("<b>" * levels + "x" + "</b>" * levels))


MEASURE = r"""
import io, re
from ingest.errors import UnreadableError
from ingest.parse.pubmed_xml import parse_articles
class Endless(io.RawIOBase):
    def __init__(self, start, piece, times, end):
        self.parts = iter([start, *[piece] * times, end])
    def read(self, size=-1):
        return next(self.parts, b"")
def peak():
    # Not getrusage: its peak begins with that of the process that started this one.
    return int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1]) // 1024
def run(piece, times, start=b"<PubmedArticleSet>", end=b"</PubmedArticleSet>"):
    try:
        print(sum(1 for _ in parse_articles(Endless(start, piece, times, end))), peak())
    except UnreadableError as error:
        print("refused:", error, peak())
"""
TITLE = 'run(b"x" * 65536, 1600, b"<PubmedArticleSet><PubmedArticle><MedlineCitation><Article><ArticleTitle>")'
MANY = f"piece = {RECORD.format('NK ' * 300, '').encode()!r} * 20; run(piece, 20); run(piece, 1000)"
JUNK = 'run(b"<x>" + b"y" * 60000 + b"</x>", 2000)'


def measured(code: str) -> list[list[str]]:
    command = [sys.executable, "-c", MEASURE + code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [line.rsplit(" ", 1) for line in done.stdout.splitlines()]


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_a_title_of_a_hundred_megabytes_is_refused_in_bounded_memory() -> None:
    ((idle, before),) = measured("run(b'', 0)")
    assert idle == "0"
    ((said, after),) = measured(TITLE)
    assert said.startswith("refused: not well-formed XML after 0 whole records")
    assert int(after) - int(before) < 60
    ((said, after),) = measured(JUNK)
    assert said.startswith("refused: record 1 is larger than")
    assert int(after) - int(before) < 120


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_memory_does_not_depend_on_the_size_of_the_body() -> None:
    (few, small), (many, large) = measured(MANY)
    assert (few, many) == ("400", "20000")
    assert int(large) - int(small) < 4
