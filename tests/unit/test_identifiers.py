"""Registry numbers, DOIs, PMIDs, PMCIDs and ORCIDs: what is one, what only looks like one, and how it is written."""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from kb.identifiers import Found, doi, find, malformed, normalise, orcid, pmcid, pmid
from kb.records.common import Doi, Pmcid, Pmid, TrialId

TRIALS = Path(__file__).resolve().parents[2] / "data" / "trials.csv"
TRIAL_ID: TypeAdapter[str] = TypeAdapter(TrialId)
#: Registries whose numbers the reviewed records can hold today.
KNOWN = {"ClinicalTrials.gov", "ChiCTR", "jRCT", "UMIN-CTR", "EudraCT", "CTIS", "ISRCTN", "CRIS", "ANZCTR", "CTRI"}
KNOWN |= {"IRCT", "DRKS", "JapicCTI"}


def ids(text: str) -> list[str]:
    return [found.id for found in find(text)]


@pytest.mark.parametrize(
    ("text", "registry", "number"),
    [
        ("NCT01234567", "ClinicalTrials.gov", "NCT01234567"),
        ("nct01234567.", "ClinicalTrials.gov", "NCT01234567"),
        ("NCT 01234567", "ClinicalTrials.gov", "NCT01234567"),
        ("NCT 0123 4567", "ClinicalTrials.gov", "NCT01234567"),
        ("NCT0123-4567", "ClinicalTrials.gov", "NCT01234567"),
        ("NCT-01234567", "ClinicalTrials.gov", "NCT01234567"),
        ("NCT#01234567", "ClinicalTrials.gov", "NCT01234567"),
        ("NCT number: 01234567", "ClinicalTrials.gov", "NCT01234567"),
        ("NCT No. 01234567", "ClinicalTrials.gov", "NCT01234567"),
        ("#NCT01234567.", "ClinicalTrials.gov", "NCT01234567"),
        ("__NCT01234567", "ClinicalTrials.gov", "NCT01234567"),
        ("ClinicalTrials.govNCT01234567", "ClinicalTrials.gov", "NCT01234567"),
        ("https://clinicaltrials.gov/study/NCT01234567?rank=1", "ClinicalTrials.gov", "NCT01234567"),
        ("ClinicalTrials.gov identifier: 01234567", "ClinicalTrials.gov", "NCT01234567"),
        ("NCT01234567Background", "ClinicalTrials.gov", "NCT01234567"),
        ("ChiCTR-OIC-16008427", "ChiCTR", "ChiCTR-OIC-16008427"),
        ("Chictr-oic 16008427", "ChiCTR", "ChiCTR-OIC-16008427"),
        ("ChiCTR- TRC-\n09000371", "ChiCTR", "ChiCTR-TRC-09000371"),
        ("ChiCTR-TTRCC-13003835", "ChiCTR", "ChiCTR-TTRCC-13003835"),
        ("ChiCTRTRC09000371", "ChiCTR", "ChiCTR-TRC-09000371"),
        ("Chi-CTR 1900022816", "ChiCTR", "ChiCTR1900022816"),
        ("ChiCTR-1900022816", "ChiCTR", "ChiCTR1900022816"),
        ("jRCTs031190123", "jRCT", "jRCTs031190123"),
        ("JRCTA030220741", "jRCT", "jRCTa030220741"),
        ("jRCT ID: jRCT2080224678", "jRCT", "jRCT2080224678"),
        ("UMIN000012345", "UMIN-CTR", "UMIN000012345"),
        ("UMIN-CTR UMIN000012345", "UMIN-CTR", "UMIN000012345"),
        ("UMIN ID: 000012345", "UMIN-CTR", "UMIN000012345"),
        ("JPRN-UMIN000012345", "UMIN-CTR", "UMIN000012345"),
        ("UMIN-CTR number 000012345", "UMIN-CTR", "UMIN000012345"),
        ("EudraCT 2008-002130-30", "EudraCT", "2008-002130-30"),
        ("EudraCT2008-002130-30", "EudraCT", "2008-002130-30"),
        ("Eudract Number: 2008–002130–30", "EudraCT", "2008-002130-30"),
        ("EudraCT 2008 002130 30", "EudraCT", "2008-002130-30"),
        ("EudraCT 200800213030", "EudraCT", "2008-002130-30"),
        ("EUCTR2008-002130-30-DE", "EudraCT", "2008-002130-30"),
        ("2008-002130-30/3rd country", "EudraCT", "2008-002130-30"),
        ("https://www.clinicaltrialsregister.eu/ctr-search/trial/2008-002130-30/IT", "EudraCT", "2008-002130-30"),
        ("2008-002130-30", "EudraCT", "2008-002130-30"),
        ("EU CT Number 2022-501234-12-00", "CTIS", "2022-501234-12"),
        ("CTIS2022-501234-12-00", "CTIS", "2022-501234-12"),
        ("EUCT: 2022-501234-12", "CTIS", "2022-501234-12"),
        ("ISRCTN12345678", "ISRCTN", "ISRCTN12345678"),
        ("ISRCTN #ISRCTN12345678", "ISRCTN", "ISRCTN12345678"),
        ("doi10.1186/ISRCTN12345678", "ISRCTN", "ISRCTN12345678"),
        ("ISRCTN registry: 12345678", "ISRCTN", "ISRCTN12345678"),
        ("DRKS 00012345", "DRKS", "DRKS00012345"),
        ("ACTRN12621000439842", "ANZCTR", "ACTRN12621000439842"),
        ("CTRI/2020/02/023236", "CTRI", "CTRI/2020/02/023236"),
        ("CTRI Number CTRI/ 2009/091/ 000051", "CTRI", "CTRI/2009/091/000051"),
        ("KCT 0003463", "CRIS", "KCT0003463"),
        ("NTR1166", "NTR", "NTR1166"),
        ("Dutch Trial Register NTR number 854", "NTR", "NTR854"),
        ("Netherlands Trial Register, NL1234", "NTR", "NL1234"),
        ("IRCT20140818018842N35", "IRCT", "IRCT20140818018842N35"),
        ("IRCT 2014012816395 n1", "IRCT", "IRCT2014012816395N1"),
        ("JapicCTI132354", "JapicCTI", "JapicCTI-132354"),
        ("JMA IIA 00069", "JMACCT", "JMA-IIA00069"),
        ("PACTR 201008000221638", "PACTR", "PACTR201008000221638"),
        ("RBR-9B5DH7", "ReBEC", "RBR-9b5dh7"),
        ("TCTR20190102003", "TCTR", "TCTR20190102003"),
        ("SLCTR/2010/003", "SLCTR", "SLCTR/2010/003"),
        ("RPCEC00000123", "RPCEC", "RPCEC00000123"),
        ("LBCTR2019030123", "LBCTR", "LBCTR2019030123"),
        ("U1111-1234-5678", "WHO UTN", "U1111-1234-5678"),
    ],
)
def test_a_number_is_found_and_written_as_its_registry_writes_it(text: str, registry: str, number: str) -> None:
    (found,) = find(text)
    assert (found.registry, found.id) == (registry, number)
    assert registry == "NTR" or ids(number) == [number]  # NL1234 alone is not sure enough
    assert malformed(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "distinct 01234567",
        "clinicaltrials.gov 12345678",
        "ClinicalTrials.gov was searched; 01234567 hits",
        "NCT 2005-2009",
        "NCT",
        "PMC4015268",
        "PMID: 12345678",
        "R000017575",
        "UMIN R000017575",
        "Grant agreement No 2019-000123-45",
        "Ethics committee approval 2019-000123-45",
        "pp. 2008-002130-30",
        "doi: 10.1000/2008-002130-30",
        "https://doi.org/10.1000/x2008-002130-30",
        "https://example.org/2008-002130-30/file",
        "Tel +49 2008-002130-30",
        "1999-002130-30",
        "2024-002130-30",
        "2019-501234-12",
        "2008-202130-30",
        "12008-002130-30",
        "2008-002130-301",
        "2008 002130 30",
        "EudraCT 2008 00213030",
        "2008-002130-30-12",
        "protocolA2008-002130-30",
        "NCT0\n1234567",
        "200800213030",
        "HCoV-NL63",
        "p75NTR, NTR1 and NTR 2012",
        "RBR-1094",
        "CRD42013003721",
        "GSE31210 JX914505",
        "03-5841-1234",
        "ChiECRCT-20200123",
    ],
)
def test_a_look_alike_is_no_number(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "registry", "printed"),
    [
        ("trial NCT0123456 of", "ClinicalTrials.gov", "NCT0123456"),
        ("as #NCT012345678 and", "ClinicalTrials.gov", "NCT012345678"),
        ("NCT０１２３４５６", "ClinicalTrials.gov", "NCT０１２３４５６"),
        ("ISRCTN6696362166963621", "ISRCTN", "ISRCTN6696362166963621"),
        ("at ACTRN012605000095662.", "ANZCTR", "ACTRN012605000095662"),
        ("ChiCTR 16008427", "ChiCTR", "ChiCTR 16008427"),
        ("UMIN00012345", "UMIN-CTR", "UMIN00012345"),
        ("DRKS0001234", "DRKS", "DRKS0001234"),
        ("CTRI/2020/023236", "CTRI", "CTRI/2020/023236"),
    ],
)
def test_a_number_of_the_wrong_length_is_named_and_never_mended(text: str, registry: str, printed: str) -> None:
    assert find(text) == []
    (bad,) = malformed(text)
    assert (bad.registry, bad.text, text[bad.start : bad.end]) == (registry, printed, printed)
    assert re.search(r"\d|number", bad.expected)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("see NCT0123\n4567 and", "NCT0123\n4567"),
        ("see NCT0123-\n  4567 and", "NCT0123-\n  4567"),
        ("see NCT012\u200b34567 and", "NCT012\u200b34567"),
        ("see NCT0123\u00ad4567\u200b and", "NCT0123\u00ad4567"),
        ("α ＮＣＴ０１２３４５６７。", "ＮＣＴ０１２３４５６７"),
        ("é NCT\u00a001234567²", "NCT\u00a001234567"),
        ("≥ NCT‑01234567", "NCT‑01234567"),
        ("naïve NCT01234567", "NCT01234567"),
    ],
)
def test_places_point_into_the_text_as_given(text: str, at: str) -> None:
    (found,) = find(text)
    assert found.id == "NCT01234567"
    assert text[found.start : found.end] == at


