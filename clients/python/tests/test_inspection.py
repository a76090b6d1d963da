"""Single calls to the real server."""

import asyncio
import io
import unittest

import numpy as np
from PIL import Image as Picture

from ymasknet import AsyncClient, Client, Image, MaskError, MaskFormat, OperatorPlacement, RegionOfInterest, Task

from .support import pictures
from .support.aio import AsyncTestCase
from .support.server import shared_server


def setUpModule():
    shared_server()


class InspectionTestCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = cls.enterClassContext(Client(shared_server().address, timeout=60))


class AnswerTests(InspectionTestCase):
    def test_inspect_finds_and_outlines_defects_on_every_board(self):
        for path in pictures.BOARDS:
            answer = self.client.inspect(path)
            with self.subTest(path.name):
                self.assertTrue(answer.defects, "Every sample has defects.")
                self.assertEqual((answer.image_size.width, answer.image_size.height), (640, 640))
                self.assertEqual(answer.model.name, "pcb-ymasknet")
                self.assertEqual(
                    (answer.execution.execution_provider, answer.execution.device), ("CPUExecutionProvider", "cpu")
                )
                self.assertGreater(answer.execution.times.total_ms, 0)
                scores = [defect.score for defect in answer.defects]
                self.assertEqual(scores, sorted(scores, reverse=True))
                for defect in answer.defects:
                    self.assertEqual(np.count_nonzero(defect.mask.pixels), defect.mask.area)
                    self.assertEqual(
                        np.count_nonzero(defect.mask.over(defect.box)), defect.mask.area, "The mask leaves its box."
                    )

    def test_detect_gives_boxes_alone(self):
        answer = self.client.detect(pictures.BUS)
        self.assertTrue(answer.defects)
        self.assertTrue(all(defect.mask is None for defect in answer.defects))

    def test_filters_are_the_servers(self):
        all_of_them = self.client.detect(pictures.BUS, min_score=0.001, nms_iou_threshold=0.9, max_defects=50).defects
        self.assertEqual(len(all_of_them), 50)
        self.assertEqual(
            self.client.detect(pictures.BUS, min_score=0.001, nms_iou_threshold=0.9, max_defects=3).defects,
            all_of_them[:3],
        )
        self.assertEqual(self.client.detect(pictures.BUS, min_score=1.0).defects, ())

    def test_every_mask_format_gives_the_same_pixels(self):
        formats = (MaskFormat.COCO_RLE, MaskFormat.POLYGON, MaskFormat.PNG)
        answers = [self.client.inspect(pictures.GREY, mask_format=chosen, min_score=0.1) for chosen in formats]
        self.assertTrue(answers[0].defects)
        for found in zip(*(answer.defects for answer in answers)):
            for defect in found[1:]:
                np.testing.assert_array_equal(defect.mask.to_image(), found[0].mask.to_image())
                self.assertEqual(defect.mask.counts, found[0].mask.encoding.counts)
                self.assertEqual(
                    (defect.box, defect.score, defect.mask.bounds), (found[0].box, found[0].score, found[0].mask.bounds)
                )

    def test_no_masks_give_areas_alone(self):
        with_masks, without = (
            self.client.inspect(pictures.BUS, mask_format=chosen) for chosen in (MaskFormat.COCO_RLE, MaskFormat.NONE)
        )
        self.assertEqual(
            [defect.mask.area for defect in without.defects], [defect.mask.area for defect in with_masks.defects]
        )
        with self.assertRaises(MaskError):
            without.defects[0].mask.to_image()

    def test_segment_outlines_the_callers_boxes(self):
        boxes = [defect.box for defect in self.client.inspect(pictures.BUS).defects[:2]]
        answer = self.client.segment(pictures.BUS, [boxes[0], RegionOfInterest(boxes[1], class_name="spur")])
        self.assertEqual(len(answer.instances), 2)
        self.assertEqual(answer.instances[1].class_name, "spur")
        self.assertTrue(all(instance.mask.area > 0 for instance in answer.instances))
        self.assertEqual((answer.regions, answer.class_map), ((), None))

    def test_segment_with_a_semantic_model_gives_regions_and_the_class_map(self):
        answer = self.client.segment(pictures.TILE, model="tile-unet", include_class_map=True)
        self.assertTrue(answer.regions)
        drawn = np.zeros((answer.image_size.height, answer.image_size.width), np.uint8)
        for region in answer.regions:
            self.assertEqual(region.area, region.mask.area)
            drawn[region.mask.to_image()] = region.class_id
            rows, columns = np.nonzero(region.mask.to_image())
            self.assertAlmostEqual(region.centroid.x, columns.mean() + 0.5, places=2)
            self.assertAlmostEqual(region.centroid.y, rows.mean() + 0.5, places=2)
        np.testing.assert_array_equal(answer.class_map, drawn)

    def test_smaller_regions_are_left_out(self):
        areas = [
            region.area for region in self.client.segment(pictures.TILE, model="tile-unet", min_region_area=1).regions
        ]
        fewer = self.client.segment(pictures.TILE, model="tile-unet", min_region_area=max(areas)).regions
        self.assertEqual([region.area for region in fewer], [area for area in areas if area == max(areas)])

    def test_placement_every_node_and_operator(self):
        placement = self.client.placement("pcb-ymasknet")

        self.assertEqual(placement.model, self.client.model("pcb-ymasknet").reference)
        self.assertEqual(2, len(placement.networks))
        for network in placement.networks:
            self.assertEqual({"CPUExecutionProvider"}, {node.execution_provider for node in network.nodes}, network.path)
        self.assertIn(OperatorPlacement("RoIAlign", "cpu"), placement.operators)

    def test_models_are_described(self):
        answer = self.client.models()
        self.assertEqual(
            [str(model.reference) for model in answer.models],
            ["pcb-ymasknet/1", "pcb-ymasknet-lite/1", "pcb-yolov5/1", "tile-unet/1"],
        )
        default = self.client.model()
        self.assertEqual((answer.default_model, default), (str(default.reference), self.client.model("pcb-ymasknet")))
        self.assertEqual(default.class_names, ("open", "short", "mousebite", "spur", "copper", "pin-hole"))
        self.assertEqual(default.tasks, (Task.DETECT, Task.SEGMENT, Task.DETECT_AND_SEGMENT))
        self.assertIn("seed", default.provenance)
        self.assertTrue(all(len(file.sha256) == 64 and file.size_bytes > 0 for file in default.files))


