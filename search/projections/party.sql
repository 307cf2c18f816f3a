-- A political party, by its own name and in English.
select
  p.party_id as key,
  'parties' as "table",
  p.name as title_es,
  coalesce(p.name_en, p.name) as title_en,
  coalesce(j.name_es, '') || coalesce(' · ' || p.short_name, '') as subtitle_es,
  coalesce(j.name_en, '') || coalesce(' · ' || p.short_name, '') as subtitle_en,
  coalesce(p.name_en, p.name) || coalesce('. ' || p.family, '')
    || coalesce('. Desde ' || p.first_year, '') || coalesce(' hasta ' || p.last_year, '') as text_es,
  p.name || coalesce('. ' || p.family, '')
    || coalesce('. From ' || p.first_year, '') || coalesce(' to ' || p.last_year, '') as text_en,
  j.name_fr as names_fr,
  j.name_pt as names_pt,
  p.jurisdiction_id as jurisdiction_id,
  'parties-candidates' as topics,
  p.first_year as year_first,
  coalesce(p.last_year, p.first_year) as year_last,
  p.family as type,
  p.short_name as aliases
from parties p
left join jurisdictions j on j.jurisdiction_id = p.jurisdiction_id
order by key
