"""The few files of the site that are not pages of data: styles, robots.txt and the icon."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response, asgi_static

if TYPE_CHECKING:
    from datasette.utils.asgi import Request

STATIC_FOLDER = Path(__file__).parent / "static"
TEMPLATES_FOLDER = Path(__file__).parent / "templates"

# Pages and tables may be read by anyone; combinations of filters, counts, files and SQL have no end.
ROBOTS = """User-agent: *
Disallow: /*?_
Disallow: /*&_
Disallow: /*?sql=
Disallow: /*&sql=
Disallow: /*__
Disallow: /*.csv
Disallow: /*.json
Disallow: /*.xlsx
Disallow: /*.blob
Crawl-delay: 2
"""


async def robots() -> Response:
    """robots.txt."""
    return Response.text(ROBOTS)


async def icon() -> Response:
    """favicon.ico, for browsers that ask for it by that name."""
    return Response((STATIC_FOLDER / "icon.png").read_bytes(), content_type="image/png")


async def static_file(request: Request, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    """A style sheet, script or picture of ours."""
    await asgi_static(STATIC_FOLDER)(request, send)


def routes() -> list[tuple[str, Callable[..., Any]]]:
    """The routes of these files, for Datasette's register_routes."""
    return [
        (r"^/robots\.txt$", robots),
        (r"^/favicon\.ico$", icon),
        (r"^/-/static-plugins/comparada/(?P<path>.*)$", static_file),
    ]
