"""The page of `netgain serve`: one tab per file, a runner that all browsers share, a server that is not public."""
