"""Sessions against services that do what a good server does not do on demand."""

import threading
import time
import unittest

import grpc

from ymasknet import (
    CancelledError,
    Client,
    DeadlineExceededError,
    Frame,
    InternalError,
    InvalidArgumentError,
    Retries,
    Task,
    UnavailableError,
    Verdict,
)
from ymasknet.v1 import inspection_service_pb2 as wire

from .support import fake

IMAGE = b"an image"
PATIENCE = 20


def echo(requests, context):
    """Answers every frame at once."""
    next(requests)
    yield fake.OPENED
    for request in requests:
        yield fake.passed(request.frame.frame_id)


class CountedFrames:
    """Frames without end that know how many were drawn."""

    def __init__(self):
        self.drawn = 0

    def __iter__(self):
        while True:
            self.drawn += 1
            yield Frame(IMAGE, frame_id=self.drawn)


def eventually(test: unittest.TestCase, condition, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        test.assertLess(time.monotonic(), end, what)
        time.sleep(0.005)


class SessionTestCase(unittest.TestCase):
    def serve(self, method, **options) -> Client:
        address = self.enterContext(fake.serve(InspectStream=method))
        return self.enterContext(Client(address, **options))


class FlowTests(SessionTestCase):
    def test_results_come_in_order_under_the_frames_ids(self):
        client = self.serve(echo)
        ids = [7, 7, 0, 2**64 - 1, *range(100, 140)]
        results = list(client.stream(Frame(IMAGE, frame_id=frame_id) for frame_id in ids))
        self.assertEqual([result.frame_id for result in results], ids)
        self.assertTrue(all(result.verdict is Verdict.PASS for result in results))

    def test_bare_images_are_numbered(self):
        results = self.serve(echo).stream([IMAGE] * 5)
        self.assertEqual([result.frame_id for result in results], [0, 1, 2, 3, 4])

    def test_no_more_frames_are_drawn_than_may_be_on_their_way(self):
        answer = threading.Semaphore(0)

        def held(requests, context):
            next(requests)
            yield fake.OPENED
            for request in requests:
                answer.acquire()
                yield fake.passed(request.frame.frame_id)

        frames = CountedFrames()
        with self.serve(held).open_session() as session:
            results = session.inspect(frames)
            reader = threading.Thread(target=lambda: next(results))
            reader.start()
            eventually(
                self, lambda: frames.drawn == 3, "The session never drew the three frames that may be on their way."
            )
            time.sleep(0.2)
            self.assertEqual(frames.drawn, 3)
            answer.release(100)
            reader.join(PATIENCE)
            for taken in range(2, 40):
                self.assertEqual(next(results).frame_id, taken)
                self.assertLessEqual(frames.drawn, taken + 3)

    def test_results_that_nobody_takes_hold_the_frames_back(self):
        frames = CountedFrames()
        with self.serve(echo).open_session() as session:
            results = session.inspect(frames)
            next(results)
            eventually(self, lambda: frames.drawn == 4, "The place of the taken result was not used.")
            time.sleep(0.2)
            self.assertEqual(frames.drawn, 4)

    def test_the_callers_own_number_is_asked_for_and_kept(self):
        openings = []

        def noting(requests, context):
            openings.append(next(requests).opening)
            yield fake.OPENED
            yield from (fake.passed(request.frame.frame_id) for request in requests)

        client = self.serve(noting)
        for asked, expected in ((2, 2), (9, 3)):
            with client.open_session(Task.DETECT, max_frames_in_flight=asked) as session:
                self.assertEqual(session.max_frames_in_flight, expected)
        self.assertEqual([opening.max_frames_in_flight for opening in openings], [2, 9])

    def test_writing_and_reading_by_hand(self):
        with self.serve(echo).open_session() as session:
            for frame_id in range(3):
                session.write(Frame(IMAGE, frame_id=frame_id))
            session.complete()
            with self.assertRaisesRegex(RuntimeError, "complete"):
                session.write(Frame(IMAGE))
            self.assertEqual([result.frame_id for result in session.results()], [0, 1, 2])


class FailureTests(SessionTestCase):
    def test_a_source_that_fails_raises_its_own_error_and_ends_the_session(self):
        ended = threading.Event()

        def noting(requests, context):
            context.add_callback(ended.set)
            yield from echo(requests, context)

        def frames():
            yield Frame(IMAGE)
            raise OSError("The camera was unplugged.")

        with self.assertRaisesRegex(OSError, "unplugged"):
            list(self.serve(noting).stream(frames()))
        self.assertTrue(ended.wait(PATIENCE), "The server's side of the session never ended.")

    def test_a_frame_that_cant_be_sent_raises(self):
        for frame, error, what in (
            (Frame("/nowhere.png"), FileNotFoundError, "nowhere"),
            (Frame(IMAGE, frame_id=-1), ValueError, "frame_id is -1"),
            (Frame(IMAGE, time_limit=-1.0), ValueError, "time_limit is -1"),
            (5, TypeError, "int is no image"),
        ):
            with self.subTest(what), self.assertRaisesRegex(error, what):
                list(self.serve(echo).stream([frame]))

    def test_a_status_in_the_middle_comes_after_the_results_before_it(self):
        def failing(requests, context):
            next(requests)
            yield fake.OPENED
            yield fake.passed(next(requests).frame.frame_id)
            fake.refuse(context, grpc.StatusCode.INVALID_ARGUMENT, "Empty.", reason="MESSAGE_EMPTY", field="frame")

        results = self.serve(failing).stream(CountedFrames())
        self.assertEqual(next(results).frame_id, 1)
        with self.assertRaises(InvalidArgumentError) as caught:
            next(results)
        self.assertEqual((caught.exception.reason, caught.exception.field), ("MESSAGE_EMPTY", "frame"))

    def test_a_writer_that_waits_learns_of_the_end(self):
        stop = threading.Event()

        def stopping(requests, context):
            next(requests)
            yield fake.OPENED
            stop.wait(PATIENCE)
            fake.refuse(context, grpc.StatusCode.UNAVAILABLE, "Stopping.", reason="SERVER_STOPPING")

        with self.serve(stopping).open_session() as session:
            for frame_id in range(3):
                session.write(Frame(IMAGE, frame_id=frame_id))
            threading.Timer(0.1, stop.set).start()
            with self.assertRaisesRegex(UnavailableError, "SERVER_STOPPING"):
                session.write(Frame(IMAGE))

    def test_a_server_that_breaks_the_order_is_found_out(self):
        def answering(*answers):
            def method(requests, context):
                next(requests)
                yield fake.OPENED
                for answer in answers:
                    next(requests, None)
                    yield answer

            return method

        for method, frames, what in (
            (answering(fake.passed(5)), 1, "answered frame 5 where frame 0 was next"),
            (answering(fake.passed(0), fake.passed(1)), 1, "answered frame 1, which it had answered or never got"),
            (answering(fake.OPENED), 1, "answered a frame with something else"),
            (answering(wire.InspectStreamResponse()), 1, "answered a frame with something else"),
            (answering(), 2, "ended the session"),
        ):
            with self.subTest(what), self.assertRaisesRegex(InternalError, what):
                list(self.serve(method).stream([IMAGE] * frames))

    def test_a_verdict_that_is_not_known_is_not_guessed_at(self):
        def method(requests, context):
            next(requests)
            yield fake.OPENED
            yield wire.InspectStreamResponse(result=wire.FrameResult(verdict=99))

        with self.assertRaisesRegex(InternalError, "verdict 99"):
            list(self.serve(method).stream([IMAGE]))

    def test_closing_the_generator_cancels_on_the_server_too(self):
        ended = threading.Event()

        def noting(requests, context):
            context.add_callback(ended.set)
            yield from echo(requests, context)

        results = self.serve(noting).stream(CountedFrames())
        for _ in range(5):
            next(results)
        results.close()
        self.assertTrue(ended.wait(PATIENCE), "The server's side of the session never ended.")

    def test_reading_a_closed_session_raises_cancelled(self):
        with self.serve(echo).open_session() as session:
            session.close()
            with self.assertRaises(CancelledError):
                list(session.results())


class OpeningTests(SessionTestCase):
    def test_an_opening_without_answer_is_given_up(self):
        def silent(requests, context):
            for _ in requests:
                pass
            yield from ()

        begun = time.monotonic()
        with self.assertRaisesRegex(DeadlineExceededError, "did not open the session within 0.2 seconds"):
            self.serve(silent).open_session(opening_timeout=0.2)
        self.assertLess(time.monotonic() - begun, PATIENCE)

    def test_an_opening_answered_with_something_else_is_a_breach(self):
        def method(requests, context):
            yield fake.passed(1)

        with self.assertRaisesRegex(InternalError, "answered the opening with something else"):
            self.serve(method).open_session()

    def test_a_session_that_ends_at_once_is_a_breach(self):
        with self.assertRaisesRegex(InternalError, "without answering its opening"):
            self.serve(lambda requests, context: iter(())).open_session()

    def test_an_opening_that_is_refused_for_the_moment_is_tried_again(self):
        calls = []

        def busy(requests, context):
            calls.append(1)
            if len(calls) < 3:
                fake.refuse(context, grpc.StatusCode.UNAVAILABLE)
            yield from echo(requests, context)

        client = self.serve(busy, retries=Retries(attempts=3, first_delay=0.01))
        self.assertEqual([result.frame_id for result in client.stream([IMAGE])], [0])
        self.assertEqual(len(calls), 3)

    def test_the_sessions_timeout_ends_it(self):
        def slow(requests, context):
            next(requests)
            yield fake.OPENED
            time.sleep(1)

        with self.assertRaises(DeadlineExceededError):
            list(self.serve(slow).stream([IMAGE], timeout=0.3))


if __name__ == "__main__":
    unittest.main()
