"""The flyers of the corpus, and what writes files; as in flyers.ts."""

from .devices import NUMBER, TIMESTAMP, Detector, Device


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
