"""What kind of record it is: a review, a protocol, an analysis of an earlier trial, laboratory work, one patient.

People who were treated win: a paper with mice and with patients is not preclinical, and "we reviewed the charts of 12
patients" is no review.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from kb.tag import frames, publication_types
from kb.tag.publication_types import Flag
from kb.tag.record import TagRecord
from kb.tag.sentences import Sentence

#: (flag, rule, field, start, end); start and end are None for a publication type.
Kind = tuple[Flag, str, str, int | None, int | None]

_TRIAL = r"(?:trial|study|studies|RCT|sub-?stud(?:y|ies))\b"
_TITLES: tuple[tuple[Flag, str, str], ...] = (
    (
        "retraction_notice",
        "title of a notice",
        r"^\s*(?:retraction(?: notice| note| statement)?\s*[:.—–-]|(?:retraction|notice of retraction|"
        r"statement of retraction|"
        r"retraction (?:note|notice))\s+(?:of|to|for)\b)",
    ),
    (
        "commentary",
        "title of a comment",
        r"^\s*(?:(?:invited )?commentary\b|editorial\b|comments? (?:on|to|regarding)\b|reply (?:to|:)|repl(?:y|"
        r"ies)\s*[:.]|"
        r"(?:author'?s? )?(?:reply|response) to\b|in reply\b|re\s*:\s|letter to the editor\b|correspondence\s*[:.—–])"
        r"|[:.—–]\s*(?:an? )?(?:invited commentary|editorial|letter to the editor)\s*\.?\s*$",
    ),
    (
        "systematic_review",
        "title",
        r"\b(?:systematic|scoping|umbrella|rapid|cochrane)[\s-]+(?:literature[\s-]+)?(?:review|overview)s?\b"
        r"|\bmeta[\s-]?analy(?:sis|ses|tic)\b(?![^.;]{0,60}\b(?:gene|genes|genomic|genome|transcriptom\w+|"
        r"microarray|single[\s-]cell|mutant|sequencing|datasets|identif\w+)\b)|\bsystematic (?:analysis|"
        r"search) of the literature\b",
    ),
    (
        "review",
        "title",
        r"(?:^|[:.?!—–]\s*|\b(?:an?|the|narrative|literature|comprehensive|critical|mini|mini-|brief|short|"
        r"clinical|state[\s-]of[\s-]the[\s-]art|"
        r"concise|updated|expert|invited|practical)\s+)review\b(?! boards?)(?!\s+of\s+(?:\d+|\w+ (?:patients|"
        r"cases)|our|charts?|records?|the (?:charts|records|medical)))"
        r"|\breview of (?:the )?(?:current |recent |published |available )?(?:literature|evidence|advances|"
        r"progress|research|developments|studies|clinical trials)\b"
        r"|^\s*progress in\b|\bperspectives? on\b|\bmini-?review\b|[:.—–]\s*(?:an? )?(?:\w+ )?overview\b|"
        r"^\s*(?:an? )?overview of\b"
        r"|\b(?:current|recent|latest|new|emerging|future) (?:\w+ )?(?:status|advances?|progress|developments?|"
        r"perspectives?|landscape|insights?|trends|"
        r"challenges|directions?|prospects?|strategies)\b(?=[^.;]{0,40}\b(?:and|in|of|for)\b|\s*\.?\s*$)"
        r"|\b(?:challenges|opportunities|advances|promises?|progress|hopes?|hurdles|obstacles|pitfalls|"
        r"barriers)\b,? (?:and|&|or) "
        r"(?:\w+ )?(?:challenges|opportunities|perspectives?|prospects?|promises?|limitations|solutions|future|"
        r"directions|strategies|pitfalls|hypes?|applications)\b"
        r"|\bfrom (?:the )?(?:bench|laboratory|biology|basic)\b[^.;]{0,30}\bto (?:the )?(?:bedside|clinic\w*|"
        r"patient)\b"
        r"|\b(?:what (?:do we|we) know|where (?:do we|we) (?:stand|are)|state of the art|primer\b|roadmap\b)|"
        r"\bin the era of\b|\bpast, present,? and future\b",
    ),
    (
        "protocol",
        "title",
        rf"\b(?:study|trial|research|clinical(?: trial)?) protocol\b|\bprotocol (?:for|of) (?:an? |the "
        rf")?(?:[^.;:]{{0,120}}?\b)?{_TRIAL}"
        rf"|\btrials?[\s-]+in[\s-]+progress\b|\b(?:rationale|objectives|background|aims?|methods?),? (?:and|&) "
        rf"(?:study |trial )?(?:design|protocol|methodology)\b"
        rf"|\b(?:study |trial )?design (?:and|&) (?:rationale|objectives|methods|protocol|methodology)\b|"
        rf"^\s*(?:study |trial )?design of (?:an? |the )?[^.;]{{0,120}}?\b{_TRIAL}"
        rf"|[:—–]\s*(?:an? )?protocol\s*\.?\s*$",
    ),
    (
        "secondary_analysis",
        "title",
        r"\bpost[\s-]?hoc\b|\b(?:secondary|exploratory|sub-?group|subset|ancillary|pooled|retrospective|"
        r"correlative|biomarker|age-based|landmark|"
        r"cost-effectiveness|translational|pharmacokinetic|exposure[\s–-]response) (?:[\w-]+ "
        r"){0,2}?(?:analys[ie]s|stud(?:y|ies)|sub-?study)"
        r"\b[^.;:]{0,60}?\b(?:of|from|in|within)\b[^.;]{0,80}?\b(?:trials?|study|studies)\b"
        r"|\b(?:long[\s-]term|extended|\d+[\s-](?:year|month)|longer|updated|late)[\s-](?:[\w-]+ "
        r"){0,3}?follow[\s-]?up\b"
        r"|\b(?:long[\s-]term|extended|\d+[\s-](?:year|month)|longer|updated|late)[\s-](?:[\w-]+ "
        r"){0,4}?(?:outcomes?|results?|efficacy|safety|survival)\b[^.;]{0,80}?"
        r"\b(?:of|from|in) (?:an? |the )(?:[\w/-]+,? ){0,6}(?:trial|study)\b"
        r"|\bfollow[\s-]?up (?:study |results |data |report |analysis )?(?:of|from) (?:[\w-]+ "
        r"){0,4}(?:patients|participants|recipients|trial|study)\b|\bsub-?study\b",
    ),
    (
        "case_report",
        "title",
        r"\bcase reports?\b|\ba (?:rare |unusual )?case of\b|\bin an? (?:\w+ ){0,2}(?:patient|child|boy|girl|"
        r"man|woman|infant)\b"
        r"(?=[^.;]{0,60}\b(?:with|after|following)\b)",
    ),
)
_WE = r"\b(?:we|the authors)\s(?:\w+\s){0,2}?"
_TEXTS: tuple[tuple[Flag, str, str], ...] = (
    (
        "systematic_review",
        "the authors searched the literature",
        rf"{_WE}(?:conducted|performed|undertook|carried out|did|present|"
        rf"report)\s(?:[\w-]+,?\s){{0,5}}(?:systematic (?:literature )?review|meta-?analys[ie]s|scoping review)"
        r"|\bthis (?:[\w-]+ ){0,3}(?:systematic (?:literature )?review|meta-?analysis|scoping review)\b|"
        r"\b(?:systematic (?:literature )?review|meta-?analysis|systematic search) "
        r"(?:\w+ ){0,6}(?:was|were) (?:conducted|performed|undertaken|carried out)\b|\bPRISMA\b"
        r"|\b(?:PubMed|MEDLINE|Embase|Cochrane)\b[^.;]{0,160}\b(?:were|was) (?:\w+ )?searched\b|"
        r"\bsearch(?:ed)? (?:of |in )?(?:the )?(?:PubMed|MEDLINE|Embase|Cochrane|electronic databases?)\b",
    ),
    (
        "review",
        "the authors review",
        rf"{_WE}(?:review|discuss|summari[sz]e|outline|highlight|overview)\s(?!(?:the|our|\d+)?\s?(?:charts?|"
        rf"records?|cases?|patients?|outcomes? of|experience))"
        r"(?=[^.;]{0,120}\b(?:recent|current|latest|advances?|progress|literature|evidence|strategies|"
        r"approaches|challenges|biology|role|roles|mechanisms?|"
        r"clinical trials|therap\w+|knowledge|field|understanding|applications?|development|preclinical|"
        r"opportunities|history|landscape|studies|perspectives)\b)"
        r"|\bthe review (?:will )?(?:focus|discuss|cover|summari)|\b(?:in )?(?:this|the present|our|the "
        r"current) (?:[\w-]+ ){0,3}?(?:mini-?|over)?(?:review|overview|"
        r"perspective)\b(?! board)(?! (?:of|included|identified|was conducted on) "
        r"(?:\d+|our|the (?:charts|records)|patients|medical|consecutive|charts))"
        r"|\b(?:this|the present) (?:article|chapter|paper|manuscript|commentary|editorial|monograph)\s(?:\w+ "
        r")?(?:reviews|discusses|summari[sz]es|highlights|outlines|"
        r"provides an? (?:\w+ )?(?:overview|review|summary|update)|focuses on|covers|aims to (?:review|"
        r"summari[sz]e|discuss|provide an overview))\b"
        r"|\b(?:is|are) (?:also )?(?:reviewed|(?:discussed|summari[sz]ed)(?: here| in this (?:article|paper|"
        r"chapter)| herein))\s*\.?\s*$|\bhere,? we (?:review|summari[sz]e|discuss)\b(?! (?:our|the (?:charts?|"
        r"outcomes?|results|records)))",
    ),
    (
        "protocol",
        "a trial to come is described",
        rf"\b(?:describ|present|outlin|report|detail)\w*\s(?:here\s)?(?:the\s|an?\s|"
        rf"our\s)?(?:[\w-]+,?\s(?:and\s)?){{0,5}}?(?:design|protocol|rationale|"
        rf"methodology)\b[^.;]{{0,80}}?\b{_TRIAL}"
        rf"|\b(?:trial|study)[\s-]in[\s-]progress\b|\bthis (?:study|trial) protocol\b"
        r"|\b(?:patients|participants|subjects|volunteers|individuals|adults|children|women|men|people|recipients)\b"
        r"[^.;]{0,60}?\bwill "
        r"(?:be (?:\w+ )?(?:randomi[sz]ed|randomly|enrolled|recruited|"
        r"allocated|assigned|included|treated|screened|invited|given|infused)|receive|undergo)\b|\bwe will "
        r"(?:\w+ )?(?:recruit|enrol|enroll|randomi[sz]e|include|assign|conduct)\b",
    ),
    (
        "secondary_analysis",
        "an earlier trial is analysed",
        r"\b(?:this|our|the present|we (?:\w+ ){0,2}?(?:performed|conducted|report|present|undertook|did|"
        r"carried out))\s(?:here\s)?(?:on\s)?(?:the\s|an?\s|results (?:of|from)\s)?"
        r"(?:[\w-]+,?\s){0,3}?(?:post[\s-]?hoc|secondary|exploratory|sub-?group|subset|ancillary|correlative|"
        r"pooled)\s(?:[\w-]+\s){0,3}?(?:analys[ie]s|study|report)\b"
        r"|^\W*in (?:an?|this|the) (?:[\w-]+ )?post[\s-]?hoc (?:\w+ )?analys[ie]s of (?:the|data|patients|an?)\b"
        r"|\b(?:this|our) (?:[\w-]+ ){0,2}sub-?study\b|\b(?:report|present|describe) (?:here )?(?:the |on "
        r")?(?:\w+ )?(?:long[\s-]term|extended|\d+[\s-]year|updated|longer) "
        r"(?:[\w-]+ ){0,3}?(?:follow[\s-]?up|outcomes?|results|survival|data)\b"
        r"|\b(?:data|samples|specimens|patient-level data)\b[^.;]{0,60}\bfrom (?:the |an? |two |three |\d "
        r")?(?:[\w-]+,? ){0,6}(?:trials?|study|studies)\b[^.;]{0,40}\b(?:were|was) "
        r"(?:analy[sz]ed|pooled|used|re-?analy[sz]ed|evaluated)\b",
    ),
    (
        "case_report",
        "one patient is described",
        r"\bwe (?:here(?:in)? )?(?:report|describe|present|document) (?:here )?(?:on )?(?:the|a|an|our|this|"
        r"one) (?:[\w-]+ ){0,3}?(?:case|patient)\b(?! series| control| cohort)"
        r"|\b(?:an?|the|our) (?:[\w-]+ ){0,2}?\d{1,3}[\s-](?:year|month|week|"
        r"day)s?[\s-]old\b(?=[^.;]{0,60}\b(?:man|woman|boy|girl|male|female|patient|child|infant|with)\b)",
    ),
)
_TITLE_PATTERNS = tuple((flag, rule, re.compile(words, re.IGNORECASE)) for flag, rule, words in _TITLES)
_TEXT_PATTERNS = tuple((flag, rule, re.compile(words, re.IGNORECASE)) for flag, rule, words in _TEXTS)
#: One patient in a title or one age is a case report only where no group of patients is counted.
_COUNTED = re.compile(
    r"\b(?:\d{1,5}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty)\s(?:[\w/-]+\s){0,5}?"
    r"(?:patients|participants|children|subjects|adults|volunteers|cases|women|men|individuals|recipients|pts)\b"
    r"(?! (?:have been|had been|were) (?:previously )?(?:reported|described))",
    re.IGNORECASE,
)
_LITERATURE_CASE = re.compile(
    r"\b(?:case reports?|cases?)\b[^.;]{0,30}\b(?:and|with)\b[^.;]{0,20}\breview\b", re.IGNORECASE
)

#: Animals and the bench; words of the bench that also stand in reports on people are no sign by themselves.
_ANIMAL = re.compile(
    rf"{frames.CREATURES.pattern}|\b(?:in vitro|"
    r"ex vivo(?![\s-]*(?:expan|activat|cultur|cultivat|selected|purified|manipulat|modified))|"
    r"cell lines?|(?:tumou?r|cancer|\w+oma|leuk[a-z]+) lines?|pre-?clinical(?:ly)?|knock-?(?:out|down|in)|"
    r"CRISPR\w*|siRNAs?|shRNAs?|lentivir\w+|transgenic|organoids?|spheroids?|"
    r"co-?cultured?|"
    r"transfected)\b",
    re.IGNORECASE,
)
_TREATED = re.compile(
    r"\b(?:patients?|participants?|subjects|children|volunteers|adults|recipients|women|men|individuals|"
    r"pts)\b(?![^.;]{0,15}\b(?:samples?|cells?|blasts?|"
    r"specimens|material|blood|derived)\b)[^.;]{0,90}?\b(?:received|were (?:\w+ )?(?:treated|infused|given|"
    r"enrolled|randomi[sz]ed|randomly|dosed|transplanted|assigned|"
    r"included in (?:the|this|our) (?:study|trial|analysis)|recruited|accrued|vaccinated|followed)|was (?:\w+ "
    r")?(?:treated|infused|given|enrolled)|underwent|tolerated|"
    r"achieved|relapsed|died|will (?:receive|be))\b"
    r"|\b(?:enrolled|recruited|accrued|infused|dosed|randomi[sz]ed|vaccinated|we "
    r"treated)\b[^.;]{0,40}?\b(?:patients|participants|subjects|children|volunteers|adults|individuals)\b"
    r"|\b(?:treated|infused|administered|given|tested|evaluated|demonstrated|studied)\b[^.;]{0,80}?\b(?:in|to|"
    r"with)\b[^.;]{0,40}?\b(?:\d+|two|three|four|five|six|seven|eight|"
    r"nine|ten) (?:[\w/-]+ ){0,6}?(?:patients|participants|children|subjects|volunteers|adults)\b"
    r"|\b(?:we|this|here|results of|results from)\b(?![^.;]{0,60}\b(?:previous\w*|plan\w*|propos\w+|intend\w*|"
    r"will)\b)[^.;]{0,60}\b"
    r"(?:phase[\s-]*(?:[0-4]|i{1,3})[ab]?|clinical|pilot|first-in-human) (?:trial|"
    r"study)\b(?![^.;]{0,60}\b(?:planned|will|warranted)\b)"
    r"|\b(?:safe|well tolerated|toxicity|adverse events?)\b[^.;]{0,60}\bpatients\b|"
    r"\bpatients\b[^.;]{0,60}\b(?:adverse events?|toxicities)\b"
    r"|\b\d{1,3}[\s-](?:year|month)s?[\s-]old (?:\w+ ){0,2}(?:man|woman|boy|girl|male|female|patient|child)\b",
    re.IGNORECASE,
)
_CLINICAL_TITLE = re.compile(
    r"\b(?:phase[\s-]*(?:[0-4]|i{1,3}\b|iv\b)|clinical (?:trial|study|outcomes?|experience)|"
    r"first[\s-]in[\s-](?:human|man)|pilot (?:trial|study)|case report|"
    r"open[\s-]label|randomi[sz]ed|(?:in|for|to|among|of)\s(?:[\w/-]+\s){0,4}(?:patients|children|adults|"
    r"people|women|men|"
    r"volunteers|recipients)\b(?! (?:samples|cells|blasts)))",
    re.IGNORECASE,
)
#: What comes of people and is no person: "cells of seven patients died".
_MATERIAL = re.compile(
    r"\b(?:samples?|cells?|organoids?|blasts?|blood|serum|sera|tissues?|specimens?|lines?|xenografts?|"
    r"tumou?rs?)\s(?:of|from)\s"
    r"(?:[\w-]+\s){0,3}\Z",
    re.IGNORECASE,
)
_MEDICAL_HISTORY = re.compile(
    r"\b(?:(?:previous|earlier|prior|other|published) (?:groups|studies|trials|reports|work)|historically|previously "
    r"(?:reported|shown|published|described))\b|\b(?:has|have) been\b|\bnot "
    r"(?:all )?patients\b|\b(?:most|many|some) patients\b",
    re.IGNORECASE,
)


def of_record(record: TagRecord, sentences: Mapping[str, Sequence[Sentence]]) -> list[Kind]:
    """Return the kinds of a record.

    Args:
        record: any record. A registration is judged by its words alone.
        sentences: field of each passage → its sentences.

    Returns:
        Publication types first, then in the order of the rules, each kind once for each rule and field. A systematic
        review is also a ``review``.
    """
    found: list[Kind] = [
        (flag, "publication type", publication_types.FIELD, None, None)
        for flag, _ in publication_types.flags(record.publication_types)
    ]
    titles = [p for p in record.passages if p.kind == "title"]
    for passage in titles:
        found.extend(
            (flag, rule, passage.field, match.start(), match.end())
            for flag, rule, pattern in _TITLE_PATTERNS
            if (match := pattern.search(passage.text))
        )
    for passage in record.passages:
        if passage.kind in ("abstract", "summary"):
            for sentence in sentences.get(passage.field, ()):
                found.extend(
                    (flag, rule, passage.field, sentence.start + match.start(), sentence.start + match.end())
                    for flag, rule, pattern in _TEXT_PATTERNS
                    if (match := pattern.search(sentence.text))
                )
    treated = _treated(record, sentences)
    found = list(_weighed(record, sentences, found, treated=treated))
    if not treated:
        found.extend(_preclinical(record, sentences, {kind[0] for kind in found}))
    return list({(kind[0], kind[1], kind[2]): kind for kind in reversed(found)}.values())[::-1]


def _weighed(
    record: TagRecord, sentences: Mapping[str, Sequence[Sentence]], found: list[Kind], *, treated: bool
) -> Iterator[Kind]:
    """Leave out what the rest of the record speaks against; a systematic review becomes a review, too."""
    typed = {kind[0] for kind in found if kind[3] is None}
    title = " ".join(p.text for p in record.passages if p.kind == "title")
    named = {kind[0] for kind in found}
    counted = any(_COUNTED.search(p.text) for p in record.passages if p.kind in ("title", "abstract", "summary"))
    if any(s.section == "methods" for field in sentences for s in sentences[field]):
        treated = True  # a narrative review has no section of methods
    one_case = "case_report" in typed or (_LITERATURE_CASE.search(title) is not None)
    for kind in found:
        flag, text = kind[0], kind[3] is not None
        if flag == "review" and text and (treated or one_case or "protocol" in named or record.kind == "registration"):
            continue
        if flag == "review" and "protocol" in named and not text and "protocol" not in typed:
            continue  # MEDLINE types "design of a trial" a review
        if flag == "systematic_review" and text and record.kind == "registration":
            continue
        if flag == "case_report" and text and counted and "case report" not in title.casefold():
            continue
        if flag == "protocol" and text and record.kind == "registration":
            continue  # every registration is written in the future tense
        yield kind
        if flag == "systematic_review":
            yield ("review", *kind[1:])


def _treated(record: TagRecord, sentences: Mapping[str, Sequence[Sentence]]) -> bool:
    """Tell whether people are said to have been treated or enrolled in this record."""
    for passage in record.passages:
        if passage.kind in ("abstract", "summary"):
            for sentence in sentences.get(passage.field, ()):
                if sentence.section == "background" or _MEDICAL_HISTORY.search(sentence.text):
                    continue
                for match in _TREATED.finditer(sentence.text):
                    if not _MATERIAL.search(sentence.text, max(0, match.start() - 60), match.start()):
                        return True
    return False


def _preclinical(record: TagRecord, sentences: Mapping[str, Sequence[Sentence]], named: set[str]) -> Iterator[Kind]:
    """Yield ``preclinical`` where animals or cultures are named; the text says of nobody that they were treated."""
    if record.kind == "registration" or named & {
        "review",
        "protocol",
        "case_report",
        "secondary_analysis",
        "commentary",
    }:
        return
    if publication_types.tells_of_people(record.publication_types):
        return
    signs = [
        (passage, sentence.start + match.start(), sentence.start + match.end())
        for passage in record.passages
        if passage.kind in ("title", "abstract")
        for sentence in sentences.get(passage.field, ())
        for match in _ANIMAL.finditer(sentence.text)
    ]
    words = {passage.text[start:end].casefold() for passage, start, end in signs}
    in_title = any(passage.kind == "title" for passage, _, _ in signs)
    clinical_title = any(_CLINICAL_TITLE.search(p.text) for p in record.passages if p.kind == "title")
    if record.truncated and not in_title:
        return  # the people may stand in the part that was cut
    if (in_title or len(words) >= 2 or len(signs) >= 3) and not clinical_title:
        passage, start, end = signs[0]
        yield "preclinical", "animals or cultures, nobody treated", passage.field, start, end
