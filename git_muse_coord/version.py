"""The version, apart from the front door, which knows the whole house."""

__version__ = "0.1.0"
