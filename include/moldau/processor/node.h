#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/export.h"
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

// A step of the graph as one task runs it. Made by a NodeFactory, connected once, then used on the
// thread of its task only.
class MOLDAU_EXPORT Node {
 public:
  Node() = default;
  virtual ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  // What parents send to. Sources have none: REQUIRES that this node is not a source.
  [[nodiscard]] virtual InputPort input() = 0;

  // Adds a child: forwarding goes to children in the order they were added, depth first. Throws
  // TopologyError naming both nodes if the child takes another type, or if this node is a sink.
  virtual void connect(Node& child) = 0;

  // Called once, stores open and children connected; parents before children. Overrides call
  // Node::init() first.
  virtual void init(TaskContext& context);
  // Called once, in the order of init().
  virtual void close() {}

  // The task this node works for. REQUIRES: init() has been called.
  [[nodiscard]] TaskContext& context() const noexcept { return *context_; }

 protected:
  [[noreturn]] void refuse_child(const Node& child, std::type_index emits,
                                 std::type_index takes) const;

 private:
  friend class NodeFactory;
  std::string name_;
  TaskContext* context_ = nullptr;
};

// The typed output of a node.
//
// A child that throws does not keep its siblings from the record: the task's failure handling
// decides, at the child that threw, whether to go on.
template <class K, class V>
class Edge {
 public:
  void operator()(const Record<K, V>& record) const {
    for (const Child& child : children_) {
      try {
        child.receiver->process(record);
      } catch (...) {
        child.node->context().failed(*child.node, record.timestamp(), record.headers());
      }
    }
  }

  [[nodiscard]] bool accepts(const InputPort& port) const noexcept {
    return port.type == typeid(Record<K, V>);
  }
  // REQUIRES: accepts(node.input()).
  void add(Node& node) {
    children_.push_back({static_cast<Receiver<K, V>*>(node.input().receiver), &node});
  }
  [[nodiscard]] bool empty() const noexcept { return children_.empty(); }

 private:
  struct Child {
    Receiver<K, V>* receiver;
    Node* node;
  };
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
