"""The sets judged by hand are well formed, and what they quote and name stands in the documents themselves."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import MIRROR, needs_mirror, pdf_pages

DOCUMENTS = MIRROR / "documents"
JUDGED = Path(__file__).parent / "judged"
CITATIONS: dict[str, Any] = yaml.safe_load((JUDGED / "citations.yml").read_text("utf-8"))
DETAIL = re.compile(r"(párrafo|fracción|inciso|base|apartado|numeral|section) \S+")
AGREEMENT = re.compile(r"INE/(CG|JGE)\d+/\d{4}")
HEADING = r"(?m)^\s*Art[íi]culo\s+"  # how the laws open an article


def one_spaced(text: str) -> str:
    return " ".join(text.split())


@cache
def pages_of(path: Path) -> list[str]:
    return pdf_pages(path)


def text_of(page: dict[str, Any]) -> str:
    path = DOCUMENTS / page["document"]
    text = pages_of(path)[page["page"] - 1] if path.suffix == ".pdf" else path.read_text("utf-8")
    return one_spaced(text)


def titled(page: dict[str, Any]) -> str:
    return f"{page['document']}:{page.get('page', '')}".rstrip(":")


# ── References ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("page", CITATIONS["pages"], ids=titled)
def test_each_marked_reference_is_well_formed(page: dict[str, Any]) -> None:
    assert page["draw"] in {"whole", "any", "dense", "chosen"}
    assert page["language"] in {"es", "en", "fr"}
    assert ("page" in page) == page["document"].endswith(".pdf")
    for reference in page["references"]:
        known = {"quote", "section", "norm", "named", "date", "articles"}
        assert set(reference) <= known, reference
        assert reference["quote"] == one_spaced(reference["quote"])
        assert reference.get("named", "context") == "context"
        norm = reference["norm"]
        assert norm in CITATIONS["norms"] or AGREEMENT.fullmatch(norm), norm
        if norm == "DOF" or AGREEMENT.fullmatch(norm):
            assert "articles" not in reference
        else:
            assert reference["articles"], reference
        if norm == "DOF":
            assert reference["date"], reference
        if "date" in reference:
            datetime.date.fromisoformat(reference["date"])
        for article in reference.get("articles", ()):
            assert set(article) <= {"article", "detail", "transitory"}
            number = r"[a-zé ]+" if article.get("transitory") else r"\d+( (Bis|Ter|Quáter))?"
            assert re.fullmatch(number, article["article"]), article
            assert all(DETAIL.fullmatch(step) for step in article.get("detail", ())), article


def test_the_pages_are_as_many_and_as_mixed_as_the_measure_asks() -> None:
    others = [page for page in CITATIONS["pages"] if page["draw"] != "whole"]
    assert len({titled(page) for page in others}) == len(others) >= 10
    kinds = Counter(page["document"].split("/")[0] for page in others)
    assert kinds["mx-federal-laws"] >= 5
    assert kinds["mx-state-electoral-codes"] >= 2
    assert kinds["oedi-guide"] >= 1


@needs_mirror
@pytest.mark.parametrize("page", CITATIONS["pages"], ids=titled)
def test_each_quoted_reference_stands_in_its_page_in_this_order(page: dict[str, Any]) -> None:
    text, start = text_of(page), 0
    for reference in page["references"]:
        found = text.find(reference["quote"], start)
        assert found >= 0, f"{reference['quote']!r} does not stand after {text[max(0, start - 40) : start]!r}"
        start = found + len(reference["quote"])


# ── Questions ────────────────────────────────────────────────────────────────────────────────────────────

QUESTIONS: list[dict[str, Any]] = yaml.safe_load((JUDGED / "questions.yml").read_text("utf-8"))["questions"]
BY_ID = {question["id"]: question for question in QUESTIONS}
ARTICLE = re.compile(r"(cpeum|lgipe|lgpp|lgsmime)/art-([1-9]\d*)(-bis|-ter)?")
GUIDE = re.compile(r"oedi/(es|en|fr)/[a-z/-]+")


def judged(question: dict[str, Any]) -> list[str]:
    return [*question["answers"], *question.get("useful", ())]


def language_of(answer: str) -> str:
    guide = GUIDE.fullmatch(answer)
    return guide.group(1) if guide else "es"


def test_each_question_is_well_formed() -> None:
    assert len(BY_ID) == len(QUESTIONS)
    assert len({question["question"].casefold() for question in QUESTIONS}) == len(QUESTIONS)
    for question in QUESTIONS:
        assert set(question) <= {"id", "language", "question", "same_as", "answers", "useful"}, question["id"]
        assert re.fullmatch(r"[a-z0-9-]+", question["id"])
        assert question["language"] in {"es", "en", "fr", "pt"}
        assert question["question"] == one_spaced(question["question"]) != ""
        assert question["answers"], question["id"]
        assert len(set(judged(question))) == len(judged(question)), f"{question['id']} judges an answer twice"
        for answer in judged(question):
            assert ARTICLE.fullmatch(answer) or GUIDE.fullmatch(answer), (question["id"], answer)


def test_the_questions_are_as_many_and_in_as_many_languages_as_the_measure_asks() -> None:
    assert len(QUESTIONS) >= 60
    languages = Counter(question["language"] for question in QUESTIONS)
    assert languages["es"] >= 35 and languages["en"] >= 20 and languages["fr"] >= 8 and languages["pt"] >= 3
    across = [q["id"] for q in QUESTIONS if any(language_of(answer) != q["language"] for answer in q["answers"])]
    assert len(across) >= 15


def test_a_question_in_two_languages_has_the_same_articles_for_answers() -> None:
    for question in QUESTIONS:
        if "same_as" in question:
            other = BY_ID[question["same_as"]]
            assert other["language"] != question["language"]
            for kind in ("answers", "useful"):
                articles = [
                    {answer for answer in each.get(kind, ()) if ARTICLE.fullmatch(answer)} for each in (question, other)
                ]
                assert articles[0] == articles[1], (question["id"], kind)


@needs_mirror
def test_every_article_and_page_that_is_judged_exists() -> None:
    wanted = {answer for question in QUESTIONS for answer in judged(question)}
    for answer in sorted(wanted):
        if found := ARTICLE.fullmatch(answer):
            law, number, suffix = found.groups()
            text = "\n".join(pages_of(DOCUMENTS / "mx-federal-laws" / f"{law}.pdf"))
            # «Artículo 9o.» and «Artículo 46» without a stop; «Artículo 4» is not «Artículo 41» nor «Artículo 43 Bis».
            heading = rf"{HEADING}{number}" + (
                rf"[o.\s]*\s{suffix[1:]}\b" if suffix else r"(?!\d)o?\.?(?!\s*(bis|ter)\b)"
            )
            assert re.search(heading, text, re.IGNORECASE), answer
        else:
            assert (DOCUMENTS / "oedi-guide" / f"{answer.removeprefix('oedi/')}.md").is_file(), answer
