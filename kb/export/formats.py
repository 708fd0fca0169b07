"""The formats that can be written, by name."""

from __future__ import annotations

from kb.export.base import Format
from kb.export.graph import GRAPHML, NODE_LINK

#: Name → format, in the order the help lists them.
FORMATS: dict[str, Format] = {one.name: one for one in (GRAPHML, NODE_LINK)}
