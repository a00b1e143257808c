"""Writes tests/golden/registry_records.json: complete records, frame and all, as Confluent's own serialisers write them.

  confluent.py DESCRIPTOR_SET OUTPUT

Needs the packages confluent-kafka[avro,protobuf] 2.16.1 from PyPI. Their Java serialisers are not published where
this project takes its packages from; these are the same company's, with a registry in memory.
"""

import json
import sys
from pathlib import Path

from confluent_kafka.schema_registry import (
    SchemaRegistryClient, record_subject_name_strategy, topic_record_subject_name_strategy, topic_subject_name_strategy)
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

HERE = Path(__file__).resolve().parent
STRATEGIES = {
    "topic_name": topic_subject_name_strategy,
    "record_name": record_subject_name_strategy,
    "topic_record_name": topic_record_subject_name_strategy,
}
ORDER = {"type": "record", "name": "Order", "namespace": "shop", "fields": [
    {"name": "item", "type": "string"}, {"name": "count", "type": "int"},
    {"name": "note", "type": ["null", "string"], "default": None}]}


def avro_records():
    registry = SchemaRegistryClient.new_client({"url": "mock://avro"})
    for strategy in STRATEGIES:
        for key in (False, True):
            if key and strategy != "topic_name":
                continue
            serializer = AvroSerializer(registry, json.dumps(ORDER), conf={"subject.name.strategy": STRATEGIES[strategy]})
            context = SerializationContext("orders", MessageField.KEY if key else MessageField.VALUE)
            for value in ({"item": "tea", "count": 2, "note": "green"}, {"item": "salt", "count": -1, "note": None}):
                yield {"naming": strategy, "is_key": key, "value": value, "bytes": serializer(value, context).hex(),
                       "subject": STRATEGIES[strategy](context, "shop.Order")}


def classes(path):
    pool = descriptor_pool.DescriptorPool()
    names = []
    for file in descriptor_pb2.FileDescriptorSet.FromString(Path(path).read_bytes()).file:
        pool.Add(file)
        names.append(file.name)
    found = {}

    def collect(message):
        found[message.full_name] = message_factory.GetMessageClass(message)
        for nested in message.nested_types:
            collect(nested)

    for name in names:
        for message in pool.FindFileByName(name).message_types_by_name.values():
            collect(message)
    return found


def protobuf_records(path):
    registry = SchemaRegistryClient.new_client({"url": "mock://protobuf"})
    known = classes(path)
    for case in json.loads((HERE / "cases_protobuf.json").read_text()):
        kind = known[case["message"]]
        serializer = ProtobufSerializer(kind, registry, {"subject.name.strategy": topic_subject_name_strategy})
        context = SerializationContext("orders", MessageField.VALUE)
        message = json_format.ParseDict(case["value"], kind())
        yield {**case, "bytes": serializer(message, context).hex()}


def main(path, output):
    golden = {"made_by": "confluent-kafka for Python 2.16.1",
              "avro_schema": ORDER, "avro": list(avro_records()), "protobuf": list(protobuf_records(path))}
    Path(output).write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
