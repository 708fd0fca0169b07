"""The parser of this project beside four others on the same real files; writes ``docs/parsers.md``.

Every peer is installed from the package index into an environment of its own, which is thrown away, and
runs in a process of its own with a time limit and without a network. What is right is an independent walk
over the same files with the standard library.

Run: ``python -m tests.benchmarks.parsers FOLDER``, where FOLDER holds PubMed XML, plain or packed.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import unicodedata
import venv
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ingest.parse.inflate import opened

ROOT = Path(__file__).resolve().parents[2]
WORKER = Path(__file__).with_name("parsers_peers.py")
OUT = ROOT / "docs" / "parsers.md"
#: Name of the reader → what to install for it.
PEERS = {"biopython": "biopython", "pubmed_parser": "pubmed_parser", "metapub": "metapub", "pymedx": "pymedx"}
#: These read nothing but files packed with gzip.
PACKED = {"pubmed_parser"}
TITLES = {"ours": "this project", "biopython": "Biopython `Entrez.read`"}
RUNS = 3
LIMIT = 600  # seconds of one process
COPIES = 6  # of every record, in the one large file that memory is measured on
HEAD = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)
#: An invented record that is valid by NLM's DTD, with a dose in its title.
DOSE = (
    '<PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">1</PMID>'
    '<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Print"><PubDate><Year>2031</Year></PubDate>'
    "</JournalIssue></Journal><ArticleTitle>A dose of 10<sup>9</sup> cells.</ArticleTitle>"
    "<Pagination><MedlinePgn>1</MedlinePgn></Pagination>"
    "<Abstract><AbstractText>A dose of 10<sup>9</sup> cells.</AbstractText></Abstract><Language>eng</Language>"
    '<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList>'
    "</Article><MedlineJournalInfo><MedlineTA>J</MedlineTA></MedlineJournalInfo></MedlineCitation><PubmedData>"
    '<PublicationStatus>ppublish</PublicationStatus><ArticleIdList><ArticleId IdType="pubmed">1</ArticleId>'
    "</ArticleIdList></PubmedData></PubmedArticle></PubmedArticleSet>"
)
TAGS = re.compile(r"</?(?:i|b|u|sup|sub|mml:\w+|DispFormula|math|m\w+)(?:\s[^<>]*)?/?>")


@dataclass
class Expected:
    """A record as the standard library reads it."""

    number: str
    title: str
    sections: list[str]


@dataclass
class Row:
    """What one parser did.

    Attributes:
        version: of the package, or why there is none.
        crashed: errors by kind, with the number of files.
        rates: records a second, one for each run.
        floors: the same of the bare walk beside it.
        peak: MB on the large file, 0 when it did not get through.
    """

    name: str
    version: str
    crashed: dict[str, int] = field(default_factory=dict)
    files: int = 0
    records: int = 0
    titles: int = 0
    altered: int = 0
    lost: int = 0
    exponent: str = ""
    rates: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    peak: float = 0.0
    note: str = ""


# ---------------------------------------------------------------------------- what is right


def told(element: ET.Element | None) -> str:
    """Return the text of an element, prescripts of MathML before their base as they are shown."""
    if element is None:
        return ""
    for scripts in [one for one in element.iter() if one.tag.endswith("mmultiscripts")]:
        split = next((i for i, child in enumerate(scripts) if child.tag.endswith("mprescripts")), None)
        if split is not None:
            children = list(scripts)
            scripts[:] = [*children[split + 1 :], *children[:1], *children[1:split]]
    return "".join(element.itertext())


def folded(text: str) -> str:
    """Return the letters alone: no white space, no marks of scripts, one kind of dash and quotation mark."""
    text = unicodedata.normalize("NFKD", text).replace("\u0307", ".")
    return re.sub(r"[\s^_()]", "", re.sub("[‐‑‒–—−]", "-", text))


def expected(path: Path) -> Iterator[Expected]:
    """Yield every record of a file."""
    root = ET.parse(path).getroot()  # noqa: S314 - the corpus is trusted
    names = ("PubmedArticle", "PubmedBookArticle", "MedlineCitation")
    for record in [root] if root.tag in names else [child for child in root if child.tag in names]:
        number = record.findtext("MedlineCitation/PMID") or record.findtext("BookDocument/PMID") or ""
        number = number or record.findtext("PMID") or record.findtext("PubmedData/ArticleIdList/ArticleId") or ""
        holder = (
            record.find("BookDocument") if record.tag == "PubmedBookArticle" else next(record.iter("Article"), None)
        )
        if holder is None:
            yield Expected(number, "", [])
            continue
        sections = [folded(told(text)) for text in holder.findall("Abstract/AbstractText")]
        yield Expected(number, folded(told(holder.find("ArticleTitle"))), [one for one in sections if one])


def same_somehow(text: str) -> list[str]:
    """Return what a parser's text may mean: as it is, without markup it kept, with HTML's names resolved."""
    bare = TAGS.sub("", text)
    return [folded(text), folded(bare), folded(html.unescape(bare))]


def compare(row: Row, right: dict[str, list[Expected]], got: dict[str, Any]) -> None:
    """Count in a row what a parser crashed on, lost and altered."""
    for name, records in right.items():
        found = got.get(name, "no answer")
        if isinstance(found, str):
            kind = found.split(":")[0]
            row.crashed[kind] = row.crashed.get(kind, 0) + 1
            continue
        row.files += 1
        known: dict[str, list[tuple[str, str]]] = {}
        for number, title, abstract in found:
            known.setdefault(str(number), []).append((title, abstract))
        for record in records:
            if not known.get(record.number):
                continue
            row.records += 1
            title, abstract = known[record.number].pop(0)  # several versions of one number are told by their order
            row.titles += record.title not in same_somehow(title)
            forms = same_somehow(abstract)
            for section in record.sections:
                if any(section in form for form in forms):
                    continue
                ends = (section[:24], section[-24:])
                gone = not any(end in form for end in ends for form in forms)
                row.lost += gone
                row.altered += not gone


def exponent(got: Any) -> str:
    """Say what became of ``10<sup>9</sup>`` in a title."""
    if not isinstance(got, list) or not got:
        return "not read"
    title = str(got[0][1])
    for form, said in (
        ("10⁹", "yes (10⁹)"),
        ("10^9", "yes (10^9)"),
        ("10<sup>9</sup>", "as markup"),
        ("109", "**no (109)**"),
    ):
        if form in title:
            return said
    return f"no ({title[:24]!r})"


# ---------------------------------------------------------------------------- running


def install(package: str, folder: Path) -> tuple[Path, str]:
    """Make an environment and return its interpreter and the package's version."""
    home = folder / f"env-{package}"
    venv.create(home, with_pip=True)
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    # Some of them forget that setuptools is no longer part of every environment.
    done = subprocess.run([*pip, "install", package, "setuptools<81"], capture_output=True, text=True, timeout=LIMIT)
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["pip failed"])[-1][:120])
    code = f"from importlib.metadata import version; print(version({package!r}))"
    return python, subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def run(python: Path, reader: str, what: str, files: Path, home: Path) -> dict[str, Any]:
    """Run a reader in its own process and return what it printed."""
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "PYTHONWARNINGS": "ignore"}
    if reader in ("ours", "floor"):
        environment["PYTHONPATH"] = str(ROOT)
    folder = files.with_name(files.name + "-packed") if reader in PACKED else files
    command = [str(python), str(WORKER), reader, what, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, env=environment, cwd=home)
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["it died"])[-1][:120])
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def measure(
    row: Row, python: Path, folders: tuple[Path, Path, Path], right: dict[str, list[Expected]], home: Path
) -> None:
    """Fill a row: correctness once, speed beside the bare walk, memory on the large file."""
    files, large, trap = folders
    compare(row, right, run(python, row.name, "texts", files, home))
    row.exponent = exponent(run(python, row.name, "texts", trap, home).get("dose.xml"))
    for _ in range(RUNS):
        bare = run(Path(sys.executable), "floor", "time", files, home)
        mine = run(python, row.name, "time", files, home)
        row.floors.append(bare["records"] / bare["seconds"])
        row.rates.append(mine["records"] / mine["seconds"] if mine["seconds"] else 0.0)
    result = run(python, row.name, "time", large, home)
    row.peak = result["peak"] if result["records"] else 0.0


