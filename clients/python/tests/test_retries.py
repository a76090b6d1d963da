"""Which calls are tried again, how often, after how long."""

import math
import time
import unittest

import grpc

from ymasknet import (
    AsyncClient,
    Client,
    InspectionError,
    NotFoundError,
    ResourceExhaustedError,
    Retries,
    UnavailableError,
)
from ymasknet.retries import Attempts
from ymasknet.v1 import model_service_pb2 as wire

from .support import fake
from .support.aio import AsyncTestCase

UNAVAILABLE = grpc.StatusCode.UNAVAILABLE
RESOURCE_EXHAUSTED = grpc.StatusCode.RESOURCE_EXHAUSTED
FAST = Retries(attempts=3, first_delay=0.01)


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def attempts(retries=Retries(), timeout=math.inf, draw=0.0, clock=None):
    return Attempts(retries, timeout, clock or Clock(), lambda: draw)


class AttemptTests(unittest.TestCase):
    def test_delays_double_up_to_the_longest(self):
        tries = attempts(Retries(attempts=6, first_delay=0.5, longest_delay=3))
        failure = InspectionError.of(UNAVAILABLE, "")
        self.assertEqual([tries.delay_after(failure) for _ in range(6)], [0.5, 1.0, 2.0, 3.0, 3.0, None])

    def test_delays_are_drawn_out_by_up_to_a_half(self):
        failure = InspectionError.of(UNAVAILABLE, "")
        self.assertEqual(attempts(Retries(first_delay=1), draw=0.8).delay_after(failure), 1.4)

    def test_the_servers_delay_is_the_least(self):
        failure = InspectionError.of(RESOURCE_EXHAUSTED, "", retry_delay=7.0)
        self.assertEqual(attempts().delay_after(failure), 7.0)
        failure = InspectionError.of(RESOURCE_EXHAUSTED, "", retry_delay=0.001)
        self.assertEqual(attempts().delay_after(failure), 0.1)

    def test_a_try_that_could_not_begin_within_the_timeout_is_not_made(self):
        failure = InspectionError.of(RESOURCE_EXHAUSTED, "", retry_delay=7.0)
        self.assertIsNone(attempts(timeout=6.9).delay_after(failure))
        self.assertEqual(attempts(timeout=7.1).delay_after(failure), 7.0)

    def test_what_is_left_of_the_timeout(self):
        clock = Clock()
        tries = attempts(timeout=5.0, clock=clock)
        clock.now += 2
        self.assertEqual(tries.remaining(), 3.0)
        self.assertIsNone(attempts().remaining())

    def test_settings_that_cant_be_are_refused(self):
        for options in (
            {"attempts": 0},
            {"first_delay": -1},
            {"first_delay": 9, "longest_delay": 5},
            {"first_delay": math.nan},
        ):
            with self.subTest(options), self.assertRaises(ValueError):
                Retries(**options)


class Refusing:
    """A ListModels that refuses its first calls."""

    def __init__(self, times, *refusal, **details):
        self.calls = 0
        self._times, self._refusal, self._details = times, refusal, details

    def __call__(self, request, context):
        self.calls += 1
        if self.calls <= self._times:
            fake.refuse(context, *self._refusal, **self._details)
        return wire.ListModelsResponse(default_model="a/1")


class CallTests(unittest.TestCase):
    def test_a_call_is_tried_again_until_it_succeeds(self):
        for service in (
            Refusing(2, UNAVAILABLE),
            Refusing(2, RESOURCE_EXHAUSTED, reason="QUEUE_FULL", retry_delay=0.02),
        ):
            with fake.serve(ListModels=service) as address, Client(address, retries=FAST) as client:
                self.assertEqual(client.models().default_model, "a/1")
            self.assertEqual(service.calls, 3)

    def test_after_the_last_try_its_failure_is_raised(self):
        service = Refusing(9, UNAVAILABLE, "Stopping.", reason="SERVER_STOPPING")
        with fake.serve(ListModels=service) as address, Client(address, retries=FAST) as client:
            with self.assertRaisesRegex(UnavailableError, r"UNAVAILABLE \(SERVER_STOPPING\): Stopping.") as caught:
                client.models()
        self.assertEqual(service.calls, 3)
        self.assertIsInstance(caught.exception.__cause__, grpc.RpcError)

    def test_what_would_fail_again_is_not_tried_again(self):
        for status, kind in ((grpc.StatusCode.NOT_FOUND, NotFoundError), (RESOURCE_EXHAUSTED, ResourceExhaustedError)):
            service = Refusing(1, status)
            with fake.serve(ListModels=service) as address, Client(address, retries=FAST) as client:
                with self.assertRaises(kind):
                    client.models()
            self.assertEqual(service.calls, 1)

    def test_the_servers_delay_is_waited_for(self):
        service = Refusing(1, RESOURCE_EXHAUSTED, retry_delay=0.3)
        with fake.serve(ListModels=service) as address, Client(address, retries=FAST) as client:
            begun = time.monotonic()
            client.models()
            self.assertGreaterEqual(time.monotonic() - begun, 0.3)

    def test_a_delay_beyond_the_timeout_is_not_waited_for(self):
        service = Refusing(1, RESOURCE_EXHAUSTED, retry_delay=60)
        with fake.serve(ListModels=service) as address, Client(address, retries=FAST) as client:
            begun = time.monotonic()
            with self.assertRaises(ResourceExhaustedError):
                client.models(timeout=30)
            self.assertLess(time.monotonic() - begun, 25)


class AsyncCallTests(AsyncTestCase):
    async def test_a_call_is_tried_again_until_it_succeeds(self):
        service = Refusing(2, RESOURCE_EXHAUSTED, reason="QUEUE_FULL", retry_delay=0.02)
        with fake.serve(ListModels=service) as address:
            async with AsyncClient(address, retries=FAST) as client:
                self.assertEqual((await client.models()).default_model, "a/1")
        self.assertEqual(service.calls, 3)

    async def test_what_would_fail_again_is_not_tried_again(self):
        service = Refusing(1, grpc.StatusCode.NOT_FOUND, "No.", reason="MODEL_NOT_FOUND", field="model")
        with fake.serve(ListModels=service) as address:
            async with AsyncClient(address, retries=FAST) as client:
                with self.assertRaises(NotFoundError) as caught:
                    await client.models()
        self.assertEqual(
            (service.calls, caught.exception.reason, caught.exception.field), (1, "MODEL_NOT_FOUND", "model")
        )


if __name__ == "__main__":
    unittest.main()
