"""How an attempt to send a request can end."""

from typing import Literal, get_args

import msgspec

Outcome = Literal["sent", "gone", "refused", "failed", "unreachable", "timeout", "blocked"]
"""The outcome of one attempt: `gone` is 410, `refused` any other 400, `failed` every other status.

`blocked` is an address that is not public.
"""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


class Result(msgspec.Struct, frozen=True):
    """How an attempt ended; `problem` describes a failure and is empty otherwise.

    `retry_after_seconds` is the pause that the receiver asks for.
    """

    outcome: Outcome
    problem: str = ""
    retry_after_seconds: float = 0.0
