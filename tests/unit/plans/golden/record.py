"""Records what bluesky's plans send to the engine, for plans.test.ts to compare with: python record.py > messages.json"""

import functools
import itertools
import json
import warnings

import bluesky.plan_patterns as bpat
import bluesky.plan_stubs as bps
import bluesky.plans as bp
import bluesky.preprocessors as bpp
from cycler import cycler

warnings.simplefilter("ignore")


class Done:
    done = True
    success = True

    def add_callback(self, callback):
        callback(self)

    def exception(self, timeout=None):
        return None


class Device:
    parent = None

    def __init__(self, name):
        self.name = name
        self.hints = {"fields": [name]}

    def __hash__(self):
        # A trajectory keeps its motors in a set; this keeps them in the order of their names.
        return sum(self.name.encode())

    def __repr__(self):
        return f"{type(self).__name__}(name='{self.name}')"

    def read(self):
        return {}

    def describe(self):
        return {}

    def stage(self):
        return [self]

    def unstage(self):
        return [self]


class Detector(Device):
    def trigger(self):
        return Done()


class Motor(Device):
    def __init__(self, name, position):
        super().__init__(name)
        self.setpoint = position

    def set(self, value):
        self.setpoint = value
        return Done()

    def locate(self):
        return {"setpoint": self.setpoint, "readback": self.setpoint}


class Flyer(Device):
    def kickoff(self):
        return Done()

    def complete(self):
        return Done()

    def describe_collect(self):
        return {}


class Fail(Exception):
    pass


class Bench:
    """The devices, and an engine that only answers."""

    def __init__(self):
        self.det = Detector("det")
        self.m1 = Motor("m1", 3.0)
        self.m2 = Motor("m2", -1.5)
        self.flyer = Flyer("flyer")
        self.signal = Device("signal")

    def answer(self, msg):
        match msg.command:
            case "open_run" | "close_run":
                return "uid"
            case "set":
                return msg.obj.set(*msg.args)
            case "trigger" | "kickoff" | "complete":
                return Done()
            case "read":
                value = msg.obj.setpoint if isinstance(msg.obj, Motor) else self.intensity()
                return {msg.obj.name: {"value": value, "timestamp": 0}}
            case "locate":
                return msg.obj.locate()
            case "stage" | "unstage":
                return [msg.obj]
            case "wait" | "rewindable":
                return True
            case "subscribe":
                return 7
        return None

    def intensity(self):
        return 100 / (1 + (self.m1.setpoint - 1.25) ** 2)


def plain(value):
    if isinstance(value, Device):
        return value.name
    if callable(value):
        return "function"
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(each) for each in value]
    if hasattr(value, "item"):
        return value.item()
    return value


def named_groups(trace):
    """Group names are drawn at random: the first one is called g0, the next g1, and so on."""
    names = {}
    for command, _, args, kwargs, _ in trace:
        if command == "wait" and args:
            kwargs["group"] = args.pop()
        group = kwargs.get("group")
        if group is not None:
            kwargs["group"] = names.setdefault(group, f"g{len(names)}")
    return trace


def run(bench, plan, fail_at=None):
    trace = []
    result, error = None, None
    try:
        msg = plan.send(None)
        while True:
            trace.append([msg.command, plain(msg.obj), plain(msg.args), plain(msg.kwargs), msg.run])
            if fail_at == len(trace) - 1:
                msg = plan.throw(Fail("beam lost"))
            else:
                msg = plan.send(bench.answer(msg))
    except StopIteration as stop:
        result = plain(stop.value)
    except Exception as exc:
        error = str(exc)
    return {"messages": named_groups(trace), "result": result if isinstance(result, (str, int, float, dict)) else None, "error": error}




def supplemental_data(b):
    return bpp.SupplementalData(baseline=[b.m1, b.m2], monitors=[b.signal], flyers=[b.flyer])


