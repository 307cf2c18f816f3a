"""/es/buscar, /en/search and /-/search.json: one engine, shown to people and to programs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response

from comparada.portal.search_json import results_as_json, suggestions_as_json
from comparada.portal.search_request import read_request
from comparada.portal.search_service import NotReady, SearchService, TooBusy
from comparada.portal.search_view import SearchView
from comparada.search_words import ADDRESSES, WORDS, Language

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

LONGEST_PREFIX = 80


def _service(datasette: Datasette) -> SearchService | None:
    service: SearchService | None = datasette.__dict__.get("comparada_search")
    return service


async def _page(datasette: Datasette, request: Request, language: Language) -> Response:
    asked = read_request(request.args, language)
    view = SearchView(language, asked)
    if asked.text.strip() or asked.filters:
        service = _service(datasette)
        try:
            view.results = await service.search(asked) if service else None
            view.message = None if service else WORDS[language].building
        except NotReady:
            view.message = WORDS[language].building
        except TooBusy:
            view.message = WORDS[language].busy
    body = await datasette.render_template("search.html", {"page": view}, request=request)
    # A page that says «not yet» must not be kept.
    headers = {"cache-control": "no-store"} if view.message else {}
    return Response.html(body, headers=headers)


async def search_es(datasette: Datasette, request: Request) -> Response:
    """The search page in Spanish."""
    return await _page(datasette, request, "es")


async def search_en(datasette: Datasette, request: Request) -> Response:
    """The search page in English."""
    return await _page(datasette, request, "en")


async def search_json(datasette: Datasette, request: Request) -> Response:
    """Results for programs; docs/search.md describes them."""
    asked = read_request(request.args, "en" if request.args.get("lang") == "en" else "es")
    return await _as_json(
        datasette, lambda service: service.search(asked), lambda r: results_as_json(datasette, asked, r)
    )


async def suggestions_json(datasette: Datasette, request: Request) -> Response:
    """Completions of what is being typed in the search box."""
    prefix = (request.args.get("q") or "")[:LONGEST_PREFIX]
    lang = "en" if request.args.get("lang") == "en" else "es"
    return await _as_json(datasette, lambda service: service.suggest(prefix, lang), suggestions_as_json)


async def _as_json(
    datasette: Datasette, ask: Callable[[SearchService], Awaitable[Any]], told: Callable[[Any], dict[str, Any]]
) -> Response:
    service = _service(datasette)
    words = WORDS["es"], WORDS["en"]
    try:
        if service is None:
            raise NotReady
        return Response.json({"ok": True, **told(await ask(service))})
    except NotReady:
        failure, retry = (words[0].building, words[1].building), "10"
    except TooBusy:
        failure, retry = (words[0].busy, words[1].busy), "3"
    body = {"ok": False, "error_es": failure[0], "error_en": failure[1]}
    return Response.json(body, status=503, headers={"retry-after": retry, "cache-control": "no-store"})


def routes() -> list[tuple[str, Callable[..., Any]]]:
    """The routes of the search, for Datasette's register_routes."""
    return [
        (rf"^{ADDRESSES['es']}$", search_es),
        (rf"^{ADDRESSES['en']}$", search_en),
        (r"^/-/search\.json$", search_json),
        (r"^/-/suggest\.json$", suggestions_json),
    ]
