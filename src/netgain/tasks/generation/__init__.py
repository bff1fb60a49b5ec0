"""Generating images: two networks that learn against each other."""
