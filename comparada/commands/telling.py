"""How the command talks: errors in both languages on stderr, exit code 1."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Protocol, TypeGuard

import click


def say(es: str, en: str | None = None) -> None:
    """A line on stderr, Spanish first, English beside it."""
    click.echo(es if en is None else f"{es} · {en}", err=True)


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun: `1 fila`, `12 filas`."""
    return f"{number:,} {one if number == 1 else many}"


class Told(Protocol):
    """An error that says, in Spanish and in English, the place, what is wrong and the remedy. Every room has its own."""

    es: str
    en: str


def is_told(error: object) -> TypeGuard[Told]:
    """Whether an error was meant for a person."""
    return isinstance(getattr(error, "es", None), str) and isinstance(getattr(error, "en", None), str)


def tell_error(error: Told) -> None:
    """An error on stderr: Spanish in red, then English."""
    click.echo(click.style(error.es, fg="red"), err=True)
    click.echo(click.style(error.en, dim=True), err=True)


def telling_errors(command: click.Command) -> click.Command:
    """The same command, whose expected errors are told to a person and end with code 1."""
    inner: Callable[..., Any] | None = command.callback
    assert inner is not None

    @functools.wraps(inner)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return inner(*args, **kwargs)
        except Exception as error:
            if not is_told(error):
                raise
            tell_error(error)
            raise SystemExit(1) from None

    command.callback = told
    return command


def chosen(known: dict[str, Any], wanted: tuple[str, ...]) -> list[str]:
    """The named sources, or all. Raises click.UsageError that names the nearest known one."""
    import difflib

    for name in wanted:
        if name not in known:
            near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
            hint = f" ¿Quiso decir «{near[0]}»? · Did you mean '{near[0]}'?" if near else f" {', '.join(known)}"
            raise click.UsageError(f"No hay fuente «{name}» · There is no source '{name}'.{hint}")
    return list(wanted) or list(known)
