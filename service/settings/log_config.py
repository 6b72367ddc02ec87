"""Configures the log: lines such as `2026-01-02 03:04:05,678 WARNING broadsheet: …` on standard error."""

import logging.config
from typing import Any


def configure_logging(level: str) -> None:
    """Log at `level` (debug, info, warning, error) and above."""
    logging.config.dictConfig(logging_config(level))


def logging_config(level: str) -> dict[str, Any]:
    """The same as a dictionary, which granian passes to its workers."""
    line = {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}
    own = {"handlers": ["line"], "level": level.upper(), "propagate": False}
    # At INFO the server logs a line for every chunk that it could not send to a disconnected client.
    server = own | {"level": "WARNING"} if level == "info" else own
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
        "handlers": {"line": line},
        "loggers": {"_granian": server, "granian.access": own, "httpx": {"level": "WARNING"}},
        "root": {"handlers": ["line"], "level": level.upper()},
    }
