using Millrace.DataStream;
using Millrace.Operators;
using Millrace.Operators.Outputs;

namespace Millrace.Harnesses;

/// <summary>Keeps what is emitted to any side output.</summary>
internal sealed class HarnessSideOutputs(string operatorName) : SideOutputs(operatorName)
{
    private readonly Dictionary<string, object> _outputs = [];

    /// <summary>What was emitted to an output so far.</summary>
    /// <exception cref="ArgumentException">It was another type.</exception>
    public IReadOnlyList<HarnessRecord<T>> Records<T>(OutputTag<T> tag)
    {
        if (!_outputs.TryGetValue(tag.Id, out object? output))
        {
            return [];
        }

        return output is TestOutput<T> typed
            ? HarnessRecords.Of(typed)
            : throw new ArgumentException(
                $"Side output {tag} was emitted to with another type: {output.GetType().GetGenericArguments()[0]}.",
                nameof(tag));
    }

    protected override SideOutput<T> Create<T>(OutputTag<T> tag)
    {
        var output = new TestOutput<T>(1, _ => true, hasTimestamps: true);
        _outputs.Add(tag.Id, output);
        return new SideOutput<T>(tag.Id, output);
    }
}
