"""Words around a name that tell its role: given to people, measured in them, or the disease they have.

Each frame is a pattern over the words just before or just after the name, in lower case. A frame is a
piece of English and keeps its meaning under another vocabulary. Where a cell, a graft or a family of diseases is named
(lymphocytes, stem cells, "lymphoma"), it is one that stands beside products of any kind, or the short form that papers
on killer cells print without "cells"; what a product or an indication is, only the vocabulary says.
"""

from __future__ import annotations

import re

from kb.tag.numbers import WORD

#: Up to so many words between a frame and the name it governs, never across a clause.
_GAP = r"(?:[^\s.;:]+\s+){0,%d}[^\s.;:\w]*$"

#: "infusion of …", "received allogeneic …", "were infused with …": only something given follows these.
GIVEN_LEFT = re.compile(
    r"\b(?:re-?infus\w+|infus\w+|administ\w+|inject\w+|transfus\w+|adoptive(?:ly)? transfer\w*|transplant(?:ed|ing|ation) (?:of|with)|"
    r"deliver\w+|instill\w+|receiv\w+|given|giving|got|dosed|doses? of|cycles? of|courses? of|vaccinated|put|randomi[sz]ed|assigned|allocated|allotted)\b"
    r"(?:\s+(?:of|with|using|by|consisting|comprising|combining|including))*\s+" + _GAP % 12
)
#: "a cell therapy (…": the name of a treatment in brackets.
NAMED_LEFT = re.compile(r"\b(?:therap(?:y|ies)|treatments?|products?|immunotherap(?:y|ies)|infusions?)[,:]?\s*\(\s*$")
#: "treatment with …", "therapy using …", "transfer of …", "cohorts of …".
TREATED_LEFT = re.compile(
    r"\b(?:treat(?:ed|ing|ment|ments)|therap(?:y|ies)|immunotherap(?:y|ies)|transfer(?:red)?|consolidat\w+|maintenance)\b"
    r"(?:\s+(?:of|with|using|by|consisting|consisted|comprising|regimen|combining|including|based on)|\s+(?:[^\s.;:]+\s+){1,12}?(?:with|using|by))\s+"
    + _GAP
    % 7
)
#: "… infusion", "… therapy was", "… were infused", "… at 1 × 10^8".
GIVEN_RIGHT = re.compile(
    r"^[)\]”\"']*[\s-]*(?:\([^)]{1,25}\)\s*)?(?:cells?[\s-]*)?(?:\([^)]{1,25}\)\s*)?"
    r"(?:(?:based|cell|adoptive|cellular|lymphocyte|product|drug|i\.?v\.?|intravenous|therapeutic|multiple|repeated|single|"
    r"derived|consolidation|maintenance|dose|donor)[\s-]+){0,3}"
    r"(?:infusions?|therap(?:y|ies)|treatments?|administrations?|transfers?|immunotherap(?:y|ies)|injections?|products?|"
    r"transplant(?:s|ation)?|transfusions?|reinfusion|boost|candidates?|drug product|vaccin\w+|"
    r"immunocell|cell therapy)\b"
)
GIVEN_VERB = re.compile(
    r"^[^.;:]{0,70}?\b(?:was|were|are|is|being|been|be)\s+(?:\w+\s+){0,3}?(?:infused|administered|given|injected|transferred|"
    r"delivered|instilled|transfused|reinfused|dosed|tolerated|safe|feasible|returned)\b"
)
DOSED = re.compile(
    r"^[)\s-]*(?:cells?[\s-]*)?(?:doses?|dosing)\b|^[^.;:]{0,60}?(?:\bat (?:a |an |the )?(?:\w+ )?(?:doses?|dose levels?)\b|\d\s*(?:×|x|\*|e)\s*10|/kg\b|per kg\b)"
)
DOSE_LEFT = re.compile(r"(?:10\W{0,3}\d{1,2}\W{0,3}|\bmillion |\bbillion )(?:[^\s.;]+\s+){0,4}$")
#: "allogeneic …", "ex vivo expanded …": words for a product, not for the body's own cells.
MADE_LEFT = re.compile(
    r"\b(?:allogen(?:e)?ic|autologous|haplo(?:identical)?|third[- ]party|off[- ]the[- ]shelf|donor(?:[- ]derived)?|"
    r"ex[- ]vivo|expanded|adoptive(?:ly)?|cryopreserved|activated|manufactured|purified|enriched|selected|universal|"
    r"engineered|modified|transduced|irradiated|infused|transferred|clinical[- ]grade|gmp|cultured|primed|"
    r"(?:ipsc|cord blood|placenta)\w*[- ]derived)[\s-]+" + _GAP % 4
)
MADE_RIGHT = re.compile(
    r"^[^.;:]{0,40}?\b(?:was|were|are)\s+(?:\w+\s+){0,2}?(?:expanded|manufactured|generated|produced|isolated|purified|enriched|"
    r"selected|cultured|prepared|collected|obtained|activated|cryopreserved|derived)\b|^\s*(?:\([^)]{1,25}\)\s*)?"
    r"(?:\w+[\s-]+)?(?:manufactur\w+|production|expansion)\b"
)
#: "… transplantation", "… rescue": a graft, not the cells under study where there are others.
GRAFT_RIGHT = re.compile(
    r"^[\s)-]*(?:\([^)]{1,25}\)\s*)?(?:(?:plus|and|or|cells?|progenitors?|natural|killer|nk|\(nk\)|peripheral|blood|donor)[\s-]+){0,6}"
    r"(?:transplant\w*|rescue|grafts?|support|backup|boost)\b"
)
#: "NKT cell therapy using …": the name of a treatment whose product is named behind it.
THERAPY_USING = re.compile(
    r"^[\s-]*(?:cells?[\s-]+)?(?:\([^)]{1,25}\)\s*)?(?:targeted\s+)?(?:immuno)?(?:therapy|treatment)\s+(?:using|by means of)\b"
)
#: "survival was longer with …": what one of two groups got.
COMPARED_LEFT = re.compile(
    r"\b(?:longer|shorter|higher|lower|better|worse|improved|reduced|increased|fewer|greater|superior|inferior|similar)\b"
    r"[^.;:]{0,60}?\b(?:with|after|following)\s+(?:[\w-]+\s+){0,3}$"
)
#: "combined with …", "plus …", "followed by …" in a title or an aim.
PARTNER_LEFT = re.compile(
    r"(?:\b(?:combin(?:ed|ation|ing)|plus|together|followed by|alone or|addition of|adding|safety|efficacy|feasibility|"
    r"tolerability|trial|study|evaluation|use|using|role|effects? of|outcomes? (?:of|after|with)|with|after|and)|\+)\s*"
    r"(?:of|with|and|for|to)?\s*" + _GAP % 6
)
#: "… for relapsed leukaemia", "… in patients with": after a product in a title.
FOR_RIGHT = re.compile(
    r"^[^.;:]{0,60}?\b(?:for|in|to treat|against)\s+(?:the treatment of\s+)?(?:\w+[\s-]+){0,4}?(?:patients?|adults?|children|"
    r"(?:\w+[\s-]+){0,2}(?:cancers?|\w*leuka?emias?|\w*omas?|tumou?rs?|diseases?|disorders?|malignanc\w+|infections?|syndromes?|\w*itis|sclerosis|covid\S*|lupus)\b|subjects?|participants?|volunteers?|recipients|relapsed|refractory|recurrent|advanced|metastatic|treatment|newly|high-risk|"
    r"older|elderly|pa?ediatric|people|individuals|women|men)\b"
)

