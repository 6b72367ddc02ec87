"""The arguments of a template's tag: `src="a.png" alt='A cat' 300`."""

import html
import re

# Possessive, so that a text in quotes is one step and not one a character.
_ARGUMENT = re.compile(
    r"""([\w-]++)\s*[=:]\s*("(?:[^"\\]++|\\.)*+"|'(?:[^'\\]++|\\.)*+'|`[^`]*`|“[^”]*”|[^\s,()"']+)
    |("(?:[^"\\]++|\\.)*+"|'(?:[^'\\]++|\\.)*+'|`[^`]*`|“[^”]*”)|([^\s,()]+)""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\(.)")


class Arguments:
    """Named ones, by lower-case name, and `plain` ones in order; those in `quoted` stood in quotes.

    `written` is all of them as they stood.
    """

    def __init__(self, text: str) -> None:
        self.written = text.strip()
        self.named: dict[str, str] = {}
        self.plain: list[str] = []
        self.quoted: list[str] = []
        for match in _ARGUMENT.finditer(text):
            name, value, string, word = match.groups()
            if name and not (value.startswith("//") and name in {"http", "https"}):
                self.named[name.lower()] = _bare(value)
            elif name:
                self.plain.append(f"{name}:{value}")
            elif string:
                self.quoted.append(_bare(string))
                self.plain.append(_bare(string))
            else:
                self.plain.append(word)

    def get(self, *names: str) -> str:
        """The first named argument there is of `names`, or ""."""
        for name in names:
            if given := self.named.get(name):
                return given
        return ""

    def first(self, *names: str) -> str:
        """The first named argument there is of `names`, else the first in order, or ""."""
        return self.get(*names) or (self.plain[0] if self.plain else "")


def quoted(text: str) -> str:
    """`text` as the value of an attribute in HTML."""
    return f'"{html.escape(html.unescape(text))}"'


def _bare(text: str) -> str:
    if text[0] not in "\"'`“":
        return text
    return _ESCAPED.sub(r"\1", text[1:-1]) if "\\" in text else text[1:-1]
