"""Images in memory that the real server leases."""

import threading
import unittest

import numpy as np

from ymasknet import (
    AsyncClient,
    Client,
    FailedPreconditionError,
    Frame,
    InvalidArgumentError,
    NotFoundError,
    ResourceExhaustedError,
    Task,
)

from .support import pictures
from .support.aio import run
from .support.server import Server, shared_server

SLOT = 640 * 640


def setUpModule():
    shared_server()


class LeaseTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = cls.enterClassContext(Client(shared_server().socket_address, timeout=60))

    def test_pixels_in_shared_memory_give_the_answer_of_the_file(self):
        expected = self.client.inspect(pictures.GREY, min_score=0.01).defects
        pixels = pictures.read_grey(pictures.GREY)
        with self.client.lease_shared_memory(2 * SLOT, 2) as lease:
            with lease.rent() as slot:
                self.assertEqual(self.client.inspect(slot.put(pixels), min_score=0.01).defects, expected)
                slot.array((640, 640), offset=100)[...] = pixels
                image = slot.image("Mono8", 640, 640, offset=100)
                self.assertEqual(self.client.inspect(image, min_score=0.01).defects, expected)
            with lease.rent() as slot:
                sixteen = self.client.inspect(slot.put(pictures.read_16_bit().astype(">u2")), min_score=0.01)
                self.assertEqual(sixteen.defects, self.client.inspect(pictures.SIXTEEN_BITS, min_score=0.01).defects)

    def test_a_stream_goes_round_the_slots(self):
        expected = self.client.detect(pictures.BUS).defects
        pixels = pictures.read_grey(pictures.BUS)
        with self.client.lease_shared_memory(SLOT, 3) as lease:
            taken = []

            def frames():
                for frame_id in range(20):
                    slot = lease.rent(timeout=30)
                    taken.append(slot)
                    yield Frame(slot.put(pixels), frame_id=frame_id)

            for result in self.client.stream(frames(), Task.DETECT):
                taken[result.frame_id].release()
                self.assertEqual(result.defects, expected)
            self.assertEqual(len(taken), 20)

    def test_an_asynchronous_client_sends_the_images_of_a_lease(self):
        async def inspect(image):
            async with AsyncClient(shared_server().address) as client:
                return (await client.inspect(image)).defects

        with self.client.lease_shared_memory(SLOT, 1) as lease, lease.rent() as slot:
            image = slot.put(pictures.read_grey(pictures.GREY))
            self.assertEqual(run(inspect(image)), self.client.inspect(pictures.GREY).defects)

    def test_renting_waits_for_a_slot(self):
        with self.client.lease_shared_memory(SLOT, 1) as lease:
            slot = lease.rent()
            with self.assertRaises(TimeoutError):
                lease.rent(timeout=0.05)
            threading.Timer(0.1, slot.release).start()
            self.assertEqual(lease.rent(timeout=30).index, slot.index)
            with self.assertRaisesRegex(RuntimeError, "released"):
                slot.memory

    def test_what_does_not_fit_is_refused(self):
        with self.client.lease_shared_memory(SLOT, 1) as lease, lease.rent() as slot:
            with self.assertRaisesRegex(ValueError, "does not fit a slot"):
                slot.array((lease.slot_bytes + 1,))
            with self.assertRaises(InvalidArgumentError) as caught:
                self.client.detect(slot.image("Mono8", 640, 640, offset=lease.slot_bytes))
            self.assertEqual(caught.exception.reason, "SHARED_IMAGE_OUT_OF_SLOT")

    def test_leases_that_the_server_refuses(self):
        with self.assertRaises(ResourceExhaustedError) as caught:
            self.client.lease_shared_memory(1 << 27, 1)
        self.assertEqual(caught.exception.reason, "SHARED_MEMORY_EXHAUSTED")
        with self.assertRaises(InvalidArgumentError) as caught:
            self.client.lease_shared_memory(SLOT, 1025)
        self.assertEqual(caught.exception.reason, "LEASE_SIZE_OUT_OF_RANGE")
        with self.assertRaisesRegex(ValueError, "slot_count is 0"):
            self.client.lease_shared_memory(SLOT, 0)
        with Client(shared_server().address) as client, self.assertRaises(FailedPreconditionError) as caught:
            client.lease_shared_memory(SLOT, 1)
        self.assertEqual(caught.exception.reason, "UNIX_SOCKET_REQUIRED")

    def test_a_closed_lease_is_over_on_both_sides(self):
        lease = self.client.lease_shared_memory(SLOT, 1)
        slot = lease.rent()
        image = slot.put(np.zeros((640, 640), np.uint8))
        lease.close()
        self.assertTrue(lease.has_ended)
        with self.assertRaisesRegex(RuntimeError, "closed"):
            lease.rent()
        with self.assertRaises(NotFoundError) as caught:
            self.client.detect(image)
        self.assertEqual(caught.exception.reason, "LEASE_EXPIRED")
        slot.memory[:] = 1

    def test_a_lease_is_renewed_while_nothing_uses_it(self):
        server = Server(
            "--shared-memory-bytes", str(1 << 20), "--shared-memory-idle-seconds", "1", models=["pcb-yolov5"]
        )
        self.addCleanup(server.stop)
        with Client(server.socket_address) as client, client.lease_shared_memory(SLOT, 1) as lease:
            self.assertFalse(lease._ended.wait(2.5), "The lease ended although it was renewed.")
            with lease.rent() as slot:
                self.assertEqual(client.detect(slot.put(np.zeros((640, 640), np.uint8))).image_size.width, 640)


if __name__ == "__main__":
    unittest.main()
