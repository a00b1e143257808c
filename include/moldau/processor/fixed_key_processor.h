#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/processor/processing_context.h"
#include "moldau/record/headers.h"
#include "moldau/record/record.h"
#include "moldau/serde/void.h"

#include <string_view>

namespace moldau::inline v0 {

namespace processor {
class FixedKeys;
}

// As Record, but its key cannot be replaced: what is forwarded stays in the partition of its key,
// so that no repartitioning follows. Only the library makes one.
template <class K, class V>
class FixedKeyRecord {
 public:
  using key_type = K;
  using value_type = V;

  // As Record's.
  [[nodiscard]] const K& key() const { return record_.key(); }
  [[nodiscard]] const V& value() const { return record_.value(); }
  [[nodiscard]] const K* key_or_null() const noexcept { return record_.key_or_null(); }
  [[nodiscard]] const V* value_or_null() const noexcept { return record_.value_or_null(); }
  [[nodiscard]] Timestamp timestamp() const noexcept { return record_.timestamp(); }
  [[nodiscard]] const Headers& headers() const noexcept { return record_.headers(); }

  template <class V2>
  [[nodiscard]] FixedKeyRecord<K, V2> with_value(const V2& value MOLDAU_LIFETIMEBOUND) const {
    return FixedKeyRecord<K, V2>{record_.with_value(value)};
  }
  template <class V2>
  [[nodiscard]] FixedKeyRecord<K, V2> with_value_or_null(const V2* value) const {
    return FixedKeyRecord<K, V2>{record_.with_value_or_null(value)};
  }
  [[nodiscard]] FixedKeyRecord with_timestamp(Timestamp timestamp) const {
    return FixedKeyRecord{record_.with_timestamp(timestamp)};
  }
  [[nodiscard]] FixedKeyRecord with_headers(const Headers& headers MOLDAU_LIFETIMEBOUND) const {
    return FixedKeyRecord{record_.with_headers(headers)};
  }

 private:
  template <class, class>
  friend class FixedKeyRecord;
  friend class processor::FixedKeys;
  explicit FixedKeyRecord(const Record<K, V>& record) : record_(record) {}

  Record<K, V> record_;
};

namespace processor {

// For whoever runs a FixedKeyProcessor: in and out of the protected form.
class FixedKeys {
 public:
  template <class K, class V>
  static FixedKeyRecord<K, V> fix(const Record<K, V>& record) {
    return FixedKeyRecord<K, V>{record};
  }
  template <class K, class V>
  static const Record<K, V>& release(const FixedKeyRecord<K, V>& record) {
    return record.record_;
  }
};

}  // namespace processor

// As ProcessorContext, for records whose key is fixed. A punctuator has no record to start from, so
// it cannot forward.
template <class K, class VOut>
class FixedKeyProcessorContext : public ProcessingContext {
 public:
  void forward(const FixedKeyRecord<K, VOut>& record) {
    check_may_forward();
    hand_on(processor::FixedKeys::release(record));
  }
  void forward(const FixedKeyRecord<K, VOut>& record, std::string_view child) {
    check_may_forward();
    hand_on(processor::FixedKeys::release(record), child);
  }

 private:
  virtual void hand_on(const Record<K, VOut>& record) = 0;
  virtual void hand_on(const Record<K, VOut>& record, std::string_view child) = 0;
};

// A Processor that leaves the keys of its records alone. See Processor.
template <class K, class VIn, class VOut = Void>
class FixedKeyProcessor {
 public:
  using key_in = K;
  using value_in = VIn;
  using value_out = VOut;
  using Context = FixedKeyProcessorContext<K, VOut>;

  FixedKeyProcessor() = default;
  virtual ~FixedKeyProcessor() = default;
  FixedKeyProcessor(const FixedKeyProcessor&) = delete;
  FixedKeyProcessor& operator=(const FixedKeyProcessor&) = delete;

  virtual void init(Context& context) { static_cast<void>(context); }
  virtual void process(const FixedKeyRecord<K, VIn>& record) = 0;
  virtual void close() {}

  // For whoever runs the processor, before init().
  void attach(Context& context) noexcept { context_ = &context; }

 protected:
  [[nodiscard]] Context& context() const noexcept { return *context_; }

 private:
  Context* context_ = nullptr;
};

}  // namespace moldau::inline v0
