"""Reads tables in every format Sageline accepts, as bounded batches of named columns."""

from processing_scripts.tables.errors import TableError
from processing_scripts.tables.opening import open_table, table_files
from processing_scripts.tables.table import Table

__all__ = ["Table", "TableError", "open_table", "table_files"]
