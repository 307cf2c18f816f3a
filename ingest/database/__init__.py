"""Facts in, comparada.db out: schema, loading, identity, and the swap."""
