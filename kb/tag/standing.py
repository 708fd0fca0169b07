"""Whose study the words speak of: this record's, one that is planned, or another one.

Used for what a study as a whole is (its phase, its design), where the assertion of a clause is not enough: "we treated
12 patients in a phase 1 trial", "a phase 3 trial is warranted", "in a previous phase 2 study", "the phase 3 ABC trial
showed". The rules look at the words before and after in the same sentence; first match wins, in the order below.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.tag.sentences import Section
from kb.tag.tags import Assertion

#: How far the rules look, in characters, before and after the words.
_WINDOW = 200

_LOOK_BACK = r"[^.;]{0,160}\Z"

# Being analysed here: patients, samples or data of that trial are this paper's material, whatever its date.
_SOURCE = re.compile(
    r"\b(?:data|samples?|specimens?|biopsies|records?|patients?|participants?|subjects?|individuals?|children|adults|"
    r"volunteers|recipients|cohorts?|cases|people|women|men)\b"
    r"(?:(?!\b(?:previous\w* (?:reported|published|shown)|showed|demonstrated|have been|has been)\b)[^.;]){0,170}?"
    r"\b(?:from|in|on|of|within|under|to|into|during|through|by)\s"
    r"(?>(?:a|an|the|our|this|two|three|four|five|six|seven|several|both|[2-9]|previous\w*|prior|earlier|completed|"
    r"published|ongoing|single|large|international|national|multi-?cent(?:er|re)|randomi[sz]ed|prospective|"
    r"open[\s-]label|double[\s-]blind|placebo[\s-]controlled|pivotal|global|institutional|clinical|trials?|"
    r"consecutive|"
    r"successive|different|independent|sponsored|cooperative|group|pooled|(?-i:[A-Z][\w'’-]*)|"
    r"\w+-[\w-]+)[\s,:]+){0,10}\(?\Z",
    re.IGNORECASE,
)
#: What a treatment was found to do, before "in a phase 3 trial": the finding is the other trial's.
_CLAIM = re.compile(
    r"(?<!was )(?<!were )\b(?:showed|shown|demonstrated|demonstrates|proven|improved|improves|prolonged|extended|"
    r"superior|effective|efficacious|approved)\b",
    re.IGNORECASE,
)
_FOLLOW_UP = re.compile(
    r"\b(?:secondary|post[\s-]?hoc|exploratory|subgroup|subset|pooled|interim|final|primary|planned|pre-?specified|"
    r"correlative|ancillary|retrospective|updated?|long[\s-]term|extended|\d+[\s-]year)\b[^.;]{0,60}"
    r"\b(?:analys[ie]s|results?|follow[\s-]?up|report|outcomes?|data|findings|sub-?study|update)\b[^.;]{0,40}"
    r"\b(?:of|from|in|on|for)\s[^.;]{0,60}\Z",
    re.IGNORECASE,
)

_PLANNED_BEFORE = re.compile(
    r"\b(?:support(?:s|ing|ed)?|justif\w+|warrant(?:s|ing|ed)?|merits?|encourag\w+|prompt(?:s|ed|ing)?|"
    r"propos(?:e|es|ed|ing)|"
    r"recommend(?:s|ed)?|plan(?:s|ned|ning)?|intend\w*|future|upcoming|forthcoming|further|subsequent|larger|"
    r"confirmatory|next|will|would|should|could|need(?:s|ed)?|requires?|await(?:s|ed|ing)?|toward|towards|"
    r"rationale for|basis for|proceed\w*|advanc(?:e|es|ed|ing) (?:in)?to|mov(?:e|es|ed|ing) (?:in)?to|"
    r"progress\w* (?:in)?to|enter(?:s|ed|ing)?|led to|leading to|paves? the way|paved the way|initiation of|"
    r"currently|now|ongoing|undergoing|is being|are being|being|under|"
    r"translat(?:e|ing|ion) (?:in)?to|carried forward|for use in|to inform|inform(?:s|ing)? (?:the|a|future)|"
    r"preparation for|prior to (?:a|the)|before (?:a|the)|investigat\w+ in (?:an? )?(?:ongoing|current)|"
    r"(?:to be|being) (?:tested|evaluated|assessed|investigated|studied|explored|validated|administered))\b"
    + _LOOK_BACK,
    re.IGNORECASE,
)
_PLANNED_AFTER = re.compile(
    r"[^.;]{0,110}?\b(?:(?:is|are|has been|have been|was|were|may be|might be|seems?|appears?)\s(?:now |"
    r"therefore |thus |"
    r"also |currently |clearly |being |well |strongly |in |under ?)*(?:warranted|planned|needed|required|justified|"
    r"ongoing|on-?going|underway|under way|way|awaited|recruiting|enrolling|accruing|open(?:ed)? (?:for|to)|"
    r"necessary|"
    r"indicated|merited|progress|preparation|discussion|envisaged|"
    r"anticipated|recommended|proposed|desirable|essential|designed to confirm|conducted to confirm)"
    r"|(?:will|would|should|could|might|may) \w+"
    r"|(?:currently|now) (?:recruiting|enrolling|ongoing|under|being|in progress|accruing|active|open)"
    r"|(?:in|are|is) (?:preparation|progress|planning))\b",
    re.IGNORECASE,
)

_EARLIER_BEFORE = re.compile(
    r"\b(?:previously|earlier|recently|historically|as in|consistent with|confirm\w* (?:the )?(?:results|findings)|"
    r"demonstrated|shown|showed|reported|proven|observed|approv\w+|established)\b[^.;,]{0,90}\Z"
    r"|\b(?:other|several|numerous|various|many|few|most|multiple|separate|another|different|parallel|companion)\s"
    r"(?:(?!(?:in|of|with|for|and|from)\b)[\w-]+,?\s){0,5}\Z"
    r"|\b(?:been|is|are|has|have) (?:been )?(?:evaluated|tested|studied|investigated|assessed|explored|active|"
    r"effective|safe|promising)\b[^.;]{0,120}\Z",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:no|not an?|nor an?|neither an?|without an?|never an?)\s(?:(?:further|other|such|more|subsequent|"
    r"randomi[sz]ed|"
    r"prospective|controlled|large|larger)\s){0,3}\Z",
    re.IGNORECASE,
)
#: What something was decided by is another study than the one reported; "based on these findings a … trial" names
#: the study that was decided.
_GROUND = re.compile(
    r"\b(?:based (?:up)?on|on the basis of|basis of|basis for|following (?:the )?results|(?:approv|licens|"
    r"authori[sz])\w+)\b(?!\s(?:(?:these|this|those|that|such|our|the|all|promising|encouraging)\s)"
    r"(?:[\w-]+\s){0,3}(?:findings|results|data|observations?|experience|evidence|considerations?|background),?\s"
    r"(?:an?|we|the|another)\b)(?:(?!\bwe\b)[^.;,]){0,60}\Z",
    re.IGNORECASE,
)
#: What a study grew out of, the authors' own earlier one included.
_GREW_OUT = re.compile(
    r"\b(?:encouraged by|prompted by|building (?:up)?on|motivated by|in (?:the )?light of|following|after|"
    r"beyond|since|"
    r"succeeding|extending)\s(?:(?:the|our|an?|its|their|encouraging|promising|positive|successful|initial|"
    r"first|small|"
    r"results|findings|data|completion|from|of|in|single-arm|open-label|randomi[sz]ed|previous|earlier)\s){1,7}\Z",
    re.IGNORECASE,
)
_EARLIER_TIGHT = re.compile(
    r"\b(?:previous(?:ly)?|prior|earlier|preceding|past|published|historical|recent(?:ly)?|other|another|landmark)\b"
    r"(?: (?:reported|published|completed|conducted|described|performed|randomi[sz]ed|our|own|the|a|an|"
    r"successful|positive|"
    r"pilot|small|large|pivotal|single[\s-](?:arm|cent(?:er|re))|multi-?cent(?:er|re)|open[\s-]label|clinical|"
    r"studies|"
    r"trials|study|trial|and|of|in|from|two|three))*[\s,(]*\Z",
    re.IGNORECASE,
)
_CONTRAST_BEFORE = re.compile(
    r"\b(?:unlike|in contrast (?:to|with)|contrary to|as opposed to|(?:compar(?:ed|able|ing)|in comparison) "
    r"(?:favou?rably )?(?:with|to)|similar to|than(?: in)?|differs? from)\s"
    r"(?:(?:those|that|the|an?|in|of|from|results|findings|data|patients|previous|earlier|pivotal|randomi[sz]ed|"
    r"reported|published|historical|other|large|our|single-arm|multi-?cent(?:er|re)),?\s){0,8}\Z",
    re.IGNORECASE,
)

_OWN_BEFORE = re.compile(
    r"\b(?:this|our|present|current|here(?:in|by)?,?)\b(?!\s(?:has|have|drug|agent|approach|regimen|combination|"
    r"treatment|therapy|strategy|compound|antibody|vaccine)\b)[^.;]{0,140}\Z"
    r"|\bwe\b(?! (?:have )?(?:previously|earlier|recently|and others|hypothesi[sz]e|believe|suggest|recommend|"
    r"propose|plan))"
    r"[^.;]{0,160}\Z"
    r"|\b(?:was|were|is|are)\s(?:an?|the)\s(?:[\w-]+,?\s){0,10}(?:\w+-)?\Z"
    r"|\b(?:conducted|performed|enrolled|treated|randomi[sz]ed|designed|undertaken|carried out|included|recruited|"
    r"registered|participat\w+|entered|received|administered|assigned)\s(?:\w+\s){0,4}?(?:in|as|within|on|to|"
    r"into|under|"
    r"during)\s[^.;]{0,90}\Z"
    r"|\bas\s(?:an?|part of an?)\s(?:[\w-]+,?\s){0,8}\Z"
    r"|\b(?:report|reports|present|presents|describes?|results? (?:of|from)|findings (?:of|from)|summari[sz]es?)\b"
    r"[^.;]{0,90}\Z"
    r"|\b(?:study (?:design|type)|design|type of study|methods?|trial design)\s?[:.—–-]?\s(?:[\w-]+,?\s){0,10}\Z",
    re.IGNORECASE,
)
#: Begun: by the authors, who report it, or by somebody, because of what is reported.
_BEGUN = re.compile(
    r"[^.;]{0,110}?\b(?:was|were|has been|have been) (?:then |therefore |thus |now |recently )?(?:initiated|"
    r"launched|started|opened|registered|approved)\b",
    re.IGNORECASE,
)
#: "Two phase 3 studies investigated …": trials told together are this paper's when it opens with them.
_SEVERAL_BEFORE = re.compile(r"\b(?:two|three|four|five|both|[2-6])\b[^.;]{0,120}\Z", re.IGNORECASE)
_SEVERAL_AFTER = re.compile(
    r"[^.;]{0,60}?\b(?:studies|trials)\b[^.;]{0,40}?\b(?:investigated|evaluated|assessed|examined|compared|assessing|"
    r"evaluating|comparing|investigating|were included|were pooled)\b",
    re.IGNORECASE,
)
#: "In a phase I trial safety has been shown": what is known of it already.
_SHOWN_AFTER = re.compile(
    r"[^.;]{0,160}?\b(?:has|have|had) (?:already |previously |recently )?(?:been )?(?:demonstrated|shown|proven|"
    r"established|reported|confirmed|documented)\b",
    re.IGNORECASE,
)
_INDEFINITE = re.compile(r"\b(?:an?|one|two|three|several|some|phase)\s(?:[\w-]+,?\s){0,4}\Z", re.IGNORECASE)
_OWN_AFTER = re.compile(
    r"[^.;]{0,140}?\b(?:was|were) (?:then |therefore |thus )?(?:conducted|performed|undertaken|carried out|designed|"
    r"developed|done|completed|implemented|organi[sz]ed|terminated|closed)\b"
    r"|[^.;]{0,60}?\b(?:trial|study|trials|studies) conducted (?:at|in|by|from|between|across)\b"
    r"|[^.;]{0,100}\bwe\b(?! (?:have )?(?:previously|earlier|recently))",
    re.IGNORECASE,
)


_TITLE_AHEAD = re.compile(
    r"\b(?:towards?|to inform|before|prior to|planning|planned|lessons for|in preparation for)\b[^.;:]{0,60}\Z",
    re.IGNORECASE,
)
_TITLE_OTHERS = re.compile(
    r"\b(?:lessons from|evidence from|review of|meta-analys[ie]s of|analysis of published)\b[^.;:]{0,60}\Z",
    re.IGNORECASE,
)


#: "This", "our", "we report …" so close before that they govern the words.
_BOUND = re.compile(
    r"\b(?:this|our|the present|the current|present)\s"
    r"(?:(?!(?:was|were|is|are|has|have|had|no|not|who|which)\b)[\w-]+[\s,]+){0,14}\(?\Z"
    r"|\bwe\s(?:[\w-]+\s){0,3}?(?:conducted|performed|report(?:ed)?|describe|present|did|undertook|initiated|designed|"
    r"evaluated|treated|enrolled|carried out|completed|tested|assessed|studied|investigated|developed|ran|launched|"
    r"discuss)\b[^.;]{0,160}\Z",
    re.IGNORECASE,
)
#: What is said, None while open, and the rule that says it.
Judged = tuple[Assertion | None, str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand.

    Attributes:
        sentence: the sentence.
        start, end: characters of the words in it.
        section: the part of the paper the sentence stands in.
        title: the sentence is (part of) the record's title.
    """

    sentence: str
    start: int
    end: int
    section: Section = ""
    title: bool = False


