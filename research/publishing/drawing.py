"""Charts and maps drawn for print with Altair: told apart in grey, labelled beside what they label."""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import pairwise
from math import ceil, floor
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from research.comparison.words import with_decimals
from research.directives.content import ChartContent, Line, MapContent, Point
from research.directives.shown import with_percent
from research.names import Language

WIDTH = 640  # CSS pixels: 16.5 cm of paper at 98 to the inch
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"  # the first comes with vl-convert
INK, MIDDLE, PALE = "#111111", "#4a4a4a", "#d9d9d9"
HOME = "#17375e"
# country after country: dark enough on white, apart by dash before colour
STROKES = (
    ("#17375e", [1, 0], 2.6), ("#b2570d", [6, 3], 2.0), ("#4d4d4d", [2, 2], 2.0), ("#2a7f8e", [9, 3, 2, 3], 2.0),
    ("#7a7a7a", [1, 0], 1.4), ("#8c3b6e", [4, 2], 1.6), ("#1d6b3f", [1, 2], 2.0), ("#9a8430", [10, 4], 1.4),
)  # fmt: skip
CLASS_FILLS = ("#dbe3eb", "#b3c3d3", "#86a0b8", "#4f7396", "#17375e")  # luminance falls evenly, so grey keeps the order
NO_ANSWER_FILL = "#ffffff"
LABEL_HEIGHT = 14
_DATA: Any = alt.Data  # which Altair leaves without types
_Layers = alt.LayerChart | alt.FacetChart
WORLD_FILE = Path(__file__).parent / "countries.topo.json"


def chart_svg(content: ChartContent, language: Language) -> str:
    """The chart as SVG."""
    return _svg(_lines(content) if content.kind == "lines" else _bars(content, language))


def map_svg(content: MapContent, names: dict[str, str]) -> str:
    """The map as SVG; `names` are those of the countries, for whoever reads the drawing's parts."""
    return _svg(_map(content, names))


def png(svg: str) -> bytes:
    """The drawing as PNG, 300 points to the inch at its width on paper."""
    return vl_convert.svg_to_png(svg, scale=3, ppi=96)


def pdf(svg: str) -> bytes:
    """The drawing as PDF, its letters embedded."""
    return vl_convert.svg_to_pdf(svg)


def not_on_the_map(content: MapContent) -> tuple[str, ...]:
    """Countries that have an answer and no outline in our world."""
    return tuple(sorted(set(content.class_of) - _drawn_countries()))


def _svg(chart: _Layers) -> str:
    config: dict[str, Any] = {
        "font": FONT,
        "background": "#ffffff",
        "view": {"stroke": None},
        "axis": {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal",
                 "domainColor": MIDDLE, "tickColor": MIDDLE, "gridColor": "#e6e6e6"},
        "text": {"fontSize": 12, "color": INK},
    }  # fmt: skip
    return vl_convert.vegalite_to_svg(chart.configure(**config).to_json(validate=False))


def _values(rows: list[dict[str, Any]]) -> Any:
    return _DATA(values=rows)


def _mark(kind: str, **looks: Any) -> Any:
    return {"type": kind, **looks}


def _lines(content: ChartContent) -> _Layers:
    height = 270
    values = [p.value for line in content.lines for p in line.points]
    low, high = content.bounds or _round_bounds(values)
    first = min(p.at for line in content.lines for p in line.points)
    last = max(p.at for line in content.lines for p in line.points)
    x = alt.X("at:Q", title=None, scale=alt.Scale(domain=[first, last], nice=False),
              axis=alt.Axis(format="d", grid=False, values=_years(first, last)))  # fmt: skip
    scale = alt.Scale(domain=[low, high], nice=False)
    y = alt.Y("value:Q", title=content.axis, scale=scale,
              axis=alt.Axis(titleAngle=0, titleAlign="left", titleAnchor="start", titleX=0, titleY=-14, titleLimit=WIDTH,
                            tickCount=6))  # fmt: skip
    order = sorted(range(len(content.lines)), key=lambda i: not content.lines[i].is_home)
    layers: list[alt.Chart] = []
    for place, index in enumerate(order):
        line = content.lines[index]
        colour, dash, width = STROKES[place]
        data = _values([row for p in line.points for row in _steps(p)])
        dots = {"fill": colour, "size": 18} if _is_sparse(line) else False
        drawn = _mark("line", stroke=colour, strokeDash=dash, strokeWidth=width, point=dots)
        layers.append(alt.Chart(data, mark=drawn).encode(x=x, y=y))
    labels = [
        {"at": content.lines[i].points[-1].at, "value": content.lines[i].points[-1].value, "label": content.lines[i].label,
         "colour": STROKES[place][0], "weight": "bold" if content.lines[i].is_home else "normal"}
        for place, i in enumerate(order)
    ]  # fmt: skip
    _spread(labels, low, high, height)
    for row in labels:
        layers.append(
            alt.Chart(
                _values([row]),
                mark=_mark("text", align="left", dx=8, baseline="middle", fontSize=13, color=row["colour"],
                           fontWeight=row["weight"]),
            ).encode(x=alt.XDatum(last, type="quantitative"), y=alt.Y("value:Q", scale=scale), text="label:N")
        )  # fmt: skip
    longest = max(len(str(row["label"])) for row in labels)
    return alt.layer(*layers).properties(width=WIDTH - 60 - min(220, 8 * longest), height=height)


def _steps(point: Point) -> list[dict[str, float | None]]:
    """The rows of a point; a row without a value before it breaks the line."""
    here: dict[str, float | None] = {"at": point.at, "value": point.value}
    return [{"at": point.at, "value": None}, here] if point.follows_gap else [here]


