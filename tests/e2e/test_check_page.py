"""The page that checks a page: what is sent, what comes back, and that nothing of it stays."""

from __future__ import annotations

import base64
import csv
import io
import json
import logging
import os
import re
import sqlite3
import sys
import threading
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any

import docx
import pytest
from fpdf import FPDF
from lxml import html

from kb.check.read import LARGEST
from kb.publish import checking
from kb.publish.check_pages import file_name
from kb.publish.uploads import MOST_BYTES

COOKIE = "ds_csrftoken"
CLAIM = "Our NK cell therapy cures acute myeloid leukaemia."
NO_FILE = ("", b"")


def word_file() -> bytes:
    document = docx.Document()
    document.add_paragraph(CLAIM)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf_file() -> bytes:
    document = FPDF()
    document.add_page()
    document.set_font("Helvetica", size=12)
    document.multi_cell(0, 8, CLAIM)
    return bytes(document.output())


async def token(site: Any) -> str:
    page = await site.client.get("/check")
    assert page.status_code == 200
    found = re.search(r'name="csrftoken" value="([^"]+)"', page.text)
    assert found
    return unescape(found[1])


async def send(site: Any, fields: Mapping[str, str], file: tuple[str, bytes] = NO_FILE, **cookies: str) -> Any:
    """Send the form as a browser does."""
    given = await token(site)
    body = {"csrftoken": given, **fields}
    return await site.client.post("/check", data=body, files={"file": file}, cookies={COOKIE: given, **cookies})


def tree(response: Any) -> html.HtmlElement:
    return html.document_fromstring(response.text)


def words(response: Any) -> str:
    return " ".join(" ".join(tree(response).itertext()).split())


# ---------------------------------------------------------------------------- the form


async def test_the_form_has_a_label_for_every_control_and_is_on_the_way(site: Any) -> None:
    page = await site.client.get("/check?jurisdiction=JP")
    root = tree(page)
    controls = [
        one for one in root.xpath("//main//input | //main//select | //main//textarea") if one.get("type") != "hidden"
    ]
    names = {one.get("name") for one in controls}
    assert names >= {"text", "file", "jurisdiction", "as_of", "cell_type", "cell_source", "expansion", "engineering"}
    for control in controls:
        (label,) = control.xpath("ancestor::label")
        assert label.text_content().strip(), control.get("name")
    assert all(one.text_content().strip() for one in root.xpath("//button"))
    assert root.xpath("//select[@name='jurisdiction']/option[@selected]/@value") == ["JP"]
    assert root.xpath("//input[@name='as_of']/@value") == ["2026-11-23"]
    assert not root.xpath("//script")
    assert page.headers["cache-control"].endswith("no-store")
    assert "20 MB" in page.text
    for path in ("/", "/method"):
        assert tree(await site.client.get(path)).xpath("//nav/a[starts-with(@href, '/check')]")
    assert len(tree(await site.client.get("/")).xpath("//main//a[starts-with(@href, '/check')]")) == 1


async def test_the_token_stands_before_every_other_field(site: Any) -> None:
    first = tree(await site.client.get("/check")).xpath("//main//form//*[@name]")[0]
    assert first.get("name") == "csrftoken"


async def test_other_methods_are_refused(site: Any) -> None:
    assert (await site.client.put("/check", headers={"cookie": ""})).status_code == 405


# ---------------------------------------------------------------------------- what is sent


async def test_a_pasted_text_gets_a_report_and_stays_in_the_form(site: Any) -> None:
    response = await send(site, {"text": f"{CLAIM}\r\nSecond line."})
    assert response.status_code == 200
    root = tree(response)
    assert CLAIM in [one.text_content() for one in root.xpath("//*[contains(@class, 'ck-words')]")]
    assert "Judged for United States (US)" in words(response)
    (area,) = root.xpath("//textarea[@name='text']")
    assert area.text_content().strip().splitlines() == [CLAIM, "Second line."]
    assert response.headers["cache-control"].endswith("no-store")
    assert response.headers["x-content-type-options"] == "nosniff"


