"""The one home of the store's shape: every table and view, in the order pages list them.

``metadata.yml``, the data dictionary and the tests are made from here; nothing exists in the store
that is not described, and nothing is described that does not exist.
"""

from __future__ import annotations

from kb.shape import DISCLAIMER, Column, Table, View
from kb.tables.authorisations import AUTHORISATIONS
from kb.tables.fetched import FETCHED
from kb.tables.graph import GRAPH
from kb.tables.judgements import JUDGEMENTS
from kb.tables.records import RECORDS
from kb.tables.tagged import TAGGED
from kb.tables.views import VIEWS

TABLES: tuple[Table, ...] = (*JUDGEMENTS, *RECORDS, *AUTHORISATIONS, *FETCHED, *TAGGED, *GRAPH)

#: Name → table, for callers that look one up.
TABLE: dict[str, Table] = {table.name: table for table in TABLES}

__all__ = ["DISCLAIMER", "TABLE", "TABLES", "VIEWS", "Column", "Table", "View"]
