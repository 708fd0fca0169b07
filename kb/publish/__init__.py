"""The Datasette plugin: pages over a finished store. Nothing here computes a status.

Registered as the entry point ``nk_evidence_kb`` of group ``datasette``, so that plain
``datasette build/evidence.db -m metadata.yml`` shows the same site as ``kb serve``.
"""

from kb.publish.hooks import (
    asgi_wrapper,
    extra_css_urls,
    menu_links,
    prepare_jinja2_environment,
    register_routes,
    render_cell,
)

__all__ = [
    "asgi_wrapper",
    "extra_css_urls",
    "menu_links",
    "prepare_jinja2_environment",
    "register_routes",
    "render_cell",
]
