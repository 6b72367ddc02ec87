"""WebSub: a new revision of the index goes in, hubs are notified of the feeds whose bytes have changed (§6).

Begin with `publisher`, which watches the index and runs one notifier for each hub.
"""
