"""The routes of the applications of a process, made once: Litestar takes 50 ms to make them."""

import copy
from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.events import SimpleEventEmitter


class SharedRoutes:
    """Takes the place of `Litestar` in `service.web.app`, where each application has the same handlers.

    Applications differ in their lifespan and state. Each request finds its own application in its scope.
    """

    def __init__(self) -> None:
        self._first: Litestar | None = None

    def __call__(self, *, lifespan: list[Any], **arguments: Any) -> Litestar:
        self._first = self._first or Litestar(**arguments)
        app = copy.copy(self._first)
        app.state = State()
        app.event_emitter = SimpleEventEmitter(())
        app.on_startup, app.on_shutdown, app._lifespan_managers = [], [], lifespan
        return app
