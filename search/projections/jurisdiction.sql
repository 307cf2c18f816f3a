-- A country or other jurisdiction, by all its names.
select
  j.jurisdiction_id as key,
  'jurisdictions' as "table",
  j.name_es as title_es,
  j.name_en as title_en,
  j.jurisdiction_id as subtitle_es,
  j.jurisdiction_id as subtitle_en,
  coalesce(j.note_es, '') as text_es,
  coalesce(j.note_en, '') as text_en,
  (select group_concat(n.name, '; ') from jurisdiction_names n
    where n.jurisdiction_id = j.jurisdiction_id and n.language = 'es' and n.name != j.name_es) as names_es,
  (select group_concat(n.name, '; ') from jurisdiction_names n
    where n.jurisdiction_id = j.jurisdiction_id and n.language = 'en' and n.name != j.name_en) as names_en,
  (select group_concat(n.name, '; ') from jurisdiction_names n
    where n.jurisdiction_id = j.jurisdiction_id and n.language = 'fr') as names_fr,
  (select group_concat(n.name, '; ') from jurisdiction_names n
    where n.jurisdiction_id = j.jurisdiction_id and n.language = 'pt') as names_pt,
  j.jurisdiction_id as jurisdiction_id,
  j.source_id as source_id,
  j.kind as type,
  (select group_concat(n.name, char(10)) from jurisdiction_names n
    where n.jurisdiction_id = j.jurisdiction_id) as aliases
from jurisdictions j
order by key
