using Millrace.Functions;
using Millrace.State;

namespace Millrace.Running;

/// <summary>Numbers the records of each key: one that is lost or comes twice shows in every row behind it.</summary>
internal sealed class NumberedRecords : KeyedProcessFunction<long, long, string>
{
    private IValueState<int> _count = null!;

    /// <summary>All rows, when the records are the numbers from 0 on and their keys what is left of them modulo the
    /// number of keys.</summary>
    public static string[] Rows(int records, int keys) =>
    [
        .. from key in Enumerable.Range(0, keys)
           from number in Enumerable.Range(1, Enumerable.Range(0, records).Count(x => x % keys == key))
           select $"{key}: {number}",
    ];

    public override void Open(RuntimeContext context) =>
        _count = context.GetState(new ValueStateDescriptor<int>("count"));

    public override void ProcessElement(long value, Context context, ICollector<string> output)
    {
        _count.Update(_count.Value + 1);
        output.Emit($"{context.CurrentKey}: {_count.Value}");
    }
}
