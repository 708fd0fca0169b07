"""The shapes figures have in abstracts: patterns, each with named groups that ``kb.tag.quantities`` reads."""

from __future__ import annotations

import re

from kb.tag.numbers import NUM, START, WHOLE, WORD

PEOPLE = (
    r"(?:patients?|pts?|subjects?|participants?|children|adults?|women|men|males?|females?|individuals?|people|"
    r"persons?|"
    r"cases?|recipients?|volunteers?|infants?|boys?|girls?|survivors?|responders?|non-?responders?|adolescents?|"
    r"controls|girl|boy|man|woman|child)\b"
)
#: Counted, but no people.
THINGS = (
    r"(?:doses?|infusions?|cycles?|courses?|injections?|products?|batch(?:es)?|samples?|lesions?|donors?|runs?|"
    r"procedures?|sites?|cent(?:er|re)s?|hospitals?|mice|mouse|animals?|rats?|cell lines?|trials?|stud(?:y|ies)|"
    r"articles?|"
    r"genes?|specimens?|biops(?:y|ies)|episodes?|tumou?rs?|preparations?|cohorts?|arms?|groups?|levels?|endpoints?|"
    r"end points?|donations?|collections?|expansions?|vials?|weeks?|days?|months?|years?|hours?|countries|assays?|"
    r"cells?|HLA|alleles?|antigens?|loci|locus|mismatch\w*|match\w*|markers?|events?|xenografts?|cultures?|"
    r"units?|times|"
    r"fold|log|logs|points?|items?|visits?|criteria|parameters?|variables?|blinded|phases?|steps?|types?|kinds?)\b"
)
ADJECTIVES = (
    r"(?:(?!(?:of|in|and|or|with|to|the|had|has|have|were|was|are|is|at|by|for|from|on|who|that|received|showed|"
    r"achieved|"
    r"vs|versus|than|per|developed|experienced|patients|did|after|during|as|but|including|while|all|both|more|months?|"
    r"years?|weeks?|days?|mg|not)\b)[A-Za-z][\w/+-]{0,24},?\s){0,5}?"
)
#: Between "of" and the number of people looked at: "of the next 12".
WHICH = (
    r"(?:(?:a\stotal\sof|the|our|these|those|his|her|their|an|all|first|second|remaining|next|last|other|subsequent|"
    r"additional|latter|initial|evaluable|assessable|treated|enrolled)\s){0,3}"
)
OF = rf"\s?(?:/|\s?out\sof\s|\sof\s|\samong\s|\sin\s(?=the\s(?:\w+\s)?\d)){WHICH}"
#: Right before a number: it is of how many, however they are called ("five of the youngest 12").
COUNTED_OF = re.compile(
    rf"\b{WHOLE}\s(?:out\s)?of\s(?:the|an?|his|her|its|our|their|these|those)\s"
    rf"(?:(?!(?:and|or|in|with|who|was|were|had|at|by|for|on|to|from|of)\b|{PEOPLE})[\w-]+\s){{1,2}}$",
    re.IGNORECASE,
)
PERCENT = rf"(?P<percent>{NUM})\s?(?:%|per\s?cent\b)"
IN_BRACKETS = rf"(?:\s?[\[(]\s?{PERCENT}\s?[\])])?"

