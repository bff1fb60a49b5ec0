"""Climbs from a recipe to a better one by steps that are proven on images that chose nothing."""
