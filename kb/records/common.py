"""Pieces every record shares: strict base model, provenance, dates, identifiers."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from kb.dates import PartialDate
from kb.jurisdictions import JURISDICTIONS

#: How a fact was checked, best first. ``secondary`` is shown to the reader wherever it is used.
Checked = Literal["full_text", "abstract", "registry", "regulator", "secondary"]

Jurisdiction = Literal["US", "EU", "GB", "JP", "KR", "CN", "CA", "AU", "NZ", "IN", "SA"]
assert set(JURISDICTIONS) == set(Jurisdiction.__args__)  # type: ignore[attr-defined]


class Record(BaseModel):
    """Base of all records: unknown fields are errors, and records do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _date(value: Any) -> Any:
    if value is None or isinstance(value, PartialDate):
        return value
    if isinstance(value, int):  # an unquoted year
        value = str(value)
    if isinstance(value, str):
        return PartialDate.parse(value)
    raise ValueError(f"{value!r} is not a date; write YYYY, YYYY-MM or YYYY-MM-DD")


#: A date known to the year, month or day: ``2010``, ``2010-02`` or ``2010-02-20``.
Date = Annotated[PartialDate, BeforeValidator(_date), PlainSerializer(str, return_type=str, when_used="json")]


def matching(pattern: str, what: str) -> AfterValidator:
    """Validator that accepts only text of one form.

    Args:
        pattern: regular expression the whole text must match.
        what: name of the form, with an example, for the error message.
    """
    compiled = re.compile(pattern, re.ASCII)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(f"{value!r} is not {what}")
        return value

    return AfterValidator(check)


Pmid = Annotated[str, matching(r"[1-9]\d{0,7}", "a PMID (digits only, quoted)")]
Pmcid = Annotated[str, matching(r"PMC\d{1,9}", "a PMCID (e.g. 'PMC2834435')")]
Doi = Annotated[
    str, matching(r"10\.\d{4,9}/[^\s<>&]*[^\s<>&.,;]", "a DOI (e.g. '10.1200/JCO.2009.24.4590', no final dot)")
]
TrialId = Annotated[
    str,
    matching(
        r"NCT\d{8}|ChiCTR[A-Z0-9-]{6,}|jRCT[a-z]?\d{6,}|UMIN\d{9}|\d{4}-\d{6}-\d{2}(-\d{2})?"
        r"|ISRCTN\d{8}|KCT\d{7}|ACTRN\d{14}|CTRI/\d{4}/\d{2,3}/\d{6}|NTR\d{3,}|IRCT\w+"
        r"|DRKS\d{8}|JapicCTI-\d{6}",
        "a trial registration number (NCT and eight digits, ChiCTR…, jRCT…, UMIN…, EudraCT …)",
    ),
]
Url = Annotated[str, matching(r"https?://[^\s]+\.[^\s]+", "a public URL (https://…)")]
StudyId = Annotated[
    str,
    matching(
        r"PMID:[1-9]\d{0,7}|DOI:10\.\d{4,9}/\S+|PMC:PMC\d{1,9}|REC:[a-z0-9-]+",
        "a study id (PMID:…, DOI:…, PMC:PMC… or REC:slug when no public id is known)",
    ),
]
Text = Annotated[str, Field(min_length=1)]


def _no_bool(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("true and false are no counts")
    return value


Count = Annotated[int, BeforeValidator(_no_bool), Field(ge=0)]
Positive = Annotated[int, BeforeValidator(_no_bool), Field(gt=0)]
Percent = Annotated[float, BeforeValidator(_no_bool), Field(ge=0, le=100)]


class Provenance(Record):
    """Where a fact comes from. Every fact row carries these three."""

    source: Url
    retrieved: Date
    checked: Checked


class Interval(Record):
    """A confidence interval, in the unit of its estimate.

    Attributes:
        low, high: the bounds; either may be absent when open or not reached.
        level: coverage in percent (95 unless the source says otherwise).
    """

    low: float | None = None
    high: float | None = None
    level: float = 95.0

    @model_validator(mode="after")
    def _ordered(self) -> Interval:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"interval {self.low} to {self.high} is upside down")
        return self


#: A set of concept ids.
Axis = Annotated[tuple[str, ...], AfterValidator(lambda ids: tuple(sorted(set(ids))))]


class ProductKey(Record):
    """What a study tested, or what a sentence says: seven axes, each a set of concept ids.

    An empty axis is silent. Ids are those of ``data/vocabulary/<axis>.tsv``; order and repeats mean
    nothing, so each axis is kept sorted.
    """

    cell_type: Axis = ()
    cell_source: Axis = ()
    expansion: Axis = ()
    engineering: Axis = ()
    indication: Axis = ()
    setting: Axis = ()
    combination: Axis = ()


#: Axis order used everywhere: in vectors, tables and pages.
AXES: tuple[str, ...] = tuple(ProductKey.model_fields)
#: The axes that say which product it is; indication and setting say in whom.
PRODUCT_AXES: tuple[str, ...] = ("cell_type", "cell_source", "expansion", "engineering", "combination")
