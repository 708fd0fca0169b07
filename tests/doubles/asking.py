"""Short ways to ask a double, for tests."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from lxml import etree

from tests.doubles.faults import Faults, Rule
from tests.doubles.library import World
from tests.doubles.server import Double

WORLD = World.make(1)
WANTED = WORLD.pmids[:8]
WHO = {"tool": "test", "email": "nobody@example.org"}


def quick(timeout: float = 5) -> httpx.Client:
    """Return a client that never needs a certificate, so that none are loaded: half of its price."""
    return httpx.Client(timeout=timeout, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


def pmids(xml: bytes) -> list[str]:
    """Return the PMIDs of a ``PubmedArticleSet``, in order."""
    return [str(number.text) for number in etree.fromstring(xml).iterfind("./*/*/PMID")]


def ncts(answer: httpx.Response) -> list[str]:
    """Return the registration numbers of a page of studies."""
    return [study["protocolSection"]["identificationModule"]["nctId"] for study in answer.json()["studies"]]


class Ask:
    """Asks one double with one client."""

    def __init__(self, double: Double, client: httpx.Client) -> None:
        self.double, self.client = double, client

    def search(self, term: str, **more: Any) -> Any:
        """esearch in JSON, read leniently as its errors demand."""
        params = {"db": "pubmed", "retmode": "json", "term": term, **WHO, **more}
        answer = self.client.get(f"{self.double.eutils}/esearch.fcgi", params=params)
        assert answer.status_code == 200, answer.text
        return json.loads(answer.text, strict=False)["esearchresult"]

    def tool(self, name: str, **params: Any) -> httpx.Response:
        """Post to one of the E-utilities."""
        return self.client.post(f"{self.double.eutils}/{name}.fcgi", data={"db": "pubmed", **WHO, **params})

    def fetch(self, *numbers: str) -> httpx.Response:
        """efetch of some records."""
        return self.tool("efetch", id=",".join(numbers), retmode="xml")

    def studies(self, **params: Any) -> httpx.Response:
        """Ask for registrations; two underscores in a name stand for a dot."""
        named = {name.replace("__", "."): value for name, value in params.items()}
        return self.client.get(f"{self.double.ctgov}/studies", params=named)

    def epmc(self, **params: Any) -> Any:
        """Ask Europe PMC."""
        return self.client.get(f"{self.double.europepmc}/search", params={"format": "json", **params}).json()


@contextmanager
def asking(*rules: Rule, timeout: float = 5) -> Iterator[Ask]:
    """A double with these faults, and a client that asks it."""
    with Double(WORLD, Faults(7, rules)) as double, quick(timeout) as client:
        yield Ask(double, client)


@contextmanager
def one(kind: str, *, timeout: float = 5, **rule: Any) -> Iterator[Ask]:
    """One fault, once; afterwards the log must show it, and the next request must be answered well."""
    with asking(Rule(kind, **rule), timeout=timeout) as ask:
        yield ask
        assert [seen.fault for seen in ask.double.seen if seen.fault] == [kind]
        assert ask.double.faults.fired == [1]
        assert ask.double.faults.spent
        assert ask.fetch(*WANTED).content == WORLD.pubmed_xml(WANTED)
