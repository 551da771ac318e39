"""Pages of invented portals in Arabic, Persian and Urdu, of which the gold has next to none: half of them teach the model of lines."""

from __future__ import annotations

from pathlib import Path

import yaml
from gold import Row

PORTALS = Path(__file__).parents[1] / "tests" / "data" / "portals.yaml"


def own_pages(taught: bool) -> list[Row]:
    """Every other story on every other site of its language, labelled line by line: what the site puts around it is furniture.

    Args:
        taught: whether those that the model learns from, or those that tell what it does with stories and sites that it has not seen.
    """
    data = yaml.safe_load(PORTALS.read_text("utf-8"))
    made: list[Row] = []
    for number, story in enumerate(data["stories"]):
        sites = [site for site in data["sites"] if site["language"] == story["language"]]
        for place, site in enumerate(sites):
            if number % 2 == place % 2 == int(not taught):
                title, *told = story["lines"]
                parts = [
                    ("boilerplate", site["before"]), ("title", [title]), ("content", told[:1]), ("boilerplate", site["between"]),
                    ("content", told[1:]), ("boilerplate", site["behind"]),
                ]  # fmt: skip
                lines = [{"text": text, "label": label} for label, texts in parts for text in texts]
                host = f"{story['language']}{place}.example"
                made.append({"id": f"{host}/{number}", "site": host, "lang": story["language"], "title": title, "lines": lines})
    return made
