"""`broadsheet webhooks`."""

import click

from service.cli.async_command import run_async
from service.cli.options import read_settings
from service.errors import UnknownRevision
from service.filter_parsers import parse_instant
from service.index import Index, sibling_path
from service.model import Site
from service.settings import Settings
from service.settings.webhooks import Webhook
from service.webhooks.delivery_log import LOG_NAME, DeliveryLog, DeliveryState
from service.webhooks.events import events_of, format_instant, is_wanted


def run(replay: str | None, only: str | None, **options: str | None) -> None:
    """Print each webhook and its state, or have events sent again."""
    settings = read_settings(options)
    webhooks = _choose(settings, only)
    run_async(_list(settings, webhooks) if replay is None else _replay(settings, webhooks, replay))


def _choose(settings: Settings, only: str | None) -> tuple[Webhook, ...]:
    """All webhooks, or the one with the id `only`."""
    if not settings.webhooks:
        raise click.UsageError(f"there are no [[webhooks]] tables in {settings.content / 'site.toml'}.")
    chosen = tuple(webhook for webhook in settings.webhooks if only in (None, webhook.id))
    if not chosen:
        known = ", ".join(webhook.id for webhook in settings.webhooks)
        raise click.BadParameter(f"there is no webhook {only!r}; there are {known}.")
    return chosen


async def _list(settings: Settings, webhooks: tuple[Webhook, ...]) -> None:
    delivery_log = DeliveryLog(sibling_path(settings.index, LOG_NAME))
    index = Index(settings.index)
    try:
        for webhook in webhooks:
            state = delivery_log.state(webhook.url)
            click.echo(f"{webhook.id} {webhook.url}\n  {await _describe(index, state)}")
    finally:
        await index.close()


async def _describe(index: Index, state: DeliveryState | None) -> str:
    if state is None:
        return "new: `broadsheet serve` sends it what changes from then on"
    parts: list[str] = [state.status]
    if state.generation == await index.newest_generation():
        parts.append("everything is sent")
    if state.failures:
        since, next_attempt = format_instant(int(state.failing_since)), format_instant(int(state.retry_at))
        parts.append(f"{state.failures} failures since {since}, the last one: {state.problem}")
        if state.status == "active":
            parts.append(f"the next attempt is due at {next_attempt}")
    return "; ".join(parts)


async def _replay(settings: Settings, webhooks: tuple[Webhook, ...], since: str) -> None:
    """Let each of `webhooks` continue at `since`, a revision or an instant."""
    delivery_log = DeliveryLog(sibling_path(settings.index, LOG_NAME))
    index = Index(settings.index)
    try:
        generation = await _find_generation(index, settings.site, since)
        differences = await index.differences(generation)
    finally:
        await index.close()
    for webhook in webhooks:
        while True:
            state = delivery_log.state(webhook.url)
            replays = state.replays + 1 if state else 0
            if delivery_log.replace(
                webhook.url, state, DeliveryState(generation=generation, replays=replays)
            ):
                break
        count = sum(
            is_wanted(webhook, event) for difference in differences for event in events_of(difference)
        )
        click.echo(f"{webhook.id} {webhook.url}\n  {count} events are sent by `broadsheet serve`")


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
