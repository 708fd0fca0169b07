"""How each trial registry writes its numbers. :mod:`kb.identifiers` reads text by this table.

Forms follow what each registry prints, as listed by the WHO platform
(https://www.who.int/tools/clinical-trials-registry-platform/network/primary-registries) and checked against
the patterns of https://github.com/maia-sh/ctregistries, which were tried on 10,000 PubMed records.
Patterns expect text with plain digits, hyphens and spaces.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

#: The WHO's Universal Trial Number names a trial but registers nothing
#: (https://www.who.int/ictrp/unambiguous_identification/utn/en/).
UNIVERSAL = "WHO UTN"

#: What may stand between a prefix and its number.
_GAP = r"[\s:#.,_()+-]{0,4}(?:(?i:numbers?|no|nr|identifiers?|id|registry|register)\b[\s:#.=_()-]{0,4})?"
#: No letter or digit before, but for ".govNCT…" and numbers run together.
_HEAD = "(?:(?<![A-Za-z0-9])(?i:{0})|(?<=[a-z0-9])(?:{0}))"
#: A line may end inside a number, with two digits or more on either side.
_BREAK = r"(?:(?<=\d\d)-?[ ]*\n[ ]*(?=\d\d))?"


@dataclass(frozen=True, slots=True)
class Form:
    """How one registry writes its numbers.

    Attributes:
        hint: small letters without which a text holds no such number.
        expected: the form in words.
        right: what is accepted; ``loose`` what tries to be.
        write: body of the number → canonical form.
        near: words one of which must stand close by, where the prefix means other things too.
    """

    registry: str
    hint: str
    expected: str
    right: re.Pattern[str]
    loose: re.Pattern[str]
    write: Callable[[str], str]
    near: re.Pattern[str] | None = None


def _digits(count: int, first: str = r"\d") -> str:
    return rf"{first}(?:{_BREAK}\d){{{count - 1}}}(?!\d)"


def _only(text: str) -> str:
    return re.sub(r"\D", "", text)


def _form(
    registry: str, prefix: str, body: str, expected: str, write: Callable[[str], str], pattern: str = "", near: str = ""
) -> Form:
    head = _HEAD.format(pattern or re.escape(prefix)) + _GAP
    return Form(
        registry,
        prefix.lower(),
        expected,
        re.compile(f"{head}(?P<body>{body})"),
        re.compile(rf"{head}(?P<body>[A-Za-z]{{0,5}}[-/]?\d[\dA-Za-z/-]*(?:[ ]\d{{2,4}}\b)?)"),
        write,
        re.compile(near, re.IGNORECASE) if near else None,
    )


def _simple(registry: str, prefix: str, count: int, pattern: str = "", start: str = "") -> Form:
    start = start or prefix

    def write(body: str) -> str:
        return start + _only(body)

    return _form(registry, prefix, _digits(count), f"{start} and {count} digits", write, pattern)


def _slashes(prefix: str) -> Callable[[str], str]:
    return lambda body: "/".join((prefix, *re.findall(r"\d+", body)))


def _chictr(body: str) -> str:
    kind = re.sub(r"[^A-Za-z]", "", body).upper()
    return f"ChiCTR-{kind}-{_only(body)}" if kind else f"ChiCTR{_only(body)}"


_DUTCH = r"trials?\s?regist|trialregister"
FORMS: tuple[Form, ...] = (
    # https://clinicaltrials.gov: eight digits. In two groups they begin with 0, since
    # "NCT 2005-2009" may be years of neoadjuvant chemotherapy.
    _form(
        "ClinicalTrials.gov",
        "NCT",
        rf"{_digits(8)}|0\d{{3}}[ -]\d{{4}}(?!\d)",
        "NCT and 8 digits",
        lambda body: "NCT" + _only(body),
    ),
    # Blood and other journals print "ClinicalTrials.gov identifier: 01234567".
    _form(
        "ClinicalTrials.gov",
        "gov",
        _digits(8, "0"),
        "NCT and 8 digits",
        lambda body: "NCT" + _only(body),
        r"clinical[ -]?trials?\.?[ ]?gov",
    ),
    # http://www.controlled-trials.com/isrctn/isrctn_faqs.asp (now isrctn.com): eight random digits, no check digit.
    _simple("ISRCTN", "ISRCTN", 8),
    # https://www.chictr.org.cn: ten digits; older ones a kind of study and eight.
    _form(
        "ChiCTR",
        "CTR",
        rf"{_digits(10, '[12]')}|[A-Za-z]{{2,6}}[\s-]{{0,3}}{_digits(8)}",
        "ChiCTR and 10 digits, or ChiCTR-XXX- and 8 digits",
        _chictr,
        "Chi[ -]?CTR",
    ),
    # https://jrct.niph.go.jp: ten digits, or the letter of the law it falls under and nine.
    _form(
        "jRCT",
        "jRCT",
        rf"{_digits(10)}|[A-Za-z][ -]?{_digits(9)}",
        "jRCT and 10 digits, or jRCT, a letter and 9 digits",
        lambda body: "jRCT" + re.sub(r"[^a-z0-9]", "", body.lower()),
    ),
    # https://www.umin.ac.jp/ctr: nine digits. "R" and nine digits is a receipt; what became of the old "C" numbers
    # is not said there, so they are left alone.
    _simple("UMIN-CTR", "UMIN", 9, "UMIN(?:[ -]?CTR)?"),
    _simple("DRKS", "DRKS", 8),  # https://www.germanctr.de
    # https://www.anzctr.org.au. Fifteen digits ("ACTRN0126…") stand in papers of 2005 to 2007: malformed.
    _simple("ANZCTR", "ACTRN", 14),
    # https://ctri.nic.in: CTRI/year/month/number; the middle part had three digits at first.
    _form(
        "CTRI",
        "CTRI",
        r"/?[ ]?20\d{2}\s?[/-]\s?\d{2,3}\s?[/-]\s?\d{6}(?!\d)",
        "CTRI/year/month/ and 6 digits",
        _slashes("CTRI"),
    ),
    _simple("CRIS", "KCT", 7),  # https://cris.nih.go.kr
    # https://www.trialregister.nl. NTR is also a receptor, NL63 a virus.
    _form("NTR", "NTR", r"(?<=[Rr])[1-9]\d{3,4}(?![\d.]*\d)", "NTR and 4 or 5 digits", lambda body: "NTR" + body),
    _form("NTR", "NTR", r"[1-9]\d{2,4}(?![\d.]*\d)", "NTR and 3 to 5 digits", lambda body: "NTR" + body, near=_DUTCH),
    _form("NTR", "NL", r"[1-9]\d{3}(?![\d.-]*\d)", "NL and 4 digits", lambda body: "NL" + body, near=_DUTCH),
    # https://www.irct.ir: number of the registrant, N, number of the trial.
    _form(
        "IRCT",
        "IRCT",
        r"\d{8,18}\s?[Nn]\s?\d{1,3}(?!\d)",
        "IRCT, 8 to 18 digits, N and a number",
        lambda body: "IRCT" + re.sub(r"\s", "", body).upper(),
    ),
    # https://rctportal.niph.go.jp: other members of the Japan Primary Registries Network.
    _simple("JapicCTI", "Japic", 6, "Japic[ -]?CTI", "JapicCTI-"),
    _simple("JMACCT", "JMA", 5, "JMA[ -]?IIA", "JMA-IIA"),
    # https://www.pactr.org: year, month and a serial.
    _form("PACTR", "PACTR", r"20\d{13,14}(?!\d)", "PACTR and 15 or 16 digits", lambda body: "PACTR" + body),
    # https://www.ensaiosclinicos.gov.br: a digit, then five digits and letters without vowels
    # (http://trac.reddes.bvsalud.org/projects/clinical-trials/wiki/PrimaryIdNumberField); up to seven are let
    # through, and a letter must be among them.
    _form(
        "ReBEC",
        "RBR",
        r"\d(?=\d*[B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z])[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{5,7}(?![A-Za-z0-9])",
        "RBR-, a digit and 5 to 7 digits and letters",
        lambda body: "RBR-" + body.lower(),
        "RBR[ ]?-",
    ),
    _simple("TCTR", "TCTR", 11),  # https://www.clinicaltrials.in.th
    _form(
        "SLCTR", "SLCTR", r"/?[ ]?20\d{2}\s?[/-]\s?\d{3}(?!\d)", "SLCTR/year/ and 3 digits", _slashes("SLCTR")
    ),  # https://slctr.lk
    _simple("RPCEC", "RPCEC", 8),  # https://registroclinico.sld.cu
    _simple("LBCTR", "LBCTR", 10),  # http://lbctr.emro.who.int
    _form(
        UNIVERSAL,
        "U1111",
        r"\d{4}[ -]?\d{4}(?!\d)",
        "U1111- and two groups of 4 digits",
        lambda body: f"U1111-{_only(body)[:4]}-{_only(body)[4:]}",
    ),
)

# EudraCT numbers are YYYY-NNNNNN-CC, and CC is a check digit (https://eudract.ema.europa.eu); how it is computed is
# not public (no linear rule fits 61 real numbers), so it is not checked. Serials begin with 0. CTIS, its
# successor of 2022, counts from 500000 and adds a version (https://euclinicaltrials.eu). Country suffixes and
# "third country" belong to one application of the same trial.
EUROPE = re.compile(
    r"(?P<label>(?i:EUCTR|CTIS|EUCT|EudraCT)[ :#-]{0,2})?(?<!\d)(?<!\d[.-])(?P<year>20\d\d)"
    r"(?P<a>[ ]?-[ \n]?|[ .]|)(?P<serial>[05]\d{5})(?P<b>[ ]?-[ \n]?|[ .]|)(?P<check>\d\d)"
    r"(?:-(?P<version>\d\d))?(?!\d)(?!-\d)(?:[-/ ]?(?i:3rd|third country)\b|[-/][A-Z]{2}(?![A-Za-z]))?"
)
EUROPE_LABEL = re.compile(
    r"eudra|edract|euctr|\beu[ -]?ct\b|\beuct\b|\bctis\b|eu(?:ropean)?(?: union)? clinical trials?|euclinicaltrials|"
    r"clinicaltrialsregister",
    re.IGNORECASE,
)
#: What a number of the same shape is called where it is something else.
OTHER_NUMBER = re.compile(
    r"\b(?:grant|award|contract|agreement|project|funding|tel|phone|fax|issn|isbn|patent|pp|pages?|ethics?|approval|"
    r"irb|committee|lot|batch|catalog(?:ue)?)\b\.?[^.;]{0,25}$",
    re.IGNORECASE,
)
#: An address or DOI: what looks like a European number in it is none, unless the address is of the register.
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b10\.\d{4,9}/\S+", re.IGNORECASE)

#: Names of data banks (MEDLINE, ClinicalTrials.gov's secondary ids) → what to write before a bare number.
BANKS = {
    "clinicaltrialsgov": "NCT",
    "isrctn": "ISRCTN",
    "chictr": "ChiCTR",
    "jrct": "jRCT",
    "umin": "UMIN",
    "uminctr": "UMIN",
    "drks": "DRKS",
    "anzctr": "ACTRN",
    "ctri": "CTRI/",
    "cris": "KCT",
    "ntr": "trial register NTR",
    "irct": "IRCT",
    "japiccti": "JapicCTI-",
    "jmacct": "JMA-IIA",
    "pactr": "PACTR",
    "rebec": "RBR-",
    "tctr": "TCTR",
    "slctr": "SLCTR/",
    "rpcec": "RPCEC",
    "lbctr": "LBCTR",
    "eudract": "EudraCT ",
    "eudractnumber": "EudraCT ",
    "euctr": "EUCTR",
    "ctis": "CTIS",
    "ctisnumber": "CTIS",
    "utn": "U1111-",
}
