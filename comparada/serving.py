"""The knowledge base as a running site: Datasette with our limits, our pages and our safeguards."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import yaml
from datasette.app import Datasette
from datasette.plugins import pm

from comparada.portal import plugin
from comparada.portal.memory_bounds import bound_memory
from comparada.portal.search_service import SearchService
from comparada.portal.site_files import TEMPLATES_FOLDER
from comparada.portal.watched_database import WatchedDatabase

SETTINGS: dict[str, Any] = {
    "sql_time_limit_ms": 1_000,
    "num_sql_threads": 8,
    "max_returned_rows": 1_000,
    "default_page_size": 50,
    "default_facet_size": 20,
    "facet_time_limit_ms": 400,
    "suggest_facets": False,
    "allow_facet": True,
    "default_allow_sql": True,
    "allow_csv_stream": True,
    "max_csv_mb": 500,
    "truncate_cells_html": 300,
    "default_cache_ttl": 300,
    "template_debug": False,
    "trace_debug": False,
}

LONGEST_GOODBYE_SECONDS = 2  # a reader who has stopped reading does not keep the server from ending


class Unchanging(dict[str, Any]):
    """A part of the metadata that nobody changes, and that a deep copy therefore shares.

    Datasette copies all its metadata to ask whether one table may be seen: a hundred times for the page that
    lists the tables, which took 0.3 s in which nobody else was answered.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> Unchanging:
        return self


def read_metadata(path: Path) -> dict[str, Any]:
    """A metadata.yml, each table and each named question of it unchanging."""
    metadata: dict[str, Any] = yaml.safe_load(path.read_text("utf-8")) or {}
    for database in (metadata.get("databases") or {}).values():
        for part in ("tables", "queries"):
            described = database.get(part) or {}
            database[part] = {name: Unchanging(d) if isinstance(d, dict) else d for name, d in described.items()}
    return metadata


def make_datasette(
    database: Path,
    metadata_path: Path,
    *,
    index: Path | None = None,
    more_databases: Sequence[Path] = (),
    allow_download: bool = False,
    cors: bool = False,
    settings: dict[str, Any] | None = None,
) -> Datasette:
    """Datasette over immutable files, ready to be served or asked through its client.

    The whole file is offered for download only with `allow_download`: it may hold data whose licence does
    not let anyone republish them. `cors` lets pages of other sites read the data. `settings` are
    Datasette's, over ours. `index` is the search index; it may be made later, and without it the search
    pages say that it is being prepared. Raises FileNotFoundError when a file is missing.
    """
    if not pm.is_registered(plugin):
        pm.register(plugin, name="comparada")
    paths = [database, *more_databases]
    for path in (*paths, metadata_path):
        if not path.is_file():
            raise FileNotFoundError(path)
    datasette = Datasette(
        immutables=[str(path) for path in paths],
        inspect_data={path.stem: inspect(path) for path in paths},
        metadata=read_metadata(metadata_path),
        template_dir=str(TEMPLATES_FOLDER),
        cors=cors,
        settings={**SETTINGS, "allow_download": allow_download, **(settings or {})},
    )
    for path in paths:
        datasette.remove_database(path.stem)
        watched = WatchedDatabase(datasette, str(path), is_mutable=False)
        datasette.add_database(watched, name=path.stem)
    if index is not None:
        datasette.comparada_search = SearchService(database, index)
    return datasette


def inspect(path: Path) -> dict[str, Any]:
    """What Datasette wants to know of an immutable file, counted once: size, rows of each table, a hash."""
    connection = sqlite3.connect(f"file:{path}?immutable=1", uri=True)
    try:
        names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        counts = {name: connection.execute(f'select count(*) from "{name}"').fetchone()[0] for name in names}
        versions = connection.execute("select * from builds").fetchall() if "builds" in names else []
    finally:
        connection.close()
    known = repr((sorted(counts.items()), versions, path.stat().st_size))
    return {
        "hash": hashlib.sha256(known.encode()).hexdigest(),
        "size": path.stat().st_size,
        "file": path.name,
        "tables": {name: {"count": count} for name, count in counts.items()},
    }


def serve(
    database: Path,
    metadata_path: Path,
    *,
    index: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 8001,
    more_databases: Sequence[Path] = (),
    allow_download: bool = False,
    cors: bool = False,
) -> None:
    """Serves until interrupted; prints the address on stdout once readers can come.

    Bounds SQLite's memory for the whole process. Raises OSError when the address is taken.
    """
    import uvicorn

    bound_memory()
    sys.setswitchinterval(0.0005)  # a light page changes threads thirty times, and waits this long each time
    datasette = make_datasette(
        database, metadata_path, index=index, more_databases=more_databases, allow_download=allow_download, cors=cors
    )

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            if self.started:
                shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
                click.echo(f"http://{f'[{shown}]' if ':' in shown else shown}:{self._port()}/")

        def _port(self) -> int:
            for server in self.servers:
                for socket in server.sockets:
                    return int(socket.getsockname()[1])
            return port

    config = uvicorn.Config(
        datasette.app(),
        host=host,
        port=port,
        log_level="error",  # a warning for every malformed request would let anybody fill the log
        lifespan="on",
        server_header=False,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=LONGEST_GOODBYE_SECONDS,
        h11_max_incomplete_event_size=40_000,
    )
    Server(config).run()
