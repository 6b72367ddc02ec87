"""Logs why requests fail when it begins, changes and ends, not at each request."""

import logging
import secrets
from hashlib import sha256

from service.log_on_change import LogOnChange


class FailureLog:
    """Reasons for which requests fail, each logged under an id that all requests which fail for it name."""

    def __init__(self, beginning: str, over: str = "") -> None:
        self._salt = secrets.token_hex(8)
        self._log = LogOnChange(logging.ERROR, beginning, over)

    def report(self, reason: str) -> str:
        """Say that a request fails for `reason`; the id that the log has it under."""
        request_id = sha256(f"{self._salt} {reason}".encode()).hexdigest()[:16]
        self._log.report(f"request {request_id}: {reason}")
        return request_id

    def report_success(self) -> None:
        """Say that a request did not fail for any of the reasons."""
        self._log.report("")