def standing(place: Place) -> Judged:
    """Return whose study the words speak of, with the name of the rule.

    None where the sentence alone does not settle it: ``earlier`` leans to an earlier study, ``begun`` to a later one.

    ``present``: this record's study (or the trial whose patients it analyses). ``possible``: planned, called for,
    under way elsewhere. ``historical``: an earlier or other study. ``contrast``: what this one is set against.
    """
    before = place.sentence[max(0, place.start - _WINDOW) : place.start]
    after = place.sentence[place.end : place.end + _WINDOW]
    if place.title:
        return _of_title(before)
    bound = _BOUND.search(before) is not None
    source = _SOURCE.search(before) is not None
    return (
        _of_others(before, bound, source)
        or _to_come(before, after, bound)
        or _of_this(before, bound, source, place.section)
        or _leaning(before, after)
    )


def _of_title(before: str) -> Judged:
    if _FOLLOW_UP.search(before) or _SOURCE.search(before):
        return "present", "title"
    if _TITLE_AHEAD.search(before):
        return "possible", "title"
    if _TITLE_OTHERS.search(before):
        return "historical", "title"
    if _EARLIER_TIGHT.search(before) or _GREW_OUT.search(before):
        return "historical", "earlier"
    return "present", "title"


def _of_others(before: str, bound: bool, source: bool) -> Judged | None:
    """Judge by words that set a study apart from this one; a trial whose data are analysed here is this one."""
    if _FOLLOW_UP.search(before):
        return "present", "analysis of that trial"
    if _NEGATED.search(before):
        return "absent", "negated"
    if _GREW_OUT.search(before):
        return "historical", "grew out of it"
    if _GROUND.search(before) and not bound:
        return "historical", "ground of a decision"
    if _EARLIER_TIGHT.search(before):
        return ("present", "data of that trial") if source else ("historical", "earlier")
    return ("contrast", "compared with") if _CONTRAST_BEFORE.search(before) else None


def _to_come(before: str, after: str, bound: bool) -> Judged | None:
    """Judge by words for a study that is planned, called for or under way."""
    if bound:
        return None
    if _PLANNED_BEFORE.search(before) or _PLANNED_AFTER.match(after):
        return "possible", "planned"
    return (None, "begun") if _BEGUN.match(after) else None


def _of_this(before: str, bound: bool, source: bool, section: Section) -> Judged | None:
    """Judge by words for this study, and by the part of the paper."""
    own = _OWN_BEFORE.search(before) is not None
    if source:
        return (None, "earlier") if _CLAIM.search(before) and not own else ("present", "data of that trial")
    if own and (bound or not _EARLIER_BEFORE.search(before)):
        return "present", "this study"
    return ("present", "section") if section in ("methods", "registration", "objective", "results") else None


def _leaning(before: str, after: str) -> Judged:
    """Judge what is left: it leans one way, or stays open."""
    if _EARLIER_BEFORE.search(before) or (_INDEFINITE.search(before) and _SHOWN_AFTER.match(after)):
        return None, "earlier"
    if _OWN_AFTER.match(after) or (_SEVERAL_BEFORE.search(before) and _SEVERAL_AFTER.match(after)):
        return None, "was conducted"
    return None, "open"
