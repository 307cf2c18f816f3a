"""Documents as they are read: a section's text with its references as links, its neighbours, a document's contents."""

from __future__ import annotations

import html
import re
import sqlite3

from datasette.app import Datasette


def shown(page: str) -> str:
    article = page[page.index('<article class="text"') : page.index("</article>")]
    return html.unescape(re.sub(r"<[^>]+>", "", article))


async def test_a_section_shows_its_whole_text_and_leads_on(site: Datasette, default_db: sqlite3.Connection) -> None:
    section_id, text = default_db.execute(
        "SELECT section_id, text FROM document_sections WHERE document_id = 'mexican-electoral-regime-es' AND length(text) > 800"
        " ORDER BY position LIMIT 1"
    ).fetchone()
    seen = 0
    address = str(site.urls.row("comparada", "document_sections", section_id.replace("/", "~2F")))
    while address and seen < 4:
        page = (await site.client.get(address)).text
        if seen == 0:
            assert [line for line in text.split("\n") if line.strip()] == [
                line for line in shown(page).split("\n") if line.strip()
            ]
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address, seen = (following[1] if following else ""), seen + 1
    assert seen == 4


async def test_a_reference_is_a_link_exactly_where_it_stands(site: Datasette, default_db: sqlite3.Connection) -> None:
    found = default_db.execute(
        "SELECT c.section_id, c.cited_text, c.cited_section_id, c.cited_document_id FROM citations c"
        " JOIN document_sections s USING (section_id)"
        " WHERE coalesce(c.cited_section_id, c.cited_document_id) IS NOT NULL"
        " AND substr(s.text, c.start_character + 1, c.end_character - c.start_character) = c.cited_text LIMIT 5"
    ).fetchall()
    for section_id, cited_text, section, document in found:
        page = (await site.client.get(f"/comparada/document_sections/{section_id.replace('/', '~2F')}")).text
        assert re.search(rf'<a href="[^"]+">{re.escape(html.escape(cited_text, quote=False))}</a>', page)
        assert section or document


async def test_a_document_lists_its_contents_and_its_other_languages(
    site: Datasette, default_db: sqlite3.Connection
) -> None:
    page = (await site.client.get("/comparada/documents/mexican-electoral-regime-es")).text
    headings = [r[0] for r in default_db.execute(
        "SELECT heading FROM document_sections WHERE document_id = 'mexican-electoral-regime-es' ORDER BY position")]  # fmt: skip
    assert [html.unescape(h) for h in re.findall(r'<li class="level-\d"><a href="[^"]+">([^<]+)</a>', page)] == headings
    assert 'hreflang="en"' in page and "/comparada/documents/mexican-electoral-regime-en" in page


async def test_a_country_fact_sheet_states_the_rows(site: Datasette, default_db: sqlite3.Connection) -> None:
    sheets = default_db.execute(
        "SELECT count(*) FROM documents WHERE type = 'fact_sheet' AND identifier IS NULL"  # those published have one
    ).fetchone()[0]
    states = default_db.execute("SELECT count(*) FROM jurisdictions WHERE kind IN ('state', 'disputed')").fetchone()[0]
    assert sheets == 2 * states
    value = default_db.execute(
        "SELECT value FROM answers WHERE variable_id = 'electoral-democracy-index' AND jurisdiction_id = 'URY'"
        " ORDER BY valid_from DESC LIMIT 1"
    ).fetchone()[0]
    text = default_db.execute(
        "SELECT text FROM document_sections WHERE section_id = 'ficha-pais-ury-es/forma-de-gobierno'"
    ).fetchone()[0]
    assert f"Índice de democracia electoral: {value:g}" in text
    empty = default_db.execute(
        "SELECT text FROM document_sections WHERE section_id = 'ficha-pais-tuv-en/voto-exterior'"
    ).fetchone()[0]
    assert empty.startswith("The open sources gathered in this knowledge base say nothing")
