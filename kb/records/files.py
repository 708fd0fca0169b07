"""The small files: build settings and the log of searches."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from kb.dates import PartialDate
from kb.records.common import Count, Date, Jurisdiction, Record, Text, matching


def _full_day(value: str) -> str:
    if PartialDate.parse(value).precision != "day":
        raise ValueError(f"{value!r} is not a full day (YYYY-MM-DD)")
    return value


class BuildFile(Record):
    """``data/build.yml``: the day the statuses are for, and where.

    Attributes:
        as_of: a full day; the build never asks the clock.
        jurisdictions: codes of the closed table, in the order pages show them.
        map_cell_types: columns of the evidence map.
        map_comparators: further columns that show what licensed cell products look like; their
            studies and trials are not collected.
        lineage: the cells this map is about, with everything narrower; a fetched record is relevant when such cells
            are the product.
    """

    as_of: Annotated[str, AfterValidator(_full_day)]
    jurisdictions: Annotated[tuple[Jurisdiction, ...], Field(min_length=1)]
    map_cell_types: Annotated[tuple[str, ...], Field(min_length=1)]
    map_comparators: tuple[str, ...] = ()
    lineage: Annotated[tuple[str, ...], Field(min_length=1)]


class Search(Record):
    """A search that was really run. An invented search is an invented fact.

    Attributes:
        source: which database or collection was searched.
        query: the query as it was sent.
        hits: number of results, when the source gave it.
        relevant: how many of them were about people treated with such cells for such a disease.
        complete: whether the source covers the field (a look-up in stored copies does not).
        indication, cell_type: the cell of the map the search was for.
    """

    id: Annotated[str, matching(r"SEA-[a-z0-9-]+", "a search id (SEA-pubmed-aml)")]
    source: Text
    query: Text
    date: Date
    hits: Count | None = None
    relevant: Count | None = None
    complete: bool
    indication: tuple[str, ...] = ()
    cell_type: tuple[str, ...] = ()
    kind: Literal["database", "stored_copies"]

    @model_validator(mode="after")
    def _honest(self) -> Self:
        if self.kind == "stored_copies" and self.complete:
            raise ValueError("a look-up in stored copies is not complete: complete: false")
        if self.hits is not None and self.relevant is not None and self.relevant > self.hits:
            raise ValueError(f"relevant={self.relevant} is more than hits={self.hits}")
        return self


class StandingSearch(Record):
    """A query that ``kb ingest refresh`` runs again and again. It says nothing until it was run.

    Attributes:
        source: ``pubmed``, ``clinicaltrials`` or ``europepmc``.
        query: in the language of the source.
        covers: what it is meant to find, for readers.
        since: the day it was put on the list.
    """

    id: Annotated[str, matching(r"STA-[a-z0-9-]+", "the id of a standing search (STA-pubmed-nk)")]
    source: Literal["pubmed", "clinicaltrials", "europepmc"]
    query: Text
    covers: Text
    since: Date


class SearchesFile(Record):
    """``data/searches.yml``: queries to run again and again, and searches that were really run."""

    searches: tuple[Search, ...]
    standing: tuple[StandingSearch, ...] = ()
