"""Where the product's cells came from: the facet ``cell_source``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kb.tag.mentions import Mention
from kb.tag.scene import Attribute, Scene, found_mention, is_loosely_denied, place

SAME_DONOR = "transplant-donor"
_HALF_MATCHED = "haploidentical"
_HALF_MATCHED_GRAFT = "haplo-transplant"
_GRAFT, _OWN_GRAFT = "transplant", "autologous-transplant"
_ANY_DONOR = "allogeneic"
_OWN_CELLS = "autologous"

#: People by kinship. They are the source where cells come from them, not where they are only spoken of.
_KINSHIP = re.compile(
    r"^(?:parents?|mothers?|fathers?|brothers?|sisters?|siblings?|sons?|daughters?|relatives?|family members?|"
    r"patients?)$"
)
_FROM = re.compile(r"\b(?:from|of|by|using)\s+(?:[\w'’/-]+\s+){0,5}$")
_DONOR_RIGHT = re.compile(r"^\W*(?:[\w-]+\s+){0,1}donors?\b")
#: "… transplantation from an unrelated donor": the source of the graft, not of the product.
_OF_THE_CELLS = (
    r"(?:patients?|subjects|children|received?|receiving|were|was|given|infus\w+|got|underwent|treated|cells)\b"
)
_OF_A_GRAFT = re.compile(
    r"\bstem cells\b[^.;]{0,50}\bfrom\s+(?:[\w'’-]+\s+){0,3}(?:\([^)]{1,20}\)\s*)?(?:[\w'’-]+\s+){0,4}$|"
    rf"\b(?:transplant\w*|hsct|hct|bmt|sct|grafts?)\s*(?:\([^)]{{1,30}}\)\s*)?(?:(?!{_OF_THE_CELLS})\w+\s+){{0,2}}?"
    r"(?:from|with|using|of)\s+"
    rf"(?:(?!{_OF_THE_CELLS})[\w'’-]+\s+){{0,6}}$"
)
#: Cells of healthy people are compared with in the laboratory as often as they are given.
_HEALTHY = re.compile(r"\bhealthy\b")
_LABORATORY = re.compile(
    r"\b(?:controls?|compar\w+|than|versus|vs|in vitro|similar to|higher|lower|expression|as in|responses? of|"
    r"samples?|reference)\b"
)
#: Blood of patients is where cells are looked for as often as where they come from.
_PATIENTS = re.compile(r"\bpatients?\b")
_TAKEN = re.compile(
    r"\b(?:isolat|collect|obtain|sort|deriv|generat|manufactur|expand|separat|harvest|made|grown|purif|draw|taken|"
    r"produc)\w*|"
    r"\b(?:leuk)?apheres\w*|\bown\b"
)
_LINE = re.compile(r"\blines?$")
#: A line that feeds, stimulates or is killed.
_OTHER_LINE = re.compile(
    r"\b(?:feeder\w*|k562\S*|tumou?r|cancer|leuka?emia|melanoma|lymphoma|myeloma|target|against|stimulat\w+|"
    r"with the|on)\s+"
    r"(?:[\w/-]+\s+){0,3}$"
)
_SAME = re.compile(r"\b(?:same|original)\s+(?:[\w-]+\s+){0,2}$")
#: "We reported that autologous …" opens papers on something else.
_REPORTED = re.compile(
    r"\b(?:we|others|it)\s+(?:(?:have|had|was|has been|were)\s+)?(?:previously\s+|earlier\s+|recently\s+)?"
    r"(?:reported|showed|shown|demonstrated|described|published)\b|\bin (?:a|an|our) (?:previous|earlier|prior)\b"
)
#: "NK cells grown from patients": the people treated, where a sentence speaks of making and giving.
_MADE_FROM_PATIENTS = re.compile(
    r"\b(?:expand|generat|grown|manufactur|produc|prepar|differentiat|propagat|amplif)\w*\s+(?:\([^)]{1,20}\)\s*)?"
    r"(?:[\w-]+\s+){0,3}?from\s+(?P<who>(?:(?!(?:healthy|donors?|normal|volunteers?|unrelated|other|from|by|with)\b)"
    r"[\w-]+\s+){0,6}?patients?\b)(?!['’]?s?\s+(?:[\w-]+\s+)?(?:donors?|relatives?|siblings?|parents?|famil\w+))",
    re.IGNORECASE,
)
_AND_GIVEN = re.compile(
    r"\b(?:re-?)?(?:infus|administ|transfus|inject)\w*|\breceiv\w+|\bgiven\b|\breturned\b|\btested the safety\b",
    re.IGNORECASE,
)
_ONLY_POSSIBLE = re.compile(r"\b(?:can|could|may|might|would|cannot|not|possible|feasib\w+|able)\b", re.IGNORECASE)
_SAMPLED = re.compile(
    r"\b(?:after|before|during|post|following|prior|baseline|days?|cytotox\w+|kill\w*|lys\w+|express\w*|mice|"
    r"phenotyp\w+)\b",
    re.IGNORECASE,
)
_DERIVED = re.compile(r"^donor[\s-](?:derived|type)$")


def sources(mentions: Iterable[Mention], scene: Scene) -> list[Attribute]:
    """Return the mentions that tell where the product came from.

    The donor of a transplant who gives the product as well ("NK cells of the same donor") is also what the graft is
    said to be (half-matched, a matched sibling …).

    Args:
        mentions: of facet ``cell_source``.
        scene: the record.
    """
    kept: list[Attribute] = []
    of_graft: list[Mention] = []
    for mention in mentions:
        if _OF_A_GRAFT.search(mention.left):
            of_graft.append(mention)
        elif scene.tells(mention) and not is_loosely_denied(mention) and (rule := _rule(mention, scene)):
            kept.append(Attribute(mention, mention.assertion, rule))
    kept = list(_without_bystanders(kept, scene))
    told = {place(one.mention) for one in kept if one.assertion == "present"}
    kept.extend(one for one in _from_patients(scene) if told <= {place(one.mention)})
    return [*kept, *_same_donor(kept, of_graft, scene)]


def _from_patients(scene: Scene) -> Iterable[Attribute]:
    """Yield the treated people as the source of cells that a sentence says were made from them and given."""
    for part in scene.parts:
        if not part.own or (part.passage.field, part.sentence.start) not in scene.said:
            continue
        text = part.sentence.text
        for found in _MADE_FROM_PATIENTS.finditer(text):
            before, after = text[max(0, found.start() - 60) : found.start()], text[found.end() : found.end() + 60]
            if _ONLY_POSSIBLE.search(before) or _SAMPLED.search(after) or not _AND_GIVEN.search(text):
                continue
            yield Attribute(found_mention(part, found, "cell_source", _OWN_CELLS), "present", "made from the patients")


def _rule(mention: Mention, scene: Scene) -> str:
    """Return the rule by which a mention tells the product's source, "" when it does not."""
    if mention.passage.kind == "condition" or scene.belongs_elsewhere(mention):
        return ""
    if _KINSHIP.match(mention.hit.text.lower()) and not (
        _FROM.search(mention.left) or _DONOR_RIGHT.search(mention.right)
    ):
        return ""
    if _PATIENTS.search(mention.hit.text.lower()) and (
        not _TAKEN.search(mention.around) or mention.left.rstrip().endswith((" in", " in the"))
    ):
        return ""
    if _LINE.search(mention.hit.text.lower()) and _OTHER_LINE.search(mention.left):
        return ""
    if _HEALTHY.search(mention.hit.text.lower()) and (not mention.own or _LABORATORY.search(mention.around)):
        return ""
    return scene.about_product(mention)


