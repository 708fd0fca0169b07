"""Markdown: blocks, markers, and the way back to the source."""

from kb.check.page import Page
from kb.check.read import read_bytes

_PAGE = """---
title: "Cells"
---
# What **we** do

Text with a [link](https://example.org/x), marker [15], a dose of 10<sup>9</sup> cells[^1] &amp; more
- item one
  - nested `code` item
1. first

> A quote with ![a picture](a.png) <script>alert(1)</script>inside.

| Trial | N \\| M |
|---|---|
| **A** | 5 of 9 |

**Is it safe?**

It is <span style="display:none">never</span> tested\\*.

```python
print(1)
```

[^1]: A note.

## References

1. Example A. A title. 2019.

[15]: https://example.org/entry
"""


def _page(text: str = _PAGE) -> Page:
    return read_bytes(text.encode(), "page.md")


def test_blocks_are_told_by_their_marks() -> None:
    said = [(block.kind, block.level, block.text) for block in _page().blocks]
    assert said == [
        ("heading", 1, "What we do"),
        ("paragraph", 0, "Text with a link, marker [15], a dose of 10^9 cells[1] & more"),
        ("item", 1, "item one"),
        ("item", 2, "nested code item"),
        ("item", 1, "first"),
        ("paragraph", 0, "A quote with inside."),
        ("alt", 0, "a picture"),
        ("cell", 0, "Trial"),
        ("cell", 0, "N | M"),
        ("cell", 0, "A"),
        ("cell", 0, "5 of 9"),
        ("heading", 3, "Is it safe?"),
        ("paragraph", 0, "It is tested*."),
        ("footnote", 0, "A note."),
        ("heading", 2, "References"),
        ("reference", 0, "Example A. A title. 2019."),
        ("reference", 0, "https://example.org/entry"),
    ]


def test_characters_lead_back_to_the_source() -> None:
    page = _page()
    for block in page.blocks:
        assert list(block.offsets) == sorted(block.offsets)
        for char, at in zip(block.text, block.offsets, strict=True):
            assert page.source[at] == char or (char in "[]^ &*1" and page.source[at] in "<[]^\n&\\1"), (block, char)


def test_references_links_title_and_notes() -> None:
    page = _page()
    assert page.title == "Cells"
    assert dict(page.references) == {"1": "Example A. A title. 2019.", "15": "https://example.org/entry"}
    assert page.links[page.source.index("link](")] == "https://example.org/x"
    assert any(note.startswith("Code: 1 ") for note in page.notes)


def test_cells_know_their_heads() -> None:
    cell = next(block.cell for block in _page().blocks if block.text == "5 of 9")
    assert cell is not None
    assert (cell.row, cell.column, cell.heads) == (2, 2, ("N | M", "A"))


def test_windows_line_ends_keep_the_places() -> None:
    page = _page(_PAGE.replace("\n", "\r\n"))
    block = next(block for block in page.blocks if block.text == "A note.")
    assert page.source[block.offsets[0] :].startswith("A note.")


def test_reading_twice_gives_the_same() -> None:
    assert _page() == _page()
