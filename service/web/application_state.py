"""The state of the application that handlers work with: one object for each worker."""

from collections.abc import Callable

import msgspec
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.types import Scope

from service.index import Index
from service.model import Site
from service.publisher import Publisher
from service.settings import Settings
from service.web.change_waiters import ChangeWaiters
from service.web.content_files import FileSource
from service.web.metrics.counters import Counters
from service.web.problems.failure_log import FailureLog
from service.web.revision_poller import RevisionPoller


class ApplicationState(msgspec.Struct, frozen=True):
    """The index, the publisher, the files and what else a handler may need.

    `index_failures` logs why the index cannot answer. `request_reload` asks the process that keeps the index
    for a look at the folder; None if there is none.
    """

    settings: Settings
    index: Index
    publisher: Publisher
    files: FileSource
    counters: Counters
    poller: RevisionPoller
    waiters: ChangeWaiters
    index_failures: FailureLog
    request_reload: Callable[[], None] | None

    @property
    def site(self) -> Site:
        """The site as of the revision that is served."""
        return self.publisher.site

    @property
    def list_cache_control(self) -> str:
        """Cache-Control of lists, directories and what is like them."""
        return self.cache_control(self.settings.list_max_age_seconds)

    def cache_control(self, max_age_seconds: int) -> str:
        """Cache-Control for a class of addresses (RFC 9111 §5.2, RFC 5861)."""
        return (
            f"public, max-age={max_age_seconds}, "
            f"stale-while-revalidate={self.settings.stale_while_revalidate_seconds}, "
            f"stale-if-error={self.settings.stale_if_error_seconds}"
        )


def application_state(scope: Scope) -> ApplicationState:
    """The state of the application that answers this request."""
    app_state: ApplicationState = scope["litestar_app"].state["app_state"]
    return app_state


InjectedState = NamedDependency[SkipValidation[ApplicationState]]
"""The type of a handler's `app_state`."""
