"""The report as SARIF 2.1.0 (OASIS), for editors and code hosts.

One result for each finding, and one for each wording rule a sentence may touch. Status rules and wording rules are
the tool's rules; codes are a taxonomy, and a result names those it carries. A text drawn from Word or PDF files has
no lines a reader would know: there a result has its place in that text and in words.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from string import ascii_letters, digits
from typing import Any

from kb import __version__
from kb.check.output.json import as_data
from kb.check.output.words import (
    advice,
    clean,
    fired,
    notes,
    rule_text,
    short,
    sold,
    tidy,
    to_json,
    verdict,
    web,
    where,
)
from kb.check.page import Page
from kb.check.report import DISCLAIMER, Finding, Fired, Report

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_CODES = "codes"
_MIME = {
    "txt": "text/plain",
    "md": "text/markdown",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
#: Formats whose source is the file itself, so that lines and columns are those an editor shows.
_LINED = ("txt", "md", "html")
#: Characters a path keeps (RFC 3986, unreserved ones and the slash); every other byte is written in hex.
_URI_SAFE = frozenset(f"{ascii_letters}{digits}-._~/")
_SEVERITY = {"high": "warning", "medium": "note", "low": "note"}
_UNSURE = ("unverifiable", "accurate_with_caveat")

Data = dict[str, Any]


def as_sarif(report: Report) -> str:
    """Return a SARIF log with one run, as JSON with a final line end."""
    return to_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(report)]})


def _run(report: Report) -> Data:
    rules = _rules(report)
    codes = _codes(report)
    place = {rule["id"]: index for index, rule in enumerate(rules)}
    code_place = {code["id"]: index for index, code in enumerate(codes)}
    data = as_data(report)
    run: Data = {
        "tool": {
            "driver": {
                "name": "kb check",
                "semanticVersion": __version__,
                "fullDescription": {"text": f"Checks claims on NK and NKT cell therapy. {DISCLAIMER}"},
                "rules": rules,
                **({"supportedTaxonomies": [{"name": _CODES, "index": 0}]} if codes else {}),
            }
        },
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n"],
        "artifacts": [
            {
                "location": {"uri": _uri(report.page.name)},
                "mimeType": _MIME[report.page.format],
                "hashes": {"sha-256": report.page.sha256},
            }
        ],
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "note", "message": {"text": f"Not checked: {note}"}} for note in notes(report)
                ],
            }
        ],
        "results": _results(report, place, code_place),
        "properties": {
            key: data[key] for key in ("assumed_product", "jurisdiction", "as_of", "base", "notes", "disclaimer")
        },
    }
    if codes:
        run["taxonomies"] = [{"name": _CODES, "shortDescription": {"text": "What is wrong, or open"}, "taxa": codes}]
    return run


def _rules(report: Report) -> list[Data]:
    """Return the status rules and the wording rules that a result names, each once, sorted."""
    found: dict[str, Data] = {}
    for finding in report.findings:
        said = tidy(finding.rule_wording) or finding.rule_id
        found[finding.rule_id] = _descriptor(finding.rule_id, said, said)
        for rule in finding.rules:
            says = tidy(rule.says) or rule.id
            one = _descriptor(rule.id, fired(rule), f"{fired(rule)}. {says} ({rule_text(rule)}). {DISCLAIMER}")
            one["fullDescription"] = {"text": says}
            if web(rule.source):
                one["helpUri"] = web(rule.source)
            one["properties"] = {"kind": rule.kind, "severity": rule.severity, "tags": ["wording", rule.jurisdiction]}
            found[rule.id] = one
    return [found[one] for one in sorted(found)]


def _codes(report: Report) -> list[Data]:
    meanings = {code: tidy(said) for finding in report.findings for code, said in finding.codes.items()}
    return [_descriptor(code, meanings[code] or code, meanings[code] or code) for code in sorted(meanings)]


def _descriptor(name: str, summary: str, help_text: str) -> Data:
    return {"id": name, "shortDescription": {"text": short(summary, 200)}, "help": {"text": help_text}}


def _results(report: Report, rules: dict[str, int], codes: dict[str, int]) -> list[Data]:
    results = []
    seen: Counter[str] = Counter()
    for finding in report.findings:
        print_ = _fingerprint(finding, seen)
        results.append(_result(report.page, finding, rules, codes, print_))
        results += [_wording(report.page, finding, rule, rules, print_) for rule in finding.rules]
    return results


def _result(page: Page, finding: Finding, rules: dict[str, int], codes: dict[str, int], print_: str) -> Data:
    claims = finding.status_class != "not_a_claim"
    result: Data = {
        "ruleId": finding.rule_id,
        "ruleIndex": rules[finding.rule_id],
        "kind": "fail" if claims else "notApplicable",
        "level": _level(finding) if claims else "none",
        "message": {"text": _message(finding)},
        "locations": [_location(page, finding, finding.start, finding.end)],
        "partialFingerprints": {"claimText/v1": print_},
    }
    if finding.codes:
        result["taxa"] = [
            {"id": code, "index": codes[code], "toolComponent": {"name": _CODES, "index": 0}}
            for code in sorted(finding.codes)
        ]
    result["properties"] = {
        "finding": finding.id,
        "class": finding.status_class,
        "level": finding.level,
        "accuracy": finding.accuracy,
        "objection": finding.objection,
        "sold_class": finding.sold_class,
        "sold_level": finding.sold_level,
        "evidence": [{"id": one.id, "stance": one.stance, "match": one.match} for one in finding.evidence],
        "suggestion": finding.suggestion,
        "no_suggestion": finding.no_suggestion,
    }
    return result


def _wording(page: Page, finding: Finding, rule: Fired, rules: dict[str, int], print_: str) -> Data:
    inside = 0 <= rule.start < rule.end <= len(page.source)
    start, end = (rule.start, rule.end) if inside else (finding.start, finding.end)
    return {
        "ruleId": rule.id,
        "ruleIndex": rules[rule.id],
        "kind": "fail",
        "level": _SEVERITY.get(rule.severity, "note"),
        "message": {"text": f"{fired(rule)}: {tidy(rule.says)} Words: “{tidy(rule.why)}”. {rule_text(rule)}."},
        "locations": [_location(page, finding, start, end)],
        "partialFingerprints": {"wordingRule/v1": _digest(print_, rule.id, tidy(rule.why))},
        "properties": {"part_of_finding": finding.id, "severity": rule.severity},
    }


def _level(finding: Finding) -> str:
    if finding.objection:
        return "error"
    return "warning" if finding.accuracy in _UNSURE or finding.status_class == "needs_review" else "note"


def _message(finding: Finding) -> str:
    heading, said = advice(finding)
    parts = [
        verdict(finding),
        sold(finding),
        tidy(finding.rule_wording).rstrip("."),
        *(f"{code}: {tidy(meaning)}" for code, meaning in sorted(finding.codes.items())),
        f"{heading}: {said}".rstrip(".") if heading else "",
    ]
    return ". ".join(part for part in parts if part) + "."


def _location(page: Page, finding: Finding, start: int, end: int) -> Data:
    region: Data = {}
    if page.format in _LINED:
        region = {
            "startLine": page.line_of(start),
            "startColumn": _column(page, start),
            "endLine": page.line_of(end),
            "endColumn": _column(page, end),
        }
    region |= {"charOffset": start, "charLength": end - start, "snippet": {"text": clean(page.source[start:end])}}
    location: Data = {"physicalLocation": {"artifactLocation": {"uri": _uri(page.name), "index": 0}, "region": region}}
    if page.format not in _LINED:
        location["message"] = {"text": where(finding)}
    if finding.section:
        location["logicalLocations"] = [{"fullyQualifiedName": " › ".join(map(tidy, finding.section))}]
    return location


def _column(page: Page, offset: int) -> int:
    """Return the column of a place, from 1, in Unicode characters."""
    return offset - page.source.rfind("\n", 0, offset)


def _fingerprint(finding: Finding, seen: Counter[str]) -> str:
    """Return what tells a claim from others when lines move: its words, its kind, and which of equal ones it is."""
    same = _digest(tidy(finding.text).casefold(), finding.claim_type)
    seen[same] += 1
    return _digest(same, str(seen[same]))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _uri(name: str) -> str:
    """Return a file's name as a relative URI reference; a colon or a bracket cannot make another address of it."""
    raw = tidy(name).replace("\\", "/").encode()
    return "".join(chr(byte) if chr(byte) in _URI_SAFE else f"%{byte:02X}" for byte in raw)
