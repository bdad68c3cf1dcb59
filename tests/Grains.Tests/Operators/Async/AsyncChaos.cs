using Millrace.Functions.Async;
using Millrace.Operators.Process;

namespace Millrace.Operators.Async;

/// <summary>Runs a subtask with an asynchronous function while everything that can happen does, in an order drawn from
/// a seed.</summary>
/// <remarks>Record <c>i</c> gives <c>i % 3</c> results, or one when its time is over.</remarks>
internal sealed class AsyncChaos : IDisposable
{
    private const int Records = 80;
    private const int MostSteps = 20_000;

    private readonly Random _random;
    private readonly string _what;
    private readonly int _restores;
    private readonly AsyncCase _given;
    private readonly ClockLoop _loop = new();
    private readonly List<string> _results = [];
    private readonly List<(long Watermark, int Before)> _watermarks = [];
    private readonly List<long> _timestamps = [];
    private readonly HashSet<string> _all = [];
    private AsyncSubtask _subtask;
    private long _watermark = long.MinValue;
    private long? _pending;
    private int _next;
    private int _restored;

    public AsyncChaos(int seed, bool ordered, int restores)
    {
        _random = new Random(seed);
        _restores = restores;
        _what = $"seed {seed}, {(ordered ? "ordered" : "unordered")}, {restores} restores";
        _given = new AsyncCase(ordered, Capacity: 1 + _random.Next(12))
        {
            Timeout = 1_000,
            Retry = AsyncRetryStrategy.FixedDelay<string>(1_000, TimeSpan.FromMilliseconds(20)),
            HasRoom = seed % 3 == 0 ? OperatorVerifier.IsOddHash : _ => true,
        };
        _subtask = Create(null);
    }

    public void RunToEnd()
    {
        for (int step = 0; !_subtask.IsFinished; step++)
        {
            Assert.IsLessThan(MostSteps, step, $"{_what}: it makes no progress");
            Step();
        }

        _subtask.Round();
        Collect();
        Assert.AreEqual(_restores, _restored, _what);
    }

    public void Verify()
    {
        _all.UnionWith(_results);
        string[] expected = [.. Enumerable.Range(0, Records).SelectMany(ResultsOf)];
        if (_given.IsOrdered)
        {
            CollectionAssert.AreEqual(expected, _results, _what);
        }
        else
        {
            CollectionAssert.AreEquivalent(expected, _results, _what);
        }

        VerifyTime();
    }

    public void Dispose() => _subtask.Dispose();

    // No record behind a watermark is as early, and without restores a watermark comes behind exactly the records it
    // came behind.
    private void VerifyTime()
    {
        foreach ((long watermark, int before) in _watermarks)
        {
            Assert.IsTrue(
                _timestamps.Skip(before).All(timestamp => timestamp > watermark),
                $"{_what}: a record comes too late for watermark {watermark}");
            if (_restores == 0)
            {
                Assert.IsTrue(
                    _timestamps.Take(before).All(timestamp => timestamp <= watermark),
                    $"{_what}: a record has overtaken watermark {watermark}");
            }
        }

        Assert.AreEqual(long.MaxValue, _watermarks[^1].Watermark, _what);
        CollectionAssert.AreEqual(
            _watermarks.Select(item => item.Watermark).Distinct().Order().ToArray(),
            _watermarks.Select(item => item.Watermark).ToArray(),
            _what);
    }

    // A record whose time was over before a restore may be in time after it.
    private string[] ResultsOf(int record) => _all.Contains($"late {record}")
        ? [$"late {record}"]
        : [.. Enumerable.Range(0, record % 3).Select(i => $"{record}.{i}")];

    private void Step()
    {
        switch (_random.Next(10))
        {
            case < 4:
                Offer();
                break;
            case < 7:
                EndCall();
                break;
            case 7:
                _subtask.Pass(_random.Next(_random.Next(20) == 0 ? 300 : 10));
                break;
            case 8:
                _subtask.Round();
                break;
            default:
                RestoreNow();
                break;
        }
    }

    // A watermark that was refused comes before anything else.
    private void Offer()
    {
        if (_pending is long watermark)
        {
            _pending = _subtask.Advance(watermark) ? null : watermark;
        }
        else if (_next == Records)
        {
            if (_watermark != long.MaxValue)
            {
                _pending = _watermark = long.MaxValue;
                return;
            }

            // Not before all of it has happened.
            if (_restored == _restores)
            {
                _subtask.Finish();
            }
        }
        else if (_subtask.Offer(_next))
        {
            _next++;
            if (_random.Next(4) == 0)
            {
                _pending = _watermark = (_next - 1) * 10L;
            }
        }
    }

    private void EndCall()
    {
        if (_subtask.Function.UnderWay.Count == 0)
        {
            return;
        }

        AskedFunction.Call call = _subtask.Function.UnderWay[_random.Next(_subtask.Function.UnderWay.Count)];
        if (_random.Next(4) == 0)
        {
            call.Output.Emit("of a call that failed");
            call.Fail("for now");
            return;
        }

        call.Answer([.. Enumerable.Range(0, call.Value % 3).Select(i => $"{call.Value}.{i}")]);
    }

    // Watermarks that were under way are said again, as far as they hold.
    private void RestoreNow()
    {
        if (_restored == _restores || _random.Next(6) > 0)
        {
            return;
        }

        _restored++;
        _subtask.Round();
        AsyncSubtask old = _subtask;
        _subtask = Create(old);
        old.Dispose();
        _pending = _watermark == long.MinValue ? null : _watermark;
    }

    private AsyncSubtask Create(AsyncSubtask? old)
    {
        if (old is null)
        {
            return new AsyncSubtask(_given, Function(), _loop);
        }

        Collect();
        return new AsyncSubtask(_given, Function(), _loop, [old.Snapshot()]);
    }

    private static AskedFunction Function() => new() { Late = value => $"late {value}" };

    private void Collect()
    {
        foreach ((long watermark, int before) in _subtask.Watermarks)
        {
            if (_watermarks.Count == 0 || watermark > _watermarks[^1].Watermark)
            {
                _watermarks.Add((watermark, _results.Count + before));
            }
        }

        _results.AddRange(_subtask.Results);
        _timestamps.AddRange(_subtask.Timestamps);
    }
}
