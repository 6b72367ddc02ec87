"""An index made of Article values, without files."""

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from service.content.records import FilePart, LoadedFile
from service.index.database import writing
from service.index.differences.changed_articles import ChangedArticles
from service.index.differences.recording import record_difference
from service.index.instants import seconds
from service.index.state import IndexState, Revision, write_site
from service.index.visibility import VisibilityWriter, update_visibility, with_counts
from service.index.writer import ArticleWriter
from service.ingest.parse import to_parsed_file
from service.model import Article, Site


def build_index(path: Path, articles: Iterable[Article], site: Site, now: datetime) -> str:
    """Build an index of `articles`, each in a file of its own, at `path`; its URL."""
    moment = seconds(now) or 0
    with writing(path) as connection, ExitStack() as stack:
        changed = ChangedArticles(connection)
        visibility_writer = stack.enter_context(VisibilityWriter(connection, moment, changed))
        writer = ArticleWriter(connection, visibility_writer, changed, moment)
        for article in articles:
            part = FilePart(article.path, 0)
            writer.replace(article.path, to_parsed_file(part, b"", LoadedFile((article,)), site).rows)
        writer.assign_identities(site)
        writer.remember_former_articles()
        update_visibility(connection, visibility_writer, moment, path)
        write_site(connection, site)
        state = with_counts(IndexState(content="1", fingerprint="1"), connection, moment)
        record_difference(connection, changed, Revision(""), state.revision, moment)
        state.write(connection)
    return f"sqlite:///{path}"
