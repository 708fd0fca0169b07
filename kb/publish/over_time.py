"""A claim's status from its first day to its last: the periods of the table, and the strip above it.

Spans come from the store, already judged. Here neighbours that read the same are put together, and
dates become places on an axis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from kb.english import CLASSES
from kb.publish.read import Record

FIRST, LAST = "0001-01-01", "9999-12-31"
#: What makes two periods two: a change of anything else (direction, codes) is one click away.
_SAME = ("class", "level", "sold_class", "sold_level", "accuracy")


def periods(spans: Iterable[Record], day: str) -> list[Record]:
    """Return the periods of the table: neighbouring spans of equal class, levels and accuracy put together.

    Args:
        spans: rows of ``claim_status_spans`` for one claim and place, in order of time.
        day: the day asked for; its period is marked.

    Returns:
        One record a period: ``from`` and ``to`` ("" where open), the columns of the status, ``direction`` as it
        was at first and at last, ``was`` (the class before, where the class changed), ``here``.
    """
    found: list[Record] = []
    for span in spans:
        before = found[-1] if found else None
        if before and all(before[name] == span[name] for name in _SAME):
            before["valid_to"] = span["valid_to"]
            before["direction_last"] = span["direction"]
            continue
        found.append(
            {
                **{name: span[name] for name in ("valid_from", "valid_to", *_SAME)},
                "direction_first": span["direction"],
                "direction_last": span["direction"],
                "was": before["class"] if before and before["class"] != span["class"] else "",
                "sold_was": before["sold_class"] if before and before["sold_class"] != span["sold_class"] else "",
            }
        )
    for one in found:
        one["from"] = "" if one["valid_from"] == FIRST else one["valid_from"]
        one["to"] = "" if one["valid_to"] == LAST else one["valid_to"]
        one["when"] = _when(one["from"], one["to"])
        one["here"] = one["valid_from"] <= day <= one["valid_to"]
    return found


def _when(first: str, last: str) -> str:
    if first and last:
        return f"{first} to {last}"
    if first:
        return f"from {first} on"
    return f"until {last}" if last else "on every day"


def strip(found: list[Record], day: str, build: str) -> Record | None:
    """Return what the strip draws, every place in percent of its width; None when no class or level ever changes.

    Args:
        found: the periods.
        day: the day asked for.
        build: the day of the build.
    """
    changes = [one["valid_from"] for one in found if one["from"]]
    if not changes:
        return None
    first = min(int(changes[0][:4]) - 1, int(build[:4]))
    last = max(int(changes[-1][:4]), int(build[:4])) + 1
    asked = int(day[:4])
    if first - 30 <= asked <= last + 30:
        first, last = min(first, asked), max(last, asked + 1)
    first = max(first, 1)
    start, end = date(first, 1, 1).toordinal(), date(min(last, 9999), 1, 1).toordinal()

    def at(text: str) -> float:
        share = (date.fromisoformat(text).toordinal() - start) / (end - start)
        return round(100 * min(max(share, 0.0), 1.0), 2)

    lanes = [_lane("What the sentence says", found, "class", "level", at)]
    if any(one["sold_class"] for one in found):
        lanes.append(_lane("For the product on sale", found, "sold_class", "sold_level", at))
    if all(len(lane["parts"]) == 1 for lane in lanes):
        return None
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if (last - first) / step <= 8)
    ticks = [{"year": year, "at": at(f"{year:04d}-01-01")} for year in range(first, last) if year % step == 0]
    return {
        "lanes": lanes,
        "ticks": [tick for tick in ticks if 4 <= tick["at"] <= 96],  # a label at the edge would be cut
        "build": at(build),
        "day": at(day) if first <= asked < last else None,
        "classes": [name for name in CLASSES if any(one["class"] == name for lane in lanes for one in lane["parts"])],
    }


def _lane(label: str, found: list[Record], class_: str, level: str, at: Callable[[str], float]) -> Record:
    """Return one lane: its label, its parts, and the same in words."""
    parts: list[dict[str, Any]] = []
    for one in found:
        if parts and (parts[-1]["class"], parts[-1]["level"]) == (one[class_], one[level]):
            parts[-1]["valid_to"] = one["valid_to"]
        else:
            parts.append(
                {
                    "class": one[class_],
                    "level": one[level],
                    "valid_from": one["valid_from"],
                    "valid_to": one["valid_to"],
                }
            )
    for part in parts:
        first = "" if part["valid_from"] == FIRST else part["valid_from"]
        last = "" if part["valid_to"] == LAST else part["valid_to"]
        part["x"] = at(first) if first else 0.0
        part["width"] = round((at(last) if last else 100.0) - part["x"], 2)
        name, mark, _ = CLASSES[part["class"]] if part["class"] else ("No status", "", "")
        part["text"] = f"{mark} {part['level'] or ''}".strip()
        part["words"] = f"{_when(first, last)}: {name}{' ' + part['level'] if part['level'] else ''}"
        # Letters are some 9 pixels wide; the strip some 330 on a telephone and 700 or more elsewhere.
        need = 9 * len(part["text"]) + 8
        part["fits"] = "always" if part["width"] * 3.3 >= need else "wide" if part["width"] * 7 >= need else ""
    return {"label": label, "parts": parts, "words": f"{label}: " + "; ".join(part["words"] for part in parts) + "."}
