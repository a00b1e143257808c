#include "membership/event_outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau::inline v0::membership {
namespace {

using ::testing::IsEmpty;
using Kind = EventOutbox::Kind;

TEST(EventOutbox, AQuestionStandsUntilItIsAnswered) {
  EventOutbox outbox;
  outbox.ask(assigned_event({}));
  EXPECT_FALSE(outbox.answer()) << "nobody has seen it";

  EXPECT_EQ(outbox.take().size(), 1U);

  EXPECT_TRUE(outbox.awaits_answer());
  outbox.retract();
  EXPECT_TRUE(outbox.awaits_answer()) << "seen is seen";
  EXPECT_EQ(outbox.answer(), Kind::assigned);
  EXPECT_FALSE(outbox.awaits_answer());
}

TEST(EventOutbox, AQuestionThatNobodyHasSeenCanBeReplaced) {
  EventOutbox outbox;
  outbox.ask(assigned_event({}));
  outbox.ask(news_event(Kind::lost, "gone"));

  const auto events = outbox.take();

  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events.front().kind, Kind::lost);
}

TEST(EventOutbox, AQuestionThatIsAskedInsteadHasToBeSeenBeforeAnAnswerIsOneToIt) {
  EventOutbox outbox;
  outbox.ask(assigned_event({}));
  EXPECT_EQ(outbox.take().size(), 1U);

  outbox.ask_instead(news_event(Kind::lost, "gone"));

  EXPECT_FALSE(outbox.answer()) << "that was the answer to the other one";
  EXPECT_EQ(outbox.take().size(), 1U);
  EXPECT_EQ(outbox.answer(), Kind::lost);
}

TEST(EventOutbox, NewsReplacesUnseenNewsOfItsKind) {
  EventOutbox outbox;
  outbox.tell(news_event(Kind::waiting, "first"));
  outbox.tell(news_event(Kind::missing_topics, "other"));
  outbox.tell(news_event(Kind::waiting, "second"));

  const auto events = outbox.take();

  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events.back().detail, "second");
}

TEST(EventOutbox, IsAnnouncedOnceUnlessItWasSeenBefore) {
  EventOutbox outbox;
  EXPECT_FALSE(outbox.take_announcement());
  outbox.tell(news_event(Kind::waiting, "x"));
  EXPECT_TRUE(outbox.take_announcement());
  EXPECT_FALSE(outbox.take_announcement());

  outbox.tell(news_event(Kind::waiting, "y"));
  EXPECT_EQ(outbox.take().size(), 1U);
  EXPECT_FALSE(outbox.take_announcement());
  EXPECT_THAT(outbox.take(), IsEmpty());
}

}  // namespace
}  // namespace moldau::inline v0::membership
