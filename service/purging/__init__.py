"""Tells caches in front of the service what has changed: differences come in, purge requests go out.

Begin with `notifier`, which runs one `CachePurger` for each cache; `requests` has the APIs of the products.
"""
