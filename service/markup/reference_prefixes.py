"""The prefixes of marked references in safe HTML; text never contains them (see `characters`)."""

SITE = "\x01"
SELF = "\x02"
