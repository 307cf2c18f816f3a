"""Published figures looked at again: what changed, what is gone, what disagrees, and numbers that nothing keeps true."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import comparada
from written_products import built_again, database, edit, notices

from research.publishing.loose_numbers import numbers_in
from research.publishing.stale import changes


def test_a_changed_fact_flags_exactly_the_documents_that_cite_it(published_root: Path) -> None:
    edit(published_root / "datasets/votos/votos.csv", '"63.4%"', '"64.9%"')
    built_again(published_root)
    assert notices(published_root) == [
        "research/products/corto/texto.md:14: MEX, turnout-example, 2018: se corrigió: 63.4 → 64.9 [corrected]",
        "research/products/corto/texto.md:16: MEX, turnout-example, 2018: se corrigió: 63.4 → 64.9 [corrected]",
    ]
    with database(published_root) as opened:
        found = changes(opened, published_root / "research/products")
    assert {(c.product.product_id, c.what, c.old, c.new) for c in found} == {("corto", "corrected", 63.4, 64.9)}


def test_a_new_version_of_the_source_changes_a_figure(published_root: Path) -> None:
    edit(published_root / "datasets/votos/votos.csv", '"89.8%"', '"87.0%"')
    edit(published_root / "datasets/votos/source.yml", 'version: "1"', 'version: "2"')
    built_again(published_root)
    assert notices(published_root) == [
        "research/products/otro/texto.md:9: SUN, turnout-example, 1989: cambió: 89.8 → 87 [changed]"
    ]


def test_a_figure_that_is_gone(published_root: Path) -> None:
    edit(published_root / "datasets/votos/votos.csv", 'Russia,1989,"89.8%"', 'Russia,1990,"89.8%"')
    built_again(published_root)
    assert notices(published_root) == [
        "research/products/otro/texto.md:9: SUN, turnout-example, 1989: ya no está en la base: 89.8 [gone]"
    ]


def test_a_second_source_that_disagrees(published_root: Path) -> None:
    shutil.copytree(
        published_root / "datasets/votos", published_root / "datasets/segunda", ignore=shutil.ignore_patterns("facts")
    )
    descriptor = (
        (published_root / "datasets/segunda/source.yml").read_text("utf-8").replace("id: votos\n", "id: segunda\n")
    )
    start, end = descriptor.index("variables:\n"), descriptor.index("recipes:\n")
    (published_root / "datasets/segunda/source.yml").write_text(descriptor[:start] + descriptor[end:], "utf-8")
    edit(published_root / "datasets/segunda/votos.csv", '"63.4%"', '"61.0%"')
    built_again(published_root)
    assert notices(published_root) == [
        "research/products/corto/texto.md:14: MEX, turnout-example, 2018: en disputa: 63.4 según votos, 61 según segunda [contested]",
        "research/products/corto/texto.md:16: MEX, turnout-example, 2018: en disputa: 63.4 según votos, 61 según segunda [contested]",
    ]


def test_an_article_that_was_reformed(published_root: Path) -> None:
    edit(published_root / "datasets/leyes/sections.csv", "También es una obligación.", "También es un deber.")
    built_again(published_root)
    told = notices(published_root)
    assert len(told) == 1 and told[0].startswith("research/products/corto/texto.md:18: ley-ejemplo/art-1 text: ")


def test_a_spoilt_record_stops_the_build_with_its_place(published_root: Path) -> None:
    (published_root / "research/products/corto/publicado/registro.json").write_text("{", "utf-8")
    told = comparada("build", root=published_root)
    assert told.returncode == 1
    assert "research/products/corto/publicado: el registro de la publicación no se puede leer" in told.stderr


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("En 2018 votó 63.4 % (artículo 41, 1.ª vuelta, 1 de julio); 12 países.", ["63.4 %", "12"]),
        ("Los artículos 65 y 66 de la LGIPE, fracción IV, p. 12; el 2.º lugar; 2000–2024; 2018-07-01.", []),
        ("1. Uno\n2. Dos, con 500 escaños y 1,234.5 votos", ["500", "1,234.5"]),
        ("INE/JGE52/2022, S.5.01.1.01, COVID-19, [liga](https://example.org/12), `x = 4`, [@vdem, p. 3]", []),
        ("Votó [[dato: México | x | 2018]], el 45% y $10.", ["45%", "10"]),
        ("On July 1, 2018, 21 seats; article 9; the 1st round.", ["21"]),
    ],
)  # fmt: skip
def test_numbers_that_come_from_no_directive(text: str, loose: list[str]) -> None:
    assert [n.number for n in numbers_in(text)] == loose


def test_check_tells_loose_numbers_with_their_line(products: Path, products_root: Path) -> None:
    with (products / "corto/texto.md").open("a", encoding="utf-8") as file:
        file.write("\nVotaron 1,200 personas.\n")
    told = notices(products_root)
    assert len(told) == 1
    assert told[0].startswith("research/products/corto/texto.md:22: «1,200» no sale de ninguna directiva")


def test_a_folder_of_another_name_is_told_and_stops_no_other(products: Path, products_root: Path) -> None:
    shutil.copytree(products / "corto", products / "corto á")
    with (products / "corto/texto.md").open("a", encoding="utf-8") as file:
        file.write("\nVotaron 1,200 personas.\n")
    told = notices(products_root)
    assert any("«1,200» no sale de ninguna directiva" in line for line in told)
    assert any("corto á: el identificador solo lleva letras sin acento" in line for line in told)
