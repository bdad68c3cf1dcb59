using Millrace.Connectors;
using Millrace.Execution;

namespace Millrace.State.Disk;

/// <summary>A part of the disk for a test, which is all gone at its end.</summary>
internal sealed class DiskSpace : IDisposable
{
    /// <summary>So little that rows are handed on and forgotten all the time.</summary>
    public const long Tight = 4L << 20;

    private readonly TemporaryDirectory _directory = new();
    private readonly SystemExecution _execution = new(
        new WorkerOptions { Threads = 1 }, new SocketTransport(), TimeProvider.System);

    public DiskSpace(long memory = 32L << 20, long most = 1L << 30)
    {
        Space = new DiskStateSpace(_execution, new DiskStateOptions
        {
            Directory = Folder,
            MemoryBudget = memory,
            MaxBytes = most,
        });
        State = new StateEnvironment(StateBackend.Disk, Space);
    }

    public DiskStateSpace Space { get; }

    public StateEnvironment State { get; }

    /// <summary>Threads.</summary>
    public IExecution Execution => _execution;

    /// <summary>Where the folders of processes stand.</summary>
    public string Folder => _directory["state"];

    /// <summary>The folders of databases that are there.</summary>
    public string[] Databases => [.. Directory.GetDirectories(Folder).SelectMany(Directory.GetDirectories)];

    /// <summary>A further space in the same folder, as of another process.</summary>
    public DiskStateSpace Another() => new(_execution, new DiskStateOptions { Directory = Folder });

    public void Dispose()
    {
        Space.Dispose();
        Assert.IsFalse(
            Directory.Exists(Folder) && Directory.GetDirectories(Folder).Length > 0,
            $"Nothing stays behind; {Space.OpenDatabases} databases are open. When the test failed before it closed " +
            "them, this hides why.");
        _execution.Dispose();
        _directory.Dispose();
    }
}
