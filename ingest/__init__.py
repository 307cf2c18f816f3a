"""Sources in, tables out: descriptors, readers, tidying, facts and the SQLite build."""
