"""Every source the program knows, and how to reach it politely."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ingest.errors import IngestError
from ingest.pacer import Pacer
from ingest.services import baseline, clinicaltrials, europepmc, pubmed, retraction_watch
from ingest.source import Source
from ingest.transport import Http, Patience, sleeper

TOOL = "nk-evidence-kb"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where services are, who asks, and how patiently.

    Attributes:
        email: whom a service may write to; NCBI asks for it.
        api_key: NCBI's key: 10 requests a second instead of 3.
        places: source → other address (a mirror, a proxy, a test double), from ``KB_<SOURCE>_URL``.
        patience: how long to go on.
    """

    email: str = ""
    api_key: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)

    @classmethod
    def from_environment(cls, email: str = "", api_key: str = "") -> Settings:
        """Read ``NCBI_EMAIL``, ``NCBI_API_KEY`` and ``KB_<SOURCE>_URL``; what is given here comes first."""
        places = {name: os.environ[key] for name in NAMES if (key := f"KB_{name.upper()}_URL") in os.environ}
        return cls(
            email or os.environ.get("NCBI_EMAIL", ""),
            api_key or os.environ.get("NCBI_API_KEY", ""),
            places,
            _patience(),
        )


def _patience() -> Patience:
    """Return the usual patience, or that of ``KB_PATIENCE``: ``tries,first,longest,read`` (seconds)."""
    said = os.environ.get("KB_PATIENCE", "")
    if not said:
        return Patience()
    try:
        tries, first, longest, read = said.split(",")
        return Patience(tries=int(tries), first=float(first), longest=float(longest), read=float(read))
    except ValueError:
        raise ValueError(f"KB_PATIENCE={said}: write tries,first,longest,read (seconds), such as 8,1,90,60") from None


#: Names of the sources, as the raw store has them.
NAMES = ("pubmed", "clinicaltrials", "europepmc", "retraction_watch", "baseline")


def make(name: str, settings: Settings, etag: str = "", place: str = "") -> Source:
    """Return a source.

    Args:
        name: one of :data:`NAMES`.
        settings: where it is.
        etag: of the file that is here already, for sources that are one file.
        place: folder or address, for whole PubMed files.
    """
    at = settings.places.get(name, "")
    makers: dict[str, Callable[[], Source]] = {
        "pubmed": lambda: pubmed.PubMed(at or pubmed.EUTILS),
        "clinicaltrials": lambda: clinicaltrials.ClinicalTrials(at or clinicaltrials.API),
        "europepmc": lambda: europepmc.EuropePmc(at or europepmc.REST),
        "retraction_watch": lambda: retraction_watch.RetractionWatch(at or retraction_watch.CSV, etag),
        "baseline": lambda: baseline.Baseline(place or at or baseline.BASELINE),
    }
    return makers[name]()


def parsers() -> dict[str, Source]:
    """Return every source, to parse what is stored; none of them is asked anything."""
    return {name: make(name, Settings()) for name in NAMES}


def _rate(place: str, rate: float) -> float:
    """Return the rate to ask at: the service's own, or ``KB_RATE`` for a service on this very machine."""
    here = urlsplit(place).hostname in ("127.0.0.1", "localhost", "::1")
    said = os.environ.get("KB_RATE", "")
    if not here or not said:
        return rate
    try:
        if float(said) > 0:
            return float(said)
        raise ValueError
    except ValueError:
        raise IngestError(f"KB_RATE={said}: write requests a second, such as 50") from None


def http(
    name: str, settings: Settings, stopping: threading.Event, note: Callable[[str], None], pacer: Pacer | None = None
) -> Http:
    """Return the way to ask a source: its rate (going on with ``pacer``, when one is given) and its manners."""
    rates = {
        "pubmed": pubmed.RATE_WITH_KEY if settings.api_key else pubmed.RATE,
        "clinicaltrials": clinicaltrials.RATE,
        "europepmc": europepmc.RATE,
        "retraction_watch": retraction_watch.RATE,
        "baseline": baseline.RATE,
    }
    says = {"tool": TOOL, "email": settings.email, "api_key": settings.api_key} if name == "pubmed" else {}
    pacer = pacer or Pacer(_rate(settings.places.get(name, ""), rates[name]))
    pacer.use(sleeper(stopping))
    return Http(pacer, {key: value for key, value in says.items() if value}, settings.patience, stopping, note)
