-- What is known of a country in a variable: one entry a pair, with its latest value and the years of the series.
with counted as (
  select variable_id, jurisdiction_id, count(*) as answers_count, min(valid_from) as first_dated
  from answers
  where missing is null
  group by variable_id, jurisdiction_id
), series as (
  select
    *,
    (select a.answer_id from answers a
      where a.variable_id = c.variable_id and a.jurisdiction_id = c.jurisdiction_id and a.missing is null
      order by a.valid_from desc, a.answer_id desc limit 1) as latest_id
  from counted c
), latest_index as (  -- the other columns come from the row of the maximum, as SQLite promises for a single max()
  select index_id, jurisdiction_id, max(year) as year_last, source_id, value, count(*) as answers_count
  from published_indices
  where jurisdiction_id is not null
  group by index_id, jurisdiction_id
), pairs as (
  select
    a.variable_id, a.jurisdiction_id, a.source_id, 'answers' as "table", g.answers_count,
    cast(substr(g.first_dated, 1, 4) as integer) as year_first,
    cast(substr(a.valid_from, 1, 4) as integer) as year_last,
    coalesce(c.name_es, a.text, rtrim(rtrim(printf('%.3f', a.value), '0'), '.')) as value_es,
    coalesce(c.name_en, a.text, rtrim(rtrim(printf('%.3f', a.value), '0'), '.')) as value_en
  from series g
  join answers a on a.answer_id = g.latest_id
  left join codes c on c.code_id = a.code_id
  union all
  select
    p.index_id, p.jurisdiction_id, p.source_id, 'published_indices', p.answers_count,
    (select min(q.year) from published_indices q
      where q.index_id = p.index_id and q.jurisdiction_id = p.jurisdiction_id),
    p.year_last,
    rtrim(rtrim(printf('%.3f', p.value), '0'), '.'),
    rtrim(rtrim(printf('%.3f', p.value), '0'), '.')
  from latest_index p
  where not exists (
    select 1 from series g where g.variable_id = p.index_id and g.jurisdiction_id = p.jurisdiction_id)
)
select
  p.variable_id || '/' || p.jurisdiction_id as key,
  p."table" as "table",
  j.name_es || ': ' || v.name_es as title_es,
  j.name_en || ': ' || v.name_en as title_en,
  t.name_es || ' · ' || s.title_es as subtitle_es,
  t.name_en || ' · ' || s.title_en as subtitle_en,
  p.value_es || case when v.unit = '%' then ' %' else '' end
    || case when p.year_last then ' (' || p.year_last || ')' else '' end
    || case when p.answers_count > 1
         then '. ' || p.answers_count || ' datos, ' || p.year_first || '–' || p.year_last else '' end as text_es,
  p.value_en || case when v.unit = '%' then '%' else '' end
    || case when p.year_last then ' (' || p.year_last || ')' else '' end
    || case when p.answers_count > 1
         then '. ' || p.answers_count || ' figures, ' || p.year_first || '–' || p.year_last else '' end as text_en,
  j.name_fr as names_fr,
  j.name_pt as names_pt,
  j.jurisdiction_id as jurisdiction_id,
  v.topic_id as topics,
  p.year_first as year_first,
  p.year_last as year_last,
  p.source_id as source_id,
  v.kind as type
from pairs p
join variables v on v.variable_id = p.variable_id
join jurisdictions j on j.jurisdiction_id = p.jurisdiction_id
join topics t on t.topic_id = v.topic_id
join sources s on s.source_id = p.source_id
order by key
