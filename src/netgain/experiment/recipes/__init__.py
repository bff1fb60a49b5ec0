"""The named recipes of netgain, one TOML file each."""
