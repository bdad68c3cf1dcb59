using Millrace.Connectors;
using Millrace.Connectors.Blackhole;
using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.Failures;
using Millrace.Jobs;

namespace Millrace.Programs;

/// <summary>What the error of a job says about where its program threw.</summary>
[TestClass]
public sealed class FailurePlaceTests
{
    // With one subtask the operator finds the key itself, with two whoever writes to it.
    [TestMethod]
    [DataRow(1, "elements")]
    [DataRow(2, "elements")]
    [DataRow(1, "source")]
    [DataRow(2, "source")]
    [DataRow(2, "map")]
    public async Task A_key_selector_that_throws_is_told_by_the_operator_it_is_for(int parallelism, string from)
    {
        FailureInfo failure = await FailureOfAsync<KeyedJob>(
            "--parallelism", $"{parallelism}", "--from", from);

        Assert.AreEqual("no key of 7", failure.Message);
        Assert.AreEqual("count them", failure.Place.Operator);
    }

    [TestMethod]
    public async Task A_partitioner_that_throws_is_told_by_the_operator_it_is_for()
    {
        FailureInfo failure = await FailureOfAsync<PartitionedJob>();

        Assert.AreEqual("no way for 7", failure.Message);
        Assert.AreEqual("take them", failure.Place.Operator);
    }

    [TestMethod]
    public async Task A_generator_that_throws_is_told_by_the_index_it_was_called_with()
    {
        FailureInfo failure = await FailureOfAsync<GeneratedJob>();

        Assert.AreEqual("index 7", failure.Place.SourcePosition);
        Assert.AreEqual("made up", failure.Place.Operator);
    }

    // Not a range from it to itself.
    [TestMethod]
    public async Task One_record_alone_is_told_as_one()
    {
        FailureInfo failure = await FailureOfAsync<KeyedJob>(
            "--parallelism", "2", "--from", "source", "--first", "7", "--last", "7");

        Assert.AreEqual("number 7", failure.Place.SourcePosition);
    }

    private static async Task<FailureInfo> FailureOfAsync<TJob>(params string[] args)
        where TJob : IStreamJob
    {
        JobFailedException failed = await Assert.ThrowsExactlyAsync<JobFailedException>(
            () => StreamJob.ExecuteAsync<TJob>(args));
        Assert.AreEqual(JobStatus.Failed, failed.Result.Status);
        return failed.Result.Failure!;
    }

    internal sealed class KeyedJob : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args)
        {
            env.SetParallelism(args.GetInt32("parallelism", 1));
            DataStream<long> numbers = args["from"] == "elements"
                ? env.FromElements(1L, 7L)
                : env.FromSequence(args.GetInt64("first", 1), args.GetInt64("last", 10));
            (args["from"] == "map" ? numbers.Map(number => number) : numbers)
                .KeyBy(number => number == 7 ? throw new NotSupportedException("no key of 7") : number)
                .Count()
                .Name("count them")
                .SinkTo(new DiscardSink<Keyed<long, long>>());
        }
    }

    internal sealed class PartitionedJob : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args) =>
            env.SetParallelism(2)
                .FromSequence(1, 10)
                .PartitionCustom(
                    (number, targets) => number == 7 ? throw new NotSupportedException("no way for 7") : 0,
                    number => number)
                .SinkTo(new DiscardSink<long>())
                .Name("take them");
    }

    internal sealed class GeneratedJob : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args) =>
            env.SetParallelism(1)
                .FromSource(DataGenerator.Source(
                    index => index == 7 ? throw new NotSupportedException("no 7") : index, count: 100))
                .Name("made up")
                .SinkTo(new DiscardSink<long>());
    }
}
