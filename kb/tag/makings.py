"""How the product was made: grown in culture or not, changed by genes or not (facets ``expansion``, ``engineering``).

Besides the names of the vocabulary the time in culture tells: some hours up to about two days activate cells, longer
culture multiplies them (definitions in ``vocabulary/expansion.tsv``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kb.tag.mentions import Mention
from kb.tag.numbers import WORD, WORDS
from kb.tag.scene import Attribute, Scene, found_mention, is_loosely_denied, speaks_of_the_cells

_GROWN, _SHORT, _NOT_GROWN = "ex-vivo-expanded", "short-activation", "not-expanded"
_CHANGED, _UNCHANGED = "engineered", "not-engineered"

#: Growth in the body, and growth as something cells did after they were given.
_IN_THE_BODY = re.compile(
    r"\bin[\s-]vivo\b|\bin (?:the |all |\d+ (?:of \d+ )?|most |some )?(?:patients?|recipients?|blood|circulation|"
    r"hosts?|body|children|peripheral blood)\b"
)
_DISH_WORDS = re.compile(r"\bex[\s-]vivo\b|\bin[\s-]vitro\b")
_CELLS_LEFT = re.compile(
    r"\b(?:cells|they|which|product|lymphocytes|nk|nkt|inkt|infusion|have|has|had)\s*(?:\([^)]*\)\s*)?$"
)
_DID = re.compile(
    r"^\s*(?:and (?:persist|surviv|circulat|proliferat|remain|maintain|contract|declin|were (?:detect|found|"
    r"present)|engraft)\w*|after|during|until|"
    r"by day|at day|on day|significantly|rapidly|robustly|markedly|transiently|less|more|well|best|poorly|only|[.,;]|$)"
)
_CULTURE_RIGHT = re.compile(
    r"^[^.;]{0,60}?\b(?:ex[\s-]vivo|in[\s-]vitro|feeders?|cultur\w*|medium|media|for \d|for \w+ (?:days|weeks)|"
    r"from|under|"
    r"bioreactor|flask|bags?|using|on )\b"
)
_DENIED = re.compile(
    r"\b(?:not|never|neither|nor|without|no)\s+(?:(?:been|further|any|prior|ex[\s-]vivo|in[\s-]vitro|previously|"
    r"subsequently|otherwise|additional|genetically|gene)[\s-]+){0,3}$"
)
#: Where the words stand for feeder cells or for cells in a dish, not for what is given.
_FEEDER = re.compile(r"\b(?:feeders?|k562\w*|stimulator cells|artificial antigen|aapcs?|721\.221)\b")

#: Taken whole or not at all, or "seventy-two" would be a range from seventy to two.
_COUNT = rf"(?>\d{{1,3}}(?:\.\d)?|{WORD})"
_TIME = (
    rf"(?:(?P<night>over[\s-]?night|(?:one|a single) night)|(?:{_COUNT}\s*(?:-|–|to|or)\s*)?(?P<count>{_COUNT})[\s-]*"
    r"(?P<unit>h|hrs?|hours?|d|days?|wks?|weeks?))(?![\w/])"
)
_MILD = r"(?:re-?|pre-?)?(?:activat|stimulat|incubat|prim|kept|held|spent|expos|maintain|rest(?:ed|ing))\w*"
_STRONG = r"(?:co-?)?(?:cultur|expan|grow[ns]?|propagat|amplif|differentiat|prolifer)\w*"
#: "activated with IL-2 for 16 hours", "cultured for three weeks", "spent one night in medium".
_VERB_TIME = re.compile(
    rf"\b(?:(?P<mild>{_MILD})|(?P<strong>{_STRONG}))(?P<between>[^.;]{{0,70}}?)\b{_TIME}", re.IGNORECASE
)
#: "overnight activation", "14-day culture", "16 h of stimulation".
_TIME_VERB = re.compile(
    rf"\b{_TIME}[\s-]*(?:of\s+|in\s+)?(?P<between>(?:[\w-]+\s+){{0,2}})?(?:(?P<mild>{_MILD})|(?P<strong>{_STRONG}))\b",
    re.IGNORECASE,
)
#: Between making and time these say that the time is that of something else.
_GIVEN_BETWEEN = re.compile(
    r"\b(?:infus|giv|administ|inject|receiv|transfus|every|dos|follow|subcutaneous|patients?|plus|weekly|daily|"
    r"(?<!feeder )(?<!feeder-)(?<!stimulator )(?<!k562 )cells)\w*",
    re.IGNORECASE,
)
#: Sentences on what became of the cells, which also have expansion and times.
_AFTERWARDS = re.compile(
    r"\bin[\s-]vivo\b|\bpersist\w*|\bpeak\w*|\bcirculat\w*|\bdetect\w*|\bchimerism\b|"
    r"\bafter (?:\w+ )?(?:hct|hsct|infusion|transfer|transplant\w*)\b",
    re.IGNORECASE,
)
_DISH = re.compile(r"\bex[\s-]vivo\b|\bcultur\w*|\bincubat\w*|\bmedium\b|\bfeeder\w*|\bovernight\b", re.IGNORECASE)
_HOURS = {"h": 1.0, "d": 24.0, "w": 168.0}
#: Longest stay that only activates: "about two days"; of three days only where the text itself calls it activation.
_SHORTEST_GROWTH = 72.0
_LONGEST_ACTIVATION = 72.0


def growth(mentions: Iterable[Mention], scene: Scene) -> list[Attribute]:
    """Return what is said of the product's growth in culture.

    Args:
        mentions: of facet ``expansion``.
        scene: the record.
    """
    kept = [one for mention in mentions if (one := _named_growth(mention, scene)) is not None]
    timed = list(_timed(scene))
    short = [one.mention for one in timed if one.meant == _SHORT]
    kept = [one for one in kept if one.meant != _GROWN or not any(_within(one.mention, time) for time in short)]
    kept.extend(timed)
    present = {one.meant for one in kept if one.assertion == "present"}
    if _GROWN in present:
        # "Preactivated" or "fresh" beside growth tells how long they were kept afterwards or that nothing was frozen.
        kept = [one for one in kept if one.meant == _GROWN or one.rule.startswith(("time", "denied"))]
    return kept


def _named_growth(mention: Mention, scene: Scene) -> Attribute | None:
    if not scene.tells(mention) or mention.passage.kind == "condition" or scene.belongs_elsewhere(mention):
        return None
    rule = scene.about_product(mention)
    concept = mention.hit.concept
    if not rule:
        return None
    if concept == _GROWN:
        if scene.has_other_subject(mention.passage.field, mention.sentence, mention.hit.start):
            return None
        if _denied(mention):
            return Attribute(mention, "present", "denied: not grown", _NOT_GROWN)
        if _grew_in_the_body(mention) or is_loosely_denied(mention):
            return None
        return Attribute(mention, mention.assertion, rule)
    if concept == _SHORT and re.fullmatch(r"over[\s-]?night", mention.hit.text.lower()):
        return None  # a time of what, the rule for times decides
    return Attribute(mention, "present", rule)  # the names of "not expanded" hold their own denial


def _within(mention: Mention, time: Mention) -> bool:
    """Tell whether a word of culture is the one whose time was read ("cultured for 24 h")."""
    return (
        mention.passage.field == time.passage.field
        and time.hit.start <= mention.hit.start
        and mention.hit.end <= time.hit.end
    )


def _denied(mention: Mention) -> bool:
    return mention.assertion == "absent" and _DENIED.search(mention.left) is not None


def _grew_in_the_body(mention: Mention) -> bool:
    text = mention.hit.text.lower()
    near = mention.left[-30:] + " " + mention.right[:40]
    if _IN_THE_BODY.search(near) and not _DISH_WORDS.search(f"{near} {text}"):
        return True
    if " " in text or "-" in text or not _CELLS_LEFT.search(mention.left):
        return False
    return _DID.search(mention.right) is not None and not _CULTURE_RIGHT.search(mention.right)


def _timed(scene: Scene) -> Iterator[Attribute]:
    """Yield what the time in culture tells, in sentences that speak of the product."""
    for part in scene.parts:
        if not part.own or part.passage.kind in ("eligibility", "condition"):
            continue
        where = (part.passage.field, part.sentence.start)
        told = where in scene.said or part.passage.kind in ("intervention", "arm")
        if not told and (where in scene.cells or not speaks_of_the_cells(part.sentence)):
            continue
        for pattern in (_VERB_TIME, _TIME_VERB):
            for found in pattern.finditer(part.sentence.text):
                concept = _by_time(found)
                start = part.sentence.start + found.start()
                if concept and not scene.has_other_subject(part.passage.field, part.sentence, start):
                    yield Attribute(found_mention(part, found, "expansion", concept), "present", "time in culture")


def _by_time(found: re.Match[str]) -> str:
    """Return what a time in culture means, "" when it is the time of something else."""
    if _GIVEN_BETWEEN.search(found["between"] or "") or _IN_THE_BODY.search(found.group().lower()):
        return ""
    if found["strong"] and _AFTERWARDS.search(found.string) and not _DISH.search(found.string):
        return ""
    hours = _hours(found)
    if found["mild"]:
        return _SHORT if hours <= _LONGEST_ACTIVATION else _GROWN
    return _GROWN if hours >= _SHORTEST_GROWTH else _SHORT


def _hours(found: re.Match[str]) -> float:
    if found["night"]:
        return 16.0
    count = found["count"].lower()
    return float(WORDS.get(count) or count) * _HOURS[found["unit"][0].lower()]


def changes(mentions: Iterable[Mention], scene: Scene) -> list[Attribute]:
    """Return what is said of changed genes of the product.

    Args:
        mentions: of facet ``engineering``.
        scene: the record.
    """
    kept = []
    for mention in mentions:
        if not scene.tells(mention) or is_loosely_denied(mention) or scene.belongs_elsewhere(mention):
            continue
        if _FEEDER.search(mention.left[-60:]) or _FEEDER.search(mention.right[:30]):
            continue
        rule = "in the title" if mention.passage.kind == "title" else scene.about_product(mention)
        if not rule or mention.passage.kind == "condition":
            continue
        if mention.hit.concept == _CHANGED and _denied(mention):
            kept.append(Attribute(mention, "present", "denied: not engineered", _UNCHANGED))
        elif mention.hit.concept == _UNCHANGED:
            kept.append(Attribute(mention, "present", rule))
        else:
            kept.append(Attribute(mention, mention.assertion, rule))
    return kept
