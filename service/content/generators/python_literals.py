"""Literals assigned in Python source, read without running it."""

import ast
import warnings
from collections.abc import Iterator
from typing import Any

from service.errors import ContentError


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
    except (
        ValueError,
        MemoryError,
        RecursionError,
    ):  # a null character, or nesting beyond the parser's limit
        raise ContentError(1, "invalid Python: it cannot be parsed") from None
    values: dict[str, Any] = {}
    for statement in module.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                values |= _assigned(target, statement.value)
        elif isinstance(statement, ast.AnnAssign) and statement.value:
            values |= _assigned(statement.target, statement.value)
    return values


def _assigned(target: ast.expr, value: ast.expr) -> dict[str, Any]:
    return {
        name.id: literal
        for name, item in _pairs(target, value)
        if isinstance(name, ast.Name)
        for literal in _literals(item)
    }


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The single assignments in `A, B = 1, 2`."""
    sequence = ast.Tuple | ast.List
    if isinstance(target, sequence) and isinstance(value, sequence) and len(target.elts) == len(value.elts):
        yield from zip(target.elts, value.elts, strict=True)
    else:
        yield target, value


def _literals(value: ast.expr) -> Iterator[Any]:
    """The literal that `value` is, if it is one."""
    try:
        yield ast.literal_eval(value)
    except (ValueError, TypeError, MemoryError, RecursionError):
        return
