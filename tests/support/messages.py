"""Every message of the service: errors, faults, notes, log events, help texts and descriptions.

`python -m tests.support.messages` writes them to tests/messages.txt, where they can be read in one piece.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.server import ROOT

MESSAGES = ROOT / "tests" / "messages.txt"

_WORDS = re.compile(r"(?:^|[\s'\"`(])[A-Za-z]['A-Za-z]*[,:;]? (?:[^ ]* ){0,2}?[A-Za-z]{2}")
_NO_MESSAGE = re.compile(
    r"""
    \(\?[:=!<P] | \\[bsdwnS] | \[\^ | \{0,           # a regular expression
    | ^\s*(?:SELECT|INSERT|DELETE|UPDATE|CREATE|DROP|PRAGMA|ALTER|WITH|BEGIN|FROM|WHERE|AND|ATTACH)\b
    | \ =\ \? | \bIS\ NULL | ^\s*(?:v|a|c)\.\w+      # SQL
    | \b(?:ASC|DESC|AS)\b
    | <[a-z/] | ^[a-z-]+= | -src\ '\w | max-age= | ^noindex\b  # HTML and header fields
    """,
    re.VERBOSE,
)
_LIST = re.compile(r"(?:[^\W_][\w~;-]*\s+){6,}[\w~;-]+(?:\s.*)?", re.DOTALL)
_CODES = re.compile(r"\s*[a-z]{2,3}(?:\s+[a-z]{2,3})+\s*")
_ARTICLE = re.compile(r"\b(?:the|an?) ")
_DATA_CALLS = {"compile", "execute", "executemany", "split", "many", "Span", "frozenset"}
_COMMANDS = "cli/commands.py"


def collect_messages() -> dict[str, list[str]]:
    """The messages of each module below service/, in their order."""
    service = ROOT / "service"
    paths = sorted(path.relative_to(service).as_posix() for path in service.rglob("*.py"))
    messages_by_path = {path: list(_messages(path, service / path)) for path in paths}
    return {path: messages for path, messages in messages_by_path.items() if messages}


def _messages(path: str, file: Path) -> Iterator[str]:
    tree = ast.parse(file.read_text("utf-8"))
    yield from dict.fromkeys(_texts(tree))
    if path == _COMMANDS:  # click shows the docstrings of commands
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                lines = (ast.get_docstring(node) or "").splitlines()
                yield from (line for line in lines if line.strip(" \b"))


def _texts(node: ast.AST) -> Iterator[str]:
    """Each literal below `node` that reads like a sentence or a part of one; what varies is `{…}`."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if isinstance(node, ast.Constant | ast.JoinedStr):
        text = _text(node)
        if _is_message(text):
            yield " ".join(text.split())
        if isinstance(node, ast.Constant):
            return
    if isinstance(node, ast.Call) and _name(node.func) in _DATA_CALLS:
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant):
            continue
        yield from _texts(child)


def _is_message(text: str) -> bool:
    if "\n" in text.strip() or _NO_MESSAGE.search(text) or not _WORDS.search(text):
        return False
    if _CODES.fullmatch(text):
        return False
    return not _LIST.match(text) or bool(_ARTICLE.search(text))


def _text(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else f"{{{_name(part)}}}" for part in node.values
    )


def _name(node: ast.AST) -> str:
    """The name of a value or function; `…` for any other expression."""
    if isinstance(node, ast.FormattedValue):
        return _name(node.value)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else "…"


def format_messages() -> str:
    """The table: each module, and its messages below it, indented."""
    return "\n".join(
        "\n".join([path, *(f"    {message}".rstrip() for message in messages), ""])
        for path, messages in collect_messages().items()
    )


if __name__ == "__main__":
    MESSAGES.write_text(format_messages(), "utf-8")
