-- A concept of the electoral thesaurus, with its labels in every language.
select
  c.concept_id as key,
  'concepts' as "table",
  c.pref_label_es as title_es,
  c.pref_label_en as title_en,
  t.name_es || ' · ' || c.pref_label_en || ' · ' || c.pref_label_fr as subtitle_es,
  t.name_en || ' · ' || c.pref_label_es || ' · ' || c.pref_label_fr as subtitle_en,
  coalesce(c.definition_es, '') as text_es,
  coalesce(c.definition_en, '') as text_en,
  (select group_concat(l.label, '; ') from concept_labels l
    where l.concept_id = c.concept_id and l.language = 'es' and l.kind != 'pref') as names_es,
  (select group_concat(l.label, '; ') from concept_labels l
    where l.concept_id = c.concept_id and l.language = 'en' and l.kind != 'pref') as names_en,
  (select group_concat(l.label, '; ') from concept_labels l
    where l.concept_id = c.concept_id and l.language = 'fr') as names_fr,
  (select group_concat(l.label, '; ') from concept_labels l
    where l.concept_id = c.concept_id and l.language = 'pt') as names_pt,
  (select group_concat(l.label, '; ') from concept_labels l
    where l.concept_id = c.concept_id and l.language = 'und') as names,
  c.topic_id as topics,
  (select group_concat(l.label, char(10)) from concept_labels l where l.concept_id = c.concept_id) as aliases
from concepts c
join topics t on t.topic_id = c.topic_id
order by key
