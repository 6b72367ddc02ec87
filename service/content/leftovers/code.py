"""Code in a text, put aside while the text around it changes; what a template marks as code becomes code."""

import html
import re

from service.markup import TextFormat

_MARKED = re.compile(
    r"""(?=[`~{<\s>*+\-\d])(?:  # most characters begin none of these
    (?P<fence>^[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(?P<mark>`{3,}|~{3,})[^\n]*\n
        .*?(?:^[ \t>]*(?P=mark)[`~]*[ \t]*$|\Z))
    |(?P<liquid>\{%-?\s*(?P<tag>highlight|codeblock|code)\b(?P<given>[^%]*)%\}\n?(?P<inner>.*?)\{%-?\s*end(?P=tag)\s*-?%\})
    |(?P<hugo>\{\{[<%]\s*(?P<name>highlight|code|codes)\b(?P<options>[^{}]*?)[>%]\}\}\n?(?P<within>.*?)\{\{[<%]\s*/\s*(?P=name)\s*[>%]\}\})
    |(?P<raw>\{%-?\s*(?P<word>raw|verbatim)\s*-?%\}(?P<verbatim>.*?)\{%-?\s*end(?P=word)\s*-?%\})
    |(?P<element><(?P<kind>pre|code|script|style)\b.*?</(?P=kind)\s*>)
    |(?P<span>(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)*?(?<!`)(?P=ticks)(?!`)))
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_INDENTED = re.compile(r"(?:\A|(?<=\n)[ \t]*\n)(?:(?:[ ]{4}|\t)[^\n]*(?:\n|\Z)(?:[ \t]*\n(?=[ ]{4}|\t))*)+")
_LIST = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s|^[ \t]+\S|^\[\^[^\]]+\]:")
_LANGUAGE = re.compile(r"(?:lang\s*[:=]\s*)?[\"']?([A-Za-z][\w+#.-]*)")
_KEY = re.compile("\x00(\\d+)\x00")


class Code:
    """The pieces of code of one text, each standing as a number between two NULs, which text never holds."""

    def __init__(self, form: TextFormat) -> None:
        self._form = form
        self._pieces: list[str] = []

    def hide(self, text: str) -> str:
        text = _MARKED.sub(self._marked, text)
        indented = self._form == "markdown" and ("    " in text or "\t" in text)
        return _INDENTED.sub(self._indented, text) if indented else text

    def show(self, text: str) -> str:
        """The text with its code again, which may itself hold pieces."""
        while "\x00" in text:
            text = _KEY.sub(lambda match: self._pieces[int(match[1])], text)
        return text

    def _keep(self, piece: str) -> str:
        self._pieces.append(piece)
        return f"\x00{len(self._pieces) - 1}\x00"

    def _marked(self, match: re.Match[str]) -> str:
        if match["liquid"]:
            language = _LANGUAGE.search(match["given"]) if match["tag"] != "codeblock" else None
            named = re.search(r"\blang:\s*(\w+)", match["given"])
            return self._block(named[1] if named else language[1] if language else "", match["inner"], match)
        if match["hugo"]:
            language = _LANGUAGE.search(match["options"])
            return self._block(language[1] if language else "", match["within"], match)
        if match["raw"]:
            return self._raw(match["verbatim"])
        if (match["fence"] or match["span"]) and self._form != "markdown":
            return match.group()
        return self._keep(match.group())

    def _raw(self, text: str) -> str:
        """What stood between raw tags: verbatim for templates, Markdown for us; braces in it are text."""
        inner = Code(self._form)
        inner._pieces = self._pieces
        hidden = inner.hide(text)
        return re.sub(r"\{(?=[{%#])|(?<=\{)[{%#]", lambda brace: self._keep(f"&#{ord(brace[0])};"), hidden)

    def _block(self, language: str, text: str, match: re.Match[str]) -> str:
        text = text.rstrip()
        start = match.string.rfind("\n", 0, match.start()) + 1
        margin = match.string[start : match.start()]
        if self._form == "html" or margin.strip():
            named = f' class="language-{html.escape(language)}"' if language else ""
            return self._keep(f"<pre><code{named}>{html.escape(text, quote=False)}</code></pre>")
        longest = max(map(len, re.findall(r"`+", text)), default=0)
        fence = "`" * max(3, longest + 1)
        return self._keep(f"{fence}{language}\n{text}\n{margin}{fence}\n")

    def _indented(self, match: re.Match[str]) -> str:
        before = match.string[: match.start()].rstrip()
        last = before[before.rfind("\n") + 1 :]
        return match.group() if _LIST.match(last) else self._keep(match.group())
