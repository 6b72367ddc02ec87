"""What schemathesis is told about our API: a hook module of its command line.

That valid data is accepted is checked by its own check, but for what no schema can say: a cursor belongs to a
query, relevance needs a search, and `*` in a search stands after a prefix that is long enough.
"""

from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, Response
from schemathesis.specs.openapi.checks import positive_data_acceptance


@schemathesis.check
def valid_data_is_accepted(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    if response.status_code == 400 and "json" in response.headers["content-type"][0]:
        parameter = response.json().get("parameter")
        ranked = case.query.get("sort") == "relevance"
        shortened = "*" in str(case.query.get("q"))
        if parameter == "cursor" or (parameter == "sort" and ranked) or (parameter == "q" and shortened):
            return None
    return positive_data_acceptance(ctx, response, case)
