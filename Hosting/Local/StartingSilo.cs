using System.Diagnostics;

namespace Millrace.Local;

/// <summary>A silo process between its start and its first word as a member of the cluster.</summary>
/// <param name="name">Of the silo.</param>
/// <param name="process">Its process.</param>
/// <param name="cluster">Its cluster.</param>
/// <param name="logBegin">Where its log begins, in the file that earlier silos of the name have written.</param>
internal sealed class StartingSilo(string name, Process process, ClusterDirectory cluster, long logBegin) : IDisposable
{
    private const int TailLines = 30;

    /// <summary>Of what is printed on a failed start; a log line may hold a long exception.</summary>
    private const int TailBytes = 16 * 1024;

    private string RecordPath => cluster.RecordOf(name);

    public bool IsActive => Own() is { State: SiloState.Active };

    public bool HasExited => process.HasExited;

    /// <summary>What went wrong: its end, or that it is late, with the end of its log.</summary>
    public SiloStartException Failure(TimeSpan limit)
    {
        string what = process.HasExited
            ? $"ended with exit code {process.ExitCode} while it started"
            : $"is not active after {limit}";
        if (process.HasExited && process.ExitCode == SiloExit.WrongConfiguration)
        {
            string reason = string.Concat(LogTail.Read(cluster.LogOf(name), lines: 1, TailBytes, logBegin));
            return new SiloStartException($"{name} of cluster '{cluster.Name}' did not start. {reason}");
        }

        string log = cluster.LogOf(name);
        IEnumerable<string> tail = LogTail.Read(log, TailLines, TailBytes, logBegin)
            .Concat(LogTail.Read(cluster.OutputOf(name), TailLines, TailBytes));
        string told = string.Join(Environment.NewLine, tail.Prepend($"The end of '{log}':"));
        return new SiloStartException($"{name} of cluster '{cluster.Name}' {what}. {told}");
    }

    public void Kill()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        File.Delete(RecordPath);
    }

    public void Dispose() => process.Dispose();

    /// <summary>The record that this process wrote, not one of an earlier silo with the same name.</summary>
    private SiloRecord? Own() =>
        SiloRecord.TryRead(RecordPath) is { } record && record.Pid == process.Id ? record : null;
}
