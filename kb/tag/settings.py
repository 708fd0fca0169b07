"""In which people and at which point of their disease the product was given: the facet ``setting``.

What is said of the people at the start counts; a remission that was reached or a relapse that happened is a result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kb.tag import frames
from kb.tag.mentions import Mention
from kb.tag.numbers import WORD
from kb.tag.partner_words import follows
from kb.tag.scene import Attribute, Scene, is_dimension

_AGE, _AGAIN, _MARKER, _REMISSION, _PREVENTION = "age", "previously-treated", "marker", "remission", "prevention"
_TRANSPLANTATION = "transplantation"
_GRAFT, _OPERATION = "transplant", "surgery"
_AFTER_GRAFT, _AFTER_LIVER, _AFTER_OPERATION = "after-transplant", "after-liver-transplant", "adjuvant"

_WHO = (
    r"patients?|pts?|subjects?|participants?|children|adults?|women|men|people|persons?|individuals|boys?|girls?|"
    r"infants?|"
    r"adolescents|volunteers?|recipients?|cases?|survivors"
)
_PERSON = re.compile(rf"\b(?:{_WHO})\b")
#: Words for diseases of every kind; their names and short forms are the vocabulary's, which knows "ALL" from "all".
_DISEASE = (
    r"disease|leuka?emias?|cancers?|tumou?rs?|malignanc\w+|\w+omas?|disorders?|syndromes?|infections?|remission|stage"
)
_PEOPLE_RIGHT = re.compile(
    rf"^[\s/,-]*(?:(?:or|and|/)[\s-]+\S{{1,40}}[\s-]+)?(?:\([^)]{{1,20}}\)\s*)?[^.;:]{{0,40}}?\b(?:{_WHO}|{_DISEASE}|"
    rf"setting|therapy|treatment)\b"
)
_DISEASE_RIGHT = re.compile(
    rf"^[\s/,-]*(?:(?:or|and|/)[\s-]+\S{{1,40}}[\s-]+)?(?:\w+[\s-]+){{0,4}}?(?:{_WHO}|{_DISEASE})\b"
)
_PEOPLE_LEFT = re.compile(
    rf"\b(?:{_WHO}|with|in|for|who|disease|had|were|as|after|treatment of|and|or|"
    rf"of)\s+(?:[\w/()+'’-]+[\s,]+){{0,5}}[^\w]*$"
)
_COUNTED_LEFT = re.compile(rf"\b(?:\d+|{WORD})\s+(?:[\w-]+\s+){{0,3}}$")
#: "three patients relapsed": what happened, not who was treated.
_HAPPENED = re.compile(
    rf"^\s*(?:at|after|within|in \d|(?:\d+|{WORD})[\s-]+(?:days?|weeks?|months?|years?)|"
    r"on|during|by|before|\.|,? (?:and|but|while)? ?(?:died|one|two|three|the|none)|"
    r"\)|$|;|"
    r"early|later|subsequently|rates?|free|incidence|was|were|occurred)"
)
#: "three patients relapsed six months …", and what makes it a description after all.
_COUNTED_SUBJECT = re.compile(
    rf"\b(?:\d+(?:\s*\([\d.,%\s]+\))?|{WORD})\s+(?:of\s+\d+\s+)?(?:[\w-]+\s+)?(?:(?:{_WHO})\s+)?$"
)
_TREATED_RIGHT = re.compile(r"^[^.;]{0,80}\b(?:received|(?:was|were) (?:given|treated|infused|enrolled|included))\b")
_VERBLIKE = re.compile(r"(?:ed|ing|es)$")
#: "who relapsed after …", "whose leukaemia had relapsed": it happened before the treatment.
_BEFORE_TREATMENT = re.compile(r"\b(?:who|that|which|had|has|have|having)\s+(?:\w+ly\s+)?(?:also\s+)?$")
_RESULT_LEFT = re.compile(
    r"\b(?:achiev\w+|attain\w+|obtain\w+|reach\w+|induc\w+|enter\w+|rates? of|duration of|maintain\w+|prevent\w*|"
    r"risk of|free of|free from|time to|until)\s+(?:\w+\s+){0,4}$"
)
_NOUN = re.compile(r"relapses?")
_IN_IT = re.compile(
    r"\b(?:that|which|who|whose [\w-]+|first|second|molecular|late|early)\s+$|"
    r"(?<!risk )(?<!risks )\bfor\s+(?:an?|the|his|her|their)\s+(?:\w+\s+)?$|\btreat\w*\s+(?:of|for)\s+(?:an?|the)\s+$"
)
#: "relapsed six months post-transplant": the time of an event.
_EVENT_TIME = re.compile(
    r"\b(?:relaps\w+|died|death|surviv\w+|alive|develop\w*|occurred|recover\w+|follow(?:ed)?[\s-]up|engraft\w*)\b"
    r"[^.;,]{0,40}\b(?:days?|weeks?|months?|years?)\s+(?:after\s+)?$"
)
_SURVIVAL = re.compile(r"^[\s-]*(?:survival|interval|period|status)\b")
#: "We asked whether … could help children in remission": what is open is the help, not who they are.
_WHETHER = re.compile(r"\b(?:determin|evaluat|assess|test|investigat|examin|ask|explor|stud)\w*\s+(?:if|whether)\b")
#: A transplant in a sentence that treats nobody is one of the field.
_DONE = re.compile(
    r"\b(?:infus\w*|receiv\w*|administ\w*|given|gave|treat\w*|transfus\w*|therap\w+|trial|stud(?:y|ied)|safety|"
    r"inject\w*|enrol\w*|adoptive\w*|transfer\w*)\b"
)
_SINCE = re.compile(r"^\s+(?:after|following|post)\b")
_AIM = re.compile(r"prophyla|prevent")
#: "to deplete CD19-positive B cells": a marker of the target, not of the people's disease.
_CELLS_RIGHT = re.compile(r"^[\s-]+(?:[\w+]+[\s-]+){0,2}?(?:cells|targets?|lines?|blasts)\b")
_IN_LEFT = re.compile(r"\b(?:in|with|while|despite)\s+(?:[\w/-]+[\s,]+){0,4}\W*$")
_CLOSED = re.compile(r"^\s*(?:\([^)]*\)\s*)?(?:[\])]|rates?\b|at \d|lasting|of \d|for\b)")
_RESPONSES = re.compile(
    r"\bachiev\w*|\bbest\b|\bpartial (?:response|remission)|\bstable disease|\boverall response|\bmaintain\w*|"
    r"\bone of\b"
)
_LINE = re.compile(r"\bline\b|\bfrontline\b")
_OVER = re.compile(
    r"\b(?:after|following|fail\w*|failure of|progress\w* (?:on|after|during)|responses? (?:from|to)|refractory to|"
    r"resistant to|post)\s+(?:\S+\s+){0,6}$"
)
_HARM = re.compile(
    r"\b(?:reactions?|events?|toxicit\w+|aes?|symptoms?|fever|side effects?|infusion-related|gvhd|crs)\b"
)
_LOOSE = frozenset({"mild", "severe", "adjuvant"})
#: Of these, the ones that describe anything ("moderate exercise"), so that the disease must be the next word but two.
_ANYTHING = re.compile(r"mild(?: to moderate)?|moderate|severe")
_TO_SEVERE = r"(?:(?:or|and|to|/)[\s-]+\w+[\s-]+)?"
_ADJECTIVES = r"(?:(?!(?:and|in|of|with|for|on|to|or|by)\b)\w+[\s-]+)"
_NEXT = re.compile(rf"^[\s/,-]*{_TO_SEVERE}{_ADJECTIVES}{{0,2}}(?:{_WHO}|{_DISEASE})\b")
_FEW_WORDS = re.compile(rf"[\s/,-]*{_TO_SEVERE}{_ADJECTIVES}{{0,3}}")
_JUST_BEFORE = re.compile(rf"\b(?:{_DISEASE}|covid-19|sars|ards)\b[\s,:(-]*(?:(?:is|was|were|that|being)\s+){{0,2}}$")
#: Where a paper draws its conclusion, and where it speaks there of what may be.
_CONCLUDING = re.compile(
    r"^\W*(?:in (?:conclusion|summary|sum)|conclusions?|to (?:conclude|sum(?:marize)?)|taken together|collectively|"
    r"(?:our|these|the present) (?:data|results|findings|study|investigations?|observations?)\b[^.;]{0,60}\b"
    r"(?:suggest|support|show|demonstrate|indicate|provide|confirm|highlight|warrant)\w*)\b",
    re.IGNORECASE,
)
_MAY_BE = re.compile(
    r"\b(?:support\w*|suggest\w*|warrant\w*|promising|potential\w*|options?|strateg\w+|approach\w*|could|may|might|"
    r"should|need\w*|future|offers?|valuable)\b"
)
_EXCLUSION = re.compile(r"\bexclu\w+|\bnot eligible\b|\bmust not\b", re.IGNORECASE)
_TO_BE_KEPT_OFF = re.compile(
    r"\b(?:prevent\w*|prophyla\w+|reduc\w+(?![\s-]intensity)|decreas\w+|diminish\w+|avoid\w*|eradicat\w+|clear(?:ed|ance)|"
    r"eliminat\w+|regress\w*(?: of| in)?|shrink\w*(?: of| in)?|"
    r"conver(?:ted|sion)|disappear\w*|progress\w* to|risk of|incidence of|rate of|time to|against)\s+"
    r"(?:(?!(?:patients?|children|adults|people|who|this|cohort)\b)[\w/-]+\s+){0,5}$"
)


def settings(mentions: Iterable[Mention], scene: Scene) -> list[Attribute]:
    """Return the mentions that describe the treated people.

    Args:
        mentions: of facet ``setting``.
        scene: the record; earlier treatments named there make settings too ("after haploidentical transplantation").
    """
    kept = []
    for mention in mentions:
        if is_dimension(mention, scene.vocabulary):
            continue
        if rule := _rule(mention, scene):
            kept.append(Attribute(mention, "present", rule))
    kept.extend(_earlier(scene))
    kept = _without_conclusions(kept)
    liver = any(one.meant == _AFTER_LIVER for one in kept)
    return [one for one in kept if not (liver and one.meant == _AFTER_GRAFT)]


def _without_conclusions(kept: list[Attribute]) -> list[Attribute]:
    """Return settings without what only a conclusion says: of what may be, or of people described elsewhere already."""
    concluded = [_concludes(one.mention) for one in kept]
    described = {one.meant for one, last in zip(kept, concluded, strict=True) if not last}
    return [
        one
        for one, last in zip(kept, concluded, strict=True)
        if not last or one.meant in described or not (described or _MAY_BE.search(one.mention.around))
    ]


def _concludes(mention: Mention) -> bool:
    if mention.passage.kind != "abstract":
        return False
    if mention.sentence.section != "conclusions" and not _CONCLUDING.search(mention.sentence.text[:160]):
        return False
    return not (frames.COUNTED.search(mention.around) or frames.TREATED.search(mention.around))


def _rule(mention: Mention, scene: Scene) -> str:
    kind = mention.passage.kind
    if _is_other_matter(mention, scene) or (frames.ANIMAL.search(mention.around) and not _people(mention)):
        return ""
    if kind == "eligibility":
        return "asked for in the eligibility criteria" if _asked_for(mention, scene) else ""
    asked = mention.assertion == "possible" and _WHETHER.search(mention.left) is not None
    if (
        not mention.own
        or mention.assertion in ("contrast", "absent")
        or (mention.assertion == "possible" and not asked)
    ):
        return ""
    if _EVENT_TIME.search(mention.left) or _of_the_field(mention, scene):
        return ""
    aged = scene.vocabulary.is_a("setting", mention.hit.concept, _AGE)
    if not aged and (_RESULT_LEFT.search(mention.left) or _TO_BE_KEPT_OFF.search(mention.left)):
        return ""
    if kind in ("title", "condition"):
        anything = kind == "title" and _names_anything(mention) and not _describes_disease(mention, scene)
        return "" if anything else "title or condition"
    verb = _VERBLIKE.search(mention.hit.text) is not None
    if verb and _BEFORE_TREATMENT.search(mention.left):
        return "what the people had before"
    if mention.assertion == "historical" and not verb:
        return ""
    return _said_of_people(mention, scene, verb=verb)


def _people(mention: Mention) -> bool:
    return mention.passage.kind != "abstract" or frames.PEOPLE.search(mention.around) is not None


def _is_other_matter(mention: Mention, scene: Scene) -> bool:
    """Tell whether a name is used for something that is no state of the people at the start."""
    text, is_a = mention.hit.text.lower(), scene.vocabulary.is_a
    concept = mention.hit.concept
    if _NOUN.fullmatch(text):  # relapse as an event, unless the people have it
        return not (_IN_IT.search(mention.left) or _SINCE.search(mention.right))
    if concept == _PREVENTION:
        return _AIM.search(text) is not None  # of a relapse or an infection as often as in healthy people
    if is_a("setting", concept, _MARKER):
        return _CELLS_RIGHT.search(mention.right) is not None
    if is_a("setting", concept, _REMISSION) and mention.passage.kind not in ("title", "condition"):
        told = _IN_LEFT.search(mention.left) is not None and not _RESPONSES.search(mention.around)
        told = told and not _SURVIVAL.search(mention.right)
        return not told or _CLOSED.search(mention.right) is not None
    return _LINE.search(text) is not None and _OVER.search(mention.left) is not None


def _said_of_people(mention: Mention, scene: Scene, *, verb: bool) -> str:
    concept = mention.hit.concept
    if concept in _LOOSE:
        return "said of the disease" if _loosely_said_of_disease(mention, scene) else ""
    if scene.vocabulary.is_a("setting", concept, _AGE):
        told = (
            _COUNTED_LEFT.search(mention.left)
            or _PEOPLE_LEFT.search(mention.left)
            or _PEOPLE_RIGHT.search(mention.right)
        )
        return "age of the people" if told else ""
    if _PERSON.search(mention.hit.text.lower()):
        return "names the people"
    if verb and _COUNTED_SUBJECT.search(mention.left) and _HAPPENED.search(mention.right):
        return "" if not _TREATED_RIGHT.search(mention.right) else "said of the people"
    if _before_disease(mention, scene) or _PEOPLE_RIGHT.search(mention.right):
        return "said of the people"
    if _PEOPLE_LEFT.search(mention.left) and not (verb and _HAPPENED.search(mention.right)):
        return "said of the people"
    return ""


def _of_the_field(mention: Mention, scene: Scene) -> bool:
    """Tell whether "after transplantation" is said of how things are, not of people who were treated."""
    if mention.passage.kind != "abstract" or not scene.vocabulary.is_a(
        "setting", mention.hit.concept, _TRANSPLANTATION
    ):
        return False
    return _DONE.search(mention.around) is None and not _had(mention)


def _names_anything(mention: Mention) -> bool:
    return _ANYTHING.fullmatch(mention.hit.text.lower()) is not None


def _loosely_said_of_disease(mention: Mention, scene: Scene) -> bool:
    # Harms are mild or severe far more often than diseases.
    if _HARM.search(mention.left[-50:] + mention.right[:50]):
        return False
    if _names_anything(mention):
        return _describes_disease(mention, scene)
    if _DISEASE_RIGHT.search(mention.right):
        return True
    # "severe COVID-19" names the disease itself; "hospitalised" and "adjuvant" do not
    return (
        " " in mention.hit.text and mention.hit.concept != _AFTER_OPERATION and bool(_PEOPLE_LEFT.search(mention.left))
    )


def _describes_disease(mention: Mention, scene: Scene) -> bool:
    """Tell whether "mild" or "severe" describes a disease or the people, not exercise or a decrease."""
    if _NEXT.search(mention.right) or _JUST_BEFORE.search(mention.left):
        return True
    for one in scene.beside("indication", mention):
        if 0 <= one.hit.start - mention.hit.end <= 40:
            return _FEW_WORDS.fullmatch(mention.right[: one.hit.start - mention.hit.end]) is not None
        if 0 <= mention.hit.start - one.hit.end <= 8:
            return True
    return False


def _before_disease(mention: Mention, scene: Scene) -> bool:
    """Tell whether a disease that the vocabulary knows follows within a few words."""
    for one in scene.beside("indication", mention):
        if 0 <= one.hit.start - mention.hit.end <= 40:
            return re.search(r"[.;:,]", mention.right[: one.hit.start - mention.hit.end]) is None
    return False


def _asked_for(mention: Mention, scene: Scene) -> bool:
    """Tell whether eligibility criteria ask for a failed earlier treatment or an age in years.

    The rest of such lists is too varied.
    """
    is_a = scene.vocabulary.is_a
    aged = is_a("setting", mention.hit.concept, _AGE) and re.search(r"\d", mention.hit.text) is not None
    if not (aged or is_a("setting", mention.hit.concept, _AGAIN)) or mention.assertion in ("absent", "contrast"):
        return False
    return _EXCLUSION.search(mention.passage.text, 0, mention.hit.start) is None


def _earlier(scene: Scene) -> Iterable[Attribute]:
    """Yield the settings that earlier treatments make: after a transplant, after an operation."""
    for mention in scene.of("combination"):
        if mention.assertion in ("possible", "absent", "contrast") or not mention.own:
            continue
        if mention.passage.kind in ("eligibility", "condition"):
            continue
        is_a = scene.vocabulary.is_a
        graft = is_a("combination", mention.hit.concept, _GRAFT)
        if not graft and not is_a("combination", mention.hit.concept, _OPERATION):
            continue
        if not follows(mention.left):
            continue
        done = _had(mention) or (scene.names_product(mention) and _DONE.search(mention.around) is not None)
        if mention.passage.kind == "abstract" and not done:
            continue
        if graft:
            yield Attribute(mention, "present", "after a transplant", _AFTER_GRAFT, "setting")
        else:
            yield Attribute(mention, "present", "after an operation", _AFTER_OPERATION, "setting")


def _had(mention: Mention) -> bool:
    return re.search(rf"\b(?:{_WHO}|relaps\w+|who|whose|he|she)\b", mention.left) is not None
