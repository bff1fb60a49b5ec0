"""The page of `netgain serve`: one tab a file, a runner that all browsers share, a server that keeps to itself."""
