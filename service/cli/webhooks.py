"""`broadsheet webhooks`."""

import click

from service.cli.async_command import run_async
from service.cli.options import read_settings
from service.errors import UnknownRevision, counted
from service.filter_parsers import parse_instant
from service.index import Index, now, sibling_path
from service.model import Site
from service.settings import Settings
from service.settings.webhooks import Webhook
from service.webhooks.delivery import next_attempt_at
from service.webhooks.delivery_state import (
    FILE_NAME,
    DeliveryState,
    DeliveryStateFile,
    describe_given_up,
    replayed,
)
from service.webhooks.events import choose_events, format_instant


def run(replay: str | None, only: str | None, **options: str | None) -> None:
    """Print each webhook and its state, or have events sent again."""
    settings = read_settings(options)
    webhooks = _choose(settings, only)
    run_async(_list(settings, webhooks) if replay is None else _replay(settings, webhooks, replay))


def _choose(settings: Settings, only: str | None) -> tuple[Webhook, ...]:
    """All webhooks, or the one with the id `only`."""
    if not settings.webhooks:
        file = settings.content / "site.toml"
        missing = "" if file.exists() else ", which does not exist; give --content DIR"
        raise click.UsageError(f"there are no [[webhooks]] tables in {file}{missing}.")
    chosen = tuple(webhook for webhook in settings.webhooks if only in (None, webhook.id))
    if not chosen:
        known = ", ".join(webhook.id for webhook in settings.webhooks)
        raise click.BadParameter(f"there is no webhook {only!r}; there are {known}.")
    return chosen


async def _list(settings: Settings, webhooks: tuple[Webhook, ...]) -> None:
    state_file = DeliveryStateFile(sibling_path(settings.index, FILE_NAME))
    index = Index(settings.index)
    try:
        for webhook in webhooks:
            state = state_file.state(webhook.url)
            click.echo(f"{webhook.id} {webhook.url}\n  {await _describe(index, state)}")
    finally:
        await index.close()


async def _describe(index: Index, state: DeliveryState | None) -> str:
    if state is None:
        return "new: `broadsheet serve` sends it what changes after its start"
    parts: list[str] = [state.status]
    if state.generation == await index.newest_generation() and not state.waiting:
        parts.append("everything is sent")
    if state.failures:
        since = format_instant(int(state.failing_since))
        parts.append(f"{counted(state.failures, 'failure')} since {since}")
    if number := len(state.waiting):
        parts.append(f"{counted(number, 'event')} wait{'s' * (number == 1)} to be sent again")
    if state.given_up:
        parts.append(describe_given_up(state.given_up))
    if state.problem:
        parts.append(f"the last failure: {state.problem}")
    due_at = next_attempt_at(state)
    if due_at is not None:
        is_late = due_at <= now().timestamp()
        when = "now, while `broadsheet serve` runs" if is_late else f"at {format_instant(int(due_at))}"
        parts.append(f"the next attempt is due {when}")
    return "; ".join(parts)


async def _replay(settings: Settings, webhooks: tuple[Webhook, ...], since: str) -> None:
    """Let each of `webhooks` continue at `since`, a revision or an instant."""
    state_file = DeliveryStateFile(sibling_path(settings.index, FILE_NAME))
    index = Index(settings.index)
    try:
        generation = await _find_generation(index, settings.site, since)
        differences = await index.differences(generation)
        for webhook in webhooks:
            while not state_file.replace(
                webhook.url, state := state_file.state(webhook.url), after := replayed(state, generation)
            ):
                pass
            chosen = [await choose_events(webhook, difference, index.find_ids) for difference in differences]
            click.echo(f"{webhook.id} {webhook.url}\n  {_describe_replay(sum(map(len, chosen)), after)}")
    finally:
        await index.close()


def _describe_replay(events: int, state: DeliveryState) -> str:
    replayed = f"{counted(events, 'event')} since then: `broadsheet serve` sends them, in order"
    if not state.waiting:
        return replayed
    number = len(state.waiting)
    return f"{replayed}; {counted(number, 'earlier one')} still wait{'s' * (number == 1)} to be sent"


async def _find_generation(index: Index, site: Site, since: str) -> int:
    """The number of the revision `since`, or of the last one before the instant `since`."""
    try:
        return await index.generation_before(parse_instant(since, site))
    except ValueError:
        pass  # it is a revision
    try:
        return await index.generation_of(since)
    except UnknownRevision:
        raise click.BadParameter(
            f"{since!r} is neither a revision in the journal nor an instant such as 2026-11-30T09:00:00Z."
        ) from None
