using System.Diagnostics;
using System.Globalization;
using Millrace.Clustering.Files;

namespace Millrace.Local;

/// <content>The processes and their records.</content>
public sealed partial class LocalCluster
{
    private async Task<IReadOnlyList<LocalSilo>> LaunchAsync(
        IEnumerable<int> numbers, ClusterSettings settings, CancellationToken cancellationToken)
    {
        var program = SiloProgram.BesideThis();
        System.IO.Directory.CreateDirectory(Directory.Logs);
        System.IO.Directory.CreateDirectory(Directory.Silos);
        List<string> names = [.. numbers.Select(ClusterDirectory.SiloName)];
        List<StartingSilo> starting = [];
        try
        {
            starting.AddRange(names.Select(name => Launch(program, name, settings)));
            await _patience.UntilAsync(
                () => starting.All(silo => silo.IsActive) || starting.Any(silo => silo.HasExited),
                _options.StartTimeout,
                cancellationToken);
            StartingSilo? failed = starting.Find(silo => silo.HasExited) ?? starting.Find(silo => !silo.IsActive);
            if (failed is not null)
            {
                throw failed.Failure(_options.StartTimeout);
            }
        }
        catch
        {
            starting.ForEach(silo => silo.Kill());
            throw;
        }
        finally
        {
            starting.ForEach(silo => silo.Dispose());
        }

        return [.. Silos().Where(silo => names.Contains(silo.Name))];
    }

    private StartingSilo Launch(SiloProgram program, string name, ClusterSettings settings)
    {
        string output = Directory.OutputOf(name);
        File.Delete(output);
        File.Delete(Directory.RecordOf(name));
        var log = new FileInfo(Directory.LogOf(name));
        long logBegin = log.Exists ? log.Length : 0;
        Dictionary<string, string?> configuration = new(Directory.ToConfiguration())
        {
            ["Millrace:Silo:Name"] = name,
            ["Millrace:Silo:Record"] = Directory.RecordOf(name),
            ["Millrace:Silo:Detached"] = "true",
            ["Millrace:Slots:Count"] = settings.SlotsPerSilo.ToString(CultureInfo.InvariantCulture),
            ["Millrace:Logging:File"] = Directory.LogOf(name),
            ["Millrace:Logging:Console"] = "false",
        };
        foreach ((string key, string value) in settings.Settings)
        {
            configuration[key] = value;
        }

        Process process = program.Start(configuration.Select(setting => $"--{setting.Key}={setting.Value}"), output);
        return new StartingSilo(name, process, Directory, logBegin);
    }

    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        System.IO.Directory.CreateDirectory(Directory.Root);
        try
        {
            return await FileLock.AcquireAsync(Directory.LockFile, LockTimeout, _time, cancellationToken);
        }
        catch (TimeoutException taken)
        {
            throw new LocalClusterException(
                $"Cluster '{Directory.Name}' is being started or stopped by another command. {taken.Message}");
        }
    }

    private IEnumerable<SiloRecord> Records()
    {
        if (!System.IO.Directory.Exists(Directory.Silos))
        {
            return [];
        }

        return System.IO.Directory.EnumerateFiles(Directory.Silos, "*.json")
            .Select(SiloRecord.TryRead)
            .OfType<SiloRecord>()
            .OrderBy(record => NumberOf(record.Name))
            .ThenBy(record => record.Name, StringComparer.Ordinal);
    }

    /// <summary>What only running silos need: their records, and the packages they have unpacked.</summary>
    private void DeleteTraces()
    {
        foreach (string directory in new[] { Directory.Silos, Directory.Unpacked })
        {
            if (System.IO.Directory.Exists(directory))
            {
                System.IO.Directory.Delete(directory, recursive: true);
            }
        }
    }

    private static void Terminate(SiloRecord record)
    {
        if (!PosixProcess.TryTerminate(record.Pid) && OperatingSystem.IsWindows())
        {
            Kill(record);
        }
    }

    private static void Kill(SiloRecord record)
    {
        try
        {
            using var process = Process.GetProcessById(record.Pid);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // Gone in the meantime.
        }
    }
}
