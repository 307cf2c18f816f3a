"""What is found, in which order, and what is told beside: questions to a small complete knowledge base."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from search_base import make_base

import search
from search import Engine, SearchRequest, SearchResults, update_index
from search.translations import Dictionary


def ask(engine: Engine, text: str, **options: object) -> SearchResults:
    return engine.search(SearchRequest(text, **options))  # type: ignore[arg-type]


def keys(results: SearchResults) -> list[str]:
    return [hit.key for hit in results.hits]


def told(results: SearchResults) -> str:
    return " ".join(f"{note.es} {note.en}" for note in results.notes)


# ── Words ──


def test_inflections_are_found_and_accents_are_optional(engine: Engine) -> None:
    with_accent, without, plural = (
        set(keys(ask(engine, text, filters={"kind": ("section",)}))) for text in ("elección", "eleccion", "elecciones")
    )
    assert {"lep/art-5", "guia/apertura"} <= with_accent
    assert with_accent == without == plural


def test_any_word_will_do_but_more_words_rank_higher(engine: Engine) -> None:
    found = keys(ask(engine, "la mesa directiva recibe los diputados", filters={"kind": ("section",)}))
    assert found[0] == "lep/art-41"
    assert "lep/art-5" in found


def test_names_are_found_in_four_languages(engine: Engine) -> None:
    for name in ("México", "mexico", "Mexique"):
        assert ("jurisdiction", "MEX") in {(hit.kind, hit.key) for hit in ask(engine, name).hits}
    assert "DEU" in keys(ask(engine, "Alemanha"))
    assert "verde" in keys(ask(engine, "grunen"))


def test_titles_count_more_than_text(engine: Engine) -> None:
    assert keys(ask(engine, "opening station", lang="en"))[0] == "guide/opening"


def test_what_goes_by_the_very_name_comes_first(engine: Engine) -> None:
    assert keys(ask(engine, "México"))[0] == "MEX"
    assert keys(ask(engine, "PDP"))[0] == "pdp"
    assert keys(ask(engine, "grüne Alemania"))[0] == "verde"
    assert keys(ask(engine, "casilla"))[0] == "polling-station"


# ── The query language ──


def test_a_phrase_asks_for_its_words_side_by_side(engine: Engine) -> None:
    assert keys(ask(engine, '"lista nominal de electores"')) == ["lep/art-5"]
    assert keys(ask(engine, "«lista de electores»")) == []
    assert keys(ask(engine, '"mesa directiva" casilla'))[0] == "lep/art-41"


def test_a_phrase_that_stands_nowhere_is_found_by_its_inflections_and_says_so(engine: Engine) -> None:
    results = ask(engine, '"listas nominales"')
    assert "lep/art-5" in keys(results)
    assert "variantes" in told(results)


def test_plus_asks_for_a_word_and_minus_refuses_it(engine: Engine) -> None:
    both = set(keys(ask(engine, "elección casilla")))
    assert {"lep/art-5", "lep/art-41"} <= both
    assert "lep/art-5" not in keys(ask(engine, "elección +casilla", expand=False))
    assert "lep/art-41" not in keys(ask(engine, "elección casilla -casilla"))
    assert "lep/art-41" not in keys(ask(engine, "elección NOT casilla"))


@pytest.mark.parametrize(
    "text",
    [
        "país:MEX tipo:law casilla",
        "country:México type:law casilla",
        "pais:mexico tipo:ley casilla",
        "casilla type:LAW",
    ],
)
def test_fields_narrow_by_id_or_name_in_both_languages(engine: Engine, text: str) -> None:
    assert keys(ask(engine, text)) == ["lep/art-41"]


def test_years_are_spans(engine: Engine) -> None:
    assert "lep/art-5" in keys(ask(engine, "elecciones año:2010..2015"))
    assert "lep/art-5" not in keys(ask(engine, "elecciones año:..2010"))
    assert "MEX-LC-2018-07-01" in keys(ask(engine, "año:2018"))
    assert "MEX-LC-2012-07-01" not in keys(ask(engine, "clase:election año:2018"))


def test_a_date_is_found_however_it_is_written(engine: Engine) -> None:
    for text in ("1 de julio de 2018", "July 1, 2018", "2018-07-01", "01/07/2018", "fecha:2018-07-01"):
        assert keys(ask(engine, text))[0] == "MEX-LC-2018-07-01", text


def test_wildcards_stand_for_letters(engine: Engine) -> None:
    assert "lep/art-5" in keys(ask(engine, "diput*"))
    assert "lep/art-5" in keys(ask(engine, "*putados"))
    assert "lep/art-5" in keys(ask(engine, "dip?tados"))
    assert "comodín" in told(ask(engine, "*"))


def test_an_unknown_field_is_a_word_and_the_answer_says_so(engine: Engine) -> None:
    results = ask(engine, "color:casilla")
    assert "lep/art-41" in keys(results)
    assert "«color»" in told(results)


def test_a_term_of_the_thesaurus_stands_for_its_topic(engine: Engine) -> None:
    results = ask(engine, "tema:umbral país:MEX clase:section")
    assert keys(results) == ["cdp/art-41"]
    assert "Sistemas electorales" in told(results)


def test_a_cited_article_comes_first(engine: Engine) -> None:
    for text in ("art. 41 LEP", "LEP 41", "lep, 41, párrafo 1", "artículo 41 de la Ley Electoral"):
        assert keys(ask(engine, text))[0] == "lep/art-41", text
    for text in ("artículo 41 de la constitución", "CDP, 41", "art 41 CDP"):
        assert keys(ask(engine, text))[0] == "cdp/art-41", text


# ── The thesaurus ──


def test_a_spanish_question_finds_the_english_text_and_says_by_which_words(engine: Engine) -> None:
    results = ask(engine, "casillas")
    assert "guide/opening" in keys(results)
    (expansion,) = results.expansions
    assert expansion.matched == "casillas"
    assert ask(engine, "mesa de votación").expansions[0].matched == "mesa de votación"
    assert "polling station" in expansion.added
    hit = next(hit for hit in results.hits if hit.key == "guide/opening")
    assert "polling" in {fragment.text for fragment in hit.snippet if fragment.is_match}


def test_words_are_translated_by_the_labels_of_concepts() -> None:
    concepts = [
        [("es", "Umbral legal"), ("es", "Barrera legal"), ("en", "Legal threshold"), ("fr", "Seuil légal")],
        [("es", "Umbral"), ("en", "Threshold"), ("fr", "Seuil")],
        [("es", "Vacío legal"), ("en", "Legal gap"), ("fr", "Vide légal")],
    ]
    dictionary = Dictionary(concepts)
    said = {each.language: each for each in dictionary.translations("en", "thresholds")}
    assert said["es"].shown == "umbral" and said["fr"].shown == "seuil"
    assert dictionary.translations("en", "of") == dictionary.translations("en", "unheard") == ()
    for word in ("threshold", "legal", "gap"):
        for language in ("es", "fr"):
            shares = [each.share for each in dictionary.translations("en", word) if each.language == language]
            assert sum(shares) == pytest.approx(1)


def test_the_thesaurus_can_be_switched_off(engine: Engine) -> None:
    results = ask(engine, "casillas", expand=False)
    assert results.expansions == ()
    assert "guide/opening" not in keys(results)


def test_what_was_typed_ranks_above_other_words_for_it(engine: Engine) -> None:
    found = keys(ask(engine, "casillas", filters={"kind": ("section",)}))
    assert found.index("lep/art-41") < found.index("guide/opening")


# ── The figure above the hits ──


def test_a_question_for_a_figure_is_answered_with_its_source(engine: Engine) -> None:
    datum = ask(engine, "participación México 2015").datum
    assert datum is not None
    assert (datum.value_es, datum.unit, datum.year, datum.variable_id) == ("45.25", "%", 2015, "participation")
    assert (datum.table, datum.key, datum.source_es, datum.note_es) == ("answers", "2", "Datos del padrón", None)


def test_turnout_is_preferred_where_it_is_held(engine: Engine) -> None:
    datum = ask(engine, "participación México 2012").datum
    assert datum is not None
    assert (datum.table, datum.value_en) == ("turnout", "62.5")
    assert [other.table for other in datum.others] == ["answers"]


def test_the_nearest_year_is_told_as_such(engine: Engine) -> None:
    datum = ask(engine, "participación México 2018").datum
    assert datum is not None
    assert datum.note_es == "No hay dato de 2018; el más cercano es de 2015."
    assert datum.note_en == "There is no figure for 2018; the nearest is from 2015."


def test_a_rule_holds_until_it_is_changed(engine: Engine) -> None:
    datum = ask(engine, "voto obligatorio en México 1990").datum
    assert datum is not None
    assert (datum.value_es, datum.value_en, datum.note_es) == ("Sí, sin sanción", "Yes, without sanction", None)


THRESHOLDS = """
insert into variables (variable_id, source_id, topic_id, name_es, name_en, question_es, question_en, definition_es,
  definition_en, coding_rule_es, coding_rule_en, kind, unit, time_kind)
