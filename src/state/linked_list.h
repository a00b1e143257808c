#pragma once

namespace moldau::inline v0::state {

// A list whose links are members of what it lists: nothing is allocated, and an element leaves from
// anywhere in one step. Owns nothing. `Next` and `Previous` are null for an element at that end.
template <class T, T* T::*Next, T* T::*Previous>
class LinkedList {
 public:
  [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
  // nullptr if there is none.
  [[nodiscard]] T* first() const noexcept { return first_; }

  void push_back(T& element) noexcept {
    element.*Next = nullptr;
    element.*Previous = last_;
    (last_ != nullptr ? last_->*Next : first_) = &element;
    last_ = &element;
  }

  // REQUIRES: it is in the list.
  void remove(T& element) noexcept {
    T* const next = element.*Next;
    T* const previous = element.*Previous;
    (previous != nullptr ? previous->*Next : first_) = next;
    (next != nullptr ? next->*Previous : last_) = previous;
  }

  void clear() noexcept { first_ = last_ = nullptr; }

 private:
  T* first_ = nullptr;
  T* last_ = nullptr;
};

}  // namespace moldau::inline v0::state
