"""Wording rules: every rule on its own sentences, denial, places, age, and what a wrong file is told."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from kb.check.language import LanguageRules, SentenceFacts, load_language
from kb.check.patterns import fault, literals, whole_words
from kb.dates import PartialDate
from kb.errors import DataError
from kb.jurisdictions import JURISDICTIONS
from kb.records.language import Example, LanguageRule, age
from kb.rules import load_rules

DATA = Path(__file__).resolve().parents[3] / "data"
CODES = load_rules(DATA).codes
RULES = load_language(DATA, CODES)
PLACES = tuple(JURISDICTIONS)
CASES_FIRE = [(rule, example) for rule in RULES.rules.values() for example in rule.fires_on]
CASES_SILENT = [(rule, example) for rule in RULES.rules.values() for example in rule.silent_on]


def fitting(rule: LanguageRule, example: Example) -> SentenceFacts:
    """Facts a rule asks for, changed as the example says."""
    needs = {*rule.applies.needs, *rule.applies.any_of}
    facts: dict[str, Any] = {
        "claim_type": next(iter(rule.applies.claim_types), "efficacy"),
        "subject": next(iter(rule.applies.subjects), "own_product"),
        "wording": "asserted",
        "benefit": "benefit" in needs,
        "speaks_of_product": "product" in needs,
        "names_disease": "disease" in needs,
        "healthy_people": "healthy" in needs,
    }
    facts.update({key: frozenset(value) if key == "codes" else value for key, value in example.facts.items()})
    return SentenceFacts(**facts)


def ids(sentence: str, *places: str, **changes: Any) -> set[str]:
    facts: dict[str, Any] = {
        "claim_type": "efficacy",
        "subject": "own_product",
        "wording": "asserted",
        "benefit": True,
        "speaks_of_product": True,
    }
    return {hit.rule for hit in RULES.fired(sentence, SentenceFacts(**(facts | changes)), places or PLACES)}


@pytest.mark.parametrize(("rule", "example"), CASES_FIRE, ids=lambda value: getattr(value, "id", None))
def test_fires_on_its_own_sentences(rule: LanguageRule, example: Example) -> None:
    hits = {hit.rule: hit for hit in RULES.fired(example.text, fitting(rule, example), PLACES)}
    assert rule.id in hits, example.text
    hit = hits[rule.id]
    assert 0 <= hit.start < hit.end <= len(example.text)


@pytest.mark.parametrize(("rule", "example"), CASES_SILENT, ids=lambda value: getattr(value, "id", None))
def test_silent_on_its_own_sentences(rule: LanguageRule, example: Example) -> None:
    assert rule.id not in {hit.rule for hit in RULES.fired(example.text, fitting(rule, example), PLACES)}, example.text


def test_every_reference_rule_is_there_once() -> None:
    assert sorted(rule.was for rule in RULES.rules.values()) == [f"R{number:02}" for number in range(1, 49)]


def test_the_span_is_the_words_that_fired() -> None:
    sentence = "In our view NK cells cure cancer in days."
    facts = SentenceFacts("efficacy", "own_product", "asserted", benefit=True, speaks_of_product=True)
    hit = next(hit for hit in RULES.fired(sentence, facts, ("US",)) if hit.rule == "house-cure-language")
    assert sentence[hit.start : hit.end] == "cure"
    assert hit.codes == ()


def test_a_code_fires_on_the_whole_sentence_and_is_named() -> None:
    facts = SentenceFacts("efficacy", "own_product", "asserted", codes=frozenset({"MISCITED", "UNCITED"}))
    hit = next(hit for hit in RULES.fired(" A study. ", facts, ("US",)) if hit.rule == "house-citation-fidelity")
    assert (hit.start, hit.end, hit.codes) == (1, 9, ("MISCITED",))


@pytest.mark.parametrize(
    "sentence",
    [
        "We cannot claim cures.",
        "We do not claim that our cells cure cancer.",
        "There is no evidence that infusions of NK cells cure cancer.",
        "No cure is known.",
        "NK cells aren’t a cure.",
        "A cure has not been shown.",
        "This is never curative.",
        "It is false that the cells eradicate tumours.",
        "The Cancer Cure Institute reported on ten patients.",
        "Cure et al. (2009) reported on ten patients.",
        "Secure storage of procured cells.",
    ],
)
def test_a_denied_or_named_cure_is_no_cure(sentence: str) -> None:
    assert "house-cure-language" not in ids(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "NK cells not only cure cancer but give energy.",
        "No other clinic in this part of the world offers infusions that cure cancer.",
        "We do not use drugs; NK cells cure cancer.",
        "NK cells cure patients who cannot tolerate chemotherapy.",
        "NK cells CURE cancer and do not cause pain.",
    ],
)
def test_a_negative_elsewhere_does_not_hide_a_cure(sentence: str) -> None:
    assert "house-cure-language" in ids(sentence)


def test_a_denial_still_counts_as_a_disclaimer() -> None:
    assert "house-disclaimer-does-not-cure" in ids("We cannot claim cures.")


@pytest.mark.parametrize(
    ("british", "american", "rule"),
    [
        ("anti-tumour activity", "antitumor activity", "us-fda-letter-single-arm"),
        ("We optimise your immune system", "We optimize your immune system", "house-prevention-in-healthy"),
        ("reverses ageing", "reverses aging", "house-prevention-in-healthy"),
        ("We treat leukaemia", "We treat leukemia", "gb-cancer-act"),
    ],
)
def test_both_spellings(british: str, american: str, rule: str) -> None:
    assert rule in ids(british)
    assert rule in ids(american)


def test_rules_of_other_places_stay_silent() -> None:
    assert "gb-cancer-act" in ids("We treat cancer.", "UK")
    assert "gb-cancer-act" not in ids("We treat cancer.", "US", "EU")
    with pytest.raises(ValueError, match="unknown jurisdiction 'XX'"):
        ids("We treat cancer.", "XX")


def test_an_approved_product_is_not_promoted_too_early() -> None:
    sentence = "Our cells have been shown to be safe and effective."
    assert "us-fda-promotion-investigational" in ids(sentence)
    assert "us-fda-promotion-investigational" not in ids(sentence, product_approved=True)


def test_a_heading_silences_promotion_but_nothing_else() -> None:
    sentence = "Our cells have been shown to be effective and safer than chemotherapy."
    under = ids(sentence, context="Taking part in our trial")
    assert "us-fda-promotion-investigational" not in under
    assert "us-fda-comparative-claims" in under


def test_a_product_and_a_benefit_are_both_needed() -> None:
    sentence = "NK cell therapy helps people with lymphoma."
    assert "eu-dir-no-authorisation-no-advertising" in ids(sentence)
    assert "eu-dir-no-authorisation-no-advertising" not in ids(sentence, benefit=False)
    assert "eu-dir-no-authorisation-no-advertising" not in ids(sentence, speaks_of_product=False)


def test_dated_statements_pass() -> None:
    sentence = "It was approved in Korea on 3 August 2007."
    assert "house-dated-regulatory-statements" in ids(sentence, has_date=True)
    assert "house-dated-regulatory-statements" not in ids(sentence, has_date=True, names_jurisdiction=True)


def test_nothing_to_read_fires_nothing() -> None:
    assert ids(" ", codes=frozenset({"MISCITED"})) == set()


def test_records_survive_a_store() -> None:
    again = LanguageRules.of(LanguageRule.model_validate(rule.model_dump(mode="json")) for rule in RULES.rules.values())
    assert again.rules == RULES.rules
    facts = SentenceFacts("efficacy", "own_product", "asserted", benefit=True, speaks_of_product=True)
    assert again.fired("NK cells cure cancer.", facts, ("US",)) == RULES.fired("NK cells cure cancer.", facts, ("US",))


@pytest.mark.parametrize(
    ("dated", "words"),
    [
        ("2001-04-01", "text of 2001-04-01, 25 years before this check"),
        ("2025-11-24", "text of 2025-11-24, 1 year before this check"),
        ("2025-11-25", "text of 2025-11-25, less than a year before this check"),
        ("2012-11", "text of 2012-11, about 14 years before this check"),
        ("2027-01-01", "text of 2027-01-01, later than this check"),
        (None, "no text seen"),
    ],
)
def test_age_in_words(dated: str | None, words: str) -> None:
    assert age(PartialDate.parse(dated) if dated else None, PartialDate.parse("2026-11-24")) == words


def test_age_of_rules_without_a_text_or_day() -> None:
    day = PartialDate.parse("2026-11-24")
    assert RULES.rules["house-puffery"].age(day) == "house rule, no outside text"
    assert RULES.rules["eu-dir-banned-content"].age(day) == "the text read bears no date"
    assert RULES.rules["eu-dir-exaggeration"].age(day) == "text of 2020-12-31, 5 years before this check"


def test_outputs_name_a_possible_issue_only() -> None:
    assert RULES.rules["gb-cancer-act"].possible_issue == "possible issue under Cancer Act 1939 s. 4(1)"
    assert not [rule.id for rule in RULES.rules.values() if "violat" in rule.says + rule.possible_issue]


def test_what_nobody_read_does_not_claim_a_source() -> None:
    for rule in RULES.rules.values():
        assert (rule.seen == "no") == (rule.checked is None), rule.id


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("(cure", "not a regular expression"),
        ("Cure", "capital letters"),
        (r"(?:\w+ )+cure", "without bound"),
        (r"(\w+)*cure", "without bound"),
        (".*cure", "without bound"),
        (r"cure[a-z ]{3,}d", "without bound"),
        (".{0,500}cure", "more than 120"),
        (".{0,80}a.{0,80}b.{0,80}cure", "too many gaps"),
        ("(?:cure)?", "empty text"),
        (r"\d+", "no word of two letters"),
    ],
)
def test_patterns_that_cannot_be_used(pattern: str, complaint: str) -> None:
    assert complaint in (fault(pattern) or "")


@pytest.mark.parametrize(
    ("pattern", "pieces"),
    [
        ("(?:cures?|heals?) people", {" people"}),
        ("cures?", {"cure"}),
        (r"\d{1,3} ?% (?:of )?responses?", {"response"}),
        ("(?:alpha|be?ta)", {"alpha", "ta"}),
        (r"no\. ?1 in (?!town)", {" in "}),
        ("(?:ab|c)", set()),
    ],
)
def test_pieces_every_match_holds(pattern: str, pieces: set[str]) -> None:
    found = literals(pattern)
    if pieces:
        assert found
        assert all(len(piece) > 1 for piece in found)
    else:
        assert not found


def test_the_pieces_never_hide_a_match() -> None:
    texts = [example.text.lower() for rule in RULES.rules.values() for example in (*rule.fires_on, *rule.silent_on)]
    for rule in RULES.rules.values():
        for pattern in rule.triggers:
            for text in texts:
                if whole_words(pattern).search(text):
                    assert any(piece in text for piece in literals(pattern)), (pattern, text)


HOSTILE = [
    "a" * 20_000,
    "no " * 6_000,
    "cancer treat " * 1_500,
    "nad " * 5_000,
    "revers age " * 2_000,
    "combin " * 3_000,
    "A" * 20_000,
    "Smith And " * 2_000,
    "not only " * 2_000,
    "1" * 20_000,
    "nk cell " * 2_500,
    "İ" * 5_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_holds_up_a_check(text: str) -> None:
    started = time.perf_counter()
    ids(text)
    assert time.perf_counter() - started < 1.5


def test_a_long_page_takes_no_time() -> None:
    texts = [example.text + " It is given to people in three rounds." for _, example in CASES_FIRE + CASES_SILENT]
    texts = (texts * 4)[:400]
    ids(texts[0])
    started = time.perf_counter()
    for text in texts:
        ids(text)
    assert time.perf_counter() - started < 0.6  # 0.1 s on an idle machine


def wrong_file(tmp_path: Path, old: str, new: str) -> str:
    text = (DATA / "rules" / "language.yml").read_text(encoding="utf-8")
    assert text.count(old) >= 1
    (tmp_path / "data" / "rules").mkdir(parents=True)
    (tmp_path / "data" / "rules" / "language.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_language(tmp_path / "data", CODES)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("'cancer[ -]fighting'", "'cancer[ -'", "not a regular expression"),
        ("codes: [SAFETY_OVERSTATED, NO_FOLLOW_UP]", "codes: [NO_SUCH]", "unknown code 'NO_SUCH'"),
        ("jurisdiction: JP", "jurisdiction: TH", "jurisdiction"),
        ("id: house-puffery", "id: house-bundles", "two rules have this id"),
        ("facts: {product_approved: true}", "facts: {approved: true}", "unknown fact 'approved'"),
        ("  seen: no\n", "  seen: yes\n", "source, retrieved and checked are needed"),
        ("needs: [unapproved, product]", "needs: [unlicensed]", "Input should be 'product'"),
        ("kind: case_law", "kind: hearsay", "kind"),
    ],
)
def test_a_wrong_file_is_told_with_line_and_remedy(tmp_path: Path, old: str, new: str, message: str) -> None:
    told = wrong_file(tmp_path, old, new)
    assert message in told
    assert told.startswith("data/rules/language.yml:")
    assert " → " in told
