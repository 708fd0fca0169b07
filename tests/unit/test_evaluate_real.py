"""The real tagger and, where they are at hand, the real collections fit together with the evaluation."""

from __future__ import annotations

import pytest

from kb.evaluate.corpora import measure
from kb.evaluate.disputed import load_disputes
from kb.evaluate.gold import RecordCase
from kb.evaluate.load import load_tools
from kb.evaluate.metrics import Quality, Share
from kb.evaluate.records import answers, concepts
from kb.progress import Silent
from kb.tag.record import Heading
from tests.conftest import DATA, ROOT
from tests.unit.evaluating import FakeTagger, tools
from tests.unit.evaluating import concepts as vocabulary

VOCABULARY = vocabulary()
CORPORA = ROOT.parent / "shared" / "corpora"
REFERENCE = ROOT.parent / "shared" / "reference"


def test_the_real_parts_answer() -> None:
    real = load_tools(DATA, VOCABULARY)
    title = "A phase I trial of haploidentical natural killer cells in children with acute myeloid leukemia"
    case = RecordCase(id="r1", title=title, expect={"relevant": True})
    (answer,) = answers("records", [case], real, Silent())
    assert answer.tagged.relevant
    assert concepts(answer.tagged, "indication") == {"aml"}
    found, doses = real.read("Five of 9 patients (55.6%) responded. Patients received 1 × 10^6 NK cells/kg.")
    assert [one.n for one in found] == [5]
    assert [one.low for one in doses] == [1e6]
    verdict = real.judge.judge(
        "Survival was longer with NK cells than without (P = 0.01).", "survival", "NK cells", "none"
    )
    assert verdict.change == "increased"
    assert real.for_patient("survival", "increased") == "better"
    assert real.assertion("no NK cells were given", 3, 5) == "absent"
    assert ("indication", "aml") in real.concepts_of(Heading("Leukemia, Myeloid, Acute"))


@pytest.mark.shared
@pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora lie beside the project only where it is developed")
def test_the_real_collections_have_the_shape_we_read() -> None:
    sheets, inputs = measure(CORPORA, REFERENCE, tools(FakeTagger()), VOCABULARY, DATA, load_disputes(DATA), Silent())
    assert len(inputs) == 6
    relevance, phase, indication, direction, trials = sheets
    figure = phase.lines[0].figure
    assert isinstance(figure, Quality)
    assert figure.cases == 729
    assert figure.recall.of > 200
    assert isinstance(relevance.lines[0].figure, Quality)
    assert relevance.lines[0].figure.recall == Share(0, 6)
    assert indication.lines
    asked = direction.lines[0].figure
    assert isinstance(asked, Share)
    assert asked.of > 1000
    found, *_, killer = trials.lines
    assert found.figure == Share(0, 356)
    assert found.without == Share(0, 353)
    assert killer.figure == Share(35, 35)
