"""Messages survive the file, and a file's damage is survived."""

import dataclasses
import json
import math
import typing

import pytest

from training.messages import MESSAGES, BatchDone, Failed, Log, from_json, to_json

VALUES = {int: 3, float: 0.25, bool: True, str: 'ü "quoted"\nline'}


def example(cls):
    hints = typing.get_type_hints(cls)
    return cls(
        **{
            field.name: VALUES.get(hints[field.name]) or typing.get_args(hints[field.name])[0]
            for field in dataclasses.fields(cls)
        }
    )


@pytest.mark.parametrize("name", list(MESSAGES))
def test_round_trip(name):
    message = example(MESSAGES[name])
    line = to_json(message)
    assert "\n" not in line
    assert json.loads(line)["event"] == name
    assert from_json(line) == message
    assert from_json(line.encode()) == message


def test_numbers_that_do_not_exist_are_null_in_the_file():
    message = dataclasses.replace(example(BatchDone), accuracy=math.nan, loss=math.inf)
    values = json.loads(to_json(message))
    assert values["accuracy"] is None
    assert values["loss"] is None
    read = from_json(to_json(message))
    assert isinstance(read, BatchDone)
    assert math.isnan(read.accuracy)
    assert math.isnan(read.loss)


def test_a_message_of_a_later_release_with_more_keys_is_understood():
    values = {**json.loads(to_json(Log(text="hello"))), "colour": "red"}
    assert from_json(json.dumps(values)) == Log(text="hello", time=values["time"])


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "7",
        '{"event":"from_the_future"}',
        '{"event":"batch_done"}',
        '{"event":"log","text":3}',
        '{"event":"log","text":"a","level":"shout"}',
        '{"event":"log","text":"a","time":"now"}',
        '{"event":"paused","epoch":true,"batch":1}',
        b"\xff\xfe",
        to_json(Failed(kind="code", message="m"))[:-5],
    ],
)
def test_what_is_broken_or_unknown_is_nothing(line):
    assert from_json(line) is None
