using System.Globalization;
using Millrace.Checkpointing.Storage;
using Millrace.Connectors;
using Millrace.Connectors.Files;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Simulation;
using Millrace.Tasks;

namespace Millrace.Checkpointing;

/// <summary>A job in one or more parts that writes numbers into files, some of which the user may have moved
/// meanwhile.</summary>
internal sealed class FileJob(UnevenSource source) : IDisposable
{
    private readonly TemporaryDirectory _output = new();
    private readonly TemporaryDirectory _elsewhere = new();
    private int _moved;

    /// <summary>All rows that there are to be, each once.</summary>
    public string[] Expected => [.. source.All.Select(Text)];

    /// <summary>The rows of all visible files, those that were moved included.</summary>
    public string[] Rows => [.. RowsIn(_output), .. RowsIn(_elsewhere)];

    /// <summary>Names of the hidden files.</summary>
    public string[] Hidden => [.. Directory.GetFiles(_output.FullPath, ".*").Select(path => Path.GetFileName(path))];

    /// <summary>Begins it.</summary>
    public SimulatedCluster Begin(int seed, Func<CheckpointSettings, CheckpointSettings>? configure = null) => new(
        new SimulatedExecution(seed), silos: 2, parallelism: 2, env => Define(env, configure, restarts: 100));

    /// <summary>Begins it; the first failure is its last one.</summary>
    public SimulatedCluster BeginOnce(int seed, Func<CheckpointSettings, CheckpointSettings> configure) => new(
        new SimulatedExecution(seed), silos: 2, parallelism: 2, env => Define(env, configure, restarts: 0));

    /// <summary>Another job goes on from what one has left.</summary>
    public SimulatedCluster GoOn(SimulatedCluster former, string path) =>
        former.GoOn(new RestoreSettings(path), parallelism: 2, env => Define(env, null, restarts: 100), silos: 2);

    /// <summary>Whether a subtask of the sink has finished.</summary>
    public static bool HasFinished(SimulatedCluster cluster, int subtask) =>
        cluster.Details.Vertices[^1].Subtasks[subtask].State == ExecutionState.Finished;

    /// <summary>Whether the latest checkpoint of the record has committed all there was.</summary>
    public static bool IsCommitted(SimulatedCluster cluster) => cluster.Recorded is [var latest, ..]
        && cluster.Checkpoints.Files.Any(path => path.EndsWith(
            $"/{CheckpointFiles.Committed(latest.Reference)}", StringComparison.Ordinal));

    /// <summary>The user takes away what is visible.</summary>
    /// <returns>How many files.</returns>
    public int MoveAway()
    {
        string[] visible = Directory.GetFiles(_output.FullPath, "part-*");
        foreach (string path in visible)
        {
            File.Move(path, Path.Combine(_elsewhere.FullPath, $"part-{_moved++}"));
        }

        return visible.Length;
    }

    /// <summary>Somebody else writes where the sink is about to: it cannot commit.</summary>
    public void PutInTheWay()
    {
        string[] ends = [.. Directory.GetFiles(_output.FullPath, "part-*").Select(Path.GetExtension).Distinct()!];
        for (int number = 1; number < 100; number++)
        {
            string path = Path.Combine(_output.FullPath, $"part-00001-{number}{ends[0]}");
            if (!File.Exists(path))
            {
                File.WriteAllText(path, "");
            }
        }
    }

    /// <summary>What was in the way is gone.</summary>
    public void Clear()
    {
        foreach (string path in Directory.GetFiles(_output.FullPath, "part-*"))
        {
            if (new FileInfo(path).Length == 0)
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>Each row is there once.</summary>
    public void RequireRows(SimulatedCluster cluster, string what)
    {
        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"{what}: {cluster.Failure}");
        CollectionAssert.AreEquivalent(Expected, Rows, what);
    }

    public void Dispose()
    {
        _output.Dispose();
        _elsewhere.Dispose();
    }

    /// <summary>The rows of all visible files of a directory.</summary>
    public static string[] RowsIn(TemporaryDirectory directory) =>
        [.. Directory.GetFiles(directory.FullPath, "part-*").SelectMany(File.ReadAllLines)];

    /// <summary>The row of a number.</summary>
    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private void Define(
        StreamExecutionEnvironment env, Func<CheckpointSettings, CheckpointSettings>? configure, int restarts) =>
        env.SetRuntimeMode(RuntimeMode.Streaming)
            .EnableCheckpointing(TimeSpan.FromMilliseconds(20), configure)
            .SetRestartStrategy(restarts == 0
                ? RestartSettings.None
                : RestartSettings.FixedDelay(restarts, TimeSpan.FromMilliseconds(5)))
            .FromSource(source)
            .SinkTo(FileSink.Text(_output.FullPath).For<long>());
}
