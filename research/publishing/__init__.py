"""From one text to HTML, Word and PDF, its figures resolved against the knowledge base and kept with the document.

`product` reads a document's folder, `compose` makes one Markdown of text and contents, `render` the formats,
`record` what was published; `stale` tells which published figures no longer stand.
"""
