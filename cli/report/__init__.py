"""The report of an execution: one self-contained HTML file."""

from cli.report.material import Material, ObjectReader, collect
from cli.report.page import render
from cli.report.writing import write

__all__ = ["Material", "ObjectReader", "collect", "render", "write"]