#: "NK/T-cell lymphoma", "NK cell leukaemia", "of T- or NK-cell type": a disease, whatever the spelling between.
DISEASE_RIGHT = re.compile(
    r"^[\s)\]]*(?:\([^)]{1,12}\)\s*)?[/\s-]*(?:(?:t|b|cells?|cell-|non-hodgkin['’]?s?|large|granular|lymphocytic|lymphoid|lineage|type|"
    r"nasal|aggressive|malignant|ha?ematologic(?:al)?|lineage|and|or|/)[\s/-]*){0,6}(?:lymphomas?|leuka?emias?|neoplas\w+|malignanc\w+|lymphoproliferat\w+|tcls?\b|"
    r"lymphocytosis|cytopenia|deficienc\w+|tumou?rs?\b|ebv\b)"
)
#: "… cell-derived …": what other cells, or their vesicles, come from.
DERIVED_RIGHT = re.compile(r"^[)\s-]*(?:cells?[)\s-]*)?derived\b")
#: "NK 012", "NK-105": the rest of a drug's code.
CODE_RIGHT = re.compile(r"^[\s-]?\d{2,4}(?![\d×x*^%/])(?!\s*(?:×|x|\*|%|cells|patients|days|h\b|hours|weeks))")
#: "… were measured", "… were lower": said of cells of the body.
MEASURED_VERB = re.compile(
    r"^[^.;:,]{0,60}?\b(?:was|were|are|is)\s+(?:\w+ly\s+)?(?:measured|assessed|analy[sz]ed|increased|decreased|reduced|lower|higher|"
    r"elevated|counted|examined|stimulated|detected|impaired|determined|monitored|diminished|restored|enhanced|"
    r"more|less|correlated|associated|studied by|quantified|enumerated|phenotyped|stained)\b|^\s*(?:expand(?:ed)?|expansion) in vivo|^[^.;:,]{0,40}? in vivo\b|^\s*(?:cells?\s+)?(?:of|from|in)\s+"
    r"(?:\d+|the|these|healthy|patients)\s+[^.;:,]{0,60}?\b(?:showed|made|produced|expressed|killed|secreted|responded less|display\w+)\b|"
    r"^\s*/kg (?:with|in) the (?:graft|transplant)|^[^.;:,]{0,40}?\b(?:in|from) (?:[\w-]+ ){0,4}(?:samples|specimens|biopsies)\b|^[^.;:,]{0,20}?\bin (?:the )?grafts?\b|^[^.;:,]{0,20}?\bwith the graft\b"
)

