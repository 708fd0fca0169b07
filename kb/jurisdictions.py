"""The closed table of jurisdictions. There is no "any": a licence holds somewhere."""

from __future__ import annotations

#: ISO 3166 alpha-2 code (EU for the European Union) → (name, medicines regulator).
JURISDICTIONS: dict[str, tuple[str, str]] = {
    "US": ("United States", "FDA"),
    "EU": ("European Union", "European Commission / EMA"),
    "GB": ("United Kingdom", "MHRA"),
    "JP": ("Japan", "MHLW / PMDA"),
    "KR": ("South Korea", "MFDS"),
    "CN": ("China", "NMPA"),
    "CA": ("Canada", "Health Canada"),
    "AU": ("Australia", "TGA"),
    "NZ": ("New Zealand", "Medsafe"),
    "IN": ("India", "CDSCO"),
    "SA": ("Saudi Arabia", "SFDA"),
}

_ALIASES = {"UK": "GB"}


def jurisdiction(code: str) -> str:
    """Return the canonical code of a jurisdiction.

    Args:
        code: a code of the table in any case; ``UK`` is accepted for ``GB``.

    Raises:
        ValueError: the code is not in the closed table.
    """
    wanted = code.strip().upper()
    wanted = _ALIASES.get(wanted, wanted)
    if wanted not in JURISDICTIONS:
        raise ValueError(f"unknown jurisdiction {code!r}; known: {', '.join(JURISDICTIONS)}")
    return wanted
