"""Lines in: records of both shapes, and what is said of a line that is none."""

from __future__ import annotations

import io
import json

import pytest

from kb.tag.language import english
from kb.tag.lines import LONGEST_LINE, BadLine, FormatError, LineError, numbered, parse_line, parse_record, read_records
from kb.tag.record import TagRecord


def _read(data: bytes) -> list[TagRecord | BadLine]:
    return list(read_records(io.BytesIO(data)))


def test_an_article() -> None:
    record = parse_record(
        {
            "id": 7,
            "title": "NK cells",
            "abstract": "Ten patients.",
            "publication_types": ["Journal Article"],
            "mesh_headings": ["*Killer Cells, Natural/*transplantation"],
        }
    )
    assert (record.id, record.kind) == ("7", "article")
    assert [(p.field, p.text) for p in record.passages] == [("title", "NK cells"), ("abstract", "Ten patients.")]
    assert (record.headings[0].label, record.headings[0].qualifiers, record.headings[0].major) == (
        "Killer Cells, Natural",
        ("transplantation",),
        True,
    )


def test_sections_keep_their_labels() -> None:
    record = parse_record({"id": "a", "abstract": [{"label": "METHODS", "text": "M."}, {"label": "", "text": "R."}]})
    assert [(p.field, p.label) for p in record.passages] == [("abstract/1", "METHODS"), ("abstract/2", "")]


def test_a_registration() -> None:
    record = parse_record(
        {
            "id": "r",
            "title": "T",
            "conditions": "AML|MDS",
            "interventions": [{"type": "BIOLOGICAL", "name": "NK cells", "description": "from a donor"}, "IL-2"],
            "arms": [{"label": "A", "description": "gets it"}],
            "phase": "PHASE1",
        }
    )
    assert record.kind == "registration"
    assert [(p.field, p.kind) for p in record.passages] == [
        ("title", "title"),
        ("conditions/1", "condition"),
        ("conditions/2", "condition"),
        ("interventions/1/name", "intervention"),
        ("interventions/1/description", "arm"),
        ("interventions/2/name", "intervention"),
        ("arms/1/label", "arm"),
        ("arms/1/description", "arm"),
    ]
    assert record.phase == "PHASE1"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "a", "title":', "not a whole JSON object at character"),
        (b"[1, 2]", "a JSON object is expected, this is a list"),
        (b"7", "this is a number"),
        (b'{"title": "x"}', "'id' is missing"),
        (b'{"id": "  ", "title": "x"}', "'id' is missing or blank"),
        (b'{"id": "a\\u000b", "title": "x"}', "binary data in the field 'id'"),
        (b'{"id": "a", "title": "x", "keywords": ["\\ud83d"]}', "binary data in the field 'keywords'"),
        (b'{"id": "a", "interventions": ["\\u0001"]}', "binary data in the field 'interventions'"),
        (b'{"id": true, "title": "x"}', "'id' must be text or a whole number, this is true or false"),
        (b'{"id": "a", "title": 3}', "'title' must be text, this is a number"),
        (b'{"id": "a", "mesh_headings": {}}', "'mesh_headings' must be a list, this is an object"),
        (b'{"id": "a", "publication_types": [1]}', "an item of 'publication_types' must be text"),
        (b'{"id": "a", "abstract": ["x"]}', "a section of 'abstract'"),
        (b'{"id": "a", "conditions": [], "interventions": [3]}', "an item of 'interventions'"),
        (b'{"id": "a", "title": ""}', "no text"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b'{"id": "a\x00"}', "binary"),
        (b'{"id": "a", "title": "x\\u0001y"}', "binary data in the field 'title'"),
        ('{"id": "a", "title": "自然杀伤细胞治疗急性髓系白血病"}'.encode(), "not English"),
        (b"[" * 100_000, "not a whole JSON object"),
    ],
)
def test_what_is_wrong_with_a_line(line: bytes, reason: str) -> None:
    with pytest.raises(LineError, match=reason):
        parse_line(line)


def test_a_bad_line_costs_only_itself() -> None:
    good = json.dumps({"id": "a", "title": "NK cells"}).encode()
    found = _read(b"\xef\xbb\xbf" + good + b"\n\n{\n" + good + b"\r\n" + good)
    assert [item.line if isinstance(item, BadLine) else item.id for item in found] == ["a", 3, "a", "a"]


