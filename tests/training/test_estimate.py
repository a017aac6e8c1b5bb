"""How long a training would take: counted by hand, and longer for what is more."""

from dataclasses import replace

import pytest

from data.catalog import read_data
from graph.inference import infer_block
from graph.state import MAIN
from graph.templates import load_template
from training.estimate import MachineSpeed, machine_speed, training_seconds
from training.spec import read_training

SPEED = MachineSpeed(multiply_adds=1e9, bytes=1e9)


def seconds(template="mlp", speed=SPEED, **settings):
    project = load_template(template)
    description = read_data(project.data)[0].describe()
    spec = read_training({**project.training, **settings})[0]
    return training_seconds(infer_block(project, MAIN), description, spec, speed)


def test_an_mlp_counted_by_hand():
    """64 -> 64 -> ... -> 10 has 9,472 multiply-adds; 1,797 digits, batches of 64."""
    assert load_template("mlp").main.nodes.keys() >= {"image"}
    slow = MachineSpeed(multiply_adds=1e3, bytes=1e18)
    once = seconds(speed=slow, epochs=1, batch_size=1797)
    assert once == pytest.approx(1797 * 9472 * 3 * 0.35 / 1e3, rel=1e-3)


def test_twice_the_epochs_take_twice_the_time():
    assert seconds(epochs=20) == pytest.approx(2 * seconds(epochs=10))


def test_smaller_batches_take_more_steps():
    assert seconds(batch_size=8) > seconds(batch_size=64)


def test_deeper_networks_of_one_kind_take_longer():
    times = [seconds(name, epochs=1) for name in ("resnet18", "resnet34", "resnet50", "resnet101")]
    assert times == sorted(times)


def test_what_is_in_a_repeated_block_counts_each_time():
    project = load_template("resnet18")
    main = project.main
    stage = main.nodes["stage1"]
    shorter = replace(main, nodes={**main.nodes, "stage1": replace(stage, repeat=1)})
    spec, data = read_training({})[0], read_data(project.data)[0].describe()
    both = [
        training_seconds(
            infer_block(replace(project, blocks={**project.blocks, MAIN: block}), MAIN),
            data,
            spec,
            replace(SPEED, multiply_adds=1e18),
        )
        for block in (main, shorter)
    ]
    assert both[0] > both[1]


def test_a_machine_has_a_speed():
    speed = machine_speed()
    assert speed.multiply_adds > 1e6
    assert speed.bytes > 1e6
