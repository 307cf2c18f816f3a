"""The SQLite file in: indices, seat allocation, comparisons and drafts out."""