select column1, 'leyes', 'electoral-systems', column2, column3, '', '', '', '', '', '', 'number', '%', 'rule_in_force'
from (values ('legal-threshold', 'Barrera legal', 'Legal threshold'),
  ('has-threshold', 'Existencia de barrera legal', 'Existence of a legal threshold'),
  ('threshold-base', 'Base de la barrera legal', 'Base of the legal threshold'),
  ('statute-quota', 'Cuota de género en los estatutos', 'Gender quota in the statutes'));
insert into concept_labels values (8, 'threshold', 'es', 'alt', 'barrera legal'),
  (9, 'threshold', 'en', 'alt', 'legal threshold'), (10, 'quota', 'es', 'pref', 'cuota de género');
insert into concepts (concept_id, topic_id, pref_label_es) values ('quota', 'electoral-systems', 'cuota de género');
insert into answers (answer_id, variable_id, jurisdiction_id, value, text, valid_from, source_id)
values (10, 'legal-threshold', 'MEX', 3.0, null, '2014-02-10', 'leyes'),
  (11, 'has-threshold', 'CHL', null, 'No', '2015-01-01', 'leyes'),
  (12, 'threshold-base', 'CHL', null, 'None', '2015-01-01', 'leyes');
create table party_answers (party_id text, variable_id text);
insert into party_answers values ('p', 'statute-quota');
insert into parties (party_id, jurisdiction_id, name, short_name) values ('chl-mex', 'CHL', 'Movimiento', 'MEX');
"""


@pytest.fixture(scope="module")
def thresholds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("thresholds")
    database = make_base(folder / "base.db")
    with sqlite3.connect(database) as connection:
        connection.executescript(THRESHOLDS)
    connection.close()
    update_index(database, folder / "index")
    opened = Engine.open(database, folder / "index")
    yield opened
    opened.close()


def test_of_variables_named_alike_those_known_of_the_place_answer(thresholds: Engine) -> None:
    for text, lang in (("threshold Mexico", "en"), ("umbral México", "es"), ("barrera legal Mexique", "es")):
        datum = ask(thresholds, text, lang=lang).datum
        assert datum is not None, text
        assert (datum.variable_id, datum.value_en, datum.year, datum.others) == ("legal-threshold", "3", 2014, ())
    datum = ask(thresholds, "threshold Chile", lang="en").datum
    assert datum is not None and datum.value_en == "No"
    assert [each.variable_id for each in (datum, *datum.others)] == ["has-threshold", "threshold-base"]
    datum = ask(thresholds, "threshold Germany", lang="en").datum  # nothing is known: that is said of the thing itself
    assert datum is not None and (datum.variable_id, datum.value_en) == ("legal-threshold", None)


def test_what_is_asked_of_parties_is_not_told_to_be_missing_of_a_country(thresholds: Engine) -> None:
    results = ask(thresholds, "cuota de género México")
    assert results.datum is None
    assert "«cuota de género»" in told(results)


def test_capitals_are_a_code_only_beside_something_asked(thresholds: Engine) -> None:
    assert keys(ask(thresholds, "¿quién es el MEX?"))[0] == "chl-mex"
    datum = ask(thresholds, "umbral MEX").datum
    assert datum is not None and datum.jurisdiction_id == "MEX"


def test_a_country_without_figures_is_told_plainly(engine: Engine) -> None:
    datum = ask(engine, "participación Chile 2015").datum
    assert datum is not None
    assert datum.value_es is None
    assert "Chile" in (datum.note_es or "")


def test_no_figure_is_given_for_what_no_variable_measures(engine: Engine) -> None:
    results = ask(engine, "threshold Germany", lang="en")
    assert results.datum is None
    assert "“threshold” for Germany" in told(results)
    assert ask(engine, "casilla México").datum is None


# ── Around the hits ──


@pytest.mark.parametrize("text", ["elecciones casilla", "elecciones +voto* -casilla", "clase:section votación"])
def test_facets_count_what_each_choice_would_give(engine: Engine, text: str) -> None:
    results = ask(engine, text)
    counts = {facet.name: {value.value: value for value in facet.values} for facet in results.facets}
    for name in ("kind", "jurisdiction", "region", "language", "type", "source", "topic", "year"):
        for value in counts[name].values():
            narrowed = ask(engine, text, filters={name: (value.value,)})
            assert narrowed.total_count == value.count, (name, value)
    assert counts["jurisdiction"]["MEX"].label == "México"
    narrowed = ask(engine, text, filters={"kind": ("section",)})
    kinds = next(facet for facet in narrowed.facets if facet.name == "kind")
    assert {value.value for value in kinds.values if value.is_selected} == {"section"}
    assert {value.value: value.count for value in kinds.values} == {
        value: counted.count for value, counted in counts["kind"].items()
    }


def test_a_snippet_shows_the_passage_that_answers(engine: Engine) -> None:
    (hit,) = (hit for hit in ask(engine, "escrutinio").hits if hit.key == "lep/art-42")
    shown = "".join(fragment.text for fragment in hit.snippet)
    assert [fragment.text for fragment in hit.snippet if fragment.is_match] == ["escrutinio"]
    assert shown.startswith("… ") and shown.endswith("al cerrar la votación.")
    assert hit.subtitle.startswith("Ley Electoral de Prueba › Título Segundo")


def test_pages_follow_one_another(engine: Engine) -> None:
    whole = ask(engine, "elecciones casilla votación", page_size=100)
    paged: list[str] = []
    for page in range(1, ask(engine, "elecciones casilla votación", page_size=2).pages_count + 1):
        paged += keys(ask(engine, "elecciones casilla votación", page_size=2, page=page))
    assert paged == keys(whole) and len(paged) == whole.total_count
    assert ask(engine, "elecciones", page=10_000).page == ask(engine, "elecciones", page=10_000).pages_count


def test_a_misspelt_word_gets_a_proposal(engine: Engine) -> None:
    assert ask(engine, "+Casila  «zzzz»").did_you_mean == "+casilla  «zzzz»"
    assert ask(engine, "casilla").did_you_mean is None


def test_what_is_typed_is_completed(engine: Engine) -> None:
    assert [s.text for s in engine.suggest("umb", "es")] == ["umbral electoral"]
    assert ("Germany", "jurisdiction", "jurisdictions", "DEU") in [
        (s.text, s.kind, s.table, s.key) for s in engine.suggest("ger", "en")
    ]
    assert [s.text for s in engine.suggest("electoral de pr", "es")] == ["Ley Electoral de Prueba"]
    assert engine.suggest("", "es") == () and engine.suggest("zzz", "es") == ()


def test_ids_have_names_in_both_languages(engine: Engine) -> None:
    assert [engine.label("kind", "section", lang) for lang in ("es", "en")] == ["Texto de documento", "Document text"]
    assert [engine.label("jurisdiction", "DEU", lang) for lang in ("es", "en")] == ["Alemania", "Germany"]
    assert engine.label("kind", "unheard-of", "es") == "unheard-of"


def test_similar_entries_share_words(engine: Engine) -> None:
    found = [hit.key for hit in engine.similar("section", "lep/art-41")]
    assert found and "lep/art-41" not in found
    assert "polling-station" in found or "lep/art-42" in found
    assert engine.similar("section", "no/such") == ()


def test_sections_without_text_are_not_entries(engine: Engine) -> None:
    assert keys(ask(engine, "nothing", lang="en")) == []


def test_the_examples_in_the_docstrings_hold() -> None:
    for module in pkgutil.iter_modules(search.__path__, "search."):
        result = doctest.testmod(importlib.import_module(module.name))
        assert result.failed == 0, module.name


def test_the_answer_says_how_long_it_took_and_nothing_is_cut(engine: Engine) -> None:
    results = ask(engine, "elecciones")
    assert results.seconds > 0 and not results.is_partial
    assert Path(engine.folder).is_dir()
