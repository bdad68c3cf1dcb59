using System.Globalization;
using Millrace.Execution;

namespace Millrace.Simulation;

/// <summary>A loop whose rounds are steps of the simulation.</summary>
internal sealed class SimulatedLoop(SimulatedExecution simulation, ILoop loop) : LoopHandle
{
    private readonly TaskCompletionSource _completion = new();
    private bool _queued;
    private bool _ended;
    private long _rounds;

    public override Task Completion => _completion.Task;

    public override long BusyNanoseconds => _rounds * 1_000;

    public override void Wake()
    {
        if (!_queued && !_ended)
        {
            _queued = true;
            simulation.Ready(RunRound);
        }
    }

    private void RunRound()
    {
        _queued = false;
        _rounds++;
        LoopStatus status;
        try
        {
            status = loop.RunRound();
        }
#pragma warning disable CA1031 // As among the real workers: the loop's owner sees it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _ended = true;
            _completion.TrySetException(exception);
            return;
        }

        simulation.Note(string.Create(CultureInfo.InvariantCulture, $"{loop.Name} round {_rounds}: {status}"));
        switch (status)
        {
            case LoopStatus.Ready:
                Wake();
                break;
            case LoopStatus.Done:
                _ended = true;
                _completion.TrySetResult();
                break;
            default:
                break;
        }
    }
}
