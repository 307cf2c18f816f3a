"""The knowledge base as files to take away: a data package of CSV, Parquet, or SQLite, by what licences allow."""

from research.export.parts import Exported, ExportError, PartExported
from research.export.writing import FORMATS, export

__all__ = ["FORMATS", "ExportError", "Exported", "PartExported", "export"]
