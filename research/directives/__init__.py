"""What an analyst writes between double brackets: finding it in a text and answering it from the knowledge base.

A directive is a word and its arguments, `[[dato: México | índice de democracia electoral | 2024]]`. `syntax`
finds them, `names` knows countries, variables and sources by any of their names, `answers` asks the
database, and `resolve` puts the three together: content comes out, or a fault with its line and remedy.
"""
