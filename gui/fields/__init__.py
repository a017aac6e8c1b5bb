"""Fields in which values are entered, and how values are written."""
