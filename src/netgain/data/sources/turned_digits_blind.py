"""Turned digits whose angle tells nothing in training: what a blind classifier is trained on."""

from netgain.data.turned import source_of

SOURCE = source_of("turned-digits-blind", "all flat within ±45° to train, as turned-digits to test", blind=True)
