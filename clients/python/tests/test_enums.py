"""The choices have the names and numbers of the contract."""

import unittest

from ymasknet import FramePolicy, MaskFormat, PixelFormat, Priority, Task, Verdict
from ymasknet.v1 import image_pb2, inspection_service_pb2, mask_pb2


class ContractTests(unittest.TestCase):
    def test_every_choice_of_the_contract_is_there(self):
        for kind, wire in (
            (Task, inspection_service_pb2.Task),
            (FramePolicy, inspection_service_pb2.FramePolicy),
            (Priority, inspection_service_pb2.Priority),
            (Verdict, inspection_service_pb2.Verdict),
            (MaskFormat, mask_pb2.MaskFormat),
            (PixelFormat, image_pb2.PixelFormat),
        ):
            prefix = wire.Name(0)[: -len("UNSPECIFIED")]
            expected = {name[len(prefix) :]: number for name, number in wire.items() if number}
            self.assertEqual({member.name: member.value for member in kind}, expected, kind.__name__)


class PixelFormatTests(unittest.TestCase):
    def test_of_takes_pfnc_names_numbers_and_members(self):
        for member, name in zip(PixelFormat, ("Mono8", "Mono10", "Mono12", "Mono16", "RGB8", "BGR8", "BayerRG8")):
            self.assertIs(PixelFormat.of(name), member)
            self.assertIs(PixelFormat.of(member.value), member)
            self.assertIs(PixelFormat.of(member), member)

    def test_bytes_of_a_pixel(self):
        self.assertEqual([member.pixel_bytes for member in PixelFormat], [1, 2, 2, 2, 3, 3, 1])


if __name__ == "__main__":
    unittest.main()
