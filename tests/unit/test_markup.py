"""Scripts, MathML and white space: a number never changes, no words are glued, none are split."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ingest.errors import UnreadableError
from ingest.parse.markup import marked, text_of
from ingest.parse.pubmed_scripts import _DOWN, _UP
from kb.records.article import Marked


def read(markup: str) -> Marked:
    return marked(etree.fromstring(f'<t xmlns:mml="http://www.w3.org/1998/Math/MathML">{markup}</t>'))


@pytest.mark.parametrize(
    ("markup", "text", "plain"),
    [
        # numbers keep their value
        ("10<sup>9</sup>", "10⁹", "10^9"),
        ("5 × 10<sup>6</sup>/kg", "5 × 10⁶/kg", "5 × 10^6/kg"),
        ("10<sup>-6</sup>", "10⁻⁶", "10^-6"),
        ("10<sup>−6</sup>", "10⁻⁶", "10^-6"),
        ("10<sup>–6</sup> M", "10⁻⁶ M", "10^-6 M"),
        ("10<sup>−</sup><sup>6</sup>", "10⁻⁶", "10^-6"),
        ("10<sup>-</sup>6", "10⁻6", "10^-6"),
        ("10 <sup>9</sup>/L", "10 ⁹/L", "10 ^9/L"),
        ("10<sup> 9</sup>", "10 ⁹", "10 ^9"),
        ("10<sup>n</sup>", "10ⁿ", "10^n"),
        ("10<sup>10<sup>2</sup></sup>", "10^(10²)", "10^(10^2)"),
        ("in 2015.<sup>3</sup> Then", "in 2015.³ Then", "in 2015.^3 Then"),
        ("of 5<sup>1,2</sup> and", "of 5^(1,2) and", "of 5^(1,2) and"),
        ("37<sup>0</sup>C", "37⁰C", "37^0C"),
        ("mc<sup>2</sup>155", "mc²155", "mc^(2)155"),
        ("pilY<sub>1</sub>1", "pilY₁1", "pilY_(1)1"),
        ("10<sup>9</sup>5", "10⁹5", "10^(9)5"),
        ("PO<sub>4</sub><sup>3-</sup>", "PO₄³⁻", "PO4^3-"),
        ("x<sup>2</sup><sub>3</sub>", "x²₃", "x2_3"),
        ("2<sub>4</sub>", "2₄", "2_4"),
        # what is no part of a number runs on
        ("CD3<sup>-</sup>", "CD3⁻", "CD3-"),
        ("CD3<sup>−</sup>CD56<sup>+</sup>", "CD3⁻CD56⁺", "CD3-CD56+"),
        ("CD56<sup>bright</sup>", "CD56ᵇʳⁱᵍʰᵗ", "CD56bright"),
        ("IL-2<sup>hi</sup>", "IL-2ʰⁱ", "IL-2hi"),
        ("IL<sub>-2</sub>", "IL₋₂", "IL-2"),
        ("Ca<sup>2+</sup>", "Ca²⁺", "Ca2+"),
        ("kg/m<sup>2</sup>", "kg/m²", "kg/m2"),
        ("H<sub>2</sub>O", "H₂O", "H2O"),
        ("the 19<sup>th</sup> century", "the 19ᵗʰ century", "the 19th century"),
        ("mL<sup>-1</sup>", "mL⁻¹", "mL-1"),
        # no such letter in Unicode
        ("PrP<sup>Sc</sup>", "PrP^(Sc)", "PrPSc"),
        ("CD4<sup>±</sup>", "CD4^(±)", "CD4±"),
        ("T<sub>1/2</sub>", "T_(1/2)", "T1/2"),
        ("Lmna<sup>-/-</sup>", "Lmna^(-/-)", "Lmna-/-"),
        ("CD56<sup>bright or dim</sup>", "CD56^(bright or dim)", "CD56bright or dim"),
        ("k<sub>q</sub>", "k_(q)", "kq"),
        # signs that are raised by nature
        ("Brand<sup>®</sup>", "Brand®", "Brand®"),
        ("P = 0.05<sup>*</sup>", "P = 0.05*", "P = 0.05*"),
        # typed as Unicode
        ("10⁹ CD3⁻ H₂O", "10⁹ CD3⁻ H₂O", "10^9 CD3- H2O"),
        ("10⁻⁶", "10⁻⁶", "10^-6"),
        ("10<sup>⁹</sup>", "10⁹", "10^9"),
        # markup in markup
        ("10<sup><b>9</b></sup>", "10⁹", "10^9"),
        ("<i>10</i><sup>9</sup>", "10⁹", "10^9"),
        ("x<sup><sup>2</sup></sup>", "x²", "x2"),
        ("a<sub>i<sup>2</sup></sub>", "a_(i²)", "a_(i2)"),
        # left alone, since the source says so
        ("10(9) and 10 9 and 109", "10(9) and 10 9 and 109", "10(9) and 10 9 and 109"),
        ("10&lt;sup&gt;9&lt;/sup&gt;", "10<sup>9</sup>", "10<sup>9</sup>"),
        ("½ and ª and 10^9", "½ and ª and 10^9", "½ and ª and 10^9"),
    ],
)
def test_scripts(markup: str, text: str, plain: str) -> None:
    assert read(markup) == Marked(text, plain)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("  a \n\t b  ", "a b"),
        ("a\u00a0b\u2009c", "a b c"),
        ("<i>a</i><b>b</b>", "ab"),
        ("<i>a</i> <b>b</b>", "a b"),
        ("<i>a </i>b", "a b"),
        ("<i>NK</i>-cell", "NK-cell"),
        ("CD4<sup>+ </sup>T", "CD4⁺ T"),
        ("CD4<sup>+</sup>T", "CD4⁺T"),
        ("x<sup> </sup>y", "x y"),
        ("x<sup/>y", "xy"),
        ("Lmna<sup>\n   <i>-/-</i>\n  </sup> mice", "Lmna^(-/-) mice"),
        ("A<sup>\n   <i>-/-</i>\n  </sup><i>B</i>", "A^(-/-)B"),
        ("[ZnCl<sub>2\n  </sub> (L)]", "[ZnCl₂ (L)]"),
        ("a<!-- no text -->b<?nor this?>c", "abc"),
        ("a <unknown>b</unknown> c", "a b c"),
        ("where<DispFormula>E=m</DispFormula>holds", "where E=m holds"),
        ("", ""),
    ],
)
def test_white_space_at_the_borders_of_elements(markup: str, text: str) -> None:
    assert read(markup).text == text


def test_no_element_is_no_text() -> None:
    assert marked(None) == Marked("", "")
    assert text_of(None) == ""
    assert not marked(None)
    element = etree.fromstring("<t> Natural  killer</t>")
    assert text_of(element) == "Natural killer"
    element = etree.fromstring("<t>CD4<sup>+</sup></t>")
    assert text_of(element) == "CD4⁺"


# ---------------------------------------------------------------------------- MathML


def math(body: str, prefix: str = "") -> Marked:
    """The formula inside words, with or without a namespace prefix."""
    body = f"<math>{body}</math>"
    if prefix:
        body = re.sub(r"<(/?)(\w)", rf"<\1{prefix}:\2", body)
    return read(f"a {body} b")


@pytest.mark.parametrize("prefix", ["", "mml"])
@pytest.mark.parametrize(
    ("body", "text", "plain"),
    [
        ("<msup><mn>10</mn><mn>9</mn></msup>", "10⁹", "10^9"),
        ("<msup><mn>10</mn><mrow><mo>−</mo><mn>6</mn></mrow></msup>", "10⁻⁶", "10^-6"),
        ("<msub><mi>V</mi><mn>2</mn></msub>", "V₂", "V2"),
        ("<msubsup><mtext>PO</mtext><mn>4</mn><mrow><mn>3</mn><mo>-</mo></mrow></msubsup>", "PO₄³⁻", "PO4^3-"),
        ("<mmultiscripts><mi>He</mi><mprescripts/><none/><mn>3</mn></mmultiscripts>", "³He", "3He"),
        ("<mmultiscripts><mi>C</mi><mn>6</mn><none/></mmultiscripts>", "C₆", "C6"),
        ("<mn>5</mn><mmultiscripts><mi>He</mi><mprescripts/><none/><mn>3</mn></mmultiscripts>", "5 ³He", "5 ^3He"),
        ("<mover><mi>V</mi><mo>.</mo></mover><mi>O</mi>", "V\u0307O", "V\u0307O"),
        ("<mover><mi>x</mi><mo>¯</mo></mover>", "x\u0304", "x\u0304"),
        ("<mover><mi>AB</mi><mi>n</mi></mover>", "ABⁿ", "ABn"),
        ("<munder><mo>max</mo><mi>i</mi></munder>", "maxᵢ", "maxi"),
        ("<munderover><mo>Σ</mo><mn>1</mn><mi>n</mi></munderover>", "Σ₁ⁿ", "Σ1n"),
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", "(1/2)", "(1/2)"),
        ("<mn>2</mn><mfrac><mn>1</mn><mn>2</mn></mfrac>", "2(1/2)", "2(1/2)"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mi>c</mi></mfrac>", "((a+b)/c)", "((a+b)/c)"),
        ('<mfrac linethickness="0"><mi>n</mi><mi>k</mi></mfrac>', "(n; k)", "(n; k)"),
        ("<msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt>", "√(x+1)", "√(x+1)"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "√[3](x)", "√[3](x)"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a,b)", "(a,b)"),
        ('<mfenced open="[" close="]" separators=";"><mi>a</mi><mi>b</mi></mfenced>', "[a;b]", "[a;b]"),
        ("<mi>p</mi><mspace/><mtext>and </mtext><mi>q</mi>", "p and q", "p and q"),
        ("<mrow>\n <mi> x </mi>\n <mo>=</mo>\n <mn>2</mn>\n</mrow>", "x=2", "x=2"),
        ("<mi>x</mi><mphantom><mi>y</mi></mphantom><mi>z</mi>", "x z", "x z"),
        ('<semantics><mi>x</mi><annotation encoding="application/x-tex">\\x</annotation></semantics>', "x", "x"),
        ("<semantics><annotation>x^2</annotation></semantics>", "x^2", "x^2"),
        ("<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>", "1, 2", "1, 2"),
        ("<msup><mn>10</mn></msup>", "10", "10"),
        ("<mmultiscripts/>", "", ""),
    ],
)
def test_mathml(body: str, text: str, plain: str, prefix: str) -> None:
    expected = Marked(" ".join(f"a {text} b".split()), " ".join(f"a {plain} b".split()))
    assert math(body, prefix) == expected


# ---------------------------------------------------------------------------- properties


@pytest.mark.parametrize("table", [_UP, _DOWN])
def test_each_letter_of_ours_means_the_letter_it_stands_for(table: dict[str, str]) -> None:
    for letter, script in table.items():
        assert unicodedata.normalize("NFKC", script).replace("−", "-") == letter


WORDS = st.text(st.sampled_from("abCD0123456789 .,-+−⁹₂"), max_size=8)


@st.composite
def markups(draw: st.DrawFn, depth: int = 2) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        parts.append(draw(WORDS))
        if depth:
            tag = draw(st.sampled_from(["sup", "sub", "i", "b"]))
            parts.append(f"<{tag}>{draw(markups(depth=depth - 1))}</{tag}>")
    return "".join(parts)


def folded(text: str) -> str:
    return re.sub(r"[\s^_()]", "", unicodedata.normalize("NFKC", text).replace("−", "-"))


@given(markups())
def test_no_character_is_lost_or_moved(markup: str) -> None:
    element = etree.fromstring(f"<t>{markup}</t>")
    ours = marked(element)
    expected = folded("".join(map(str, element.itertext())))
    assert folded(ours.text) == expected
    assert folded(ours.plain) == expected


@given(st.integers(0, 10**6), st.integers(-99, 99), st.sampled_from(["sup", "sub"]))
def test_a_number_never_runs_into_its_script(base: int, script: int, tag: str) -> None:
    plain = read(f"{base}<{tag}>{script}</{tag}>").plain
    assert plain == f"{base}{'^' if tag == 'sup' else '_'}{script}"


@pytest.mark.parametrize("tag", ["b", "sup", "math", "mrow"])
def test_markup_nested_without_end_is_refused(tag: str) -> None:
    inner = f"<{tag}>" * 200 + "x" + f"</{tag}>" * 200
    with pytest.raises(UnreadableError, match="nested more than 60"):
        read(f"<math>{inner}</math>" if tag == "mrow" else inner)
