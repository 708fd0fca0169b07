"""A lineage that names no concept is an error of its own line, for every command that tags."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.cli import main
from kb.dataset import load_build
from kb.errors import DataError
from kb.tag.tagger import load_tagger
from kb.vocabulary import load_vocabulary

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    for name in ("vocabulary", "rules"):
        shutil.copytree(DATA / name, folder / name)
    text = (DATA / "build.yml").read_text(encoding="utf-8")
    assert "lineage: [nk," in text
    (folder / "build.yml").write_text(text.replace("lineage: [nk,", "lineage:\n- inkt\n- nkk\n#"), encoding="utf-8")
    return folder


def test_the_tagger_is_not_made(data: Path) -> None:
    lines = (data / "build.yml").read_text(encoding="utf-8").splitlines()
    with pytest.raises(DataError) as caught:
        load_tagger(data, load_vocabulary(data), load_build(data).lineage)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.where) == ("data/build.yml", lines.index("- nkk") + 1, "lineage")
    assert "'nkk'" in problem.message
    assert "did you mean" in problem.remedy


def test_kb_tag_says_so_and_tags_nothing(data: Path) -> None:
    given = '{"id": "a", "title": "NK cells for leukaemia"}'
    result = CliRunner().invoke(main, ["tag", "--data", str(data), "-"], input=given)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "unknown concept 'nkk'" in result.stderr
