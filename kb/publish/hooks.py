"""Datasette hooks: routes, links in cells, style, security headers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from datasette import hookimpl
from jinja2 import Environment
from markupsafe import Markup, escape

from kb.jurisdictions import JURISDICTIONS
from kb.publish import check_pages, claim_pages, map_pages, pages, record_pages
from kb.publish.common import page
from kb.publish.csv_safe import csv_safe
from kb.publish.paths import record_page
from kb.publish.uploads import RefusedError, Send, forms

DATABASE = "evidence"
_STATIC = "/-/static-plugins/nk-evidence-kb"

#: Column name → canonical page of its values.
_LINKS = {
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/{}/",
    "doi": "https://doi.org/{}",
}
_NCT = re.compile(r"NCT\d{8}")
#: Columns that hold ids of records we have pages for.
_RECORD_COLUMNS = {
    "id",
    "record_id",
    "study_id",
    "trial_id",
    "claim_id",
    "approval_id",
    "source",
    "target",
    "target_id",
}


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Our pages; they come before Datasette's own."""
    return [
        (r"^/$", page(pages.home)),
        (r"^/evidence-map$", page(map_pages.evidence_map, every_day=False)),
        (
            r"^/evidence-map/(?P<indication>[a-z0-9-]+)/(?P<cell_type>[a-z0-9-]+)$",
            page(map_pages.map_cell, every_day=False),
        ),
        (r"^/claim/(?P<id>.+)$", page(claim_pages.claim)),
        (r"^/document/(?P<id>[a-z0-9-]+)$", page(claim_pages.document)),
        (r"^/study/(?P<id>.+)$", page(record_pages.study)),
        (r"^/trial/(?P<id>.+)$", page(record_pages.trial)),
        (r"^/approval/(?P<id>.+)$", page(record_pages.approval)),
        (r"^/check$", page(check_pages.check)),
        (r"^/search$", page(pages.search)),
        (r"^/method$", page(pages.method)),
    ]


@hookimpl
def render_cell(value: Any, column: str) -> Any:
    """Link identifiers to their canonical public page, or to our page about the record."""
    if not isinstance(value, str) or not value:
        return None
    if column in _LINKS:
        return Markup('<a href="{}">{}</a>').format(_LINKS[column].format(quote(value, safe="/().:;-_")), value)
    if column in _RECORD_COLUMNS:
        path = record_page(value)
        if path:
            public = (
                Markup(' <a href="https://clinicaltrials.gov/study/{}" title="registry">↗</a>').format(value)
                if _NCT.fullmatch(value)
                else Markup("")
            )
            return Markup('<a href="{}">{}</a>{}').format(path, value, public)
        return None
    if value.startswith("[") and value.endswith("]"):
        try:
            items = json.loads(value)
        except ValueError:
            return None
        if isinstance(items, list) and all(isinstance(item, str) for item in items):
            return (
                Markup(", ").join(escape(item) for item in items)
                if items
                else Markup('<span class="kb-none">not stated</span>')
            )
    return None


@hookimpl
def extra_css_urls() -> list[str]:
    """One style sheet for our pages and Datasette's."""
    return [f"{_STATIC}/kb.css"]


@hookimpl
def menu_links() -> list[dict[str, str]]:
    """Ways back to our pages from Datasette's."""
    return [
        {"href": "/", "label": "Home"},
        {"href": "/evidence-map", "label": "Evidence map"},
        {"href": "/check", "label": "Check a page"},
        {"href": "/search", "label": "Search"},
        {"href": f"/{DATABASE}", "label": "All tables"},
        {"href": "/method", "label": "Method"},
    ]


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Filters our templates use."""
    env.filters["kb_path"] = _path
    env.filters["kb_json"] = lambda value: json.loads(value) if value else []
    env.filters["kb_in"] = _in_place
    env.filters["kb_links"] = _linked
    env.filters["kb_words"] = lambda value: str(value).replace("_", " ")


_MENTION = re.compile(
    r"(?:PMID|DOI|PMC|REC):[^\s;,#]+|NCT\d{8}|UMIN\d{9}|ISRCTN\d{8}|KCT\d{7}|jRCT\w+|\b\d{4}-\d{6}-\d{2}\b"
    r"|APR-[A-Z]{2}-[a-z0-9-]+|(?:ABS|SAF|ACC)-[a-z0-9-]+"
)


def _in_place(code: str) -> str:
    """Return the place in a phrase: "in the United States", "in Japan"."""
    name = JURISDICTIONS[code][0]
    return f"in {'the ' if name.startswith(('United', 'European')) else ''}{name}"


def _path(record_id: str, keep: str = "") -> str:
    """Return the path of our page about a record, with the place and the day that links carry along."""
    path = record_page(record_id) or ""
    return path if path.startswith(f"/{DATABASE}/") else path and path + keep


def _linked(text: str, keep: str = "") -> Markup:
    """Return text with every record it mentions linked to our page about it."""
    parts: list[Markup] = []
    end = 0
    for match in _MENTION.finditer(text):
        name = match.group().rstrip(".:")
        if name.count(")") > name.count("("):  # a bracket of the sentence, not of the DOI
            name = name.rstrip(").")
        parts += [escape(text[end : match.start()]), Markup('<a href="{}">{}</a>').format(_path(name, keep), name)]
        end = match.start() + len(name)
    return Markup("").join([*parts, escape(text[end:])])


_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (
        b"content-security-policy",
        # Datasette's own pages carry inline scripts and styles.
        b"default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        b"img-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
    ),
)


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    """Security headers on every answer, in place of any of the same name; no live formula in any CSV; forms limited."""

    async def refuse(scope: dict[str, Any], send: Send, refusal: RefusedError) -> None:
        await check_pages.refused(datasette, scope, send, refusal)

    def wrap(app: Any) -> Any:
        app = forms(csv_safe(app), refuse)
        names = {name for name, _ in _HEADERS}

        async def wrapped(scope: dict[str, Any], receive: Any, send: Send) -> None:
            async def with_headers(event: dict[str, Any]) -> None:
                if event["type"] == "http.response.start":
                    kept = [pair for pair in event.get("headers", []) if pair[0].lower() not in names]
                    event = {**event, "headers": [*kept, *_HEADERS]}
                await send(event)

            await app(scope, receive, with_headers)

        return wrapped

    return wrap
