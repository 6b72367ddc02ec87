"""Broadsheet: a folder of articles as a content API, feeds and pages.

The packages form one line; a module imports only from those to its left, or from its own package:

    errors  log_on_change  model  query  markup  content  index  filter_parsers  ingest  urls  formats
    publisher  importing  retries  outgoing  websub  replication  settings  webhooks  purging  web  server
    export  cli
"""

__version__ = "0.1.0"
