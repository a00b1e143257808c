#pragma once

#include "moldau/export.h"
#include "moldau/processor/callables.h"
#include "moldau/processor/fixed_key_processor.h"
#include "moldau/processor/node.h"
#include "moldau/processor/processor.h"

#include <concepts>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace moldau::inline v0 {

namespace processor {

// A Processor, or a FixedKeyProcessor, by the types it names.
template <class P>
concept ProcessorTypes = requires {
  typename P::key_in;
  typename P::value_in;
  typename P::key_out;
  typename P::value_out;
}
&&std::derived_from<P, Processor<typename P::key_in, typename P::value_in, typename P::key_out,
                                 typename P::value_out>>;
template <class P>
concept FixedKeyProcessorTypes = requires {
  typename P::key_in;
  typename P::value_in;
  typename P::value_out;
}
&&std::derived_from<
    P, FixedKeyProcessor<typename P::key_in, typename P::value_in, typename P::value_out>>;

// What a supplier supplies: the P of a P, or of a std::unique_ptr<P>.
template <class R>
struct SuppliedBy {
  using type = R;
};
template <class P>
struct SuppliedBy<std::unique_ptr<P>> {
  using type = P;
};

template <class F>
consteval auto find_supplied() {
  if constexpr (requires(const F& supplier) { supplier(); }) {
    return std::type_identity<
        typename SuppliedBy<std::remove_cv_t<decltype(std::declval<const F&>()())>>::type>{};
  } else {
    return std::type_identity<void>{};
  }
}
template <class F>
using Supplied = typename decltype(find_supplied<F>())::type;

// A new P by a supplier that returns one by value or owned.
template <class P, class F>
std::unique_ptr<P> supply(const F& supplier) {
  if constexpr (std::convertible_to<decltype(supplier()), std::unique_ptr<P>>) {
    return supplier();
  } else {
    return std::unique_ptr<P>{new P(supplier())};
  }
}

// Supplies a P by its default constructor.
template <class P>
struct DefaultSupplier {
  std::unique_ptr<P> operator()() const {
    static_assert(std::default_initializable<P>,
                  "a processor without a default constructor is made by a function: pass that "
                  "instead of the processor's type");
    if constexpr (std::default_initializable<P>) {
      return std::make_unique<P>();
    } else {
      return nullptr;
    }
  }
};

// Throws TopologyError: the supplier of that node gave nothing.
[[noreturn]] MOLDAU_EXPORT void refuse_missing_processor(const Node& node);

// True if a supplier gives pointers, which may be null, and has to be called to find out.
template <class P, class F>
inline constexpr bool may_supply_nothing =
    std::convertible_to<std::invoke_result_t<const F&>, std::unique_ptr<P>> &&
    !std::same_as<F, DefaultSupplier<P>>;

// Throws TopologyError naming the node if its supplier gives nothing.
template <class P, class F>
void check_supply(const F& supplier, const Node& node) {
  if constexpr (may_supply_nothing<P, F>) {
    if (supply<P>(supplier) == nullptr) refuse_missing_processor(node);
  }
}

// Runs a processor of the user's: its context, and the time of the record it is processing.
template <class P, class F, class KIn, class VIn, class KOut, class VOut>
class ProcessNode final : public ProcessorNode<KIn, VIn, KOut, VOut> {
 public:
  struct Definition {
    F supplier;
  };

  explicit ProcessNode(const Definition& definition) : supplier_(definition.supplier) {}

  void check() const override { check_supply<P>(supplier_, *this); }

  void init(TaskContext& task) override {
    Node::init(task);
    processor_ = supply<P>(supplier_);
    if (processor_ == nullptr) refuse_missing_processor(*this);
    context_.attach(*this, task);
    processor_->attach(context_);
    processor_->init(context_);
  }

  void process(const Record<KIn, VIn>& record) override {
    const ProcessingContext::Processing processing{context_, record.timestamp(), record.headers()};
    if constexpr (ProcessorTypes<P>) {
      processor_->process(record);
    } else {
      processor_->process(FixedKeys::fix(record));
    }
  }

  void close() override {
    if (processor_ != nullptr) processor_->close();
  }

 private:
  class Context final : public P::Context {
   public:
    explicit Context(const ProcessNode& node) : node_(node) {}

   private:
    void hand_on(const Record<KOut, VOut>& record) override { node_.forward(record); }
    void hand_on(const Record<KOut, VOut>& record, std::string_view child) override {
      node_.forward(record, child);
    }

    const ProcessNode& node_;
  };

  F supplier_;
  Context context_{*this};
  std::unique_ptr<P> processor_;
};

// The node of a processor by the processor's own types.
template <class P, class F>
consteval auto find_process_node() {
  if constexpr (ProcessorTypes<P>) {
    return std::type_identity<ProcessNode<P, F, typename P::key_in, typename P::value_in,
                                          typename P::key_out, typename P::value_out>>{};
  } else {
    return std::type_identity<ProcessNode<P, F, typename P::key_in, typename P::value_in,
                                          typename P::key_in, typename P::value_out>>{};
  }
}
template <class P, class F>
using ProcessNodeOf = typename decltype(find_process_node<P, F>())::type;

// The types of the records that a supplied processor takes; Unbound if F supplies none.
template <class F>
consteval auto find_supplied_key() {
  if constexpr (requires { typename Supplied<F>::key_in; }) {
    return std::type_identity<typename Supplied<F>::key_in>{};
  } else {
    return std::type_identity<Unbound>{};
  }
}
template <class F>
consteval auto find_supplied_value() {
  if constexpr (requires { typename Supplied<F>::value_in; }) {
    return std::type_identity<typename Supplied<F>::value_in>{};
  } else {
    return std::type_identity<Unbound>{};
  }
}
template <class F>
using SuppliedKey = typename decltype(find_supplied_key<F>())::type;
template <class F>
using SuppliedValue = typename decltype(find_supplied_value<F>())::type;

}  // namespace processor

// process(), add_processor(): a function of nothing that returns a new processor each time it is
// called, by value or as a std::unique_ptr.
template <class F>
concept ProcessorSupplier = processor::ProcessorTypes<processor::Supplied<F>>;
template <class F>
concept FixedKeyProcessorSupplier = processor::FixedKeyProcessorTypes<processor::Supplied<F>>;

}  // namespace moldau::inline v0