def prepare(corpus: Path, folder: Path) -> tuple[Path, Path, Path, int]:
    """Lay out plain copies of every XML file, one large file, and the invented record; return the bytes too."""
    files, large, trap = (folder / name for name in ("files", "large", "trap"))
    for made in (files, large, trap):
        made.mkdir()
    records: list[bytes] = []
    size = 0
    for path in sorted(corpus.rglob("*")):
        if path.suffix not in (".xml", ".gz") or not path.is_file():
            continue
        with path.open("rb") as handle:
            data = opened(handle).read()
        size += len(data)
        name = "__".join(path.relative_to(corpus).parts).removesuffix(".gz")
        (files / name).write_bytes(data)
        records += re.findall(rb"<PubmedArticle>.*?</PubmedArticle>", data, re.DOTALL)
    body = b"\n".join(records * COPIES)
    (large / "large.xml").write_bytes(HEAD.encode() + b"<PubmedArticleSet>" + body + b"</PubmedArticleSet>")
    (trap / "dose.xml").write_text(HEAD + DOSE, encoding="utf-8")
    for made in (files, large, trap):
        packed = made.with_name(made.name + "-packed")
        packed.mkdir()
        for path in made.iterdir():
            (packed / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 1))
    return files, large, trap, size


# ---------------------------------------------------------------------------- the page


def ratio(row: Row) -> str:
    """Return the median of the ratios to the bare walk of the same round."""
    pairs = [rate / floor for rate, floor in zip(row.rates, row.floors, strict=True) if floor]
    return f"{statistics.median(pairs):.2f}" if pairs and any(pairs) else "–"


