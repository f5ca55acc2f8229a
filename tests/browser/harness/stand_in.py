"""What Jupyter takes for a kernel: has one forked (see `kernels.py`), and stands for it.

python -I -S stand_in.py SOCKET CONNECTION_FILE
"""

import json
import os
import signal
import socket
import sys

address, connection_file = sys.argv[1:]
asked = {
    "connection_file": connection_file,
    "environment": dict(os.environ),
    "folder": os.getcwd(),  # noqa: PTH109 - pathlib takes as long as the rest
}
with socket.socket(socket.AF_UNIX) as asking:
    asking.connect(address)
    words = asking.makefile("rw")
    print(json.dumps(asked), file=words, flush=True)
    kernel = int(words.readline())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: os.kill(kernel, number))
    code = int(words.readline() or 1)
sys.exit(code if code >= 0 else 128 - code)
