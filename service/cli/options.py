"""Settings from the options of a command, the environment and `site.toml`."""

from collections.abc import Mapping
from typing import Any

from service.formats.html import fault_of_templates
from service.settings import Settings, load
from service.settings.log_config import configure_logging


def read_settings(options: Mapping[str, Any]) -> Settings:
    """Read the settings and configure logging. Raises SettingsError."""
    settings = load(options, check_templates=fault_of_templates)
    configure_logging(settings.log_level)
    return settings
