"""Abbreviations that a text defines, and brackets that define nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.tag.abbreviations import defined, definitions


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("Patients with acute myeloid leukaemia (AML) came.", "AML", "acute myeloid leukaemia"),
        ("AML (acute myeloid leukaemia) was cured.", "AML", "acute myeloid leukaemia"),
        ("natural killer (NK) cells", "NK", "natural killer"),
        ("malignant melanoma (MM)", "MM", "malignant melanoma"),
        ("multiple myeloma (MM; n = 12)", "MM", "multiple myeloma"),
        ("chronic graft-versus-host disease (cGVHD)", "cGVHD", "chronic graft-versus-host disease"),
        ("cytokine-induced killer (CIK)", "CIK", "cytokine-induced killer"),
        ("interleukin-2 (IL-2)", "IL-2", "interleukin-2"),
        ("alpha-galactosylceramide (α-GalCer)", "α-GalCer", "alpha-galactosylceramide"),
        ("α-galactosylceramide (α-GalCer)", "α-GalCer", "α-galactosylceramide"),
        ("mesenchymal stem cells (MSCs)", "MSCs", "mesenchymal stem cells"),
        ("hepatocellular carcinoma [HCC]", "HCC", "hepatocellular carcinoma"),
        ("hepatocellular carcinoma (“HCC”)", "HCC", "hepatocellular carcinoma"),
        ("overall survival (OS, primary endpoint)", "OS", "overall survival"),
        ("ACUTE MYELOID LEUKEMIA (AML)", "AML", "ACUTE MYELOID LEUKEMIA"),
        ("membrane-bound interleukin-15 (mbIL-15)", "mbIL-15", "membrane-bound interleukin-15"),
        ("chimeric antigen receptor natural killer (CAR-NK)", "CAR-NK", "chimeric antigen receptor natural killer"),
        ("quantitative polymerase chain reaction (qPCR)", "qPCR", "quantitative polymerase chain reaction"),
    ],
)
def test_defined(text: str, short: str, long: str) -> None:
    (one,) = definitions(text)
    assert (one.short, one.long) == (short, long)
    assert text[one.start_short : one.end_short] == short
    assert text[one.start_long : one.end_long] == long


@pytest.mark.parametrize(
    "text",
    [
        "",
        "()",
        "( )",
        "patients (n = 12)",
        "patients (30%)",
        "patients (mean age 61 years)",
        "were treated (see above)",
        "cells (and others)",
        "in the group (P = 0.03)",
        "a dose of 10 (9) cells",
        "Mantle (MCL)",
        "the remission group (MG)",
        "The secondary AML (MDS/AML) group",
        "unknown words (XYZ)",
        "(AML) acute myeloid leukaemia",
        "Acute disease. My elder lived (AML)",
        "acute (AML",
        "((((((AML))))))",
    ],
)
def test_nothing_defined(text: str) -> None:
    assert definitions(text) == []


def test_the_first_definition_of_a_record_holds() -> None:
    found = defined(["multiple myeloma (MM)", "malignant melanoma (MM) and natural killer (NK) cells"])
    assert found == {"MM": "multiple myeloma", "NK": "natural killer"}


def test_several_in_one_sentence() -> None:
    text = "Chimeric antigen receptor (CAR) T cells and natural killer (NK) cells in acute leukaemia (AL)."
    assert [one.short for one in definitions(text)] == ["CAR", "NK", "AL"]


@given(st.lists(st.sampled_from(["(", ")", "[", "]", "AML", "acute ", "myeloid ", "leuk ", " ", ".", "α", ";", "-"])))
def test_offsets_are_those_of_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    for one in definitions(text):
        assert text[one.start_short : one.end_short] == one.short
        assert text[one.start_long : one.end_long] == one.long
        assert len(one.long) > len(one.short)
