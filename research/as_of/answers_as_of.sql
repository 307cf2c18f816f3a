-- Each answer with the days for which it may be taken, according to the time kind of its variable.
-- A rule holds until it changes: to the day before the source's next answer, and on where there is none.
-- A value of an election holds from election day (the end of the year where only the year is known) until the next one.
-- A yearly observation holds in its year. An undated one holds on no day.
CREATE VIEW answers_as_of AS
SELECT
  a.answer_id,
  a.variable_id,
  v.time_kind,
  a.jurisdiction_id,
  a.tier,
  a.value,
  a.code_id,
  a.text,
  a.missing,
  CASE
    WHEN v.time_kind = 'undated_snapshot' THEN NULL
    WHEN v.time_kind = 'value_of_an_election' AND a.date_precision = 'year' THEN coalesce(a.valid_to, a.valid_from)
    ELSE a.valid_from
  END AS applies_from,
  CASE v.time_kind
    WHEN 'yearly_observation' THEN a.valid_to
    WHEN 'rule_in_force' THEN coalesce(
      a.valid_to,
      date((
        SELECT min(b.valid_from) FROM answers b
        WHERE b.variable_id = a.variable_id AND b.jurisdiction_id = a.jurisdiction_id AND b.source_id = a.source_id
          AND b.tier IS a.tier AND b.valid_from > a.valid_from
      ), '-1 day'),
      '9999-12-31')
    WHEN 'value_of_an_election' THEN coalesce(
      date((
        SELECT min(CASE WHEN b.date_precision = 'year' THEN coalesce(b.valid_to, b.valid_from) ELSE b.valid_from END)
        FROM answers b
        WHERE b.variable_id = a.variable_id AND b.jurisdiction_id = a.jurisdiction_id AND b.source_id = a.source_id
          AND b.tier IS a.tier AND b.valid_from > a.valid_from
      ), '-1 day'),
      '9999-12-31')
  END AS applies_to,
  CASE
    WHEN v.time_kind = 'undated_snapshot' THEN NULL
    WHEN a.valid_to IS NOT NULL AND v.time_kind = 'rule_in_force' THEN a.valid_to
    WHEN v.time_kind = 'rule_in_force' THEN coalesce(a.verified_on, s.published_date, s.retrieved_date)
    ELSE a.valid_to
  END AS attested_to,
  s.published_date AS source_date,
  a.source_id,
  a.licence_id
FROM answers a
JOIN variables v ON v.variable_id = a.variable_id
JOIN sources s ON s.source_id = a.source_id