UNIT = r"(?:months?|mos?|years?|yrs?|weeks?|wks?|days?|hours?|hrs?)\b"
#: Claimed first: figures of other things.
DROPPED = re.compile(
    # "difference, 15%" is of no group; "no difference: 35% vs 32%" is of two.
    rf"\bdifferences?(?:\s(?:was|of|is))?\s?[,:=]?\s?[(\[]?\s?[-+]?(?>{NUM})(?>\s?(?:%|percentage|points?\b|{UNIT})?)"
    rf"(?!\s?(?:vs\b|versus|v\b|and\b|or\b|compared|against|(?:in|for|with)\s(?!favou?r)|/|of\b|,\s\d|patients))|"
    rf"(?<![\w.]){NUM}\s?%\s(?:absolute\s|mean\s|risk\s)?difference\b|"
    rf"\b\d\d\s?%,?\s?\(?(?:CIs?\b|confidence|credible)|(?:[<>≥≤]|\b(?:more|less|longer|fewer|shorter|older|"
    rf"younger) than|"
    rf"\b(?:at least|in excess of|up to))\s?{NUM}\s?{UNIT}|\bI\^?2\s?(?:=|of|was)\s?{NUM}\s?%|"
    rf"\b(?:all but|except(?: for| in)?|all except)\s{WHOLE}|"
    rf"(?:[≥≤><]|>=|<=|\b(?:at least|more than|less than|up to|below|above|over|under|threshold of|"
    rf"cut-?off of))\s?{NUM}\s?%"
    rf"|(?<![\w.]){NUM}\s?(?:{UNIT})\s(?:or|and)\s(?:longer|more|less|shorter)\b"
    rf"|(?<![\w.]){NUM}\s?%?\s(?:or|and)\s(?:higher|more|greater|less|lower|above|older|younger)\b|"
    rf"\b(?:cohort|group|series|set|sample|total population)\sof\s(?:\w+\s){{0,2}}?{WHOLE}\s(?:\w+\s){{0,2}}?{PEOPLE}|"
    rf"{NUM}\s?%\s(?:human|fetal|foetal|serum|FBS|FCS|dextran|albumin|DMSO|glucose|saline|O2|CO2|confiden)\w*|"
    rf"{NUM}\s?[×xX*]\s?10(?:\s?\^\s?\(?[-+]?\d+\)?|\s?\(\d+\)|\d?)(?:\s?(?:/|per )\s?\w+)?|10\^-?\d+"
    rf"|\b(?:phases?|types?|stages?|levels?|figs?\.?|tables?|weeks? of age|version|v|NCT|grades?\s+of|"
    rf"ECOG(?:\s\w+){{0,3}}|"
    rf"scores? of|KPS|class|classes|groups?|arms?|cohorts?|parts?|steps?|cycles?|courses?|tiers?|chromosomes?|"
    rf"doses?(?:\slevels?)?|aliquots?|patient|case|no\.|number)(?:\s|[:=]\s?|"
    rf"(?=\d))(?:\d+(?:\.\d+)?[a-c]?(?![A-Za-z])|[IV]{{1,3}}[a-c]?(?![A-Za-z]))"
    rf"(?:\s?(?:-|/|to|and|or|,)\s?(?:\d+(?:\.\d+)?|[IV]{{1,3}})[a-c]?(?![\w%]|\s?%))*(?!\s?%|\d|\sof\s\d|\spatients)"
    rf"|\b(?:range[ds]?|IQR|interquartile range|ranging|inter-quartile range)\b\s?[,:=]?\s?(?:from\s|of\s|between\s)?"
    rf"-?(?:{NUM})\s?[\w%]{{0,8}}\s?(?:-|to|and|;|,)\s?(?:{NUM}\+?|not reached|NR)(?:\s?(?:%|\w{{1,8}}))?"
    rf"|\b(?:aged?|ages)\s(?:between\s|from\s|of\s|was\s|range[d]?\s)?(?:≥|>|<|≤|>=|<=)?\s?{NUM}"
    rf"(?:\s?(?:-|to|and)\s?{NUM})?(?:\s?(?:years?|months?|yrs?))?(?:\sof\sage)?"
    rf"|(?<![\w.]){NUM}(?:\s?(?:-|to)\s?{NUM})?\s?-?(?:years?|yrs?|months?|y)[ -](?:old|of age)"
    rf"|(?<![\w.])(?:≥|>|<|≤|>=|<=)?\s?{NUM}\s?(?:m?g\b|[µμ]g|mcg|ng|pg|kg\b|m?IU|MU\b|U\b|units?\b|mL\b|ml\b|dL|"
    rf"cGy|Gy\b|mM|[µμ]M|nM|cm\b|mm\b|"
    rf"mmHg|kDa|bp\b|nm\b|°|degrees|copies|cells?/|/[µμ]?L|/mm|/kg|m\^2)(?:[/ ]?(?:kg|m\^?2|d|day|L|mL|ml|dose|min)\b)*"
    rf"|(?:19|20)\d\d(?:\s?(?:-|/|to|and|through|until)\s?(?:\w+\s)?(?:19|20)\d\d)?(?!\s?(?:patients|%|of\s\d|"
    rf"people|subjects|\.\d))"
    rf"|\b\d+:\d+(?::\d+)?\b|\b24/7\b|\b\d{{1,2}}/\d{{1,2}}/\d{{2,4}}\b"
    rf"|(?<![\w.])[1-9]/(?:[1-9]|1[02])\s?(?:HLA|match|allel|antigen|loc[iu])\w*"
    rf"|HLA[ -]?\(?[1-9]/1?\d"
    r"|\bdays\s?[+-]?\d+(?:\s?(?:,|-|to|and|through|,\sand)\s?[+-]?\d+)+|\bday\s?[+-]?\d+\s?(?:-|to|"
    r"through)\s?[+-]?\d+",
    re.IGNORECASE,
)
LIMIT = rf"[-+]?(?:{NUM})"


