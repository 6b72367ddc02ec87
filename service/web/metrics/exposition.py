"""The metrics of the service, in the text format of Prometheus or as OpenMetrics 1.0."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.registry import Collector

from service import __version__
from service.index import Revision
from service.outgoing.outcomes import OUTCOMES
from service.web.metrics.common_numbers import PROCESSES
from service.web.metrics.counters import COUNTED_FORMATS, STATUSES, Counters
from service.websub.outcomes import PINGS

PLAIN = CONTENT_TYPE_PLAIN_0_0_4
OPEN = openmetrics.CONTENT_TYPE_LATEST


def expose(metrics: Collector, accept: bytes) -> tuple[bytes, str]:
    """The body and the media type that Accept asks for: OpenMetrics, or else the text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(metrics)
    # The library's own negotiation raises a TypeError if a client sends a version that is not a number.
    if b"application/openmetrics-text" in accept:
        return openmetrics.generate_latest(registry), OPEN  # type: ignore[no-untyped-call]
    return generate_latest(registry), PLAIN


class ServiceMetrics(Collector):
    """The counters of all processes of the service, as metrics. `articles` are those that are visible."""

    def __init__(self, counters: Counters, hubs: tuple[str, ...], revision: Revision, articles: int) -> None:
        self._counters = counters
        self._hubs = hubs
        self._revision = revision
        self._articles = articles

    def collect(self) -> Iterator[Metric]:
        """Each metric with its help, in the order of docs/operations.md."""
        yield InfoMetricFamily("broadsheet_build", "The version that runs.", value={"version": __version__})
        yield from self._content_metrics()
        yield from self._refresh_metrics()
        yield from self._publication_metrics()
        yield self._process_restarts()
        yield from self._hub_metrics()
        yield from self._webhook_metrics()
        yield from self._purge_metrics()
        yield from self._request_metrics()

    def _content_metrics(self) -> Iterator[Metric]:
        get = self._counters.get
        yield InfoMetricFamily(
            "broadsheet_revision",
            "The revision of the content that is served; equal on every replica.",
            value={"content": self._revision.content, "transition": str(self._revision.transition)},
        )
        yield GaugeMetricFamily("broadsheet_articles", "Articles that are visible.", self._articles)
        yield GaugeMetricFamily(
            "broadsheet_articles_scheduled", "Articles that are scheduled.", get("scheduled")
        )
        yield GaugeMetricFamily(
            "broadsheet_articles_departed", "Articles withdrawn or expired.", get("departed")
        )
        yield GaugeMetricFamily(
            "broadsheet_faults", "Faults in articles; `broadsheet check` lists them.", get("faults")
        )

    def _refresh_metrics(self) -> Iterator[Metric]:
        get = self._counters.get
        yield CounterMetricFamily(
            "broadsheet_refreshes", "Successful refreshes of the index from the folder.", get("refreshes")
        )
        yield CounterMetricFamily(
            "broadsheet_refresh_failures", "Failed refreshes of the index from the folder.", get("failures")
        )
        yield GaugeMetricFamily(
            "broadsheet_refresh_timestamp_seconds",
            "Time of the last successful refresh, in seconds since 1970.",
            get("refreshed"),
        )
        yield GaugeMetricFamily(
            "broadsheet_refresh_overdue_seconds",
            "Seconds for which a successful refresh has been overdue.",
            self._counters.overdue_seconds(),
        )
        yield GaugeMetricFamily(
            "broadsheet_content_unavailable",
            "1 while the content folder is missing or cannot be read; what was read before is served.",
            get("content_unavailable"),
        )
        yield GaugeMetricFamily(
            "broadsheet_watching",
            "1 while changes of the folder are reported by the system, 0 while it is scanned for them.",
            get("watching"),
        )

    def _publication_metrics(self) -> Iterator[Metric]:
        get = self._counters.get
        yield GaugeMetricFamily(
            "broadsheet_generation",
            "Generation of the index that was published last, or that a replica serves; 0 without a store.",
            get("generation"),
        )
        yield CounterMetricFamily(
            "broadsheet_publications", "Publications of the index to the store.", get("publications")
        )
        yield CounterMetricFamily(
            "broadsheet_publication_failures", "Failed publications.", get("publication_failures")
        )

    def _process_restarts(self) -> Metric:
        restarts = CounterMetricFamily(
            "broadsheet_process_restarts", "Processes that ended unexpectedly.", labels=("process",)
        )
        for name in PROCESSES:
            restarts.add_metric((name,), self._counters.get("restarts", name))
        return restarts

    def _hub_metrics(self) -> Iterator[Metric]:
        pings = CounterMetricFamily(
            "broadsheet_hub_pings", "Attempts to notify a hub of a feed.", labels=("hub", "outcome")
        )
        pending = GaugeMetricFamily(
            "broadsheet_hub_pending", "Feeds that a hub is still to be notified of.", labels=("hub",)
        )
        for hub in self._hubs:
            pending.add_metric((hub,), self._counters.pending(hub))
            for outcome in PINGS:
                pings.add_metric((hub, outcome), self._counters.pings(hub, outcome))
        yield from (pings, pending)

    def _webhook_metrics(self) -> Iterator[Metric]:
        get = self._counters.get
        deliveries = CounterMetricFamily(
            "broadsheet_webhook_deliveries",
            "Attempts to deliver an event to a webhook.",
            labels=("webhook", "outcome"),
        )
        stopped = GaugeMetricFamily(
            "broadsheet_webhook_stopped", "1 while a webhook is paused or disabled.", labels=("webhook",)
        )
        failing_since = GaugeMetricFamily(
            "broadsheet_webhook_failing_since_timestamp_seconds",
            "Time of the first of the failures in a row, in seconds since 1970; 0 while there are none.",
            labels=("webhook",),
        )
        waiting = GaugeMetricFamily(
            "broadsheet_webhook_events_waiting",
            "Events that failed, or wait for one that failed, and are sent again.",
            labels=("webhook",),
        )
        given_up = GaugeMetricFamily(
            "broadsheet_webhook_events_given_up",
            "Events that were given up, since the last replay.",
            labels=("webhook",),
        )
        for webhook_id in self._counters.webhook_ids:
            waiting.add_metric((webhook_id,), get("webhook_waiting", webhook_id))
            given_up.add_metric((webhook_id,), get("webhook_given_up", webhook_id))
            stopped.add_metric((webhook_id,), get("webhook_stopped", webhook_id))
            failing_since.add_metric((webhook_id,), get("webhook_failing_since", webhook_id))
            for outcome in OUTCOMES:
                deliveries.add_metric((webhook_id, outcome), get("deliveries", webhook_id, outcome))
        yield from (deliveries, stopped, failing_since, waiting, given_up)

    def _purge_metrics(self) -> Iterator[Metric]:
        get = self._counters.get
        requests = CounterMetricFamily(
            "broadsheet_purge_requests", "Requests that purge a cache.", labels=("purge", "outcome")
        )
        pending = GaugeMetricFamily(
            "broadsheet_purge_pending",
            "1 while a cache may hold what has changed, 0 once it is purged.",
            labels=("purge",),
        )
        failing_since = GaugeMetricFamily(
            "broadsheet_purge_failing_since_timestamp_seconds",
            "Time of the first of the failures in a row, in seconds since 1970; 0 while there are none.",
            labels=("purge",),
        )
        for purge_id in self._counters.purge_ids:
            pending.add_metric((purge_id,), get("purge_pending", purge_id))
            failing_since.add_metric((purge_id,), get("purge_failing_since", purge_id))
            for outcome in OUTCOMES:
                requests.add_metric((purge_id, outcome), get("purges", purge_id, outcome))
        yield from (requests, pending, failing_since)

    def _request_metrics(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "broadsheet_requests_waiting",
            "Requests to /changes that wait for a change, as `Prefer: wait` asks.",
            self._counters.waiting(),
        )
        responses = CounterMetricFamily(
            "broadsheet_responses", "Responses by format and status.", labels=("format", "status")
        )
        for format_name in COUNTED_FORMATS:
            for status in STATUSES:
                if count := self._counters.responses(format_name, status):
                    responses.add_metric((format_name, str(status)), count)
        yield responses
