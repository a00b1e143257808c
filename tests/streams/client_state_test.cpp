#include "streams/client_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

namespace moldau::streams {
namespace {

using enum StreamsState;
using ::testing::ElementsAre;

const std::vector<StreamsState> all_states{created,     rebalancing,   running, pending_shutdown,
                                           not_running, pending_error, error};

// The two lists of the reference: steps that are taken and steps that are quietly ignored; all
// others are errors.
const std::map<StreamsState, std::set<StreamsState>> moves{
    {created, {rebalancing, pending_shutdown}},
    {rebalancing, {running, pending_shutdown, pending_error}},
    {running, {rebalancing, pending_shutdown, pending_error}},
    {pending_shutdown, {not_running}},
    {not_running, {}},
    {pending_error, {error}},
    {error, {}}};
const std::map<StreamsState, std::set<StreamsState>> ignored{
    {created, {}},
    {rebalancing, {rebalancing}},
    {running, {running}},
    {pending_shutdown, {created, rebalancing, running, pending_shutdown, pending_error, error}},
    {not_running, {pending_shutdown, not_running}},
    {pending_error, {created, rebalancing, running, pending_shutdown, not_running, pending_error}},
    {error, {pending_shutdown, pending_error, error}}};

TEST(ClientState, EveryStepIsTakenIgnoredOrForbiddenAsInTheReference) {
  for (const StreamsState from : all_states) {
    for (const StreamsState to : all_states) {
      const StateStep expected = moves.at(from).contains(to)     ? StateStep::move
                                 : ignored.at(from).contains(to) ? StateStep::ignore
                                                                 : StateStep::forbidden;
      EXPECT_EQ(state_step(from, to), expected) << name(from) << " to " << name(to);
    }
  }
}

TEST(ClientState, TheListenerSeesEveryChangeOnceAndInOrder) {
  const auto logger = make_silent_logger();
  ClientState state{*logger};
  std::vector<std::pair<StreamsState, StreamsState>> seen;
  state.set_listener(
      [&](StreamsState now, StreamsState before) { seen.emplace_back(before, now); });

  state.set(rebalancing);
  state.set(rebalancing);
  state.set(running);
  state.set(pending_shutdown);
  state.set(running);
  state.set(not_running);

  EXPECT_THAT(seen, ElementsAre(std::pair{created, rebalancing}, std::pair{rebalancing, running},
                                std::pair{running, pending_shutdown},
                                std::pair{pending_shutdown, not_running}));
}

TEST(ClientState, AListenerThatThrowsIsReportedAndDoesNotStopTheChange) {
  const auto logger = make_silent_logger();
  ClientState state{*logger};
  state.set_listener([](StreamsState, StreamsState) { throw std::runtime_error("no"); });

  EXPECT_TRUE(state.set(rebalancing));
  EXPECT_EQ(state.get(), rebalancing);
}

TEST(ClientState, TheFirstErrorIsKept) {
  const auto logger = make_silent_logger();
  ClientState state{*logger};

  state.set_error("first");
  state.set_error("second");

  EXPECT_EQ(state.error(), "first");
}

}  // namespace
}  // namespace moldau::streams
