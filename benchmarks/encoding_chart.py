"""What the matrix of wrong character sets found, as a chart and as tables.

    python benchmarks/accuracy.py --gold DIR --only encoding --json figures.json
    python benchmarks/encoding_chart.py figures.json

Writes docs/encoding.svg and prints the tables of RESULTS.md. The chart takes its colours from the reader's scheme, light or dark.
"""

from __future__ import annotations

import json
import sys
from html import escape
from pathlib import Path

OUT = Path(__file__).parents[1] / "docs" / "encoding.svg"
SIZES = ("article", "line", "word")
LEFT, RIGHT, TOP, STEP, WIDTH = 250, 40, 74, 19, 860

STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #1c1f23 } .mute { fill: #5b6470 } .grid { stroke: #d7dbe0 }
  .title { font-weight: 600; font-size: 14px }
  .article { fill: #0b5cad } .line { fill: #c2571a } .word { fill: #6a3d9a } .peer { fill: none; stroke: #5b6470; stroke-width: 1.4 }
  .back { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6e9ed } .mute { fill: #a3acb8 } .grid { stroke: #3a414a } .back { fill: #14171b }
    .article { fill: #6db3f8 } .line { fill: #f2a36b } .word { fill: #c9a4ee } .peer { stroke: #a3acb8 }
  }
"""


def channels(figures: dict[str, float]) -> list[str]:
    """Names of all channels, those with the least found in lines last."""
    names = [key.removeprefix("matrix/line/") for key in figures if key.startswith("matrix/line/") and " read as " in key]
    plain = {name.split("/")[0].split(".rows")[0] for name in names}
    own = [name for name in plain if f"matrix/line/{name}.rows" in figures]
    return sorted(own, key=lambda name: (-figures[f"matrix/line/{name}"], -figures.get(f"matrix/word/{name}", 0), name))


def chart(figures: dict[str, float]) -> str:
    """The chart as SVG: a row a channel, a mark for each size, a ring for the peer's lines."""
    names = channels(figures)
    height = TOP + STEP * len(names) + 34

    def x(share: float) -> float:
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="t d">',
        '<title id="t">Damage found, by channel</title>',
        '<desc id="d">For each way of reading one character set as another: the share found of whole articles, single lines and'
        " single words, beside that of lines that ftfy finds. The same figures stand in benchmarks/RESULTS.md as a table.</desc>",
        f"<style>{STYLE}</style>",
        f'<rect class="back" width="{WIDTH}" height="{height}"/>',
        '<text class="title" x="12" y="22">Damage found, by channel</text>',
    ]
    for i, (kind, label) in enumerate((("article", "whole article"), ("line", "one line"), ("word", "one word of a sound line"))):
        at = 14 + 140 * i
        out.append(f'<circle class="{kind}" cx="{at + 4}" cy="40" r="4.5"/><text x="{at + 14}" y="44">{label}</text>')
    out.append('<circle class="peer" cx="478" cy="40" r="4.5"/><text x="488" y="44">one line, ftfy</text>')
    for tick in range(0, 11, 2):
        at = x(tick / 10)
        out.append(f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" y1="{TOP - 12}" y2="{height - 28}"/>')
        out.append(f'<text class="mute" x="{at:.1f}" y="{height - 12}" text-anchor="middle">{tick / 10:.1f}</text>')
    for i, name in enumerate(names):
        y = TOP + STEP * i
        out.append(f'<text x="{LEFT - 12}" y="{y + 4}" text-anchor="end">{escape(name)}</text>')
        peer = figures[f"matrix/line/{name}.ftfy"]
        out.append(f'<circle class="peer" cx="{x(peer):.1f}" cy="{y}" r="4.5"/>')
        for kind in reversed(SIZES):
            share = figures.get(f"matrix/{kind}/{name}")
            if share is not None:
                out.append(f'<circle class="{kind}" cx="{x(share):.1f}" cy="{y}" r="4.5"/>')
    return "\n".join([*out, "</svg>"]) + "\n"


def _cell(figures: dict[str, float], kind: str, name: str) -> str:
    key = f"matrix/{kind}/{name}"
    if key not in figures:
        return ""
    return f"{figures[key]:.3f} ({figures[f'{key}.rows']:.0f})"


def table(figures: dict[str, float], names: list[str], head: str) -> str:
    """A table in Markdown: share found (texts) of each size, and the peer's share of lines."""
    rows = [f"| {head} | article | line | word | line, ftfy |", "|---|---|---|---|---|"]
    for name in names:
        cells = " | ".join(_cell(figures, kind, name) for kind in SIZES)
        rows.append(f"| {name.removeprefix('language ')} | {cells} | {figures.get(f'matrix/line/{name}.ftfy', 0):.3f} |")
    return "\n".join(rows)


def main() -> None:
    """Read figures, write the chart, print the tables."""
    figures = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    OUT.write_text(chart(figures), "utf-8")
    start = "matrix/line/language "
    spoken = sorted({key.removeprefix("matrix/line/").split(".")[0].split("/")[0] for key in figures if key.startswith(start)})
    print(table(figures, channels(figures), "channel"))
    print()
    print(table(figures, spoken, "language"))


if __name__ == "__main__":
    main()