PLANS = {
    "count": lambda b: bp.count([b.det], 3),
    "count with md": lambda b: bp.count([b.det], md={"sample": "gold", "hints": {"fields": ["x"]}}),
    "scan": lambda b: bp.scan([b.det], b.m1, -1, 1, 3),
    "scan of two": lambda b: bp.scan([b.det], b.m1, -1, 1, b.m2, 0, 7, 4),
    "relScan": lambda b: bp.rel_scan([b.det], b.m1, -1, 1, 3),
    "listScan": lambda b: bp.list_scan([b.det], b.m1, [1, 1, 5], b.m2, [0.5, 2, 2]),
    "relListScan": lambda b: bp.rel_list_scan([b.det], b.m1, [1, 3]),
    "gridScan": lambda b: bp.grid_scan([b.det], b.m1, 0, 1, 2, b.m2, 0, 4, 3),
    "gridScan snaked": lambda b: bp.grid_scan([b.det], b.m1, 0, 1, 3, b.m2, 0, 4, 3, snake_axes=True),
    "gridScan snaked by list": lambda b: bp.grid_scan([b.det], b.m1, 0, 1, 3, b.m2, 0, 4, 2, snake_axes=[b.m2]),
    "gridScan with flags": lambda b: bp.grid_scan([b.det], b.m1, 0, 1, 2, b.m2, 0, 4, 2, True),
    "relGridScan": lambda b: bp.rel_grid_scan([b.det], b.m1, 0, 1, 2, b.m2, 0, 4, 2),
    "listGridScan": lambda b: bp.list_grid_scan([b.det], b.m1, [4, 1], b.m2, [0, 5, 7], snake_axes=True),
    "relListGridScan": lambda b: bp.rel_list_grid_scan([b.det], b.m1, [4, 1], b.m2, [0, 5]),
    "logScan": lambda b: bp.log_scan([b.det], b.m1, 0, 2, 3),
    "relLogScan": lambda b: bp.rel_log_scan([b.det], b.m1, 0, 2, 3),
    "spiral": lambda b: bp.spiral([b.det], b.m1, b.m2, 0, 1, 3, 2, 0.5, 4, dr_y=0.7, tilt=0.2),
    "relSpiral": lambda b: bp.rel_spiral([b.det], b.m1, b.m2, 2, 2, 0.8, 3),
    "spiralFermat": lambda b: bp.spiral_fermat([b.det], b.m1, b.m2, 0, 1, 3, 2, 0.8, 1.3, tilt=0.3),
    "relSpiralFermat": lambda b: bp.rel_spiral_fermat([b.det], b.m1, b.m2, 2, 2, 0.8, 1.5),
    "spiralSquare": lambda b: bp.spiral_square([b.det], b.m1, b.m2, 0, 1, 3, 2, 3, 4),
    "relSpiralSquare": lambda b: bp.rel_spiral_square([b.det], b.m1, b.m2, 3, 2, 3, 2),
    "adaptiveScan": lambda b: bp.adaptive_scan([b.det], "det", b.m1, -3, 5, 0.1, 1.5, 30, True),
    "relAdaptiveScan": lambda b: bp.rel_adaptive_scan([b.det], "det", b.m1, -3, 2, 0.05, 1.5, 20, False),
    "tuneCentroid": lambda b: bp.tune_centroid([b.det], "det", b.m1, -2, 6, 0.6, 5),
    "tuneCentroid snaked": lambda b: bp.tune_centroid([b.det], "det", b.m1, -2, 6, 0.6, 5, snake=True),
    "x2xScan": lambda b: bp.x2x_scan([b.det], b.m1, b.m2, -2, 2, 3),
    "innerProductScan": lambda b: bp.inner_product_scan([b.det], 2, b.m1, 0, 1),
    "relativeInnerProductScan": lambda b: bp.relative_inner_product_scan([b.det], 2, b.m1, 0, 1),
    "scanNd": lambda b: bp.scan_nd([b.det], cycler(b.m1, [1, 2]) * cycler(b.m2, [5, 6])),
    "fly": lambda b: bp.fly([b.flyer], md={"plan_name": "fly"}),  # which the engine adds
    "rampPlan": lambda b: bp.ramp_plan(
        bps.abs_set(b.m1, 4), b.signal, functools.partial(bps.trigger_and_read, [b.det]), md={"a": 1}
    ),
    "mv": lambda b: bps.mv(b.m1, 1, b.m2, 2),
    "mvr": lambda b: bps.mvr(b.m1, 1, b.m2, 2),
    "absSet waited": lambda b: bps.abs_set(b.m1, 1, wait=True),
    "relSet": lambda b: bps.rel_set(b.m1, 1),
    "rd of a motor": lambda b: bps.rd(b.m1),
    "rd of a detector": lambda b: bps.rd(b.det),
    "triggerAndRead": lambda b: bps.trigger_and_read([b.det, b.m1], "extra"),
    "triggerAndRead of nothing": lambda b: bps.trigger_and_read([]),
    "stageAll": lambda b: bps.stage_all(b.det, b.m1),
    "collectWhileCompleting": lambda b: bps.collect_while_completing([b.flyer], [b.det], 0.5, "s"),
    "kickoffAll": lambda b: bps.kickoff_all(b.flyer),
    "repeat": lambda b: bps.repeat(functools.partial(bps.one_shot, [b.det]), 2),
    "oneNdStep": lambda b: bps.one_nd_step([b.det], {b.m1: 1, b.m2: 2}, {b.m1: None, b.m2: 2}),
    "runWrapper": lambda b: bpp.run_wrapper(bps.null(), md={"a": 1}),
    "finalizeWrapper": lambda b: bpp.finalize_wrapper(bps.mv(b.m1, 1), bps.null),
    "stageWrapper": lambda b: bpp.stage_wrapper(bps.null(), [b.det, b.m1]),
    "lazilyStageWrapper": lambda b: bpp.lazily_stage_wrapper(bps.mv(b.m1, 1, b.m2, 2)),
    "rewindableWrapper": lambda b: bpp.rewindable_wrapper(bps.null(), False),
    "suspendWrapper": lambda b: bpp.suspend_wrapper(bps.null(), ["suspender"]),
    "injectMdWrapper": lambda b: bpp.inject_md_wrapper(bpp.run_wrapper(bps.null(), md={"a": 1, "b": 1}), {"a": 2}),
    "stubWrapper": lambda b: bpp.stub_wrapper(bp.count([b.det])),
    "setRunKeyWrapper": lambda b: bpp.set_run_key_wrapper(bpp.run_wrapper(bps.null()), "key"),
    "monitorDuringWrapper": lambda b: bpp.monitor_during_wrapper(bp.count([b.det]), [b.signal]),
    "flyDuringWrapper": lambda b: bpp.fly_during_wrapper(bp.count([b.det]), [b.flyer]),
    "supplementalData": lambda b: supplemental_data(b)(bp.count([b.det])),
    "relativeSetWrapper": lambda b: bpp.relative_set_wrapper(bps.mv(b.m1, 1, b.m2, 2), [b.m1]),
    "resetPositionsWrapper": lambda b: bpp.reset_positions_wrapper(bps.mv(b.m1, 1, b.m2, 2)),
}

FAILING = ["count with md", "relListScan", "supplementalData", "finalizeWrapper", "lazilyStageWrapper", "fly", "triggerAndRead"]

record = {}
for name, plan in PLANS.items():
    bench = Bench()
    record[name] = run(bench, plan(bench))
for name in FAILING:
    for at in itertools.count():
        if at >= len(record[name]["messages"]):
            break
        bench = Bench()
        record[f"{name}, failing at {at}"] = run(bench, PLANS[name](bench), at)

lines = [f"{json.dumps(name)}: {json.dumps(each, separators=(',', ':'))}" for name, each in record.items()]
print("{\n" + ",\n".join(lines) + "\n}")
