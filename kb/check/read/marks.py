"""Markdown → tokens that know where in their own text they stand (markdown-it tells only lines)."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType
from mdit_py_plugins.footnote import footnote_plugin

#: Blocks within blocks; what lies deeper is told in a note.
DEEPEST = 60
#: Keys of a token's ``meta``: where it begins in the text of its block and, of a link's end, where that ends.
AT, END = "at", "end"


@cache
def parser() -> MarkdownIt:
    """Return the parser: CommonMark with tables, struck text and footnotes.

    Four blanks in front of a line make no code: on a page of running text they are a slip, and what a reader sees
    must not be left out. Nothing is linked that is not written as a link.
    """
    found = MarkdownIt("commonmark", {"maxNesting": DEEPEST})
    found.inline = _Located()
    found.enable(["table", "strikethrough"])
    found.disable(["code", "linkify", "text_join", "fragments_join"])
    footnote_plugin(found, inline=False, move_to_end=False, always_match_refs=True)
    return found


class _Located(ParserInline):
    """Notes for each token its place; text is never joined afterwards, so that it keeps it."""

    def tokenize(self, state: StateInline) -> None:
        """Read up to ``state.posMax`` as the parser of the library does."""
        rules = self.ruler.getRules("")
        deepest = int(state.md.options["maxNesting"])
        end, begun = state.posMax, state.pos
        while state.pos < end:
            at, count, pending = state.pos, len(state.tokens), bool(state.pending)
            begun = begun if pending else at
            if state.level < deepest and any(rule(state, False) for rule in rules):
                if len(state.tokens) > count:
                    _locate(state.tokens[count:], begun if pending else None, at, state.pos)
                continue
            state.append_pending(state.src[state.pos])
            state.pos += 1
        if state.pending:
            state.pushPending().meta[AT] = begun

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Read the text of a block; without marks in it, it is one token."""
        if not self.terminator_re.search(src):
            token = Token("text", "", 0, content=src)
            token.meta[AT] = 0
            tokens.append(token)
            return tokens
        return super().parse(src, md, env, tokens)


def _locate(tokens: list[Token], begun: int | None, at: int, end: int) -> None:
    """Note the places of tokens that a rule made between ``at`` and ``end``; the first may be the text before it."""
    if begun is not None:
        tokens[0].meta[AT] = begun
    for token in tokens:
        if AT not in token.meta:
            token.meta[AT] = at
            at += len(token.content) if token.type == "text" else token.info == "auto" and token.nesting == 1
    tokens[-1].meta[END] = end
