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

#: Members of the European Union, as registries write them.
_EU = """Austria, Belgium, Bulgaria, Croatia, Cyprus, Czechia, Czech Republic, Denmark, Estonia, Finland, France,
Germany, Greece, Hungary, Ireland, Italy, Latvia, Lithuania, Luxembourg, Malta, Netherlands, Poland, Portugal, Romania,
Slovakia, Slovenia, Spain, Sweden"""
_COUNTRIES: dict[str, str] = {
    **{name.casefold(): code for code, (name, _) in JURISDICTIONS.items()},
    **{" ".join(name.split()).casefold(): "EU" for name in _EU.split(",")},
    "korea, republic of": "KR",
    "republic of korea": "KR",
    "usa": "US",
    "puerto rico": "US",
    "uk": "GB",
}


def place_of_country(name: str) -> str | None:
    """Return the jurisdiction a country belongs to, or None when it is none of the table.

    Args:
        name: a country as a registry writes it ("Korea, Republic of").
    """
    return _COUNTRIES.get(name.strip().casefold())


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
