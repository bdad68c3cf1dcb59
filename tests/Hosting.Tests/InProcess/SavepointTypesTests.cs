using Millrace.Checkpointing;
using Millrace.Checkpointing.Savepoints;
using Millrace.Connectors;
using Millrace.Connectors.Datagen;
using Millrace.Connectors.Files;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Jobs.Storage;
using Millrace.Programs;
using Millrace.Savepoints;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Snapshots;
using Millrace.Tasks;

namespace Millrace.InProcess;

/// <summary>What is said of a savepoint before a program goes on from it is what happens then: by the types of its
/// states.</summary>
[TestClass]
public sealed class SavepointTypesTests
{
    private static MiniCluster Cluster { get; set; } = null!;

    private static TemporaryDirectory Places { get; set; } = null!;

    private static string Savepoint { get; set; } = "";

    [ClassInitialize]
    public static async Task TakeAsync(TestContext _)
    {
        Places = new TemporaryDirectory();
        Cluster = await MiniCluster.StartAsync(new MiniClusterOptions { Silos = 1, SlotsPerSilo = 2 });
        await Eventually.HasSlotsAsync(Cluster, 2);
        JobHandle job = await Cluster.SubmitAsync<States>(ArgsOf("same"), parallelism: 2);
        await Eventually.HoldsAsync(() => Directory.Exists(Places["same"])
            && Directory.EnumerateFiles(Places["same"], "*", SearchOption.AllDirectories).Any());
        Savepoint = await job.StopWithSavepointAsync(Places["savepoints"]);
    }

    [ClassCleanup]
    public static async Task EndAsync()
    {
        await Cluster.DisposeAsync();
        Places.Dispose();
    }

    // Each change of a program, what is said of it, and what comes of it.
    [TestMethod]
    [DataRow("same", true, "")]
    [DataRow("wider", true, "")]
    [DataRow("record grown", true, "")]
    [DataRow("without list", true, "List 'list'")]
    [DataRow("renamed", true, "Value 'count'")]
    [DataRow("narrower", false, "'count'")]
    [DataRow("text", false, "'count'")]
    [DataRow("another kind", false, "'count'")]
    [DataRow("record changed", false, "'record'")]
    [DataRow("map of others", false, "'map'")]
    [DataRow("another key", false, "")]
    public async Task What_is_said_of_types_is_what_a_restore_does(string variant, bool isReadable, string named)
    {
        SavepointReader savepoint = await SavepointReader.OpenAsync(Savepoint);
        SavepointCheck check = await SavepointCheck.OfAsync<States>(savepoint, ArgsOf(variant));

        Assert.AreEqual(isReadable, check.Unreadable.Count == 0, string.Join(" ", check.Unreadable));
        Assert.IsEmpty(check.Untried);
        IReadOnlyList<string> said = isReadable ? check.DroppedStates : check.Unreadable;
        Assert.AreEqual(
            named.Length > 0, said.Any(one => named.Length > 0 && one.Contains(named, StringComparison.Ordinal)),
            $"{variant}: {string.Join(" ", said)}");
        Assert.AreEqual(isReadable, check.IsCompatible, variant);

        JobHandle job = await Cluster.SubmitAsync<States>(
            ArgsOf(variant), new RestoreSettings(Savepoint), parallelism: 1);
        JobDetails details = await job.GetDetailsAsync();
        await Eventually.HoldsAsync(async () =>
        {
            details = await job.GetDetailsAsync();
            return details.Status == JobStatus.Failed || details.Vertices.All(static vertex =>
                vertex.Subtasks.All(static subtask => subtask.State == ExecutionState.Running));
        });
        Assert.AreEqual(isReadable, details.Status != JobStatus.Failed, $"{variant}: {details.Failure}");
        if (isReadable)
        {
            await job.CancelAsync();
        }
        else if (check.Unreadable[0] is { } reason)
        {
            Assert.Contains(reason, details.Failure!.Message);
        }

        await job.WaitAsync();
    }

    [TestMethod]
    public async Task Splits_are_read_with_the_types_of_the_programs_source()
    {
        SavepointReader savepoint = await SavepointReader.OpenAsync(Savepoint);

        SavepointCheck same = await SavepointCheck.OfAsync<States>(savepoint, ArgsOf("same"));
        SavepointCheck other = await SavepointCheck.OfAsync<States>(savepoint, ArgsOf("another source"));
        SavepointCheck none = await SavepointCheck.OfAsync<States>(savepoint, ArgsOf("no source"));

        Assert.IsEmpty(same.Unreadable);
        Assert.Contains("Splits of source", other.Unreadable.Single());
        Assert.IsEmpty(none.Unreadable);
        Assert.IsTrue(
            none.DroppedStates.Any(static one => one.Contains("splits", StringComparison.Ordinal)
                && one.Contains("uid numbers", StringComparison.Ordinal)),
            string.Join(" ", none.DroppedStates));
    }

    // As those of a reader that had not got them when the cut was made.
    [TestMethod]
    public async Task Splits_that_the_job_was_about_to_hand_out_are_read_like_those_of_readers()
    {
        string folder = new Uri(Savepoint).LocalPath;
        string other = Places["other splits"];
        Directory.CreateDirectory(other);
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            File.Copy(file, Path.Combine(other, Path.GetFileName(file)));
        }

