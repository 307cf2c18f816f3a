"""The derivation on one screen: rows in, three tables out."""

from __future__ import annotations

import sqlite3

from research.derivations.bound_tests import bound_test_rows
from research.derivations.contests import load_contests
from research.derivations.election_indices import election_index_rows
from research.derivations.filling import fill
from research.derivations.reconciliation import reconciliation_rows


def derive(connection: sqlite3.Connection) -> None:
    """Fill election_indices, bound_tests and index_reconciliation of a database whose facts are loaded.

    A pure function of the loaded rows: the same rows give the same tables. The three tables must exist and be empty.
    """
    contests = load_contests(connection)
    if contests.table.empty:
        return
    indices = election_index_rows(connection, contests)
    fill(connection, "election_indices", "election_index_id", indices)
    fill(connection, "bound_tests", "bound_test_id", bound_test_rows(connection, contests))
    fill(connection, "index_reconciliation", None, reconciliation_rows(connection, contests, indices))
