"""The tags of Liquid, Hugo, Zola and Nunjucks in a text without code."""

import html
import re
from collections.abc import Iterator, Mapping

from service.content.parsing.values import normal_key
from service.content.shortcodes.delimiter_pairs import drop_pairs, replace_pairs
from service.content.shortcodes.links import Links
from service.content.shortcodes.meaning import link, meaning
from service.content.shortcodes.prefilter import Braces
from service.content.shortcodes.tag_arguments import Arguments
from service.markup import TextFormat

_COMMENTS = tuple(
    (re.compile(opening), re.compile(closing))
    for opening, closing in (
        (r"\{%-?\s*comment\b[^%]*%\}", r"\{%-?\s*endcomment\s*-?%\}"),
        (r"\{\{[<%]\s*comment\s*[>%]\}\}", r"\{\{[<%]\s*/\s*comment\s*[>%]\}\}"),
    )
)
# By what follows their first brace.
_MARKED_COMMENTS = (
    ("#", re.compile(r"\{#(?![\w-]+\})"), re.compile(r"#\}")),
    ("/*", re.compile(r"\{/\*"), re.compile(r"\*/\}")),
)
_SHOWN = re.compile(r"\{\{([<%])/\*"), re.compile(r"\*/([>%])\}\}")
_BRACES = re.compile(r"\{[{%]")
# Each is read in stretches of what cannot end it, not character by character.
_TAG = re.compile(
    r"""\{(?:
    \{[<%]-?(?P<hugo>(?:"(?:[^"\\]|\\.)*"|`[^`]*`|[^"`/>%-]++|(?!(?:/\s*)?-?[>%]\}\})[^"`])*+)(?:/\s*)?-?[>%]\}\}
    |%[-+]?(?P<liquid>(?:"[^"]*"|'[^']*'|[^"'%+-]++|(?![-+]?%\})[^"'])*+)[-+]?%\}
    |(?<![$\\]\{)\{[-~]?(?P<output>(?:"[^"]*"|'[^']*'|[^"'{}~-]++|[-~](?!\}\}))*+)[-~]?\}\}
    )""",
    re.VERBOSE,
)
_LONGEST_TAG = 5_000
_MOST_NEVER_CLOSED = 500
"""After so many braces that open no tag, a text is not searched for more."""

_REST_OF_LINE = re.compile(r"[ \t]*(?:\n|\Z)")
_LITERAL = re.compile(r"""(["'])(?P<text>[^"']*)\1\s*(?:\|\s*(?P<filters>.*))?""", re.DOTALL)
_BASE = re.compile(
    r"(?:site\.(?:base_?url|url|github\.url)|root_url|base_?url|site_?url|url_root|SITEURL|page\.preview_baseurl)\b.*"
)
_LOOP = re.compile(r"\{%[-+]?\s*(?P<end>end)?for\b[^%]{0,500}%\}")
# Where braces within braces are TeX: `x_{{i}}`, `\frac{{a}}{b}`.
_FORMULA = re.compile(r"(?:[_^]|\\[A-Za-z]{1,15})\Z")
_SPACE = re.compile(r"\s")
_SPACE_OR_BAR = re.compile(r"[\s|]")
_OF_PAGE = re.compile(r"^(?:page|post|frontmatter|frontMatter|\$)?\.")
_VARIABLE = re.compile(r"(?<==)\s*page\.([\w-]+)")
_CALL = re.compile(r"([\w:.-]+)\s*\((.*)\)", re.DOTALL)
_ALTERNATIVE = frozenset({"else", "elsif", "elif", "when"})


def clear_tags(text: str, tags: "Tags", braces: Braces) -> str:
    """`text`, in which there are such `braces`, with the tags that are known replaced."""
    marks = braces.marks
    if "comment" in braces.words:
        for opening, closing in _COMMENTS:
            text = drop_pairs(text, opening, closing)
    for mark, opening, closing in _MARKED_COMMENTS:
        if mark in marks:
            text = drop_pairs(text, opening, closing)
    if not marks.isdisjoint(("{<", "{%")):
        text = replace_pairs(
            text,
            *_SHOWN,
            lambda begin, inner, end: _braces(f"{{{{{begin[1]} {inner.strip()} {end[1]}}}}}"),
        )
    if marks.isdisjoint(("{", "%")):
        return text
    if "endfor" in braces.words:
        text = _without_loops(text, tags)
    parts: list[str] = []
    done = 0
    for match in _tags(text):
        line = max(text.rfind("\n", done, match.start()) + 1, done)
        first = text[line - 1 : line] in {"", "\n"} and not text[line : match.start()].strip(" \t")
        rest = _REST_OF_LINE.match(text, match.end()) if first else None
        start = line if first else match.start()
        parts += (text[done:start], tags.replace(match, text[start : match.start()], rest and rest.group()))
        done = rest.end() if rest else match.end()
    return "".join((*parts, text[done:]))


def _without_loops(text: str, tags: "Tags") -> str:
    """`text` without loops: what they repeat is a template for data that is not here."""
    parts: list[str] = []
    done = start = depth = 0
    for match in _LOOP.finditer(text):
        if match["end"] is None:
            start = start if depth else match.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                tags.drop("for")
                parts.append(text[done:start])
                done = match.end()
    return "".join((*parts, text[done:]))


