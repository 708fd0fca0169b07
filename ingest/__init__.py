"""Adapters to the outside world: ask politely, keep every byte, parse offline.

Read in this order: :mod:`ingest.source` (the one shape of every source), :mod:`ingest.services` (the sources),
:mod:`ingest.transport` (how they are asked), :mod:`ingest.raw` (what is kept), :mod:`ingest.run` (list, compare,
fetch, write down), :mod:`ingest.parse` and :mod:`ingest.replay` (from bytes to records), :mod:`ingest.commands`.

Nothing in :mod:`kb` imports this package; only the command line knows both.
"""
