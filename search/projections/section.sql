-- A section of a document that has text of its own.
-- passage: document_sections.section_id.text
select
  s.section_id as key,
  'document_sections' as "table",
  s.language as language,
  s.heading as title,
  case
    when s.heading_path like d.title || '%' or s.heading_path like d.short_name || '%' then s.heading_path
    else d.title || ' › ' || s.heading_path
  end as subtitle,
  s.text as text,
  -- A law never says in each article which country's it is, but who asks names the country.
  coalesce(d.short_name, '') || coalesce(' ' || j.name_es || ' ' || j.name_en || ' ' || j.name_fr, '') as names,
  d.jurisdiction_id as jurisdiction_id,
  (select group_concat(t.topic_id, ' ') from document_topics t where t.document_id = d.document_id) as topics,
  cast(substr(d.issued_date, 1, 4) as integer) as year_first,
  cast(substr(d.issued_date, 1, 4) as integer) as year_last,
  d.source_id as source_id,
  d.type as type,
  case when s.kind = 'article' then s.number end as article,
  d.document_id as document_id
from document_sections s
join documents d on d.document_id = s.document_id
left join jurisdictions j on j.jurisdiction_id = d.jurisdiction_id
where length(trim(coalesce(s.text, ''))) > 0
  and d.type != 'glossary'  -- its terms are entries of their own, in all languages at once
  -- What is said in the same words in section after section («the sources say nothing on this topic») tells nothing.
  and not (s.kind = 'heading' and s.text in (
    select r.text from document_sections r where r.kind = 'heading' and r.text is not null
    group by r.text having count(*) > 20))
order by s.document_id, s.position
