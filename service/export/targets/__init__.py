"""Where an export is written to: `folder` or `bucket`, which are both a `target.ExportTarget`."""
