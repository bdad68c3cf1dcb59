using Millrace.Graph;

namespace Millrace.DataStream.Folds;

/// <summary>Counts.</summary>
internal readonly struct CountFold<TKey, T> : IKeyedFold<TKey, T, long, Keyed<TKey, long>>
{
    public string Description => "count";

    public long First(in T value) => 1;

    public void Add(ref long accumulator, in T value) => accumulator++;

    public Keyed<TKey, long> Result(in TKey key, in long accumulator) => new(key, accumulator);
}
