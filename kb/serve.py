"""``kb serve``: Datasette over a finished store, read-only."""

from __future__ import annotations

import asyncio
import errno
import socket
from pathlib import Path
from typing import Any

from kb.errors import KbError
from kb.metadata import metadata

#: Measured settings (see CONTRIBUTING, "Datasette"): suggested facets cost most of a page's time,
#: CSV must never be cut, and no visitor may run SQL of their own.
SETTINGS: dict[str, Any] = {
    "suggest_facets": False,
    "default_allow_sql": False,
    "max_csv_mb": 0,
    "max_returned_rows": 1000,
    "facet_time_limit_ms": 1000,
    "sql_time_limit_ms": 2000,
    "truncate_cells_html": 400,
    "default_page_size": 50,
    "allow_download": True,
}


def free_port(host: str, wanted: int, tries: int = 20) -> int:
    """Return ``wanted`` or the next free port after it.

    Raises:
        KbError: none of the ports tried is free.
    """
    for port in range(wanted, min(wanted + tries, 65536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    continue
                reason = error.strerror or str(error)
                raise KbError(f"cannot listen on {host}:{port}: {reason}; choose another --host or --port") from error
            return port
    last = min(wanted + tries, 65536) - 1
    raise KbError(f"ports {wanted} to {last} are all taken; choose another with --port")


def application(db: Path) -> Any:
    """Return a Datasette instance over the store (also used by tests)."""
    from datasette.app import Datasette

    return Datasette([], immutables=[str(db)], metadata=metadata(), settings=SETTINGS)


def serve(db: Path, host: str, port: int) -> None:
    """Serve until interrupted."""
    import uvicorn

    site = application(db)
    asyncio.run(site.invoke_startup())
    uvicorn.run(site.app(), host=host, port=port, log_level="warning", lifespan="on", workers=1)