#: The body's own cells, measured: "circulating …", "number of …".
MEASURED_LEFT = re.compile(
    r"\b(?:circulating|endogenous|host|recipient|intratumou?ral|infiltrating|decidual|uterine|resident|(?:peripheral(?: blood)?)|"
    r"numbers? of|percentages? of|proportions? of|frequenc(?:y|ies) of|levels? of|activit(?:y|ies) of|cytotoxicity of|functions? of|"
    r"activation of|activat(?:e|es|ing)|stimulat(?:e|es|ing|ion of)|proliferation of|depletion of|deplet(?:e|ed|ing)|"
    r"reconstitution of|recovery of|effects? (?:of [\w\s-]{1,60} )?on|expression (?:of|on|by)|loss of|inhibit(?:s|ed|ing|ion of)?|mediated by|"
    r"counts? of|(?:exosomes?|vesicles|supernatants?|lysates?|rna|dna|granules|enzymes?) (?:[\w ]{0,30} )?(?:from|of)|(?:cultures?) of(?: human)?|depleted of|depletion of|phenotype of|subsets? of|infiltration of|repertoire of|alloreactivity of|lysis by|killing by|presence of|"
    r"increases? in|decreases? in|changes? in|reduction in|resistance to|sensitivity to|susceptib(?:le|ility) to|"
    r"recogni[sz]ed by|recognition by|role of|responses? of|infection of|hyporesponsiveness of|dysfunction of|impairment of|defective|decreased|increased|reduced|rich in|frequency and [\w ]{1,30} of|study of the|engag(?:e|es|ing)|recruit(?:s|ing|ment of)|resting|restore[sd]?|enhanc(?:e|es|ing)|"
    r"mature|immature|cd56\w*|cd16\w*|augment\w*|boost\w*|mobili[sz]\w+|harness\w*|unleash\w*|"
    r"% of (?:the )?(?:\w+ ){0,3}(?:cells|product) (?:were|was|being))\s+(?:the\s+|these\s+|their\s+|t cells?,? (?:and )?|b cells?,? (?:and )?|"
    r"t,? (?:and )?|b,? (?:and )?|cd8\S* t cells and )*"
    r"(?:(?!autolog|allogen|donor|infus|expand|transfer|adoptive|haplo|ex|gene|engineer|modif|cryo|car\b)[^\s.;:,()]+\s+){0,2}$"
)
MEASURED_RIGHT = re.compile(
    r"^[)\]]*[\s-]*(?:\([^)]{1,25}\)\s*)?(?:(?:and|or|/)\s+(?:[\w-]+\s+){1,3})?(?:cells?[\s-]*)?(?:['’]s?\s+)?(?:\([^)]{1,25}\)\s*)?"
    r"(?:counts?|numbers?|percentages?|proportions?|frequenc\w+|levels?|activit\w+|cytotoxicit\w+|cytolytic|cytotoxic|"
    r"killing|functions?|functional\w*|phenotyp\w+|subsets?|subpopulations?|recover\w*|reconstitut\w*|infiltrat\w*|ligands?|"
    r"receptors?|alloreactiv\w*|mediated|dysfunction\w*|deficien\w*|defects?|defective|expressions?|expressed(?! (?:an?|the)\b)|engagers?|compartments?|"
    r"repertoire|education|genes?|matur\w*|exhaust\w*|lysis|responses?|signatures?|markers?|surface|populations?|biology|"
    r"replete|depleted|depletion|differentiation|immunity|surveillance|recognition|inhibit\w+|lineage|resistan\w+|sensitiv\w+|suscept\w+|evasion|"
    r"escape|abnormalit\w+|alterations?|profiles?|degranulation|proliferation|ratio|content|dose in the graft|"
    r"checkpoints?|stimulat(?:ion|ory)|activators?|impairment|cytopenia|analysis|assays?|monitoring)\b"
)
#: An experiment on animals. Of some kinds the plural is the animals, the singular is as often where a serum comes from.
CREATURES = re.compile(
    r"\b(?:mice|mouse|murine(?! antibod| monoclonal)|rats?|xenogra\w*|xenotransplant\w*|xenogeneic|nsg|nod[/-]?scid|"
    r"animal models?|macaques?|primates?|tumou?r-bearing|pdx|zebrafish|canine|dogs?|"
    r"(?:rabbit|pig|goat)(?:s| models?)|sheep(?! (?:red|erythrocytes?|anti|serum)))\b",
    re.IGNORECASE,
)
#: An experiment on animals or in a dish; "expanded in vitro" is how a product is made.
ANIMAL = re.compile(
    rf"{CREATURES.pattern}|\b(?:in vitro(?!(?:[- ]\w+)?[- ](?:expan|cultur|activat|generat|grown))|cell lines?|preclinical\w*|"
    r"pre-clinical\w*|organoids?)\b",
    re.IGNORECASE,
)
#: Put into animals, whoever the cells came from.
INTO_CREATURES = re.compile(rf"\b(?:into|in|to) (?:\w+ ){{0,3}}(?:{CREATURES.pattern})", re.IGNORECASE)
#: Cell lines that are tools of manufacture: feeders, lysates, what the cells were grown on.
TOOL_LINE = re.compile(
    r"\bfeeder (?:\w+ )?(?:cell )?lines?\b|\bcell lines? lysates?\b|"
    r"\b(?:expanded|cultured|grown|stimulated|primed|co-?cultured|activated) (?:[\w-]+ ){0,6}cell lines?\b",
    re.IGNORECASE,
)
#: What cells do in a dish, as titles put it.
BENCH_TITLE = re.compile(
    r"\b(?:enhanc\w+ (?:the )?(?:killing|cytotoxicity|lysis|effector)|(?:effectively|efficiently|selectively|specifically) "
    r"(?:kill|target|eliminat|lys)\w*|kill(?:s|ing)?\b|lys(?:es|is)\b|anti-?(?:tumou?r|leuka?emi\w+|myeloma|cancer) (?:activity|effects?) "
    r"(?:by|of|against)|cytotoxic(?:ity)? (?:against|towards?))",
    re.IGNORECASE,
)
#: "None was infused.": nobody got anything.
NOBODY = re.compile(
    r"\b(?:none(?: of (?:them|whom|the \w+))?|no[- ]?one|nobody|no (?:patients?|participants?|subjects?|people|humans?|(?:\w+ )?cells?)) "
    r"(?:was|were|has been|have been) (?:\w+ )?(?:infused|treated|given|enrolled|dosed|administered)\s*(?=[.;,]|$|because|since|as\b|due)",
    re.IGNORECASE,
)
#: Making a product for people, as such papers put it.
MANUFACTURE = re.compile(
    r"\b(?:gmp\b|good manufacturing practice|manufactur\w+|(?:large|clinical)[- ]scale|clinical[- ]grade|"
    r"release (?:criteria|tests?|testing|specifications?)|released for|validation runs?|process development)",
    re.IGNORECASE,
)
#: "… could restore": supposed, whatever stands before.
MODAL_RIGHT = re.compile(
    r"^[\s)]*(?:cells?\s+)?(?:\w+\s+)?(?:could|may|might|would|can)\s+(?!be (?:safely )?(?:given|infused))"
)
#: A fraction of a graft: "NK cell dose of the graft", "graft iNKT-cell dose predicts".
FRACTION_RIGHT = re.compile(
    r"^[)\s-]*(?:cells?[\s-]*)?(?:doses?|content|numbers?)\b[^.;]{0,60}?\b(?:(?:of|in|with) (?:the |a )?(?:[\w-]+ ){0,3}(?:grafts?|units?|"
    r"harvest|inoculum|apheres\w+)|predict\w*|correlat\w+|associat\w+|influenc\w+|impact\w*)\b"
)
#: "higher doses of such cells in grafts".
FRACTION_AFTER = re.compile(
    r"^[)\s-]*(?:cells?[)\s]*)?(?:in|of|with|within) (?:the |a )?(?:[\w-]+ ){0,3}(?:grafts?|harvest|inoculum)\b"
)
GRAFT_DOSE = re.compile(
    r"\b(?:graft|pbsc|harvest)\b[^.;]{0,60}?\bdoses?\b|\bdoses? (?:above|below|was associated|predict)", re.IGNORECASE
)
FRACTION_LEFT = re.compile(r"\b(?:grafts?|pbsc|harvest(?:ed)?|inoculum)\s+(?:[\w-]+\s+){0,2}$")
DOSE_WORD = re.compile(r"^[)\s-]*(?:cells?[\s-]*)?(?:doses?|content|numbers?)\b")


