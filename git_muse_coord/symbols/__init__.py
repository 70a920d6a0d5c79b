"""What is in the source: symbols of a file, the changes between two versions, who uses whom, a cache and an indexer.

Nothing is imported here, so that a command that needs no grammar pays for none. Callers import the
modules: ``extract``, ``changes``, ``suggest``, ``collect``, ``link``, ``graph``, ``cache``,
``index``, ``kinds`` and ``values``.
"""
