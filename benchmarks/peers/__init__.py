"""Programs measured beside netgain, each in an environment of the peers: they read a job and print an answer."""
