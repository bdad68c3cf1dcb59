using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Clustering.Files;

namespace Millrace.Clustering;

/// <summary>What the child processes of the file membership tests do.</summary>
internal static class MembershipChild
{
    public const string ClusterId = "contract";

    public static Task RunAsync(string[] args) => args switch
    {
        ["hold", string directory] => HoldAsync(directory),
        ["join", string directory, string port] => JoinAsync(directory, Number(port)),
        ["die-aside", string directory, string port] => DieAsideAsync(directory, Number(port)),
        ["vote", string directory, string silo, string voter, string votes] =>
            VoteAsync(directory, SiloAddress.FromParsableString(silo), Number(voter), Number(votes)),
        ["silo", string directory] => RunSiloAsync(directory),
        _ => throw new ArgumentException($"No membership child does '{string.Join(' ', args)}'."),
    };

    public static FileMembershipTable Open(
        string directory, Action? beforeReplace = null, TimeSpan? lockTimeout = null) =>
        new(Locate(directory, beforeReplace, lockTimeout), NullLogger<FileMembershipTable>.Instance);

    public static MembershipDirectory Locate(
        string directory, Action? beforeReplace = null, TimeSpan? lockTimeout = null) =>
        new(directory, ClusterId, lockTimeout ?? TimeSpan.FromSeconds(30), TimeProvider.System)
        {
            BeforeReplace = beforeReplace,
        };

    /// <summary>One vote after the other, each on the newest table, until all are written.</summary>
    public static async Task VoteAsync(string directory, SiloAddress silo, int voter, int votes)
    {
        IMembershipTable table = Open(directory);
        for (int vote = 0; vote < votes;)
        {
            MembershipTableData seen = await table.ReadAllAsync();
            (MembershipEntry entry, string etag) = seen.TryGet(silo)!.ToValueTuple();
            entry.AddSuspector(SiloAddress.New(IPAddress.Loopback, voter, 1 + vote), entry.StartTime.AddSeconds(vote));
            vote += await table.UpdateRowAsync(entry, etag, seen.Version.Next()) ? 1 : 0;
        }

        Say("voted");
    }

    private static async Task HoldAsync(string directory)
    {
        await using FileStream held = await FileLock.AcquireAsync(
            Locate(directory).LockPath, TimeSpan.FromSeconds(30), TimeProvider.System, CancellationToken.None);
        Say("held");
        await WaitForEndAsync();
    }

    /// <summary>The row of an active silo, inserted by a process that lives until it is killed.</summary>
    private static async Task JoinAsync(string directory, int port)
    {
        await InsertAsync(Open(directory), port);
        Say("joined");
        await WaitForEndAsync();
    }

    private static async Task RunSiloAsync(string directory)
    {
        await using TestSilo silo = await TestSilo.StartAsync(
            new ClusteringOptions { ClusterId = "silos", Directory = directory });
        Say($"active {silo.Address.ToParsableString()}");
        await WaitForEndAsync();
    }

    private static async Task DieAsideAsync(string directory, int port)
    {
        await InsertAsync(Open(directory, beforeReplace: Process.GetCurrentProcess().Kill), port);
        Say("survived");
    }

    private static async Task InsertAsync(FileMembershipTable opened, int port)
    {
        IMembershipTable table = opened;
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true);
        var entry = new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Loopback, port, 1),
            HostName = "host",
            SiloName = $"child {port}",
            Status = SiloStatus.Active,
            ProxyPort = port + 1,
            StartTime = TimeProvider.System.GetUtcNow().UtcDateTime,
            IAmAliveTime = TimeProvider.System.GetUtcNow().UtcDateTime,
        };
        while (!await table.InsertRowAsync(entry, (await table.ReadAllAsync()).Version.Next()))
        {
            // Another one was faster; once more on the newest table.
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void Say(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }

    /// <summary>Until the test kills this process, or has gone itself.</summary>
    private static Task WaitForEndAsync() => Console.In.ReadToEndAsync();
}
