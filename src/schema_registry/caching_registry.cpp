#include "schema_registry/caching_registry.h"

#include <algorithm>
#include <tuple>

namespace moldau::inline v0::schema_registry {

namespace {

// Ids come from records, so anybody can make them up: what is remembered of them has an end.
constexpr std::size_t most_unknown_ids = 10'000;

auto order_of(const SchemaReference& reference) {
  return std::tie(reference.name, reference.subject, reference.version);
}

}  // namespace

bool CachingRegistry::Before::operator()(const Question& a, const Question& b) const noexcept {
  const SchemaDefinition& x = a.schema;
  const SchemaDefinition& y = b.schema;
  const auto left = std::tie(a.subject, a.normalize, x.type, x.text);
  const auto right = std::tie(b.subject, b.normalize, y.type, y.text);
  if (left != right) return left < right;
  return std::lexicographical_compare(
      x.references.begin(), x.references.end(), y.references.begin(), y.references.end(),
      [](const auto& r, const auto& s) { return order_of(r) < order_of(s); });
}

CachingRegistry::CachingRegistry(std::unique_ptr<SchemaRegistry> below, Clock& clock,
                                 std::chrono::milliseconds unknown_id_memory)
    : below_(std::move(below)), clock_(clock), unknown_id_memory_(unknown_id_memory) {}

template <class Map, class Key, class Ask>
auto CachingRegistry::remembered(Map& known, const Key& key, Ask ask) {
  {
    const std::shared_lock lock{known_mutex_};
    if (const auto found = known.find(key); found != known.end()) return found->second;
  }
  const std::lock_guard one_at_a_time{asking_};
  {
    const std::shared_lock lock{known_mutex_};
    if (const auto found = known.find(key); found != known.end()) return found->second;
  }
  auto answer = ask();
  const std::lock_guard lock{known_mutex_};
  return known.emplace(key, std::move(answer)).first->second;
}

SchemaId CachingRegistry::add(const std::string& subject, const SchemaDefinition& schema,
                              Options options) {
  return remembered(added_, Question{subject, schema, options.normalize},
                    [&] { return below_->add(subject, schema, options); });
}

SchemaRegistry::Registered CachingRegistry::find(const std::string& subject,
                                                 const SchemaDefinition& schema, Options options) {
  return remembered(found_, Question{subject, schema, options.normalize},
                    [&] { return below_->find(subject, schema, options); });
}

std::shared_ptr<const SchemaDefinition> CachingRegistry::schema(SchemaId id) {
  return remembered(by_id_, id, [&] {
    {
      const std::lock_guard lock{known_mutex_};
      const auto found = unknown_.find(id);
      if (found != unknown_.end()) {
        if (clock_.steady() < found->second.forget) throw SerdeError(found->second.message);
        unknown_.erase(found);
      }
    }
    try {
      return below_->schema(id);
    } catch (const SerdeError& error) {
      const std::lock_guard lock{known_mutex_};
      if (unknown_.size() >= most_unknown_ids) unknown_.clear();
      unknown_[id] = {clock_.steady() + unknown_id_memory_, error.what()};
      throw;
    }
  });
}

std::shared_ptr<const SchemaDefinition> CachingRegistry::schema(const std::string& subject,
                                                                SchemaVersion version) {
  return remembered(by_version_, std::pair{subject, version},
                    [&] { return below_->schema(subject, version); });
}

}  // namespace moldau::inline v0::schema_registry
