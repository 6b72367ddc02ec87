"""The Index over one SQLite file: quick queries run at once, others in threads with a connection each.

Three groups of threads, so that no query waits for one of a more expensive kind: what reads along one kept
order (feeds, directories, sitemaps), filters that may have to scan, and full-text searches. At 50,000
articles they take up to 5 ms, 100 ms, and 30 ms as people search; the worst searches are stopped.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path

from service.errors import BroadsheetError, IndexUnusable, NoSnapshot, UnknownRevision
from service.index import articles, directories, listings, served_files
from service.index.articles import Moved
from service.index.changelog import NewestEnd
from service.index.database import (
    NO_INDEX,
    FileFacts,
    FileId,
    IncompatibleIndex,
    LogFileIds,
    file_facts,
    file_id,
    file_of,
    is_log_removed,
    log_file_ids,
    open_reader,
    report_damage,
    translate_error,
)
from service.index.differences import journal
from service.index.differences.change_days import find_changes_of, read_days
from service.index.differences.change_pages import find_changes, find_ids
from service.index.differences.difference import Difference
from service.index.differences.manifest import Manifest, ManifestEntry, read_bucket, read_manifest
from service.index.directories import SitemapMonth
from service.index.instants import seconds
from service.index.listings import RevisionCache, Totals
from service.index.query_threads import QueryLimits, QueryThreads
from service.index.served_files import FileRecord
from service.index.state import IndexState, Revision, read_site
from service.index.tables import site_pages
from service.model import Article, Site
from service.query import (
    ArchiveCursor,
    ArchiveMonths,
    ArchivePage,
    ChangeCursor,
    ChangeDay,
    ChangePage,
    ChangePosition,
    Facet,
    FacetKind,
    ListPosition,
    MenuLink,
    Page,
    Query,
    is_quick,
)

_CACHE_KIB = 1000
_ORDERED = QueryLimits(cpu_seconds=5.0, most_waiting=1000, wait_seconds=30.0)
"""All of a large sitemap is counted, and remembered, by one of these."""
_LIMITED = QueryLimits(cpu_seconds=0.5, most_waiting=16, wait_seconds=3.0, niceness=10)
"""Twenty times what people's searches take at 50,000 articles, and no longer a wait than a person has. At
this priority expensive queries leave nine tenths of a core to other requests."""


IndexVersion = tuple[FileId | None, FileFacts | None, int]
"""The file that is read, the one at the path of the index, and the number SQLite gives to what is read."""


class ThreadState(threading.local):
    """The state of one thread: its connection, the files it has open, and what it last read from them."""

    connection: sqlite3.Connection | None = None
    file: FileId | None = None
    log: LogFileIds | None = None
    version: int = -1
    revision: Revision = Revision("")


class Index:
    """Answers queries from the index at `url`. Raises SettingsError, IndexUnavailable.

    That of a replica is opened by the first query that finds one; before, queries raise NoSnapshot. While
    there is an index at `followed`, that one answers instead.

    Every method may raise IndexUnavailable; those that run in a thread also TooManyQueries and
    QueryTooExpensive. Cancelling such a method ends its query.
    """

    def __init__(self, url: str, *, is_replica: bool = False, followed: str | None = None) -> None:
        self._own_path = file_of(url)
        self._followed_path = file_of(followed) if followed else None
        self._is_replica = is_replica
        self._thread = ThreadState()
        self._connections: list[sqlite3.Connection] = []
        self.ordered = QueryThreads("ordered", 2, _ORDERED, self._snapshot)
        self.filters = QueryThreads("filters", 1, _LIMITED, self._snapshot)
        self.searches = QueryThreads("searches", 1, _LIMITED, self._snapshot)
        self._totals: RevisionCache[Totals] = RevisionCache()
        self._ends: RevisionCache[NewestEnd] = RevisionCache()
        if is_replica:
            return
        try:
            with self._snapshot() as connection:
                if not IndexState.read(connection).fingerprint:
                    raise IndexUnusable(self._path, NO_INDEX)
        except BroadsheetError:
            self._close()
            raise

    @property
    def is_followed(self) -> bool:
        """Whether the index at `followed` answers."""
        return self._followed_path is not None and self._followed_path.exists()

    @property
    def _path(self) -> Path:
        return self._followed_path if self._followed_path and self.is_followed else self._own_path

    async def version(self) -> IndexVersion:
        """What differs after any change of the index; nothing of it is read; answered inline."""
        with self._snapshot() as connection:
            (version,) = connection.execute("PRAGMA data_version").fetchone()
            self._check_log_is_same()
            # The file that is open may not be the one that is there now.
            return self._thread.file, file_facts(self._path), version

    async def revision(self) -> Revision:
        """The revision that is visible now; microseconds, asked often."""
        with self._snapshot() as connection:
            thread = self._thread
            (version,) = connection.execute("PRAGMA data_version").fetchone()
            self._check_log_is_same()
            if version != thread.version:
                thread.revision, thread.version = IndexState.read(connection).revision, version
            return thread.revision

    async def current(self) -> tuple[Revision, Site]:
        """The revision that is visible now, and the facts of the site at it."""
        with self._snapshot() as connection:
            return IndexState.read(connection).revision, read_site(connection) or Site()

    async def newest_generation(self) -> int:
        """The number of the revision that is visible now, which only rises; answered inline."""
        return (await self.newest_revision())[0]

    async def newest_revision(self) -> tuple[int, Revision]:
        """The number of the revision that is visible now, and the revision; answered inline."""
        with self._snapshot() as connection:
            newest = journal.read_newest(connection)
            return newest.generation if newest else 0, IndexState.read(connection).revision

    async def generation_of(self, articles: str) -> int:
        """The number of the newest revision in which all articles have the hash `articles`; answered inline.

        Raises UnknownRevision.
        """
        with self._snapshot() as connection:
            revision = journal.read_occurrence(connection, articles)
        if revision is None:
            raise UnknownRevision(articles)
        return revision.generation

    async def generation_before(self, moment: datetime) -> int:
        """The number of the newest revision recorded before `moment`, or else of the oldest one known."""
        with self._snapshot() as connection:
            revision = journal.read_before(connection, seconds(moment) or 0)
            return revision.generation if revision else 0

    async def generation_from(self, since: int) -> int:
        """The number of the oldest revision known from the number `since` on, or else of the newest."""
        with self._snapshot() as connection:
            revision = journal.read_from(connection, since)
            return revision.generation if revision else 0

    async def count_changes(self, since: int) -> int:
        """How many changes of articles and files the journal has after the generation `since`.

        Raises UnknownRevision if the journal does not go back to it; answered inline.
        """
        with self._snapshot() as connection:
            return journal.count_changes(connection, since)

    async def differences(self, since: int, limit: int | None = None) -> tuple[Difference, ...]:
        """The changes after the generation `since`: a difference for each later revision, in order.

        At most the first `limit` of them.

        Raises UnknownRevision if the journal does not go back to it.
        """
        return await self.ordered.run(
            lambda connection: tuple(islice(journal.read_differences(connection, since), limit))
        )

    async def find(self, query: Query, limit: int) -> Page:
        """The page of at most `limit` articles that `query` asks for.

        Raises StaleCursor for a relevance cursor of an earlier revision.
        """
        if is_quick(query):
            with self._snapshot() as connection:
                return listings.find(connection, query, limit, self._totals)
        return await self.threads_for(query).run(listings.find, query, limit, self._totals)

    async def find_first(
        self, query: Query, limit: int, most: int, is_wanted: Callable[[Article], bool]
    ) -> tuple[Article, ...]:
        """The first `limit` articles that are wanted, of the first `most` of `query` in its order by key."""
        return await self.threads_for(query).run(listings.find_first, query, limit, most, is_wanted)

    async def find_feed_page(self, query: Query, limit: int, max_bytes: int) -> Page:
        """As `find`, for a feed of about `max_bytes` at most, with tombstones and the first archive page."""
        threads = self.threads_for(query)
        return await threads.run(listings.find_feed_page, query, limit, max_bytes, self._totals, self._ends)

    async def find_from(self, query: Query, position: ListPosition) -> Page:
        """The page of `query` by date that begins at `position`; there is one at every position."""
        return await self.threads_for(query).run(listings.find_from, query, position)

    async def archive_page(self, query: Query, position: ArchiveCursor, max_bytes: int) -> ArchivePage:
        """The archive document of `query` that begins at `position`; there is one at every position."""
        threads = self.threads_for(query)
        return await threads.run(listings.archive_page, query, position, max_bytes, self._ends)

    async def find_changes(
        self, query: Query, since: str | None, cursor: ChangeCursor | None, max_bytes: int
    ) -> ChangePage:
        """A page of what changed for `query` since a revision, or at `cursor`; without either, everything.

        Raises UnknownRevision.
        """
        return await self.threads_for(query).run(find_changes, query, since, cursor, max_bytes)

    async def find_ids(self, query: Query, ids: Iterable[str]) -> frozenset[str]:
        """Those of the visible articles `ids` that `query` finds."""
        return await self.threads_for(query).run(find_ids, query, ids)

    async def find_changes_of(self, position: ChangePosition, max_bytes: int) -> ChangePage:
        """The page of the changes of one day at `position`. Raises NotFound for a day that is not known."""
        return await self.ordered.run(find_changes_of, position, max_bytes)

    async def change_days(self) -> tuple[ChangeDay, ...]:
        """The days of which the journal has changes, the oldest first."""
        return await self.ordered.run(read_days)

    async def manifest(self) -> Manifest:
        """The digests of all visible articles; answered inline."""
        with self._snapshot() as connection:
            return read_manifest(connection)

    async def manifest_bucket(self, bucket: int) -> tuple[ManifestEntry, ...]:
        """The visible articles in a bucket of the manifest, 0 to 255."""
        return await self.ordered.run(read_bucket, bucket)

    async def find_article(self, slug: str, *, with_body: bool = False) -> Article | Moved:
        """The visible article or page at `slug`, or where it moved to. Raises NotFound, Gone.

        Its body has no links to what readers cannot see, if it is asked for `with_body`.
        """
        with self._snapshot() as connection:
            return articles.find_article(connection, slug, with_body=with_body)

    async def find_neighbours(self, article_id: str) -> tuple[Article | None, Article | None]:
        """The articles published next after a visible article and next before it; answered inline."""
        with self._snapshot() as connection:
            return articles.find_neighbours(connection, article_id)

    async def slugs_near(self, slug: str) -> list[str]:
        """Slugs of visible articles that `slug` may have been meant to be."""
        with self._snapshot() as connection:
            return articles.slugs_near(connection, slug)

    async def locate(self, path: str) -> str | None:
        """The slug of the visible article made from the file `path` (the first, where it holds several)."""
        with self._snapshot() as connection:
            return articles.locate(connection, path)

    async def menu_links(self) -> tuple[MenuLink, ...]:
        """The pages in the navigation of the site, in order; answered inline."""
        with self._snapshot() as connection:
            return site_pages.read_menu_links(connection)

    async def site_pages(self) -> tuple[Article, ...]:
        """Every visible page that is not an article, by its address."""
        return await self.ordered.run(site_pages.visible_pages)

    async def search_site_pages(self, query: Query, limit: int) -> tuple[Article, ...]:
        """At most `limit` pages that are not articles with the words of `query`, the best matches first."""
        return await self.searches.run(site_pages.search_pages, query, limit)

    async def file_record(
        self, path: str, public_url: str | None = None, linked_folder: str = ""
    ) -> FileRecord:
        """The facts about the file `path`, which articles may also name by its address below `public_url`.

        It is withheld when it was reached through a `linked_folder` that no visible article comes from.
        """
        with self._snapshot() as connection:
            return served_files.read_file_record(connection, path, public_url, linked_folder)

    async def follow_links(self, path: str) -> tuple[str, str]:
        """The address and the linked folder of the file at `path`, as of a LocatedFile; answered inline.

        Raises FileNotFoundError.
        """
        with self._snapshot() as connection:
            return served_files.follow_links(connection, path)

    async def facets(self, kind: FacetKind) -> tuple[Facet, ...]:
        """Every tag, author, … of visible articles: most frequent first, then by slug."""
        return await self.ordered.run(directories.facets, kind)

    async def facet_kinds(self) -> frozenset[FacetKind]:
        """The kinds of terms that any visible article has; answered inline."""
        with self._snapshot() as connection:
            return directories.facet_kinds(connection)

    async def prefix_search(self, slug: str, limit: int) -> tuple[tuple[FacetKind, Facet], ...]:
        """At most `limit` tags, authors and sources whose slug begins with `slug`, most frequent first."""
        return await self.ordered.run(directories.prefix_search, slug, limit)

    async def sitemap_months(self) -> tuple[SitemapMonth, ...]:
        """All visible articles month by month, in order of publication; the undated come last."""
        return await self.ordered.run(directories.sitemap_months)

    async def sitemap_articles(self, name: str) -> tuple[Article, ...]:
        """The visible articles of the month `name`, in order of publication; () when it has none."""
        return await self.ordered.run(directories.sitemap_articles, name)

    async def count_months(self) -> ArchiveMonths:
        """How many visible articles were published in each month of the site's time zone."""
        return await self.ordered.run(
            lambda connection: directories.count_months(connection, (read_site(connection) or Site()).zone)
        )

    async def close(self) -> None:
        for threads in (self.ordered, self.filters, self.searches):
            await threads.close()
        self._close()

    def _close(self) -> None:
        for connection in self._connections:
            connection.close()
        self._connections.clear()

    def threads_for(self, query: Query) -> QueryThreads:
        if query.q or query.title:
            return self.searches
        return self.ordered if is_quick(query) else self.filters

    def _check_log_is_same(self) -> None:
        """Have the index replaced when its log was removed: this process would see no change any more."""
        thread = self._thread
        why = "its log was removed while it was read"
        if thread.log and is_log_removed(thread.log) and not report_damage(self._path, thread.file, why):
            raise IncompatibleIndex(why)

    def _connection(self) -> sqlite3.Connection:
        """The connection of this thread; a new one when another file has taken the place of the index."""
        thread = self._thread
        file = file_id(self._path) or thread.file
        if thread.connection is None or file != thread.file:
            connection = self._open(thread.connection)
            if connection is not thread.connection:
                thread.connection, thread.file, thread.version = connection, file, -1
                thread.log = log_file_ids(self._path)
        return thread.connection

    def _open(self, previous: sqlite3.Connection | None) -> sqlite3.Connection:
        """A connection to the file that is there now; `previous` as long as that is not a built index."""
        try:
            connection = open_reader(self._path)
        except sqlite3.Error:
            if previous is None:
                raise
            return previous
        if connection is None:
            if previous is None:
                raise NoSnapshot if self._is_replica else IndexUnusable(self._path, NO_INDEX)
            return previous
        if previous is not None and not IndexState.read(connection).fingerprint:
            connection.close()  # begun, and not built yet
            return previous
        self._connections.append(connection)
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        if previous is not None:
            self._connections.remove(previous)
            previous.close()
        return connection

    @contextmanager
    def _snapshot(self) -> Iterator[sqlite3.Connection]:
        """The connection of this thread, to one state of the index until the end of the block.

        Raises IndexUnavailable, also for errors in the block.
        """
        try:
            connection = self._connection()
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                # SQLite ends it itself on some errors, such as a file cut short.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        except (sqlite3.DatabaseError, IncompatibleIndex) as error:
            unusable = translate_error(self._path, error) if isinstance(error, sqlite3.Error) else error
            if isinstance(unusable, IncompatibleIndex):
                report_damage(self._path, self._thread.file or file_id(self._path), str(unusable))
                unusable = IndexUnusable(self._path, f"{unusable}; run `broadsheet index`")
            if unusable is None:
                raise
            raise unusable from error
