"""What an analyst writes between double brackets: finding it in a text and answering it from the knowledge base.

A directive is a word and its arguments, `[[dato: México | índice de democracia electoral | 2024]]`. `syntax`
finds them, `opening` puts what they ask to `research.comparison`, and `resolve` gives the content of each, or
the fault with its line and remedy.
"""
