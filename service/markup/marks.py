"""The two marks a reference in safe HTML may begin with; text never holds them (see `characters`)."""

SITE = "\x01"
SELF = "\x02"
