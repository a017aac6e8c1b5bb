"""The Qt application: the only room that imports Qt."""
