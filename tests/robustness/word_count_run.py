"""One word count on a broker: its topics, its processes, its input and the look at what came out."""

from application_run import ApplicationRun
from application_run import programs_argument as application_programs_argument
from processes import Failed

INPUT_PARTITIONS = 4


class WordCountRun(ApplicationRun):
    def __init__(self, world, seed, guarantee="exactly_once_v2", name="word-count", partitions=INPUT_PARTITIONS):
        super().__init__(world, seed, guarantee, name)
        self.input = f"{self.id}-lines"
        self.output = f"{self.id}-word-counts"
        self.changelog = f"{self.id}-counts-changelog"
        self.repartition = f"{self.id}-words-repartition"
        self.lines = 0
        world.tool("topics", "create", world.brokers, f"{self.input}:{partitions}", f"{self.output}:{partitions}")

    def start(self, name, *options, program="word_count_app", under=()):
        """Starts the instance `name` on its state."""
        return self.start_instance(name, program, "--input", self.input, "--output", self.output, *options,
                                   under=under)

    def produce(self, lines, rate=0, timestamp=-1):
        """Starts to send the next lines; 0: as fast as it goes. Returns the process."""
        first, self.lines = self.lines, self.lines + lines
        return self.world.start("producer", [
            self.world.program("line_producer"), "--brokers", self.world.brokers, "--topic", self.input, "--seed",
            self.seed, "--lines", lines, "--first", first, "--rate", rate, "--timestamp", timestamp])

    def produce_all(self, lines, timestamp=-1):
        producer = self.produce(lines, timestamp=timestamp)
        if producer.wait(300) != 0:
            raise Failed(f"the producer failed:\n{producer.tail()}")

    def wait_all_processed(self, seconds):
        """Until every line is counted and committed."""
        self.wait_drained(seconds, self.input, self.repartition)

    def verify(self, names=()):
        """Runs the verifier, with the stores of stopped instances. Returns its status and what it printed."""
        arguments = []
        if names:
            dump = self.world.folder / f"{self.id}-stores"
            self.dump_store(dump, "counts", names)
            arguments = ["--stores", dump]
        done = self.world.try_tool(
            "count_verifier", "--brokers", self.world.brokers, "--group", self.id, "--input", self.input, "--output",
            self.output, "--changelog", self.changelog, "--repartition", self.repartition, "--lines", self.lines,
            "--guarantee", self.guarantee, *arguments)
        if done.returncode not in (0, 1):
            raise Failed(f"the verifier failed: {done.stderr}")
        return done.returncode, done.stdout

    def delete_topics(self):
        self.world.tool("topics", "delete", self.world.brokers, self.input, self.output, self.changelog,
                        self.repartition)


class Flow:
    """Lines that keep coming, so many a second, as long as somebody says so: in batches."""

    def __init__(self, run, batch, rate):
        self.run = run
        self.batch = batch
        self.rate = rate
        self.producer = run.produce(batch, rate)

    def go_on(self):
        if self.producer.child.poll() is not None:
            self.finish()
            self.producer = self.run.produce(self.batch, self.rate)

    def finish(self):
        if self.producer.wait(120) != 0:
            raise Failed(f"the producer failed:\n{self.producer.tail()}")


def programs_argument(parser):
    application_programs_argument(parser)
    parser.add_argument("--broker-folder", default="", help="of a broker that runs; otherwise KAFKA_BROKERS, or an own one")
