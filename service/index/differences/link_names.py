"""The names by which an article is found again when something that it links to changes."""

import hashlib


def link_name(value: str) -> int:
    """A hash of the part that the spellings of one link have in common: `/2019/vote.html`, `vote/index.md`.

    Equal values have equal names, and so may others: then more articles are examined than necessary.
    """
    *_, parent, last = f"//{value.rstrip('/')}".split("/")
    stem = last.partition(".")[0] or last
    common = parent if stem == "index" else stem
    digest = hashlib.blake2b(common.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
