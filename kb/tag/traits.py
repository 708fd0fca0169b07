"""Groups of people by what they are (counts, genes, age), which are no groups of treatment."""

from __future__ import annotations

import re
from functools import lru_cache

#: What tells people apart before any treatment.
_TRAIT = (
    r"(?:mutat\w+|mutants?|wild[- ]type|expression|express(?:ed|ing)|levels?|counts?|numbers?|frequenc\w+|percentages?|"
    r"proportions?|genotypes?|haplotypes?|alleles?|polymorphisms?|KIR\S*|HLA\S*|mismatch\w*|status|stage|scores?|age|"
    r"gender|sex|cytogenetic\w*|karyotypes?|subtypes?|presence|absence|infiltrat\w+|cytotoxicity|phenotypes?|LDH|CRP|"
    r"biomarkers?|markers?|chimerism|doses?|concentrations?|recovery|reconstitution|density|signatures?)"
)
_TIED = r"(?:associat\w+ with|correlat\w+ with|predict(?:s|ed|ive|ors?)?\b|prognostic|risk factors?)"
_PERSONS = r"(?:patients|those|people|recipients|children|adults|women|men|participants|subjects|individuals|pts)"
#: Something that was done to people.
TREATMENT = re.compile(
    r"\b(?:therap(?:y|ies)|treatments?|infusions?|immunotherapy|infus(?:ed|ing)|receiv(?:ed|ing)|placebo|observation|"
    r"arms?|alone|plus|given|randomi[sz]ed|addition of|surveillance|vaccinat\w+|immunomodulation|control group|"
    r"controls(?! of)|"
    r"chemotherapy|radiotherapy|surgery|resection|(?:with|without) (?-i:[A-Z]{2,4})[ -]cells?)\b",
    re.IGNORECASE,
)
_ASSOCIATED = re.compile(rf"\b{_TIED}", re.IGNORECASE)
#: Characters before "associated with" in which its subject stands.
_SUBJECT = 160
_SUBJECT_TRAIT = re.compile(rf"\b{_TRAIT}\b", re.IGNORECASE)
_TRAITS_COMPARED = re.compile(
    rf"\b(?:than|compared (?:with|to)|in comparison (?:with|to)|versus|vs\.?)\s(?:in\s|for\s|among\s|that of\s)?"
    rf"(?:the\s)?(?:other\s)?(?:those\s\d+\s)?{_PERSONS}\s"
    r"(?:with(?:out)?\s(?=[A-Za-z\d<>≤≥])(?!(?:[\w-]+\s){0,4}?(?:therapy|treatment|infusions?|cells?)\b)|aged|older|"
    r"enrolled (?!in|to)|diagnosed|younger|having|harbou?r\w*|carrying|whose|presenting|lacking|[<>≤≥]|"
    r"who (?:had (?!received|been|not)|achieved|responded|relapsed|developed|failed|"
    r"did not (?:respond|achieve|develop|relapse)))|"
    r"\b(?:than|compared (?:with|to)|versus|vs\.?)\s[^,;()]{0,40}?\b(?:resistant|sensitive|negative|positive|mutated|"
    r"unmutated|wild[- ]type)\s(?:patients|cases|group)\b|"
    r"\b(?:compared (?:with|to)|than|versus)\s(?:in\s)?(?:the\s)?other\s(?:[\w-]+\s){0,4}(?:patients|cases)\b|"
    r"\bprognostic (?:sub)?groups\b|"
    r"\bresponders?\s(?:than|vs\.?|versus|compared|and)\b|\b(?:than|vs\.?|versus|compared (?:with|to))\s(?:in\s)?"
    r"non-?responders?\b",
    re.IGNORECASE,
)
_IN_TRAIT = re.compile(
    rf"\b(?:in|for|among)\s(?:the\s)?(?:{_PERSONS}\s(?:[<>≤≥]|younger|older|aged|with (?:high|low|elevated|increased|"
    rf"detectable))|[\w-]*[- ]risk (?:group|patients))|"
    rf"\b{_PERSONS}\s(?:with|whose|who had|aged|having)\s(?:an?\s|the\s)?(?:high\w*|low\w*|elevated|increased|"
    rf"decreased|reduced|detectable|[<>≤≥])|\b(?:uni|multi)varia\w+|\b(?:high(?:er)?|low(?:er)?|elevated|increased|greater|reduced)\s"
    rf"(?:[\w/+-]+\s){{0,4}}?{_TRAIT}\s(?:[\w/+-]+\s){{0,5}}?(?:was|were|had|showed|at)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def associates(text: str) -> bool:
    """Tell whether a plain text ties an outcome to a trait of people or cells ("high counts predicted survival").

    That is no comparison of treatments, whatever its ratio says.
    """
    if _TRAITS_COMPARED.search(text):
        return True
    tied = _ASSOCIATED.search(text)
    if tied:
        subject = text[max(0, tied.start() - _SUBJECT) : tied.start()]
        if _SUBJECT_TRAIT.search(subject) and not TREATMENT.search(subject):
            return True
    return _IN_TRAIT.search(text) is not None and TREATMENT.search(text) is None
