"""A bare socket that subscribes over Channel Access: when its bytes are there, no client can have called back before."""

import os
import socket
import struct
import time

from worker import QUIET, Updates, serve

VERSION, EVENT_ADD, CREATE_CHANNEL = 0, 1, 18
MINOR = 13
TIME_DOUBLE = 20
VALUE_OR_ALARM = 5
HEADER = struct.Struct(">HHHHII")
STAMPED = struct.Struct(">HHII")
EPOCH = 631_152_000  # Channel Access counts seconds from 1990
connection = None
updates = None


class Connection:
    def __init__(self):
        address = os.environ["EPICS_CA_ADDR_LIST"], int(os.environ["EPICS_CA_SERVER_PORT"])
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.bytes = b""
        self.send(VERSION, b"", 0, MINOR, 0, 0)

    def send(self, command, payload, kind, count, first, second):
        padded = payload + bytes(-len(payload) % 8)
        self.socket.sendall(HEADER.pack(command, len(padded), kind, count, first, second) + padded)

    def receive(self):
        """When bytes came, and the messages in them; none when it has been quiet for long."""
        self.socket.settimeout(QUIET)
        try:
            self.bytes += self.socket.recv(1 << 16)
        except TimeoutError:
            return time.time(), []
        at, messages = time.time(), []
        while len(self.bytes) >= HEADER.size:
            command, size, _, _, first, second = HEADER.unpack_from(self.bytes)
            if len(self.bytes) < HEADER.size + size:
                break
            messages.append((command, first, second, self.bytes[HEADER.size : HEADER.size + size]))
            self.bytes = self.bytes[HEADER.size + size :]
        return at, messages


def hear():
    """Hands on what came."""
    at, messages = connection.receive()
    for command, first, second, payload in messages:
        if command == CREATE_CHANNEL:
            connection.send(EVENT_ADD, struct.pack(">3fHH", 0, 0, 0, VALUE_OR_ALARM, 0), TIME_DOUBLE, 1, second, first)
        elif command == EVENT_ADD:
            _, _, seconds, nanoseconds = STAMPED.unpack_from(payload)
            updates.add(second, EPOCH + seconds + nanoseconds / 1e9, at)


def subscribe(protocol, pvs, n):
    global connection, updates
    connection, updates = Connection(), Updates(pvs)
    for index, pv in enumerate(pvs):
        connection.send(CREATE_CHANNEL, pv.encode() + b"\0", 0, 0, index, MINOR)
    while not updates.ready:
        hear()
    return []


def collect(protocol, n, delays):
    while not updates.ended(n):
        hear()
    return updates.answer(delays)


serve({"subscribe": subscribe, "collect": collect})
