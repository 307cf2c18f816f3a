-- A variable: what is asked of each country, how it is coded, and since when there are data.
select
  v.variable_id as key,
  'variables' as "table",
  v.name_es as title_es,
  v.name_en as title_en,
  t.name_es || ' · ' || s.title_es as subtitle_es,
  t.name_en || ' · ' || s.title_en as subtitle_en,
  v.question_es || ' ' || v.definition_es || ' ' || v.coding_rule_es as text_es,
  v.question_en || ' ' || v.definition_en || ' ' || v.coding_rule_en as text_en,
  t.name_fr as names_fr,
  v.source_code as names,
  v.topic_id as topics,
  v.source_id as source_id,
  v.kind as type,
  null as aliases
from variables v
join topics t on t.topic_id = v.topic_id
join sources s on s.source_id = v.source_id
order by key