def page(rows: list[Row], right: dict[str, list[Expected]], size: int, floor: float) -> str:
    """Return the text of ``docs/parsers.md``."""
    records = [record for found in right.values() for record in found]
    sections = sum(len(record.sections) for record in records)
    lines = [
        "# PubMed parsers on the same files",
        "",
        f"Measured on {date.today():%Y-%m-%d} with `python -m tests.benchmarks.parsers FOLDER` "
        f"(Python {sys.version_info.major}.{sys.version_info.minor}). "
        f"The corpus is {len(right)} files with {len(records):,} real PubMed records (DTDs of 2016 to 2025, "
        f"{size / 2**20:.0f} MB unpacked, {sections:,} sections of main abstracts); it is not part of the repository. "
        "Every parser ran in its own environment and process, without a network, on unpacked files.",
        "",
        f"| | {' | '.join(TITLES.get(row.name, row.name) for row in rows)} |",
        f"|---|{'---|' * len(rows)}",
    ]

    def line(title: str, cells: list[str]) -> None:
        lines.append(f"| {title} | {' | '.join(cells)} |")

    ran = [not row.note for row in rows]

    def counted(values: list[int | str]) -> list[str]:
        return [str(value) if good else "–" for value, good in zip(values, ran, strict=True)]

    line("version", [row.version for row in rows])
    line("files that raised an error", counted([sum(row.crashed.values()) for row in rows]))
    line(f"records found, of {len(records):,}", counted([f"{row.records:,}" for row in rows]))
    line("of these: titles whose letters differ", counted([row.titles for row in rows]))
    line("of these: sections lost", counted([row.lost for row in rows]))
    line("of these: sections whose letters differ", counted([row.altered for row in rows]))
    line("`10<sup>9</sup>` stays 10⁹", counted([row.exponent for row in rows]))
    line("speed, × a bare walk of lxml", [ratio(row) for row in rows])
    line("memory on one large file, × a bare walk", [f"{row.peak / floor:.1f}" if row.peak else "–" for row in rows])
    lines += ["", "How to read it", ""]
    lines += [f"- {note}" for note in notes(rows)]
    return "\n".join(lines) + "\n"


def notes(rows: list[Row]) -> Iterator[str]:
    """Yield what the table cannot say."""
    yield (
        "Letters are compared after folding compatibility forms and dashes and dropping white space, brackets and "
        "our marks `^` and `_`; markup that a parser kept is taken off first, so keeping it costs nothing here. "
        "A raised number that was glued to its base is therefore no difference in letters: that is the row of 10⁹."
    )
    yield (
        "A section is lost when neither its beginning nor its end is in the parser's abstract, and differs when "
        "only one is. Records are found when one of the same PMID comes out of the same file. Abstracts in other "
        "languages or of other kinds are not counted."
    )
    yield (
        f"Speed is records a second over the files that the parser can read, divided by that of "
        f"`lxml.etree.iterparse` over the same files taking nothing out, the median of {RUNS} interleaved runs. "
        "Parsers extract different amounts: this project every field, metapub and pymedx a few dozen, and "
        "pubmed_parser about twenty. Memory is the peak of the whole process on one file of some thousand "
        "records; a parser that returns everything at once grows with the file, and a dash means that it stopped "
        "at a record it could not read."
    )
    yield (
        "metapub takes one record at a time, so files were split for it; pubmed_parser takes nothing but gzip; the "
        "time for splitting and unpacking counts. The largest file is a MedlineCitationSet, the format of 2016 and "
        "before, which metapub, pubmed_parser and pymedx were not made for: its records are most of what they miss."
    )
    for row in rows:
        if row.crashed:
            kinds = ", ".join(f"{count} × {kind}" for kind, count in sorted(row.crashed.items()))
            yield f"{TITLES.get(row.name, row.name)} raised: {kinds}."
        if row.note:
            yield f"{TITLES.get(row.name, row.name)} could not be run: {row.note}"
    best = [row for row in rows if not row.note and any(row.rates)]
    mine = next(row for row in best if row.name == "ours")
    faster = [row.name for row in best if row is not mine and float(ratio(row)) > float(ratio(mine))]
    leaner = [row.name for row in best if row is not mine and 0 < row.peak < mine.peak]
    yield f"Faster than this project here: {', '.join(faster) or 'none'}. Less memory: {', '.join(leaner) or 'none'}."


def main() -> None:
    """Measure and write the page."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path, help="PubMed XML files, plain or packed with gzip")
    arguments.add_argument("--out", type=Path, default=OUT)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        files, large, trap, size = prepare(chosen.folder, home)
        right = {path.name: list(expected(path)) for path in sorted(files.iterdir())}
        rows = [Row("ours", "this commit")]
        measure(rows[0], Path(sys.executable), (files, large, trap), right, home)
        floor = run(Path(sys.executable), "floor", "time", large, home)["peak"]
        for peer, package in PEERS.items():
            row = Row(peer, "–")
            rows.append(row)
            print(f"{peer} …", flush=True)
            try:
                python, row.version = install(package, home)
                measure(row, python, (files, large, trap), right, home)
            except (RuntimeError, subprocess.SubprocessError) as error:
                row.note = str(error).replace(name, "FOLDER")[:160]
        chosen.out.write_text(page(rows, right, size, floor), encoding="utf-8")
    print(chosen.out.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
