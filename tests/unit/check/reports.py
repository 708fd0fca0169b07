"""Reports to show: a realistic one and a hostile one. Every study, product, rule and number here is invented."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kb.check.page import Block, BlockKind, Cell, Page, PageFormat
from kb.check.report import Cited, Finding, Fired, Marker, Report

#: (kind, what stands before the text in the source, text, level, cell)
Part = tuple[BlockKind, str, str, int, Cell | None]

CURE = "Our expanded autologous NK cells eliminate tumours in 80% of patients [1]."
BIOLOGY = "NK cells recognise stressed cells without prior sensitisation [2]."
TRIALS = "Donor NK cells are being tested in acute myeloid leukaemia."
SAFE = "There are no side effects whatsoever"
AGE = "Slows ageing and restores vitality"
CALL = "Book your free consultation today!"
TYPES = "Killer cells help in melanoma."

PARTS: tuple[Part, ...] = (
    ("heading", "# ", "Natural killer cell therapy", 1, None),
    ("paragraph", "", f"{CURE} {BIOLOGY}", 0, None),
    ("heading", "## ", "Why choose us", 2, None),
    ("item", "- ", SAFE, 1, None),
    ("item", "- ", AGE, 1, None),
    ("paragraph", "", f"{TRIALS} {CALL}", 0, None),
    ("cell", "| ", "Condition", 0, Cell(1, 1, 1, header=True)),
    ("cell", "| ", "What we see", 0, Cell(1, 1, 2, header=True)),
    ("cell", "| ", "Skin cancer", 0, Cell(1, 2, 1)),
    ("cell", "| ", TYPES, 0, Cell(1, 2, 2)),
    ("reference", "1. ", "Author A, Author B. An invented pilot of NK cells. Journal of Examples.", 0, None),
)

RULE = Fired(
    id="EX-GUARANTEE",
    jurisdiction="US",
    authority="Example Commission",
    citation="Example Guide, section 3",
    kind="guidance",
    severity="high",
    says="A statement of success rates needs competent and reliable evidence.",
    why="eliminate tumours",
    start=0,
    end=0,
    source="https://example.org/guide",
    dated="2001",
    seen="yes",
    age="2001 text, 25 years old",
)
PILOT = Cited(
    id="S-PILOT",
    kind="study",
    label="An invented pilot of NK cells",
    url="https://example.org/pilot",
    stance="does_not_support",
    match="partial",
    mismatch={"cell_source": "differs", "expansion": "silent"},
    reason="The cells came from donors; 2 of 9 people responded.",
    integrity="ok",
    checked="abstract",
    decided=True,
)
RETRACTED = replace(
    PILOT,
    id="S-WITHDRAWN",
    label="A withdrawn report",
    url="",
    stance="not_found",
    match="",
    mismatch={},
    reason="Retracted, so it counts for nothing.",
    integrity="retracted",
    checked="secondary",
    decided=False,
    result="sold",
)


def page_of(parts: tuple[Part, ...], name: str = "clinic page.md", file_format: PageFormat = "md") -> Page:
    """Return a page whose source holds each part on a line of its own."""
    source, blocks = "", []
    for kind, before, text, level, cell in parts:
        at = len(source) + len(before)
        line = source.count("\n") + 1
        source += f"{before}{text}\n"
        place = f"paragraph {line}" if file_format == "docx" else "page 1" if file_format == "pdf" else ""
        label = before.strip("[]. ") if kind == "reference" else ""
        blocks.append(Block(kind, text, tuple(range(at, at + len(text))), line, level, cell, label, place))
    return Page(
        name=name,
        format=file_format,
        sha256=hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest(),
        source=source,
        title="Natural killer cell therapy",
        blocks=tuple(blocks),
        notes=("One picture has no text alternative.",),
    )


def finding_of(page: Page, number: int, text: str, **given: Any) -> Finding:
    """Return a finding on words of the page; what is not given is that of an unremarkable background sentence."""
    start = page.source.index(text)
    at: Mapping[str, Any] = {
        "id": f"f{number:03d}",
        "line": page.line_of(start),
        "start": start,
        "end": start + len(text),
        "text": text,
        "place": next((b.place for b in page.blocks if start in b.offsets), ""),
    }
    plain: Mapping[str, Any] = {
        "section": ("Natural killer cell therapy",),
        "claim_type": "mechanism",
        "subject": "biology",
        "wording": "asserted",
        "outcome": "",
        "understood": "NK cells kill without being primed.",
        "axes": {"cell_type": ("natural killer cells",)},
        "status_class": "background",
        "level": "B",
        "level_label": "background",
        "sold_class": None,
        "sold_level": None,
        "accuracy": "accurate",
        "objection": False,
        "codes": {},
        "approved_elsewhere": (),
        "rule_id": "BACKGROUND",
        "rule_wording": "The sentence describes biology and promises no benefit to a person.",
        "strength": "",
        "evidence": (),
        "later": (),
        "rules": (),
        "markers": (),
        "suggestion": None,
        "no_suggestion": None,
    }
    return Finding(**{**plain, **at, **given})


def _findings(page: Page) -> tuple[Finding, ...]:
    cure = page.source.index(CURE)
    words = page.source.index(RULE.why)
    first, second = page.source.index("[1]"), page.source.index("[2]")
    wording = replace(RULE, start=words, end=words + len(RULE.why))
    return (
        finding_of(
            page,
            1,
            CURE,
            claim_type="efficacy",
            subject="own_product",
            outcome="response",
            understood="The product sold makes tumours disappear in 80% of patients.",
            axes={"indication": ("cancer",), "cell_type": ("natural killer cells",), "cell_source": ("autologous",)},
            status_class="unsupported",
            level="X",
            level_label="contradicted",
            sold_class="unsupported",
            sold_level="U",
            accuracy="inaccurate",
            objection=True,
            codes={
                "SOURCE_NOT_AUTOLOGOUS": "the cells of the source came from a donor, not from the patient",
                "CONTRADICTED": "the records say otherwise",
            },
            approved_elsewhere=("JP",),
            rule_id="CITE-X",
            rule_wording="The sentence reports a named study and the study's own record says otherwise.",
            strength="PDQ 3iiiDiv, one cohort",
            evidence=(PILOT, RETRACTED),
            later=("its follow-up, came out negative; the document does not name it",),
            rules=(wording,),
            markers=(Marker("[1]", first, first + 3, "S-PILOT", "An invented pilot of NK cells.", "read: abstract"),),
            suggestion="In a pilot with donor cells, 2 of 9 people responded; whether our own cells do is not known.",
            same_as=("other-page#c004",),
            proof={"kind": "citation", "facts": ["S-PILOT"], "start": cure},
        ),
        finding_of(
            page,
            2,
            BIOLOGY,
            markers=(Marker("[2]", second, second + 3, "", "", "the list of references has no such entry"),),
            accuracy="unverifiable",
            codes={"NO_REFERENCE": "a factual statement with no reference that can be opened"},
            suggestion=None,
        ),
        finding_of(
            page,
            3,
            SAFE,
            section=("Natural killer cell therapy", "Why choose us"),
            claim_type="safety",
            subject="own_product",
            status_class="unsupported",
            level="X",
            level_label="contradicted",
            sold_class="unsupported",
            sold_level="X",
            accuracy="inaccurate",
            objection=True,
            codes={"SAFETY_OVERSTATED": "a harm is excluded that has been recorded"},
            rule_id="SAFETY-X",
            rule_wording="The sentence excludes a harm that has been recorded.",
            evidence=(replace(PILOT, id="E-FEVER", kind="safety_event", stance="contradicts", mismatch={}),),
            rules=(replace(wording, id="EX-ABSOLUTE", severity="medium", seen="partly", source=""),),
            suggestion="Fever and chills have been seen; ask how many people were followed and for how long.",
        ),
        finding_of(
            page,
            4,
            AGE,
            section=("Natural killer cell therapy", "Why choose us"),
            claim_type="efficacy",
            subject="own_product",
            status_class="unsupported",
            level="U",
            level_label="no evidence",
            sold_class="unsupported",
            sold_level="U",
            accuracy="misleading",
            objection=True,
            codes={"BENEFIT_UNPROVEN": "a benefit is asserted or implied that no study good enough bears out"},
            rule_id="NOTHING",
            rule_wording="No usable human record in this build matches.",
            no_suggestion="No study on file bears out any part of it, so leaving it out is the only way.",
            rules=(replace(wording, id="EX-HOUSE", kind="house_rule", severity="low", seen="no", age="", source=""),),
        ),
        finding_of(
            page,
            5,
            TRIALS,
            claim_type="regulatory",
            subject="class",
            status_class="trial_stage",
            level="T4",
            level_label="being tested",
            sold_class="unsupported",
            sold_level="U",
            accuracy="accurate_with_caveat",
            codes={"PRODUCT_MISMATCH": "engineering or partners of the source are not those of the sentence"},
            evidence=(replace(PILOT, id="T-OPEN", kind="trial", label="A trial under way", stance="supports"),),
            rule_id="BEING-TESTED",
            rule_wording="A trial is registered and under way.",
        ),
        finding_of(
            page,
            6,
            CALL,
            claim_type="none",
            subject="seller",
            understood="",
            axes={},
            status_class="not_a_claim",
            level="N",
            level_label="not a claim",
            rule_id="GATE-N",
            rule_wording="The sentence makes no checkable claim.",
        ),
        finding_of(
            page,
            7,
            TYPES,
            claim_type="efficacy",
            subject="class",
            status_class="needs_review",
            level="?",
            level_label="needs a person",
            accuracy="unverifiable",
            rule_id="GATE-REVIEW",
            rule_wording="The sentence does not say which cells it speaks of.",
        ),
    )


def report(page: Page | None = None) -> Report:
    """Return a check of a small clinic page, with every kind of finding on it."""
    page = page or page_of(PARTS)
    return Report(
        page=page,
        assumed={"cell_type": ("nk",), "cell_source": ("autologous",)},
        assumed_labels={"cell_type": ("natural killer cells",), "cell_source": ("autologous",)},
        assumed_basis="line 2 says “our expanded autologous NK cells”",
        jurisdiction="US",
        as_of="2026-11-01",
        built="12 invented studies, 3 invented trials, built for 2026-11-01",
        findings=_findings(page),
        notes=("Wording rules of other places were not applied.",),
    )


#: What a page may try: markup, a terminal's codes, a formula, text that runs backwards, a line without end.
SCRIPT = "<script>alert(1)</script> cures \x1b[31mcancer\x1b[0m & \"more\" 'now'"
FORMULA = '=HYPERLINK("https://example.org","x")'
BIDI = "safe \u202eerucnac\u202c cells \u2066and\u2069 \u200bwords\x00\x9b"
LONG = "NK " + "x" * 5000 + " cells cure"


def hostile(file_format: PageFormat = "txt") -> Report:
    """Return a check of a page that attacks its reader."""
    parts: tuple[Part, ...] = tuple(
        ("paragraph", "", text, 0, None) for text in (SCRIPT, FORMULA, BIDI, LONG, "}} {{ 7*7 }} {% raw %}")
    )
    page = replace(page_of(parts, '<img src=x onerror="1">\x1b].txt', file_format), title=SCRIPT)
    bad = replace(
        PILOT, id="S<b>", label=SCRIPT, url="javascript:alert(1)", reason=SCRIPT, mismatch={"cell_type": "<i>"}
    )
    rule = replace(RULE, source="data:text/html,<script>", why=SCRIPT, says=SCRIPT, citation=SCRIPT, start=0, end=9)
    given: dict[str, Any] = {
        "understood": SCRIPT,
        "evidence": (bad,),
        "rules": (rule,),
        "suggestion": SCRIPT,
        "codes": {"<CODE>": SCRIPT},
        "markers": (Marker(SCRIPT, 0, 3, "", SCRIPT, SCRIPT),),
        "section": (SCRIPT,),
        "objection": True,
        "status_class": "unsupported",
        "level": "U",
        "level_label": "no evidence",
        "accuracy": "misleading",
    }
    texts = (SCRIPT, FORMULA, BIDI, LONG)
    findings = tuple(finding_of(page, number, text, **given) for number, text in enumerate(texts, 1))
    return replace(report(), page=page, findings=findings, assumed_basis=SCRIPT, notes=(SCRIPT,), built=SCRIPT)
