"""Whether more of an outcome is good for the patient.

The table is ours: names of outcomes as trials print them, read from left to right. A name that decides by itself
("survival") is weaker than one that turns it ("time to", "free of", "relief of"). An unknown name stays unknown: it is
never guessed, because a wrong sign turns a harm into a benefit.
"""

from __future__ import annotations

import re

from kb.tag.tags import Direction

#: More is better.
_GOOD = (
    r"surviv\w*|response|responders?|responded|remission|cure[ds]?|cured|cure rate|success\w*|quality of life|qol|wellbeing|"
    r"well-being|function\w*|satisf\w*|adherence|compliance|recover\w*|healing|healed|clearance|seroconver\w*|"
    r"seroprotect\w*|improve\w*|benefit\w*|performance|karnofsky|strength|mobility|range of motion|walk\w*|gait speed|"
    r"independence|abstinence|abstinent|cessation|knowledge|skills?|engraftment|disease control|"
    r"persistence|haemoglobin|hemoglobin|fev1?|lvef|ejection fraction|hdl|pregnan\w*|live births?|birth weight|ovulation|"
    r"fertili[sz]ation|implantation|efficacy|effectiveness|relief|analgesia|anaesthesia success|cognit\w*|memory|attention|"
    r"resilience|self-efficacy|coping|acceptability|acceptance|comfort|oxygenation|spo2|sao2|saturation|"
    r"bone mineral density|bmd|muscle mass|visual acuity|cd4|immunity|antibody titres?|nk(?: cell)? (?:activity|"
    r"cytotoxicity|number|count)s?|expansion|viability|accuracy|correct\w*|physical activity|vaccination|coverage|"
    r"tolerability|safety|feasibility|patency|euvolemia|sensitivity|specificity|detection"
)
#: Less is better.
_BAD = (
    r"death\w*|died|mortality|fatal\w*|relaps\w*|recurren\w*|progression|progressed|metastas\w*|"
    r"pain\w*|migraine\w*|headaches?|cough\w*|wheez\w*|breathless\w*|dyspn\w*|nausea\w*|vomit\w*|"
    r"emesis|diarrh\w*|constipation|pruritus|itch\w*|fatigue\w*|tired\w*|fever\w*|symptoms?|severity|viral load|vir[a]?emia|"
    r"virus|hbv dna|parasit\w*|adverse|side effects?|toxicit\w*|complicat\w*|morbidit\w*|events?|harms?|infect\w*|sepsis|"
    r"pneumonia|gvhd|graft[- ]versus[- ]host|cytokine release|neurotoxicity|rejection|failure\w*|stroke\w*|infarct\w*|"
    r"isch\w*|bleed\w*|blood loss|h(?:a)?emorrhag\w*|transfusion\w*|thromb\w*|embol\w*|hypotension|hypogly\w*|bradycardia|"
    r"tachycardia|arrhythmia\w*|fibrillation|anxi\w*|depress\w*|distress\w*|stress|burden|disabilit\w*|impairment\w*|insomnia|"
    r"hospitali[sz]\w*|readmission\w*|length of stay|hospital stay|stay|admission\w*|relapse rate|tumou?r (?:size|burden|"
    r"volume|growth)|cancer|carcinoma|incidence|risk|injur\w*|falls?|fractures?|ulcer\w*|lesions?|wounds?|swelling|o?edema|"
    r"inflammat\w*|crp|c-reactive protein|il-?6|tnf\w*|cholesterol|ldl\w*|triglycerid\w*|hba1c|a1c|glucose|insulin resistance|"
    r"blood pressure|bmi|body mass index|weight|waist|fat mass|adiposity|smoking|drinking|alcohol|craving|consumption|"
    r"rescue|requirements?|discontinu\w*|dropouts?|withdraw\w*|exacerbat\w*|attacks?|seizures?|bleeding|leak\w*|errors?|"
    r"costs?|delirium|agitation|dementia|psychosis|panss|ham-?[ad]|hamd|bdi\w*|madrs|vas|phq-?9|gad-?7|womac|odi|"
    r"psqi|hads|disease activity|das28|pasi|bleeding time|caries|plaque|gingival\w*|pocket depth|worms?|anaemia|anemia|"
    r"neutropenia|leucopenia|leukopenia|thrombocytopenia|alopecia|mucositis|rash|erythema|sedation|shivering|"
    r"incontinence|obstruction|stenosis|restenosis|occlusion|miscarriage|abortion|preterm|malformation\w*"
)
#: Time until something: its sign is that of not having it yet.
_TIME_TO = re.compile(
    r"\b(?:time (?:to|until|till|before|of onset of)|interval to|latency (?:to|of)|days? (?:to|until))\b", re.IGNORECASE
)
#: Words that turn what follows or stands before: "relapse-free", "pain relief", "reduction in pain", "absence of".
_FREE = re.compile(
    r"[- ]free\b|\bfree(?:dom)? (?:of|from)\b|\brelief\b|\bwithout\b|\babsence of\b|\breductions? (?:in|of)\b|\bdecreases? in\b|"
    r"\bresolution\b|\bclear(?:ance|ing)\b|\bcontrol of\b|\bprevention of\b|\bprotection\b|\bresponse\b|\bremission\b|\bloss of weight\b|"
    r"\bweight loss\b|\bdisappearance\b|\btoleran\w+|\bimprovements?\b|\brecovery\b|\bcessation\b|\bsurviv\w+|\bhealing\b|\bself-efficacy\b|\bsatisf\w*|\bknowledge\b",
    re.IGNORECASE,
)
_GOOD_WORD = re.compile(rf"(?<![\w-])(?:{_GOOD})(?!\w)", re.IGNORECASE)
_BAD_WORD = re.compile(rf"(?<![\w-])(?:{_BAD})(?!\w)", re.IGNORECASE)


def polarity(outcome: str) -> int:
    """Return +1 where more of an outcome is good for the patient, -1 where less is, 0 where nothing tells.

    Args:
        outcome: words for what was measured ("progression-free survival", "incidence of grade 3 GvHD").
    """
    text = outcome[:400]
    bad, good = _BAD_WORD.search(text), _GOOD_WORD.search(text)
    if _TIME_TO.search(text):
        if bad:
            return 1
        return -1 if good else 0
    if _FREE.search(text):
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
