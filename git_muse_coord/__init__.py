"""Advisory reservations of symbols on plain git.

The library's front door is :class:`git_muse_coord.coordinator.Coordinator`; nothing is imported
here, because start-up is most of what a command costs.
"""

__version__ = "0.1.0"
