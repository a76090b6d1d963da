#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <numeric>
#include <optional>
#include <thread>
#include <vector>

#include "eventually.h"
#include "expect_error.h"
#include "scripted/scripted_server.h"
#include "scripted/silent_server.h"
#include "ymasknet/ymasknet.h"

namespace ymasknet::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using FrameStream = ScriptedServer::FrameStream;

const std::vector<std::uint8_t> kPixels(64 * 64, 50);

Frame SomeFrame(std::uint64_t id) {
    return Frame(id, Image::Raw(kPixels, PixelFormat::Mono8, 64, 64));
}

SessionOptions Detecting() {
    return SessionOptions(Task::Detect);
}

/// A server whose sessions do the same, once they are open.
class SessionServer {
  public:
    SessionServer(std::uint32_t frames_in_flight, std::function<grpc::Status(FrameStream&)> script) {
        server_.on_session = [this, frames_in_flight, script](grpc::ServerContext& context, FrameStream& stream) {
            if (!OpenSession(stream, frames_in_flight))
                return grpc::Status(grpc::INTERNAL, "There was no opening.");
            const grpc::Status status = script(stream);
            was_cancelled = context.IsCancelled();
            return status;
        };
    }

    Session Open(const SessionOptions& options = Detecting()) const {
        return Client(server_.address()).OpenSession(options);
    }

    std::atomic<bool> was_cancelled{false};

  private:
    ScriptedServer server_;
};

/// Answers every frame with PASS.
grpc::Status PassAll(FrameStream& stream) {
    v1::Frame frame;
    while (ReadFrame(stream, frame))
        Pass(stream, frame.frame_id());
    return grpc::Status::OK;
}

/// Reads frames, and answers them when the test says so.
class Held {
  public:
    std::function<grpc::Status(FrameStream&)> Script() {
        return [this](FrameStream& stream) {
            const std::shared_future<void> released = release_.get_future().share();
            v1::Frame frame;
            bool waited = false;
            while (ReadFrame(stream, frame)) {
                ++read;
                if (!std::exchange(waited, true))
                    released.wait();
                Pass(stream, frame.frame_id());
            }
            return grpc::Status::OK;
        };
    }
    void Release() { release_.set_value(); }

    std::atomic<int> read{0};

  private:
    std::promise<void> release_;
};

TEST(Session, Opened_TellsModelClockAndRoom) {
    const SessionServer server(7, PassAll);
    SessionOptions fewer = Detecting();
    fewer.max_frames_in_flight = 3;

    const Session session = server.Open();

    EXPECT_EQ(session.model().name, "scripted");
    EXPECT_EQ(session.max_frames_in_flight(), 7u);
    EXPECT_EQ(server.Open(fewer).max_frames_in_flight(), 3u);
    EXPECT_EQ(session.server_time(), std::chrono::system_clock::time_point());
}

TEST(Session, Frames_AnsweredInOrderUntilComplete) {
    const SessionServer server(4, PassAll);
    Session session = server.Open();
    std::thread camera([&] {
        for (std::uint64_t id = 0; id < 100; ++id)
            session.Send(SomeFrame(id * 3));
        session.Close();
        session.Close();
    });

    std::uint64_t next = 0;
    while (const auto result = session.Receive()) {
        EXPECT_EQ(result->frame_id, next * 3);
        EXPECT_EQ(result->verdict, Verdict::Pass);
        ++next;
    }
    camera.join();

    EXPECT_EQ(next, 100u);
    EXPECT_FALSE(session.Receive()) << "the end stays the end";
    EXPECT_EQ(session.frames_in_flight(), 0u);
}

TEST(Session, TrySend_OnlyWhileThereIsRoom) {
    const SessionServer server(2, PassAll);
    Session session = server.Open();

    EXPECT_TRUE(session.TrySend(SomeFrame(1)));
    EXPECT_TRUE(session.TrySend(SomeFrame(2)));
    EXPECT_TRUE(session.WaitForResult(milliseconds(10000)));
    EXPECT_FALSE(session.TrySend(SomeFrame(3))) << "an answer that was not taken keeps its place";
    EXPECT_EQ(session.frames_in_flight(), 2u);
    const auto start = steady_clock::now();
    EXPECT_FALSE(session.TrySend(SomeFrame(3), milliseconds(60)));
    EXPECT_GE(steady_clock::now() - start, milliseconds(60));

    EXPECT_EQ(session.Receive()->frame_id, 1u);
    EXPECT_TRUE(session.TrySend(SomeFrame(3), milliseconds::max()));
    EXPECT_EQ(session.Receive()->frame_id, 2u);
    EXPECT_EQ(session.Receive()->frame_id, 3u);
}

