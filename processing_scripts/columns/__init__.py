"""Summaries of columns, taken batch by batch in bounded memory."""

from processing_scripts.columns.summary import ColumnSummary, Summary

__all__ = ["ColumnSummary", "Summary"]
