"""What a sentence says of harms: which, that they happen or not, and whether it shuts them out altogether."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from kb.check.understand.kit import Kit
from kb.check.understand.names import Names

#: The harm is what the product is said to help against.
_RELIEVES = re.compile(
    r"\b(?:treat(?:s|ed|ing)?|reduc\w+|reliev\w+|eas(?:e|es|ing)|fight\w*|prevent\w*|combat\w*|heal\w*|improv\w+|control\w*|against|"
    r"manag(?:e|es|ing)|clear\w*|eliminat\w+|risk of|therapy for|works? in|help\w* with|less)\s+(?:\w+[\s,]+){0,3}$",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:trials?|stud(?:y|ies)|reported|observed|seen|recorded|occurred|identified|documented"
    r"|patients? (?:had|developed|experienced)|"
    r"among|in (?:our|the|these|those|all|\d+) (?:\w+ )?(?:patients|people|participants|clients))\b",
    re.IGNORECASE,
)
_STUDIES = re.compile(r"\b(?:trials?|stud(?:y|ies)|participants|phase (?:i|1|ii|2))\b", re.IGNORECASE)
#: Words of safety in general; a single harm named beside them is meant.
_GENERAL = "any-harm"
_NOT_A_HARM = frozenset(["infection"])


def events(names: Names) -> tuple[str, ...]:
    """Return the harms a text speaks of as harms, each once; the general one only when no other is named."""
    found: dict[str, None] = {}
    for one in names.of("event"):
        if not _RELIEVES.search(names.text[: one.start]):
            found[one.concept] = None
    single = [event for event in found if event != _GENERAL]
    if single and (
        len(found) == len(single) or not re.search(r"side[- ]effects?|safe|toler", names.text, re.IGNORECASE)
    ):
        return tuple(single)
    return tuple(found)


def safety(kit: Kit, text: str, names: Names, topic: str) -> list[dict[str, Any]]:
    """Return the fields of one safety claim for each harm a text speaks of; empty when it is no safety sentence.

    Args:
        kit: names and words.
        text: the sentence or item.
        names: what it names.
        topic: what the lines above are about; an item under "side effects" need only name the harm.
    """
    lexicon = kit.lexicon
    harms = events(names.outside_brackets() if topic == "harms" else names)
    if not harms:
        return []
    harmless = lexicon.has(text, "harmless")
    soft = lexicon.has(text, "soft_safety")
    happens = lexicon.has(text, "harm_happens")
    if not (harmless or soft or happens or topic in ("harms", "safety")):
        return []
    if set(harms) <= _NOT_A_HARM and not (harmless or topic in ("harms", "safety")):
        return []
    reported = bool(_REPORTED.search(text))
    made = []
    for event in harms[:4]:
        fields: dict[str, Any] = {"event": event, "outcome": "safety"}
        if harmless and reported and _STUDIES.search(text):
            fields["report_of_absence"] = True
        elif harmless:
            fields["absolute"] = True
        elif not soft:
            fields["states_harm"] = True
        made.append(fields)
    return made


def each_by_itself(kit: Kit, text: str, names: Names, harms: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return safety claims with, for each harm, what the words nearest to it say: "one had GVHD, none a CRS".

    Args:
        kit: names and words.
        text: the sentence.
        names: what it names.
        harms: its safety claims, all read from the whole sentence.
    """
    cues = [(word.start, cue) for cue in ("harmless", "harm_happens") for word in kit.lexicon.cue(text, cue)]
    made = []
    for harm in harms:
        place = next((one.start for one in names.of("event") if one.concept == harm["event"]), 0)
        before = [(start, cue) for start, cue in cues if start <= place]
        _, nearest = max(before) if before else min(cues, default=(0, ""))
        plain = {name: value for name, value in harm.items() if name in ("event", "outcome")}
        if len({cue for _, cue in cues}) < 2:
            made.append(dict(harm))
        elif nearest == "harmless":
            made.append({**plain, "absolute": True})
        else:
            made.append({**plain, "states_harm": True})
    return made