def _years(first: float, last: float) -> list[int]:
    """Years to label: round ones, and both ends where there is room beside them."""
    start, end = ceil(first), floor(last)
    step = next((s for s in (1, 2, 5, 10, 20, 25) if (end - start) / s <= 7), 50)
    round_ones = [year for year in range(start, end + 1) if year % step == 0]
    room = 0.7 * step
    ends = [year for year in (start, end) if all(abs(year - r) >= room for r in round_ones)]
    return sorted({*round_ones, *ends})


def _is_sparse(line: Line) -> bool:
    return len(line.points) < 3 or any(b.at - a.at > 1.5 for a, b in pairwise(line.points))


def _spread(labels: list[dict[str, Any]], low: float, high: float, height: int) -> None:
    """Move labels apart until none covers another, in the order of their values, inside the axis where they fit."""
    gap = (high - low) * (LABEL_HEIGHT + 1) / height
    labels.sort(key=lambda row: row["value"])
    for below, above in pairwise(labels):
        above["value"] = max(above["value"], below["value"] + gap)
    if labels[-1]["value"] > high:
        labels[-1]["value"] = high
        for above, below in pairwise(reversed(labels)):
            below["value"] = min(below["value"], above["value"] - gap)


def _round_bounds(values: list[float]) -> tuple[float, float]:
    low, high = min(0.0, *values), max(values)
    size = 10 ** len(str(int(max(abs(low), abs(high), 1)))) / 20
    return (low // size) * size, (high // size + 1) * size


def _bars(content: ChartContent, language: Language) -> _Layers:
    def label(value: float) -> str:
        written = with_decimals(value, content.decimals)
        return with_percent(written, language) if content.unit == "%" else written

    values = [line.points[0].value for line in content.lines]
    any_home = any(line.is_home for line in content.lines)
    rows = [
        {"label": line.label, "value": line.points[0].value, "shown": label(line.points[0].value),
         "fill": HOME if line.is_home or not any_home else "#a9b7c6"}
        for line in content.lines
    ]  # fmt: skip
    low, high = content.bounds or _round_bounds(values)
    y = alt.Y("label:N", sort=None, title=None,
              axis=alt.Axis(domain=False, ticks=False, labelLimit=260, labelPadding=6, labelFontSize=13))  # fmt: skip
    x = alt.X("value:Q", title=content.axis, scale=alt.Scale(domain=[low, high], nice=False),
              axis=alt.Axis(tickCount=6, titleAnchor="start", titleLimit=WIDTH, titlePadding=8))  # fmt: skip
    bars = alt.Chart(_values(rows), mark=_mark("bar", height={"band": 0.72})).encode(
        x=x, y=y, color=alt.Color("fill:N", scale=None)
    )
    texts = alt.Chart(_values(rows), mark=_mark("text", align="left", dx=5, baseline="middle")).encode(
        x=x, y=y, text="shown:N"
    )
    longest = max(len(str(row["label"])) for row in rows)
    width = WIDTH - 60 - min(260, 8 * longest)
    return alt.layer(bars, texts).properties(width=width, height=max(60, 24 * len(rows)))


@lru_cache
def _world() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(WORLD_FILE.read_text("utf-8"))
    return loaded


@lru_cache
def _drawn_countries() -> frozenset[str]:
    return frozenset(g["id"] for g in _world()["objects"]["countries"]["geometries"] if "id" in g)


def _map(content: MapContent, names: dict[str, str]) -> _Layers:
    fills = _fills(len(content.classes))
    wanted = set(content.area)
    geometries = []
    for geometry in _world()["objects"]["countries"]["geometries"]:
        key = geometry.get("id")
        if not content.is_world and key not in wanted:
            continue
        place = content.class_of.get(key)
        properties = {
            "class": content.no_answer if place is None else content.classes[place],
            "name": names.get(key, ""),
            "edge": 1.6 if key is not None and key == content.home else 0.4,
        }
        geometries.append({**geometry, "properties": properties})
    world = {**_world(), "objects": {"countries": {"type": "GeometryCollection", "geometries": geometries}}}
    data = _DATA(values=world, format=alt.TopoDataFormat(feature="countries", type="topojson"))
    domain = [*content.classes, content.no_answer]
    colour = alt.Color(
        "properties.class:N", title=None,
        scale=alt.Scale(domain=domain, range=[*fills, NO_ANSWER_FILL]),
        legend=alt.Legend(orient="bottom", direction="horizontal", symbolType="square", symbolSize=220,
                          symbolStrokeColor=MIDDLE, symbolStrokeWidth=0.6, labelFontSize=12, labelLimit=240,
                          columns=3 if len(domain) > 4 else len(domain), columnPadding=18, rowPadding=5),
    )  # fmt: skip
    shapes = alt.Chart(data, mark=_mark("geoshape", stroke=MIDDLE)).encode(
        color=colour, strokeWidth=alt.StrokeWidth("properties.edge:Q", scale=None)
    )
    return (
        alt.layer(shapes)
        .project(type="equalEarth" if content.is_world else "mercator")
        .properties(width=WIDTH, height=320 if content.is_world else 380)
    )


def _fills(count: int) -> tuple[str, ...]:
    """As many fills as there are classes, from palest to darkest."""
    if count == 1:
        return (CLASS_FILLS[3],)
    return tuple(CLASS_FILLS[round(i * (len(CLASS_FILLS) - 1) / (count - 1))] for i in range(count))
