"""kb.build: the same facts give the same store, whatever their order; another day or byte gives another."""

# ruff: noqa: S608 - the only names put into SQL are those of our own schema

from __future__ import annotations

import csv
import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kb.build import Manifest, build, up_to_date
from kb.cli import main
from kb.dataset import digest
from kb.reading import read_yaml
from kb.records.common import AXES
from kb.schema import TABLES, VIEWS


def rewrite(path: Path, change: Callable[[Any], Any]) -> None:
    """Change a YAML file as data. JSON is YAML, and keeps text apart from numbers."""
    value = change(read_yaml(path, path.parent).value)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


def shrink(facts: Path, step: int) -> Path:
    """Leave every ``step``-th claim, three places and two columns of the map, so that a build is quick."""
    rewrite(
        facts / "build.yml",
        lambda b: {**b, "jurisdictions": ["US", "KR", "JP"], "map_cell_types": ["nk", "inkt"], "map_comparators": []},
    )
    for path in sorted((facts / "claims").glob("*.yml")):
        rewrite(path, lambda document: {**document, "claims": document["claims"][::step]})
    return facts


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Few claims, every record; not to be changed."""
    facts = tmp_path_factory.mktemp("small") / "data"
    shutil.copytree(Path(__file__).resolve().parents[2] / "data", facts)
    return shrink(facts, 5)


@pytest.fixture(scope="module")
def first(small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Manifest, Path]:
    """One build of them."""
    out = tmp_path_factory.mktemp("first") / "evidence.db"
    return build(small, out), out


def exported(path: Path) -> str:
    """Return every row of every table and view, in the order a reader gets them."""
    connection = sqlite3.connect(path)
    names = [table.name for table in TABLES] + [view.name for view in VIEWS]
    lines = [
        json.dumps([name, *row], ensure_ascii=False)
        for name in names
        for row in connection.execute(f"select * from [{name}]")
    ]
    connection.close()
    return "\n".join(lines)


def statuses(path: Path) -> dict[str, dict[str, Any]]:
    """Return the rows of every status, map cell and piece of evidence, by id."""
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    rows = connection.execute("select * from claim_statuses").fetchall()
    rows += connection.execute("select * from map_cells").fetchall()
    rows += connection.execute("select * from evidence").fetchall()
    connection.close()
    return {row["id"]: dict(row) for row in rows}


# ---------------------------------------------------------------------------- the same again


def test_the_same_facts_give_the_same_rows_byte_for_byte(
    small: Path, first: tuple[Manifest, Path], tmp_path: Path
) -> None:
    """Elsewhere, under another name, a second time."""
    copy = tmp_path / "elsewhere" / "data"
    shutil.copytree(small, copy)
    manifest = build(copy, tmp_path / "again.db")
    assert manifest.content_sha256 == first[0].content_sha256
    assert manifest.data_sha256 == first[0].data_sha256
    assert manifest.counts == first[0].counts
    assert exported(tmp_path / "again.db") == exported(first[1])


def test_the_manifest_is_kept_in_the_store(first: tuple[Manifest, Path]) -> None:
    manifest, path = first
    connection = sqlite3.connect(path)
    row = connection.execute("select version, as_of, data_sha256, content_sha256, counts from builds").fetchone()
    counts = {
        table.name: connection.execute(f"select count(*) from [{table.name}]").fetchone()[0]
        for table in TABLES
        if table.name != "builds"
    }
    connection.close()
    assert row[:4] == (manifest.version, manifest.as_of, manifest.data_sha256, manifest.content_sha256)
    assert json.loads(row[4]) == manifest.counts == counts
    assert json.loads(manifest.as_json())["counts"] == counts


#: Lists whose order says nothing at all, and those that a proof shows in the order of the file.
SETS = {*AXES, "approvals", "absences", "access_routes", "safety_events", "keys", "control_shares"}
SHOWN = {"findings", "supported_by", "contradicted_by", "candidates", "relations", "counts", "registry_ids"}


def mix(value: Any, lists: set[str], order: random.Random) -> Any:
    """Shuffle the fields of every mapping, and the lists of these names."""
    if isinstance(value, list):
        return [mix(item, lists, order) for item in value]
    if not isinstance(value, dict):
        return value
    fields = [(name, mix(item, lists, order)) for name, item in value.items()]
    order.shuffle(fields)
    for name, item in sorted(fields):
        if name in lists and isinstance(item, list):
            order.shuffle(item)
    return dict(fields)


def mix_files(facts: Path, studies: set[str], claims: set[str], order: random.Random) -> None:
    """Give the study files other names, and everything in all files another order."""
    paths = sorted((facts / "studies").glob("*.yml"))
    for number, path in zip(order.sample(range(len(paths)), len(paths)), paths, strict=True):
        path.rename(path.with_name(f"{number:04d}.yml"))
    for path in sorted((facts / "studies").glob("*.yml")):
        rewrite(path, lambda value: mix(value, studies, order))
    for path in sorted((facts / "claims").glob("*.yml")):
        rewrite(path, lambda value: mix(value, claims, order))
    for name in ("approvals.yml", "access.yml", "safety.yml"):
        rewrite(facts / name, lambda value: mix(value, SETS, order))
    for path in sorted((facts / "vocabulary").glob("*.tsv")):
        header_line, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        order.shuffle(lines)
        path.write_text(header_line + "".join(lines), encoding="utf-8")
    with (facts / "trials.csv").open(encoding="utf-8", newline="") as handle:
        header, *rows = csv.reader(handle)
    order.shuffle(rows)
    with (facts / "trials.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows([header, *rows])


def test_the_order_of_files_and_sets_changes_no_status_and_no_proof(
    small: Path, first: tuple[Manifest, Path], tmp_path: Path
) -> None:
    mixed = tmp_path / "data"
    shutil.copytree(small, mixed)
    mix_files(mixed, SETS, {"claims"}, random.Random(20))  # noqa: S311 - a shuffle, not a secret
    manifest = build(mixed, tmp_path / "mixed.db")
    assert manifest.data_sha256 != first[0].data_sha256  # it really is another order
    assert manifest.counts == first[0].counts
    assert statuses(tmp_path / "mixed.db") == statuses(first[1])


def test_no_order_at_all_changes_a_class_or_level(small: Path, first: tuple[Manifest, Path], tmp_path: Path) -> None:
    mixed = tmp_path / "data"
    shutil.copytree(small, mixed)
    mix_files(mixed, SETS | SHOWN, SETS | SHOWN | {"claims"}, random.Random(21))  # noqa: S311
    build(mixed, tmp_path / "mixed.db")
    wanted = ("class", "level", "sold_class", "sold_level", "best_level")
    before, after = (
        {key: [row.get(name) for name in wanted] for key, row in statuses(path).items()}
        for path in (first[1], tmp_path / "mixed.db")
    )
    assert after == before


# ---------------------------------------------------------------------------- only when something changed


def test_if_changed_does_nothing_the_second_time(first: tuple[Manifest, Path], small: Path, tmp_path: Path) -> None:
    out = tmp_path / "evidence.db"
    shutil.copy(first[1], out)
    before = (out.stat().st_ino, out.stat().st_mtime_ns)
    arguments = ["build", "--data", str(small), "--out", str(out), "--if-changed"]
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, result.output) == (0, "")
    assert (out.stat().st_ino, out.stat().st_mtime_ns) == before
    told = CliRunner().invoke(main, [*arguments, "--json"])
    assert json.loads(told.stdout)["content_sha256"] == first[0].content_sha256


def test_a_changed_byte_makes_the_store_out_of_date(first: tuple[Manifest, Path], small: Path, tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(small, copy)
    assert up_to_date(copy, first[1]) is not None
    with (copy / "searches.yml").open("a", encoding="utf-8") as handle:
        handle.write("\n")
    assert up_to_date(copy, first[1]) is None


def test_a_store_of_other_code_is_out_of_date(
    first: tuple[Manifest, Path], small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.build.fingerprint", lambda: "0.1.0+another")
    assert up_to_date(small, first[1]) is None


@pytest.mark.parametrize("content", [None, b"", b"rubbish" * 1000])
def test_what_is_no_store_is_out_of_date(content: bytes | None, small: Path, tmp_path: Path) -> None:
    out = tmp_path / "evidence.db"
    if content is not None:
        out.write_bytes(content)
    assert up_to_date(small, out) is None


# ---------------------------------------------------------------------------- the day


def test_the_day_comes_from_the_build_file_unless_given(
    first: tuple[Manifest, Path], small: Path, tmp_path: Path
) -> None:
    assert first[0].as_of == read_yaml(small / "build.yml", small).value["as_of"]
    out = tmp_path / "then.db"
    manifest = build(small, out, as_of=date(2012, 5, 6))
    assert manifest.as_of == "2012-05-06"
    assert manifest.content_sha256 != first[0].content_sha256
    connection = sqlite3.connect(out)
    assert connection.execute("select as_of from builds").fetchall() == [("2012-05-06",)]
    assert connection.execute("select distinct as_of from claim_statuses").fetchall() == [("2012-05-06",)]
    connection.close()


# ---------------------------------------------------------------------------- the fingerprint of the facts


def _change_a_byte(facts: Path) -> None:
    path = facts / "studies" / "miller2005.yml"
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(bytes(content))


def _rename(facts: Path) -> None:
    (facts / "studies" / "miller2005.yml").rename(facts / "studies" / "miller.yml")


def _remove(facts: Path) -> None:
    (facts / "studies" / "miller2005.yml").unlink()


def _swap(facts: Path) -> None:
    one, other = facts / "vocabulary" / "event.tsv", facts / "vocabulary" / "phase.tsv"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def _change_a_rule(facts: Path) -> None:
    with (facts / "rules" / "codes.tsv").open("a", encoding="utf-8") as handle:
        handle.write("\n")


@pytest.mark.parametrize("change", [_change_a_byte, _rename, _remove, _swap, _change_a_rule])
def test_the_fingerprint_notices_every_change(change: Callable[[Path], None], facts: Path) -> None:
    before = digest(facts)
    assert digest(facts) == before
    change(facts)
    assert digest(facts) != before


def test_what_the_build_does_not_read_does_not_count(facts: Path) -> None:
    before = digest(facts)
    (facts / "studies" / "notes.txt").write_text("mine", encoding="utf-8")
    (facts / "studies" / ".miller2005.yml.swp").write_text("an editor's", encoding="utf-8")
    assert digest(facts) == before


# ---------------------------------------------------------------------------- a store against the facts


def test_if_changed_builds_again_after_another_day(facts: Path, tmp_path: Path) -> None:
    shrink(facts, 100)
    out = tmp_path / "evidence.db"
    build(facts, out, as_of=date(2012, 5, 6))
    assert up_to_date(facts, out) is None
    result = CliRunner().invoke(main, ["build", "--data", str(facts), "--out", str(out), "--if-changed", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["as_of"] == read_yaml(facts / "build.yml", facts).value["as_of"]
    assert up_to_date(facts, out) is not None


def verified(facts: Path, db: Path) -> tuple[int, list[dict[str, Any]]]:
    """Run kb verify --db and return its exit code and problems."""
    result = CliRunner().invoke(main, ["verify", "--data", str(facts), "--db", str(db), "--json"])
    told = json.loads(result.stdout)
    assert told["ok"] is (result.exit_code == 0)
    return result.exit_code, told["problems"]


def test_a_good_store_holds(first: tuple[Manifest, Path], small: Path) -> None:
    assert verified(small, first[1]) == (0, [])


def test_an_edited_row_is_noticed(first: tuple[Manifest, Path], small: Path, tmp_path: Path) -> None:
    edited = tmp_path / "edited.db"
    shutil.copy(first[1], edited)
    connection = sqlite3.connect(edited)
    connection.execute("update claim_statuses set class = 'approved' where rowid = 1")
    connection.commit()
    connection.close()
    code, problems = verified(small, edited)
    assert code == 1
    assert [(problem["where"], problem["rule"]) for problem in problems] == [("builds", "store")]
    assert "content hash differs" in problems[0]["message"]
    assert problems[0]["file"] == str(edited)
    assert "kb build" in problems[0]["remedy"]


def test_a_store_of_other_facts_is_noticed(first: tuple[Manifest, Path], small: Path, tmp_path: Path) -> None:
    other = tmp_path / "data"
    shutil.copytree(small, other)
    with (other / "searches.yml").open("a", encoding="utf-8") as handle:
        handle.write("\n")
    code, problems = verified(other, first[1])
    assert (code, [problem["message"] for problem in problems]) == (
        1,
        ["the store was built from other facts than these"],
    )


def test_a_lost_table_and_a_key_that_points_nowhere_are_named(
    first: tuple[Manifest, Path], small: Path, tmp_path: Path
) -> None:
    for name, statement, where in (
        ("view", "drop view approved_claims", "approved_claims"),
        ("table", "drop table levels", "levels"),
        ("key", "update concept_parents set parent_id = 'facet:nobody' where rowid = 1", "concept_parents"),
    ):
        broken = tmp_path / f"{name}.db"
        shutil.copy(first[1], broken)
        connection = sqlite3.connect(broken)
        connection.execute(statement)
        connection.commit()
        connection.close()
        code, problems = verified(small, broken)
        assert code == 1
        assert where in {problem["where"] for problem in problems}


@pytest.mark.parametrize("content", [None, b"rubbish" * 1000])
def test_a_store_that_is_missing_or_none_is_named(content: bytes | None, small: Path, tmp_path: Path) -> None:
    path = tmp_path / "gone.db"
    if content is not None:
        path.write_bytes(content)
    code, problems = verified(small, path)
    assert (code, [problem["file"] for problem in problems]) == (1, [str(path)])
    assert "kb build" in problems[0]["message"] + problems[0]["remedy"]


def test_a_claim_for_a_place_not_built_names_the_places_there_are(first: tuple[Manifest, Path]) -> None:
    arguments = ["claim", "nk-nkt-page#c001", "--db", str(first[1]), "--jurisdiction"]
    assert CliRunner().invoke(main, [*arguments, "KR"]).exit_code == 0
    result = CliRunner().invoke(main, [*arguments, "EU"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: this store was built for JP, KR, US, not for EU; see build.yml" in " ".join(result.stderr.split())
    unknown = CliRunner().invoke(main, ["claim", "nk-nkt-page#c999", *arguments[2:], "EU"])
    assert "no claim 'nk-nkt-page#c999' in this store" in unknown.stderr
