using System.Diagnostics;

namespace Millrace.Pairs;

/// <summary>This program once more, in a process of its own that does what it is told, a line at a time. It ends with
/// this one.</summary>
internal sealed class Peer : IDisposable
{
    /// <summary>The argument that makes this program a peer.</summary>
    public const string Argument = "--peer";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    /// <summary>Starts it.</summary>
    public Peer()
    {
        string program = Environment.ProcessPath!;
        ProcessStartInfo start = new(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }

        start.ArgumentList.Add(Argument);
        _process = Process.Start(start)
            ?? throw new InvalidOperationException($"'{program}' did not start as the second process.");
    }

    /// <summary>Gives it an order and waits for the answer.</summary>
    /// <exception cref="InvalidOperationException">It failed, or ended.</exception>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    public string Ask(params string[] order)
    {
        Tell(order);
        return Answer(order[0]);
    }

    /// <summary>Gives it an order; <see cref="Answer"/> follows.</summary>
    public void Tell(params string[] order)
    {
        try
        {
            _process.StandardInput.WriteLine(string.Join(' ', order));
            _process.StandardInput.Flush();
        }
        catch (IOException exception)
        {
            throw Lost(order[0], exception);
        }
    }

    /// <summary>Waits for the answer to what it was told last.</summary>
    public string Answer(string order)
    {
        string? answer;
        try
        {
            answer = _process.StandardOutput.ReadLineAsync().WaitAsync(Patience, TimeProvider.System)
                .GetAwaiter().GetResult();
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"The second process did not answer '{order}' within {Patience}.", exception);
        }

        if (answer is null)
        {
            throw Lost(order, null);
        }

        return answer.StartsWith(PeerOrders.Done, StringComparison.Ordinal)
            ? answer[PeerOrders.Done.Length..]
            : throw new InvalidOperationException($"The second process could not do '{order}': {answer}");
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        // The end of its input is the end of its work.
        _process.StandardInput.Close();
        if (!_process.WaitForExit(Farewell))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private InvalidOperationException Lost(string order, Exception? cause)
    {
        string how = _process.WaitForExit(Farewell)
            ? $"ended with exit code {_process.ExitCode}"
            : "closed its output without ending";
        return new InvalidOperationException($"The second process {how} when told '{order}'.", cause);
    }
}
