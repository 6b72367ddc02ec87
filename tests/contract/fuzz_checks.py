"""Checks of schemathesis for our API: a hook module of its command line.

That valid data is accepted is checked by its own check, but for what no schema can say: a cursor belongs to a
query, `related` names an article that is there, some orders need a filter, and `*` in a search follows a
prefix that is long enough. Neither can it say that a request for some `fields` has a response of another
schema, which is described apart. A revision that `since` names may be unknown.
"""

from typing import Any

import jsonschema_rs
import schemathesis
from schemathesis import Case, CheckContext, Response
from schemathesis.specs.openapi.checks import positive_data_acceptance, response_schema_conformance


@schemathesis.check
def valid_data_is_accepted(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    if response.status_code == 400 and "json" in response.headers["content-type"][0]:
        parameter = response.json().get("parameter")
        needs_filter = case.query.get("sort") in ("relevance", "series")
        has_prefix = parameter in ("q", "title") and "*" in str(case.query.get(parameter))
        if parameter in ("cursor", "related") or (parameter == "sort" and needs_filter) or has_prefix:
            return None
    if response.status_code == 410 and "since" in case.query:
        return None
    return positive_data_acceptance(ctx, response, case)


@schemathesis.check
def response_has_its_schema(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    media_type = response.headers.get("content-type", [""])[0]
    if response.status_code == 200 and media_type == "application/json" and case.query.get("fields"):
        document = case.operation.schema.raw_schema
        name = "Selection" if "{slug}" in case.operation.path else "Selections"
        schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        jsonschema_rs.validator_for(schema).validate(response.json())
        return None
    return response_schema_conformance(ctx, response, case)
