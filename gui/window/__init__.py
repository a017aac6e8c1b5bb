"""The window around the pages: tabs, bars, messages and dialogs."""