FILES = {
    "page.txt": CLAIM.encode(),
    "page.md": f"# Title\n\n{CLAIM}\n".encode(),
    "page.html": f"<html><body><p>{CLAIM}</p></body></html>".encode(),
    "page.docx": word_file(),
    "page.pdf": pdf_file(),
}


@pytest.mark.parametrize("name", FILES)
async def test_every_kind_of_file_is_read_and_carried_along(site: Any, name: str) -> None:
    response = await send(site, {}, (name, FILES[name]))
    assert response.status_code == 200, words(response)
    root = tree(response)
    assert any(CLAIM in one.text_content() for one in root.xpath("//*[contains(@class, 'ck-words')]"))
    assert base64.b64decode(root.xpath("//input[@name='kept']/@value")[0]) == FILES[name]
    again = await send(
        site, {"kept": root.xpath("//input[@name='kept']/@value")[0], "kept_name": name, "jurisdiction": "JP"}
    )
    assert again.status_code == 200
    assert name in words(again)
    assert "Judged for Japan (JP)" in words(again)


async def test_script_of_a_page_is_shown_and_never_runs(site: Any) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)></textarea>{{ 7*7 }}"
    name = "<img src=x onerror=alert(3)>.txt"
    plain = await send(site, {"text": f"{CLAIM} {attack}"})
    upload = await send(site, {}, (name, f"{CLAIM} {attack}".encode()))
    refused = await send(site, {"text": attack, "jurisdiction": attack, "as_of": attack})
    for response in (plain, upload, refused):
        root = tree(response)
        assert not root.xpath("//script | //main//img | //*[@onerror]")
        assert "{{ 7*7 }}" in root.text_content()
    assert refused.status_code == 400


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\a\\page.docx", "page.docx"),
        ("a\r\nSet-Cookie: x.txt", "a Set-Cookie: x.txt"),
        ("..", ".."),
        ("", "upload"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
def test_the_name_of_a_file_is_data(given: str, kept: str) -> None:
    assert file_name(given) == kept


# ---------------------------------------------------------------------------- product, place, day


async def test_the_product_is_shown_with_its_basis_and_can_be_changed(site: Any) -> None:
    text = "We offer our autologous NK cell therapy. It helps patients with acute myeloid leukaemia."
    first = await send(site, {"text": text})
    assert "As the page says: natural killer cells" in first.text
    assert "As the page says: autologous" in first.text
    assert "Assumed from the page." in words(first)
    assert tree(first).xpath("//a[@href='#kb-cells']") and tree(first).xpath("//select[@id='kb-cells']")
    second = await send(site, {"text": text, "cell_source": "cord-blood"})
    assert "As you said: source. Assumed from the page: cells, expansion, engineering." in words(second)
    assert tree(second).xpath("//select[@name='cell_source']/option[@selected]/@value") == ["cord-blood"]
    asked = {"text": text, "format": "json", "cell_type": "cik", "cell_type_2": "nk", "cell_source": "-"}
    product = json.loads((await send(site, asked)).text)["assumed_product"]
    assert product["cell_type"] == ["cik", "nk"]
    assert "cell_source" not in product
    whole = dict.fromkeys(("cell_source", "expansion", "engineering"), "-") | {"cell_type": "nk"}
    report = await send(site, {"text": text, **whole})
    assert "As you said: cells, source, expansion, engineering." in words(report)


async def test_the_verdict_is_that_of_the_checker(site: Any, db: sqlite3.Connection) -> None:
    from datetime import date

    from kb.check.checker import open_checker
    from kb.check.output.json import as_json
    from kb.check.read import read_text
    from kb.records.common import ProductKey

    key = ProductKey(cell_type=("cik",), cell_source=(), expansion=(), engineering=())
    expected = as_json(open_checker(db, date(2015, 1, 1)).check(read_text(CLAIM), "KR", key))
    fields = {"cell_type": "cik", "cell_source": "-", "expansion": "-", "engineering": "-"}
    asked = {"text": CLAIM, "jurisdiction": "KR", "as_of": "2015-01-01", "format": "json", **fields}
    found = json.loads((await send(site, asked)).text)
    wanted = json.loads(expected)
    assert found["findings"] and found["findings"] == wanted["findings"]
    assert (found["jurisdiction"], found["as_of"]) == ("KR", "2015-01-01")


async def test_place_and_day_are_carried_by_the_links_of_the_report(site: Any) -> None:
    response = await send(site, {"text": CLAIM, "jurisdiction": "KR", "as_of": "2015-01-01"})
    assert "Judged for South Korea (KR)" in words(response)
    assert "As of 2015-01-01" in words(response)
    assert "/method?jurisdiction=KR&as_of=2015-01-01" in tree(response).xpath("//nav/a/@href")


# ---------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": ""}, "Nothing to check"),
        ({"text": " \r\n "}, "Nothing to check"),
        ({"text": CLAIM, "jurisdiction": "XX"}, "unknown jurisdiction"),
        ({"text": CLAIM, "as_of": "2026-02-30"}, "is no day"),
        ({"text": CLAIM, "as_of": "٢٠٢٦-٠١-٠١"}, "is no day"),
        ({"text": CLAIM, "cell_type": "no-such"}, "is no cell_type"),
        ({"text": CLAIM, "cell_type": "nk cell_source=car"}, "none of the list"),
        ({"text": CLAIM, "format": "exe"}, "no form of a report"),
        ({"kept": "!!!", "kept_name": "a.txt"}, "damaged on the way"),
    ],
)
async def test_bad_input_is_told_on_the_form_and_what_was_typed_is_kept(
    site: Any, fields: dict[str, str], said: str
) -> None:
    response = await send(site, fields)
    assert response.status_code == 400
    (alert,) = tree(response).xpath("//*[@role='alert']")
    assert said in alert.text_content()
    (area,) = tree(response).xpath("//textarea[@name='text']")
    assert area.text_content().strip() == fields.get("text", "").strip()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("page.docx", b"not a word file", "damaged or was renamed"),
        ("page.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word file"),
        ("empty.txt", b"", "empty"),
        ("page.pdf", b"%PDF-1.7\n%%EOF", "page.pdf"),
    ],
)
async def test_a_bad_file_is_told_on_the_form(site: Any, name: str, data: bytes, said: str) -> None:
    response = await send(site, {"jurisdiction": "JP"}, (name, data))
    assert response.status_code == 400
    (alert,) = tree(response).xpath("//*[@role='alert']")
    assert said in alert.text_content()
    assert "The file has to be chosen again" in alert.text_content()
    assert tree(response).xpath("//select[@name='jurisdiction']/option[@selected]/@value") == ["JP"]


