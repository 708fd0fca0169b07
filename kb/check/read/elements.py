"""Which HTML elements are open, and which of them hide what is inside."""

from __future__ import annotations

import re
from collections import Counter

_BLOCKS = (
    "address article aside blockquote body button caption center dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 head header hgroup html legend li main menu nav ol p pre search section "
    "summary table tbody td tfoot th thead title tr ul"
)
_VOID = "area base br col embed hr img input link meta param source track wbr"
_UNREAD = "audio canvas datalist iframe noscript object script select style svg template textarea video math"
#: Elements whose beginning and end part stretches of text.
BLOCKS = frozenset(_BLOCKS.split())
#: Elements without an end.
VOID = frozenset(_VOID.split())
#: Elements whose content is no text of the page, or is not shown.
UNREAD = frozenset(_UNREAD.split())
_ROWS, _CELLS = frozenset({"tr", "tbody", "thead", "tfoot"}), frozenset({"td", "th"})
#: Tag → open elements that its beginning ends.
_ENDS: dict[str, frozenset[str]] = {
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "td": _CELLS,
    "th": _CELLS,
    "tr": _CELLS | {"tr", "caption"},
    "tbody": _CELLS | _ROWS | {"caption"},
    "thead": _CELLS | _ROWS | {"caption"},
    "tfoot": _CELLS | _ROWS | {"caption"},
    "body": frozenset({"head"}),
}
#: Elements that nothing begun inside them ends.
_WALLS = frozenset({"table", "ul", "ol", "menu", "dl", "button"})
_UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
#: Open elements looked through for one that a tag ends; deeper ones stay open, which bounds the time.
_DEEPEST = 64


def is_hidden(given: dict[str, str | None]) -> bool:
    """Tell by its attributes whether an element is not shown."""
    return (
        "hidden" in given
        or (given.get("aria-hidden") or "").lower() == "true"
        or bool(_UNSEEN_STYLE.search(given.get("style") or ""))
    )


class Elements:
    """The open elements, innermost last."""

    def __init__(self) -> None:
        self._open: list[tuple[str, bool]] = []
        self._counts: Counter[str] = Counter()
        self._hiding = 0

    @property
    def skipping(self) -> bool:
        """Something that hides its content is open."""
        return self._hiding > 0

    def within(self, tag: str) -> bool:
        """An element of that name is open."""
        return self._counts[tag] > 0

    def push(self, tag: str, hiding: bool) -> None:
        """Open an element."""
        self._open.append((tag, hiding))
        self._counts[tag] += 1
        self._hiding += hiding

    def pop(self, tag: str) -> list[str]:
        """Close the innermost element of that name and all within it; return those that were shown, innermost first."""
        closed: list[str] = []
        while self._counts[tag]:
            name = self._drop(closed)
            if name == tag:
                break
        return closed

    def implied(self, tag: str) -> list[str]:
        """Close what the beginning of a block ends: an open paragraph, the list item or the cell before it."""
        ends = _ENDS.get(tag, frozenset()) | {"p"}
        depth = 0
        for back, (name, _) in enumerate(reversed(self._open[-_DEEPEST:]), 1):
            if name in ends:
                depth = back
            elif name in _WALLS or (name in _CELLS and tag not in _ENDS):
                break
        closed: list[str] = []
        for _ in range(depth):
            self._drop(closed)
        return closed

    def _drop(self, closed: list[str]) -> str:
        was_hiding = self._hiding > 0
        name, hiding = self._open.pop()
        self._counts[name] -= 1
        self._hiding -= hiding
        if not was_hiding:
            closed.append(name)
        return name
