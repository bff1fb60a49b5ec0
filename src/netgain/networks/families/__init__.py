"""The families of networks, one per file: adding a file adds a family."""
