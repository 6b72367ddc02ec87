"""The settings that the options of a command make, with what is in the environment and in `site.toml`."""

from collections.abc import Mapping
from typing import Any

from service.server import configure_logging
from service.settings import Settings, load


def read_settings(options: Mapping[str, Any]) -> Settings:
    """The settings, logging as they say. Raises SettingsError."""
    settings = load(options)
    configure_logging(settings.log_level)
    return settings