TEST(Session, Send_WaitsForRoomAndNothingMoreIsSent) {
    Held held;
    const SessionServer server(3, held.Script());
    Session session = server.Open();
    std::atomic<int> sent{0};
    std::thread camera([&] {
        for (std::uint64_t id = 0; id < 5; ++id, ++sent)
            session.Send(SomeFrame(id));
    });
    EXPECT_TRUE(Eventually([&] { return sent == 3; }));
    std::this_thread::sleep_for(milliseconds(50));
    EXPECT_EQ(sent, 3);

    held.Release();
    for (std::uint64_t id = 0; id < 5; ++id)
        EXPECT_EQ(session.Receive()->frame_id, id);
    camera.join();
}

TEST(Session, WaitForResult_SaysWhenThereIsNone) {
    const SessionServer server(2, PassAll);
    Session session = server.Open();

    EXPECT_FALSE(session.WaitForResult(milliseconds(30)));
    session.Close();
    EXPECT_TRUE(session.WaitForResult(milliseconds(10000))) << "the end is a result";
    EXPECT_FALSE(session.Receive());
}

/// What wakes a thread that waits for room.
TEST(Session, SendThatWaitsForRoom_WokenByCloseCancelAndFailure) {
    struct Waking {
        const char* what;
        std::function<void(Session&)> wake;
        StatusCode code;
        const char* reason;
    };
    const Waking wakings[] = {
        {"close", [](Session& session) { session.Close(); }, StatusCode::FailedPrecondition, "SESSION_CLOSED"},
        {"cancel", [](Session& session) { session.Cancel(); }, StatusCode::Cancelled, ""},
    };
    for (const Waking& waking : wakings) {
        SCOPED_TRACE(waking.what);
        Held held;
        const SessionServer server(1, held.Script());
        Session session = server.Open();
        session.Send(SomeFrame(0));
        std::optional<Error> error;
        std::thread camera([&] { error = ErrorOf([&] { session.Send(SomeFrame(1)); }); });
        std::this_thread::sleep_for(milliseconds(50));

        waking.wake(session);
        camera.join();

        ASSERT_TRUE(error);
        EXPECT_EQ(error->code(), waking.code) << error->what();
        EXPECT_EQ(error->reason(), waking.reason);
        held.Release();
    }
}

TEST(Session, SendAfterClose_Refused) {
    const SessionServer server(2, PassAll);
    Session session = server.Open();
    session.Send(SomeFrame(1));
    session.Close();

    ExpectError(ErrorOf([&] { session.Send(SomeFrame(2)); }), StatusCode::FailedPrecondition, "SESSION_CLOSED");
    EXPECT_EQ(session.Receive()->frame_id, 1u);
    EXPECT_FALSE(session.Receive());
}

TEST(Session, ServerEndsWithAStatus_ResultsFirstThenTheErrorOnBothSides) {
    const SessionServer server(8, [](FrameStream& stream) {
        v1::Frame frame;
        for (int i = 0; i < 2 && ReadFrame(stream, frame); ++i)
            Pass(stream, frame.frame_id());
        ReadFrame(stream, frame);
        return grpc::Status(grpc::UNAVAILABLE, "The server stops.");
    });
    Session session = server.Open();
    for (std::uint64_t id = 0; id < 3; ++id)
        session.Send(SomeFrame(id));

    EXPECT_EQ(session.Receive()->frame_id, 0u);
    EXPECT_EQ(session.Receive()->frame_id, 1u);
    for (int i = 0; i < 2; ++i) {
        const Error error = ErrorOf([&] { session.Receive(); });
        ExpectError(error, StatusCode::Unavailable, "");
        EXPECT_EQ(error.message(), "The server stops.");
    }
    EXPECT_EQ(ErrorOf([&] { session.Send(SomeFrame(3)); }).message(), "The server stops.");
    EXPECT_EQ(ErrorOf([&] { session.TrySend(SomeFrame(3)); }).message(), "The server stops.");
}

