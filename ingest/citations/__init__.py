"""Citations: a text in, the articles, laws, agreements and gazettes that it refers to out; then which of them we hold."""
