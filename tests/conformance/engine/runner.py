"""Runs the Python half of the corpus on bluesky: one JSON line an entry in, one JSON line with its record out."""

import asyncio
import io
import itertools
import json
import logging
import os
import sys
import textwrap
import threading
import warnings
from functools import partial

import bluesky.plan_stubs as bps
import bluesky.plans as bp
import bluesky.preprocessors as bpp
import bluesky.suspenders
from bluesky import Msg, RunEngine
from bluesky.utils import RunEngineInterrupted
from cycler import cycler
from kit.devices import Device, Fail, Status
from kit.kit import Kit

PATIENCE = 15.0

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)


def plain(value):
    if isinstance(value, Device) or type(value).__name__ == "Bare":
        return value.name
    if isinstance(value, Status):
        return {"status": [value.done, value.success]}
    if isinstance(value, BaseException):
        return error_of(value)
    if isinstance(value, bluesky.suspenders.SuspenderBase):
        return "suspender"
    if isinstance(value, asyncio.Future):
        return "task"
    if callable(value) and not isinstance(value, dict):
        return "function"
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(plain(key)): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(each) for each in value]
    if hasattr(value, "item") or hasattr(value, "tolist"):
        return value.tolist()
    return value


def error_of(error):
    """The class; what one of our own says; and what it was caused by."""
    if error is None:
        return None
    named = {"class": type(error).__name__}
    if isinstance(error, Fail):
        named["message"] = str(error)
    if error.__cause__ is not None:
        named["cause"] = error_of(error.__cause__)
    return named


