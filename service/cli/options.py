"""Settings from the options of a command, the environment and `site.toml`."""

from collections.abc import Mapping
from typing import Any

from service.model import Site
from service.settings import Settings, load
from service.settings.log_config import configure_logging


def read_settings(options: Mapping[str, Any]) -> Settings:
    """Read the settings and configure logging. Raises SettingsError."""
    settings = load(options, check_templates=check_templates)
    configure_logging(settings.log_level)
    return settings


def check_templates(site: Site) -> str | None:
    """The first fault of a template of `site`, or None."""
    from service.formats.html import fault_of_templates  # most sites have no templates, and need no engine

    return fault_of_templates(site)
