#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/processor/processor_wrapper.h"
#include "moldau/processor/task_context.h"
#include "moldau/record/record.h"

#include <memory>
#include <string>
#include <string_view>
#include <typeindex>
#include <utility>
#include <vector>

namespace moldau::inline v0::processor {

// The typed input of a node.
template <class K, class V>
class Receiver {
 public:
  virtual void process(const Record<K, V>& record) = 0;

 protected:
  ~Receiver() = default;  // nodes are owned and destroyed as Node
};

// A node's input with its type erased until the edge is connected.
struct InputPort {
  std::type_index type;
  void* receiver;  // a Receiver<K, V>*, where `type` is Record<K, V>

  template <class K, class V>
  static InputPort of(Receiver<K, V>& receiver) {
    return {typeid(Record<K, V>), &receiver};
  }
};

// "<string, long>" for Record<std::string, long>, as far as the compiler tells.
[[nodiscard]] MOLDAU_EXPORT std::string readable_type(std::type_index record_type);

// What stands between a parent and a node with something around it.
class MOLDAU_EXPORT ReceiverWrapper {
 public:
  virtual ~ReceiverWrapper();
};

// A step of the graph as one task runs it. Made by a NodeFactory, connected once, then used on the
// thread of its task only.
class MOLDAU_EXPORT Node {
 public:
  Node() = default;
  virtual ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  // Has `around` called for each record that comes in. Before parents are connected.
  void wrap(std::unique_ptr<AroundProcessor> around) { around_ = std::move(around); }
  [[nodiscard]] AroundProcessor* around() const noexcept { return around_.get(); }
  // Lives as long as the node.
  void keep(std::unique_ptr<ReceiverWrapper> wrapper) { wrappers_.push_back(std::move(wrapper)); }

  // What parents send to. Sources have none: REQUIRES that this node is not a source.
  [[nodiscard]] virtual InputPort input() = 0;

  // Adds a child: forwarding goes to children in the order they were added, depth first. Throws
  // TopologyError naming both nodes if the child takes another type, or if this node is a sink.
  virtual void connect(Node& child) = 0;

  // Throws TopologyError naming the node if what the program gave it cannot work. Called while the
  // topology is built, connected, and on no other node than those that are only made to be checked.
  virtual void check() const {}

  // Called once, stores open and children connected; parents before children. Overrides call
  // Node::init() first.
  virtual void init(TaskContext& context);
  // The task's stores have gone back to the last commit: what the node remembers of the records
  // since then is to be forgotten.
  virtual void rolled_back() {}
  // Called once, in the order of init().
  virtual void close() {}

  // The task this node works for. REQUIRES: init() has been called.
  [[nodiscard]] TaskContext& context() const noexcept { return *context_; }

 protected:
  [[noreturn]] void refuse_child(const Node& child, std::type_index emits,
                                 std::type_index takes) const;
  [[noreturn]] void refuse_unknown_child(std::string_view child, const std::string& children) const;

 private:
  friend class NodeFactory;
  std::string name_;
  TaskContext* context_ = nullptr;
  std::unique_ptr<AroundProcessor> around_;
  std::vector<std::unique_ptr<ReceiverWrapper>> wrappers_;  // one for each parent
};

// A receiver with something around it.
template <class K, class V>
class WrappedReceiver final : public Receiver<K, V>, public ReceiverWrapper {
 public:
  WrappedReceiver(AroundProcessor& around, Receiver<K, V>& receiver)
      : around_(around), receiver_(receiver) {}

  void process(const Record<K, V>& record) override {
    Call call{receiver_, record};
    around_.process(record.timestamp(), record.headers(), call);
  }

 private:
  class Call final : public AroundProcessor::Work {
   public:
    Call(Receiver<K, V>& receiver, const Record<K, V>& record)
        : receiver_(receiver), record_(record) {}
    void operator()() override { receiver_.process(record_); }

   private:
    Receiver<K, V>& receiver_;
    const Record<K, V>& record_;
  };

  AroundProcessor& around_;
  Receiver<K, V>& receiver_;
};

// The typed output of a node.
//
// A child that throws does not keep its siblings from the record: the task's failure handling
// decides, at the child that threw, whether to go on.
template <class K, class V>
class Edge {
 public:
  void operator()(const Record<K, V>& record) const {
    for (const Child& child : children_) give(child, record);
  }

  [[nodiscard]] bool accepts(const InputPort& port) const noexcept {
    return port.type == typeid(Record<K, V>);
  }
  // REQUIRES: accepts(node.input()).
  void add(Node& node) {
    auto* receiver = static_cast<Receiver<K, V>*>(node.input().receiver);
    if (node.around() != nullptr) {
      auto* wrapped = new WrappedReceiver<K, V>(*node.around(), *receiver);
      node.keep(std::unique_ptr<ReceiverWrapper>{wrapped});
      receiver = wrapped;
    }
    children_.push_back({receiver, &node});
  }
  [[nodiscard]] bool empty() const noexcept { return children_.empty(); }

  // Hands the record to one child. False if there is none of that name. Compares names.
  bool send(std::string_view child_name, const Record<K, V>& record) const {
    for (const Child& child : children_) {
      if (child.node->name() != child_name) continue;
      give(child, record);
      return true;
    }
    return false;
  }
  // "a", "b": the names of the children, for messages.
  [[nodiscard]] std::string names() const {
    std::string text;
    for (const Child& child : children_) {
      text += (text.empty() ? "\"" : ", \"") + child.node->name() + "\"";
    }
    return text;
  }

 private:
  struct Child {
    Receiver<K, V>* receiver;
    Node* node;
  };

  static void give(const Child& child, const Record<K, V>& record) {
    try {
      child.receiver->process(record);
    } catch (...) {
      child.node->context().failed(*child.node, record.timestamp(), record.headers());
    }
  }

  std::vector<Child> children_;
};

// A node that hands records on.
template <class K, class V>
class EmittingNode : public Node {
 public:
  void connect(Node& child) final {
    const InputPort port = child.input();
    if (!forward_.accepts(port)) refuse_child(child, typeid(Record<K, V>), port.type);
    forward_.add(child);
  }

 protected:
  void forward(const Record<K, V>& record) const { forward_(record); }
  // To one child. Throws StreamsError if there is none of that name.
  void forward(const Record<K, V>& record, std::string_view child) const {
    if (!forward_.send(child, record)) this->refuse_unknown_child(child, forward_.names());
  }

 private:
  Edge<K, V> forward_;
};

// A node between others: takes Record<KIn, VIn>, hands on Record<KOut, VOut>.
template <class KIn, class VIn, class KOut = KIn, class VOut = VIn>
class ProcessorNode : public EmittingNode<KOut, VOut>, public Receiver<KIn, VIn> {
 public:
  InputPort input() final { return InputPort::of<KIn, VIn>(*this); }
};

// Makes the nodes of one step, one for each task. Immutable; shared by the tasks of an application.
class MOLDAU_EXPORT NodeFactory {
 public:
  virtual ~NodeFactory();
  // A fresh node of that name, not connected.
  [[nodiscard]] std::unique_ptr<Node> make(const std::string& name) const;

 private:
  [[nodiscard]] virtual std::unique_ptr<Node> make_node() const = 0;
};

}  // namespace moldau::inline v0::processor