def ci(one: str, other: str) -> str:
    """Return a pattern for the words "95% CI", with groups of these names for the level."""
    return (
        rf"(?:(?P<{one}>\d\d(?:\.\d)?)\s?-?%\s?(?:two-sided\s|exact\s)?(?:CIs?|CrI|confidence (?:intervals?|limits?)|"
        rf"credible intervals?|C\.I\.)|(?:CI|confidence intervals?|C\.I\.)\s?(?P<{other}>\d\d(?=\s?%|\s?[:=,]|"
        rf"\s\d))?\s?%?)"
    )


INTERVAL = re.compile(
    rf"{ci('level', 'level2')}(?:\s?[\[(]CIs?[\])])?\s?(?:[:=,;]|of|was|is|from|between|ranged from)?\s?[\[(]?\s?"
    rf"(?P<low>{LIMIT})\s?(?:%|(?:months?|mo|years?|weeks?|days?)\b)?\s?(?:-|to|,|;|and)\s?"
    rf"(?:(?P<high>{LIMIT})(?:\s?(?:%|(?:months?|years?|mo)\b))?"
    r"|not (?:reached|estimable|reachable|evaluable)|(?:NR|NE|NA)\b|∞|infinity)"
    rf"|(?P<lowb>{NUM})\s?%?\s?(?:-|to)\s?(?P<highb>{NUM})\s?%?\s?[;,]\s?{ci('level3', 'level4')}"
)
P = re.compile(
    r"(?<![A-Za-z])(?:[Pp]|PV)(?:[ -]?(?:values?|val))?[ -]?(?:\(?(?:log-?\s?rank|trend|for trend|interaction|"
    r"for interaction|"
    r"two-sided|one-sided|2-sided|adjusted|unadjusted|for non-?inferiority|non-?inferiority|for superiority)\)?)?"
    r"\s?(?P<sign><\s?or\s?=|<=|>=|=|<|>|≤|≥|≦|≧|less than|greater than|more than|was|of|:|~|≈)\s?"
    rf"(?P<amount>(?:{NUM}|\d,\d+)(?:\s?[×x]\s?10\s?\^?\s?\(?-\s?\d+\)?|[eE]-\d+)?|[nN]\.?[sS]\.?(?![a-zA-Z])|"
    rf"not significant)"
)
NS = re.compile(r"[(\[]\s?(?P<amount>n\.?s\.?|not significant|NS)\s?[)\]]")
RATIO = re.compile(
    r"(?:\b(?P<name>(?:sub-?distribution\s|sub-?|cause-specific\s|adjusted\s)?hazards?\sratios?|odds\sratios?|"
    r"relative\srisks?|"
    r"risk\sratios?|rate\sratios?|incidence\srate\sratios?)|(?<![\w-])(?P<short>a?HR|s?HR|SHR|csHR|aOR|OR|aRR|RR|IRR))"
    r"(?:\s?[\[(]\s?(?:a?HRs?|s?HR|SHR|aOR|ORs?|aRR|RR|IRR)\s?[\])])?(?:\s(?:for|with|in|"
    r"of)\s(?!\d)(?:[\w/-]+\s){0,4}?[\w/-]+(?=[\s,:]))?"
    rf"\s?(?:(?:of|was|were|is|=|:|,|~|≈)\s?|[\[(]\s?(?=\d))?\s?(?P<amount>{NUM})(?!\s?(?:%|\d|bpm|beats|/))"
)
AGO = rf"(?P<num>{NUM}|{WORD})"
TIME = re.compile(
    rf"(?<![\w.]){AGO}-?\s?-(?P<unit1>year|yr|month|mo|week|wk|day|d|y|m)\b(?!-?\s?(?:old|cycle|period|course|"
    rf"interval|follow|infusion|median follow))"
    rf"|\b(?:at|by|within|after|until|through|up to|for)\s(?:a\s|the\s|median\s|of\s|least\s|first\s|>\s?|≥\s?|"
    rf"more than\s|"
    rf"post-?\w*\s)*(?P<num2>{NUM}|{WORD})\s?(?P<unit2>{UNIT})"
    rf"|(?<![\w.])(?P<num4>\d{{1,3}})\s(?P<unit4>year|month|mo|yr|week|day)(?=\s(?:PFS|OS|EFS|DFS|RFS|LFS|"
    rf"overall|survival|"
    r"progression|relapse|disease|event|cumulative|incidence|mortality|rates?|recurrence|actuarial|probability)\b)"
    rf"|(?<=%\s)(?P<num5>{NUM})\s(?P<unit5>{UNIT})(?=\s(?:after|post|following)\b)"
    rf"|\b(?P<unit3>days?|weeks?|months?|years?|d)\s?(?P<num3>\+?\s?\d+)\b(?!\s?[-/]\s?\d)(?!,\s?\d+\s?(?:,|"
    rf"and))(?!\sand\s[+-]?\d+(?![\d.]*\s?%))",
    re.IGNORECASE,
)
TIME_LIST = re.compile(
    rf"(?<![\w.])(?P<items>\d{{1,3}}-?(?:\s?,\s?\d{{1,3}}-?){{0,6}}\s?,?\s?(?:and|"
    rf"or)\s\d{{1,3}})-\s?(?P<unit>year|month|week|day|yr|mo)\b"
    rf"|\b(?:at|by|after)\s(?P<items2>\d{{1,3}}(?:\.\d)?(?:,\s\d{{1,3}}(?:\.\d)?){{0,6}},?\s(?:and|"
    rf"or)\s\d{{1,3}}(?:\.\d)?)\s(?P<unit2>{UNIT})",
    re.IGNORECASE,
)
VALUE = re.compile(
    rf"{START}(?:[<>≥≤]\s?)?(?P<amount>{NUM})\+?(?:\s?(?:±|\+/-)\s?{NUM})?\s?(?P<unit>{UNIT}|-?fold\b|"
    rf"points?\b)",
    re.IGNORECASE,
)
PLUS_MINUS = re.compile(rf"{START}(?P<amount>{NUM})\s?(?:±|\+/-|\+-)\s?(?:{NUM})(?!\s?%)")
BEFORE_INTERVAL = re.compile(
    rf"{START}(?P<amount>{NUM})(?=\s?[\[(]\s?(?:9[059](?:\.\d)?\s?%|"
    rf"(?:CI|IQR|range|interquartile)\b)(?:[^()\[\]]{{0,40}}[)\]]\s?(?P<unit>{UNIT}))?)",
    re.IGNORECASE,
)
NOT_REACHED = re.compile(r"\b(?P<amount>not (?:yet )?(?:been )?reached|NR(?= (?:vs|\()))\b")
PERCENT_RANGE = re.compile(rf"{START}{NUM}\s?%?\s?(?:-|to)\s?{NUM}\s?%")
PERCENT_ONLY = re.compile(
    rf"(?<![\w.^/+-])(?P<sign>[<>≥≤~]\s?)?(?P<percent>{NUM})(?:\s?(?:±|\+/-)\s?{NUM}\s?%?)?\s?(?:%|"
    rf"per\s?cent\b)(?:\s?(?:±|\+/-)\s?{NUM}\s?%?)?"
)
N_IS = re.compile(r"\b[nN]\s?=\s?(?P<n>\d+)(?!\.\d)(?:\s?(?:/|of)\s?(?P<total>\d+))?")
FRACTION = re.compile(
    rf"(?<![\w.^+-])(?<!\d/)(?:(?P<n>{WHOLE})|(?P<none>none|neither|no (?:patients?|subjects?|one|"
    rf"participants?))|(?P<all>all))"
    rf"(?:\s(?:\w+[ -]){{0,2}}?(?P<people0>{PEOPLE}))?{IN_BRACKETS}{OF}"
    rf"(?P<total>{WHOLE})(?![-/:]\d|-(?:year|month|day|week)|\s?%)"
    rf"(?:\s(?P<adjectives>{ADJECTIVES})(?P<noun>{PEOPLE}|{THINGS}))?",
    re.IGNORECASE,
)
ALL = re.compile(
    rf"\b(?P<all>all|both|none)(?:\sof)?(?:\s(?:the|these|"
    rf"our))?\s(?P<total>{WHOLE})\s(?P<adjectives>{ADJECTIVES})(?P<noun>{PEOPLE})",
    re.IGNORECASE,
)
BOTH = re.compile(rf"\bboth\s(?:evaluable\s|treated\s|surviving\s|other\s)?(?P<noun>{PEOPLE})", re.IGNORECASE)
COUNT = re.compile(
    rf"(?<![\w.^/+-])(?<!no )(?<![<>≥≤~])(?<![<>≥≤~] )(?:(?P<n>{WHOLE})|(?P<a>a single|a|an|only one|another)(?=\s))"
    rf"(?:\s?[\[(]\s?{PERCENT}\s?[\])])?\s(?P<adjectives>{ADJECTIVES})(?P<noun>{PEOPLE})",
    re.IGNORECASE,
)
DOING = (
    r"(?:achieved|had|has|were|was|responded|experienced|developed|died|relapsed|remained|remains?|are|is|showed|"
    r"attained|progressed|"
    r"survived|did|obtained|maintained|reached|exhibited|displayed|demonstrated|suffered|required|discontinued|"
    r"withdrew|"
    r"became|converted|completed|received|underwent|lived|recurred|went|have|met)\b"
)
ELLIPTIC = re.compile(
    rf"(?<![\w.^/+-])(?<!no )(?P<n>{WHOLE})(?:\s?[\[(]\s?{PERCENT}\s?[\])])?(?=\s(?:of whom |also |still |each |"
    rf"then |subsequently )?{DOING})",
    re.IGNORECASE,
)
WITH_PERCENT = re.compile(rf"(?<![\w.^/+-])(?P<n>{WHOLE})\s?[\[(]\s?{PERCENT}\s?[\])]", re.IGNORECASE)
BRACKETED = re.compile(rf"(?<=[(\[])\s?(?P<n>\d+)\s?[,;]\s?{PERCENT}")
ELIDED = re.compile(
    rf"(?<![\w.^/+-])(?P<num>(?:{NUM})(?:\s?(?:±|\+/-)\s?(?:{NUM}))?|(?<!\w){WHOLE})(?P<sep>\s?(?:,\s?(?:and|"
    rf"or)?|and|or|vs\.?|"
    rf"versus|compared (?:with|to)|v|\+/-)\s?)$",
    re.IGNORECASE,
)
