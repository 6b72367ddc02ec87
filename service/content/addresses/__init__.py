"""The addresses that an engine made from patterns in its settings: `/:year/:title/` → `/2019/vote`.

One file an engine: `*_scheme` makes the scheme of a site from its settings, once a folder, and
`made_address` asks it for each article. No engine knows another.
"""

from service.content.addresses.jekyll import is_post_of_jekyll
from service.content.addresses.made import made_address, scheme_of, with_base
from service.content.addresses.scheme import Scheme
from service.content.addresses.told import Told

__all__ = ["Scheme", "Told", "is_post_of_jekyll", "made_address", "scheme_of", "with_base"]
