#include "moldau/processor/node.h"

#include "moldau/base/error.h"
#include "moldau/processor/nodes/process.h"

#include <cxxabi.h>

#include <cstdlib>

namespace moldau::inline v0 {

AroundProcessor::~AroundProcessor() = default;
AroundProcessor::Work::~Work() = default;

}  // namespace moldau::inline v0

namespace moldau::inline v0::processor {

TaskContext::~TaskContext() = default;
Node::~Node() = default;
ReceiverWrapper::~ReceiverWrapper() = default;
NodeFactory::~NodeFactory() = default;

void Node::init(TaskContext& context) { context_ = &context; }

void Node::refuse_child(const Node& child, std::type_index emits, std::type_index takes) const {
  throw TopologyError("\"" + name() + "\" emits " + readable_type(emits) + " but \"" +
                      child.name() + "\" takes " + readable_type(takes));
}

void Node::refuse_unknown_child(std::string_view child, const std::string& children) const {
  throw StreamsError("\"" + name() + "\" forwards to \"" + std::string{child} +
                     "\", which is none of its children: " +
                     (children.empty() ? std::string{"it has none"} : children));
}

void refuse_missing_processor(const Node& node) {
  throw TopologyError("the supplier of \"" + node.name() +
                      "\" gave no processor: it must return a new one at each call");
}

std::unique_ptr<Node> NodeFactory::make(const std::string& name) const {
  std::unique_ptr<Node> node = make_node();
  node->name_ = name;
  return node;
}

namespace {

std::string demangled(const char* mangled) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text{
      abi::__cxa_demangle(mangled, nullptr, nullptr, &status), std::free};
  return status == 0 && text != nullptr ? std::string{text.get()} : std::string{mangled};
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

std::string readable_type(std::type_index record_type) {
  std::string text = demangled(record_type.name());
  replace_all(text,
              "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >",
              "string");
  replace_all(text, "moldau::v0::", "");
  replace_all(text, "Record<", "<");
  replace_all(text, " >", ">");
  return text;
}

}  // namespace moldau::inline v0::processor
