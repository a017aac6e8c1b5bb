"""Images and masks in folders: every sort of mask, every way to divide."""

import shutil
from pathlib import Path

import numpy
import pytest
import torch
from PIL import ExifTags, Image

from data import image_files
from data.dataset import IGNORED
from tests.data.masks.examples import (
    IMAGE_MASKS,
    dataset,
    everything,
    fault,
    labels,
    picture,
    save_palette,
)

MEMBRANE = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "membrane"


class TestReading:
    def test_numbers_as_grey_values(self, folders):
        data = dataset(folders)
        description = data.describe()
        assert description.class_names == ("background", "class 1", "class 2")
        assert description.samples == 10
        assert description.inputs["image"].sizes == (3, 12, 20)
        found = everything(data.load())
        assert sorted(found) == list(range(10))
        for number, (image, mask) in found.items():
            assert torch.equal(mask, torch.from_numpy(labels(number)).long())
            expected = torch.from_numpy(picture(number)).permute(2, 0, 1).float() / 255
            assert torch.equal(image, expected)

    def test_a_palettes_indices_and_unknown_borders(self, folders):
        for number in range(10):
            mask = labels(number)
            mask[0] = IGNORED
            save_palette(folders / "masks" / f"{number}.png", mask)
        data = dataset(folders, class_names="sky, sea,land")
        assert data.describe().class_names == ("sky", "sea", "land")
        for number, (_, mask) in everything(data.load()).items():
            assert torch.equal(mask[1:], torch.from_numpy(labels(number)).long()[1:])
            assert (mask[0] == IGNORED).all()

    @pytest.mark.parametrize("mode", ["L", "1", "RGB"])
    def test_black_and_white(self, folders, mode):
        for number in range(10):
            mask = Image.fromarray((labels(number, 2) * 255).astype(numpy.uint8))
            mask.convert(mode).save(folders / "masks" / f"{number}.png")
        data = dataset(folders, mask_values="threshold", channels=1)
        assert data.describe().class_names == ("background", "foreground")
        for number, (image, mask) in everything(data.load()).items():
            assert torch.equal(mask, torch.from_numpy(labels(number, 2)).long())
            grey = numpy.asarray(Image.fromarray(picture(number)).convert("L"))
            assert torch.equal(image[0], torch.from_numpy(grey.copy()).float() / 255)

    def test_another_size_blends_images_and_picks_pixels_of_masks(self, folders):
        data = dataset(folders, height=6, width=10)
        image, mask = everything(data.load())[0]
        assert (image.shape, mask.shape) == ((3, 6, 10), (6, 10))
        blended = Image.fromarray(picture(0)).resize((10, 6), Image.Resampling.BILINEAR)
        assert torch.equal(
            image * 255, torch.from_numpy(numpy.array(blended)).permute(2, 0, 1).float()
        )
        whole = labels(0)
        # Each pixel is one of the four that lie there, never a number between them.
        blocks = whole.reshape(6, 2, 10, 2).transpose(0, 2, 1, 3).reshape(6, 10, 4)
        assert (mask.numpy()[:, :, None] == blocks).any(axis=2).all()

    def test_images_of_16_bits(self, folders):
        values = (numpy.arange(240, dtype=numpy.uint16) * 257).reshape(12, 20)
        Image.fromarray(values).save(folders / "images" / "0.png")
        image, _ = everything(dataset(folders, channels=1).load())[0]
        assert torch.equal((image[0] * 255).round().flatten(), torch.arange(240).float())

    def test_a_photograph_of_a_turned_camera_lies_under_its_mask(self, folders):
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = 6
        stored = numpy.zeros((20, 12, 3), numpy.uint8)
        stored[:10] = 255  # Above as it is stored, on the right as it is shown.
        for path in (folders / "images").iterdir():
            path.unlink()
            Image.fromarray(stored).save(path.with_suffix(".jpg"), exif=exif)
        for number in range(10):
            mask = numpy.zeros((12, 20), numpy.uint8)
            mask[:, 10:] = 1
            Image.fromarray(mask).save(folders / "masks" / f"{number}.png")
        image, mask = everything(dataset(folders, channels=1).load())[3]
        assert torch.equal((image[0] > 0.5).long(), mask)

    def test_names_of_masks_may_have_an_ending(self, folders):
        for path in (folders / "masks").iterdir():
            path.rename(path.with_name(f"{path.stem}_seg.png"))
        assert len(everything(dataset(folders, mask_ending="_seg").load())) == 10
        assert "no mask" in fault(dataset(folders))[0]

    def test_unknown_is_what_chance_moves_in(self, folders):
        split = dataset(folders, shift=0.5).load().training
        batch = split.batch(torch.arange(4), torch.Generator().manual_seed(0))
        assert (batch.targets["mask"] == IGNORED).any()
        assert not (split.batch(torch.arange(4)).targets["mask"] == IGNORED).any()


