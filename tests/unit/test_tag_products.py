"""Product names: the shipped table is sound and found by the matcher, and a wrong row is refused with its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kb.errors import DataError
from kb.tag.matcher import Matcher
from kb.tag.products import ProductName, load_products, look_alikes, names_by_concept
from kb.vocabulary import Vocabulary, load_vocabulary
from tests.conftest import DATA

_COLUMNS = (
    "name",
    "other_names",
    "cell_type",
    "cell_source",
    "engineering",
    "expansion",
    "maker",
    "source",
    "retrieved",
    "checked",
    "note",
)
_GOOD = {
    "name": "ZZQ-101",
    "other_names": "",
    "cell_type": "car-nk",
    "cell_source": "ipsc",
    "engineering": "car",
    "expansion": "ex-vivo-expanded",
    "maker": "Example Bio",
    "source": "https://example.org/zzq-101",
    "retrieved": "2026-11-23",
    "checked": "abstract",
    "note": "",
}


@pytest.fixture(scope="module")
def concepts() -> Vocabulary:
    """The repository's own vocabulary, read alone."""
    return load_vocabulary(DATA)


@pytest.fixture(scope="module")
def shipped(concepts: Vocabulary) -> tuple[ProductName, ...]:
    """The repository's own product names."""
    return load_products(DATA, concepts)


@pytest.fixture(scope="module")
def matcher(concepts: Vocabulary, shipped: tuple[ProductName, ...]) -> Matcher:
    """A matcher that knows the product names as further names of their cell types."""
    facets = {facet: dict(members) for facet, members in concepts.concepts.items()}
    for cell_type, names in names_by_concept(shipped).items():
        concept = facets["cell_type"][cell_type]
        facets["cell_type"][cell_type] = replace(concept, synonyms=concept.synonyms + names)
    return Matcher(Vocabulary(facets), ["cell_type"])


def table(folder: Path, *rows: dict[str, str]) -> Path:
    """Write a table of rows that are good but for what is given; return its data directory."""
    root = folder / "data"
    (root / "vocabulary").mkdir(parents=True)
    lines = ["\t".join(_COLUMNS), *("\t".join({**_GOOD, **row}[column] for column in _COLUMNS) for row in rows)]
    (root / "vocabulary" / "products.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root


def test_shipped_table_is_sorted(shipped: tuple[ProductName, ...]) -> None:
    names = [product.name for product in shipped]
    assert names == sorted(names, key=lambda name: (name.lower(), name))
    assert len(names) > 150


def test_matcher_finds_every_shipped_name(matcher: Matcher, shipped: tuple[ProductName, ...]) -> None:
    lost = [
        (name, product.cell_type)
        for product in shipped
        if product.cell_type
        for name in product.names
        if [hit.concept for hit in matcher.find(f"A phase 1 study of {name} in relapsed lymphoma.")]
        != [product.cell_type]
    ]
    assert not lost


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("FT596 and rituximab", "car-nk"),
        ("FT-596 was given", "car-nk"),
        ("FT819 and rituximab", "car-t"),
        ("TAK-007 at three doses", "car-nk"),
        ("TAK-940 at three doses", "car-t"),
        ("ACE1702 at three doses", "nk-cell-line"),
        ("ACE1831 at three doses", "gamma-delta-t"),
        ("SAR445419 after transplant", "nk"),
        ("SAR445514 after transplant", "nk-engager"),
        ("QN-019a in lymphoma", "car-nk"),
        ("QT-019B in lupus", "car-t"),
        ("NKTR-214 with nivolumab", "il2-drug"),
        ("NKX019 in lupus", "car-nk"),
        ("F01 was evaluated", "car-nk"),
    ],
)
def test_codes_alike_mean_different_things(matcher: Matcher, text: str, concept: str) -> None:
    assert [hit.concept for hit in matcher.find(text)] == [concept]


