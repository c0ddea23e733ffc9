"""The devices of the corpus. kit.ts has the same ones with the same behaviour; every call of a device is written in the journal."""

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


class Flyer(Device):
    def prepare(self, value):
        return self.act("prepare", value)

    def kickoff(self):
        return self.act("kickoff")

    def complete(self):
        return self.act("complete")


class EventFlyer(Flyer):
    """Names its two streams itself and hands out events."""

    def describe_collect(self):
        return {"a": {"x": dict(NUMBER)}, "b": {"y": dict(NUMBER)}}

    def collect(self):
        self.call("collect")
        for n in range(3):
            key = "y" if n == 1 else "x"
            yield {"data": {key: float(n)}, "timestamps": {key: TIMESTAMP + n}, "time": TIMESTAMP + n}


class PageFlyer(Flyer):
    """Hands out two pages for one stream."""

    def describe_collect(self):
        return {"u": dict(NUMBER), "v": dict(NUMBER)}

    def collect_pages(self):
        self.call("collect_pages")
        for first in (0, 2):
            rows = [float(first), float(first + 1)]
            times = [TIMESTAMP + row for row in rows]
            yield {
                "data": {"u": rows, "v": [row * row for row in rows]},
                "timestamps": {"u": times, "v": times},
                "time": times,
            }


class Twins(Flyer):
    """Has one key in both of its streams."""

    def describe_collect(self):
        return {"a": {"x": dict(NUMBER)}, "b": {"x": dict(NUMBER)}}

    def collect(self):
        return []


def stream_resource(name):
    return {
        "uid": f"{name}-file",
        "data_key": name,
        "mimetype": "application/x-hdf5",
        "uri": f"file://localhost/data/{name}.h5",
        "parameters": {"dataset": "/entry"},
    }


def stream_datum(name, start, stop):
    return {
        "uid": f"{name}-file/{start}",
        "stream_resource": f"{name}-file",
        "descriptor": "",
        "indices": {"start": start, "stop": stop},
        "seq_nums": {"start": 0, "stop": 0},
    }


def stream_key():
    return {"source": "kit", "dtype": "array", "shape": [1, 2, 2], "dtype_numpy": "<u2", "external": "STREAM:"}


class FileWriter(Flyer):
    """Writes a file while it flies; `written` frames are there."""

    def __init__(self, kit, name):
        super().__init__(kit, name)
        self.written = 0
        self.told = 0
        self.is_open = False

    def describe_collect(self):
        return {self.name: stream_key()}

    def get_index(self):
        self.call("get_index")
        return self.written

    def collect_asset_docs(self, index=None):
        self.call("collect_asset_docs", index)
        if not self.is_open:
            self.is_open = True
            yield "stream_resource", stream_resource(self.name)
        stop = self.written if index is None else index
        if stop > self.told:
            yield "stream_datum", stream_datum(self.name, self.told, stop)
            self.told = stop


class Frames(Detector):
    """Reads nothing itself: each reading is one more frame of its file."""

    def __init__(self, kit, name):
        super().__init__(kit, name)
        self.frames = 0
        self.width = 1

    def read(self):
        self.call("read")
        return {}

    def describe(self):
        self.asked += 1
        return {self.name: stream_key()}

    def collect_asset_docs(self, index=None):
        self.call("collect_asset_docs", index)
        if self.frames == 0:
            yield "stream_resource", stream_resource(self.name)
        yield "stream_datum", stream_datum(self.name, self.frames, self.frames + self.width)
        self.frames += self.width


class Camera(Detector):
    """Its value is the name of a datum in a file of its own."""

    def __init__(self, kit, name):
        super().__init__(kit, name)
        self.shots = 0

    def read(self):
        self.call("read")
        self.shots += 1
        return {self.name: {"value": f"camera-file/{self.shots}", "timestamp": TIMESTAMP}}

    def describe(self):
        self.asked += 1
        return {self.name: {"source": "kit", "dtype": "array", "shape": [2, 2], "external": "FILESTORE:"}}

    def collect_asset_docs(self):
        self.call("collect_asset_docs")
        if self.shots == 1:
            yield "resource", {
                "uid": "camera-file",
                "spec": "AD_TIFF",
                "root": "/data",
                "resource_path": "camera",
                "resource_kwargs": {},
                "path_semantics": "posix",
            }
        yield "datum", {
            "datum_id": f"camera-file/{self.shots}",
            "resource": "camera-file",
            "datum_kwargs": {"shot": self.shots},
        }


class Bare:
    """Has a name and nothing else."""

    name = "bare"


class Kit:
    def __init__(self, faults):
        self.journal = []
        self.pending = {}
        self.calls = {}
        self.faults = faults
        self.det = Detector(self, "det")
        self.det2 = Detector(self, "det2")
        self.m1 = Motor(self, "m1", 3.0)
        self.m2 = Motor(self, "m2", -1.5)
        self.signal = Signal(self, "signal")
        self.signal2 = Signal(self, "signal2")
        self.conf = Configurable(self, "conf")
        self.stager = OldStager(self, "stager")
        self.stager2 = NewStager(self, "stager2")
        self.pausable = Pausable(self, "pausable")
        self.refuser = Refuser(self, "refuser")
        self.twin = Detector(self, "twin")
        self.twin.key = "det"
        self.flyer = EventFlyer(self, "flyer")
        self.pager = PageFlyer(self, "pager")
        self.twins = Twins(self, "twins")
        self.writer1 = FileWriter(self, "writer1")
        self.writer2 = FileWriter(self, "writer2")
        self.frames = Frames(self, "frames")
        self.camera = Camera(self, "camera")
        self.bare = Bare()

    def called(self, device, method, details):
        name = f"{device.name}.{method}"
        # When a device is read is its engine's affair; what was read stands in the documents.
        if method != "read":
            self.journal.append([name, *details])
        self.calls[name] = self.calls.get(name, 0) + 1
        fault = self.faults.get(name)
        if fault is None or fault.get("call", self.calls[name]) != self.calls[name]:
            return None
        if fault["how"] == "raise":
            raise Fail(f"{name} failed")
        return fault["how"]

    def settle(self, name, error=None):
        """Ends a pending action: the move arrives, the trigger is done, or it fails. Nothing happens when it was stopped before."""
        status, then = self.pending.pop(name, (None, None))
        if status is None:
            return
        if error is None and then is not None:
            then()
        status.settle(error)
