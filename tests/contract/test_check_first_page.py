"""The first page, which stands beside the project: what `kb check` finds in it against what people wrote down."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kb.assess.claim import Assessor
from kb.check.checker import open_checker
from kb.check.read import read_page
from kb.store import connect
from tests.checking import compare
from tests.conftest import ROOT

SEED = ROOT.parent / "shared" / "seed"


@pytest.mark.shared
def test_the_first_page_is_read_as_people_read_it(built: Path) -> None:
    with connect(built) as db:
        checker = open_checker(db)
    documents = {document.sha256: document for document in checker.base.data.documents}
    pages = [path for path in sorted(SEED.glob("*.txt")) if hashlib.sha256(path.read_bytes()).hexdigest() in documents]
    if not pages:
        pytest.skip(f"no page of the register in {SEED}")
    for path in pages:
        page = read_page(path)
        document, assessor = documents[page.sha256], Assessor(checker.base)
        register = [(claim, assessor.assess(document, claim, ("US",))[0]) for claim in document.claims]
        found = compare(checker.check(page, "US"), register)
        told = "\n".join(found.misses)
        assert found.recall >= 0.95, told
        assert found.precision >= 0.90, told
        # Not yet equal everywhere; what differs is told when this falls.
        assert found.level_equal >= 0.90, told
        assert found.class_equal >= 0.92, told
