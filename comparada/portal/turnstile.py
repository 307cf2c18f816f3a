"""How many heavy requests run at once, so that the light ones never wait for them."""

from __future__ import annotations

import asyncio


class Turnstile:
    """A fixed number of places, a bounded line and a longest wait (in seconds)."""

    def __init__(self, places: int, line: int, longest_wait: float) -> None:
        self._places = asyncio.Semaphore(places)
        self._line = line
        self._longest_wait = longest_wait
        self._waiting = 0

    async def enter(self) -> bool:
        """True once there is a place, to be given back with `leave`; False when the wait is too long."""
        if self._places.locked() and self._waiting >= self._line:
            return False
        self._waiting += 1
        try:
            await asyncio.wait_for(self._places.acquire(), self._longest_wait)
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
        return True

    def leave(self) -> None:
        """Gives the place back."""
        self._places.release()
