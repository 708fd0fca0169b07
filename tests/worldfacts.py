"""Reviewed facts about the double's world: a few invented publications and registrations, for builds over it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path

from kb.dataset import TRIAL_COLUMNS
from tests.doubles.library import World

ROOT = Path(__file__).resolve().parent.parent

_STUDY = """id: PMID:{pmid}
pmid: '{pmid}'
title: Invented publication {pmid}
year: 2020
evidence_kind: human
design: single-arm
phase: PHASE2
n_enrolled: 10
integrity: {integrity}
read: whole
finding: An invented finding in 10 invented people.
source: https://pubmed.ncbi.nlm.nih.gov/{pmid}/
retrieved: '2020-06-01'
checked: abstract
keys:
- name: main
  cell_type: [nk]
  cell_source: [autologous]
  expansion: [ex-vivo-expanded]
  engineering: [not-engineered]
  indication: [aml]
  setting: [relapsed-refractory]
  combination: [alone]
  active_disease: true
  n: 10
  findings:
  - endpoint: complete remission
    outcome: response
    n: 3
    n_total: 10
    n_basis: enrolled
    gain: true
"""

_CLAIM = """id: leaflet
title: An invented leaflet
kind: leaflet
sha256: {sha}
line_count: 3
retrieved: '2026-11-23'
sold: {{cell_type: [nk], cell_source: [autologous], expansion: [ex-vivo-expanded], engineering: [not-engineered]}}
sold_basis: 'line 1'
names_authorised_product: false
reference_list: false
coverage: Whole leaflet.
claims:
- id: leaflet#c001
  section: Claims
  line_start: 1
  line_end: 1
  statement: Expanded autologous NK cells bring remissions in acute myeloid leukaemia.
  claim_type: efficacy
  subject: class
  wording: asserted
  outcome: response
  axes: {{cell_type: [nk], cell_source: [autologous], indication: [aml]}}
"""


def facts(
    folder: Path,
    world: World,
    pmids: Sequence[str] = (),
    ncts: Sequence[str] = (),
    standing: Sequence[tuple[str, str]] = (),
    integrity: str = "unchecked",
) -> Path:
    """Write a data directory: our vocabulary and rules, and invented records of the double's world.

    Args:
        folder: where.
        world: what the services hold.
        pmids: publications on file.
        ncts: registrations on file, with a status that the world will outdate.
        standing: (source, query) of standing searches.
        integrity: state of the publications, as reviewed.
    """
    data = folder / "data"
    shutil.copytree(ROOT / "data" / "vocabulary", data / "vocabulary")
    shutil.copytree(ROOT / "data" / "rules", data / "rules")
    shutil.copy(ROOT / "data" / "build.yml", data / "build.yml")
    (data / "studies").mkdir()
    (data / "claims").mkdir()
    (data / "claims" / "leaflet.yml").write_text(_CLAIM.format(sha="0" * 64), encoding="utf-8")
    for pmid in pmids:
        (data / "studies" / f"invented{pmid}.yml").write_text(
            _STUDY.format(pmid=pmid, integrity=integrity), encoding="utf-8"
        )
    with (data / "trials.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, TRIAL_COLUMNS, lineterminator="\n")
        writer.writeheader()
        for nct in sorted(ncts):
            writer.writerow(
                {
                    "id": nct,
                    "registry": "ClinicalTrials.gov",
                    "title": "Invented registration",
                    "title_kind": "description",
                    "phase": "PHASE1",
                    "status": "RECRUITING",
                    "status_raw": "Recruiting",
                    "status_date": "2020-01-01",
                    "enrollment": "77777",
                    "cell_type": "nk",
                    "indication": "aml",
                    "is_nk_therapy": "true",
                    "source": f"https://clinicaltrials.gov/study/{nct}",
                    "retrieved": "2020-01-01",
                    "checked": "registry",
                }
            )
    (data / "approvals.yml").write_text("approvals: []\nabsences: []\n", encoding="utf-8")
    (data / "access.yml").write_text("access_routes: []\n", encoding="utf-8")
    (data / "safety.yml").write_text("safety_events: []\n", encoding="utf-8")
    rows = "".join(
        f"- {{id: STA-{number}, source: {source}, query: '{query}', covers: a test, since: '2026-11-23'}}\n"
        for number, (source, query) in enumerate(standing, 1)
    )
    (data / "searches.yml").write_text(
        ("standing:\n" + rows if rows else "standing: []\n") + "searches: []\n", encoding="utf-8"
    )
    return data
