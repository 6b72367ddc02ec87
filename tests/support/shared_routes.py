"""The routes of the applications of a process, made once: Litestar takes 50 ms to make them."""

import copy
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.datastructures import State
from litestar.events import SimpleEventEmitter

from service.formats.html.templates import compile_templates
from service.model import Site
from service.settings import Settings
from service.web.app import create_app


class SharedRoutes:
    """Takes the place of `Litestar` in `service.web.app`, where each application has the same handlers.

    Applications differ in their lifespan and state. Each request finds its own application in its scope, and
    a server starts and stops an application through its router.
    """

    def __init__(self) -> None:
        self._first: Litestar | None = None

    def __call__(self, *, lifespan: list[Any], **arguments: Any) -> Litestar:
        self._first = self._first or Litestar(**arguments)
        app = copy.copy(self._first)
        app.state = State()
        app.asgi_router = copy.copy(app.asgi_router)
        app.asgi_router.app = app
        app.event_emitter = SimpleEventEmitter(())
        app.on_startup, app.on_shutdown, app._lifespan_managers = [], [], lifespan
        return app


def share_routes(patch: pytest.MonkeyPatch) -> None:
    """Let the applications of this process share their routes, until `patch` is undone."""
    patch.setattr("service.web.app.Litestar", SharedRoutes())


def prepare_applications() -> None:
    """Make the routes and compile the templates, for all processes that are forked from this one."""
    share_routes(pytest.MonkeyPatch())
    create_app(Settings(content=Path(), index="", site=Site()))
    compile_templates(())
