"""Images and masks in folders that cannot be read as they are: every fault by its file."""

import os
import shutil

import numpy
import pytest
import torch
from PIL import Image

from data.dataset import DataError
from tests.data.masks.examples import (
    IMAGE_MASKS,
    dataset,
    everything,
    fault,
    labels,
    picture,
    save_palette,
)


class TestFaults:
    def test_folders(self, folders):
        assert fault(IMAGE_MASKS()) == ("Choose the folder of the images.", "images")
        text, parameter = fault(IMAGE_MASKS(images=str(folders / "nowhere"), masks=str(folders)))
        assert f"{folders / 'nowhere'} does not exist" in text
        assert parameter == "images"
        (folders / "empty").mkdir()
        text, parameter = fault(
            IMAGE_MASKS(images=str(folders / "images"), masks=str(folders / "empty"))
        )
        assert f"{folders / 'empty'} there is no image" in text
        assert parameter == "masks"

    def test_an_image_or_a_mask_alone(self, folders):
        (folders / "masks" / "3.png").unlink()
        text, parameter = fault(dataset(folders))
        assert "no mask" in text
        assert "3.png" in text
        assert parameter == "masks"
        shutil.copy(folders / "masks" / "2.png", folders / "masks" / "3.png")
        (folders / "images" / "7.png").unlink()
        text, parameter = fault(dataset(folders))
        assert "no image" in text
        assert "7.png" in text
        assert parameter == "images"

    def test_two_images_of_one_name(self, folders):
        Image.fromarray(picture(1)).save(folders / "images" / "1.bmp")
        assert "1.bmp and 1.png" in fault(dataset(folders))[0]

    def test_sizes_that_differ(self, folders):
        Image.fromarray(labels(4, height=20, width=12)).save(folders / "masks" / "4.png")
        text, parameter = fault(dataset(folders), "load")
        assert "12×20" in text
        assert "20×12" in text
        assert "4.png" in text
        assert parameter == "masks"

    @pytest.mark.parametrize("folder", ["images", "masks"])
    def test_damaged_files(self, folders, folder):
        path = folders / folder / "5.png"
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        text, parameter = fault(dataset(folders, class_names="a,b,c"), "load")
        assert str(path) in text
        assert "damaged or incomplete" in text
        assert parameter == folder
        path.unlink()
        path.write_bytes(b"no image at all")
        text, parameter = fault(dataset(folders, class_names="a,b,c"), "load")
        assert f"{path} is no image" in text

    @pytest.mark.parametrize("of", ["describe", "load"])
    def test_a_class_too_many_is_named_before_anything_is_learned(self, folders, of):
        for number in range(10):
            Image.fromarray(labels(number, 2)).save(folders / "masks" / f"{number}.png")
        one = labels(7, 2)
        one[3, 4] = 2
        save_palette(folders / "masks" / "7.png", one)
        text, parameter = fault(dataset(folders, class_names="a,b"), of)
        mask = folders / "masks" / "7.png"
        assert f"The mask {mask} holds the class number 2, but there are 2 classes" in text
        assert parameter == "class_names"

    def test_a_mask_that_gets_a_class_too_many_while_training_is_named(self, folders):
        loaded = dataset(folders, class_names="a,b,c").load()
        Image.fromarray(labels(4, 9)).save(folders / "masks" / "4.png")
        with pytest.raises(DataError, match=r"masks.4\.png holds the class number 8"):
            everything(loaded)

    def test_classes_may_stand_in_the_last_of_many_masks_only(self, folders):
        for number in range(100, 220):
            Image.fromarray(picture(1)).save(folders / "images" / f"{number}.png")
            Image.fromarray(labels(1)).save(folders / "masks" / f"{number}.png")
        Image.fromarray(labels(1).astype(numpy.uint16) + 300).save(folders / "masks" / "219.png")
        text, _ = fault(dataset(folders))
        assert "219.png holds the class number 302" in text
        Image.fromarray(labels(1, 5)).save(folders / "masks" / "219.png")
        os.utime(folders / "masks", ns=(1, 1))
        assert dataset(folders).describe().classes == 5

    def test_colours_instead_of_numbers(self, folders):
        Image.fromarray(picture(6)).save(folders / "masks" / "6.png")
        assert "colours (RGB) instead of class numbers" in fault(dataset(folders))[0]

    def test_black_and_white_masks_read_as_numbers(self, folders):
        for number in range(10):
            Image.fromarray((labels(number, 2) * 255).astype(numpy.uint8)).save(
                folders / "masks" / f"{number}.png"
            )
        text, parameter = fault(dataset(folders))
        assert "set mask_values to threshold" in text
        assert parameter == "mask_values"

    @pytest.mark.parametrize("of", ["describe", "load"])
    @pytest.mark.parametrize("palette", [False, True])
    def test_numbers_read_as_black_and_white(self, folders, palette, of):
        if palette:
            for number in range(10):
                mask = Image.fromarray(labels(number, 2))
                mask.putpalette([0, 0, 0, 128, 0, 0])  # as Pascal VOC colours classes 0 and 1
                mask.save(folders / "masks" / f"{number}.png")
        text, parameter = fault(dataset(folders, mask_values="threshold"), of)
        assert f"No mask in {folders / 'masks'} has foreground" in text
        assert "set mask_values to index" in text
        assert parameter == "mask_values"

    def test_classes_in_colours_read_as_black_and_white(self, folders):
        for number in range(10):
            mask = Image.fromarray(labels(number))
            mask.putpalette([0, 0, 0, 128, 0, 0, 224, 224, 192])  # unknown is bright in Pascal VOC
            mask.save(folders / "masks" / f"{number}.png")
        text, parameter = fault(dataset(folders, mask_values="threshold"))
        assert "0.png is not black and white, but has a palette with 3 colours" in text
        assert "set mask_values to index" in text
        assert parameter == "mask_values"

    @pytest.mark.parametrize(
        "palette", [[0, 0, 0, 255, 255, 0], [0, 0, 0, 90, 90, 90, 255, 255, 255]]
    )
    def test_black_and_white_in_a_palette(self, folders, palette):
        for number in range(10):
            mask = Image.fromarray(labels(number, len(palette) // 3))
            mask.putpalette(palette)
            mask.save(folders / "masks" / f"{number}.png")
        brightest = len(palette) // 3 - 1
        loaded = dataset(folders, mask_values="threshold").load()
        for number, (_, mask) in everything(loaded).items():
            expected = labels(number, brightest + 1) == brightest
            assert torch.equal(mask, torch.from_numpy(expected).long())

    def test_some_images_may_have_no_foreground(self, folders):
        white = numpy.full((12, 20), 255, numpy.uint8)
        Image.fromarray(white).save(folders / "masks" / "7.png")
        found = everything(dataset(folders, mask_values="threshold").load())
        assert [number for number in sorted(found) if found[number][1].any()] == [7]

    def test_names_that_do_not_do(self, folders):
        assert fault(dataset(folders, class_names="alone"))[1] == "class_names"
        text = fault(dataset(folders, mask_values="threshold", class_names="a,b,c"))[0]
        assert "two classes, but class_names has 3" in text