class TestDivision:
    def lists(self, folders, **given):
        paths = {}
        for key, text in given.items():
            path = folders / f"{key}.txt"
            path.write_text(text, encoding="utf-8")
            paths[f"{key}_list"] = str(path)
        return dataset(folders, **paths)

    def numbers(self, split):
        return [split.origin(place) for place in range(len(split))]

    def test_lists_decide(self, folders):
        data = self.lists(
            folders, training="3\n1.png\n\n2", validation="images/0.png\n", test="9\n8\n"
        ).load()
        assert self.numbers(data.training) == [1, 2, 3]
        assert self.numbers(data.validation) == [0]
        assert self.numbers(data.test) == [8, 9]

    def test_what_no_list_decides_is_taken_from_training(self, folders):
        data = self.lists(folders, test="9\n8\n").load()
        assert self.numbers(data.test) == [8, 9]
        rest = sorted(self.numbers(data.training) + self.numbers(data.validation))
        assert rest == list(range(8))
        assert len(data.validation) == 1

    def test_the_same_seed_divides_the_same(self, folders):
        one, same, other = (dataset(folders, split_seed=s).load() for s in (1, 1, 2))
        assert self.numbers(one.test) == self.numbers(same.test)
        assert self.numbers(one.test) != self.numbers(other.test)

    def test_two_samples_are_too_few(self, folders):
        for number in range(2, 10):
            for kind in ("images", "masks"):
                (folders / kind / f"{number}.png").unlink()
        text, _ = fault(dataset(folders))
        assert text.startswith("Of 2 samples none is left for validation: ")

    def test_faults_name_the_line(self, folders):
        text, parameter = fault(self.lists(folders, test="1\n77\n"))
        assert "Line 2 of " in text
        assert '"77"' in text
        assert parameter == "test_list"
        text, parameter = fault(self.lists(folders, training="1\n2", test="2"))
        assert "which the list for training names too" in text
        assert (
            "nothing is left"
            in fault(self.lists(folders, test="\n".join(str(n) for n in range(10))))[0]
        )
        assert "is empty" in fault(self.lists(folders, test="\n"))[0]
        assert "does not exist" in fault(dataset(folders, test_list=str(folders / "no.txt")))[0]


class TestParts:
    """Images of 12×20, cut into 6 parts of 5×8 that cover them."""

    TOPS, LEFTS = (0, 5, 7), (0, 8, 12)

    def test_parts_cover_every_image_in_its_own_scale(self, folders):
        data = dataset(folders, fit="parts", height=5, width=8)
        description = data.describe()
        assert description.samples == 90
        assert description.parts
        assert description.inputs["image"].sizes == (3, 5, 8)
        found = everything(data.load())
        assert sorted(found) == list(range(90))
        places = [
            (image, top, left) for image in range(10) for top in self.TOPS for left in self.LEFTS
        ]
        for number, (image, top, left) in enumerate(places):
            part, mask = found[number]
            expected = picture(image)[top : top + 5, left : left + 8]
            assert torch.equal(
                (part * 255).round(), torch.from_numpy(expected).permute(2, 0, 1).float()
            )
            whole = labels(image)[top : top + 5, left : left + 8]
            assert torch.equal(mask, torch.from_numpy(whole).long())

    def test_all_parts_of_an_image_are_in_one_split(self, folders):
        loaded = dataset(folders, fit="parts", height=5, width=8).load()
        images = [
            {split.origin(place) // 9 for place in range(len(split))}
            for split in (loaded.training, loaded.validation, loaded.test)
        ]
        assert sum(len(one) for one in images) == len(set.union(*images)) == 10

    def test_training_sees_parts_at_any_place(self, folders):
        training = dataset(folders, fit="parts", height=5, width=8).load().training
        same = torch.zeros(50, dtype=torch.int64)
        batch = training.batch(same, torch.Generator().manual_seed(0))
        whole = torch.from_numpy(labels(training.origin(0) // 9)).long()
        every = whole.unfold(0, 5, 1).unfold(1, 8, 1).reshape(-1, 5, 8)
        seen = {int((every == mask).all(dim=(1, 2)).nonzero()[0]) for mask in batch.targets["mask"]}
        assert len(seen) > 20
        again = training.batch(same, torch.Generator().manual_seed(0))
        assert torch.equal(again.targets["mask"], batch.targets["mask"])

    def test_an_image_smaller_than_a_part_is_named(self, folders):
        text, parameter = fault(dataset(folders, fit="parts", height=13, width=8))
        assert "0.png has 12×20" in text
        assert parameter == "fit"


def test_folders_are_looked_through_again_only_when_they_have_changed(folders, monkeypatch):
    looks = []
    scandir = image_files.os.scandir
    monkeypatch.setattr(image_files.os, "scandir", lambda path: looks.append(path) or scandir(path))
    for _ in range(3):
        assert dataset(folders, height=48).describe().samples == 10
    assert len(looks) == 2
    for folder in ("images", "masks"):
        shutil.copy(folders / folder / "1.png", folders / folder / "11.png")
    assert dataset(folders).describe().samples == 11


def test_they_fit_a_network_of_any_size():
    fitted = IMAGE_MASKS(images="a").fitted_to({"image": (1, 48, 64)})
    assert (fitted.channels, fitted.height, fitted.width, fitted.images) == (1, 48, 64, "a")
    assert IMAGE_MASKS().fitted_to({"image": (2, 48, 64)}) is None
    assert IMAGE_MASKS().fitted_to({"image": (64,)}) is None


@pytest.mark.skipif(not MEMBRANE.exists(), reason=f"the real images are not in {MEMBRANE}")
def test_real_images_of_membranes():
    data = IMAGE_MASKS(
        images=str(MEMBRANE / "image"),
        masks=str(MEMBRANE / "label"),
        class_names="membrane, cell",
        channels=1,
        height=64,
        width=64,
    )
    assert data.describe().samples == 30
    splits = data.load()
    assert (len(splits.training), len(splits.validation), len(splits.test)) == (21, 3, 6)
    batch = splits.test.batch(torch.arange(6))
    assert batch.inputs["image"].shape == (6, 1, 64, 64)
    # Most of a picture is cell.
    assert 0.6 < batch.targets["mask"].float().mean() < 0.9
