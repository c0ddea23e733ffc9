"""Runs a command on a terminal of its own: stdin is what is typed, stdout what the screen gets. Ends with the command, or with its own stdin."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios

ROWS, COLUMNS = 24, 100
child, screen = pty.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
while True:
    ready, _, _ = select.select([screen, 0], [], [])
    if screen in ready:
        try:
            shown = os.read(screen, 65536)
        except OSError:  # the last one that had the terminal has gone
            break
        os.write(1, shown)
    if 0 in ready:
        typed = os.read(0, 4096)
        if not typed:
            os.kill(child, signal.SIGKILL)
            break
        os.write(screen, typed)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