def bench(text: str) -> bool:
    """Tell whether a sentence is about animals or a dish; a cell line that is a tool of manufacture does not count."""
    return ANIMAL.search(TOOL_LINE.sub("", text)) is not None


#: "Smith and colleagues report …": a comment on the study of others.
OTHERS = re.compile(
    r"\b[A-Z][\w'’-]+ (?:and (?:colleagues|coworkers|co-workers)|et al\.?)[^.;]{0,60}? (?:reports?|describes?|presents?|demonstrates?)\b|"
    r"\bin this issue of\b|\bin the (?:present|current) issue\b"
)
#: Something was done to somebody: with people in the same sentence a name there is a treatment unless it is measured.
ADMINISTERED = re.compile(
    r"\b(?:receiv\w+|got|gave|given|giving|infus\w+|administ\w+|inject\w+|treated|instilled|assigned|allocated|allotted|randomi[sz]ed|"
    r"divided|followed|combin\w+|plus|transfused|with and (?:[\w.]+ )+without|dosed|arm [a-d]|days? \d|day \+?\d|d\d)\b|\+ ",
    re.IGNORECASE,
)
_NUMBER = rf"(?:\d+|{WORD})"
_PERSON = (
    r"(?:patients?|pts?|subjects?|participants?|volunteers?|children|adults?|women|men|boys?|girls?|infants?|recipients?|"
    r"individuals?|survivors|people|persons?|neonates|adolescents|cases?|responders)"
)
#: People, as authors name them.
PEOPLE = re.compile(rf"\b(?:{_PERSON}|\d+[- ](?:year|month)s?[- ]old)\b", re.IGNORECASE)
_DONE = (
    r"(?:received|receiving|got|(?:was|were|are|is|been|being) (?:\w+ ){0,2}(?:treated|infused|given|enrolled|randomi[sz]ed|dosed|"
    r"transplanted|assigned|included|evaluated|evaluable|recruited|accrued|allocated|injected)|underwent|tolerated|achieved|"
    r"completed|responded|progressed|had (?:an? )?(?:\w+ ){0,2}(?:response|remission|stable|progressive)|will (?:receive|be (?:\w+ )?"
    r"(?:treated|enrolled|infused|given|recruited|randomi[sz]ed|included)))"
)
#: People to whom something was done in this study.
TREATED = re.compile(
    rf"\b(?:{_PERSON}|he|she|{_NUMBER} of {_NUMBER}|all|none|nobody)\b[^.;]{{0,120}}?\b{_DONE}\b|"
    r"\b(?:enrolled|treated|recruited|randomi[sz]ed|accrued|infused|dosed|included|assigned|injected|given|instilled|administered)\b"
    rf"[^.;]{{0,160}}?\b{_PERSON}\b|"
    r"\b(?:infusions?|doses?)\b[^.;]{0,60}?\b(?:well[- ]tolerated|patients?|toxicit\w+)\b|"
    rf"\b(?:is|are) being (?:investigated|evaluated|tested|studied|given|enrolled|treated)\b[^.;]{{0,120}}?\b{_PERSON}\b|"
    rf"\b(?:adverse (?:events?|reactions?|effects?)|responses?|survival|toxicit\w+) (?:\w+ ){{0,3}}(?:of|in|among|for) (?:the |all |these |both )*"
    rf"(?:\w+ ){{0,2}}{_PERSON}\b|"
    r"\b\d+[- ](?:year|month)s?[- ]old\b",
    re.IGNORECASE,
)
#: A number of people: "seven adults", "n = 12".
COUNTED = re.compile(
    rf"\b{_NUMBER} (?:[\w-]+ ){{0,5}}{_PERSON}\b|\bn ?= ?\d+|\b\d+[- ](?:year|month)s?[- ]old\b|\bpatients? aged\b|\bsubjects?: \d",
    re.IGNORECASE,
)
#: Words of clinical research.
TRIAL = re.compile(
    r"\bphase\s*(?:[0-4]|i{1,3}v?|iv|one|two|three)\b|\bclinical (?:trial|study|experience|outcome|efficacy|investigation|"
    r"application|results)|\bfirst[- ]in[- ]human\b|\bpilot (?:study|trial)|\bcase (?:report|series|study)|\bopen[- ]label\b|"
    r"\bsingle[- ]arm\b|\brandomi[sz]ed\b|\bdose[- ]escalat\w+|\bfeasibility\b|\bnct\d{8}|\bcompassionate\b|\bprospective\b|"
    r"\bexpanded access\b|\bhuman trial|\bobservations? (?:on|of)\b|\bcurative effect",
    re.IGNORECASE,
)

