using Millrace.Batches;
using Millrace.Network;
using Millrace.Operators;
using Millrace.Operators.Sources;

namespace Millrace.Tasks.Input;

/// <summary>The head of a chain that takes its input from other subtasks.</summary>
internal sealed class GateHead<T>(IInputGate gate, OperatorInput<T> input, RoundClock clock) : IChainHead
{
    private int _ended;

    public long Records => input.Records;

    public long Batches => input.Batches;

    public HeadStatus Run()
    {
        while (true)
        {
            if (input.Operator.IsFinished)
            {
                return HeadStatus.Finished;
            }

            if (!input.IsEmpty)
            {
                return clock.IsOver ? HeadStatus.Ready : HeadStatus.Backpressured;
            }

            if (clock.IsOver)
            {
                return HeadStatus.Ready;
            }

            if (!input.Operator.CanTake)
            {
                return HeadStatus.Backpressured;
            }

            if (_ended == gate.Channels || !gate.TryTake(out _, out StreamElement? element))
            {
                return HeadStatus.Idle;
            }

            Take(element!);
        }
    }

    // A record that came over an edge no longer knows which source read it.
    public string? DescribePosition(int index) => null;

    public void Dispose()
    {
        input.Dispose();
        gate.Dispose();
    }

    private void Take(StreamElement element)
    {
        if (element is EndOfData && ++_ended < gate.Channels)
        {
            return;
        }

        input.Add(element);
        input.Run();
    }
}
