"""Names of endpoints and harms, and the table they come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import DataError
from kb.tag.endpoints import Endpoints, load_endpoints
from kb.vocabulary import Vocabulary
from tests.conftest import DATA


@pytest.fixture(scope="module")
def endpoints(vocabulary: Vocabulary) -> Endpoints:
    return load_endpoints(DATA, vocabulary)


def found(endpoints: Endpoints, text: str) -> list[tuple[str, str]]:
    return [(name.text, name.endpoint.event or name.endpoint.outcome) for name in endpoints.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Progression-free survival", [("Progression-free survival", "survival")]),
        ("event free survival", [("event free survival", "survival")]),
        ("disease-free survival", [("disease-free survival", "relapse")]),
        ("complete remissions", [("complete remissions", "response")]),
        ("CRs were seen", [("CRs", "response")]),
        ("graft versus host disease", [("graft versus host disease", "gvhd")]),
        ("Cytokine-release syndrome", [("Cytokine-release syndrome", "crs")]),
        ("febrile neutropenia", [("febrile neutropenia", "cytopenia")]),
        ("treatment-related mortality", [("treatment-related mortality", "death")]),
        ("treatment-related deaths", [("treatment-related deaths", "death")]),
        ("TRM", [("TRM", "death")]),
        ("MLFS rate", [("MLFS", "response")]),
        ("tumour regression", [("tumour regression", "response")]),
        ("quality of life", [("quality of life", "symptom_function")]),
    ],
)
def test_names(endpoints: Endpoints, text: str, expected: list[tuple[str, str]]) -> None:
    assert found(endpoints, text) == expected


@pytest.mark.parametrize(
    "text",
    ["anti-PD-1 antibody", "PD-L1", "cr levels", "immune response", "cell death", "os", "Pressure", "sdr", "CR1"],
)
def test_no_names(endpoints: Endpoints, text: str) -> None:
    assert found(endpoints, text) == []


HEADER = "id\toutcome\tgood\tnames\tnot\n"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("os\tnonsense\tmore\tOS\t\n", "no outcome"),
        ("os\tsurvival\tup\tOS\t\n", "more, less or empty"),
        ("os\tsurvival\tmore\t\t\n", "needs names"),
        ("os\tsurvival\tmore\tOS\t\nos\tsurvival\tmore\tPFS\t\n", "an id of its own"),
        ("os\tsurvival\tmore\tOS\t\npfs\tsurvival\tmore\tPFS; OS\t\n", "'OS' is a name of 'os' already"),
        ("os\tsurvival\tmore\tOS\t\npfs\tsafety\tless\tPFS; Adverse-events\t\n", "a name of 'event:any-harm' already"),
        ("event:boredom\tsafety\tless\tboredom\t\n", "'boredom' is no harm"),
    ],
)
def test_a_wrong_table_says_where(tmp_path: Path, vocabulary: Vocabulary, rows: str, words: str) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "endpoints.tsv").write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(DataError, match=words) as error:
        load_endpoints(tmp_path, vocabulary)
    assert error.value.problems[0].file.endswith("rules/endpoints.tsv")
    assert error.value.problems[0].line == rows.count("\n") + 1


def test_the_table_is_sorted() -> None:
    lines = (DATA / "rules" / "endpoints.tsv").read_text(encoding="utf-8").splitlines()[1:]
    ids = [line.split("\t")[0] for line in lines]
    assert ids == sorted(ids)
