"""Copies of the index for other machines: one publisher writes snapshots to a store, replicas follow them.

A store is a bucket of object storage, or a folder. `current.json` names the snapshot and the deltas
that make the present index; it alone is ever replaced, by a conditional write. Begin with `publish` and
`follow`; `publication` describes the objects, `store` the operations of a store.
"""