async def test_text_and_file_together_are_not_guessed_at(site: Any) -> None:
    response = await send(site, {"text": CLAIM}, ("a.txt", CLAIM.encode()))
    assert response.status_code == 400
    assert "Both a text and a file" in words(response)


async def test_a_new_file_takes_the_place_of_the_one_carried_along(site: Any) -> None:
    kept = base64.b64encode(b"Our NKT cells help.").decode()
    response = await send(site, {"kept": kept, "kept_name": "old.txt"}, ("new.txt", CLAIM.encode()))
    assert "new.txt" in words(response) and "old.txt" not in words(response)


async def test_a_very_long_text_is_refused_before_it_is_checked(site: Any) -> None:
    response = await send(site, {"text": "We help. " * (checking.MOST_TEXT // 9 + 1)})
    assert response.status_code == 400
    assert "more than 1,000,000 are not checked here" in words(response)


async def test_a_large_file_is_checked_but_not_carried_along(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.publish.check_pages._CARRIED", 10)
    response = await send(site, {}, ("page.txt", CLAIM.encode()))
    assert response.status_code == 200
    assert "too large to be carried along" in words(response)
    assert not tree(response).xpath("//input[@name='kept']")


# ---------------------------------------------------------------------------- limits and forgery


async def test_a_file_too_large_is_refused_with_the_limit(site: Any) -> None:
    response = await send(site, {}, ("page.txt", b"a" * (MOST_BYTES + 1)))
    assert response.status_code == 413
    assert "Files over 20 MB are not checked" in words(response)
    assert response.headers["cache-control"] == "no-store"
    just = await send(site, {}, ("page.txt", b"a" * (LARGEST + 1)))
    assert just.status_code == 400
    assert "20 MB" in words(just)


async def scoped(site: Any, headers: list[tuple[bytes, bytes]], bodies: list[bytes]) -> tuple[int, int]:
    """Return the status and how many pieces of the body were read."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/check",
        "raw_path": b"/check",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
    }
    read = 0
    status = 0

    async def receive() -> dict[str, Any]:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": bodies[read - 1], "more_body": read < len(bodies)}

    async def sent(event: dict[str, Any]) -> None:
        nonlocal status
        status = event.get("status", status)

    await site.app()(scope, receive, sent)
    return status, read


async def test_an_announced_giant_is_refused_without_being_read(site: Any) -> None:
    assert await scoped(site, [(b"content-length", b"99999999999")], [b""]) == (413, 0)


async def test_a_body_that_lies_about_its_length_is_cut_off(site: Any) -> None:
    pieces = [b"a" * 10_000_000] * 50
    status, read = await scoped(site, [(b"content-length", b"10")], pieces)
    assert status == 413
    assert read < 12


async def test_a_wrong_token_is_refused(site: Any) -> None:
    given = await token(site)
    wrong = {"csrftoken": given[:-1] + ("A" if given[-1] != "A" else "B"), "text": CLAIM}
    for body in (wrong, {"text": CLAIM}, {"csrftoken": "", "text": CLAIM}, {"csrftoken": "ü", "text": CLAIM}):
        for headers in ({}, {"authorization": "Bearer x"}, {"x-csrftoken": given}):
            response = await site.client.post(
                "/check", data=body, files={"file": NO_FILE}, cookies={COOKIE: given}, headers=headers
            )
            assert response.status_code == 403
            assert "Not sent from this form" in words(response)
            assert CLAIM not in response.text


async def test_a_form_without_the_cookie_or_with_a_forged_one_is_refused(site: Any) -> None:
    given = await token(site)
    body = {"csrftoken": given, "text": CLAIM}
    without = await site.client.post("/check", data=body, files={"file": NO_FILE})
    forged = await site.client.post(
        "/check", data={**body, "csrftoken": "forged"}, files={"file": NO_FILE}, cookies={COOKIE: "forged"}
    )
    assert (without.status_code, forged.status_code) == (403, 403)


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/x-www-form-urlencoded", b"text=a", 415),
        ("application/json", b"{}", 415),
        ("multipart/form-data", b"", 415),
        ("multipart/form-data; boundary=x", b"no parts here", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n", 400),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\na\r\n' * 60 + b"--x--\r\n",
            400,
        ),
        ("multipart/form-data; boundary=" + "x" * 500, b"", 400),
    ],
)
async def test_what_is_no_form_is_refused(site: Any, kind: str, body: bytes, status: int) -> None:
    given = await token(site)
    response = await site.client.post(
        "/check", content=body, headers={"content-type": kind, "x-csrftoken": given}, cookies={COOKIE: given}
    )
    assert response.status_code == status


# ---------------------------------------------------------------------------- downloads


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("json", "application/json"),
        ("csv", "text/csv"),
        ("sarif", "application/sarif+json"),
        ("html", "text/html"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
async def test_downloads_have_their_type_and_a_safe_name(site: Any, form: str, kind: str) -> None:
    response = await send(site, {"format": form}, ('Une "page"; é.txt', CLAIM.encode()))
    assert response.status_code == 200
    assert response.headers["content-type"].split(";")[0] == kind
    assert response.headers["content-disposition"] == f'attachment; filename="check-Une-page.{form}"'
    assert response.headers["cache-control"] in ("no-store", "private, no-store")
    if form == "json":
        assert json.loads(response.text)["findings"][0]["text"] == CLAIM
    elif form == "csv":
        assert next(csv.DictReader(io.StringIO(response.text)))["text"] == CLAIM
    elif form == "sarif":
        assert json.loads(response.text)["version"] == "2.1.0"
    elif form == "html":
        assert CLAIM in html.document_fromstring(response.text).text_content()
    else:
        document = docx.Document(io.BytesIO(response.content))
        assert CLAIM in [one.text for one in document.paragraphs]
        assert len(list(document.comments)) >= 2


async def test_a_word_file_comes_back_with_comments_also_when_it_was_carried_along(site: Any) -> None:
    kept = base64.b64encode(FILES["page.docx"]).decode()
    response = await send(site, {"format": "docx", "kept": kept, "kept_name": "page.docx"})
    document = docx.Document(io.BytesIO(response.content))
    assert [one.text for one in document.paragraphs] == [CLAIM]
    assert any("f001" in comment.text for comment in document.comments)


# ---------------------------------------------------------------------------- nothing stays

OPENED: list[str] | None = None


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if OPENED is None or event not in ("open", "os.mkdir", "socket.connect", "subprocess.Popen"):
        return
    if event == "open":
        name, mode, flags = arguments
        writes = bool(set(str(mode or "")) & set("wax+")) or bool((flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if not writes or "__pycache__" in str(name):
            return
    OPENED.append(f"{event} {arguments[0]}")


async def test_nothing_is_written_logged_or_fetched(
    site: Any, built: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    global OPENED
    marker = "Zyxwvut"
    before = (built.read_bytes(), sorted(built.parent.iterdir()))
    large = f"{CLAIM} {marker} ".encode() + b"\n\nWe help you. " * 100_000
    assert len(large) > 1 << 20  # python-multipart would write it to a temporary file if it were let
    sys.addaudithook(_watch)
    OPENED = []
    with caplog.at_level(logging.DEBUG):
        responses = [
            await send(site, {"text": f"{CLAIM} {marker}"}),
            await send(site, {}, (f"{marker}.pdf", FILES["page.pdf"])),
            await send(site, {"format": "docx"}, (f"{marker}.docx", FILES["page.docx"])),
            await send(site, {}, (f"{marker}.txt", large)),
        ]
    opened, OPENED = OPENED, None
    assert [response.status_code for response in responses] == [200, 200, 200, 400]
    assert opened == []
    assert marker not in caplog.text
    said = capsys.readouterr()
    assert marker not in said.out + said.err
    assert (built.read_bytes(), sorted(built.parent.iterdir())) == before


async def test_the_check_runs_beside_the_site(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    at: list[threading.Thread] = []
    real = checking.answered

    def noted(*arguments: Any) -> Any:
        at.append(threading.current_thread())
        return real(*arguments)

    monkeypatch.setattr("kb.publish.check_pages.answered", noted)
    await send(site, {"text": CLAIM})
    assert at and at[0] is not threading.main_thread()


async def test_the_base_is_opened_once(site: Any) -> None:
    checking._checker.cache_clear()
    for place in ("US", "JP", "KR"):
        await send(site, {"text": CLAIM, "jurisdiction": place})
    found = checking._checker.cache_info()
    assert (found.misses, found.hits) == (1, 2)
