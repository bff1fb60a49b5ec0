"""Pseudo-experiments that test the statistics of netgain on a model whose truth is known."""
