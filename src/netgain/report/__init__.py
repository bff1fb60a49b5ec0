"""What people read: sentences, tables, charts, galleries and the page that contains them."""
