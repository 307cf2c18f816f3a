"""From published cells to facts: reshape the table, type its cells, map them to our columns."""
