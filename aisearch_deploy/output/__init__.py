"""What happens to rendered files: the record, edit detection, and writing that is all or nothing."""