        string metadata = Path.Combine(other, "_metadata");
        SavepointMetadata read = JobRecordFormat.Read<SavepointMetadata>(
            SavepointFolder.Kind, metadata, await File.ReadAllBytesAsync(metadata));
        OperatorItems texts = OperatorItems.Of(["a split"], new SerializerSet().Get<string>());
        SavepointMetadata changed = read with
        {
            Snapshot = read.Snapshot with
            {
                Sources =
                [
                    .. read.Snapshot.Sources.Select(source => source with
                    {
                        Shape = texts.Shape, Returned = [.. texts.Values],
                    }),
                ],
            },
        };
        await File.WriteAllBytesAsync(metadata, JobRecordFormat.Write(SavepointFolder.Kind, changed));

        SavepointCheck check = await SavepointCheck.OfAsync<States>(
            await SavepointReader.OpenAsync(other), ArgsOf("same"));
        Assert.Contains("Splits of source", check.Unreadable.Single());
    }

    // Code of the program that cannot run here says nothing about its states.
    [TestMethod]
    public async Task A_function_that_cannot_be_opened_here_is_said_to_be_untried()
    {
        SavepointReader savepoint = await SavepointReader.OpenAsync(Savepoint);

        SavepointCheck check = await SavepointCheck.OfAsync<States>(savepoint, ArgsOf("throws"));

        Assert.IsEmpty(check.Unreadable);
        Assert.Contains("no such service", check.Untried.Single());
    }

    private static string[] ArgsOf(string variant) => ["--variant", variant, "--output", Places[variant]];

    internal sealed record Person(string Name, int Age);

    internal sealed record Stamp(int Year);

    internal sealed class States : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args)
        {
            string variant = args["variant"];
            env.SetRuntimeMode(RuntimeMode.Streaming).EnableCheckpointing(TimeSpan.FromMilliseconds(200));
            DataStream<long> numbers = variant switch
            {
                "another source" => env.FromSource(FileSource.ReadLines(args["output"])).WithUid("numbers")
                    .Map(long.Parse),
                "no source" => env.FromSource(DataGenerator.Source(i => i, recordsPerSecond: 200)).WithUid("others")
                    .Map(static value => value).WithUid("numbers"),
                _ => env.FromSource(DataGenerator.Source(i => i, recordsPerSecond: 200)).WithUid("numbers"),
            };
            DataStream<string> rows = variant == "another key"
                ? numbers.KeyBy(static value => $"{value % 5}").Process(new Kept<string>("same")).WithUid("states")
                : numbers.KeyBy(static value => value % 5).Process(new Kept<long>(variant)).WithUid("states");
            rows.SinkTo(FileSink.Text(args["output"]));
        }
    }

    private sealed class Kept<TKey>(string variant) : KeyedProcessFunction<TKey, long, string>
    {
        private IValueState<int>? _count;
        private IListState<string>? _list;
        private IMapState<string, int>? _map;
        private IValueState<Person>? _record;

        public override void Open(RuntimeContext context)
        {
            switch (variant)
            {
                case "throws":
                    throw new InvalidOperationException("no such service");
                case "wider":
                    context.GetState(new ValueStateDescriptor<long>("count"));
                    break;
                case "narrower":
                    context.GetState(new ValueStateDescriptor<short>("count"));
                    break;
                case "text":
                    context.GetState(new ValueStateDescriptor<string>("count"));
                    break;
                case "another kind":
                    context.GetState(new ListStateDescriptor<int>("count"));
                    break;
                case "renamed":
                    _count = context.GetState(new ValueStateDescriptor<int>("number"));
                    break;
                default:
                    _count = context.GetState(new ValueStateDescriptor<int>("count"));
                    break;
            }

            if (variant != "without list")
            {
                _list = context.GetState(new ListStateDescriptor<string>("list"));
            }

            if (variant == "map of others")
            {
                context.GetState(new MapStateDescriptor<string, Stamp>("map"));
            }
            else
            {
                _map = context.GetState(new MapStateDescriptor<string, int>("map"));
            }

            OpenRecord(context);
        }

        public override void ProcessElement(long value, Context context, ICollector<string> output)
        {
            _count?.Update(_count.Value + 1);
            _list?.Add($"{value}");
            if (_map is not null)
            {
                _map[$"{value % 3}"] = (int)value;
            }

            _record?.Update(new Person("a", (int)value));
            output.Emit($"{value}");
        }

        private void OpenRecord(RuntimeContext context)
        {
            if (variant == "record grown")
            {
                context.GetState(new ValueStateDescriptor<Grown.Person>("record"));
            }
            else if (variant == "record changed")
            {
                context.GetState(new ValueStateDescriptor<Changed.Person>("record"));
            }
            else
            {
                _record = context.GetState(new ValueStateDescriptor<Person>("record"));
            }
        }
    }

    private static class Grown
    {
        // One field wider, one new, in another order.
        internal sealed record Person(long Age, string Name, string? City);
    }

    private static class Changed
    {
        internal sealed record Person(string Name, string Age);
    }
}
