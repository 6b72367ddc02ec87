"""Broadsheet: a folder of articles as a content API, feeds and pages.

The architecture is one line; a module imports only what stands to its left, or its own package:

    errors  log_on_change  model  query  markup  content  index  urls  formats  publisher  importing
    websub  settings  web  server  cli
"""

__version__ = "0.1.0"