@pytest.mark.parametrize("text", ["NCT0123456\n78 patients", "NCT0123456 7", "NCT0123456\n7", "NCT01234567\n8"])
def test_digits_of_the_next_word_never_complete_a_number(text: str) -> None:
    assert ids(text) in ([], ["NCT01234567"])
    assert (ids(text) == ["NCT01234567"]) == text.startswith("NCT01234567")


def test_numbers_come_in_order_with_repeats_and_do_not_overlap() -> None:
    text = "NCT00000002NCT00000001 (EudraCT 2008-002130-30, UTN U1111-1234-5678), NCT00000002; 2011-003181-32"
    found = find(text)
    assert [one.id for one in found] == [
        "NCT00000002",
        "NCT00000001",
        "2008-002130-30",
        "U1111-1234-5678",
        "NCT00000002",
        "2011-003181-32",
    ]
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert [one.registration for one in found] == [True, True, True, False, True, True]


def test_years_are_no_malformed_number_and_one_number_is_found_once() -> None:
    assert malformed("NCT 2005-2009") == []
    assert ids("Dutch Trial Register NTR1166") == ["NTR1166"]


def test_a_resubmission_is_the_same_trial() -> None:
    first, second = find("2022-501234-12-00 then 2022-501234-12-01")
    assert first.id == second.id
    assert (first.version, second.version) == ("00", "01")


