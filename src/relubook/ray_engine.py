"""An engine that runs the parts of a work as the tasks of a Ray cluster.

What is ours is little: one task for each part, a desk where they say how far they are, and a stop
that lets them save. Where tasks run, and that one is begun again elsewhere when its process or its
node is gone, is Ray's. Parts keep what they do in a folder that every node sees, and go on there.
"""

import logging
import os
import time
import warnings
from typing import Any

from relubook.engines import EngineError, Progress, Work
from relubook.ray_greeting import greeting

RETRIES = 3  # of one part whose process or node was gone, and as many for want of memory
_LOOK_EVERY = 0.25  # s
_GRACE = 30.0  # s that parts have to save and end, once they are told
_HINT = "What was trained is kept; the same command goes on from there."


class RayEngine:
    """A connection to a Ray cluster; where none runs, one on this machine alone.

    Args:
        address: Of the cluster, such as `10.0.0.1:6379`; None for the environment's
            `RAY_ADDRESS`, a cluster that this machine belongs to, or a new one on this machine.

    Raises:
        EngineError: If Ray is not installed or the cluster cannot be reached.
    """

    def __init__(self, address: str | None = None) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # no telemetry
        os.environ.setdefault("RAY_task_oom_retries", str(RETRIES))
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        try:
            import ray
        except ModuleNotFoundError:
            raise EngineError("The engine ray needs Ray: pip install 'relubook[ray]'") from None
        self._ray = ray
        try:
            ray.init(
                address=address, include_dashboard=False, log_to_driver=False,
                logging_level=logging.ERROR, ignore_reinit_error=True,
            )  # fmt: skip
        except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
            place = address or os.environ.get("RAY_ADDRESS")
            where = f"at {place}" if place else "on this machine"
            raise EngineError(
                f"No Ray cluster can be reached {where}: {error}. If it wants a token, set "
                "RAY_AUTH_MODE=token and RAY_AUTH_TOKEN as on its nodes."
            ) from error

    def close(self) -> None:
        """Leave the cluster; one that was started for this engine ends."""
        self._ray.shutdown()

    def device(self, asked: str) -> str:
        """A GPU if the cluster has one, unless something else is asked for.

        Raises:
            EngineError: If GPUs are asked for and no node has one.
        """
        gpus = self._ray.cluster_resources().get("GPU", 0)
        if asked == "cuda" and not gpus:
            raise EngineError("No node of the Ray cluster has a GPU. Add one, or take the cpu.")
        return "cuda" if asked != "cpu" and gpus else "cpu"

    def slots(self, device: str) -> int:
        """The cluster's GPUs, or its processors; 1 if it has none yet."""
        name = "GPU" if device.startswith("cuda") else "CPU"
        return max(1, int(self._ray.cluster_resources().get(name, 0)))

    def where(self) -> str:
        """How many nodes, processors and GPUs there are."""
        nodes = sum(node["Alive"] for node in self._ray.nodes())
        has = self._ray.cluster_resources()
        gpus = f", {has['GPU']:g} GPUs" if has.get("GPU") else ""
        return f"Ray {self._ray.__version__}: {nodes} nodes, {has.get('CPU', 0):g} CPUs{gpus}"

    def run(
        self, work: Work, *, progress: Progress | None = None, until: float | None = None
    ) -> list[Any]:
        """Do all parts and return what they returned, in their order.

        Args:
            work: What there is to do.
            progress: Called as `progress(done, total, text)` in the units of `work.sizes`.
            until: When parts are told to stop, on the clock of `time.monotonic` [s].

        Raises:
            EngineError: If a part could not be done anywhere, or a node has another relubook.
            KeyboardInterrupt: After Ctrl-C, when the parts have saved what they had.
        """
        run = _Run(self._ray, work)
        try:
            while run.waiting:
                run.collect()
                run.report(progress)
                if until is not None and time.monotonic() > until:
                    run.stop()
        except BaseException:
            run.end()
            raise
        finally:
            run.close()
        return [run.found[number] for number in range(len(work.parts))]


class _Run:
    """The tasks of one work."""

    def __init__(self, ray: Any, work: Work) -> None:
        self._ray, self._work = ray, work
        self.found: dict[int, Any] = {}
        here = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(
            ray.get_runtime_context().get_node_id(), soft=False
        )
        from relubook.ray_worker import Desk

        self._desk = ray.remote(Desk).options(num_cpus=0, scheduling_strategy=here).remote()
        installed, task = greeting()
        gpus = 1 if work.device.startswith("cuda") else 0
        send = ray.remote(task).options(num_cpus=1, num_gpus=gpus, max_retries=RETRIES)
        shared, version = ray.put(work.shared), installed()
        self.waiting = {
            send.remote(version, work.function, [shared], part, number, self._desk): number
            for number, part in enumerate(work.parts)
        }

    def collect(self) -> None:
        """Wait a moment for tasks that end, and keep what they returned."""
        done, _ = self._ray.wait(list(self.waiting), timeout=_LOOK_EVERY)
        for task in done:
            number = self.waiting.pop(task)
            how, what = self._returned(task)
            if how == "refused":
                raise EngineError(f"{what} Install the same on every node. {_HINT}")
            self.found[number], said = what
            for text in said:
                warnings.warn(text, RuntimeWarning, stacklevel=4)

    def _returned(self, task: Any) -> tuple[str, Any]:
        """What a task returned; a part's own error is raised as it was."""
        errors = self._ray.exceptions
        try:
            return self._ray.get(task)
        except errors.RayTaskError as error:
            if isinstance(error.cause, Exception):
                raise error.cause from None
            raise EngineError(f"{error} {_HINT}") from error
        except errors.OutOfMemoryError as error:
            raise EngineError(
                f"A node ran out of memory, {RETRIES + 1} times. Train fewer networks side by "
                f"side with --networks, or take nodes with more. {_HINT}"
            ) from error
        except errors.RayError as error:
            said = str(error).strip().splitlines()[0]
            raise EngineError(
                f"A part was lost {RETRIES + 1} times and is given up: {said} {_HINT}"
            ) from error

    def report(self, progress: Progress | None) -> None:
        """Say how far all parts are together."""
        if progress is None:
            return
        try:
            told, nodes = self._ray.get(self._desk.look.remote(), timeout=5)
        except self._ray.exceptions.RayError:
            return
        sizes, parts = self._work.sizes, len(self._work.parts)
        begun = sum(told.get(number, 0) for number in self.waiting.values())
        running = {nodes[number] for number in self.waiting.values() if number in nodes}
        text = f"{len(self.found)} of {parts} parts done"
        if running:
            text += f", {len(running)} nodes at work"
        elif self.waiting:
            text = f"waiting for a node with a free {self._need()}"
        progress(begun + sum(sizes[number] for number in self.found), sum(sizes), text)

    def _need(self) -> str:
        """What a task needs."""
        return "GPU" if self._work.device.startswith("cuda") else "CPU"

    def stop(self) -> None:
        """Tell the parts to save and end."""
        self._desk.stop.remote()
        for task, number in self.waiting.items():
            if number not in self._ray.get(self._desk.look.remote())[0]:
                self._ray.cancel(task)

    def end(self) -> None:
        """Give the parts time to save; whoever is not patient presses Ctrl-C again."""
        try:
            self._desk.stop.remote()
            self._ray.wait(list(self.waiting), num_returns=len(self.waiting), timeout=_GRACE)
        finally:
            for task in self.waiting:
                self._ray.cancel(task, force=True)

    def close(self) -> None:
        """The desk is no longer needed."""
        self._ray.kill(self._desk)
