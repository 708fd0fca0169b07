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


def empty_words(kind: str, searched: str | None) -> str:
    """Return why a cell is empty, saying so when the search was a look-up in stored copies only.

    Args:
        kind: one of :data:`EMPTY`.
        searched: how far the search reached (``complete``, ``stored_copies``, or nothing).
    """
    if kind == "searched_none" and searched == "stored_copies":
        return "looked up in stored copies, nothing found"
    return EMPTY[kind]


_STANDING = {"full": "full", "conditional": "conditional, accelerated or time-limited", "not_in_force": "not in force"}


def standing_words(standing: str, event: str | None) -> str:
    """Return the standing of an authorisation, saying so when nobody saw the kind of the grant.

    Args:
        standing: full, conditional or not_in_force.
        event: the step that decided (``granted``: its kind was not seen).
    """
    if standing == "conditional" and event == "granted":
        return "full or conditional was not seen; counted as conditional"
    return _STANDING[standing]


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
            if report.get("missing"):
                lines.append(f"{report['id']}: no such study is on file, so nothing can be compared.")
                continue
            lines.append(f"{report['id']}: {_TRUTH[report['truth']]} {_capital(_list(report['says']))}".strip())
            on_file = "; ".join(report["findings"])
            if on_file and on_file not in _list(report["says"]):
                lines.append(f"On file: {on_file}.")
            lines.append(f"What the study shows: {report['finding']}")
            if report["checked"] == "secondary" or report["read"] != "whole":
                lines.append(f"How it was read: {_read(report)}.")
        if proof.get("said_by"):
            lines.append(f"Borne out by other records instead: {', '.join(proof['said_by'][:8])}.")
    elif kind == "statement":
        lines += _statement(proof)
    else:
        lines += [note[:1].upper() + note[1:] + "." for note in proof["notes"]]
        if proof["supported_by"]:
            lines.append(f"Borne out by {', '.join(proof['supported_by'])}.")
        if proof["contradicted_by"]:
            lines.append(f"Contradicted by {', '.join(proof['contradicted_by'])}.")
    lines += _later(proof.get("follow_ups", []))
    return [*lines, *_changes(proof), *_way(proof.get("path", []))]


_TIES = {
    "follow_up": "its follow-up",
    "same_people": "a later report of the same people",
    "same_endpoint": "a later study of the same product on the same endpoint",
}
_CAME_OUT = {
    "positive": "came out positive",
    "negative": "came out negative",
    "mixed": "came out positive in one arm and negative in another",
    "neither": "has no result that bears the claim out or refutes it",
}


def later_words(tie: str, stance: str, named: bool) -> str:
    """Return what a later report is, how it came out, and whether the document names it."""
    told = "the document names it" if named else "the document does not name it"
    return f"{_TIES[tie]}, {_CAME_OUT[stance]}; {told}"


def _later(reports: list[Mapping[str, Any]]) -> list[str]:
    """Return what came after the studies a status rests on: failures one by one, the others together."""
    lines = []
    for report in reports:
        if report["stance"] in ("negative", "mixed"):
            says = f" ({'; '.join(report['says'])})" if report["says"] else ""
            words = later_words(report["tie"], report["stance"], report["named"])
            what = "a failure" if report["stance"] == "negative" else "a mixed result"
            lines.append(f"After {report['study']} came {what}: {report['later']}, {words}{says}.")
    others = dict.fromkeys(report["later"] for report in reports if report["stance"] not in ("negative", "mixed"))
    if others:
        shown = ", ".join(list(others)[:8]) + (f" and {len(others) - 8} more" if len(others) > 8 else "")
        lines.append(f"Later reports of the same people or treatment that are no failures: {shown}.")
    return lines


_ADDED = {
    "registration": "one trial of these cells for this aim, registered and under way",
    "response": "one study of these cells for this aim, in people with active disease, that sees a response or gain",
    "randomised_gain": "one randomised comparison of these cells for this aim that comes out better",
    "confirmatory_gain": "one phase 3 trial of these cells for this aim that meets its primary endpoint",
    "failure": "one study of these cells for this aim whose primary efficacy endpoint fails",
    "uncontrolled_failure": "one phase 2 study of these cells for this aim whose primary efficacy endpoint fails",
    "randomised_failure": "one randomised comparison of these cells for this aim whose primary efficacy endpoint fails",
    "confirmatory_failure": "one phase 3 trial of these cells for this aim whose primary efficacy endpoint fails",
}


def _changes(proof: Mapping[str, Any]) -> list[str]:
    """Return what would change the class, the smallest change first."""
    changes = proof.get("changes")
    if not changes:
        settled = proof["kind"] == "benefit" and changes is not None and proof["level"] not in ("A_FULL", "A_COND", "?")
        return (
            ["Nearest change: no single fact, removed, completed or added, would change the class."] if settled else []
        )
    return [f"Nearest change: {_change(changes[0])}", *(f"Or: {_change(change)}" for change in changes[1:])]


def _change(change: Mapping[str, Any]) -> str:
    becomes = f"the class would become {CLASSES[change['class']][0].lower()} ({change['level']})"
    if change["kind"] == "removal":
        others = change.get("others", 0)
        same = f"; the same holds for {plural(others, 'other record')} it rests on" if others else ""
        return f"if {change['record']} fell, {becomes}{same}."
    if change["kind"] == "detail":
        axes = " and ".join(axis.replace("_", " ") for axis in change["what"])
        return f"if the {axes} of {change['record']}, not reported, were as the sentence says, {becomes}."
    needed = change.get("needed_for", [])
    about = f" (for {'each of ' if len(needed) > 1 else ''}{'; '.join(needed)})" if needed else ""
    return f"with {_ADDED[change['what'][0]]}{about}, {becomes}."