@pytest.mark.parametrize("text", ["form f01", "FT5960", "F013", "AB-2011", "the XAB-201 code", "NKX2-5 variants"])
def test_parts_of_other_words_are_no_products(matcher: Matcher, text: str) -> None:
    assert matcher.find(text) == []


def test_row_is_read_as_written(tmp_path: Path, concepts: Vocabulary) -> None:
    row = {"other_names": "zezequel; QZZ-1 ;", "engineering": "car; other-engineering", "note": "made up"}
    (product,) = load_products(table(tmp_path, row), concepts)
    assert product == ProductName(
        name="ZZQ-101",
        other_names=("zezequel", "QZZ-1"),
        cell_type="car-nk",
        cell_source=("ipsc",),
        engineering=("car", "other-engineering"),
        expansion=("ex-vivo-expanded",),
        maker="Example Bio",
        source="https://example.org/zzq-101",
        retrieved="2026-11-23",
        checked="abstract",
        note="made up",
        line=2,
    )
    assert product.names == ("ZZQ-101", "zezequel", "QZZ-1")


def test_silent_axes_stay_silent(tmp_path: Path, concepts: Vocabulary) -> None:
    silent = {"cell_source": "", "engineering": "", "expansion": "", "maker": ""}
    (product,) = load_products(table(tmp_path, silent), concepts)
    assert (product.cell_source, product.engineering, product.expansion, product.maker) == ((), (), (), "")


def test_name_that_is_a_synonym_of_its_own_concept_is_welcome(tmp_path: Path, concepts: Vocabulary) -> None:
    row = {"name": "SNK01", "cell_type": "nk", "cell_source": "autologous", "engineering": ""}
    assert load_products(table(tmp_path, row), concepts)[0].cell_type == "nk"


def test_name_of_another_facet_is_no_clash(tmp_path: Path, concepts: Vocabulary) -> None:
    row = {"name": "N-803", "cell_type": "il15-agonist", "cell_source": "", "engineering": "", "expansion": ""}
    assert load_products(table(tmp_path, row), concepts)[0].name == "N-803"


def test_names_without_a_product_are_look_alikes(tmp_path: Path, concepts: Vocabulary) -> None:
    nothing = {"cell_type": "", "cell_source": "", "engineering": "", "expansion": "", "note": "a gene"}
    root = table(tmp_path, {}, {"name": "ZZQ2-5", "other_names": "ZZQ2.5", **nothing}, {"name": "QZZ-7"})
    products = load_products(root, concepts)
    assert look_alikes(products) == ("ZZQ2-5", "ZZQ2.5")
    assert names_by_concept(products) == {"car-nk": ("ZZQ-101", "QZZ-7")}


_EMPTY = {"cell_source": "", "engineering": "", "expansion": ""}
_WRONG = [
    ({"cell_type": "car-nkk"}, "cell_type", "no concept", "car-nk"),
    ({"cell_source": "ipsc; moon"}, "cell_source", "'moon' is no concept", "cell_source.tsv"),
    ({"engineering": "car; magic"}, "engineering", "'magic' is no concept", "engineering.tsv"),
    ({"expansion": "grown"}, "expansion", "'grown' is no concept", "expansion.tsv"),
    ({"engineering": "not-engineered"}, "engineering", "car-nk is car by definition", "add car"),
    (
        {"cell_type": "nk-cell-line", "cell_source": "cord-blood", "engineering": ""},
        "cell_source",
        "nk-cell-line is cell-line by definition",
        "add cell-line",
    ),
    (
        {"cell_type": "car-cik", "engineering": "other-engineering"},
        "engineering",
        "car-cik is car by definition",
        "add car",
    ),
    ({"cell_type": "", **_EMPTY}, "note", "says not what it is", "note"),
    ({"cell_type": "", "note": "a gene", **_EMPTY, "cell_source": "ipsc"}, "cell_type", "no product", "empty"),
    ({"source": ""}, "source", "no source", "address"),
    ({"source": "PMID 123"}, "source", "is no address", "https"),
    ({"source": "https://a.org https://b.org"}, "source", "is no address", "one address"),
    ({"retrieved": ""}, "retrieved", "is no date", "YYYY-MM-DD"),
    ({"retrieved": "2026-13-01"}, "retrieved", "is no date", "YYYY-MM-DD"),
    ({"retrieved": "20261123"}, "retrieved", "is no date", "YYYY-MM-DD"),
    ({"retrieved": "2026-11"}, "retrieved", "is no date", "YYYY-MM-DD"),
    ({"checked": "hearsay"}, "checked", "is no way of checking", "secondary"),
    ({"name": "CIML NK"}, "CIML NK", "also a name of memory-like-nk", "cell_type"),
    ({"other_names": "natural-killer T cells"}, "natural-killer T cells", "also a name of nkt", "cell_type"),
    ({"name": "--"}, "name", "no letter or digit", "as printed"),
    ({"name": ""}, "name", "no letter or digit", "as printed"),
    ({"other_names": "ZZQ 101"}, "ZZQ 101", "another of its row", "keep one"),
]


