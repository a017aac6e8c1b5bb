"""Everything that can be done from a menu, a button or a key: declared here, once.

An action knows its name, words and keys (action_set.py). What it does is connected in
gui/window/main_window.py and in the parts that own the work; in which menu it stands: menus.py.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from gui.commands.action_set import ActionSet


class Actions(ActionSet):
    """The actions of a window, by name: `actions["save"].triggered.connect(...)`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file()
        self._edit()
        self._view()
        self._arrange()
        self._train_and_help()

    def _file(self) -> None:
        self._add("new", self.tr("New"), self.tr("Start an empty project."), "Ctrl+N")
        self._add(
            "new_from_template",
            self.tr("New from template…"),
            self.tr("Start from a ready-made network."),
            "Ctrl+Shift+N",
        )
        self._add("open", self.tr("Open…"), self.tr("Open a project file."), "Ctrl+O")
        self._add("save", self.tr("Save"), self.tr("Save the project."), "Ctrl+S")
        self._add(
            "save_as",
            self.tr("Save as…"),
            self.tr("Save the project in another file."),
            "Ctrl+Shift+S",
        )
        self._add(
            "export",
            self.tr("Export code…"),
            self.tr("Write a folder with the PyTorch code and an example that uses it."),
            "Ctrl+E",
        )
        self._add(
            "export_picture",
            self.tr("Export picture…"),
            self.tr("Write the network, or the selected nodes, as PNG, SVG or PDF."),
            "Ctrl+Alt+E",
        )
        self._add(
            "close_project", self.tr("Close project"), self.tr("Back to the start."), "Ctrl+W"
        )
        self._add(
            "new_tab",
            self.tr("New tab"),
            self.tr("Open another project beside this one."),
            "Ctrl+T",
        )
        self._add(
            "next_tab",
            self.tr("Next tab"),
            self.tr("Show the next project."),
            "Ctrl+PgDown",
            "Ctrl+Tab",
        )
        self._add(
            "previous_tab",
            self.tr("Previous tab"),
            self.tr("Show the project before."),
            "Ctrl+PgUp",
            "Ctrl+Shift+Tab",
        )
        self._add(
            "open_again",
            self.tr("Open last projects at start"),
            self.tr("Start with the files that were open when the window was closed."),
            checkable=True,
        )
        quit_ = self._add("quit", self.tr("Quit"), self.tr("Close the window."), "Ctrl+Q")
        quit_.setMenuRole(QAction.MenuRole.QuitRole)

    def _edit(self) -> None:
        self._add("undo", self.tr("Undo"), self.tr("Take the last step back."), "Ctrl+Z")
        self._add("redo", self.tr("Redo"), self.tr("Do the step again."), "Ctrl+Shift+Z", "Ctrl+Y")
        self._add(
            "delete", self.tr("Delete"), self.tr("Remove what is selected."), "Del", "Backspace"
        )
        for name, text, tip, key in (
            ("cut", self.tr("Cut"), self.tr("Copy the selected nodes and remove them."), "Ctrl+X"),
            (
                "copy",
                self.tr("Copy"),
                self.tr("Copy the selected nodes as text that can be pasted anywhere."),
                "Ctrl+C",
            ),
            (
                "paste",
                self.tr("Paste"),
                self.tr("Put copied nodes under the mouse, in this project or another one."),
                "Ctrl+V",
            ),
            (
                "paste_with_inputs",
                self.tr("Paste with inputs"),
                self.tr("Paste, linked to what led into the nodes where they were copied."),
                "Ctrl+Shift+V",
            ),
            (
                "duplicate",
                self.tr("Duplicate"),
                self.tr("Put the selected nodes beside themselves once more."),
                "Ctrl+D",
            ),
        ):
            self._add(name, text, tip, key)
        self._add("select_all", self.tr("Select all"), self.tr("Select every node."), "Ctrl+A")
        self._add(
            "find_layer",
            self.tr("Add layer…"),
            self.tr("Search the palette; Enter adds the layer below the selection."),
            "Ctrl+Shift+A",
        )
        self._add(
            "find_node",
            self.tr("Find…"),
            self.tr("Find a node by its name, its layer or its problem, also inside blocks."),
            "Ctrl+F",
        )
        self._add("find_next", self.tr("Find next"), self.tr("Go to the next found node."), "F3")
        self._add(
            "find_previous",
            self.tr("Find previous"),
            self.tr("Go to the found node before."),
            "Shift+F3",
        )
        self._add(
            "link_to",
            self.tr("Link to…"),
            self.tr("Search the node to which the selected one should lead."),
            "Ctrl+Return",
        )
        self._add(
            "add_dot",
            self.tr("Add a reroute point"),
            self.tr("Lead the selected link, or that between selected nodes, through a dot."),
            "Ctrl+Alt+P",
        )
        self._add(
            "group", self.tr("Make a block"), self.tr("Put the selected nodes into one."), "Ctrl+G"
        )
        self._add(
            "dissolve",
            self.tr("Dissolve block"),
            self.tr("Put what is inside of the selected block in its place."),
            "Ctrl+Shift+G",
        )
        self._add(
            "expand",
            self.tr("Expand in place or collapse"),
            self.tr("Show what is inside of the selected block where it stands, or its card."),
            "Ctrl+Shift+E",
        )
        self._add(
            "bypass",
            self.tr("Bypass"),
            self.tr("Leave the selected nodes out, or let them take part again."),
            "Ctrl+B",
        )
        self._add(
            "rename", self.tr("Rename"), self.tr("Give the selected node another name."), "F2"
        )

    def _view(self) -> None:
        for number, (name, text, tip) in enumerate(
            (
                ("page_design", self.tr("Design"), self.tr("Build the network.")),
                ("page_train", self.tr("Train"), self.tr("Train it and watch it learn.")),
                ("page_evaluate", self.tr("Evaluate"), self.tr("See what it can do.")),
            ),
            start=1,
        ):
            self._add(name, text, tip, f"Ctrl+{number}", checkable=True)
        for name, text, tip, key in (
            ("show_palette", self.tr("Palette"), self.tr("Show or hide the layers."), "Ctrl+Alt+L"),
            (
                "show_inspector",
                self.tr("Inspector"),
                self.tr("Show or hide the settings of the selection."),
                "Ctrl+Alt+I",
            ),
            (
                "show_bottom",
                self.tr("Problems, code and cost"),
                self.tr("Show or hide the panel below the canvas."),
                "Ctrl+Alt+B",
            ),
        ):
            self._add(name, text, tip, key, checkable=True)
        self._add("zoom_in", self.tr("Zoom in"), self.tr("See less, larger."), "Ctrl++", "Ctrl+=")
        self._add("zoom_out", self.tr("Zoom out"), self.tr("See more, smaller."), "Ctrl+-")
        self._add("zoom_reset", self.tr("Actual size"), self.tr("Zoom to 100 %."), "Ctrl+0")
        self._add("fit", self.tr("Fit network"), self.tr("Bring all nodes into view."), "Ctrl+9")
        self._add("back", self.tr("Back"), self.tr("Look where you looked before."), "Alt+Left")
        self._add("forward", self.tr("Forward"), self.tr("Look there again."), "Alt+Right")
        self._add(
            "fit_selection",
            self.tr("Fit selection"),
            self.tr("Bring the selected nodes into view."),
            "Ctrl+8",
        )
        self._add(
            "compare",
            self.tr("Compare with…"),
            self.tr("Show what is different from the saved file, an earlier step or a run."),
            "Ctrl+Alt+D",
        )
        for name, text, tip in (
            ("share_nothing", self.tr("Nothing"), self.tr("No bars on the nodes.")),
            (
                "share_weights",
                self.tr("Share of weights"),
                self.tr("Show on each node, as a bar, its part of the block's weights."),
            ),
            (
                "share_multiply_adds",
                self.tr("Share of multiply-adds"),
                self.tr("Show on each node, as a bar, its part of the block's multiply-adds."),
            ),
        ):
            self._add(name, text, tip, checkable=True)
        self._add(
            "theme_system",
            self.tr("As the system"),
            self.tr("Light or dark as the desktop."),
            checkable=True,
        )
        self._add("theme_light", self.tr("Light"), self.tr("Light colours."), checkable=True)
        self._add("theme_dark", self.tr("Dark"), self.tr("Dark colours."), checkable=True)

    def _arrange(self) -> None:
        for name, text, tip, key in (
            (
                "arrange",
                self.tr("Arrange"),
                self.tr("Put the nodes in order, in the way in which this block is arranged."),
                "Ctrl+L",
            ),
            (
                "arrange_top_down",
                self.tr("Arrange top-down"),
                self.tr("Let data flow from top to bottom, and put the nodes in order."),
                "Ctrl+Shift+T",
            ),
            (
                "arrange_left_right",
                self.tr("Arrange left-right"),
                self.tr("Let data flow from left to right, and put the nodes in order."),
                "Ctrl+Shift+L",
            ),
            (
                "arrange_by_resolution",
                self.tr("Arrange by resolution"),
                self.tr("Put smaller feature maps below larger ones: a U-Net becomes a U."),
                "Ctrl+Shift+U",
            ),
            (
                "align_left",
                self.tr("Align left edges"),
                self.tr("Put the left edges of the selected nodes in one line."),
                "Ctrl+Shift+Left",
            ),
            (
                "align_center",
                self.tr("Align in a column"),
                self.tr("Put the centres of the selected nodes below each other."),
                "Ctrl+Shift+M",
            ),
            (
                "align_right",
                self.tr("Align right edges"),
                self.tr("Put the right edges of the selected nodes in one line."),
                "Ctrl+Shift+Right",
            ),
            (
                "align_top",
                self.tr("Align upper edges"),
                self.tr("Put the upper edges of the selected nodes in one line."),
                "Ctrl+Shift+Up",
            ),
            (
                "align_middle",
                self.tr("Align in a row"),
                self.tr("Put the centres of the selected nodes beside each other."),
                "Ctrl+Alt+M",
            ),
            (
                "align_bottom",
                self.tr("Align lower edges"),
                self.tr("Put the lower edges of the selected nodes in one line."),
                "Ctrl+Shift+Down",
            ),
            (
                "distribute_across",
                self.tr("Equal gaps across"),
                self.tr("Make the gaps between the selected nodes equal, from left to right."),
                "Ctrl+Shift+H",
            ),
            (
                "distribute_down",
                self.tr("Equal gaps down"),
                self.tr("Make the gaps between the selected nodes equal, from top to bottom."),
                "Ctrl+Alt+H",
            ),
        ):
            self._add(name, text, tip, key)
        self._add(
            "frame",
            self.tr("Put a frame around"),
            self.tr("Draw a frame with a title around the selected nodes."),
            "Ctrl+Shift+F",
        )
        for name, text, tip in (
            ("links_curved", self.tr("Curved links"), self.tr("Draw links as gentle curves.")),
            (
                "links_straight",
                self.tr("Straight links"),
                self.tr("Draw links as straight lines from port to port."),
            ),
            (
                "links_orthogonal",
                self.tr("Links at right angles"),
                self.tr("Draw links across and down only."),
            ),
        ):
            self._add(name, text, tip, checkable=True)
        self._add(
            "snap",
            self.tr("Snap while moving"),
            self.tr("Nodes in hand keep to the grid and line up with others; Alt suspends it."),
            "Ctrl+Shift+'",
            checkable=True,
        )

    def _train_and_help(self) -> None:
        self._add("check", self.tr("Check"), self.tr("Show what is wrong and what helps."), "F7")
        self._add("train", self.tr("Train"), self.tr("Start a training as it is set."), "Ctrl+R")
        self._add(
            "use_data",
            self.tr("Use with data…"),
            self.tr("Make the inputs, outputs and loss of the network fit a dataset."),
        )
        self._add(
            "load_weights",
            self.tr("Start from weights…"),
            self.tr("Choose a run or published weights for the next training to start from."),
        )
        self._add(
            "command_palette",
            self.tr("Command palette…"),
            self.tr("Search everything that can be done: commands, layers, nodes, blocks, files."),
            "Ctrl+K",
        )
        self._add("shortcuts", self.tr("Keyboard shortcuts"), self.tr("All keys."), "F1")
        about = self._add("about", self.tr("About Kumitate"), self.tr("Version and licence."))
        about.setMenuRole(QAction.MenuRole.AboutRole)