def _way(path: list[Mapping[str, str]]) -> list[str]:
    """Return the way through the graph, from the sentence to its record and back over what both speak of."""
    if not path:
        return []
    steps = [f"{edge['source']} –{edge['type'].replace('_', ' ')}→ {edge['target']}" for edge in path]
    return [f"In the graph: {'; '.join(steps)}."]


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


def plural(count: int, word: str) -> str:
    """Return a number with its noun: "1 study", "2,300 people"."""
    plural = {"study": "studies", "person": "people"}.get(word, f"{word}s")
    return f"{count:,} {word if count == 1 else plural}"


def _benefit(proof: Mapping[str, Any], levels: Mapping[str, str]) -> list[str]:
    base = proof["base"]
    lines = [
        f"Searched base: {plural(base['studies'], 'study')} and {plural(base['trials'], 'registration')} in this "
        f"build (as of {proof['as_of']}); {plural(base['listed_studies'], 'study')} and "
        f"{plural(base['listed_trials'], 'registration')} concern this subject."
    ]
    for part in proof["parts"]:
        lines += _part(part, levels, alone=len(proof["parts"]) == 1)
    return lines


def _part(part: Mapping[str, Any], levels: Mapping[str, str], *, alone: bool) -> list[str]:
    subject = part["cell_type"] + (f" in {part['indication']}" if part["indication"] else "")
    decides = " (this decides)" if part["deciding"] and not alone else ""
    lines = [f"{_capital(subject)}: {part['level']} – {levels.get(part['level'], '')}{decides}."]
    if part.get("licence"):
        licence = part["licence"]
        words = standing_words(licence["standing"], licence["event"])
        lines.append(f"Covered by {licence['product']} ({licence['id']}): authorisation in force ({words}).")
        steps = [_step(step) for step in licence["history"]]
        lines.append(f"Its history: {'; '.join(steps)}.")
    if part.get("licence_note"):
        lines.append(f"{part['licence_note']}.")
    for record in part["used"]:
        findings = f" {'; '.join(record['findings'])}." if record.get("findings") else ""
        lines.append(f"Used: {record['id']} – {record['why']}.{findings}")
    more = part["used_total"] - len(part["used"])
    if more > 0:
        lines.append(f"… and {plural(more, 'record')} more of the same kind (in the table of evidence).")
    if part.get("with_benefit"):
        records = [f"{record['id']} – {record['why']}{_shown(record)}" for record in part["with_benefit"]]
        lines.append(f"Also on file, with benefit, at a lower level: {'; '.join(records)}.")
    if part.get("without"):
        records = [f"{record['id']} – {record['why']}{_shown(record)}" for record in part["without"]]
        lines.append(f"Also on file, without benefit: {'; '.join(records)}.")
    near = part.get("nearest")
    if near:
        why = near["would_count_if"] or near["why"]
        lines.append(f"Nearest record that does not count: {near['id']} came out positive, but {why}.")
    return lines + [f"Left out: {record['id']} – {record['why']}." for record in part.get("excluded", [])]


def _step(step: Mapping[str, str]) -> str:
    reason = f" ({step['reason'].replace('_', ' ')})" if step["reason"] else ""
    return f"{step['event'].replace('_', ' ')} {step['date'] or 'on an unknown day'}{reason}"


def _shown(record: Mapping[str, Any]) -> str:
    return f" ({'; '.join(record['findings'])})" if record.get("findings") else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _safety(proof: Mapping[str, Any]) -> list[str]:
    count = proof["studies_with_safety"]
    lines = [f"{plural(count, 'study')} on file of matching products {'reports' if count == 1 else 'report'} safety."]
    event = proof.get("event")
    if event:
        lines.append(
            f"{_capital(event)}: {proof['happened_total']} of {plural(proof['harms_total'], 'record')} "
            "on this kind of product report at least one case."
        )
    for harm in proof["harms"]:
        if harm["n"] is None:
            people = "number not reported"
        else:
            people = f"{harm['n']} of {harm['n_total']}" if harm["n_total"] else plural(harm["n"], "person")
        axes = ", ".join(axis.replace("_", " ") for axis in harm["mismatch"])
        open_axes = f" ({axes} not the same or not reported)" if axes else ""
        cause = " of any cause" if harm["any_cause"] else ""
        lines.append(f"{_capital(harm['event'])}{cause}: {people} – {harm['id']}{open_axes}.")
    if proof["labels"]:
        lines.append(f"The label of a licensed product warns of it: {', '.join(proof['labels'])}.")
    pooled = proof.get("pooled")
    if pooled:
        lines.append(
            f"Taken together {pooled['events']} of {plural(pooled['people'], 'person')}; with 95% confidence "
            f"the true share is below {pooled['upper_bound_percent']:g}%."
        )
    return lines


_SETTLED = {
    "true": "The statement agrees with the facts on file.",
    "false": "The facts on file refute the statement.",
    "cannot_tell": "The facts on file cannot settle the statement.",
}


def _statement(proof: Mapping[str, Any]) -> list[str]:
    lines = [_SETTLED[proof["truth"]]]
    if proof.get("count"):
        count = proof["count"]
        lines.append(f"The sentence says {count['said']}; this build holds {count['on_file']}, which is a lower bound.")
        lines.append(f"Counted with: {' '.join(count['query'].split())};")
    if proof.get("places"):
        lines.append(f"Places: {', '.join(proof['places'])}.")
    if proof["records"]:
        more = len(proof["records"]) - 12
        lines.append(f"Records: {', '.join(proof['records'][:12])}" + (f" and {more} more." if more > 0 else "."))
    return lines
