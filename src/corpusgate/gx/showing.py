"""How results of the expectations are shown: bounded evidence instead of whole values, and pages in which no value is code.

Data Docs puts plain cells of tables into its pages as they are. Parameters of templates it escapes: so every value becomes one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pandas as pd
from great_expectations.expectations.expectation import render_suite_parameter_string
from great_expectations.render import LegacyDiagnosticRendererType, LegacyRendererType, RenderedStringTemplateContent, RenderedTableContent
from great_expectations.render.renderer.renderer import renderer
from great_expectations.render.renderer_configuration import RendererValueType
from great_expectations.render.util import num_to_str

from corpusgate.gx.kinds import Kind
from corpusgate.rows import cut, shown


def bounded(result: dict[str, Any], kind: Kind, columns: list[str], today: str | None) -> None:
    """Put evidence in its surroundings for the values in a result, in place; a value is one line of fewer than 300 code points then."""
    several = len(kind.fields) > 1
    found = result.get("unexpected_list") or result.get("partial_unexpected_list") or []
    rows = found if several else [{columns[0]: value} for value in found]
    table = pd.DataFrame([[row[column] for column in columns] for row in rows], columns=list(kind.fields[: len(columns)]), dtype=object)
    told: dict[tuple[str, str], Any] = {}
    for row, cells in zip(rows, shown(table, kind.checks, today), strict=True):
        told |= {(column, str(row[column])): cell for column, cell in zip(columns, cells.values(), strict=True)}

    def short(column: str, value: Any) -> Any:
        # Numbers and times are short, and better left as they are.
        return told.get((column, str(value)), cut(value)) if isinstance(value, str | bytes | list | tuple | Mapping) else value

    def shorter(cells: Mapping[str, Any]) -> dict[str, Any]:
        return {name: short(name, value) if name in columns else value for name, value in cells.items()}

    for name in ("partial_unexpected_list", "unexpected_list"):
        if name in result:
            result[name] = [shorter(value) if several else short(columns[0], value) for value in result[name]]
    for name in ("partial_unexpected_index_list", "unexpected_index_list"):
        if name in result:
            result[name] = [shorter(place) if isinstance(place, Mapping) else place for place in result[name]]
    for count in result.get("partial_unexpected_counts", ()):
        if (value := count.get("value")) is not None:
            count["value"] = tuple(map(short, columns, value)) if several else short(columns[0], value)


def _told(template: str, params: dict[str, Any], styling: Any = None) -> RenderedStringTemplateContent:
    content = {"template": template, "params": params, "styling": styling or {}}
    return RenderedStringTemplateContent(content_block_type="string_template", string_template=content)


def _cell(value: Any) -> RenderedStringTemplateContent:
    return _told("$value", {"value": "null" if value is None else str(value) or "EMPTY"})


class Shown:
    """What every expectation shares: bounded results and renderers. Comes before the base class of Great Expectations."""

    kind: ClassVar[Kind]

    def _validate(self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None) -> Any:
        output = super()._validate(metrics, runtime_configuration, execution_engine)  # type: ignore[misc]
        columns = self.column_list if hasattr(self, "column_list") else [self.column]  # type: ignore[attr-defined]
        bounded(output.get("result", {}), self.kind, list(columns), getattr(self, "today", None))
        return output

    @classmethod
    def _sentence(cls, named: bool) -> str:
        return f"$columns {cls.kind.says}" if named or len(cls.kind.fields) > 1 else f"values {cls.kind.says}"

    @classmethod
    def _prescriptive_template(cls, renderer_configuration: Any) -> Any:
        kwargs = renderer_configuration.kwargs
        params = [("columns", _columns(kwargs)), *([("mostly_pct", _percent(kwargs))] if _percent(kwargs) else [])]
        for name, value in params:
            renderer_configuration.add_param(name=name, param_type=RendererValueType.STRING, value=value)
        renderer_configuration.template_str = cls._sentence(True) + _mostly(kwargs)
        return renderer_configuration

    @classmethod
    @renderer(renderer_type=LegacyRendererType.PRESCRIPTIVE)
    @render_suite_parameter_string
    def _prescriptive_renderer(cls, configuration: Any = None, result: Any = None, runtime_configuration: Any = None, **_: Any) -> Any:
        kwargs = (configuration or result.expectation_config).kwargs
        runtime = runtime_configuration or {}
        params = {"columns": _columns(kwargs), "mostly_pct": _percent(kwargs), "row_condition": str(kwargs.get("row_condition") or "")}
        template = cls._sentence(runtime.get("include_column_name") is not False) + _mostly(kwargs)
        return [_told(f"if $row_condition, then {template}" if params["row_condition"] else template, params, runtime.get("styling"))]

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.UNEXPECTED_TABLE)
    def _diagnostic_unexpected_table_renderer(
        cls, configuration: Any = None, result: Any = None, runtime_configuration: Any = None
    ) -> list[RenderedTableContent] | None:
        found = ((result.result if result is not None else None) or {}).get("partial_unexpected_list")
        if not found:
            return None
        rows = [dict(value) if isinstance(value, Mapping) else {"unexpected": value} for value in found]
        places = (result.result or {}).get("partial_unexpected_index_list") or []
        if len(places) >= len(rows) and all(isinstance(place, Mapping) for place in places):
            # Rows are named by columns of theirs, such as an id; the tested ones are there too, of one column as `unexpected`.
            tested = {*rows[0], (configuration or result.expectation_config).kwargs.get("column")}
            named = [{name: value for name, value in place.items() if name not in tested} for place in places]
            rows = [key | row for key, row in zip(named, rows, strict=False)]
        return [
            RenderedTableContent(
                content_block_type="table",
                table=[[_cell(value) for value in row.values()] for row in rows],
                header_row=[_cell(name) for name in rows[0]],
                styling={"body": {"classes": ["table-bordered", "table-sm", "mt-3"]}},
            )
        ]


def _columns(kwargs: Mapping[str, Any]) -> str:
    return str(kwargs.get("column") or ", ".join(kwargs.get("column_list") or ()))


def _percent(kwargs: Mapping[str, Any]) -> str:
    mostly = kwargs.get("mostly")
    return num_to_str(mostly * 100, no_scientific=True) if isinstance(mostly, int | float) and mostly < 1 else ""


def _mostly(kwargs: Mapping[str, Any]) -> str:
    return ", in at least $mostly_pct % of rows." if _percent(kwargs) else "."
