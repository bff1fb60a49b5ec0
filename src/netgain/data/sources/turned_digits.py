"""Turned digits whose angle tells signal and background apart: what a generic classifier is trained on."""

from netgain.data.turned import source_of

SOURCE = source_of("turned-digits", "eights by N(0°, 5°), others flat within ±45°", blind=False)
