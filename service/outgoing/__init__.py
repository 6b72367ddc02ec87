"""Requests that the service sends to other programs: webhooks, and purges of caches.

In: a request, which a `RequestSender` sends once. Out: a `Result`. How far a receiver was served is kept in a
`StateFile`; `index_watch` runs what follows the index.
"""
