"""Scores of whole records, with a tagger that answers as told."""

from __future__ import annotations

from typing import Any

import pytest

from kb.evaluate.gold import RecordCase
from kb.evaluate.metrics import Quality, Share, Tally
from kb.evaluate.records import Answer, answers, counted, lenient, sheets, wrong
from kb.evaluate.sheet import Line, Sheet
from kb.progress import Silent
from kb.tag.tags import Tagged
from kb.vocabulary import FACETS
from tests.unit.evaluating import FakeTagger, concepts, said, tag, tools

VOCABULARY = concepts()


def case(identifier: str = "r1", **expect: Any) -> RecordCase:
    return RecordCase(id=identifier, title="T", expect=expect)


def answer(tagged: Tagged, identifier: str = "r1", corpus: str = "records", **expect: Any) -> Answer:
    return Answer(corpus, case(identifier, **expect), tagged)


def line(given: list[Sheet], title: str, name: str) -> Line:
    (sheet,) = [sheet for sheet in given if sheet.title.startswith(title)]
    (found,) = [one for one in sheet.lines if one.name == name]
    return found


def quality_of(given: list[Sheet], name: str, title: str = "Which concepts") -> Quality:
    figure = line(given, title, name).figure
    assert isinstance(figure, Quality)
    return figure


def scored(
    *given: Answer, disputed: dict[str, frozenset[tuple[str, str]]] | None = None, facet: str = ""
) -> list[Sheet]:
    return sheets(given, VOCABULARY, disputed or {}, 30, facet)


def test_concepts_are_compared_as_sets() -> None:
    given = answer(said("r1", tag("indication", "aml"), tag("indication", "mds")), indication=["aml", "glioma"])
    found = quality_of(scored(given), "indication")
    assert (found.precision, found.recall) == (Share(1, 2), Share(1, 2))


def test_only_what_is_said_to_be_present_counts() -> None:
    denied = tag("indication", "mds", assertion="absent")
    given = answer(said("r1", tag("indication", "aml"), denied), indication=["aml"])
    assert quality_of(scored(given), "indication").f1 == 1.0


def test_a_facet_the_case_does_not_mention_is_not_scored_and_an_empty_one_is() -> None:
    given = answer(said("r1", tag("phase", "phase-1"), tag("cell_source", "cord-blood")), phase=[])
    result = scored(given)
    assert quality_of(result, "phase").precision == Share(0, 1)
    (facets,) = [sheet for sheet in result if sheet.title.startswith("Which")]
    assert [one.name for one in facets.lines] == ["phase"]


def test_a_broader_concept_beside_the_right_one_is_no_error_and_alone_it_is() -> None:
    beside = answer(said("r1", tag("cell_type", "car-nk"), tag("cell_type", "nk")), cell_type=["car-nk"])
    alone = answer(said("r1", tag("cell_type", "nk")), cell_type=["car-nk"])
    assert quality_of(scored(beside), "cell_type").precision == Share(1, 1)
    assert quality_of(scored(alone), "cell_type").precision == Share(0, 1)
    assert quality_of(scored(alone), "cell_type, lenient").precision == Share(1, 1)
    assert wrong(beside, VOCABULARY, ["cell_type"]).errors == 0


def test_a_narrower_one_beside_the_right_one_is_an_error() -> None:
    assert counted(VOCABULARY, "cell_type", frozenset({"nk"}), frozenset({"nk", "car-nk"})) == frozenset(
        {"nk", "car-nk"}
    )


def test_the_top_of_a_hierarchy_never_counts_as_near() -> None:
    top = VOCABULARY.root("indication", "aml")
    assert lenient(VOCABULARY, "indication", ["aml"], [top]) == Tally(0, 1, 0, 1)
    assert lenient(VOCABULARY, "indication", ["aml"], ["acute-leukaemia"]) == Tally(1, 1, 1, 1)
    assert lenient(VOCABULARY, "indication", ["aml"], ["glioma"]) == Tally(0, 1, 0, 1)
    assert lenient(VOCABULARY, "indication", [top], [top]) == Tally(1, 1, 1, 1)


def test_relevance_and_its_confusion() -> None:
    given = [
        answer(said("a", relevant=True), "a", relevant=True),
        answer(said("b", relevant=True), "b", relevant=False),
        answer(said("c", relevant=False), "c", relevant=True),
        answer(said("d", relevant=False), "d", relevant=False),
        answer(said("e", relevant=True), "e", phase=[]),
    ]
    result = scored(*given)
    found = quality_of(result, "relevance", "Is the record")
    assert (found.cases, found.precision, found.recall) == (4, Share(1, 2), Share(1, 2))
    (table,) = result[0].confusions
    assert dict(table.rows) == {"relevant": (1, 1), "not relevant": (1, 1)}
    assert table.labels == ("relevant", "not relevant")


