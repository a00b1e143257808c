#pragma once

#include "moldau/export.h"
#include "moldau/state/write_context.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace moldau::inline v0 {

namespace state {

class OpenIterators;

// How long an iterator may be used: until it is closed, and no longer than the call of process() or
// of the punctuator that made it. Shows in the metrics of its store until it is closed or dropped.
class MOLDAU_EXPORT IteratorLife {
 public:
  // `store` is the name of a store, which lives as long as the iterator. `open`: where the store
  // counts its iterators; nullptr: it does not.
  IteratorLife(const WriteContext& writer, std::string_view store, OpenIterators* open)
      : writer_(&writer), store_(store), turn_(writer.turn()), open_(open) {
    if (open_ != nullptr) opened();
  }
  IteratorLife(IteratorLife&& other) noexcept
      : writer_(std::exchange(other.writer_, nullptr)),
        store_(other.store_),
        turn_(other.turn_),
        open_(std::exchange(other.open_, nullptr)),
        number_(other.number_) {}
  IteratorLife& operator=(IteratorLife&& other) noexcept {
    if (this == &other) return *this;
    end();
    writer_ = std::exchange(other.writer_, nullptr);
    store_ = other.store_;
    turn_ = other.turn_;
    open_ = std::exchange(other.open_, nullptr);
    number_ = other.number_;
    return *this;
  }
  IteratorLife(const IteratorLife&) = delete;
  IteratorLife& operator=(const IteratorLife&) = delete;
  ~IteratorLife() { end(); }

  void end() noexcept {
    writer_ = nullptr;
    if (open_ != nullptr) closed();
  }
  // Throws StreamsError naming the store if it is over.
  void check() const {
    if (writer_ == nullptr || writer_->turn() != turn_) refuse();
  }

 private:
  void opened();
  void closed() noexcept;
  [[noreturn]] void refuse() const;

  const WriteContext* writer_;  // null: closed
  std::string_view store_;
  std::uint64_t turn_;
  OpenIterators* open_;     // null: closed, or not counted
  std::size_t number_ = 0;  // there
};

// Throws StreamsError: there is no entry to read.
[[noreturn]] MOLDAU_EXPORT void refuse_behind_last();

}  // namespace state

// Goes over entries of a store, one at a time:
//
//   for (const auto& [key, value] : store.range("a", "b")) ...
//
// or by valid(), operator* and next(). Closes itself when it goes out of scope.
//
// The store may be changed in the loop. An entry is shown as it was when the iterator came to it;
// entries written since the iterator was made may or may not be shown, deleted ones are not.
//
// It ends with the call of process() or of the punctuator that made it, because the store may be
// committed then. Used after that, after close(), or after it was moved from, it throws
// StreamsError; so does reading behind the last entry. It can be dropped at any time before its
// processor is. Move-only; not thread-safe.
template <class Rows>
class StoreIterator {
 public:
  using Entry = typename Rows::Entry;

  StoreIterator(Rows rows, state::IteratorLife life)
      : rows_(std::move(rows)), life_(std::move(life)) {
    show();
  }
  StoreIterator(StoreIterator&&) noexcept = default;
  StoreIterator& operator=(StoreIterator&&) noexcept = default;
  StoreIterator(const StoreIterator&) = delete;
  StoreIterator& operator=(const StoreIterator&) = delete;
  ~StoreIterator() = default;

  // False behind the last entry.
  [[nodiscard]] bool valid() const {
    life_.check();
    return rows_.valid();
  }
  // Valid until next().
  [[nodiscard]] const Entry& operator*() const {
    check_entry();
    return entry_;
  }
  [[nodiscard]] const Entry* operator->() const { return &**this; }
  void next() {
    check_entry();
    rows_.next();
    show();
  }
  // Lets go of what the store keeps for the iterator. Fine twice.
  void close() noexcept {
    life_.end();
    rows_ = Rows{};
  }

  // An input range: can be gone over once.
  class Position {
   public:
    using value_type = Entry;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    Position() = default;
    explicit Position(StoreIterator& entries) noexcept : entries_(&entries) {}

    [[nodiscard]] const Entry& operator*() const { return **entries_; }
    Position& operator++() {
      entries_->next();
      return *this;
    }
    void operator++(int) { entries_->next(); }
    friend bool operator==(const Position& position, std::default_sentinel_t) {
      return !position.entries_->valid();
    }

   private:
    StoreIterator* entries_ = nullptr;
  };
  [[nodiscard]] Position begin() noexcept { return Position{*this}; }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

 private:
  void show() {
    if (rows_.valid()) rows_.read(entry_);
  }
  void check_entry() const {
    if (!valid()) state::refuse_behind_last();
  }

  Rows rows_;
  state::IteratorLife life_;
  Entry entry_{};
};

}  // namespace moldau::inline v0
