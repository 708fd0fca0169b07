"""The explanation of a record: its marks, its answers, and both layouts. All texts are invented."""

from __future__ import annotations

import io

from rich.console import Console

from kb.tag.direction import DirectionJudge
from kb.tag.explain import explained
from kb.tag.lines import checked, parse_record
from kb.tag.questions import answers
from tests.unit.tagging import DATA, tagger, vocabulary


def _shown(width: int = 200, **fields: object) -> str:
    record = checked(parse_record({"id": "a", "title": "NK cells in adults", **fields}))
    console = Console(width=width, file=io.StringIO())
    told = answers(record, DirectionJudge.load(DATA)) if record.questions else ()
    console.print(explained(record, tagger().tag(record), vocabulary(), width, told))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_brackets_of_the_author_are_no_markup() -> None:
    for word in ("[/refractory]", "[refractory]"):
        text = f"Ten patients with relapsed {word} AML received NK cells."
        for width in (200, 60):
            shown = " ".join(_shown(width, abstract=text).split())
            assert f"people have it: patients with relapsed {word}" in shown
    heading = _shown(mesh_headings=["Leukemia, Myeloid, Acute/therapy"])
    assert "mesh: Leukemia, Myeloid, Acute/therapy" in heading


def test_narrow_terminals_get_lines() -> None:
    text = "Ten patients with AML received NK cells."
    wide, narrow = _shown(200, abstract=text), _shown(60, abstract=text)
    assert "facet" in wide
    assert "facet" not in narrow
    assert "(cell type, present, text): product:" in " ".join(narrow.split())


def test_what_was_not_read_is_named() -> None:
    german = "Zehn Patienten wurden mit NK-Zellen behandelt, und die Behandlung wurde nach einer Woche beendet."
    assert "not read, because not in English: abstract" in _shown(abstract=german)


def test_answers_are_shown() -> None:
    question = {"outcome": "overall survival", "intervention": "NK cells", "comparator": "observation"}
    text = "Overall survival was longer with NK cells than with observation (14.1 vs 11.8 months, P = .04)."
    shown = _shown(abstract=text, questions=[question])
    assert "overall survival, NK cells against observation: increased, better" in shown
    none = _shown(abstract="Ten patients with AML received NK cells.", questions=[question])
    assert "asked" in none
