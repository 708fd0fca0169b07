"""One parser of PubMed XML in a process of its own; started by :mod:`tests.benchmarks.parsers`.

Runs in the environment of that parser, so it imports nothing of ours at the top. The network is closed. Prints
one JSON object: with ``texts`` what the parser made of each file, with ``time`` seconds, records and memory.
"""

from __future__ import annotations

import json
import resource
import socket
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

#: A record as (number, title, main abstract).
Record = tuple[str, str, str]


def refuse(*_: Any, **__: Any) -> Any:
    """Stand in for every way to the network: a stored file must parse without."""
    raise OSError("the network is closed during this measurement")


def floor(path: Path) -> Iterator[Record]:
    """Walk over the file with lxml and take nothing out of it."""
    from lxml import etree

    for _, element in etree.iterparse(str(path)):
        if element.tag in ("PubmedArticle", "PubmedBookArticle", "MedlineCitation"):
            parent = element.getparent()
            if parent is None or parent.tag != "PubmedArticle":
                yield "", "", ""
                element.clear()


def ours(path: Path) -> Iterator[Record]:
    """Read with the parser of this project."""
    from ingest.parse.pubmed_xml import parse_articles
    from kb.records.article import Article

    with path.open("rb") as handle:
        for found in parse_articles(handle):
            if isinstance(found, Article):
                main = [part.body.text for one in found.abstracts if one.kind == "main" for part in one.sections]
                yield found.pmid, found.title.text, "\n".join(main)


def biopython(path: Path) -> Iterator[Record]:
    """Read with ``Bio.Entrez.read``, which returns everything at once."""
    with path.open("rb") as handle:
        read = import_module("Bio.Entrez").read(handle)
    citations = [*read.get("PubmedArticle", []), *read.get("PubmedBookArticle", [])] if isinstance(read, dict) else read
    if isinstance(read, dict) and "MedlineCitation" in read:
        citations = [read]
    for one in citations:
        record = one.get("MedlineCitation") or one.get("BookDocument") or one
        article = record.get("Article", record)
        texts = article.get("Abstract", {}).get("AbstractText", [])
        yield str(record.get("PMID", "")), str(article.get("ArticleTitle", "")), "\n".join(map(str, texts))


def pubmed_parser(path: Path) -> Iterator[Record]:
    """Read with ``pubmed_parser.parse_medline_xml``, which takes nothing but packed files."""
    parse = import_module("pubmed_parser").parse_medline_xml
    for one in parse(str(path), year_info_only=False, nlm_category=False, author_list=True):
        if not one.get("delete"):
            yield one.get("pmid") or "", one.get("title") or "", one.get("abstract") or ""


def metapub(path: Path) -> Iterator[Record]:
    """Read with ``metapub.PubMedArticle``, which takes one record at a time; the splitting is done for it."""
    kind = import_module("metapub").PubMedArticle
    for element in records_of(path):
        one = kind(b"<PubmedArticleSet>" + ET.tostring(element) + b"</PubmedArticleSet>")
        yield str(one.pmid or ""), str(one.title or ""), str(one.abstract or "")


def pymedx(path: Path) -> Iterator[Record]:
    """Read with the two record classes of pymedx, which take elements; the walk is the one of its own client."""
    article = import_module("pymedx.article").PubMedArticle
    book = import_module("pymedx.book").PubMedBookArticle
    root = import_module("lxml.etree").parse(str(path)).getroot()
    for name, kind in (("PubmedArticle", article), ("PubmedBookArticle", book)):
        for element in root.iter(name):
            one = kind(xml_element=element)
            number = str(getattr(one, "pubmed_id", "") or "").split("\n")[0]
            yield number, str(one.title or ""), str(one.abstract or "")


def records_of(path: Path) -> Iterator[ET.Element]:
    root = ET.parse(path).getroot()  # noqa: S314 - the files are trusted
    for element in [root] if root.tag == "PubmedArticle" else root:
        if element.tag in ("PubmedArticle", "PubmedBookArticle"):
            yield element


READERS: dict[str, Callable[[Path], Iterator[Record]]] = {
    reader.__name__: reader for reader in (floor, ours, biopython, pubmed_parser, metapub, pymedx)
}


def texts(reader: Callable[[Path], Iterator[Record]], paths: list[Path]) -> dict[str, Any]:
    """Return file → records, or the error the reader stopped with."""
    found: dict[str, Any] = {}
    for path in paths:
        try:
            found[path.name.removesuffix(".gz")] = list(reader(path))
        except (Exception, SystemExit) as error:  # whatever it is, it is what a user of that parser would see
            found[path.name.removesuffix(".gz")] = f"{type(error).__name__}: {error}"[:200]
    return found


def timed(reader: Callable[[Path], Iterator[Record]], paths: list[Path]) -> dict[str, Any]:
    """Return seconds, records and peak memory (MB) over the files the reader can read; a first one warms up."""
    texts(reader, paths[:1])
    seconds, records = 0.0, 0
    for path in paths:
        start = time.perf_counter()
        try:
            count = sum(1 for _ in reader(path))
        except (Exception, SystemExit):  # noqa: S112 - counted by the other run
            continue
        seconds += time.perf_counter() - start
        records += count
    return {"seconds": seconds, "records": records, "peak": peak()}


def peak() -> float:
    """Return the most memory of this process, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage begins with the peak of the process that started this one
        found = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(found.split()[1]) / 1024
    scale = 1024 if sys.platform != "darwin" else 1024 * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def main() -> None:
    """``parsers_peers.py READER texts|time FOLDER``."""
    reader, what, folder = READERS[sys.argv[1]], sys.argv[2], Path(sys.argv[3])
    sys.path[:] = [part for part in sys.path if part != str(Path(__file__).parent)]  # "parsers" is no package of theirs
    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.getaddrinfo = refuse
    out = sys.stdout
    sys.stdout = sys.stderr  # some parsers print
    paths = sorted(folder.iterdir())
    result = texts(reader, paths) if what == "texts" else timed(reader, paths)
    json.dump(result, out)


if __name__ == "__main__":
    main()
