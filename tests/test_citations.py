"""What a text refers to: each form of reference, and that no text upsets the search for them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.citations.norm_names import defined_terms, known_names
from ingest.citations.reference import Context, Reference
from ingest.citations.references import find_references
from ingest.citations.spanish_dates import iso_date

NAMES = known_names()
TERMS = {"Estatuto": "Estatuto", "Modelo": "Modelo", "Lineamientos": "Lineamientos"}
AGREEMENT = Context(NAMES.with_terms(TERMS, None, "CPEUM"))
LAW = Context(NAMES.with_terms({}, "LGIPE", "CPEUM"), "65", ("64", "66"), default_own=True)
DECREE = Context(NAMES.with_terms({}, "LGIPE", "CPEUM"), "transitorio 4", default_own=True, own_decree=True)
STATE = Context(NAMES.with_terms({}, "Ley Electoral del Estado", None), "8", ("7", "9"), default_own=True)

CASES: list[tuple[Context, str, list[tuple[str | None, str | None, str | None]]]] = [  # norm, article, place or date
    (LAW, "el artículo 41, Base V, Apartado A de la CPEUM", [("CPEUM", "41", "base V, apartado A")]),
    (AGREEMENT, "LGIPE, 65, párrafo 1, incisos a) y b)", [("LGIPE", "65", "párrafo 1, inciso a, inciso b")]),
    (AGREEMENT, "los artículos 41, párrafo tercero, de la CPEUM; 29 y 30, párrafo 2, de la LGIPE",
     [("CPEUM", "41", "párrafo 3"), ("LGIPE", "29", None), ("LGIPE", "30", "párrafo 2")]),
    (LAW, "los artículos 52 a 54 y 60 Bis de esta Ley",
     [("LGIPE", "52", None), ("LGIPE", "53", None), ("LGIPE", "54", None), ("LGIPE", "60 bis", None)]),
    (LAW, "el artículo 30, párrafo 1 de la presente Ley", [("LGIPE", "30", "párrafo 1")]),
    (LAW, "en términos de este artículo y del artículo anterior", [("LGIPE", "65", None), ("LGIPE", "64", None)]),
    (LAW, "fracciones I a IV del artículo 107 constitucional",
     [("CPEUM", "107", "fracción I, fracción II, fracción III, fracción IV")]),
    (LAW, "el párrafo cuarto de la base I del artículo 41 de la Constitución", [("CPEUM", "41", "base I, párrafo 4")]),
    (LAW, "artículo 34; un numeral 3 al artículo 163; y un inciso o) al numeral 1 del artículo 474",
     [("LGIPE", "34", None), ("LGIPE", "163", "numeral 3"), ("LGIPE", "474", "numeral 1, inciso o")]),
    (AGREEMENT, "el artículo 47 de la LGIPE, relacionado con el diverso 39, párrafos 1 y 2 del RIINE",
     [("LGIPE", "47", None), ("RIINE", "39", "párrafo 1, párrafo 2")]),
    (AGREEMENT, "El artículo 20 del Modelo, en su inciso d) establece", [("Modelo", "20", "inciso d")]),
    (AGREEMENT, "El artículo 87 del mismo Estatuto", [("Estatuto", "87", None)]),
    (AGREEMENT, "Se reformó el RIINE: en el artículo 42 se incluyó otro inciso.", [("RIINE", "42", None)]),
    (AGREEMENT, "Ley General de Partidos Políticos, artículo 9", [("LGPP", "9", None)]),
    (AGREEMENT, "aprobado mediante INE/CG270/2019", [("INE/CG270/2019", None, None)]),
    (LAW, "Fracción reformada DOF 05-03-1993, 12-11-2002", [("DOF", None, "1993-03-05"), ("DOF", None, "2002-11-12")]),
    (LAW, "el Diario Oficial de la Federación el 23 de mayo de 2014", [("DOF", None, "2014-05-23")]),
    (LAW, "publicado el veintitrés de mayo de dos mil catorce en el Diario Oficial de la Federación",
     [("DOF", None, "2014-05-23")]),
    (DECREE, "el Transitorio Segundo anterior y el presente transitorio",
     [("Decreto", "transitorio 2", None), ("Decreto", "transitorio 4", None)]),
    (STATE, "el artículo 24 de la Constitución Local y el 34 de la Constitución Federal",
     [("Constitución Local", "24", None), ("CPEUM", "34", None)]),
    (AGREEMENT, "Article 25 of the International Covenant on Civil and Political Rights", [("PIDCP", "25", None)]),
    # no references: a heading that is transcribed, quantities, a law without an article of its own name
    (AGREEMENT, "Artículo 42.\n...", []),
    (LAW, "dentro de los 3 días siguientes, el 5 de mayo de 2015, con 300 diputados", []),
]  # fmt: skip


def told(reference: Reference) -> tuple[str | None, str | None, str | None]:
    return reference.norm, reference.article, reference.detail or (reference.date if reference.norm == "DOF" else None)


@pytest.mark.parametrize(("context", "text", "expected"), CASES, ids=[text[:50] for _, text, _ in CASES])
def test_each_form_is_recognised(
    context: Context, text: str, expected: list[tuple[str | None, str | None, str | None]]
) -> None:
    assert [told(r) for r in find_references(text, context) if r.rule != "norm"] == expected


def test_a_norm_without_article_is_told_once() -> None:
    found = find_references("La LGPP y la LGPP rigen; véase el artículo 3 de la LGIPE y la LGIPE.", AGREEMENT)
    assert [(r.norm, r.rule) for r in found] == [("LGPP", "norm"), ("LGIPE", "article_of_norm")]


def test_terms_come_from_the_glossary_and_from_definitions() -> None:
    terms = defined_terms(
        NAMES,
        [
            "Se entiende por:\nXI. Ley General: la Ley General de Instituciones y Procedimientos Electorales.\nII. Voto: el sufragio;"
        ],
        [("RIINE", "Reglamento Interior del Instituto Nacional Electoral"), ("Junta", "Junta General Ejecutiva")],
    )
    assert terms == {"RIINE": "RIINE", "Ley General": "LGIPE"}
    context = Context(NAMES.with_terms(terms, None, None))
    assert [told(r) for r in find_references("artículo 303 de la Ley General", context)] == [("LGIPE", "303", None)]


@pytest.mark.parametrize(
    ("text", "date"),
    [("31-12-1974", "1974-12-31"), ("1o. de mayo de 2023", "2023-05-01"), ("30-02-2020", None),
     ("dos de septiembre de mil novecientos noventa y tres", "1993-09-02"), ("5 de brumario de 1799", None)],
)  # fmt: skip
def test_dates_are_read_or_refused(text: str, date: str | None) -> None:
    assert iso_date(text) == date


WORDS = st.sampled_from(
    ["artículo ", "artículos ", "41", "9º", " bis", ", ", "; ", " y ", " a ", "párrafo 1", "inciso b)", "fracción IV", "Base V",
     " de la ", "CPEUM", "LGIPE", "esta Ley", "DOF ", "13-04-2020", "transitorio cuarto", "INE/CG1/2020", "(", ")", "\n", "𝔘", "."]
)  # fmt: skip


@settings(max_examples=150, print_blob=True, deadline=None)
@given(st.lists(WORDS, max_size=30).map("".join) | st.text(max_size=80))
def test_any_text_is_searched_and_places_hold(text: str) -> None:
    for context in (AGREEMENT, LAW, DECREE):
        for reference in find_references(text, context):
            assert text[reference.start : reference.end] == reference.text
            assert reference.text and (reference.norm or reference.rule == "article_unattributed")
