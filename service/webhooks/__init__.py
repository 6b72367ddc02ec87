"""Webhooks: differences between revisions come in, signed HTTP requests go out (Standard Webhooks 1.0).

Begin with `notifier`, which watches the journal and runs one `delivery` for each webhook.
"""
