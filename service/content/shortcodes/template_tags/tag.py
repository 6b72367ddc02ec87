"""A template's tag and its arguments: `figure src="a.png" alt='A cat' 300`."""

import html
import re

# Possessive, so that a quoted text is one step and not one a character.
_ARGUMENT = re.compile(
    r"""([\w-]++)\s*[=:]\s*("(?:[^"\\]++|\\.)*+"|'(?:[^'\\]++|\\.)*+'|`[^`]*`|“[^”]*”|[^\s,()"']+)
    |("(?:[^"\\]++|\\.)*+"|'(?:[^'\\]++|\\.)*+'|`[^`]*`|“[^”]*”)|([^\s,()]+)""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\(.)")


class TemplateTag:
    """A tag by `name`; `alone` is whether nothing else is on its line.

    `arguments` is their text, `named` are those with a name, in lower case, `positional` the others in order,
    and `quoted` those of them in quotes.
    """

    def __init__(self, name: str, arguments: str, *, alone: bool = False) -> None:
        self.name = name
        self.alone = alone
        self.arguments = arguments.strip()
        self.named: dict[str, str] = {}
        self.positional: list[str] = []
        self.quoted: list[str] = []
        for match in _ARGUMENT.finditer(arguments):
            key, value, string, word = match.groups()
            if key and not (value.startswith("//") and key in {"http", "https"}):
                self.named[key.lower()] = _unquote(value)
            elif key:
                self.positional.append(f"{key}:{value}")
            elif string:
                self.quoted.append(_unquote(string))
                self.positional.append(_unquote(string))
            else:
                self.positional.append(word)

    def with_path(self, path: str) -> "TemplateTag":
        """The same tag with another argument `path`."""
        tag = TemplateTag(self.name, self.arguments, alone=self.alone)
        tag.named = self.named | {"path": path}
        return tag

    def get(self, *names: str) -> str:
        """The first of the named arguments `names` that has a value, or ""."""
        return next((value for name in names if (value := self.named.get(name))), "")

    def first(self, *names: str) -> str:
        """The first of the named arguments `names`, else the first positional one, or ""."""
        return self.get(*names) or next(iter(self.positional), "")


def quote_attribute(text: str) -> str:
    """`text` as the value of an attribute in HTML."""
    return f'"{html.escape(html.unescape(text))}"'


def _unquote(text: str) -> str:
    if text[0] not in "\"'`“":
        return text
    return _ESCAPED.sub(r"\1", text[1:-1]) if "\\" in text else text[1:-1]
