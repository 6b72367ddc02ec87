"""Literals assigned in Python source, read without running it."""

import ast
import warnings
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from service.errors import ContentError

_MOST_ITEMS = 10_000


def parse_python_file(_path: str, text: str) -> dict[str, Any] | None:
    """As `read_python_literals`; None for the settings of a program that needs another version of Python."""
    try:
        return read_python_literals(text)
    except ContentError:
        return None


def read_python_literals(source: str) -> dict[str, Any]:
    """The value of each module-level name that is assigned a literal; the last assignment counts.

    Lists may be joined, extended and made of names above. Of a list with anything else (calls, f-strings),
    the literal items count; assignments of anything else are ignored. Raises ContentError for source that is
    not valid Python.
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
            values[name] = _evaluate(value, values)
    return values


def _evaluate(node: ast.expr, values: dict[str, Any]) -> Any:
    """The value of a literal, of a name among `values`, or of lists of these that are joined.

    Raises ValueError for anything else.
    """
    if isinstance(node, ast.Name) and node.id in values:
        return values[node.id]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = [_evaluate_list(side, values) for side in (node.left, node.right)]
        known = [side for side in sides if side is not None]
        if not known:
            return ast.literal_eval(node)
        return [item for side in known for item in side][:_MOST_ITEMS]
    try:
        return ast.literal_eval(node)
    except ValueError:
        if isinstance(node, ast.List) and (items := _evaluate_list(node, values)) is not None:
            return items
        raise


def _evaluate_list(node: ast.expr, values: dict[str, Any]) -> list[Any] | None:
    """The items of a list that are known; None for anything else."""
    if not isinstance(node, ast.List):
        with suppress(ValueError, TypeError):
            value = _evaluate(node, values)
            return value if isinstance(value, list) else None
        return None
    items: list[Any] = []
    for item in node.elts:
        if isinstance(item, ast.Starred):
            items = (items + (_evaluate_list(item.value, values) or []))[:_MOST_ITEMS]
            continue
        with suppress(ValueError, TypeError):
            items.append(_evaluate(item, values))
    return items


def _assignments(module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Names and values of `A = 1`, `A = B = 1`, `A: int = 1`, `A, B = 1, 2`, `A += [1]` and `A.append(1)`."""
    for statement in module.body:
        if (added := _addition(statement)) is not None:
            yield added
            continue
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


def _addition(statement: ast.stmt) -> tuple[str, ast.expr] | None:
    """The name of a list, and what it is once something is added to it; None for any other statement."""
    match statement:
        case ast.AugAssign(target=ast.Name() as name, op=ast.Add(), value=added):
            pass
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name() as name, attr=method), args=[added])
        ):
            if method not in {"append", "extend"}:
                return None
            added = ast.List([added], ast.Load()) if method == "append" else added
        case _:
            return None
    return name.id, ast.BinOp(ast.Name(name.id, ast.Load()), ast.Add(), added)