class ArrayTests(InspectionTestCase):
    """Pixels give the very answer of the file that holds them."""

    def check(self, image, expected):
        answer = self.client.inspect(image, min_score=0.01)
        self.assertTrue(expected.defects)
        self.assertEqual(answer.defects, expected.defects)

    def test_8_bits(self):
        pixels = pictures.read_grey(pictures.GREY)
        expected = self.client.inspect(pictures.GREY, min_score=0.01)
        padded = np.zeros((640, 700), np.uint8)
        padded[:, 30:670] = pixels
        self.check(pixels, expected)
        self.check(padded[:, 30:670], expected)
        self.check(Image.from_raw(padded[:, 30:].tobytes(), "Mono8", 640, 640, stride=670), expected)

    def test_16_bits_of_either_byte_order(self):
        pixels = pictures.read_16_bit()
        expected = self.client.inspect(pictures.SIXTEEN_BITS, min_score=0.01)
        self.check(pixels, expected)
        self.check(pixels.astype(">u2"), expected)

    def test_colour_in_either_order(self):
        pixels = pictures.tinted()
        file = io.BytesIO()
        Picture.fromarray(pixels).save(file, "PNG")
        expected = self.client.inspect(file.getvalue(), min_score=0.01)
        self.check(Image.from_array(pixels, "RGB8"), expected)
        self.check(Image.from_array(pixels[:, :, ::-1], "BGR8"), expected)


class AsyncTests(AsyncTestCase):
    async def test_every_call_gives_what_the_other_client_gives(self):
        with Client(shared_server().address) as client:
            asynchronous = await self.enter(AsyncClient(shared_server().address))
            box = (await asynchronous.detect(pictures.BUS)).defects[0].box
            for name, arguments in (
                ("inspect", [pictures.BUS]),
                ("detect", [pictures.BUS]),
                ("segment", [pictures.BUS, [box]]),
                ("models", []),
                ("model", ["tile-unet"]),
            ):
                expected = await asyncio.to_thread(getattr(client, name), *arguments)
                answer = await getattr(asynchronous, name)(*arguments)
                if name in ("models", "model"):
                    self.assertEqual(answer, expected)
                else:
                    found = "instances" if name == "segment" else "defects"
                    self.assertTrue(getattr(answer, found))
                    self.assertEqual(getattr(answer, found), getattr(expected, found))


if __name__ == "__main__":
    unittest.main()
