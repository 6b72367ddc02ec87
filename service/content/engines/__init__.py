"""What the engines keep beside articles: settings and defaults, read as data and never run.

`keeps` knows the files by their names, `read_engine` reads the settings of one site, `directory_defaults` and
`cascades` the defaults a folder gives its articles, `site_facts` what the folder says of the site,
`schemes_of` how its addresses were made, `resources` which files are but parts of a page.
"""

from service.content.engines.addressing import schemes_of
from service.content.engines.bundles import resources
from service.content.engines.defaults import defaults_of
from service.content.engines.eleventy import directory_defaults, names_directory_data
from service.content.engines.facts import SiteFacts, site_facts
from service.content.engines.files import HIDDEN, keeps, may_cascade, names_settings
from service.content.engines.hugo import cascades
from service.content.engines.reading import Engine, read_engine

__all__ = [
    "HIDDEN",
    "Engine",
    "SiteFacts",
    "cascades",
    "defaults_of",
    "directory_defaults",
    "keeps",
    "may_cascade",
    "names_directory_data",
    "names_settings",
    "read_engine",
    "resources",
    "schemes_of",
    "site_facts",
]
