"""The SQLite file in, ranked hits out. The only package that imports Whoosh."""
