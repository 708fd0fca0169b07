"""What a page sells: the product key inferred from the whole document, as an assumption with its grounds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kb.check.understand.kit import Kit
from kb.check.understand.names import Names, products_named
from kb.check.understand.units import Unit
from kb.records.common import ProductKey

#: The page speaks of what it offers.
_OFFERS = re.compile(
    r"\b(?:we|our|us|you|your|yourself|clients?|this (?:therapy|treatment|programme|program|protocol|product)|"
    r"the (?:therapy|treatment|programme|program|protocol) (?:involves|uses|is|consists|starts|begins))\b",
    re.IGNORECASE,
)
#: Words that say somebody else's cells are spoken of.
_OTHERS = re.compile(
    r"\b(?:et al|stud(?:y|ies)|trials?|unlike|other (?:clinics|providers|products)|in contrast"
    r"|compared|versus|than|allogeneic products|"
    r"is this the same|research|some protocols)\b|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_NOT_FROM = re.compile(r"\b(?:no|not|never|without|rather than|instead of|unlike)\b[^.;,]{0,25}$", re.IGNORECASE)
_THERAPY = re.compile(
    r"^\W*(?:[\w/-]+ ){0,2}(?:therap|treatment|infusion|immunotherap|product|programme|program|protocol)", re.IGNORECASE
)
#: Least share of the leading kind of cells that another kind must reach to be sold as well.
_SHARE = 0.34


@dataclass(frozen=True)
class Sold:
    """What a page is taken to sell.

    Attributes:
        key: the product; empty when the page offers nothing.
        basis: why, in words, with lines.
    """

    key: ProductKey
    basis: str


def infer(kit: Kit, read: Iterable[tuple[Unit, Names]]) -> Sold:
    """Return what a page sells.

    Kinds of cells of the lineage that the page offers, weighed by how often it joins them to words of therapy or of
    offering; source, expansion and engineering as it says them of its own product. What sentences about studies, other
    products and comparisons say is left out.
    """
    cells: Counter[str] = Counter()
    said: dict[str, Counter[str]] = {axis: Counter() for axis in ("cell_source", "expansion", "engineering")}
    lines: dict[str, list[int]] = {}
    offers = 0
    for unit, names in read:
        if unit.block.kind == "reference":
            continue
        offered = bool(_OFFERS.search(unit.text))
        offers += offered
        heading = unit.block.kind == "heading"
        other = bool(_OTHERS.search(unit.text)) or any(_OTHERS.search(line) for line in unit.intros)
        for concept in products_named(kit, names):
            if not kit.of_lineage(concept) and concept not in ("cik", "dc-cik", "lak", "mixed-lymphocytes", "nk-t-mix"):
                continue
            joined = any(
                one.concept == concept and _THERAPY.match(unit.text[one.end :]) for one in names.of("cell_type")
            )
            weight = 3 * joined + 2 * heading + 2 * offered
            if weight and not other:
                cells[concept] += weight
                lines.setdefault(concept, []).append(unit.block.line)
        if other:
            continue
        for axis, counts in said.items():
            for one in names.of(axis):
                if not _NOT_FROM.search(unit.text[: one.start]) or one.concept in ("not-engineered", "autologous"):
                    counts[one.concept] += 1 + offered
                    lines.setdefault(one.concept, []).append(unit.block.line)
    if not cells or not offers:
        return Sold(ProductKey(), "the page does not offer cells of this field: no product is assumed")
    kinds = _kinds(kit, cells)
    key = ProductKey(
        cell_type=kinds,
        cell_source=_one(kit, "cell_source", said["cell_source"]),
        expansion=_one(kit, "expansion", said["expansion"]),
        engineering=_engineering(kinds, said["engineering"]),
    )
    return Sold(key, _basis(kit, key, lines))


def _kinds(kit: Kit, cells: Counter[str]) -> tuple[str, ...]:
    """Return the kinds of cells offered: the leading one and those near it; a kind and one it belongs to are one."""
    top = max(cells.values())
    chosen = [concept for concept, weight in cells.items() if weight >= _SHARE * top]
    kept = [
        one for one in chosen
        if not any(
            other != one and kit.vocabulary.is_a("cell_type", one, other) and cells[other] >= cells[one]
            for other in chosen
        )
        and not any(
            other != one and kit.vocabulary.is_a("cell_type", other, one) and cells[other] > cells[one]
            for other in chosen
        )
    ]  # fmt: skip
    return tuple(sorted(kept))


def _one(kit: Kit, axis: str, counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return the concept said most; a narrower one of the same branch is preferred; nothing when it is a draw."""
    if not counts:
        return ()
    grouped: Counter[str] = Counter()
    for concept, times in counts.items():
        for other in counts:
            if kit.vocabulary.is_a(axis, concept, other):
                grouped[other] += times
    best = max(grouped.values())
    leading = [concept for concept in grouped if grouped[concept] == best]
    branch = max(leading, key=lambda concept: counts[concept])
    others = sum(times for concept, times in counts.items() if not kit.vocabulary.is_a(axis, concept, branch))
    if others >= grouped[branch]:
        return ()
    inside = [concept for concept in counts if kit.vocabulary.is_a(axis, concept, branch) and concept != branch]
    return (max(inside, key=lambda concept: counts[concept]),) if len(inside) == 1 else (branch,)


def _engineering(kinds: tuple[str, ...], counts: Mapping[str, int]) -> tuple[str, ...]:
    if any(kind.startswith("car-") for kind in kinds):
        return ("car",)
    return ("not-engineered",) if counts.get("not-engineered") else ()


def _basis(kit: Kit, key: ProductKey, lines: Mapping[str, list[int]]) -> str:
    parts = []
    for axis in ("cell_type", "cell_source", "expansion", "engineering"):
        for concept in getattr(key, axis):
            where = sorted(set(lines.get(concept, ())))[:6]
            label = kit.vocabulary.label(axis, concept)
            if not where:
                parts.append(f"{label}: follows from the kind of cells")
            else:
                parts.append(f"{label}: line{'s' if len(where) > 1 else ''} {', '.join(map(str, where))}")
    return "Assumed from the page. " + "; ".join(parts) + "."
