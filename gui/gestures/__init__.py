"""What the mouse can do on the canvas; every gesture is an object. What is drawn: gui/canvas."""
