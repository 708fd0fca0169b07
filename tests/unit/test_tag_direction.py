"""Direction of a result: made-up sentences in the manner of abstracts, and what a reader would say of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import DataError
from kb.tag.direction import CHANGES, MODEL, DirectionJudge, Verdict
from kb.tag.direction_cues import cues
from kb.tag.direction_defined import defined
from kb.tag.direction_features import hashed, of_sentence, weights_of
from kb.tag.direction_figures import compared
from kb.tag.direction_reading import Reading, read
from kb.tag.direction_rules import answer, nearest_p
from kb.tag.direction_text import plain, question
from tests.conftest import DATA, ROOT

CORPUS = ROOT.parent / "shared" / "corpora" / "outcome_direction"


@pytest.fixture(scope="module")
def judge() -> DirectionJudge:
    return DirectionJudge.load(DATA)


def reading(text: str, outcome: str, intervention: str = "drug X", comparator: str = "placebo") -> Reading:
    return read(text, question(outcome, intervention, comparator))


PAIRS = (
    ("Pain scores were significantly lower with zelmorin than with placebo (P = 0.01).", "pain score", "decreased"),
    ("Pain scores were significantly lower with placebo than with zelmorin (P = 0.01).", "pain score", "increased"),
    ("Compared with placebo, zelmorin significantly increased haemoglobin (P < 0.001).", "haemoglobin", "increased"),
    ("There was no significant difference in mortality between the groups (P = 0.45).", "mortality", "no_difference"),
    ("Mortality did not differ between zelmorin and placebo.", "mortality", "no_difference"),
    ("Relapse was similar in both groups (21% vs 23%, P = 0.7).", "relapse", "no_difference"),
    ("Zelmorin did not reduce relapse compared with placebo (P = 0.3).", "relapse", "no_difference"),
    ("Mortality was 12% with zelmorin and 11% with placebo (P = 0.62).", "mortality", "no_difference"),
    ("The hazard ratio for death was 0.91 (95% CI 0.70-1.19; P = 0.5).", "death", "no_difference"),
    ("Zelmorin prolonged progression-free survival compared with placebo (P = 0.002).", "survival", "increased"),
    ("Greater reductions in HbA1c were seen with zelmorin than with placebo (P < 0.001).", "HbA1c", "decreased"),
    ("Nausea was more frequent in the zelmorin group than in the placebo group (P = 0.02).", "nausea", "increased"),
    (
        "Fewer patients in the zelmorin group had pneumonia than in the control group (P = 0.03).",
        "pneumonia",
        "decreased",
    ),
    ("Quality of life improved significantly more with zelmorin than with placebo.", "quality of life", "increased"),
    ("Patients on placebo had significantly higher viral load than those on zelmorin.", "viral load", "decreased"),
    ("Median survival was 14.1 months with zelmorin and 9.8 months with placebo (P = 0.01).", "survival", "increased"),
)


@pytest.mark.parametrize(("text", "outcome", "change"), PAIRS)
def test_plain_sentences(judge: DirectionJudge, text: str, outcome: str, change: str) -> None:
    verdict = judge.judge(text, outcome, "zelmorin", "placebo")
    assert verdict.change == change
    assert verdict.comparative


#: A sentence and one that says the opposite of the same groups.
MIRRORED = (
    ("Pain was lower with zelmorin than with brastil{}.", "Pain was lower with brastil than with zelmorin{}."),
    ("Compared with brastil, zelmorin reduced pain{}.", "Compared with zelmorin, brastil reduced pain{}."),
    ("Pain was 12% with zelmorin and 31% with brastil{}.", "Pain was 12% with brastil and 31% with zelmorin{}."),
    (
        "Pain: 12% in the zelmorin, 31% in the brastil group{}.",
        "Pain: 31% in the zelmorin, 12% in the brastil group{}.",
    ),
    (
        "Pain fell from 31% with brastil to 12% with zelmorin{}.",
        "Pain fell from 31% with zelmorin to 12% with brastil{}.",
    ),
)


@pytest.mark.parametrize(("less", "more"), MIRRORED)
def test_which_group_is_spoken_of_decides(judge: DirectionJudge, less: str, more: str) -> None:
    less, more = less.format(" (P = 0.001)"), more.format(" (P = 0.001)")
    assert judge.judge(less, "pain", "zelmorin", "brastil").change == "decreased"
    assert judge.judge(more, "pain", "zelmorin", "brastil").change == "increased"
    assert judge.judge(less, "pain", "brastil", "zelmorin").change == "increased"
    assert judge.judge(more, "pain", "brastil", "zelmorin").change == "decreased"


RULES = (
    ("P not below 0.05", "Relapse was lower with drug X than with placebo (P = 0.08).", "relapse", "no_difference"),
    ("said not to differ", "Relapse was comparable in both groups.", "relapse", "no_difference"),
    ("interval includes no difference", "Relapse: hazard ratio 0.8 (95% CI 0.6 to 1.1).", "relapse", "no_difference"),
    ("comparative, both groups named", "Relapse was higher with placebo than with drug X.", "relapse", "decreased"),
    ("comparative, group named", "Relapse was less frequent in the placebo group (P = 0.01).", "relapse", "increased"),
    ("change, no group named", "Relapse was significantly reduced (P = 0.01).", "relapse", "decreased"),
    ("change denied", "Drug X did not prolong overall survival.", "overall survival", "no_difference"),
    ("figures of both groups", "Relapse was 31% with drug X and 48% with placebo (P = 0.02).", "relapse", "decreased"),
    ("ratio or interval on one side", "For death the odds ratio was 0.55 (95% CI 0.4-0.8).", "death", "decreased"),
    (
        "said not to differ, elsewhere in the passage",
        "Relapse was noted. Groups were similar.",
        "relapse",
        "no_difference",
    ),
)


@pytest.mark.parametrize(("rule", "text", "outcome", "change"), RULES)
def test_each_rule_speaks_by_its_name(rule: str, text: str, outcome: str, change: str) -> None:
    said = answer(reading(text, outcome), outcome)
    assert said is not None
    assert (said.rule, said.change) == (rule, change)


def test_no_rule_speaks_of_a_text_without_cues() -> None:
    assert answer(reading("Patients came in spring.", "relapse"), "relapse") is None


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Relapse was 31% with drug X and 48% with placebo.", -1),
        ("Relapse was 48% in the placebo group and 31% in the drug X group.", -1),
        ("Relapse with drug X (48%) and placebo (31%) was recorded.", 1),
        ("Relapse in the placebo and drug X groups was 48% and 31%, respectively.", -1),
        ("Relapse was 48 vs 31 in the drug X and placebo groups, respectively.", 1),
        ("With drug X 12/40 patients (30%) relapsed, and with placebo 9/18 (50%).", -1),
        ("Relapse took 9.5 (22.1) days with drug X and 17.5 (14.5) days with placebo.", -1),
        ("Relapse took 12.0 ± 3.1 days in the drug X group and 14.2 ± 2.9 days in the placebo group.", -1),
        ("Relapse with drug X at 12 weeks in 40 patients was 31%, and with placebo 48%.", -1),
        ("Pain, fever and relapse were 9% vs 3%, 5% vs 4% and 20% vs 35% with drug X and placebo.", -1),
    ],
)
def test_figures_of_both_groups(text: str, sign: int) -> None:
    found = compared(reading(text, "relapse"))
    assert found is not None
    assert found[0] == sign


@pytest.mark.parametrize(
    "text",
    [
        "Relapse fell from 48% to 31%.",
        "Drug X 20 mg or placebo was given for 12 weeks.",
        "Relapse was seen.",
        "n = 31, n = 48",
    ],
)
def test_no_figures_to_compare(text: str) -> None:
    assert compared(reading(text, "relapse")) is None


def test_p_values_follow_the_order_of_a_list() -> None:
    text = "Fever and relapse were rarer with drug X (P = 0.4 and P = 0.01, respectively)."
    values = {outcome: nearest_p(reading(text, outcome)) for outcome in ("fever", "relapse")}
    assert [cue and cue.value for cue in values.values()] == [0.4, 0.01]


def test_the_sentence_that_names_most_of_the_outcome_is_marked() -> None:
    asked = question("stroke", "gel", "placebo")
    readings = [read(text, asked) for text in ("We gave gel.", "Stroke was rare.")]
    marked = [set(of_sentence(readings, at, weights_of(readings))) for at in range(2)]
    assert "s:share,top=0,False" in marked[0]
    assert "s:share,top=5,True" in marked[1]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("P<0.05", ["P+"]),
        ("p = 0.05", ["P+"]),
        ("P=.16", ["P-"]),
        ("P > 0.05", ["P-"]),
        ("p = 0·03", ["P+"]),
        ("P = NS", ["P-"]),
        ("P&lt;0.01", ["P+"]),
        ("(95% CI -0.2 to 1.4)", ["CI0"]),
        ("hazard ratio 0.7, 95% CI 0.5-0.9", ["R<", "CI<"]),
        ("OR 1.8 (1.2 to 2.6)", ["R>", "CI>"]),
        ("odds ratio 1.3 (0.8 to 2.1)", ["R>", "CI0"]),
        ("either drug or 1.5 of it", ["NUM"]),
        ("no statistically significant difference", ["SAME"]),
        ("did not differ", ["SAME"]),
        ("a trend towards", ["SAME"]),
        ("unlike a higher", ["UP"]),
    ],
)
def test_cues(text: str, kinds: list[str]) -> None:
    assert [cue.kind for cue in cues(plain(text).text)] == kinds


def test_an_arm_is_named_by_its_own_words_its_letters_or_its_label() -> None:
    def arms(text: str, one: str, two: str) -> list[str]:
        return [mention.arm for mention in read(text, question("pain", one, two)).mentions]

    assert arms("CBT was better than usual care", "cognitive behaviour therapy", "usual care") == ["INT", "CMP"]
    assert arms("higher in group B than in group A", "Group A: gel", "Group B: cream") == ["CMP", "INT"]
    assert arms("gel with ice against gel alone", "gel with ice", "gel alone") == ["INT", "CMP"]
    assert arms("20% with gel and 40% without.", "gel", "no gel") == ["INT", "CMP"]
    assert arms("the intervention group and controls", "gel", "cream") == ["INT", "CMP"]
    assert arms("in the no-gel group and in the gel group", "gel", "no gel") == ["CMP", "INT"]
    assert arms("with ice, or alone", "gel with ice", "gel alone") == ["INT", "CMP"]
    assert arms("in both gel groups", "rose gel", "mint gel") == []


def test_an_abbreviation_defined_in_the_text_stands_for_the_outcome() -> None:
    text = "The outcome was overall survival (OS). OS was longer."
    asked = defined(text, question("overall survival", "drug X", "placebo"))
    assert ("os", "OUT") in asked.letters
    assert read("OS was longer.", asked).covered > 0
    assert ("os", "OUT") not in defined("Ova splitting (OS) was seen.", question("pain", "X", "Y")).letters


ABSTRACT = (
    "Background: Zelmorin may reduce relapse. Methods: We gave zelmorin or placebo to 120 adults. "
    "Results: Groups were similar in age at baseline. Relapse at one year was significantly lower with zelmorin than "
    "with placebo (18% vs 34%; P = 0.01). Headache did not differ between the groups (P = 0.6). Fever was more common "
    "with zelmorin than with placebo (P = 0.02). Conclusions: Larger trials are needed."
)


@pytest.mark.parametrize(
    ("outcome", "change", "begins"),
    [
        ("relapse", "decreased", "Relapse at"),
        ("headache", "no_difference", "Headache"),
        ("fever", "increased", "Fever"),
    ],
)
def test_an_abstract_is_searched_for_its_sentence(
    judge: DirectionJudge, outcome: str, change: str, begins: str
) -> None:
    verdict = judge.judge(ABSTRACT, outcome, "zelmorin", "placebo")
    assert verdict.change == change
    assert ABSTRACT[verdict.start : verdict.end].startswith(begins)
    assert verdict.found == 1


def test_an_outcome_the_abstract_passes_over_is_not_found(judge: DirectionJudge) -> None:
    verdict = judge.judge(ABSTRACT, "ejection fraction", "zelmorin", "placebo")
    assert verdict.found == 0
    assert verdict.probability < 0.8


def test_offsets_are_those_of_the_text_as_given(judge: DirectionJudge) -> None:
    text = "  Relapse&#x000a0;was lower&nbsp;with gel than with placebo (P&#x02009;&lt;&#x02009;0&#183;01)."
    verdict = judge.judge(text, "relapse", "gel", "placebo")
    assert (verdict.change, verdict.cue) == ("decreased", "lower")
    assert text[verdict.cue_start : verdict.cue_end] == "lower"
    assert text[verdict.start : verdict.end] == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "Six of 11 patients responded.",
        "Median overall survival was 13 months after the cells.",
        "No serious adverse events were seen.",
        "Viral load was unchanged from baseline.",
        "Scores were higher than at baseline.",
        "Survival was not reported for the two arms.",
    ],
)
def test_without_a_second_group_nothing_is_compared(judge: DirectionJudge, text: str) -> None:
    assert not judge.judge(text, "survival", "cells", "no cells").comparative


def test_model_only_has_no_cue(judge: DirectionJudge) -> None:
    verdict = judge.judge("Patients came in spring.", "relapse", "gel", "placebo")
    assert (verdict.rule, verdict.cue, verdict.cue_start) == ("model only", "", verdict.start)


def test_an_unsure_model_gives_way_to_figures() -> None:
    text = "Relapse was 48% with gel and 31% with placebo."
    asked = ("relapse", "gel", "placebo")
    unsure = DirectionJudge({}, {})
    assert unsure.judge(text, *asked).change == "increased"
    sure = DirectionJudge({hashed(iter(["bias"]))[0]: (9.0, 0.0, 0.0)}, {})
    assert sure.judge(text, *asked).change == "decreased"
    assert sure.judge(text, *asked).rule == "model only"


def test_features_are_hashed_alike_everywhere() -> None:
    assert hashed(iter(["bias", "change=increased", "bias"])) == [69301, 92763]


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"change": {"1": [1]}, "evidence": {}, "summary": []}', "\x00"])
def test_a_file_without_weights_says_so(tmp_path: Path, body: str) -> None:
    path = tmp_path / "weights.json"
    path.write_text(body, encoding="utf-8")
    with pytest.raises(DataError, match="train_direction"):
        DirectionJudge.load(path)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no weights can be read"):
        DirectionJudge.load(tmp_path)


def test_the_shipped_weights_name_their_corpus_and_hold_no_text() -> None:
    raw = json.loads((DATA / MODEL).read_text(encoding="utf-8"))
    assert "MIT" in raw["corpus"]
    assert all(len(digest) == 64 for digest in raw["files"].values())
    assert all(place.isdigit() for part in ("change", "evidence") for place in raw[part])
    assert (DATA / MODEL).stat().st_size < 1_500_000


def fine(verdict: Verdict, text: str) -> bool:
    return (
        verdict.change in CHANGES
        and 0 < verdict.probability <= 1
        and 0 <= verdict.start <= verdict.end <= len(text)
        and verdict.cue == text[verdict.cue_start : verdict.cue_end]
        and 0 <= verdict.found <= 1
    )


def test_an_endless_text_is_read_up_to_a_limit(judge: DirectionJudge) -> None:
    verdict = judge.judge("Relapse was lower with gel than with placebo. " * 5_000, "relapse", "gel", "placebo")
    assert verdict.change == "decreased"
    assert verdict.end < 20_000


@given(st.text(max_size=300), st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_text_gets_a_verdict(text: str, outcome: str, one: str, two: str) -> None:
    judge = DirectionJudge.load(DATA) if not _HELD else _HELD[0]
    _HELD[:] = [judge]
    assert fine(judge.judge(text, outcome, one, two), text)


_HELD: list[DirectionJudge] = []


@pytest.mark.parametrize(
    "text",
    [
        *(
            "P = " * 20_000,
            "no " * 30_000,
            "(" * 50_000,
            "95% CI " * 10_000,
            "1 vs " * 20_000,
            "& #" * 20_000,
            "a" * 200_000,
        ),
        *(
            "was not significantly " * 5_000,
            "ratio " * 20_000,
            "1,000" * 20_000,
            "a" * 200_000,
            "at the level of " * 10_000,
        ),
    ],
)
def test_hostile_text_ends(judge: DirectionJudge, text: str) -> None:
    assert fine(judge.judge(text, "relapse", "gel", "placebo"), text)


@pytest.mark.shared
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpora lie beside the project only where it is developed")
def test_papers_never_trained_on(judge: DirectionJudge) -> None:
    from tests.benchmarks.direction_corpus import cases

    held = [case for case in cases(CORPUS) if case.held_out]
    right = sum(judge.judge(c.evidence, c.outcome, c.intervention, c.comparator).change == c.label for c in held)
    assert len(held) > 900
    assert right / len(held) >= 0.83
