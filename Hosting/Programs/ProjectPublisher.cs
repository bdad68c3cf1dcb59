using System.Diagnostics;
using System.Reflection;

namespace Millrace.Programs;

/// <summary>Builds the project of a program and collects all it needs in a folder: <c>dotnet publish</c>.</summary>
internal sealed class ProjectPublisher(PublishOptions options, TimeProvider time)
{
    private const int MaxLines = 10_000;
    private const int MaxErrorLines = 20;

    // Compilers that stay in the background may keep our end of the output open.
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(5);

    private readonly PublishOptions _options = options;
    private readonly TimeProvider _time = time;

    /// <summary>Publishes a project into a temporary folder.</summary>
    /// <param name="project">Path of the project file.</param>
    /// <param name="cancellationToken">Ends the build.</param>
    /// <returns>To be disposed, which deletes the folder.</returns>
    /// <exception cref="PublishFailedException">It does not build, takes too long, or there is no .NET SDK.</exception>
    public async Task<ProgramFolder> PublishAsync(string project, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("millrace-publish-").FullName;
        var program = new ProgramFolder(folder, mainAssembly: null, temporary: folder);
        try
        {
            await RunAsync(project, folder, cancellationToken);
            return program;
        }
        catch
        {
            program.Dispose();
            throw;
        }
    }

    private async Task RunAsync(string project, string folder, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var lines = new List<string>();
        using Process process = Start(project, folder);
        Task output = Task.WhenAll(
            CollectAsync(process.StandardOutput, lines), CollectAsync(process.StandardError, lines));
        try
        {
            await process.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await WaitForOutputAsync(output);
            cancellationToken.ThrowIfCancellationRequested();
            throw new PublishFailedException(
                project, $"it took longer than {_options.Timeout} (Millrace:Publish:Timeout)", Tail(lines));
        }

        await WaitForOutputAsync(output);
        if (process.ExitCode != 0)
        {
            throw new PublishFailedException(
                project, $"dotnet publish ended with exit code {process.ExitCode}", Errors(lines));
        }
    }

    private Process Start(string project, string folder)
    {
        var start = new ProcessStartInfo(_options.DotnetPath ?? FindDotnet())
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetDirectoryName(project)!,
        };
        string[] arguments =
        [
            "publish", project, "--configuration", _options.Configuration ?? OwnConfiguration(), "--output", folder,
            "--nologo", "--verbosity", "quiet", "-consoleLoggerParameters:NoSummary",
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Nothing that this build starts shall stay behind, nor shall a build that we are part of lead it astray.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        foreach (string variable in new[] { "MSBuildSDKsPath", "MSBUILD_EXE_PATH", "MSBuildExtensionsPath" })
        {
            start.Environment.Remove(variable);
        }

        try
        {
            return Process.Start(start)
                ?? throw new PublishFailedException(project, $"'{start.FileName}' does not start", "");
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new PublishFailedException(
                project,
                $"'{start.FileName}' does not start ({error.Message}); the .NET SDK is needed to build it",
                "");
        }
    }

    private static async Task CollectAsync(StreamReader reader, List<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (lines)
            {
                if (lines.Count < MaxLines && line.Length > 0)
                {
                    lines.Add(line);
                }
            }
        }
    }

    private async Task WaitForOutputAsync(Task output)
    {
        try
        {
            await output.WaitAsync(OutputGrace, _time);
        }
        catch (TimeoutException)
        {
            // What was printed is there; who holds the other end is no matter of ours.
        }
    }

    private static string Errors(List<string> lines)
    {
        lock (lines)
        {
            string[] errors =
            [
                .. lines.Where(line => line.Contains(": error ", StringComparison.Ordinal))
                    .Select(line => line.Trim()).Distinct(StringComparer.Ordinal),
            ];
            if (errors.Length == 0)
            {
                return Tail(lines);
            }

            int more = errors.Length - MaxErrorLines;
            return string.Join(
                Environment.NewLine, errors.Take(MaxErrorLines).Concat(more > 0 ? [$"... and {more} more"] : []));
        }
    }

    private static string Tail(List<string> lines)
    {
        lock (lines)
        {
            return string.Join(Environment.NewLine, lines.TakeLast(MaxErrorLines));
        }
    }

    private static string OwnConfiguration() =>
        typeof(ProjectPublisher).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration
            is { Length: > 0 } configuration
            ? configuration
            : "Release";

    private static string FindDotnet()
    {
        string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        string? root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        string?[] candidates =
        [
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH"),
            Path.GetFileName(Environment.ProcessPath) == name ? Environment.ProcessPath : null,
            root is null ? null : Path.Combine(root, name),
        ];
        return candidates.FirstOrDefault(File.Exists) ?? name;
    }
}
