"""Makes whatsmeow, as neonize compiles it, trust an emulator and connect to it.

Usage: whatsmeow_patch.py FOLDER PORT ROOT_HEX; then PYTHONPATH=FOLDER.

neonize's package is copied, and in the copy of its library WhatsApp's root key and address are replaced by the
emulator's; nothing that is installed is changed.
"""

import importlib.util
import pathlib
import shutil
import sys

KNOWN_ROOT = bytes.fromhex("142375574d0a587166aae71ebe516437c4a28b73e3695c6ce1f7f9545da8ee6b")
KNOWN_ADDRESS = b"wss://web.whatsapp.com/ws/chat"


def patched(folder, port, root):
    """A copy of neonize in `folder`; `port` and `root` are text."""
    installed = pathlib.Path(importlib.util.find_spec("neonize").submodule_search_locations[0])
    copy = folder / "neonize"
    shutil.copytree(installed, copy, ignore=shutil.ignore_patterns("*.orig", "__pycache__"))
    library = next(copy.glob("neonize-*.so"))
    original = installed / (library.name + ".orig")  # Somebody else may have replaced the installed one.
    data = (original if original.exists() else library).read_bytes()
    start, end = b"ws://127.0.0.1:", b"/ws/chat"
    # The text has a fixed length; zeros before the port fill it up.
    place = start + port.encode().zfill(len(KNOWN_ADDRESS) - len(start) - len(end)) + end
    for old, new in ((KNOWN_ROOT, bytes.fromhex(root)), (KNOWN_ADDRESS, place)):
        assert data.count(old) == 1 and len(old) == len(new), "neonize's library is not as expected"
        data = data.replace(old, new)
    library.write_bytes(data)


if __name__ == "__main__":
    patched(pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3])
