"""Settings as the service reads them, templates checked."""

from collections.abc import Mapping
from typing import Any

from service.formats.html import fault_of_templates
from service.settings import Settings, load


def load_settings(options: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Settings:
    return load(options, environ, check_templates=fault_of_templates)
