using System.Runtime.InteropServices;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Measuring;
using Millrace.Running;

namespace Millrace.Contests;

/// <summary>A sum for each of many keys on one core, against a loop over a dictionary.</summary>
internal static class KeyedSumContests
{
    private const int Records = 1_000_000;
    private const int Times = 10;
    private const int Keys = 100_000;

    private static readonly Event[] Input = Event.Many(Records, Keys);
    private static readonly (string Key, long Value)[] Named =
        [.. Input.Select(record => (Key: $"user-{record.Key}", record.Value))];

    private static readonly long Expected = Input.Sum(record => record.Value);

    public static IEnumerable<Benchmark> All() =>
    [
        new Contest("keyed-sum", "records", 0.4, ByLong, DictionaryOfLongs),
        new Contest("keyed-sum-strings", "records", 0.5, ByString, DictionaryOfStrings),
    ];

    private static Sample ByLong() => Run<Event, long>(Input, record => record.Key, record => record.Value);

    private static Sample ByString() =>
        Run<(string Key, long Value), string>(Named, record => record.Key, record => record.Value);

    private static Sample Run<T, TKey>(T[] input, Func<T, TKey> key, Func<T, long> value)
    {
        var total = new Total();
        using var local = new LocalRun(workers: 1);
        Sample sample = Sample.Of((double)Records * Times, () => local.Run(env => env
            .SetRuntimeMode(RuntimeMode.Batch)
            .FromSource(new ArraySource<T>(input, Times))
            .KeyBy(key)
            .Sum(value)
            .SinkTo(new SumSink<Keyed<TKey, long>, SumOf<TKey>>(total))));
        return Total.Check(sample, total.Value, Times * Expected);
    }

    private static Sample DictionaryOfLongs() => Loop(Input, record => record.Key, record => record.Value);

    private static Sample DictionaryOfStrings() => Loop(Named, record => record.Key, record => record.Value);

    private static Sample Loop<T, TKey>(T[] input, Func<T, TKey> key, Func<T, long> value)
        where TKey : notnull
    {
        Dictionary<TKey, long> sums = [];
        Sample sample = Sample.Of((double)Records * Times, () =>
        {
            for (int round = 0; round < Times; round++)
            {
                foreach (T record in input)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(sums, key(record), out _) += value(record);
                }
            }
        });
        return Total.Check(sample, sums.Values.Sum(), Times * Expected);
    }

    private readonly struct SumOf<TKey> : INumberOf<Keyed<TKey, long>>
    {
        public long Of(in Keyed<TKey, long> record) => record.Value;
    }
}
