"""Where the corpora are at hand: the registry numbers other people listed are found in real records, and no others."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import Counter, defaultdict
from typing import Any

import pytest

from kb.identifiers import find, malformed, normalise
from tests.conftest import ROOT

CORPORA = ROOT.parent / "shared" / "corpora"
REFERENCE = ROOT.parent / "shared" / "reference"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora lie beside the project only where it is developed"),
]


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    with gzip.open(CORPORA / "tagger_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def text_of(record: dict[str, Any]) -> str:
    return f"{record['title']}\n{record['abstract'] or ''}"


@pytest.mark.parametrize(
    ("name", "least"), [("pmid_nct_links.csv", 800), ("trials.csv", 380), ("trial_decoys.csv", 160)]
)
def test_every_listed_number_is_its_own_canonical_form(name: str, least: int) -> None:
    listed = [row["nct_id"] for row in rows(name)]
    assert len(listed) > least
    assert [number for number in listed if getattr(normalise(number), "id", None) != number] == []


def test_every_listed_number_that_an_abstract_prints_is_found_there(records: list[dict[str, Any]]) -> None:
    links = defaultdict(set)
    for row in rows("pmid_nct_links.csv"):
        links[row["pmid"]].add(row["nct_id"])
    printed = 0
    missed = set()
    for record in records:
        found = {one.id for one in find(text_of(record))}
        digits = re.sub(r"\D", " ", text_of(record)).split()
        listed = [number for number in links[str(record["pmid"])] if number[3:] in digits]
        printed += len(listed)
        missed |= {str(record["pmid"]) for number in listed if number not in found}
    assert printed > 200
    # One abstract lists bare numbers, four of them misprinted, after a single "clinicaltrials.gov identifiers".
    assert missed == {"25527568"}


def test_nothing_is_found_that_a_reader_would_not_find(records: list[dict[str, Any]]) -> None:
    """All finds but the plain NCT numbers were read by eye once; there are few enough to count."""
    count: Counter[str] = Counter()
    for record in records:
        text = text_of(record)
        plain = re.findall(r"(?:NCT|gov[: ]*identifier[: ]*)(\d{8})(?!\d)", text, re.IGNORECASE)
        found = find(text)
        count.update(one.registry for one in found)
        assert [one.id[3:] for one in found if one.registry == "ClinicalTrials.gov"] == plain, record["pmid"]
    assert count.pop("ClinicalTrials.gov") > 200
    assert count == {"EudraCT": 7, "ISRCTN": 6, "UMIN-CTR": 3, "CTRI": 2, "ANZCTR": 1}


def test_the_misprinted_numbers_are_named(records: list[dict[str, Any]]) -> None:
    bad = {(str(record["pmid"]), one.text) for record in records for one in malformed(text_of(record))}
    assert bad == {
        ("25142189", "ACTRN012605000095662"),
        ("21873548", "NCT000707174"),
        ("25527568", "clinicaltrials.gov identifiers: 014343329"),
    }


def test_accession_numbers_of_pubmed_are_registrations_or_not() -> None:
    """What PubMed itself files under a data bank: each registration is read, no gene or file is."""
    banks = re.compile(rb"<DataBankName>([^<]+)</DataBankName>(.*?)</DataBank>", re.DOTALL)
    registers = {"ClinicalTrials.gov", "ISRCTN", "EudraCT"}
    seen: Counter[bool] = Counter()
    for path in (CORPORA / "pubmed_xml").rglob("*.*"):
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for bank, numbers in banks.findall(body):
            for number in re.findall(rb"<AccessionNumber>([^<]+)<", numbers):
                found = normalise(number.decode(), bank.decode())
                assert (found is not None) == (bank.decode() in registers), (bank, number)
                assert found is None or found.registry == bank.decode()
                seen[found is not None] += 1
    assert seen[True] >= 10
    assert seen[False] >= 50
