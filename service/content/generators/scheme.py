"""The interface of a generator's address scheme."""

from typing import Protocol

from service.content.generators.page_variables import PageVariables


class Scheme(Protocol):
    """How one site builds the addresses of its articles.

    `folder` is the folder of the site below the content folder; `base` the path before all its addresses
    (`/blog`), or "".
    """

    @property
    def folder(self) -> str: ...

    @property
    def base(self) -> str: ...

    def address(self, page: PageVariables) -> str | None:
        """The address of an article without a pattern of its own; None where it has none or it is unknown."""