def _tags(text: str) -> Iterator[re.Match[str]]:
    at = never_closed = 0
    while never_closed < _MOST_NEVER_CLOSED and (braces := _BRACES.search(text, at)):
        start = braces.start()
        if match := _TAG.match(text, start, start + _LONGEST_TAG):
            if match["output"] is None or not _FORMULA.search(text, max(0, start - 20), start):
                yield match
            at = match.end()
        else:
            never_closed += 1
            at = start + 1


class Tags:
    """What each tag of one text means; the names of those that nobody knows are added to `dropped`."""

    def __init__(self, form: TextFormat, links: Links, shown: Mapping[str, str], dropped: list[str]) -> None:
        self._form = form
        self._links = links
        self._shown = shown
        self._dropped = dropped

    def replace(self, match: re.Match[str], margin: str, rest: str | None) -> str:
        """What the tag means, between the white space before it on its line and the `rest` of that line.

        `margin` is "" where the tag does not begin its line, `rest` None where it does not have it alone.
        """
        alone = rest is not None and not margin and self._form == "markdown"
        if match["output"] is not None:
            meant = self._output(match["output"].strip())
        else:
            meant = self._tag(
                (match["hugo"] if match["hugo"] is not None else match["liquid"]).strip(), alone
            )
        if alone and meant.lstrip().startswith("<"):
            # HTML alone on its line would take the lines that follow into its block.
            return f"\n{meant.strip()}\n{rest}"
        return f"{margin}{meant}{rest or ''}" if meant else f"{margin if rest is None else ''}{rest or ''}"

    def _tag(self, written: str, alone: bool) -> str:
        call = _CALL.fullmatch(written) if "(" in written else None
        name, given = call.groups() if call else _SPACE.split(f"{written} ", maxsplit=1)
        given = given.strip()
        if name.startswith(("/", "end")) or name in _ALTERNATIVE or not name:
            return ""
        if name in {
            "include",
            "include_relative",
            "include_cached",
            "render",
            "partial",
            "asset",
            "component",
        }:
            inner, others = (*given.split(None, 1), "", "")[:2]
            others = _VARIABLE.sub(self._value, others)
            given_here = Arguments(others)
            if inner == "gallery" and (held := self._shown.get(given_here.get("id") or "gallery")):
                return held + given_here.get("caption")
            meant = meaning(inner.strip("\"',"), given_here, alone=alone)
            return meant if meant is not None else self.drop(f"{name} {inner.strip(',')}".strip())
        arguments = Arguments(given)
        if (reference := self._reference(name, given, arguments)) is not None:
            return reference
        meant = meaning(name, arguments, alone=alone)
        return meant if meant is not None else self.drop(name)

    def _reference(self, name: str, given: str, arguments: Arguments) -> str | None:
        """A link by the name of a source, in the words of each engine; None for any other tag."""
        words = arguments.plain
        if name in {"ref", "relref"}:
            return self._links.to_source(arguments.get("path") or (words[0] if words else ""))
        if name in {"post_url", "post_path"} or (name == "link" and len(words) == 1 and "://" not in given):
            return self._links.to_source(given)
        if name == "post_link" and words:
            return link(self._links.to_source(words[0]), " ".join(words[1:]).strip("'\"") or words[0])
        if name == "link" and (len(words) > 1 or arguments.named):
            return meaning("url", arguments, alone=False)
        if name in {"asset_path", "asset_url", "static"}:
            return self._links.to_file(given.strip("\"'"))
        if name == "asset_link" and words:
            return link(words[0], " ".join(words[1:]))
        return None

    def _output(self, written: str) -> str:
        """What `{{ … }}` shows: text as it stands, the base of an address (nothing), or a call of Zola's."""
        literal = _LITERAL.fullmatch(written)
        if literal:
            return (
                self._links.to_file(literal["text"]) if literal["text"].startswith("/") else literal["text"]
            )
        if _BASE.fullmatch(written):
            return ""
        call = _CALL.fullmatch(written) if "(" in written else None
        if call:
            meant = meaning(call[1], Arguments(call[2]), alone=False)
            return meant if meant is not None else self.drop(call[1])
        name = _SPACE_OR_BAR.split(written, maxsplit=1)[0]
        field = normal_key(_OF_PAGE.sub("", name))
        if field in self._shown:
            return self._shown[field]
        shortcode = meaning(name, Arguments(written[len(name) :]), alone=False) if " " in written else None
        return shortcode if shortcode is not None else self.drop(name)

    def _value(self, match: re.Match[str]) -> str:
        """What a field that is given to a tag holds, as one of its arguments."""
        return '"{}"'.format(self._shown.get(normal_key(match[1]), "").replace('"', "&quot;"))

    def drop(self, name: str) -> str:
        """Nothing, and `name` is remembered as that of a tag which nobody knows the meaning of."""
        self._dropped.append(name[:60] or "{{ }}")
        return ""


def _braces(text: str) -> str:
    """Text that shows braces, and is no tag when it is read again."""
    return html.escape(text, quote=False).replace("{", "&#123;").replace("}", "&#125;")
