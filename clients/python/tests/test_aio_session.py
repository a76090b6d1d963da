"""What is asyncio's own about sessions, against services that do what a good server does not do on demand."""

import asyncio
import threading
import unittest

import grpc

from ymasknet import (
    AsyncClient,
    CancelledError,
    DeadlineExceededError,
    Frame,
    InternalError,
    InvalidArgumentError,
    UnavailableError,
)
from ymasknet.aio_places import AsyncPlaces

from .support import fake
from .support.aio import AsyncTestCase
from .test_session import IMAGE, PATIENCE, echo


class CountedFrames:
    """Frames without end that know how many were drawn."""

    def __init__(self):
        self.drawn = 0

    async def __aiter__(self):
        while True:
            self.drawn += 1
            yield Frame(IMAGE, frame_id=self.drawn)


class AsyncSessionTestCase(AsyncTestCase):
    async def serve(self, method, **options) -> AsyncClient:
        address = self.enterContext(fake.serve(InspectStream=method))
        return await self.enter(AsyncClient(address, **options))

    async def eventually(self, condition, what: str) -> None:
        for _ in range(PATIENCE * 100):
            if condition():
                return
            await asyncio.sleep(0.01)
        self.fail(what)


class FlowTests(AsyncSessionTestCase):
    async def test_results_come_in_order_from_either_kind_of_iterable(self):
        async def frames():
            for frame_id in range(50):
                yield Frame(IMAGE, frame_id=frame_id)

        client = await self.serve(echo)
        for source in (frames(), [IMAGE] * 50):
            self.assertEqual([result.frame_id async for result in client.stream(source)], list(range(50)))

    async def test_no_more_frames_are_drawn_than_may_be_on_their_way(self):
        frames = CountedFrames()
        client = await self.serve(echo)
        async with await client.open_session() as session:
            results = session.inspect(frames)
            await results.__anext__()
            await self.eventually(lambda: frames.drawn == 4, "The place of the taken result was not used.")
            await asyncio.sleep(0.2)
            self.assertEqual(frames.drawn, 4)
            await results.aclose()

    async def test_writing_and_reading_by_hand(self):
        client = await self.serve(echo)
        async with await client.open_session() as session:
            for frame_id in range(3):
                await session.write(Frame(IMAGE, frame_id=frame_id))
            await session.complete()
            with self.assertRaisesRegex(RuntimeError, "complete"):
                await session.write(Frame(IMAGE))
            self.assertEqual([result.frame_id async for result in session.results()], [0, 1, 2])


class FailureTests(AsyncSessionTestCase):
    async def test_a_source_that_fails_raises_its_own_error(self):
        async def frames():
            yield Frame(IMAGE)
            raise OSError("The camera was unplugged.")

        client = await self.serve(echo)
        with self.assertRaisesRegex(OSError, "unplugged"):
            async for _ in client.stream(frames()):
                pass

    async def test_a_status_in_the_middle_comes_after_the_results_before_it(self):
        def failing(requests, context):
            next(requests)
            yield fake.OPENED
            yield fake.passed(next(requests).frame.frame_id)
            fake.refuse(context, grpc.StatusCode.INVALID_ARGUMENT, "Empty.", reason="MESSAGE_EMPTY", field="frame")

        client = await self.serve(failing)
        results = client.stream(CountedFrames())
        self.assertEqual((await results.__anext__()).frame_id, 1)
        with self.assertRaises(InvalidArgumentError) as caught:
            await results.__anext__()
        self.assertEqual((caught.exception.reason, caught.exception.field), ("MESSAGE_EMPTY", "frame"))

    async def test_a_writer_that_waits_learns_of_the_end(self):
        stop = threading.Event()

        def stopping(requests, context):
            next(requests)
            yield fake.OPENED
            stop.wait(PATIENCE)
            fake.refuse(context, grpc.StatusCode.UNAVAILABLE, "Stopping.", reason="SERVER_STOPPING")

        client = await self.serve(stopping)
        async with await client.open_session() as session:
            for frame_id in range(3):
                await session.write(Frame(IMAGE, frame_id=frame_id))
            asyncio.get_running_loop().call_later(0.1, stop.set)
            with self.assertRaisesRegex(UnavailableError, "SERVER_STOPPING"):
                await session.write(Frame(IMAGE))

    async def test_a_server_that_breaks_the_order_is_found_out(self):
        def method(requests, context):
            next(requests)
            yield fake.OPENED
            next(requests)
            yield fake.passed(5)

        client = await self.serve(method)
        with self.assertRaisesRegex(InternalError, "answered frame 5 where frame 0 was next"):
            async for _ in client.stream([IMAGE]):
                pass

    async def test_a_cancelled_task_ends_the_session_on_the_server_too(self):
        ended = threading.Event()

        def noting(requests, context):
            context.add_callback(ended.set)
            next(requests)
            yield fake.OPENED
            ended.wait(PATIENCE)

        client = await self.serve(noting)

        async def read():
            async for _ in client.stream(CountedFrames()):
                pass

        reading = asyncio.ensure_future(read())
        await asyncio.sleep(0.3)
        reading.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await reading
        await self.eventually(ended.is_set, "The server's side of the session never ended.")

    async def test_reading_a_closed_session_raises_cancelled(self):
        client = await self.serve(echo)
        async with await client.open_session() as session:
            session.close()
            with self.assertRaises(CancelledError):
                async for _ in session.results():
                    pass

    async def test_an_opening_without_answer_is_given_up(self):
        def silent(requests, context):
            for _ in requests:
                pass
            yield from ()

        client = await self.serve(silent)
        with self.assertRaisesRegex(DeadlineExceededError, "did not open the session within 0.2 seconds"):
            await client.open_session(opening_timeout=0.2)


class PlaceTests(AsyncTestCase):
    async def test_a_cancelled_waiter_passes_its_turn_on(self):
        places = AsyncPlaces(1)
        self.assertTrue(await places.take())
        first, second = (asyncio.ensure_future(places.take()) for _ in range(2))
        await asyncio.sleep(0)
        places.give_back()
        first.cancel()
        self.assertTrue(await asyncio.wait_for(second, PATIENCE))
        third = asyncio.ensure_future(places.take())
        await asyncio.sleep(0)
        third.cancel()
        await asyncio.sleep(0)
        places.close()
        self.assertFalse(await places.take())


if __name__ == "__main__":
    unittest.main()
