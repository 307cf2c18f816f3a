-- A data set that exists elsewhere.
select
  d.dataset_id as key,
  'datasets_catalogue' as "table",
  d.name as title_es,
  d.name as title_en,
  coalesce(d.category, '') as subtitle_es,
  coalesce(d.category, '') as subtitle_en,
  coalesce(d.topics, '') || coalesce('. ' || d.countries, '') || coalesce('. ' || d.note, '') as text_en,
  d.start_year as year_first,
  d.end_year as year_last,
  d.source_id as source_id
from datasets_catalogue d
order by key
