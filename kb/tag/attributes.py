"""How the product was made and what went with it: source, expansion, engineering, combination; and the setting.

A word such as "donor" or "expanded" is an attribute of the product only in a sentence that ties it to the product or to
its making; a partner is what the treated people got too, not what their cells were grown in. Each facet has a module.
"""

from __future__ import annotations

from kb.tag.makings import changes, growth
from kb.tag.partners import partners
from kb.tag.scene import Attribute, Scene, place, specific
from kb.tag.settings import settings
from kb.tag.sources import sources

__all__ = ["Attribute", "Scene", "changes", "growth", "partners", "place", "settings", "sources", "specific"]
