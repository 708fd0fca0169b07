"""From records to the rows of the fact tables: one function a table, no judging."""
