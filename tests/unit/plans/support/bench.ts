import { Status } from "../../../../src/devices/status.ts";
import type { Msg, PlanLike } from "../../../../src/engine/msg.ts";

class Device {
  readonly parent: unknown = null;
  readonly name: string;
  readonly hints: { fields: string[] };

  constructor(name: string) {
    this.name = name;
    this.hints = { fields: [name] };
  }

  read(): Record<string, { value: number; timestamp: number }> {
    return {};
  }

  describe() {
    return {};
  }

  stage() {
    return [this];
  }

  unstage() {
    return [this];
  }
}

class Detector extends Device {
  trigger() {
    return Status.finished();
  }
}

class Motor extends Device {
  setpoint: number;

  constructor(name: string, position: number) {
    super(name);
    this.setpoint = position;
  }

  set(value: number) {
    this.setpoint = value;
    return Status.finished();
  }

  locate() {
    return { setpoint: this.setpoint, readback: this.setpoint };
  }
}

class Flyer extends Device {
  kickoff() {
    return Status.finished();
  }

  complete() {
    return Status.finished();
  }

  describeCollect() {
    return {};
  }
}

export type Handler = (msg: Msg, index: number) => unknown;

export interface Trace<T> {
  readonly messages: Msg[];
  readonly result: T | undefined;
  readonly error: unknown;
}

/** The devices that plans are tried with, and an engine that only answers. */
export class Bench {
  readonly det = new Detector("det");
  readonly m1 = new Motor("m1", 3);
  readonly m2 = new Motor("m2", -1.5);
  readonly flyer = new Flyer("flyer");
  readonly signal = new Device("signal");

  answer(msg: Msg): unknown {
    switch (msg.command) {
      case "open_run":
      case "close_run":
        return "uid";
      case "set":
        return msg.obj.set(...msg.args);
      case "trigger":
      case "kickoff":
      case "complete":
        return Status.finished();
      case "read": {
        const value = msg.obj instanceof Motor ? msg.obj.setpoint : 100 / (1 + (this.m1.setpoint - 1.25) ** 2);
        return { [msg.obj.name]: { value, timestamp: 0 } };
      }
      case "locate":
        return msg.obj.locate();
      case "stage":
      case "unstage":
        return [msg.obj];
      case "wait":
      case "rewindable":
        return true;
      case "subscribe":
        return 7;
      default:
        return undefined;
    }
  }

  /** Drives the plan to its end. What the handler throws is thrown into the plan; what it answers with, if anything, is the answer. */
  async run<T>(plan: PlanLike<T>, handler: Handler = () => undefined): Promise<Trace<T>> {
    const messages: Msg[] = [];
    const driven = plan as AsyncGenerator<Msg, T, any>;
    try {
      let step = await driven.next(undefined);
      while (!step.done) {
        const msg = step.value;
        messages.push(msg);
        let answer: unknown;
        try {
          answer = handler(msg, messages.length - 1) ?? this.answer(msg);
        } catch (error) {
          step = await driven.throw(error);
          continue;
        }
        step = await driven.next(answer);
      }
      return { messages, result: step.value, error: undefined };
    } catch (error) {
      return { messages, result: undefined, error };
    }
  }
}

/** The messages' commands, each with its device: `"set m1"`. */
export function commands(trace: Trace<unknown>): string[] {
  return trace.messages.map((msg) => (msg.obj === null ? msg.command : `${msg.command} ${msg.obj.name}`));
}

export async function runPlan<T>(plan: PlanLike<T>, handler?: Handler): Promise<Trace<T>> {
  return await new Bench().run(plan, handler);
}
