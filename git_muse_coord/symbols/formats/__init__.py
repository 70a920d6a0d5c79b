"""Small readers of formats for which there is no grammar, or none that would be worth its size.

A reader tells where the tokens, the comments and the named pieces of a file are, in bytes; ``outline``
makes of it what a walk over a syntax tree gives.
"""