@pytest.mark.parametrize(("row", "where", "message", "remedy"), _WRONG)
def test_wrong_row_is_refused_with_its_place(
    tmp_path: Path, concepts: Vocabulary, row: dict[str, str], where: str, message: str, remedy: str
) -> None:
    root = table(tmp_path, {"name": "QZZ-7"}, row)
    with pytest.raises(DataError) as caught:
        load_products(root, concepts)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.where) == ("data/vocabulary/products.tsv", 3, where)
    assert message in problem.message
    assert remedy in problem.remedy


def test_what_a_broader_cell_type_means_holds_too(tmp_path: Path, concepts: Vocabulary) -> None:
    cells = dict(concepts.concepts["cell_type"])
    cells["memory-like-nk"] = replace(cells["memory-like-nk"], parents=("car-nk",))
    root = table(tmp_path, {"cell_type": "memory-like-nk", "engineering": "not-engineered"})
    with pytest.raises(DataError, match="memory-like-nk is car by definition"):
        load_products(root, Vocabulary({**concepts.concepts, "cell_type": cells}))


@pytest.mark.parametrize("again", ["ZZQ-101", "ZZQ101", "zzq 101", "ZZQ‑101", "ZZQ-101®"])
def test_name_twice_is_refused_however_it_is_written(tmp_path: Path, concepts: Vocabulary, again: str) -> None:
    root = table(tmp_path, {}, {"name": "QZZ-7", "other_names": again})
    with pytest.raises(DataError, match="there twice") as caught:
        load_products(root, concepts)
    assert [problem.line for problem in caught.value.problems] == [3]
    assert "line 2" in caught.value.problems[0].message


def test_names_that_only_begin_alike_are_two(tmp_path: Path, concepts: Vocabulary) -> None:
    root = table(tmp_path, {}, {"name": "ZZQ-1010"}, {"name": "ZZQ-101b"})
    assert len(load_products(root, concepts)) == 3


def test_all_problems_are_told_at_once(tmp_path: Path, concepts: Vocabulary) -> None:
    root = table(tmp_path, {"source": "", "retrieved": "soon"}, {"name": "QZZ-7", "cell_type": "unheard"})
    with pytest.raises(DataError) as caught:
        load_products(root, concepts)
    assert [(problem.line, problem.where) for problem in caught.value.problems] == [
        (2, "retrieved"),
        (2, "source"),
        (3, "cell_type"),
    ]


def test_missing_table_is_named(tmp_path: Path, concepts: Vocabulary) -> None:
    with pytest.raises(DataError, match=r"products\.tsv: the file is missing"):
        load_products(tmp_path / "data", concepts)


def test_missing_column_is_named(tmp_path: Path, concepts: Vocabulary) -> None:
    root = table(tmp_path, {})
    path = root / "vocabulary" / "products.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace("retrieved", "seen"), encoding="utf-8")
    with pytest.raises(DataError, match="column 'retrieved' is missing"):
        load_products(root, concepts)
