"""The pages of the window beside Design. Each is a widget made of an `Editor` and a session."""