_WHO = (
    r"(?:patients?|pts?|subjects?|participants?|children|adults?|women|men|volunteers?|individuals|people|persons?|recipients?|"
    r"infants|boys?|girls?|survivors|cases?|adolescents|cohorts?|arms?|donors?)"
)

#: "patients with …", "treatment of …", "diagnosed with …".
ILL_LEFT = re.compile(
    rf"\b(?:{_WHO}\s+(?:\w+\s+){{0,3}}?(?:with|who have|who had|having|suffering from|diagnosed with|whose|affected by|had|in)|"
    r"(?:treat(?:ment|ing)?|therap(?:y|ies)|management|immunotherapy|consolidation|salvage|cure|control)\s+(?:of|for|in)|to treat|(?:relapses?|recurrences?|progression|remission) of|"
    r"diagnos(?:ed with|is of)|suffer(?:ing|ed) from|history and|with (?=(?:newly|high|relapsed|refractory|recurrent|advanced|"
    r"metastatic|unresectable|active|severe|progressive|persistent|steroid|treatment|stage|locally|previously|end|moderate|"
    r"chronic|acute|persistent)\b)|"
    r"(?:relapsed|refractory|recurrent|advanced|metastatic|unresectable|r/r|newly diagnosed|progressive|active)(?:\s+(?:or|and|/)\s+"
    r"(?:relapsed|refractory|recurrent|advanced|metastatic|unresectable))?)\s+"
    r"(?:[^\s.;:]+\s+){0,7}[^\s.;:\w]*(?:\w+-)?$"
)
#: "… patients", "… (n = 12)".
ILL_RIGHT = re.compile(
    rf"^[)\]]*[\s-]*(?:\([^)]{{1,30}}\)\s*)?(?:{_WHO}\b|\(\s*(?:n\s*=\s*)?\d+(?:\s*(?:patients|pts|cases))?\s*[,;)]|"
    r"[,:=]\s*(?:n\s*=\s*)?\d{1,3}\s*[;)]|"
    rf"(?:and|or|,)\s+(?:[\w-]+\s+){{1,4}}{_WHO}\b)"
)
#: "3 … were treated", "10 with …".
ILL_COUNT = re.compile(rf"\b{_NUMBER}\s+(?:[\w-]+\s+){{0,2}}?(?:with|of)\s+(?:[\w-]+\s+){{0,3}}$")
#: "seven had …": their disease, or one they had besides.
HAD_LEFT = re.compile(rf"\b{_NUMBER}\s+(?:[\w-]+\s+){{0,2}}?(?:had|having)\s+(?:an? )?(?:[\w-]+\s+){{0,3}}$")
#: "HIV+ lymphoma", "EBV-associated …", "EBV DNA": a feature of another disease, or what was measured.
MARKER_RIGHT = re.compile(
    r"^\s?(?:\+|⁺)|^[\s-]?(?:virus[\s-]+)?(?:positive|negative|associated|driven|seropositive|related|induced|linked)\b(?!\s+(?:patients|people|adults|individuals|subjects))|"
    r"^\s+(?:dna|rna|viral loads?|titres?|titers?|copies|load|serolog\w+|vaccin\w+|antigens?)\b"
)
#: What became of people: "died of …", "progressed to …", "three of whom had …".
BECAME_LEFT = re.compile(
    r"\b(?:(?:died?|deaths?|dying) (?:\w+ ){0,2}(?:of|from)|(?:progress|transform|evolv)(?:ed|ion|ation|ing|es)? (?:in)?to|"
    r"develop(?:ed|ing)?|(?:of|among) (?:whom|them|these) (?:had|have|with)|who (?:also )?had)\s+(?:an? )?(?:[\w-]+\s+){0,3}(?:\w+-)?$"
)
#: "against …" in the title of a study in people.
AGAINST_LEFT = re.compile(r"\bagainst\s+(?:[\w-]+\s+){0,2}$")
#: A harm in a title: "… in patients receiving", "… reactivation after".
TITLE_HARM_RIGHT = re.compile(
    r"^[\s-]*(?:reactivation|incidence|infections?|risk|events?)?\s*(?:in|after|following|during|among)\s[^.;:]{0,60}?"
    r"\b(?:receiv\w+|infus\w+|treated|transfer|recipients)\b|^[\s-]*(?:reactivation|incidence|risk)\b"
)
#: "… cells", "… blasts", "… xenografts": the target in a dish.
TARGET_RIGHT = re.compile(
    r"^[)\]]*[\s-]*(?:\([^)]{1,25}\)\s*)?(?:tumou?r\s+|stem[\s-]+|cancer\s+)?(?:cells?(?! (?:transplant|therapy|infusion))|"
    r"cell lines?|blasts|xenografts?|models?|mice|lines?|targets?|antigens?|killing|spheroids?|organoids?|tissues?|specimens?|"
    r"samples?|microenvironment|growth|progenitors|stem cells|biology|pathogenesis|vaccines?)\b"
)
TARGET_LEFT = re.compile(
    r"\b(?:against|kill(?:s|ed|ing)?(?: of)?|lys(?:is|ed|es|ing)(?: of)?|cytotoxicity (?:against|toward|towards|to)|targeting|"
    r"eliminat(?:e|es|ion of|ing)|(?:in vitro|ex vivo) [^.;]{0,30})\s+(?:\w+\s+){0,3}(?:\w+-)?$"
)
PREVENTED_LEFT = re.compile(r"\b(?:prevent(?:s|ed|ing|ion)?|prophyla\w+)\s+(?:of\s+|against\s+)?(?:\w+\s+){0,3}$")
#: Harms and outcomes, no indication: "died of …", "risk of …", "grade 3 …".
HARM_LEFT = re.compile(
    r"\b(?:died? (?:of|from)|deaths? (?:from|due to)|developed|develop|incidence of|risks? (?:of|for)|rates? of|due to|caused by|"
    r"causes? of|caused|causing|adverse (?:events?|reactions?)[^.;]{0,40}|complications?[^.;]{0,40}|toxicit\w+[^.;]{0,40}|grade \S+"
    r"(?: (?:to|or|and|-) \S+)?|prophylaxis (?:of|against|for)|prevent(?:ion|ing|s)? (?:of )?|absence of|signs? of|"
    r"exclu\w+[^.;]{0,60}|episodes? of|onset of|severe|mild|without|no|free of|reduc(?:e|ed|es|ing|tion in)(?: the)?|"
    r"events? (?:of|such as|included|were)[^.;]{0,40}|including|such as|experienced|infectious|induc(?:e|ed|es|ing)|"
    r"secondary to|mortality (?:from|due to)|association with|associated with|correlat\w+ with)\s+(?:\w+\s+){0,3}(?:\w+-)?$"
)
HARM_RIGHT = re.compile(
    r"^[)\]]*[\s-]*(?:\([^)]{1,25}\)\s*)?(?:(?:was|were) (?:\w+ )?(?:observed|seen|reported|noted|common|detected|recorded|rare|"
    r"mild|similar|comparable|lower|higher)|occurred|developed|prophylaxis|rates?|incidence|risk|in \d|grade|events?|"
    r"toxicit\w+|complications?|prevention|mortality|relapse rates?|episodes?)\b"
)
