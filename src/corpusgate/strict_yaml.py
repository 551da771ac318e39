"""YAML read strictly: a file that cannot be read, a doubled key or an unknown key is an error that says where."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from corpusgate.errors import Problem, nearest

Model = TypeVar("Model", bound=BaseModel)


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """Safe loading that refuses a key written twice, of which YAML would silently keep the last."""


def _mapping(loader: Any, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=deep)
        if isinstance(key, str) and key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key '{key}' stands twice", key_node.start_mark)
        seen.add(key if isinstance(key, str) else repr(key))
    loader.flatten_mapping(node)
    return {loader.construct_object(key, deep=True): loader.construct_object(value, deep=True) for key, value in node.value}


# A day stays the text that was written: what is none is for whoever reads it to judge.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path) -> Any:
    """The content of a YAML file.

    Raises:
        Problem: the file is missing, not UTF-8 or not YAML; the message names the line.
    """
    try:
        return yaml.load(path.read_text("utf-8"), Loader=_Loader)
    except OSError as error:
        raise Problem(str(path), f"cannot be read ({error.strerror})", "Check the path") from None
    except UnicodeDecodeError:
        raise Problem(str(path), "is not UTF-8", "Save it as UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise Problem(
            where, f"is not YAML: {getattr(error, 'problem', error)}", "Mind the indentation, and quote text that holds ': ' or '#'"
        ) from None


def validated(model: type[Model], data: Any, where: str) -> Model:
    """Check data against a model.

    Raises:
        Problem: it does not fit; an unknown key names the nearest valid spelling.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        # A misspelt key is the cause where another one is missing.
        first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        place = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            keys = _keys(model, first["loc"][:-1])
            raise Problem(f"{where}: {place}", f"unknown key '{first['loc'][-1]}'", nearest(str(first["loc"][-1]), keys)) from None
        if first["type"] == "missing":
            raise Problem(f"{where}: {place}", "this key is missing", "Add it; it has no default") from None
        if first["type"] == "value_error":
            # A rule of the model's own, which says what is wrong.
            raise Problem(f"{where}: {place}" if place else where, first["msg"].removeprefix("Value error, "), "Change it") from None
        shown = repr(first.get("input"))[:60]
        mend = {"list_type": "Write a list, as in  [one, two]", "dict_type": "Write a mapping, as in  {key: value}"}
        what = f"{first['msg'].lower()}, not {shown}"
        raise Problem(f"{where}: {place}" if place else where, what, mend.get(first["type"], "Change the value")) from None


def _keys(model: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    """Valid keys at a place inside a model."""
    schema = model.model_json_schema(by_alias=True)
    definitions, here = schema.get("$defs", {}), schema
    for step in path:
        here = _resolved(here, definitions)
        if isinstance(step, str) and step in here.get("properties", {}):
            here = here["properties"][step]
        elif "items" in here:
            here = here["items"]
        else:
            here = here.get("additionalProperties") or {}
        if not isinstance(here, dict):
            return []
    return list(_resolved(here, definitions).get("properties", {}))


def _resolved(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    for option in schema.get("anyOf", [schema]):
        if "$ref" in option:
            return definitions[option["$ref"].rsplit("/", 1)[-1]]  # type: ignore[no-any-return]
    return schema
