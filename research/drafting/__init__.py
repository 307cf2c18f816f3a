"""First drafts of documents: every figure a directive that holds, and a list of what is missing."""

from research.drafting.drafting import Drafted, DraftRequest, draft, write_draft

__all__ = ["DraftRequest", "Drafted", "draft", "write_draft"]