def test_each_flag_is_scored_by_itself() -> None:
    given = answer(said("r1", flags=("review", "protocol")), flags=["review", "disease"])
    result = scored(given)
    assert quality_of(result, "review", "What kind").precision == Share(1, 1)
    assert quality_of(result, "protocol", "What kind").precision == Share(0, 1)
    assert quality_of(result, "disease", "What kind").recall == Share(0, 1)
    assert quality_of(result, "all flags", "What kind").precision == Share(1, 2)
    assert result[1].confusions[0].rows == (("disease + review", (0, 1)),)


def test_phase_has_a_table_of_confusion() -> None:
    given = answer(said("r1", tag("phase", "phase-2")), phase=["phase-1-2"])
    (facets,) = [sheet for sheet in scored(given) if sheet.title.startswith("Which")]
    assert facets.confusions[0].rows == (("phase-1-2", (0, 1)),)


def test_each_origin_is_held_to_account() -> None:
    tags = (tag("phase", "phase-1"), tag("phase", "phase-2", origin="publication_type"), tag("phase", "phase-1", "I"))
    result = scored(answer(said("r1", *tags), phase=["phase-1"]))
    assert line(result, "Who says", "phase, from text").figure == Share(1, 1)
    assert line(result, "Who says", "phase, from publication_type").figure == Share(0, 1)


def test_a_disputed_case_is_an_error_in_the_headline_and_left_out_beside_it() -> None:
    given = [
        answer(said("r1", tag("phase", "phase-1")), "r1", phase=["phase-2"]),
        answer(said("r2", tag("phase", "phase-1")), "r2", phase=["phase-1"]),
        answer(said("r1", tag("phase", "phase-1")), "r1", "trials", phase=["phase-2"]),
    ]
    found = line(scored(*given, disputed={"records": frozenset({("r1", "phase")})}), "Which", "phase")
    assert isinstance(found.figure, Quality)
    assert isinstance(found.without, Quality)
    assert found.figure.precision == Share(1, 3)
    assert found.without.precision == Share(1, 2)
    assert line(scored(*given), "Which", "phase").without is None


def test_the_worst_case_says_what_words_and_rule_made_each_wrong_tag() -> None:
    bad = answer(
        said(
            "r1",
            tag("indication", "glioma", "brain cancer", rule="treated: in"),
            tag("indication", "mds"),
            relevant=False,
            reason="no cells",
        ),
        relevant=True,
        indication=["aml", "mds"],
    )
    good = answer(said("r2", tag("indication", "aml")), "r2", indication=["aml"])
    (sheet,) = [sheet for sheet in scored(good, bad) if sheet.title == "Worst records"]
    (found,) = sheet.cases
    assert (found.id, found.errors) == ("r1", 3)
    assert found.expected == "relevant; indication: aml, mds"
    assert found.found == "not relevant; indication: glioma, mds"
    assert found.why == "no cells; glioma ← “brain cancer” (treated: in, text, title)"
    assert "1 of 2 records" in sheet.text


def test_worst_first_and_no_more_than_asked() -> None:
    given = [
        answer(said(f"r{n}", *(tag("phase", f"phase-{i}") for i in range(1, n + 1))), f"r{n}", phase=[])
        for n in (1, 3, 2)
    ]
    result = sheets(given, VOCABULARY, {}, 2)
    assert [one.id for one in result[-1].cases] == ["r3", "r2"]


@pytest.mark.parametrize("facet", ["phase", "relevant", "flags"])
def test_one_facet_alone(facet: str) -> None:
    given = answer(
        said("r1", tag("phase", "phase-1"), tag("indication", "aml"), flags=("review",)),
        relevant=False,
        flags=[],
        phase=[],
        indication=[],
    )
    result = scored(given, facet=facet)
    assert result[-1].cases[0].errors == 1
    names = {one.name.split(",")[0] for sheet in result for one in sheet.lines}
    assert names == {"phase": {"phase"}, "relevant": {"relevance"}, "flags": {"all flags", "review"}}[facet]


def test_every_facet_of_the_vocabulary_can_be_scored() -> None:
    first = {facet: min(VOCABULARY.concepts[facet]) for facet in FACETS}
    tags = [tag(facet, concept) for facet, concept in first.items()]
    expect: dict[str, Any] = {facet: [concept] for facet, concept in first.items()}
    given = answer(said("r1", *tags), **expect)
    result = scored(given)
    assert all(quality_of(result, facet).f1 == 1.0 for facet in FACETS)


def test_the_tagger_gets_the_record_without_the_answers() -> None:
    tagger = FakeTagger()
    one = RecordCase(id="r1", title="T", expect={"relevant": True}, note="n")
    (given,) = answers("records", [one], tools(tagger), Silent())
    assert given.tagged.id == "r1"
    assert "expect" not in repr(tagger.seen)
