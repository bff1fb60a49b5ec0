"""The datasets that netgain knows by name: each module of this folder defines one `SOURCE`."""
