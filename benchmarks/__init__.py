"""Measured side by side with peers, which live in an environment of their own."""