TEST(Session, ServerThatBreaksTheProtocol_FailsTheSessionForGood) {
    struct Breach {
        const char* what;
        std::function<grpc::Status(FrameStream&)> script;
    };
    const auto after_a_frame = [](auto answer) {
        return [answer](FrameStream& stream) {
            v1::Frame frame;
            ReadFrame(stream, frame);
            answer(stream);
            while (ReadFrame(stream, frame)) {
            }
            return grpc::Status::OK;
        };
    };
    const Breach breaches[] = {
        {"another frame's id", after_a_frame([](FrameStream& stream) { Pass(stream, 8); })},
        {"a second opening", after_a_frame([](FrameStream& stream) {
             v1::InspectStreamResponse response;
             response.mutable_opened();
             stream.Write(response);
         })},
        {"an empty message", after_a_frame([](FrameStream& stream) { stream.Write(v1::InspectStreamResponse()); })},
        {"an end before the answer",
         [](FrameStream& stream) {
             v1::Frame frame;
             ReadFrame(stream, frame);
             return grpc::Status::OK;
         }},
    };
    for (const Breach& breach : breaches) {
        SCOPED_TRACE(breach.what);
        const SessionServer server(4, breach.script);
        Session session = server.Open();
        session.Send(SomeFrame(7));

        ExpectError(ErrorOf([&] { session.Receive(); }), StatusCode::Internal, "ANSWER_UNEXPECTED");
        ExpectError(ErrorOf([&] { session.Receive(); }), StatusCode::Internal, "ANSWER_UNEXPECTED");
        ExpectError(ErrorOf([&] { session.Send(SomeFrame(8)); }), StatusCode::Internal, "ANSWER_UNEXPECTED");
    }
}

TEST(Session, AnswerToNoFrame_FailsTheSession) {
    const SessionServer server(4, [](FrameStream& stream) {
        Pass(stream, 1);
        v1::Frame frame;
        while (ReadFrame(stream, frame)) {
        }
        return grpc::Status::OK;
    });
    Session session = server.Open();

    ExpectError(ErrorOf([&] { session.Receive(); }), StatusCode::Internal, "ANSWER_UNEXPECTED");
}

TEST(Session, EndWithFramesUnanswered_IsNoGoodEnd) {
    const SessionServer server(4, [](FrameStream& stream) {
        v1::Frame frame;
        while (ReadFrame(stream, frame)) {
        }
        return grpc::Status::OK;
    });
    Session session = server.Open();
    session.Send(SomeFrame(1));
    session.Close();

    ExpectError(ErrorOf([&] { session.Receive(); }), StatusCode::Internal, "ANSWER_UNEXPECTED");
}

TEST(Session, DamagedMask_FailsItsResultAlone) {
    const SessionServer server(4, [](FrameStream& stream) {
        v1::Frame frame;
        while (ReadFrame(stream, frame)) {
            v1::InspectStreamResponse response;
            response.mutable_result()->set_frame_id(frame.frame_id());
            response.mutable_result()->set_verdict(v1::VERDICT_FAIL);
            response.mutable_result()->mutable_image_size()->set_width(3);
            response.mutable_result()->mutable_image_size()->set_height(4);
            v1::Mask& mask = *response.mutable_result()->add_defects()->mutable_mask();
            mask.mutable_coco_rle()->set_width(3);
            mask.mutable_coco_rle()->set_height(4);
            mask.mutable_coco_rle()->set_counts(frame.frame_id() == 1 ? "?" : "12122M");
            mask.set_area(7);
            stream.Write(response);
        }
        return grpc::Status::OK;
    });
    Session session = server.Open();
    session.Send(SomeFrame(1));
    session.Send(SomeFrame(2));
    session.Close();

    ExpectError(ErrorOf([&] { session.Receive(); }), StatusCode::DataLoss, "MASK_DAMAGED");
    EXPECT_EQ(session.Receive()->defects[0].mask->area(), 7u);
    EXPECT_FALSE(session.Receive());
}

TEST(Session, DestroyedBeforeItsEnd_IsCancelledOnTheServer) {
    SessionServer server(4, PassAll);
    {
        Session session = server.Open();
        session.Send(SomeFrame(1));
    }

    EXPECT_TRUE(Eventually([&] { return server.was_cancelled.load(); }));
}

TEST(Session, Cancelled_BothSidesEnd) {
    SessionServer server(4, PassAll);
    Session session = server.Open();

    std::thread receiver([&] { EXPECT_EQ(ErrorOf([&] { session.Receive(); }).code(), StatusCode::Cancelled); });
    std::this_thread::sleep_for(milliseconds(30));
    session.Cancel();
    receiver.join();

    EXPECT_EQ(ErrorOf([&] { session.Send(SomeFrame(1)); }).code(), StatusCode::Cancelled);
    EXPECT_TRUE(Eventually([&] { return server.was_cancelled.load(); }));
}

