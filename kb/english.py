"""Proofs as sentences. Formatting only: every fact and verdict comes from the stored proof."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Class → (name, mark, what it means). The mark keeps colour from being the only signal.
CLASSES: dict[str, tuple[str, str, str]] = {
    "approved": ("Approved", "✓", "An authorisation in force in this place covers it."),
    "trial_stage": ("Trial-stage", "◐", "People have been treated in trials; it is not licensed."),
    "unsupported": ("Unsupported", "✕", "Nothing on file bears it out, or the records say otherwise."),
    "background": ("Background", "i", "Biology, manufacture or rules; no benefit to a person is promised."),
    "not_a_claim": ("Not a claim", "–", "Praise, logistics, calls to action, precautions."),
    "needs_review": ("Needs a person", "?", "The rules cannot decide."),
}

ACCURACY = {
    "accurate": "The sentence says what the facts say.",
    "accurate_with_caveat": "The sentence holds, with a caveat.",
    "unverifiable": "There is nothing on file to judge the sentence by.",
    "misleading": "The sentence gives a better impression than the facts allow.",
    "inaccurate": "The facts on file contradict the sentence.",
}

EMPTY = {
    "searched_none": "searched, nothing found",
    "not_searched": "not searched",
    "indirect_only": "indirect evidence only",
    "ongoing_only": "registrations only, no results",
}

_TRUTH = {
    "true": "The record says what the sentence says.",
    "false": "The record says otherwise.",
    "cannot_tell": "Nobody has seen in a source whether this is so.",
}


def sentences(proof: Mapping[str, Any], levels: Mapping[str, str]) -> list[str]:
    """Return the proof in English.

    Args:
        proof: a stored proof.
        levels: level → its meaning, from the store.
    """
    lines = [f"Rule {proof['rule']['id']}: {proof['rule']['wording']}"]
    kind = proof["kind"]
    if kind == "benefit":
        lines += _benefit(proof, levels)
    elif kind == "safety":
        lines += _safety(proof)
    elif kind == "citation":
        for report in proof["reports"]:
            lines.append(f"{report['id']}: {_TRUTH[report['truth']]} {_list(report['says'])}".strip())
            if report["findings"]:
                lines.append(f"On file: {'; '.join(report['findings'])}.")
            lines.append(f"What the study shows: {report['finding']}")
            if report["checked"] == "secondary" or report["read"] != "whole":
                lines.append(f"How it was read: {_read(report)}.")
    elif kind == "statement":
        lines += _statement(proof)
    else:
        lines += [note[:1].upper() + note[1:] + "." for note in proof["notes"]]
        if proof["supported_by"]:
            lines.append(f"Borne out by {', '.join(proof['supported_by'])}.")
        if proof["contradicted_by"]:
            lines.append(f"Contradicted by {', '.join(proof['contradicted_by'])}.")
    return lines


def _list(items: list[str]) -> str:
    return "; ".join(items) + "." if items else ""


def _read(report: Mapping[str, Any]) -> str:
    read = {
        "whole": "read whole",
        "truncated": "only part of the abstract could be read",
        "not_read": "the paper itself was not read",
    }
    checked = {"secondary": "facts come from other papers that report it"}
    return ", ".join(part for part in (read[report["read"]], checked.get(report["checked"], "")) if part)


def _plural(count: int, word: str) -> str:
    plural = {"study": "studies", "person": "people"}.get(word, f"{word}s")
    return f"{count:,} {word if count == 1 else plural}"


def _benefit(proof: Mapping[str, Any], levels: Mapping[str, str]) -> list[str]:
    base = proof["base"]
    lines = [
        f"Searched base: {_plural(base['studies'], 'study')} and {_plural(base['trials'], 'registration')} in this build "
        f"(as of {proof['as_of']}); {_plural(base['listed_studies'], 'study')} and "
        f"{_plural(base['listed_trials'], 'registration')} of them concern this subject."
    ]
    for part in proof["parts"]:
        subject = part["cell_type"] + (f" in {part['indication']}" if part["indication"] else "")
        decides = " (this decides)" if part["deciding"] and len(proof["parts"]) > 1 else ""
        lines.append(f"{subject[:1].upper()}{subject[1:]}: {part['level']} – {levels.get(part['level'], '')}{decides}.")
        if part.get("licence"):
            licence = part["licence"]
            lines.append(f"Covered by {licence['product']} ({licence['id']}), {licence['standing']} authorisation.")
        if part.get("licence_note"):
            lines.append(f"{part['licence_note']}.")
        for record in part["used"]:
            lines.append(
                f"Used: {record['id']} – {record['why']}."
                + (f" {'; '.join(record['findings'])}." if record.get("findings") else "")
            )
        if part["used_total"] > len(part["used"]):
            lines.append(
                f"… and {part['used_total'] - len(part['used'])} more records of the same kind (in the table below)."
            )
        if part.get("nearest"):
            near = part["nearest"]
            lines.append(
                f"Nearest change: {near['id']} came out positive but does not count, because {near['would_count_if'] or near['why']}."
            )
        for record in part.get("excluded", []):
            lines.append(f"Left out: {record['id']} – {record['why']}.")
    return lines


def _safety(proof: Mapping[str, Any]) -> list[str]:
    lines = [
        f"{_plural(proof['studies_with_safety'], 'matching study')} on file {'reports' if proof['studies_with_safety'] == 1 else 'report'} safety."
    ]
    lines[0] = lines[0].replace("matching studys", "matching studies")
    event = proof.get("event")
    if event:
        lines.append(
            f"{event[:1].upper()}{event[1:]}: {proof['happened_total']} of {proof['harms_total']} records on this kind of product report at least one case."
        )
    for harm in proof["harms"]:
        people = (
            f"{harm['n']} of {harm['n_total']}"
            if harm["n"] is not None and harm["n_total"]
            else f"{harm['n']} people"
            if harm["n"] is not None
            else "number not reported"
        )
        open_axes = (
            f" ({', '.join(a.replace('_', ' ') for a in harm['mismatch'])} not the same or not reported)"
            if harm["mismatch"]
            else ""
        )
        lines.append(f"{harm['event']}: {people} – {harm['id']}{open_axes}.")
    pooled = proof.get("pooled")
    if pooled:
        lines.append(
            f"Taken together {pooled['events']} of {_plural(pooled['people'], 'person')}; with 95% confidence the true share is below {pooled['upper_bound_percent']:g}%."
        )
    return lines


def _statement(proof: Mapping[str, Any]) -> list[str]:
    lines = [
        {
            "true": "The statement agrees with the facts on file.",
            "false": "The facts on file refute the statement.",
            "cannot_tell": "The facts on file cannot settle the statement.",
        }[proof["truth"]]
    ]
    if proof.get("count"):
        count = proof["count"]
        lines.append(f"The sentence says {count['said']}; this build holds {count['on_file']}, which is a lower bound.")
    if proof.get("places"):
        lines.append(f"Places: {', '.join(proof['places'])}.")
    if proof["records"]:
        lines.append(
            f"Records: {', '.join(proof['records'][:12])}"
            + (f" and {len(proof['records']) - 12} more." if len(proof["records"]) > 12 else ".")
        )
    return lines
