"""The devices of one entry, with what is to go wrong with them; as in kit.ts."""

from . import devices, flyers


class Bare:
    """Has a name and nothing else."""

    name = "bare"


class Kit:
    def __init__(self, faults):
        self.journal = []
        self.pending = {}
        self.calls = {}
        self.faults = faults
        self.det = devices.Detector(self, "det")
        self.det2 = devices.Detector(self, "det2")
        self.m1 = devices.Motor(self, "m1", 3.0)
        self.m2 = devices.Motor(self, "m2", -1.5)
        self.signal = devices.Signal(self, "signal")
        self.signal2 = devices.Signal(self, "signal2")
        self.conf = devices.Configurable(self, "conf")
        self.stager = devices.OldStager(self, "stager")
        self.stager2 = devices.NewStager(self, "stager2")
        self.pausable = devices.Pausable(self, "pausable")
        self.refuser = devices.Refuser(self, "refuser")
        self.twin = devices.Detector(self, "twin")
        self.twin.key = "det"
        self.flyer = flyers.EventFlyer(self, "flyer")
        self.pager = flyers.PageFlyer(self, "pager")
        self.twins = flyers.Twins(self, "twins")
        self.writer1 = flyers.FileWriter(self, "writer1")
        self.writer2 = flyers.FileWriter(self, "writer2")
        self.frames = flyers.Frames(self, "frames")
        self.camera = flyers.Camera(self, "camera")
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
            raise devices.Fail(f"{name} failed")
        return fault["how"]

    def settle(self, name, error=None):
        """Ends a pending action: the move arrives, the trigger is done, or it fails. Nothing happens when it was stopped before."""
        status, then = self.pending.pop(name, (None, None))
        if status is None:
            return
        if error is None and then is not None:
            then()
        status.settle(error)
