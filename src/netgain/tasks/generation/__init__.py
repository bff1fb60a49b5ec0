"""Generating images: networks that learn against a critic to make images like those of a dataset."""
