"""Targets of an export: `folder` and `bucket`, which are both a `target.ExportTarget`."""
