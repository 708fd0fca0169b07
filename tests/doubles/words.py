"""Invented building blocks of records, in the manner of real ones. No sentence is taken from a real record."""

from __future__ import annotations

CELLS = (
    "cord blood-derived natural killer cells",
    "haploidentical NK cells",
    "CAR-NK cells",
    "memory-like NK cells",
    "invariant NKT cells",
    "cytokine-induced killer cells",
    "NK-92 cells",
    "γδ T cells",
)
DISEASES = (
    "acute myeloid leukemia",
    "hepatocellular carcinoma",
    "multiple myeloma",
    "neuroblastoma",
    "non-small cell lung cancer",
    "extranodal NK/T-cell lymphoma",
    "glioblastoma",
    "systemic lupus erythematosus",
)
#: Kind of paper → its publication types (id, label).
DESIGNS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("a phase 1 trial", (("D016428", "Journal Article"), ("D017426", "Clinical Trial, Phase I"))),
    ("a randomised phase 2 trial", (("D016428", "Journal Article"), ("D016449", "Randomized Controlled Trial"))),
    ("a retrospective cohort", (("D016428", "Journal Article"),)),
    ("a systematic review", (("D016428", "Journal Article"), ("D000078182", "Systematic Review"))),
    ("a case report", (("D002363", "Case Reports"),)),
    ("a mouse study", (("D016428", "Journal Article"),)),
)
#: Family names from many scripts, so that an encoding that is lost shows.
AUTHORS = (
    ("Müller", "Jörg", "J"),
    ("Nakamura", "Yuki", "Y"),
    ("Øvergård", "Siw", "S"),
    ("Dvořáková", "Eliška", "E"),
    ("O'Brien", "Niamh", "N"),
    ("García-Peña", "José María", "JM"),
    ("Nguyễn", "Thị Hoa", "TH"),
    ("Kowalczyk", "Łukasz", "Ł"),
    ("Zhang", "Wei", "W"),
    ("d'Alembert", "Zoé", "Z"),
)
#: (title, abbreviation, ISSN, NLM id)
JOURNALS = (
    ("Journal of synthetic cell therapy", "J Synth Cell Ther", "9999-1001", "9990001"),
    ("Annals of made-up immunology", "Ann Made Up Immunol", "9999-1002", "9990002"),
    ("Zeitschrift für erfundene Hämatologie", "Z Erfund Hamatol", "9999-1003", "9990003"),
)
#: (id, label)
HEADINGS = (
    ("D007694", "Killer Cells, Natural"),
    ("D006801", "Humans"),
    ("D016219", "Immunotherapy, Adoptive"),
    ("D051379", "Mice"),
)
QUALIFIERS = (("Q000276", "immunology"), ("Q000637", "transplantation"))
AIMS = (
    "It is unknown whether an infusion is tolerated in this made-up setting.",
    "Donor cells lose their receptors after thawing, or so this invented paper says.",
)
#: {n} and {m} are numbers; marked up as PubMed marks up.
METHODS = (
    "We gave {n} people a dose of 2&#xd7;10<sup>{m}</sup> cells/kg after IL-<sub>2</sub> priming.",
    "CD56<sup>bright</sup> cells from {n} donors were grown with TNF-&#x3b1; &amp; IFN-&#x3b3; for {m} days.",
)
RESULTS = (
    "Of {n} people {m} responded (95% CI &lt;0.1 to 0.4; <i>P</i>&#x2009;=&#x2009;0.36).",
    "{m} of {n} products missed the limit of &#x2265;70% viable cells; the Na<sup>+</sup> level did not matter.",
)
CLOSINGS = ("A larger invented study is needed.", "No conclusion can be drawn from a text that nobody observed.")
STATUSES = (
    "RECRUITING",
    "COMPLETED",
    "TERMINATED",
    "NOT_YET_RECRUITING",
    "UNKNOWN",
    "WITHDRAWN",
    "ACTIVE_NOT_RECRUITING",
)
WHY_STOPPED = ("Slow accrual", "Sponsor decision, not related to safety", "Lack of funding")
PHASES: tuple[tuple[str, ...], ...] = (("PHASE1",), ("PHASE1", "PHASE2"), ("PHASE2",), ("NA",), ("EARLY_PHASE1",), ())
SPONSORS = (
    ("Synthetic Therapeutics Ltd", "INDUSTRY"),
    ("Universität Nirgendwo", "OTHER"),
    ("Made-up Hospital", "OTHER"),
)
PLACES = (("Nirgendwo", "Germany"), ("Springfield", "United States"), ("Seoul", "Korea, Republic of"))
