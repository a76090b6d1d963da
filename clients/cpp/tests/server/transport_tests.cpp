#include <gtest/gtest.h>

#include "server/sample_images.h"
#include "server/server_process.h"
#include "ymasknet/ymasknet.h"

namespace ymasknet::testing {
namespace {

TEST(UnixSocket, SameAnswersAsOverTcp) {
    const Client local(SharedServer().socket_address());
    const GreyPixels pixels = SamplePixels("bus-grey.png");

    Session session = local.OpenSession(SessionOptions(Task::DetectAndSegment));
    session.Send(Frame(1, pixels.ToImage()));
    const auto frame = session.Receive();

    const std::vector<Defect> defects = SharedClient().DetectAndSegment(pixels.ToImage()).defects;
    EXPECT_EQ(local.DetectAndSegment(pixels.ToImage()).defects, defects);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->defects, defects);
}

TEST(UnixSocket, TokenMayTravelOnIt) {
    ClientOptions options;
    options.token = "secret";

    EXPECT_EQ(Client(SharedServer().socket_address(), options).ListModels().models.size(), 3u);
}

TEST(Gzip, SameAnswersInEveryKindOfCall) {
    ClientOptions options;
    options.gzip = true;
    const Client client(SharedServer().address(), options);
    const GreyPixels pixels = SamplePixels("bus-binary.png");
    const std::vector<Defect> defects = SharedClient().DetectAndSegment(pixels.ToImage()).defects;

    EXPECT_EQ(client.DetectAndSegment(pixels.ToImage()).defects, defects);
    EXPECT_EQ(client.ListModels().models.size(), 3u);
    Session session = client.OpenSession(SessionOptions(Task::DetectAndSegment));
    session.Send(Frame(1, pixels.ToImage()));
    EXPECT_EQ(session.Receive()->defects, defects);
    const Board board = Board::FromPixels(pixels.bytes, pixels.format, pixels.width, pixels.height);
    EXPECT_EQ(client.InspectBoard(board, BoardOptions(Task::DetectAndSegment)).defects, defects);
}

}  // namespace
}  // namespace ymasknet::testing
