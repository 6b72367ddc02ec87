"""The tags of Liquid, Hugo, Zola and Nunjucks in a text without code."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence

from service.content.front_matter.values import normal_key
from service.content.shortcodes.delimiter_pairs import drop_pairs, replace_pairs
from service.content.shortcodes.links import Links
from service.content.shortcodes.prefilter import Braces
from service.content.shortcodes.template_tags.known_tags import render_link, render_tag
from service.content.shortcodes.template_tags.tag import TemplateTag
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
# Tags of Zola written as text: `{{/* youtube(id="x") */}}`, `{%/* end */%}`.
_ESCAPED_ZOLA_TAG = re.compile(r"\{([{%])/\*"), re.compile(r"\*/([%}])\}")
_ESCAPED_TAG = re.compile(r"\{\{([<%])/\*"), re.compile(r"\*/([>%])\}\}")
_BRACES = re.compile(r"\{[{%]")
# Each alternative consumes runs of characters that cannot end it, not single characters.
_TAG = re.compile(
    r"""\{(?:
    \{[<%]-?(?P<hugo>(?:"(?:[^"\\]|\\.)*"|`[^`]*`|[^"`/>%-]++|(?!(?:/\s*)?-?[>%]\}\})[^"`])*+)(?:/\s*)?-?[>%]\}\}
    |%[-+]?(?P<liquid>(?:"[^"]*"|'[^']*'|[^"'%+-]++|(?![-+]?%\})[^"'])*+)[-+]?%\}
    |(?<![$\\]\{)\{[-~]?(?P<output>(?:"[^"]*"|'[^']*'|[^"'{}~-]++|(?<=\()\{[^{}]*\}|[-~](?!\}\}))*+)[-~]?\}\}
    )""",
    re.VERBOSE,
)
_MAX_TAG = 5_000
_MAX_NEVER_CLOSED = 500
"""After so many braces that open no tag, the search stops."""

_MARGIN = 20
"""So many characters before a tag show where it stands."""

_REST_OF_LINE = re.compile(r"[ \t]*(?:\n|\Z)")
_LITERAL = re.compile(r"""(["'])(?P<text>[^"']*)\1\s*(?:\|\s*(?P<filters>.*))?""", re.DOTALL)
_BASE = re.compile(
    r"(?:site\.(?:base_?url|url|github\.url)|root_url|base_?url|site_?url|url_root|SITEURL|page\.preview_baseurl)\b.*"
)
_LOOP = re.compile(r"\{%[-+]?\s*(?P<end>end)?for\b[^%]{0,500}%\}")
# Double braces in TeX: `x_{{i}}`, `\frac{{a}}{b}`.
_FORMULA = re.compile(r"(?:(?<=[^\s*])[_^]|\\[A-Za-z]{1,15})\Z")
_SPACE = re.compile(r"\s")
_SPACE_OR_BAR = re.compile(r"[\s|]")
_OF_PAGE = re.compile(r"^(?:\$?(?:page\.)?front[mM]atter|\$?page|post|\$)?\.")
_PARAMETERS = frozenset({"param", "params", "siteparam", "site_param", "siteparams", "site_params"})
_SITE = re.compile(r"(?:\$?\.)?site\.", re.IGNORECASE)
_OF_SITE = re.compile(r"^(?:site\.)?params\.")
_VARIABLE = re.compile(r"(?<==)\s*page\.([\w-]+)")
_CALL = re.compile(r"([\w:.-]+)\s*\((.*)\)", re.DOTALL)
_INCLUDES = frozenset(
    ("include", "include_relative", "include_cached", "render", "partial", "asset", "component")
)
# A quotation: of Hexo and Octopress with its source, of Hugo and Zola with an author.
_QUOTATION = re.compile(
    r"""^[ ]{0,3}(?:\{%-?[ \t]*(?P<liquid>blockquote|quote)\b(?P<arguments>[^%\n]*?)-?%\}
    |\{\{[<%][ \t]*(?P<hugo>blockquote|quote)\b(?P<options>[^{}\n]*?)[>%]\}\})""",
    re.MULTILINE | re.VERBOSE,
)
_QUOTATION_ENDS = {
    "liquid": re.compile(r"\{%-?[ \t]*end(?:block)?(?:quote)?[ \t]*-?%\}"),
    "hugo": re.compile(r"\{\{[<%][ \t]*/[ \t]*(?:block)?quote[ \t]*[>%]\}\}"),
}
_ALTERNATIVE = frozenset({"else", "elsif", "elif", "when"})


def clear_tags(text: str, tags: "Tags", braces: Braces) -> str:
    """`text` with its tags replaced; `braces` is what follows the braces in it."""
    marks = braces.marks
    if not marks.isdisjoint(("{/", "%/")):
        text = replace_pairs(
            text,
            *_ESCAPED_ZOLA_TAG,
            lambda begin, inner, end: _braces(f"{{{begin[1]} {inner.strip()} {end[1]}}}"),
        )
    if "comment" in braces.words:
        for opening, closing in _COMMENTS:
            text = drop_pairs(text, opening, closing)
    for mark, opening, closing in _MARKED_COMMENTS:
        if mark in marks:
            text = drop_pairs(text, opening, closing)
    if not marks.isdisjoint(("{<", "{%")):
        text = replace_pairs(
            text,
            *_ESCAPED_TAG,
            lambda begin, inner, end: _braces(f"{{{{{begin[1]} {inner.strip()} {end[1]}}}}}"),
        )
    if marks.isdisjoint(("{", "%")):
        return text
    if tags.is_markdown and "quote" in text and _QUOTATION.search(text):
        text = replace_pairs(text, _QUOTATION, _end_of_quotation, _quote)
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


def _end_of_quotation(opening: re.Match[str]) -> re.Pattern[str]:
    return _QUOTATION_ENDS["liquid" if opening["liquid"] else "hugo"]


def _quote(opening: re.Match[str], text: str, end: re.Match[str]) -> str:
    """A quotation as Markdown, with its source; as it is if it holds code, whose lines are not at hand."""
    if "\x00" in text or not text.strip():
        return f"{opening[0]}{text}{end[0]}"
    tag = TemplateTag("quote", (opening["arguments"] or opening["options"] or "").strip().strip("()"))
    source = [tag.get(name) for name in ("author", "by", "name", "who", "source", "cite", "title")]
    if not tag.named:
        words = [word for word in tag.positional if not word.startswith(("http://", "https://", "/"))]
        source = [
            re.split(r"https?://", tag.arguments)[0].strip("\"'") if not tag.quoted else ", ".join(words)
        ]
    shown = ", ".join(part.strip() for part in source if part.strip())
    lines = [*text.strip("\n").split("\n"), *(("", f"— {shown}") if shown else ())]
    quotation = "\n".join(f"> {line.strip()}".rstrip() for line in lines)
    return f"\n{quotation}\n\n"


def _without_loops(text: str, tags: "Tags") -> str:
    """`text` without loops, whose content is a template for data that is not available."""
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
    position = never_closed = 0
    while never_closed < _MAX_NEVER_CLOSED and (braces := _BRACES.search(text, position)):
        start = braces.start()
        if match := _TAG.match(text, start, start + _MAX_TAG):
            if match["output"] is None or not _FORMULA.search(text, max(0, start - 20), start):
                yield match
            position = match.end()
        else:
            never_closed += 1
            position = start + 1


class Tags:
    """The replacements of the tags of one text; the names of unknown tags are added to `dropped`."""

    def __init__(
        self, text_format: TextFormat, links: Links, template_variables: Mapping[str, str], dropped: list[str]
    ) -> None:
        self.is_markdown = text_format == "markdown"
        self._links = links
        self._variables = template_variables
        self._dropped = dropped

    def replace(self, match: re.Match[str], margin: str, rest: str | None) -> str:
        """The replacement of a tag, with the white space before it on its line and the `rest` of that line.

        `margin` is "" if the tag does not begin its line, `rest` None if it is not alone on it.
        """
        in_text = _stands_in_text(match)
        alone = rest is not None and not margin and self.is_markdown
        if match["output"] is not None:
            rendered = self._output(match["output"].strip(), alone=alone, in_text=in_text)
        else:
            source = match["hugo"] if match["hugo"] is not None else match["liquid"]
            rendered = self._tag(source.strip(), alone=alone, in_text=in_text)
        if alone and rendered.lstrip().startswith("<"):
            # HTML alone on its line would take the lines that follow into its block.
            return f"\n{rendered.strip()}\n{rest}"
        return (
            f"{margin}{rendered}{rest or ''}" if rendered else f"{margin if rest is None else ''}{rest or ''}"
        )

    def _tag(self, source: str, *, alone: bool, in_text: bool) -> str:
        call = _CALL.fullmatch(source) if "(" in source else None
        name, arguments = call.groups() if call else _SPACE.split(f"{source} ", maxsplit=1)
        arguments = arguments.strip()
        if name.startswith(("/", "end")) or name in _ALTERNATIVE or not name:
            return ""
        if name in _INCLUDES:
            included, rest = (*arguments.split(None, 1), "", "")[:2]
            tag = TemplateTag(included.strip("\"',"), _VARIABLE.sub(self._value, rest), alone=alone)
            if included == "gallery" and (gallery := self._variables.get(tag.get("id") or "gallery")):
                return gallery + tag.get("caption")
            rendered = render_tag(tag)
            return rendered if rendered is not None else self.drop(f"{name} {included.strip(',')}".strip())
        tag = TemplateTag(name, arguments, alone=alone)
        if (reference := self._reference(tag, in_text=in_text)) is not None:
            return reference
        rendered = render_tag(self._with_file(tag))
        return rendered if rendered is not None else self.drop(name)

    def _with_file(self, tag: TemplateTag) -> TemplateTag:
        """The tag with the address of the file that its path means, from the content folder in Zola."""
        path = tag.get("path")
        is_in_folder = "/" in path and not path.startswith(("/", "@")) and "://" not in path
        return tag.with_path(self._links.to_file(path)) if is_in_folder else tag

    def _reference(self, tag: TemplateTag, *, in_text: bool) -> str | None:
        """A link by the name of a source, as each generator writes it; None for any other tag.

        Where the tag stands in the text and not in a link, it is a link of its own.
        """
        name, arguments, words = tag.name, tag.arguments, tag.positional
        if name in {"ref", "relref"}:
            source = tag.get("path") or (words[0] if words else "")
            return _shown(self._links.to_source(source), source, in_text=in_text)
        if name in {"post_url", "post_path"} or (
            name == "link" and len(words) == 1 and "://" not in arguments
        ):
            return _shown(self._links.to_source(arguments), arguments, in_text=in_text)
        if name == "post_link" and words:
            address = self._links.to_source(words[0])
            return render_link(address, " ".join(words[1:]).strip("'\"") or words[0])
        if name == "link" and (len(words) > 1 or tag.named):
            return render_tag(TemplateTag("url", arguments))
        if name in {"asset_path", "asset_url", "static"}:
            return _shown(self._links.to_file(arguments.strip("\"'")), arguments, in_text=in_text)
        if name == "asset_link" and words:
            return render_link(words[0], " ".join(words[1:]))
        if (value := self._parameter(name, words)) is not None:
            return html.escape(value, quote=False)
        if name == "get_url" and (path := tag.first("path")):
            is_source = path.startswith("@/")
            address = self._links.to_source(path[2:]) if is_source else self._links.to_file(path)
            return _shown(address, path, in_text=in_text)
        return None

    def _parameter(self, name: str, words: Sequence[str]) -> str | None:
        """The value of a field of the article, else of a parameter of a Hugo site; None for other tags."""
        if normal_key(name) in _PARAMETERS and words:
            key = _OF_SITE.sub("", normal_key(words[0]).lstrip("."))
            own = None if name.lower().startswith("site") else self._variables.get(key)
            return own or self._variables.get(f"site.params.{key}") or self._variables.get(f"site.{key}")
        return self._variables.get(_SITE.sub("site.", normal_key(name))) if _SITE.match(name) else None

    def _output(self, expression: str, *, alone: bool, in_text: bool) -> str:
        """The output of `{{ … }}`: a literal, the base of an address (nothing), or a call of Zola's."""
        literal = _LITERAL.fullmatch(expression)
        if literal:
            text = literal["text"]
            return self._links.to_file(text) if text.startswith("/") else text
        if _BASE.fullmatch(expression):
            return ""
        call = _CALL.fullmatch(expression) if "(" in expression else None
        if call:
            tag = TemplateTag(call[1], call[2], alone=alone)
            reference = self._reference(tag, in_text=in_text)
            rendered = render_tag(self._with_file(tag)) if reference is None else reference
            return rendered if rendered is not None else self.drop(call[1])
        name = _SPACE_OR_BAR.split(expression, maxsplit=1)[0]
        field = _SITE.sub("site.", normal_key(_OF_PAGE.sub("", name)))
        if field in self._variables:
            return self._variables[field]
        rendered = render_tag(TemplateTag(name, expression[len(name) :])) if " " in expression else None
        return rendered if rendered is not None else self.drop(name)

    def _value(self, match: re.Match[str]) -> str:
        """The value of a field that is an argument of a tag."""
        return '"{}"'.format(self._variables.get(normal_key(match[1]), "").replace('"', "&quot;"))

    def drop(self, name: str) -> str:
        """Nothing; `name` is added to the unknown tags."""
        self._dropped.append(name[:60] or "{{ }}")
        return ""


def _stands_in_text(match: re.Match[str]) -> bool:
    """Whether a tag stands between words, and not in the destination of a link or in an attribute."""
    before = match.string[max(0, match.start() - _MARGIN) : match.start()]
    if before.rstrip(" \t").endswith(("](", "](<", "]:", "]:<", "=")):
        return False
    return not before or before[-1].isspace()


def _shown(address: str, name: str, *, in_text: bool) -> str:
    """`address`, or where it stands in the text a link to it with the name that the author wrote."""
    return render_link(address, name.strip("\"'`")) if in_text else address


def _braces(text: str) -> str:
    """Text with its braces escaped, so that it is no tag when it is read again."""
    return html.escape(text, quote=False).replace("{", "&#123;").replace("}", "&#125;")
