"""Reads templates: JSON, or YAML with CloudFormation's short forms."""

from __future__ import annotations

import json
from typing import Any

import yaml

from tests.support.moto.cloudformation.errors import TemplateError, UnsupportedError

Template = dict[str, Any]

_KNOWN = {
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
}
_RESOURCE = {
    "Condition",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdateReplacePolicy",
}


class _Loader(yaml.SafeLoader):
    """YAML as CloudFormation reads it: dates stay text, and `!Sub x` means `Fn::Sub: x`."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own way to say it
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _short_form(loader: _Loader, name: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    return {name if name in {"Condition", "Ref"} else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _short_form)


def read(text: str) -> Template:
    """Read a template.

    Raises:
        TemplateError: where it is not one.
        UnsupportedError: where it holds something that is not done here, such as a transform.
    """
    template = _parsed(text)
    if not isinstance(template, dict) or not isinstance(template.get("Resources"), dict):
        raise TemplateError("Template format error: At least one Resources member must be defined.")
    if unknown := sorted(set(template) - _KNOWN):
        raise UnsupportedError(f"Template sections that the test support does not read: {', '.join(unknown)}")
    for name, resource in template["Resources"].items():
        if unknown := sorted(set(resource) - _RESOURCE):
            raise UnsupportedError(f"{name} has what the test support does not follow: {', '.join(unknown)}")
    return template


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a safe loader with short forms
    except yaml.YAMLError as error:
        raise TemplateError(f"Template format error: {error}") from error