TEST(Session, OwnerOfAnImageThatAsksTheSession_IsAnswered) {
    const SessionServer server(4, PassAll);
    Session session = server.Open();
    std::atomic<int> let_go{0};
    for (std::uint64_t id = 0; id < 3; ++id) {
        const std::shared_ptr<const void> owner(kPixels.data(), [&](const void*) noexcept {
            session.frames_in_flight();
            ++let_go;
        });
        session.Send(
            Frame(id, Image::Raw(Buffer::Shared(owner, kPixels.data(), kPixels.size()), PixelFormat::Mono8, 64, 64)));
    }
    for (std::uint64_t id = 0; id < 3; ++id)
        EXPECT_EQ(session.Receive()->frame_id, id);

    EXPECT_TRUE(Eventually([&] { return let_go == 3; }));
}

TEST(Session, Moved_GoesOn) {
    const SessionServer server(4, PassAll);
    Session first = server.Open();
    first.Send(SomeFrame(1));

    Session second = std::move(first);
    EXPECT_EQ(second.Receive()->frame_id, 1u);
    second = server.Open();
    second.Send(SomeFrame(2));
    EXPECT_EQ(second.Receive()->frame_id, 2u);
}

TEST(Session, OpeningRefusedOnce_MadeAgain) {
    ScriptedServer server;
    std::atomic<int> openings{0};
    server.on_session = [&](auto&, FrameStream& stream) {
        if (++openings == 1)
            return grpc::Status(grpc::UNAVAILABLE, "Not yet.");
        OpenSession(stream, 4);
        return PassAll(stream);
    };
    const Client client(server.address());

    Session session = client.OpenSession(Detecting());
    session.Send(SomeFrame(1));

    EXPECT_EQ(session.Receive()->frame_id, 1u);
    EXPECT_EQ(openings, 2);
}

TEST(Session, OpeningThatIsNotAnswered_EndsInTime) {
    const SilentServer server;
    SessionOptions options = Detecting();
    options.opening_timeout = milliseconds(200);

    ExpectError(ErrorOf([&] { Client(server.address()).OpenSession(options); }), StatusCode::DeadlineExceeded, "");
}

TEST(Session, OpeningCancelledFromAnotherThread_Ends) {
    const SilentServer server;
    SessionOptions options = Detecting();
    options.cancellation.emplace();
    std::thread canceller([&] {
        std::this_thread::sleep_for(milliseconds(50));
        options.cancellation->Cancel();
    });

    const Error error = ErrorOf([&] { Client(server.address()).OpenSession(options); });
    canceller.join();

    EXPECT_EQ(error.code(), StatusCode::Cancelled);
}

TEST(Session, ManySendersAndReceivers_EveryFrameAnsweredOnce) {
    constexpr int kSenders = 4;
    constexpr std::uint64_t kFrames = 100;
    const SessionServer server(5, PassAll);
    Session session = server.Open();
    std::vector<std::thread> threads;
    std::atomic<int> sending{kSenders};
    for (std::uint64_t sender = 0; sender < kSenders; ++sender) {
        threads.emplace_back([&, sender] {
            for (std::uint64_t i = 0; i < kFrames; ++i)
                session.Send(SomeFrame(sender * kFrames + i));
            if (--sending == 0)
                session.Close();
        });
    }
    std::mutex mutex;
    std::vector<int> answers(kSenders * kFrames);
    for (int receiver = 0; receiver < 3; ++receiver) {
        threads.emplace_back([&] {
            while (const auto result = session.Receive()) {
                const std::lock_guard lock(mutex);
                ++answers[result->frame_id];
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();

    EXPECT_EQ(answers, std::vector<int>(answers.size(), 1));
}

TEST(Session, OpenedAndDroppedOverAndOver_NothingIsLeft) {
    const SessionServer server(4, PassAll);
    for (int round = 0; round < 100; ++round) {
        Session session = server.Open();
        if (round % 2 == 0)
            session.Send(SomeFrame(1));
        if (round % 3 == 0)
            session.Close();
        if (round % 5 == 0)
            session.Cancel();
    }
}

}  // namespace
}  // namespace ymasknet::testing