@pytest.mark.parametrize(
    ("text", "bank", "expected"),
    [
        ("NCT01234567", "ClinicalTrials.gov", Found("ClinicalTrials.gov", "NCT01234567", 0, 11)),
        ("12345678", "ISRCTN", Found("ISRCTN", "ISRCTN12345678", 0, 8)),
        (" 000012345 ", "UMIN-CTR", Found("UMIN-CTR", "UMIN000012345", 1, 10)),
        ("2008-002130-30", "EUDRACT_NUMBER", Found("EudraCT", "2008-002130-30", 0, 14)),
        ("2022-501234-12-00", "CTIS", Found("CTIS", "2022-501234-12", 0, 17, "00")),
        ("NCT01234567", "ISRCTN", Found("ClinicalTrials.gov", "NCT01234567", 0, 11)),  # the prefix is the evidence
        ("1234", "NTR", Found("NTR", "NTR1234", 0, 4)),
        ("NTR854", "NTR", Found("NTR", "NTR854", 0, 6)),
        ("12345678", "", None),
        ("12345678", "GENBANK", None),
        ("1234567", "ISRCTN", None),
        ("12345678 and 87654321", "ISRCTN", None),
        ("NCT01234567, NCT01234568", "", None),
        ("", "ClinicalTrials.gov", None),
    ],
)
def test_a_field_holds_one_number_or_none(text: str, bank: str, expected: Found | None) -> None:
    assert normalise(text, bank) == expected


def test_one_number_said_twice_is_one_number() -> None:
    found = normalise("NCT01234567 (nct 01234567)")
    assert found is not None
    assert found.id == "NCT01234567"


def test_every_registration_on_file_is_its_own_canonical_form() -> None:
    with TRIALS.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) > 600
    for row in rows:
        expected = Found(row["registry"], row["id"], 0, len(row["id"]))
        assert normalise(row["id"]) == expected
        assert find(f"({row['id']}).") == [Found(row["registry"], row["id"], 1, 1 + len(row["id"]))]


