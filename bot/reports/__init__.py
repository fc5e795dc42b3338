"""What leaves the store as files: read here, written beside and renamed."""
