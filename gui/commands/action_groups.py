"""Which actions can be done where, and which are methods of the canvas."""

from __future__ import annotations

from gui.commands.arranging import ARRANGING

DESIGN_ONLY = (
    *("delete", "select_all", "find_layer", "rename", "show_palette", "show_inspector"),
    *("find_node", "find_next", "find_previous", "export_picture", "compare"),
    *("cut", "copy", "paste", "paste_with_inputs", "duplicate"),
    *("link_to", "add_dot", "group", "dissolve", "expand", "bypass"),
    *("show_bottom", "zoom_in", "zoom_out", "zoom_reset", "fit", "fit_selection"),
    *("share_nothing", "share_weights", "share_multiply_adds", *ARRANGING),
)
CLIPBOARD = ("cut", "copy", "paste", "paste_with_inputs", "duplicate")
WITHIN_CANVAS = ("delete", "select_all", *CLIPBOARD)
"""Their keys mean something else in every list and field of the window."""
ON_CANVAS = {
    "delete": "delete_selection",
    "select_all": "select_all",
    "group": "group_selection",
    "dissolve": "dissolve_selection",
    "bypass": "bypass_selection",
    "add_dot": "add_dot",
    "expand": "expand_selection",
    **{name: name for name in ("zoom_in", "zoom_out", "zoom_reset", "fit", "fit_selection")},
}
"""By action, the method of the canvas."""

ON_SELECTION = ("fit_selection", "frame")
ALSO_INSIDE = ("delete", "bypass", "cut", "copy", "duplicate", "group")
"""Also with what is selected inside of an expanded block."""
PROJECT_ONLY = (
    *("save", "save_as", "export", "close_project", "check", "use_data", "load_weights", "train"),
    *("page_design", "page_train", "page_evaluate"),
)
