"""WebSub publisher: a new revision of the index comes in, hubs are notified of the feeds that changed (§6).

Begin with `notifier`, which watches the index and runs one `HubPinger` for each hub.
"""
