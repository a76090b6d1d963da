#include "cases.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>

#include "wire.h"

namespace ymasknet::conformance {
namespace {

constexpr std::chrono::seconds kPatience(60);

CallOptions CallOf(Json item) {
    CallOptions call;
    if (item["timeout_ms"].IsThere())
        call.timeout = std::chrono::milliseconds(item["timeout_ms"].Whole());
    return call;
}

/// What holds of dropping sessions however fast the server is.
Lines Drops(const std::vector<FrameResult>& results) {
    const bool in_order = std::is_sorted(results.begin(), results.end(),
                                         [](const auto& a, const auto& b) { return a.frame_id < b.frame_id; });
    std::set<std::string> verdicts;
    for (const FrameResult& result : results)
        verdicts.emplace(Name(result.verdict));
    std::string names;
    for (const std::string& name : verdicts)
        names += (names.empty() ? "" : ",") + name;
    return {"answered " + std::to_string(results.size()) + (in_order ? " in order" : " out of order"),
            "verdicts " + names, "last " + std::string(Name(results.back().verdict))};
}

std::vector<std::size_t> StripSizes(Json item, std::size_t row_bytes, std::size_t height) {
    std::vector<std::size_t> sizes;
    for (const Json& bytes : item["strip_bytes"].Elements())
        sizes.push_back(bytes.Whole());
    for (const Json& rows : item["strips"].Elements())
        sizes.push_back(rows.Whole() * row_bytes);
    if (sizes.empty())
        sizes.push_back(height * row_bytes);
    return sizes;
}

}  // namespace

Lines CaseRunner::Run(Json item) {
    static const std::map<std::string, Call> calls = {{"models", &CaseRunner::ListModels},
                                                      {"model", &CaseRunner::GetModel},
                                                      {"detect", &CaseRunner::Detect},
                                                      {"inspect", &CaseRunner::DetectAndSegment},
                                                      {"segment", &CaseRunner::Segment},
                                                      {"session", &CaseRunner::InspectStream},
                                                      {"board", &CaseRunner::InspectBoard},
                                                      {"cancel-call", &CaseRunner::CancelCall},
                                                      {"cancel-session", &CaseRunner::CancelSession},
                                                      {"full-queue", &CaseRunner::FullQueue}};
    const std::string name = item["call"].Text();
    if (name == "wire")
        return CallWire(item);
    if (name == "boards-full")
        return FirstToEnd(item);
    const auto call = calls.find(name);
    if (call == calls.end())
        throw std::runtime_error("There is no call " + name + ".");
    try {
        return (this->*call->second)(item);
    } catch (const Error& error) {
        return {Canonical(error)};
    }
}

Lines CaseRunner::ListModels(Json item) {
    const ModelList list = ClientOf(item).ListModels();
    Lines lines = {"default " + list.default_model};
    for (const Model& model : list.models)
        Append(lines, Canonical(model));
    return lines;
}

Lines CaseRunner::GetModel(Json item) {
    return Canonical(ClientOf(item).GetModel(item["model"].Text()));
}

Lines CaseRunner::Detect(Json item) {
    return Canonical(ClientOf(item).Detect(ImageOf(item), OptionsOf(item), CallOf(item)));
}

Lines CaseRunner::DetectAndSegment(Json item) {
    return Canonical(ClientOf(item).DetectAndSegment(ImageOf(item), OptionsOf(item)));
}

Lines CaseRunner::Segment(Json item) {
    return Canonical(ClientOf(item).Segment(ImageOf(item), RoisOf(item), OptionsOf(item)));
}

Lines CaseRunner::InspectStream(Json item) {
    Session session = ClientOf(item).OpenSession(SessionOf(item));
    std::thread sending([&] {
        try {
            for (std::uint64_t turn = 0; turn < item["repeat"].Whole(1); ++turn) {
                for (const Json& frame : item["frames"].Elements())
                    session.Send(FrameOf(frame, ImageOf(frame), turn * 100));
            }
            session.Close();
        } catch (const Error&) {
            // Receiving throws it too.
        }
    });
    std::vector<FrameResult> results;
    std::optional<Error> failure;
    try {
        while (auto result = session.Receive())
            results.push_back(std::move(*result));
    } catch (const Error& error) {
        failure = error;
    }
    sending.join();
    if (failure)
        throw *failure;
    if (item["summary"].Text() == "drops")
        return Drops(results);

    Lines lines = Opened(session.model(), session.max_frames_in_flight());
    for (const FrameResult& result : results)
        Append(lines, Canonical(result));
    return lines;
}

Lines CaseRunner::InspectBoard(Json item) {
    BoardOptions options(TaskOf(item));
    options.inspection = OptionsOf(item);
    if (item["overlap"].IsThere())
        options.overlap = static_cast<std::uint32_t>(item["overlap"].Whole());

    const std::string name = item["image"].Text();
    const Json described = images_.Describe(name);
    if (!described["format"].IsThere())
        return Canonical(ClientOf(item).InspectBoard(Board::FromFile(described["path"].Text()), options));

    // More rows than there are: the first ones again.
    const std::string twice = *images_.Read(name) + *images_.Read(name);
    const std::size_t height = described["height"].Whole();
    const std::vector<std::size_t> sizes = StripSizes(item, twice.size() / 2 / height, height);
    std::size_t next = 0;
    std::size_t offset = 0;
    const Board board = Board::FromStrips(FormatOf(described), static_cast<std::uint32_t>(described["width"].Whole()),
                                          static_cast<std::uint32_t>(height), [&] {
                                              if (next == sizes.size())
                                                  return Buffer();
                                              const Buffer strip(twice.data() + offset, sizes[next]);
                                              offset += sizes[next++];
                                              return strip;
                                          });
    return Canonical(ClientOf(item).InspectBoard(board, options));
}

Lines CaseRunner::CancelCall(Json item) {
    CallOptions call;
    call.cancellation = Cancellation();
    std::thread cancelling([cancellation = *call.cancellation] {
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        cancellation.Cancel();
    });
    Lines lines = {"answered"};
    try {
        ClientOf(item).Detect(ImageOf(item), OptionsOf(item), call);
    } catch (const Error& error) {
        lines = {error.code() == StatusCode::Cancelled ? "cancelled" : Canonical(error)};
    }
    cancelling.join();
    Append(lines, AfterwardsDetect(item));
    return lines;
}

Lines CaseRunner::CancelSession(Json item) {
    SessionOptions options(Task::Detect);
    options.inspection = OptionsOf(item);
    Lines lines;
    {
        Session session = ClientOf(item).OpenSession(options);
        for (std::uint64_t id = 0; id < 3; ++id)
            session.Send(Frame(id, ImageOf(item)));
        lines.push_back("first " + std::to_string(session.Receive().value().frame_id));
        session.Cancel();
        try {
            while (session.Receive()) {
                // What had come before the end may still be received.
            }
            lines.push_back("answered more");
        } catch (const Error& error) {
            lines.push_back(error.code() == StatusCode::Cancelled ? "cancelled" : Canonical(error));
        }
    }
    Append(lines, AfterwardsDetect(item));
    return lines;
}

Lines CaseRunner::FullQueue(Json item) {
    const Client& client = ClientOf(item);
    const Image image = ImageOf(item);
    const InspectionOptions options = OptionsOf(item);
    std::vector<std::future<std::string>> calls;
    for (std::uint64_t i = 0; i < item["calls"].Whole(); ++i) {
        calls.push_back(std::async(std::launch::async, [&] {
            try {
                client.Detect(image, options);
                return std::string();
            } catch (const Error& error) {
                return error.reason();
            }
        }));
    }
    std::size_t answered = 0;
    std::set<std::string> reasons;
    for (auto& call : calls) {
        const std::string reason = call.get();
        if (reason.empty())
            ++answered;
        else
            reasons.insert(reason);
    }
    std::string names;
    for (const std::string& reason : reasons)
        names += (names.empty() ? "" : ",") + reason;
    const bool some = answered > 0 && answered < calls.size();
    return {"answered " + (some ? "some" : std::to_string(answered)), "refused with " + names};
}

const Client& CaseRunner::ClientOf(Json item) {
    std::unique_ptr<Client>& client = clients_[item["address"].Text()];
    if (!client) {
        ClientOptions options;
        options.retry.max_attempts = 1;
        options.call_timeout = kPatience;
        client = std::make_unique<Client>(item["address"].Text(), options);
    }
    return *client;
}

Lines CaseRunner::AfterwardsDetect(Json item) {
    return Canonical(ClientOf(item).Detect(ImageOf(item)));
}

}  // namespace ymasknet::conformance
