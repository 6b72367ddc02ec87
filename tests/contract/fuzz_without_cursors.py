"""The same as `fuzz_checks`, but without cursors and `related`, so that most requests are valid ones."""

from typing import Any

import schemathesis
from schemathesis import HookContext

from tests.contract.fuzz_checks import response_has_its_schema, valid_data_is_accepted

__all__ = ["drop_cursor_and_related", "response_has_its_schema", "valid_data_is_accepted"]


@schemathesis.hook("map_query")
def drop_cursor_and_related(_: HookContext, query: dict[str, Any] | None) -> dict[str, Any] | None:
    return {name: value for name, value in (query or {}).items() if name not in ("cursor", "related")}
