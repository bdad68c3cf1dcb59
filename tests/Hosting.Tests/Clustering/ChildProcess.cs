using System.Diagnostics;

namespace Millrace.Clustering;

/// <summary>This test assembly as a process of its own (see Program); killed with the test.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _name;
    private readonly Task<string> _errors;

    private ChildProcess(Process process, string name)
    {
        _process = process;
        _name = name;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static ChildProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(ChildProcess).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new ChildProcess(Process.Start(start)!, string.Join(' ', arguments));
    }

    /// <summary>Waits until the child says <paramref name="word"/> at the beginning of a line.</summary>
    /// <returns>The rest of that line.</returns>
    public async Task<string> HearAsync(string word)
    {
        using var bound = new CancellationTokenSource(Bound);
        List<string> heard = [];
        try
        {
            while (await _process.StandardOutput.ReadLineAsync(bound.Token) is { } line)
            {
                if (line.StartsWith(word, StringComparison.Ordinal))
                {
                    return line[word.Length..].Trim();
                }

                heard.Add(line);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Child '{_name}' did not say '{word}' within {Bound}; it said: {string.Join(" | ", heard)}");
        }

        Assert.Fail(
            $"Child '{_name}' ended without saying '{word}'; it said: {string.Join(" | ", heard)}; {await _errors}");
        return "";
    }

    public int Id => _process.Id;

    /// <summary>Kill -9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync();
    }

    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Bound);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}
