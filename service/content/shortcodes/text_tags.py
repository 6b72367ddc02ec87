"""Tags whose arguments are themselves text: a key, a label, the title of what can be unfolded."""

import html
import re
from collections.abc import Callable

from service.content.shortcodes.tag_arguments import Arguments, quoted

_CONTENT = ("content", "text", "body", "message", "info", "warning", "tip", "note", "danger", "success")
_TITLE = ("title", "summary", "header", "label", "name", "tabname")


def inline(element: str) -> Callable[[str, Arguments, bool], str]:
    """Words within a line: `{% kbd Ctrl %}`, `{% span red, words %}`, `{{< sup "1" >}}`; "" for a pair."""

    def said(name: str, given: Arguments, alone: bool) -> str:
        del name, alone
        words = given.get("text") or (_bare(given) if not given.named else "")
        return f"<{element}>{_escaped(words)}</{element}>" if words else ""

    return said


def abbreviation(name: str, given: Arguments, alone: bool) -> str:
    """`{{< abbr "HTML" "Hypertext Markup Language" >}}`, or its arguments by name."""
    del name, alone
    short = given.first("text", "abbr", "short")
    long = given.get("title", "full", "long") or next(iter(given.plain[1:]), "")
    return f"<abbr title={quoted(long)}>{_escaped(short)}</abbr>" if short else ""


def label(name: str, given: Arguments, alone: bool) -> str:
    """NexT's `{% label primary@words %}`, Butterfly's `{% label word colour %}`."""
    del name, alone
    _, mark, words = given.written.partition("@")
    said = words if mark else next(iter(given.plain), "")
    return f"<mark>{_escaped(said.strip())}</mark>" if said.strip() else ""


def unfolding(name: str, given: Arguments, alone: bool) -> str:
    """The title of what unfolds or is one of several tabs, before the text that stays."""
    del name, alone
    return _titled(
        given.get(*_TITLE) or next(iter(given.quoted), "") or ("" if given.named else _bare(given))
    )


def boxed(name: str, given: Arguments, alone: bool) -> str:
    """A notice's title, `{{< admonition tip "Title" >}}`, or its text: `{% include tip content="" %}`."""
    del name, alone
    if content := given.get(*_CONTENT):
        return f"<p>{_escaped(content)}</p>"
    typed = given.plain and given.quoted and given.plain[0] != given.quoted[0]
    return _titled(given.get("title") or (given.quoted[0] if typed else ""))


def _titled(title: str) -> str:
    return f"<p><strong>{_escaped(title)}</strong></p>" if title.strip() else ""


def _bare(given: Arguments) -> str:
    """What is said after a comma, where a colour or a class stands before one; else all of it."""
    if given.quoted:
        return given.quoted[0]
    before, comma, after = given.written.partition(",")
    return (after if comma and re.fullmatch(r"[\w\s#-]*", before, re.ASCII) else given.written).strip()


def _escaped(words: str) -> str:
    return html.escape(html.unescape(words), quote=False)
