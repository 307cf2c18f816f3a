-- An election.
select
  e.election_id as key,
  'elections' as "table",
  e.name_es as title_es,
  e.name_en as title_en,
  b.name_es || ' · ' || e.election_year as subtitle_es,
  b.name_en || ' · ' || e.election_year as subtitle_en,
  'Elección del ' || e.election_date || case e.is_early when 1 then ', anticipada' else '' end as text_es,
  'Election of ' || e.election_date || case e.is_early when 1 then ', early' else '' end as text_en,
  'resultados, votos, escaños' as names_es,  -- what is asked of an election
  'results, votes, seats' as names_en,
  j.name_fr as names_fr,
  j.name_pt as names_pt,
  e.jurisdiction_id as jurisdiction_id,
  'results-indices' as topics,
  e.election_year as year_first,
  e.election_year as year_last,
  e.chamber as type
from elections e
join bodies b on b.body_id = e.body_id
join jurisdictions j on j.jurisdiction_id = e.jurisdiction_id
order by e.election_date desc, key
