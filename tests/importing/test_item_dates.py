"""Dates of imported items."""

from datetime import UTC, datetime

from service.importing.item import FieldReader, ImportOptions
from service.model import Site


def test_an_unknown_zone_is_read_as_utc_and_noted() -> None:
    reader = FieldReader(ImportOptions(site=Site(time_zone="Asia/Tokyo")), None)
    instant = reader.instant("Mon, 28 Jan 2019 10:00:00 IST", "pubDate")
    assert instant == datetime(2019, 1, 28, 10, tzinfo=UTC)
    [(kind, message)] = reader.notes
    assert kind == "note"
    assert "pubDate 'Mon, 28 Jan 2019 10:00:00 IST': unknown or ambiguous zone IST; read as UTC" in message


def test_a_zone_of_the_site_is_not_noted() -> None:
    reader = FieldReader(ImportOptions(site=Site(time_zone="Asia/Kolkata")), None)
    instant = reader.instant("Mon, 28 Jan 2019 10:00:00 IST", "pubDate")
    assert instant == datetime(2019, 1, 28, 4, 30, tzinfo=UTC)
    assert reader.notes == []
