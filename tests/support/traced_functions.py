"""The functions that code enters, and those that a table of `docs/architecture.md` names."""

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from tests.support.server import ROOT

Function = tuple[str, str]
"""A module below `service`, and a function or method in it."""

Calls = list[tuple[Function, list[Function]]]
"""Each function that is entered, and the functions of the service that it is called by."""


def documented(heading: str, column: int) -> list[Function]:
    """The functions in a column of the table whose first cell is `heading`."""
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    match = re.search(rf"^\| {re.escape(heading)} \|.*\n\|[ |-]+\|\n((?:\|.*\|\n)+)", text, re.MULTILINE)
    assert match
    functions = []
    for row in match[1].splitlines():
        cells = row.strip("|").split("|")
        name, module = re.findall(r"`([^`]+)`", cells[0 if cells[column].strip() == "the same" else column])
        functions.append((module, name))
    return functions


@contextmanager
def traced() -> Iterator[Calls]:
    """The calls within the block, in every thread that begins there."""
    calls: Calls = []

    def record(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and (function := _function_of(frame.f_code)):
            callers = []
            caller = frame.f_back
            while caller:
                callers += [name for name in [_function_of(caller.f_code)] if name]
                caller = caller.f_back
            calls.append((function, callers))

    threading.setprofile(record)
    sys.setprofile(record)
    try:
        yield calls
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def entered(calls: Calls, expected: list[Function]) -> list[Function]:
    """Those of the `expected` functions that were entered, in the order of their first calls."""
    functions = dict.fromkeys(function for function, _ in calls)
    return [function for function in functions if function in expected]


def other_callers(calls: Calls, expected: list[Function]) -> set[Function]:
    """The functions that are not `expected` and called one that is, or one around it."""
    return {
        caller
        for function, callers in calls
        for caller in callers
        if function in expected and caller not in expected
    }


def _function_of(code: CodeType) -> Function | None:
    """The function with this code, if it is one of the service; of a local one only its own name.

    Comprehensions, which are functions in some versions of Python, are none.
    """
    path = Path(code.co_filename)
    if code.co_name.startswith("<") or not path.is_relative_to(ROOT / "service"):
        return None
    module = path.relative_to(ROOT / "service").with_suffix("").as_posix()
    return module, code.co_qualname.rpartition("<locals>.")[2]
