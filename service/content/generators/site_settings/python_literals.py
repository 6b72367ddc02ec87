"""Literals assigned in Python source, read without running it."""

import ast
import warnings
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from service.errors import ContentError


def parse_python_file(_path: str, text: str) -> dict[str, Any] | None:
    """As `read_python_literals`; None for the settings of a program that needs another version of Python."""
    try:
        return read_python_literals(text)
    except ContentError:
        return None


def read_python_literals(source: str) -> dict[str, Any]:
    """The value of each module-level name that is assigned a literal; the last assignment counts.

    Assignments of anything else (calls, other names, f-strings) are ignored. Raises ContentError for source
    that is not valid Python.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes such as "\d" in a plain string
            module = ast.parse(source)
    except SyntaxError as error:
        raise ContentError(error.lineno or 1, f"invalid Python: {error.msg}") from None
    except (ValueError, MemoryError, RecursionError):  # a null character, or nested too deep for the parser
        raise ContentError(1, "invalid Python: it cannot be parsed") from None
    values: dict[str, Any] = {}
    for name, value in _assignments(module):
        with suppress(ValueError, TypeError, MemoryError, RecursionError):  # no literal
            values[name] = ast.literal_eval(value)
    return values


def _assignments(module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Names and values of `A = 1`, `A = B = 1`, `A: int = 1` and `A, B = 1, 2`."""
    for statement in module.body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
            continue
        value = statement.value
        for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
            names, items = [target], [value]
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                names, items = target.elts, value.elts
            if len(names) == len(items):  # otherwise a starred name takes several
                pairs = zip(names, items, strict=True)
                yield from ((name.id, item) for name, item in pairs if isinstance(name, ast.Name))