class Trace:
    """One entry on its way through the engine, with the script that interferes."""

    def __init__(self, entry):
        self.entry = entry
        self.kit = Kit(entry.get("faults", {}))
        self.messages = []
        self.documents = []
        self.states = []
        self.waiting = []
        self.seen = {}
        self.held = {}
        options = entry.get("engine", {})
        self.engine = RunEngine(dict(options.get("md", {})), context_managers=[], call_returns_result=True)
        self.engine.record_interruptions = options.get("recordInterruptions", False)
        self.engine.msg_hook = self.on_message
        self.engine.state_hook = lambda new, old: self.states.append(str(new))
        self.engine.waiting_hook = lambda statuses: self.waiting.append(None if statuses is None else len(statuses))
        self.engine.subscribe(lambda name, doc: self.documents.append([name, json.loads(json.dumps(doc, default=plain))]))

    def note(self, *values):
        self.kit.journal.append(["note", *(plain(value) for value in values)])

    def on_message(self, msg):
        index = len(self.messages)
        self.seen[msg.command] = self.seen.get(msg.command, 0) + 1
        self.messages.append([msg.command, plain(msg.obj), plain(msg.args), plain(msg.kwargs), plain(msg.run)])
        for step in self.entry.get("script", []):
            command, _, nth = str(step["at"]).partition(" ")
            if step["at"] == index or (command == msg.command and int(nth or 1) == self.seen[command]):
                if "after" in step:
                    self.engine.loop.call_later(step["after"], self.interfere, step["do"])
                else:
                    self.interfere(step["do"])

    def interfere(self, action):
        """On the engine's thread, while it runs."""
        verb, _, rest = action.partition(" ")
        engine = self.engine
        requests = {
            "pause": lambda: engine._request_pause_coro(),
            "defer": lambda: engine._request_pause_coro(True),
            "stop": lambda: engine._stop_coro(),
            "abort": lambda: engine._abort_coro(rest),
            "halt": lambda: engine._halt_coro(),
        }
        if verb in requests:
            engine.loop.create_task(self.request(requests[verb]()))
        else:
            self.happen(verb, rest)

    async def request(self, coroutine):
        try:
            await coroutine
        except Exception as error:
            self.note("refused", error)

    def happen(self, verb, rest):
        if verb == "settle":
            self.kit.settle(rest)
        elif verb == "fail":
            self.kit.settle(rest, Fail(f"{rest} failed"))
        elif verb == "put":
            name, value = rest.split()
            getattr(self.kit, name).put(float(value))
        elif verb == "write":
            name, value = rest.split()
            getattr(self.kit, name).written = int(value)
        elif verb == "suspend":
            name, *plans = rest.split()
            self.held[name] = asyncio.Event()
            self.engine.request_suspend(
                self.held[name].wait,
                justification=f"{name} is bad",
                **{f"{which}_plan": [Msg("null", None, which)] for which in plans},
            )
        elif verb == "type":
            os.write(self.terminal, f"{rest}\n".encode())
        elif verb == "release":
            self.held[rest].set()
        else:
            raise ValueError(f"no action {verb}")

    def on_pause(self, action):
        """On the main thread, while the engine is paused."""
        verb, _, rest = action.partition(" ")
        engine = self.engine
        calls = {"resume": engine.resume, "stop": engine.stop, "halt": engine.halt, "abort": partial(engine.abort, rest)}
        if verb in calls:
            return calls[verb]()
        done = threading.Event()
        engine.loop.call_soon_threadsafe(lambda: (self.happen(verb, rest), done.set()))
        done.wait()
        return None

    def plan(self):
        names = {
            **{name: device for name, device in vars(self.kit).items() if isinstance(device, Device) or name == "bare"},
            **{"Msg": Msg, "bp": bp, "bps": bps, "bpp": bpp, "cycler": cycler, "partial": partial, "Fail": Fail},
            **{"note": self.note, "asyncio": asyncio, "RE": self.engine, "itertools": itertools, "kit": self.kit},
            **vars(bluesky.suspenders),
        }
        source = textwrap.dedent(self.entry["python"]).strip()
        try:
            made = eval(compile(source, self.entry["name"], "eval"), names)
        except SyntaxError:
            exec(compile("def plan():\n" + textwrap.indent(source, "    "), self.entry["name"], "exec"), names)
            made = names["plan"]()
        # Plans have the name that bluesky's own have, everything else is called the plan.
        if hasattr(made, "__name__") and not hasattr(bp, made.__name__):
            made.__name__ = "plan"
        return made

    def run(self):
        result, raised = None, None
        reading, self.terminal = os.pipe()
        sys.stdin = os.fdopen(reading)
        answers = itertools.chain(self.entry.get("whenPaused", []), itertools.repeat(["resume"]))
        try:
            result = self.attempt(lambda: self.engine(self.plan(), **self.entry.get("engine", {}).get("runMd", {})))
            while self.engine.state == "paused":
                for action in next(answers):
                    result = self.attempt(partial(self.on_pause, action))
        except Exception as error:
            raised = error
        plan_result = getattr(result, "plan_result", None)
        if plan_result is self.engine.NO_PLAN_RETURN:
            plan_result = None
        return {
            "messages": self.messages,
            "documents": self.documents,
            "states": self.states,
            "journal": self.kit.journal,
            "waiting": self.waiting,
            "outcome": {
                "exitStatus": self.engine._exit_status,
                "interrupted": self.engine._interrupted,
                "reason": self.engine._reason,
                "planResult": plain(plan_result),
                "raised": error_of(raised),
                "state": self.engine.state,
            },
        }

    def attempt(self, call):
        try:
            return call()
        except RunEngineInterrupted:
            return None


def give_up(name):
    sys.stderr.write(f"bluesky did not come to the end of the entry {name!r} within {PATIENCE} s\n")
    sys.stderr.flush()
    os._exit(3)


out, sys.stdout = sys.stdout, io.StringIO()
for line in sys.stdin.readlines():
    entry = json.loads(line)
    watchdog = threading.Timer(PATIENCE, give_up, [entry["name"]])
    watchdog.start()
    record = Trace(entry).run()
    watchdog.cancel()
    out.write(json.dumps(record, default=plain) + "\n")
    out.flush()
    sys.stdout.truncate(0)
# The engine's thread is a daemon, and some devices may still wait.
out.flush()
os._exit(0)
