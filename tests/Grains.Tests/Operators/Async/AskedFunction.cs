using Millrace.Functions;
using Millrace.Functions.Async;

namespace Millrace.Operators.Async;

/// <summary>A function whose calls end when, and as, a test says.</summary>
internal sealed class AskedFunction : AsyncFunction<int, string>
{
    /// <summary>Calls that have not ended, in order; those that nobody waits for any more too.</summary>
    public List<Call> UnderWay { get; } = [];

    /// <summary>Records in the order in which it was called for them.</summary>
    public List<int> Asked { get; } = [];

    /// <summary>What goes on for a record whose time is over; null to fail.</summary>
    public Func<int, string>? Late { get; init; }

    public bool IsClosed { get; private set; }

    public override ValueTask InvokeAsync(int value, ICollector<string> output, CancellationToken cancellationToken)
    {
        var call = new Call(this, value, output, cancellationToken);
        UnderWay.Add(call);
        Asked.Add(value);
        return new ValueTask(call.Done.Task);
    }

    public override bool OnTimeout(int value, ICollector<string> output)
    {
        if (Late is null)
        {
            return false;
        }

        output.Emit(Late(value));
        return true;
    }

    public override void Close() => IsClosed = true;

    /// <summary>The latest call for a record ends with these results.</summary>
    public void Answer(int value, params string[] results) => LastOf(value).Answer(results);

    /// <summary>The latest call for a record fails.</summary>
    public void Fail(int value, string message) => LastOf(value).Fail(message);

    public Call LastOf(int value) => UnderWay.FindLast(call => call.Value == value)
        ?? throw new InvalidOperationException($"No call for {value} is under way.");

    /// <summary>A call under way.</summary>
    public sealed record Call(
        AskedFunction Function, int Value, ICollector<string> Output, CancellationToken CancellationToken)
    {
        public TaskCompletionSource Done { get; } = new();

        public void Answer(params string[] results)
        {
            Function.UnderWay.Remove(this);
            foreach (string result in results)
            {
                Output.Emit(result);
            }

            Done.SetResult();
        }

        public void Fail(string message)
        {
            Function.UnderWay.Remove(this);
            Done.SetException(new InvalidDataException(message));
        }
    }
}
