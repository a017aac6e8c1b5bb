"""The layers, one file per family; every file in here is found by itself.

All are imported with the package, so that their order does not depend on who asks for one first.
"""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
