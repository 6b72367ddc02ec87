"""WebSub publisher: a new revision of the index comes in, hubs are notified of the feeds that changed (§6).

Begin with `publisher`, which watches the index and runs one notifier for each hub.
"""
