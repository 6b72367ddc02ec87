"""What every engine's way of making addresses can be asked."""

from typing import Protocol

from service.content.generators.addresses.told import Told


class Scheme(Protocol):
    """How the addresses of one site are made.

    `folder` is where its settings lie below ours; `base` the path that stands before all its addresses
    (`/blog`), or "".
    """

    @property
    def folder(self) -> str: ...

    @property
    def base(self) -> str: ...

    def address(self, told: Told) -> str | None:
        """The address of an article that gives none itself; None where it has none, or none can be known."""
