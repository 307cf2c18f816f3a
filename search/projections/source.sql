-- A source of data or documents.
select
  s.source_id as key,
  'sources' as "table",
  s.title_es as title_es,
  s.title_en as title_en,
  s.publisher as subtitle_es,
  s.publisher as subtitle_en,
  s.description_es as text_es,
  s.description_en as text_en,
  coalesce(s.authors, '') || ' ' || s.citation as names,
  cast(substr(s.published_date, 1, 4) as integer) as year_first,
  cast(substr(s.published_date, 1, 4) as integer) as year_last,
  s.source_id as source_id,
  null as aliases
from sources s
order by key
