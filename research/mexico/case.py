"""What the rules need to know of an election, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from research.allocation.errors import AllocationError

CONSTITUENCIES = ("1", "2", "3", "4", "5")
DISTRICTS = 300
STATES = 32


@dataclass(frozen=True)
class DeputiesCase:
    """An election of deputies.

    `votes` are the votes for the regional lists, by party and constituency ("1" to "5"). `districts_won` tells, for each
    way to attribute a coalition's wins ("agreement", "affiliation"), the districts of each party; independents stand
    there too, under their own name. `districts_contested` is needed only for a party that contested fewer than all.
    Raises AllocationError that names what is missing or wrong.
    """

    name: str
    votes: Mapping[str, Mapping[str, int]]
    districts_won: Mapping[str, Mapping[str, int]]
    null_votes: int = 0
    unregistered_votes: int = 0
    independent_votes: int = 0
    districts_contested: Mapping[str, int] = field(default_factory=dict)
    vacant_districts: int = 0

    def __post_init__(self) -> None:
        if not self.votes:
            raise AllocationError(
                f"{self.name}: no hay votos de ningún partido", f"{self.name}: there are no votes of any party"
            )
        for party, by_constituency in self.votes.items():
            for constituency in CONSTITUENCIES:
                _check_count(self.name, f"{party}, circunscripción {constituency}", f"{party}, constituency {constituency}", by_constituency.get(constituency))  # fmt: skip
        for es, en, count in (
            ("votos nulos", "null votes", self.null_votes),
            ("votos por candidaturas no registradas", "votes for unregistered candidates", self.unregistered_votes),
            ("votos por candidaturas independientes", "votes for independents", self.independent_votes),
        ):
            _check_count(self.name, es, en, count)
        if not self.districts_won:
            raise AllocationError(
                f"{self.name}: faltan los triunfos en distritos", f"{self.name}: the districts won are missing"
            )
        for attribution, won in self.districts_won.items():
            self._check_districts(attribution, won)

    def _check_districts(self, attribution: str, won: Mapping[str, int]) -> None:
        for party, count in won.items():
            _check_count(
                self.name, f"distritos de {party} ({attribution})", f"districts of {party} ({attribution})", count
            )
        total = sum(won.values()) + self.vacant_districts
        if total != DISTRICTS:
            es = f"faltan {DISTRICTS - total}" if total < DISTRICTS else f"sobran {total - DISTRICTS}"
            en = f"{DISTRICTS - total} are missing" if total < DISTRICTS else f"{total - DISTRICTS} too many"
            raise AllocationError(
                f"{self.name}: los triunfos ({attribution}) suman {total} de {DISTRICTS} distritos: {es}",
                f"{self.name}: the wins ({attribution}) add up to {total} of {DISTRICTS} districts: {en}",
            )

    def party_votes(self, party: str) -> int:
        """Votes of a party in the country."""
        return sum(self.votes[party].values())

    @property
    def total_votes(self) -> int:
        """Total vote (LGIPE 15.1): every ballot in the boxes."""
        return (
            sum(map(self.party_votes, self.votes)) + self.independent_votes + self.unregistered_votes + self.null_votes
        )

    @property
    def valid_votes(self) -> int:
        """Valid vote (LGIPE 15.1): the total less null votes and votes for unregistered candidates."""
        return self.total_votes - self.null_votes - self.unregistered_votes


@dataclass(frozen=True)
class SenateCase:
    """An election of senators: votes for the national lists, and the senators that each party won in the states.

    `won_in_states` counts majority and first minority together (96 at most); `research.mexico.senate.senators_of_states`
    gives them from the votes of each state. Raises AllocationError.
    """

    name: str
    votes: Mapping[str, int]
    won_in_states: Mapping[str, int]
    null_votes: int = 0
    unregistered_votes: int = 0
    independent_votes: int = 0

    def __post_init__(self) -> None:
        for party, count in self.votes.items():
            _check_count(self.name, party, party, count)
        won = sum(self.won_in_states.values())
        if won > 3 * STATES:
            raise AllocationError(
                f"{self.name}: los estados eligen {3 * STATES} senadurías y aquí hay {won}",
                f"{self.name}: the states elect {3 * STATES} senators and here are {won}",
            )


def _check_count(case: str, es: str, en: str, count: object) -> None:
    if count is None:
        raise AllocationError(f"{case}: {es}: falta la cifra", f"{case}: {en}: the figure is missing")
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise AllocationError(
            f"{case}: {es}: {count!r} no es un entero de 0 en adelante",
            f"{case}: {en}: {count!r} is not a whole number from 0 upwards",
        )
