"""A Django site with the syndication framework and views that answer JSON."""
