"""Source, expansion, engineering, combination and setting: of the product and the treated people, not of the rest."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kb.errors import DataError
from kb.tag.refinements import Refinements, load_refinements
from tests.unit.tagging import DATA, article, concepts, registration, vocabulary

_GIVEN = "We gave NK cells {} to nine patients with acute myeloid leukaemia."
_TREATED = "Nine patients with lymphoma received NK cells {}."


def _of(facet: str, text: str, title: str = "NK cell infusions in blood cancer") -> set[str]:
    return concepts(article(title, text), facet)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("of a healthy donor", {"unrelated-donor"}),
        ("from unrelated random donors", {"unrelated-donor"}),
        ("from a parent", {"related-donor"}),
        ("from a brother or sister", {"related-donor"}),
        ("from his mother, who shared one haplotype,", {"haploidentical"}),
        ("grown from their own blood", {"autologous"}),
        ("of their stem cell donor", {"transplant-donor"}),
        ("washed out of the perfusate of the donor liver", {"liver-graft-donor"}),
        ("expanded from banked umbilical cord blood", {"cord-blood"}),
        ("", set()),
    ],
)
def test_source_in_many_words(words: str, wanted: set[str]) -> None:
    assert _of("cell_source", _GIVEN.format(words)) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Nine patients received NK cells after autologous stem cell transplantation.",
        "Nine patients received NK cells in autologous plasma.",
        "Nine patients received NK cells; autologous dendritic cells were not used.",
        "Nine patients received NK cells. Treatment-related deaths were two.",
        "Nine patients received NK cells. NK cells were traced in the blood of patients for a week.",
        "Nine patients received NK cells after a transplant from an unrelated donor.",
        "Nine patients received NK cells. The dendritic cells used in a test came from a healthy donor.",
    ],
)
def test_source_of_something_else(text: str) -> None:
    assert _of("cell_source", text) == set()


def test_source_in_the_sentence_after() -> None:
    text = "Nine patients received NK cells. The cells had been collected from a healthy relative by leukapheresis."
    assert _of("cell_source", text) == {"related-donor"}


def test_donor_of_a_haploidentical_transplant() -> None:
    text = "Eight children underwent haploidentical transplantation and received NK cells of the same donor on day +7."
    tagged = article("NK cells for leukaemia", text)
    assert concepts(tagged, "cell_source") == {"haploidentical", "transplant-donor"}
    assert "the donor of a haploidentical transplant" in {tag.rule for tag in tagged.tags}
    assert "haplo-transplant" in concepts(tagged, "combination")


def test_same_sister() -> None:
    text = (
        "A man relapsed after transplantation from his HLA-identical sister. He was given three infusions of NK cells "
        "from the same sister."
    )
    assert _of("cell_source", text) == {"matched-related", "transplant-donor"}


def test_healthy_donors_of_the_laboratory() -> None:
    text = "Nine patients received autologous NK cells. Killing was weaker than that of NK cells from healthy donors."
    assert _of("cell_source", text) == {"autologous"}


def test_healthy_donors_beside_another_source() -> None:
    text = "Nine patients received haploidentical NK cells. NK cells were also isolated from healthy donors."
    assert _of("cell_source", text) == {"haploidentical"}


def test_earlier_finding_on_other_cells() -> None:
    text = (
        "We reported that autologous NK cells rarely help in lymphoma. Here six patients received haploidentical NK "
        "cells; two responded."
    )
    assert _of("cell_source", text) == {"haploidentical"}


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("expanded for 14 days on feeder cells", {"ex-vivo-expanded"}),
        ("cultured for three weeks", {"ex-vivo-expanded"}),
        ("amplified in a bioreactor", {"ex-vivo-expanded"}),
        ("activated overnight with IL-2", {"short-activation"}),
        ("incubated with IL-15 for 16 hours", {"short-activation"}),
        ("kept overnight in medium", {"short-activation"}),
        ("cultured for 24 h", {"short-activation"}),
        ("stimulated with IL-2 for 10 days", {"ex-vivo-expanded"}),
        ("purified and given without any culture", {"not-expanded"}),
        ("that had not been expanded", {"not-expanded"}),
        ("daily for 14 days", set()),
    ],
)
def test_expansion_by_words_and_time(words: str, wanted: set[str]) -> None:
    assert _of("expansion", _TREATED.format(words)) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Nine patients received NK cells. In vivo expansion of NK cells was seen in four.",
        "Nine patients received NK cells. The NK cells expanded in 5 of 9 patients and persisted for 14 days.",
        "Nine patients received activated NK cells every 14 days.",
        "Nine patients received NK cells, 12 in an expanded cohort.",
        "Nine patients received NK cells; T cells were cultured for 14 days for a test.",
    ],
)
def test_no_expansion(text: str) -> None:
    assert _of("expansion", text) == set()


def test_preactivated_cells_that_were_grown() -> None:
    assert _of("expansion", _TREATED.format("preactivated and then expanded ex vivo")) == {"ex-vivo-expanded"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Cord blood NK cells transduced with a CD19 CAR were given to 9 patients.", {"car"}),
        ("NK cells with a high-affinity, non-cleavable CD16 were given to 9 patients.", {"other-engineering"}),
        ("NK cells were given to 9 patients. The cells had not been genetically modified.", {"not-engineered"}),
        ("NK cells expanded on genetically modified K562 feeder cells were given to 9 patients.", set()),
        ("NK cells expanded with K562 feeder cells expressing membrane-bound IL-15 were given to 9 patients.", set()),
    ],
)
def test_engineering_is_that_of_the_product(text: str, wanted: set[str]) -> None:
    assert _of("engineering", text) == wanted


@pytest.mark.parametrize(
    "words",
    [
        "fludarabine and cyclophosphamide",
        "cyclophosphamide and then fludarabine",
        "fludarabine/cyclophosphamide",
        "Flu/Cy",
        "cyclophosphamide (60 mg/kg) and fludarabine (25 mg/m2 for five days)",
        "lymphodepletion with cyclophosphamide alone",
        "lymphodepleting chemotherapy",
        "fludarabine, cyclophosphamide and etoposide",
    ],
)
def test_lymphodepletion_by_its_drugs(words: str) -> None:
    assert _of("combination", f"Nine patients with AML received {words} and then NK cells.") == {"lymphodepletion"}


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("with topotecan and cyclophosphamide", {"chemotherapy"}),
        ("with gemcitabine and docetaxel", {"chemotherapy"}),
        ("together with rituximab", {"rituximab"}),
        ("and dabrafenib", {"targeted-drug"}),
        ("with or without cetuximab", {"cetuximab"}),
        ("and six doses of subcutaneous interleukin-2", {"il-2"}),
        ("activated with interleukin-2", set()),
        ("expanded with IL-15 and IL-21", set()),
        ("kept overnight in IL-2, and six doses of subcutaneous IL-2", {"il-2"}),
        ("engineered with a CAR and IL-15", set()),
        ("without any other treatment", {"alone"}),
        ("as monotherapy", {"alone"}),
        ("after failure of pembrolizumab", set()),
        ("after curative resection", set()),
    ],
)
def test_partner(words: str, wanted: set[str]) -> None:
    assert _of("combination", _TREATED.format(words)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Patients were assigned to pembrolizumab plus NK cells or to pembrolizumab alone.", {"checkpoint-inhibitor"}),
        ("Nine patients received NK cells. They were compared with 20 given donor lymphocytes.", set()),
        ("Sixteen patients received NK cells or donor lymphocytes.", set()),
        ("Nine patients received NK cells. The control group got sorafenib.", set()),
        ("Nine patients received NK cells; twelve received sorafenib only.", set()),
        ("Nine patients received NK cells. Serum IL-2 levels were measured before infusions.", set()),
        ("Eight patients underwent repeat resection, during which NK cells were injected.", {"surgery"}),
        ("Nine patients had irradiated NK-92 cells infused.", set()),
    ],
)
def test_only_what_went_with_the_product(text: str, wanted: set[str]) -> None:
    assert _of("combination", text, "NK cells in cancer") == wanted


def test_partner_denied() -> None:
    tagged = article("NK cells in cancer", "Nine patients received NK cells without lymphodepletion.")
    assert concepts(tagged, "combination") == set()
    assert concepts(tagged, "combination", "absent") == {"lymphodepletion"}


def test_drugs_of_a_registration() -> None:
    tagged = registration(
        "Study of NK Cells",
        conditions=["Lymphoma"],
        interventions=["NK cells", "Cyclophosphamide", "Fludarabine", "Rituximab"],
    )
    assert concepts(tagged, "combination") == {"lymphodepletion", "rituximab"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Nine adults with advanced gastric cancer received NK cells.", {"adult", "advanced"}),
        ("Nine patients whose AML had relapsed received NK cells.", {"relapsed-refractory"}),
        ("Nine patients with AML received NK cells; three relapsed at six months.", set()),
        ("Nine patients with AML received NK cells. Two achieved complete remission.", set()),
        ("Nine patients with AML in first complete remission received NK cells.", {"first-remission"}),
        ("Nine patients with AML received NK cells. All adverse events were mild fever.", set()),
        (
            "Nine patients with myeloma in relapse after autologous transplantation received NK cells.",
            {"relapsed-refractory", "after-transplant"},
        ),
        ("Nine patients received NK cells after curative resection of liver cancer.", {"adjuvant"}),
        ("Nine recipients of a living donor liver received NK cells.", {"after-liver-transplant"}),
        ("Nine women with ovarian cancer received NK cells.", set()),
        ("Nine patients received NK cells after failure of first-line treatment.", set()),
        ("Nine patients received NK cells, of whom three relapsed at six months.", set()),
        ("Nine patients with melanoma received NK cells, with a low rate of metastatic disease.", set()),
        ("In our mice with metastatic cancer NK cells homed to the lung. Nine patients received NK cells.", set()),
    ],
)
def test_setting(text: str, wanted: set[str]) -> None:
    assert _of("setting", text, "NK cells in cancer") == wanted


def test_eligibility_tells_failed_treatment_before_its_exclusions_only() -> None:
    asked = registration(
        "NK Cells in Lymphoma", eligibility="Relapsed or refractory disease. Exclusion: metastatic disease."
    )
    assert concepts(asked, "setting") == {"relapsed-refractory"}
    barred = registration("NK Cells in Lymphoma", eligibility="Exclusion: relapsed disease.")
    assert concepts(barred, "setting") == set()


def test_roots_are_never_tags() -> None:
    tagged = article(
        "NK cells combined with transplantation", "Nine transplant recipients received NK cells in combination."
    )
    assert not {"partner", "transplantation", "line", "age", "any-source"} & {tag.concept for tag in tagged.tags}


def test_same_tags_twice() -> None:
    text = "Nine adults received haploidentical NK cells, activated overnight, after fludarabine and cyclophosphamide."
    assert article("NK cells", text).tags == article("NK cells", text).tags


@pytest.mark.parametrize("filler", ["and then ", "after failed ", "cultured with ", "-", "(", " ", "5 "])
def test_hostile_text_ends(filler: str) -> None:
    text = "Nine patients received NK cells expanded with fludarabine " + filler * 2000 + "cyclophosphamide for 5 days."
    assert article("NK cells", text).relevant in (True, False)


@pytest.fixture(scope="module")
def rules() -> Refinements:
    """The shipped rules."""
    return load_refinements(DATA, vocabulary())


@pytest.mark.parametrize(
    ("concept", "sentence", "engineering", "wanted"),
    [
        ("nk", "NK cells were generated ex vivo from CD34+ progenitors of cord blood.", [], "progenitor-nk"),
        ("nk", "Placental CD34+-derived natural killer cells were given.", [], "progenitor-nk"),
        ("nk", "NK cells were differentiated from iPSC by way of CD34+ cells.", [], "nk"),
        ("nk", "NK cells were infused after CD34-selected grafts.", [], "nk"),
        ("nk", "NK cells were activated with IL-12, IL-15 and IL-18 and infused.", [], "memory-like-nk"),
        ("nk", "NK cells, preactivated with IL-12, IL-15 and IL-18, were expanded on feeder cells.", [], "nk"),
        ("nk", "NK cells were given.", ["car"], "car-nk"),
        ("nk-cell-line", "NK-92 cells were given.", ["car"], "car-nk"),
        ("inkt", "iNKT cells were given.", ["car"], "car-nkt"),
        ("nkt", "Vα24 NKT cells were given.", [], "inkt"),
        ("msc", "Stromal cells were given.", ["car"], "msc"),
    ],
)
def test_refined(rules: Refinements, concept: str, sentence: str, engineering: list[str], wanted: str) -> None:
    assert rules.refined(concept, [sentence], engineering) == wanted


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("nk\t\\bx\\b\t\tno-such-cell\t", "'no-such-cell' is no concept"),
        ("nk\t\tno-such-gene\tcar-nk\t", "'no-such-gene' is no concept"),
        ("nk\t\t\tcar-nk\t", "without a condition"),
        ("nk\t(\t\tcar-nk\t", "no regular expression"),
        ("nk\tCD34\t\tcar-nk\t", "never matches"),
        ("nk\tx\t\tcar-t\t", "no kind of nk"),
        ("nk\tx\t\tnk\t", "no kind of nk"),
        ("nk\t\tcar\tcar-nk\t\nnk\tx\tcar\tmemory-like-nk\t", "never reached"),
    ],
)
def test_wrong_refinement_is_refused_with_its_line(tmp_path: Path, row: str, complaint: str) -> None:
    root = tmp_path / "data"
    shutil.copytree(DATA / "rules", root / "rules")
    path = root / "rules" / "refinements.tsv"
    path.write_text("cell_type\twords\tengineering\tbecomes\tnote\n" + row + "\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_refinements(root, vocabulary())
    problem = caught.value.problems[-1]
    assert complaint in problem.message
    assert (problem.file, problem.line) == ("data/rules/refinements.tsv", 1 + len(row.split("\n")))
    assert problem.remedy
