"""The scripts here are users' own: they are run as a user runs them, not collected."""

collect_ignore_glob = ["scripts/*"]