ASIA = r"ChiCTR[12]\d{9}|ChiCTR-[A-Z]{3}-\d{8}|jRCT[abcs]\d{9}|UMIN\d{9}|KCT\d{7}|CTRI/20\d\d/\d\d/\d{6}|JapicCTI-\d{6}"
OTHERS = (
    r"NCT\d{8}|ISRCTN\d{8}|ACTRN\d{14}|DRKS\d{8}|IRCT20\d{12}N[1-9]|20(0[4-9]|1\d)-0\d{5}-\d\d|202[2-9]-5\d{5}-\d\d"
)
SHAPES = st.from_regex(re.compile(f"{ASIA}|{OTHERS}", re.ASCII), fullmatch=True)


@given(SHAPES, st.sampled_from(["", "(", "x; ", "registered as ", "α "]), st.sampled_from(["", ")", ".", ", and", "…"]))
@example("NCT00000000", "", "")
def test_what_is_written_canonically_is_found_canonically(number: str, before: str, after: str) -> None:
    (found,) = find(before + number + after)
    assert found.id == number
    assert (found.start, found.end) == (len(before), len(before) + len(number))
    assert found.registry in KNOWN
    assert TRIAL_ID.validate_python(found.id) == number


@given(st.text(alphabet="NCTnctUMIabcdR 0123456789-/#.:\n\u200b–０", max_size=60))
def test_reading_any_text_ends_with_places_inside_it(text: str) -> None:
    places = [(one.start, one.end) for one in find(text)] + [(one.start, one.end) for one in malformed(text)]
    assert all(0 <= start < end <= len(text) for start, end in places)
    for one in find(text):
        again = normalise(one.id)
        assert again is None or again.id == one.id


# ---------------------------------------------------------------------------- publications


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.1000/abc", "10.1000/abc"),
        ("https://doi.org/10.1000/abc.", "10.1000/abc"),
        ("http://dx.doi.org/10.1000%2Fabc?utm=1", "10.1000/abc"),
        ("doi:10.1016/S0140-6736(20)32132-2.", "10.1016/S0140-6736(20)32132-2"),
        ("(10.1016/S0140-6736(20)32132-2)", "10.1016/S0140-6736(20)32132-2"),
        ("(see 10.1000/abc).", "10.1000/abc"),
        (
            "10.1002/(SICI)1097(1999)86:2&lt;209::AID-X3&gt;3.0.CO;2-L",
            "10.1002/(SICI)1097(1999)86:2<209::AID-X3>3.0.CO;2-L",
        ),
        ("10.1000/a&amp;amp;b", "10.1000/a&b"),
        ("<a href='x'>10.1000/abc</a>", "10.1000/abc"),
        ("https://www.frontiersin.org/articles/10.3389/fimmu.2020.00001/full", "10.3389/fimmu.2020.00001"),
        ("10.1000/full", "10.1000/full"),
        ("10.12/abc", ""),
        ("", ""),
    ],
)
def test_a_doi_is_taken_out_of_what_surrounds_it(text: str, expected: str) -> None:
    assert doi(text) == expected
    assert doi(expected) == expected
    if expected and not set("<>&") & set(expected):
        assert TypeAdapter(Doi).validate_python(expected) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12345678", "12345678"),
        ("PMID: 123", "123"),
        ("https://pubmed.ncbi.nlm.nih.gov/123/", "123"),
        ("PMC123", ""),
        ("PMCID: PMC123", ""),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC123/", ""),
        ("0123", ""),
        ("123456789", ""),
        ("10.1000/123", ""),
        ("", ""),
    ],
)
def test_digits_of_a_pmcid_are_no_pmid(text: str, expected: str) -> None:
    assert pmid(text) == expected
    assert not expected or TypeAdapter(Pmid).validate_python(expected) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PMC123", "PMC123"),
        ("pmc 123", "PMC123"),
        ("PMCID: PMC123.2", "PMC123"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC123/", "PMC123"),
        ("123", ""),
        ("PMID 123", ""),
        ("PMC", ""),
    ],
)
def test_bare_digits_are_no_pmcid(text: str, expected: str) -> None:
    assert pmcid(text) == expected
    assert not expected or TypeAdapter(Pmcid).validate_python(expected) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("https://orcid.org/0000000218250097", "0000-0002-1825-0097"),
        ("http://orcid.org/0000-0002-1694-233x/", "0000-0002-1694-233X"),
        ("0000-0002-1825-0098", ""),
        ("0000-0002-1825-009", ""),
        ("", ""),
    ],
)
def test_an_orcid_with_a_wrong_check_digit_is_none(text: str, expected: str) -> None:
    assert orcid(text) == expected
