"""What brings each mistake of the library (docs/simulation.md) to light in a short soak. What happens, to whom and when
is still up to the seed."""

import typing

from soak_schedule import DAY, KILL, Manner

# A transaction stays open while its process stands still for longer than its session.
SLOW_TRANSACTIONS = ("producer.transaction.timeout.ms=60000",)
# The broker gives up a transaction while its process, which stands still, is still in the group.
HASTY_TRANSACTIONS = ("producer.transaction.timeout.ms=2000",)
# Long enough that others have taken over and gone on, on a slow machine as well.
BEYOND_THE_SESSION = (14.0, 25.0)
# Long enough that those who have taken over stand still for longer than their session, too.
BEYOND_TWO_SESSIONS = (20.0, 28.0)
WITHIN_THE_SESSION = (3.5, 6.5)


class Aim(typing.NamedTuple):
    why: str
    manner: Manner
    settings: tuple = ()  # KEY=VALUE of the application
    processes: int = 0  # that run at the beginning; 0: as many as ever
    delays: tuple = ()  # POINT:MILLISECONDS, see provoked_environment.h


def kills(shortest, longest):
    return Manner(weights=KILL, gaps=(shortest, longest))


def stops(lengths, kill=0):
    return Manner(weights=(kill, 0, 100 - kill, 0, 0), gaps=(1.5, 4.0), stops=lengths)


AIMS = {
    "early-local-write": Aim(
        "killed between the write and the end of the transaction",
        kills(0.8, 2.5), delays=("commit.after_add_offsets:300",)),
    "restore-to-lso": Aim(
        "a third one restores while the first one's transaction hides what the second one committed",
        stops(BEYOND_TWO_SESSIONS), settings=SLOW_TRANSACTIONS, processes=4),
    "read-uncommitted-restore": Aim(
        "killed with records in the changelogs that will be aborted",
        kills(0.8, 2.5), delays=("commit.after_flush:300",)),
    "no-stable-offsets": Aim(
        "taken for dead when the offsets are in a transaction that it ends when it wakes up",
        stops(BEYOND_THE_SESSION), settings=SLOW_TRANSACTIONS, delays=("commit.after_add_offsets:400",)),
    "no-age-check": Aim(
        "away for longer than tombstones are kept, and then given tasks that it had before",
        Manner(weights=DAY), processes=2),
    "no-generation-check": Aim("nothing: a broker takes no such offsets from a group with members", Manner()),
    "position-is-log-end": Aim(
        "taken for dead between the end of the transaction and the look at the log",
        stops(BEYOND_THE_SESSION), delays=("commit.after_end_txn:400",)),
    "overlay-kept-after-abort": Aim(
        "its transaction is aborted while it stands still, and it keeps its tasks",
        stops(WITHIN_THE_SESSION), settings=HASTY_TRANSACTIONS),
    "commit-after-revoke-answer": Aim(
        "a commit follows that the broker refuses: the task is another one's by then",
        Manner(weights=(0, 20, 0, 40, 40), gaps=(2.0, 5.0)), settings=("commit.interval.ms=1000",),
        delays=("acknowledge:6000",)),
    "offset-of-last-record": Aim("killed", kills(2.0, 6.0)),
}
