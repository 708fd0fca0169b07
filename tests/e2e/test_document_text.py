"""Where the checked document itself is at hand: the fingerprint is right and its words are not ours."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from kb.dataset import Dataset
from tests.conftest import ROOT

SEED = ROOT.parent / "shared" / "seed"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not SEED.is_dir(), reason="the checked document's text lies beside the project only where it is developed"
    ),
]


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9α-ω+-]+", text.lower())


def documents() -> dict[str, Path]:
    return {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in SEED.glob("*.txt")}


def test_every_document_is_the_one_its_fingerprint_names(data: Dataset) -> None:
    texts = documents()
    for document in data.documents:
        assert document.sha256 in texts
        assert len(texts[document.sha256].read_text(encoding="utf-8").splitlines()) == document.line_count


def test_no_claim_repeats_the_documents_own_words(data: Dataset) -> None:
    texts = documents()
    for document in data.documents:
        source = words(texts[document.sha256].read_text(encoding="utf-8"))
        runs = {tuple(source[i : i + 8]) for i in range(len(source) - 7)}
        for claim in document.claims:
            ours = words(claim.statement)
            shared = [ours[i : i + 8] for i in range(len(ours) - 7) if tuple(ours[i : i + 8]) in runs]
            assert not shared, (claim.id, shared)
