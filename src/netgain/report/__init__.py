"""What people look at: sentences, tables, charts, galleries and the page that holds them."""
