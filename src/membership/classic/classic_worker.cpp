#include "membership/classic/classic_worker.h"

#include "membership/classic/group_leader.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace moldau::inline v0::membership::classic {

namespace {

using std::chrono::milliseconds;

// The first seconds without a coordinator are ordinary.
constexpr std::chrono::seconds trouble_is_ordinary{3};
constexpr std::chrono::seconds complaint_interval{30};
constexpr std::chrono::seconds nothing_to_do{60};
// The group waits for the leader without hearing of it, a session at most.
constexpr std::chrono::seconds leading_time{15};
// How soon partitions that were added to a source topic are noticed.
constexpr std::chrono::seconds topics_interval{60};

// One call of the admin client is given more than a turn; a simulator's none at all.
milliseconds admin_time(milliseconds may_block) {
  return may_block == milliseconds::zero() ? may_block : milliseconds{3'000};
}

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace

ClassicWorker::ClassicWorker(std::shared_ptr<Shared<ClassicProtocol>> member,
                             std::unique_ptr<kafka::wire::CoordinatorLink> link, Leading leading,
                             const Clock& clock, std::shared_ptr<Logger> logger)
    : member_(std::move(member)),
      link_(std::move(link)),
      leading_(std::move(leading)),
      clock_(clock),
      logger_(std::move(logger)),
      group_(member_->with([](ClassicProtocol& protocol) { return protocol.identity().group_id; })),
      next_look_(clock.steady()) {}

void ClassicWorker::finish() {
  finishing_.store(true);
  link_->wake();
}

std::optional<Clock::Steady> ClassicWorker::step(milliseconds may_block) {
  if (finishing_.load() || member_->dropped()) return std::nullopt;
  turn(may_block);
  member_->announce();
  return next_turn();
}

void ClassicWorker::turn(milliseconds may_block) {
  const Clock::Steady now = clock_.steady();
  const auto [due, abandons] = member_->with([&](ClassicProtocol& protocol) {
    protocol.tick(now);
    return std::pair{protocol.request_due(), protocol.abandons()};
  });
  if (waiting_ != Waiting::none) {
    if (!abandons) return receive(may_block);
    // Nothing could be asked on this connection before the join is answered.
    return answer_lost(Status::retriable(ErrorCode::not_ready, "the join is not wanted any more"));
  }
  if (lead(may_block)) return;
  if (due && *due <= now && link_->not_before() <= now) {
    return link_->ready() ? send() : connect(may_block);
  }
  look_at_topics(may_block);
}

Clock::Steady ClassicWorker::next_turn() const {
  const Clock::Steady now = clock_.steady();
  if (waiting_ != Waiting::none || check_ != nullptr) return now;
  const auto [request, tick, leads, to_lead] = member_->with([](ClassicProtocol& protocol) {
    return std::tuple{protocol.request_due(), protocol.tick_due(), protocol.leads(),
                      protocol.to_lead() != nullptr};
  });
  if (to_lead) return now;
  Clock::Steady next = now + nothing_to_do;
  if (request) next = std::min(next, std::max(*request, link_->not_before()));
  if (tick) next = std::min(next, *tick);
  if (leads && counts_) next = std::min(next, next_look_);
  return next;
}

void ClassicWorker::connect(milliseconds may_block) {
  if (const Status status = link_->advance(may_block); !status) trouble(status);
}

void ClassicWorker::send() {
  const Clock::Steady now = clock_.steady();
  struct Wanted {
    ClassicProtocol::Request request;
    milliseconds patience;
  };
  const auto wanted = member_->with([&](ClassicProtocol& protocol) -> std::optional<Wanted> {
    if (!protocol.request_due()) return std::nullopt;  // it has left in the meantime
    ClassicProtocol::Request request = protocol.next_request(now);
    return Wanted{std::move(request), protocol.patience()};
  });
  if (!wanted) return;
  deadline_ = now + wanted->patience;
  waiting_ =
      std::visit(Overloaded{[](const ClassicProtocol::Join&) { return Waiting::join; },
                            [](const ClassicProtocol::Sync&) { return Waiting::sync; },
                            [](const ClassicProtocol::Heartbeat&) { return Waiting::heartbeat; },
                            [](const ClassicProtocol::Leave&) { return Waiting::leave; }},
                 wanted->request);
  link_->channel().speak_as(member_->client_id());
  const Status sent =
      std::visit([&](const auto& each) { return link_->channel().start(each); }, wanted->request);
  if (!sent) answer_lost(sent);
}

void ClassicWorker::receive(milliseconds may_block) {
  switch (waiting_) {
    case Waiting::none:
      return;
    case Waiting::join:
      return receive<ClassicProtocol::Join>(may_block);
    case Waiting::sync:
      return receive<ClassicProtocol::Sync>(may_block);
    case Waiting::heartbeat:
      return receive<ClassicProtocol::Heartbeat>(may_block);
    case Waiting::leave:
      return receive<ClassicProtocol::Leave>(may_block);
  }
}

template <class Request>
void ClassicWorker::receive(milliseconds may_block) {
  const auto left = std::chrono::ceil<milliseconds>(deadline_ - clock_.steady());
  const auto answer =
      link_->channel().finish<Request>(std::clamp(left, milliseconds::zero(), may_block));
  if (!answer) return answer_lost(answer.error());
  const Clock::Steady now = clock_.steady();
  if (!*answer) {
    if (now < deadline_) return;
    return answer_lost(Status::retriable(ErrorCode::timed_out, "the coordinator has not answered " +
                                                                   std::string{Request::api_name}));
  }
  waiting_ = Waiting::none;
  link_->throttled(milliseconds{std::max((*answer)->throttle_time_ms, 0)});
  follow(
      member_->with([&](ClassicProtocol& protocol) { return protocol.answered(**answer, now); }));
}

void ClassicWorker::answer_lost(const Status& why) {
  logger_->info("group " + group_ + ": no answer from the coordinator, going on with a new " +
                "connection: " + std::string{why.message()});
  link_->broken();
  waiting_ = Waiting::none;
  member_->with([&](ClassicProtocol& protocol) { protocol.unanswered(clock_.steady()); });
}

void ClassicWorker::follow(Advice advice) {
  switch (advice) {
    case Advice::go_on:
      trouble_since_.reset();
      return link_->well();
    case Advice::back_off:
      return link_->back_off();
    case Advice::find_coordinator:
      return link_->moved();
  }
}

void ClassicWorker::trouble(const Status& status) {
  if (!status.retriable()) {
    member_->with([&](ClassicProtocol& protocol) { protocol.unreachable_for_good(status); });
  }
  const Clock::Steady now = clock_.steady();
  if (!trouble_since_) trouble_since_ = now;
  if (now - *trouble_since_ < trouble_is_ordinary) return;
  if (last_complaint_ && now - *last_complaint_ < complaint_interval) return;
  last_complaint_ = now;
  const std::string detail =
      "no coordinator for group " + group_ + " yet: " + std::string{status.message()};
  logger_->warning(detail + "; trying again");
  member_->with([&](ClassicProtocol& protocol) { protocol.tell_waiting(detail); });
}

bool ClassicWorker::lead(milliseconds may_block) {
  const bool wanted =
      member_->with([](ClassicProtocol& protocol) { return protocol.to_lead() != nullptr; });
  if (!wanted) {
    check_.reset();
    leading_since_.reset();
    return false;
  }
  if (!leading_since_) leading_since_ = clock_.steady();
  Status status = have_admin();
  if (status.ok()) {
    if (check_ == nullptr) {
      check_ = std::make_unique<TopicCheck>(*admin_, member_->with([](ClassicProtocol& protocol) {
        return protocol.subscription();
      }));
    }
    auto outcome = check_->step(admin_time(may_block));
    if (outcome && *outcome) {
      const Clock::Steady now = clock_.steady();
      counts_ = (*outcome)->counts;
      next_look_ = now + topics_interval;
      member_->with([&](ClassicProtocol& protocol) {
        if (protocol.to_lead() == nullptr) return;
        const LeaderView view{.topology = protocol.topology(),
                              .standby_replicas = leading_.standby_replicas};
        protocol.lead(lead_group(view, *protocol.to_lead(), protocol.subscription(), **outcome),
                      now);
      });
      check_.reset();
      return true;
    }
    if (outcome) return true;
    status = outcome.error();
  }
  if (!status.retriable() || clock_.steady() - *leading_since_ > leading_time) {
    put_off_assignments(status);
  }
  return true;
}

void ClassicWorker::put_off_assignments(const Status& why) {
  check_.reset();
  counts_.reset();
  const std::string detail =
      "the leader of the group cannot look after its topics: " + std::string{why.message()};
  logger_->warning("group " + group_ + ": " + detail + "; trying again");
  member_->with([&](ClassicProtocol& protocol) {
    if (protocol.to_lead() == nullptr) return;
    protocol.lead(put_off(*protocol.to_lead(), detail), clock_.steady());
  });
}

void ClassicWorker::look_at_topics(milliseconds may_block) {
  const Clock::Steady now = clock_.steady();
  if (!counts_ || now < next_look_ || admin_ == nullptr) return;
  if (!member_->with([](ClassicProtocol& protocol) { return protocol.leads(); })) return;
  next_look_ = now + topics_interval;
  TopicCheck check{
      *admin_, member_->with([](ClassicProtocol& protocol) { return protocol.subscription(); })};
  const Result<TopicCounts> counts = check.look(admin_time(may_block));
  if (!counts || *counts == *counts_) return;
  logger_->info("group " + group_ + ": topics have changed, so tasks are given out again");
  member_->with([&](ClassicProtocol& protocol) { protocol.ask_again(clock_.steady()); });
}

Status ClassicWorker::have_admin() {
  if (admin_ != nullptr) return {};
  Result<std::unique_ptr<kafka::Admin>> made = leading_.make_admin();
  if (!made) return made.error();
  admin_ = *std::move(made);
  return {};
}

}  // namespace moldau::inline v0::membership::classic
