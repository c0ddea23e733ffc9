"""The devices of the corpus. devices.ts has the same ones with the same behaviour; every call of a device is written in the journal."""

from bluesky.suspenders import SuspenderBase
from bluesky.utils import NoReplayAllowed

NUMBER = {"source": "kit", "dtype": "number", "shape": []}
TIMESTAMP = 100.0


class Fail(Exception):
    """What devices and plans fail with."""


class Status:
    def __init__(self):
        self.done = False
        self.success = False
        self.callbacks = []
        self.error = None

    def settle(self, error=None):
        if self.done:
            return
        self.done, self.success, self.error = True, error is None, error
        for callback in self.callbacks:
            callback(self)

    def add_callback(self, callback):
        if self.done:
            callback(self)
        else:
            self.callbacks.append(callback)

    def exception(self, timeout=None):
        return self.error


class Device:
    parent = None
    # How often it was asked what it is.
    asked = 0

    def __init__(self, kit, name):
        self.kit = kit
        self.name = name

    def __hash__(self):
        # The engine keeps devices in sets; this keeps them in the order of their names.
        return ord(self.name[-1])

    def __repr__(self):
        return f"{type(self).__name__}(name='{self.name}')"

    def call(self, method, *details):
        """Writes the call down; returns what the entry has planned for it, if anything."""
        return self.kit.called(self, method, details)

    def act(self, method, *details):
        """A call that answers with a status."""
        return self.started(method, self.call(method, *details))

    def started(self, method, how, then=None):
        status = Status()
        if how == "pending":
            self.kit.pending[f"{self.name}.{method}"] = (status, then)
        elif how == "status":
            status.settle(Fail(f"{self.name}.{method} failed"))
        else:
            if then is not None:
                then()
            status.settle()
        return status


class Readable(Device):
    key = None

    def __init__(self, kit, name):
        super().__init__(kit, name)
        self.hints = {"fields": [name]}

    def measured(self):
        return 1.0

    def read(self):
        if self.call("read") == "none":
            return None
        return {self.key or self.name: {"value": self.measured(), "timestamp": TIMESTAMP}}

    def describe(self):
        self.asked += 1
        return {self.key or self.name: dict(NUMBER)}


class Detector(Readable):
    """Its value depends on where m1 is."""

    def measured(self):
        return 100 / (1 + (self.kit.m1.position - 1.25) * (self.kit.m1.position - 1.25))

    def trigger(self):
        return self.act("trigger")


class Motor(Readable):
    def __init__(self, kit, name, position):
        super().__init__(kit, name)
        self.position = position
        self.setpoint = position

    def measured(self):
        return self.position

    def set(self, value):
        how = self.call("set", value)
        self.setpoint = value

        def arrive():
            self.position = value

        return self.started("set", how, arrive)

    def stop(self, success=True):
        move, _ = self.kit.pending.pop(f"{self.name}.set", (None, None))
        self.call("stop", "at rest" if move is None else "moving", success)
        if move is not None:
            move.settle(None if success else Fail(f"{self.name} was stopped"))

    def locate(self):
        self.call("locate")
        return {"setpoint": self.setpoint, "readback": self.position}


class Signal(Readable):
    def __init__(self, kit, name):
        super().__init__(kit, name)
        self.now = 500.0
        self.subscribers = []

    def measured(self):
        return self.now

    def get(self):
        return self.now

    value = property(get)

    def put(self, value):
        self.now = value
        for subscriber in list(self.subscribers):
            self.tell(subscriber)

    def tell(self, subscriber):
        # A suspender wants the value, as ophyd's signals give it.
        if isinstance(subscriber, SuspenderBase):
            subscriber(value=self.now)
        else:
            subscriber({self.name: {"value": self.now, "timestamp": TIMESTAMP}})

    def subscribe(self, function, event_type=None, run=True):
        self.call("subscribe")
        self.subscribers.append(function)
        self.tell(function)

    def clear_sub(self, function):
        self.call("clear_sub")
        if function in self.subscribers:
            self.subscribers.remove(function)


class Configurable(Detector):
    def __init__(self, kit, name):
        super().__init__(kit, name)
        self.exposure = 1.0

    def key_of(self):
        return f"{self.name}_exposure"

    def read_configuration(self):
        return {self.key_of(): {"value": self.exposure, "timestamp": TIMESTAMP}}

    def describe_configuration(self):
        return {self.key_of(): dict(NUMBER)}

    def configure(self, exposure):
        self.call("configure", exposure)
        old, self.exposure = self.exposure, exposure
        return ({"exposure": old}, {"exposure": exposure})


class OldStager(Readable):
    """Answers with what it has staged."""

    def stage(self):
        self.call("stage")
        return [self]

    def unstage(self):
        self.call("unstage")
        return [self]


class NewStager(Readable):
    """Answers with a status."""

    def stage(self):
        return self.act("stage")

    def unstage(self):
        return self.act("unstage")


class Pausable(Readable):
    def pause(self):
        self.call("pause")

    def resume(self):
        self.call("resume")


class Refuser(Pausable):
    """Must not do again what it did."""

    def pause(self):
        self.call("pause")
        raise NoReplayAllowed("refuser doesn't do it again")
