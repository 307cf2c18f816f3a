"""The table `coverage`, counted anew at every build."""

from __future__ import annotations

import sqlite3

TOLD = """
CREATE TEMP TABLE told AS
SELECT variable_id, source_id, 'answers' AS answered_in, count(DISTINCT CASE WHEN missing IS NULL THEN jurisdiction_id END) AS jurisdictions,
       sum(missing IS NULL) AS answers, sum(missing IS NOT NULL) AS missing,
       sum(missing IS NULL AND valid_from IS NULL) AS undated,
       sum(missing IS NULL AND valid_from IS NOT NULL AND valid_to IS NULL) AS still_open,
       min(CASE WHEN missing IS NULL THEN substr(valid_from, 1, 4) END) AS first,
       max(CASE WHEN missing IS NULL THEN substr(coalesce(valid_to, valid_from), 1, 4) END) AS last
FROM answers GROUP BY variable_id, source_id
UNION ALL
SELECT a.variable_id, a.source_id, 'party_answers', count(DISTINCT CASE WHEN a.missing IS NULL THEN p.jurisdiction_id END),
       sum(a.missing IS NULL), sum(a.missing IS NOT NULL), sum(a.missing IS NULL AND a.year IS NULL), 0,
       min(CASE WHEN a.missing IS NULL THEN a.year END), max(CASE WHEN a.missing IS NULL THEN a.year END)
FROM party_answers a JOIN parties p USING (party_id) GROUP BY a.variable_id, a.source_id
UNION ALL
SELECT i.index_id, i.source_id, 'published_indices', count(DISTINCT coalesce(i.jurisdiction_id, e.jurisdiction_id)),
       count(*), 0, sum(coalesce(e.election_year, i.year) IS NULL), 0,
       min(coalesce(e.election_year, i.year)), max(coalesce(e.election_year, i.year))
FROM published_indices i LEFT JOIN elections e USING (election_id) GROUP BY i.index_id, i.source_id
"""

FILL = """
INSERT INTO coverage (coverage_id, variable_id, topic_id, source_id, answered_in, jurisdictions_count, answers_count,
  missing_count, undated_count, open_count, first_year, last_year)
SELECT v.variable_id || ':' || coalesce(t.source_id, v.source_id), v.variable_id, v.topic_id,
       coalesce(t.source_id, v.source_id), t.answered_in, coalesce(t.jurisdictions, 0), coalesce(t.answers, 0),
       coalesce(t.missing, 0), coalesce(t.undated, 0), coalesce(t.still_open, 0), CAST(t.first AS INTEGER), CAST(t.last AS INTEGER)
FROM variables v LEFT JOIN told t USING (variable_id)
ORDER BY 1
"""


def fill_coverage(connection: sqlite3.Connection) -> None:
    """A row for each variable and source that answers it; one with zeros for a variable that nobody answers here."""
    connection.execute(TOLD)
    connection.execute(FILL)
    connection.execute("DROP TABLE told")
