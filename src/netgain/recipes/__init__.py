"""Recipes that netgain brings along, one TOML file each."""
