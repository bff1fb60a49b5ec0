"""Strings of characters in images, not divided into characters: what a reader learns from."""
