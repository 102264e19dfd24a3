"""One machine, broken in several ways, each written once over a few words of storage: on a dataclass and on SQLite."""

from dataclasses import dataclass, field

import phasm_lab as pl
from tests.quality.jobs import Do, Work, Workshop, perform


@dataclass
class Jobs:
    status: dict[int, str] = field(default_factory=dict)
    result_counts: dict[int, int] = field(default_factory=dict)


class OnDataclass:
    """The words of storage for a dataclass."""

    initial = Jobs

    async def status(self, state, job_id):
        return state.status.get(job_id)

    async def set_status(self, state, job_id, status):
        state.status[job_id] = status

    async def count_result(self, state, job_id):
        state.result_counts[job_id] = state.result_counts.get(job_id, 0) + 1

    async def statuses(self, state):
        return sorted(state.status.items())

    def statuses_here(self, here):
        return sorted(here.state.status.items())


class OnSQLite:
    """The words of storage for a database."""

    initial = pl.sqlite(
        schema="create table jobs (id integer primary key, status text not null);"
        "create table result_counts (id integer primary key, count integer not null)"
    )

    async def status(self, state, job_id):
        row = await state.fetch_one("select status from jobs where id = ?", (job_id,))
        return row[0] if row else None

    async def set_status(self, state, job_id, status):
        await state.execute(
            "insert into jobs values (?, ?) on conflict (id) do update set status = excluded.status", (job_id, status)
        )

    async def count_result(self, state, job_id):
        await state.execute(
            "insert into result_counts values (?, 1) on conflict (id) do update set count = count + 1", (job_id,)
        )

    async def statuses(self, state):
        return await state.fetch_all("select id, status from jobs order by id")

    def statuses_here(self, here):
        return here.state.fetch_all("select id, status from jobs order by id")


class Sound:
    """Take a job once, take its first result, ask again for what is open."""

    inputs = (Do(1), Do(2))

    def __init__(self, store):
        self.store = store

    async def stf(self, state, input, actions):
        match input:
            case pl.Normal(Do(job_id)):
                await self.accept(state, job_id, actions)
            case pl.TrackedActionCompleted(job_id, result):
                await self.take_in(state, job_id, result, actions)

    async def accept(self, state, job_id, actions):
        if await self.store.status(state, job_id) is not None:
            raise ValueError(f"job {job_id} exists already")
        actions.add(pl.Tracked(job_id, Work(job_id)))
        await self.store.set_status(state, job_id, "open")

    async def take_in(self, state, job_id, result, _actions):
        if await self.store.status(state, job_id) == "open":
            await self.store.set_status(state, job_id, result)

    async def restore(self, state, actions):
        for job_id, status in await self.store.statuses(state):
            if status == "open":
                actions.add(pl.Tracked(job_id, Work(job_id)))

    def perform(self, workshop, action, choose):
        return perform(workshop, action, choose)

    def properties(self):
        return ()

    def scenario(self, **faults):
        return pl.Scenario(
            pl.Machine(initial=self.store.initial, stf=self.stf, restore=self.restore),
            inputs=self.inputs,
            environment=pl.Environment(initial=Workshop, perform=self.perform),
            faults=pl.Faults(**faults),
            properties=self.properties(),
        )


class ForgetsTheSecond(Sound):
    async def restore(self, state, actions):
        for job_id, status in await self.store.statuses(state):
            if status == "open" and job_id != 2:
                actions.add(pl.Tracked(job_id, Work(job_id)))


class AsksForWhatIsOver(Sound):
    async def restore(self, state, actions):
        for job_id, _ in await self.store.statuses(state):
            actions.add(pl.Tracked(job_id, Work(job_id)))


class RejectsBad(Sound):
    async def take_in(self, state, job_id, result, actions):
        if result == "bad":
            raise ValueError("nobody told me that work can be bad")
        await super().take_in(state, job_id, result, actions)


class RejectsAfterItWrote(Sound):
    async def accept(self, state, job_id, actions):
        await super().accept(state, job_id, actions)
        if job_id == 2:
            raise ValueError("one job is enough")


class IgnoresTheSecond(Sound):
    async def take_in(self, state, job_id, result, actions):
        if job_id != 2:
            await super().take_in(state, job_id, result, actions)


class CountsEveryResult(Sound):
    async def take_in(self, state, job_id, result, _actions):
        if await self.store.status(state, job_id) in ("open", result):
            await self.store.set_status(state, job_id, result)
            await self.store.count_result(state, job_id)


class TakesTheLastResult(Sound):
    async def take_in(self, state, job_id, result, _actions):
        await self.store.set_status(state, job_id, result)


class HasOneIdForTwoJobs(Sound):
    async def accept(self, state, job_id, actions):
        if job_id == 2:
            actions.add(pl.Tracked(1, Work(2)))
            await self.store.set_status(state, 1, "open")
        else:
            await super().accept(state, job_id, actions)


class GuessesWhenItCannotRead(Sound):
    async def take_in(self, state, job_id, result, _actions):
        try:
            status = await self.store.status(state, job_id)
        except pl.StorageError:
            status = None
        if status == "open":
            await self.store.set_status(state, job_id, result)


class GoesOnWithoutTheAction(Sound):
    async def accept(self, state, job_id, actions):
        try:
            actions.add(pl.Tracked(job_id, Work(job_id)))
        except pl.AddError:
            await self.store.set_status(state, job_id, "given up")
        else:
            await self.store.set_status(state, job_id, "open")


class WritesInRestore(Sound):
    async def restore(self, state, actions):
        await super().restore(state, actions)
        for job_id, status in await self.store.statuses(state):
            if status == "bad":
                await self.store.set_status(state, job_id, "very bad")


class ChokesOnBadWork(Sound):
    async def restore(self, state, actions):
        if "bad" in dict(await self.store.statuses(state)).values():
            raise ValueError("some job is bad")
        await super().restore(state, actions)


class AsksForEver(Sound):
    async def take_in(self, state, job_id, result, actions):
        if result == "bad" and await self.store.status(state, job_id) == "open":
            actions.add(pl.Tracked(job_id, Work(job_id)))
        else:
            await super().take_in(state, job_id, result, actions)


class WorksTwice(Sound):
    inputs = (Do(1),)

    def perform(self, workshop, action, choose):
        if action.job_id in workshop.answers:
            workshop.answers[-action.job_id] = "again"
        return super().perform(workshop, action, choose)


class PromisesGoodWork(Sound):
    def properties(self):
        return (self.no_job_is_bad,)

    def no_job_is_bad(self, here):
        return all(status != "bad" for _, status in self.store.statuses_here(here))
