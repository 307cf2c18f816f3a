"""Which requests are answered at all, looked at before Datasette sees them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import parse_qsl, unquote, unquote_plus

from datasette.utils import tilde_decode

Scope = dict[str, Any]

LONGEST_PATH = 1_500
LONGEST_QUERY = 32_000
MOST_ARGUMENTS = 120
MOST_FACETS = 6

READING_METHODS = ("GET", "HEAD", "OPTIONS")
# Below /-/ only these are open: the rest tells of the machine, of plug-ins and settings, or is for signing in.
OPEN_INNER_PATHS = re.compile(r"/-/(static/.+|static-plugins/.+|(metadata|search|suggest)\.json)\Z")
CLOSED_DATABASES = frozenset({"_internal", "_memory", ":memory:"})
# Nothing published is binary, and Datasette breaks off when a cell asked for in this way is a number.
CLOSED_FORMATS = (".blob",)
# Arguments that make Datasette trace, dump its context or keep an answer for as long as the reader says.
DROPPED_ARGUMENTS = frozenset({"_trace", "_context", "_ttl", "_timelimit"})

_HOST = re.compile(r"[A-Za-z0-9._:\[\]-]{1,255}\Z")
_PLAIN_PATH = re.compile(r"[!-\[\]-~]*\Z")  # visible ASCII without the backslash


# Every other argument may make a table be read whole, to count, sort or look for something.
LIGHT_ARGUMENTS = frozenset({"_shape", "_nl", "_labels", "_hide_sql", "_show_sql", "_nofacet", "_nocount"})


class Weight(Enum):
    """What a request may cost: next to nothing, a table read whole, or whatever a reader's own SQL costs."""

    LIGHT = "light"
    SCAN = "scan"
    STATEMENT = "statement"


@dataclass(frozen=True)
class Refusal:
    """Why a request is not answered, in Spanish and English."""

    status: int
    es: str
    en: str


NOT_FOUND = Refusal(404, "Aquí no hay nada.", "There is nothing here.")
READ_ONLY = Refusal(
    405, "Estos datos solo se leen: no se acepta ningún envío.", "These data are read-only: nothing can be sent."
)
BUSY = Refusal(
    503,
    "Hay muchas consultas a la vez. Vuelva a intentarlo en unos segundos.",
    "Too many queries are running. Please try again in a few seconds.",
)
FAILED = Refusal(
    500,
    "No se pudo responder a esta petición. Los datos están intactos; si llegó por un enlace, avísenos.",
    "This request could not be answered. The data are intact; if a link brought you here, please tell us.",
)
_BAD_ADDRESS = Refusal(400, "La dirección está mal escrita.", "The address is malformed.")
_TOO_LONG = Refusal(
    414,
    "La dirección es demasiado larga. Una consulta puede tener hasta 30,000 caracteres.",
    "The address is too long. A query may have up to 30,000 characters.",
)
_TOO_MANY = Refusal(
    400,
    f"Demasiadas condiciones a la vez: se admiten {MOST_ARGUMENTS}, y {MOST_FACETS} recuentos por columna.",
    f"Too many conditions at once: up to {MOST_ARGUMENTS}, and {MOST_FACETS} facets.",
)
_BAD_ARGUMENT = Refusal(400, "Una de las condiciones está mal escrita.", "One of the conditions is malformed.")


def path_of(scope: Scope) -> str:
    """The path as it was sent, not decoded, which is how Datasette chooses the page."""
    raw = scope.get("raw_path")
    path = raw.decode("latin-1") if raw else str(scope["path"])
    return path.partition("?")[0]


def refusal(scope: Scope, base_url: str, hosts: frozenset[str]) -> Refusal | None:
    """Why this request is refused, or None. With `hosts`, only requests for those host names pass."""
    path = path_of(scope)
    query = scope.get("query_string", b"")
    if scope["method"] not in READING_METHODS:
        return READ_ONLY
    if len(path) > LONGEST_PATH or len(query) > LONGEST_QUERY:
        return _TOO_LONG
    if not _PLAIN_PATH.match(path) or not _good_host(scope, hosts):
        return _BAD_ADDRESS
    inner = "/" + path[len(base_url) :] if path.startswith(base_url) else path
    if inner.startswith("/-") and not OPEN_INNER_PATHS.match(inner):
        return NOT_FOUND
    if _database(inner) in CLOSED_DATABASES or inner.endswith(CLOSED_FORMATS):
        return NOT_FOUND
    return _bad_arguments(query)


def _database(path: str) -> str:
    """The database that a path leads to, by the name that Datasette would make of it."""
    return str(tilde_decode(unquote(re.split("[/.]", path.removeprefix("/"), maxsplit=1)[0])))


def _good_host(scope: Scope, hosts: frozenset[str]) -> bool:
    stated = [value.decode("latin-1") for name, value in scope.get("headers", []) if name == b"host"]
    if any(not _HOST.match(host) for host in stated):
        return False
    return not hosts or any(host.rsplit(":", 1)[0] in hosts or host in hosts for host in stated)


def _bad_arguments(query: bytes) -> Refusal | None:
    try:
        arguments = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=MOST_ARGUMENTS)
    except ValueError:
        return _TOO_MANY
    if sum(name.startswith("_facet") for name, _ in arguments) > MOST_FACETS:
        return _TOO_MANY
    for name, value in arguments:
        if "\0" in value or "\0" in name:
            return _BAD_ARGUMENT
        if not _good_value(name, value):
            return _BAD_ARGUMENT
    return None


def _good_value(name: str, value: str) -> bool:
    """Whether Datasette can read the value: of some arguments it takes it on trust to be JSON, or yes or no."""
    if name == "_through":
        told = _from_json(value)
        return (
            isinstance(told, dict)
            and isinstance(told.get("table"), str)
            and isinstance(told.get("column"), str)
            and isinstance(told.get("value"), str | int | float)
        )
    if name.startswith("_facet") and value.startswith("{"):
        told = _from_json(value)
        return isinstance(told, dict) and isinstance(told.get("column", told.get("simple")), str)
    if name.endswith(("__in", "__notin")) and value.startswith("["):
        return isinstance(_from_json(value), list)
    if name == "_json_infinity":
        return value.lower() in ("on", "off", "true", "false", "1", "0")
    return True


def _from_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def without_dropped_arguments(scope: Scope) -> Scope:
    """The same request without the arguments that nobody but a developer of Datasette needs."""
    query = scope.get("query_string", b"")
    parts = query.split(b"&")
    kept = [part for part in parts if _name(part) not in DROPPED_ARGUMENTS]
    return scope if len(kept) == len(parts) else {**scope, "query_string": b"&".join(kept)}


def _name(part: bytes) -> str:
    """The name of an argument as Datasette reads it, however it was written."""
    return unquote_plus(part.partition(b"=")[0].decode("latin-1"))


def weight(scope: Scope) -> Weight:
    """What answering the request may cost."""
    if path_of(scope).endswith((".xlsx", ".csv")):
        return Weight.STATEMENT
    names = {_name(part) for part in scope.get("query_string", b"").split(b"&")} - {""}
    if names & {"sql", "_where"}:
        return Weight.STATEMENT
    return Weight.LIGHT if names <= LIGHT_ARGUMENTS else Weight.SCAN
