"""Sessions of training in this process, and what was learned in them. Imports torch."""

from training.control import Control
from training.history import History
from training.messages import BatchDone, EpochDone
from training.worker import train_or_fail


class Session:
    """A session of training whose messages are kept, and may be answered with a command."""

    def __init__(self, run, answer=None, *, resume=False):
        run.write_command("train")
        self.messages = []
        self._run, self._answer = run, answer or (lambda message: None)
        self.failed = train_or_fail(run, Control(run), self._hear, resume=resume)

    def _hear(self, message):
        self.messages.append(message)
        command = self._answer(message)
        if command:
            self._run.write_command(command)

    def of(self, cls):
        return [message for message in self.messages if isinstance(message, cls)]


def losses(*sessions):
    """What was learned, in the order in which it counts."""
    history = History()
    for session in sessions:
        assert session.failed is None, session.failed
        history.add(session.messages)
    batches = [(done.epoch, done.batch, done.loss) for done in history.batches]
    epochs = [
        (done.training_loss, done.training_accuracy, done.validation_loss, done.best)
        for done in history.epochs.values()
    ]
    return batches, epochs


def after(epoch, batch, command):
    """Ask for something when a batch is done."""

    def answer(message):
        here = isinstance(message, BatchDone) and (message.epoch, message.batch) == (epoch, batch)
        return command if here else None

    return answer


def after_epoch(epoch, command):
    """Ask for something when an epoch is done."""
    return lambda message: (
        command if isinstance(message, EpochDone) and message.epoch == epoch else None
    )