def _without_bystanders(kept: list[Attribute], scene: Scene) -> Iterable[Attribute]:
    """Yield the sources without "healthy donors" where another source is told: they may be controls or the graft's."""
    told = {
        one.meant
        for one in kept
        if one.assertion == "present" and one.meant != _ANY_DONOR and not _HEALTHY.search(one.mention.hit.text.lower())
    }
    vague = any(scene.vocabulary.concepts["cell_source"][concept].parents for concept in told)
    sides = {
        scene.vocabulary.is_a("cell_source", concept, _ANY_DONOR) for concept in {*told, *(one.meant for one in kept)}
    }
    both = len(sides) > 1
    for one in kept:
        if both and one.mention.passage.kind == "abstract" and _REPORTED.search(one.mention.around):
            continue
        if not (vague and _HEALTHY.search(one.mention.hit.text.lower()) and one.meant not in told):
            yield one


def _same_donor(kept: list[Attribute], of_graft: list[Mention], scene: Scene) -> Iterable[Attribute]:
    """Yield what follows where the transplant's donor gave the product: donor of the graft, and what that donor is."""
    grafts = [one for one in scene.of("combination") if scene.vocabulary.is_a("combination", one.hit.concept, _GRAFT)]
    halves = [one for one in grafts if one.hit.concept == _HALF_MATCHED_GRAFT and one.own]
    told = (one for one in of_graft if one.assertion in ("present", "historical"))
    donors = sorted({one.hit.concept for one in told} - {_ANY_DONOR})
    graft_places = {place(graft) for graft in grafts if graft.own and graft.hit.concept != _OWN_GRAFT}
    narrow = {one.meant for one in kept if one.meant not in (_ANY_DONOR, SAME_DONOR)}
    for one in kept:
        if one.assertion != "present":
            continue
        same = one.meant == SAME_DONOR or (_SAME.search(one.mention.left) is not None and bool(grafts or of_graft))
        derived = (
            _DERIVED.match(one.mention.hit.text.lower()) is not None
            and not narrow
            and place(one.mention) in graft_places
        )
        if not same and not derived:
            continue
        if one.meant != SAME_DONOR:
            yield Attribute(one.mention, "present", "the donor of the transplant", SAME_DONOR)
        if halves:
            yield Attribute(one.mention, "present", "the donor of a haploidentical transplant", _HALF_MATCHED)
        for donor in donors:
            yield Attribute(one.mention, "present", "what the transplant's donor is", donor)
