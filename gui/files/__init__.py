"""The open file: opening, saving, exporting, and what a crash leaves."""
