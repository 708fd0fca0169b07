"""NCBI's E-utilities for PubMed: esearch, epost, efetch, einfo, with the history server and its limits.

Forms follow NLM's documentation (NBK25499) and DTDs. Where public reports of live answers differ from it (2026), the
answers win: an unknown PMID gives an empty ``PubmedArticleSet`` with status 200, a malformed one an ``ERROR`` with
status 400; a search lists 9,999 records and no more, and the text that says so holds a raw line break in JSON.
Nobody reported the words for an empty epost, nor the status of an empty part of a history set: those are guesses.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tests.doubles.exchange import JSON, TEXT, XML, Answer, Asked, Page, dump, paged, stranger
from tests.doubles.expression import ExpressionError
from tests.doubles.library import World
from tests.doubles.pubmed_search import Found, order, search, within

DTD = "https://eutils.ncbi.nlm.nih.gov/eutils/dtd"
SEARCH_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" '
    f'"{DTD}/20060628/esearch.dtd">\n'
)
FETCH_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE eEfetchResult PUBLIC "-//NLM//DTD efetch 20131226//EN" '
    f'"{DTD}/20131226/efetch.dtd">\n'
)
POST_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE ePostResult PUBLIC "-//NLM//DTD epost 20090526//EN" '
    f'"{DTD}/20090526/epost.dtd">\n'
)
INFO_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE eInfoResult PUBLIC "-//NLM//DTD einfo 20130322//EN" '
    f'"{DTD}/20130322/einfo.dtd">\n'
)
MORE = "To obtain more than {:,} PubMed records, consider using EDirect that contains additional logic to batch PubMed"
DATE_TYPES = {"pdat": "Date - Publication", "edat": "Date - Entry", "mdat": "Date - Modification"}


def refuse(asked: Asked, text: str, status: int) -> Answer:
    """Return an error in the form of the tool that was asked."""
    if "efetch" in asked.path:
        return Answer(
            status, f"{FETCH_HEAD}<eFetchResult>\n\t<ERROR>{escape(text)}</ERROR>\n</eFetchResult>\n".encode()
        )
    if "epost" in asked.path:
        return Answer(status, f"{POST_HEAD}<ePostResult>\n\t<ERROR>{escape(text)}</ERROR>\n</ePostResult>\n".encode())
    if asked.get("retmode") == "json":
        # The service writes the text as it is, line breaks and all: not strict JSON.
        quoted = text.replace("\\", "\\\\").replace('"', '\\"')
        head = '{"header":{"type":"esearch","version":"0.3"},"esearchresult":{"ERROR":"'
        return Answer(status, f'{head}{quoted}"}}}}'.encode(), JSON)
    return Answer(status, f"{SEARCH_HEAD}<eSearchResult>\n\t<ERROR>{escape(text)}</ERROR>\n</eSearchResult>\n".encode())


def number(asked: Asked, name: str, default: int) -> int:
    """Return a number of the request; what is no number counts as absent."""
    return int(asked.get(name)) if asked.get(name).isdigit() else default


class HistoryError(LookupError):
    """The history server does not have this set (any more)."""


class History:
    """Sets of records by WebEnv and query key."""

    def __init__(self) -> None:
        self._sets: dict[str, list[tuple[str, ...]]] = {}
        self._count = 0
        self._lock = threading.Lock()

    def keep(self, pmids: tuple[str, ...], webenv: str = "") -> tuple[str, str]:
        """Store a set; return its query key and WebEnv. A WebEnv that is known gets the set added."""
        with self._lock:
            if webenv not in self._sets:
                self._count += 1
                webenv = f"MCID_{self._count:024x}"
                self._sets[webenv] = []
            self._sets[webenv].append(pmids)
            return str(len(self._sets[webenv])), webenv

    def get(self, webenv: str, key: str) -> tuple[str, ...]:
        """Return a set. Raises HistoryError."""
        with self._lock:
            sets = self._sets.get(webenv, [])
            if not key.isdigit() or not 0 < int(key) <= len(sets):
                raise HistoryError(key)
            return sets[int(key) - 1]

    def expire(self) -> None:
        """Forget every set."""
        with self._lock:
            self._sets.clear()


@dataclass
class Eutils:
    """The service.

    Attributes:
        ceiling: how many records of one search can be listed; PubMed's is 9,999. Tests of date slices lower it.
    """

    history: History
    ceiling: int = 9_999

    def answer(self, world: World, asked: Asked) -> Answer:
        """Answer one request."""
        name = asked.path.rpartition("/")[2]
        tools = {
            "esearch.fcgi": self.esearch,
            "epost.fcgi": self.epost,
            "efetch.fcgi": self.efetch,
            "einfo.fcgi": self.einfo,
        }
        if name not in tools:
            return Answer(404, b"Not found", TEXT)
        if name != "einfo.fcgi" and asked.get("db", "pubmed") != "pubmed":
            text = f"Invalid db name specified: {asked.get('db')}"
            return Answer(400, f"{FETCH_HEAD}<eFetchResult><ERROR>{escape(text)}</ERROR></eFetchResult>".encode())
        try:
            return tools[name](world, asked)
        except HistoryError as missing:
            return refuse(asked, f"Unable to obtain query #{missing}", 200)

    def too_far(self) -> str:
        last = self.ceiling - 1
        return (
            f"Exception:\n'retstart' cannot be larger than {last}. For PubMed, ESearch can only retrieve the first "
            f"{self.ceiling:,} records matching the query. {MORE.format(self.ceiling)} search results automatically so "
            "that an arbitrary number can be retrieved."
        )

    # ------------------------------------------------------------------ esearch

    def esearch(self, world: World, asked: Asked) -> Answer:
        """Answer a search: numbers of records, their count, and a set on the history server where asked for."""
        key, webenv = asked.get("query_key"), asked.get("WebEnv")
        term = asked.get("term") or (f"#{key}" if key and webenv else "")
        if not term:
            return refuse(asked, "Empty term and query_key - nothing todo", 200)
        try:
            found = search(world, term, lambda number: set(self.history.get(webenv, number)))
        except ExpressionError as error:
            return refuse(asked, f"Search Backend failed: {error}", 200)
        pmids = order(world, set(found.pmids) & self._dated(world, asked), asked.get("sort"))
        if asked.get("rettype") == "count":
            return self._count(asked, len(pmids))
        start = number(asked, "retstart", 0)
        if start >= self.ceiling:
            return refuse(asked, f"Search Backend failed: {self.too_far()}", 200)
        size = number(asked, "retmax", 20)
        messages = [] if pmids else ["No items found."]
        if start + size > self.ceiling:
            size = self.ceiling - start
            messages.append(f"Restrictions achieved. start and count adjusted to {start}, {size}")
        kept = self.history.keep(pmids, webenv) if asked.get("usehistory") == "y" else ("", "")
        page = Page(
            ids=pmids[start : start + size],
            total=len(pmids),
            before=pmids[start - 1] if 0 < start <= len(pmids) else "",
            stranger=stranger(pmids, world.pmids),
        )
        if asked.get("retmode") == "json":
            return paged(page, lambda page: _search_json(page, start, kept, found, messages), JSON)
        return paged(page, lambda page: _search_xml(page, start, kept, found, messages), XML)

    def _count(self, asked: Asked, count: int) -> Answer:
        if asked.get("retmode") == "json":
            body = dump({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": {"count": str(count)}})
            return Answer(body=body, type=JSON)
        return Answer(body=f"{SEARCH_HEAD}<eSearchResult><Count>{count}</Count></eSearchResult>\n".encode())

    def _dated(self, world: World, asked: Asked) -> set[str]:
        """Papers in the window of ``datetype``; without one, all of them."""
        name = DATE_TYPES.get(asked.get("datetype", "pdat"), "Date - Publication")
        low, high = asked.get("mindate"), asked.get("maxdate")
        if asked.get("reldate").isdigit():
            low = (world.day.fromordinal(world.day.toordinal() - int(asked.get("reldate")))).isoformat()
            high = world.day.isoformat()
        # NLM asks for both; one alone is ignored.
        return within(world, name, low, high) if low and high else set(world.papers)

    # ------------------------------------------------------------------ epost, efetch, einfo

    def epost(self, world: World, asked: Asked) -> Answer:
        """Put a list of records on the history server."""
        tokens = re.split(r"[,\s]+", asked.get("id").strip(", "))
        ids = tuple(token for token in tokens if token.isdigit() and token in world.papers)
        unknown = [token for token in tokens if token.isdigit() and token not in world.papers]
        strange = any(token and not token.isdigit() for token in tokens)
        invalid = (
            f"<InvalidIdList>{''.join(f'<Id>{token}</Id>' for token in unknown)}</InvalidIdList>" if unknown else ""
        )
        error = "<ERROR>IDs contain invalid characters which was treated as delimiters.</ERROR>" if strange else ""
        if not ids and not unknown:
            return refuse(asked, "Empty ID list; Nothing to store", 400)
        key, webenv = self.history.keep(ids, asked.get("WebEnv")) if ids else ("", "")
        place = f"<QueryKey>{key}</QueryKey><WebEnv>{webenv}</WebEnv>" if ids else ""
        return Answer(body=f"{POST_HEAD}<ePostResult>{invalid}{place}{error}</ePostResult>\n".encode())

    def efetch(self, world: World, asked: Asked) -> Answer:
        """Return records: by number, or a part of a set on the history server."""
        start, size = number(asked, "retstart", 0), number(asked, "retmax", 10_000)
        if asked.get("WebEnv"):
            kept = self.history.get(asked.get("WebEnv"), asked.get("query_key", "1"))
            if start >= self.ceiling:
                reason = self.too_far().replace("\n", " ")
                return refuse(asked, f"Search backend cannot retrieve history data. Reason: {reason}", 400)
            wanted = kept[start : min(start + min(size, 10_000), self.ceiling)]
            if not wanted:
                return refuse(asked, "Empty result - nothing todo", 400)
        else:
            # Letters are dropped: the real service reads ABC123 as 123.
            numbers = (re.sub(r"\D", "", token).lstrip("0") for token in asked.get("id").split(","))
            wanted = tuple(number for number in numbers if number)[start : start + size]
            if not wanted:
                return refuse(asked, "ID list is empty! Possibly it has no correct IDs.", 400)
        ids = tuple(dict.fromkeys(pmid for pmid in wanted if pmid in world.papers))
        if asked.get("rettype") == "uilist":
            return Answer(body="".join(f"{pmid}\n" for pmid in ids).encode(), type=TEXT)
        if asked.get("retmode", "xml") != "xml":
            text = "".join(f"PMID- {pmid}\nTI  - {world.papers[pmid].text}\n\n" for pmid in ids)
            return Answer(body=text.encode(), type=TEXT)
        page = Page(ids=ids, by_number=True, full=True, stranger=stranger(wanted, world.pmids))
        return paged(page, lambda page: world.pubmed_xml(page.ids), XML, chunked=True)

    def einfo(self, world: World, asked: Asked) -> Answer:
        """Say which databases there are, or a little about one."""
        body = "<DbList><DbName>pubmed</DbName></DbList>"
        if asked.get("db"):
            about = f"<Count>{len(world.papers)}</Count><LastUpdate>{world.day:%Y/%m/%d} 04:00</LastUpdate>"
            names = "<DbName>pubmed</DbName><MenuName>PubMed</MenuName><Description>Invented</Description>"
            body = f"<DbInfo>{names}{about}</DbInfo>"
        return Answer(body=f"{INFO_HEAD}<eInfoResult>{body}</eInfoResult>\n".encode())


def _search_xml(page: Page, start: int, kept: tuple[str, str], found: Found, messages: list[str]) -> bytes:
    ids = "".join(f"<Id>{pmid}</Id>\n" for pmid in page.ids)
    place = f"<QueryKey>{kept[0]}</QueryKey><WebEnv>{kept[1]}</WebEnv>" if kept[0] else ""
    errors = "".join(f"<PhraseNotFound>{escape(text)}</PhraseNotFound>" for text in found.phrases_not_found)
    errors += "".join(f"<FieldNotFound>{escape(text)}</FieldNotFound>" for text in found.fields_not_found)
    warnings = "".join(
        f"<QuotedPhraseNotFound>{escape(text)}</QuotedPhraseNotFound>" for text in found.quoted_not_found
    )
    warnings += "".join(f"<OutputMessage>{escape(text)}</OutputMessage>" for text in messages)
    return (
        f"{SEARCH_HEAD}<eSearchResult><Count>{page.total}</Count><RetMax>{len(page.ids)}</RetMax>"
        f"<RetStart>{start}</RetStart>{place}<IdList>\n{ids}</IdList><TranslationSet/>"
        f"<QueryTranslation>{escape(found.translation)}</QueryTranslation>"
        + (f"<ErrorList>{errors}</ErrorList>" if errors else "")
        + (f"<WarningList>{warnings}</WarningList>" if warnings else "")
        + "</eSearchResult>\n"
    ).encode()


def _search_json(page: Page, start: int, kept: tuple[str, str], found: Found, messages: list[str]) -> bytes:
    result: dict[str, object] = {"count": str(page.total), "retmax": str(len(page.ids)), "retstart": str(start)}
    if kept[0]:
        result |= {"querykey": kept[0], "webenv": kept[1]}
    result |= {"idlist": list(page.ids), "translationset": [], "querytranslation": found.translation}
    if found.phrases_not_found or found.fields_not_found:
        result["errorlist"] = {"phrasesnotfound": found.phrases_not_found, "fieldsnotfound": found.fields_not_found}
    if found.quoted_not_found or messages:
        result["warninglist"] = {
            "phrasesignored": [],
            "quotedphrasesnotfound": found.quoted_not_found,
            "outputmessages": messages,
        }
    return dump({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result})