def test_an_enormous_line_is_skipped_whole() -> None:
    good = json.dumps({"id": "a", "title": "NK cells"}).encode()
    found = _read(b"x" * (LONGEST_LINE + 10) + b"\n" + good)
    assert isinstance(found[0], BadLine)
    assert "longer than" in found[0].reason
    assert isinstance(found[1], TagRecord)
    assert len(found) == 2


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"conditions": None, "interventions": []}, "article"),
        ({"conditions": "", "interventions": [" "]}, "article"),
        ({"kind": "", "conditions": ["AML"]}, "registration"),
        ({"kind": "article", "conditions": ["AML"], "interventions": ["NK cells"]}, "article"),
        ({"kind": "registration"}, "registration"),
        ({"kind": "background", "abstract": "NK cells were counted."}, "article"),
        ({"kind": "therapy", "conditions": ["AML"]}, "registration"),
        ({"kind": ["a"], "abstract": "NK cells were counted."}, "article"),
        ({"interventions": [{"name": "NK cells"}]}, "registration"),
        ({"conditions": [], "summary": "Ten adults get NK cells."}, "registration"),
        ({"abstract": "Ten adults got NK cells.", "summary": "In plain words."}, "article"),
    ],
)
def test_which_of_the_two_it_is(fields: dict[str, object], kind: str) -> None:
    assert parse_record({"id": "a", "title": "NK cells", **fields}).kind == kind


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x1f\x8b\x08\x00\n\x00\n", "compressed"),
        ('{"id": "a"}\n'.encode("utf-16"), "UTF-16"),
        (b'{\n  "id": "a",\n  "title": "x"\n}\n', "over several lines; one object a line"),
        (b'\xef\xbb\xbf[\n{"id": "a"}\n]\n', "over several lines"),
        (b'\n[{"id": "a"},\n{"id": "b"}]\n', "over several lines"),
    ],
)
def test_an_input_of_another_kind_is_refused_once(data: bytes, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        _read(data)


def test_what_looks_like_that_further_down_is_a_bad_line() -> None:
    good = json.dumps({"id": "a", "title": "NK cells"}).encode()
    found = list(numbered(io.BytesIO(b"\n".join([good, b"[", b"\x1f\x8b", b"", good]))))
    assert [(line, isinstance(item, BadLine)) for line, item in found] == [(1, False), (2, True), (3, True), (5, False)]


def test_publication_types_in_one_string() -> None:
    record = parse_record(
        {"id": "a", "title": "x", "publication_types": "Case Reports; Clinical Trial, Phase I|Letter"}
    )
    assert record.publication_types == ("Case Reports", "Clinical Trial, Phase I", "Letter")
    listed = parse_record({"id": "a", "title": "x", "publication_types": ["A; B"], "mesh_headings": "Humans; Aged"})
    assert listed.publication_types == ("A; B",)
    assert [one.label for one in listed.headings] == ["Humans", "Aged"]


@pytest.mark.parametrize("stray", ["\\u000b", "\\u000c", "\x0b", "\x0c"])
def test_a_stray_page_break_is_white_space(stray: str) -> None:
    record = parse_line(f'{{"id": "a", "title": "NK{stray}cells"}}'.encode())
    assert record.passages[0].text.split() == ["NK", "cells"]
    assert len(record.passages[0].text) == len("NK cells")


def test_keys_nobody_reads_are_ignored() -> None:
    assert parse_record({"id": "a", "title": "x", "language": ["eng"]}).id == "a"


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("NK-92", True),
        ("Natural killer cells in leukaemia", True),
        ("α-GalCer-pulsed APC, γδ T cells", True),
        ("Die Behandlung der Leukämie mit natürlichen Killerzellen wurde bei zehn Patienten nicht untersucht.", False),
        ("Le traitement des leucémies par les cellules NK chez des patients est sur une voie.", False),
        ("Лечение лейкоза естественными киллерами", False),
        ("急性髄性白血病に対するNK細胞療法", False),
        ("12 345 (67%)", True),
        ("TIL, CAR-TIL, NK-TIL", True),
        ("TIL, then NK cells, then TIL; TIL again on day 14", True),
        ("PRO, TIL and MED arms: PRO, TIL, MED", True),
        ("TRAITEMENT DES LEUCEMIES PAR LES CELLULES NK CHEZ DES ENFANTS", False),
    ],
)
def test_language(text: str, yes: bool) -> None:
    assert english(text) is yes
