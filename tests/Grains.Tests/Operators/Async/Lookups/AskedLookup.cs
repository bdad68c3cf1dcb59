using Millrace.Joins;

namespace Millrace.Operators.Async.Lookups;

/// <summary>A lookup whose calls end when, and as, a test says.</summary>
internal sealed class AskedLookup : LookupFunction<string, string>
{
    /// <summary>All calls, in order.</summary>
    public List<Call> Calls { get; } = [];

    /// <summary>Keys in the order in which they were asked for.</summary>
    public string[] Asked => [.. Calls.Select(call => call.Key)];

    public override ValueTask<IReadOnlyList<string>> LookupAsync(string key, CancellationToken cancellationToken)
    {
        var call = new Call(key, cancellationToken);
        Calls.Add(call);
        return new ValueTask<IReadOnlyList<string>>(call.Done.Task);
    }

    /// <summary>The latest call for a key ends with these rows.</summary>
    public void Answer(string key, params string[] rows) => LastOf(key).Done.SetResult(rows);

    public Call LastOf(string key) => Calls.FindLast(call => call.Key == key)
        ?? throw new InvalidOperationException($"'{key}' was not asked for.");

    public sealed record Call(string Key, CancellationToken CancellationToken)
    {
        public TaskCompletionSource<IReadOnlyList<string>> Done { get; } = new();
    }
}
