"""Words that turn what stands beside them: denials and doubts, ahead of it and behind it. The lists are ours."""

from __future__ import annotations

import re


def _any(*forms: str) -> re.Pattern[str]:
    """Return a pattern for whole words; a space stands for any white space."""
    return re.compile(rf"(?<![\w-])(?:{'|'.join(forms)})(?![\w-])".replace(" ", r"\s+"), re.IGNORECASE)


_AUX = r"(?:was|were|is|are|be|been|being|has|have|had|did|does|do|could|can|may|might|will|would|should)"

#: Denials ahead of what they deny.
DENIES = _any(
    "not|no|none|never|neither|nor|cannot|without|nothing|nobody|no-one|hardly|barely|scarcely|rarely|seldom|little|few",
    r"\w+n't|fail(?:ed|s|ing)? to|failed|failure (?:to|of)|unable to|inability to|incapable of|unlikely(?: to| that)?",
    "(?:absence|lack|devoid|free) of|lack(?:s|ed|ing)|free from|absent|impossible|refute[ds]?|disprove[ds]?",
    "den(?:y|ies|ied)|doubts? that|doubtful",
    "rule[ds]? out|exclude[ds]?|contrary to|far from|instead of|rather than|anything but|myth",
    "falsely|wrongly|incorrectly|mistakenly|untrue|avoided|prevented|omitted|insufficient|inconclusive|non|anti",
)
#: Those of them that deny a noun, so that their own clause needs a verb before another clause can begin.
OF_A_NOUN = re.compile(
    r"(?:no|none|neither|nor|without|(?:absence|lack|free|devoid|failure|instead) of|free from|few|little|lack\w+|non|"
    r"anti|avoided|omitted|excluded|prevented)",
    re.IGNORECASE,
)
#: Those that open a sentence without being its subject: "Without chemotherapy, NK cells were given".
OPENS = re.compile(r"without|(?:absence|lack|instead) of", re.IGNORECASE)
#: What looks like a denial and is none.
NO_DENIAL = re.compile(
    r"\b(?:not only|no doubt|with or without|not least|not surprisingly|a few|a little|gram-negative|no fewer than|"
    r"no less than|no later than|no earlier than|nothing but|in no time)\b",
    re.IGNORECASE,
)
#: Doubts ahead of what they make doubtful.
DOUBTS = _any(
    "may|might|could|would|should|can",
    "(?:appear|seem)(?:s|ed|ing)?(?: to)?|suggest(?:s|ed|ing)?|possibl[ey]|probabl[ey]",
    "perhaps|potential(?:ly)?|likely(?: to| that)?|whether|if|unless|hypothes(?:is|[iz]ed?|[iz]es)|hypothesi[sz]ed?",
    "speculated?|assumed?|believed?(?: to)?|thought to|expect(?:ed)?(?: to)?|hope[sd]?|aim(?:s|ed)? to|aim was to",
    "designed to|sought to|inten(?:ds|ded) to|plan(?:s|ned)? to|to (?:determine|test|assess|evaluate)",
    "claim(?:s|ed)?(?: that)?",
    "reportedly|allegedly|anecdotal|trend to(?:wards?)?|tend(?:s|ed) to|promising|preliminary|raises? the possibility",
)
#: Those of them that hold for the clause after their own comma.
CONDITIONS = re.compile(r"if|unless|whether", re.IGNORECASE)
#: Doubts that count only right before the quoted words.
NEARLY = re.compile(r"\b(?:almost|nearly|about|approximately|roughly|virtually|some)\s*$", re.IGNORECASE)
#: Denials behind what they deny.
DENIED = _any(
    rf"{_AUX}(?: \w+ly)? not|cannot|\w+n't|{_AUX} never|never|(?:in|for|by|with) (?:none|neither|no)|not|nor|none",
    r"fail(?:ed|s)?|remain(?:s|ed) unproven",
    rf"{_AUX} (?:absent|lacking|excluded|ruled out|refuted|disproved|denied|unproven|unfounded|unsubstantiated)",
    rf"{_AUX} (?:unlikely|false|untrue|wrong|incorrect|impossible|avoided|prevented|retracted|withdrawn)",
)
#: Doubts behind what they make doubtful.
DOUBTED = _any(
    r"remain(?:s|ed)? to be|(?:has|have) yet to be|(?:may|might|could|would|should) be|awaits? confirmation|if|unless",
    "(?:is|are|was|were) (?:still )?(?:possible|unclear|uncertain|unknown|suspected|hypothesi[sz]ed|expected|planned)",
    "(?:is|are|was|were) (?:still )?(?:speculative|debated|disputed|doubtful|warranted|needed)",
    "(?:is|are) being (?:studied|tested|investigated)",
)
#: "…, but this was not confirmed": words that take up the quoted ones.
TAKEN_UP = re.compile(
    r"\b(?:which|that|this|it|these|they|(?:the|this) (?:difference|effect|increase|decrease|reduction|improvement|"
    r"gain|trend|benefit|finding|result|response)s?)\s(?:[\w-]+\s){0,3}?(?:not|never|failed|cannot)\b|"
    r"\b(?:not (?:statistically )?significant|non-?significant|not reach (?:statistical )?significance)\b",
    re.IGNORECASE,
)
