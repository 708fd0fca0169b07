"""Whether more of an outcome is good for the patient.

The table is ours: names of outcomes as trials print them. A name that decides ("survival", "response") goes before
names of harms, words that turn their neighbour ("free of", "relief", "loss of", "time to") before both. A harm named
with its circumstances stays one, whatever stands among them ("relapse after remission"). An unknown name stays unknown:
a wrong sign would turn a harm into a benefit. So do counts and activities of immune cells, cytokines and weight: no
patient feels them, and what is good depends on the disease.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kb.tag.tags import Direction

#: Names that decide wherever they stand: more is better.
_DECIDES = (
    r"surviv\w*|lived|(?<!inflammatory )(?<!stress )respon(?:se|ses|ders?|ded|d)|"
    r"remissions?|cure[ds]?|cure rates?|quality of life|qol|well-?being|"
    r"satisfaction|satisfied|self-efficacy|knowledge|tolerability|tolerated|recover(?:y|ed)|cessation|healing|healed|"
    r"improve(?:d|ments?|s)?|success\w*|seroconver\w*|abstinen\w+|disease control|engraftment|"
    r"os|pfs|efs|dfs|rfs|lfs|ffs|grfs|orr|dcr|ttp|crr?|mrd[- ]negativ\w*|cell-free survival|live births?"
)
#: More is better.
_GOOD = (
    r"function\w*|adherence|compliance|clearance|seroprotect\w*|benefit\w*|performance|karnofsky|strength|mobility|"
    r"range of motion|walk\w*|gait speed|independence|haemoglobin|hemoglobin|fev1?|lvef|ejection fraction|hdl\w*|"
    r"birth weight|fertili[sz]ation|implantation|efficacy|effectiveness|relief|analgesia|cognit\w*|memory|attention|"
    r"resilience|coping|acceptability|acceptance|comfort|oxygenation|spo2|sao2|saturation|bone mineral density|bmd|"
    r"muscle mass|visual acuity|cd4|antibody titres?|accuracy|correct\w*|physical activity|vaccination|safety|"
    r"feasibility|patency|skills?"
)
#: Less is better.
_BAD = (
    r"death\w*|died|mortality|nrm|trm|fatal\w*|relaps\w*|recurren\w*|progress(?:ion|ed|ive)|metastas\w*|non-?respon\w*|"
    r"pain\w*|migraine\w*|headaches?|cough\w*|wheez\w*|breathless\w*|dyspn\w*|nausea\w*|vomit\w*|emesis|diarrh\w*|"
    r"constipation|pruritus|itch\w*|fatigue\w*|tired\w*|fevers?|febrile|symptoms?|severity|viral load|"
    r"vir(?:a)?emia|rna|"
    r"hbv dna|dna levels?|virus\w*|parasit\w*|adverse|side effects?|toxicit\w*|complicat\w*|morbidit\w*|events?|harms?|"
    r"infect\w*|sepsis|pneumonia|pneumonitis|gvhd|graft[- ](?:versus|vs\.?)[- ]host|cytokine[- ]release|crs|icans|"
    r"neurotoxicity|encephalopathy|reactions?|rejection|failure\w*|dysfunction|strokes?|infarct\w*|isch\w*|bleed\w*|"
    r"blood loss|ha?emorrhag\w*|transfusion\w*|thromb\w*|embol\w*|hypotension|hypogly\w*|bradycardia|tachycardia|"
    r"arrhythmia\w*|fibrillation|anxi\w*|depress\w*|distress\w*|stress|burden|disabilit\w*|impairment\w*|insomnia|"
    r"hospitali[sz]\w*|readmission\w*|length of stay|hospital stay|stay|admission\w*|tumou?r (?:size|volume|growth|"
    r"diameter|markers?)|carcinoembryonic antigen|cea|afp|alpha-fetoprotein|ca ?19-9|ca ?125|psa|mrd|"
    r"minimal residual disease|incidence|risk|injur\w*|falls?|fractures?|ulcer\w*|lesions?|wounds?|swelling|o?edema|"
    r"inflammat\w*|crp|c-reactive protein|cholesterol|ldl\w*|triglycerid\w*|hba1c|a1c|glucose|insulin resistance|"
    r"blood pressure|smoking|drinking|alcohol|craving|rescue|discontinu\w*|dropouts?|exacerbat\w*|attacks?|"
    r"seizures?|leak\w*|errors?|costs?|delirium|agitation|dementia|psychosis|panss|ham-?[ad]|hamd|bdi\w*|madrs|phq-?9|"
    r"gad-?7|womac|odi|psqi|hads|disease activity|sledai\w*|das28|pasi|caries|plaque|gingival\w*|worms?|an(?:a)?emia|"
    r"\w+penia|aplasia|alopecia|mucositis|rash|erythema|shivering|incontinence|obstruction|stenosis|restenosis|"
    r"occlusion|miscarriage|abortion|malformation\w*|worsening|deterioration"
)
#: The virus's antigen is what is lost.
_ANTIGEN = re.compile(
    r"\b(?:hb[se]ag|surface antigen|e antigen) (?:loss|clearance|seroconversion)|\bloss of hb[se]ag", re.IGNORECASE
)
#: Time until something has the sign of not having it yet.
_TIME_TO = re.compile(
    r"\b(?:time (?:to|until|till|before)|(?:time|interval) from (?:[\w()/-]+\s){1,6}?to|interval to|latency (?:to|of)|"
    r"days? (?:to|until))\b",
    re.IGNORECASE,
)
#: The same, where what is waited for stands before it.
_TIME_OF = re.compile(
    r"\b(?:recovery|healing|cessation|engraftment|clearance|reconstitution) times?\b|"
    r"\b(?:duration|length) of (?:recovery|healing)\b",
    re.IGNORECASE,
)
#: What follows these is no part of the name: "relapse after remission", "death without relapse".
_CIRCUMSTANCE = re.compile(
    r"\s\(?(?:after|before|following|without|in|during|among|with|despite|at|not)(?=\s)", re.IGNORECASE
)
#: What follows these is turned.
_TURNS = re.compile(
    r"\b(?:absence|reductions?|decreases?|losse?s?|lack|resolution|relief|prevention|disappearance|control|avoidance|"
    r"declines?|impairment|alleviation)\s(?:of|in|from)\b|\bfree(?:dom)? (?:of|from)\b|\bwithout\b|\bno\b",
    re.IGNORECASE,
)
#: What is good and follows these is not there, or too little of it: "not recovered", "poor response".
_FALLS_SHORT = re.compile(r"\b(?:poor|inadequate|insufficient|impaired|delayed|not|never)\s", re.IGNORECASE)
_FAILED = re.compile(r"\bfail(?:ures?|ed|s|ing) (?:to|of)\b", re.IGNORECASE)
#: What stands before these is turned.
_TURNED = re.compile(
    r"[- ]free\b|\s(?:relief|resolution|reduction|loss|clearance|disappearance|prevention|control|failure|negativity|"
    r"impairment|decline)\b",
    re.IGNORECASE,
)
_DECIDES_WORD = re.compile(rf"(?<![\w-])(?:{_DECIDES})(?!\w)", re.IGNORECASE)
_GOOD_WORD = re.compile(rf"(?<![\w-])(?:{_GOOD})(?!\w)", re.IGNORECASE)
_BAD_WORD = re.compile(rf"(?<![\w-])(?:{_BAD})(?!\w)", re.IGNORECASE)
#: Characters of an outcome looked at.
_LONGEST = 400


def polarity(outcome: str) -> int:
    """Return +1 where more of an outcome is good for the patient, -1 where less is, 0 where nothing tells.

    Args:
        outcome: words for what was measured ("progression-free survival", "incidence of grade 3 GvHD").
    """
    return _sign(outcome[:_LONGEST])


@lru_cache(maxsize=4096)  # rests are asked for again and again: "no … not … no …" would take for ever
def _sign(text: str) -> int:
    if _ANTIGEN.search(text):
        return 1
    if _is_harm_with_circumstances(text):
        return -1
    turned, waited = _TURNS.search(text), _TIME_TO.search(text)
    if waited is not None and (turned is None or waited.start() < turned.start()):
        return -_sign(text[waited.end() :])
    if turned is not None and (sign := _sign(text[turned.end() :])):
        return -sign
    if _TIME_OF.search(text) or _FAILED.search(text) or _falls_short(text):
        return -1
    if (match := _TURNED.search(text)) is not None and not _DECIDES_WORD.search(text, match.end()):
        return -_plain(text[: match.start()]) or _plain(text)
    return _plain(text)


def _is_harm_with_circumstances(text: str) -> bool:
    """Tell whether the first words that have a sign are those of a harm, and its circumstances follow."""
    for match in _CIRCUMSTANCE.finditer(text):
        name = text[: match.start()]
        if not _plain(name):
            continue  # "patients with relapse in remission"
        turned = _TURNS.search(text, 0, match.end())
        if (turned is not None and turned.start() < match.start()) or _TURNED.search(name) or _TIME_TO.search(name):
            return False
        return not (_DECIDES_WORD.search(name) or _GOOD_WORD.search(name))
    return False


def _falls_short(text: str) -> bool:
    """Tell whether the first good thing that is named is said not to be there."""
    match = _FALLS_SHORT.search(text)
    return match is not None and not _plain(text[: match.start()]) and _sign(text[match.end() :]) > 0


def _plain(text: str) -> int:
    """Return the sign of a name without words that turn it: what decides, else the name that stands first."""
    bad, good = _BAD_WORD.search(text), _GOOD_WORD.search(text)
    if _DECIDES_WORD.search(text):
        return 1
    if bad and good:
        return -1 if bad.start() < good.start() else 1
    return -1 if bad else 1 if good else 0


def for_patient(outcome: str, change: str) -> Direction | None:
    """Return what a change of an outcome means for the patient.

    Args:
        outcome: words for what was measured.
        change: ``increased``, ``decreased`` or ``no_difference``, of the treated group against its comparator.

    Returns:
        ``better``, ``worse`` or ``no_difference``; None where the outcome's polarity is unknown.
    """
    if change == "no_difference":
        return "no_difference"
    sign = polarity(outcome)
    if not sign:
        return None
    return "better" if (change == "increased") == (sign > 0) else "worse"
